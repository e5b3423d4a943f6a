"""Which notices are laid side by side: a plan with the next level's of the year, and with the next year's of its body.

Only the nearest of each, so that the number of pairs grows with the number of notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..model import Link, Notice

Links = Mapping[str, Sequence[Link]]  # notice id → the links that start there
Notices = Mapping[str, Notice]


class Couple(NamedTuple):
    """Two notices that get a page.  kind: "level" (`first` is the higher one) or "year" (`first` is the older one)."""

    first: Notice
    second: Notice
    kind: str

    @property
    def name(self) -> str:
        """How the pair's page is called."""
        return f"{self.first.id}--vs--{self.second.id}"


def couples(notices: Notices, links: Links) -> list[Couple]:
    """Every pair, each once, ordered by kind and then by the ids."""
    found = [couple for key in notices for couple in _begun(key, notices, links)]
    return sorted(found, key=lambda one: (one.kind, one.first.id, one.second.id))


def couples_with(key: str, notices: Notices, links: Links) -> list[Couple]:
    """The pairs that the notice `key` belongs to, in the order of `couples`."""
    beside = {link.target for link in links.get(key, ()) if link.kind in ("above", "below", "year")}
    here = (other for other in (key, *beside) if other in notices)
    found = [one for other in here for one in _begun(other, notices, links)]
    mine = {one.name: one for one in found if key in (one.first.id, one.second.id)}
    return sorted(mine.values(), key=lambda one: (one.kind, one.first.id, one.second.id))


def _begun(key: str, notices: Notices, links: Links) -> Iterator[Couple]:
    """The pairs that one notice brings about: with the level above it, and with its next year."""
    this = notices[key]
    above = [notices[link.target] for link in links.get(key, ()) if link.kind == "above"]
    if above:
        yield Couple(min(above, key=lambda one: (-_depth(one), one.id)), this, "level")
    later = [notices[link.target] for link in links.get(key, ()) if link.kind == "year"]
    later = [one for one in later if _year(one) > _year(this)]
    if later:
        yield Couple(this, min(later, key=lambda one: (_year(one), one.id)), "year")


def _depth(notice: Notice) -> int:
    return len(notice.meta.region.path) if notice.meta.region else 0


def _year(notice: Notice) -> str:
    return notice.meta.year.value or ""

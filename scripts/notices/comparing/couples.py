"""Which notices are laid side by side: a plan with the next level's of the year, and with the next year's of its body.

Only the nearest of each, so that the number of pairs grows with the number of notices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..model import Link

if TYPE_CHECKING:
    from ..emit.card import Card

Links = Mapping[str, Sequence[Link]]  # notice id → the links that start there
Cards = Mapping[str, "Card"]


class Couple(NamedTuple):
    """Two notices that get a page.  kind: "level" (`first` is the higher one) or "year" (`first` is the older one)."""

    first: Card
    second: Card
    kind: str

    @property
    def name(self) -> str:
        """How the pair's page is called."""
        return pair_name(self.first.id, self.second.id)


def pair_name(first: str, second: str) -> str:
    """The name of the page of two notices, given by their ids."""
    return f"{first}--vs--{second}"


def couples(cards: Cards, links: Links) -> list[Couple]:
    """Every pair, each once, ordered by kind and then by the ids."""
    found = [couple for key in cards for couple in _begun(key, cards, links)]
    return sorted(found, key=lambda one: (one.kind, one.first.id, one.second.id))


def couples_with(key: str, cards: Cards, links: Links) -> list[Couple]:
    """The pairs that the notice `key` belongs to, in the order of `couples`."""
    beside = {link.target for link in links.get(key, ()) if link.kind in ("above", "below", "year")}
    here = (other for other in (key, *beside) if other in cards)
    found = [one for other in here for one in _begun(other, cards, links)]
    mine = {one.name: one for one in found if key in (one.first.id, one.second.id)}
    return sorted(mine.values(), key=lambda one: (one.kind, one.first.id, one.second.id))


def _begun(key: str, cards: Cards, links: Links) -> Iterator[Couple]:
    """The pairs that one notice brings about: with the level above it, and with its next year."""
    this = cards[key]
    above = [cards[link.target] for link in links.get(key, ()) if link.kind == "above"]
    if above:
        yield Couple(min(above, key=lambda one: (-_depth(one), one.id)), this, "level")
    later = [cards[link.target] for link in links.get(key, ()) if link.kind == "year"]
    later = [one for one in later if one.year > this.year]
    if later:
        yield Couple(this, min(later, key=lambda one: (one.year, one.id)), "year")


def _depth(card: Card) -> int:
    return len(card.region.path) if card.region else 0

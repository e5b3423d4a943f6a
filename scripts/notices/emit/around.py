"""What a notice's own pages show of the rest of the corpus, and nothing else: while it is the same, so are they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Link, Notice
from .pages.compare import compare_links
from .view import View, clause_name, short_name


@dataclass(frozen=True, slots=True)
class Around:
    """links: address in this notice → the links that start there, best first; names: target → what it is called,
    the notice and, where the target is a clause, the clause; beside: comparison pages, address and words."""

    links: Mapping[str, tuple[Link, ...]]
    names: Mapping[str, tuple[str, ...]]
    beside: tuple[tuple[str, str], ...]
    plain_terms: Mapping[str, str]

    @property
    def changing(self) -> tuple[object, ...]:
        """All of it that other notices decide, in a form whose representation is the same from run to run."""
        return (tuple(self.links.items()), tuple(self.names.items()), self.beside)


def around(notice: Notice, view: View) -> Around:
    """The surroundings of `notice` in the corpus of `view`."""
    places = (notice.id, *(f"{notice.id}#{clause.anchor}" for clause in notice.clauses))
    links = {place: view.links[place] for place in places if place in view.links}
    targets = (link.target for found in links.values() for link in found)
    names = {target: _name(target, view) for target in dict.fromkeys(targets)}
    return Around(links, names, tuple(compare_links(notice, view)), view.plain_terms)


def _name(target: str, view: View) -> tuple[str, ...]:
    if "#" not in target:
        return (short_name(view.notices[target]),)
    other, clause = view.clause(target)
    return short_name(other), clause_name(clause)

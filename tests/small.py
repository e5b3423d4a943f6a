"""A corpus that fits into memory, with every page and file made of it: what tests of the pages look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from notices.emit import Around, Catalogue, around, corpus_outputs, in_memory, links_by_notice
from notices.emit.catalogue import LIMITS, Limits
from notices.links.link import link
from notices.model import Clause, Link, Notice, Output, Span
from notices.registry import enroll
from notices.store import Entry
from support import rules


@dataclass(frozen=True)
class Small:
    """Notices with their links and their entries in the registry."""

    notices: tuple[Notice, ...]
    links: tuple[Link, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    limits: Limits = LIMITS

    @cached_property
    def catalogue(self) -> Catalogue:
        return in_memory(self.notices, self.links, rules(), self.entries, self.limits)

    @cached_property
    def outputs(self) -> dict[str, bytes]:
        """Every file about more than one notice: path → content."""
        made = corpus_outputs(self.catalogue, self.notices, self.links)
        paths = [output.path for output in made]
        assert len(set(paths)) == len(paths), "a file made twice"
        return {output.path: output.content for output in made}

    @cached_property
    def by_id(self) -> dict[str, Notice]:
        return {notice.id: notice for notice in self.notices}

    @cached_property
    def _links(self) -> dict[str, dict[str, list[Link]]]:
        return links_by_notice(self.links)

    def near(self, notice: Notice) -> Around:
        """What surrounds a notice."""
        return around(notice.id, self._links.get(notice.id, {}), self.catalogue)

    def spans(self, kind: str) -> Iterator[tuple[Notice, Clause, Span]]:
        """Every span of the kind, with its notice and clause."""
        for notice in self.notices:
            clauses = {clause.anchor: clause for clause in notice.clauses}
            yield from ((notice, clauses[span.clause], span) for span in notice.spans if span.kind == kind)

    def files(self, suffix: str) -> list[Output]:
        """The files whose paths end so."""
        return [Output(path, content) for path, content in self.outputs.items() if path.endswith(suffix)]


def small(notices: Iterable[Notice], entries: Mapping[str, Entry] | None = None, limits: Limits = LIMITS) -> Small:
    """The corpus of notices that have their ids."""
    ordered = tuple(sorted(notices, key=lambda notice: notice.id))
    return Small(ordered, link(ordered, rules()), entries or {}, limits)


def numbered(notices: Iterable[Notice], limits: Limits = LIMITS) -> Small:
    """The corpus of notices as a first build would number them."""
    enrolled, entries = enroll(list(notices), {})
    return small(enrolled, entries, limits)

"""Who does what, by when, how much, citing what: spans over the clauses of one notice.

`ANNOTATORS` is the whole order: a later one may read what an earlier one found (no target inside a 《title》,
the deadline of a target).  An annotator is a function of a notice, the rules and the spans found so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..model import Notice, Span
from ..rules import Rules
from . import citations, places, targets, terms, times, topics, units

Annotator = Callable[[Notice, Rules, Sequence[Span]], Iterable[Span]]

ANNOTATORS: tuple[Annotator, ...] = (
    citations.find,
    times.find,
    units.find,
    targets.find,
    terms.find,
    places.find,
    topics.find,
)


def annotate(notice: Notice, rules: Rules) -> Notice:
    """The notice with its spans, ordered by clause, start and length.  Its text is not touched."""
    spans: list[Span] = []
    for find in ANNOTATORS:
        spans.extend(find(notice, rules, tuple(spans)))
    order = {clause.anchor: place for place, clause in enumerate(notice.clauses)}
    spans.sort(key=lambda s: (order[s.clause], s.start, -s.end, s.kind, _rank(s), s.rule))
    return replace(notice, spans=tuple(spans))


def _rank(span: Span) -> str:
    """Of a topic its rank; nothing else has one."""
    return str(span.get("rank")) if span.kind == "topic" else ""


def check(rules: Rules) -> None:
    """Compile every annotator's rules now, so that a faulty file is named before the first notice.  Raises RulesError."""
    for module in (citations, times, units, targets, terms, places, topics):
        module.compiled_rules(rules)

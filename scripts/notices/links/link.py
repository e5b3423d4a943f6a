"""Links between notices, in this order: related tasks, the same body's other years, the levels above and below, citations.

In: every notice with its spans, in any order.  Out: links, sorted; the same for the same notices.  A link is made only
where what is printed leaves one reading: no link is better than a wrong one.  Rules: rules/links.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model import Link, Notice
from ..rules import Rules
from .citing import cites
from .linking import compiled_rules
from .plans import levels, years
from .related import Compared, Known, compared, related


def link(
    notices: Sequence[Notice],
    rules: Rules,
    texts: Mapping[str, Compared | None] | None = None,
    known: Known | None = None,
    jobs: int = 1,
) -> tuple[Link, ...]:
    """Every link between `notices`.  Raises RulesError where rules/links.toml cannot be used.

    `texts`: notice id → what is compared of it, where that was made before; `known`: what earlier runs found out of
    pairs of texts, and afterwards what this one did; `jobs`: how many processes share the work.  None of them changes
    the links.
    """
    ready = compiled_rules(rules)
    ordered = sorted(notices, key=lambda notice: notice.id)
    made = texts or {}
    every = [(notice.id, made.get(notice.id) or compared(notice, ready)) for notice in ordered]
    found = [
        *related(every, ready, {} if known is None else known, jobs),
        *years(ordered, ready.bodies, ready.plan, ready.body_end),
        *levels(ordered, ready.bodies, ready.plan, ready.body_end),
        *cites(ordered),
    ]
    return tuple(sorted(found, key=lambda one: (one.source, one.kind, -one.score, one.target, one.evidence)))

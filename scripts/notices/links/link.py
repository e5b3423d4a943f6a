"""Links between notices, in this order: related tasks, the same body's other years, the levels above and below, citations.

A link is made only where what is printed leaves one reading: no link is better than a wrong one.  Rules: rules/links.toml.
Here for a few notices that are all held; of many, `compared`, `plan_of` and `cited_in` keep what is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Link, Notice
from ..rules import Rules
from .citing import cite_links, cited_in
from .index import related
from .linking import compiled_rules
from .packed import compared
from .plans import plan_links, plan_of


def link(notices: Sequence[Notice], rules: Rules) -> tuple[Link, ...]:
    """Every link between `notices`, which may be in any order; sorted.  Raises RulesError where rules/links.toml cannot be
    used.
    """
    ready = compiled_rules(rules)
    plans = (plan_of(notice, ready.bodies, ready.plan, ready.body_end) for notice in notices)
    found = [
        *related([(notice.id, compared(notice, ready)) for notice in notices], ready),
        *plan_links(plan for plan in plans if plan),
        *cite_links(map(cited_in, notices)),
    ]
    return tuple(sorted(found, key=lambda one: (one.source, one.kind, -one.score, one.target, one.evidence)))

"""The promised figures of two plans, by indicator: which stand in both, how they differ, which stand in one only.

A difference is worked out only where unit, comparator and scope are the same; otherwise the two stand side by side
with the reason.  Figures are called the same only where they are printed the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..chars import fold
from ..model import Clause, Notice, Span

SHORTEST = 4  # characters of a name from which a longer name that contains it counts as the same thing
RATES = ("%", "‰")
MANNER = ("comparator", "bound", "per")  # what must agree besides the unit
_MARKS = re.compile(r"[\s《》〈〉“”\"'‘’、,，()·]")


class Figure(NamedTuple):
    """A target with the clause it stands in."""

    clause: Clause
    span: Span

    @property
    def indicator(self) -> str:
        return str(self.span.get("indicator") or "")


class Facing(NamedTuple):
    """The figures of one indicator in both plans.

    `more`: how much more the second plan says than the first; None where that is not worked out, and then `why` says
    why, in Chinese.  `rate`: it is a share and no amount.  `same_name`: the indicators are printed alike.
    """

    first: tuple[Figure, ...]
    second: tuple[Figure, ...]
    more: Decimal | None
    why: str
    rate: bool
    same_name: bool


class Figures(NamedTuple):
    """Figures in both plans, and those in one only, in the order of print."""

    facing: tuple[Facing, ...]
    only_first: tuple[Figure, ...]
    only_second: tuple[Figure, ...]


def figures(first: Notice, second: Notice, same_place: bool) -> Figures:
    """The figures of the tasks of two plans; `same_place`: two years of one place, whose amounts can be subtracted."""
    ones, others = _by_name(first), _by_name(second)
    names = {name: name for name in ones if name in others}
    names |= _alike(*({name: side[name] for name in side if name not in names} for side in (ones, others)))
    facing = [_facing(ones[one], others[names[one]], same_place) for one in ones if one in names]
    taken = set(names.values())
    return Figures(
        tuple(facing),
        tuple(figure for figure in figures_of(first) if _name(figure) not in names),
        tuple(figure for figure in figures_of(second) if _name(figure) not in taken),
    )


def figures_of(notice: Notice) -> list[Figure]:
    """Every target of a notice, in the order of print."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    order = {anchor: place for place, anchor in enumerate(clauses)}
    spans = sorted((s for s in notice.spans if s.kind == "target"), key=lambda s: (order[s.clause], s.start))
    return [Figure(clauses[span.clause], span) for span in spans]


def _name(figure: Figure) -> str:
    """What an indicator is compared by; "" for one that is not named."""
    return _MARKS.sub("", fold(figure.indicator))


def _by_name(notice: Notice) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for figure in figures_of(notice):
        if _name(figure):
            found.setdefault(_name(figure), []).append(figure)
    return found


def _alike(ones: dict[str, list[Figure]], others: dict[str, list[Figure]]) -> dict[str, str]:
    """Names of which one contains the other and which count in the same unit, the closest in length first."""
    pairs = [
        (-min(len(one), len(other)) / max(len(one), len(other)), one, other)
        for one in ones
        for other in others
        if (one in other or other in one) and min(len(one), len(other)) >= SHORTEST
        if {f.span.get("unit") for f in ones[one]} & {f.span.get("unit") for f in others[other]}
    ]
    chosen: dict[str, str] = {}
    for _, one, other in sorted(pairs):
        if one not in chosen and other not in chosen.values():
            chosen[one] = other
    return chosen


def _facing(ones: Sequence[Figure], others: Sequence[Figure], same_place: bool) -> Facing:
    one, other = ones[0].span, others[0].span
    unit = str(one.get("unit") or "")
    rate = unit in RATES or "/" in unit
    before, after = _amount(one), _amount(other)
    more = None
    if len(ones) > 1 or len(others) > 1:
        why = "不止一个数字"
    elif one.get("unit") != other.get("unit"):
        why = "单位不同"
    elif before is None or after is None or any(one.get(key) != other.get(key) for key in MANNER):
        why = "写法不同"
    elif before != after and not (rate or same_place):
        why = "各按本级的范围"
    else:
        more, why = after - before, ""
    same_name = len({figure.indicator for figure in (*ones, *others)}) == 1
    return Facing(tuple(ones), tuple(others), more, why, rate, same_name)


def _amount(span: Span) -> Decimal | None:
    """The one number of a target; None for a range and for 从…到…."""
    value = span.get("value")
    return Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

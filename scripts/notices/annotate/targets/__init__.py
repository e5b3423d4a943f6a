"""Promised numbers (量化指标): what is measured, how it is compared, how much, in what unit, by when.

In: a notice with the spans found before (deadlines are read from them).  Out: spans of kind "target", offsets counting
characters of the clause's text; the span is the value as printed with its 以上, 以内, 左右.  Scope numbers, baselines, past
results and names are recognised and not offered.  Raises RulesError only where rules/targets.toml cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...chars import fold
from ...model import Clause, Notice, Span, Value
from ...rules import Rules
from .indicators import indicator
from .passages import Passages, Spot, cut_up, masked
from .promises import Promise, promise
from .quantities import Quantity, quantities
from .words import TargetRules, compiled_rules
from .written_numbers import is_phrase

__all__ = ["compiled_rules", "find"]

_DIGIT = re.compile("[0-9０-９]")
_IN_WORDS = re.compile(
    "[一二两三四五六七八九十百千翻半倍](?:(?<=[翻半倍])|分之|[家所座处条辆台名户场个项次支期遍间成轮]|[百千万]?人(?:次)?以上|小时|[至到][三四五六七八九十])"
)
_EACH = re.compile(
    r"(?:每[个家所]?|各(?![类级项种方界自]))(?:(?:地级)?市|县|区|镇|乡镇|乡|街道|社区|行政村|村|园区|单位|学校|医院|机构|医共体|地区|地|季度|半年"
    r"|月|年|周|天|日|人|户|部门|企业)?"
)
_ANY_EACH = re.compile("[每各]")
_EACH_OF = re.compile(
    r"每(?:(?:百|千|万|十万|百万|10万|100|1000)[名个户位张]?)[一-龥]{0,8}?"
    r"(?:人口|老年人|老人|儿童|居民|学生|人|户|企业|床位|车|辆|元|劳动力|职工|新生儿|活产)"
)
_LISTED, _OPENED = ("—", "-", "●", "•", "▪"), (":\n", ":□\n")
LIST_LINES = 16
BORROWED = "指标取自同一句的前一项，请核对。"
NO_INDICATOR = "没有认出量的是什么，请补上指标。"


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """The targets of every clause, in the order of the text."""
    table = compiled_rules(rules)
    review = _reviews(notice.clauses, table)
    printed = notice.meta.year.value or ""
    year = int(printed) if printed.isdigit() else None
    deadlines: dict[str, list[Span]] = {}
    for span in earlier:
        if span.kind == "deadline":
            deadlines.setdefault(span.clause, []).append(span)
    for clause in notice.clauses:
        text = clause.text
        if clause.anchor in review or clause.anchor in ("cover", "sign"):
            continue
        if not (_DIGIT.search(text) or _IN_WORDS.search(text)):
            continue
        plain = masked(fold(text))
        if clause.anchor == "preamble" and not table.contexts["goal"].search(plain):
            continue
        found = [q for q in quantities(plain, table.units) if not is_phrase(q, plain)]
        if found:
            yield from _of_clause(clause, text, found, cut_up(plain), year, deadlines.get(clause.anchor, []), table)


def _reviews(clauses: Sequence[Clause], table: TargetRules) -> set[str]:
    """Anchors of the clauses that look back on the year before: by their own title or that of one above them."""
    found: set[str] = set()
    for clause in clauses:
        if clause.parent in found or (not clause.task and table.contexts["review"].search(clause.title)):
            found.add(clause.anchor)
    return found


def _of_clause(
    clause: Clause,
    text: str,
    printed: Sequence[Quantity],
    where: Passages,
    year: int | None,
    deadlines: Sequence[Span],
    table: TargetRules,
) -> Iterator[Span]:
    last: Promise | None = None
    named = (0, 0)
    shared: tuple[Promise, ...] = ()
    for place, quantity in enumerate(printed):
        spot = where.spot(quantity.start)
        if last and last.quantity.start < spot.sentence and not where.plain.startswith("其中", spot.sentence):
            last = None
        if clause.anchor == "preamble" and not _of_goal(where.text, quantity.start, table):
            continue
        made = promise(quantity, spot, last, year, table)
        if made is None:
            continue
        shared = (*shared, made) if made.inherits and shared else (made,)
        following = printed[place + 1].start if place + 1 < len(printed) else len(text)
        named, doubt = _named(made, where, following, table, shared[:-1], named if last else None)
        yield _span(clause, text, made, named, doubt, _deadline(quantity.start, spot, year, deadlines), table)
        last = made


def _of_goal(text: str, at: int, table: TargetRules) -> bool:
    """Whether the paragraph before `at` has come to what is aimed at."""
    begin = text.rfind("\n", 0, at) + 1
    for _ in range(LIST_LINES):
        if not (begin and (text.startswith(_LISTED, begin) or text.endswith(_OPENED, 0, begin))):
            break  # 主要预期目标是: and the lines of its list are read as one
        begin = text.rfind("\n", 0, begin - 1) + 1
    return bool(table.contexts["goal"].search(text, begin, at))


def _named(
    p: Promise,
    where: Passages,
    following: int,
    table: TargetRules,
    shared: tuple[Promise, ...],
    before: tuple[int, int] | None,
) -> tuple[tuple[int, int], str]:
    """Where the indicator stands, and what to doubt; one that is not printed is that of the promise `before`."""
    start, end = indicator(p, where, following, table, shared)
    if start < end:
        return (start, end), p.doubt
    return before or (start, end), p.doubt or (BORROWED if before else NO_INDICATOR)


def _span(
    clause: Clause, text: str, p: Promise, named: tuple[int, int], doubt: str, deadline: str | None, table: TargetRules
) -> Span:
    q, spot = p.quantity, p.around.spot
    begin = max(spot.begin, q.start - 80)
    left = spot.text[begin : q.start]
    start, end = named
    each_of = _EACH_OF.search(left) if "每" in left else None
    each = None if each_of or not _ANY_EACH.search(left) else _EACH.search(left)
    unit = f"{q.unit}/{each_of[0][1:]}" if each_of and q.unit and "/" not in q.unit and q.group != "rate" else q.unit
    value: list[tuple[str, Value]] = [
        ("indicator", text[start:end]),
        ("indicator_start", start),
        ("indicator_end", end),
        ("verb", p.verb),
        ("comparator", p.comparator),
    ]
    if p.bound:
        value.append(("bound", p.bound))
    value += [
        ("value", q.values if len(q.values) > 1 else q.values[0]),
        ("unit", unit),
        ("per", each[0] if each else None),
        ("deadline", deadline),
    ]
    if table.contexts["hope"].search(left[max(0, p.around.start - begin) :]):
        value.append(("hope", True))
    return Span("target", clause.anchor, q.start, q.end, tuple(value), f"targets/{p.rule}", doubt)


def _deadline(at: int, spot: Spot, year: int | None, deadlines: Sequence[Span]) -> str | None:
    """The last day by the deadline before the number in its sentence, or in its own phrase; else the plan's year."""
    if not deadlines:
        return str(year) if year else None
    here = [span for span in deadlines if spot.stop <= span.start < spot.end and span.get("to")]
    before = [span for span in here if span.start < at]
    chosen = before[-1] if before else here[0] if here else None
    return str(chosen.get("to")) if chosen else str(year) if year else None

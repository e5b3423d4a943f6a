"""Responsible units: who answers for a measure, in which role.

A Span is the unit's name as printed, offsets in `clause.text`; its value, in this order: role (lead, participant, support,
shared, sole), name (canonical, see unit_names), group (number of the statement in the clause, from 1), measure_start and
measure_end (the text it answers for, in the same clause).  Rules: rules/units.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ...chars import fold
from ...model import Clause, Notice, Span
from ...places import stem
from ...rules import Rules
from . import grammar as unit_grammar
from . import names as unit_names
from .grammar import Grammar
from .home import home_of
from .lists import Mention, Statement
from .look import SHORT, STRANGE
from .statements import SENTENCE_END, statements
from .tables import CELL

BETWEEN = re.compile(r"[\s。;,、)\]】(\[【]*")
EDGE_LEFT, EDGE_RIGHT = " \t\n。;,、)]】", " \t\n。;,、(【"


@cache
def compiled_rules(rules: Rules) -> Grammar:
    """Rules of rules/units.toml, compiled.  Raises RulesError."""
    return unit_grammar.build(rules)


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """Spans of the units that the notice makes responsible, clause by clause."""
    grammar = compiled_rules(rules)
    own = own_names(notice)
    texts = [(clause, fold(clause.text)) for clause in notice.clauses]
    read, head = list[tuple[Clause, str, list[Statement]]](), None
    for clause, text in texts:
        made, head = statements(text, grammar, own, head)
        read.append((clause, text, made))
    certain = any(statement.rule != "weak" for _, _, made in read for statement in made)
    found = [(clause, text, group) for clause, text, made in read for group in _groups(text, made, certain)]
    if not found:
        return
    named = [(text[m.start : m.end], m.look) for _, text, group in found for s in group for m in s.mentions]
    short = {name for name, look in named if look is SHORT}
    names = unit_names.canonical((name for name, _ in named), short, home_of(notice), grammar.table, grammar.section)
    first_leads = any(("第一" in text or "首" in text) and grammar.first_leads.search(text) for _, text in texts)
    number, before, anchor = 0, 0, ""
    for clause, text, group in found:
        if clause.anchor != anchor:
            number, before, anchor = 0, 0, clause.anchor
        number += 1
        yield from _spans(clause, text, group, number, before, names, first_leads)
        before = group[-1].end


def own_names(notice: Notice) -> tuple[str, ...]:
    """Names of the notice's place and of those above it, with and without their kind."""
    region = notice.meta.region
    return tuple(dict.fromkeys(n for p in region.path for n in (p, stem(p)))) if region else ()


def _groups(text: str, found: list[Statement], certain: bool) -> list[list[Statement]]:
    """Statements side by side are one: （牵头单位：…）（配合单位：…）.  Without `certain` those that are weak do not count."""
    groups: list[list[Statement]] = []
    for statement in found if certain else ():
        if groups and statement.rule != "table" and BETWEEN.fullmatch(text, groups[-1][-1].end, statement.start):
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return groups


def roles(mentions: Sequence[Mention], several: bool, first_leads: bool) -> list[str]:
    """The role of each mention in the light of the others; `first_leads` where the notice says so once for all."""
    lead = any(m.role == "lead" for m in mentions)
    doers = [at for at, m in enumerate(mentions) if m.role in ("duty", "")]
    if first_leads and not lead and len(doers) > 1:
        return [
            "lead" if at == doers[0] else m.role.replace("duty", "") or "participant" for at, m in enumerate(mentions)
        ]
    shared = "participant" if lead else "shared" if len(doers) > 1 or several else "sole"
    return [m.role.replace("duty", "") or shared for m in mentions]


def _spans(
    clause: Clause,
    text: str,
    group: list[Statement],
    number: int,
    before: int,
    names: dict[str, str],
    first_leads: bool,
) -> Iterator[Span]:
    """The spans of one group of statements."""
    mentions = [m for s in group for m in s.mentions]
    unknown = [name for s in group for name in s.unknown] + [
        text[m.start : m.end] for m in mentions if m.look is STRANGE
    ]
    measure = _measure(clause, text, group[0], before)
    doubt = f"责任单位里的“{'”“'.join(unknown)[:60]}”不像单位名称，请核对。" if unknown else ""
    partly = [share for s in group for share in s.partly]
    if partly:
        doubt += f"各单位只负责其中一部分：“{'”“'.join(partly)[:80]}”，请核对。"
    rule = "unit/bare" if group[0].rule == "weak" else f"unit/{group[0].rule}"
    same = (("group", number), ("measure_start", measure[0]), ("measure_end", measure[1]))
    for m, role in zip(mentions, roles(mentions, any(s.several for s in group), first_leads), strict=True):
        value = (("role", role), ("name", names[text[m.start : m.end]]), *same)
        yield Span("unit", clause.anchor, m.start, m.end, value, rule, doubt)
        doubt = ""


def _measure(clause: Clause, text: str, statement: Statement, before: int) -> tuple[int, int]:
    """The text that a statement answers for: back to the statement before it, or the title where that is all."""
    title = len(clause.title)
    body = title + len(clause.mark)
    if statement.rule == "table":
        cells = [c.span() for c in CELL.finditer(text, statement.start, statement.end)]
        names = {m.start for m in statement.mentions}
        free = [(a, b) for a, b in cells if not any(a <= n < b for n in names)]
        return max(free, key=lambda cell: cell[1] - cell[0], default=(0, 0))
    start = statement.start - (text[statement.start - 1 : statement.start] == "由")
    opens = not start or text[start - 1] in "。\n;"
    whole = opens and (statement.end == len(text) or SENTENCE_END.match(text, statement.end))
    if statement.rule == "running" and not whole:
        first = max((m.end() for m in SENTENCE_END.finditer(text, before, statement.start)), default=max(before, 0))
        ending = SENTENCE_END.search(text, statement.end)
        return _trim(text, max(first, body if statement.start >= body else 0), ending.start() if ending else len(text))
    first, last = _trim(text, max(before, body) if start >= body else before, start)
    return (first, last) if last > first else _trim(text, 0, min(title, statement.start))


def _trim(text: str, first: int, last: int) -> tuple[int, int]:
    """[first, last) without the marks and spaces at its edges."""
    while first < last and text[first] in EDGE_LEFT:
        first += 1
    while last > first and text[last - 1] in EDGE_RIGHT:
        last -= 1
    return first, last

"""Time expressions: what they cover, their first and last day, and whether they are a deadline.

In: a notice's clauses, the rules of rules/times.toml, the citations found before.  Out: spans of kind "deadline" or
"time" with offsets into `clause.text`.  Values: kind (plan, title, deadline, docdate, body, recur), from and to as
ISO 8601 days where they can be told.  What is relative counts from `notice.meta.year`; without it there are no days
and a doubt.  Nothing raises but RulesError while compiling.  Sources: GB/T 7408 (dates), GB/T 15835 (numerals).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ...chars import fold
from ...model import Clause, Notice, Span, Value
from ...numerals import to_int
from ...rules import Rules, RulesError, compiled
from .days import days, feast, year_of

_SENTENCE = re.compile("[,。;]")
REACH = 80  # the longest line before or after a date that is still a line of its own
_TITLE_LINE = re.compile(
    r"(?:关于.*的(?:通知|意见|函|公告|批复)|(?:要点|计划|方案|安排|规划|清单|意见|表|名单|重点工作|重点任务))$"
)


@dataclass(frozen=True, slots=True)
class Timing:
    """rules/times.toml, compiled: one alternation to find, one pattern a form to read."""

    start: re.Pattern[str]  # where any form may begin
    forms: tuple[tuple[str, re.Pattern[str]], ...]
    any_form: re.Pattern[str]
    by_itself: re.Pattern[str]
    with_number: re.Pattern[str]
    scheduled: re.Pattern[str]
    mention: re.Pattern[str]
    no_promise: re.Pattern[str]
    past: re.Pattern[str]
    until: re.Pattern[str]
    due: re.Pattern[str]
    feasts: tuple[tuple[str, tuple[int, int]], ...]  # by name: month and day


class Place(NamedTuple):
    """An expression as printed: [start, end) of the clause's folded text, its form and the form's groups."""

    anchor: str
    name: str
    groups: dict[str, str]
    text: str
    start: int
    end: int
    line: str  # the short line around it in the letter, the preamble or the signature; "" elsewhere
    info: bool  # that line is page metadata
    quoted: bool  # inside a 《title》
    task: bool  # in a numbered clause, not in the letter, the preamble or the signature
    year: int | None  # the plan's


@cache
def compiled_rules(rules: Rules) -> Timing:
    """Rules of rules/times.toml, compiled.  Raises RulesError naming the entry."""
    table = rules.tables["times"]
    try:
        patterns = [(form["id"], _filled(form["pattern"], table["fragment"])) for form in table["form"]]
        words = ("by_itself", "with_number", "scheduled", "mention", "no_promise", "past", "until", "due")
        starts = (f"{c}(?={then})" for first, then in table["start"]["then"].items() for c in first)
        return Timing(
            start=compiled("|".join(starts), "times/start"),
            forms=tuple((name, compiled(pattern, f"times/{name}")) for name, pattern in patterns),
            any_form=compiled(
                "|".join(f"(?P<f{i}>{re.sub(r'[?]P<[a-z0-9]+>', '?:', p)})" for i, (_, p) in enumerate(patterns)),
                "times/form",
            ),
            feasts=tuple((name, (int(m), int(d))) for name, (m, d) in table["feasts"]["day"].items()),
            **{word: compiled(table[word]["pattern"], f"times/{word}") for word in words},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"规则文件 times.toml 缺少一项：{error}。请对照文件里其他条目补上。") from error


def _filled(pattern: str, fragments: dict[str, str]) -> str:
    """The pattern with {year}, {month} … replaced by their fragments."""
    for name, fragment in fragments.items():
        pattern = pattern.replace(f"{{{name}}}", fragment)
    return pattern


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """Every time expression of the notice, clause by clause."""
    timing = compiled_rules(rules)
    year = to_int(notice.meta.year.value or "")
    cited: dict[str, list[Span]] = {}
    for span in sorted(earlier, key=lambda s: (s.start, -s.end)):
        if span.kind == "citation":
            cited.setdefault(span.clause, []).append(span)
    for clause in notice.clauses:
        for place in _places(clause, fold(clause.text), cited.get(clause.anchor, []), year, timing):
            yield from _spans(place, notice, timing)


def _places(clause: Clause, text: str, cited: Sequence[Span], year: int | None, timing: Timing) -> Iterator[Place]:
    """Where an expression of any form stands, and what it stands in."""
    info = frozenset(fold(p.text) for p in clause.paragraphs if p.kind == "info")
    passed = done = 0
    for begin in timing.start.finditer(text):
        found = timing.any_form.match(text, begin.start()) if begin.start() >= done else None
        if not found:
            continue
        done = found.end()
        while passed < len(cited) and cited[passed].end <= found.start():
            passed += 1
        around = [s for s in cited[passed : passed + 3] if s.start < found.end() and found.start() < s.end]
        if any(str(s.get("relation")).startswith("docno_") for s in around):
            continue  # 公告2020年第4号: the year belongs to the number
        name, pattern = timing.forms[int((found.lastgroup or "f0")[1:])]
        parts = pattern.match(text, found.start())
        if parts:
            groups = {key: value for key, value in parts.groupdict().items() if value}
            line = "" if clause.style else _line(text, *found.span())
            start, end = found.span()
            task = bool(clause.style)
            yield Place(clause.anchor, name, groups, text, start, end, line, line in info, bool(around), task, year)


def _spans(place: Place, notice: Notice, timing: Timing) -> Iterator[Span]:
    """The span of one place; none for a season in a title, which dates nothing, nor for a mere 今年 or 上年."""
    kind = _kind(place, timing)
    idle = place.name == "whole-year" and place.groups.keys() == {"rel"} and kind == "body"
    if idle or (place.name == "feast" and place.quoted):
        return
    if place.name == "feast":
        first, last, doubt = feast(place.groups, place.year, notice, dict(timing.feasts))
    else:
        first, last, doubt = days(place.name, place.groups, place.year, notice)
    value: list[tuple[str, Value]] = [("kind", kind)]
    value += [("from", first.isoformat())] if first else []
    value += [("to", last.isoformat())] if last else []
    if kind not in ("deadline", "plan") and place.year:
        doubt = ""  # nobody acts upon the days of a mere mention
    label = "deadline" if kind == "deadline" else "time"
    yield Span(label, place.anchor, place.start, place.end, tuple(value), f"times/{place.name}", doubt)


def _line(text: str, start: int, end: int) -> str:
    """The line around [start, end); "" where it is longer than a title or a date can be."""
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    if ("\n" not in before and start > REACH) or ("\n" not in after and end + REACH < len(text)):
        return ""
    return before.rpartition("\n")[2] + text[start:end] + after.partition("\n")[0]


def _kind(place: Place, timing: Timing) -> str:
    """plan, title, deadline, docdate, body or recur."""
    if place.name == "every":
        return "recur"
    if place.name in ("five-year-plan", "law-plan", "years", "years-dash-lost"):
        return "plan"
    if place.line and (place.info or not _SENTENCE.search(place.line)):
        if place.name == "date-digits" or "d" in place.groups:
            return "docdate"
        if place.name == "whole-year" and _TITLE_LINE.search(place.line.strip()):
            return "title"
    if place.quoted:
        return "title" if place.name == "whole-year" else "body"
    return "deadline" if place.name == "within-year" or _promised(place, timing) else "body"


def _promised(place: Place, timing: Timing) -> bool:
    """Does a promise of this plan fall due then?"""
    name, groups, text = place.name, place.groups, place.text
    before, after = text[max(0, place.start - 6) : place.start], text[place.end : place.end + 48]
    own = year_of(groups, place.year)
    if own and place.year and own < place.year:
        return False
    if timing.due.search(text, max(0, place.start - 12), place.start):
        return True
    if name == "school-year" or groups.get("edge") == "初":
        return False
    if "by" in groups or "edge" in groups or name == "this-month":
        return True
    if name == "winter-spring":
        return not timing.no_promise.match(after)
    if name == "feast":
        return text[place.start : place.end].endswith(("前", "前夕"))
    if name == "span-of-years":
        return "n" in groups
    if timing.no_promise.match(after):
        return False
    if name == "all-year":
        return not before.endswith(("贯穿", "覆盖"))
    if own and place.year and own > place.year and timing.until.search(before):
        return True
    if timing.past.search(before):
        return False
    if name == "month-here" and place.task and "d" not in groups and not timing.mention.search(before):
        return bool(timing.scheduled.match(after) or timing.by_itself.match(after) or timing.with_number.match(after))
    return name in ("part-here", "mid-year") or bool(timing.by_itself.match(after) or timing.with_number.match(after))

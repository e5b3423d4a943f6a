"""Cited documents: 《titles》 with their relation, document numbers, and laws named without brackets.

In: a notice's clauses and the rules of rules/citations.toml.  Out: spans of kind "citation" with offsets into
`clause.text`.  Values: title, relation (cites, to_be_drawn_up, self), doc_number, nested for titles;
relation (docno_own, docno_cited) and doc_number for numbers.  Nothing raises but RulesError while compiling.
Sources: GB/T 15834-2011 §4.15 (书名号), GB/T 9704-2012 §7.2.5 (发文字号).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from ...chars import fold
from ...model import Clause, Notice, Span, Value
from ...rules import Rules, RulesError, compiled
from .docnumbers import DocNumber, Numbering, bare_spans, numbering, numbers, printed_as_own

MAX_TITLE = 120  # the longest real titles have about 90 characters
REACH = 40  # how far before a title its verb may stand

_BRACKET = re.compile(r"[《》〈〉]|<<|>>|[<>]")
_OPENS = {"《": "》", "<<": ">>", "〈": "〉", "<": ">"}
_STOPS = ",。;:!?\n《》"
_PAUSE = re.compile(r"[,。;:!?、\n《]")
_GAP = re.compile(r"\s*(?:\([^()《》\n]{1,40}\)?)?\s*(?:以?[、和及与或]|以及)?\s*([^《》,。;:\n]{0,12})$")
_AGREED = re.compile(r"(?:\([^()]{1,30}\))?(?:已经?|业经)[^。\n]{1,40}?,?现(?:予|将其)?(?:印发|下发|发给|公布)")
_SHORT = re.compile("^[(,]?以下简称[《“]([^《》“”]{1,12})[》”]")
_TAIL = re.compile(r"\([^()]{1,10}\)$")


@dataclass(frozen=True, slots=True)
class Skip:
    """Titles that name no document."""

    id: str
    where: str  # "title", "before" or "after"
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Citing:
    """rules/citations.toml, compiled."""

    types: tuple[str, ...]
    cue: re.Pattern[str]  # groups draw and keep
    settled: re.Pattern[str]
    draw_after: re.Pattern[str]
    since: re.Pattern[str]
    derived: re.Pattern[str]
    own: re.Pattern[str]
    skips: tuple[Skip, ...]
    numbering: Numbering


class Title(NamedTuple):
    """A bracketed title: [start, end) with its brackets."""

    start: int
    end: int
    nested: bool
    doubt: str = ""


class Own(NamedTuple):
    """What the notice calls itself, white space removed."""

    titles: frozenset[str]
    numbers: frozenset[str]


@cache
def compiled_rules(rules: Rules) -> Citing:
    """Rules of rules/citations.toml, compiled.  Raises RulesError naming the entry."""
    table = rules.tables["citations"]
    try:
        one = {
            name: compiled(table[name]["pattern"], f"citations/{name}")
            for name in ("settled", "draw_after", "since", "derived", "own")
        }
        cues = f"(?P<draw>{table['draw']['pattern']})|(?P<keep>{table['keep']['pattern']})"
        return Citing(
            types=tuple(table["types"]["names"]),
            cue=compiled(cues, "citations/draw+keep"),
            skips=tuple(
                Skip(s["id"], s["where"], compiled(s["pattern"], f"citations/{s['id']}")) for s in table["skip"]
            ),
            numbering=numbering(table),
            **one,
        )
    except (KeyError, TypeError) as error:
        raise RulesError(f"规则文件 citations.toml 缺少一项：{error}。请对照文件里其他条目补上。") from error


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """Every citation of the notice, clause by clause."""
    citing = compiled_rules(rules)
    own = _own(notice, citing)
    for clause in notice.clauses:
        text = fold(clause.text)
        printed = list(numbers(text, citing.numbering))
        titles: list[Title] = []
        if "《" in text or "》" in text or "<<" in text:
            every = (*_paired(text, citing), *_lost(text, citing))
            titles = sorted((t for t in every if not _skipped(text, t, citing)), key=lambda t: (t.start, -t.end))
            yield from _title_spans(clause, text, titles, printed, own, citing)
        for start, end, number, doubt in printed:
            mine = number in own.numbers or printed_as_own(clause, text, start, end)
            value = (("doc_number", number), ("relation", "docno_own" if mine else "docno_cited"))
            yield Span("citation", clause.anchor, start, end, value, "citations/number", doubt)
        yield from bare_spans(clause, text, [t[:2] for t in titles], printed, citing.numbering)


@lru_cache(maxsize=2)  # asked for whole titles, then for broken ones
def _brackets(text: str) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pairs (start, end), and the places of 《 and 》 that have no partner."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[int, str]] = []
    alone: list[int] = []
    for found in _BRACKET.finditer(text):
        mark, at = found[0], found.start()
        if mark == "《" or mark == "<<" or (mark in _OPENS and stack):
            stack.append((at, _OPENS[mark]))
        elif any(close == mark for _, close in stack[-4:]):
            while stack[-1][1] != mark:
                stack.pop()
            start, _ = stack.pop()
            pairs.append((start, found.end()))
        elif mark == "》":
            alone.append(at)
    return pairs, [at for at, close in stack if close == "》"], alone


def _whole(text: str, start: int, end: int) -> bool:
    """Could [start, end) be one title?"""
    return 4 <= end - start <= MAX_TITLE and "。" not in text[start:end] and text.count("\n", start, end) < 2


def _paired(text: str, citing: Citing) -> Iterator[Title]:
    """Titles with both brackets; a title inside another is nested."""
    outer_end = 0
    for start, end in sorted(_brackets(text)[0], key=lambda p: (p[0], -p[1])):
        if not _whole(text, start, end):
            continue
        nested = end <= outer_end
        outer_end = max(outer_end, end)
        if nested or text[start] == "《" or text.startswith("<<", start):
            comma = text.find(",", start, end)
            cut = comma > 0 and not nested and _typed(text[start + 1 : comma], citing)
            yield Title(start, end, nested, "书名里有逗号，像是丢了一个书名号，请对照原文。" if cut else "")


def _sentence_part(text: str, at: int, reach: int) -> int:
    """Where the part of the sentence before `at` begins, at most `reach` back."""
    low = max(0, at - reach)
    return max(low, *(text.rfind(stop, low, at) + 1 for stop in _STOPS))


def _typed(name: str, citing: Citing) -> bool:
    """Does `name` end as documents' names do?"""
    return _TAIL.sub("", name).endswith(citing.types)


def _lost(text: str, citing: Citing) -> Iterator[Title]:
    """Titles with one bracket left, where the other end is safe; nothing for the rest."""
    pairs, opened, closed = _brackets(text)
    broken = [(start, end) for start, end in pairs if end - start > 3 and not _whole(text, start, end)]
    text += "\n"
    for at in sorted({*opened, *(start for start, _ in broken)}):
        for stop in islice(_PAUSE.finditer(text, at + 1, at + MAX_TITLE), 6):
            if stop.start() - at > 4 and _typed(text[at + 1 : stop.start()], citing):
                yield Title(at, stop.start(), False, "书名号缺右半边，书名到哪里为止是推断的，请对照原文。")
            elif stop[0] in "、《":
                continue
            break
    for at in sorted({*closed, *(end - 1 for _, end in broken)}):
        lead = _sentence_part(text, at, MAX_TITLE)
        begin = text.find("关于", lead, at)
        if begin < 0:
            cues = [m.end() for m in citing.cue.finditer(text, lead, at)]
            begin = cues[0] if cues else -1
        if 0 <= begin < at - 4 and text[at] == "》" and _typed(text[begin:at], citing):
            yield Title(begin, at + 1, False, "书名号缺左半边，书名从哪里开始是推断的，请对照原文。")


def _name(text: str, title: Title) -> str:
    """The title without its brackets and white space."""
    inner = "".join(text[title.start : title.end].split()).removeprefix("<<").removesuffix(">>")
    return inner.strip("《》〈〉<>＜＞") if title.nested else inner.removeprefix("《").removesuffix("》")


def _skipped(text: str, title: Title, citing: Citing) -> bool:
    """Newspapers, certificates, books and songs are no documents."""
    place = {
        "title": _name(text, title),
        "before": text[max(0, title.start - 12) : title.start],
        "after": text[title.end : title.end + 12],
    }
    return any(skip.pattern.search(place[skip.where]) for skip in citing.skips)


def _title_spans(
    clause: Clause, text: str, titles: list[Title], printed: list[DocNumber], own: Own, citing: Citing
) -> Iterator[Span]:
    """The titles of one clause with their relations; those of one list share a verb."""
    outer = [t for t in titles if not t.nested]
    related: dict[int, tuple[str, str]] = {}
    for group in _lists(text, outer, citing):
        relation, rule = _relation(text, group[0].start, group[-1].end, citing)
        related.update((t.start, (relation, rule)) for t in group)
    for title in titles:
        name = _name(text, title)
        relation, rule = related.get(title.start, ("cites", "keep")) if not title.nested else ("cites", "keep")
        if name in own.titles and not title.nested:
            relation, rule = "self", "own"
        elif relation == "to_be_drawn_up" and clause.anchor in ("cover", "sign"):
            relation, rule = "cites", "keep"  # the letter tells of what is issued already
        value: list[tuple[str, Value]] = [("relation", relation), ("title", _name(clause.text, title))]
        at = bisect_left(printed, title.start, key=lambda n: n.start)
        number = printed[at].number if at < len(printed) and _belongs(text, title, printed[at].start) else None
        value += [("doc_number", number)] if number else []
        value += [("nested", True)] if title.nested else []
        doubt = title.doubt
        if not doubt and name in citing.types and relation != "self":
            doubt = "书名号里只是简称，指哪份文件请对照上文。"
        yield Span("citation", clause.anchor, title.start, title.end, tuple(sorted(value)), f"citations/{rule}", doubt)


def _belongs(text: str, title: Title, start: int) -> bool:
    """Does the number at `start` stand in the title or right after it, in brackets or bare?"""
    beside = title.end <= start <= title.end + 3 and text[title.end : start].strip() in ("", "(", "[", "〔")
    return beside or title.start < start < title.end


def _lists(text: str, titles: list[Title], citing: Citing) -> Iterator[list[Title]]:
    """Titles that one verb governs: 《A》《B》和《C》, also with a name between (、省委《B》)."""
    group: list[Title] = []
    for title in titles:
        gap = _GAP.match(text[group[-1].end : title.start]) if group and title.start - group[-1].end < 60 else None
        if group and not (gap and not citing.cue.search(gap[1])):
            yield group
            group = []
        group.append(title)
    if group:
        yield group


def _relation(text: str, start: int, end: int, citing: Citing) -> tuple[str, str]:
    """What the sentence does with the documents of a list that starts at `start` and ends at `end`."""
    low = _sentence_part(text, start, REACH)
    cues = list(citing.cue.finditer(text, low, start))
    after = re.sub(r"^\s*\([^()《》\n]{1,40}\)", "", text[end : end + 60])
    if citing.draw_after.match(after) and not citing.since.search(text[low:start]):
        return "to_be_drawn_up", "draw_after"
    if not cues or cues[-1]["keep"]:
        return "cites", "keep"
    draw = cues[-1]
    if citing.settled.search(text[max(low, draw.start() - 2) : start]):
        return "cites", "settled"
    if any(c["keep"] and not re.search("[、并和及]", text[c.end() : draw.start()]) for c in cues[:-1]):
        return "cites", "keep"  # 贯彻国务院印发《…》: the first verb governs
    return ("cites", "derived") if citing.derived.match(after) else ("to_be_drawn_up", "draw")


def _own(notice: Notice, citing: Citing) -> Own:
    """The names and numbers under which the notice itself goes, its covering letter included."""
    flat = ["".join(fold(f.value or "")[:200].split()) for f in (notice.meta.title, notice.meta.notice_title)]
    names = {name for name in flat if name} | set(re.findall("关于[印下]发《([^》]+)》的通知$", flat[1]))
    for clause in notice.clauses:
        if not clause.style and "《" in clause.text:
            text = fold(clause.text)
            titles = [t for t in _paired(text, citing) if not t.nested]
            for group in _lists(text, titles, citing):
                before = text[max(0, group[0].start - 8) : group[0].start]
                after = text[group[-1].end : group[-1].end + 60]
                given = re.search("将$|现把$", before) and citing.own.search(after[:8]) and "转发" not in after[:8]
                if given or _AGREED.match(after):
                    names |= {_name(text, t) for t in group} | set(_SHORT.findall(after))
                elif re.search("关于[印下]发$", before) and after.startswith("的通知") and before[:1] != "将":
                    names |= {_name(text, t) for t in group} if _line_of_own(text, group[0].start, flat[1]) else set()
    number = "".join(fold(notice.meta.doc_number.value or "").split())
    return Own(frozenset(names), frozenset({number.replace("[", "〔").replace("]", "〕")} if number else ()))


def _line_of_own(text: str, at: int, notice_title: str) -> bool:
    """Is the line around `at` the notice's own title line (all of it up to 的通知)?"""
    line = text[max(0, at - 200) : at].rpartition("\n")[2] + text[at : at + 200].partition("\n")[0]
    line = "".join(line.split())
    return line == notice_title or (line.endswith("的通知") and not re.search("[,。;:]", line))

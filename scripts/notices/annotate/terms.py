"""Policy shorthand of the glossary (放管服, 三减三健 …) wherever a clause uses it, and quoted words it lacks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from ..chars import fold
from ..model import Notice, Span, Value
from ..rules import Rules, RulesError, compiled

OPENING, CLOSING = "“‘「『", "”’」』"
QUOTES = re.compile(f"[{OPENING}{CLOSING}\"']")
SEAM = re.compile(f"[{CLOSING}][{OPENING}]")
TITLE_MARK = re.compile("[《》]")
LATIN = re.compile("[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form of a term; `pattern` matches it in flattened text, its 、 optional, its guards included."""

    printed: str
    pattern: str
    value: tuple[tuple[str, Value], ...]  # of its spans
    rule: str


class Start(NamedTuple):
    """All forms that begin with one pair of characters, longest first: group n of `pattern` is form n."""

    pattern: re.Pattern[str]
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The forms by their first two characters as they may be printed (村社, 村、).

    `beginnings` finds where one may begin: by all that stands before its first 、, or by those two characters.
    """

    beginnings: AhoCorasick
    starts: Mapping[str, Start]


class Unknown(NamedTuple):
    """A quoted expression that looks like policy shorthand and that no glossary form covers.

    [start, end) of the clause's text, without the quotes; `quote` is what is printed there.
    """

    clause: str
    start: int
    end: int
    quote: str


class Flat(NamedTuple):
    """A text folded, in lower case and without quotes; `cuts` maps its offsets back."""

    text: str
    cuts: tuple[int, ...]  # offsets in `text` before which a quote was taken out, ascending
    seams: tuple[int, ...]  # those where one quotation ended and the next began

    def origin(self, at: int) -> int:
        """The offset in the text as printed of the character `at`."""
        return at + bisect_right(self.cuts, at)


def flatten(text: str) -> Flat:
    """The form that glossary entries are matched on."""
    folded = fold(text)
    lower = folded.lower()
    folded = lower if len(lower) == len(folded) else folded  # İ alone grows; then the case stays as it is
    parts = QUOTES.split(folded)
    if len(parts) == 1:
        return Flat(folded, (), ())
    cuts = tuple(accumulate(map(len, parts[:-1])))
    side_by_side = (place for place in range(1, len(cuts)) if not parts[place]) if SEAM.search(folded) else ()
    seams = tuple(cuts[place] for place in side_by_side if SEAM.match(folded, cuts[place] + place - 1))
    return Flat("".join(parts), cuts, seams)


@cache
def compiled_rules(rules: Rules) -> Glossary:
    """The glossary of rules/terms.toml.  Raises RulesError naming an entry without name or usable forms."""
    forms: dict[str, list[Form]] = {}
    owners: dict[str, str] = {}
    for entry in rules.tables["terms"].get("term", ()):
        name = str(entry.get("name", ""))
        if not name or not entry.get("forms"):
            raise RulesError(f"rules/terms.toml 里的词条“{name or entry}”缺少 name 或 forms。请补上。")
        for printed in entry["forms"]:
            form = _form(str(printed), name, entry)
            key = form.printed.replace("、", "")
            if len(key) < 2:
                raise RulesError(f"词条“{name}”的写法“{printed}”太短，至少要两个字。请改正。")
            if owners.setdefault(key, name) != name:
                raise RulesError(
                    f"写法“{printed}”同时属于词条“{owners[key]}”和“{name}”。一种写法只能归一个词条，请删去一处。"
                )
            for start in {key[:2], form.printed[:2]}:
                forms.setdefault(start, []).append(form)
    beginnings = {max(start, form.printed.partition("、")[0], key=len) for start in forms for form in forms[start]}
    return Glossary(AhoCorasick(beginnings), {start: _start(start, choice) for start, choice in forms.items()})


def _start(start: str, forms: list[Form]) -> Start:
    longest = tuple(sorted(forms, key=lambda form: -len(form.printed)))
    return Start(compiled("|".join(f"({form.pattern})" for form in longest), f"terms.{start}"), longest)


def _form(printed: str, name: str, entry: Mapping[str, Any]) -> Form:
    text = flatten(printed).text
    before, after = entry.get("not_before"), entry.get("not_after")
    for side, guard in (("not_before", f"(?<!{before})"), ("not_after", f"(?!{after})")):
        if compiled(guard, f"terms.{name}.{side}").groups:
            raise RulesError(f"词条“{name}”的 {side} 里不要用捕获括号，请写成 (?:…)。")
    pattern = "".join("、?" if c == "、" else re.escape(c) for c in text)
    pattern = (f"(?<!{before})" if before else "") + pattern + (f"(?!{after})" if after else "")
    if LATIN.match(text[:1]):  # AED is no part of XAED
        pattern = f"(?<!{LATIN.pattern}){pattern}"
    if LATIN.match(text[-1:]):
        pattern = f"{pattern}(?!{LATIN.pattern})"
    value: tuple[tuple[str, Value], ...] = (("term", name),)
    return Form(text, pattern, value + (("varies", True),) * bool(entry.get("varies", False)), f"terms/{name}")


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """A "term" span for each use; value: term (the entry's name) and, where places fill it differently, varies."""
    glossary = compiled_rules(rules)
    cited: dict[str, list[tuple[int, int]]] = {}
    for span in earlier:
        if span.kind == "citation":
            cited.setdefault(span.clause, []).append((span.start, span.end))
    for clause in notice.clauses:
        text = clause.text
        flat = flatten(text)
        uses = _uses(flat, glossary)
        shut = (*titles(text), *cited.get(clause.anchor, ())) if uses else ()
        closed = mask(len(text), shut) if shut else bytearray()
        for start, end, form in uses:
            if flat.cuts:
                at, after = start, end
                start, end = flat.origin(at), flat.origin(after - 1) + 1
                if end - start > after - at:  # quotes within it
                    start, end = _balanced(text, start, end)
            if closed.find(1, start, end) < 0:
                yield Span("term", clause.anchor, start, end, form.value, form.rule)


def titles(text: str) -> list[tuple[int, int]]:
    """[start, end) of every outermost 《…》; one that is never closed holds nothing."""
    if "《" not in text:
        return []
    found, depth, start = [], 0, 0
    for match in TITLE_MARK.finditer(text):
        if match[0] == "《":
            start = start if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                found.append((start, match.end()))
    return found


def mask(length: int, ranges: Iterable[tuple[int, int]]) -> bytearray:
    """A 1 for each character that one of the ranges holds; asking it costs no more with many ranges."""
    closed = bytearray(length)
    for start, end in ranges:
        closed[start:end] = b"\1" * (min(end, length) - start)
    return closed


def _uses(flat: Flat, glossary: Glossary) -> list[tuple[int, int, Form]]:
    """Uses as [start, end) of the flat text, in order; none shares a character: the longest first, then the leftmost."""
    text, starts, seams = flat.text, glossary.starts, flat.seams
    found = []
    for at in {begin for _, begin, _ in glossary.beginnings.find_matches_as_indexes(text, overlapping=True)}:
        pattern, forms = starts[text[at : at + 2]]
        match = pattern.match(text, at)
        # nothing may begin here, or it would join two quotations: “一件事”“掌上办”
        if match and not (seams and bisect_right(seams, at) < bisect_left(seams, match.end())):
            found.append((at, match.end(), forms[(match.lastindex or 1) - 1]))
    found.sort(key=itemgetter(0))
    if all(one[1] <= other[0] for one, other in pairwise(found)):
        return found
    free = bytearray(b"\1" * len(text))
    taken = []
    for use in sorted(found, key=lambda use: (use[0] - use[1], use[0])):
        at, after, _ = use
        if all(free[at:after]):
            free[at:after] = bytes(after - at)
            taken.append(use)
    return sorted(taken, key=itemgetter(0))


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with the partner of a quote that it holds only one of: “放管服”改革, 双随机“一公开”."""
    depth, lacking = 0, 0
    for c in text[start:end]:
        depth += (c in OPENING) - (c in CLOSING)
        lacking = min(lacking, depth)
    if lacking == -1 and text[start - 1 : start] and text[start - 1] in OPENING:
        start, depth = start - 1, depth + 1
    if depth == 1 and text[end : end + 1] and text[end] in CLOSING:
        end += 1
    return start, end


# --- quoted words for review ------------------------------------------------------------------------------------

#: The outermost pair within one line; what is longer than twelve characters is a sentence, not a shorthand.
QUOTED = re.compile("“([^“”\n]{2,12})”")
NUMBER = "[0-9一二两三四五六七八九十百千万双多零]"
#: How shorthand is built: counted things (六个一, 三化, 八大行动, 十百千), sums (1+5, 互联网+医疗), paired counts
#: (两单两卡, 一窗受理) and coined names of programmes.
SHORTHAND = re.compile(
    rf"(?:第?{NUMBER}+[个项大种类张本件条道支户员位家级]?[\u4e00-\u9fff]{{1,3}}|[^+]{{1,6}}(?:\+[^+]{{0,6}})+"
    rf"|(?:{NUMBER}[\u4e00-\u9fff]{{1,2}}、?){{2,4}}|{NUMBER}{{2,4}}|[\u4e00-\u9fffa-z0-9+]{{2,9}}"
    r"(?:工程|行动|计划|模式|机制|制度|改革|体系|战略|战役|攻坚战|平台|一张图|一件事|清单|指数|通办|联办))",
    re.IGNORECASE,
)
#: A name of an event, an award or a day, or a saying: the words around say what it is.
EXPLAINED = re.compile(
    "(?:主题|系列)?(?:教育|活动|评选|比赛|大赛|赛|杯|节|论坛|讲座|宣传周|宣传月|称号|奖|公益|专栏|栏目)|日(?![常益])"
    "|周年|案件|问题|精神|期间"
)
PLAN_PERIOD = re.compile(f"{NUMBER}+五")


def unknown(notice: Notice, rules: Rules, spans: Sequence[Span]) -> Iterator[Unknown]:
    """Quoted shorthand that the glossary lacks, clause by clause, for the review list.

    `spans` are all spans of the notice: what a term, a citation or a time covers is known already.
    """
    known: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        if span.kind in ("term", "citation", "time", "deadline"):
            known.setdefault(span.clause, []).append((span.start, span.end))
    for clause in notice.clauses:
        text = clause.text
        flat, closed = fold(text), mask(len(text), (*titles(text), *known.get(clause.anchor, ())))
        for match in QUOTED.finditer(flat):
            start, end = match.span(1)
            if not SHORTHAND.fullmatch(match[1]) or PLAN_PERIOD.fullmatch(match[1]) or EXPLAINED.match(flat, end + 1):
                continue
            if any(closed[start:end]):
                continue
            yield Unknown(clause.anchor, start, end, text[start:end])

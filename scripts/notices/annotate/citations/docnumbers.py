"""Document numbers in every printed form, and laws and documents named without brackets.

In: a clause's text, folded (chars.fold), and the rules cut, code_start, code_end, authority, laws, after_short, issuer,
unbracketed and numbered of rules/citations.toml.
Out: places in that text.  Nothing raises but RulesError while compiling.
Sources: GB/T 9704-2012 §7.2.5 (发文字号), 立法法 (令), 国家法律法规数据库 (titles of laws).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...chars import is_han
from ...model import Clause, Span, Value
from ...numerals import to_int
from ...rules import compiled

_NUMBER = re.compile(r"[〔\[(【﹝]\s*([12]\s*[09]\s*\d\s*\d)\s*[〕\])】﹞]\s*(?:第\s*)?(\d(?:\s*\d){0,4})\s*号")
_CODE = re.compile(r"(?:[\u4e00-\u9fff] ?){1,16}(?:\([\u4e00-\u9fff]{1,4}\))?\s*$")
_N = r"(\d{1,4}|[〇零一二三四五六七八九十百]{1,6})"
_ORDER = re.compile(rf"(?:(令|公告)\s*(\d{{4}}年)?\s*第?\s*{_N}\s*号|第\s*{_N}\s*号(令|公告))")
_LAW = re.compile(r"(?:法实施条例|法典?|条例)(?!律|[治规制定院官人警盲案理学庭务纪宝门医师草])")
_REPUBLIC = "中华人民共和国"
_LABELLED = re.compile(r"(?:文 ?号|字 ?号|文 {2,4}号|文件编号)\s?[::]?\s?$")
_DRAWN = re.compile("(?:制定|制订|出台|起草|拟定|拟订|草拟|修订|印发|下发)(?:完善|实施|落实)?$")  # still to come
_LONG_CODE = 10  # characters; the longest real codes have nine


@dataclass(frozen=True, slots=True)
class Numbering:
    """The part of rules/citations.toml that reads numbers and names of laws."""

    cut: re.Pattern[str]
    code_end: re.Pattern[str]
    authority: re.Pattern[str]
    code_start: re.Pattern[str]
    laws: Mapping[str, tuple[str, ...]]  # by their last three characters, longest first
    after_short: re.Pattern[str]
    issuer: re.Pattern[str]
    unbracketed: re.Pattern[str]
    numbered: re.Pattern[str]


class DocNumber(NamedTuple):
    """A printed number: [start, end) of the text, its normal form (〔〕, half-width, no spaces), and a doubt."""

    start: int
    end: int
    number: str
    doubt: str


def numbering(table: dict[str, Any]) -> Numbering:
    """The rules of the file's table, compiled.  Raises RulesError, or KeyError where an entry is missing."""
    by_tail: dict[str, list[str]] = {}
    for name in sorted(table["laws"]["names"], key=len, reverse=True):
        by_tail.setdefault(name[-3:], []).append(name)
    one = {
        name: compiled(table[name]["pattern"], f"citations/{name}")
        for name in ("code_start", "code_end", "authority", "after_short", "issuer", "unbracketed", "numbered")
    }
    return Numbering(
        cut=re.compile("|".join(sorted(map(re.escape, table["cut"]["names"]), key=len, reverse=True))),
        laws={tail: tuple(names) for tail, names in by_tail.items()},
        **one,
    )


def numbers(text: str, rules: Numbering) -> Iterator[DocNumber]:
    """国发〔2020〕3号 and 国务院令第752号 in every printed form."""
    if "号" not in text:
        return
    for found in _NUMBER.finditer(text):
        code = _code(text, found.start(), rules)
        if code is None or (text[found.start()] in "([" and not rules.code_end.search(code[1].split("(")[0])):
            continue
        year, number = ("".join(part.split()) for part in found.groups())
        unsure = len(code[1]) > _LONG_CODE or text[code[0] - 1 : code[0]] == "原"  # 原阳 is a county too
        doubt = "文号前面的文字连在一起，机关代字从哪里开始请对照原文。" if unsure else ""
        yield DocNumber(code[0], found.end(), f"{code[1]}〔{year}〕{number}号", doubt)
    for found in _ORDER.finditer(text):
        code = _code(text, found.start(), rules)
        if code is None or not rules.authority.fullmatch(code[1]):
            continue
        kind, year, first, second, last = found.groups()
        value = to_int(first or second or "")
        if value:
            yield DocNumber(code[0], found.end(), f"{code[1]}{kind or last}{year or ''}第{value}号", "")


def _code(text: str, end: int, rules: Numbering) -> tuple[int, str] | None:
    """Where the agency's code before `end` starts, and the code without spaces."""
    run = _CODE.search(text, max(0, end - 40), end)
    if not run:
        return None
    start = run.start()
    for word in rules.cut.finditer(text, start, end):
        kept = text.endswith("共", 0, word.start()) or rules.code_start.match(text[word.end() : word.end() + 1])
        if word[0] in ("和", "原") and kept:
            continue  # 共和, 和政发
        if word.end() < end:
            start = word.end()
    code = "".join(text[start:end].split())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return (start, code) if code and code[0] != "(" else None


def printed_as_own(clause: Clause, text: str, start: int, end: int) -> bool:
    """In the letter: alone on its line, or after the label 文号."""
    if clause.anchor not in ("cover", "sign"):
        return False
    before, after = text[max(0, start - 12) : start], text[end : end + 12]
    alone = not before.rpartition("\n")[2].strip("() ") and not after.partition("\n")[0].strip("() ")
    return alone or bool(_LABELLED.search(before))


def laws(text: str, rules: Numbering) -> Iterator[tuple[int, int]]:
    """Laws named without brackets: from a closed list, so that no ordinary noun is taken for one."""
    for found in _LAW.finditer(text) if "法" in text or "条例" in text else ():
        end = found.end() - 4 * found[0].endswith("法实施条例")
        name = next((n for n in rules.laws.get(text[max(0, end - 3) : end], ()) if text.endswith(n, 0, end)), "")
        start = end - len(name)
        if not name:
            continue
        if text.endswith(_REPUBLIC, 0, start):
            yield start - len(_REPUBLIC), found.end()
        elif text[start - 1 : start] in tuple("省市区县州施《"):
            continue
        elif len(name) > 3 or _boundary(text, start, rules):
            yield start, found.end()


def _boundary(text: str, at: int, rules: Numbering) -> bool:
    """Can a short name begin here: behind a mark, a verb or a conjunction?"""
    return not at or not is_han(text[at - 1]) or bool(rules.after_short.search(text, max(0, at - 2), at))


def unbracketed(text: str, printed: Sequence[DocNumber], rules: Numbering) -> Iterator[tuple[int, int]]:
    """Documents named without brackets: by issuer, 关于 and kind, or by a verb, a kind and the number behind them."""
    at = text.find("关于")
    while at >= 0:
        issuer = rules.issuer.search(text, max(0, at - 40), at)
        named = rules.unbracketed.match(text, at) if issuer else None
        if issuer and named:
            start = issuer.start()
            local = issuer[0][0] in "省市州县区旗自"  # 临安市政府 would lose its name
            if not _DRAWN.search(text, max(0, start - 6), start) and (not local or _boundary(text, start, rules)):
                yield start, named.end()
        at = text.find("关于", named.end() if named else at + 2)
    for number in printed:
        end = number.start - 1
        if text[max(0, end) : number.start] == "(":
            low = max(0, end - 70)
            low = max(low, *(text.rfind(stop, low, end) + 1 for stop in ",。;:\n》"))
            named = rules.numbered.search(text, low, end)
            if named:
                yield named.start("title"), end


def bare_spans(
    clause: Clause, text: str, titles: Sequence[tuple[int, int]], printed: Sequence[DocNumber], rules: Numbering
) -> Iterator[Span]:
    """The spans of laws and documents without brackets, none inside a title of `titles` or its own heading line."""
    every = [("unbracketed", place) for place in unbracketed(text, printed, rules)]
    every += [("laws", place) for place in laws(text, rules)]
    taken = bytearray(len(text)) if every else bytearray()
    for start, end in titles if every else ():
        taken[start:end] = b"\1" * (end - start)
    for rule, (start, end) in every:
        if 1 in taken[start:end] or (clause.anchor in ("cover", "sign") and _whole_line(text, start, end)):
            continue
        taken[start:end] = b"\1" * (end - start)
        at = bisect_left(printed, end, key=lambda n: n.start)
        number = printed[at].number if at < len(printed) and printed[at].start <= end + 1 else None
        value: list[tuple[str, Value]] = [("doc_number", number)] if number else []
        value += [("relation", "cites"), ("title", clause.text[start:end])]
        yield Span("citation", clause.anchor, start, end, tuple(value), f"citations/{rule}")


def _whole_line(text: str, start: int, end: int) -> bool:
    """Does the line hold nothing else?"""
    before, after = text[max(0, start - 100) : start], text[end : end + 100]
    return not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()

"""Document numbers in every printed form, and laws named without brackets.

In: a clause's text, folded (chars.fold), and the rules cut, code_end, authority and laws of rules/citations.toml.
Out: places in that text.  Nothing raises but RulesError while compiling.
Sources: GB/T 9704-2012 §7.2.5 (发文字号), 立法法 (令), 国家法律法规数据库 (titles of laws).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..model import Clause
from ..numerals import to_int
from ..rules import compiled

_NUMBER = re.compile(r"[〔\[(【﹝]\s*([12]\s*[09]\s*\d\s*\d)\s*[〕\])】﹞]\s*(?:第\s*)?(\d(?:\s*\d){0,4})\s*号")
_CODE = re.compile(r"(?:[\u4e00-\u9fff] ?){1,16}(?:\([\u4e00-\u9fff]{1,4}\))?\s*$")
_N = r"(\d{1,4}|[〇零一二三四五六七八九十百]{1,6})"
_ORDER = re.compile(rf"(?:(令|公告)\s*(\d{{4}}年)?\s*第?\s*{_N}\s*号|第\s*{_N}\s*号(令|公告))")
_LAW = re.compile(r"(?:法典?|条例)(?!律|[治规制定院官人警盲案理学庭务纪宝门医师草])")
_REPUBLIC = "中华人民共和国"
_LABELLED = re.compile(r"(?:文 ?号|字 ?号|文 {2,4}号|文件编号)\s?[::]?\s?$")
_LONG_CODE = 10  # characters; the longest real codes have nine


@dataclass(frozen=True, slots=True)
class Numbering:
    """The part of rules/citations.toml that reads numbers and names of laws."""

    cut: re.Pattern[str]
    code_end: re.Pattern[str]
    authority: re.Pattern[str]
    laws: frozenset[str]
    lengths: tuple[int, ...]  # of those names, longest first


class DocNumber(NamedTuple):
    """A printed number: [start, end) of the text, its normal form (〔〕, half-width, no spaces), and a doubt."""

    start: int
    end: int
    number: str
    doubt: str


def numbering(table: dict[str, Any]) -> Numbering:
    """The rules of the file's table, compiled.  Raises RulesError, or KeyError where an entry is missing."""
    return Numbering(
        cut=re.compile("|".join(sorted(map(re.escape, table["cut"]["names"]), key=len, reverse=True))),
        code_end=compiled(table["code_end"]["pattern"], "citations/code_end"),
        authority=compiled(table["authority"]["pattern"], "citations/authority"),
        laws=frozenset(table["laws"]["names"]),
        lengths=tuple(sorted({len(name) for name in table["laws"]["names"]}, reverse=True)),
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
        doubt = "文号前面的文字连在一起，机关代字从哪里开始请对照原文。" if len(code[1]) > _LONG_CODE else ""
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
        if word.end() < end and (word[0] != "和" or (word.start() > start and text[word.start() - 1] != "共")):
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
    for found in _LAW.finditer(text):
        starts = (found.end() - length for length in rules.lengths if length <= found.end())
        start = next((at for at in starts if text[at : found.end()] in rules.laws), None)
        if start is None:
            continue
        if text.endswith(_REPUBLIC, 0, start):
            yield start - len(_REPUBLIC), found.end()
        elif text[start - 1 : start] not in tuple("省市区县州施《"):
            yield start, found.end()

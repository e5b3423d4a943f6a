"""Labels and their values as sites print them: `索引号：… 公开日期：…`, bullets, tables, label over value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .chars import BULLETS, fold
from .model import Block
from .rules import Rules

_COLON = re.compile(r"\s*(?:[\]】]\s*:?|:)\s*")  # [索引号] 001 stands for 索引号：001
_LEAD = re.compile(rf"^[\s{re.escape(BULLETS)}【\[(]*")
_TIMESTAMP = re.compile(
    r"\d{4}(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_DATE_FOLLOWS = re.compile(r"\s*(?=[0-9]{4}[-年./])")
_NEXT_LABEL = re.compile(r"\s+[\u4e00-\u9fffA-Za-z]{1,8}:")
MAX_LINE = 200
DATE_FIELDS = ("issued", "published", "disclosed")
#: What the fields of a notice are called.
NAMES = {
    "title": "标题", "notice_title": "通知标题", "doc_number": "发文字号", "index_number": "索引号", "issuer": "发文机关",
    "addressees": "主送机关", "issued": "成文日期", "published": "发布日期", "disclosed": "公开日期", "publicity": "公开方式",
    "source_name": "信息来源", "year": "年度",
}  # fmt: skip


class Printed(NamedTuple):
    """A label with its value as printed; field "" where the label fills none."""

    field: str
    label: str
    value: str
    line: int


@lru_cache(maxsize=256)
def is_info_line(text: str, rules: Rules) -> bool:
    """Whether a line consists of labels and values from its start on, or of a time stamp and labels."""
    return bool(parse_line(text, 0, rules))


def parse_line(text: str, line: int, rules: Rules) -> list[Printed]:
    """The labels and values of one line; empty where it is running text."""
    if len(text) > MAX_LINE or "\t" in text:
        return []
    folded = fold(text)
    lead = _LEAD.match(folded)
    start = lead.end() if lead else 0
    stamp = _TIMESTAMP.match(folded, start)
    if not stamp and not rules.any_label.match(folded, start):
        return []
    spots = list(_labels(folded, rules))
    printed: list[Printed] = []
    if stamp:
        rest = folded[stamp.end() :].strip(" |])】")
        followed = bool(spots) and spots[0][0] <= stamp.end() + 3
        credited = rest == "发布" or (len(rest) <= 20 and bool(rules.organisation.search(rest)) and ":" in stamp[0])
        if rest and not followed and not credited:
            return []
        if not rest and ":" not in stamp[0] and "-" not in stamp[0]:
            return []  # 2020年3月26日 alone is the date of a signature
        printed.append(Printed("published", "", stamp[0], line))
    elif not spots or spots[0][0] > start:
        return []
    ends = [*[spot[0] for spot in spots[1:]], len(folded)][: len(spots)]
    for (begin, value_at, field), end in zip(spots, ends, strict=True):
        value = text[value_at:end].strip(" \u3000|;；").rstrip(" [【(（")
        if field == "source_name":
            value = re.sub(r"\s*[\[【(（]\s*\d*\s*[\]】)）]$", "", value)
        if field == "source_name" and (further := _NEXT_LABEL.search(fold(value))):
            value = value[: further.start()]
        if value.endswith(("）", ")")) and not re.search(r"[（(]", value):
            value = value[:-1]
        if value[-1:] in tuple("】)]") and not re.search(r"[【(（\[]", value):
            value = value.rstrip("】)]")
        label = re.sub(r"\s+", "", folded[begin:value_at]).rstrip(":")
        printed.append(Printed(field, label, value, line))
    if sum(len(p.value) for p in printed) > 150 or any("。" in p.value for p in printed):
        return []
    return printed


def _labels(folded: str, rules: Rules) -> Iterator[tuple[int, int, str]]:
    """(start of label, start of value, field) of each label followed by a colon, or by a date for a date label."""
    position = 0
    while found := rules.any_label.search(folded, position):
        position = found.end()
        before = folded[found.start() - 1 : found.start()]
        colon = _COLON.match(folded, found.end())
        field = _field(found[0], rules)
        if "\u4e00" <= before <= "\u9fff":
            continue
        if colon:
            yield found.start(), colon.end(), field
            position = colon.end()
        elif field in DATE_FIELDS and (date := _DATE_FOLLOWS.match(folded, found.end())):
            yield found.start(), date.end(), field
            position = date.end()


def _field(printed: str, rules: Rules) -> str:
    return next((label.field for label in rules.labels if label.pattern.fullmatch(printed)), "")


def parse_blocks(blocks: tuple[Block, ...], rules: Rules) -> list[Printed]:
    """Every label and value of the blocks, in order; a table's cells pair up, and so do label over value."""
    printed: list[Printed] = []
    pending: Printed | None = None
    for block in blocks:
        if block.kind == "table":
            printed += [pair for row in block.rows for pair in _row(row, block.line, rules)]
            continue
        here = parse_line(block.text, block.line, rules)
        if not here:
            if pending and len(block.text) < 80 and _can_be_value(pending.field, block, rules):
                printed.append(pending._replace(value=block.text.strip()))
            bare = bare_label(block.text, rules)
            pending = Printed(bare[0], bare[1], "", block.line) if bare else None
            continue
        pending = here[-1] if not here[-1].value else None
        printed += here
    return printed


def _can_be_value(field: str, block: Block, rules: Rules) -> bool:
    """Whether a line can be the value of the label above it: no title, no number of a document, a date for a date."""
    folded = fold(block.text)
    if field in DATE_FIELDS:
        return bool(re.search(r"[0-9]{4}\s*[-年./]", folded))
    if field != "doc_number" and rules.doc_number.fullmatch(folded):
        return False
    return field in ("", "doc_number", "index_number") or not re.search(r"关于|通知$|要点$|[:。]$", folded)


def bare_label(text: str, rules: Rules) -> tuple[str, str] | None:
    """(field, label) where the line is a label alone, with or without its colon."""
    flat = re.sub(r"[\s:\]】]+", "", _LEAD.sub("", fold(text)))
    if not 2 <= len(flat) <= 10:
        return None
    found = rules.any_label.fullmatch(flat)
    return (_field(flat, rules), flat) if found else None


def _row(row: tuple[str, ...], line: int, rules: Rules) -> Iterator[Printed]:
    for label, value in zip(row, (*row[1:], ""), strict=True):
        bare = bare_label(label, rules)
        if bare and not bare_label(value, rules):
            yield Printed(bare[0], bare[1], value.strip(), line)
        elif not bare:
            yield from parse_line(label, line, rules)

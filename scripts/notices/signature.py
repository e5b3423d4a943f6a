"""Who signed a notice and when (GB/T 9704-2012 §7.3.5), with the fallbacks that old and scraped pages need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .chars import fold
from .fields import is_info_line
from .model import Block, Field
from .numerals import DATE
from .parse.front import SEAL, close_kind, is_signature_name, unbracketed
from .rules import Rules

_BEFORE_ABOUT = re.compile(r"^(?P<issuer>[\u4e00-\u9fff、“”\s]{4,60}?)\s*(?:关于|印发|转发|下发)")
_BEFORE_YEAR = re.compile(
    r"^(?P<issuer>[\u4e00-\u9fff、“”]{4,40}?)(?:关于)?(?=(?:19|20)\d{2}\s*年|[〇零○一二三四五六七八九]{4}年)"
)


class Signed(NamedTuple):
    """Issuer and date as printed."""

    issuer: Field = Field()
    date: Field = Field()


def find_signature(head: Sequence[Block], tail: Sequence[Block], title: int, rules: Rules) -> Signed:
    """The signature after the clauses, or at the end of the letter above line `title` of `head`.

    A date that stands alone gives the date; the colophon (…办公室2013年3月5日印发) is the last resort,
    since it names who printed, not who signed.
    """
    zones = (tail, head[:title] or head, head)
    for zone in zones:
        for index in range(len(zone)):
            found = _signed_at(zone, index, rules)
            if found:
                return found
    date = next((d for zone in zones for d in (_lone_date(zone, rules),) if d.value), Field())
    name = next((n for zone in (tail,) for n in (_lone_name(zone, rules),) if n.value), Field())
    printed = next((s for zone in (tail, head) for s in (_colophon(zone, rules),) if s), Signed())
    return Signed(name if name.value else printed.issuer, date if date.value else printed.date)


def _signed_at(zone: Sequence[Block], index: int, rules: Rules) -> Signed | None:
    """Signature and date where the date stands on line `index`."""
    block, kind = zone[index], close_kind(zone[index], rules)
    if kind == "date":
        above: list[Block] = []
        while index > 0 and is_signature_name(zone[index - 1], rules) and len(above) < 8:
            index -= 1
            above.insert(0, zone[index])
        if not above:
            return None
        return Signed(joined([b.text for b in above], above[0].line), Field(block.text, block.line, "signature"))
    if kind == "signature-date" and not re.search(r"[，。；：]", block.text):
        text = unbracketed(block.text)
        date = DATE.search(fold(text))
        who = text[: date.start()].strip() if date else ""
        if date and rules.organisation.search(re.sub(r"\s", "", who)):
            return Signed(joined([who], block.line), Field(text[date.start() :], block.line, "signature"))
    return None


def _lone_date(zone: Sequence[Block], rules: Rules) -> Field:
    """A date on a line of its own, also in parentheses under the title."""
    for block in zone:
        if close_kind(block, rules) == "date" and not is_info_line(block.text, rules):
            return Field(block.text, block.line, "date-line")
    return Field()


def _lone_name(zone: Sequence[Block], rules: Rules) -> Field:
    """Names of bodies at the very end, without a date."""
    names = []
    for block in zone:
        if not is_signature_name(block, rules):
            break
        names.append(block)
    return joined([b.text for b in names], names[0].line) if names else Field()


def _colophon(zone: Sequence[Block], rules: Rules) -> Signed | None:
    for block in zone:
        if close_kind(block, rules) == "colophon":
            date = DATE.search(fold(block.text))
            who = block.text[: date.start()].strip() if date else ""
            if date and rules.organisation.search(re.sub(r"\s", "", who)):
                when = Field(date[0], block.line, "colophon")
                return Signed(Field(joined([who], block.line).value, block.line, "colophon"), when)
    return None


def joined(texts: Sequence[str], line: int) -> Field:
    """Several signing bodies joined by 、; a name that was spaced out is closed up, a note on the seal left out."""
    names: list[str] = []
    for text in texts:
        parts = [part for part in re.split(r"\s+", SEAL.sub("", text.strip())) if part]
        spaced = all(len(part) <= 2 for part in parts)
        names += ["".join(parts)] if spaced and parts else parts
    return Field("、".join(names) or None, line, "signature")


def find_issuer(
    signature: Field, notice_title: Field, title: Field, head: Sequence[Block], label: Field, rules: Rules
) -> Field:
    """Signature, the name before 关于印发, the red head, the label 发布机构, a name above the title, the name in it.

    A colophon counts only behind all of these.
    """
    if signature.value and signature.rule == "signature":
        return signature
    found = _named(_BEFORE_ABOUT, notice_title, "notice-title", rules) or _red_head(head, rules)
    if found and (label.value or "").endswith(found.value or "") and label.value != found.value:
        return label  # 市人民政府办公室 in the title, 仁怀市人民政府办公室 in the catalogue
    if found:
        return found
    if label.value:
        return label
    for block in head[:8]:
        if is_signature_name(block, rules):
            return Field(joined([block.text], block.line).value, block.line, "name-line")
    return _named(_BEFORE_YEAR, title, "title", rules) or signature


def _named(pattern: re.Pattern[str], field: Field, rule: str, rules: Rules) -> Field | None:
    """The body that a title begins with."""
    found = pattern.match(fold(field.value or ""))
    name = re.sub(r"\s+", "", found["issuer"]) if found else ""
    return Field(name, field.line, rule) if name and rules.organisation.search(name) else None


def _red_head(head: Sequence[Block], rules: Rules) -> Field | None:
    for block in head[:12]:
        found = rules.heading.match(fold(block.text)) if block.kind != "table" else None
        if found and rules.organisation.search(re.sub(r"\s", "", found["issuer"])):
            return Field(re.sub(r"\s", "", found["issuer"]), block.line, "heading")
    return None

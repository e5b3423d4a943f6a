"""Damage in the text as received: flagged, shown in the margin, never repaired."""

from __future__ import annotations

import re

from ..cleaning.characters import lost_count

#: kind of damage → what a reader is told.
NOTES = {
    "number-gap": "编号有跳号，照原文保留",
    "number-duplicate": "编号重复，照原文保留",
    "number-restart": "编号重新起头，照原文保留",
    "label-mark-lost": "原文编号后缺标点",
    "title-glued": "原文标题与正文之间缺句号，标题由程序分出",
    "title-uncertain": "标题的起止不能确定，请核对原文",
    "item-mark-lost": "原文“二是”“三是”等之前缺标点",
    "unclosed": "原文引号或括号不成对",
    "quote-doubled": "原文引号重复",
    "bracket-width": "原文书名号内用了半角尖括号",
    "lost-dash": "原文两个年份之间缺连接号",
    "end-mark-lost": "原文段末缺标点",
    "truncated": "原文到此中断，可能没有收全",
    "character-lost": "原文有缺字或读不出的字，照收到的样子保留，请核对原文",
}

_PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("〔", "〕"), ("【", "】"))
_DASH = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:19|20)\d{2}(?=年)")
_END = re.compile(r"[。；：！？…”』》）〉】〕］.;:!?)\]]$")


def text_damage(text: str) -> list[str]:
    """Kinds of damage visible in a clause's text, in a fixed order."""
    found = []
    if any(_unbalanced(text, a, b) for a, b in _PAIRS):
        found.append("unclosed")
    if "““" in text or "””" in text:
        found.append("quote-doubled")
    if re.search(r"《[^》]*[<>＜＞]", text):
        found.append("bracket-width")
    if _DASH.search(text):
        found.append("lost-dash")
    if lost_count(text):
        found.append("character-lost")
    return found


def _unbalanced(text: str, opening: str, closing: str) -> bool:
    """Whether the pair does not match.  A closing bracket after a number (1） is no bracket of a pair."""
    if text.count(opening) == text.count(closing):
        return False
    plain = (
        re.sub(r"(?:(?<=^)|(?<=[。；：，\n]))[0-9一二三四五六七八九十]{1,2}）", "", text) if closing == "）" else text
    )
    return plain.count(opening) != plain.count(closing)


def end_mark_lost(paragraph: str) -> bool:
    """Whether a paragraph of running text stops without a mark."""
    return len(paragraph) >= 12 and not _END.search(paragraph, len(paragraph) - 2)

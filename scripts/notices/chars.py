"""Character classes and one-to-one folding that keep every offset in place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Full-width ASCII forms and the ideographic space to their half-width forms: one character to one.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RE = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")
BULLETS = "•·▪●◆■□◇○★☆※>»|*-"

_SPACE = re.compile(r"\s+")
_WIDE = re.compile("[\uff01-\uff5e\u3000\xa0]")
_NARROW = {chr(wide): chr(half) for wide, half in FOLD.items()}
_USUAL = [(wide, _NARROW[wide]) for wide in "，（）：；"]


def _narrow(found: re.Match[str]) -> str:
    return _NARROW[found[0]]


@lru_cache(maxsize=512)  # each line is asked about by a dozen rules, each clause by every annotator
def fold(text: str) -> str:
    """`text` with full-width ASCII as half-width; the same length, so offsets hold."""
    for wide, narrow in _USUAL:  # a pattern's callback for each comma would cost more than these passes
        text = text.replace(wide, narrow)
    return _WIDE.sub(_narrow, text)  # many times faster than str.translate where little changes


@lru_cache(maxsize=128)
def squeeze(text: str) -> str:
    """The form that whole-line rules match: folded, without white space and leading bullets."""
    flat = _SPACE.sub("", fold(text))
    return flat.lstrip(BULLETS) or flat


def is_han(c: str) -> bool:
    """Whether a character is Han; the commonest block is asked about first, which is faster than a pattern."""
    return "\u4e00" <= c <= "\u9fff" or HAN_RE.match(c) is not None


def han_count(text: str) -> int:
    """How many Han characters `text` holds."""
    return sum(map(len, _HAN_RUN.findall(text)))  # by runs: much faster than one by one


def is_text(c: str) -> bool:
    """Whether a character may stand in a text: white space may; a control, a lone surrogate or a noncharacter may not."""
    if c.isspace():
        return c not in "\x1c\x1d\x1e\x1f"
    return unicodedata.category(c) not in ("Cc", "Cs") and ord(c) & 0xFFFE != 0xFFFE and not "\ufdd0" <= c <= "\ufdef"

"""Character classes and one-to-one folding that keep every offset in place."""

from __future__ import annotations

import re

#: Full-width ASCII forms and the ideographic space to their half-width forms: one character to one.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RE = re.compile(f"[{HAN}]")
BULLETS = "•·▪●◆■□◇○★☆※>»|*-"

_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """`text` with full-width ASCII as half-width; the same length, so offsets hold."""
    return text.translate(FOLD)


def squeeze(text: str) -> str:
    """The form that whole-line rules match: folded, without white space and leading bullets."""
    flat = _SPACE.sub("", fold(text))
    return flat.lstrip(BULLETS) or flat


def han_count(text: str) -> int:
    """How many Han characters `text` holds."""
    return len(HAN_RE.findall(text))

"""Punctuation as Chinese is printed (GB/T 15834-2011): full width in Chinese, half width in Latin and numbers.

Each change depends only on whether the neighbours are letters or digits, which no change alters;
so a second pass finds nothing to do.
"""

from __future__ import annotations

import re

from .chars import FOLD, HAN, HAN_RE, fold
from .ledger import Change, substitute
from .model import Block

FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
_URL = re.compile(r"(?:https?://|www\.)[\w./?%&=:#~+-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.A)
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％＋－．／＝＆＠]+")
_SPACE = re.compile(
    rf"(?<=[{HAN}，。；：（）！？、《》“”]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{HAN}，。；：（）！？、《》“”])"
    rf"|(?<=[，。；：！？、”》）]) (?=[{HAN}“《])|(?<=[{HAN}]) (?=[，。；：！？、”》）“《])"
)
_MARK = re.compile(r"[,;:!?()]")


def typography(block: Block, fields: bool = False) -> Block:
    """`block` with full-width punctuation, half-width digits and letters, and no space inside 2020 年.

    With `fields` spaces stay: in a line of labels and values, or of signature and date, they separate.
    """
    if not HAN_RE.search(block.text):
        return block
    for changes in (_widths, _marks, _after_colon if fields else _spaces):
        block = substitute(block, changes(block.text))
    return block


def _widths(text: str) -> list[Change]:
    return [Change(m.start(), m.end(), m[0].translate(FOLD), "typography-width") for m in _WIDE.finditer(text)]


def _marks(text: str) -> list[Change]:
    urls = [m.span() for m in _URL.finditer(text)]
    latin = _latin_brackets(text)
    changes = []
    for found in _MARK.finditer(text):
        at, mark = found.start(), found[0]
        if any(a <= at < b for a, b in urls) or at in latin:
            continue
        if mark not in "()" and _plain(text, at - 1) and _plain(text, _next(text, at)):
            continue
        changes.append(Change(at, at + 1, FULL[mark], "typography-punctuation"))
    return changes


def _plain(text: str, at: int) -> bool:
    """Whether the character at `at` is an ASCII letter or digit."""
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()


def _next(text: str, at: int) -> int:
    """The position after the mark and one space, as in "A, B"."""
    return at + 2 if text[at + 1 : at + 2] == " " else at + 1


def _latin_brackets(text: str) -> set[int]:
    """Positions of bracket pairs that hold no Han and stand against a Latin letter or digit: f(x), ISO(9001)."""
    keep: set[int] = set()
    opened: list[int] = []
    for at, c in enumerate(text):
        if c == "(":
            opened.append(at)
        elif c == ")" and opened:
            start = opened.pop()
            if _plain(text, start - 1) and not HAN_RE.search(text, start, at) and fold(text[start + 1 : at]).isascii():
                keep |= {start, at}
    return keep


def _spaces(text: str) -> list[Change]:
    return [Change(m.start(), m.end(), "", "typography-space") for m in _SPACE.finditer(text)]


def _after_colon(text: str) -> list[Change]:
    return [Change(m.start(), m.end(), "", "typography-space") for m in re.finditer("(?<=：) ", text)]

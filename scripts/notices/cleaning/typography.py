"""Punctuation as Chinese is printed (GB/T 15834-2011): full width in Chinese, half width in Latin and numbers.

Each change depends only on whether the neighbours are letters or digits, which no change alters;
so a second pass finds nothing to do.
"""

from __future__ import annotations

import re

from ..chars import FOLD, HAN, HAN_RE, fold
from ..ledger import Change, substitute
from ..model import Block

FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
_URL = re.compile(
    r"(?:https?://|www\.)[\w./?%&=:#~+-]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}", re.A
)
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％＋－．／＝＆＠]+")
_LABEL = re.compile(r"^[一二三四五六七八九十]{1,3}$|^[（(]?[一二三四五六七八九十0-9]{1,3}[)）]$")
_SPACE = re.compile(
    rf"(?<=[{HAN}，。；：（）！？、《》“”]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{HAN}，。；：（）！？、《》“”])"
    rf"|(?<=[，。；：！？、”》）]) (?=[{HAN}“《])|(?<=[{HAN}]) (?=[，。；：！？、”》）“《])"
)
_MARK = re.compile(r"[,;:!?()]")
_BRACKET = re.compile(r"[()]")
_STOP = re.compile(rf"(?<=[{HAN}”》）%])\.(?=[{HAN}“《（]|[0-9]{{1,2}}月|[0-9]{{4}}年|$)")


def typography(block: Block, fields: bool = False) -> Block:
    """`block` with full-width punctuation, half-width digits and letters, and no space inside 2020 年.

    With `fields` spaces stay: in a line of labels and values, or of signature and date, they separate.
    """
    if not HAN_RE.search(block.text):
        return block
    text = block.text
    changes = _widths(text)
    text = _applied(text, changes)
    more = _marks(text)
    if "." in text or " " in text:  # what stands beside a stop or a space matters in its new form
        text = _applied(text, more)
        stops = _stops(text)
        text = _applied(text, stops)
        more += stops
    more += _after_colon(text) if fields else _spaces(text)
    if not changes:
        return substitute(block, sorted(more))
    return substitute(substitute(block, changes), sorted(more))


def _applied(text: str, changes: list[Change]) -> str:
    """`text` with changes that keep its length."""
    if not changes:
        return text
    chars = list(text)
    for change in changes:
        chars[change.start : change.end] = change.text
    return "".join(chars)


def _widths(text: str) -> list[Change]:
    return [Change(m.start(), m.end(), m[0].translate(FOLD), "typography-width") for m in _WIDE.finditer(text)]


def _marks(text: str) -> list[Change]:
    urls = [m.span() for m in _URL.finditer(text)] if "." in text else []
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


def _stops(text: str) -> list[Change]:
    """A "." that ends a Chinese sentence; not the one behind a number that labels a clause."""
    if "." not in text:
        return []
    return [
        Change(m.start(), m.end(), "。", "typography-punctuation")
        for m in _STOP.finditer(text)
        if not _LABEL.match(text[: m.start()])
    ]


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
    for found in _BRACKET.finditer(text):
        at = found.start()
        if found[0] == "(":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if _plain(text, start - 1) and fold(text[start + 1 : at]).isascii():
                keep |= {start, at}
    return keep


def _spaces(text: str) -> list[Change]:
    if " " not in text:
        return []
    return [Change(m.start(), m.end(), "", "typography-space") for m in _SPACE.finditer(text)]


def _after_colon(text: str) -> list[Change]:
    return [Change(m.start(), m.end(), "", "typography-space") for m in re.finditer("(?<=：) ", text)]

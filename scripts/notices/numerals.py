"""Printed numbers and dates to values.

Sources: GB/T 15835-2011 (numerals in running text), GB/T 9704-2012 §7.3.3 (numbering of clauses),
GB/T 7408 / ISO 8601 (dates).
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .chars import fold

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
#: Numbers that are one character: ①, ⑴ and ⒈ to 20, ㈠ to 10.
CIRCLED = {
    chr(first + i): i + 1
    for first, count in ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x3220, 10))
    for i in range(count)
}


@lru_cache(maxsize=1024)  # few are printed, and most of them in every notice
def to_int(printed: str) -> int | None:
    """12, １２, 十二, 二〇二〇 or ⑫ as an integer; None where it is no number."""
    text = fold(printed)
    if text in CIRCLED:
        return CIRCLED[text]
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < 10 else None
    if all(c in _DIGITS or (c.isascii() and c.isdigit()) for c in text):
        digits = [str(_DIGITS[c]) if c in _DIGITS else c for c in text]
        return int("".join(digits)) if len(digits) < 10 else None
    total = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            return None
    return total + digit


_LARGE = {"万": 10**4, "亿": 10**8}
_PLAIN = re.compile(r"[0-9]{1,15}(?:,[0-9]{3}){0,6}(?:\.[0-9]{1,9})?", re.ASCII)


def to_number(printed: str) -> int | float | None:
    """25.39万, 1,200, ３千万, 两百, 一亿五千万 or 十二 as a number: an int where it is whole; None where it is no number.

    Exact for decimals: the fraction is scaled as an integer, so 25.39万 is 253900 and not 253899.99….
    """
    if printed.isascii() and printed.isdigit() and len(printed) <= 15:
        return int(printed)
    if len(printed) == 1 and printed in _DIGITS and not printed.isascii():
        return _DIGITS[printed]
    text = fold(printed).replace(" ", "")
    found = _PLAIN.match(text)
    if not found:
        return _from_han(text)
    scale = 1
    for c in text[found.end() :]:
        if c not in _LARGE and c not in _UNITS:
            return None
        scale *= _LARGE.get(c) or _UNITS[c]
    whole, _, fraction = found[0].replace(",", "").partition(".")
    units, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return units if not rest else float(f"{whole}.{fraction}") if scale == 1 else units + rest / 10 ** len(fraction)


def _from_han(text: str) -> int | None:
    """一亿五千万, 两百 or 百万: the parts before 亿 and 万 each times their scale."""
    total = 0
    for mark, scale in reversed(_LARGE.items()):
        head, found, rest = text.partition(mark)
        if found:
            part = to_int(head) if head else 1
            if part is None:
                return None
            total, text = total + part * scale, rest
    last = to_int(text) if text else 0
    return None if last is None or (not total and not text) else total + last


_Y = r"[0-9〇零○OＯ一二三四五六七八九]{4}"
_N = r"[0-9一二三四五六七八九十]{1,3}"
DATE = re.compile(
    rf"(?P<y>{_Y})\s*(?:年\s*(?P<m>{_N})\s*月(?:\s*(?P<d>{_N})\s*日)?"
    r"|(?P<sep>[-/.])\s*(?P<m2>[0-9]{1,2})(?P=sep)\s*(?P<d2>[0-9]{1,2}))"
)
SHORT_YEAR = re.compile(r"(?<![0-9])[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日")


def parse_date(printed: str) -> str | None:
    """The first date in `printed` as ISO 8601 (2020-03-26, or 2020-03 without a day).

    None where there is no whole date or the date does not exist: nothing is repaired.
    """
    found = DATE.search(fold(printed))
    if not found:
        return None
    numbers = [to_int(found[name] or "") for name in ("y", "m", "d")]
    if found["sep"]:
        numbers = [to_int(found[name]) for name in ("y", "m2", "d2")]
    year, month, day = numbers[0], numbers[1], numbers[2]
    if not year or not 1949 <= year <= 2100 or not month:
        return None
    if day is None or not (found["d"] or found["d2"]):
        return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None

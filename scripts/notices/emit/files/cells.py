"""Tables as CSV that Excel and WPS open by a double click, and that cannot do anything there.

UTF-8 with BOM (or both take the bytes for GBK), CRLF, RFC 4180 quotes.  One rule for text that a spreadsheet would
read as something else, a formula, a number, a date: an apostrophe is put before it.  Of the usual ways this is the
only one that suits all readers: ="330481" is itself a formula, a tab is invisible and breaks look-ups, and both
programs show '330481 as the text it is.  A program takes one leading apostrophe off (`plain`) and has the text again:
text that begins with an apostrophe of its own gets one more.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

Cell = str | int | float | None

BOM = "\ufeff"
#: What begins a formula in a spreadsheet (OWASP, CSV Injection), and the marks of Lotus files and DDE calls; any width.
FORMULA = "=+-@|%\u2212"
#: What hides the beginning from the eye, and what a program may take off before it looks.
_HIDDEN = re.compile('[\\s"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*')
_DIGIT = re.compile("[0-9０-９]")
_HAN = "[〇○零一二三四五六七八九十0-9０-９]"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
#: 1. and 100% and （1） and 2020-3; beyond digits and their marks, what a spreadsheet knows by words.
_NUMERIC = re.compile(r"[0-9０-９\s.,．，:：/／%％‰+\-－—–~()（）\[\]$¥￥€]+")
_BY_WORDS = re.compile(
    r"[0-9]+(?:\.[0-9]*)?e[+-]?[0-9]+|true|false"
    rf"|{_HAN}{{1,4}}年(?:{_HAN}{{1,3}}月)?(?:{_HAN}{{1,3}}[日号])?|{_HAN}{{1,3}}月(?:{_HAN}{{1,3}}[日号])?"
    r"|[0-9]{1,2}(?::[0-9]{2}){0,2}\s?[ap]m?"
    rf"|[0-9]{{1,4}}[-/ ]?{_MONTH}(?:[-/ ,]{{0,2}}[0-9]{{1,4}})?|{_MONTH}[-/ ,]{{0,2}}[0-9]{{1,4}}",
    re.IGNORECASE,
)
#: How most cells begin: with Chinese that is no number and no date.
_ORDINARY = re.compile("(?![零一二三四五六七八九十])[\u4e00-\u9fff]")
_ISO_DATE = re.compile("[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
#: The longest cell that Excel opens without spilling has 32,767 characters.
LIMIT = 32_000
SHORT = 40
CUT = "……（表格放不下，全文见网页）"


def text_cell(text: str) -> str:
    """`text` as a cell that stays text."""
    return _short(text) if len(text) <= SHORT else _guarded(text)


@lru_cache(maxsize=10_000)
def _short(text: str) -> str:
    """Ids, codes, labels and names come again in row after row."""
    return _guarded(text)


def _guarded(text: str) -> str:
    if len(text) > LIMIT:
        text = text[:LIMIT] + CUT
    if _ORDINARY.match(text):
        return text
    return f"'{text}" if _is_active(text) or text.startswith("'") or _read_as_number(text) else text


def _is_active(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula, or would lose what it begins with."""
    start = _HIDDEN.match(text)
    rest = text[start.end() :] if start else text
    first = unicodedata.normalize("NFKC", rest[:1])[:1]
    alone = first in ("%", "|") and len(rest) == 1  # the unit %
    return (first != "" and first in FORMULA and not alone) or text.startswith(("\t", "\r", "\n", "\0"))


def _read_as_number(text: str) -> bool:
    return bool((_NUMERIC.fullmatch(text) and _DIGIT.search(text)) or _BY_WORDS.fullmatch(text))


def plain(cell: str) -> str:
    """The text that `text_cell` was given."""
    return cell.removeprefix("'")


def csv_bytes(names: Sequence[str], rows: Iterable[Sequence[Cell]], dates: Collection[int] = ()) -> bytes:
    """A whole file: `csv_head`, then `csv_rows`."""
    return csv_head(names) + csv_rows(rows, dates)


def csv_head(names: Sequence[str]) -> bytes:
    """How the file begins: its mark and the row of its columns' names."""
    return (BOM + lines([names])).encode("utf-8")


def csv_rows(rows: Iterable[Sequence[Cell]], dates: Collection[int] = ()) -> bytes:
    """Rows of the file.  Numbers are written as numbers, None is an empty cell, text is guarded.

    `dates`: places of the columns whose ISO dates stay dates, so that a spreadsheet can sort by them.
    """
    return lines(guarded(row, dates) for row in rows).encode("utf-8")


def guarded(row: Iterable[Cell], dates: Collection[int] = ()) -> list[Cell]:
    """A row, or a part of one, as `lines` writes it: text is guarded.  `dates`: places of dates that stay dates."""
    return [
        cell
        if not isinstance(cell, str) or (place in dates and _ISO_DATE.fullmatch(cell))
        else (_short(cell) if len(cell) <= SHORT else _guarded(cell))  # text_cell, without a call for each cell
        for place, cell in enumerate(row)
    ]


def lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows that are guarded, as the text of the file."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()

"""The characters of a PDF page with their places, by PDFium: none that the page prints is left out without being counted.

Coordinates are points (1/72 inch) of the page as it is shown, from its lower left corner.

PDFium leaves three things out of the text of a page, or puts something else in their place; measured on version 5.15.2
of the binding, and each is made good here:
- a text object whose box has no width, as one lone character of a font that is not embedded, and one whose box has no
  height where the line above says the same: `_widen`;
- a hyphen at the end of a line, for which it gives U+0002;
- a character without an entry in the font's table, for which it gives the code of the shape: U+FFFD here.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ...chars import is_text

MAX_GLYPHS = 20_000  # on one page; a full page of a notice has 700
LOST = "\ufffd"
_SLIM = frozenset(string.ascii_letters + string.digits + " ") - set("MWmw")  # narrower than a Han character in any font
_FULL = 0.97  # of the size: as wide as a Han character
_DEPTH = 15  # forms within forms
_NARROW = 0.02  # points: PDFium passes over a text object whose box is less than 0.01 wide
_ASIDE = 4.0  # points: how far aside a text may be printed again to look bold


class Glyph(NamedTuple):
    """A character (or the letters of one ligature): its left and right edge, the height of its base line, and its size."""

    char: str
    left: float
    right: float
    base: float
    size: float


class Turn(NamedTuple):
    """How a page is turned for its reader (0 to 3 quarters clockwise), and the box that it shows."""

    quarters: int
    left: float
    bottom: float
    right: float
    top: float

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page's own space as a point of the page as shown."""
        if self.quarters == 1:
            return y - self.bottom, self.right - x
        if self.quarters == 2:
            return self.right - x, self.top - y
        if self.quarters == 3:
            return self.top - y, x - self.left
        return x - self.left, y - self.bottom


class Found(NamedTuple):
    """The characters of a page, in its order, and how many of them need a person's look.

    `slanted`: not set upright; `doubtful`: letters and digits as wide as Han characters, which may stand for other ones
    where the font's table is incomplete; `hidden`: drawn with the invisible pen (text rendering mode 3); `unread`: characters or
    texts that are on the page and could not be read; `cut`: there are more than MAX_GLYPHS, and the rest is missing.
    """

    glyphs: tuple[Glyph, ...]
    slanted: int
    doubtful: int
    hidden: int
    unread: int
    cut: bool


def turn_of(page: pdfium.PdfPage) -> Turn:
    """How the page is turned for its reader."""
    return Turn(page.get_rotation() // 90 % 4, *page.get_cropbox())


def glyphs_of(page: pdfium.PdfPage, turn: Turn) -> Found:
    """The characters that the open page itself holds.  Raises pdfium.PdfiumError where the page is broken."""
    objects = {_address(item.raw): item for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEPTH)}
    invisible = {
        key for key, item in objects.items()
        if raw.FPDFTextObj_GetTextRenderMode(item.raw) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    }  # fmt: skip
    for item in objects.values():
        _widen(item)
    text = page.get_textpage()
    try:
        count = text.count_chars()
        found: list[Glyph] = []
        ends: dict[int, str] = {}
        slanted = doubtful = hidden = unread = 0
        last: tuple[int, float, float] | None = None
        for index in range(min(count, MAX_GLYPHS)):
            owner = raw.FPDFText_GetTextObject(text, index)
            key = _address(owner)
            if raw.FPDFText_IsGenerated(text, index) == 1:  # blanks and line ends that the library guessed
                continue
            char = ends[key] = _char(text, index, owner)
            glyph, angle, origin = _placed(text, index, char, turn)
            if glyph is None:
                unread += not char.isspace()
            elif last == (key, *origin) and found and not char.isspace():  # another letter of the same ligature
                found[-1] = found[-1]._replace(char=found[-1].char + char)
            else:
                found.append(glyph)
                slanted += angle > 0.1 and not char.isspace()
                doubtful += _is_doubtful(glyph, text, index, owner)
                hidden += key in invisible and not char.isspace()
            last = (key, *origin)
    finally:
        text.close()
    if count <= MAX_GLYPHS:
        unread += _without_text(objects, ends)
    return Found(tuple(singles(found)), slanted, doubtful, hidden, unread, count > MAX_GLYPHS)


def singles(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The characters in their order, each once: bold print may be made by printing twice, a little aside."""
    cells: dict[tuple[str, int], list[Glyph]] = {}
    twins: Counter[Glyph] = Counter()
    glyphs = list(glyphs)
    for glyph in sorted(glyphs, key=lambda g: g.left):
        row = round(glyph.base / 2)
        reach = 1 + int(0.05 * glyph.size)
        near = (k for cell in range(row - reach, row + reach + 1) for k in cells.get((glyph.char, cell), [])[-2:])
        if glyph.char.strip() and any(_twin(k, glyph) for k in near):
            twins[glyph] += 1
        else:
            cells.setdefault((glyph.char, row), []).append(glyph)
    kept: list[Glyph] = []
    for glyph in glyphs:
        if twins[glyph]:
            twins[glyph] -= 1
        else:
            kept.append(glyph)
    return kept


def _twin(a: Glyph, b: Glyph) -> bool:
    """Whether `b`, the same character further right, lies on `a`: aside by less than half of its own width."""
    aside = min(0.2 * b.size, 0.5 * (a.right - a.left))
    return b.left - a.left <= aside and abs(a.base - b.base) <= 0.1 * b.size


def _address(pointer: object) -> int:
    """What tells one text object from another; 0 for none."""
    return ctypes.addressof(pointer.contents) if pointer else 0  # type: ignore[attr-defined]


def _widen(item: pdfium.PdfObject) -> None:
    """Give a text object without width or height one: a stroked text is as wide and as high as its pen, at the least."""
    box = box_of(item)
    if box is None or min(box[2] - box[0], box[3] - box[1]) >= _NARROW:
        return
    raw.FPDFTextObj_SetTextRenderMode(item.raw, raw.FPDF_TEXTRENDERMODE_STROKE)
    raw.FPDFPageObj_SetStrokeWidth(item.raw, 1.0)
    raw.FPDFPageObj_SetMatrix(item.raw, raw.FS_MATRIX(*item.get_matrix().get()))  # the box is reckoned again


def box_of(item: pdfium.PdfObject) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top in the object's own space; None where it has no box."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item.raw, *edges):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _char(text: pdfium.PdfTextPage, index: int, owner: object) -> str:
    """The character at `index`; U+FFFD where the file does not say which it is, a blank where there is nothing to see."""
    if raw.FPDFText_IsHyphen(text, index) == 1:
        return "-"
    code = raw.FPDFText_GetUnicode(text, index)
    char = chr(code) if 0 < code < 0x110000 else LOST
    if raw.FPDFText_HasUnicodeMapError(text, index) != 1 and is_text(char):
        return char
    return " " if _is_blank(text, index, owner) else LOST


def _is_blank(text: pdfium.PdfTextPage, index: int, owner: object) -> bool:
    """Whether the shape of a character is empty; of a font that is not in the file nobody knows."""
    if not owner or raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(owner)) != 1:
        return False
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return right.value - left.value < _NARROW or top.value - bottom.value < _NARROW


def _is_doubtful(glyph: Glyph, text: pdfium.PdfTextPage, index: int, owner: object) -> bool:
    """Whether a letter, digit or blank is as wide as a Han character: the code of a shape, taken for a character."""
    if glyph.char not in _SLIM or glyph.right - glyph.left < _FULL * glyph.size:
        return False
    return not _is_blank(text, index, owner)


def _placed(
    text: pdfium.PdfTextPage, index: int, char: str, turn: Turn
) -> tuple[Glyph | None, float, tuple[float, float]]:
    """The character in its place (None where that is no place), how far it is from upright, and where its pen began."""
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetLooseCharBox(text, index, box)
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    raw.FPDFText_GetMatrix(text, index, matrix)
    points = raw.FPDFText_GetFontSize(text, index)
    size = points * math.hypot(matrix.c, matrix.d)
    angle = (raw.FPDFText_GetCharAngle(text, index) + math.pi / 2 * turn.quarters) % (2 * math.pi)
    corners = turn.apply(box.left, box.bottom), turn.apply(box.right, box.top)
    left, right = sorted((corners[0][0], corners[1][0]))
    base = turn.apply(x.value, y.value)[1]
    if unicodedata.east_asian_width(char) == "W" and not turn.quarters:  # some edges are those of the shape
        right = max(right, x.value - turn.left + 0.95 * points * abs(matrix.a))
    placed = all(map(math.isfinite, (left, right, base, size)))
    glyph = Glyph(char, left, right, base, max(size, 1.0)) if placed else None
    return glyph, min(angle, 2 * math.pi - angle), (x.value, y.value)


def _without_text(objects: Mapping[int, pdfium.PdfObject], last: Mapping[int, str]) -> int:
    """How many text objects gave no character (`last`: the last one that each gave), although they print some.

    PDFium leaves out a blank behind a blank, and a text that is printed over the same text again: neither counts.
    """
    boxes = {key: box for key, item in objects.items() if (box := box_of(item)) and all(map(math.isfinite, box))}
    places = {place for key, box in boxes.items() if key in last for place in _places(box)}
    count = 0
    blank = False
    for key in objects:
        if key in last:
            blank = last[key].isspace()
        elif not blank and (key not in boxes or _cell(boxes[key]) not in places):
            count += 1
    return count


def _cell(box: Sequence[float]) -> tuple[int, int, int]:
    """Where a box begins and how wide it is, so roughly that a text printed twice, a little aside, is near itself."""
    left, bottom, right, _ = box
    return round(left / _ASIDE), round(bottom / _ASIDE), round((right - left) / _ASIDE)


def _places(box: Sequence[float]) -> Iterator[tuple[int, int, int]]:
    """The cells near the one of `box`, itself among them."""
    steps = itertools.product((-1, 0, 1), repeat=3)
    cell = _cell(box)
    return ((cell[0] + a, cell[1] + b, cell[2] + c) for a, b, c in steps)

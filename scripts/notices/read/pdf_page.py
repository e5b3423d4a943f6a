"""A page of a PDF as characters and ruled lines with their places, by PDFium: the only module that knows the library.

Coordinates are points (1/72 inch) of the page as it is shown, from its lower left corner.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import east_asian_width

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_GLYPHS = 20_000  # on one page; a full page of a notice has 700
MAX_OBJECTS = 5_000  # of a page whose ruled lines are looked for
MAX_SEGMENTS = 4_000
THIN = 3.0  # points; a filled rectangle as thin is a line


class Glyph(NamedTuple):
    """A character: its left and right edge, the height of its base line, and its size."""

    char: str
    left: float
    right: float
    base: float
    size: float


class Stroke(NamedTuple):
    """A straight ruled line, level or upright; x0 <= x1, y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        return self.x1 - self.x0 > self.y1 - self.y0


class PageText(NamedTuple):
    """What stands on a page.  `slanted`: characters that are not set upright; `pictures`: how many images."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Stroke, ...]
    slanted: int
    pictures: int


def page_text(page: pdfium.PdfPage) -> PageText:
    """The characters and ruled lines of an open page.  Raises pdfium.PdfiumError where the page is broken."""
    width, height = page.get_size()
    turn = _turner(page)
    glyphs, slanted = _glyphs(page, turn)
    strokes, pictures = _objects(page, turn)
    return PageText(width, height, tuple(glyphs), tuple(strokes), slanted, pictures)


class _Turn(NamedTuple):
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


def _turner(page: pdfium.PdfPage) -> _Turn:
    return _Turn(page.get_rotation() // 90 % 4, *page.get_cropbox())


def _glyphs(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Glyph], int]:
    """The characters that the page itself holds, in its order, and how many are not upright."""
    text = page.get_textpage()
    found: list[Glyph] = []
    slanted = 0
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(min(text.count_chars(), MAX_GLYPHS)):
        if raw.FPDFText_IsGenerated(text, index) == 1:  # blanks and line ends that the library guessed
            continue
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetMatrix(text, index, matrix)
        size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        angle = (raw.FPDFText_GetCharAngle(text, index) + math.pi / 2 * turn.quarters) % (2 * math.pi)
        slanted += min(angle, 2 * math.pi - angle) > 0.1 and not char.isspace()
        corners = turn.apply(box.left, box.bottom), turn.apply(box.right, box.top)
        left, right = sorted((corners[0][0], corners[1][0]))
        base = turn.apply(x.value, y.value)[1]
        if east_asian_width(char) == "W" and not turn.quarters:  # some edges are those of the shape, not of its place
            right = max(right, x.value - turn.left + 0.95 * raw.FPDFText_GetFontSize(text, index) * abs(matrix.a))
        if all(map(math.isfinite, (left, right, base, size))):
            found.append(Glyph(char, left, right, base, max(size, 1.0)))
    text.close()
    return found, slanted


def _objects(page: pdfium.PdfPage, turn: _Turn) -> tuple[list[Stroke], int]:
    """Ruled lines, and the number of pictures."""
    strokes: list[Stroke] = []
    pictures = 0
    for number, item in enumerate(page.get_objects(max_depth=3)):
        if number >= MAX_OBJECTS or len(strokes) >= MAX_SEGMENTS:
            return [], pictures  # a drawing, not a table
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            strokes.extend(_strokes(item, turn))
    return strokes, pictures


def _strokes(path: pdfium.PdfObject, turn: _Turn) -> Iterator[Stroke]:
    """The level and upright lines of a path; a thin rectangle is one."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    for index in range(min(raw.FPDFPath_CountSegments(path), MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = turn.apply(*matrix.on_point(x.value, y.value))
        if not all(map(math.isfinite, point)):
            return
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO or last is None:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _stroke(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield from _stroke(last, start)
            last = start


def _stroke(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Stroke]:
    x0, x1 = sorted((a[0], b[0]))
    y0, y1 = sorted((a[1], b[1]))
    if min(x1 - x0, y1 - y0) <= 1 and max(x1 - x0, y1 - y0) > THIN:
        yield Stroke(x0, y0, x1, y1)

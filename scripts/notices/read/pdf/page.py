"""A page of a PDF as characters and ruled lines with their places, by PDFium.

Coordinates are points (1/72 inch) of the page as it is shown, from its lower left corner.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from .glyphs import Glyph, Turn, box_of, glyphs_of, turn_of

MAX_OBJECTS = 5_000  # images and paths of a page whose ruled lines are looked for
MAX_SEGMENTS = 4_000
THIN = 3.0  # points; a filled rectangle as thin is a line


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
    """What stands on a page.  `pictures`: how many images; `covered`: the share of the page that they take up, 0 to 1.

    The other counts are those of `pdf_glyphs.Found`.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Stroke, ...]
    slanted: int
    doubtful: int
    hidden: int
    unread: int
    cut: bool
    pictures: int
    covered: float


def page_text(page: pdfium.PdfPage) -> PageText:
    """The characters and ruled lines of an open page.  Raises pdfium.PdfiumError where the page is broken."""
    width, height = page.get_size()
    turn = turn_of(page)
    strokes, pictures, area = _objects(page, turn)
    found = glyphs_of(page, turn)
    covered = min(area / (width * height), 1.0) if width * height > 0 else 0.0
    return PageText(
        width,
        height,
        found.glyphs,
        tuple(strokes),
        found.slanted,
        found.doubtful,
        found.hidden,
        found.unread,
        found.cut,
        pictures,
        covered,
    )


def _objects(page: pdfium.PdfPage, turn: Turn) -> tuple[list[Stroke], int, float]:
    """Ruled lines, the number of pictures, and how many square points of the page they cover together."""
    strokes: list[Stroke] = []
    pictures, area = 0, 0.0
    drawn = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    for number, item in enumerate(drawn):
        if number >= MAX_OBJECTS or len(strokes) >= MAX_SEGMENTS:
            return [], pictures, area  # a drawing, not a table
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
            area += _area(item, turn)
        else:
            strokes.extend(_strokes(item, turn))
    return strokes, pictures, area


def _area(item: pdfium.PdfObject, turn: Turn) -> float:
    """How much of the shown page an image covers, in square points."""
    box = box_of(item)
    if box is None or not all(map(math.isfinite, box)):
        return 0.0
    wide = min(box[2], turn.right) - max(box[0], turn.left)
    high = min(box[3], turn.top) - max(box[1], turn.bottom)
    return max(wide, 0.0) * max(high, 0.0)


def _strokes(path: pdfium.PdfObject, turn: Turn) -> Iterator[Stroke]:
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

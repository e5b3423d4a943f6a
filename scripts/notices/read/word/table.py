"""Tables of a docx (ECMA-376 part 1, 17.4): data that stays a table, or a grid that only arranges the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lxml.etree import _Element as Element

from ..built import Part
from ..html.tree import CELL_LIMIT
from .styles import W, value

MAX_SPAN = 60  # columns of a table; Word allows 63


class Cell(NamedTuple):
    """A cell's parts (of `rows_of`: none yet), how many columns it spans, and whether it goes on one from above."""

    parts: tuple[Part, ...]
    span: int
    goes_on: bool
    element: Any = None


class Row(NamedTuple):
    """A row: its cells, and how many columns are left out before them."""

    cells: tuple[Cell, ...]
    before: int


def rows_of(table: Element) -> Iterator[Row]:
    """The rows of a table; the cells hold their element and no parts yet.  Deleted rows are left out."""
    for row in _children(table, "tr"):
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        cells = []
        for cell in _children(row, "tc"):
            merged = value(cell, "tcPr", "vMerge")
            span = _columns(value(cell, "tcPr", "gridSpan"), 1)
            cells.append(Cell((), span, merged is not None and merged != "restart", cell))
        yield Row(tuple(cells), _columns(value(row, "trPr", "gridBefore"), 0))


def _children(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
            yield from _children(child, name)


def _columns(text: str | None, default: int) -> int:
    return min(int(text), MAX_SPAN) if text and text.isascii() and text.isdigit() and len(text) < 4 else default


def table_text(rows: Sequence[Row]) -> str:
    """Rows as lines, cells between tabs; "" for a table that is no data: one column, a long cell, a table inside.

    A merged cell's text stands once; columns and rows without any text are left out.
    """
    grid = [_row(row) for row in rows]
    if any(part.kind == "table" for row in rows for cell in row.cells for part in cell.parts):
        return ""
    filled = [row for row in grid if any(row)]
    if (
        sum(sum(map(bool, row)) >= 2 for row in filled) < 2
        or max(len(text) for row in filled for text in row) > CELL_LIMIT
    ):
        return ""
    width = max(map(len, filled))
    square = [row + [""] * (width - len(row)) for row in filled]
    used = [column for column in range(width) if any(row[column] for row in square)]
    return "\n".join("\t".join(row[column] for column in used) for row in square)


def _row(row: Row) -> list[str]:
    texts = [""] * row.before
    for cell in row.cells:
        text = "" if cell.goes_on else " ".join(" ".join(part.text for part in cell.parts).split())
        texts += [text, *[""] * (cell.span - 1)]
    return texts

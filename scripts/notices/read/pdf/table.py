"""Ruled tables of a PDF page: which characters stand in which cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..html.tree import CELL_LIMIT
from .glyphs import Glyph
from .lines import line_of, lines_of
from .page import Stroke

NEAR = 3.0  # points: lines that meet, and edges that are the same
MAX_STROKES = 1500  # of a page; more are a drawing


class Table(NamedTuple):
    """A data table: its text, cells between tabs, rows as lines; where it begins; and the characters it holds."""

    text: str
    top: float
    glyphs: frozenset[Glyph]


def tables_of(glyphs: Sequence[Glyph], strokes: Sequence[Stroke]) -> list[Table]:
    """The ruled tables with at least two rows and columns of short cells, from the top of the page."""
    if len(strokes) > MAX_STROKES:
        return []
    found = (_table(glyphs, group) for group in _groups(strokes))
    return sorted((table for table in found if table is not None), key=lambda table: -table.top)


def _groups(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Strokes that touch one another."""
    groups: list[list[Stroke]] = []
    left = list(strokes)
    while left:
        group = [left.pop()]
        for member in group:  # grows while it is walked through
            near = [s for s in left if _touch(member, s)]
            if near:
                group += near
                left = [s for s in left if not _touch(member, s)]
        groups.append(group)
    return groups


def _touch(a: Stroke, b: Stroke) -> bool:
    return a.x0 - NEAR <= b.x1 and b.x0 - NEAR <= a.x1 and a.y0 - NEAR <= b.y1 and b.y0 - NEAR <= a.y1


def _table(glyphs: Iterable[Glyph], strokes: Sequence[Stroke]) -> Table | None:
    """The table that the strokes rule; None where they rule none."""
    upright, level = [s for s in strokes if not s.level], [s for s in strokes if s.level]
    columns, rows = _edges(s.x0 for s in upright), _edges(s.y0 for s in level)
    if len(columns) < 3 or len(rows) < 3:
        return None
    cells: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, glyph.base + 0.3 * glyph.size
        if not (columns[0] < x < columns[-1] and rows[0] < y < rows[-1]):
            continue
        left = max((s.x0 for s in upright if s.x0 <= x and s.y0 - NEAR <= y <= s.y1 + NEAR), default=columns[0])
        top = min((s.y0 for s in level if s.y0 >= y and s.x0 - NEAR <= x <= s.x1 + NEAR), default=rows[-1])
        cells.setdefault((_index(rows, top), _index(columns, left)), []).append(glyph)
    texts = {key: _cell(held) for key, held in cells.items()}
    used = sorted({column for (_, column), text in texts.items() if text})
    lines = [
        [texts.get((row, column), "") for column in used] for row in sorted({row for row, _ in texts}, reverse=True)
    ]
    filled = [line for line in lines if any(line)]
    if sum(sum(map(bool, line)) >= 2 for line in filled) < 2 or max(map(len, texts.values())) > CELL_LIMIT:
        return None
    return Table(
        "\n".join("\t".join(line) for line in filled), rows[-1], frozenset(g for c in cells.values() for g in c)
    )


def _cell(glyphs: Iterable[Glyph]) -> str:
    """The text of a cell; its lines are one, as a narrow column breaks them anywhere."""
    text = ""
    for row in lines_of(glyphs):
        line = line_of(row).text
        latin = text[-1:].isascii() and text[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
        text += (" " if latin else "") + line
    return " ".join(text.split())


def _edges(places: Iterable[float]) -> list[float]:
    """The distinct places, in order; those that are near one another are one."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > NEAR:
            edges.append(place)
    return edges


def _index(edges: Sequence[float], place: float) -> int:
    """Which of the edges is nearest."""
    at = bisect_left(edges, place)
    near = range(max(at - 1, 0), min(at + 1, len(edges)))
    return min(near, key=lambda index: abs(edges[index] - place))

"""Characters of a PDF page to lines of text, by where they stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .glyphs import Glyph

SAME_LINE = 0.45  # of the larger size: base lines that differ less are one line, with its raised figures
WORD_GAP = 0.18  # of the size: a gap between two Latin letters or digits that shows a space
WIDE_GAP = 0.9  # of the size: a gap between any two characters that shows a space
QUOTES = "“”‘’"
OPENING = "“‘（《〈【〔［(["
CLOSING = "，。；：、！？）》〉】〕］”’％%…,.;:!?)]"
GUTTER_LINES = 8  # lines with a gap at the same place that make two columns
COLUMN = 8  # characters on each side of it


class Line(NamedTuple):
    """A line of text and where it stands.  `first`: how wide its first word is, which no line break can part."""

    text: str
    left: float
    right: float
    base: float
    size: float
    first: float


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters in lines, from the top, each from the left; blank ones are left out."""
    rows: list[list[Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.char.strip()), key=lambda g: (-g.base, g.left)):
        row = rows[-1] if rows else None
        if row and row[0].base - glyph.base <= SAME_LINE * max(row[0].size, glyph.size):
            row.append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.left) for row in rows]


def line_of(row: Sequence[Glyph]) -> Line:
    """One row of characters, from the left, as a line; gaps that a reader sees become spaces."""
    size = sorted(g.size for g in row)[len(row) // 2]
    wide = max(WIDE_GAP * size, _spread(row, size))
    parts = [row[0].char]
    for before, glyph in itertools.pairwise(row):
        gap = glyph.left - before.right
        latin = before.char.isascii() and glyph.char.isascii() and (before.char.isalnum() and glyph.char.isalnum())
        if gap > wide or (latin and gap > WORD_GAP * size):
            parts.append(" ")
        parts.append(glyph.char)
    base = max((g for g in row), key=lambda g: g.size).base
    return Line("".join(parts), row[0].left, row[-1].right, base, size, _first(row))


def _spread(row: Sequence[Glyph], size: float) -> float:
    """The gap that counts as a space in a line whose characters are set apart to fill it; 0 for a usual line."""
    gaps = sorted(b.left - a.right for a, b in itertools.pairwise(row))
    if len(gaps) < 4:
        return 0
    usual = gaps[len(gaps) // 2]
    return usual * 1.8 if usual > 0.5 * size else 0


def _first(row: Sequence[Glyph]) -> float:
    """The width of what a line begins with and no break can part: a word, or a character and the marks tied to it."""
    end = 0
    while end < len(row) - 1 and _tied(row[end], row[end + 1]):
        end += 1
    return row[end].right - row[0].left


def _tied(a: Glyph, b: Glyph) -> bool:
    """Whether no line break may part two characters (UAX 14: closing and opening marks, quotation marks, words)."""
    if b.char in CLOSING or a.char in OPENING or a.char in QUOTES or b.char in QUOTES:
        return True
    return a.char.isascii() and b.char.isascii() and b.left - a.right < WORD_GAP * a.size


def in_columns(rows: Sequence[list[Glyph]]) -> list[list[list[Glyph]]]:
    """The rows in reading order, a group for each column; one group where the page has no columns.

    A row across both columns ends those above it.
    """
    gutter = _gutter(rows)
    if gutter is None:
        return [list(rows)]
    groups: list[list[list[Glyph]]] = [[]]
    left: list[list[Glyph]] = []
    right: list[list[Glyph]] = []
    for row in rows:
        across = row[0].left < gutter < row[-1].right and _gap_at(row, gutter) < row[0].size
        if across:
            groups += [left, right, []] if left or right else []
            left, right = [], []
            groups[-1].append(row)
            continue
        halves = [g for g in row if g.right <= gutter], [g for g in row if g.right > gutter]
        left += [halves[0]] if halves[0] else []
        right += [halves[1]] if halves[1] else []
    return [group for group in (*groups, left, right) if group]


def _gutter(rows: Sequence[list[Glyph]]) -> float | None:
    """The middle of a gap that runs down through most lines with running text on both sides; None for none."""
    gaps = [(a.right, b.left) for row in rows for a, b in _wide_gaps(row)]
    if len(gaps) < GUTTER_LINES or len(gaps) * 2 < len(rows):
        return None
    middle = sorted((a + b) / 2 for a, b in gaps)[len(gaps) // 2]
    through = sum(a <= middle <= b for a, b in gaps)
    return middle if through >= GUTTER_LINES and through * 2 >= len(rows) else None


def _wide_gaps(row: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    for index in range(COLUMN, len(row) - COLUMN + 1):
        if row[index].left - row[index - 1].right > 1.2 * row[index].size:
            yield row[index - 1], row[index]


def _gap_at(row: Sequence[Glyph], x: float) -> float:
    """How wide the gap is in which `x` lies; 0 where it lies in none."""
    return next((b.left - a.right for a, b in itertools.pairwise(row) if a.right <= x <= b.left), 0)

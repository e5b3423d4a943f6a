"""Plain text to blocks: one a line."""

from __future__ import annotations

import re

from ..ledger import block_of
from ..model import Block, Piece

#: Line ends as Python's universal newlines know them; form feeds and such stay inside a line.
END = re.compile(r"\r\n|\r|\n|\u2028|\u2029|\x85")


def line_starts(text: str) -> tuple[int, ...]:
    """Offsets at which the lines of `text` begin."""
    return (0, *(found.end() for found in END.finditer(text)))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Every line of `text` as a block, blank ones included; the pieces tile `text`."""
    blocks: list[Block] = []
    start = 0
    for found in END.finditer(text):
        blocks.append(_line(text, start, found.start(), found.end(), len(blocks) + 1))
        start = found.end()
    if start < len(text):
        blocks.append(_line(text, start, len(text), len(text), len(blocks) + 1))
    return tuple(blocks)


def _line(text: str, start: int, end: int, after: int, number: int) -> Block:
    if text[end:after] == "\n":
        return block_of(number, [Piece(start, after, text[start:after])])
    pieces = [Piece(start, end, text[start:end])] if end > start else []
    return block_of(number, [*pieces, Piece(end, after, "\n", "line-end")])

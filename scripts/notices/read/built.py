"""Blocks of a file whose text is not its bytes: paragraphs and tables of a Word file, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..ledger import block_of
from ..model import Block, Piece


class Part(NamedTuple):
    """A paragraph or table as its readers see it: lines of text, no line end at the end.

    kind: "text", "heading" or "table" (cells by tabs).  `rule` names why a part is not published; "" for one that is.
    """

    text: str
    kind: str = "text"
    level: int = 0
    rule: str = ""


class Built(NamedTuple):
    """The text of all parts and its blocks; the blocks' pieces and `removed` tile `text`."""

    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...]


def build(parts: Iterable[Part]) -> Built:
    """Parts to blocks: a line of a text part is a block, a table is one."""
    texts: list[str] = []
    blocks: list[Block] = []
    removed: list[Piece] = []
    at, line = 0, 1
    for part in parts:
        for text in [part.text] if part.kind == "table" else part.text.split("\n"):
            end = at + len(text) + 1
            if part.rule:
                removed.append(Piece(at, end, "", part.rule))
            else:
                blocks.append(block_of(line, [Piece(at, end, text + "\n")], part.kind, part.level))
            texts.append(text + "\n")
            at = end
            line += text.count("\n") + 1
    return Built("".join(texts), tuple(blocks), tuple(removed))

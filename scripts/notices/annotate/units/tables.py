"""Responsibility tables: rows of cells parted by tabs, below a head with cells 牵头单位, 配合单位, 责任单位 or the like.

In: the folded text of a clause, and the head that an earlier clause ended with, because the titles of sections stand
between the rows of one table.  Out: one Statement for each row that names units; offsets are those of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import lists as unit_lists
from .grammar import Grammar
from .lists import Mention, Statement

ROW = re.compile(r"[^\n]*\t[^\n]*")
CELL = re.compile(r"[^\t\n]*(?:(?=\t)|$|(?=\n))")
SENTENCE = re.compile("[。;]")


@dataclass(frozen=True, slots=True)
class Head:
    """How many cells a table has across, and the role of each column that has a label (unit_grammar.ROLES)."""

    width: int
    columns: dict[int, str]


def rows(text: str, grammar: Grammar, own: tuple[str, ...], head: Head | None) -> tuple[list[Statement], Head | None]:
    """The statements of the table rows in `text`, and the head that holds for the clause after it."""
    if "\t" not in text:
        return [], None if SENTENCE.search(text) else head  # a sentence ends a table, a section's title does not
    carried, found = head is not None, list[Statement]()
    for row in ROW.finditer(text):
        cells = list(CELL.finditer(text, row.start(), row.end()))
        labels = {at: grammar.labels.get("".join(cell[0].split())) for at, cell in enumerate(cells)}
        columns = {at: role for at, role in labels.items() if role}
        if columns:
            units = any(role != "skip" for role in columns.values())
            head, carried = Head(len(cells), columns) if units else None, False
        elif head and len(cells) <= head.width:
            readings = [_row(text, cells, 0, head, grammar, own)]
            if 1 < len(cells) < head.width:  # a merged cell on the left is printed in the first of its rows only
                readings.append(_row(text, cells, head.width - len(cells), head, grammar, own))
            found += [max(named, key=lambda s: len(s.mentions))] if (named := [s for s in readings if s]) else []
        elif carried:
            head = None  # wider than the table of the earlier clause: another table
    return found, head


def _row(
    text: str, cells: list[re.Match[str]], shift: int, head: Head, grammar: Grammar, own: tuple[str, ...]
) -> Statement | None:
    """The statement of a row whose first cell stands in column `shift`; None where its columns name no units."""
    mentions, unknown, several = list[Mention](), list[str](), False
    for at, cell in enumerate(cells):
        role = head.columns.get(at + shift, "skip")
        if role == "skip":
            continue
        read = unit_lists.parse(text, cell.start(), cell.end(), grammar, own, "table")
        mentions += [m._replace(role=m.role or role) for m in read.mentions]
        unknown, several = unknown + list(read.unknown), several or read.several
    if not mentions or len(unknown) > len(mentions):
        return None
    first, last = cells[0].start(), cells[-1].end()
    return Statement(first, last, tuple(mentions), tuple(unknown), True, several, (), True, "table")

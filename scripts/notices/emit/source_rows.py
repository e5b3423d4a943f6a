"""The received text and the published one cut into rows: a row a block, and a row a run of lines that were removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..model import Block, Document, Notice, Piece
from .view import SLOTS, clause_name

#: Rules whose work is counted and not marked: nobody would see a mark on a blank line.
COUNTED = ("layout-blank-line", "layout-indent", "line-end", "pdf-line-break")
#: What the source of a web page spells out and a browser shows as a character or as nothing.
SPELT = ("html-entity", "html-space")
MARKUP = ("html-markup", "html-script", "html-comment", "html-form")


class SourceRow(NamedTuple):
    """Pieces that follow one another, and the block they became; block None: nothing of them is published."""

    line: int
    block: Block | None
    pieces: tuple[Piece, ...]


class Goal(NamedTuple):
    """Where a block is published: the anchor on the notice's page and the words of the link."""

    anchor: str
    words: str


def source_rows(document: Document) -> list[SourceRow]:
    """Rows whose pieces, one after another, are all the pieces of the document.

    What nobody sees (blank lines, markup) goes with the row beside it; neighbouring lines that the same rules removed
    are one row.
    """
    groups: list[list[SourceRow]] = []
    named: tuple[str, ...] = ()  # the rules that removed text of the last group
    for row in _runs(document):
        removed = rules_of(document, row)
        if groups and row.block is None and (not removed or (groups[-1][0].block is None and removed == named)):
            groups[-1].append(row)
        else:
            groups.append([row])
            named = removed
    if len(groups) > 1 and groups[0][0].block is None and not any(rules_of(document, row) for row in groups[0]):
        groups[:2] = [[groups[1][0], *groups[0], *groups[1][1:]]]
    return [_joined(group) for group in groups]


def _joined(group: list[SourceRow]) -> SourceRow:
    """The rows as one, with the line and the block of the first; pieces in source order."""
    pieces = sorted((piece for row in group for piece in row.pieces), key=lambda piece: (piece.start, piece.end))
    return group[0]._replace(pieces=tuple(pieces))


def _runs(document: Document) -> Iterator[SourceRow]:
    """The pieces in source order, those of a block together with what was removed between them."""
    owner = {_key(piece): number for number, block in enumerate(document.blocks) for piece in block.pieces}
    pieces = document.pieces
    last = {owner[_key(piece)]: place for place, piece in enumerate(pieces) if _key(piece) in owner}
    held: list[Piece] = []
    current: int | None = None
    for place, piece in enumerate(pieces):
        number = owner.get(_key(piece))
        inside = current is not None and (number == current or (number is None and place < last[current]))
        if held and not inside:
            yield _row(document, current, held)
            held, current = [], None
        held.append(piece)
        current = number if current is None else current
    if held:
        yield _row(document, current, held)


def _key(piece: Piece) -> tuple[int, int, str, str]:
    return (piece.start, piece.end, piece.text, piece.rule)


def _row(document: Document, number: int | None, pieces: list[Piece]) -> SourceRow:
    block = None if number is None else document.blocks[number]
    return SourceRow(block.line if block else document.line_of(pieces[0].start), block, tuple(pieces))


def is_removal(document: Document, piece: Piece) -> bool:
    """Whether a piece is text that stood on the page and is not published."""
    return not piece.text and is_marked(document, piece) and bool(document.text[piece.start : piece.end].strip())


def is_marked(document: Document, piece: Piece) -> bool:
    """Whether a change is shown where it stands; the others are counted only."""
    if not piece.rule or piece.rule in (*COUNTED, *MARKUP) or is_spelt(document, piece):
        return False
    return bool(piece.text) or piece.end > piece.start


def is_spelt(document: Document, piece: Piece) -> bool:
    """Whether a piece is spelt in a web page otherwise than its readers see it."""
    return document.source.media == "html" and piece.rule in SPELT


def rules_of(document: Document, row: SourceRow) -> tuple[str, ...]:
    """The rules that removed text of a row, each once, in the order of the text."""
    return tuple(dict.fromkeys(piece.rule for piece in row.pieces if is_removal(document, piece)))


def row_ids(rows: list[SourceRow]) -> list[str]:
    """L<line> for each row; "" where an earlier row, or for removed lines a published one, has that line."""
    published = {row.line for row in rows if row.block}
    taken: set[int] = set()
    ids: list[str] = []
    for row in rows:
        free = row.line not in taken and (row.block is not None or row.line not in published)
        ids.append(f"L{row.line}" if free else "")
        if free:
            taken.add(row.line)
    return ids


def goals(notice: Notice) -> dict[int, list[tuple[str, Goal]]]:
    """Line → the texts that were published from it, each with where it stands."""
    found: dict[int, list[tuple[str, Goal]]] = {}
    for clause in notice.clauses:
        name = clause_name(clause, 16)
        if clause.anchor not in SLOTS:
            found.setdefault(clause.line, []).append((clause.label + clause.title, Goal(clause.anchor, name)))
        for paragraph in clause.paragraphs:
            found.setdefault(paragraph.line, []).append((paragraph.text, Goal(paragraph.anchor, name)))
    title = notice.meta.title
    if title.value and title.line:
        found.setdefault(title.line, []).append((title.value, Goal("notice", "标题")))
    return found


def goal_of(block: Block, places: dict[int, list[tuple[str, Goal]]]) -> Goal | None:
    """Where a block stands on the notice's page; None for one that is on it nowhere."""
    here = places.get(block.line, [])
    flat = "".join(block.text.split())
    fitting = (goal for text, goal in here if text and "".join(text.split()) in flat)
    return next(fitting, here[0][1] if len(here) == 1 else None)

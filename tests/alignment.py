"""From source offsets, in which the golds are written, to the published text, and from clause offsets to it too."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from notices.model import Document, Notice


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where source characters and clause characters stand in `Document.published`.

    starts: the first published offset of each source stretch; clauses: anchor → the published offset of each character
    of the clause's text (-1 for a character that stands nowhere).
    """

    source: tuple[tuple[int, int, int, bool], ...]  # (source start, source end, published start, one to one)
    clauses: dict[str, tuple[int, ...]]

    def published(self, start: int, end: int) -> tuple[int, int] | None:
        """The published range of the source characters [start, end); None where nothing of them is published."""
        places = [at for position in range(start, end) if (at := self._place(position)) is not None]
        return (min(places), max(places) + 1) if places else None

    def _place(self, position: int) -> int | None:
        index = bisect_right(self.source, (position, float("inf"), 0, False)) - 1
        if index < 0:
            return None
        start, end, at, straight = self.source[index]
        if not start <= position < end:
            return None
        return at + (position - start if straight else 0)

    def of_clause(self, anchor: str, start: int, end: int) -> tuple[int, int]:
        """The published range of [start, end) of a clause's text."""
        places = [at for at in self.clauses[anchor][start:end] if at >= 0]
        return (min(places), max(places) + 1)


def align(notice: Notice) -> Alignment:
    """The alignment of a notice as converted.  Raises ValueError where a paragraph is not in the published text."""
    return Alignment(tuple(_source(notice.document)), _clauses(notice))


def _source(document: Document) -> list[tuple[int, int, int, bool]]:
    """Stretches that are published, in source order."""
    rows = []
    at = 0
    for block in document.blocks:
        for piece in block.pieces:
            if piece.text and piece.end > piece.start:
                rows.append((piece.start, piece.end, at, len(piece.text) == piece.end - piece.start))
            at += len(piece.text)
    return sorted(rows)


def _clauses(notice: Notice) -> dict[str, tuple[int, ...]]:
    text = notice.document.published
    position = 0
    found: dict[str, tuple[int, ...]] = {}
    for clause in notice.clauses:
        places = [-1] * len(clause.text)
        offset = 0
        for part in (clause.title + clause.mark, *(paragraph.text for paragraph in clause.paragraphs)):
            if not part:
                continue
            offset = clause.text.index(part, offset)
            position = _find(text, part, position)
            places[offset : offset + len(part)] = range(position, position + len(part))
            offset, position = offset + len(part), position + len(part)
        found[clause.anchor] = tuple(places)
    return found


def _find(text: str, part: str, position: int) -> int:
    at = text.find(part, position)
    at = text.find(part) if at < 0 else at  # a slot may stand out of order
    if at < 0:
        raise ValueError(f"not in the published text: {part[:40]!r}")
    return at

"""Changing text without losing the way back: the only functions that alter a block's pieces.

A block's pieces tile a stretch of the source.  Every change keeps the tiling, so
`replay(document)` gives the decoded source again (DESIGN, invariant 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from .model import Block, Document, Piece


class Change(NamedTuple):
    """Replace [start, end) of a block's current text by `text`, in the name of `rule`."""

    start: int
    end: int
    text: str
    rule: str


def block_of(line: int, pieces: Iterable[Piece], kind: str = "text", level: int = 0) -> Block:
    """A block whose text is the pieces' text without the final newline."""
    kept = tuple(pieces)
    text = "".join(piece.text for piece in kept)
    return Block(line, kind, kept, text.removesuffix("\n"), level)


def substitute(block: Block, changes: Sequence[Change]) -> Block:
    """`block` with the changes applied; they are sorted, do not overlap, and count in `block.text`."""
    if not changes:
        return block
    pieces = tuple(_inside_kept(block.pieces, changes) or _anywhere(block.pieces, changes))
    text = "".join([p.text for p in pieces]).removesuffix("\n")
    return Block(block.line, block.kind, pieces, text, block.level)


def _inside_kept(pieces: Sequence[Piece], changes: Sequence[Change]) -> list[Piece] | None:
    """The usual case in one pass: every change lies within one kept piece.  None where one does not."""
    out: list[Piece] = []
    position, number = 0, 0
    for piece in pieces:
        start, end, text, rule = piece
        limit, done = position + len(text), 0
        while not rule and number < len(changes):
            at, until, after, by = changes[number]
            if at < position or until > limit or at == until:
                break
            if at - position > done:
                out.append(Piece(start + done, start + at - position, text[done : at - position]))
            done = until - position
            out.append(Piece(start + at - position, start + done, after, by))
            number += 1
        if not done:
            out.append(piece)
        elif done < len(text):
            out.append(Piece(start + done, end, text[done:]))
        position = limit
    return out if number == len(changes) else None


def _anywhere(pieces: Sequence[Piece], changes: Sequence[Change]) -> list[Piece]:
    """The pieces after changes that may cut or cover what earlier rules replaced."""
    out: list[Piece] = []
    queue = list(reversed(pieces))
    position = 0
    for change in changes:
        position = _pass_until(change.start, position, queue, out)
        position = _apply(change, position, queue, out)
    out.extend(reversed(queue))
    return out


def _pass_until(target: int, position: int, queue: list[Piece], out: list[Piece]) -> int:
    """Move pieces to `out` until `target`; a kept piece that straddles it is split."""
    while queue and position < target:
        piece = queue.pop()
        end = position + len(piece.text)
        if end > target and not piece.rule:
            cut = piece.start + target - position
            out.append(Piece(piece.start, cut, piece.text[: target - position]))
            queue.append(Piece(cut, piece.end, piece.text[target - position :]))
            return target
        if end > target:  # inside replaced text: leave it to _apply
            queue.append(piece)
            return position
        out.append(piece)
        position = end
    return position


def _apply(change: Change, position: int, queue: list[Piece], out: list[Piece]) -> int:
    """Consume the pieces under `change` and append what they become; returns the new position."""
    while queue and not queue[-1].text:  # removed earlier: keeps the name of its own rule
        out.append(queue.pop())
    taken: list[Piece] = []
    at = position
    while queue and at < change.end:
        piece = queue.pop()
        end = at + len(piece.text)
        if end > change.end and not piece.rule:
            cut = piece.start + change.end - at
            queue.append(Piece(cut, piece.end, piece.text[change.end - at :]))
            piece, end = Piece(piece.start, cut, piece.text[: change.end - at]), change.end
        taken.append(piece)
        at = end
    if not taken:  # an insertion
        spot = queue[-1].start if queue else out[-1].end
        out.append(Piece(spot, spot, change.text, change.rule))
        return position
    old = "".join(piece.text for piece in taken)
    head, tail = old[: change.start - position], old[change.end - position :]
    if not change.text and not head and not tail:
        out.extend(Piece(p.start, p.end, "", p.rule or change.rule) for p in taken)
    else:
        out.append(Piece(taken[0].start, taken[-1].end, head + change.text, change.rule))
        if tail:  # of replaced text: it may be changed in its turn
            end = taken[-1].end
            queue.append(Piece(end, end, tail, taken[-1].rule))
            return change.end
    return at


def drop(block: Block, rule: str) -> tuple[Piece, ...]:
    """The pieces of a block that is not published at all."""
    return tuple(Piece(p.start, p.end, "", p.rule or rule) for p in block.pieces)


def join(first: Block, second: Block, rule: str, glue: str = "") -> Block:
    """Two neighbouring blocks as one; the line break between them becomes `glue`."""
    size = len(first.text)
    return substitute(merge(first, second), [Change(size, size + 1, glue, rule)])


def merge(first: Block, second: Block) -> Block:
    """Two neighbouring blocks as one of two lines."""
    return Block(first.line, first.kind, first.pieces + second.pieces, f"{first.text}\n{second.text}", first.level)


def replay(document: Document) -> str:
    """The decoded source, rebuilt from the published text and the ledger alone.

    Raises ValueError where the two do not tile the source.
    """
    parts: list[str] = []
    expected = 0
    for piece in document.pieces:
        if piece.start != expected:
            raise ValueError(f"source characters {expected} to {piece.start} are unaccounted for")
        parts.append(document.text[piece.start : piece.end] if piece.rule else piece.text)
        expected = piece.end
    if expected != len(document.text):
        raise ValueError(f"source characters from {expected} on are unaccounted for")
    return "".join(parts)


class Account(NamedTuple):
    """How many characters came in, were kept and were removed, and how many each rule touched."""

    source: int
    kept: int
    removed: int
    by_rule: dict[str, int]


def account(document: Document) -> Account:
    """The document's characters; kept + removed = source.

    Replaced characters count as kept and are listed under their rule; inserted ones count nowhere.
    """
    removed = kept = 0
    by_rule: dict[str, int] = {}
    for start, end, text, rule in chain(document.removed, *(block.pieces for block in document.blocks)):
        if not rule:
            kept += len(text)
        elif end > start or text:
            by_rule[rule] = by_rule.get(rule, 0) + end - start
            removed, kept = (removed, kept + end - start) if text else (removed + end - start, kept)
    return Account(len(document.text), kept, removed, dict(sorted(by_rule.items())))


def split(block: Block, at: int, rule: str) -> tuple[Block, Block]:
    """One block as two, with a line break inserted before `block.text[at]` in the name of `rule`."""
    broken = substitute(block, [Change(at, at, "\n", rule)])
    size = 0
    for index, piece in enumerate(broken.pieces):
        size += len(piece.text)
        if size == at + 1:
            first = block_of(block.line, broken.pieces[: index + 1], block.kind, block.level)
            return first, block_of(block.line, broken.pieces[index + 1 :], block.kind, block.level)
    raise ValueError("the place to split at lies inside replaced text")

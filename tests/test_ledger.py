"""The ledger itself: whatever is changed, in whatever order, the source can be given back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.ledger import Change, account, block_of, drop, join, replay, substitute
from notices.model import Block, Document, Piece, Source

SOURCE = Source("a.txt", "0" * 64, "text", "utf-8")
TEXT = st.text("甲乙丙丁,.()1234 ab", max_size=30)


def document(text: str, *blocks: Block, removed: tuple[Piece, ...] = ()) -> Document:
    return Document(SOURCE, text, blocks, removed)


def line(text: str, start: int = 0) -> Block:
    return block_of(1, [Piece(start, start + len(text) + 1, f"{text}\n")])


def splice(text: str, changes: list[Change]) -> str:
    """What the changes mean, on a plain string."""
    for change in reversed(changes):
        text = text[: change.start] + change.text + text[change.end :]
    return text


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, Block]:
    """A line after up to four passes of arbitrary changes."""
    text = draw(TEXT)
    block = line(text)
    for turn in range(draw(st.integers(0, 4))):
        spots = sorted(set(draw(st.lists(st.integers(0, len(block.text)), max_size=6))))
        pairs = list(zip(spots[::2], spots[1::2], strict=False))
        words = st.sampled_from(["", "", "，", "长一些"])
        changes = [Change(a, b, draw(words), f"rule-{turn}") for a, b in pairs]
        wanted = splice(block.text, changes)
        block = substitute(block, changes)
        assert block.text == wanted
    return text, block


@given(edited())
def test_any_sequence_of_changes_can_be_undone(case: tuple[str, Block]) -> None:
    text, block = case
    assert replay(document(f"{text}\n", block)) == f"{text}\n"
    assert "".join(piece.text for piece in block.pieces) == f"{block.text}\n"


@given(edited())
def test_a_dropped_block_is_wholly_in_the_ledger(case: tuple[str, Block]) -> None:
    text, block = case
    gone = document(f"{text}\n", removed=drop(block, "furniture"))
    counts = account(gone)
    assert replay(gone) == f"{text}\n"
    assert counts.kept == 0
    assert counts.removed == len(text) + 1


@given(TEXT, TEXT)
def test_joined_lines_come_apart_again(first: str, second: str) -> None:
    text = f"{first}\n{second}\n"
    joined = join(line(first), replace(line(second, len(first) + 1), line=2), "join")
    assert joined.text == first + second
    assert replay(document(text, joined)) == text


def test_a_change_names_its_rule_and_keeps_the_earlier_one() -> None:
    block = substitute(line("  甲,乙"), [Change(0, 2, "", "indent")])
    block = substitute(block, [Change(1, 2, "，", "punctuation")])
    edits = [(e.rule, e.before, e.after) for e in document("  甲,乙\n", block).ledger]
    assert edits == [("indent", "  ", ""), ("punctuation", ",", "，")]


def test_a_lost_character_is_found() -> None:
    with pytest.raises(ValueError, match="unaccounted"):
        replay(document("甲乙\n", block_of(1, [Piece(0, 1, "甲"), Piece(2, 3, "\n")])))

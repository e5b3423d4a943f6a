"""The clause tree: a style's depth follows from where it appears in this notice, not from a fixed table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..model import Block
from ..rules import Style
from .labels import Label


@dataclass(slots=True)
class Node:
    """A numbered line with the lines below it; built up in one pass, then turned into a Clause."""

    label: Label
    block: Block
    parent: Node | None
    body: list[Block] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


def build(blocks: Sequence[Block], labels: Sequence[Label | None]) -> list[Node]:
    """Every numbered line of `blocks` as a node, in document order; other lines join the node above."""
    nodes: list[Node] = []
    stack: list[Node] = []
    numbered = [label for label in labels if label is not None]
    for block, label in zip(blocks, labels, strict=True):
        if label is None:
            if nodes:
                nodes[-1].body.append(block)
            continue
        stack = _place(label, stack, numbered, len(nodes) + 1)
        node = Node(label, block, stack[-1] if stack else None)
        if stack:
            stack[-1].children.append(node)
        if label.mark_lost:
            node.damage.append("label-mark-lost")
        nodes.append(node)
        stack = [*stack, node]
    _report_numbers(nodes)
    return nodes


def _place(label: Label, stack: list[Node], numbered: Sequence[Label], later: int) -> list[Node]:
    """The ancestors of a clause with this label; `numbered[later:]` are the labels after it."""
    if label.path:
        return _place_decimal(label, stack)
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].label.style.level == label.style.level and not stack[depth].label.path:
            return stack[:depth]
    while (
        stack and stack[-1].label.style.rank > label.style.rank and not _nested(label.style, stack[-1], numbered, later)
    ):
        stack = stack[:-1]
    return stack


def _nested(style: Style, top: Node, numbered: Sequence[Label], later: int) -> bool:
    """Whether `style`, usually senior to the style above it, is nested here: that style's count goes on after it."""
    for index in range(later, len(numbered)):
        label = numbered[index]
        if label.style.level == top.label.style.level:
            return label.number == top.label.number + 1
        if label.style.rank < style.rank:
            return False
    return False


def _place_decimal(label: Label, stack: list[Node]) -> list[Node]:
    """1.2 belongs below 1. or 1, and 1.2.3 below 1.2."""
    for depth in range(len(stack) - 1, -1, -1):
        above = stack[depth].label
        if above.path == label.path[:-1] or (
            not above.path and label.path[:-1] == (above.number,) and above.style.letter == "t"
        ):
            return stack[: depth + 1]
    while stack and stack[-1].label.path and len(stack[-1].label.path) >= len(label.path):
        stack = stack[:-1]
    return stack


def _report_numbers(nodes: Sequence[Node]) -> None:
    """Mark gaps, duplicates and restarts among the clauses of one style under one parent.

    A style that runs on through the whole notice is compared with its last number anywhere.
    """
    last_below: dict[tuple[object, ...], int] = {}
    last_anywhere: dict[tuple[object, ...], int] = {}
    for node in nodes:
        style, number = (*node.label.style.level, *node.label.path[:-1]), node.label.number
        key = (id(node.parent), *style)
        before = last_below.get(key)
        if before is None:
            if number not in (1, last_anywhere.get(style, 0) + 1):
                node.damage.append("number-gap")
        elif number == before:
            node.damage.append("number-duplicate")
        elif number < before:
            node.damage.append("number-restart")
        elif number > before + 1:
            node.damage.append("number-gap")
        last_below[key] = last_anywhere[style] = number


def running_styles(nodes: Sequence[Node]) -> set[str]:
    """Names of styles whose numbers run through the whole notice, under more than one parent, without repeats."""
    numbers: dict[str, list[int]] = {}
    parents: dict[str, set[int]] = {}
    for node in nodes:
        if not node.label.path:
            numbers.setdefault(node.label.style.name, []).append(node.label.number)
            parents.setdefault(node.label.style.name, set()).add(id(node.parent))
    return {
        name
        for name, run in numbers.items()
        if len(parents[name]) > 1 and all(a < b for a, b in itertools.pairwise(run))
    }

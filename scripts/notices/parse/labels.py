"""Which lines carry a clause number, and which numbering style it is (GB/T 9704-2012 §7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..chars import HAN, fold
from ..model import Block
from ..numerals import to_int
from ..rules import Rules, Style

_BARE = re.compile(
    rf"(?P<n>\d{{1,3}})(?=[{HAN}“《])(?![年月日号个项家名人户种次万亿千百余多岁元件条期届届批级度类所座倍周天小时分公里米亩吨套张场处辆支门名位])"
)


class Label(NamedTuple):
    """A clause number at the start of a line: its style, its value, and where the text after it begins."""

    style: Style
    number: int
    end: int
    printed: str
    path: tuple[int, ...] = ()  # of a decimal number: 1.2.3
    mark_lost: bool = False

    def letter_path(self) -> tuple[int, ...]:
        """The number as a path: (1, 2) for 1.2, (1,) for 1."""
        return self.path or (self.number,)


@lru_cache(maxsize=256)
def label_of(text: str, rules: Rules) -> Label | None:
    """The clause number that `text` starts with, or None."""
    folded = fold(text)
    for style in rules.styles:
        found = style.pattern.match(folded)
        if not found:
            continue
        printed = text[: found.end()].rstrip()
        numeral = next(group for group in found.groups() if group)
        if "." in numeral:
            path = tuple(int(part) for part in numeral.split("."))
            return Label(style, path[-1], found.end(), printed, path)
        number = to_int(numeral)
        if number is not None and (number > 0 or style.letter != "s"):
            return Label(style, number, found.end(), printed)
    return None


def labels_of(blocks: Sequence[Block], rules: Rules) -> list[Label | None]:
    """One entry a block: the clause number that the line carries, seen in the light of its neighbours."""
    labels = [label_of(b.text, rules) if b.kind in ("text", "heading") else None for b in blocks]
    labels = _true_decimals(labels)
    _bare_numbers(blocks, labels, rules)
    return labels


def _true_decimals(labels: Sequence[Label | None]) -> list[Label | None]:
    """Decimal numbers count only in a run that starts with N.1, so 3.15 and 5.12 as dates do not."""
    runs = {label.path for label in labels if label and label.path}
    true = {path for path in runs if (*path[:-1], 1) in runs and (path[-1] == 1 or (*path[:-1], path[-1] - 1) in runs)}
    return [None if label and label.path and label.path not in true else label for label in labels]


def _bare_numbers(blocks: Sequence[Block], labels: list[Label | None], rules: Rules) -> None:
    """A number without its dot counts where it continues a run of dotted ones, where N.1 stands below it,
    or where such numbers run from 1 through lines that carry no other.
    """
    task = next(style for style in rules.styles if style.name == "task")
    following = _next_of(labels, task)
    bare = {
        index: found
        for index, block in enumerate(blocks)
        if labels[index] is None and block.kind == "text" and (found := _BARE.match(fold(block.text)))
    }
    runs = _runs({index: int(found["n"]) for index, found in bare.items()}) if not any(following) else set()
    last = 0
    for index, label in enumerate(labels):
        if label is not None:
            last = label.number if label.style is task else 0 if label.style.rank < 4 else last
            continue
        found = bare.get(index)
        if not found:
            continue
        number = int(found["n"])
        below = labels[index + 1] if index + 1 < len(labels) else None
        heads = below is not None and below.path == (number, 1)
        if heads or index in runs or (last and number == last + 1 and following[index] != number):
            labels[index] = Label(
                task, number, found.end(), blocks[index].text[: found.end()].rstrip(), mark_lost=not heads
            )
            last = number


def _runs(numbers: dict[int, int]) -> set[int]:
    """Indices whose numbers are part of a run 1, 2, 3 … of at least three."""
    found: set[int] = set()
    run: list[int] = []
    for index, number in [*numbers.items(), (-1, 1)]:
        if run and number == numbers[run[-1]] + 1:
            run.append(index)
            continue
        found |= set(run) if len(run) >= 3 else set()
        run = [index] if number == 1 else []
    return found


def _next_of(labels: Sequence[Label | None], style: Style) -> list[int]:
    """For each line the number of the next label of `style` below it, 0 where there is none."""
    following, number = [0] * len(labels), 0
    for index in range(len(labels) - 1, -1, -1):
        following[index] = number
        label = labels[index]
        if label is not None and label.style is style:
            number = label.number
    return following

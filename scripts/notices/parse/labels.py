"""Which lines carry a clause number, and which numbering style it is (GB/T 9704-2012 §7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
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


def label_of(text: str, rules: Rules) -> Label | None:
    """The clause number that `text` starts with, or None."""
    folded = fold(text)
    for style in rules.styles:
        found = style.pattern.match(folded)
        if not found:
            continue
        printed = text[: found.end()].rstrip()
        if "." in found["n"]:
            path = tuple(int(part) for part in found["n"].split("."))
            return Label(style, path[-1], found.end(), printed, path)
        number = to_int(found["n"])
        if number is not None and (number > 0 or style.letter != "s"):
            return Label(style, number, found.end(), printed)
    return None


def labels_of(blocks: Sequence[Block], rules: Rules) -> list[Label | None]:
    """One entry a block.  A bare number such as `12优化` counts where it continues a run of dotted ones."""
    labels = [label_of(b.text, rules) if b.kind in ("text", "heading") else None for b in blocks]
    task = next(style for style in rules.styles if style.name == "task")
    last = 0
    for index, label in enumerate(labels):
        if label is not None:
            last = label.number if label.style is task else 0 if label.style.rank < 4 else last
            continue
        found = _BARE.match(fold(blocks[index].text)) if blocks[index].kind == "text" else None
        if found and last and int(found["n"]) == last + 1 and _continues(labels[index + 1 :], task, last + 1):
            labels[index] = Label(task, last + 1, found.end(), blocks[index].text[: found.end()], mark_lost=True)
            last += 1
    return labels


def _continues(later: Sequence[Label | None], style: Style, number: int) -> bool:
    """Whether no later label claims `number` itself before the run goes on."""
    for label in later:
        if label is not None and label.style is style:
            return label.number != number
    return True

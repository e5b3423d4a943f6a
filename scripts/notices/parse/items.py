"""一是/二是 items inside a clause, also where the mark before them was lost."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..numerals import to_int

_ITEM = re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})是")
_BOUNDARY = re.compile(r"(?:^|[。；;：:，,、！!？?\s”）)])$")
_NOT_FIRST = "统唯之万同专单每逐第不"


class Found(NamedTuple):
    """An item: its printed label and number, [start, end) in the text, and whether its mark was lost."""

    label: str
    number: int
    start: int
    end: int
    mark_lost: bool


def find_items(text: str, start: int = 0) -> list[Found]:
    """Items of `text` from offset `start` on; groups of one are no items.

    A number counts only where it is the next one of its group, so 统一是 or a second 一是 in a
    sentence starts nothing.  An item ends where the next begins, at the latest with its paragraph.
    """
    if "是" not in text:
        return []
    groups: list[list[re.Match[str]]] = []
    for found in _ITEM.finditer(text, start):
        number = to_int(found["n"])
        expected = len(groups[-1]) + 1 if groups else 1
        before = text[max(found.start() - 1, 0) : found.start()]
        at_boundary = found.start() == start or bool(_BOUNDARY.search(before))
        if number == 1 and at_boundary:
            groups.append([found])
        elif number == expected and expected > 1 and (at_boundary or before not in _NOT_FIRST):
            groups[-1].append(found)
    spots = [found for group in groups if len(group) > 1 for found in group]
    ends = [*[found.start() for found in spots[1:]], len(text)][: len(spots)]
    items = []
    for found, end in zip(spots, ends, strict=True):
        line_end = text.find("\n", found.start())
        stop = min(end, line_end) if line_end >= 0 else end
        before = text[max(found.start() - 1, 0) : found.start()]
        lost = found.start() != start and not _BOUNDARY.search(before)
        items.append(Found(found[0], to_int(found["n"]) or 0, found.start(), stop, lost))
    return items

"""A change printed with both ends: 从年人均87元提高到92元 is one value, 87元提高到92元, with two numbers.

In: folded text and where the second number begins.  Out: a `Move`, or None.  Nothing raises, and only the few
characters before the number are looked at.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...numerals import to_number

_REACH = 44
_BEFORE = frozenset("到至为")
_MOVE = re.compile(
    r"(?:从|由)(?P<base>[^,。;从由]{0,16}?)(?P<n>(?<![0-9.])[0-9]{1,12}(?:\.[0-9]{1,6})?)(?P<s>[万亿]?)(?P<unit>[^,。;0-9从由]{0,8}?)"
    r"(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|压缩|缩短|压减|精简|延长|调整|拓展|扩展|扩容|升|降|增|减|扩)(?:到|至|为)$"
)


class Move(NamedTuple):
    """begin: where 从 stands; start: where the first number begins, which is where the value begins."""

    begin: int
    start: int
    value: int | float


def move_before(text: str, at: int) -> Move | None:
    """The first end of the change whose second number begins at `at`."""
    if text[at - 1 : at] not in _BEFORE:
        return None
    found = _MOVE.search(text, max(0, at - _REACH), at)
    value = to_number(found["n"] + found["s"]) if found else None
    return Move(found.start(), found.start("n"), value) if found and value is not None else None

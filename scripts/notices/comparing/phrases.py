"""The wording that two plans share: stretches that stand letter for letter in both.

In: the texts of either side.  Out: for each text the stretches to mark, and for each two texts how much they share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from ..chars import fold, is_han
from .stretches import EDGE, SIZE, Laid, laid, stretches, trimmed

BETWEEN = EDGE + "。；！？"
Stretch = tuple[int, int]


class Shared(NamedTuple):
    """What two lists of texts share: `first` and `second` hold the stretches of each text, in order, none overlapping.

    `common`: (place in the first list, place in the second) → how many characters of the first text are shared.
    """

    first: list[list[Stretch]]
    second: list[list[Stretch]]
    common: dict[tuple[int, int], int]


def shared_wording(
    first: Sequence[str], second: Sequence[str], general: re.Pattern[str], left_out: re.Pattern[str]
) -> Shared:
    """The stretches.  `general`: words of every plan at either end of a stretch, `left_out`: passages that say nothing.

    Both patterns read folded text (rules/links.toml).
    """
    both = laid(first, left_out), laid(second, left_out)
    between: dict[tuple[int, int], list[Stretch]] = {}
    ones: list[list[Stretch]] = [[] for _ in first]
    others: list[list[Stretch]] = [[] for _ in second]
    for one, start, other, there, length in _telling(*both, general):
        stretch = (start, start + length)
        between.setdefault((one, other), []).append(stretch)
        ones[one].append(stretch)
        others[other].append((there, there + length))
    common = {pair: sum(end - start for start, end in _apart(found)) for pair, found in between.items()}
    shown, beside = (
        [_rejoined(text, _apart(found), there) for text, found in zip(here, some, strict=True)]
        for here, some, there in ((first, ones, second), (second, others, first))
    )
    return Shared(shown, beside, common)


def _telling(first: Laid, second: Laid, general: re.Pattern[str]) -> Iterable[tuple[int, int, int, int, int]]:
    """Those stretches that say something: text of the first plan, place in it, the same of the second, and the length."""
    found = trimmed(first, second, stretches(first, second))
    text = fold(first.text)
    long = np.flatnonzero(found.lengths >= SIZE)
    begins, lengths = found.firsts[long], found.lengths[long]
    spans = zip(begins.tolist(), (begins + lengths).tolist(), strict=True)
    tells = _judge(general)
    said = np.fromiter((tells(text[start:end]) for start, end in spans), np.bool_, len(long))
    kept = long[said]
    columns = []
    for side, places in ((first, found.firsts[kept]), (second, found.seconds[kept])):
        which = np.searchsorted(side.starts, places, side="right") - 1
        columns += [which, places - side.starts[which]]
    return zip(*(column.tolist() for column in (*columns, found.lengths[kept])), strict=True)


@lru_cache(maxsize=4)
def _judge(general: re.Pattern[str]) -> Callable[[str], bool]:
    """`_is_telling` with a memory, since the same phrase stands in many places; without the pattern in its keys, whose
    hash takes longer than the rest."""
    return lru_cache(maxsize=10_000)(partial(_is_telling, general))


def _is_telling(general: re.Pattern[str], text: str) -> bool:
    """Whether a phrase, without the general words at its ends, is still long enough and mostly Chinese."""
    while (shorter := general.sub("", text).strip(EDGE)) != text:
        text = shorter
    return len(text) >= SIZE and sum(map(is_han, text)) * 2 >= len(text)


def _apart(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that do not overlap: the longest first; of the others what is left of them, if it is long enough."""
    if len(stretches) == 1:
        return list(stretches)
    kept: list[Stretch] = []
    for start, end in sorted(set(stretches), key=lambda one: (one[0] - one[1], one[0])):
        for left, right in kept:
            if left < end and start < right:
                start, end = (start, left) if start < left else (max(start, right), end)
        if end - start >= SIZE:
            kept.append((start, end))
    return sorted(kept)


def _rejoined(text: str, found: Sequence[Stretch], there: Sequence[str]) -> list[Stretch]:
    """Stretches with only marks between them as one, where the other plan holds all of it: sentence after sentence."""
    kept: list[Stretch] = []
    for start, end in found:
        begin, before = kept[-1] if kept else (start, start)
        if kept and not text[before:start].strip(BETWEEN) and any(text[begin:end] in other for other in there):
            kept[-1] = (begin, end)
        else:
            kept.append((start, end))
    return kept

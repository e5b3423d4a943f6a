"""The stretches that stand letter for letter in two plans, found for all of their texts at once.

The texts of a plan are laid end to end; every SIZE-character piece gets a number, the same in both plans; a stretch is
a run of pieces along a diagonal of the table of places where the numbers agree.  So the work grows with the length of
the texts, and it is done on arrays: piece by piece it took half of the time of a comparison page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chars import fold

SIZE = 6  # characters from which a stretch counts; measured: shorter ones are set phrases of the genre
PLACES = 16  # of one piece that are looked at in the other plan: a piece in more places than that says nothing
EDGE = " 　，、：,:;（）()《》“”‘’\"'—-·"
_BREAK = re.compile(r"[。；！？\n\t]")
_FIGURE = "0123456789.%"
_COMMA = "，、"
_REST = 4  # characters before a comma that are the rest of a phrase whose figure differs: 以上， in 85%以上，
_BITS = 21  # that hold any character
Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Laid(NamedTuple):
    """The texts of a plan end to end, the end of a line before, between and behind them."""

    text: str
    codes: Numbers  # of each character
    starts: Numbers  # where each of the texts begins
    pieces: Numbers  # where pieces begin: none across the end of a sentence or inside what is left out


class Stretches(NamedTuple):
    """Parallel arrays, an entry for each stretch: `lengths` characters from `firsts` in one plan, `seconds` in the other."""

    firsts: Numbers
    seconds: Numbers
    lengths: Numbers


def laid(texts: Sequence[str], left_out: re.Pattern[str]) -> Laid:
    """Texts as they are compared.  `left_out` reads folded text: passages that say nothing."""
    text = "\n".join(("", *texts, ""))
    opened = (left_out.sub(lambda found: "\n" * len(found[0]), fold(one)) for one in texts)
    closed = _codes(_BREAK.sub("\n", "\n".join(("", *opened, "")))) == ord("\n")
    before = np.concatenate(([0], np.cumsum(closed)))
    pieces = np.flatnonzero(before[SIZE:] == before[:-SIZE])
    starts = np.cumsum([1, *(len(one) + 1 for one in texts)])[:-1]
    return Laid(text, _codes(text), starts, pieces)


def _codes(text: str) -> Numbers:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)


def stretches(first: Laid, second: Laid) -> Stretches:
    """Every stretch of at least SIZE characters that stands in both and cannot be made longer, in no order to rely on."""
    ones, others = _numbered(first, second)
    order = np.argsort(others, kind="stable")
    held = np.bincount(others, minlength=int(max(ones.max(initial=-1), others.max(initial=-1))) + 1)
    begins = np.cumsum(held) - held  # of each number in `order`
    counts = np.minimum(held, PLACES)[ones]
    which = np.repeat(np.arange(len(ones)), counts)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    here, there = first.pieces[which], second.pieces[order[begins[ones[which]] + nth]]
    width = len(first.text) + 1  # of a diagonal: its last place is never used, so that none runs into the next
    path = np.sort((there - here + width) * width + here)
    heads = np.flatnonzero(np.diff(path, prepend=-2) != 1)
    runs = np.diff(heads, append=len(path))
    here = path[heads] % width
    return Stretches(here, path[heads] // width - width + here, runs + SIZE - 1)


def _numbered(first: Laid, second: Laid) -> tuple[Numbers, Numbers]:
    """A number for each piece of both plans, the same for the same characters."""
    codes = np.concatenate((first.codes, second.codes))
    places = np.concatenate((first.pieces, second.pieces + len(first.codes)))
    half = codes[:-2] << 2 * _BITS | codes[1:-1] << _BITS | codes[2:]
    halves, rank = np.unique(half, return_inverse=True)
    numbers = np.unique(rank[places] * len(halves) + rank[places + SIZE // 2], return_inverse=True)[1]
    return numbers[: len(first.pieces)], numbers[len(first.pieces) :]


def trimmed(first: Laid, second: Laid, found: Stretches) -> Stretches:
    """Stretches without the marks at their ends, and without a figure that goes on in one of the plans: 9 of 90 and 95."""
    figures = [_among(one, _FIGURE) for one in (first, second)]
    cuts = [np.concatenate(([False], one[:-1] & one[1:])) for one in figures]  # a cut before here goes through a figure
    ahead = found.seconds - found.firsts
    start, end = found.firsts.copy(), found.firsts + found.lengths
    for at, step in ((start, 1), (end, -1)):
        while (cut := (start < end) & (cuts[0][at] | cuts[1][at + ahead])).any():
            at[cut] += step
    comma = _next(_among(first, _COMMA))[start]
    rest = (figures[0][start - 1] | figures[1][start + ahead - 1]) & (comma <= start + _REST) & (comma < end)
    start = np.where(rest, comma + 1, start)
    plain = ~_among(first, EDGE)
    start = np.minimum(_next(plain)[start], end)
    last = len(plain) - 1 - _next(plain[::-1])[len(plain) - end]  # before `end`
    return Stretches(start, start + ahead, np.maximum(last + 1, start) - start)


def _among(one: Laid, characters: str) -> Marks:
    found: Marks = np.isin(one.codes, _codes(characters))
    return found


def _next(marked: Marks) -> NDArray[Any]:
    """For each place the first marked one from there on, or the end."""
    size = len(marked)
    return np.minimum.accumulate(np.where(marked, np.arange(size), size)[::-1])[::-1]

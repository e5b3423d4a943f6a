"""Which texts share many rare bigrams with a text, and how alike they are; many texts at once, in numpy.

Everything is whole numbers, and every order is decided by the bigrams' codes and the texts' places in the corpus: the
result is the same however the texts are numbered and shared out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .similar import ONE

NEVER = 255  # the step of a bigram that is not searched by
_UNIT = 64  # of a cost, which grows by the square root of two
BLANK = ((-1, np.int32), (0, np.uint16), (0, np.uint32))
_STEPS = 64  # more than there are
Ints = NDArray[np.int64]


class Lists(NamedTuple):
    """Which rows hold each bigram: `starts[g]` to `starts[g + 1]` of `rows`, in two stocks, an old and a recent one."""

    starts: Ints
    rows: NDArray[np.uint32]
    recent_starts: Ints
    recent: NDArray[np.uint32]

    def of(self, grams: NDArray[Any]) -> tuple[Ints, NDArray[np.uint32]]:
        """Places in `grams`, and a row that holds the bigram there; every such pair."""
        which, rows = [], []
        for starts, every in ((self.starts, self.rows), (self.recent_starts, self.recent)):
            begin, sizes = starts[grams], starts[grams + 1] - starts[grams]
            which.append(np.repeat(np.arange(len(grams)), sizes))
            rows.append(every[spread(begin, sizes)])
        return np.concatenate(which), np.concatenate(rows)


class Corpus(NamedTuple):
    """What the search looks at.

    Of each row: where its vector starts, its size, its notice, and its place in the order of the corpus, -1 where it is
    gone; and the row at each place.  Of each bigram: its step and its code.  `scan`, `candidates`: rules/links.toml.
    """

    at: Ints
    size: Ints
    owner: NDArray[np.int32]
    place: Ints
    row_at: Ints  # of each place
    grams: NDArray[np.uint32]  # of all vectors, each in the order of codes
    weights: NDArray[np.uint16]
    step: NDArray[np.uint8]
    codes: NDArray[np.uint64]
    lists: Lists
    scan: int
    candidates: int


class Found(NamedTuple):
    """Of some rows: the rows near to each, best first, -1 where there are no more; how many bigrams they share of those
    searched by; their scores, in parts of ONE squared; step and code up to which bigrams were searched by, NEVER where by all.
    """

    near: NDArray[np.int32]
    common: NDArray[np.uint16]
    score: NDArray[np.uint32]
    last_step: NDArray[np.uint8]
    last_code: NDArray[np.uint64]


def spread(starts: NDArray[Any], sizes: NDArray[Any]) -> Ints:
    """starts[0], starts[0] + 1, … up to sizes[0] of them, then so from starts[1]."""
    ends = np.cumsum(sizes, dtype=np.int64)
    found: Ints = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)
    return found


def step_of(holding: int) -> int:
    """How frequent a bigram is that `holding` texts hold, in steps of the square root of two.

    So a notice more in the corpus leaves nearly all choices as they were.
    """
    return round(2 * math.log2(holding))


def cap(scan: int) -> int:
    """How many texts hold the most frequent bigram that is searched by: one whose list alone is not more than `scan`."""
    most = int(scan * 1.25)  # a step rounds by less than that
    return max((n for n in range(max(2, most // 2), most + 1) if 2 ** (step_of(n) / 2) <= scan), default=1)


def steps(texts: NDArray[np.int32], notices: NDArray[np.int32], scan: int) -> NDArray[np.uint8]:
    """The step of each bigram, of which so many texts and notices hold it.

    NEVER for one that a single notice holds, as it leads to no other, and for one that too many texts hold.
    """
    most = cap(scan)
    table = np.array([NEVER, *map(step_of, range(1, most + 1)), NEVER], np.uint8)
    found: NDArray[np.uint8] = np.where(notices > 1, table[np.minimum(texts, most + 1)], np.uint8(NEVER))
    return found


def nearest(rows: Ints, corpus: Corpus) -> Found:
    """The texts near to each of `rows`: of other notices, sharing at least two of its rarest bigrams; those that share most
    of them first, then those that come first in the corpus.  The work for a text is bounded by `scan`."""
    owners, grams, weights = _vectors(rows, corpus)
    chosen, by, last_step, last_code = _rarest(len(rows), owners, grams, corpus)
    mine, others, count = _sharing(rows, chosen, by, corpus)
    score = _alike(len(rows), owners, grams, weights, mine, others, corpus)
    found = blank(len(rows), corpus.candidates)
    column = np.arange(len(mine)) - np.searchsorted(mine, mine)
    found.near[mine, column] = others
    found.common[mine, column] = count
    found.score[mine, column] = score
    return found._replace(last_step=last_step, last_code=last_code)


def blank(rows: int, candidates: int) -> Found:
    """Of so many rows: nothing found yet."""
    near, count, score = (np.full((rows, candidates), value, kind) for value, kind in BLANK)
    return Found(near, count, score, np.zeros(rows, np.uint8), np.zeros(rows, np.uint64))


def _vectors(rows: Ints, corpus: Corpus) -> tuple[Ints, NDArray[np.uint32], NDArray[np.uint16]]:
    """For each bigram of each row: the place in `rows`, the bigram, its weight."""
    sizes = corpus.size[rows]
    where = spread(corpus.at[rows], sizes)
    return np.repeat(np.arange(len(rows)), sizes), corpus.grams[where], corpus.weights[where]


def _rarest(
    size: int, owners: Ints, grams: NDArray[np.uint32], corpus: Corpus
) -> tuple[Ints, NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint64]]:
    """For each of `size` texts its rarest bigrams, up to a cost of `scan`: text, bigram; and each text's last one."""
    step = corpus.step[grams]
    searched = step != NEVER
    owners, grams, step = owners[searched], grams[searched], step[searched]
    order = np.argsort((owners * _STEPS + step).astype(np.uint16), kind="stable")  # equal ones stay in order of code
    owners, grams, step = owners[order], grams[order], step[order]
    prices = np.array([round(_UNIT * 2 ** (number / 2)) for number in range(_STEPS)], np.int64)
    spent = np.cumsum(prices[step]) - prices[step]  # on those before
    starts = np.searchsorted(owners, np.arange(size))
    spent -= np.append(spent, 0)[starts][owners]
    chosen = spent < corpus.scan * _UNIT
    left = np.bincount(owners[~chosen], minlength=size) > 0
    last_step, last_code = np.full(size, NEVER, np.uint8), np.zeros(size, np.uint64)
    count = np.bincount(owners[chosen], minlength=size)
    last = (starts + count - 1)[left]
    last_step[left], last_code[left] = step[last], corpus.codes[grams[last]]
    return owners[chosen], grams[chosen], last_step, last_code


def _sharing(rows: Ints, chosen: Ints, grams: NDArray[np.uint32], corpus: Corpus) -> tuple[Ints, Ints, Ints]:
    """For each text that has any: the rows that are offered to it, best first, and how many of the bigrams they share."""
    which, others = corpus.lists.of(grams)
    mine, place = chosen[which], corpus.place[others]
    fit = (place >= 0) & (corpus.owner[others] != corpus.owner[rows][mine])
    wide = len(corpus.place) + 1  # more than any place
    pairs, count = twice(mine[fit] * wide + place[fit])
    mine = pairs // wide
    most = int(count.max(initial=0)) + 1
    ranked = np.sort((mine * most + (most - count)) * wide + pairs % wide)
    mine = ranked // (wide * most)
    ranked = ranked[np.arange(len(mine)) - np.searchsorted(mine, mine) < corpus.candidates]
    return ranked // (wide * most), corpus.row_at[ranked % wide], most - ranked // wide % most


def twice(numbers: Ints) -> tuple[Ints, Ints]:
    """The numbers that are there more than once, in order, and how often."""
    numbers = np.sort(numbers)
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    count = np.diff(np.append(first, len(numbers)))
    return numbers[first[count > 1]], count[count > 1]


def _alike(
    size: int,
    owners: Ints,
    grams: NDArray[np.uint32],
    weights: NDArray[np.uint16],
    mine: Ints,
    others: Ints,
    corpus: Corpus,
) -> Ints:
    """The product of the vectors of each pair: a text of the `size` whose vectors these are, and a row."""
    if not len(mine):
        return np.zeros(0, np.int64)
    sizes = corpus.size[others]
    where = spread(corpus.at[others], sizes)
    there = corpus.grams[where], corpus.weights[where]
    sums = np.add.reduceat(products(size, owners, grams, weights, mine, sizes, *there), np.cumsum(sizes) - sizes)
    return np.minimum(sums, ONE * ONE)


def products(
    size: int,
    owners: Ints,
    grams: NDArray[np.uint32],
    weights: NDArray[np.uint16],
    mine: Ints,
    sizes: Ints,
    their_grams: NDArray[np.uint32],
    their_weights: NDArray[np.uint16],
) -> Ints:
    """For each bigram of the second text of each pair: its weight there times that in the first text, 0 where it is not.

    `owners`, `grams`, `weights`: the vectors of `size` texts, which `mine` are the first ones of the pairs;
    `their_grams`, `their_weights`: the vectors of the second ones, of `sizes`, one after the other.
    """
    columns = np.unique(grams)
    column = np.zeros(1 + max(int(grams.max(initial=0)), int(their_grams.max(initial=0))), np.int32)
    column[columns] = np.arange(1, len(columns) + 1)
    wide = len(columns) + 1  # column 0 is for bigrams that none of the texts holds
    table = np.zeros(size * wide, np.int64)
    table[owners * wide + column[grams]] = weights
    found: Ints = table[np.repeat(mine * wide, sizes) + column[their_grams]] * their_weights
    return found


def blocks(rows: Ints, size: Ints, texts: int = 64, grams: int = 16_384) -> Sequence[Ints]:
    """`rows` in stretches of at most so many texts, and of so many bigrams where a text has not more by itself."""
    ends = np.cumsum(size[rows])
    found, start = [], 0
    while start < len(rows):
        before = ends[start - 1] if start else 0
        end = max(start + 1, min(start + texts, int(np.searchsorted(ends, before + grams, "right"))))
        found.append(rows[start:end])
        start = end
    return found

"""The lists of who holds a bigram: most of them in a file, those of the notices since then made anew in each run.

Also the store without what has gone from it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .memory import Memory
from .nearest import NEVER, Found, Ints, Lists, cap, spread
from .similar import Search
from .store import File, Writer

PIECE = 2_000_000  # of these that are sorted at once
SLACK = 2  # bigrams of so many times more texts than are searched by are listed too: they may become rarer
RECENT = 10  # percent of the texts that may be outside the file


def lists_of(memory: Memory, step: NDArray[np.uint8], before: NDArray[np.uint8], search: Search) -> Lists:
    """The lists of every bigram whose step is, or was `before`, not NEVER.  The file is written again where it must be."""
    size, total = len(memory.codes), len(memory.rows)
    needed = step != NEVER
    needed[: len(before)] |= before != NEVER
    missing = needed[: len(memory.has_list)] & ~memory.has_list
    if missing.any() or (total - memory.listed) * 100 > total * RECENT:
        _write(memory, needed | (memory.texts_with <= cap(search.scan) * SLACK))
    starts = np.append(memory.starts, np.full(size + 1 - len(memory.starts), memory.starts[-1]))
    keys = np.sort(_postings(memory, np.arange(memory.listed, total)))
    counted = np.bincount(keys >> 32, minlength=size)
    return Lists(starts, memory.view("lists"), _starts(counted), (keys & 0xFFFFFFFF).astype(np.uint32))


def _starts(counted: NDArray[Any]) -> Ints:
    return np.append(0, np.cumsum(counted, dtype=np.int64))


def _postings(memory: Memory, rows: Ints) -> Ints:
    """Bigram and row, in one number, for every bigram of the rows."""
    sizes = memory.rows["size"][rows]
    grams = memory.view("grams")[spread(memory.rows["at"][rows], sizes)]
    return grams.astype(np.int64) << 32 | np.repeat(rows, sizes)


def _write(memory: Memory, wanted: NDArray[np.bool_]) -> None:
    """The lists of the bigrams `wanted` into a file of their own; of the rows of the corpus, in ascending order."""
    present = np.array([not held.gone for held in memory.notices], np.bool_)
    rows = np.flatnonzero(present[memory.rows["notice"]])
    starts = _starts(np.where(wanted, memory.texts_with, 0))
    file = File(following(memory.files["lists"].name))
    free = starts[:-1].copy()
    ends = np.cumsum(memory.rows["size"][rows])
    (memory.folder / file.name).unlink(missing_ok=True)
    there = np.memmap(memory.folder / file.name, "<u4", "w+", shape=(max(1, int(starts[-1])),))
    pieces = np.searchsorted(ends, np.arange(PIECE, ends[-1] if len(ends) else 0, PIECE)).tolist()
    for begin, end in pairwise([0, *pieces, len(rows)]):
        keys = _postings(memory, rows[begin:end])
        keys = np.sort(keys[wanted[keys >> 32]])
        grams = keys >> 32
        first = np.flatnonzero(np.diff(grams, prepend=-1))
        sizes = np.diff(np.append(first, len(grams)))
        there[spread(free[grams[first]], sizes)] = keys & 0xFFFFFFFF
        free[grams[first]] += sizes
    there.flush()
    del there
    memory.files["lists"] = File(file.name, int(starts[-1]) * 4).measured(memory.folder)
    memory.starts, memory.has_list, memory.listed = starts, wanted, len(memory.rows)


def following(name: str) -> str:
    """lists-4.bin for lists-3.bin."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), name)


def compacted(memory: Memory) -> Memory:
    """The same corpus without the rows of notices that have gone, and without bigrams that no text holds."""
    present = np.array([not held.gone for held in memory.notices], np.bool_)
    rows = np.flatnonzero(present[memory.rows["notice"]])
    grams = memory.texts_with > 0
    new_gram, new_row = (np.cumsum(mask) - 1 for mask in (grams, _mask(rows, len(memory.rows))))
    new_notice = np.cumsum(present) - 1
    files = {kind: File(following(file.name)) for kind, file in memory.files.items()}
    made = memory.rows[rows]
    for kind, at, size in (("grams", "at", "size"), ("weights", "at", "size"), ("texts", "text_at", "text_size")):
        writer, there = Writer(memory.folder, files[kind]), memory.view(kind)
        for begin in range(0, len(rows), 10_000):
            some = memory.rows[rows[begin : begin + 10_000]]
            content = there[spread(some[at], some[size].astype(np.int64))]
            writer.put((new_gram[content].astype("<u4") if kind == "grams" else content).tobytes())
        files[kind] = writer.close()
    for at, size in (("at", "size"), ("text_at", "text_size")):
        made[at] = np.cumsum(made[size], dtype=np.int64) - made[size]
    made["task"], made["notice"] = new_row[made["task"]], new_notice[made["notice"]]
    near, count, score, step, code = memory.found
    found = Found(near[rows], count[rows], score[rows], step[rows], code[rows])
    found.near[found.near >= 0] = new_row[found.near[found.near >= 0]]
    notices, start = [], 0
    for held in memory.notices:
        if not held.gone:
            notices.append(held._replace(start=start))
            start += held.size
    texts_with, notices_with = memory.texts_with[grams], memory.notices_with[grams]
    none = np.zeros(len(texts_with), np.bool_)
    starts = np.zeros(len(none) + 1, np.int64)
    return Memory(
        memory.folder, files, notices, made, memory.codes[grams], texts_with, notices_with, starts, none, 0, found
    )


def _mask(rows: Ints, size: int) -> NDArray[np.bool_]:
    found = np.zeros(size, np.bool_)
    found[rows] = True
    return found

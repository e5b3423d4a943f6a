"""The related tasks of a corpus that may be large: only what a change can have changed is looked for again.

What a text is offered depends on its rarest bigrams and on who else holds those.  So after a change only these texts are
looked at: the new ones, and those that searched, or would search now, by a bigram of a notice that came or went.
The result is the same as from an empty folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import Link
from ..running.parallel import shared
from .linking import Linking
from .lists import compacted, lists_of
from .memory import Load, Memory, counts, joined, kept, places, recalled, taken_in
from .nearest import NEVER, Corpus, Found, Ints, Lists, blocks, nearest, spread, steps, twice
from .packed import Compared
from .related import Related, selected

GONE = 34  # percent of the stored texts that may have gone from the corpus


def find(order: Sequence[tuple[str, str]], load: Load, rules: Linking, folder: Path, jobs: int = 1) -> Related:
    """The links between the tasks of notices.

    `order`: each notice's id and the key of its Compared, in the order of the ids; a key is the same as long as the
    Compared is.  `load`: gives the Compared of keys, each with its key, in any order; asked only for those that `folder`
    does not hold.  `folder` is made; it may be deleted at any time, which costs time alone.  `jobs`: processes that
    share the work.  Raises OSError where the folder cannot be written, KeyError where `load` does not give a key.
    """
    folder.mkdir(parents=True, exist_ok=True)
    memory = recalled(folder, rules.search)
    changed = _changed(memory, order)
    if changed is not None:
        _update(memory, *changed, load, rules, jobs)
        gone = sum(held.size for held in memory.notices if held.gone)
        if gone * 100 > len(memory.rows) * GONE:
            memory = compacted(memory)
        kept(memory, rules.search)
    return selected(memory, [identity for identity, _ in order], rules, jobs)


def related(every: Sequence[tuple[str, Compared]], rules: Linking) -> list[Link]:
    """The links between the tasks of a few notices, of which the ids and all that is compared are at hand."""
    held = dict(every)
    order = [(identity, identity) for identity in sorted(held)]
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = find(order, lambda keys: ((key, held[key]) for key in keys), rules, Path(folder))
        return [link for identity, _ in order for link in found.links(identity)]


def _changed(memory: Memory, order: Sequence[tuple[str, str]]) -> tuple[list[int], dict[str, list[str]]] | None:
    """The notices that have gone, as numbers in the store, and those that are new: key → ids.  None where nothing is."""
    there = {(held.id, held.key): number for number, held in enumerate(memory.notices) if not held.gone}
    gone = there.keys() - set(order)
    new: dict[str, list[str]] = {}
    for identity, key in order:
        if (identity, key) not in there:
            new.setdefault(key, []).append(identity)
    return (sorted(there[one] for one in gone), new) if gone or new else None


def _update(
    memory: Memory, gone: Sequence[int], new: Mapping[str, Sequence[str]], load: Load, rules: Linking, jobs: int
) -> None:
    """Take in what is new, leave out what has gone, and search again where that can change anything."""
    before = steps(memory.texts_with, memory.notices_with, rules.search.scan)
    grams = [np.asarray(memory.grams_of(memory.notices[number])) for number in gone]
    rows = len(memory.rows)
    taken_in(memory, new, load, rules.search)
    size = len(memory.codes)
    memory.texts_with = counts(memory.texts_with, grams, size, -1)
    memory.notices_with = counts(memory.notices_with, [np.unique(one) for one in grams], size, -1)
    for number in gone:
        memory.notices[number] = memory.notices[number]._replace(gone=True)
    step = steps(memory.texts_with, memory.notices_with, rules.search.scan)
    lists = lists_of(memory, step, before, rules.search)
    corpus = _corpus(memory, step, lists, rules)
    fresh = np.flatnonzero(corpus.place >= 0)
    if (len(memory.rows) - rows) * 10 < rows:
        fresh = np.flatnonzero(_touched(memory.found, before, corpus, rows) & (corpus.place >= 0))
    parts = blocks(fresh, corpus.size)
    results = shared(lambda some: [nearest(part, corpus) for part in some], parts, jobs, least=4)
    if results:
        made = joined(results)
        for name in Found._fields:
            getattr(memory.found, name)[fresh] = getattr(made, name)


def _corpus(memory: Memory, step: NDArray[np.uint8], lists: Lists, rules: Linking) -> Corpus:
    place, row_at = places(memory)
    at, size, owner = (np.ascontiguousarray(memory.rows[name]) for name in ("at", "size", "notice"))
    grams, weights = memory.view("grams"), memory.view("weights")
    scan, candidates = rules.search.scan, rules.search.candidates
    return Corpus(at, size, owner, place, row_at, grams, weights, step, memory.codes, lists, scan, candidates)


def _touched(found: Found, before: NDArray[np.uint8], corpus: Corpus, rows: int) -> NDArray[np.bool_]:
    """For each row whether it is to be looked at: the first `rows` rows are those of the last run, which `found` is of.

    `before`: the steps of the last run.  An old row is looked at where the bigrams that it searches by may be others;
    where a row near to it has gone; and where a new row is nearer than the last one of those.
    """
    touched: NDArray[np.bool_] = np.arange(len(corpus.place)) >= rows
    old = np.full(len(corpus.step), NEVER, np.uint8)
    old[: len(before)] = before
    moved = np.flatnonzero(old != corpus.step)
    which, holders = corpus.lists.of(moved)
    searched = _searched(np.minimum(old, corpus.step)[moved[which]], corpus.codes[moved[which]], holders, found)
    touched[holders[searched]] = True
    touched[:rows] |= ((found.near[:rows] >= 0) & (corpus.place[found.near[:rows]] < 0)).any(axis=1)
    for block in blocks(np.arange(rows, len(corpus.place)), corpus.size):
        touched[_outdone(block, found, corpus, rows)] = True
    return touched


def _searched(step: NDArray[np.uint8], code: NDArray[np.uint64], rows: NDArray[Any], found: Found) -> NDArray[np.bool_]:
    """Whether each of `rows` searches by a bigram of that step and code, if it holds it."""
    last, last_code = found.last_step[rows], found.last_code[rows]
    searched: NDArray[np.bool_] = (step != NEVER) & ((step < last) | (step == last) & (code <= last_code))
    return searched


def _outdone(block: Ints, found: Found, corpus: Corpus, rows: int) -> Ints:
    """The old rows to which one of the new rows of `block` is nearer than the last of those near to them."""
    grams = corpus.grams[spread(corpus.at[block], corpus.size[block])]
    new = np.repeat(block, corpus.size[block])
    new, grams = new[corpus.step[grams] != NEVER], grams[corpus.step[grams] != NEVER]
    which, holders = corpus.lists.of(grams)
    here = (holders < rows) & _searched(corpus.step[grams[which]], corpus.codes[grams[which]], holders, found)
    wide = len(corpus.place)
    pairs, count = twice(holders[here] * np.int64(wide) + new[which[here]])
    mine, other = pairs // wide, pairs % wide
    last, least = found.near[mine, -1], found.common[mine, -1]
    nearer = (count == least) & (corpus.place[other] < corpus.place[last])
    outdone: Ints = mine[(last < 0) | (count > least) | nearer]
    return outdone

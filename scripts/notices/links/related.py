"""Related tasks: for each task those of other notices that are about the same."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..model import Link
from ..running.parallel import shared
from .linking import Linking
from .memory import Memory, places
from .nearest import Ints, products, spread
from .similar import ONE, codes_of, shared_words
from .store import let_go

WORDS = 5  # how many shared words a link shows
TRIMMED = 50_000  # words that are remembered without the general words at their ends
MANY = 100  # notices whose links are asked for between two times that the mapped files are let go
STRETCH = 500_000  # pairs among which links are chosen together


class Edges(NamedTuple):
    """Pairs of rows that are related, both ways, in the order of the first one's place: rows, score in ONE squared."""

    source: NDArray[Any]
    target: NDArray[Any]
    score: NDArray[Any]


class Related:
    """The links between the tasks of a corpus; what a link says is worked out when it is asked for.

    It can be used in forked processes: what it holds is read only, most of it from mapped files.
    """

    def __init__(self, memory: Memory, order: Sequence[str], edges: Edges, rules: Linking) -> None:
        """`edges`: what `selected` leaves, ordered by the source's notice in `order`, by its task, best first."""
        self._rules = rules
        self._rows = memory.rows
        self._notices = memory.notices
        self._codes = memory.codes
        self._general = np.isin(memory.codes, codes_of(sorted(rules.weights.general)))
        self._trim = lru_cache(TRIMMED)(partial(rules.weights.general_ends.sub, ""))
        self._texts, self._grams, self._weights = (memory.view(kind) for kind in ("texts", "grams", "weights"))
        self._edges = edges
        self._asked = 0
        number = {held.id: number for number, held in enumerate(memory.notices) if not held.gone}
        owners = memory.rows["notice"][edges.source]
        bounds = np.flatnonzero(np.diff(owners, prepend=-1, append=-1)).tolist()
        spans = {int(owners[start]): (start, end) for start, end in pairwise(bounds)}
        self._spans = {identity: (number[identity], *spans.get(number[identity], (0, 0))) for identity in order}

    def links(self, notice_id: str) -> tuple[Link, ...]:
        """The links that start in a notice, ordered by source, score, target.  Raises KeyError for an id not in the corpus.

        A link goes from task to task; where one item decided, the target is the item and the evidence names it.
        """
        self._asked += 1
        if not self._asked % MANY:
            for file in (self._texts, self._grams, self._weights):
                let_go(file)
        _, start, end = self._spans[notice_id]
        source, target, score = (column[start:end].tolist() for column in self._edges)
        texts = {row: self._text(row) for row in {*source, *target}}
        names = {row: self._notices[owner].id for row, owner in zip(target, self._owners(target), strict=True)}
        general = self._rules.weights.general
        found = []
        for i, j, points, said in zip(source, target, score, self._said(start, end), strict=True):
            (task, _, label, one), (_, anchor, other_label, other) = texts[i], texts[j]
            both = (one, other) if notice_id < names[j] else (other, one)  # the same words from either side
            words = shared_words(*both, said, general, self._trim, WORDS)
            if words:  # else they are alike in general words alone
                parts = (("本条", label), ("对方", other_label))
                evidence = (*words, *(f"{side}{part}" for side, part in parts if part))
                there = f"{names[j]}#{anchor}"
                found.append(Link(f"{notice_id}#{task}", there, "related", round(points / ONE**2, 3), evidence))
        return tuple(sorted(found, key=lambda one: (one.source, -one.score, one.target)))

    def _owners(self, rows: Sequence[int] | NDArray[Any]) -> list[int]:
        owners: list[int] = self._rows["notice"][rows].tolist() if len(rows) else []
        return owners

    def _said(self, start: int, end: int) -> Iterator[dict[int, int]]:
        """Of each edge: the bigrams that both texts hold, those of general words left out, as `shared_words` reads them."""
        if start == end:
            return
        source, target = self._edges.source[start:end], self._edges.target[start:end]
        at, size = self._rows["at"], self._rows["size"]
        mine, place = np.unique(source, return_inverse=True)
        here = spread(at[mine], size[mine])
        owners = np.repeat(np.arange(len(mine)), size[mine])
        own = self._grams[here], self._weights[here]
        there = spread(at[target], size[target])
        grams = self._grams[there]
        points = products(len(mine), owners, *own, place, size[target], grams, self._weights[there])
        pair = np.repeat(np.arange(end - start), size[target])
        kept = np.flatnonzero((points > 0) & ~self._general[grams])
        kept = kept[np.argsort((pair[kept] << 33) - points[kept], kind="stable")]  # equal ones stay in order of code
        bounds = np.searchsorted(pair[kept], np.arange(end - start + 1)).tolist()
        codes, values = self._codes[grams[kept]].tolist(), points[kept].tolist()
        for begin, stop in pairwise(bounds):
            yield dict(zip(codes[begin:stop], values[begin:stop], strict=True))

    def _text(self, row: int) -> tuple[str, str, str, str]:
        """The anchors of task and text, the label, and the text."""
        start, size = int(self._rows["text_at"][row]), int(self._rows["text_size"][row])
        task, anchor, label, text = self._texts[start : start + size].tobytes().decode().split("\t", 3)
        return task, anchor, label, text

    def beside(self, notice_id: str) -> list[str]:
        """The ids of all notices that the links of a notice lead to, and at times of more: no words are looked at."""
        _, start, end = self._spans[notice_id]
        return sorted(self._notices[number].id for number in {*self._owners(self._edges.target[start:end])})

    def key(self, notice_id: str) -> str:
        """A key that is another one whenever `links` would be: for another text here or there, another target or score."""
        number, start, end = self._spans[notice_id]
        held, edges = self._notices[number], self._edges
        parts = (
            f"{held.id} {held.digest}".encode(),
            (edges.source[start:end] - held.start).astype("<i8").tobytes(),
            self._rows["stamp"][edges.target[start:end]].tobytes(),
            edges.score[start:end].astype("<i8").tobytes(),
        )
        return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def selected(memory: Memory, order: Sequence[str], rules: Linking, jobs: int) -> Related:
    """For each task the most alike tasks of other notices: at most `most`, none below its threshold."""
    place, _ = places(memory)
    task = place[memory.rows["task"]]
    edges = _edges(memory, rules, place)
    by_task = np.argsort(task[edges.source], kind="stable")
    ends = np.flatnonzero(np.diff(task[edges.source[by_task]], append=-1)) + 1  # of each task's edges
    cuts = [0, *ends[np.searchsorted(ends, np.arange(STRETCH, len(by_task), STRETCH))].tolist(), len(by_task)]

    def work(some: Sequence[tuple[int, int]]) -> list[Edges]:
        parts = (by_task[start:end] for start, end in some)
        return [_best(Edges(*(column[part] for column in edges)), place, task, rules.most) for part in parts]

    chosen = shared(work, list(pairwise(cuts)), jobs, least=2)
    return Related(memory, order, Edges(*(np.concatenate(column) for column in zip(*chosen, strict=True))), rules)


def _edges(memory: Memory, rules: Linking, place: Ints) -> Edges:
    """All pairs of texts that are related, both ways."""
    rows, near, score = memory.rows, memory.found.near, memory.found.score
    part, topic = np.ascontiguousarray(rows["part"]), np.ascontiguousarray(rows["topic"])
    item, same, other = (math.ceil(least * ONE**2) for least in (rules.item, rules.same_topic, rules.otherwise))
    found = []
    for begin in range(0, max(1, len(rows)), 50_000):
        end = begin + 50_000
        there = (near[begin:end] >= 0) & (place[begin:end, None] >= 0) & (score[begin:end] >= min(item, same, other))
        i, column = np.nonzero(there)
        i += begin
        j, scores = near[i, column], score[i, column]
        least = np.where((topic[i] == topic[j]) & (topic[i] > 0), same, other)
        fit = scores >= np.where(part[i] | part[j], item, least)
        found.append((i[fit].astype(np.int32), j[fit], scores[fit]))
    one, another, scores = (np.concatenate(column) for column in zip(*found, strict=True))
    return Edges(np.append(one, another), np.append(another, one), np.append(scores, scores))


def _best(edges: Edges, place: Ints, task: Ints, most: int) -> Edges:
    """Of the edges of some tasks: for each two tasks the best, of equals that of whole tasks; for each task `most`."""
    if not len(edges.source):
        return edges
    wide = len(place) + 1
    between = task[edges.source] * wide + task[edges.target]
    order = np.argsort(between, kind="stable")
    first = np.flatnonzero(np.diff(between[order], prepend=-1))
    pair = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(order))))
    score = edges.score[order].astype(np.int64)
    one, other = place[edges.source[order]], place[edges.target[order]]
    rank = np.minimum(one, other) * wide + np.maximum(one, other)  # the same from either side
    rank[score < np.maximum.reduceat(score, first)[pair]] = wide * wide
    best = np.flatnonzero(rank == np.minimum.reduceat(rank, first)[pair])
    order = order[best[np.diff(pair[best], prepend=-1) > 0]]
    source = task[edges.source[order]]
    order = order[np.argsort((source << 33) - edges.score[order].astype(np.int64), kind="stable")]
    order = order[np.arange(len(source)) - np.searchsorted(source, source) < most]
    return Edges(*(column[order] for column in edges))

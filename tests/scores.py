"""Counting what was found against a gold: precision, recall, F1 and how sure they are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Mention:
    """What a gold or the program says: a published range, the clause it begins in, and what it means."""

    start: int
    end: int
    key: str
    clause: str = ""
    quote: str = field(default="", compare=False)

    def overlaps(self, other: Mention) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Sample:
    """One notice's mentions of one kind."""

    name: str
    gold: tuple[Mention, ...]
    found: tuple[Mention, ...]
    unplaced: int = 0  # gold entries that no clause holds


@dataclass(frozen=True, slots=True)
class Score:
    """Counts and what follows from them; `low` and `high` bound F1 with 95 % (bootstrap over clauses)."""

    hits: int
    gold: int
    found: int
    low: float = 0.0
    high: float = 0.0

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.gold + self.found) if self.gold + self.found else 1.0


Match = Callable[[Mention, Mention], bool]


def exact(gold: Mention, found: Mention) -> bool:
    """Same range, same meaning."""
    return (gold.start, gold.end, gold.key) == (found.start, found.end, found.key)


def overlapping(gold: Mention, found: Mention) -> bool:
    """Ranges that share a character, same meaning."""
    return gold.overlaps(found) and gold.key == found.key


def score(samples: Sequence[Sample], match: Match) -> Score:
    """The score over all samples, each gold entry matched at most once, with its confidence interval."""
    units = [count for sample in samples for count in _counts(sample, match)]
    hits, gold, found = (sum(unit[i] for unit in units) for i in range(3))
    low, high = _interval(units)
    if hits == gold == found:  # nothing to resample where all is right: Wilson's bound says how sure that is
        low = proportion(hits, gold).low
    return Score(hits, gold, found, low, high)


def _counts(sample: Sample, match: Match) -> Iterator[tuple[int, int, int]]:
    """(hits, gold, found) of each clause that holds anything."""
    clauses = sorted({mention.clause for mention in (*sample.gold, *sample.found)})
    for clause in clauses:
        gold = [mention for mention in sample.gold if mention.clause == clause]
        found = [mention for mention in sample.found if mention.clause == clause]
        yield _hits(gold, found, match), len(gold), len(found)


def _hits(gold: Sequence[Mention], found: Sequence[Mention], match: Match) -> int:
    free = list(found)
    hits = 0
    for mention in gold:
        chosen = next((other for other in free if match(mention, other)), None)
        if chosen:
            free.remove(chosen)
            hits += 1
    return hits


def _interval(units: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of F1 over resampled clauses (Efron, percentile bootstrap), seed fixed."""
    if not units:
        return (0.0, 1.0)
    draw = random.Random(20261122)
    values = []
    for _ in range(RESAMPLES):
        chosen = draw.choices(units, k=len(units))
        hits, total = sum(u[0] for u in chosen), sum(u[1] + u[2] for u in chosen)
        values.append(2 * hits / total if total else 1.0)
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]


def proportion(hits: int, total: int) -> Score:
    """A share as a score, with Wilson's interval (E. B. Wilson, JASA 22, 1927, p. 209)."""
    if not total:
        return Score(0, 0, 0, 0.0, 1.0)
    share, z2 = hits / total, 1.959964**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = 1.959964 * (share * (1 - share) / total + z2 / (4 * total**2)) ** 0.5 / (1 + z2 / total)
    return Score(hits, total, total, middle - half, middle + half)

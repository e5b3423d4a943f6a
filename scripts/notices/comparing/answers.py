"""Which tasks of two plans answer each other, and under which topic they are shown.

A task stands beside the one task of the other plan that is closest to it; a task whose closest one already stands
beside another is shown alone and says which ones are near.  Every task is in exactly one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..links.linking import Linking
from ..links.packed import Compared, compared
from ..links.pair import Tie, ties
from ..model import Clause, Notice
from .phrases import Shared, Stretch, shared_wording

ENOUGH = 14  # shared characters from which two tasks are near even where the bigrams say nothing
SAID = 200  # shared characters that count as much as a score of 1


class Row(NamedTuple):
    """Two tasks that answer each other, or one alone; `topic` is the label they are shown under, "" for none."""

    topic: str
    first: Clause | None
    second: Clause | None

    @property
    def tasks(self) -> tuple[Clause | None, Clause | None]:
        return self.first, self.second

    @property
    def paired(self) -> bool:
        return self.first is not None and self.second is not None


class Answers(NamedTuple):
    """The tasks of two plans beside each other.

    `near`: anchor → anchors of the near tasks of the other plan, the closest first, for the tasks of either plan.
    `marks`: anchor → the stretches of its text that stand in the other plan too.
    """

    rows: tuple[Row, ...]
    near: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]
    marks: tuple[Mapping[str, list[Stretch]], Mapping[str, list[Stretch]]]


def tasks_of(notice: Notice) -> list[Clause]:
    """The clauses that are compared."""
    return [clause for clause in notice.clauses if clause.task]


def topics_of(notice: Notice) -> dict[str, list[str]]:
    """Anchor → the labels of its topics, the main one first."""
    found: dict[str, list[str]] = {}
    for span in sorted((s for s in notice.spans if s.kind == "topic"), key=lambda s: str(s.get("rank"))):
        found.setdefault(span.clause, []).append(str(span.get("label")))
    return found


def answers(first: Notice, second: Notice, rules: Linking, texts: tuple[Compared, Compared] | None = None) -> Answers:
    """The tasks of two plans, laid beside each other.  `texts`: what is compared of either, where it is at hand."""
    ones, others = tasks_of(first), tasks_of(second)
    shared = shared_wording(
        [one.text for one in ones], [one.text for one in others], rules.weights.general_ends, rules.left_out
    )
    both = texts or (compared(first, rules), compared(second, rules))
    topics = topics_of(first), topics_of(second)
    scores = _scores(topics, ones, others, shared, ties(*both, rules))
    chosen = _chosen(scores)
    near = (
        {ones[i].anchor: _closest(scores, others, 0, i) for i in range(len(ones))},
        {others[j].anchor: _closest(scores, ones, 1, j) for j in range(len(others))},
    )
    marks = (
        {clause.anchor: found for clause, found in zip(ones, shared.first, strict=True)},
        {clause.anchor: found for clause, found in zip(others, shared.second, strict=True)},
    )
    return Answers(tuple(_rows(*topics, ones, others, chosen)), near, marks)


def _scores(
    topics: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]],
    ones: Sequence[Clause],
    others: Sequence[Clause],
    shared: Shared,
    found: Sequence[Tie],
) -> dict[tuple[int, int], float]:
    """How near two tasks are, for those that are: how alike their bigrams are, and how much wording they share.

    One word in common is not enough where neither topic nor wording is.
    """
    place = [{clause.anchor: at for at, clause in enumerate(side)} for side in (ones, others)]
    scores: dict[tuple[int, int], float] = {}
    for tie in found:
        pair = place[0][tie.first], place[1][tie.second]
        same = set(topics[0].get(tie.first, ())) & set(topics[1].get(tie.second, ()))
        if same or pair in shared.common or len(tie.evidence) > 1:
            scores[pair] = max(scores.get(pair, 0.0), tie.score)
    for pair, size in shared.common.items():
        if pair in scores or size >= ENOUGH:
            scores[pair] = scores.get(pair, 0.0) + size / SAID
    return scores


def _chosen(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """One to one, the nearest first; of equally near ones those that are printed first."""
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if i not in chosen and j not in taken:
            chosen[i] = j
            taken.add(j)
    return chosen


def _closest(
    scores: Mapping[tuple[int, int], float], there: Sequence[Clause], side: int, place: int
) -> tuple[str, ...]:
    found = sorted((-score, pair[1 - side]) for pair, score in scores.items() if pair[side] == place)
    return tuple(there[other].anchor for _, other in found)


def _rows(
    topics: Mapping[str, Sequence[str]],
    beside: Mapping[str, Sequence[str]],
    ones: Sequence[Clause],
    others: Sequence[Clause],
    chosen: Mapping[int, int],
) -> list[Row]:
    """Pairs in the order of the first plan, then what stands alone in the first plan, then in the second.

    `topics` of the first plan's tasks, `beside` of the second's.
    """
    rows = []
    for i, j in sorted(chosen.items()):
        mine, theirs = topics.get(ones[i].anchor, []), beside.get(others[j].anchor, [])
        both = [label for label in mine if label in theirs]
        rows.append(Row((both or mine or theirs or [""])[0], ones[i], others[j]))
    rows += [Row(topics.get(c.anchor, [""])[0], c, None) for i, c in enumerate(ones) if i not in chosen]
    taken = set(chosen.values())
    rows += [Row(beside.get(c.anchor, [""])[0], None, c) for j, c in enumerate(others) if j not in taken]
    return rows

"""Related tasks: for each task those of other notices that are about the same.

What is compared of a notice (`compared`) and what is found out of two texts depend on these alone, so both can be kept
from one run to the next; which texts are compared at all depends on the whole corpus.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..chars import fold, is_han
from ..model import Clause, Link, Notice
from ..running.parallel import shared
from .linking import Linking
from .similar import (
    Vector,
    alike,
    grams,
    holders,
    lined,
    offers,
    paired,
    rarest,
    rarities,
    runs,
    shared_words,
    vector,
)

WORDS = 5  # how many shared words a link shows
_PLACES = 4096  # more texts than any notice has


class Text(NamedTuple):
    """A text that is compared: a task, or one item or paragraph of it (`label` "三是", "第2段").

    `text` is as `lined` makes it; `grams`, a line each, and `weights`, doubles, are its vector, packed.
    """

    task: str  # anchor of the task
    anchor: str  # anchor of the task, or of the part
    label: str
    topic: str
    text: str
    grams: str
    weights: bytes


class Compared(NamedTuple):
    """What is compared of a notice; `digest` is the same for the same texts and topics."""

    digest: int
    texts: tuple[Text, ...]


class Unit(NamedTuple):
    """A text in the corpus: `owner` is its notice's place in the order, `key` the same in every corpus."""

    task: str  # address of the task
    anchor: str  # address of the task, or of the part
    owner: int
    key: int
    words: Text


#: Of two texts, by their keys: their score, and the words that they share once somebody asked for them.
Known = dict[tuple[int, int], tuple[float, tuple[str, ...] | None]]


def related(every: Sequence[tuple[str, Compared]], rules: Linking, known: Known, jobs: int = 1) -> Iterator[Link]:
    """For each task the tasks of other notices that are about the same, at most `most` and none below its threshold.

    A link goes from task to task; where one item decided, the target is the item and the evidence names it.
    `every`: the notices' ids and texts, in the order of the ids.  `known` holds afterwards what this run used.
    """
    units = [
        Unit(f"{identity}#{one.task}", f"{identity}#{one.anchor}", owner, found.digest * _PLACES + number, one)
        for owner, (identity, found) in enumerate(every)
        for number, one in enumerate(found.texts)
    ]
    seen: Known = {}
    best = _best(units, rules, known, seen, jobs)
    found: dict[str, list[tuple[float, str, int, int]]] = {}  # by task: sorts by score, then by the other task
    for minus, i, j in best:
        found.setdefault(units[i].task, []).append((minus, units[j].task, i, j))
        found.setdefault(units[j].task, []).append((minus, units[i].task, j, i))
    shown = [(minus, i, j) for ranked in found.values() for minus, _, i, j in sorted(ranked)[: rules.most]]
    words = _words(units, [(min(i, j), max(i, j)) for _, i, j in shown], rules, seen, jobs)
    known.clear()
    known.update(seen)
    for minus, i, j in shown:
        common = words[min(i, j), max(i, j)]
        if common:  # else they are alike in general words alone
            parts = (("本条", units[i].words.label), ("对方", units[j].words.label))
            evidence = (*common, *(f"{side}{label}" for side, label in parts if label))
            yield Link(units[i].task, units[j].anchor, "related", round(-minus, 3), evidence)


def _best(
    units: Sequence[Unit], rules: Linking, known: Known, seen: Known, jobs: int
) -> Collection[tuple[float, int, int]]:
    """For each two tasks that are related: minus their score, and the places of the units that decide it.

    Of equal scores those of whole tasks.
    """
    owners = [unit.owner for unit in units]
    chosen = rarest(holders([unit.words.grams.split("\n") for unit in units], owners), len(units), rules.search.scan)
    offered = shared(lambda places: offers(places, chosen, owners, rules.search), range(len(units)), jobs)
    pairs = list(paired(offered))
    fresh = [pair for pair in pairs if _key(units, *pair) not in known]
    scores = shared(lambda some: [alike(_vector(units[i]), _vector(units[j])) for i, j in some], fresh, jobs)
    made = dict(zip(fresh, scores, strict=True))
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for i, j in pairs:
        key = _key(units, i, j)
        seen[key] = known[key] if (i, j) not in made else (made[i, j], None)
        score = seen[key][0]
        if score >= threshold(units[i].words, units[j].words, rules):
            tasks, rank = (units[i].task, units[j].task), (-score, i, j)
            if tasks not in best or rank < best[tasks]:
                best[tasks] = rank
    return best.values()


def _words(
    units: Sequence[Unit], pairs: Sequence[tuple[int, int]], rules: Linking, seen: Known, jobs: int
) -> dict[tuple[int, int], tuple[str, ...]]:
    """The words that each pair of places shares; what is new of them goes to `seen`."""

    def find(some: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
        return [
            shared_words(one.words.text, other.words.text, _vector(one), _vector(other), rules.weights, WORDS)
            for one, other in ((units[i], units[j]) for i, j in some)
        ]

    words: dict[tuple[int, int], tuple[str, ...]] = {}
    fresh = []
    for pair in dict.fromkeys(pairs):
        common = seen[_key(units, *pair)][1]
        if common is None:
            fresh.append(pair)
        else:
            words[pair] = common
    for pair, common in zip(fresh, shared(find, fresh, jobs), strict=True):
        key = _key(units, *pair)
        words[pair] = common
        seen[key] = (seen[key][0], common)
    return words


def _key(units: Sequence[Unit], i: int, j: int) -> tuple[int, int]:
    return units[i].key, units[j].key


def _vector(unit: Unit) -> Vector:
    return _unpacked(unit.words.grams, unit.words.weights)


@lru_cache(maxsize=100_000)
def _unpacked(grams_: str, weights: bytes) -> Vector:
    return dict(zip(grams_.split("\n"), array("d", weights), strict=True)) if weights else {}


def threshold(one: Text, other: Text, rules: Linking) -> float:
    """The score from which the two are called related."""
    if one.label or other.label:
        return rules.item
    return rules.same_topic if one.topic and one.topic == other.topic else rules.otherwise


def compared(notice: Notice, rules: Linking) -> Compared:
    """What is compared of a notice: each task whole, then its items or paragraphs where it has several."""
    tasks = [clause for clause in notice.clauses if clause.task]
    topics = {s.clause: str(s.get("label")) for s in reversed(notice.spans) if s.kind == "topic" and s.get("rank") == 1}
    found = []  # anchor of the task, anchor, label, runs, bigrams
    for clause in tasks:
        whole = _runs(clause.text, rules)
        found.append((clause.anchor, clause.anchor, "", whole, grams(whole)))
        found += [(clause.anchor, *part, grams(part[-1])) for part in parts_of(clause, rules)]
    says = rarities([one[-1] for one in found if not one[2]], [one[-1] for one in found if one[2]], rules.weights)
    made = []
    for task, anchor, label, texts, counts in found:
        weighed = vector(counts, says, rules.weights)
        packed = ("\n".join(weighed), array("d", weighed.values()).tobytes())
        made.append(Text(task, anchor, label, topics.get(task, ""), lined(texts), *packed))
    printed = "\0".join(part for one in made for part in (one.label, one.topic, one.text))
    return Compared(int.from_bytes(hashlib.blake2b(printed.encode(), digest_size=8).digest(), "big"), tuple(made))


def parts_of(clause: Clause, rules: Linking) -> list[tuple[str, str, list[str]]]:
    """Anchor, label and runs of a task's items, or of its paragraphs; none where it has only one long enough."""
    found = [(item.anchor, item.label, item.text) for item in clause.items]
    if len(found) < 2:
        texts = [paragraph for paragraph in clause.paragraphs if paragraph.kind == "text"]
        found = [(one.anchor, f"第{number}段", one.text) for number, one in enumerate(texts, 1)]
    if len(found) < 2:
        return []
    parts = [(anchor, label, _runs(text, rules)) for anchor, label, text in found]
    long_enough = [part for part in parts if sum(len(run) for run in part[2] if is_han(run[0])) >= rules.min_item]
    return long_enough if len(long_enough) > 1 else []


def _runs(text: str, rules: Linking) -> list[str]:
    """What is compared of a text."""
    return runs(rules.left_out.sub(" ", fold(text)))

"""Links between notices, in this order: related tasks, the same body's other years, the levels above and below, citations.

In: every notice with its spans, in any order.  Out: links, sorted; the same for the same notices.  A link is made only
where what is printed leaves one reading: no link is better than a wrong one.  Rules: rules/links.toml.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .chars import fold, is_han
from .citing import cites
from .model import Clause, Link, Notice
from .plans import Body, levels, years
from .rules import Rules, RulesError, compiled
from .similar import (
    Search,
    Vector,
    Weights,
    alike,
    candidates,
    grams,
    holders,
    lined,
    rarities,
    runs,
    shared_words,
    vector,
)

WORDS = 5  # how many shared words a link shows
PARTICLES = "的和与及或等了在对为是以并将把"


@dataclass(frozen=True, slots=True)
class Linking:
    """rules/links.toml, compiled."""

    same_topic: float
    otherwise: float
    item: float
    most: int
    min_item: int
    weights: Weights
    search: Search
    left_out: re.Pattern[str]
    plan: re.Pattern[str]
    body_end: re.Pattern[str]
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A text that is compared: a task, or one item or paragraph of it (`label` "三是", "第2段")."""

    task: str  # address of the task
    anchor: str  # address of the task, or of the part
    label: str
    owner: int
    topic: str
    text: str  # as `lined` makes it


def link(notices: Sequence[Notice], rules: Rules) -> tuple[Link, ...]:
    """Every link between `notices`.  Raises RulesError where rules/links.toml cannot be used."""
    ready = compiled_rules(rules)
    ordered = sorted(notices, key=lambda notice: notice.id)
    found = [
        *related(ordered, ready),
        *years(ordered, ready.bodies, ready.plan, ready.body_end),
        *levels(ordered, ready.bodies, ready.plan, ready.body_end),
        *cites(ordered),
    ]
    return tuple(sorted(found, key=lambda one: (one.source, one.kind, -one.score, one.target, one.evidence)))


@cache
def compiled_rules(rules: Rules) -> Linking:
    """Rules of rules/links.toml, compiled.  Raises RulesError naming the entry."""
    try:
        table = rules.tables["links"]
        numbers = table["related"]
        words = fold(table["general"]["words"]).split()
        ends = "|".join(map(re.escape, sorted((*words, *PARTICLES), key=len, reverse=True)))
        first = "".join(sorted({word[0] for word in (*words, *PARTICLES)}))  # a quick look before the long list
        return Linking(
            **{key: float(numbers[key]) for key in ("same_topic", "otherwise", "item")},
            most=int(numbers["most"]),
            min_item=int(numbers["min_item"]),
            weights=Weights(
                **table["weight"],
                general=frozenset(g for word in words for g in grams(runs(word))),
                general_ends=re.compile(f"^(?:{ends})+|(?=[{first}])(?:{ends})+$"),
            ),
            search=Search(**table["search"]),
            left_out=compiled(table["left_out"]["pattern"], "links/left_out"),
            plan=compiled(table["plan"]["pattern"], "links/plan"),
            body_end=compiled(table["body_end"]["pattern"], "links/body_end"),
            bodies=tuple(Body(b["id"], frozenset(b["names"])) for b in table["body"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"规则文件 links.toml 缺少一项或写法有错：{error}。请对照文件里其他条目改正。") from error


# --- related tasks ----------------------------------------------------------------------------------------------


def related(notices: Sequence[Notice], rules: Linking) -> Iterator[Link]:
    """For each task the tasks of other notices that are about the same, at most `most` and none below its threshold.

    A link goes from task to task; where one item decided, the target is the item and the evidence names it.
    """
    units, vectors = [], []
    for owner, notice in enumerate(notices):
        for unit, weighed in units_of(notice, owner, rules):
            units.append(unit)
            vectors.append(weighed)
    found: dict[str, list[tuple[float, str, int, int]]] = {}  # by task: sorts by score, then by the other task
    for minus, i, j in _best(units, vectors, rules):
        found.setdefault(units[i].task, []).append((minus, units[j].task, i, j))
        found.setdefault(units[j].task, []).append((minus, units[i].task, j, i))
    words: dict[tuple[int, int], tuple[str, ...]] = {}  # the same in both directions
    for ranked in found.values():
        for minus, _, i, j in sorted(ranked)[: rules.most]:
            first, second = pair = (min(i, j), max(i, j))
            if pair not in words:
                texts = units[first].text, units[second].text
                words[pair] = shared_words(*texts, vectors[first], vectors[second], rules.weights, WORDS)
            if words[pair]:  # else they are alike in general words alone
                parts = (("本条", units[i].label), ("对方", units[j].label))
                evidence = (*words[pair], *(f"{side}{label}" for side, label in parts if label))
                yield Link(units[i].task, units[j].anchor, "related", round(-minus, 3), evidence)


def _best(units: Sequence[Unit], vectors: list[Vector], rules: Linking) -> Collection[tuple[float, int, int]]:
    """For each two tasks that are related: minus their score, and the places of the units that decide it.

    Of equal scores those of whole tasks.  Cuts `vectors` down to what adds to scores.
    """
    owners = [unit.owner for unit in units]
    held = holders(vectors, owners)
    for place, full in enumerate(vectors):
        vectors[place] = {gram: weight for gram, weight in full.items() if gram in held}
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for i, j in candidates(held, owners, rules.search):
        score = alike(vectors[i], vectors[j])
        if score >= threshold(units[i], units[j], rules):
            key, rank = (units[i].task, units[j].task), (-score, i, j)
            if key not in best or rank < best[key]:
                best[key] = rank
    return best.values()


def threshold(one: Unit, other: Unit, rules: Linking) -> float:
    """The score from which the two are called related."""
    if one.label or other.label:
        return rules.item
    return rules.same_topic if one.topic and one.topic == other.topic else rules.otherwise


def units_of(notice: Notice, owner: int, rules: Linking) -> Iterator[tuple[Unit, Vector]]:
    """What is compared of a notice: each task whole, then its items or paragraphs where it has several."""
    tasks = [clause for clause in notice.clauses if clause.task]
    topics = {s.clause: str(s.get("label")) for s in reversed(notice.spans) if s.kind == "topic" and s.get("rank") == 1}
    found = []  # anchor of the task, anchor, label, runs, bigrams
    for clause in tasks:
        whole = _runs(clause.text, rules)
        found.append((clause.anchor, clause.anchor, "", whole, grams(whole)))
        found += [(clause.anchor, *part, grams(part[-1])) for part in parts_of(clause, rules)]
    says = rarities([one[-1] for one in found if not one[2]], [one[-1] for one in found if one[2]], rules.weights)
    for task, anchor, label, texts, counts in found:
        address = f"{notice.id}#{task}"
        unit = Unit(address, f"{notice.id}#{anchor}", label, owner, topics.get(task, ""), lined(texts))
        yield unit, vector(counts, says, rules.weights)


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

"""Links between notices, in this order: related tasks, the same body's other years, the levels above and below, citations.

In: every notice with its spans, in any order.  Out: links, sorted; the same for the same notices.  A link is made only
where what is printed leaves one reading: no link is better than a wrong one.  Rules: rules/links.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .chars import fold, is_han
from .citing import cites
from .model import Clause, Link, Notice
from .plans import Body, levels, years
from .rules import Rules, RulesError, compiled
from .similar import Search, Vector, Weights, alike, candidates, grams, rarities, runs, shared_words, vector

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
    text: str
    vector: Vector


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
    units = [unit for owner, notice in enumerate(notices) for unit in units_of(notice, owner, rules)]
    best: dict[tuple[str, str], tuple[float, Unit, Unit]] = {}
    for i, j in candidates([unit.vector for unit in units], [unit.owner for unit in units], rules.search):
        one, other = units[i], units[j]
        score = alike(one.vector, other.vector)
        if score >= threshold(one, other, rules):
            key = (one.task, other.task)
            if key not in best or _rank(score, one, other) < _rank(*best[key]):
                best[key] = (score, one, other)
    found: dict[str, list[tuple[float, str, Unit, Unit]]] = {}  # by task: sorts by score, then by the other task
    for score, one, other in best.values():
        found.setdefault(one.task, []).append((-score, other.task, one, other))
        found.setdefault(other.task, []).append((-score, one.task, other, one))
    words: dict[frozenset[str], tuple[str, ...]] = {}
    for ranked in found.values():
        for minus, _, one, other in sorted(ranked)[: rules.most]:
            pair = frozenset((one.anchor, other.anchor))
            if pair not in words:
                words[pair] = words_of(one, other, rules)
            if not words[pair]:
                continue  # alike in general words alone
            mine = (f"本条{one.label}",) if one.label else ()
            theirs = (f"对方{other.label}",) if other.label else ()
            yield Link(one.task, other.anchor, "related", round(-minus, 3), (*words[pair], *mine, *theirs))


def _rank(score: float, one: Unit, other: Unit) -> tuple[float, str, str]:
    """Better first: the higher score, then whole tasks before their parts."""
    return (-score, one.anchor, other.anchor)


def threshold(one: Unit, other: Unit, rules: Linking) -> float:
    """The score from which the two are called related."""
    if one.label or other.label:
        return rules.item
    return rules.same_topic if one.topic and one.topic == other.topic else rules.otherwise


def words_of(one: Unit, other: Unit, rules: Linking) -> tuple[str, ...]:
    """The shared words to check, the same in both directions."""
    first, second = sorted((one, other), key=lambda unit: unit.anchor)
    return shared_words(first.text, second.text, first.vector, second.vector, rules.weights, WORDS)


def units_of(notice: Notice, owner: int, rules: Linking) -> Iterator[Unit]:
    """What is compared of a notice: each task whole, and its items or paragraphs where it has several."""
    tasks = [clause for clause in notice.clauses if clause.task]
    topics = {s.clause: str(s.get("label")) for s in reversed(notice.spans) if s.kind == "topic" and s.get("rank") == 1}
    found = []  # anchor of the task, anchor, label, runs, bigrams
    for clause in tasks:
        whole = _runs(clause.text, rules)
        found.append((clause.anchor, clause.anchor, "", whole, grams(whole)))
        found += [(clause.anchor, *part, grams(part[-1])) for part in parts_of(clause, rules)]
    says = rarities([one[-1] for one in found if not one[2]], [one[-1] for one in found if one[2]], rules.weights)
    for task, anchor, label, texts, counts in found:
        weighed = vector(counts, says, rules.weights)
        address = f"{notice.id}#{task}"
        yield Unit(address, f"{notice.id}#{anchor}", label, owner, topics.get(task, ""), "\n".join(texts), weighed)


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

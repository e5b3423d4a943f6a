"""Links between notices, in this order: related tasks, the same body's other years, the levels above and below, citations.

In: every notice with its spans, in any order.  Out: links, sorted; the same for the same notices.  A link is made only
where what is printed leaves one reading: no link is better than a wrong one.  Rules: rules/links.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice

from .chars import fold, han_count
from .citing import cites
from .model import Clause, Link, Notice
from .plans import Body, levels, years
from .rules import Rules, RulesError, compiled
from .similar import Search, Vector, Weights, alike, candidates, grams, shared_words, vector

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
        return Linking(
            **{key: float(numbers[key]) for key in ("same_topic", "otherwise", "item")},
            most=int(numbers["most"]),
            min_item=int(numbers["min_item"]),
            weights=Weights(
                **table["weight"],
                general=frozenset(g for word in words for g in grams(word)),
                general_ends=re.compile(f"^(?:{ends})+|(?:{ends})+$"),
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
        if score < threshold(one, other, rules):
            continue
        key = (one.task, other.task)
        if key not in best or _rank(score, one, other) < _rank(*best[key]):
            best[key] = (score, one, other)
    sided = [(one, other, score) for score, one, other in best.values()]
    sided += [(other, one, score) for score, one, other in best.values()]
    sided.sort(key=lambda pair: (pair[0].task, -pair[2], pair[1].task))
    words: dict[frozenset[str], tuple[str, ...]] = {}
    for _, group in groupby(sided, key=lambda pair: pair[0].task):
        for one, other, score in islice(group, rules.most):
            pair = frozenset((one.anchor, other.anchor))
            if pair not in words:
                words[pair] = words_of(one, other, rules)
            if not words[pair]:
                continue  # alike in general words alone
            mine = (f"本条{one.label}",) if one.label else ()
            theirs = (f"对方{other.label}",) if other.label else ()
            yield Link(one.task, other.anchor, "related", round(score, 3), (*words[pair], *mine, *theirs))


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
    texts = [rules.left_out.sub(" ", fold(clause.text)) for clause in tasks]
    counts = [grams(text) for text in texts]
    held: dict[str, int] = {}
    for one in counts:
        for gram in one:
            held[gram] = held.get(gram, 0) + 1
    for clause, text, own in zip(tasks, texts, counts, strict=True):
        task = f"{notice.id}#{clause.anchor}"
        topic = topics.get(clause.anchor, "")
        weighed = vector(own, held, len(tasks) - 1, rules.weights)
        yield Unit(task, task, "", owner, topic, text, weighed)
        for anchor, label, part in parts_of(clause, rules):
            weighed = vector(grams(part), held, len(tasks) - 1, rules.weights)
            yield Unit(task, f"{notice.id}#{anchor}", label, owner, topic, part, weighed)


def parts_of(clause: Clause, rules: Linking) -> list[tuple[str, str, str]]:
    """Anchor, label and text of a task's items, or of its paragraphs; none where it has only one long enough."""
    found = [(item.anchor, item.label, item.text) for item in clause.items]
    if len(found) < 2:
        texts = [paragraph for paragraph in clause.paragraphs if paragraph.kind == "text"]
        found = [(one.anchor, f"第{number}段", one.text) for number, one in enumerate(texts, 1)]
    parts = [(anchor, label, rules.left_out.sub(" ", fold(text))) for anchor, label, text in found]
    long_enough = [part for part in parts if han_count(part[2]) >= rules.min_item]
    return long_enough if len(long_enough) > 1 else []

"""Which topics a task is about: a linear score of weighted words, no more.

`find` gives each task at most three spans, the main topic first; the words, weights and thresholds, and how they
add up, are explained in rules/topics.toml.  Spans cover the clause's title, or its first sentence where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from ..chars import fold
from ..model import Clause, Notice, Span
from ..rules import Rules, RulesError, compiled

GROUPS = ("strong", "normal", "weak", "field")
EVIDENCE = 5
SHORT = 80  # a shorter text is taken as this long, so that one word of health does not make it a text on health
_SENTENCE = re.compile(r"[^。;；!？!?\n]*")


@dataclass(frozen=True, slots=True)
class Topic:
    """One label: its place in the file decides between equal scores."""

    label: str
    name: str
    place: int


class Vote(NamedTuple):
    """What one word says of one topic."""

    label: str
    weight: float
    group: str
    field_only: bool  # counts only where the text is about health


@dataclass(frozen=True, slots=True)
class Score:
    """The numbers of [score], see rules/topics.toml."""

    strong: float
    normal: float
    weak: float
    title: float
    title_norm: float
    lead: float
    opening: float
    heading: float
    again: float
    norm: float
    minimum: float
    outside: float
    second: float
    third: float
    named: float
    most: int
    thin: float
    low: float


@dataclass(frozen=True, slots=True, eq=False)
class TopicRules:
    """rules/topics.toml, ready for use."""

    topics: Mapping[str, Topic]
    words: AhoCorasick  # from left to right, the longest word at each place, none overlapping
    votes: tuple[tuple[str, tuple[Vote, ...]], ...]  # each word with what it says; decoys vote for nothing
    outside: tuple[tuple[Vote, ...], ...]  # what each says in a text that is not about health
    score: Score
    field: re.Pattern[str]
    notice_share: float
    clause_share: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A topic of a task, with its score and the words behind it, the weightiest first."""

    topic: Topic
    score: float
    evidence: tuple[str, ...]


@cache
def compiled_rules(rules: Rules) -> TopicRules:
    """rules/topics.toml, compiled.  Raises RulesError naming the entry that is wrong."""
    table = rules.tables["topics"]
    try:
        score = Score(**table["score"])
        field = table["field"]
        topics = {e["label"]: Topic(e["label"], e["name"], place) for place, e in enumerate(table["topic"])}
        votes = _votes(table, score)
        pattern = compiled(field["pattern"], "topics.field")
        shares = float(field["notice"]), float(field["clause"])
    except RulesError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesError(f"rules/topics.toml 缺少一项或写法不对：{error}。请对照文件开头的说明改正。") from error
    if len(topics) != len(table["topic"]):
        raise RulesError("rules/topics.toml 里有两个主题用了同一个 label。请改正后再运行。")
    return TopicRules(
        topics,
        AhoCorasick(votes, matchkind=MatchKind.LeftmostLongest),
        tuple(votes.items()),
        tuple(tuple(vote for vote in said if not vote.field_only) for said in votes.values()),
        score,
        pattern,
        *shares,
    )


def _votes(table: Any, score: Score) -> dict[str, tuple[Vote, ...]]:
    """Every word with what it says.  Raises RulesError for a word of one character or twice in a topic."""
    votes: dict[str, list[Vote]] = {fold(word): [] for word in table["decoy"]["words"]}
    weights = {"strong": score.strong, "normal": score.normal, "weak": score.weak, "field": score.normal}
    for entry in table["topic"]:
        own: set[str] = set()
        for group in GROUPS:
            for word in map(fold, entry[group]):
                where = f"topics.{entry['label']}.{group} 的“{word}”"
                if len(word) < 2:
                    raise RulesError(f"规则 {where}太短：至少两个字。请改正后再运行。")
                if word in own:
                    raise RulesError(f"规则 {where}在这个主题里写了两次。请删去一处。")
                own.add(word)
                field_only = group == "field" or (group != "strong" and not entry.get("general", False))
                vote = Vote(entry["label"], weights[group], group, field_only)
                votes.setdefault(word, []).append(vote)
    return {word: tuple(said) for word, said in votes.items()}


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """The topics of every task, as spans over its title (or first sentence), rank 1 first."""
    ready = compiled_rules(rules)
    tasks = [clause for clause in notice.clauses if clause.task]
    if not tasks:
        return
    clauses = {clause.anchor: clause for clause in notice.clauses}
    of_health = _share(ready, (clause.text for clause in notice.clauses)) >= ready.notice_share
    for clause in tasks:
        printed = clause.text
        text = fold(printed)
        end = len(clause.title) or _first_sentence(text) or len(text)
        ranked = rank(text, end, bool(clause.title), _headings(clause, clauses), of_health, ready)
        doubt = _doubt(ranked, ready.score)
        for place, found in enumerate(ranked[: ready.score.most], 1):
            yield Span(
                "topic",
                clause.anchor,
                0,
                end,
                (
                    ("label", found.topic.label),
                    ("name", found.topic.name),
                    ("rank", place),
                    ("evidence", tuple(_printed(word, text, printed) for word in found.evidence)),
                    ("score", round(found.score, 2)),
                ),
                f"topics/{found.topic.label}",
                doubt if place == 1 else "",
            )


def rank(
    text: str, end: int, titled: bool, headings: Sequence[str], of_health: bool, ready: TopicRules
) -> list[Ranked]:
    """The topics a folded text earns, best first; none below the thresholds.

    text[:end] is the title, or the first sentence where not `titled`; `headings` are the titles above it.
    """
    score = ready.score
    in_field = of_health or _share(ready, (text,)) >= ready.clause_share
    head = (score.title if titled else score.opening) * min(1.0, score.title_norm / max(end, 1))
    body = text[end:].lstrip("。.:： \n")
    own: dict[str, dict[str, float]] = {}  # by label: what each word adds
    firm: set[str] = set()  # labels with more than weak words
    named: set[str] = set()  # labels with a strong word in the title
    parts = ((text[:end], head, 1.0, titled), (body, score.norm / (score.norm + len(body)), score.lead, False))
    for part, factor, lead, is_title in parts:
        for word, said, times in _count(part, lead, in_field, ready):
            for label, weight, group, _ in said:
                words = own.setdefault(label, {})
                words[word] = words.get(word, 0.0) + weight * factor * times
                if group != "weak":
                    firm.add(label)
                    if is_title and group == "strong":
                        named.add(label)
    totals = {label: sum(words.values()) for label, words in own.items() if label in firm}
    for heading in headings:
        for _, said, times in _count(heading, 1.0, in_field, ready):
            for label, weight, _, _ in said:
                if label in totals:
                    totals[label] += weight * score.heading * times
    order = sorted(totals, key=lambda label: (-totals[label], ready.topics[label].place))[: score.most]
    lowest = score.minimum if in_field else score.outside
    return [
        Ranked(ready.topics[label], totals[label], tuple(sorted(own[label], key=lambda w: -own[label][w])[:EVIDENCE]))
        for label, share in zip(order, (0.0, score.second, score.third), strict=False)
        if totals[label] >= max(lowest, totals[order[0]] * (min(share, score.named) if label in named else share))
    ]


def _count(text: str, lead: float, in_field: bool, ready: TopicRules) -> Iterator[tuple[str, tuple[Vote, ...], float]]:
    """The words in `text` that vote, with their votes and how much this use of the word counts."""
    first = _first_sentence(text)
    seen: set[int] = set()
    for number, start, _ in ready.words.find_matches_as_indexes(text):
        word, said = ready.votes[number]
        said = said if in_field else ready.outside[number]
        if said:
            times = (ready.score.again if number in seen else 1.0) * (lead if start < first else 1.0)
            seen.add(number)
            yield word, said, times


def _headings(clause: Clause, clauses: Mapping[str, Clause]) -> list[str]:
    """The titles above a clause, folded, nearest first."""
    titles = []
    above = clauses.get(clause.parent or "")
    while above:
        titles.append(fold(above.title))
        above = clauses.get(above.parent or "")
    return titles


def _printed(word: str, folded: str, text: str) -> str:
    """`word` of the folded text as `text` has it."""
    at = folded.find(word)
    return text[at : at + len(word)]


def _first_sentence(text: str) -> int:
    """Where the first sentence of `text` ends, its mark left out."""
    found = _SENTENCE.match(text)
    return found.end() if found else 0


def _share(ready: TopicRules, texts: Iterable[str]) -> float:
    """Words of health in a hundred characters."""
    hits = length = 0
    for text in texts:
        hits += len(ready.field.findall(text))
        length += len(text)
    return 100 * hits / max(length, SHORT)


def _doubt(ranked: Sequence[Ranked], score: Score) -> str:
    """Why a person should look at the topics of a task, in Chinese; "" where none need to."""
    if not ranked:
        return ""
    first = ranked[0]
    if first.score < score.low:
        return f"主题“{first.topic.name}”的依据较弱，请核对。"
    if len(ranked) > 1 and ranked[1].score > first.score * (1 - score.thin):
        return f"主题“{first.topic.name}”与“{ranked[1].topic.name}”分数接近，请核对哪个为主。"
    return ""

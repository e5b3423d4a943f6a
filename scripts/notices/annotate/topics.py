"""Which topics a task is about: a linear score of weighted words, no more.

`find` gives each task at most three spans, the main topic first; the words, weights and thresholds, and how they
add up, are explained in rules/topics.toml.  Spans cover the clause's title, or its first sentence where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
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

    word: str
    label: str
    weight: float
    group: str
    field_only: bool  # counts only where the text is about health


Said = Sequence[tuple[tuple[int, float], ...]]  # by word: its votes, as their places in TopicRules.votes, and weights


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
    votes: tuple[Vote, ...]
    said: Said  # decoys say nothing
    outside: Said  # what counts in a text that is not about health
    ascii: frozenset[str]  # words that may be printed full-width
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
        words = _words(table, score)
        pattern = compiled(field["pattern"], "topics.field")
        shares = float(field["notice"]), float(field["clause"])
    except RulesError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesError(f"rules/topics.toml 缺少一项或写法不对：{error}。请对照文件开头的说明改正。") from error
    if len(topics) != len(table["topic"]):
        raise RulesError("rules/topics.toml 里有两个主题用了同一个 label。请改正后再运行。")
    votes = tuple(vote for said in words.values() for vote in said)
    places = {vote: place for place, vote in enumerate(votes)}
    inside = [tuple((places[vote], vote.weight) for vote in said) for said in words.values()]
    outside = [tuple((places[v], v.weight) for v in said if not v.field_only) for said in words.values()]
    return TopicRules(
        topics,
        AhoCorasick(words, matchkind=MatchKind.LeftmostLongest),
        votes,
        inside,
        outside,
        frozenset(word for word in words if any(map(str.isascii, word))),
        score,
        pattern,
        *shares,
    )


def _words(table: Any, score: Score) -> dict[str, list[Vote]]:
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
                vote = Vote(word, entry["label"], weights[group], group, field_only)
                votes.setdefault(word, []).append(vote)
    return votes


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """The topics of every task, as spans over its title (or first sentence), rank 1 first."""
    ready = compiled_rules(rules)
    tasks = [clause for clause in notice.clauses if clause.task]
    if not tasks:
        return
    clauses = {clause.anchor: clause for clause in notice.clauses}
    texts = {clause.anchor: clause.text for clause in notice.clauses}
    of_health = _of_health([*texts.values()], ready.notice_share, ready)
    for clause in tasks:
        printed = texts[clause.anchor]
        text = fold(printed)
        end = len(clause.title) or _first_sentence(text) or len(text)
        ranked = rank(text, end, bool(clause.title), _headings(clause, clauses), of_health, ready)
        doubt = _doubt(ranked, ready.score)
        for place, found in enumerate(ranked, 1):
            evidence = found.evidence
            if not ready.ascii.isdisjoint(evidence):
                evidence = tuple(_printed(word, text, printed) for word in evidence)
            yield Span(
                "topic",
                clause.anchor,
                0,
                end,
                (
                    ("label", found.topic.label),
                    ("name", found.topic.name),
                    ("rank", place),
                    ("evidence", evidence),
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
    in_field = of_health or _of_health([text], ready.clause_share, ready)
    head = (score.title if titled else score.opening) * min(1.0, score.title_norm / max(end, 1))
    body = text[end:].lstrip("。.:： \n")
    said = ready.said if in_field else ready.outside
    votes = ready.votes
    earned: dict[int, float] = {}  # what each vote adds
    _count(text[:end], head, 1.0, said, ready, earned)
    named = {votes[vote].label for vote in earned if votes[vote].group == "strong"} if titled else set()
    _count(body, score.norm / (score.norm + len(body)), score.lead, said, ready, earned)
    totals: dict[str, float] = {}
    firm: set[str] = set()  # labels with more than weak words
    for vote, added in earned.items():
        _, label, _, group, _ = votes[vote]
        totals[label] = totals.get(label, 0.0) + added
        if group != "weak":
            firm.add(label)
    for heading in headings:
        for vote, added in _of_heading(heading, in_field, ready):
            label = votes[vote].label
            if label in firm:
                totals[label] += added
    lowest = score.minimum if in_field else score.outside
    enough = [label for label in firm if totals[label] >= lowest]
    order = sorted(enough, key=lambda label: (-totals[label], ready.topics[label].place))[: score.most]
    ranked = []
    for label, share in zip(order, (0.0, score.second, score.third), strict=False):
        if totals[label] >= totals[order[0]] * (min(share, score.named) if label in named else share):
            best = sorted([v for v in earned if votes[v].label == label], key=earned.__getitem__, reverse=True)
            ranked.append(Ranked(ready.topics[label], totals[label], tuple(votes[v].word for v in best[:EVIDENCE])))
    return ranked


def _count(text: str, factor: float, lead: float, said: Said, ready: TopicRules, earned: dict[int, float]) -> None:
    """Add to `earned` what each vote of the words in `text` adds; those of its first sentence count `lead` times."""
    first = _first_sentence(text) if lead != 1.0 else 0
    seen: set[int] = set()
    for number, start, _ in ready.words.find_matches_as_indexes(text):
        times = 1.0
        if number in seen:
            times = ready.score.again
        else:
            seen.add(number)
        if start < first:
            times *= lead
        for vote, weight in said[number]:
            earned[vote] = earned.get(vote, 0.0) + weight * factor * times


@lru_cache(maxsize=64)  # a heading is asked about by each clause below it
def _of_heading(text: str, in_field: bool, ready: TopicRules) -> tuple[tuple[int, float], ...]:
    """What the votes of a heading add to labels that the clause itself earns."""
    earned: dict[int, float] = {}
    _count(text, ready.score.heading, 1.0, ready.said if in_field else ready.outside, ready, earned)
    return tuple(earned.items())


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


def _of_health(texts: Sequence[str], least: float, ready: TopicRules) -> bool:
    """Whether a hundred characters hold at least `least` words of health."""
    length = max(sum(map(len, texts)), SHORT)
    hits = 0
    for text in texts:
        hits += len(ready.field.findall(text))
        if 100 * hits / length >= least:
            return True
    return False


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

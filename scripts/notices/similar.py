"""How alike two texts are, in characters: cosine of BM25-weighted bigrams of Han, and the words they share.

A bigram weighs less the more of the other tasks of its own notice hold it, so that 卫生 says little in a health
plan and 教育 little in an education plan.  A score therefore depends on two notices alone, never on how many
others there are.  Weights: Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
The numbers are in rules/links.toml.  All texts are folded (chars.fold) before they come here.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from operator import add, mul

from .chars import HAN, is_han

_RUN = re.compile(f"[{HAN}]+|[A-Za-z][A-Za-z0-9]*")
LOOKED_AT = 8  # shared bigrams from which words are grown
LONG = 4  # characters of a shared word that is surely more than two halves of words
LONGEST = 20  # characters: enough to check by; whole copied sentences are not quoted


@dataclass(frozen=True, slots=True)
class Weights:
    """[weight] of rules/links.toml, and the bigrams of its general words."""

    rarest: float
    common: float
    trust: float
    again: float
    length: float
    slope: float
    general: frozenset[str]
    general_ends: re.Pattern[str]  # general words and particles at the ends of a run


@dataclass(frozen=True, slots=True)
class Search:
    """[search] of rules/links.toml: what bounds the work for one text."""

    scan: int
    candidates: int


Vector = Mapping[str, float]


def grams(text: str) -> Counter[str]:
    """Pairs of neighbouring Han characters, and Latin words whole; numbers are no subject and are left out."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found.append(run.lower())
        else:
            found += map(add, run, run[1:])
    return Counter(found)


def vector(counts: Mapping[str, int], held: Mapping[str, int], others: int, by: Weights) -> Vector:
    """A text's bigrams with their weights, of length 1.

    `held` says how many tasks of the notice hold a bigram, the text's own among them; `others` is how many more
    tasks it has.
    """
    damped = (by.again - 1) * (1 - by.slope + by.slope * sum(counts.values()) / by.length)
    rarity: dict[tuple[int, bool], float] = {}
    weights = {}
    for gram, count in counts.items():
        key = (held.get(gram, 1), gram in by.general)
        if key not in rarity:
            rarity[key] = _rarity(*key, others, by)
        weights[gram] = rarity[key] * count * by.again / (count + damped)
    norm = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {gram: weight / norm for gram, weight in weights.items()} if norm else {}


def _rarity(holding: int, general: bool, others: int, by: Weights) -> float:
    """How much a bigram says that `holding` tasks of a notice hold."""
    usual = by.common if general else by.rarest
    share = max((holding - 1 + by.trust * usual) / (others + by.trust), usual)
    return -math.log(min(share, 1.0))


def alike(one: Vector, other: Vector) -> float:
    """0 for nothing in common, 1 for the same bigrams."""
    common = one.keys() & other.keys()
    products = map(mul, map(one.__getitem__, common), map(other.__getitem__, common))
    return min(1.0, math.fsum(products))  # fsum: the same in any order


def candidates(vectors: Sequence[Vector], owners: Sequence[int], limits: Search) -> Iterator[tuple[int, int]]:
    """Pairs (i < j) of texts of different owners that share many of their rare bigrams, each once.

    Work for one text is bounded, so the whole is about linear; in a large corpus a pair that shares only
    frequent bigrams is not offered.
    """
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(vectors):
        for gram in one:
            postings[gram].append(place)
    useful = {gram: found for gram, found in postings.items() if len(found) > 1}
    offered: set[tuple[int, int]] = set()
    for place, one in enumerate(vectors):
        for other in _closest(place, one, useful, owners, limits):
            pair = (min(place, other), max(place, other))
            if pair not in offered:
                offered.add(pair)
                yield pair


def _closest(
    place: int, one: Vector, useful: Mapping[str, Sequence[int]], owners: Sequence[int], limits: Search
) -> list[int]:
    lists = sorted((len(useful[gram]), gram) for gram in one if gram in useful)
    left = limits.scan
    chosen: list[Sequence[int]] = []
    for length, gram in lists:
        chosen.append(useful[gram][:left])  # a list is cut only where thousands of texts are the same
        left -= length
        if left <= 0:
            break
    shared = Counter(chain.from_iterable(chosen))
    ranked = [(-count, other) for other, count in shared.items() if count > 1 and owners[other] != owners[place]]
    return [other for _, other in nsmallest(limits.candidates, ranked)]


def shared_words(one: str, other: str, weights: Vector, beside: Vector, by: Weights, most: int) -> tuple[str, ...]:
    """At most `most` words printed in both texts, those that say most first.

    Long ones go before short ones, since a shared pair of characters may be the end of one word and the start of
    another; general words at either end are cut off.
    """
    said = {gram: weights[gram] * beside[gram] for gram in (weights.keys() & beside.keys()) - by.general}
    found: dict[str, float] = {}
    for _, gram in sorted((-value, gram) for gram, value in said.items())[:LOOKED_AT]:
        if not any(gram in word for word in found):
            run = _grown(gram, one, other)
            word = by.general_ends.sub("", _whole(_whole(run, one, by.general), other, by.general))
            if len(word) > 1:
                found[word] = sum(said.get(g, 0.0) for g in map(add, word, word[1:]))
    ranked = sorted(found, key=lambda word: (-found[word], word))
    ranked = [word for word in ranked if not any(word in longer for longer in found if longer != word)]
    long = [word for word in ranked if len(word) >= LONG]
    short = [word for word in ranked if len(word) < LONG and max(one.count(word), other.count(word)) > 1]
    return tuple([*long, *short][:most]) or tuple(ranked[:1])


def _grown(gram: str, one: str, other: str) -> str:
    """The longest run of Han (up to LONGEST) around the first `gram` of `one` that `other` holds too; "" for a Latin word."""
    start = one.find(gram)
    if start < 0 or not is_han(gram[0]):
        return ""
    end = start + len(gram)
    while end < min(len(one), start + LONGEST) and is_han(one[end]) and one[start : end + 1] in other:
        end += 1
    while start > max(0, end - LONGEST) and is_han(one[start - 1]) and one[start - 1 : end] in other:
        start -= 1
    return one[start:end]


def _whole(run: str, text: str, general: frozenset[str]) -> str:
    """A run without half a general word at its ends: 动中医药 in 推动中医药 is 中医药."""
    start = text.find(run)
    end = start + len(run)
    if start > 0 and text[start - 1 : start + 1] in general:
        start += 1
    if end < len(text) and text[end - 1 : end + 1] in general:
        end -= 1
    return text[start:end]

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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import mul
from sys import intern

from ..chars import HAN

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


def runs(text: str) -> list[str]:
    """The unbroken runs of Han and the Latin words of a text, in order; numbers are no subject and are left out."""
    return _RUN.findall(text)


def grams(found: Iterable[str]) -> Counter[str]:
    """Of runs: the pairs of neighbouring Han characters, and the Latin words whole, in lower case."""
    every: list[str] = []
    for run in found:
        if run[0].isascii():
            every.append(run.lower())
        else:
            every += [run[at : at + 2] for at in range(len(run) - 1)]
    return Counter(every)


def rarities(tasks: Sequence[Mapping[str, int]], parts: Iterable[Mapping[str, int]], by: Weights) -> dict[str, float]:
    """How much each bigram of a notice says, given the bigrams of its tasks and of their parts."""
    held = Counter(chain.from_iterable(tasks))
    for part in parts:
        # such as the name of a responsible unit, which is left out of the task but not of its part
        held.update([gram for gram in part if gram not in held])
    numbers = range(max(held.values(), default=0) + 1)
    rare = [_rarity(number, by.rarest, len(tasks) - 1, by) for number in numbers]
    general = [_rarity(number, by.common, len(tasks) - 1, by) for number in numbers]
    says = dict(zip(held, map(rare.__getitem__, held.values()), strict=True))
    says.update((gram, general[held[gram]]) for gram in by.general & held.keys())
    return says


def _rarity(holding: int, usual: float, others: int, by: Weights) -> float:
    """How much a bigram says that `holding` tasks of a notice hold; `others` is how many more tasks it has than one."""
    share = max((max(holding - 1, 0) + by.trust * usual) / (others + by.trust), usual)
    return -math.log(min(share, 1.0))


def vector(counts: Mapping[str, int], says: Mapping[str, float], by: Weights) -> Vector:
    """A text's bigrams with their weights, of length 1; `says` are the `rarities` of its notice.

    Equal bigrams of all texts are one object: that takes less memory, and dictionaries find them faster.
    """
    damped = (by.again - 1) * (1 - by.slope + by.slope * sum(counts.values()) / by.length)
    again = by.again
    weights = [says[gram] * count * again / (count + damped) for gram, count in counts.items()]
    norm = math.sqrt(sum(map(mul, weights, weights)))
    return dict(zip(map(intern, counts), [weight / norm for weight in weights], strict=True)) if norm else {}


def alike(one: Vector, other: Vector) -> float:
    """0 for nothing in common, 1 for the same bigrams."""
    common = one.keys() & other.keys()
    products = map(mul, map(one.__getitem__, common), map(other.__getitem__, common))
    return min(1.0, math.fsum(products))  # fsum: the same in any order


def holders(texts: Iterable[Iterable[str]], owners: Sequence[int]) -> dict[str, list[int]]:
    """Where each bigram stands: the places of its texts, in order; only bigrams that texts of two owners hold.

    In: the bigrams of each text; owners ascend.  No other bigram adds anything to a score.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(texts):
        for gram in one:
            found[gram].append(place)
    return {gram: places for gram, places in found.items() if owners[places[0]] != owners[places[-1]]}


def offers(
    places: Iterable[int], chosen: Sequence[Sequence[Sequence[int]]], owners: Sequence[int], limits: Search
) -> list[tuple[int, ...]]:
    """For each of `places` the texts of other owners that share many of its rare bigrams, best first; `chosen`: `rarest`.

    Work for one text is bounded, so the whole is about linear; in a large corpus a text that shares only
    frequent bigrams is not offered.
    """
    found = []
    for place in places:
        others = (other for other in _closest(chosen[place], len(owners)) if owners[other] != owners[place])
        found.append(tuple(islice(others, limits.candidates)))
    return found


def paired(offered: Sequence[Collection[int]]) -> Iterator[tuple[int, int]]:
    """Pairs (i < j) of places of which one was offered to the other, each once."""
    for place, found in enumerate(offered):
        for other in found:
            if other > place:
                yield place, other
            elif place not in offered[other]:
                yield other, place


def rarest(held: Mapping[str, Sequence[int]], size: int, scan: int) -> list[list[Sequence[int]]]:
    """For each of `size` texts: who else holds its rarest bigram, its second rarest, and so on, about `scan` places.

    `held`: `holders`.  How rare a bigram is counts in steps of the square root of two, so that a notice more in the
    corpus leaves nearly all choices as they were.
    """
    chosen: list[list[Sequence[int]]] = [[] for _ in range(size)]
    left = [float(scan)] * size
    for step, gram in sorted((round(2 * math.log2(len(found))), gram) for gram, found in held.items()):
        found, cost = held[gram][:scan], 2 ** (step / 2)  # a list is cut only where thousands of texts are the same
        for place in held[gram]:
            if left[place] > 0:
                chosen[place].append(found)
                left[place] -= cost
    return chosen


def _closest(lists: Iterable[Sequence[int]], size: int) -> Iterator[int]:
    """The places, of `size`, that stand in at least two of `lists`: first those in most, and of these the lowest."""
    shared = Counter(chain.from_iterable(lists))
    ranked = sorted([other - count * size for other, count in shared.items() if count > 1])  # faster than pairs
    return (key % size for key in ranked)


def shared_words(one: str, other: str, weights: Vector, beside: Vector, by: Weights, most: int) -> tuple[str, ...]:
    """At most `most` words printed in both texts, those that say most first; texts as `lined` makes them.

    Long ones go before short ones, since a shared pair of characters may be the end of one word and the start of
    another; general words at either end are cut off.
    """
    general = by.general
    said = {gram: weight * beside[gram] for gram, weight in weights.items() if gram in beside and gram not in general}
    found: dict[str, float] = {}
    every = ""
    for _, gram in sorted([(-value, gram) for gram, value in said.items()])[:LOOKED_AT]:
        if gram not in every and not gram.isascii():
            run = _grown(gram, one, other)
            word = by.general_ends.sub("", _whole(_whole(run, one, general), other, general))
            if len(word) > 1 and word not in found:
                found[word] = sum([said.get(word[at : at + 2], 0.0) for at in range(len(word) - 1)])
                every += f"{word}\n"
    ranked = [word for word in sorted(found, key=lambda word: (-found[word], word)) if every.count(word) == 1]
    long = [word for word in ranked if len(word) >= LONG]
    short = [word for word in ranked if len(word) < LONG and max(one.count(word), other.count(word)) > 1]
    return tuple([*long, *short][:most]) or tuple(ranked[:1])


def lined(found: Iterable[str]) -> str:
    """Runs as one text, a line each, with a line's end before the first too, so that no word reaches over it."""
    return "\n".join(("", *found, ""))


def _grown(gram: str, one: str, other: str) -> str:
    """The longest run (up to LONGEST) around the first `gram` of `one` that `other` holds too."""
    start, there = one.find(gram), other.find(gram)
    longest = (start, start)  # where it ends, and minus where it begins
    while there >= 0:
        end, begin, ahead = start + 2, start, there - start
        while end < start + LONGEST and one[end] == other[end + ahead] != "\n":
            end += 1
        while begin > end - LONGEST and one[begin - 1] == other[begin - 1 + ahead] != "\n":
            begin -= 1
        longest = max(longest, (end, -begin))
        there = other.find(gram, there + 1)
    return one[-longest[1] : longest[0]]


def _whole(run: str, text: str, general: frozenset[str]) -> str:
    """A run without half a general word at its ends: 动中医药 in 推动中医药 is 中医药."""
    start = text.find(run)
    end = start + len(run)
    if start > 0 and text[start - 1 : start + 1] in general:
        start += 1
    if end < len(text) and text[end - 1 : end + 1] in general:
        end -= 1
    return text[start:end]

"""What two texts are compared by: BM25-weighted bigrams of Han, whose cosine says how alike they are, and shared words.

A bigram weighs less the more of the other tasks of its own notice hold it, so that 卫生 says little in a health
plan and 教育 little in an education plan.  A score therefore depends on two notices alone, never on how many
others there are.  Weights: Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
The numbers are in rules/links.toml.  All texts are folded (chars.fold) before they come here.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..chars import HAN

_RUN = re.compile(f"[{HAN}]+|[A-Za-z][A-Za-z0-9]*")
LOOKED_AT = 8  # shared bigrams from which words are grown
LONG = 4  # characters of a shared word that is surely more than two halves of words
LONGEST = 20  # characters: enough to check by; whole copied sentences are not quoted
_HAN = 18  # bits that hold any Han character
_SECOND = (1 << _HAN) - 1  # of a pair
_HASHED = 1 << 63  # says that a code is a word's hash
N = TypeVar("N", bound=np.generic)
ONE = 0xFFFF  # the weight 1: weights are whole numbers, so that a sum of products is the same in any order


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


def codes_of(every: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each bigram: of two Han characters both, of a Latin word a hash.  The same in every corpus."""
    han = [gram for gram in every if not gram.isascii()]
    pairs = np.frombuffer("".join(han).encode("utf-32-le"), "<u4").reshape(-1, 2).astype(np.uint64)
    hashed = np.array([_hashed(gram) for gram in every if gram.isascii()], np.uint64)
    found = np.zeros(len(every), np.uint64)
    latin = np.fromiter(map(str.isascii, every), np.bool_, len(every))
    found[~latin], found[latin] = pairs[:, 0] << np.uint64(_HAN) | pairs[:, 1], hashed
    return found


@lru_cache(maxsize=4096)
def _hashed(word: str) -> int:
    return _HASHED | int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


class Weighed(NamedTuple):
    """The bigrams of all texts of a notice: their `codes`, ascending, and each text's places in them, ascending, with
    the weights there, in parts of ONE, as of a vector of length ONE.  What weighs nothing anywhere is left out.
    """

    codes: NDArray[np.uint64]
    vectors: list[tuple[NDArray[np.int64], NDArray[np.uint16]]]


def weigh(texts: Sequence[Sequence[str]], tasks: Sequence[bool], by: Weights) -> Weighed:
    """The runs of a notice's texts, weighed; `tasks`: which of them are whole tasks and not parts of one.

    All texts at once: a text at a time costs three times as much.
    """
    codes, owners = _coded(texts)
    known, _ = _counted(codes)
    every, counts = _counted(owners * max(len(known), 1) + np.searchsorted(known, codes))
    of, place = np.divmod(every, max(len(known), 1))
    held = np.bincount(place[np.array(tasks, np.bool_)[of]], minlength=len(known))
    held = np.maximum(held, 1)  # the name of a responsible unit is left out of the task but not of its part
    numbers, others = range(int(held.max(initial=0)) + 1), sum(tasks) - 1
    rare, general = (
        np.array([_rarity(number, usual, others, by) for number in numbers]) for usual in (by.rarest, by.common)
    )
    says = np.where(np.isin(known, _general(by.general)), general[held], rare[held])
    size = np.bincount(owners, minlength=len(texts))
    damped = (by.again - 1) * (1 - by.slope + by.slope * size / by.length)
    raw = says[place] * counts * by.again / (counts + damped[of])
    ends = np.searchsorted(of, np.arange(len(texts) + 1)).tolist()
    squares = (raw * raw).tolist()
    # fsum: the same on any processor
    norms = np.array([math.sqrt(math.fsum(squares[a:b])) or 1 for a, b in pairwise(ends)])
    weights = np.rint(raw / norms[of] * ONE).astype(np.uint16)
    said = weights > 0
    used = np.bincount(place[said], minlength=len(known)) > 0
    of, place, weights = of[said], (np.cumsum(used) - 1)[place[said]], weights[said]
    ends = np.searchsorted(of, np.arange(len(texts) + 1)).tolist()
    return Weighed(known[used], [(place[a:b], weights[a:b]) for a, b in pairwise(ends)])


def _coded(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The code of every bigram of every text, and the number of its text."""
    flat = [lined(found) for found in texts]
    letters = np.frombuffer("".join(flat).encode("utf-32-le"), "<u4").astype(np.uint64)
    first, second = letters[:-1], letters[1:]
    pairs = (first > 0x7F) & (second > 0x7F)  # a line's end stands between two runs
    of = np.repeat(np.arange(len(flat)), [len(text) for text in flat])[:-1]
    words = [(number, _hashed(run.lower())) for number, found in enumerate(texts) for run in found if run.isascii()]
    hashed = np.array([code for _, code in words], np.uint64)
    owners = np.array([number for number, _ in words], np.int64)
    codes = first[pairs] << np.uint64(_HAN) | second[pairs]
    return np.concatenate([codes, hashed]), np.concatenate([of[pairs], owners])


def _counted(values: NDArray[N]) -> tuple[NDArray[N], NDArray[np.int64]]:
    """Each of `values` once, ascending, and how often it is there; half the time of np.unique."""
    ordered = np.sort(values)
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1]]))
    return ordered[starts], np.diff(starts, append=len(ordered))


@lru_cache(maxsize=4)
def _general(words: frozenset[str]) -> NDArray[np.uint64]:
    """The codes of the bigrams of general words."""
    return codes_of(sorted(words))


def _rarity(holding: int, usual: float, others: int, by: Weights) -> float:
    """How much a bigram says that `holding` tasks of a notice hold; `others` is how many more tasks it has than one."""
    share = max((max(holding - 1, 0) + by.trust * usual) / (others + by.trust), usual)
    return -math.log(min(share, 1.0))


def shared_words(
    one: str, other: str, said: Mapping[int, int], general: frozenset[str], trim: Callable[[str], str], most: int
) -> tuple[str, ...]:
    """At most `most` words printed in both texts, those that say most first; texts as `lined` makes them.

    `said`: the codes of the bigrams in both, none of a general word, those that say most first, and how much that is.
    Long words go before short ones, since a shared pair of characters may be the end of one word and the start of
    another; general words at either end are cut off by `trim`, halves of them by their bigrams, `general`.
    """
    found: dict[str, int] = {}
    every = ""
    for code in islice(said, LOOKED_AT):
        gram = "" if code & _HASHED else chr(code >> _HAN) + chr(code & _SECOND)
        if gram not in every:
            run = _grown(gram, one, other)
            word = trim(_whole(_whole(run, one, general), other, general))
            if len(word) > 1 and word not in found:
                found[word] = sum([said.get(a << _HAN | b, 0) for a, b in pairwise(map(ord, word))])
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

"""The related tasks of two notices, all pairs of texts compared: for pages that lay two plans side by side.

The same scores and words as in a corpus (related.py), without an index: of two notices that costs more than it saves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .linking import Linking
from .packed import Compared, Text, place_type
from .related import TRIMMED, WORDS
from .similar import ONE, codes_of, shared_words

Matrix = NDArray[np.float64]


class Tie(NamedTuple):
    """A task of the first notice and one of the second that are about the same: anchors, score, and what says so."""

    first: str
    second: str
    score: float
    evidence: tuple[str, ...]  # shared words, and the labels of the parts that decided


class Vector(NamedTuple):
    """What a text has of some codes: their places, ascending, and its weight for each."""

    places: NDArray[np.int64]
    weights: Matrix


def ties(first: Compared, second: Compared, rules: Linking) -> list[Tie]:
    """The ties of each task of the first notice, the best first, at most `rules.most` a task.

    As in a corpus, the best two texts of two tasks decide: the tasks themselves, or an item or paragraph of them.
    """
    codes = np.intersect1d(_codes(first), _codes(second), assume_unique=True)
    ones, others = _vectors(first, codes), _columns(second, codes)
    points = np.array([vector.weights @ others[vector.places] for vector in ones]).reshape(len(ones), -1)
    points = np.minimum(points, float(ONE * ONE))  # whole numbers far below 2 ** 53: exact
    rows, columns = np.nonzero(points >= _least(first.texts, second.texts, rules))
    best: dict[tuple[str, str], tuple[float, int, int]] = {}
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        tasks, rank = (first.texts[i].task, second.texts[j].task), (-float(points[i, j]), i, j)
        best[tasks] = min(best.get(tasks, rank), rank)
    ranked: dict[str, list[tuple[float, int, int]]] = {}
    for (task, _), rank in best.items():
        ranked.setdefault(task, []).append(rank)
    general = np.isin(codes, codes_of(sorted(rules.weights.general)))
    trim = _trimmer(rules.weights.general_ends)
    found = []
    order = {one.task: place for place, one in reversed(list(enumerate(second.texts)))}
    for some in ranked.values():
        for minus, i, j in sorted(some, key=lambda rank: (rank[0], order[second.texts[rank[2]].task]))[: rules.most]:
            one, other = first.texts[i], second.texts[j]
            said = _said(ones[i].weights * (others[:, j] * ~general)[ones[i].places], codes[ones[i].places])
            words = shared_words(one.text, other.text, said, rules.weights.general, trim, WORDS)
            if words:
                labels = (label for label in (one.label, other.label) if label)
                found.append(Tie(one.task, other.task, round(-minus / ONE**2, 3), (*words, *labels)))
    return found


@lru_cache(maxsize=4)
def _trimmer(general: re.Pattern[str]) -> Callable[[str], str]:
    """Words without the general words at their ends, remembered from one pair to the next."""
    return lru_cache(TRIMMED)(partial(general.sub, ""))


def _codes(one: Compared) -> NDArray[np.uint64]:
    return np.frombuffer(one.codes, "<u8")


def _vectors(one: Compared, codes: NDArray[np.uint64]) -> list[Vector]:
    """Of each text what is in `codes`, each of which the notice has."""
    held = _codes(one)
    place = np.full(len(held), -1)
    place[np.searchsorted(held, codes)] = np.arange(len(codes))
    width = place_type(len(held))
    found = []
    for text in one.texts:
        places = place[np.frombuffer(text.grams, width)]
        found.append(Vector(places[places >= 0], np.frombuffer(text.weights, "<u2")[places >= 0].astype(float)))
    return found


def _columns(one: Compared, codes: NDArray[np.uint64]) -> Matrix:
    """A row a code, a column a text: few codes are in both, so a text is multiplied by their rows alone."""
    made = np.zeros((len(codes), len(one.texts)))
    for column, vector in enumerate(_vectors(one, codes)):
        made[vector.places, column] = vector.weights
    return made


def _least(first: Sequence[Text], second: Sequence[Text], rules: Linking) -> Matrix:
    """From how many points each two texts are related."""
    item, same, other = (math.ceil(least * ONE**2) for least in (rules.item, rules.same_topic, rules.otherwise))
    parts = [[bool(text.label) for text in side] for side in (first, second)]
    topics = [np.array([text.topic for text in side], object) for side in (first, second)]
    alike = (topics[0][:, None] == topics[1][None, :]) & (topics[0] != "")[:, None]
    made: Matrix = np.where(np.logical_or.outer(*parts), item, np.where(alike, same, other)).astype(np.float64)
    return made


def _said(points: NDArray[np.float64], codes: NDArray[np.uint64]) -> dict[int, int]:
    """The bigrams of both texts, those that say most first, and how much that is: what `shared_words` reads."""
    kept = np.flatnonzero(points > 0)
    kept = kept[np.argsort(-points[kept], kind="stable")]  # equal ones stay in order of code
    return dict(zip(codes[kept].tolist(), points[kept].astype(np.int64).tolist(), strict=True))

"""The evaluation never falls below its floors, and can fall: a worse annotator is noticed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import evaluate
import marks
import pytest
from evaluate import below, floors
from scores import Mention, Sample, Score, exact, overlapping, score
from support import ROOT


@cache
def scores() -> dict[str, Score]:
    return evaluate.results()


def test_no_score_is_below_its_floor() -> None:
    assert below(scores(), floors()) == []


def test_the_scores_in_the_docs_are_the_measured_ones() -> None:
    page = (ROOT / "docs" / "quality.md").read_text("utf-8")
    assert evaluate.table(scores()) in page, "python tests/evaluate.py --write"


def test_every_score_has_a_floor_and_a_missing_or_worse_one_is_named() -> None:
    scores = {"unit.seeds.exact": Score(9, 10, 10)}
    assert below(scores, {"unit.seeds.exact": 0.9}) == []
    assert "低于下限" in below(scores, {"unit.seeds.exact": 0.91})[0]
    assert "没有下限" in below(scores, {})[0]
    assert "没有这项得分" in below({}, {"unit.seeds.exact": 0.5})[0]


GOLD = (Mention(0, 4, "unit lead", "a"), Mention(10, 14, "unit sole", "b"))


@pytest.mark.parametrize(
    ("found", "hits_exact", "hits_overlap"),
    [
        (GOLD, 2, 2),
        ((replace(GOLD[0], end=3), GOLD[1]), 1, 2),  # a border is off
        ((replace(GOLD[0], key="unit support"), GOLD[1]), 1, 1),  # a role is wrong
        ((GOLD[0], GOLD[0]), 1, 1),  # one gold entry counts once
        ((), 0, 0),
    ],
)
def test_what_counts_as_right(found: tuple[Mention, ...], hits_exact: int, hits_overlap: int) -> None:
    samples = [Sample("x", GOLD, found)]
    assert score(samples, exact).hits == hits_exact
    assert score(samples, overlapping).hits == hits_overlap


def test_the_interval_holds_the_score_and_is_the_same_each_time() -> None:
    samples = [Sample(str(i), GOLD, GOLD if i % 3 else GOLD[:1]) for i in range(30)]
    first, second = score(samples, exact), score(samples, exact)
    assert first == second
    assert first.low < first.f1 < first.high


def test_marks_are_read_as_written() -> None:
    text, found = marks.parse("（⟦⟦市|place 海宁市⟧财政局|unit support⟧配合）")
    assert text == "（市财政局配合）"
    assert [(m.start, m.end, m.note) for m in found] == [(1, 2, "place 海宁市"), (1, 5, "unit support")]


@pytest.mark.parametrize("broken", ["⟦市财政局⟧配合", "⟦市财政局|unit", "⟦市财政局"])
def test_broken_marks_are_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"mark|substring"):
        marks.parse(broken)

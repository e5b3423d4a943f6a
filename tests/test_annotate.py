"""Every annotator on its own readable cases under tests/cases/annotate/: what is marked is found, nothing else is."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import marks
import pytest
from support import CASES, rules

#: Which marks a file is about.  Marks of other kinds in it are for the reader.
KINDS = {
    "units": {"unit"},
    "times": {"time"},
    "citations": {"citation", "docno"},
    "targets": {"target"},
    "terms": {"term"},
    "places": {"place", "org"},
}


def cases(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((CASES / "annotate" / f"{name}.toml").read_text("utf-8"))["case"])


MARKED = [(name, case) for name in KINDS for case in cases(name)]
TOPICS = cases("topics")


def found(case: dict[str, Any]) -> list[Any]:
    text, _ = marks.parse(case["text"])
    options = {key: case[key] for key in ("year", "place", "anchor", "title") if key in case}
    return marks.spans(marks.notice(text, rules(), **options), rules())


@pytest.mark.parametrize(("name", "case"), MARKED, ids=[f"{n}-{c['text'][:24]}" for n, c in MARKED])
def test_what_is_marked_is_found_and_nothing_else(name: str, case: dict[str, Any]) -> None:
    text, expected = marks.parse(case["text"])
    spans = [span for span in found(case) if marks.notes(span)[-1] in KINDS[name]]
    expected = [mark for mark in expected if mark.kind in KINDS[name]]
    shown = marks.marked(text, spans)
    assert sorted((s.start, s.end) for s in spans) == sorted((m.start, m.end) for m in expected), shown
    pairs = zip(sorted(spans, key=lambda s: (s.start, s.end)), sorted(expected), strict=True)
    for span, mark in pairs:
        assert mark.note in marks.notes(span), (marks.notes(span)[0], case["why"])


@pytest.mark.parametrize("case", TOPICS, ids=[c["text"][:24] for c in TOPICS])
def test_topics(case: dict[str, Any]) -> None:
    spans = [span for span in found(case) if span.kind == "topic"]
    assert [span.get("label") for span in spans] == case["topics"], case["why"]


@pytest.mark.parametrize("name", [*KINDS, "topics"])
def test_thirty_forms_an_annotator_right_and_wrong(name: str) -> None:
    every = cases(name)
    silent = [c for c in every if (not c["topics"] if name == "topics" else marks.OPEN not in c["text"])]
    assert len(every) >= 30
    assert len(silent) >= 5, "cases in which nothing may be found"
    assert all(case["why"].strip() for case in every)
    assert max(Counter(case["text"] for case in every).values()) == 1

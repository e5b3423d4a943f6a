"""The golds of tests/gold/ as samples: what a reader marked beside what the program found, in published offsets.

A gold entry in text that no clause holds (a title line, removed furniture) cannot be annotated; such entries are
counted as unplaced and left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import marks
from alignment import Alignment, align
from notices.model import Notice, Span
from scores import Mention, Sample
from support import ROOT, SEEDS, convert_text, flat, notice_of

GOLD = ROOT / "tests" / "gold"
LABEL_MARKS = "、（）() .．"


# --- what the program found -------------------------------------------------------------------------------------


def key_of(span: Span) -> str:
    """What is compared of a span beside its place: a role, a kind, a relation, or comparator, value and unit."""
    if span.kind == "target":
        return marks.notes(span)[2].partition("/")[0]  # golds write a ratio's base in words: 4张, per 千名老人
    if str(span.get("relation")).startswith("docno_"):
        return marks.notes(span)[1]
    if span.kind == "citation":
        return f"citation {span.get('relation')}"
    return marks.notes(span)[1] if span.kind in ("unit", "deadline", "time") else marks.notes(span)[-1]


def found_of(notice: Notice, aligned: Alignment, kinds: set[str]) -> tuple[Mention, ...]:
    """The program's mentions in published offsets."""
    found = []
    for span in notice.spans:
        if marks.notes(span)[-1] in kinds:
            start, end = aligned.of_clause(span.clause, span.start, span.end)
            quote = notice.document.published[start:end]
            found.append(Mention(start, end, key_of(span), span.clause, quote))
    return tuple(found)


def sample(name: str, notice: Notice, gold: Sequence[tuple[int, int, str]], kinds: set[str]) -> Sample:
    """Gold entries (source range, key) and the program's mentions of the same notice."""
    aligned = align(notice)
    owner = {place: anchor for anchor, places in aligned.clauses.items() for place in places}
    placed = []
    for start, end, key in gold:
        there = aligned.published(start, end)
        if there and there[0] in owner:
            quote = notice.document.published[there[0] : there[1]]
            placed.append(Mention(*there, key, owner[there[0]], quote))
    return Sample(name, tuple(placed), found_of(notice, aligned, kinds), len(gold) - len(placed))


# --- the golds --------------------------------------------------------------------------------------------------


def gold_json(name: str) -> Any:
    return json.loads((GOLD / name).read_text("utf-8"))


def seed_samples(kind: str) -> list[Sample]:
    """The seeds with their gold of `kind`: unit, citation, time or target."""
    entries = {"unit": _unit_gold, "citation": _citation_gold, "time": _time_gold, "target": _target_gold}[kind]
    kinds = {"citation", "docno"} if kind == "citation" else {kind}
    return [sample(seed.name[:3], notice_of(seed), list(entries(seed)), kinds) for seed in SEEDS]


def _unit_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for group in gold_json("units_004.json") if seed.name.startswith("004") else []:
        for unit in group["units"]:
            yield unit["start"], unit["end"], f"unit {unit['role']}"


def _citation_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for entry in gold_json("citations.json"):
        if entry["file"] == seed.name:
            relation = entry["relation"]
            key = f"docno {relation[6:]}" if relation.startswith("docno_") else f"citation {relation}"
            yield entry["start"], entry["end"], key


def _time_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for entry in gold_json("times.json"):
        if entry["file"] == seed.name:
            yield entry["start"], entry["end"], f"time {entry['kind']}"


def _target_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for entry in gold_json(f"targets_{seed.name[:3]}.json")["targets"]:
        value = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
        number = ",".join(marks.in_digits(v) for v in value)
        unit = (entry["unit"] or "-").partition("/")[0]
        yield (
            entry["value_start"],
            entry["value_end"],
            f"target {entry['comparator']}{entry.get('bound') or ''} {number} {unit}",
        )


class Marked(NamedTuple):
    """A notice with its gold inline, converted without its marks, and its header lines (# name: value)."""

    name: str
    notice: Notice
    marks: tuple[marks.Mark, ...]
    header: dict[str, str]


@cache
def marked(folder: str) -> tuple[Marked, ...]:
    """Every notice of tests/gold/developed/ or tests/gold/unseen/."""
    out = []
    for path in sorted((GOLD / folder).glob("*.txt")):
        lines = path.read_text("utf-8").split("\n")
        text, found = marks.parse("\n".join(line for line in lines if not line.startswith("#")))
        header = dict(line[1:].strip().split(": ", 1) for line in lines if line.startswith("#"))
        out.append(Marked(path.stem, convert_text(text), tuple(found), header))
    return tuple(out)


def marked_samples(folder: str, kind: str) -> list[Sample]:
    """The marked notices with their gold of `kind`; places and organisations are marked in some of them only."""
    kinds = {"citation", "docno"} if kind == "citation" else {kind}
    out = []
    for one in marked(folder):
        if kind not in ("place", "org") or "full" in one.header:
            gold = [(m.start, m.end, _short(m)) for m in one.marks if m.kind in kinds]
            out.append(sample(one.name, one.notice, gold, kinds))
    return out


def _short(mark: marks.Mark) -> str:
    """A mark's note without what is not compared."""
    note = mark.note.partition(";")[0].strip()
    note = note.partition("/")[0] if mark.kind == "target" else note
    return note if mark.kind == "target" else " ".join(note.split(" ")[:2])


# --- indicator, topics ------------------------------------------------------------------------------------------


def indicator_samples() -> list[Sample]:
    """The indicator of each gold target whose value was found: its printed range."""
    out = []
    for seed in SEEDS:
        notice = notice_of(seed)
        aligned = align(notice)
        gold, found = [], []
        values = {aligned.of_clause(s.clause, s.start, s.end): s for s in notice.spans if s.kind == "target"}
        for entry in gold_json(f"targets_{seed.name[:3]}.json")["targets"]:
            there = aligned.published(entry["value_start"], entry["value_end"])
            named = aligned.published(entry["indicator_start"], entry["indicator_end"])
            span = values.get(there) if there else None
            if span and named:
                gold.append(Mention(*named, "indicator", span.clause))
                start, end = int(str(span.get("indicator_start"))), int(str(span.get("indicator_end")))
                if end > start:
                    found.append(Mention(*aligned.of_clause(span.clause, start, end), "indicator", span.clause))
        out.append(Sample(seed.name[:3], tuple(gold), tuple(found)))
    return out


def marked_indicators(folder: str) -> list[Sample]:
    """The indicator of each marked target whose value was found, compared as words."""
    out = []
    for one in marked(folder):
        aligned = align(one.notice)
        spans = {aligned.of_clause(s.clause, s.start, s.end): s for s in one.notice.spans if s.kind == "target"}
        gold, found = [], []
        for mark in one.marks:
            there = aligned.published(mark.start, mark.end)
            span = spans.get(there) if there else None
            named = mark.note.partition(";")[2].partition(";")[0].strip()
            if mark.kind == "target" and there and span and named:
                gold.append(Mention(*there, flat(named), span.clause))
                found.append(Mention(*there, flat(str(span.get("indicator"))), span.clause))
        out.append(Sample(one.name, tuple(gold), tuple(found)))
    return out


def topic_samples(how: str) -> list[Sample]:
    """Topics of each task of the seeds as mentions, the label for the key; `how` as in `_topics`."""
    gold = {task["task"]: task["topics"] for task in gold_json("topics.json")["tasks"]}
    out = []
    for seed in SEEDS:
        labels = {key[4:]: labels for key, labels in gold.items() if key.startswith(seed.name[:3])}
        out.append(_topics(seed.name[:3], notice_of(seed), labels, how))
    return out


def marked_topics(folder: str, how: str) -> list[Sample]:
    """The same of the marked notices whose header gives topics."""
    out = []
    for one in marked(folder):
        if "topics" in one.header:
            pairs = (entry.split("=") for entry in one.header["topics"].split(" "))
            out.append(_topics(one.name, one.notice, {key: labels.split(",") for key, labels in pairs}, how))
    return out


def _topics(name: str, notice: Notice, gold: Mapping[str, Sequence[str]], how: str) -> Sample:
    """how: "first" the main label equals the gold's first, "among" it is one of the gold's, "all" every label."""
    by_anchor = {clause.anchor: clause for clause in notice.clauses}
    right, found = [], []
    for clause in (clause for clause in notice.clauses if clause.task):
        section = by_anchor[clause.parent or ""].label.strip(LABEL_MARKS)
        labels = gold.get(f"{section}-{clause.label.strip(LABEL_MARKS)}", [])
        spans = (s for s in notice.spans if s.kind == "topic" and s.clause == clause.anchor)
        named = [str(span.get("label")) for span in sorted(spans, key=lambda s: str(s.get("rank")))]
        if how != "all":
            labels = named[:1] if how == "among" and named[:1] and named[0] in labels else labels[:1]
            named = named[:1]
        right += [Mention(0, 1, label, clause.anchor) for label in labels]
        found += [Mention(0, 1, label, clause.anchor) for label in named]
    return Sample(name, tuple(right), tuple(found))

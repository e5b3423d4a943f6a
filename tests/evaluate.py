"""`make eval`: precision, recall and F1 of every annotator against the golds of tests/gold/.

Two sets: the seeds (of which 003 was kept unseen while the annotators were made) and tests/gold/unseen/, notices
written by a person who had not seen the rules.  A gold entry in text that no clause holds (a title line, removed
furniture) cannot be annotated; such entries are counted and left out.  Floors: tests/gate.toml.
"""

from __future__ import annotations

import json
import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import marks
from alignment import Alignment, align
from notices.model import Notice, Span
from support import ROOT, SEEDS, convert_text, notice_of

GOLD = ROOT / "tests" / "gold"
HELD_OUT = "003"
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Mention:
    """What a gold or the program says: a published range, the clause it begins in, and what it means."""

    start: int
    end: int
    key: str
    clause: str = ""

    def overlaps(self, other: Mention) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Sample:
    """One notice's mentions of one kind."""

    name: str
    gold: tuple[Mention, ...]
    found: tuple[Mention, ...]
    unplaced: int = 0  # gold entries that no clause holds


@dataclass(frozen=True, slots=True)
class Score:
    """Counts and what follows from them; `low` and `high` bound F1 with 95 % (bootstrap over clauses)."""

    hits: int
    gold: int
    found: int
    low: float = 0.0
    high: float = 0.0

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.gold + self.found) if self.gold + self.found else 1.0


Match = Callable[[Mention, Mention], bool]


def exact(gold: Mention, found: Mention) -> bool:
    """Same range, same meaning."""
    return (gold.start, gold.end, gold.key) == (found.start, found.end, found.key)


def overlapping(gold: Mention, found: Mention) -> bool:
    """Ranges that share a character, same meaning."""
    return gold.overlaps(found) and gold.key == found.key


def score(samples: Sequence[Sample], match: Match) -> Score:
    """The score over all samples, each gold entry matched at most once, with its confidence interval."""
    units = [count for sample in samples for count in _counts(sample, match)]
    hits, gold, found = (sum(unit[i] for unit in units) for i in range(3))
    low, high = _interval(units)
    return Score(hits, gold, found, low, high)


def _counts(sample: Sample, match: Match) -> Iterator[tuple[int, int, int]]:
    """(hits, gold, found) of each clause that holds anything."""
    clauses = sorted({mention.clause for mention in (*sample.gold, *sample.found)})
    for clause in clauses:
        gold = [mention for mention in sample.gold if mention.clause == clause]
        found = [mention for mention in sample.found if mention.clause == clause]
        yield _hits(gold, found, match), len(gold), len(found)


def _hits(gold: Sequence[Mention], found: Sequence[Mention], match: Match) -> int:
    free = list(found)
    hits = 0
    for mention in gold:
        chosen = next((other for other in free if match(mention, other)), None)
        if chosen:
            free.remove(chosen)
            hits += 1
    return hits


def _interval(units: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of F1 over resampled clauses (Efron, percentile bootstrap), seed fixed."""
    if not units:
        return (0.0, 1.0)
    draw = random.Random(20261122)
    values = []
    for _ in range(RESAMPLES):
        chosen = draw.choices(units, k=len(units))
        hits, total = sum(u[0] for u in chosen), sum(u[1] + u[2] for u in chosen)
        values.append(2 * hits / total if total else 1.0)
    values.sort()
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]


# --- what the program found -------------------------------------------------------------------------------------


def key_of(span: Span) -> str:
    """What is compared of a span beside its place: a role, a kind, a relation, or comparator, value and unit."""
    if span.kind == "target":
        return marks.notes(span)[2]
    if span.kind == "citation" and span.get("doc_number") and str(span.get("relation")).startswith("docno_"):
        return marks.notes(span)[0]
    if span.kind == "citation":
        return f"citation {span.get('relation')}"
    return marks.notes(span)[1] if span.kind in ("unit", "deadline", "time") else marks.notes(span)[-1]


def found_of(notice: Notice, aligned: Alignment, kinds: set[str]) -> tuple[Mention, ...]:
    """The program's mentions in published offsets."""
    found = []
    for span in notice.spans:
        if marks.notes(span)[-1] in kinds:
            start, end = aligned.of_clause(span.clause, span.start, span.end)
            found.append(Mention(start, end, key_of(span), span.clause))
    return tuple(found)


def sample(name: str, notice: Notice, gold: Sequence[tuple[int, int, str]], kinds: set[str]) -> Sample:
    """Gold entries (source range, key) and the program's mentions of the same notice."""
    aligned = align(notice)
    owner = {place: anchor for anchor, places in aligned.clauses.items() for place in places}
    placed = []
    for start, end, key in gold:
        there = aligned.published(start, end)
        if there and there[0] in owner:
            placed.append(Mention(*there, key, owner[there[0]]))
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
            is_number = relation.startswith("docno_")
            key = f"docno {relation[6:]} {entry['quote']}" if is_number else f"citation {relation}"
            yield entry["start"], entry["end"], key


def _time_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for entry in gold_json("times.json"):
        if entry["file"] == seed.name:
            yield entry["start"], entry["end"], f"time {entry['kind']}"


def _target_gold(seed: Path) -> Iterator[tuple[int, int, str]]:
    for entry in gold_json(f"targets_{seed.name[:3]}.json")["targets"]:
        value = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
        number = ",".join(f"{v:.10g}" for v in value)
        unit = (entry["unit"] or "-").partition("/")[0]
        yield (
            entry["value_start"],
            entry["value_end"],
            f"target {entry['comparator']}{entry.get('bound') or ''} {number} {unit}",
        )


@cache
def unseen() -> tuple[tuple[str, Notice, tuple[marks.Mark, ...]], ...]:
    """The marked notices of tests/gold/unseen/: name, the notice converted without its marks, the marks."""
    out = []
    for path in sorted((GOLD / "unseen").glob("*.txt")):
        lines = path.read_text("utf-8").split("\n")
        text, found = marks.parse("\n".join(line for line in lines if not line.startswith("#")))
        out.append((path.stem, convert_text(text), tuple(found)))
    return tuple(out)


def unseen_samples(kind: str) -> list[Sample]:
    """The unseen notices with their gold of `kind`."""
    kinds = {"citation", "docno"} if kind == "citation" else {kind}
    out = []
    for name, notice, found in unseen():
        gold = [(m.start, m.end, _short(m)) for m in found if m.kind in kinds]
        out.append(sample(name, notice, gold, kinds))
    return out


def _short(mark: marks.Mark) -> str:
    """A mark's note without what is not compared."""
    note = mark.note.partition(";")[0].strip()
    return " ".join(note.split(" ")[:2]) if mark.kind in ("unit", "time", "citation") else note


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


def topic_samples(first_only: bool) -> list[Sample]:
    """Topics of each task as mentions, the range standing for the label; with `first_only` the main label alone."""
    gold = {task["task"]: task["topics"] for task in gold_json("topics.json")["tasks"]}
    out = []
    for seed in SEEDS:
        notice = notice_of(seed)
        titles = {clause.anchor: clause for clause in notice.clauses}
        right, found = [], []
        for clause in (clause for clause in notice.clauses if clause.task):
            section = titles[clause.parent or ""].label.strip("、（）() .．")
            key = f"{seed.name[:3]}-{section}-{clause.label.strip('、（）() .．')}"
            labels = gold.get(key, [])
            spans = sorted(
                (s for s in notice.spans if s.kind == "topic" and s.clause == clause.anchor),
                key=lambda s: str(s.get("rank")),
            )
            named = [str(span.get("label")) for span in spans]
            limit = 1 if first_only else 3
            right += [Mention(0, 1, label, clause.anchor) for label in labels[:limit]]
            found += [Mention(0, 1, label, clause.anchor) for label in named[:limit]]
        out.append(Sample(seed.name[:3], tuple(right), tuple(found)))
    return out


# --- the report -------------------------------------------------------------------------------------------------


def results(held_out: bool = True) -> dict[str, Score]:
    """Every score by name: kind, set and way of matching; `held_out` False leaves out what developers must not see."""
    out: dict[str, Score] = {}
    for kind in ("unit", "citation", "time", "target"):
        seeds = seed_samples(kind)
        parts = {
            "seeds": [s for s in seeds if s.name != HELD_OUT],
            f"seed-{HELD_OUT}": [s for s in seeds if s.name == HELD_OUT],
            "unseen": unseen_samples(kind) if held_out else [],
        }
        for part, samples in parts.items():
            if (held_out or part == "seeds") and any(s.gold or s.found for s in samples):
                out[f"{kind}.{part}.exact"] = score(samples, exact)
                out[f"{kind}.{part}.overlap"] = score(samples, overlapping)
    for name, samples in (
        ("indicator", indicator_samples()),
        ("topic-main", topic_samples(True)),
        ("topic-all", topic_samples(False)),
    ):
        out[f"{name}.seeds.exact"] = score([s for s in samples if s.name != HELD_OUT], exact)
        if held_out:
            out[f"{name}.seed-{HELD_OUT}.exact"] = score([s for s in samples if s.name == HELD_OUT], exact)
    return out


def floors() -> dict[str, float]:
    """The pinned floors of F1; lowering one is a decision that shows in the diff."""
    return {str(k): float(v) for k, v in tomllib.loads((ROOT / "tests" / "gate.toml").read_text("utf-8"))["f1"].items()}


def below(scores: dict[str, Score], floor: dict[str, float]) -> list[str]:
    """A line for each floor that is missing or not reached."""
    faults = [f"{name}：tests/gate.toml 里没有下限" for name in scores if name not in floor]
    for name, least in floor.items():
        if name not in scores:
            faults.append(f"{name}：没有这项得分")
        elif scores[name].f1 < least:
            faults.append(f"{name}：F1 {scores[name].f1:.3f}，低于下限 {least:.3f}")
    return faults


def faults_of(samples: Sequence[Sample], match: Match) -> Iterator[str]:
    """What was missed (-) and what was found in error (+), for a person to read."""
    for one in samples:
        for mention in one.gold:
            if not any(match(mention, other) for other in one.found):
                yield f"- {one.name} {mention.clause} {mention.start}-{mention.end} {mention.key}"
        for mention in one.found:
            if not any(match(other, mention) for other in one.gold):
                yield f"+ {one.name} {mention.clause} {mention.start}-{mention.end} {mention.key}"


def main() -> int:
    """Print the table.  With kinds as arguments (unit time …): only the developed seeds, and every fault of those kinds."""
    scores = results(held_out=len(sys.argv) == 1)
    print(f"{'项目':<28}{'准确率':>7}{'召回率':>7}{'F1':>7}  {'F1 的 95% 区间':<16}{'金标准':>6}{'找到':>6}")
    for name, one in scores.items():
        print(
            f"{name:<30}{one.precision:>8.3f}{one.recall:>9.3f}{one.f1:>9.3f}  {one.low:.3f}—{one.high:.3f}{one.gold:>12}{one.found:>8}"
        )
    for kind in sys.argv[1:]:
        print("\n".join(faults_of([s for s in seed_samples(kind) if s.name != HELD_OUT], exact)))
    if len(sys.argv) > 1:
        return 0
    missing = below(scores, floors())
    print("\n".join(missing) or "都不低于 tests/gate.toml 的下限。")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

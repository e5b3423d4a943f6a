"""`make eval`: precision, recall and F1 of every annotator against the golds of tests/gold/.

Four sets: the seeds without 003, seed 003 (kept unseen while the annotators were made), `developed`: notices by
a reader who had not seen the rules, used for mending after their first score was taken, and `unseen`: such
notices that nobody who writes rules has opened.  Floors: tests/gate.toml.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import links_eval
from golds import indicator_samples, marked_indicators, marked_samples, marked_topics, seed_samples, topic_samples
from notices.emit.markdown import table as html_table
from scores import Match, Sample, Score, exact, overlapping, proportion, score
from support import ROOT

HELD_OUT = "003"
KINDS = ("unit", "citation", "time", "target", "place", "org")


def results(held_out: bool = True) -> dict[str, Score]:
    """Every score by name: kind, set and way of matching; `held_out` False leaves out what developers must not see."""
    out: dict[str, Score] = {}
    for kind in KINDS:
        for part, samples in _sets(kind, held_out).items():
            if any(s.gold or s.found for s in samples):
                out[f"{kind}.{part}.exact"] = score(samples, exact)
                out[f"{kind}.{part}.overlap"] = score(samples, overlapping)
    indicators = _split(indicator_samples(), held_out) | {"developed": marked_indicators("developed")}
    indicators |= {"unseen": marked_indicators("unseen")} if held_out else {}
    for part, samples in indicators.items():
        out[f"indicator.{part}.exact"] = score(samples, exact)
    for how in ("first", "among", "all"):
        parts = _split(topic_samples(how), held_out) | {"developed": marked_topics("developed", how)}
        parts |= {"unseen": marked_topics("unseen", how)} if held_out else {}
        for part, samples in parts.items():
            out[f"topic-{how}.{part}.exact"] = score(samples, exact)
    for part, one in links_eval.results().items():
        if held_out or part == "seeds":
            out[f"related-precision.{part}"] = proportion(one.right, one.found)
            out[f"related-coverage.{part}"] = proportion(one.reached, one.tasks)
    return out


def _sets(kind: str, held_out: bool) -> dict[str, list[Sample]]:
    seeds = _split(seed_samples(kind), held_out) if kind not in ("place", "org") else {}
    unseen = {"unseen": marked_samples("unseen", kind)} if held_out else {}
    return {**seeds, "developed": marked_samples("developed", kind), **unseen}


def _split(samples: Sequence[Sample], held_out: bool) -> dict[str, list[Sample]]:
    """The seeds of the developers, and the one kept from them."""
    parts = {"seeds": [s for s in samples if s.name != HELD_OUT]}
    return parts | ({f"seed-{HELD_OUT}": [s for s in samples if s.name == HELD_OUT]} if held_out else {})


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
                yield f"- {one.name} {mention.clause} {mention.key} 「{mention.quote}」"
        for mention in one.found:
            if not any(match(other, mention) for other in one.gold):
                yield f"+ {one.name} {mention.clause} {mention.key} 「{mention.quote}」"


ROWS = {
    "unit": "责任单位",
    "target": "量化指标（数值、单位、比较）",
    "indicator": "量的是什么",
    "time": "时间和期限",
    "citation": "引用和文号",
    "place": "地名",
    "org": "机构",
    "topic-first": "主要主题（与第一个相同）",
    "topic-among": "主要主题（在其中）",
    "topic-all": "全部主题",
    "related-precision": "相关任务：给出的有多少对",
    "related-coverage": "相关任务：有相关的给出了多少",
}
COLUMNS = {
    "unseen": "新写的8份（没有见过）",
    "seed-003": "宝山2023（没有见过）",
    "seeds": "四份真实通知",
    "developed": "26份写的通知",
}


def table(scores: dict[str, Score]) -> str:
    """The scores for docs/quality.md: F1 of exact spans with its interval and the number of gold entries."""
    rows = [("标注", *COLUMNS.values())]
    for kind, name in ROWS.items():
        found = (scores.get(f"{kind}.{part}.exact") or scores.get(f"{kind}.{part}") for part in COLUMNS)
        rows.append((name, *(_cell(one) if one and one.gold else "—" for one in found)))
    return html_table(rows, "y-data", "各种标注的分数", head=True)


def _cell(one: Score) -> str:
    return f'{one.f1:.3f}<br><span class="y-range">{one.low:.2f}—{one.high:.2f}<br>{one.gold}处</span>'


def write_table(scores: dict[str, Score]) -> None:
    """Put the table into docs/quality.md between its two comments."""
    page = ROOT / "docs" / "quality.md"
    start, _, rest = page.read_text("utf-8").partition("核对 -->\n")
    page.write_text(
        f"{start}核对 -->\n{table(scores)}\n<!-- end -->{rest.partition('<!-- end -->')[2]}", encoding="utf-8"
    )


def main() -> int:
    """Print the scores.  With kinds as arguments (unit time …): only what developers may see, and every fault.

    With --write also put them into docs/quality.md.
    """
    kinds = [argument for argument in sys.argv[1:] if argument != "--write"]
    scores = results(held_out=not kinds)
    print(f"{'项目':<28}{'准确率':>7}{'召回率':>7}{'F1':>7}  {'F1 的 95% 区间':<16}{'金标准':>6}{'找到':>6}")
    for name, one in scores.items():
        print(
            f"{name:<30}{one.precision:>8.3f}{one.recall:>9.3f}{one.f1:>9.3f}  {one.low:.3f}—{one.high:.3f}{one.gold:>12}{one.found:>8}"
        )
    for kind in kinds:
        for samples in _sets(kind, held_out=False).values():
            print("\n".join(faults_of(samples, exact)))
    if kinds:
        return 0
    if "--write" in sys.argv:
        write_table(scores)
    missing = below(scores, floors())
    print("\n".join(missing) or "都不低于 tests/gate.toml 的下限。")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

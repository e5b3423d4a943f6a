"""Related tasks against tests/gold/related.json: precision of the links, and which tasks with a relative got one.

A link is right where the gold lists the pair (grade 1 or 2); a task that lists none is wrong to have any.
`python tests/links_eval.py` prints the table; what linking costs is measured by benchmarks/links.py.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from notices.links.link import link
from notices.model import Link, Notice
from support import ROOT, SEEDS, notice_of, rules

HELD_OUT = "shanghai-baoshan-2023"
NAMES = {
    "000": "zhejiang-jianggan-2020",
    "001": "shandong-huantai-2019",
    "002": "zhejiang-2020",
    "003": HELD_OUT,
    "004": "zhejiang-haining-2021",
}
_PART = re.compile(r"-[ip]\d+$")

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Related:
    """Counts over pairs of tasks: `right` of `found` pairs are in the gold; `reached` of `tasks` have a right link."""

    right: int
    found: int
    reached: int
    tasks: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def coverage(self) -> float:
        return self.reached / self.tasks if self.tasks else 1.0


def gold_pairs() -> frozenset[Pair]:
    """Every pair of tasks that the reader called related."""
    gold = json.loads((ROOT / "tests" / "gold" / "related.json").read_text("utf-8"))
    return frozenset(frozenset((entry["a"], entry["b"])) for entry in gold["pairs"])


def seeds() -> list[Notice]:
    """The seeds under the ids that the gold uses."""
    return [replace(notice_of(seed), id=NAMES[seed.name[:3]]) for seed in SEEDS]


def found_pairs(links: Sequence[Link]) -> frozenset[Pair]:
    """The pairs of tasks that are linked; a part stands for its task."""
    related = (one for one in links if one.kind == "related")
    return frozenset(frozenset((one.source, _PART.sub("", one.target))) for one in related)


def measure(found: frozenset[Pair], gold: frozenset[Pair], notice: str = "") -> Related:
    """The score over all pairs, or over those that touch `notice` (its tasks are the queries)."""

    def asked(task: str) -> bool:
        return not notice or task.startswith(f"{notice}#")

    mine = {pair for pair in found if any(map(asked, pair))}
    right = mine & gold
    tasks = {task for pair in gold for task in pair if asked(task)}
    return Related(len(right), len(mine), len({task for pair in right for task in pair} & tasks), len(tasks))


def results() -> dict[str, Related]:
    """Scores by name: all seeds, the seeds in development among themselves, and the held-out one's tasks as queries."""
    gold, notices = gold_pairs(), seeds()
    found = found_pairs(link(notices, rules()))
    known = [notice for notice in notices if notice.id != HELD_OUT]
    gold_known = frozenset(pair for pair in gold if not any(task.startswith(HELD_OUT) for task in pair))
    return {
        "all": measure(found, gold),
        "seeds": measure(found_pairs(link(known, rules())), gold_known),
        "seed-003": measure(found, gold, HELD_OUT),
    }


def main() -> int:
    """Print the table."""
    print(f"{'项目':<34}{'准确率':>12}{'有相关任务的得到联系':>16}")
    for name, one in results().items():
        print(
            f"{name:<36}{one.precision:>7.3f} {one.right:>4}/{one.found:<4}{one.coverage:>11.3f} {one.reached:>4}/{one.tasks}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

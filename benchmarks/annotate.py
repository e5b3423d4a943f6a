"""What annotation and linking cost, annotator by annotator.

    python benchmarks/annotate.py [--seeds DIR] [--rounds N]

In: a directory of notices as .txt files.  Out: a Markdown table on standard output, milliseconds of processor
time a notice, the fastest round of each.  Reading, cleaning and structure are done before the clock starts.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from notices.annotate import ANNOTATORS, Annotator, annotate  # noqa: E402
from notices.links.link import link  # noqa: E402
from notices.model import Notice, Span  # noqa: E402
from notices.pipeline import to_notice  # noqa: E402
from notices.read.document import load  # noqa: E402
from notices.rules import Rules  # noqa: E402
from notices.rules import load as load_rules  # noqa: E402

Found = dict[str, tuple[Span, ...]]
LIMIT = 6.0  # ms a notice for all annotators together


def best(task: Callable[[], object], rounds: int) -> float:
    """Seconds of the fastest of `rounds` runs, after one that is not timed."""
    task()
    times = []
    for _ in range(rounds):
        start = process_time()
        task()
        times.append(process_time() - start)
    return min(times)


def run(find: Annotator, notices: Sequence[Notice], rules: Rules, earlier: Mapping[str, tuple[Span, ...]]) -> Found:
    """What one annotator finds in every notice, by id."""
    return {notice.id: tuple(find(notice, rules, earlier[notice.id])) for notice in notices}


def table(notices: Sequence[Notice], rules: Rules, rounds: int) -> str:
    """One row an annotator, in the order in which they run, then all together and the links."""
    count = len(notices)
    spans: dict[str, tuple[Span, ...]] = {notice.id: () for notice in notices}
    rows = ["| step | ms a notice | spans a notice |", "|---|---:|---:|"]
    for find in ANNOTATORS:
        task = partial(run, find, notices, rules, spans)
        seconds, found = best(task, rounds), task()
        name = find.__module__.rpartition(".")[2]
        rows.append(f"| {name} | {seconds / count * 1000:.2f} | {sum(map(len, found.values())) / count:.1f} |")
        spans = {key: (*spans[key], *found[key]) for key in spans}
    whole = best(lambda: [annotate(n, rules) for n in notices], rounds) / count * 1000
    rows.append(
        f"| **all annotators** (limit {LIMIT:.0f}) | **{whole:.2f}** | {sum(map(len, spans.values())) / count:.1f} |"
    )
    annotated = [annotate(n, rules) for n in notices]
    rows.append(f"| links | {best(lambda: link(annotated, rules), rounds) / count * 1000:.2f} | |")
    return "\n".join(rows)


def main() -> None:
    """Read the notices, print the table."""
    parser = argparse.ArgumentParser(description="Measure what annotation costs.")
    parser.add_argument("--seeds", type=Path, default=ROOT / "raw", help="directory of notices as .txt (default: raw/)")
    parser.add_argument("--rounds", type=int, default=20, help="runs of which the fastest counts (default: 20)")
    options = parser.parse_args()
    rules = load_rules(ROOT / "rules")
    paths = sorted(options.seeds.glob("*.txt"))
    notices = [replace(to_notice(load(p, p.name, rules), rules), id=p.stem, spans=()) for p in paths]
    print(
        f"{len(notices)} notices, {sum(len(n.document.text) for n in notices) // len(notices)} characters on average.\n"
    )
    print(table(notices, rules, options.rounds))


if __name__ == "__main__":
    main()

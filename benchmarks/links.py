"""What linking costs as the corpus grows.

    python benchmarks/links.py [--seeds DIR] [--rounds N] [COUNT ...]

In: a directory of notices as .txt files, of which corpora of COUNT notices are made (default: 100, 300 and 1000).
Out: a Markdown table on standard output: milliseconds of processor time a notice, the fastest round; links a notice;
and by how much linking raised the peak of resident memory.  Each corpus is linked in a process of its own.
"""

import argparse
import gc
import random
import re
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from notices.links.link import link  # noqa: E402
from notices.model import Clause, Notice, Paragraph  # noqa: E402
from notices.pipeline import to_notice  # noqa: E402
from notices.read.document import load  # noqa: E402
from notices.rules import Rules  # noqa: E402
from notices.rules import load as load_rules  # noqa: E402

TASKS = 25  # of each made notice
KILOBYTES = 1024 if sys.platform == "darwin" else 1  # of ru_maxrss in a kilobyte
SENTENCE = re.compile("(?<=[。；])")


class Row(NamedTuple):
    """One line of the table."""

    notices: int
    milliseconds: float
    links: float
    megabytes: float


def shuffled(seeds: Sequence[Notice], count: int, seed: int = 20261122) -> list[Notice]:
    """Notices of 25 tasks made of the seeds' sentences: two thirds of one task, a third of another.

    One Han character in eight is replaced, so that texts are not copies; far denser in relatives than any real corpus.
    """
    draw = random.Random(seed)
    pool = [(clause, notice) for notice in seeds for clause in notice.clauses if clause.task]
    sentences = [[s for s in SENTENCE.split(clause.text) if s] for clause, _ in pool]
    topics = [[s for s in n.spans if s.kind == "topic" and s.clause == c.anchor] for c, n in pool]

    def clause_of(place: int, anchor: str) -> Clause:
        one, other = sentences[place], draw.choice(sentences)
        text = "".join(draw.sample(one, max(1, len(one) * 2 // 3)) + draw.sample(other, max(1, len(other) // 3)))
        text = "".join(
            chr(draw.randrange(0x4E00, 0x5E00)) if c >= "\u4e00" and draw.random() < 0.125 else c for c in text
        )
        paragraphs = (Paragraph(anchor, text, 1),)
        return replace(pool[place][0], anchor=anchor, title="", mark="", paragraphs=paragraphs, items=())

    made = []
    for number in range(count):
        chosen = draw.sample(range(len(pool)), TASKS)
        clauses = tuple(clause_of(place, f"s1-t{i}") for i, place in enumerate(chosen, 1))
        spans = tuple(replace(s, clause=f"s1-t{i}") for i, place in enumerate(chosen, 1) for s in topics[place])
        made.append(replace(seeds[0], id=f"n{number:05d}", clauses=clauses, spans=spans))
    return made


def seeds_in(folder: Path, rules: Rules) -> list[Notice]:
    """The notices of a directory, annotated, with their file names as ids."""
    paths = sorted(folder.glob("*.txt"))
    return [replace(to_notice(load(path, path.name, rules), rules), id=path.stem) for path in paths]


def measure(folder: Path, count: int, rounds: int) -> Row:
    """A corpus of `count` made notices linked; with 0 the seeds themselves."""
    rules = load_rules(ROOT / "rules")
    seeds = seeds_in(folder, rules)
    notices = shuffled(seeds, count) if count else seeds
    link(notices[:2], rules)  # rules are compiled before the clock starts
    before = peak()
    times, links = [], 0
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        links = len(link(notices, rules))
        times.append(process_time() - start)
    size = len(notices)
    return Row(size, min(times) / size * 1000, links / size, peak() - before)


def peak() -> float:
    """The most resident memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES / 1024


def main() -> None:
    """Measure each corpus, print the table."""
    parser = argparse.ArgumentParser(description="Measure what linking costs as the corpus grows.")
    parser.add_argument("counts", type=int, nargs="*", default=[100, 300, 1000], help="notices of each made corpus")
    parser.add_argument("--seeds", type=Path, default=ROOT / "raw", help="directory of notices as .txt (default: raw/)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of which the fastest counts (default: 3)")
    options = parser.parse_args()
    print("| corpus | notices | ms a notice | links a notice | peak MB |\n|---|---:|---:|---:|---:|")
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for count in (0, *options.counts):
            rounds = options.rounds if count else 10 * options.rounds
            row = pool.submit(measure, options.seeds, count, rounds).result()
            name = "made" if count else "as received"
            print(f"| {name} | {row.notices} | {row.milliseconds:.1f} | {row.links:.0f} | {row.megabytes:.0f} |")


if __name__ == "__main__":
    main()

"""How fast notices are converted, beside extractors that give the body text alone.

    python benchmarks/convert.py [--seeds DIR] [--times N] [--pages N] [--rounds N] [--profile]

In: a directory of notices as .txt files. Out: Markdown tables on standard output. Each row runs in a process of its
own, so that the peak of memory is its own. The corpus is made before the clock starts, and the fastest round counts.
"""

import argparse
import cProfile
import gc
import json
import pstats
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from extract import RAW, converter, need, notice, readability_inscriptis, texts, trafilatura
from pages import pages

Task = Callable[[Sequence[bytes]], int]  # converts every file, gives how many it could convert


def ours(files: Sequence[bytes]) -> int:
    """Bytes to a notice with clauses, metadata and ledger."""
    read, _, rules = converter()
    unreadable = need("notices.errors").Unreadable
    to_notice = need("notices.pipeline").to_notice
    done = 0
    for number, data in enumerate(files):
        try:
            done += bool(to_notice(read(data, f"{number}", rules), rules).clauses)
        except unreadable as error:
            print(f"file {number}: {error.code}", file=sys.stderr)
    return done


def lines_of(extractor: Callable[[str], list[str]], files: Sequence[bytes]) -> int:
    """Pages to the lines of their bodies, by one of the extractors compared in extract.py."""
    return sum(bool(extractor(data.decode())) for data in files)


TASKS: dict[str, Task] = {
    "ours": ours,
    "trafilatura": partial(lines_of, trafilatura),
    "readability_inscriptis": partial(lines_of, readability_inscriptis),
}


def as_text(found: Sequence[str], times: int) -> list[bytes]:
    """The notices as scraped, each `times` times."""
    return [text.encode() for text in found] * times


def as_pages(found: Sequence[str], count: int) -> list[bytes]:
    """`count` web pages: the notices on every template, known and unknown, under changing seeds."""
    made: list[bytes] = []
    for seed, text in enumerate(cycle(found)):
        if len(made) >= count or not found:
            break
        title, body = notice(text)
        made += [page.html.encode() for page in pages(body, title, seed)]
    return list(islice(made, count))


def measure(task: Task, files: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Seconds of the fastest round, files done, and the peak of resident memory before and after in MB."""
    task(files[:5])  # imports and caches are not timed
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, done = float("inf"), 0
    for _ in range(rounds):
        gc.collect()
        start = perf_counter()
        done = task(files)
        best = min(best, perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024  # ru_maxrss counts KB on Linux, bytes on macOS
    return {"seconds": best, "done": done, "before": before / unit, "peak": after / unit}


def apart(name: str, kind: str, options: argparse.Namespace) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--one",
        name,
        kind,
        "--seeds",
        str(options.seeds),
        "--times",
        str(options.times),
        "--pages",
        str(options.pages),
        "--rounds",
        str(options.rounds),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout))


def table(kind: str, files: Sequence[bytes], names: Sequence[str], options: argparse.Namespace) -> str:
    """One row a converter; the last column is its time a file over ours."""
    size = sum(map(len, files)) / 1e6
    out = [
        f"{len(files)} notices as {kind}, {size:.1f} MB.",
        "",
        "| converter | done | notices/s | MB/s | ms a notice | peak MB (before) | time ÷ ours |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    base = 0.0
    for name in names:
        one = apart(name, kind, options)
        base = base or one["seconds"]
        out.append(
            f"| {name} | {one['done']} | {len(files) / one['seconds']:.0f} | {size / one['seconds']:.2f} | "
            f"{one['seconds'] / len(files) * 1000:.1f} | {one['peak']:.0f} ({one['before']:.0f}) | "
            f"{one['seconds'] / base:.2f} |"
        )
    return "\n".join(out)


def profile(kind: str, files: Sequence[bytes]) -> str:
    """Each stage's share of the time, measured apart, and the functions that take most."""
    read, clean, rules = converter()
    parse, meta = need("notices.parse.structure").parse, need("notices.metadata").find_meta
    spent = dict.fromkeys(("read", "clean", "parse", "metadata"), 0.0)
    ours(files[:5])
    for data in files:
        marks = [perf_counter()]
        document = read(data, "", rules)
        marks.append(perf_counter())
        document = clean(document, rules)
        marks.append(perf_counter())
        structure = parse(document, rules)
        marks.append(perf_counter())
        meta(document, structure.parts, rules)
        marks.append(perf_counter())
        for name, start, end in zip(spent, marks, marks[1:], strict=False):
            spent[name] += end - start
    total = sum(spent.values())
    out = [f"{len(files)} notices as {kind}:", "", "| stage | ms a notice | share |", "|---|---:|---:|"]
    out += [f"| {k} | {v / len(files) * 1000:.2f} | {v / total:.0%} |" for k, v in spent.items()]
    watch = cProfile.Profile()
    watch.runcall(ours, files[:100])
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, object]]
    rows = pstats.Stats(watch).stats  # type: ignore[attr-defined]
    slow = sorted(rows.items(), key=lambda row: -row[1][2])[:25]
    out += ["", "Slowest functions of the first 100, own time under the profiler:", ""]
    out += [
        f"- {own * 1000 / min(100, len(files)):.2f} ms, {calls} calls: {Path(file).name}:{line} {name}"
        for (file, line, name), (_, calls, own, _, _) in slow
    ]
    return "\n".join(out)


def main() -> None:
    """Make the corpora, run every converter over them, print the tables."""
    parser = argparse.ArgumentParser(description="Measure how fast notices are converted.")
    parser.add_argument("--seeds", type=Path, default=RAW, help="directory of notices as .txt (default: raw/)")
    parser.add_argument("--times", type=int, default=200, help="how often each text is converted (default: 200)")
    parser.add_argument("--pages", type=int, default=1000, help="how many web pages (default: 1000)")
    parser.add_argument("--rounds", type=int, default=2, help="runs of which the fastest counts (default: 2)")
    parser.add_argument("--profile", action="store_true", help="each stage's share instead of the comparison")
    parser.add_argument("--one", nargs=2, metavar=("CONVERTER", "KIND"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    found = texts(options.seeds, 5)
    if not found:
        parser.error(f"no .txt files in {options.seeds}")
    if options.one:
        name, kind = options.one
        files = as_text(found, options.times) if kind == "text" else as_pages(found, options.pages)
        print(json.dumps(measure(TASKS[name], files, options.rounds)))
        return
    corpora = {"text": as_text(found, options.times), "pages": as_pages(found, options.pages)}
    for kind, files in corpora.items():
        names = ("ours",) if kind == "text" else tuple(TASKS)
        print(profile(kind, files) if options.profile else table(kind, files, names, options), end="\n\n")


if __name__ == "__main__":
    main()

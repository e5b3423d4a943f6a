"""How long `convert.py build` takes: everything, nothing new, and one new notice.

    python benchmarks/build.py [--notices N] [--jobs N] [--keep DIR]

In: nothing; N notices are made (benchmarks/corpus.py; default: 500).  Out: a Markdown table on standard output: seconds
by the clock and of the processors for each build by the real command line, the largest process, what was written, and
whether the last state is, byte for byte, what a build from nothing gives.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from corpus import ROOT, write

AIMS = {"all": 20.0, "nothing new": 2.0, "one new": 3.0}  # seconds on two processors, for 500 notices


class Row(NamedTuple):
    """A build: seconds by the clock, seconds of the processors, megabytes of the largest process, its last words."""

    name: str
    clock: float
    work: float
    megabytes: float
    said: str


def run(place: Path, name: str, jobs: int) -> Row:
    """One build in `place`.  Raises SystemExit where it fails."""
    folders = [f"--{folder}={place / folder}" for folder in ("raw", "docs", "registry", "overrides")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", f"--jobs={jobs}", *folders]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": "0"}
    )
    clock, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    words = [line for line in done.stdout.splitlines() if line.startswith(("docs/", "与上次相比没有"))]
    return Row(name, clock, work, after.ru_maxrss / 1024, " ".join(words))


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def measure(place: Path, count: int, jobs: int) -> tuple[list[Row], bool]:
    """The builds, and whether the last one left what a build from nothing leaves."""
    write(place / "raw", count)
    late = sorted((place / "raw").iterdir())[count // 2]
    late.rename(place / late.name)
    rows = [run(place, "all", jobs), run(place, "nothing new", jobs)]
    (place / late.name).rename(late)
    rows.append(run(place, "one new", jobs))
    docs = files(place / "docs")
    shutil.rmtree(place / "build")
    shutil.rmtree(place / "docs")
    run(place, "again", jobs)
    return rows, docs == files(place / "docs")


def table(rows: Sequence[Row], same: bool, count: int) -> str:
    """The rows as Markdown."""
    out = [
        "| build | seconds | aim (500) | processor seconds | largest process MB | what it said |",
        "|---|---:|---:|---:|---:|---|",
    ]
    out += [
        f"| {r.name} | {r.clock:.1f} | {AIMS[r.name]:.0f} | {r.work:.1f} | {r.megabytes:.0f} | {r.said} |" for r in rows
    ]
    verdict = "the same bytes as" if same else "NOT the same as"
    return "\n".join([f"{count} notices; the incremental result is {verdict} a build from nothing.", "", *out])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure builds of many notices.")
    parser.add_argument("--notices", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=0, help="processes (default: one a processor)")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    options = parser.parse_args()
    if options.keep:
        print(table(*measure(options.keep, options.notices, options.jobs), options.notices))
        return
    with tempfile.TemporaryDirectory() as place:
        print(table(*measure(Path(place), options.notices, options.jobs), options.notices))


if __name__ == "__main__":
    main()

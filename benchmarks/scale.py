"""What conversion and site cost as the corpus grows, by the real command line, beside others on the same notices.

    python benchmarks/scale.py [--quick] [--only STEP ...] [--work DIR] [--results DIR] [--jobs N]

Steps: convert (N = 100, 1,000, 10,000, and 5,000 for the site), site (100, 1,000, 5,000), peers (trafilatura; stock
Material at 100 and 1,000), search (1,000 and 5,000, by benchmarks/search.py).  --quick: 100 and 300 only.
In: notices from benchmarks/corpus.py.  Out: one JSON file a table in --results (default: benchmarks/results), from which
benchmarks/report.py makes tables and plots.  Every measurement is a process of its own, one after another.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from corpus import ROOT, write
from measure import Run, measured, save

STEPS = ("convert", "site", "peers", "search")
FULL: dict[str, tuple[int, ...]] = {
    "convert": (100, 1000, 5000, 10000),
    "site": (100, 1000, 5000),
    "peers": (100, 1000),
    "search": (1000, 5000),
}
QUICK: dict[str, tuple[int, ...]] = dict.fromkeys(STEPS, (100, 300))
FOLDERS = ("raw", "docs", "registry", "overrides")
CONVERT = str(ROOT / "scripts" / "convert.py")
DONE = (0, 1)  # all published; some for review


class Plan(NamedTuple):
    """What is measured: the sizes of each step, processes, where to work, where the results go."""

    sizes: dict[str, tuple[int, ...]]
    jobs: int
    work: Path
    results: Path


def command(place: Path, name: str, jobs: int) -> list[str]:
    """The command line over the folders in `place`."""
    folders = [f"--{folder}={place / folder}" for folder in FOLDERS]
    out = [f"--out={place / 'site'}"] if name == "site" else []
    return [sys.executable, CONVERT, name, f"--jobs={jobs}", *folders, *out]


def prepare(place: Path, count: int) -> int:
    """A folder with `count` notices and the pages that people wrote; the bytes of the notices.

    The seeds are among the notices, under the ids they have, since pages that people wrote link to them.
    """
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ROOT / "raw", place / "raw")
    shutil.copytree(ROOT / "registry", place / "registry")
    seeds = len(list((place / "raw").glob("*.txt")))
    write(place / "raw", count - seeds)
    docs = ROOT / "docs"
    generated = set(json.loads((docs / "data" / "manifest.json").read_text(encoding="utf-8")))
    for file in docs.rglob("*"):
        path = file.relative_to(docs).as_posix()
        if file.is_file() and path not in generated and path != "data/manifest.json":
            (place / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, place / "docs" / path)
    return sum(file.stat().st_size for file in (place / "raw").iterdir())


def row(count: int, case: str, run: Run, **more: Any) -> dict[str, Any]:
    """One line of a table."""
    print(f"{count:>6} {case:<12} {run.seconds:8.1f} s {run.tree_mb:8.0f} MB", flush=True)
    return {"notices": count, "case": case, **run.record, **more}


def one_more(place: Path, count: int) -> None:
    """Put the next notice of the corpus into `place`."""
    made = count - len(list((ROOT / "raw").glob("*.txt")))
    write(place / "raw", made + 1, since=made)


def outcome(place: Path) -> dict[str, int]:
    """How many notices were published, and what became of the others."""
    totals: dict[str, int] = json.loads((place / "docs/data/report.json").read_text(encoding="utf-8"))["totals"]
    return {name: totals[name] for name in ("published", "review", "quarantined", "duplicate")}


def of_size(plan: Plan, count: int, steps: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Conversion and site of one corpus: all of it, nothing new, one new notice.  The rows by the name of the table."""
    place = plan.work / str(count)
    rows: dict[str, list[dict[str, Any]]] = {"convert": [], "site": []}
    size = prepare(place, count)
    build, site = command(place, "build", plan.jobs), command(place, "site", plan.jobs)
    with_site = "site" in steps and count in plan.sizes["site"]
    run = measured(build, DONE)
    rows["convert"].append(row(count, "all", run, bytes=size, **outcome(place)))
    rows["convert"].append(row(count, "nothing new", measured(build, DONE)))
    if with_site:
        run = measured(site, DONE)
        rows["site"].append(row(count, "all", run, files=sum(1 for f in (place / "site").rglob("*") if f.is_file())))
        rows["site"].append(row(count, "nothing new", measured(site, DONE)))
    one_more(place, count)
    rows["convert"].append(row(count, "one new", measured(build, DONE)))
    if with_site:
        rows["site"].append(row(count, "one new", measured(site, DONE)))
    return rows


def grown(plan: Plan, steps: Sequence[str]) -> None:
    """The steps convert and site, from the smallest corpus to the largest; results are saved after each size."""
    sizes = {count for step in ("convert", "site") if step in steps for count in plan.sizes[step]}
    tables: dict[str, list[dict[str, Any]]] = {"convert": [], "site": []}
    for count in sorted(sizes):
        for name, rows in of_size(plan, count, steps).items():
            tables[name] += rows
            if tables[name] and name in steps:  # --only site converts too: the table of conversion stays
                save(plan.results, name, tables[name])
        if count not in plan.sizes["peers"] and count not in plan.sizes["search"]:
            shutil.rmtree(plan.work / str(count))


def peers(plan: Plan) -> None:
    """Trafilatura over the web pages of the corpus, stock Material over the Markdown that conversion wrote."""
    here = str(Path(__file__).with_name("peers.py"))
    rows = []
    for count in plan.sizes["peers"]:
        place = plan.work / str(count)
        if not (place / "docs" / "notices").is_dir():
            prepare(place, count)
            measured(command(place, "build", plan.jobs), DONE)
        pages = sum(file.suffix == ".html" for file in (place / "raw").iterdir())
        run = measured([sys.executable, here, "trafilatura", str(place / "raw")])
        rows.append(row(count, "trafilatura", run, pages=pages))
        run = measured([sys.executable, here, "stock", str(place / "docs"), str(place / "stock")])
        made = sum(1 for _ in (place / "stock" / "site" / "notices").glob("*/index.html"))
        index = place / "stock" / "site" / "search" / "search_index.json"
        rows.append(row(count, "stock", run, pages=made, index_bytes=index.stat().st_size))
        shutil.rmtree(place / "stock")
        save(plan.results, "peers", rows)


def search(plan: Plan) -> None:
    """What a search costs the reader, by the program that measures it; its tables are kept with the words of their heads."""
    here = str(Path(__file__).with_name("search.py"))
    run = measured([sys.executable, here, "--counts", *(str(count) for count in plan.sizes["search"])])
    print(run.said)
    for table in printed(run.said):
        save(plan.results, "search" if "查询" in table[0] else "index", table)


def printed(text: str) -> list[list[dict[str, str]]]:
    """The Markdown tables in a text, each row by the words of its table's head; tables without rows are left out."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [[dict(zip(lines[0], line, strict=True)) for line in lines[2:]] for lines in found if len(lines) > 2]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure conversion and site as the corpus grows.")
    parser.add_argument("--quick", action="store_true", help="100 and 300 notices only")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=list(STEPS), metavar="STEP")
    parser.add_argument("--work", type=Path, help="work in this folder and leave it (default: a temporary one)")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--jobs", type=int, default=0, help="processes (default: one a processor)")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        work = (options.work or Path(folder)).resolve()
        plan = Plan(QUICK if options.quick else FULL, options.jobs, work, options.results)
        if {"convert", "site"} & {*options.only}:
            grown(plan, options.only)
        if "peers" in options.only:
            peers(plan)
        if "search" in options.only:
            search(plan)


if __name__ == "__main__":
    main()

"""A build as the maintainer meets it: nothing is done where nothing changed, all is said, and written all at once."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from .build import Built, build
from .errors import Refused, Unreadable
from .publish.render import Runner
from .running import cluster
from .running.cache import Cache, fingerprint
from .running.inputs import Digests, Folders, keys_of, raw_files, state_of
from .running.lock import locked
from .running.prepared import Convert, prepare
from .told.changes import Changes, since
from .told.progress import progress
from .told.report import Row, rows_of
from .told.report_page import Run, write_report
from .told.screen import say, told, told_of
from .writing.files import (
    MANIFEST,
    Seen,
    differences,
    guard,
    hand_edited,
    in_the_way,
    manifest,
    missing,
    news,
    note,
    stale,
)
from .writing.spill import held
from .writing.swap import recover, replace_tree

OK, REVIEW, FAILED = 0, 1, 2
#: Beside raw/: what a build may forget, and its reports.  Never committed.
WORK = "build"
NO_CHANGE = "与上次相比没有变化，什么也不用写。"
#: The name of an environment variable: a file that gets the seconds of each stage, for benchmarks.
TIMINGS = "YAODIAN_TIMINGS"
MOST = 10  # files that a dry run names


class Last(NamedTuple):
    """What the last build left: the key of all it read ("" where the next must build), of each file (whatever the rules
    and the program), and what it said of each."""

    state: str
    keys: dict[str, str]
    rows: list[Row]
    idle: list[str]


def rebuild(arguments: argparse.Namespace, cache: Cache, taken: Collection[str] = ()) -> int:
    """Convert what is new, say what became of each file, and write; nothing is done where nothing changed.

    `taken`: the files that were put into raw/ just now, which are told first.
    """
    folders, dry = folders_of(arguments), arguments.dry_run
    _check_names(arguments.only, folders.raw)
    seen: Seen = cache.get("seen", [""]).get("", {})
    digests = Digests(cache.get("digests", [""]).get(""))
    edited = hand_edited(folders.docs, seen=seen)
    gone = missing(folders.docs)
    last: Last | None = cache.get("last", [""]).get("")
    if last and not (edited or gone or arguments.only) and last.state == _state(folders, digests):
        run = Run([row._replace(unchanged=True) for row in last.rows], Changes(), [*last.idle, NO_CHANGE])
        _tell(run, taken)
    else:
        with _scratch(arguments) as work:
            with progress() as watch:
                redo, far = [*edited, *gone], converts_far(arguments)
                built = build(folders, work, jobs_of(arguments), arguments.only, cache, redo, watch, far, digests)
                keys = keys_of(list(built.keys), folders.raw, "", digests)
                run = _compared(built, last, keys, folders, jobs_of(arguments))
            _tell(run, taken)
            if dry:
                _tell_difference(built, folders)
            else:
                _write(built, arguments, edited)
                note(built.docs, folders.docs, seen)
                cache.put("seen", {"": {path: seen[path] for path in manifest(folders.docs) if path in seen}})
                _remember(built, run.rows, keys, folders, cache, digests, last if arguments.only else None)
            if os.environ.get(TIMINGS):
                Path(os.environ[TIMINGS]).write_text(json.dumps(dict(built.seconds)), encoding="utf-8")
    if not dry:
        _report(run, work_of(arguments))
    return _status(run)


def _compared(built: Built, last: Last | None, keys: Mapping[str, str], folders: Folders, jobs: int) -> Run:
    """The build with what is new in it.  A file is 未变 where it, what became of it and its page are as they were."""
    changes = since(built.docs, folders.docs, manifest(folders.docs), built.withdrawn, jobs)
    other = {*changes.added, *changes.unread, *(one.id for one in changes.notices if not one.elsewhere)}
    known, before = (last.keys, {row.file: row for row in last.rows}) if last else ({}, {})
    rows = rows_of(built.outcomes, {file: known.get(file) == key for file, key in keys.items()})
    marked = (row.unchanged and row.page not in other and _same(row, before.get(row.file)) for row in rows)
    return Run([row._replace(unchanged=same) for row, same in zip(rows, marked, strict=True)], changes, built.idle)


def _same(row: Row, before: Row | None) -> bool:
    return before is not None and row._replace(unchanged=False) == before._replace(unchanged=False)


def _tell(run: Run, taken: Collection[str]) -> None:
    say(told_of(taken, *run) if taken else told(*run))


def _tell_difference(built: Built, folders: Folders) -> None:
    """What a dry run would have written."""
    found = [*news(built.docs, folders.docs), *news(built.registry, folders.registry)]
    found += [f"删去  docs/{path}" for path in stale(built.docs, folders.docs)]
    found.sort(
        key=lambda line: f" {folders.docs.name}/notices/" not in line
    )  # what the maintainer looks for comes first
    rest = [f"  ……共 {len(found)} 个文件。"] if len(found) > MOST else []
    say(["", "如果不加 --dry-run，会写：", *(f"  {line}" for line in found[:MOST]), *rest] if found else [NO_CHANGE])
    say(["这次只是试看，什么也没有写。"])


def _report(run: Run, work: Path) -> None:
    """Write the report; where that cannot be, what was published stands all the same."""
    try:
        page = write_report(run, work, datetime.now())
    except OSError as error:
        say([f"报告没有写成（{error.strerror}），不影响发布。请检查文件夹 {work} 和磁盘。"])
        return
    here = Path.cwd().resolve()
    say([f"详细报告：{page.relative_to(here) if page.is_relative_to(here) else page}（用浏览器打开）。"])


def _write(built: Built, arguments: argparse.Namespace, edited: Collection[str]) -> None:
    """registry/ first, so that no address is ever published unrecorded; each folder changes all at once."""
    coming = {output.path: held(output) for output in built.docs}
    if edited or in_the_way(coming, arguments.docs):
        print(guard(coming, arguments.docs, work_of(arguments), arguments.overwrite))
    old, new = stale(built.docs, arguments.docs), news(built.docs, arguments.docs)
    recorded = {output.path: held(output) for output in built.registry}
    spare = work_of(arguments) / "spare"
    said = (
        replace_tree(recorded, (), arguments.registry, spare / "registry"),
        replace_tree(coming, old, arguments.docs, spare / "docs"),
    )
    say(filter(None, said))
    say([f"docs/ 里写入 {len(new)} 个文件，删除 {len(old)} 个。"])


def _remember(
    built: Built,
    rows: Sequence[Row],
    keys: Mapping[str, str],
    folders: Folders,
    cache: Cache,
    digests: Digests,
    partly: Last | None,
) -> None:
    """What the next build may build on.  A fault that is told once must not be told again as unchanged.

    `partly`: what was known before, where only some of the files were converted now.
    """
    built.known.keep(cache)
    told_once = any(problem.code == "anchor-gone" for row in rows for problem in row.problems) or built.withdrawn
    known = {row.file: row for row in (*(partly.rows if partly else ()), *rows)}
    state = "" if partly or told_once else _state(folders, digests)
    cache.put("last", {"": Last(state, {**(partly.keys if partly else {}), **keys}, list(known.values()), built.idle)})
    cache.put("digests", {"": digests.seen})


def _state(folders: Folders, digests: Digests) -> str:
    files = raw_files(folders.raw)
    names = [one.file for one in files if one.status != "ignored"]
    keys = keys_of(names, folders.raw, fingerprint(folders.rules), digests)
    ignored = (one.file for one in files if one.status == "ignored")
    return state_of(keys, ignored, folders, folders.docs / MANIFEST, digests)


def unlike(built: Built, folders: Folders) -> list[str]:
    """What differs on disk from `built`."""
    return differences(built.docs, folders.docs, "docs") + differences(built.registry, folders.registry, "registry")


def _status(run: Run) -> int:
    """0 where every notice is published without a question, else 1."""
    asks = any(row.status in ("review", "quarantined") for row in run.rows)
    told = [note for note in run.notes if note != NO_CHANGE]
    return REVIEW if asks or told or run.changes.withdrawn else OK


def _check_names(only: Collection[str], raw: Path) -> None:
    """Raises Refused where --only names a file that is not there."""
    missing = sorted(set(only) - {outcome.file for outcome in raw_files(raw)}) if only else []
    if missing:
        raise Refused(f"raw/ 里没有这些文件：{'、'.join(missing)}。请写 raw/ 之下的文件名，不带 raw/。")


@contextmanager
def alone(arguments: argparse.Namespace) -> Iterator[Cache]:
    """The cache, while no other build runs, and after what a killed one left is cleared up; read-only in a dry run."""
    work, dry = work_of(arguments), arguments.dry_run
    with nullcontext() if dry else locked(work):
        for folder in () if dry else (arguments.registry, arguments.docs):
            told = recover(folder)
            if told:
                print(told)
        cache = Cache(work, readonly=dry)
        try:
            yield cache
        finally:
            cache.close()


@contextmanager
def _scratch(arguments: argparse.Namespace) -> Iterator[Path]:
    """A folder for what a build makes before it is published: `made` in it is empty, and goes afterwards.

    In a dry run a folder of its own, since nothing of the next build's may change.
    """
    if arguments.dry_run:
        with TemporaryDirectory(prefix="yaodian-") as folder:
            (Path(folder) / "made").mkdir()
            yield Path(folder)
        return
    made = work_of(arguments) / "made"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        yield made.parent
    finally:
        shutil.rmtree(made, ignore_errors=True)


def work_of(arguments: argparse.Namespace) -> Path:
    """The folder beside raw/ for what a build may forget."""
    return Path(arguments.raw).resolve().parent / WORK


def folders_of(arguments: argparse.Namespace) -> Folders:
    """The folders of a build.  Raises Unreadable where raw/ is missing or empty."""
    if not arguments.raw.is_dir():
        raise Unreadable("no-raw", f"找不到目录 {arguments.raw}。请把通知放进 raw/，或用 --raw 指明目录。")
    if not any(arguments.raw.iterdir()):
        raise Unreadable("empty-raw", f"目录 {arguments.raw} 是空的，什么也没有做。请把通知放进去再运行。")
    corrections = arguments.overrides or arguments.raw.resolve().parent / "overrides"
    return Folders(arguments.raw, arguments.docs, arguments.registry, arguments.rules, corrections)


def converts_far(arguments: argparse.Namespace) -> Convert | None:
    """What converts files on a cluster, where one is named."""
    address = getattr(arguments, "cluster", "")
    if not address:
        return None
    return partial(cluster.convert_all, raw=arguments.raw, rules_dir=arguments.rules, address=address, task=prepare)


def renders_far(arguments: argparse.Namespace) -> Runner | None:
    """What runs shards of the site on a cluster, where one is named."""
    return partial(cluster.run_everywhere, address=arguments.cluster) if getattr(arguments, "cluster", "") else None


def jobs_of(arguments: argparse.Namespace) -> int:
    """How many processes; 0 asks for all the processors that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return int(arguments.jobs) or usable or 1

"""Conversion and shards on a real Dask cluster: a scheduler and workers as processes of their own, in folders of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from notices.errors import Refused
from notices.pipeline import Outcome
from notices.running import cluster
from notices.running.pool import convert_all
from support import ROOT, SEEDS

COUNT = 60  # files: several batches for each worker


class Cluster(NamedTuple):
    """A running cluster: the scheduler's address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster_of(
    place: Path, count: int = 2, program: Path = ROOT / "scripts", scheduler: Path = ROOT / "scripts"
) -> Iterator[Cluster]:
    """A scheduler and `count` workers of one thread.  Workers know `program` and nothing else of ours, in folders of their own."""
    place.mkdir()
    found = place / "scheduler.json"
    host = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [_started(place, scheduler, "scheduler", *host, "--port", "0", "--scheduler-file", str(found))]
    try:
        until(found.exists)
        until(lambda: found.read_text("utf-8").endswith("}"))
        address = json.loads(found.read_text("utf-8"))["address"]
        for number in range(count):
            own = place / f"worker{number}"
            own.mkdir()
            own_args = ("--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--local-directory", str(own))
            started.append(_started(own, program, "worker", address, *host, *own_args))
        yield Cluster(address, started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _started(place: Path, program: Path, *command: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(program)}
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command], cwd=place, env=environment, stdout=log, stderr=log
        )


def until(true: object) -> None:
    """Wait for a condition; a minute is for machines that are busy."""
    assert callable(true)
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Files of many kinds: copies of the seeds with sidecars, and some that cannot be published."""
    folder = tmp_path / "raw"
    (folder / "县 里").mkdir(parents=True)
    for number in range(COUNT):
        text = SEEDS[number % len(SEEDS)].read_text("utf-8").replace("2020年", f"{1950 + number}年")
        path = folder / ("县 里" if number % 7 == 0 else "") / f"{number:03}.txt"
        path.write_text(text, encoding="utf-8")
        if number % 10 == 0:
            path.with_name(path.name + ".toml").write_text(f'url = "https://a.example/{number}"\n', encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "sheet.xlsx").write_bytes(b"PK\3\4 not a notice")
    (folder / "sidecar.txt").write_text("要点", encoding="utf-8")
    (folder / "sidecar.txt.toml").write_text("nothing = 1\n", encoding="utf-8")
    return folder


def names_in(raw: Path) -> list[str]:
    return sorted(path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.suffix in (".txt", ".xlsx"))


def test_every_file_becomes_what_it_becomes_here(raw: Path, tmp_path: Path) -> None:
    names = names_in(raw)
    local = dict(convert_all(names, raw, ROOT / "rules", 2))
    with cluster_of(tmp_path / "cluster") as there:
        assert dict(cluster.convert_all(names, raw, ROOT / "rules", there.address)) == local
    assert {one.status for one in local.values()} >= {"published", "quarantined"}
    assert any(one.notice and one.notice.document.source.url for one in local.values())


def test_a_killed_worker_loses_nothing(raw: Path, tmp_path: Path) -> None:
    names = names_in(raw)
    local = dict(convert_all(names, raw, ROOT / "rules", 2))
    with cluster_of(tmp_path / "cluster") as there:
        found: dict[str, Outcome] = {}
        for name, outcome in cluster.convert_all(names, raw, ROOT / "rules", there.address):
            found[name] = outcome
            there.workers[0].kill()  # with batches in hand
        assert there.workers[0].wait() != 0
        assert there.workers[1].poll() is None
    assert found == local


def test_a_file_that_crashes_its_process_is_set_aside_and_the_workers_live(raw: Path, tmp_path: Path) -> None:
    """The words are those of a conversion here: the same bounded process does the work on the worker."""
    (raw / "crash.txt").write_text("信号", encoding="utf-8")
    names = ["000.txt", "crash.txt", "001.txt"]
    names[0] = "县 里/000.txt"
    program = tmp_path / "scripts"
    shutil.copytree(ROOT / "scripts", program, ignore=shutil.ignore_patterns("__pycache__"))
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    (program / "notices" / "crashing.py").write_text(CRASHING, encoding="utf-8")
    with cluster_of(tmp_path / "cluster", 1, program, program) as there:
        command = [sys.executable, str(driver), there.address, str(raw), str(ROOT / "rules"), *names]
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(program)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert there.workers[0].poll() is None
    here, far = (json.loads(line) for line in done.stdout.splitlines())
    assert here == far
    assert "SIGSEGV" in far["crash.txt"]
    assert far["001.txt"] == "published"


CRASHING = """
import os, signal
from notices.pipeline import convert_file

def task(name, folder, rules):
    if name == "crash.txt":
        os.kill(os.getpid(), signal.SIGSEGV)
    return convert_file(name, folder, rules)
"""
DRIVER = """
import json, sys
from pathlib import Path
from notices.crashing import task
from notices.running import cluster, pool

address, raw, rules, *names = sys.argv[1:]
for found in (
    pool.convert_all(names, Path(raw), Path(rules), 1, task=task),
    cluster.convert_all(names, Path(raw), Path(rules), address, task=task),
):
    print(json.dumps({name: one.reason or one.status for name, one in found}, sort_keys=True))
"""


def test_what_cannot_travel_is_looked_at_here(raw: Path, tmp_path: Path) -> None:
    (raw / "link.txt").symlink_to(raw / "001.txt")
    names = ["001.txt", "gone.txt", "link.txt"]
    with cluster_of(tmp_path / "cluster", 1) as there:
        far = dict(cluster.convert_all(names, raw, ROOT / "rules", there.address))
    assert far == dict(convert_all(names, raw, ROOT / "rules", 1))
    assert "文件不存在" in far["gone.txt"].reason


def test_functions_of_bytes_run_on_the_cluster_in_order(tmp_path: Path) -> None:
    """Each in a process that shares no folder with this one; the results come in the order of what was sent."""
    packed = [str(number).encode() * 1000 for number in range(20)]
    with cluster_of(tmp_path / "cluster") as there:
        found = list(cluster.run_everywhere(zlib.compress, packed, there.address))
        with pytest.raises(Refused, match="error"):
            list(cluster.run_everywhere(zlib.decompress, [b"no"], there.address))
    assert found == [zlib.compress(one) for one in packed]


def test_a_scheduler_that_is_not_there(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with pytest.raises(Refused, match=r"连不上集群 tcp://127\.0\.0\.1:9，什么也没有写"):
        list(cluster.convert_all(["001.txt"], raw, ROOT / "rules", "tcp://127.0.0.1:9"))


def test_a_cluster_without_workers(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with cluster_of(tmp_path / "cluster", 0) as there, pytest.raises(Refused, match="没有工作进程"):
        list(cluster.convert_all(["001.txt"], raw, ROOT / "rules", there.address))


def test_a_worker_with_another_program_is_refused(raw: Path, tmp_path: Path) -> None:
    program = tmp_path / "scripts"
    shutil.copytree(ROOT / "scripts", program, ignore=shutil.ignore_patterns("__pycache__"))
    with (program / "notices/numerals.py").open("a", encoding="utf-8") as changed:
        changed.write("\n# another version\n")
    with (
        cluster_of(tmp_path / "cluster", 1, program) as there,
        pytest.raises(Refused, match="不一样，结果可能不同，没有用它：程序或规则"),
    ):
        list(cluster.convert_all(["001.txt"], raw, ROOT / "rules", there.address))


@pytest.mark.parametrize("who", ["worker", "scheduler"])
def test_a_machine_without_the_program_is_refused(who: str, raw: Path, tmp_path: Path) -> None:
    with (
        cluster_of(tmp_path / "cluster", 1, **{"program" if who == "worker" else "scheduler": tmp_path}) as there,
        pytest.raises(Refused, match=r"没有本程序，或版本不同.*PYTHONPATH=scripts"),
    ):
        list(cluster.convert_all(["001.txt"], raw, ROOT / "rules", there.address))


def test_other_rules_travel_with_the_files(raw: Path, tmp_path: Path) -> None:
    """The rules are those of the one who asks, whatever the workers have: so `--rules` means the same there."""
    other = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", other)
    with cluster_of(tmp_path / "cluster", 1) as there:
        first = dict(cluster.convert_all(["001.txt"], raw, ROOT / "rules", there.address))
        path = other / "terms.toml"
        path.write_text(path.read_text("utf-8").split("\n[[", 1)[0], encoding="utf-8")  # no terms at all
        second = dict(cluster.convert_all(["001.txt"], raw, other, there.address))
    assert first != second
    assert second == dict(convert_all(["001.txt"], raw, other, 1))


def convert(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def folders(place: Path, raw: Path) -> list[str]:
    """A project of its own in `place`: a copy of raw/, and the folders that a build writes."""
    shutil.copytree(raw, place / "raw")
    for name in ("docs", "registry"):
        (place / name).mkdir(parents=True)
    return [f"--{name}={place / name}" for name in ("raw", "docs", "registry")]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def has_work(process: subprocess.Popen[bytes]) -> bool:
    """Whether a worker has begun: its station runs."""
    return any(path.read_text() for path in Path(f"/proc/{process.pid}/task").glob("*/children"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for children in /proc")
def test_a_build_whose_worker_is_killed_is_byte_for_byte_the_local_one(raw: Path, tmp_path: Path) -> None:
    done = convert("build", *folders(tmp_path / "local", raw))
    assert done.returncode == 1, done.stderr  # some of the files are no notices
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", *folders(tmp_path / "far", raw)]
    with cluster_of(tmp_path / "cluster") as there:
        building = subprocess.Popen([*command, "--cluster", there.address], stdout=subprocess.PIPE, text=True)
        until(lambda: has_work(there.workers[0]))
        there.workers[0].kill()
        said, _ = building.communicate()
        assert there.workers[1].poll() is None
    assert building.returncode == 1
    for name in ("docs", "registry"):
        assert tree(tmp_path / "far" / name) == tree(tmp_path / "local" / name)
    assert [line for line in said.splitlines() if "文件：共" in line] == [
        line for line in done.stdout.splitlines() if "文件：共" in line
    ]


def test_a_site_made_on_the_cluster_is_byte_for_byte_the_local_one(tmp_path: Path) -> None:
    local = [*folders(tmp_path / "local", ROOT / "raw"), f"--out={tmp_path / 'local/site'}"]
    far = [*folders(tmp_path / "far", ROOT / "raw"), f"--out={tmp_path / 'far/site'}"]
    for place in ("local", "far"):  # the pages written by hand
        shutil.copytree(ROOT / "docs", tmp_path / place / "docs", dirs_exist_ok=True)
        shutil.copytree(ROOT / "registry", tmp_path / place / "registry", dirs_exist_ok=True)
    done = convert("site", *local)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    with cluster_of(tmp_path / "cluster") as there:
        done = convert("site", *far, "--cluster", there.address)
        assert any((there.workers[number].pid and has_work(there.workers[number])) for number in (0, 1))
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert tree(tmp_path / "far/site") == tree(tmp_path / "local/site")


def test_a_build_without_its_cluster_changes_nothing(tmp_path: Path) -> None:
    project = folders(tmp_path, ROOT / "raw")
    done = convert("build", *project, "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "连不上集群 tcp://127.0.0.1:9，什么也没有写。" in done.stderr
    assert tree(tmp_path / "docs") == tree(tmp_path / "registry") == {}

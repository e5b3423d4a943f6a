"""No file stops the others: time, memory and crashes, with real workers that really misbehave."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from notices.pipeline import convert_file
from notices.running.pool import bounds_of, convert_all
from notices.running.worker import OFFICE, PLAIN
from support import ROOT, SEEDS, rules

DRIVER = ROOT / "tests" / "pool_driver.py"

#: What a file does to its worker, and what the maintainer is told of it.
FAULTS = {
    "sleep": "处理这个文件超过了 1 秒",
    "regex": "处理这个文件超过了 1 秒",
    "children": "处理这个文件超过了 1 秒",
    "memory": "要用的内存超过了 500 MB",
    "memory by and by": "要用的内存超过了 500 MB",
    "segfault": "转换进程崩溃了（信号 SIGSEGV）",
    "kill": "转换进程崩溃了（信号 SIGKILL）",
    "exit": "转换进程崩溃了（退出码 3）",
    "close": "转换进程崩溃了",
    "leave": "程序处理这个文件时出错（SystemExit: left）",
    "deep": "结构套得太深",
    "raise": "程序处理这个文件时出错（ValueError: so）",
}


def files(folder: Path, words: Sequence[str]) -> Path:
    folder.mkdir()
    for number, word in enumerate(words):
        (folder / f"{number:02}.txt").write_text(word, encoding="utf-8")
    return folder


def command(raw: Path, jobs: int, start: str = "") -> list[str]:
    return [sys.executable, str(DRIVER), str(raw), str(ROOT / "rules"), str(jobs), start]


def outcomes(said: str) -> dict[str, dict[str, Any]]:
    lines = map(json.loads, said.splitlines())
    return {line["file"]: line for line in lines if "file" in line}


def alive(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be counted does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False


def none_left(pids: Sequence[int]) -> bool:
    """Whether all these processes are gone, within five seconds."""
    until = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(alive, pids))


ALL = list(FAULTS)
#: With "spawn", as on Windows and macOS, each new worker loads the rules anew: a few faults will do.
SOME = ["sleep", "memory", "segfault"]


@pytest.mark.parametrize(("jobs", "start", "faults"), [(1, "", ALL), (2, "", ALL), (2, "spawn", SOME)])
def test_a_file_that_misbehaves_is_set_aside_and_the_others_go_on(
    tmp_path: Path, jobs: int, start: str, faults: list[str]
) -> None:
    words = [word for fault in faults for word in ("good", fault)] + ["much, but not too much", "good"]
    raw = files(tmp_path / "raw", words)
    done = subprocess.run(command(raw, jobs, start), capture_output=True, text=True, check=True, encoding="utf-8")
    said = outcomes(done.stdout)
    assert sorted(said) == sorted(path.name for path in raw.iterdir()), "each file has one outcome"
    for name, word in zip(sorted(said), words, strict=True):
        if word in FAULTS:
            assert said[name]["status"] == "quarantined", word
            assert FAULTS[word] in said[name]["reason"], word
            assert said[name]["reason"].endswith("。")
        else:
            assert said[name]["status"] == "published", word
    pids = [json.loads(line).get("pid") or json.loads(line).get("child") for line in done.stdout.splitlines()]
    assert none_left([pid for pid in pids if pid])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A batch of two files that never end, and the processes of its workers and of what they started."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in ("long1.txt", "long2.txt"):
        (raw / name).write_text("children", encoding="utf-8")
    process = subprocess.Popen(command(raw, 2), stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout
    lines = [json.loads(process.stdout.readline()) for _ in range(6)]
    pids = [line.get("pid") or line["child"] for line in lines]
    assert all(map(alive, pids))
    yield process, pids
    process.kill()
    process.wait()
    process.stdout.close()
    for pid in filter(alive, pids):
        os.kill(pid, signal.SIGKILL)


def test_ctrl_c_ends_the_workers_and_what_they_started(running: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, pids = running
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(said.splitlines()[-1]) == {"interrupted": True}
    assert none_left(pids)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killing_the_batch_leaves_no_process(
    running: tuple[subprocess.Popen[str], list[int]], number: signal.Signals
) -> None:
    process, pids = running
    process.send_signal(number)
    process.wait(20)
    assert none_left(pids)


def test_a_batch_left_half_way_leaves_no_process(tmp_path: Path) -> None:
    raw = files(tmp_path / "raw", [SEEDS[0].read_text("utf-8")] * 9)
    before = children()
    batch = convert_all([path.name for path in raw.iterdir()], raw, ROOT / "rules", 2, rule_set=rules())
    next(batch)
    mine = children() - before
    assert mine
    batch.close()  # type: ignore[attr-defined]
    assert none_left(list(mine))


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("ascii").split()
    return set(map(int, found))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_gives_what_the_conversion_gives(jobs: int) -> None:
    names = [path.name for path in SEEDS]
    done = dict(convert_all(names, ROOT / "raw", ROOT / "rules", jobs, rule_set=rules()))
    assert done == {name: convert_file(name, ROOT / "raw", rules()) for name in names}


def test_nothing_to_convert_starts_nothing() -> None:
    assert list(convert_all([], ROOT / "raw", ROOT / "rules", 2, rule_set=rules())) == []


def test_only_what_another_program_converts_has_more_time(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (tmp_path / "plan.txt").write_bytes(SEEDS[0].read_bytes())
    (tmp_path / "link.txt").symlink_to(tmp_path / "old.doc")
    os.mkfifo(tmp_path / "pipe")  # opening one waits for a writer
    shown = {path.name: bounds_of(path) for path in tmp_path.iterdir()}
    assert shown == {"old.doc": OFFICE, "plan.txt": PLAIN, "link.txt": PLAIN, "pipe": PLAIN}

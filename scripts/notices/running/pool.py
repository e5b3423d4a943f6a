"""Files converted in worker processes, each within bounds of time and memory: no file can stop the others.

One supervisor without threads, so that forking is safe and Ctrl-C is an ordinary exception.  (The library pebble does
much of this, but forks from a thread, leaves its workers running when the parent is killed, and does not kill what a
worker started.)
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any

from .. import rules
from ..errors import Refused
from ..pipeline import Outcome, convert_file
from ..read.formats import needs_office
from ..rules import Rules
from ..writing.disk import uninterrupted
from .worker import MORE, OFFICE, PLAIN, Bounds, Orders, Task, end_children, serve

#: Seconds that a worker may take to load the rules.
START = 60


def bounds_of(path: Path) -> Bounds:
    """The bounds for the file at `path`, by how it begins; no link or FIFO is opened."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            return OFFICE if needs_office(stream.read(4096)) else PLAIN
    except OSError:
        return PLAIN  # the conversion itself says why it cannot be opened


def convert_all(
    names: Sequence[str],
    raw: Path,
    rules_dir: Path,
    jobs: int,
    *,
    rule_set: Rules | None = None,
    task: Task = convert_file,
    bounds: Callable[[Path], Bounds] = bounds_of,
    start: str = "",
) -> Iterator[tuple[str, Any]]:
    """Each file `names` below `raw` converted in one of `jobs` worker processes; yields (name, outcome) as each is done.

    A file that goes past its bounds, or takes its worker down, is quarantined with the reason; the others go on in a new
    worker.  `rule_set`: what `rules_dir` holds, where the caller has loaded it (forked workers then share it).
    `task` may be another function of (name, raw, rules): then what it returns is yielded, or an Outcome for a file that
    was set aside here.  `bounds` and the start method are arguments for the tests.  Workers end with this generator (closed, or left
    by KeyboardInterrupt), and when this process is killed.  Raises Refused where no worker can be started.
    """
    method = start or ("fork" if sys.platform == "linux" else "spawn")
    loaded = (rule_set or rules.load(rules_dir)) if method == "fork" else None
    waiting = deque(names)
    ours, theirs = multiprocessing.Pipe(duplex=False)  # nothing is sent: when `theirs` closes, workers know we are gone
    crew: list[_Worker] = []
    try:
        while waiting or crew:
            while waiting and len(crew) < min(max(1, jobs), len(names)):
                crew.append(_start(method, Orders(raw, rules_dir, task, ours), loaded, theirs))
            for worker in _ready(crew):
                yield from _advance(worker, waiting, raw, bounds)
            crew = [worker for worker in crew if worker.alive]
    finally:
        for worker in crew:
            worker.end()
        ours.close()
        theirs.close()


@dataclass(slots=True)
class _Worker:
    """A worker as the supervisor sees it.  `name` is the file it has in hand, "" while it loads the rules."""

    process: BaseProcess
    line: Connection
    name: str = ""
    bounds: Bounds = PLAIN
    deadline: float = field(default_factory=lambda: monotonic() + START)
    alive: bool = True

    def give(self, name: str, bounds: Bounds) -> None:
        """Let the worker convert the file `name`."""
        self.name, self.bounds, self.deadline = name, bounds, monotonic() + bounds.seconds
        with suppress(OSError):  # it has just died: the next look finds that out
            self.line.send((name, bounds))

    def end(self) -> None:
        """Kill the worker, if it still runs, and everything it started."""
        if self.process.pid:
            end_children(self.process.pid)
        self.process.kill()
        self.process.join()
        self.line.close()
        self.alive = False


def _start(method: str, orders: Orders, loaded: Rules | None, theirs: Connection) -> _Worker:
    """A new process; its first message says that the rules are loaded."""
    context: Any = multiprocessing.get_context(method)
    here, there = context.Pipe()
    inherited = (here, theirs) if method == "fork" else ()
    process = context.Process(target=serve, args=(orders, there, loaded, inherited), daemon=True)
    with uninterrupted():  # Ctrl-C within a fork would be lost
        process.start()
    there.close()
    return _Worker(process, here)


def _ready(crew: Sequence[_Worker]) -> list[_Worker]:
    """The workers that have something to say, have died, or are past their deadline; waits for the first."""
    left = min(worker.deadline for worker in crew) - monotonic()
    heard = wait([worker.line for worker in crew], max(0.0, left))
    now = monotonic()
    return [worker for worker in crew if worker.line in heard or worker.deadline <= now]


def _advance(
    worker: _Worker, waiting: deque[str], raw: Path, bounds: Callable[[Path], Bounds]
) -> Iterator[tuple[str, Any]]:
    """Take the worker's result and give it the next file; one that is dead or late ends, and its file is set aside."""
    name, message = worker.name, None
    with suppress(EOFError, OSError):
        message = worker.line.recv_bytes() if worker.line.poll() else b""
    if not message:
        reason = _too_slow(worker.bounds) if message is not None else _crashed(worker)
        worker.end()
        if not name:
            raise Refused("转换用的进程没有启动起来，什么也没有写。请检查内存和规则文件 rules/，再运行一次。")
        yield name, Outcome(name, "quarantined", reason)
        return
    if waiting and message[:1] == MORE:  # before the result is unpacked: the worker need not wait for that
        following = waiting.popleft()
        worker.give(following, bounds(raw / following))
    else:
        worker.end()
    if name:
        yield name, _unpacked(memoryview(message)[1:])


def _unpacked(message: memoryview) -> Any:
    """The result in a worker's message.  Nothing in it can be garbage yet: without the collector it takes a third less."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(message)
    finally:
        if collecting:
            gc.enable()


def _too_slow(bounds: Bounds) -> str:
    return (
        f"处理这个文件超过了 {bounds.seconds:g} 秒，已经停止，没有发布。请检查文件：是不是异常地大，或有大量重复的内容；"
        "可以只把正文另存为 txt 或 docx，再放入 raw/。"
    )


def _crashed(worker: _Worker) -> str:
    """The reason for a worker that died with a file in hand."""
    worker.process.join(1)
    code = worker.process.exitcode or 0
    how = f"信号 {signal.Signals(-code).name}" if -code in {int(one) for one in signal.Signals} else f"退出码 {code}"
    return (
        f"处理这个文件时转换进程崩溃了（{how}），没有发布。请检查文件是不是损坏了：用原来的软件打开，"
        "另存一份再放入 raw/；仍然这样，请把文件交给程序维护人。"
    )

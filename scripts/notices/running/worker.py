"""The inside of a worker process: one file after another, each within its bounds."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from .. import rules
from ..pipeline import Outcome
from ..rules import Rules

Task = Callable[[str, Path, Rules], Any]


class Bounds(NamedTuple):
    """What one file may take: seconds by the clock, and megabytes of address space over the worker's own."""

    seconds: float
    megabytes: int


PLAIN = Bounds(10, 500)
#: For what another program converts first: that program is a child of the worker and bounded with it.
OFFICE = Bounds(60, 2000)
#: A worker that has grown by this many megabytes is replaced, so that each file has the same bounds in any order.
GROWN = 100
_GRACE = 5  # seconds after which a worker whose supervisor is gone ends itself even inside a C library
MORE, LAST = b"+", b"."  # before a result: the worker takes another file, or ends


class Orders(NamedTuple):
    """What a worker is told at its start."""

    raw: Path
    rules_dir: Path
    task: Task
    lifeline: Connection


def serve(orders: Orders, line: Connection, loaded: Rules | None, inherited: Sequence[Connection]) -> None:
    """A worker's life: load the rules, then convert what it is given until it has grown too big."""
    for one in inherited:
        one.close()
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # what a conversion starts ends with it, and Ctrl-C in the terminal is the supervisor's affair
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(orders.lifeline,), daemon=True).start()
    rule_set = loaded or rules.load(orders.rules_dir)
    gc.collect()
    gc.freeze()
    line.send_bytes(MORE)
    size = _megabytes()
    grown = False
    while not grown:
        try:
            name, bounds = line.recv()
        except (EOFError, OSError):
            return
        result = _within(bounds, size, orders, name, rule_set)
        grown = _megabytes() - size > GROWN
        line.send_bytes((LAST if grown else MORE) + result)


def _within(bounds: Bounds, size: int, orders: Orders, name: str, rule_set: Rules) -> bytes:
    """The pickled result for the file `name`; what it raises becomes a reason."""
    _alarm(bounds.seconds + _GRACE)
    try:
        _limit(size + bounds.megabytes)
        outcome = orders.task(name, orders.raw, rule_set)
    except MemoryError:
        outcome = Outcome(name, "quarantined", _too_big(bounds))
    except RecursionError:
        outcome = Outcome(
            name, "quarantined", "文件里的结构套得太深，处理不了，没有发布。请只把正文另存为 txt 或 docx，再放入 raw/。"
        )
    except BaseException as error:  # SystemExit too: nothing that a file does may end the batch
        outcome = Outcome(
            name,
            "quarantined",
            f"程序处理这个文件时出错（{type(error).__name__}: {error}），没有发布。请把文件和这条信息交给程序维护人。",
        )
    finally:
        _limit(None)
        _alarm(0)
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)


def _end_with(lifeline: Connection) -> None:
    """A worker's second thread: end what it started, and it, when the supervisor is gone."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    end_children(os.getpid())
    os._exit(1)


def end_children(pid: int) -> None:
    """Kill everything that the worker `pid` has started: its group, and on Linux also what made a group of its own."""
    for child in _descendants(pid):
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    """The processes that `pid` started, and those that they started; none where the system does not tell."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for line in Path(f"/proc/{one}/task").glob("*/children"):
                found += map(int, line.read_text(encoding="ascii").split())
    return found[1:]


def _alarm(seconds: float) -> None:
    """End this process after `seconds` (0: never), whatever it does; without effect on Windows."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit(megabytes: int | None) -> None:
    """Bound this process's address space, or lift the bound again; without effect where the system has none."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = hard if megabytes is None else megabytes << 20
    with suppress(ValueError, OSError):  # over a hard limit that was set from outside: that one holds
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _megabytes() -> int:
    """The size of this process's address space; 0 where the system does not tell."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20
    return 0


def _too_big(bounds: Bounds) -> str:
    return (
        f"处理这个文件要用的内存超过了 {bounds.megabytes} MB，已经停止，没有发布。请检查文件：是不是异常地大，"
        "或有大量重复的内容；可以只把正文另存为 txt 或 docx，再放入 raw/。"
    )

"""Work shared among forked processes, which see everything that this one holds without copying it."""

from __future__ import annotations

import itertools
import multiprocessing
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ..writing.disk import uninterrupted

T = TypeVar("T")
R = TypeVar("R")


def shared(work: Callable[[Sequence[T]], list[R]], items: Sequence[T], jobs: int, least: int = 64) -> list[R]:
    """`work` over all of `items`, a stretch to each of `jobs` processes; its results in the order of the items.

    In this process alone where forking is not to be had (Windows, macOS), or each would have fewer than `least`.  `work` may be any
    function, closures too: what it changes is lost, only its result comes back.  Each process works, answers and ends,
    so that none is left over when this one is killed.  Raises RuntimeError where a process dies without an answer.
    """
    count = min(jobs, len(items) // least)
    if count < 2 or not sys.platform.startswith("linux"):
        return work(items)
    context = multiprocessing.get_context("fork")
    bounds = [len(items) * part // count for part in range(count + 1)]
    crew = []
    try:
        for start, end in itertools.pairwise(bounds[1:]):  # the first stretch is for this process
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_serve, args=(work, items[start:end], there, here), daemon=True)
            with uninterrupted():  # Ctrl-C within a fork would be lost
                process.start()
            there.close()
            crew.append((process, here))
        results = list(work(items[: bounds[1]]))
        for _, here in crew:
            results += _answer(here)
        return results
    finally:
        for process, here in crew:
            here.close()
            process.kill()
            process.join()


def _serve(work: Callable[[Any], Any], items: Sequence[Any], there: Connection, here: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it ends us
    here.close()
    there.send_bytes(pickle.dumps(work(items), pickle.HIGHEST_PROTOCOL))


def _answer(here: Connection) -> list[Any]:
    try:
        found: list[Any] = pickle.loads(here.recv_bytes())
    except EOFError:
        raise RuntimeError("a forked process died without an answer") from None
    return found

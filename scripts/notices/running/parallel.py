"""Work shared among forked processes, which see everything that this one holds without copying it."""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from ..writing.disk import uninterrupted

_FEW = 8  # results that are sent together
T = TypeVar("T")
R = TypeVar("R")


def give_back() -> None:
    """Give the system the memory back that is free now but still held: by two processes soon, where this one forks."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library than that of GNU
            ctypes.CDLL(None).malloc_trim(0)


def shared(work: Callable[[Sequence[T]], list[R]], items: Sequence[T], jobs: int, least: int = 64) -> list[R]:
    """`work` over all of `items`, a stretch to each of `jobs` processes; its results in the order of the items.

    In this process alone where forking is not to be had (Windows, macOS), or each would have fewer than `least`.  `work` may be any
    function, closures too: what it changes is lost, only its result comes back.  Each process works, answers and ends,
    so that none is left over when this one is killed.  Raises RuntimeError where a process dies without an answer.
    """
    count = min(jobs, len(items) // least)
    if count < 2 or not sys.platform.startswith("linux"):
        return work(items)
    bounds = [len(items) * part // count for part in range(count + 1)]
    crew: dict[Connection, BaseProcess] = {}
    try:
        for start, end in itertools.pairwise(bounds[1:]):  # the first stretch is for this process
            here, process = _forked(_serve, (work, items[start:end]), list(crew))
            crew[here] = process
        results = list(work(items[: bounds[1]]))
        for here in crew:
            results += _answer(here)
        return results
    finally:
        _end(crew)


def streamed(work: Callable[[T], R], items: Sequence[T], jobs: int, least: int = 16) -> Iterator[tuple[int, R]]:
    """`work` over each of `items`; (place of the item, result) as they are done, in no order.

    As `shared`, but nothing waits for the end: results are taken as they come, so that they never fill the memory.
    """
    count = min(jobs, len(items) // least)
    if count < 2 or not sys.platform.startswith("linux"):
        yield from ((place, work(item)) for place, item in enumerate(items))
        return
    crew: dict[Connection, BaseProcess] = {}
    try:
        for number in range(1, count):  # the first few are for this process, and so on
            here, process = _forked(_stream, (work, items, number, count), list(crew))
            crew[here] = process
        waiting = set(crew)
        for places in _fews(len(items), 0, count):
            yield from ((place, work(items[place])) for place in places)
            yield from _come_in(waiting, 0)
        while waiting:
            yield from _come_in(waiting, None)
    finally:
        _end(crew)


def _come_in(waiting: set[Connection], seconds: float | None) -> Iterator[tuple[int, Any]]:
    """What other processes have done; those that are at their end are taken out of `waiting`.  Waits so long, or for the
    first of them."""
    ready = wait(list(waiting), seconds)
    for here in [line for line in waiting if line in ready]:
        found = _answer(here)
        if found:
            yield from found
        else:
            waiting.discard(here)


def _fews(size: int, number: int, of: int) -> Iterator[range]:
    """One few places in every `of`, so that each process has work of all kinds."""
    for first in range(number * _FEW, size, of * _FEW):
        yield range(first, min(first + _FEW, size))


def _stream(work: Callable[[Any], Any], items: Sequence[Any], number: int, of: int, there: Connection) -> None:
    """Send the results of this process's share, a few at a time, and at last []."""
    for places in _fews(len(items), number, of):
        there.send_bytes(pickle.dumps([(place, work(items[place])) for place in places], pickle.HIGHEST_PROTOCOL))
    there.send_bytes(pickle.dumps([]))


def _serve(work: Callable[[Any], Any], items: Sequence[Any], there: Connection) -> None:
    there.send_bytes(pickle.dumps(work(items), pickle.HIGHEST_PROTOCOL))


def _forked(
    target: Callable[..., None], given: tuple[Any, ...], others: Sequence[Connection]
) -> tuple[Connection, BaseProcess]:
    """A process that runs `target` with what is `given` and the end of a line; the line's other end."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(target, given, there, (here, *others)), daemon=True)
    with uninterrupted():  # Ctrl-C within a fork would be lost
        process.start()
    there.close()
    return here, process


def _child(
    target: Callable[..., None], given: tuple[Any, ...], there: Connection, inherited: Sequence[Connection]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it ends us
    for line in inherited:
        line.close()
    try:
        target(*given, there)
    except Exception as error:  # what was raised here is told there
        there.send_bytes(_portable(error))


def _answer(here: Connection) -> list[Any]:
    try:
        found: list[Any] = pickle.loads(here.recv_bytes())
    except EOFError:
        raise RuntimeError("a forked process died without an answer") from None
    if isinstance(found, Exception):
        raise found
    return found


def _portable(error: Exception) -> bytes:
    """An exception as bytes; one that cannot travel by its words alone."""
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return packed


def _end(crew: Mapping[Connection, BaseProcess]) -> None:
    for here, process in crew.items():
        here.close()
        process.kill()
        process.join()

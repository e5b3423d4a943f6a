"""The same work on other machines: on the workers of a Dask cluster, which share no disk with this one.

Only bytes travel: a file, its sidecar and the rules one way, the result the other.  A worker that dies loses nothing, its
work is given to another; one whose program, libraries or Python differ from ours is refused, since its bytes might.
"""

from __future__ import annotations

import logging
import os
import pickle
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from ..errors import Refused
from ..pipeline import convert_file
from ..rules import Rules
from . import pool
from .inputs import LARGEST
from .station import Answer, Batch, Call, File, facts, pack_rules
from .worker import Task

#: A batch is closed at so many files or bytes: a fraction of a second of work, and little to do again when a worker dies.
BATCH_FILES, BATCH_BYTES = 25, 8 << 20
#: Batches on their way for each thread of the cluster: one in hand, one waiting there.
AHEAD = 2
CONNECT = 15  # seconds until a scheduler or the first worker must have answered
ALONE = 60  # seconds that a cluster may be without any worker, as when they are started anew
RETRIES = 3  # times that a batch is tried again after a fault on a worker
_LOOK = 5  # seconds between looks at whether there are workers at all

_local = threading.local()
_RULES: dict[str, bytes] = {}


class _Sent(NamedTuple):
    """An order on its way: its place among the orders, and its bytes, should it have to be sent again."""

    number: int
    packed: bytes


class Mismatch(Exception):
    """A worker whose facts differ; `args[0]` says which."""


def convert_all(
    names: Sequence[str],
    raw: Path,
    rules_dir: Path,
    address: str,
    *,
    rule_set: Rules | None = None,
    task: Task = convert_file,
) -> Iterator[tuple[str, Any]]:
    """Each file `names` below `raw` converted by the cluster whose scheduler is at `address`, as pool.convert_all does it.

    Yields (name, outcome) as they are done.  A file that goes past its bounds or crashes is set aside with the same words.
    What cannot travel (no plain file, too large) is converted here, and refused there in the same words.  Raises Refused
    where the cluster cannot be reached, has no workers, is not like this machine, or keeps failing.
    """
    stay: list[str] = []
    for answer in _answers((Batch(files, task) for files in _batches(names, raw, stay)), rules_dir, address, False):
        yield from ((name, pickle.loads(packed)) for name, packed in answer.results)
    if stay:
        yield from pool.convert_all(stay, raw, rules_dir, 1, rule_set=rule_set, task=task)


def run_everywhere(function: Callable[[bytes], bytes], packed: Iterable[bytes], address: str) -> Iterator[bytes]:
    """`function`, one of this program's modules, over each of `packed` on the cluster; the results in their order.

    Each call runs in a process of its own kind beside the worker, with the worker's disk for temporary files only.
    Raises Refused as `convert_all` does.
    """
    for answer in _answers((Call(function, one) for one in packed), Path(os.devnull), address, True):
        yield from (result for _, result in answer.results)


def _batches(names: Sequence[str], raw: Path, stay: list[str]) -> Iterator[list[File]]:
    """The files in batches; names of those that cannot travel are put into `stay`."""
    batch: list[File] = []
    size = 0
    for name in names:
        try:
            content = _read(raw / name)
            beside = raw / f"{name}.toml"
            file = File(name, content, _read(beside) if os.path.lexists(beside) else None)
        except OSError:
            stay.append(name)
            continue
        batch.append(file)
        size += len(content)
        if len(batch) == BATCH_FILES or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(path: Path) -> bytes:
    """The bytes of a plain file.  Raises OSError for anything else, and for what is too large to be read."""
    known = path.lstat()
    if not stat.S_ISREG(known.st_mode) or known.st_size > LARGEST:
        raise OSError(path)
    return path.read_bytes()


def _answers(orders: Iterator[Batch | Call], rules_dir: Path, address: str, in_order: bool) -> Iterator[Answer]:
    """The answers to all orders, in their order or as they come; few are on their way, or wait for others, at any time."""
    ours, packed_rules = facts(rules_dir), pack_rules(rules_dir)
    with _connected(address) as client:
        ahead: dict[Any, _Sent] = {}
        ready: dict[int, Answer] = {}
        numbered, due, more, seen = enumerate(orders), 0, True, monotonic()
        while more or ahead or ready:
            threads = sum(client.nthreads().values())
            while more and len(ahead) + len(ready) < AHEAD * max(1, threads):
                number, order = next(numbered, (0, None))
                more = order is not None
                if more:
                    sent = _Sent(number, pickle.dumps(order, pickle.HIGHEST_PROTOCOL))
                    ahead[_submit(client, ours, sent.packed, None)] = sent
            done = _first(ahead)
            seen = monotonic() if done or threads else seen
            if monotonic() - seen > ALONE:
                raise Refused(f"集群 {address} 里没有工作进程了，什么也没有写。请启动 dask worker，再运行一次。")
            for future in done:
                sent, packed = ahead.pop(future), future.result()
                if packed is None:
                    ahead[_submit(client, ours, sent.packed, packed_rules)] = sent
                else:
                    ready[sent.number] = pickle.loads(packed)
            while ready and (not in_order or due in ready):
                yield ready.pop(due if in_order else next(iter(ready)))
                due += 1


def _first(ahead: Collection[Any]) -> Collection[Any]:
    """Those that are done, once there are any; after a while none."""
    dask: Any = import_module("distributed")
    try:
        done: Collection[Any] = (
            dask.wait(list(ahead), timeout=_LOOK, return_when="FIRST_COMPLETED").done if ahead else ()
        )
    except dask.TimeoutError:
        return ()
    return done


def _submit(client: Any, ours: dict[str, str], packed: bytes, packed_rules: bytes | None) -> Any:
    return client.submit(work, ours, packed, packed_rules, pure=False, retries=RETRIES)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the cluster, whose faults become Refused."""
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise Refused("用 --cluster 要先装 Dask：pip install -r requirements-cluster.txt。装好再运行一次。") from error
    for name in ("distributed", "distributed.core", "distributed.client", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said below, in Chinese
    try:
        client = dask.Client(address, timeout=CONNECT)
    except (OSError, ValueError, TypeError) as error:  # a TimeoutError is an OSError
        raise Refused(
            f"连不上集群 {address}，什么也没有写。请核对网址（像 tcp://10.0.0.5:8786），看 dask scheduler 是不是在运行。"
        ) from error
    try:
        client.wait_for_workers(1, timeout=CONNECT)
        for ask in (client.run_on_scheduler, client.run):  # a function of Python's own, which both surely have
            ask(find_spec, "notices.running.cluster")
        yield client
    except dask.TimeoutError as error:
        raise Refused(f"集群 {address} 里没有工作进程，什么也没有写。请启动 dask worker，再运行一次。") from error
    except Mismatch as error:
        raise Refused(f"{error.args[0]}什么也没有写。") from error
    except dask.KilledWorker as error:
        raise Refused(
            f"集群里的工作进程接连崩溃（{error.last_worker}），什么也没有写。请检查那台机器的内存和日志，再运行一次。"
        ) from error
    except Exception as error:
        raise _refused(error, address) from error
    finally:
        client.close(timeout=5)


def _refused(error: Exception, address: str) -> Refused:
    """What a fault on the cluster means."""
    strange = isinstance(error, pickle.PickleError | ImportError | AttributeError) or "deserializ" in str(error)
    if isinstance(error, Refused):
        return error
    if strange:  # the scheduler, too, unpacks what it passes on
        return Refused(
            "集群的调度程序或工作进程上没有本程序，或版本不同，什么也没有写。请在那些机器上放同一份程序，"
            "装好依赖，设好 PYTHONPATH=scripts，再启动 dask scheduler 和 dask worker。"
        )
    return Refused(f"集群 {address} 出错（{type(error).__name__}: {error}），什么也没有写。请看它的日志，再运行一次。")


def work(ours: dict[str, str], packed: bytes, packed_rules: bytes | None) -> bytes | None:
    """On a worker: the pickled answer to an order, or None where the rules must be sent first.

    Raises Mismatch where this machine is not like the one that asks (`ours`: its facts), RuntimeError where the order
    failed or its process died.
    """
    key = pickle.dumps(sorted(ours.items())).hex()
    if packed_rules is not None:
        _RULES[key] = packed_rules
    if key not in _RULES:
        return None
    try:
        here = _station(key, ours)
        here.stdin.write(packed)
        here.stdin.flush()
        answer: Answer = pickle.load(here.stdout)
    except (OSError, EOFError) as error:
        _close()
        raise RuntimeError(f"转换用的进程中断了：{error}") from error
    if answer.fault:
        raise RuntimeError(answer.fault)
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _station(key: str, ours: dict[str, str]) -> Any:
    """This thread's station for a set of rules, started where there is none."""
    if getattr(_local, "key", None) == key and _local.process.poll() is None:
        return _local.process
    _close()
    program = Path(__file__).resolve().parent.parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(program), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "notices.running.station"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin
    assert process.stdout
    _local.process, _local.key = process, key
    process.stdin.write(pickle.dumps(_RULES[key]))
    process.stdin.flush()
    theirs = pickle.load(process.stdout)
    if theirs != ours:
        _close()
        raise Mismatch(_difference(ours, theirs))
    return process


def _close() -> None:
    """End this thread's station."""
    process = getattr(_local, "process", None)
    if process is not None:
        process.kill()
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        process.wait()
        _local.process = _local.key = None


def _difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """What differs between two machines, in Chinese."""
    names = [name for name in ours if ours[name] != theirs.get(name)]
    shown = "；".join(
        f"{name} 这里是 {ours[name][:12]}，那里是 {theirs.get(name, '没有')[:12]}" for name in names or sorted(theirs)
    )
    return f"集群的工作进程 {os.uname().nodename} 与这里不一样，结果可能不同，没有用它：{shown}。请在两边放同一份程序和依赖，重新启动它。"

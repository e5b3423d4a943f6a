"""The process that does a cluster worker's work: alone with one order at a time, so that no file can take the worker down.

A worker of Dask is a process with threads, which may neither fork safely nor have children of its own; this one may.
Run as `python -m notices.running.station`: it reads pickled orders from standard input and writes an answer to each.
"""

from __future__ import annotations

import importlib.metadata
import os
import pickle
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from .. import rules
from .cache import LIBRARIES, fingerprint
from .pool import convert_all
from .worker import Task

#: What the site depends on besides what a conversion does.
SITE_LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "pagefind_bin")
#: The names of `facts`.
PYTHON, OFFICE, REST = "Python", "LibreOffice", "程序或规则"


class File(NamedTuple):
    """A file of raw/ as it travels: its name below raw/, its bytes, and its sidecar's where it has one."""

    name: str
    content: bytes
    sidecar: bytes | None = None


class Batch(NamedTuple):
    """Files to be converted in one go, and how: see pool.convert_all."""

    files: Sequence[File]
    task: Task


class Call(NamedTuple):
    """A function of a module of this program, and its argument."""

    function: Callable[[bytes], bytes]
    argument: bytes


class Answer(NamedTuple):
    """What came of an order: pickled results by file name, or one result; `fault` where the order itself failed."""

    results: Sequence[tuple[str, bytes]] = ()
    fault: str = ""


def facts(rules_dir: Path) -> dict[str, str]:
    """What a result depends on besides its input, by a name to show: two machines with the same facts give the same bytes."""
    found = {PYTHON: sys.version.split()[0], OFFICE: shutil.which("soffice") or "没有"}
    for name in (*LIBRARIES, *SITE_LIBRARIES):
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return {**found, REST: fingerprint(rules_dir)}


def pack_rules(rules_dir: Path) -> bytes:
    """The rule files as they travel."""
    found = {path.relative_to(rules_dir).as_posix(): path.read_bytes() for path in sorted(rules_dir.rglob("*.toml"))}
    return zlib.compress(pickle.dumps(found))


def main() -> None:
    """Read the rules, then serve orders until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an order prints must not get between the answers
    orders = sys.stdin.buffer
    with tempfile.TemporaryDirectory(prefix="yaodian-") as folder:
        place = Path(folder)
        (place / "rules").mkdir()
        _write(place / "rules", pickle.loads(zlib.decompress(pickle.load(orders))))
        _send(answers, facts(place / "rules"))
        loaded: rules.Rules | None = None
        while True:
            try:
                order = pickle.load(orders)
            except EOFError:
                return
            if isinstance(order, Batch) and loaded is None:
                loaded = rules.load(place / "rules")
            _send(answers, _done(order, place, loaded))


def _done(order: Batch | Call, place: Path, loaded: rules.Rules | None) -> Answer:
    """The answer to an order; whatever it raises is told, not raised."""
    try:
        if isinstance(order, Call):
            return Answer([("", order.function(order.argument))])
        return Answer(_converted(order, place, loaded))
    except BaseException as error:
        return Answer(fault=f"{type(error).__name__}: {error}")


def _converted(batch: Batch, place: Path, loaded: rules.Rules | None) -> list[tuple[str, bytes]]:
    """Every file of the batch converted within its bounds."""
    raw = place / "raw"
    raw.mkdir()
    try:
        _write(raw, _contents(batch.files))
        names = [file.name for file in batch.files]
        made = convert_all(names, raw, place / "rules", 1, rule_set=loaded, task=batch.task)
        return [(name, pickle.dumps(one, pickle.HIGHEST_PROTOCOL)) for name, one in made]
    finally:
        shutil.rmtree(raw)


def _contents(files: Iterable[File]) -> dict[str, bytes]:
    found = {file.name: file.content for file in files}
    return found | {f"{file.name}.toml": file.sidecar for file in files if file.sidecar is not None}


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files below `folder`; a name that leads out of it is an error."""
    for name, content in contents.items():
        parts = PurePosixPath(name).parts
        if ".." in parts or name.startswith("/"):
            raise ValueError(name)
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _send(answers: Any, answer: object) -> None:
    try:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except BrokenPipeError:  # the worker is gone
        os._exit(1)


if __name__ == "__main__":
    from notices.running import station  # so that what is pickled here has the names that the others know

    station.main()

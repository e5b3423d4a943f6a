"""The files that say of one notice after another the same things: made a notice at a time, then put one behind the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ...model import Notice, Output
from ..around import Around
from . import corpus_file
from .csv_files import TABLES


class Joined(NamedTuple):
    """A file: its path below docs/, how it begins, and what it says of a notice."""

    path: str
    head: bytes
    part: Callable[[Notice, Around], bytes]


FILES = (
    *(Joined(table.path, table.head(), table.part) for table in TABLES),
    Joined(corpus_file.PATH, b"", lambda notice, near: corpus_file.lines(notice)),
)


def parts(notice: Notice, near: Around) -> tuple[bytes, ...]:
    """What each of FILES says of `notice`."""
    return tuple(file.part(notice, near) for file in FILES)


def joined_files(every: Iterable[tuple[bytes, ...]]) -> Iterator[Output]:
    """The files; `every`: the `parts` of each notice, in the order of the corpus."""
    columns = list(zip(*every, strict=True)) or [()] * len(FILES)
    for file, said in zip(FILES, columns, strict=True):
        yield Output(file.path, b"".join((file.head, *said)))

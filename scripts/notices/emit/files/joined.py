"""The files that say of one notice after another the same things: made a notice at a time, then put one behind the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ...model import Notice, Output
from ..around import Around
from . import corpus_file
from .csv_files import TABLES
from .division import by_province, inside

if TYPE_CHECKING:
    from ..catalogue import Catalogue


class Kind(NamedTuple):
    """A kind of file: its path below docs/, how it begins, and what it says of a notice."""

    path: str
    head: bytes
    part: Callable[[Notice, Around], bytes]


class JoinedFile(NamedTuple):
    """A file: its path below docs/, how it begins, and behind that `parts(…)[part]` of the notices `ids`, in order."""

    path: str
    head: bytes
    part: int
    ids: tuple[str, ...]


FILES = (
    *(Kind(table.path, table.head(), table.part) for table in TABLES),
    Kind(corpus_file.PATH, b"", lambda notice, near: corpus_file.lines(notice)),
)


def parts(notice: Notice, near: Around) -> tuple[bytes, ...]:
    """What each of FILES says of `notice`; of `near` only the links to documents that are notices matter."""
    return tuple(kind.part(notice, near) for kind in FILES)


def joined(catalogue: Catalogue) -> list[JoinedFile]:
    """One file a kind; above `limits.notices` notices one a kind and province."""
    ids = tuple(catalogue.cards)
    numbered = list(enumerate(FILES))
    if len(ids) <= catalogue.limits.notices:
        return [JoinedFile(kind.path, kind.head, at, ids) for at, kind in numbered]
    return [
        JoinedFile(inside(kind.path, folder), kind.head, at, mine)
        for folder, mine in by_province(ids).items()
        for at, kind in numbered
    ]


def joined_outputs(files: Iterable[JoinedFile], said: Mapping[str, tuple[bytes, ...]]) -> Iterator[Output]:
    """The files in memory; `said`: notice id → its `parts`."""
    for file in files:
        yield Output(file.path, b"".join((file.head, *(said[key][file.part] for key in file.ids))))

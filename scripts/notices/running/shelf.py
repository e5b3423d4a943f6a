"""Where the texts of a build are kept: on the disk, a notice at a time, since ten thousand do not fit into memory.

What a file became is in two parts: `Prepared`, small, held for every file at once; and blobs by kind and key, read one
by one where they are needed.  Both survive the build, so that what has not changed is not made again.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

from .. import model
from ..errors import Refused
from .cache import Cache

_BATCH = 200  # blobs that are read together
_LAST = 6  # values that are kept unpacked
_MANY = 1500  # that are written together


#: What `unpack` may raise over a blob that is damaged, or of another version: pickle may raise nearly anything.
DAMAGE = (zlib.error, pickle.UnpicklingError, EOFError, AttributeError, ImportError, LookupError, TypeError, ValueError)


def _rebuilt(names: Sequence[str], value: object) -> tuple[type, tuple[Any, ...]]:
    return type(value), tuple([getattr(value, name) for name in names])


# What pickle does by itself with frozen classes that have slots goes through Python code for every field; a notice of
# hundreds of annotations is packed and unpacked twice as fast by its constructors.
for _kind in vars(model).values():
    if isinstance(_kind, type) and is_dataclass(_kind):
        copyreg.pickle(_kind, partial(_rebuilt, [one.name for one in fields(_kind) if one.init]))


def pack(value: object) -> bytes:
    """A value as a blob."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unpack(blob: bytes) -> Any:
    """The value of a blob that `pack` made."""
    return pickle.loads(zlib.decompress(blob))


class Shelf:
    """Blobs by kind and key.  Forked processes may read it too, each through a connection of its own."""

    def __init__(self, cache: Cache | None) -> None:
        """Over `cache`, which keeps everything for the next build; where there is none or it is read-only (a dry run),
        what this build makes lies in a folder that goes with it.  Raises OSError."""
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._caches = [cache] if cache else []
        if cache is None or cache.readonly:
            self._place = tempfile.TemporaryDirectory(prefix="yaodian-")
            self._caches.insert(0, Cache(Path(self._place.name)))
        self._writer = self._caches[0]
        self._owner = os.getpid()
        self._last: dict[tuple[str, str], Any] = {}

    def close(self) -> None:
        """Delete what only this build needed."""
        if self._place:
            self._writer.close()
            self._place.cleanup()

    def put(self, kind: str, blobs: Mapping[str, bytes]) -> None:
        """Keep blobs.  Raises Refused where they cannot be written: this build needs them again."""
        self._write([(kind, key, blob) for key, blob in blobs.items()])

    def put_all(self, every: Iterable[tuple[str, Mapping[str, bytes]]]) -> None:
        """Keep what comes as (key, kind → blob), a few hundred blobs at a time: each time costs a wait for the disk.
        Raises as `put`."""
        rows: list[tuple[str, str, bytes]] = []
        for key, blobs in every:
            rows += [(kind, key, blob) for kind, blob in blobs.items()]
            if len(rows) >= _MANY:
                self._write(rows)
                rows.clear()
        self._write(rows)

    def _write(self, rows: list[tuple[str, str, bytes]]) -> None:
        if not self._writer.put_all(rows):
            raise Refused(
                f"{self._writer.path} 写不进去，什么也没有发布。请检查磁盘空间和权限，再运行一次，会从断的地方接着做。"
            )

    def has(self, kind: str, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that are there."""
        wanted = list(keys)
        return {key for cache in self._readers() for key in cache.there(kind, wanted)}

    def some(self, kind: str, keys: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The blobs of those `keys` that are there, a stretch at a time, in the order of the keys."""
        for start in range(0, len(keys), _BATCH):
            part = keys[start : start + _BATCH]
            found: dict[str, bytes] = {}
            for cache in self._readers():
                found = {**cache.packed(kind, [key for key in part if key not in found]), **found}
            yield from ((key, found[key]) for key in part if key in found)

    def every(self, kind: str, keys: Sequence[str]) -> Iterator[tuple[str, Any]]:
        """The values of blobs that must be there, with their keys, in that order.  Raises Refused where one is not, or is
        damaged: nothing may be left out in silence."""
        wanted = iter(keys)
        for key, blob in self.some(kind, keys):
            if key != next(wanted):
                raise self._damaged()
            try:
                value = unpack(blob)
            except DAMAGE as error:
                raise self._damaged() from error
            yield key, value
        if next(wanted, None) is not None:
            raise self._damaged()

    def one(self, kind: str, key: str) -> Any:
        """The value of a blob that must be there, which nobody may change: the last few are kept, since the files of a
        notice are made one behind the other.  Raises Refused."""
        if (kind, key) not in self._last:
            ((_, value),) = self.every(kind, [key])
            if len(self._last) >= _LAST:
                del self._last[next(iter(self._last))]
            self._last[kind, key] = value
        return self._last[kind, key]

    def _damaged(self) -> Refused:
        return Refused(f"{self._writer.path} 坏了，什么也没有发布。请删去这个文件（它可以随时删），再运行一次。")

    def keep_only(self, kinds: Mapping[str, Iterable[str]]) -> None:
        """Forget all other keys of these kinds."""
        for kind, keys in kinds.items():
            self._writer.keep_only(kind, keys)

    def _readers(self) -> list[Cache]:
        if os.getpid() != self._owner:  # a connection must not be used on both sides of a fork
            self._caches = [Cache(cache.path.parent, readonly=True) for cache in self._caches]
            self._owner = os.getpid()
        return self._caches

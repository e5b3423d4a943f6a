"""What is kept of all compared texts between builds: append-only files, and an archive that says how much of them counts.

GRAMS-N, WEIGHTS-N (vectors, one after the other), TEXTS-N (heads and texts) and LISTS-N (nearest.Lists) are mapped into
memory, not read.  The archive is written last, beside and renamed: whatever a killed run has left behind it is not looked at.
All of it can be made again; a file that is damaged or of another version counts as none.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

ARCHIVE = "state.npz"
VERSION = 2
PIECE = 16 << 20  # bytes that are read at once
Arrays = Mapping[str, NDArray[Any]]


class File(NamedTuple):
    """An append-only file: its name in the folder, how many of its bytes count, and their checksum."""

    name: str
    size: int = 0
    checksum: int = 0

    def sound(self, folder: Path) -> bool:
        """Whether the bytes that count are there as they were written."""
        try:
            return not self.size or self.measured(folder) == self
        except OSError:
            return False

    def measured(self, folder: Path) -> File:
        """The file with the checksum, and at most the size, that it has on disk.  Raises OSError."""
        left, checksum = self.size, 0
        with (folder / self.name).open("rb") as stream:
            while left and (piece := stream.read(min(left, PIECE))):
                left -= len(piece)
                checksum = zlib.crc32(piece, checksum)
        return File(self.name, self.size - left, checksum)

    def mapped(self, folder: Path, kind: str) -> NDArray[Any]:
        """What the file holds, as numbers of the numpy type `kind`; read as it is needed."""
        if not self.size:
            return np.zeros(0, kind)
        count = self.size // np.dtype(kind).itemsize
        return np.asarray(np.memmap(folder / self.name, kind, "r", shape=(count,)))


def let_go(array: NDArray[Any]) -> None:
    """Give back the memory with what was read of a mapped file; what is needed again is read again."""
    base = array.base
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


class Writer:
    """Appends to a `File`.  To be closed; `file` then says what there is."""

    def __init__(self, folder: Path, file: File) -> None:
        """Opens or makes the file, cut to what counts of it.  Raises OSError."""
        path = folder / file.name
        self.file = file
        self._stream = path.open("r+b" if file.size else "wb")
        self._stream.truncate(file.size)
        self._stream.seek(file.size)

    def put(self, content: bytes) -> None:
        """Append `content`."""
        self._stream.write(content)
        size, checksum = self.file.size + len(content), zlib.crc32(content, self.file.checksum)
        self.file = File(self.file.name, size, checksum)

    def close(self) -> File:
        """Write it all out."""
        self._stream.close()
        return self.file


def save(folder: Path, about: Mapping[str, Any], arrays: Arrays, files: Sequence[File]) -> None:
    """Write the archive; files that neither it nor a later run needs are deleted.  Raises OSError."""
    said = {**about, "version": VERSION, "files": list(map(list, files))}
    packed = np.frombuffer(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8)
    beside = folder / f"{ARCHIVE}.new"
    with beside.open("wb") as stream:
        np.savez(stream, allow_pickle=False, about=packed, **arrays)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(folder / ARCHIVE)
    needed = {file.name for file in files}
    for path in folder.glob("*.bin"):
        if path.name not in needed:
            with suppress(OSError):  # still mapped, where that forbids deleting
                path.unlink()


def saved(folder: Path, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, NDArray[Any]], list[File]] | None:
    """What `save` wrote, or None: where there is nothing whole, or where it says otherwise than `wanted`."""
    try:
        with (folder / ARCHIVE).open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        about = json.loads(arrays.pop("about").tobytes().decode("utf-8", "surrogatepass"))
        if about["version"] != VERSION or any(about[key] != value for key, value in wanted.items()):
            return None
        files = [File(*file) for file in about["files"]]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        return None
    return (about, arrays, files) if all(file.sound(folder) for file in files) else None


class Vocabulary:
    """A small number for each bigram's code, in the order in which they came."""

    def __init__(self, codes: NDArray[np.uint64]) -> None:
        """`codes`: by number, as an earlier `codes` was."""
        self.codes = codes
        self._numbers = np.argsort(codes).astype(np.uint32)
        self._sorted = codes[self._numbers]

    def numbers(self, codes: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """The numbers of `codes`; those that are new get one."""
        places = np.searchsorted(self._sorted, codes)
        known = self._sorted[np.minimum(places, len(self._sorted) - 1)] == codes if len(self._sorted) else places < 0
        if not known.all():
            fresh = np.unique(codes[~known])
            where = np.searchsorted(self._sorted, fresh)
            added = np.arange(len(self.codes), len(self.codes) + len(fresh), dtype=np.uint32)
            self._sorted = np.insert(self._sorted, where, fresh)
            self._numbers = np.insert(self._numbers, where, added)
            self.codes = np.concatenate([self.codes, fresh])
            places = np.searchsorted(self._sorted, codes)
        return self._numbers[places]

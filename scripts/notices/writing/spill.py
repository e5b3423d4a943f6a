"""Generated files on the disk before they are published: a build of ten thousand notices does not fit into memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..model import Output


@dataclass(frozen=True, slots=True)
class Spilled:
    """A generated file: its path below docs/, its SHA-256, and the folder of the file that holds it until it is published.

    There may be a hundred thousand, so the file's name is worked out when it is asked for.
    """

    path: str
    digest: str
    folder: Path

    @property
    def held(self) -> Path:
        """The file that holds it."""
        return _place(self.path, self.folder)

    @property
    def content(self) -> bytes:
        """The bytes, read anew each time."""
        return self.held.read_bytes()


def _place(path: str, folder: Path) -> Path:
    """Where the file `path` is held: flat, so that there are no folders to make and no names to clash."""
    return folder / hashlib.sha256(path.encode()).hexdigest()


#: A generated file, in memory or on the disk.
Made = Output | Spilled


def held(one: Made) -> bytes | Path:
    """The content of a generated file, or the file that holds it."""
    return one.held if isinstance(one, Spilled) else one.content


class Spill:
    """A folder of files that are not published yet.  Any process may put files of its own paths into it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def put(self, output: Output) -> Spilled:
        """Hold the file on the disk.  Raises OSError."""
        return self.join(output.path, (output.content,))

    def join(self, path: str, pieces: Iterable[bytes]) -> Spilled:
        """Hold the file `path` that is these pieces one behind the other.  Raises OSError."""
        target = _place(path, self.folder)
        target.unlink(missing_ok=True)  # the former file may be published by now, under two names
        digest = hashlib.sha256()
        with target.open("xb") as stream:
            for piece in pieces:
                stream.write(piece)
                digest.update(piece)
        return Spilled(path, digest.hexdigest(), self.folder)

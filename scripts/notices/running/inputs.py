"""The files of raw/: which are to be converted, and a key that changes with all that one of them says."""

from __future__ import annotations

import hashlib
import os
import stat
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..pipeline import Outcome
from ..writing.disk import names_below
from .cache import key_of

#: Names in raw/ that are about the folder, not notices.
ABOUT = ("README.md", "README", "README.txt")
#: Control characters, marks of direction and width, line ends, and what has no character: none belongs in a name.
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
FRESH = 2_000_000_000  # nanoseconds: within them a file system may give two changes one time
Mark = tuple[int, int, int, int, str]  # inode, size, when the content and when anything changed; SHA-256
LARGEST = 64 << 20  # bytes that are looked at; a larger file is refused unread, so its size stands for it


class Folders(NamedTuple):
    """Where a build reads and writes."""

    raw: Path
    docs: Path
    registry: Path
    rules: Path
    overrides: Path


def raw_files(folder: Path) -> list[Outcome]:
    """Every file below raw/ in order; status "ignored" with the reason, or "" where it is to be converted.

    Sidecars (NAME.toml) belong to their files and are left out.
    """
    return list(_raw_files(folder))


def _raw_files(folder: Path) -> Iterator[Outcome]:
    for name in sorted(names_below(folder), key=lambda one: one.split("/")):
        path = f"{folder}/{name}"
        if name.endswith(".toml") and (folder / name).suffix and Path(path.removesuffix(".toml")).is_file():
            continue
        try:
            ordinary = stat.S_ISREG(os.lstat(path).st_mode)
        except OSError:
            ordinary = False
        if not ordinary:
            yield Outcome(shown(name), "ignored", "不是普通文件（例如快捷方式），没有打开。请放入文件本身。")
        elif any(part.startswith(".") for part in name.split("/")) or name.rpartition("/")[2] in ABOUT:
            yield Outcome(shown(name), "ignored", "隐藏文件或目录说明，不是通知，不用处理。")
        elif shown(name) != name:
            reason = "文件名的编码不是 UTF-8，或有看不见的字符（换行、控制符等），没有打开。请改名后再放入。"
            yield Outcome(shown(name), "ignored", reason)
        else:
            yield Outcome(name, "")


def shown(name: str) -> str:
    """A file name that can be printed on one line, whatever bytes it has."""
    if name.isprintable():
        return name
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in UNSEEN else c for c in text)


class Digests:
    """SHA-256 of files.  A file is read once while nothing that the system says of it changes: inode, size, times.

    `known`: what an earlier run remembered; `seen`: what this one has looked at, for the next.
    """

    def __init__(self, known: Mapping[str, Mark] | None = None) -> None:
        self._known = known or {}
        self.seen: dict[str, Mark] = {}

    def of(self, path: str) -> str:
        """SHA-256 of a file's bytes; for what is no plain file, cannot be read or is too large, what is known of it."""
        try:
            info = os.lstat(path)
            if not stat.S_ISREG(info.st_mode) or info.st_size > LARGEST:
                return f"{info.st_mode} {info.st_size} {info.st_mtime_ns}"
            mark = (info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
            known = self.seen.get(path) or self._known.get(path)
            if known is None or known[:4] != mark:
                with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
                    known = (*mark, hashlib.sha256(stream.read()).hexdigest())
                if time.time_ns() - max(mark[2:]) < FRESH:
                    return known[4]  # another change might leave the same times
            self.seen[path] = known
            return known[4]
        except OSError as error:
            return f"error {error.errno}"


def keys_of(names: Sequence[str], folder: Path, program: str, digests: Digests | None = None) -> dict[str, str]:
    """For each file name a key that changes with its bytes, its sidecar's bytes, and `program` (cache.fingerprint)."""
    of = (digests or Digests()).of
    return {name: key_of(program, name, of(f"{folder}/{name}"), of(f"{folder}/{name}.toml")) for name in names}


def state_of(
    keys: Mapping[str, str], ignored: Iterable[str], folders: Folders, manifest: Path, digests: Digests
) -> str:
    """A key of all that a build reads: while it is the same, another build would change nothing.

    `keys`: `keys_of` of every file; `ignored`: the files of raw/ that are passed over.
    """
    registry = [(name, digests.of(f"{folders.registry}/{name}")) for name in _inside(folders.registry, ".json")]
    corrections = [(name, digests.of(f"{folders.overrides}/{name}")) for name in _inside(folders.overrides, ".toml")]
    pages = sorted(names_below(folders.docs, ".md"))
    return key_of(sorted(keys.items()), sorted(ignored), registry, corrections, pages, digests.of(str(manifest)))


def _inside(folder: Path, end: str) -> list[str]:
    """The names directly in a folder that end so, in order."""
    return sorted(path.name for path in folder.glob(f"*{end}"))

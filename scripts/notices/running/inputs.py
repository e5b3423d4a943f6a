"""The files of raw/: which are to be converted, and a key that changes with all that one of them says."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..pipeline import Outcome
from .cache import key_of

#: Names in raw/ that are about the folder, not notices.
ABOUT = ("README.md", "README", "README.txt")
#: Control characters, marks of direction and width, line ends, and what has no character: none belongs in a name.
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
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
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if path.suffix == ".toml" and path.with_suffix("").is_file():
            continue
        if path.is_symlink() or not path.is_file():
            yield Outcome(shown(name), "ignored", "不是普通文件（例如快捷方式），没有打开。请放入文件本身。")
        elif any(part.startswith(".") for part in Path(name).parts) or path.name in ABOUT:
            yield Outcome(shown(name), "ignored", "隐藏文件或目录说明，不是通知，不用处理。")
        elif shown(name) != name:
            reason = "文件名的编码不是 UTF-8，或有看不见的字符（换行、控制符等），没有打开。请改名后再放入。"
            yield Outcome(shown(name), "ignored", reason)
        else:
            yield Outcome(name, "")


def shown(name: str) -> str:
    """A file name that can be printed on one line, whatever bytes it has."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in UNSEEN else c for c in text)


def keys_of(names: Sequence[str], folder: Path, program: str) -> dict[str, str]:
    """For each file name a key that changes with its bytes, its sidecar's bytes, and `program` (cache.fingerprint)."""
    return {name: key_of(program, name, _digest(folder / name), _digest(folder / f"{name}.toml")) for name in names}


def _digest(path: Path) -> str:
    """SHA-256 of a file's bytes; for what is no plain file, cannot be read or is too large, what is known of it."""
    try:
        known = path.lstat()
        if not stat.S_ISREG(known.st_mode) or known.st_size > LARGEST:
            return f"{known.st_mode} {known.st_size} {known.st_mtime_ns}"
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError as error:
        return f"error {error.errno}"


def state_of(keys: Mapping[str, str], ignored: Iterable[str], folders: Folders, manifest: Path) -> str:
    """A key of all that a build reads: while it is the same, another build would change nothing.

    `keys`: `keys_of` of every file; `ignored`: the files of raw/ that are passed over.
    """
    registry = [(path.name, _digest(path)) for path in sorted(folders.registry.glob("*.json"))]
    corrections = [(path.name, _digest(path)) for path in sorted(folders.overrides.glob("*.toml"))]
    pages = sorted(path.relative_to(folders.docs).as_posix() for path in folders.docs.rglob("*.md"))
    return key_of(sorted(keys.items()), sorted(ignored), registry, corrections, pages, _digest(manifest))

"""A folder brought here from object storage: only what has changed travels."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..errors import Refused
from .bucket import Address, Bucket, Thing, opened

#: Beside the folder: size and mark of each object as it was fetched, and when this machine's file was written.
RECORD = "mirror.json"
BATCH = 100  # objects that are fetched side by side
LONGEST = 255  # bytes in a part of a name


def mirror(address: Address, folder: Path) -> str:
    """Make `folder` hold what is at `address`, and nothing else; returns a sentence for the maintainer.

    An object is fetched where its size or mark is new, or the file here is not as it was left.  Raises Refused where the
    storage cannot be read, holds nothing (a wrong address must not withdraw every notice), or has a name that cannot be
    a file's; then the folder stays as it was, or holds a part of the new files and the next run finishes.
    """
    with opened(address) as bucket:
        there = bucket.things()
        if not there:
            raise Refused(f"{address} 里一个文件也没有，什么也没有做。请核对网址；原件要先上传。")
        check_names(there, address)
        folder.mkdir(parents=True, exist_ok=True)
        record = folder.parent / RECORD
        known = _read(record)
        kept = {name: known[name] for name, thing in there.items() if _same(folder / name, thing, known.get(name))}
        gone = _remove(folder, there)
        wanted = sorted(there.keys() - kept.keys())
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            _fetch(bucket, batch, folder)
            kept |= {name: [*there[name], (folder / name).stat().st_mtime_ns] for name in batch}
            _write(record, kept)
        _write(record, kept)
    return f"从 {address} 取来 {len(wanted)} 个文件，去掉 {gone} 个，其余 {len(there) - len(wanted)} 个没有变。"


def check_names(names: Iterable[str], address: Address) -> None:
    """Raises Refused where a name would lead out of the folder, or cannot be that of a file."""
    every = set(names)
    for name in sorted(every):
        parts = name.split("/")
        folders = {"/".join(parts[:end]) for end in range(1, len(parts))}
        unfit = any(part in ("", ".", "..") or len(part.encode("utf-8", "replace")) > LONGEST for part in parts)
        if unfit or "\0" in name or "\\" in name or folders & every:
            raise Refused(f"{address} 里的 {name!r} 不能用作文件名，什么也没有做。请在对象存储里改名，再运行一次。")


def _fetch(bucket: Bucket, names: list[str], folder: Path) -> None:
    """Fetch objects, and put each in its place when all of it is here."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        coming = [str(Path(place) / str(number)) for number in range(len(names))]
        bucket.files.get([bucket.path(name) for name in names], coming)
        for name, path in zip(names, coming, strict=True):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(path).replace(target)


def _remove(folder: Path, there: Mapping[str, Thing]) -> int:
    """Remove the files that are there no more, and the folders that are left empty; returns how many files."""
    gone = 0
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in there:
            path.unlink()
            gone += 1
    return gone


def _same(path: Path, thing: Thing, known: list[object] | None) -> bool:
    """Whether the file here is the object there."""
    if known is None or not thing.mark or path.is_symlink() or not path.is_file():
        return False
    here = path.stat()
    return known == [*thing, here.st_mtime_ns] and here.st_size == thing.size


def _read(record: Path) -> dict[str, list[object]]:
    try:
        found = json.loads(record.read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}  # everything is fetched again


def _write(record: Path, known: Mapping[str, list[object]]) -> None:
    coming = record.with_suffix(".next")
    coming.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    coming.replace(record)

"""Reading and writing generated files: each write is whole or not at all, and only our own files are removed."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .model import Output
from .store import RegistryError

MANIFEST = "data/manifest.json"
#: Folders that hold generated files alone; anything else in them is reported by `check`.
OWN_FOLDERS = ("notices", "data")


def read_json(path: Path, default: Any) -> Any:
    """A generated JSON file, or `default` where there is none.  Raises RegistryError where it is broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else default
    except ValueError as error:
        raise RegistryError(f"生成的文件 {path} 读不懂：{error}。请删去它，再运行 build 重新生成。") from error


def write(outputs: Iterable[Output], folder: Path) -> list[str]:
    """Write what changed, each file at once (temporary file, then rename); returns the changed paths."""
    changed = []
    for item in outputs:
        target = folder / item.path
        if target.is_file() and target.read_bytes() == item.content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(item.content)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        changed.append(item.path)
    return changed


def stale(outputs: Iterable[Output], docs: Path) -> list[str]:
    """Files that an earlier build made and this one neither makes nor keeps; hand-written files are never in question."""
    by_path = {item.path: item for item in outputs}
    current = {*by_path, *json.loads(by_path[MANIFEST].content)}
    root = docs.resolve()
    stored = read_json(docs / MANIFEST, {})
    inside = (path for path in stored if (root / path).resolve().is_relative_to(root))
    return sorted(path for path in inside if path not in current and (docs / path).is_file())


def remove(paths: Iterable[str], docs: Path) -> None:
    """Delete the files and the folders that this empties."""
    for path in paths:
        (docs / path).unlink()
        parent = (docs / path).parent
        if parent != docs and not any(parent.iterdir()):
            parent.rmdir()


def differences(outputs: Iterable[Output], folder: Path, what: str) -> list[str]:
    """What `check` reports: files that are missing or differ from what the inputs give."""
    found = []
    for item in outputs:
        target = folder / item.path
        if not target.is_file():
            found.append(f"{what}/{item.path} 还没有生成。")
        elif target.read_bytes() != item.content:
            found.append(f"{what}/{item.path} 与 raw/、rules/ 和 registry/ 给出的结果不同。")
    return found


def strangers(outputs: Iterable[Output], docs: Path) -> list[str]:
    """Files in the generated folders that no build makes."""
    by_path = {item.path: item for item in outputs}
    current = {*by_path, *json.loads(by_path[MANIFEST].content)}
    there = (
        p.relative_to(docs).as_posix() for name in OWN_FOLDERS for p in sorted((docs / name).rglob("*")) if p.is_file()
    )
    return [
        f"docs/{path} 不是由 raw/ 生成的。手写的页面请放到别处；过时的请删去。" for path in there if path not in current
    ]

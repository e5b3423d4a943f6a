"""Which files are generated: what a person wrote is never overwritten unasked, and only our own files are removed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import Refused
from ..store import RegistryError
from .disk import read
from .spill import Made, held
from .swap import PENDING, replace_tree

MANIFEST = "data/manifest.json"
#: Folders that hold generated files alone; anything else in them is reported by `check`.
OWN_FOLDERS = ("notices", "data")


def read_json(path: Path, default: Any) -> Any:
    """A generated JSON file, or `default` where there is none.  Raises RegistryError where it is broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else default
    except ValueError as error:
        raise RegistryError(f"生成的文件 {path} 读不懂：{error}。请删去它，再运行 build 重新生成。") from error


def manifest(docs: Path) -> Mapping[str, str]:
    """Every file that the last build made: path below docs/ → SHA-256; empty where nothing was built yet.

    Raises RegistryError where the manifest is broken or names a path outside docs/.
    """
    path = docs / MANIFEST
    try:
        return _parsed(path, _mark(path.stat()))
    except (FileNotFoundError, NotADirectoryError):
        return {}


@lru_cache(maxsize=1)
def _parsed(file: Path, mark: tuple[int, int, int]) -> Mapping[str, str]:
    """The manifest, read once while the file is the same: with ten thousand notices it names tens of thousands."""
    stored = read_json(file, {})
    if not isinstance(stored, dict) or not all(isinstance(digest, str) for digest in stored.values()):
        raise RegistryError(f"清单 {file} 不是程序写的样子，什么也没有写、没有删。请用 git 恢复这个文件，再运行一次。")
    for path in stored:
        if not {"", ".", ".."}.isdisjoint(path.split("/")) or any(sign in path for sign in "\\:\0"):
            raise RegistryError(
                f"清单 {file} 里的“{path}”不在 docs/ 之内，什么也没有写、没有删。请用 git 恢复这个文件，再运行一次。"
            )
    return stored


#: Of files that were looked at before: path → inode, time and size then, and SHA-256.  While the first three are the
#: same, so is the content: thousands of files need not be read again.
Seen = dict[str, tuple[int, int, int, str]]
Content = Mapping[str, bytes | Path]


def hand_edited(docs: Path, coming: Content = MappingProxyType({}), seen: Seen | None = None) -> list[str]:
    """Generated files in which somebody has written since the last build: paths below docs/, sorted.

    Those whose bytes are not what the manifest says, or that are now a link, a folder or the like; a missing file is
    simply made again.  `coming`: what this build would write; a file that already says so is no edit, and neither is one
    that an interrupted build had written.  `seen` holds afterwards what was looked at.  Raises RegistryError (see
    `manifest`).
    """
    pending, seen = _pending(docs), {} if seen is None else seen
    found = []
    for path, digest in manifest(docs).items():
        here = _digest(f"{docs}/{path}", path, seen)
        if here != digest and here not in (None, pending.get(path)) and here != _sha256(coming.get(path)):
            found.append(path)
    return sorted(found)


def missing(docs: Path) -> list[str]:
    """Generated files that are not there any more: paths below docs/.  Raises RegistryError (see `manifest`)."""
    return [path for path in manifest(docs) if not os.access(f"{docs}/{path}", os.F_OK)]


def note(outputs: Iterable[Made], docs: Path, seen: Seen) -> None:
    """Remember of files just written what they hold."""
    for output in outputs:
        with suppress(OSError):
            seen[output.path] = (*_mark((docs / output.path).lstat()), output.digest)


def in_the_way(coming: Content, docs: Path) -> list[str]:
    """Paths that this build would write where a file stands that no build made: paths below docs/, sorted."""
    told, pending = manifest(docs), _pending(docs)
    unknown = {path: _digest(docs / path) for path in coming if path not in told and path != MANIFEST}
    return sorted(
        path
        for path, seen in unknown.items()
        if seen not in (None, pending.get(path)) and seen != _sha256(coming[path])
    )


def guard(coming: Content, docs: Path, work: Path, overwrite: bool = False) -> str:
    """Before a build writes `coming` (path → content): nothing that a person wrote is overwritten or deleted unasked.

    Returns "".  With `overwrite` the files in question are first saved below `work`/edited/, and the sentence returned
    says where.  Raises Refused, with each file and what to do, or RegistryError (see `manifest`), or OSError.
    """
    edited, standing = hand_edited(docs, coming), in_the_way(coming, docs)
    if not edited and not standing:
        return ""
    if not overwrite:
        raise Refused("\n".join(_refusal(edited, standing, work)))
    kept = _free(work / "edited" / datetime.now().strftime("%Y%m%d-%H%M%S"))
    for path in (*edited, *standing):
        if (docs / path).is_file() and not (docs / path).is_symlink():
            (kept / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(docs / path, kept / path)
    return f"手工改过的 {len(edited) + len(standing)} 个文件已存到 {kept}，docs/ 里的换成这次生成的。"


def _refusal(edited: Sequence[str], standing: Sequence[str], work: Path) -> Iterator[str]:
    yield f"docs/ 里有 {len(edited) + len(standing)} 个文件，再写会丢掉人写的内容，所以什么也没有写："
    for path in edited:
        key = owner(path)
        where = f"更正请写进 overrides/{key}.toml" if key else "更正请写进 overrides/ 或 rules/，或改 raw/ 里的原件"
        yield f"  docs/{path} 由程序生成，却被手工改过。{where}。"
    for path in standing:
        yield f"  docs/{path} 是手写的，程序也要生成同名的文件。请把手写的改名或移到别处。"
    yield (
        "更正的写法见 CONTRIBUTING.md 的“更正”一节。不要这些改动，可以删去上面的文件再运行；"
        f"或加上 --overwrite，程序会先把改过的文件存到 {work / 'edited'}，再重新生成。"
    )


def owner(path: str) -> str:
    """The id of the notice that a generated file (path below docs/) belongs to; "" for what belongs to several."""
    parts = path.split("/")
    if parts[0] == "notices" and len(parts) > 1:
        return parts[1].removesuffix(".md")
    return parts[2].removesuffix(".json") if parts[:2] == ["data", "notices"] and len(parts) > 2 else ""


def _pending(docs: Path) -> dict[str, str]:
    """What an interrupted build was about to write file by file: path → SHA-256."""
    with suppress(OSError, ValueError):
        return dict(json.loads((docs / PENDING).read_text(encoding="utf-8")))
    return {}


def _sha256(content: bytes | Path | None) -> str:
    return "" if content is None else hashlib.sha256(read(content)).hexdigest()


def _mark(info: os.stat_result) -> tuple[int, int, int]:
    return info.st_ino, info.st_mtime_ns, info.st_size


def _digest(file: str | Path, path: str = "", seen: Seen | None = None) -> str | None:
    """The SHA-256 of an ordinary file; "-" for anything else that stands there, None where nothing does."""
    try:
        info = os.lstat(file)
        if not stat.S_ISREG(info.st_mode):
            return "-"
        known = seen.get(path) if seen else None
        if known and known[:3] == _mark(info):
            return known[3]
        digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        if seen is not None:
            seen[path] = (*_mark(info), digest)
        return digest
    except (FileNotFoundError, NotADirectoryError):
        return None


def _free(folder: Path) -> Path:
    """`folder`, or the first of folder-2, folder-3, … that does not exist."""
    names = (folder if n == 1 else folder.with_name(f"{folder.name}-{n}") for n in count(1))
    return next(path for path in names if not path.exists())


def write(outputs: Iterable[Made], folder: Path) -> list[str]:
    """Write what changed, all of it at once (`swap.replace_tree`); returns the changed paths."""
    changed = {item.path: held(item) for item in outputs if _digest(folder / item.path) != item.digest}
    replace_tree(changed, (), folder)
    return list(changed)


def stale(outputs: Iterable[Made], docs: Path) -> list[str]:
    """Files that an earlier build made and this one neither makes nor keeps; hand-written files are never in question."""
    by_path = {item.path: item for item in outputs}
    current = {*by_path, *json.loads(by_path[MANIFEST].content)}
    return sorted(path for path in manifest(docs) if path not in current and (docs / path).is_file())


def remove(paths: Iterable[str], docs: Path) -> None:
    """Delete the files and the folders that this empties, all at once."""
    replace_tree({}, set(paths), docs)


def differences(outputs: Iterable[Made], folder: Path, what: str) -> list[str]:
    """What `check` reports: files that are missing or differ from what the inputs give."""
    found = []
    for item in outputs:
        target = folder / item.path
        if not target.is_file():
            found.append(f"{what}/{item.path} 还没有生成。")
        elif _digest(target) != item.digest:
            found.append(f"{what}/{item.path} 与 raw/、rules/ 和 registry/ 给出的结果不同。")
    return found


def news(outputs: Iterable[Made], folder: Path) -> list[str]:
    """What writing `outputs` would do to `folder`, in words: a line for each file that is not there word for word."""
    found = []
    for output in outputs:
        path = folder / output.path
        if not path.is_file():
            found.append(f"新写  {folder.name}/{output.path}")
        elif _digest(path) != output.digest:
            found.append(f"改写  {folder.name}/{output.path}")
    return found


def strangers(outputs: Iterable[Made], docs: Path) -> list[str]:
    """Files in the generated folders that no build makes."""
    by_path = {item.path: item for item in outputs}
    current = {*by_path, *json.loads(by_path[MANIFEST].content)}
    there = (
        p.relative_to(docs).as_posix() for name in OWN_FOLDERS for p in sorted((docs / name).rglob("*")) if p.is_file()
    )
    return [
        f"docs/{path} 不是由 raw/ 生成的。手写的页面请放到别处；过时的请删去。" for path in there if path not in current
    ]

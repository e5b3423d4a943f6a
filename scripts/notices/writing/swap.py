"""A folder gets new content all at once: whoever looks, and whenever we are killed, it is wholly old or wholly new.

For the folder docs/ there can be, beside it, for the time of a change:
    .docs.next       the next docs/ while it is put together; once it has taken its place, the old one until it is deleted
    .docs.old        the old one, where a system can only rename (two steps)
    .docs.next.json  the journal, written before the exchange: which tree is the new one, and what was in both
`recover` reads from these how far a killed process came.

Linking tens of thousands of files and deleting as many takes longer than a change of a few hundred.  So the old tree may
be put by as a spare, whose files are all linked already but those that changed; the next change begins with it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ..errors import Refused
from .disk import TEMPORARY, delete, exchange, read, sync, tree, uninterrupted, write_new, write_over
from .staged import Tree, check, fill, prune, same

#: In a folder that cannot be exchanged, while its files are written one by one: path → SHA-256 of what is coming.
PENDING = ".writing.json"
#: A folder that gives one of these when it is to change its name is written file by file.
_FIXED = (errno.EXDEV, errno.EBUSY, errno.EINVAL, errno.EPERM, errno.EACCES, errno.EROFS)


def staging(folder: Path) -> Path:
    """Where what will take the place of `folder` is put together: on the same disk, and left out by site generators."""
    return folder.parent / f".{folder.name}.next"


def _aside(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.old"


def _journal(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.next.json"


@uninterrupted()
def replace_tree(new: Mapping[str, bytes | Path], old: Collection[str], folder: Path, spare: Path | None = None) -> str:
    """Put the files `new` (path below `folder` → content, or a file that holds it) in and take the files
    `old` out, all at once.

    Every other file stays what it is: the same inode, time and permissions.  Folders that this empties go.  What a
    person saves in `folder` meanwhile is kept.  Nothing at all is done where nothing changes.  Ctrl-C waits for the end.
    `spare`: where the old tree may wait for the next change; whoever deletes it loses time alone.
    Returns "", or a sentence for the maintainer where the folder had to be written file by file.
    Raises Refused for a path that leaves `folder` or cannot be there, OSError where the disk is full or read-only; then
    `folder` is as it was.
    """
    folder = folder.resolve()
    recover(folder)
    there = tree(folder)
    gone = {path for path in old if path in there and path not in new and not stat.S_ISDIR(there[path].st_mode)}
    check([*new, *old], gone, there, folder)
    coming = {path: content for path, content in new.items() if not same(folder / path, there.get(path), content)}
    if not coming and not gone:
        (folder / PENDING).unlink(missing_ok=True)
        return ""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _begin(staging(folder), spare)
    except OSError as error:
        if error.errno in _FIXED and folder.is_dir():
            return _one_by_one(coming, gone, there, folder)
        raise
    try:
        made = _filled(staging(folder), coming, gone, there, folder)
        was = {path: _mark(info) for path, info in there.items()}
        if _place(staging(folder), folder, {"was": was, "made": made}, spare):
            return ""
    except BaseException:
        recover(folder)
        raise
    recover(folder)
    return _one_by_one(coming, gone, there, folder)


@uninterrupted()
def swap_in(made: Path, target: Path) -> str:
    """Let the finished tree `made`, which is `staging(target)`, take the place of `target`, and delete what was there.

    Files and folders whose name begins with a dot, directly in `target`, stay (.git of a branch that is published).
    Returns "", or a sentence for the maintainer where files had to be copied one by one.  Raises OSError.
    """
    target = target.resolve()
    coming = tree(made)
    sync(made / path for path, info in coming.items() if not stat.S_ISLNK(info.st_mode))
    if _place(made, target, {}):
        return ""
    there = tree(target)
    files = {path: made / path for path, info in coming.items() if stat.S_ISREG(info.st_mode)}
    gone = {p for p in there if p not in coming and not p.startswith(".") and not stat.S_ISDIR(there[p].st_mode)}
    said = _one_by_one(files, gone, there, target)
    recover(target)
    return said


@uninterrupted()
def recover(folder: Path) -> str:
    """Finish or undo what a killed process began in `folder` (by `replace_tree` or `swap_in`).

    To be called, under the lock, before anything reads `folder`.  Returns a sentence for the maintainer, "" where there
    was nothing to do.  Raises Refused where a person has to decide, OSError.
    """
    folder = folder.resolve()
    stage, aside, journal = staging(folder), _aside(folder), _journal(folder)
    if not any(os.path.lexists(path) for path in (stage, aside, journal, folder / PENDING)):
        return ""
    if (folder / PENDING).exists():
        for unfinished in folder.rglob(TEMPORARY + "*"):
            unfinished.unlink()
        if not os.path.lexists(stage):
            return f"上次运行在逐个写入 {folder.name}/ 时中断了，这次会写完。"
    if not folder.exists() and _inode(stage) == _told(folder).get("staged"):
        stage.rename(folder)
    elif not folder.exists() and aside.exists():
        aside.rename(folder)
    if _inode(folder) == _told(folder).get("staged", -1):
        _finish(folder, _told(folder))
        return f"上次运行在换上新的 {folder.name}/ 之后中断了：内容是新的、完整的，现已收拾好。"
    if aside.exists():
        raise Refused(
            f"{aside} 是上次中断的运行留下的旧 {folder.name}/，而 {folder} 已经另有内容，什么也没有动。"
            "请核对旧的里面有没有要留的文件，删去它，再运行。"
        )
    clear(folder)
    return f"上次运行在换上新的 {folder.name}/ 之前中断了：原来的内容没有变，没写完的部分已删去。"


def clear(folder: Path) -> None:
    """Delete what was put together at `staging(folder)` and is not wanted.  Raises OSError."""
    _journal(folder.resolve()).unlink(missing_ok=True)  # first: half a tree must never be taken for a whole one
    delete(staging(folder.resolve()))


def _told(folder: Path) -> dict[str, Any]:
    """What the journal says; nothing where there is none, or half of one: then nothing has taken a place yet."""
    try:
        told: dict[str, Any] = json.loads(_journal(folder).read_text(encoding="utf-8"))
        return told
    except (OSError, ValueError):
        return {}


def _inode(path: Path) -> int | None:
    return path.stat().st_ino if path.is_dir() else None


def _mark(info: os.stat_result) -> list[int]:
    return [info.st_ino, info.st_mtime_ns, info.st_size]


def _begin(stage: Path, spare: Path | None) -> None:
    """Make the folder `stage`: the spare tree where there is one, or else an empty one.  Raises OSError."""
    if spare and spare.is_dir() and not spare.is_symlink():
        try:
            spare.rename(stage)
            return
        except OSError:
            delete(spare)  # on another disk: it is of no use
    stage.mkdir()


def _filled(
    stage: Path, coming: Mapping[str, bytes | Path], gone: Collection[str], there: Tree, folder: Path
) -> dict[str, int]:
    """`fill`, from nothing where the spare tree cannot be changed."""
    try:
        return fill(stage, coming, gone, there, folder)
    except PermissionError:
        delete(stage)
        stage.mkdir()
        return fill(stage, coming, gone, there, folder)


def _put_by(former: Path, spare: Path, told: Mapping[str, Any]) -> bool:
    """Let the old tree `former` be the spare; False where it would not be quicker: on another disk, or without links."""
    if not any(told["made"].get(path) == mark[0] for path, mark in told["was"].items()):
        return False
    try:
        spare.parent.mkdir(parents=True, exist_ok=True)
        former.rename(spare)
    except OSError:
        return False
    return True


def _place(stage: Path, folder: Path, marks: dict[str, Any], spare: Path | None = None) -> bool:
    """Write the journal, let `stage` take the place of `folder`, and clear up; False where the system does not allow it."""
    told = {"staged": _inode(stage), **marks}
    try:
        _journal(folder).unlink(missing_ok=True)
        write_new({_journal(folder): json.dumps(told).encode()})
        sync([folder.parent])
        if not folder.exists():
            stage.rename(folder)
        elif not exchange(stage, folder):
            folder.rename(_aside(folder))
            stage.rename(folder)
    except OSError as error:
        if error.errno in _FIXED and folder.exists():
            return False
        raise
    _finish(folder, told, spare)
    return True


def _finish(folder: Path, told: Mapping[str, Any], spare: Path | None = None) -> None:
    """`folder` is the new tree: take over what was saved in the old one since, and delete that, or put it by as `spare`.
    Can be repeated."""
    sync([folder.parent])
    for former in (staging(folder), _aside(folder)):
        if former.exists():
            _carry_over(former, folder, told)
            if not (spare and _put_by(former, spare, told)):
                delete(former)
    _journal(folder).unlink(missing_ok=True)


def _carry_over(former: Path, folder: Path, told: Mapping[str, Any]) -> None:
    """Move to `folder` what a person saved in the tree `former` after it was looked at.

    A file is a person's if it is neither the one we saw (inode, time, size) nor shared by both trees.  It does not
    replace what was saved in the new tree later still.
    """
    if "was" not in told:  # a built site: no person writes in it
        for hidden in former.glob(".*"):
            if not os.path.lexists(folder / hidden.name):
                hidden.rename(folder / hidden.name)
        return
    for path, info in tree(former).items():
        ours = info.st_ino == told["made"].get(path) or _mark(info) == told["was"].get(path)
        if stat.S_ISDIR(info.st_mode) or ours:
            continue
        target = folder / path
        if not os.path.lexists(target) or target.lstat().st_ino == told["made"].get(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            (former / path).replace(target)


def _one_by_one(coming: Mapping[str, bytes | Path], gone: Collection[str], there: Tree, folder: Path) -> str:
    """The change file by file, each whole; `PENDING` says meanwhile what is coming.  Returns a sentence for the maintainer."""
    folder.mkdir(exist_ok=True)
    pending = {path: hashlib.sha256(read(content)).hexdigest() for path, content in coming.items()}
    write_over(folder / PENDING, json.dumps(pending).encode())
    for path, content in coming.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        mode = stat.S_IMODE(there[path].st_mode) if path in there and stat.S_ISREG(there[path].st_mode) else 0o644
        write_over(folder / path, read(content), mode)
    for former in gone:
        (folder / former).unlink(missing_ok=True)
    prune(gone, folder)
    (folder / PENDING).unlink()
    return (
        f"{folder} 不能整个换上（它是挂载点，或者不许改动它的上一级文件夹），已改为逐个文件写入。"
        "如果中途断电，再运行一次就会写完。"
    )

"""The next state of a folder, put together beside it: what may stand where, links to what stays, the files that come."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ..errors import Refused
from .disk import by_depth, each, read, sync, tree, write_new

#: What stands in a folder: relative path → what lstat says of it.
Tree = Mapping[str, os.stat_result]


def folders_of(path: str) -> Iterator[str]:
    """The folders that a relative path leads through, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def check(paths: Iterable[str], gone: Collection[str], there: Tree, folder: Path) -> None:
    """Raises Refused for a path that leads out of `folder`, through a link, or to where something else stands."""
    for path in paths:
        pure = PurePosixPath(path)
        if str(pure) != path or pure.is_absolute() or ".." in pure.parts or "\\" in path or path == ".":
            raise Refused(f"{path} 不在 {folder.name}/ 之内，什么也没有写。请把这条信息交给程序维护人。")
        for above in folders_of(path):
            if above in there and stat.S_ISLNK(there[above].st_mode):
                raise Refused(f"{folder / above} 是符号链接，不能往里写，什么也没有写。请把它换成普通文件夹，再运行。")
            if above in there and not stat.S_ISDIR(there[above].st_mode) and above not in gone:
                raise Refused(f"{folder / above} 应当是文件夹，却有同名的文件，什么也没有写。请把它移到别处，再运行。")
        if path in there and stat.S_ISDIR(there[path].st_mode):
            inside = (one for one in there if one.startswith(f"{path}/") and not stat.S_ISDIR(there[one].st_mode))
            if not all(one in gone for one in inside):
                raise Refused(f"{folder / path} 应当是文件，却有同名的文件夹，什么也没有写。请把它移到别处，再运行。")


def same(path: Path, info: os.stat_result | None, content: bytes | Path) -> bool:
    """Whether `path` is an ordinary file that holds `content`, which may be in a file itself."""
    if info is None or not stat.S_ISREG(info.st_mode):
        return False
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    return info.st_size == size and path.read_bytes() == read(content)


def fill(
    stage: Path, coming: Mapping[str, bytes | Path], gone: Collection[str], there: Tree, folder: Path
) -> dict[str, int]:
    """Put the next `folder` together in the folder `stage`, and wait until the disk has it.

    `there` is what stands in `folder`: all of it but `gone` is linked, and the files `coming` are written, or linked
    where they are files already.  What stands in `stage` stays where it is the same already, so that only what differs
    is linked; the rest of it goes.  Returns the inode of every file in `stage`.  Raises OSError.
    """
    stays = {p: i for p, i in there.items() if p not in gone and (p not in coming or stat.S_ISDIR(i.st_mode))}
    folders = [path for path, info in stays.items() if stat.S_ISDIR(info.st_mode)]
    before = tree(stage)
    kept = {path for path, info in before.items() if _same_thing(info, stays.get(path))}
    _clear(stage, before.keys() - kept, before)
    new = stays.keys() - kept
    for level in by_depth(path for path in folders if path in new):
        each(lambda path: (stage / path).mkdir(), level)
    each(lambda path: _same_again(folder / path, stage / path, stays[path]), new - set(folders))
    prune(gone, stage)
    for parent in sorted({(stage / path).parent for path in coming}):
        parent.mkdir(parents=True, exist_ok=True)
    write_new({stage / path: content for path, content in coming.items()})
    for path in coming:
        if path in there and stat.S_ISREG(there[path].st_mode):
            _like(stage / path, there[path])
    touched = {".", *(above for path in (*coming, *gone) for above in folders_of(path))}
    looks = {path: there[path] for path in folders if (stage / path).is_dir()}
    if folder.exists():
        looks["."] = folder.stat()
    for path, info in looks.items():
        _like(stage / path, info)
        if path not in touched:
            os.utime(stage / path, ns=(info.st_atime_ns, info.st_mtime_ns))
    changed = {above for path in (*new, *(before.keys() - kept)) for above in folders_of(path)} | (new & set(folders))
    sync(stage / path for path in touched | changed if (stage / path).is_dir())
    there_now = {path: before[path].st_ino for path in kept if not stat.S_ISDIR(before[path].st_mode)}
    for path in {*new, *coming}:
        with suppress(FileNotFoundError):
            there_now[path] = (stage / path).lstat().st_ino
    return there_now


def _same_thing(one: os.stat_result, other: os.stat_result | None) -> bool:
    """Whether two entries of trees on one disk are the same file, or both folders."""
    if other is None or stat.S_ISDIR(one.st_mode) != stat.S_ISDIR(other.st_mode):
        return False
    return stat.S_ISDIR(one.st_mode) or one.st_ino == other.st_ino


def _clear(stage: Path, wrong: Collection[str], there: Tree) -> None:
    """Take the paths `wrong` of the tree `there` out of `stage`; what stands in a folder that goes is wrong too."""
    folders = [path for path in wrong if stat.S_ISDIR(there[path].st_mode)]
    each(lambda path: (stage / path).unlink(), set(wrong) - set(folders))
    for level in reversed(by_depth(folders)):
        each(lambda path: (stage / path).rmdir(), level)


def _same_again(path: Path, target: Path, info: os.stat_result) -> None:
    """What stands at `path` also at `target`: a symbolic link anew, anything else as a hard link, or else as a copy."""
    try:
        if stat.S_ISLNK(info.st_mode):
            target.symlink_to(path.readlink())
        else:
            target.hardlink_to(path)
    except FileNotFoundError:
        return  # a person has just taken it away
    except OSError:
        if not stat.S_ISREG(info.st_mode):
            raise
        shutil.copy2(path, target)  # a disk without hard links
        sync([target])


def _like(path: Path, info: os.stat_result) -> None:
    """Give `path` the owner and permissions that `info` shows, as far as we may."""
    with suppress(OSError, AttributeError):
        os.chown(path, info.st_uid, info.st_gid)
    with suppress(OSError):
        path.chmod(stat.S_IMODE(info.st_mode))


def prune(gone: Iterable[str], folder: Path) -> None:
    """Remove the folders that taking out the files `gone` has emptied."""
    for level in reversed(by_depth({above for path in gone for above in folders_of(path)})):
        each(lambda path: _rmdir(folder / path), level)


def _rmdir(folder: Path) -> None:
    with suppress(OSError):  # not empty, or gone already
        folder.rmdir()

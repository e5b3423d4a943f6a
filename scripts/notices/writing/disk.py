"""What a file system does in one step and keeps over a power cut: writing a file, exchanging two folders."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

#: Threads that wait for the disk: it does many things together almost as fast as one, most of all on a busy machine.
_THREADS = 8
_MANY = 500  # files from which one wait for the whole disk is quicker than one for each
T = TypeVar("T")
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def tree(folder: Path) -> dict[str, os.stat_result]:
    """Everything below `folder`, by relative path with forward slashes, a folder before what it holds; links unfollowed.

    Empty where there is no folder.  What vanishes while we look is left out.
    """
    found: dict[str, os.stat_result] = {}
    waiting = [""]
    while waiting:
        before = waiting.pop()
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(f"{folder}/{before}") as entries:
            for one in entries:
                with suppress(FileNotFoundError):
                    path = before + one.name
                    found[path] = one.stat(follow_symlinks=False)
                    if stat.S_ISDIR(found[path].st_mode):
                        waiting.append(f"{path}/")
    return found


def names_below(folder: Path, end: str = "") -> Iterator[str]:
    """What stands below `folder` and is called so at the end, by relative path with forward slashes, in no order.

    Ordinary folders only where `end` is given; folders behind links are not entered, nor those that may not be read.
    """
    top = str(folder)
    for here, folders, files in os.walk(top):
        before = here[len(top) :].replace(os.sep, "/").lstrip("/")
        named = folders if end else [name for name in folders if Path(here, name).is_symlink()]
        yield from (f"{before}/{name}" if before else name for name in (*named, *files) if name.endswith(end))


def write_new(files: Mapping[Path, bytes | Path]) -> None:
    """Write files that do not exist yet, and wait until the disk has them.  Raises OSError.

    A content that is a path is what the file there holds; it is linked, so that nothing is written twice.
    """
    each(_write_one, files.items())
    if len(files) > _MANY and sys.platform == "linux":
        os.sync()  # waits (sync(2)), once instead of thousands of times
    else:
        sync(files)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the with block is done (it is short, and its threads must not outlive it); then KeyboardInterrupt.

    Without effect in any thread but the main one, which alone is interrupted.
    """
    pressed: list[int] = []
    try:
        before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            raise KeyboardInterrupt


def each(work: Callable[[T], object], items: Iterable[T]) -> None:
    """Do `work` on every item, several at a time, in no order.  Raises what it raises."""
    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(work, items):
            pass


def by_depth(folders: Iterable[str]) -> list[list[str]]:
    """Relative paths sorted into levels: those directly below the root first."""
    levels: dict[int, list[str]] = {}
    for path in folders:
        levels.setdefault(path.count("/"), []).append(path)
    return [levels[depth] for depth in sorted(levels)]


def delete(folder: Path) -> None:
    """Delete a tree, folders without permission to write included; nothing where there is none.  Raises OSError."""
    there = tree(folder)
    folders = [path for path, info in there.items() if stat.S_ISDIR(info.st_mode)]
    for path in folders:
        if there[path].st_mode & stat.S_IRWXU != stat.S_IRWXU:
            (folder / path).chmod(stat.S_IRWXU)
    each(lambda path: (folder / path).unlink(), there.keys() - folders)
    for level in reversed(by_depth(folders)):
        each(lambda path: (folder / path).rmdir(), level)
    if folder.exists():
        folder.rmdir()


def _write_one(file: tuple[Path, bytes | Path]) -> None:
    path, content = file
    if isinstance(content, Path):
        with suppress(OSError):  # another disk, or one without hard links: then it is copied
            path.hardlink_to(content)
            return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as stream:
        stream.write(read(content))


def read(content: bytes | Path) -> bytes:
    """The bytes of a content."""
    return content.read_bytes() if isinstance(content, Path) else content


def write_over(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write one file, new or not, so that it is always whole: temporary file, fsync, rename, fsync.  Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync([path.parent])


#: How the names of files begin that `write_over` has not finished.
TEMPORARY = ".writing-"


def sync(paths: Iterable[Path]) -> None:
    """Wait until the disk has these files and folders (of folders: the names in them).  Raises OSError."""
    each(_sync_one, paths)


def _sync_one(path: Path) -> None:
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):  # some network folders cannot be waited for
            raise
    finally:
        os.close(handle)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one disk change their names in one step; False where the system cannot do that.

    Linux: renameat2(2) with RENAME_EXCHANGE; macOS: renamex_np(2) with RENAME_SWAP.  Raises OSError where it can but
    these two may not be: another disk (EXDEV), a mount point (EBUSY), no permission.
    """
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, ctypes.c_uint(_RENAME_EXCHANGE))
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(first, second, ctypes.c_uint(_RENAME_SWAP))
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))

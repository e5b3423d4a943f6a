"""One conversion at a time: a lock that the operating system holds, and gives up by itself when a process dies."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ..errors import Refused

NAME = "lock"
#: Windows locks bytes, and nobody may read a locked one: far behind the text that says who holds the lock.
_FAR = 1 << 30


class LockedError(Refused):
    """Another process holds the lock; the text says which and since when."""


@contextmanager
def locked(work: Path) -> Iterator[None]:
    """Hold the lock of the folder `work` (made where it is missing) for the time of the with block.

    The file `work`/lock says who holds it: pid, host, start (local time, ISO 8601) and command, as JSON.  It stays when
    the lock is given up; only the lock of the operating system counts, so what a killed process left never blocks, and
    worker processes (which do not inherit it) cannot keep it alive.
    Raises LockedError where another process holds it, Refused where the folder cannot be written.
    """
    path = work / NAME
    try:
        work.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        raise Refused(
            f"不能在 {work} 里写文件（{error.strerror}），什么也没有做。请检查这个文件夹的权限和磁盘，再运行。"
        ) from error
    try:
        try:
            _take(handle)
        except (BlockingIOError, PermissionError) as error:
            raise LockedError(f"另一个转换正在运行（{_holder(path)}）。请等它结束再运行。") from error
        except OSError as error:
            raise Refused(
                f"文件夹 {work} 所在的磁盘不支持文件锁（{error.strerror}），什么也没有做。请把项目放到本机的磁盘上再运行。"
            ) from error
        _sign(handle)
        yield
    finally:
        os.close(handle)  # gives the lock up


def _sign(handle: int) -> None:
    """Write who we are into the lock file.  A full disk is no reason to stop here: the lock itself holds."""
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    about = {"pid": os.getpid(), "host": socket.gethostname(), "start": started, "command": sys.argv}
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.write(handle, (json.dumps(about, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def _holder(path: Path) -> str:
    """Who holds the lock, as far as its file tells."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        host = "" if about["host"] == socket.gethostname() else f"，在 {about['host']} 上"
        return f"进程号 {about['pid']}，始于 {str(about['start'])[:19].replace('T', ' ')}{host}"
    except (OSError, ValueError, KeyError, TypeError):
        return "进程号不明，始于何时不明"


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # lockf: a forked worker does not hold it too

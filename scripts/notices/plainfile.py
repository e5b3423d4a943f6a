"""Small files that people write, read only where they are plain files: no pipe is waited on, no link is followed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LARGEST = 1_000_000  # bytes; what people write by hand is a hundredth of it


class NotPlain(Exception):
    """What stands at a path is not opened; the message says why and what to do, in Chinese, to follow the file's name."""


def read_plain(path: Path, largest: int = LARGEST) -> str:
    """The text of the file at `path`, which is UTF-8 and at most `largest` bytes long.

    Raises NotPlain for a link, a pipe, a device, a folder, a file that is too large or may not be read;
    UnicodeDecodeError.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink():
            raise NotPlain("是指向别处的链接，没有打开。请换成文件本身。")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            known = os.fstat(stream.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise NotPlain("不是普通文件，没有打开。请移走它，或换成普通文件。")
            if known.st_size > largest:
                raise NotPlain(
                    f"有 {known.st_size / 1e6:.1f} MB，超过 {largest / 1e6:.0f} MB 的上限。请只留下要写的几行。"
                )
            return stream.read(largest + 1).decode("utf-8-sig")
    except OSError as error:
        what = "没有读取权限" if error.errno in (errno.EACCES, errno.EPERM) else "不是普通文件，或读不出来"
        raise NotPlain(f"打不开：{what}。请检查这个文件。") from error

"""How far a long build is: one line on a terminal that is wiped away again.

Our own forty lines rather than tqdm (MPL-2.0, 78 KB): its monitor is a thread, and workers are forked here (pool.py);
and it has no words for what comes after the files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from ..build import Watch

PATIENCE = 1.0  # seconds before the bar is shown
PAUSE = 0.2  # seconds between two pictures
BAR = 20  # characters
WIPE = "\r\x1b[K"


@contextmanager
def progress(stream: TextIO | None = None, clock: Callable[[], float] = monotonic) -> Iterator[Watch]:
    """A function of (done, of) that draws on `stream` (standard error), only where that is a terminal.

    When the with block is left, however it is left, the line is empty again.
    """
    out = stream or sys.stderr
    shows = out.isatty()
    begun = clock()
    drawn = begun - PAUSE
    dirty = False

    def watch(done: int, of: int) -> None:
        nonlocal drawn, dirty
        now = clock()
        if shows and (done == of or (now - begun >= PATIENCE and now - drawn >= PAUSE)):
            drawn, dirty = now, True
            out.write(WIPE + picture(done, of, now - begun))
            out.flush()

    try:
        yield watch
    finally:
        if dirty:
            out.write(WIPE)
            out.flush()


def picture(done: int, of: int, seconds: float) -> str:
    """The line: a bar, how many files of how many, and about how long the rest takes after `seconds`."""
    if done >= of:
        return f"{of} 个文件都读完了，正在对比各份通知，写网页……"
    filled = BAR * done // of
    left = f"，约还要 {seconds * (of - done) / done:.0f} 秒" if done else ""
    return f"正在转换 [{'#' * filled}{'.' * (BAR - filled)}] {done}/{of}{left}"

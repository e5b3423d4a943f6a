"""`python fuzz/shrink.py fuzz/found/NAME tests/fuzz/WHAT.bin`: the shortest input that fails as this one does.

Lines, then characters, then bytes are left out as long as the failure stays the same.  Keep the result in tests/fuzz/
under a name that says what went wrong.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from invariants import check  # noqa: E402  (found on the path set above)


def failure(data: bytes) -> tuple[str, ...]:
    """What went wrong and the functions it went through; () where nothing did."""
    try:
        check(data)
    except (Exception, RecursionError) as error:
        frames = traceback.extract_tb(error.__traceback__)
        return (type(error).__name__, str(error).split(":")[0][:40], *(frame.name for frame in frames[-3:]))
    return ()


def shrink(data: bytes, parts: Sequence[bytes], glue: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """`data`, which is `parts` joined with `glue`, without all the parts that the failure does not need."""
    kept, size = list(parts), max(len(parts) // 2, 1)
    while size:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if fails(glue.join(fewer)):
                kept = fewer
            else:
                at += size
        size //= 2
    made = glue.join(kept)
    return made if fails(made) else data


def main() -> int:
    """Shrink one file into another; 2 where it does not fail."""
    data = Path(sys.argv[1]).read_bytes()
    wanted = failure(data)
    if not wanted:
        print("这个输入没有违反任何一条。", file=sys.stderr)
        return 2
    for glue in (b"\n", b""):
        parts = data.split(b"\n") if glue else _characters(data)
        data = shrink(data, parts, glue, lambda made: failure(made) == wanted)
    Path(sys.argv[2]).write_bytes(data)
    print(f"{len(data)} 字节：{data!r}\n{wanted}")
    return 0


def _characters(data: bytes) -> list[bytes]:
    try:
        return [c.encode() for c in data.decode("utf-8")]
    except UnicodeDecodeError:
        return [data[i : i + 1] for i in range(len(data))]


if __name__ == "__main__":
    sys.exit(main())

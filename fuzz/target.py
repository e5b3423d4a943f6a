"""The fuzz target: every invariant of tests/invariants.py on inputs that coverage leads on.  Run by run.py.

    python fuzz/target.py FOUND [options of libFuzzer] CORPUS…

An input that breaks an invariant is written to FOUND, once for each way of breaking it, and the run goes on.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
import traceback
import zlib
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

with atheris.instrument_imports(include=["notices"]):
    from invariants import check

from genre import mutate  # noqa: E402  (found on the path set above, and not instrumented)

SLOW = 4.0  # seconds of processor time, Markdown left out: about two without the counting of branches
LARGE = 6_000  # bytes; of larger inputs the pages are not rendered
FEW = 4  # one input in so many is rendered and held against the schema, which takes most of the time
_seen: set[str] = set()


def one_input(data: bytes) -> None:
    """Check one input; what it breaks is kept."""
    started = time.process_time()
    thorough = len(data) <= LARGE and zlib.crc32(data) % FEW == 0
    try:
        check(data, thorough)
    except (Exception, RecursionError) as error:
        keep(data, _place(error), "".join(traceback.format_exception(error)))
        return
    taken = time.process_time() - started
    if not thorough and taken > SLOW:
        keep(data, "slow", f"{taken:.1f} s for {len(data)} bytes")


def _place(error: BaseException) -> str:
    """What tells one finding from another: the kind of error and the lines it went through in our code."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if "/notices/" in f.filename or "invariants" in f.filename
    ]
    where = "-".join(f"{Path(f.filename).stem}.{f.name}" for f in frames[-2:])
    return f"{type(error).__name__}-{where}"


def keep(data: bytes, what: str, told: str) -> None:
    """Write the first input of a finding, and afterwards every shorter one, with what was said."""
    folder = Path(sys.argv[1])
    name = "".join(c if c.isalnum() or c in "-._" else "_" for c in what)[:100]
    path = folder / name
    if what in _seen and path.is_file() and len(data) >= path.stat().st_size:
        return
    _seen.add(what)
    path.write_bytes(data)
    path.with_name(f"{name}.txt").write_text(f"{told}\nsha256 {hashlib.sha256(data).hexdigest()}\n", encoding="utf-8")


def custom_mutator(data: bytes, most: int, seed: int) -> bytes:
    """libFuzzer's mutator: see tests/genre.py."""
    return mutate(bytes(data), most, random.Random(seed), atheris.Mutate)


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one_input, custom_mutator=custom_mutator)
    atheris.Fuzz()

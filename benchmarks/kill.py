"""What is left when a build is killed: `kill -9` at random moments of `convert.py build`.

    python benchmarks/kill.py [--kills 50] [--notices 50] [--jobs 2] [--seed 1]

Two corpora of the same notices are built undisturbed: one as it was, one after an edit of every notice.  Then, again and
again, a build is killed on its way from the first to the second (every fifth time: from nothing to the second), half of
the times at any moment, half of them near the end, where it writes.  Looked at: whether docs/ is exactly the old or
exactly the new one, whether registry/ can be read, whether a process is left over, and whether the next build gives
byte for byte what the undisturbed one gave.  Exit status 1 where any of this fails.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import notices

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("docs", "registry")
NEAR_THE_END = 0.3  # of a build's time
PATIENCE = 5.0  # seconds in which what a killed build started has to end


def command(place: Path, jobs: int) -> list[str]:
    """The build of the folders in `place`."""
    folders = [f"--{name}={place / name}" for name in ("raw", *KEPT)]
    return [sys.executable, str(ROOT / "scripts" / "convert.py"), "build", f"--jobs={jobs}", *folders]


def build(place: Path, jobs: int) -> float:
    """Build undisturbed; seconds it took.  Ends the measurement where the build fails."""
    since = time.perf_counter()
    done = subprocess.run(command(place, jobs), capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode not in (0, 1):
        sys.exit(f"the build fails:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - since


def killed(place: Path, jobs: int, after: float) -> bool:
    """Start a build and kill it after so many seconds; False where it had ended by then."""
    process = subprocess.Popen(command(place, jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.kill()
    return process.wait() < 0


def files(folder: Path) -> dict[str, bytes]:
    """Everything below `folder`, by path; {} where there is none."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def left_over(place: Path) -> list[str]:
    """The processes that still work on `place` when they have had time to end."""
    until = time.monotonic() + PATIENCE
    while (found := _processes(place)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _processes(place: Path) -> list[str]:
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if os.fsencode(place) in line.read_bytes() and line.parent.name != str(os.getpid()):
                found.append(line.parent.name)
        except OSError:
            continue  # it has just ended
    return found


def prepare(folder: Path, count: int, jobs: int) -> float:
    """Build undisturbed below `folder`: old, new (from old), and first (the same as new, from nothing); seconds of new."""
    old, new, first = folder / "old", folder / "new", folder / "first"
    (old / "raw").mkdir(parents=True)
    made = list(islice(notices(), count))
    for one in made:
        (old / "raw" / one.name).write_bytes(one.data)
    build(old, jobs)
    shutil.copytree(old, new, symlinks=True)
    for one in made:
        edited = one._replace(text=one.text.replace("。", "，并定期通报。", 3))
        (new / "raw" / one.name).write_bytes(edited.data)
    shutil.copytree(new / "raw", first / "raw")
    build(first, jobs)
    return build(new, jobs)


def restore(place: Path, folder: Path, fresh: bool) -> None:
    """`place` as before a build: the old state with the new originals; with `fresh` the originals alone."""
    shutil.rmtree(place, ignore_errors=True)
    if fresh:
        shutil.copytree(folder / "new" / "raw", place / "raw")
        return
    shutil.copytree(folder / "old", place, symlinks=True)
    shutil.rmtree(place / "raw")
    shutil.copytree(folder / "new" / "raw", place / "raw")


def main() -> None:
    """Kill, look, build again; print one line of results and what went wrong."""
    parser = argparse.ArgumentParser(description="Kill builds at random moments and look at what is left.")
    parser.add_argument("--kills", type=int, default=50, help="how many builds are killed (default: 50)")
    parser.add_argument("--notices", type=int, default=50, help="notices of the corpus (default: 50)")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes of a build (default: 2)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    count, faults = dict.fromkeys(("old", "new", "neither", "late"), 0), []
    with TemporaryDirectory() as folder:
        place = Path(folder) / "place"
        seconds = prepare(Path(folder), options.notices, options.jobs)
        for number in range(options.kills):
            fresh = number % 5 == 4
            restore(place, Path(folder), fresh)
            before, after = files(place / "docs"), Path(folder) / ("first" if fresh else "new")
            moment = draw.uniform(seconds * (1 - NEAR_THE_END) if number % 2 else 0, seconds)
            count["late"] += not killed(place, options.jobs, moment)
            found = [f"processes left over: {left}"] if (left := left_over(place)) else []
            docs = files(place / "docs")
            state = "old" if docs == before else "new" if docs == files(after / "docs") else "neither"
            count[state] += 1
            found += ["docs/ is neither old nor new"] if state == "neither" else []
            build(place, options.jobs)
            differ = [name for name in KEPT if files(place / name) != files(after / name)]
            found += [f"the next build gives another {name}/" for name in differ]
            beside = {one.name for one in place.iterdir()} - {one.name for one in after.iterdir()}
            found += [f"left beside docs/: {sorted(beside)}"] if beside else []
            faults += [f"kill {number + 1} after {moment:.2f} s: {fault}" for fault in found]
    print(
        f"{options.kills} builds of {options.notices} notices ({seconds:.1f} s undisturbed, {options.jobs} jobs) killed: "
        f"docs/ old {count['old']}, new {count['new']}, neither {count['neither']}; "
        f"{count['late']} had ended before; faults {len(faults)}"
    )
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()

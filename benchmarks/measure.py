"""Running a command and seeing what it costs: time, processor, memory of the whole family of processes.

In: a command.  Out: a `Run`.  Memory is read from /proc while the command runs, several times a second: the sum of the
proportional set sizes (PSS: shared pages count once, in parts) over the process and all that descend from it, and the
resident size of the largest of them.  Linux only.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

PAUSE = 0.2  # seconds between two looks at the memory
PACKAGES = ("mkdocs", "mkdocs-material", "pagefind", "beautifulsoup4", "lxml", "numpy", "trafilatura", "jieba")
TIMINGS = "YAODIAN_TIMINGS"  # names the file into which convert.py writes the seconds of its stages


class Run(NamedTuple):
    """One command: seconds by the clock and of the processors, megabytes, exit status, what it said, its stages."""

    seconds: float
    processor: float
    tree_mb: float
    largest_mb: float
    status: int
    said: str
    stages: dict[str, float]

    @property
    def record(self) -> dict[str, Any]:
        """The figures, for a file of results."""
        return {
            "seconds": round(self.seconds, 2),
            "processor": round(self.processor, 2),
            "tree_mb": round(self.tree_mb, 1),
            "largest_mb": round(self.largest_mb, 1),
            **({"stages": self.stages} if self.stages else {}),
        }


def measured(
    command: Sequence[str], allowed: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Run:
    """Run a command to its end.  Raises SystemExit, with what it said last, where its status is not allowed."""
    with TemporaryDirectory() as folder:
        timings = Path(folder) / "timings.json"
        own = {**os.environ, "SOURCE_DATE_EPOCH": "0", TIMINGS: str(timings), **(environment or {})}
        with (Path(folder) / "said").open("w+", encoding="utf-8", errors="replace") as said:
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
            process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=own)
            watch = _Watch(process.pid)
            watch.start()
            status = process.wait()
            seconds = perf_counter() - start
            watch.end()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            said.seek(0)
            text = said.read()
        if status not in allowed:
            sys.exit(f"{' '.join(command)} 失败（{status}）：\n{text[-3000:]}")
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(seconds, processor, watch.tree, watch.largest, status, text, stages_of(timings))


def stages_of(file: Path) -> dict[str, float]:
    """Seconds by stage as the command wrote them; {} where it wrote none."""
    if not file.exists():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    return {name: round(float(value), 3) for name, value in found.items() if isinstance(value, int | float)}


class _Watch(threading.Thread):
    """Looks at a process and its descendants until it is told to end; keeps the peaks, in megabytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.tree, self.largest = root, 0.0, 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Look, wait, look again."""
        while True:
            sizes = [memory_of(one) for one in family(self.root)]
            self.tree = max(self.tree, sum(pss for pss, _ in sizes))
            self.largest = max([self.largest, *(peak for _, peak in sizes)])
            if self._ended.wait(PAUSE):
                return

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def family(root: int) -> list[int]:
    """A process and all that descend from it and still run."""
    found, queue = [], [root]
    while queue:
        one = queue.pop()
        found.append(one)
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                queue += map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue  # it has just ended
    return found


def memory_of(process: int) -> tuple[float, float]:
    """Proportional set size now, and the peak of the resident size, in megabytes; zeros where it has ended."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0, 0.0
    return _kilobytes(rollup, "Pss:") / 1024, _kilobytes(status, "VmHWM:") / 1024


def _kilobytes(text: str, label: str) -> float:
    return next((float(line.split()[1]) for line in text.splitlines() if line.startswith(label)), 0.0)


def machine() -> dict[str, Any]:
    """What the figures hang on: processors, memory, system, versions, day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": versions,
        "date": date.today().isoformat(),
    }


def save(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of one table, with the machine, as `name`.json."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "rows": list(rows)}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path, name: str) -> dict[str, Any]:
    """The table as it was saved; {} where it was not."""
    file = folder / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

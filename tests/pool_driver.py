"""A batch with files that misbehave: run as a process of its own by test_pool.py, so that it can be killed.

`python pool_driver.py RAW RULES JOBS START` converts every file of RAW; what a file does is the word it holds.  A line of
JSON is printed for the process of each worker that begins a file, and for each outcome.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from notices.pipeline import Outcome
from notices.rules import Rules
from notices.running.pool import convert_all
from notices.running.worker import Bounds


def misbehave(name: str, raw: Path, _: Rules) -> Outcome:
    """Do what the file says; each word is something that a conversion can really do."""
    word = (raw / name).read_text("utf-8")
    say({"begins": name, "pid": os.getpid()})
    match word:
        case "sleep":
            time.sleep(1000)
        case "regex":  # holds the interpreter: no thread of the worker can run
            re.match(r"(a+)+b", "a" * 60)
        case "children":
            for own_session in (False, True):
                child = subprocess.Popen(["sleep", "1000"], start_new_session=own_session)
                say({"child": child.pid})
            time.sleep(1000)
        case "memory":
            bytearray(1 << 30)
        case "memory by and by":
            kept = [bytes(1 << 20) for _ in range(2000)]
            return Outcome(name, f"kept {len(kept)}")
        case "much, but not too much":
            return Outcome(name, "published", str(len(bytearray(300 << 20))))
        case "segfault":
            ctypes.string_at(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "leave":
            sys.exit("left")
        case "deep":
            deeper()
        case "raise":
            raise ValueError("so")
        case "close":
            os.closerange(3, 100)
    return Outcome(name, "published", word)


def deeper() -> None:
    deeper()


def short(path: Path) -> Bounds:
    """A second instead of ten for what never ends, so that the tests are quick; more for the rest, however busy we are."""
    never_ends = path.read_text("utf-8") in ("sleep", "regex", "children") and not path.name.startswith("long")
    return Bounds(1 if never_ends else 100, 500)


def say(data: dict[str, object]) -> None:
    os.write(1, (json.dumps(data) + "\n").encode())


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores Ctrl-C
    raw, rules, jobs, start = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    names = sorted(path.name for path in raw.iterdir())
    try:
        for name, outcome in convert_all(names, raw, rules, jobs, task=misbehave, bounds=short, start=start):
            say({"file": name, "status": outcome.status, "reason": outcome.reason})
    except KeyboardInterrupt:
        say({"interrupted": True})
        sys.exit(130)


if __name__ == "__main__":
    main()

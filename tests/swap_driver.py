"""Replacing folders in processes of their own, so that test_running.py can stop them anywhere.

`python swap_driver.py replace FOLDER COUNT`    say "ready", put version 2 of COUNT files in the place of version 1
`python swap_driver.py steps PARENT WAY`        die by SIGKILL at the 1st, 2nd, 3rd … step on the disk, and look each time
`python swap_driver.py attempt FOLDER COUNT`    replace a folder of 8 files, and say what went wrong and what is there then
`python swap_driver.py attempt-again FOLDER COUNT`    the same with a folder that is there already
A WAY of "rename" stands for a system that cannot exchange two folders in one step, "spare" for a change that begins with
the spare tree which the one before left, "broken spare" with one that somebody has been in.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from notices.errors import Refused
from notices.writing import swap
from notices.writing.disk import tree

BY_HAND = {"about.md": b"by hand\n", "notices/pictures/map.svg": b"<svg/>"}


def version(number: int, count: int) -> dict[str, bytes]:
    """Generated files: a third differs between versions 1 and 2, some are only in 1 (a whole folder), some only in 2."""
    files = {f"notices/n{i // 4}/p{i}.md": f"{i} {number if i % 3 == 0 else ''}\n".encode() * 400 for i in range(count)}
    only = {f"topics/{number}/t{i}.md": f"{number} {i}\n".encode() for i in range(2)}
    return {**files, **only, "index.md": f"version {number}\n".encode()}


def begin(folder: Path, count: int) -> None:
    """`folder` as version 1 with hand-written pages, a link and a file that is no ordinary one."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in {**version(1, count), **BY_HAND}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "link.md").symlink_to("about.md")
    (folder / "about.md").chmod(0o640)
    os.utime(folder / "about.md", ns=(10**18, 10**18))


def replace(folder: Path, count: int, spare: Path | None = None) -> str:
    new, old = version(2, count), version(1, count)
    return swap.replace_tree(new, set(old) - set(new), folder, spare)


def begin_again(folder: Path, count: int, spare: Path) -> None:
    """`folder` as `begin` leaves it, with the spare tree of a change there and back."""
    begin(folder, count)
    replace(folder, count, spare)
    new, old = version(2, count), version(1, count)
    swap.replace_tree(old, set(new) - set(old), folder, spare)
    assert state(folder, count) == "old"


def disturb(spare: Path) -> None:
    """Leave nothing of a spare tree as it was."""
    (spare / "about.md").unlink()
    (spare / "index.md").write_bytes(b"another")
    shutil.rmtree(spare / "notices" / "pictures")
    (spare / "notices" / "pictures").write_bytes(b"a file where a folder belongs")
    (spare / "link.md").unlink()
    (spare / "link.md").mkdir()
    (spare / "link.md" / "stranger.md").symlink_to("/")
    (spare / "topics" / "stranger").mkdir(parents=True, exist_ok=True)
    (spare / "notices").chmod(0o700)


def state(folder: Path, count: int) -> str:
    """ "old", "new", "missing", or what is wrong with the folder."""
    if not folder.exists():
        return "missing"
    there = {path for path, info in tree(folder).items() if not (folder / path).is_dir()} - {"link.md"}
    if (folder / "link.md").readlink() != Path("about.md"):
        return "link.md"
    for name, number in (("old", 1), ("new", 2)):
        files = {**version(number, count), **BY_HAND}
        if there == set(files) and all((folder / path).read_bytes() == files[path] for path in files):
            about = (folder / "about.md").stat()
            emptied = (folder / f"topics/{3 - number}").exists()
            return "touched" if (about.st_mode & 0o777, about.st_mtime_ns) != (0o640, 10**18) or emptied else name
    return "mixed"


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def steps(parent: Path, way: str) -> None:
    """One line of JSON a step: how the folder is after the kill, and after the next run."""
    if way == "rename":
        swap.exchange = lambda one, other: False  # type: ignore[attr-defined]
    folder, count, at, died = parent / "place" / "docs", 6, 0, True
    spare = parent / "spare" if way.endswith("spare") else None
    while died:
        at += 1
        if spare:
            begin_again(folder, count, spare)
        else:
            begin(folder, count)
        if way == "broken spare":
            disturb(parent / "spare")
        child = os.fork()
        if child == 0:
            die_at(at, folder)
            replace(folder, count, spare)
            os._exit(0)
        died = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        killed = state(folder, count)
        said = swap.recover(folder)
        recovered = state(folder, count)
        left = beside(folder)
        replace(folder, count, spare)
        again = state(folder, count)
        say({"killed": killed, "said": said, "recovered": recovered, "left": left, "again": again})


def die_at(count: int, folder: Path) -> None:
    """Let this process die just before its `count`-th step that touches the disk near `folder`."""
    seen = 0

    def look(event: str, _: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(("os.", "shutil.", "ctypes.")) or event in ("open", "tempfile.mkstemp"):
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def attempt(folder: Path, count: int) -> None:
    try:
        said, wrong = replace(folder, count), ""
    except OSError as error:
        said, wrong = "", errno.errorcode[error.errno or 0]
    except Refused as error:
        said, wrong = "", str(error)
    say({"wrong": wrong, "said": said, "state": state(folder, 8 if wrong else count), "left": beside(folder)})


def say(data: object) -> None:
    os.write(1, (json.dumps(data, ensure_ascii=False) + "\n").encode())


if __name__ == "__main__":
    command, place, more = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if command == "steps":
        steps(place, more)
    elif command in ("attempt", "attempt-again"):
        if command == "attempt":
            begin(place, 8)
        attempt(place, int(more))
    else:
        say("ready")
        try:
            replace(place, int(more))
        except KeyboardInterrupt:
            sys.exit(130)

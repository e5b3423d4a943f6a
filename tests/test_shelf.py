"""What a build keeps on the disk instead of in memory: blobs, files not yet published, results taken as they come."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from notices.errors import Refused, Unreadable
from notices.model import Output
from notices.running.cache import Cache
from notices.running.inputs import Digests
from notices.running.outputs import Known
from notices.running.parallel import shared, streamed
from notices.running.shelf import Shelf, pack, unpack
from notices.writing.files import Seen, hand_edited, note, write
from notices.writing.spill import Spill
from notices.writing.swap import replace_tree
from support import ROOT
from test_cli import PLAN, Place


def test_what_a_build_put_on_the_shelf_the_next_one_finds(tmp_path: Path) -> None:
    shelf = Shelf(Cache(tmp_path))
    shelf.put("notice", {"a": pack(("甲", 1)), "b": pack("乙")})
    again = Shelf(Cache(tmp_path))
    assert again.one("notice", "a") == ("甲", 1)
    assert again.has("notice", ["a", "b", "c"]) == {"a", "b"}
    assert [key for key, _ in again.some("notice", ["b", "c", "a"])] == ["b", "a"], "in the order asked for"


@pytest.mark.parametrize("with_cache", [True, False])
def test_a_dry_run_and_a_build_without_a_cache_leave_nothing(tmp_path: Path, with_cache: bool) -> None:
    Shelf(Cache(tmp_path)).put("notice", {"old": pack("before")})
    before = (tmp_path / "cache.sqlite").read_bytes()
    shelf = Shelf(Cache(tmp_path, readonly=True) if with_cache else None)
    shelf.put("notice", {"new": pack("now")})
    assert shelf.one("notice", "new") == "now"
    assert shelf.has("notice", ["old", "new"]) == ({"old", "new"} if with_cache else {"new"})
    shelf.close()
    assert (tmp_path / "cache.sqlite").read_bytes() == before


def test_what_is_no_longer_wanted_is_forgotten(tmp_path: Path) -> None:
    shelf = Shelf(Cache(tmp_path))
    shelf.put("notice", {"a": b"1", "b": b"2"})
    shelf.put("texts", {"a": b"3"})
    shelf.keep_only({"notice": ["b", "c"]})
    assert (shelf.has("notice", "abc"), shelf.has("texts", "abc")) == ({"b"}, {"a"})


@pytest.mark.parametrize("damage", ["missing", "cut", "no pickle"])
def test_what_a_build_needs_and_is_gone_or_damaged_is_never_left_out_in_silence(tmp_path: Path, damage: str) -> None:
    shelf = Shelf(Cache(tmp_path))
    shelf.put("texts", {key: pack(key) for key in "abc"})
    if damage == "missing":
        shelf.keep_only({"texts": "ac"})
    else:
        shelf.put("texts", {"b": pack("b")[:-3] if damage == "cut" else zlib.compress(b"nothing of ours")})
    with pytest.raises(Refused, match=r"坏了.*请删去这个文件"):
        list(shelf.every("texts", list("abc")))
    with pytest.raises(Refused, match="坏了"):
        shelf.one("texts", "b")
    assert [value for _, value in shelf.every("texts", ["c", "a"])] == ["c", "a"]


def test_what_cannot_be_kept_stops_the_build(tmp_path: Path) -> None:
    shelf = Shelf(Cache(tmp_path))
    shelf.put("texts", {"a": b"1"})
    with sqlite3.connect(tmp_path / "cache.sqlite") as base:
        base.execute("CREATE TRIGGER full BEFORE INSERT ON item BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    with pytest.raises(Refused, match=r"写不进去.*磁盘空间"):
        shelf.put_all([("b", {"texts": b"2"})])
    assert shelf.has("texts", "ab") == {"a"}


def test_a_damaged_cache_is_made_anew_or_named(tmp_path: Path) -> None:
    """Every blob of a kind cut short: a conversion is made again; what cannot be made again at that point stops."""
    place = Place(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    assert place.run("build").returncode == 0
    whole = {path: content for path, content in place.files().items() if path.startswith("docs/")}
    cut("prepared", place)
    shutil.rmtree(place.root / "docs")
    assert place.run("build").returncode == 0
    assert {path: content for path, content in place.files().items() if path.startswith("docs/")} == whole
    cut("notice", place)
    shutil.rmtree(place.root / "docs")
    done = place.run("build")
    assert done.returncode == 2
    assert "坏了，什么也没有发布。请删去这个文件" in done.stderr
    assert "Traceback" not in done.stderr
    (place.root / "build/cache.sqlite").unlink()
    assert place.run("build").returncode == 0
    assert {path: content for path, content in place.files().items() if path.startswith("docs/")} == whole


def cut(kind: str, place: Place) -> None:
    with sqlite3.connect(place.root / "build/cache.sqlite") as base:
        base.execute("UPDATE item SET value = substr(value, 1, length(value) / 2) WHERE kind = ?", (kind,))


@pytest.mark.parametrize("error", [Refused("因此没有做。"), OSError(28, "No space left"), Unreadable("a", "b")])
def test_what_a_forked_process_raises_is_raised_here(error: Exception) -> None:
    def fail(number: int) -> int:
        if number == 90:  # the other process's
            raise error
        return number

    words = "因此没有做" if isinstance(error, Refused) else "No space left" if isinstance(error, OSError) else "b"
    with pytest.raises(Exception, match=words):
        list(streamed(fail, range(100), jobs=2))
    with pytest.raises(Exception, match=words):
        shared(lambda some: list(map(fail, some)), range(100), jobs=2, least=10)


def test_forked_processes_read_while_this_one_writes(tmp_path: Path) -> None:
    shelf = Shelf(Cache(tmp_path))
    shelf.put("number", {str(n): pack(n) for n in range(400)})
    found = streamed(lambda n: (shelf.one("number", str(n)), os.getpid()), range(400), jobs=2)
    shelf.put_all((str(place), {"answer": pack(answer), "by": pack(pid)}) for place, (answer, pid) in found)
    assert [unpack(blob) for _, blob in shelf.some("answer", [str(n) for n in range(400)])] == list(range(400))
    workers = {unpack(blob) for _, blob in shelf.some("by", [str(n) for n in range(400)])}
    assert len(workers) == 2
    assert os.getpid() in workers, "this process has its share"


@pytest.mark.parametrize(("count", "jobs"), [(0, 2), (5, 2), (100, 1), (101, 2), (101, 3)])
def test_shared_work_is_all_work_once(count: int, jobs: int) -> None:
    assert sorted(streamed(lambda n: n * n, range(count), jobs)) == [(n, n * n) for n in range(count)]
    assert shared(lambda some: [n * n for n in some], range(count), jobs, least=10) == [n * n for n in range(count)]


def test_a_process_that_dies_is_no_silent_loss() -> None:
    with pytest.raises(RuntimeError, match="died"):
        list(streamed(lambda n: os._exit(1) if n == 90 else n, range(100), jobs=2))  # 90 is the other process's


def test_results_left_half_way_leave_no_process() -> None:
    results = streamed(lambda n: os.getpid(), range(100), jobs=2)
    worker = next(pid for _, pid in results if pid != os.getpid())
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_files_that_wait_on_the_disk_are_published_as_they_are(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "made")
    page = spill.put(Output("notices/a.md", "甲".encode()))
    table = spill.join("data/tasks.csv", (b"head\n", b"1\n", b"2\n"))
    assert (page.content, page.digest) == ("甲".encode(), Output("", "甲".encode()).digest)
    write([page, table], tmp_path / "docs")
    assert (tmp_path / "docs/notices/a.md").read_text("utf-8") == "甲"
    assert (tmp_path / "docs/data/tasks.csv").read_bytes() == b"head\n1\n2\n"
    assert write([page, table], tmp_path / "docs") == [], "nothing is written twice"


def test_what_was_published_does_not_change_with_what_is_made_next(tmp_path: Path) -> None:
    spill, docs = Spill(tmp_path / "made"), tmp_path / "docs"
    replace_tree({"a.md": spill.put(Output("a.md", b"one")).held}, (), docs)
    Spill(tmp_path / "made").put(Output("a.md", b"two"))
    assert (docs / "a.md").read_bytes() == b"one"


def test_an_original_is_read_again_when_anything_about_it_changes(tmp_path: Path) -> None:
    """Even an edit of the same length whose time somebody has set back."""
    file, old = tmp_path / "a.txt", (time.time_ns() - 10**12,) * 2
    file.write_bytes(b"one")
    os.utime(file, ns=old)
    fresh = Digests()
    first = fresh.of(str(file))
    assert not fresh.seen, "changed just now: another change might leave the same times"
    info = file.lstat()
    known = {str(file): (info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns, "remembered")}
    assert Digests(known).of(str(file)) == "remembered"
    file.write_bytes(b"two")
    os.utime(file, ns=old)
    assert Digests(known).of(str(file)) == hashlib.sha256(b"two").hexdigest() != first


def test_an_edit_is_seen_though_files_are_not_read_again(tmp_path: Path) -> None:
    manifest = Output("data/manifest.json", b"")
    page = Output("notices/a.md", b"text")
    listed = Output(manifest.path, f'{{"notices/a.md": "{page.digest}"}}'.encode())
    write([page, listed], tmp_path)
    seen: Seen = {}
    note([page], tmp_path, seen)
    assert hand_edited(tmp_path, seen=seen) == []
    (tmp_path / page.path).write_bytes(b"TEXT")
    assert hand_edited(tmp_path, seen=seen) == ["notices/a.md"]
    assert hand_edited(tmp_path, seen=seen) == ["notices/a.md"], "remembered as it is now"
    (tmp_path / page.path).write_bytes(b"text")
    assert hand_edited(tmp_path, seen=seen) == []


@pytest.mark.parametrize("module", ["annotate/terms.py", "running/cache.py", "emit/pages/units.py", "new.py"])
def test_a_change_anywhere_in_the_program_or_the_rules_makes_everything_anew(tmp_path: Path, module: str) -> None:
    shutil.copytree(ROOT / "scripts" / "notices", tmp_path / "notices", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "rules").mkdir()

    def fingerprint() -> str:
        code = (
            "from notices.running.cache import fingerprint; from pathlib import Path; print(fingerprint(Path('rules')))"
        )
        command = [sys.executable, "-B", "-c", code]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    before = fingerprint()
    with (tmp_path / "notices" / module).open("a", encoding="utf-8") as stream:
        stream.write("# another line\n")
    changed = fingerprint()
    (tmp_path / "rules" / "terms.toml").write_text("", encoding="utf-8")
    assert len({before, changed, fingerprint()}) == 3


def test_files_that_another_program_made_are_made_again(tmp_path: Path) -> None:
    with closing(Cache(tmp_path)) as cache:
        Known({"places": ("places.md",)}, "before").keep(cache)
        assert Known.read(cache, "before", ["places.md"], []).files == {"places": ("places.md",)}
        assert Known.read(cache, "after", ["places.md"], []).files == {}
        Known({}, "after").keep(cache)
        assert Known.read(cache, "before", ["places.md"], []).files == {}, "and they are not kept for ever"

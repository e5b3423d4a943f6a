"""Running safely: whatever interrupts a build, docs/ is wholly old or wholly new, and nobody's work is lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from notices import publish
from notices.errors import Refused
from notices.jsontext import to_json
from notices.model import Output
from notices.running.lock import LockedError, locked
from notices.store import RegistryError
from notices.writing import swap
from notices.writing.disk import exchange, tree
from notices.writing.files import MANIFEST, guard, hand_edited, in_the_way, manifest, write
from notices.writing.swap import PENDING, recover, replace_tree, staging, swap_in
from support import ROOT, SEEDS
from swap_driver import begin, begin_again, beside, replace, state, version
from test_cli import PLAN, Place

DRIVER = [sys.executable, str(ROOT / "tests" / "swap_driver.py")]
FILES = 200


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A process that is just about to replace the folder."""
    process = subprocess.Popen([*DRIVER, "replace", str(folder), str(FILES)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b'"ready"\n'
    return process


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where the system has one: a disk would make the many rounds slow, and changes nothing."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path_factory.mktemp("quick")) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def seconds(quick: Path) -> float:
    """How long replacing the folder takes when nothing disturbs it."""
    folder = quick / "docs"
    begin(folder, FILES)
    process = start(folder)
    since = time.perf_counter()
    process.communicate()
    assert state(folder, FILES) == "new"
    return time.perf_counter() - since


def test_killed_at_any_moment_the_folder_is_old_or_new_and_the_next_run_the_same(
    tmp_path: Path, seconds: float
) -> None:
    folder, killed = tmp_path / "docs", 0
    for _ in range(30):
        begin(folder, FILES)
        process = start(folder)
        time.sleep(random.uniform(0, seconds))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        assert state(folder, FILES) in ("old", "new")
        recover(folder)
        assert state(folder, FILES) in ("old", "new")
        assert beside(folder) == []
        replace(folder, FILES)
        assert state(folder, FILES) == "new"
    assert killed


def test_ctrl_c_at_any_moment_leaves_nothing_half_done(quick: Path, seconds: float) -> None:
    folder = quick / "docs"
    for _ in range(15):
        begin(folder, FILES)
        process = start(folder)
        time.sleep(random.uniform(0, seconds))
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode in (130, 0, -signal.SIGINT)  # the last: after our own handling
        assert state(folder, FILES) in ("old", "new")
        assert beside(folder) == []


@pytest.mark.parametrize("way", ["exchange", "rename", "spare", "broken spare"])
def test_killed_at_every_single_step_on_the_disk(quick: Path, way: str) -> None:
    done = subprocess.run([*DRIVER, "steps", str(quick), way], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 60
    allowed = {"old", "new", "missing"} if way == "rename" else {"old", "new"}  # missing between two renames
    assert {one["killed"] for one in found} == allowed
    assert all(one["recovered"] in ("old", "new") for one in found)
    assert all(one["left"] == [] for one in found)
    assert all(one["again"] == "new" for one in found)
    assert found[0]["said"] == ""
    assert all(one["said"].endswith("。") for one in found if one["said"])
    told = "".join(one["said"] for one in found)
    assert "原来的内容没有变" in told
    assert "内容是新的、完整的" in told


def test_the_next_change_begins_with_the_spare_tree(tmp_path: Path) -> None:
    """Only what the last change and this one touch is linked or written; everything else is there already."""
    folder, spare = tmp_path / "docs", tmp_path / "work" / "spare"
    begin_again(folder, FILES, spare)
    before, was, swapped = tree(spare), tree(folder), spare.stat().st_ino
    assert replace(folder, FILES, spare) == ""
    assert state(folder, FILES) == "new"
    assert folder.stat().st_ino == swapped
    after = tree(folder)
    same = [path for path, info in after.items() if path in before and before[path].st_ino == info.st_ino]
    assert len(same) > len(after) * 0.6
    assert {path: info.st_ino for path, info in tree(spare).items()} == {
        path: info.st_ino for path, info in was.items()
    }


def inside(script: str) -> dict[str, Any]:
    """What the driver says in a shell that may mount things for itself alone."""
    done = subprocess.run(["unshare", "-rm", "sh", "-euc", script], capture_output=True, check=False, encoding="utf-8")
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"this system lets nobody mount: {done.stderr}")
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    found = inside(f"mount -t tmpfs -o size=300k tmpfs {tmp_path}; {' '.join(DRIVER)} attempt {tmp_path}/docs 400")
    assert found == {"wrong": "ENOSPC", "said": "", "state": "old", "left": []}


def test_a_read_only_disk_is_said(tmp_path: Path) -> None:
    begin(tmp_path / "docs", 8)
    read_only = f"mount --bind {tmp_path} {tmp_path}; mount -o remount,ro,bind {tmp_path}"
    found = inside(f"{read_only}; {' '.join(DRIVER)} attempt-again {tmp_path}/docs 8")
    assert found == {"wrong": "EROFS", "said": "", "state": "old", "left": []}


def test_a_folder_that_is_a_mount_point_is_written_file_by_file(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    begin(tmp_path / "before", 8)
    docs.mkdir()
    mounted = f"mount --bind {tmp_path}/before {docs}"
    found = inside(f"{mounted}; {' '.join(DRIVER)} attempt-again {docs} 8")
    assert (found["wrong"], found["state"], found["left"]) == ("", "new", ["before"])
    assert "逐个文件写入" in found["said"]


def test_a_folder_whose_parent_is_read_only_is_written_file_by_file(tmp_path: Path) -> None:
    docs = tmp_path / "fixed/docs"
    begin(tmp_path / "before", 8)
    docs.mkdir(parents=True)
    fixed = f"mount --bind {docs.parent} {docs.parent}; mount -o remount,ro,bind {docs.parent}"
    found = inside(f"{fixed}; mount --bind {tmp_path}/before {docs}; {' '.join(DRIVER)} attempt-again {docs} 8")
    assert (found["wrong"], found["state"], found["left"]) == ("", "new", [])


def test_the_folder_is_exchanged_in_one_step_here(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert exchange(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "other").exists()


def test_what_does_not_change_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    begin(folder, 20)
    (folder / "index.md").chmod(0o600)
    before = tree(folder)
    replace(folder, 20)
    after = tree(folder)
    old, new = version(1, 20), version(2, 20)
    for path, info in after.items():
        stays = path not in new or old.get(path) == new[path]
        if stays and path != "link.md" and not (folder / path).is_dir():
            assert (info.st_ino, info.st_mtime_ns) == (before[path].st_ino, before[path].st_mtime_ns), path
    assert after["index.md"].st_mode == before["index.md"].st_mode, "a new version has the permissions of the old"
    assert after["notices/pictures"].st_mtime_ns == before["notices/pictures"].st_mtime_ns
    since = folder.stat()
    assert replace(folder, 20) == ""
    assert (folder.stat().st_ino, folder.stat().st_ctime_ns) == (since.st_ino, since.st_ctime_ns), "nothing is done"


def test_what_a_person_saves_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "docs"
    begin(folder, 20)

    def save_first(one: Path, other: Path) -> bool:
        (folder / "about.md.tmp").write_bytes(b"saved by an editor that renames")
        (folder / "about.md.tmp").replace(folder / "about.md")
        (folder / "notices/pictures/map.svg").write_bytes(b"saved in place")
        (folder / "fresh/page.md").parent.mkdir()
        (folder / "fresh/page.md").write_bytes(b"a new page")
        (folder / "index.md").write_bytes(b"even a generated page")
        (folder / "topics/1/t0.md").write_bytes(b"even one that goes")
        return exchange(one, other)

    monkeypatch.setattr(swap, "exchange", save_first)
    replace(folder, 20)
    assert (folder / "about.md").read_bytes() == b"saved by an editor that renames"
    assert (folder / "notices/pictures/map.svg").read_bytes() == b"saved in place"
    assert (folder / "fresh/page.md").read_bytes() == b"a new page"
    assert (folder / "index.md").read_bytes() == b"even a generated page"
    assert (folder / "topics/1/t0.md").read_bytes() == b"even one that goes"
    assert (folder / "notices/n0/p0.md").read_bytes() == version(2, 20)["notices/n0/p0.md"]
    assert beside(folder) == []


def test_a_folder_that_is_a_link_is_exchanged_where_it_really_is(tmp_path: Path) -> None:
    begin(tmp_path / "elsewhere/docs", 8)
    (tmp_path / "docs").symlink_to(tmp_path / "elsewhere/docs")
    replace(tmp_path / "docs", 8)
    assert (tmp_path / "docs").is_symlink()
    assert state(tmp_path / "elsewhere/docs", 8) == "new"


@pytest.mark.parametrize(
    "path", ["../out.md", "/tmp/out.md", "a/../../out.md", ".", "", "a//b.md", "a\\b.md", "./a.md"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    begin(tmp_path / "docs", 4)
    for new, old in (({path: b"x"}, ()), ({}, (path,))):
        with pytest.raises(Refused, match="不在 docs/ 之内"):
            replace_tree(new, old, tmp_path / "docs")
    assert state(tmp_path / "docs", 4) == "old"
    assert beside(tmp_path / "docs") == []


def test_nothing_is_written_through_a_link_or_over_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    begin(folder, 4)
    (tmp_path / "precious").mkdir()
    (folder / "data").symlink_to(tmp_path / "precious")
    for path, reason in (
        ("data/a.json", "符号链接"),
        ("about.md/a.md", "却有同名的文件，"),
        ("notices/pictures", "同名的文件夹"),
    ):
        with pytest.raises(Refused, match=reason):
            replace_tree({path: b"x"}, (), folder)
    replace_tree({"link.md": b"a page of its own"}, (), folder)
    assert (folder / "about.md").read_bytes() == b"by hand\n", "the link is replaced, not followed"
    assert list((tmp_path / "precious").iterdir()) == []


def test_a_tree_left_aside_that_may_hold_somebodys_work_is_never_deleted(tmp_path: Path) -> None:
    begin(tmp_path / "docs", 4)
    (tmp_path / "docs").rename(tmp_path / ".docs.old")
    (tmp_path / "docs").mkdir()
    with pytest.raises(Refused, match="请核对"):
        recover(tmp_path / "docs")
    assert state(tmp_path / ".docs.old", 4) == "old"


# the built site


def test_a_site_takes_the_place_of_another_and_keeps_what_is_hidden(tmp_path: Path) -> None:
    target = tmp_path / "site"
    for folder, text in ((target, "old"), (staging(target), "new")):
        folder.mkdir()
        (folder / f"{text}.html").write_text(text, encoding="utf-8")
    (target / ".git").mkdir()
    (target / ".git/config").write_text("a branch that is published", encoding="utf-8")
    assert swap_in(staging(target), target) == ""
    assert sorted(tree(target)) == [".git", ".git/config", "new.html"]
    assert beside(target) == []


def test_a_site_is_put_where_there_was_none(tmp_path: Path) -> None:
    target = tmp_path / "deep/site"
    staging(target).mkdir(parents=True)
    (staging(target) / "index.html").write_text("new", encoding="utf-8")
    swap_in(staging(target), target)
    assert sorted(tree(target)) == ["index.html"]


FAULTY = {
    "[nowhere](nowhere.md)": "网站没有生成：生成器在“全部页面”这一批",
    "<img src=x onerror=alert(1)>": "检查没有通过，没有换上",
}


@pytest.mark.parametrize("text", FAULTY)
def test_a_site_that_fails_leaves_the_old_one(tmp_path: Path, text: str) -> None:
    docs, out = tmp_path / "docs", tmp_path / "site"
    shutil.copytree(ROOT / "docs", docs)
    with (docs / "about.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{text}\n")
    out.mkdir()
    (out / "index.html").write_text("the old site", encoding="utf-8")
    with pytest.raises(Refused, match=FAULTY[text]):
        publish.make(ROOT, docs, ROOT / "registry", out, publish.Settings("名称", ""))
    assert sorted(tree(out)) == ["index.html"]
    assert (out / "index.html").read_text("utf-8") == "the old site"


def test_a_folder_that_is_no_site_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/letter.txt").touch()
    with pytest.raises(Refused, match="不像是生成的网站"):
        publish.make(ROOT, tmp_path, tmp_path, tmp_path / "documents", publish.Settings("名称", ""))
    assert sorted(tree(tmp_path)) == ["documents", "documents/letter.txt"]


# the lock

HOLD = (
    f"import sys, time; sys.path.insert(0, {str(ROOT / 'scripts')!r})\n"
    "from pathlib import Path\nimport os\nfrom notices.running.lock import locked\n"
    "with locked(Path(sys.argv[1])):\n"
    "    child = os.fork() if sys.argv[2:] else -1\n"
    "    if not child: time.sleep(1000)\n"
    "    print(child, flush=True)\n"
    "    print('held', flush=True)\n    time.sleep(1000)\n"
)


def holder(work: Path, *more: str) -> tuple[subprocess.Popen[str], list[str]]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(work), *more], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = []
    while "held" not in said:
        line = process.stdout.readline()
        assert line, "the holder has died"
        said.append(line.strip())
    return process, said


def test_a_second_conversion_is_told_who_is_at_work(tmp_path: Path) -> None:
    process, _ = holder(tmp_path / "work")
    try:
        with pytest.raises(LockedError) as raised, locked(tmp_path / "work"):
            pass
    finally:
        process.kill()
        process.communicate()
    assert re.fullmatch(
        rf"另一个转换正在运行（进程号 {process.pid}，始于 \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d）。请等它结束再运行。",
        str(raised.value),
    )
    with locked(tmp_path / "work"):
        about = json.loads((tmp_path / "work/lock").read_text("utf-8"))
    assert about["pid"] == os.getpid(), "the lock of a killed process is free"
    assert set(about) == {"pid", "host", "start", "command"}


def test_a_worker_that_outlives_a_killed_conversion_does_not_hold_its_lock(tmp_path: Path) -> None:
    process, said = holder(tmp_path / "work", "with a child")
    child = int(next(one for one in said if one.isdigit()))
    try:
        process.kill()
        process.wait()
        os.kill(child, 0)
        with locked(tmp_path / "work"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        process.communicate()


def test_a_lock_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match=r"不能在 .* 里写文件"), locked(tmp_path / "file" / "work"):
        pass


# what people wrote in docs/


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A built docs/ with two generated files and a hand-written one."""
    write(made("one"), tmp_path / "docs")
    (tmp_path / "docs/about.md").write_text("by hand", encoding="utf-8")
    return tmp_path / "docs"


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in tree(folder) if (folder / path).is_file()}


def made(text: str, path: str = "notices/zhejiang-2020.md") -> list[Output]:
    files = {path: text.encode(), "index.md": b"index"}
    told = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return [*(Output(*file) for file in files.items()), Output(MANIFEST, to_json(told))]


def coming(outputs: list[Output]) -> dict[str, bytes]:
    return {output.path: output.content for output in outputs}


def test_a_generated_file_edited_by_hand_stops_the_build_before_it_writes(docs: Path, tmp_path: Path) -> None:
    assert hand_edited(docs) == []
    page = docs / "notices/zhejiang-2020.md"
    page.write_text("an edit", encoding="utf-8")
    assert hand_edited(docs) == ["notices/zhejiang-2020.md"]
    with pytest.raises(Refused) as raised:
        guard(coming(made("two")), docs, tmp_path / "work")
    for part in (
        "docs/notices/zhejiang-2020.md 由程序生成，却被手工改过",
        "overrides/zhejiang-2020.toml",
        "--overwrite",
    ):
        assert part in str(raised.value)
    assert page.read_text("utf-8") == "an edit"
    said = guard(coming(made("two")), docs, tmp_path / "work", overwrite=True)
    kept = list((tmp_path / "work/edited").rglob("*.md"))
    assert [path.read_text("utf-8") for path in kept] == ["an edit"]
    assert str(tmp_path / "work/edited") in said
    write(made("two"), docs)
    assert hand_edited(docs) == []
    assert (docs / "about.md").read_text("utf-8") == "by hand"


def test_what_is_no_edit(docs: Path) -> None:
    (docs / "index.md").unlink()
    (docs / "notices/zhejiang-2020.md").write_bytes(b"two")
    assert hand_edited(docs, coming(made("two"))) == [], "missing: made again; and already as this build would write it"
    (docs / PENDING).write_bytes(to_json({"notices/zhejiang-2020.md": hashlib.sha256(b"two").hexdigest()}))
    assert hand_edited(docs) == [], "written by a build that was interrupted"


def test_a_generated_page_that_became_a_link_is_an_edit_and_not_followed(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_bytes(b"one")
    (docs / "notices/zhejiang-2020.md").unlink()
    (docs / "notices/zhejiang-2020.md").symlink_to(tmp_path / "outside.md")
    (docs / "index.md").unlink()
    os.mkfifo(docs / "index.md")  # reading it would wait for ever
    assert hand_edited(docs) == ["index.md", "notices/zhejiang-2020.md"]


def test_a_hand_written_page_where_a_generated_one_would_go_is_named(docs: Path, tmp_path: Path) -> None:
    new = made("x", path="about.md")
    assert in_the_way(coming(new), docs) == ["about.md"]
    with pytest.raises(Refused, match=r"docs/about\.md 是手写的"):
        guard(coming(new), docs, tmp_path / "work")
    assert in_the_way(coming(made("by hand", path="about.md")), docs) == [], "it says the same"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"a.md": 1}',
        '{"../../etc/passwd": "0"}',
        '{"/etc/passwd": "0"}',
        '{"C:\\\\x": "0"}',
        '{"a/../b": "0"}',
        '{"": "0"}',
    ],
)
def test_a_broken_manifest_is_said_and_nothing_deleted(docs: Path, text: str) -> None:
    (docs / MANIFEST).write_text(text, encoding="utf-8")
    before = contents(docs)
    with pytest.raises(RegistryError, match=r"。$"):
        manifest(docs)
    assert contents(docs) == before


# the commands


@pytest.fixture
def built(tmp_path: Path) -> Place:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    place = Place(tmp_path)
    assert place.run("build").returncode == 0
    return place


def test_build_does_not_overwrite_an_edit_unasked(built: Place) -> None:
    page = built.root / "docs/notices/zhejiang-haining-2022.md"
    text = page.read_text("utf-8")
    page.write_text(text + "an edit", encoding="utf-8")
    (built.root / "raw/plan.txt").write_text(PLAN.replace("20场", "30场"), encoding="utf-8")
    before = {path: content for path, content in built.files().items() if not path.startswith("build/")}
    done = built.run("build")
    assert done.returncode == 2
    assert "docs/notices/zhejiang-haining-2022.md 由程序生成，却被手工改过" in done.stderr
    assert {path: content for path, content in built.files().items() if not path.startswith("build/")} == before
    assert built.run("build", "--overwrite").returncode == 0
    assert "30场" in page.read_text("utf-8")
    assert [path.read_text("utf-8") for path in (built.root / "build/edited").rglob("*.md")] == [text + "an edit"]


def test_a_build_waits_for_nobody(built: Place) -> None:
    process, _ = holder(built.root / "build")
    try:
        done = built.run("build")
    finally:
        process.kill()
        process.communicate()
    assert done.returncode == 2
    assert f"另一个转换正在运行（进程号 {process.pid}，" in done.stderr


def test_a_build_left_half_way_by_a_kill_is_told_and_finished(built: Place) -> None:
    wanted = {path: content for path, content in built.files().items() if path.startswith("docs/")}
    (staging(built.root / "docs") / "notices").mkdir(parents=True)
    (staging(built.root / "docs") / "notices/half.md").write_text("ha", encoding="utf-8")
    done = built.run("build")
    assert done.returncode == 0, done.stderr
    assert "上次运行在换上新的 docs/ 之前中断了" in done.stdout
    assert {path: content for path, content in built.files().items() if path.startswith("docs/")} == wanted
    assert sorted(path.name for path in built.root.iterdir()) == ["build", "docs", "raw", "registry"]


def test_ctrl_c_stops_a_build_and_its_workers(built: Place) -> None:
    for number in range(300):
        (built.root / f"raw/{number}.txt").write_bytes(SEEDS[number % len(SEEDS)].read_bytes() + b"%d\n" % number)
    before = {path: content for path, content in built.files().items() if path.startswith(("docs/", "registry/"))}
    folders = [f"--{name}={built.root / name}" for name in ("raw", "docs", "registry")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", "--jobs", "2", *folders]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background would ignore Ctrl-C
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (workers := children.read_text("ascii").split()):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Ctrl-C" in said
    assert "Traceback" not in said
    assert {p: c for p, c in built.files().items() if p.startswith(("docs/", "registry/"))} == before
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)

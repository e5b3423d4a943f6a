"""Putting files into raw/: copied whole under a safe name, nothing there is ever written over, refusals say why."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.errors import Refused
from notices.read.formats import MAX_BYTES
from notices.running.inputs import raw_files
from notices.running.intake import LONGEST, named, plan, put, safe_name, trial
from support import ROOT


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def make(folder: Path, name: str, text: str = "一份通知") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def add(raw: Path, *paths: Path, name: str = "", url: str = "") -> list[str]:
    """What is said of the files, after they were put in."""
    taken = plan(paths, raw, name, url)
    put(taken, raw)
    return [one.told(dry=False) for one in taken]


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2023年 工作要点（印发稿）.html", "2023年 工作要点（印发稿）.html"),
        ("关于印发《要点》的通知?id=3.html", "关于印发《要点》的通知-id=3.html"),
        ("  .隐藏.txt", "隐藏.txt"),
        ("a\nb\u202etxt.exe", "a-b-txt.exe"),
        ("a\tb  c.txt", "a-b c.txt"),
        ("CON.txt", "文件-CON.txt"),
        ("...", "文件"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("\udcff坏.txt", "-坏.txt"),
        ("长" * 200 + ".html", "长" * 65 + ".html"),
    ],
)
def test_a_name_stays_readable_and_becomes_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(min_size=1, max_size=120))
def test_every_safe_name_is_one_that_every_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert 0 < len(safe.encode()) <= LONGEST
    assert not set(safe) & set('/\\:*?"<>|\x00\n')
    assert not safe.startswith(".")


def test_what_was_put_in_is_read_by_the_build(raw: Path, tmp_path: Path) -> None:
    for n, name in enumerate(("README.md", "a\u200bb.txt", ".x.txt", "通知.html")):
        add(raw, make(tmp_path / str(n), name, f"第{n}份"))
    assert {one.file: one.status for one in raw_files(raw)} == {
        "README-2.md": "",
        "a-b.txt": "",
        "x.txt": "",
        "通知.html": "",
    }


# -- what is there stays ---------------------------------------------------------------------------------------------


def test_a_file_is_copied_and_not_moved(raw: Path, tmp_path: Path) -> None:
    source = make(tmp_path / "下载", "要 点.txt")
    assert add(raw, source) == [f"＋ {source} 已复制到 raw/；原来的文件没有动。"]
    assert files(raw) == {"要 点.txt": "一份通知"}
    assert source.read_text("utf-8") == "一份通知"


def test_the_same_bytes_are_not_put_in_twice(raw: Path, tmp_path: Path) -> None:
    make(raw / "2023", "旧名.txt")
    source = make(tmp_path, "新名.txt")
    assert add(raw, source) == [f"＝ {source} 的内容与 raw/2023/旧名.txt 完全相同，不用再放一份。"]
    assert files(raw) == {"2023/旧名.txt": "一份通知"}
    inside = raw / "2023/旧名.txt"
    assert "不用再放一份" in add(raw, inside)[0], "a file of raw/ itself"


def test_another_content_under_the_same_name_gets_another_name(raw: Path, tmp_path: Path) -> None:
    make(raw, "要点.txt", "旧的")
    make(raw, "要点-2.txt.toml", 'note = "主人还没有来"')
    told = add(raw, make(tmp_path, "要点.TXT", "新的"))
    assert files(raw) == {"要点.txt": "旧的", "要点-2.txt.toml": 'note = "主人还没有来"', "要点-3.TXT": "新的"}
    assert "改名为 要点-3.TXT（raw/ 里已有这个名字的另一份，没有覆盖它" in told[0]
    assert told[0].count("请把旧的移出 raw/") == 1


def test_several_at_once_among_them_two_alike(raw: Path, tmp_path: Path) -> None:
    told = add(
        raw,
        make(tmp_path / "a", "x.txt", "甲"),
        make(tmp_path / "b", "x.txt", "乙"),
        make(tmp_path / "c", "y.txt", "甲"),
    )
    assert files(raw) == {"x.txt": "甲", "x-2.txt": "乙"}
    assert "与 raw/x.txt 完全相同" in told[2]


def test_a_name_may_be_given(raw: Path, tmp_path: Path) -> None:
    add(raw, make(tmp_path, "art_1.html", "甲"), name="海宁 2022")
    add(raw, make(tmp_path, "art_2.html", "乙"), name="桓台.html")
    assert sorted(files(raw)) == ["桓台.html", "海宁 2022.html"]


# -- the sidecar -----------------------------------------------------------------------------------------------------


def test_a_sidecar_beside_the_file_comes_along(raw: Path, tmp_path: Path) -> None:
    source = make(tmp_path, "a.txt")
    make(tmp_path, "a.txt.toml", 'url = "http://x.gov.cn/a"\n')
    assert add(raw, source)[0].endswith("说明文件 a.txt.toml 已写好。")
    assert files(raw) == {"a.txt": "一份通知", "a.txt.toml": 'url = "http://x.gov.cn/a"\n'}
    make(tmp_path, "a.txt.toml", 'url = "http://x.gov.cn/b"\n')
    assert "已有别的内容，没有动它" in add(raw, source)[0]
    assert files(raw)["a.txt.toml"] == 'url = "http://x.gov.cn/a"\n'


def test_an_address_becomes_a_sidecar_even_of_a_file_that_is_there(raw: Path, tmp_path: Path) -> None:
    source = make(tmp_path, "a.txt")
    add(raw, source)
    assert "说明文件 a.txt.toml 已写好" in add(raw, source, url='http://x.gov.cn/a?b="c"')[0]
    assert files(raw)["a.txt.toml"] == 'url = "http://x.gov.cn/a?b=\\"c\\""\n'


# -- refusals --------------------------------------------------------------------------------------------------------


def large(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)


def beside_is_a_folder(path: Path) -> None:
    path.write_text("乙", encoding="utf-8")
    path.with_name("乙.txt.toml").mkdir()


REFUSED: list[tuple[str, Callable[[Path], object], str]] = [
    ("没有.txt", lambda path: None, "没有找到。请核对文件名"),
    ("夹", lambda path: path.mkdir(), "是文件夹，没有放入。请给出里面的文件"),
    ("链接.txt", lambda path: path.symlink_to("/etc/passwd"), "是指向别处的链接"),
    ("管道.txt", lambda path: os.mkfifo(path), "不是普通文件"),
    ("大.pdf", large, "超过 20 MB 的上限"),
    ("说明.toml", lambda path: path.write_text("url = 1"), "是说明文件。请放入它说明的那个文件"),
    ("甲.txt", lambda path: (path.write_text("甲"), path.with_name("甲.txt.toml").write_bytes(b"\xff")), "不是 UTF-8"),
    ("乙.txt", beside_is_a_folder, "旁边的说明文件"),
]


@pytest.mark.parametrize(("name", "create", "why"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_what_cannot_be_taken_is_refused_and_nothing_is_put_in(
    raw: Path, tmp_path: Path, name: str, create: Callable[[Path], object], why: str
) -> None:
    create(tmp_path / name)
    with pytest.raises(Refused) as refused:
        add(raw, make(tmp_path, "好的.txt"), tmp_path / name)
    assert why in str(refused.value)
    assert str(tmp_path / name) in str(refused.value)
    assert str(refused.value).endswith("raw/ 没有变。别的文件也没有放入。")
    assert files(raw) == {}


def test_wrong_use_is_refused(raw: Path, tmp_path: Path) -> None:
    one, two = make(tmp_path, "1.txt", "1"), make(tmp_path, "2.txt", "2")
    for paths, name, url, why in (
        ((), "", "", "没有说要放入哪个文件"),
        ((one, two), "名", "", "请一个一个放"),
        ((one, two), "", "http://x.gov.cn/", "请一个一个放"),
        ((one,), "", "javascript:alert(1)", "不能用。请写完整的网址"),
        ((one,), "", "http://x.gov.cn/ a", "不能用。请写完整的网址"),
    ):
        with pytest.raises(Refused, match=why):
            plan(paths, raw, name, url)


def test_an_address_and_a_sidecar_are_one_too_many(raw: Path, tmp_path: Path) -> None:
    make(tmp_path, "1.txt.toml", 'url = "http://x.gov.cn/"')
    with pytest.raises(Refused, match=r"旁边已有说明文件 1\.txt\.toml"):
        plan([make(tmp_path, "1.txt")], raw, url="http://y.gov.cn/")


# -- trying, and make ------------------------------------------------------------------------------------------------


def test_a_trial_leaves_nothing(raw: Path, tmp_path: Path) -> None:
    make(raw, "旧.txt")
    (raw / "链接").symlink_to("旧.txt")
    os.mkfifo(raw / "管道")
    with trial(raw) as copy:
        assert sorted(path.name for path in copy.iterdir()) == ["旧.txt", "链接"]
        put(plan([make(tmp_path, "新.txt", "新")], copy), copy)
        assert "新.txt" in files(copy)
    assert not copy.exists()
    assert sorted(path.name for path in raw.iterdir()) == ["旧.txt", "管道", "链接"]


def test_one_text_may_name_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "1 号.html")
    assert named("1 号.html") == [Path("1 号.html")], "a name with spaces needs no quotes when it is alone"
    assert named("'1 号.html' 2.html") == [Path("1 号.html"), Path("2.html")]
    monkeypatch.setenv("HOME", str(tmp_path))
    assert named("~/下载/a.txt") == [tmp_path / "下载/a.txt"]
    with pytest.raises(Refused, match="引号不成对"):
        named("'1 号.html")


def test_make_hands_the_names_on_as_they_are() -> None:
    command = [
        "make",
        "-s",
        "-o",
        ".venv/.ready",
        "add",
        "PY=printf '<%s>'",
        "FILE=下载/1 号(2)';x.html",
        "URL=http://x/?a=1&b=2",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout == "<scripts/convert.py><add><--paths><下载/1 号(2)';x.html><--url><http://x/?a=1&b=2>"

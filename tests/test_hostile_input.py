"""Hostile files, names and folders: nothing outside is read or deleted, nothing is waited on, and each is named in words.

The command is run as people run it, on real pipes, links and sockets, with a time limit: what waits, fails.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.emit.files.cells import csv_bytes, plain, text_cell
from notices.model import Document, Field, Meta, Notice, Region
from notices.plainfile import LARGEST, NotPlain, read_plain
from notices.registry import base_id
from notices.running.inputs import shown
from notices.store import NAME, RegistryError, load
from support import ROOT, convert_text

GOOD = (
    "2022年海宁市卫生健康工作要点\n一、深化改革\n1.推进医共体建设。持续提升基层服务能力，加强乡镇卫生院和村卫生室建设，"
    "落实分级诊疗制度。\n2.推进托育服务。增加普惠托位，健全服务网络，加强从业人员培训，保障婴幼儿健康。\n"
)
SECRET = "url = 'https://secret.example/'\n"


class Place:
    """A small project of its own, and the command run on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("raw", "docs", "registry", "overrides"):
            (root / name).mkdir(parents=True)
        (root / "raw/good.txt").write_text(GOOD, "utf-8")
        (root / "secret.txt").write_text(GOOD.replace("海宁", "桐乡") + SECRET, "utf-8")
        (root / "secret.toml").write_text(SECRET, "utf-8")

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        folders = [f"--{name}={self.root / name}" for name in ("raw", "docs", "registry", "overrides")]
        command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", *folders, *options]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, encoding="utf-8", timeout=60, stdin=subprocess.DEVNULL
        )

    def rows(self) -> dict[str, dict[str, object]]:
        report = json.loads((self.root / "docs/data/report.json").read_text("utf-8"))
        return {row["file"]: row for row in report["files"]}

    def published(self) -> str:
        return "".join(path.read_text("utf-8") for path in (self.root / "docs").rglob("*") if path.is_file())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "project")


def _socket(path: Path) -> None:
    """A socket that nobody answers; bound by a short relative name, since the kernel allows few characters."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


#: What is put into raw/ instead of a plain file.
ODD: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "socket": _socket,
    "link to a file outside": lambda path: path.symlink_to("../secret.txt"),
    "link to a folder outside": lambda path: path.symlink_to("../../project"),
    "link to the folder above": lambda path: path.symlink_to(".."),
    "link to itself": lambda path: path.symlink_to(path.name),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_no_plain_file_is_not_opened(place: Place) -> None:
    for what, make in ODD.items():
        make(place.root / f"raw/{what}.txt")
    done = place.build()
    assert done.returncode in (0, 1), done.stderr
    rows = place.rows()
    assert rows.pop("good.txt")["status"] in ("published", "review")
    assert {name: row["status"] for name, row in rows.items()} == {f"{what}.txt": "ignored" for what in ODD}
    assert all("不是普通文件" in str(row["reason"]) for row in rows.values())
    assert "secret" not in place.published()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_sidecar_that_is_no_plain_file_is_not_opened(place: Place) -> None:
    for number, (what, make) in enumerate(ODD.items()):
        (place.root / f"raw/{what}.txt").write_text(GOOD.replace("2022", str(2000 + number)), "utf-8")
        make(place.root / f"raw/{what}.txt.toml")
    done = place.build()
    assert done.returncode in (0, 1), done.stderr
    rows = place.rows()
    assert set(rows) == {"good.txt", *(f"{what}.txt" for what in ODD)}
    for what in ODD:
        row = rows[f"{what}.txt"]
        assert row["status"] == "quarantined"
        assert re.match(rf"说明文件 {what}\.txt\.toml (是指向别处的链接|不是普通文件|打不开)", str(row["reason"]))
    assert "secret" not in place.published()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", ["pipe", "link to a file outside", "link to a device"])
def test_a_correction_that_is_no_plain_file_stops_the_build_with_its_name(place: Place, what: str) -> None:
    ODD[what](place.root / "overrides/zhejiang-haining-2022.toml")
    done = place.build()
    assert done.returncode == 2
    assert "zhejiang-haining-2022.toml" in done.stderr
    assert done.stderr.rstrip().endswith("。")
    assert "Traceback" not in done.stderr


def test_small_files_are_small_and_text(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfurl = 'x'\n")
    assert read_plain(path) == "url = 'x'\n"
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(NotPlain, match="超过 1 MB 的上限"):
        read_plain(path)
    with pytest.raises(NotPlain, match="打不开"):
        read_plain(tmp_path)
    path.write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        read_plain(path)


def test_raw_itself_may_be_a_link(place: Place) -> None:
    (place.root / "raw").rename(place.root / "elsewhere")
    (place.root / "raw").symlink_to("elsewhere")
    assert place.build().returncode in (0, 1)
    assert place.rows()["good.txt"]["notices"]


# --- names ----------------------------------------------------------------------------------------------------------

#: Names that a file system allows, and whether such a file is opened.
NAMES = {
    "-rf.txt": True,
    "--only.txt": True,
    "=HYPERLINK(1).txt": True,
    "@SUM(1).txt": True,
    "<img src=x onerror=alert(1)>.txt": True,
    "'\"; drop table.txt": True,
    "{{ config }}.txt": True,
    "a\\..\\..\\b.txt": True,
    "…..txt": True,
    "con.txt": True,
    "长" * 80 + ".txt": True,
    "a\nb.txt": False,
    "a\x1b[31mb.txt": False,
    "a\u202etxt.exe.txt": False,
    "a\u200bb.txt": False,
    ".hidden.txt": False,
}


def test_names_are_printed_safely_and_lead_nowhere(place: Place) -> None:
    before = {path for path in place.root.parent.rglob("*") if path.is_file()}
    for number, name in enumerate(NAMES):
        (place.root / "raw" / name).write_text(GOOD.replace("2022", str(2000 + number)), "utf-8")
    (place.root / "raw/.hidden").mkdir()
    (place.root / "raw/.hidden/x.txt").write_text(GOOD, "utf-8")
    Path(os.fsdecode(os.fsencode(str(place.root / "raw")) + b"/\xff\xfe.txt")).write_text(GOOD, "utf-8")
    done = place.build()
    assert done.returncode in (0, 1), done.stderr
    rows = place.rows()
    for name, opened in NAMES.items():
        assert (rows[shown(name)]["status"] in ("published", "review")) is opened, name
    assert rows["\\xff\\xfe.txt"]["status"] == "ignored"
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", done.stdout), "a name must not steer the terminal"
    made = {path for path in place.root.parent.rglob("*") if path.is_file()} - before
    inside = [place.root / name for name in ("raw", "docs", "registry", "build", ".work")]
    assert [path for path in made if not any(path.is_relative_to(one) for one in inside)] == []
    pages = [path.relative_to(place.root / "docs").as_posix() for path in (place.root / "docs").rglob("*.md")]
    assert [page for page in pages if not re.fullmatch(r"(?:[a-z0-9-]+/)*[a-z0-9-]+\.md", page)] == []


@given(st.text(max_size=30))
def test_a_name_that_is_shown_is_one_printable_line(name: str) -> None:
    told = shown(name)
    assert len(told.splitlines()) <= 1
    assert all(c.isprintable() or c.isspace() for c in told)


# --- ids ------------------------------------------------------------------------------------------------------------

RESERVED = ("index", "data", "assets", "search", "404", "sitemap", "robots", "con", "prn", "aux", "nul", "com1", "lpt9")


@cache
def document() -> Document:
    return convert_text(GOOD).document


@settings(deadline=None)
@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3))
def test_an_id_is_always_a_safe_name(year: str, slugs: list[str]) -> None:
    region = Region("330481", ("浙江省",), tuple(slugs), "2021") if slugs else None
    notice = Notice(document(), Meta(year=Field(year or None), region=region), ())
    made = base_id(notice)
    assert NAME.fullmatch(made)
    assert made not in RESERVED, "an id has a place and a year"


def test_a_registry_that_names_paths_is_refused(place: Place) -> None:
    assert place.build().returncode in (0, 1)
    path = next(one for one in (place.root / "registry").glob("*-2022.json"))
    entry = json.loads(path.read_text("utf-8"))
    entry["tombstones"]['"><script>'] = "x"
    path.write_text(json.dumps(entry), "utf-8")
    with pytest.raises(RegistryError, match="不能做编号"):
        load(place.root / "registry")
    del entry["tombstones"]['"><script>']
    entry["id"] = "Index Page"
    path.unlink()
    path.with_name("Index Page.json").write_text(json.dumps(entry), "utf-8")
    done = place.build()
    assert done.returncode == 2
    assert "不能做编号" in done.stderr


# --- what is there already ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notices/zhejiang-haining-2022.md", "units.md", "data/tasks.csv"])
def test_a_file_written_by_hand_is_never_overwritten(place: Place, name: str) -> None:
    target = place.root / "docs" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("手写的\n", "utf-8")
    done = place.build()
    assert done.returncode == 2
    assert name in done.stderr + done.stdout
    assert target.read_text("utf-8") == "手写的\n"


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/hostname", "notices/../../outside.txt", "a\\..\\b"])
def test_a_manifest_cannot_have_a_file_outside_deleted(place: Place, path: str) -> None:
    outside = place.root / "outside.txt"
    outside.write_text("x", "utf-8")
    assert place.build().returncode in (0, 1)
    manifest = place.root / "docs/data/manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**told, path: "0" * 64}), "utf-8")
    (place.root / "raw/more.txt").write_text(GOOD.replace("2022", "2023"), "utf-8")
    done = place.build()
    assert done.returncode == 2
    assert path in done.stderr
    assert outside.read_text("utf-8") == "x"


# --- what is in the file --------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" * 1}{f"&l{n - 1};" * 9}">' for n in range(1, 12))
XML = f"""<?xml version="1.0"?>
<!DOCTYPE html [<!ENTITY l0 "lol">{LAUGHS}<!ENTITY file SYSTEM "file:///etc/hostname">
<!ENTITY % net SYSTEM "http://127.0.0.1:9/x.dtd"> %net;]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>2022年海宁市卫生健康工作要点</title></head><body>
<p>2022年海宁市卫生健康工作要点</p><p>一、深化改革</p><p>1.推进医共体建设&l11;。&file;持续提升基层服务能力。</p>
<p>2.推进托育服务。增加托位。</p></body></html>
"""


def test_entities_of_a_page_are_not_expanded(place: Place) -> None:
    (place.root / "raw/laughs.html").write_text(XML, "utf-8")
    assert place.build().returncode in (0, 1)
    assert place.rows()["laughs.html"]["status"] in ("published", "review", "quarantined")
    text = place.published()
    assert "lollol" not in text
    assert Path("/etc/hostname").read_text("utf-8").strip() not in text
    assert len(text) < 3_000_000


# --- tables ---------------------------------------------------------------------------------------------------------

#: What begins a formula, with all that may stand before it and is not seen or is taken off.
_FORMULA = re.compile(r"[\s\"\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠−]|[\t\r\n\0]|[\s\"]*[|%｜％].")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("=+-@|%＝＋－＠\t\r\n \u3000\"'1a")), max_size=12))
def test_no_text_becomes_a_formula_and_each_comes_back(text: str) -> None:
    cell = text_cell(text)
    assert not _FORMULA.match(cell)
    assert plain(cell) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        " =1+1",
        '"=1+1',
        "@SUM(1)",
        "+1",
        "-1+1",
        "＝1",
        "　＝1",
        "\u200b=1",
        "−1",
        "﹦1",
        "|calc",
        "%0A=1",
        "\t=1",
        "\r=1",
        "-项目",
    ],
)
def test_what_may_be_a_formula_is_guarded(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["%", "推进医共体建设", "（一）", "占比25%", "a=b", "增长-3%", ">=80", "《意见》"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert text_cell(text) == text


def test_numbers_and_days_stay_numbers_and_days() -> None:
    assert (
        csv_bytes(["a", "b", "c"], [[-3.5, "2022-03-01", -7]], dates=[1]).decode("utf-8-sig")
        == "a,b,c\r\n-3.5,2022-03-01,-7\r\n"
    )

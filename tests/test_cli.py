"""The command line as a maintainer meets it: real processes, real folders, real bad files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT, SEEDS

PLAN = """2022年海宁市教育工作要点
2022年全市教育工作要坚持立德树人，办好人民满意的教育，推动教育高质量发展，为建设教育强市作出新的更大贡献。
一、提升质量
1.深化课程改革。开齐开足国家课程，推进教研转型，全年组织研训20场，覆盖全部中小学校。
2.加强体育美育。保障每天校园体育活动不少于1小时，组织市级比赛5项，建好学生艺术团队。
海宁市教育局
2022年3月1日
"""


SPORT = """2022年海宁市体育工作要点
2022年全市体育工作要围绕全民健身，补齐场地短板，办好群众身边的赛事，让更多市民动起来、练起来、乐起来。
一、补齐场地短板
1.新建健身设施。年内新建口袋体育公园8个，改造老旧健身路径30条，推动学校场地周末开放。
2.办好群众赛事。举办市级以上赛事5项，镇街赛事覆盖率达到95%以上，培训社会体育指导员200名。
海宁市体育局
2022年4月6日
"""


class Place(NamedTuple):
    """A folder with raw/, docs/ and registry/ of its own."""

    root: Path

    def run(self, command: str, *more: str) -> subprocess.CompletedProcess[str]:
        folders = [f"--{name}={self.root / name}" for name in ("raw", "docs", "registry")]
        return convert(command, *folders, *more)

    def report(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.root / "docs/data/report.json").read_text("utf-8"))
        return data

    def files(self) -> dict[str, bytes]:
        """All but build/, which is made anew by every run and never committed."""
        every = {p.relative_to(self.root).as_posix(): p for p in self.root.rglob("*") if p.is_file()}
        return {name: path.read_bytes() for name, path in every.items() if not name.startswith("build/")}


def convert(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    return Place(tmp_path)


BAD = {
    "empty.txt": (b"", "文件是空的"),
    "blank.html": (b"<html><body>  </body></html>", "没有通知正文"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "PNG 图片"),
    "word.txt": (b"PK\x03\x04" + bytes(200), "另存为 .txt 或 .html"),
    "random.txt": (bytes(range(128, 256)) * 40, "认不出文字编码"),
    "captcha.html": (
        "<html><title>安全验证</title><body><p>为了保障访问安全，请输入验证码后继续访问。</p></body></html>".encode(),
        "验证码页面",
    ),
    "missing.html": ("<html><body><p>对不起，您访问的页面不存在或已删除。</p></body></html>".encode(), "内容不存在"),
    "huge.txt": ("重复的文字。".encode() * 1_200_000, "超过 10 MB"),
}


def test_a_bad_file_never_stops_the_others(place: Place) -> None:
    for name, (data, _) in BAD.items():
        (place.root / "raw" / name).write_bytes(data)
    done = place.run("build")
    assert done.returncode == 1, done.stderr
    files = {f["file"]: f for f in place.report()["files"]}
    assert files["plan.txt"]["status"] == "published"
    for name, (_, reason) in BAD.items():
        assert files[name]["status"] == "quarantined", name
        assert reason in files[name]["reason"], files[name]["reason"]
        assert files[name]["reason"].endswith("。")
        assert name in done.stdout
    assert (place.root / "docs/notices/zhejiang-haining-2022.md").is_file()


def test_the_report_adds_up(place: Place) -> None:
    for seed in SEEDS:
        (place.root / "raw" / seed.name).write_bytes(seed.read_bytes())
    assert place.run("build").returncode == 1
    report = place.report()
    for entry in report["files"]:
        counts = entry["characters"]
        assert counts["kept"] + counts["removed"] == counts["source"]
        assert counts["source"] == len((place.root / "raw" / entry["file"]).read_bytes().decode("utf-8"))
    assert report["totals"]["files"] == len(report["files"]) == 6
    assert report["totals"]["source"] == sum(f["characters"]["source"] for f in report["files"])


def test_the_data_file_has_the_keys_of_the_contract_and_those_added_since(place: Place) -> None:
    place.run("build")
    data = json.loads((place.root / "docs/data/notices/zhejiang-haining-2022.json").read_text("utf-8"))
    assert sorted(data) == sorted(
        [
            "id",
            "title",
            "notice_title",
            "doc_number",
            "index_number",
            "issuer",
            "addressees",
            "issued",
            "published",
            "publicity",
            "region",
            "source",
            "clauses",
            "annotations",
            "ledger",
            "problems",
            "links",  # to other notices
            "notes",
            "other_sources",  # of the same notice
        ]
    )
    assert sorted(data["region"]) == ["as_of", "code", "path"]
    assert sorted(data["source"]) == ["encoding", "file", "name", "sha256", "url"]
    keys = [
        "aliases",
        "anchor",
        "damage",
        "items",
        "label",
        "line",
        "number",
        "paragraphs",
        "parent",
        "style",
        "task",
        "text",
        "title",
    ]
    assert all(sorted(clause) == keys for clause in data["clauses"])
    assert all(sorted(edit) == ["action", "after", "before", "line", "rule"] for edit in data["ledger"])
    assert all(sorted(problem) == ["code", "detail", "line", "severity"] for problem in data["problems"])
    report = place.report()
    assert sorted(report) == ["files", "totals"]
    assert sorted(report["files"][0]) == ["characters", "file", "notices", "reason", "status"]


def test_everything_published_gives_status_0_and_a_second_run_changes_nothing(place: Place) -> None:
    (place.root / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    first = place.run("build")
    assert first.returncode == 0, first.stdout + first.stderr
    before = place.files()
    second = place.run("build", "--jobs", "2")
    assert "与上次相比没有变化，什么也不用写。" in second.stdout
    assert place.files() == before
    (place.root / "build/cache.sqlite").unlink()
    third = place.run("build")
    assert "写入 0 个文件，删除 0 个" in third.stdout, "nothing is remembered, and all of it comes out the same"
    assert "发布的内容没有变化" in third.stdout
    assert place.files() == before
    shutil.copytree(ROOT / "rules", place.root / "rules")
    with (place.root / "rules/topics.toml").open("a", encoding="utf-8") as rules:
        rules.write("# a remark\n")
    fourth = place.run("build", "--rules", str(place.root / "rules"))
    assert "＝ 未变   plan.txt" in fourth.stdout, "other rules, the same result"
    assert "写入 0 个文件，删除 0 个" in fourth.stdout


def test_the_order_and_names_of_files_do_not_matter(tmp_path: Path) -> None:
    results = []
    for names in (("a", "b", "c"), ("z", "y", "x")):
        root = tmp_path / names[0]
        (root / "raw").mkdir(parents=True)
        for name, seed in zip(names, SEEDS, strict=False):
            (root / "raw" / f"{name}.txt").write_bytes(seed.read_bytes())
        Place(root).run("build")
        entries = [
            json.loads(d)
            for p, d in Place(root).files().items()
            if p.startswith("registry/") and p != "registry/pages.json"
        ]
        results.append(
            [{k: v for k, v in sorted(e.items()) if k != "source"} for e in sorted(entries, key=lambda e: str(e["id"]))]
        )
    assert results[0] == results[1]


def test_dry_run_writes_nothing(place: Place) -> None:
    before = place.files()
    done = place.run("build", "--dry-run")
    assert done.returncode == 0
    assert "新写  docs/notices/zhejiang-haining-2022.md" in done.stdout
    assert "这次只是试看，什么也没有写。" in done.stdout
    assert place.files() == before
    assert not (place.root / "build").exists()


def test_only_converts_the_named_files_and_keeps_the_others(place: Place) -> None:
    other = SPORT
    (place.root / "raw/sport.txt").write_text(other, encoding="utf-8")
    place.run("build")
    before = place.files()
    (place.root / "raw/sport.txt").write_text(other.replace("5项", "6项"), encoding="utf-8")
    assert place.run("build", "--only", "sport.txt").returncode == 0
    changed = {name for name, data in place.files().items() if before.get(name) != data}
    sport = next(f["notices"][0] for f in place.report()["files"] if f["file"] == "sport.txt")
    assert {name for name in changed if name.startswith("docs/notices/")} == {
        f"docs/notices/{sport}.md",
        f"docs/notices/{sport}/source.md",
    }
    assert [f["file"] for f in place.report()["files"]] == ["plan.txt", "sport.txt"]
    assert place.run("check").returncode == 0, "the shared files are as a whole build leaves them"
    assert place.run("build", "--only", "没有.txt").returncode == 2


def test_a_file_that_fails_later_keeps_its_page(place: Place) -> None:
    place.run("build")
    before = place.files()
    (place.root / "raw/plan.txt.toml").write_text("url = [", encoding="utf-8")
    done = place.run("build")
    assert done.returncode == 1
    assert "撤下" not in done.stdout
    after = place.files()
    assert all(after[name] == before[name] for name in before if name.startswith("docs/notices/"))


def test_files_that_are_no_notices_are_said_to_be_ignored(place: Place) -> None:
    (place.root / "raw/.DS_Store").write_bytes(b"x")
    (place.root / "raw/link.txt").symlink_to(place.root / "raw/plan.txt")
    done = place.run("build")
    assert done.returncode == 0
    assert {f["file"]: f["status"] for f in place.report()["files"]} == {
        ".DS_Store": "ignored",
        "link.txt": "ignored",
        "plan.txt": "published",
    }


def test_a_console_that_is_not_utf8_does_not_stop_the_build(place: Place) -> None:
    folders = [f"--{name}={place.root / name}" for name in ("raw", "docs", "registry")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", *folders]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "gbk"})
    assert done.returncode == 0
    assert "发布".encode("gbk") in done.stdout


def test_two_copies_of_a_file_are_published_once(place: Place) -> None:
    (place.root / "raw/zz-copy.txt").write_text(PLAN, encoding="utf-8")
    done = place.run("build")
    assert "⎘ 重复    zz-copy.txt  与 plan.txt 的内容完全相同" in done.stdout
    assert [f["status"] for f in place.report()["files"]] == ["published", "duplicate"]


def test_check_notices_a_stale_page_and_a_dying_anchor(place: Place) -> None:
    place.run("build")
    assert place.run("check").returncode == 0
    page = place.root / "docs/notices/zhejiang-haining-2022.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("深化课程改革", "改过的字"), encoding="utf-8")
    stale = place.run("check")
    assert stale.returncode == 1
    assert "notices/zhejiang-haining-2022.md" in stale.stdout
    assert place.run("build", "--overwrite").returncode == 0
    assert page.read_text("utf-8") == text
    (place.root / "raw/plan.txt").write_text(PLAN.replace("2.加强体育美育。", "另："), encoding="utf-8")
    dying = place.run("check")
    assert dying.returncode == 1
    assert "以前发布过的条款 s1-t2" in dying.stdout
    (place.root / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    (place.root / "docs/notices/ghost.md").write_text("x", encoding="utf-8")
    assert "docs/notices/ghost.md 不是由 raw/ 生成的" in place.run("check").stdout


def test_check_notices_an_anchor_taken_out_of_the_registry(place: Place) -> None:
    (place.root / "raw/plan.txt").write_text(PLAN, encoding="utf-8")
    place.run("build")
    (place.root / "raw/plan.txt").write_text(PLAN.replace("2.加强体育美育。", "另："), encoding="utf-8")
    entry = place.root / "registry/zhejiang-haining-2022.json"
    data = json.loads(entry.read_text("utf-8"))
    del data["anchors"]["s1-t2"]
    entry.write_text(json.dumps(data), encoding="utf-8")
    done = place.run("check")
    assert done.returncode == 1
    assert "网址会失效：/notices/zhejiang-haining-2022/#s1-t2" in done.stdout


def test_a_removed_original_leaves_a_page_that_explains(place: Place) -> None:
    (place.root / "raw/seed.txt").write_bytes(SEEDS[0].read_bytes())
    place.run("build")
    (place.root / "raw/plan.txt").unlink()
    done = place.run("build")
    assert done.returncode == 1
    assert "△ 撤下    notices/zhejiang-haining-2022/" in done.stdout
    assert place.run("build").returncode == 0, "said once"
    page = (place.root / "docs/notices/zhejiang-haining-2022.md").read_text("utf-8")
    assert "已从本站撤下" in page
    assert 'id="s1-t2"' in page
    assert not (place.root / "docs/notices/zhejiang-haining-2022/source.md").exists()


def test_explain_says_where_everything_came_from(place: Place) -> None:
    done = convert("explain", str(SEEDS[1]))
    assert done.returncode == 0
    for text in (
        "编码 utf-8",
        "发文字号：桓卫字〔2019〕1号（第 9 行",
        "扫码使用手机浏览本页内容",
        "任务 s2-t13",
        "title-glued",
    ):
        assert text in done.stdout
    page = convert("explain", str(ROOT / "tests/cases/html-utf8-zoom.html"))
    assert "大汉 hanweb / jcms" in page.stdout
    assert '<div id="zoom">' in page.stdout
    refused = place.root / "raw/empty.txt"
    refused.write_bytes(b"")
    assert "隔离：文件是空的" in convert("explain", str(refused)).stdout


def test_wrong_use_is_said_in_chinese(tmp_path: Path) -> None:
    done = convert("build", "--raw", str(tmp_path / "没有"))
    assert done.returncode == 2
    assert "找不到目录" in done.stderr
    done = convert("build", "--rules", str(tmp_path))
    assert done.returncode == 2
    assert "缺少规则文件" in done.stderr
    assert convert().returncode == 2
    (tmp_path / "raw").mkdir()
    assert "是空的" in convert("build", "--raw", str(tmp_path / "raw")).stderr
    assert convert("explain", str(tmp_path / "没有.txt")).returncode == 2


def test_a_sidecar_gives_the_address(place: Place) -> None:
    (place.root / "raw/plan.txt.toml").write_text(
        'url = "http://www.haining.gov.cn/a.html"\nfetched = "2022-03-02"\n', encoding="utf-8"
    )
    place.run("build")
    data = json.loads((place.root / "docs/data/notices/zhejiang-haining-2022.json").read_text("utf-8"))
    assert data["source"]["url"] == "http://www.haining.gov.cn/a.html"
    assert "原网页" in (place.root / "docs/notices/zhejiang-haining-2022.md").read_text("utf-8")
    (place.root / "raw/plan.txt.toml").write_text("url = [", encoding="utf-8")
    assert "说明文件 plan.txt.toml 写法有错" in place.run("build").stdout


def test_clauses_hidden_in_a_page_are_pointed_out(place: Place) -> None:
    body = "".join(f"<p>{line}</p>" for line in PLAN.splitlines())
    hidden = "<div style='display:none'><p>3.推进家校协同。建立家长学校，办好家庭教育讲座，开展家访活动，形成育人合力。</p></div>"
    (place.root / "raw/plan.txt").unlink()
    (place.root / "raw/page.html").write_text(
        f"<html><body><div id='zoom'>{body}{hidden}</div></body></html>", encoding="utf-8"
    )
    done = place.run("build")
    assert done.returncode == 1
    assert "有一段没有发布的文字像是条款：“3.推进家校协同" in done.stdout


# -- the maintainer's screen -----------------------------------------------------------------------------------------


def report_page(place: Place) -> str:
    return (place.root / "build/report.html").read_text("utf-8")


def test_a_build_says_what_changed_since_the_last_one_and_the_report_has_it_all(place: Place) -> None:
    (place.root / "raw/sport.txt").write_text(SPORT, encoding="utf-8")
    first = place.run("build")
    assert "这是第一次生成，没有上次可比：新网页 2 个。" in first.stdout
    assert "✔ 发布    plan.txt   → notices/zhejiang-haining-2022/  条款 3，任务 2" in first.stdout
    new = PLAN.replace("1小时", "2小时").replace(
        "2.加强", "2.推进家校协同。建立家长学校，开展家访活动，形成育人合力。\n3.加强"
    )
    (place.root / "raw/plan.txt").write_text(new, encoding="utf-8")
    (place.root / "raw/empty.txt").write_bytes(b"")
    before = place.files()
    tried = place.run("build", "--dry-run")
    assert place.files() == before
    done = place.run("build")
    for said in (
        "✘ 隔离    empty.txt  文件是空的",
        "✔ 发布    plan.txt   → notices/zhejiang-haining-2022/  条款 4，任务 3",
        "＝ 未变   sport.txt  → notices/zhejiang-haining-2022-2/\n",
        "    条款：新增 1，改动 1\n",
        "    量化指标：新增 1（“2小时”），删去 1（“1小时”）\n",
        "    新增  s1-t2  2.推进家校协同\n",
        "    改动  s1-t3（原 s1-t2）  3.加强体育美育：“育活动不少于1小时，组织市” → “育活动不少于2小时，组织市”\n",
        "文件：共 3 = 发布 1 + 待复核 0 + 隔离 1 + 未变 1 + 重复 0 + 忽略 0。\n",
    ):
        assert said in tried.stdout
        assert said in done.stdout
    assert not [c for c in done.stdout + done.stderr if c < " " and c != "\n"], "no terminal, no colour and no bar"
    assert f"详细报告：{place.root}/build/report.html（用浏览器打开）。" in done.stdout
    assert "<del>1</del><ins>2</ins>" in report_page(place)
    assert "文件是空的" in (place.root / "build/report.csv").read_text("utf-8-sig")
    again = place.run("build")
    assert again.returncode == 1, "a file that is set aside still waits"
    assert "＝ 未变   empty.txt  仍隔离：文件是空的" in again.stdout
    assert "未变的 3 个里：发布 2，隔离 1。" in again.stdout
    assert "发布的内容没有变化。" in report_page(place)


def test_an_unchanged_file_whose_page_changes_is_not_called_unchanged(place: Place) -> None:
    place.run("build")
    (place.root / "overrides").mkdir()
    (place.root / "overrides/zhejiang-haining-2022.toml").write_text(
        '[[field]]\nname = "issuer"\nwas = "海宁市教育局"\nvalue = "海宁市教育体育局"\nby = "张三"\ndate = 2026-11-20\n',
        encoding="utf-8",
    )
    done = place.run("build")
    assert "✔ 发布    plan.txt" in done.stdout
    assert "发文机关：“海宁市教育局” → “海宁市教育体育局”" in done.stdout
    assert "＝ 未变   plan.txt" in place.run("build").stdout


def test_add_puts_a_file_in_and_tells_of_it_first(place: Place) -> None:
    place.run("build")
    source = place.root / "下载/新 通知.txt"
    source.parent.mkdir()
    source.write_text(SPORT, encoding="utf-8")
    before = place.files()
    tried = place.run("add", str(source), "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert place.files() == before
    assert "会复制到 raw/" in tried.stdout
    done = place.run("add", "--paths", str(source), "--url", "http://www.haining.gov.cn/a.html")
    assert done.returncode == 0, done.stderr
    said = "这次放入的：\n✔ 发布    新 通知.txt  → notices/zhejiang-haining-2022-2/  条款 3，任务 2"
    assert said in tried.stdout
    assert said in done.stdout
    assert "＝ 未变" not in done.stdout.partition("文件：共")[0]
    assert done.stdout.endswith("下一步：运行 make site，网站上才看得到。\n")
    data = json.loads((place.root / "docs/data/notices/zhejiang-haining-2022-2.json").read_text("utf-8"))
    assert data["source"]["file"] == "新 通知.txt"
    assert data["source"]["url"] == "http://www.haining.gov.cn/a.html"
    assert "不用再放一份" in place.run("add", str(source)).stdout


def test_a_file_that_add_cannot_publish_stays_in_raw(place: Place) -> None:
    bad = place.root / "验证.html"
    bad.write_bytes(BAD["captcha.html"][0])
    done = place.run("add", str(bad))
    assert done.returncode == 1
    assert "✘ 隔离    验证.html  这是验证码页面" in done.stdout
    assert "文件留在 raw/，没有丢" in done.stdout
    assert (place.root / "raw/验证.html").read_bytes() == bad.read_bytes()
    assert "✔ 发布    plan.txt" in done.stdout, "what else the build found is told after it"
    refused = place.run("add", str(place.root / "没有.html"))
    assert refused.returncode == 2
    assert "没有找到。请核对文件名" in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_on_a_terminal_there_is_colour_and_the_bar_is_wiped_away(place: Place) -> None:
    import pty

    folders = [f"--{name}={place.root / name}" for name in ("raw", "docs", "registry")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", *folders]
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env={**environment, "TERM": "xterm"}):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a pseudo-terminal is an error on Linux
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    text = shown.decode("utf-8")
    assert "\x1b[32m✔ 发布\x1b[0m    plan.txt" in text
    assert "正在对比各份通知" in text
    assert text.index("正在对比各份通知") < text.rindex("\r\x1b[K") < text.index("✔ 发布")

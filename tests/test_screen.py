"""What the maintainer sees: lines that align, totals that add up, no sign that only colour tells, a report that is whole.

And every message about a file says what to do next.
"""

from __future__ import annotations

import ast
import csv
import io
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from notices.emit.files.cells import plain
from notices.ledger import Account
from notices.model import Problem
from notices.told.changes import Changes, ClauseChange, FieldChange, NoticeChange
from notices.told.progress import PATIENCE, WIPE, picture, progress
from notices.told.report import Row
from notices.told.report_page import COLUMNS, Run, report_csv, report_html, write_report
from notices.told.screen import (
    MANY,
    MARKS,
    file_lines,
    in_colour,
    painted,
    say,
    status_of,
    to_do,
    told,
    told_of,
    totals,
    width,
)
from support import ROOT, SEEDS, notice_of

AT = datetime(2026, 11, 22, 9, 30)


def row(file: str, status: str = "published", unchanged: bool = False, reason: str = "", problem: str = "") -> Row:
    page = "x-2020" if status in ("published", "review") else ""
    problems = (Problem("review", "odd", 7, problem),) if problem else ()
    count = Account(10, 8, 2, {}) if page else Account(10, 0, 10, {}) if status != "ignored" else None
    return Row(
        file, status, reason, "captcha" if status == "quarantined" else "", page, 5, 3, count, problems, unchanged
    )


ROWS = [
    row("a.txt"),
    row("要点.html", "review", problem="编号有疑问。请核对原文。"),
    row("长得多的文件名.txt", "quarantined", reason="这是验证码页面。请通过验证以后再保存。"),
    row("d.txt", "duplicate", reason="与 a.txt 相同。可以删去其中一个。"),
    row(".x", "ignored", reason="隐藏文件，不是通知。"),
    row("old.txt", unchanged=True),
    row("old-review.txt", "review", unchanged=True, problem="编号有疑问。请核对原文。"),
    row("old-bad.txt", "quarantined", unchanged=True, reason="文件是空的。请重新保存。"),
]


def test_a_line_a_file_in_columns_and_new_problems_in_full() -> None:
    assert file_lines(ROWS) == [
        "✔ 发布    a.txt               → notices/x-2020/  条款 5，任务 3；字符 10 = 保留 8 + 移除 2",
        "△ 待复核  要点.html           → notices/x-2020/  条款 5，任务 3；字符 10 = 保留 8 + 移除 2",
        "      第 7 行：编号有疑问。请核对原文。",
        "✘ 隔离    长得多的文件名.txt  这是验证码页面。请通过验证以后再保存。",
        "⎘ 重复    d.txt               与 a.txt 相同。可以删去其中一个。",
        "· 忽略    .x                  隐藏文件，不是通知。",
        "＝ 未变   old.txt             → notices/x-2020/",
        "＝ 未变   old-review.txt      → notices/x-2020/  仍待复核 1 处",
        "＝ 未变   old-bad.txt         仍隔离：文件是空的。",
    ]


def test_a_file_with_many_problems_names_some_of_them() -> None:
    many = ROWS[1]._replace(problems=tuple(Problem("review", "odd", n, "请看。") for n in range(1, 9)))
    lines = file_lines([many])
    assert len(lines) == 7
    assert lines[-1] == "      ……还有 3 处，见报告。"


def test_the_totals() -> None:
    assert totals(ROWS) == [
        "文件：共 8 = 发布 1 + 待复核 1 + 隔离 1 + 未变 3 + 重复 1 + 忽略 1。",
        "      未变的 3 个里：发布 1，待复核 1，隔离 1。",
        "      待复核的已经发布，只是有地方请人看一眼。",
        "字符：收到 70 = 保留 32 + 移除 38。",
    ]


@given(st.lists(st.builds(row, st.just("f"), st.sampled_from([s for s in MARKS if s != "unchanged"]), st.booleans())))
def test_the_totals_add_up_whatever_happened(rows: list[Row]) -> None:
    told = totals(rows)
    numbers = [int(number) for number in re.findall(r"\d+", told[0])]
    assert numbers[0] == sum(numbers[1:]) == len(rows)
    source, kept, removed = map(int, re.findall(r"\d+", told[-1]))
    assert source == kept + removed
    inside = [line for line in told if "个里" in line]
    if inside:
        first, *others = map(int, re.findall(r"\d+", inside[0]))
        assert first == sum(others)
    assert all(status_of(one) in MARKS for one in rows)


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("要点", 4), ("＝", 2), ("e\u0301", 1), ("", 0), ("a，b", 4)]
)
def test_a_han_character_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_after_many_lines_what_needs_somebody_is_said_once_more() -> None:
    assert to_do(ROWS) == [], "a few lines are read anyway"
    many = [*ROWS, *(row(f"{n}.txt", unchanged=True) for n in range(MANY))]
    assert to_do(many) == [
        "",
        "要处理的：",
        "△ 待复核  要点.html           → notices/x-2020/  条款 5，任务 3；字符 10 = 保留 8 + 移除 2",
        "      第 7 行：编号有疑问。请核对原文。",
        "✘ 隔离    长得多的文件名.txt  这是验证码页面。请通过验证以后再保存。",
        "",
        "上次留下、还没有处理的：待复核 1 个，隔离 1 个，都写在报告里。",
    ]
    assert to_do([row(f"{n}.txt") for n in range(MANY + 5)]) == []


def test_files_put_in_just_now_come_first_and_those_that_stay_are_a_number() -> None:
    lines = told_of(["old-bad.txt"], ROWS, Changes(withdrawn=("y-2019",)))
    assert lines[1:4] == [
        "这次放入的：",
        "✘ 隔离    old-bad.txt  文件是空的。请重新保存。",
        "      隔离的没有发布，文件留在 raw/，没有丢。照上面的办法换一份，再把这一份移出 raw/。",
    ]
    assert lines[5] == "其他文件："
    assert not any("old.txt" in line for line in lines)
    assert any(line.startswith("△ 撤下    notices/y-2019/") for line in lines)


CHANGE = NoticeChange(
    "x-2020",
    "<b>要点</b>",
    (FieldChange("发文字号", "", "=1+1"),),
    (
        ClauseChange("改动", "t1", "t1", "1.<i>任务</i>", ("文字",), "五<次>", "六<次>"),
        ClauseChange("删去", "", "t2", "2.", (), "旧", ""),
    ),
    (),
)
RUN = Run(ROWS, Changes(("new-2021",), ("y-2019",), (CHANGE,), ("odd-2018",)), ["overrides/z.toml 没有用上。请核对。"])


def test_a_build_without_news_says_nothing_of_changes() -> None:
    quiet = [one._replace(unchanged=True) for one in ROWS]
    assert not any("与上次相比" in line for line in told(quiet, Changes()))
    assert "  发布的内容没有变化。" in told(ROWS, Changes()), "converted again, and came out the same"
    assert "  新网页 notices/new-2021/" in told(*RUN)
    assert told(*RUN)[-1] == RUN.notes[0]


# -- the terminal ----------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_and_says_nothing_by_itself() -> None:
    assert not in_colour(io.StringIO(), {})
    assert in_colour(Terminal(), {"TERM": "xterm"})
    assert not in_colour(Terminal(), {"NO_COLOR": "1"})
    assert not in_colour(Terminal(), {"TERM": "dumb"})
    text = "\n".join(told(*RUN))
    assert (
        painted(text).count("\x1b[0m") == sum(line.startswith(tuple(MARKS.values())) for line in text.split("\n")) + 1
    )
    assert re.sub(r"\x1b\[\d*m", "", painted(text)) == text


def test_nothing_that_a_file_says_reaches_the_terminal_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    say(["标题\x1b[2J\x07\u202e", "下一行"])
    assert capsys.readouterr().out == "标题\\u001b[2J\\u0007\\u202e\n下一行\n"


def test_the_bar_appears_only_on_a_terminal_and_only_when_it_lasts() -> None:
    clock = iter([0.0, 0.5, PATIENCE + 1, PATIENCE + 1.05, PATIENCE + 2, PATIENCE + 3])
    terminal = Terminal()
    with progress(terminal, lambda: next(clock)) as watch:
        for done in range(1, 5):
            watch(done, 5)
        watch(5, 5)
    shown = terminal.getvalue().split(WIPE)
    assert [re.findall(r"\d/5|读完", text) for text in shown] == [[], ["2/5"], ["4/5"], ["读完"], []]
    assert shown[-1] == "", "and nothing is left of it"
    pipe = io.StringIO()
    with progress(pipe) as watch:
        watch(1, 1)
    assert pipe.getvalue() == ""


def test_the_line_is_wiped_when_the_build_is_interrupted() -> None:
    terminal = Terminal()

    def interrupted() -> None:
        with progress(terminal) as watch:
            watch(3, 3)
            assert "读完" in terminal.getvalue()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert terminal.getvalue().endswith(WIPE)


def test_the_bar_says_how_far_and_how_long() -> None:
    assert picture(5, 20, 10) == "正在转换 [#####...............] 5/20，约还要 30 秒"
    assert picture(0, 20, 2) == "正在转换 [....................] 0/20"


# -- the report ------------------------------------------------------------------------------------------------------


def test_the_page_is_whole_by_itself_and_escapes_what_it_says() -> None:
    page = BeautifulSoup(report_html(RUN, AT), "lxml")
    assert page.select_one("html[lang=zh-CN]")
    assert page.select("script, img, link, iframe, b, i, [onclick], [src]") == []
    urls = [str(link["href"]) for link in page.select("a")]
    assert {url.split("/notices/")[0] for url in urls if not url.startswith("#")} == {"http://127.0.0.1:8000"}
    for said in ("2026年11月22日 09:30", "1.<i>任务</i>", "<b>要点</b>", "overrides/z.toml", *totals(ROWS)):
        assert said.strip() in page.text
    for one in ROWS:
        assert one.file in page.text
        assert one.reason in page.text, "the report says of an unchanged file as much as of a new one"
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    targets = {url[1:] for url in urls if url.startswith("#")}
    assert {"changes", "quarantined", "review", "published", "c-x-2020"} <= targets <= set(ids)
    assert len(ids) == len(set(ids))
    assert [tag.text for tag in page.select("del")] == ["五", "旧"]
    assert [tag.text for tag in page.select("ins")] == ["六"]


def test_the_table_opens_in_a_spreadsheet_and_does_nothing_there() -> None:
    rows = [*ROWS, row("=cmd|' /C calc'!A0", "quarantined", reason="不能用。请换一份。")]
    lines = list(csv.reader(io.StringIO(report_csv(RUN._replace(rows=rows)).decode("utf-8-sig"))))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == len(rows) + 1
    assert lines[-1][0].startswith("'=")
    assert plain(lines[-1][0]) == rows[-1].file
    review = next(line for line in lines if line[0] == "要点.html")
    assert review[1:7] == ["待复核", "否", "odd", "7", "编号有疑问。请核对原文。", "/notices/x-2020/"]
    assert review[-1] == "条款：删去 1，改动 1；发文字号：（未载明） → “=1+1”"


def test_both_are_written_whole(tmp_path: Path) -> None:
    made = write_report(RUN, tmp_path / "build", AT)
    assert made.read_bytes() == report_html(RUN, AT)
    assert sorted(path.name for path in made.parent.iterdir()) == ["report.csv", "report.html"]


# -- every message has a next step -----------------------------------------------------------------------------------

STEP = re.compile("请|可以|不用|就不|应当像")


def messages() -> Iterator[tuple[str, str]]:
    """Every text that the code hands to Problem("review", …) or Unreadable(…): where it stands, and the text.

    Names of the function, the module and other modules are filled in; what is worked out elsewhere shows as ‹…›.
    """
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "scripts").rglob("*.py"))}
    constants = {path: _assigned(tree.body) for path, tree in trees.items()}
    everywhere = {name: values for names in constants.values() for name, values in names.items()}
    for path, tree in trees.items():
        for function in ast.walk(tree):
            calls = [one for one in ast.walk(function) if _tells(one)] if isinstance(function, ast.FunctionDef) else []
            names = {**everywhere, **constants[path], **_assigned(ast.walk(function))} if calls else {}
            for call in calls:
                assert isinstance(call, ast.Call)
                yield from ((f"{path.name}:{call.lineno}", text) for text in _texts(call.args[-1], names))


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """Every name that is set, with what it is set to."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                found.setdefault(target.id, []).append(node.value)
    return found


def _tells(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) >= 2):
        return False
    first = node.args[0]
    severe = not (isinstance(first, ast.Constant) and first.value == "note")
    return node.func.id == "Unreadable" or (node.func.id == "Problem" and severe)


def _texts(node: ast.expr, names: dict[str, list[ast.expr]], depth: int = 0) -> list[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if depth < 6:
        inner = [_texts(part, names, depth + 1) for part in _parts(node)]
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            return ["".join(one) for one in itertools.product(*inner)]
        if isinstance(node, ast.IfExp):
            return [text for texts in inner for text in texts]
        if isinstance(node, ast.Name) and node.id in names:
            return [text for one in names[node.id] for text in _texts(one, names, depth + 1)]
    return [f"‹{ast.unparse(node)}›"]


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.JoinedStr():
            return [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BinOp():
            return [node.left, node.right]
    return []


def test_every_message_about_a_file_ends_as_a_sentence_and_says_what_to_do() -> None:
    found = list(messages())
    assert len(found) > 100
    whole = [(where, text) for where, text in found if not text.endswith("›")]  # the rest ends with another's message
    assert len(whole) > 80
    assert [one for one in whole if not one[1].endswith("。")] == []
    assert [one for one in whole if not STEP.search(one[1]) and "‹" not in one[1]] == []


def test_every_rule_that_sets_a_page_aside_says_what_to_do() -> None:
    for rule in tomllib.loads((ROOT / "rules/reject.toml").read_text("utf-8"))["reject"]:
        assert STEP.search(rule["advice"]), rule["id"]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_what_is_said_of_a_real_notice_has_a_next_step(path: Path) -> None:
    asked = [problem for problem in notice_of(path).all_problems if problem.severity == "review"]
    assert [one.detail for one in asked if not STEP.search(one.detail) or not one.detail.endswith("。")] == []

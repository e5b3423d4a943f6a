"""Pages of the content systems in use: the body is found, published once, and what else the page says is read or told.

`tests/cases/site-*.html` hold the pages; what a reader expects of their text is tested with all other cases, what the
table [page] of an expectation says is tested here.  `tests/sites/` holds pages whose text is somewhere else.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.ledger import account, replay
from notices.pipeline import convert_file
from notices.read.html.facts import address
from notices.read.html.lexer import tokens
from notices.rules import RulesError, load
from support import CASES, ROOT, convert_text, flat, notice_of, read_text, rules

PAGES = {
    path.name.removesuffix(".expect.toml"): tomllib.loads(path.read_text("utf-8"))
    for path in sorted(CASES.glob("site-*.expect.toml"))
}
CARRIERS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests/sites/expected.toml").read_text("utf-8"))
FAMILIES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "rules/sites").glob("*.toml"))}
each_page = pytest.mark.parametrize("name", PAGES)


def document(name: str) -> Any:
    return notice_of(CASES / f"{name}.html").document


@each_page
def test_the_address_that_the_page_names(name: str) -> None:
    assert document(name).source.url == PAGES[name]["page"].get("url")


@each_page
def test_the_family_that_the_page_belongs_to(name: str) -> None:
    found = next(hint.value for hint in document(name).hints if hint.name == "<body>")
    family = PAGES[name]["page"]["template"]
    assert family in found.split("的容器")[0].split("、") if family else found.startswith("未知模板")


@each_page
def test_problems_and_rules(name: str) -> None:
    page = PAGES[name]["page"]
    codes = {problem.code for problem in notice_of(CASES / f"{name}.html").all_problems}
    assert set(page.get("problems", [])) <= codes
    assert "hidden-clause" not in codes
    assert set(page.get("rules", [])) <= {edit.rule for edit in document(name).ledger}


@each_page
def test_every_line_of_the_body_once(name: str) -> None:
    lines = [flat(line) for line in document(name).published.split("\n") if len(flat(line)) >= 12]
    twice = {line for line in lines if lines.count(line) > 1}
    wanted = {flat(line) for line in PAGES[name]["page"].get("twice", [])}
    titles = {flat(PAGES[name]["meta"].get(key)) for key in ("title", "notice_title", "doc_number")}
    assert twice - titles == wanted


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_names_its_cases(family: str) -> None:
    entry = FAMILIES[family]
    assert entry["why"].strip()
    shown = [PAGES[case]["page"]["template"] for case in entry["cases"]]
    assert not entry["containers"] or entry["name"] in shown or family == "zz-generic"


@pytest.mark.parametrize("name", CARRIERS)
def test_a_page_whose_text_is_somewhere_else_says_where(name: str) -> None:
    outcome = convert_file(name, ROOT / "tests/sites", rules())
    assert outcome.status == "quarantined"
    assert [words for words in CARRIERS[name]["says"] if words not in outcome.reason] == []
    assert outcome.reason.endswith("。")
    assert outcome.document is not None
    assert replay(outcome.document) == outcome.document.text
    counts = account(outcome.document)
    assert counts.kept + counts.removed == counts.source


def test_every_carrier_is_expected() -> None:
    assert {path.name for path in (ROOT / "tests/sites").glob("*.html")} == set(CARRIERS)


ADDRESSES = {
    "https://www.example.gov.cn/a/b.html?id=3&amp;n=2": "https://www.example.gov.cn/a/b.html?id=3&n=2",
    "http://www.example.gov.cn:8080/a": "http://www.example.gov.cn:8080/a",
    "javascript:alert(1)": None,
    "data:text/html,x": None,
    "file:///C:/a.html": None,
    "//www.example.gov.cn/a": None,
    "/a/b.html": None,
    "https://": None,
    "https://localhost/a": None,
    "https://www.example.gov.cn": None,
    "https://www.example.gov.cn/": None,
    "https://user:word@www.example.gov.cn/a": None,
    "https://www.example.gov.cn/a b": None,
    "https://www.example.gov.cn/&quot;onclick=x": None,
    "https://[::1/a": None,
    "https://www.example.gov.cn/" + "a" * 2100: None,
}


@pytest.mark.parametrize("said", ADDRESSES)
@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="canonical" href="{}">',
        '<meta name="Url" content="{}">',
        '<meta property="og:url" content="{}">',
        "<!-- saved from url=(0042){} -->",
    ],
)
def test_only_a_full_address_of_a_page_is_taken(markup: str, said: str) -> None:
    text = markup.format(said)
    expected = ADDRESSES[said]
    if text.startswith("<!--") and " " in said:  # the comment's address ends at the space
        expected = said.split(" ", maxsplit=1)[0]
    assert address(text, tokens(text)) == expected


def test_where_a_page_was_saved_from_outranks_what_it_calls_itself() -> None:
    saved = "<!-- saved from url=(0025)http://a.example.cn/1.htm -->"
    text = f'{saved}<link rel="canonical" href="http://b.example.cn/2.htm">'
    assert address(text, tokens(text)) == "http://a.example.cn/1.htm"


BODY = [
    f"（{n}）{title}。{text}"
    for n, title, text in (
        ("一", "修缮校舍", "年内完成二十四所学校的屋面防水和抗震加固，暑假结束前全部交付使用，不影响秋季开学。"),
        ("二", "配齐教师", "公开招聘教师一百二十名，优先补充音乐体育美术学科，乡村学校岗位占六成以上。"),
        ("三", "改善伙食", "食堂全部实行明厨亮灶，每学期检测食材不少于三次，结果向家长公开并接受监督。"),
        ("四", "护送上学", "在三十六所学校门口设置护学岗，民警和志愿者轮值，早晚高峰各不少于四十分钟。"),
    )
]
EDGES = ("", "<p>　</p>", "<br>", "\n\n")


@given(
    st.sampled_from(["p", "div", "li", "section", "td"]),
    st.sampled_from(["p", "div", "br", "span"]),
    st.booleans(),
    st.sampled_from(EDGES),
    st.integers(0, 12),
)
def test_a_second_copy_is_published_once(first: str, second: str, named: bool, edge: str, cut: int) -> None:
    """Whatever the tags of the copies, whichever is named as a copy, and with the first cut short."""
    short = [*BODY[:-1], BODY[-1][: len(BODY[-1]) - cut]]
    one = "".join(f"<{first}>{line}</{first}>" for line in short)
    two = "".join(f"<{second}>　　{line}</{second}>" for line in BODY)
    mark = ' class="oldman"' if named else ""
    text = f"<html><body><div{mark}>{one}</div>{edge}<div id='zoom'>{two}</div></body></html>"
    read = read_text(text)
    assert replay(read) == text
    shown = flat("".join(block.text for block in read.blocks))
    assert [shown.count(flat(line)) for line in BODY] == [1] * len(BODY)


def test_a_copy_that_says_more_than_the_body_is_not_dropped_in_silence() -> None:
    """Where the markup is broken the wrong copy may go: then the clause that is missing is named for review."""
    cut = "".join(f"<div>{line}</div>" for line in BODY)[:-7]
    text = f"<html><body><div>{cut}</div><div id='zoom'><p>{'</p><p>'.join(BODY)}</p></div></body></html>"
    notice = convert_text(text.replace("<body>", "<body><h1>礼县2021年教育工作要点</h1><p>发布时间：2021-03-01</p>"))
    shown = flat(notice.document.published)
    missing = [line for line in BODY if flat(line) not in shown]
    reported = " ".join(problem.detail for problem in notice.all_problems if problem.code == "hidden-clause")
    assert [line for line in missing if line[:12] not in reported] == []


def test_two_years_of_one_office_on_a_page_are_no_copies() -> None:
    """The plans of two years share sentences, and are still two texts."""
    other = [line.replace("二十四", "十八").replace("三十六", "三十") for line in BODY[:2]]
    more = [
        "（三）建设操场。新建塑胶操场九片，由县财政全额保障，十月底前验收。",
        "（四）整治校园周边。清理占道摊点二百处。",
    ]
    text = "".join(f"<div><p>{'</p><p>'.join(lines)}</p></div>" for lines in (BODY, [*other, *more]))
    read = read_text(f"<html><body>{text}</body></html>")
    shown = flat("".join(block.text for block in read.blocks if block.kind != "outside"))
    assert [line for line in (*BODY, *other, *more) if flat(line) not in shown] == []


@pytest.mark.parametrize(
    ("bar", "pages"),
    [
        ('<a href="1.htm">上一页</a> <b>1</b> <a href="2.htm">2</a> <a href="2.htm">下一页</a>', 2),
        ("<span>共3页</span> <a href='2.htm'>下一页</a>", 3),
        ("<p>上一页 1 2 3 4 下一页</p>", 4),
        ("<a href='2.htm'>余下全文</a> 1 2", 2),
        ("<p>上一篇：没有了</p><p>下一篇：2021年工作要点</p>", 0),
        ("<p>上一页 1 下一页</p>", 0),
        ("<p>第3页</p><p>2</p>", 0),
    ],
)
def test_a_text_in_pages_is_reported(bar: str, pages: int) -> None:
    read = read_text(f"<html><body><div id='zoom'><p>{'</p><p>'.join(BODY)}</p></div><div>{bar}</div></body></html>")
    told = [problem.detail for problem in read.problems if problem.code == "page-split"]
    assert len(told) == bool(pages)
    assert all(f"分成 {pages} 页" in detail for detail in told)


def test_a_share_bar_that_holds_the_body_is_the_body() -> None:
    """A class name alone removes no task."""
    text = f"<html><body><div id='zoom'><div class='share'><p>{'</p><p>'.join(BODY)}</p></div></div></body></html>"
    shown = flat("".join(block.text for block in read_text(text).blocks))
    assert [line for line in BODY if flat(line) not in shown] == []


def test_a_misspelt_key_of_a_site_is_told(tmp_path: Path) -> None:
    for path in (ROOT / "rules").rglob("*.toml"):
        target = tmp_path / path.relative_to(ROOT / "rules")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    (tmp_path / "sites/new.toml").write_text('name = "新"\ncontainer = ["#a"]\n', encoding="utf-8")
    with pytest.raises(RulesError, match="container"):
        load(tmp_path)

"""The page of a source: the received text beside the published one, row by row, with every change marked and named."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import html
from notices.emit.source_page import source_page
from notices.model import Notice
from notices.pipeline import to_notice
from notices.read.document import read
from support import CASES, SEEDS, case_sources, convert_text, notice_of, rules
from test_escape import OURS, site_markdown

TEXT_SOURCES = [path for path in [*SEEDS, *case_sources()] if path.suffix == ".txt"]
HTML_SOURCES = [path for path in case_sources() if path.suffix == ".html"]
each_source = pytest.mark.parametrize("path", [*TEXT_SOURCES, *HTML_SOURCES], ids=lambda path: path.name)


def markup(notice: Notice) -> str:
    """The page as the site's generator makes it."""
    body = source_page(replace(notice, id="x"), rules()).content.decode("utf-8").split("---\n", 2)[2]
    return site_markdown().convert(body)


@cache
def markup_of(path: Path) -> str:
    """The page of the notice in a file."""
    return markup(notice_of(path))


def rendered(source: Notice | Path) -> html.HtmlElement:
    """The page as a browser gets it."""
    return html.fromstring(f"<article>{markup_of(source) if isinstance(source, Path) else markup(source)}</article>")


def sample(*lines: str) -> Notice:
    """A notice that ends in these lines."""
    return convert_text((CASES / "compare" / "older.txt").read_text("utf-8") + "\n".join(lines) + "\n")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def received(article: html.HtmlElement) -> str:
    """The left side, from top to bottom."""
    return squeezed("".join(cell.text_content() for cell in article.find_class("y-raw")))


def rows(article: html.HtmlElement) -> list[tuple[str, str, str]]:
    """Line, received and published text of every row."""
    found: list[tuple[str, str, str]] = []
    for row in article.find_class("y-source")[0].find("tbody"):
        for told in row.find_class("y-goal"):
            told.drop_tree()
        line, left, right = (squeezed(cell.text_content()) for cell in row)
        found.append((line, left, right))
    return found


def visible(text: str) -> str:
    """What a page can show of a text: everything but control characters and white space."""
    return squeezed(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text))


@pytest.mark.parametrize("path", TEXT_SOURCES, ids=lambda path: path.name)
def test_the_left_side_is_all_of_the_source_in_order(path: Path) -> None:
    notice = notice_of(path)
    assert received(rendered(path)) == visible(notice.document.text)


@each_source
def test_the_right_side_is_all_that_is_published_in_order(path: Path) -> None:
    notice = notice_of(path)
    shown = "".join(right for _, _, right in rows(rendered(path)) if not right.startswith("没有发布"))
    assert shown == squeezed(notice.document.published)


@pytest.mark.parametrize("path", HTML_SOURCES, ids=lambda path: path.name)
def test_of_a_web_page_the_left_side_is_what_its_readers_saw(path: Path) -> None:
    left = received(rendered(path))
    assert "<" not in left
    for block in notice_of(path).document.blocks:
        kept = (squeezed(piece.text) for piece in block.pieces if not piece.rule)
        assert all(text in left for text in kept)


@each_source
def test_every_row_has_the_line_of_its_source_and_ids_are_unique(path: Path) -> None:
    notice = notice_of(path)
    article = rendered(path)
    ids = [element.get("id") for element in article.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"L{block.line}" for block in notice.document.blocks} <= set(ids)
    assert {f"L{clause.line}" for clause in notice.clauses} <= set(ids)
    lines = [int(line) for line, _, _ in rows(article)]
    assert lines == sorted(lines)


@each_source
def test_links_lead_to_the_clause_that_a_line_became(path: Path) -> None:
    notice = notice_of(path)
    anchors = {"notice", *(a for c in notice.clauses for a in (c.anchor, *(p.anchor for p in c.paragraphs)))}
    for link in rendered(path).xpath("//p[@class='y-goal']/a"):
        assert link.get("href").removeprefix("../#") in anchors
    linked = {link.get("href") for link in rendered(path).xpath("//p[@class='y-goal']/a")}
    assert {f"../#{clause.anchor}" for clause in notice.clauses if clause.task and clause.title} <= linked


def test_a_task_stands_beside_the_line_it_was_received_as() -> None:
    row = rendered(SEEDS[0]).get_element_by_id("L10")
    assert row.find_class("y-raw")[0].text_content().startswith("1.常态推进疫情防控。")
    (link,) = row.iter("a")
    assert (link.get("href"), link.text_content()) == ("../#s1-t1", "1.常态推进疫情防控")


def test_a_line_that_is_removed_is_struck_out_and_its_rule_is_named_on_both_sides() -> None:
    article = rendered(SEEDS[1])
    assert [(d.text_content(), d.get("title")) for d in article.xpath("//td/del")] == [
        ("扫码使用手机浏览本页内容", "扫码浏览本页提示")
    ]
    assert rows(article)[-1] == ("77", "扫码使用手机浏览本页内容", "没有发布：扫码浏览本页提示")


def test_a_mark_that_is_changed_says_what_it_became() -> None:
    article = rendered(sample("7.抓好托育,新增托位300 个。"))
    changed = [(u.text_content(), u.get("title")) for u in article.xpath("//td/u")]
    assert changed == [(",", "半角标点改为全角，改为“，”"), (" ", "汉字与数字之间的空格")]
    assert rows(article)[-1][2] == "7.抓好托育，新增托位300个。"


def test_a_line_break_that_is_joined_stays_visible() -> None:
    (joined, *_) = rendered(SEEDS[1]).xpath("//u[@title='分行的标题接成一行']")
    row = joined.getparent().getparent()
    assert row.find_class("y-out")[0].text_content().startswith("桓台县卫生健康局关于印发《2019年全县")


def test_a_number_that_the_browser_showed_is_marked_as_added() -> None:
    text = "坚持以人民健康为中心，抓好下列重点任务，推动各项工作再上新台阶。" * 4
    items = f"<ol><li>抓好托育。{text}</li><li>抓好养老。{text}</li></ol>"
    page = f"<body><div id='zoom'><p>2021年海宁市工作要点</p><p>一、工作任务</p>{items}</div></body>"
    notice = to_notice(read(page.encode(), "page.html", rules()), rules())
    added = rendered(notice).find_class("y-added")
    assert [(one.text_content(), one.get("title")) for one in added] == [
        ("1.", "补出网页自动显示的编号"),
        ("2.", "补出网页自动显示的编号"),
    ]


@each_source
def test_each_rule_is_counted_explained_and_leads_to_its_first_place(path: Path) -> None:
    notice = notice_of(path)
    article = rendered(path)
    (counted,) = article.find_class("y-data")
    lines = [list(row) for row in counted.find("tbody")]
    assert sum(int(cells[2].text_content()) for cells in lines) == len(notice.document.ledger)
    assert sum(int(cells[3].text_content()) for cells in lines) == sum(len(e.before) for e in notice.document.ledger)
    assert all(cells[0].find_class("y-facts")[0].text_content() for cells in lines)
    for link in counted.iter("a"):
        mark = article.get_element_by_id(link.get("href").removeprefix("#"))
        assert (mark.get("title") or "").startswith(link.text_content())


@pytest.mark.parametrize("hostile", [text for text in OURS if text.strip() and "\n" not in text])
def test_hostile_text_stays_text(hostile: str) -> None:
    notice = sample(f"7.抓好托育。{hostile}", hostile, f"8.抓好养老。{hostile}", f"分享到：{hostile}")
    article = rendered(notice)
    assert received(article) == visible(notice.document.text)
    assert not any(name.startswith("on") for element in article.iter() for name in element.attrib)
    own = {"article", "h1", "h2", "p", "a", "code", "div", "table", "thead", "tbody", "tr", "th", "td", "br", "del", "u", "span"}  # fmt: skip
    assert {element.tag for element in article.iter()} <= own

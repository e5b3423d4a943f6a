"""The home page and the lists by place and year: what they show, that it leads somewhere, and that it stays small."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from lxml import html
from markdown import Markdown
from notices.corpus import Corpus
from notices.emit import CORPUS_EMITTERS, EMITTERS, around
from notices.emit.entries import FEW_PLACES, live_entries
from notices.emit.pages import promises
from notices.emit.pages.home import EXAMPLES, LATEST, example_words, home_page
from notices.emit.pages.indexes import index_pages
from notices.emit.view import View, view_of
from notices.model import Field, Meta
from notices.store import Entry
from support import ROOT, convert_text, rules
from test_outputs import everything, seeds, view_of_notices

VIEWS = pytest.mark.parametrize("view", [seeds(), everything()], ids=["seeds", "everything"])
HOSTILE = """<script>alert(1)</script> "onload='x' [a](javascript:1) {: #x} *b*"""

PROMISES = """海宁市城市管理局
2022年3月1日
2022年海宁市城市管理工作要点
2022年全市城市管理工作的总体要求是以人民为中心，把城市管得更细、更好，为建设现代化城市作出贡献。
一、提升环境
1.建设公园绿地。全年新建口袋公园12个，方便群众就近休闲，持续改善人居环境。
2.做好垃圾分类。全市生活垃圾分类覆盖率达到95%以上，推动群众养成好习惯。
3.完善停车设施。每个镇新建公共停车场2个，缓解老旧小区停车难的问题。
"""


def rendered(content: bytes) -> html.HtmlElement:
    """A generated page as the site's generator renders it."""
    body = content.decode("utf-8").split("---\n", 2)[2]
    return html.fragment_fromstring(Markdown(extensions=["attr_list", "toc"]).convert(body), create_parent="article")


def home(view: View) -> html.HtmlElement:
    return rendered(home_page(view).content)


def with_entries(entries: list[Entry]) -> View:
    """A view of these entries; the notices behind them are the seeds'."""
    return replace(seeds(), entries={entry.id: entry for entry in entries})


def entry(number: int, **changes: object) -> Entry:
    first = next(iter(seeds().entries.values()))
    return replace(first, **{"id": f"n-{number}", **changes})  # type: ignore[arg-type]


def published(view: View) -> dict[str, set[str]]:
    """Every page of the site by its address, with the ids that it holds; the search page is written by hand."""
    outputs = [o for emit in CORPUS_EMITTERS for o in emit(view) if o.path.endswith(".md")]
    outputs += [emit(n, view.entries[n.id], around(n, view)) for n in view.corpus.notices for emit in EMITTERS[:1]]
    pages: dict[str, set[str]] = {"search/": set(), "cite/": set()}
    for output in outputs:
        path = PurePosixPath(output.path)
        address = "" if path.name == "index.md" else f"{path.stem}/"
        folder = "" if path.parent == PurePosixPath() else f"{path.parent}/"
        pages[folder + address] = {str(e.get("id")) for e in rendered(output.content).iter() if e.get("id")}
    return pages


# -- what is there ---------------------------------------------------------------------------------------------------


def test_the_page_begins_with_what_this_is_and_a_search_that_works_without_scripts() -> None:
    page = home(seeds())
    form = page.find(".//form")
    assert page[0].tag == "h1"
    assert "工作要点" in page[1].text_content()
    assert (form.get("action"), form.get("method")) == ("search/", "get")
    field = form.find(".//input")
    assert (field.get("name"), field.get("type")) == ("q", "search")
    assert form.find(".//label").get("for") == field.get("id")
    assert form.find(".//button").text == "检索"


@VIEWS
def test_every_word_to_try_stands_literally_in_a_clause(view: View) -> None:
    words = example_words(view)
    texts = [clause.text for notice in view.corpus.notices for clause in notice.clauses]
    assert len(words) == EXAMPLES
    assert [word for word in words if not any(word in text for text in texts)] == []
    links = [a.get("href") for a in home(view).iterfind(".//form//li/a")]
    assert [parse_qs(urlsplit(link).query)["q"] for link in links] == [[word] for word in words]


@VIEWS
def test_the_key_figures_are_counted_from_the_notices(view: View) -> None:
    live = live_entries(view)
    figures = [e.text for e in home(view).iterfind(".//ul[@class='y-figures']//strong")]
    years = sorted(e.year for e in live if e.year)
    assert figures == [
        str(len(live)),
        str(len({e.region_code for e in live})),
        str(sum(clause.task for notice in view.corpus.notices for clause in notice.clauses)),
        str(sum(span.kind == "target" for notice in view.corpus.notices for span in notice.spans)),
        f"{years[0]}—{years[-1]}",
    ]


@VIEWS
def test_every_link_and_anchor_of_the_three_pages_resolves(view: View) -> None:
    pages = published(view)
    for output in index_pages(view):
        base = "" if output.path == "index.md" else "../"
        own = "" if output.path == "index.md" else output.path.replace(".md", "/")
        for link in rendered(output.content).iterfind(".//a[@href]"):
            path, anchor = urldefrag(link.get("href"))
            assert not path or path.startswith(base) or own == ""
            address = urlsplit(path.removeprefix(base)).path if path else own
            assert address in pages, link.get("href")
            assert not anchor or anchor in pages[address], link.get("href")


def test_the_latest_notices_are_listed_newest_first_and_the_rest_is_elsewhere() -> None:
    view = with_entries([entry(at, issued=f"2020-01-{at:02}", title=f"第{at}份") for at in range(1, 29)])
    listed = [a.text for a in home(view).iterfind(".//section[@class='y-home-all']/ul/li/a")]
    assert listed == [f"第{at}份" for at in range(28, 28 - LATEST, -1)]


def test_a_notice_that_was_withdrawn_is_not_shown() -> None:
    view = with_entries([entry(1), entry(2, withdrawn=True, title="撤下的通知")])
    for output in index_pages(view):
        assert "撤下的通知" not in output.content.decode()
        assert "notices/n-2" not in output.content.decode()


def test_a_site_without_notices_says_so() -> None:
    empty = view_of(Corpus(()), rules(), {})
    page = home(empty)
    assert "还没有收录通知" in page.text_content()
    assert page.find(".//svg") is None
    assert [e.get("id") for e in page.iterfind(".//h2")] == ["all"]
    assert all(output.content for output in index_pages(empty))


# -- promised figures ------------------------------------------------------------------------------------------------


@VIEWS
def test_promised_figures_are_chosen_by_the_rule_that_is_printed_beside_them(view: View) -> None:
    chosen = promises.headline_promises(view)
    assert 0 < len(chosen) <= promises.MOST
    for notice, clause, span in chosen:
        same = [p.clause.anchor for p in chosen if p.notice.id == notice.id]
        assert len(same) <= promises.EACH
        assert len(set(same)) == len(same)
        assert span.get("indicator")
        assert span.get("deadline")
        assert not span.get("per")
        assert clause.anchor == span.clause
    dates = [p.notice.meta.issued.value or p.notice.meta.year.value or "" for p in chosen]
    assert dates == sorted(dates, reverse=True)
    assert promises.RULE in home_page(view).content.decode()


def test_a_bounded_percentage_comes_before_a_bare_count_and_a_figure_for_each_town_is_left_out() -> None:
    view = view_of_notices([convert_text(PROMISES)])
    chosen = promises.headline_promises(view)
    assert [clause.text[span.start : span.end] for _, clause, span in chosen] == ["95%以上", "12个"]
    assert len(list(view.spans("target"))) > len(chosen)


def test_a_promised_figure_is_printed_as_it_stands_in_its_clause() -> None:
    items = home(seeds()).findall(".//ul[@class='y-promises']/li")
    assert len(items) == promises.MOST
    for item in items:
        identity, _, anchor = item.find("a").get("href").removeprefix("notices/").partition("/#")
        _, clause = seeds().clause(f"{identity}#{anchor}")
        assert item.findtext("strong") in clause.text


# -- safe, repeatable, small -----------------------------------------------------------------------------------------


def test_a_hostile_title_stays_text() -> None:
    region = ("<b>省</b>", "](x) {: #y}")
    notice = replace(seeds().corpus.notices[0], meta=Meta(title=Field(HOSTILE), year=Field("2020")))
    hostile = replace(seeds(), corpus=replace(seeds().corpus, notices=(notice,)), notices={notice.id: notice})
    hostile = replace(
        hostile, entries={notice.id: entry(1, id=notice.id, title=HOSTILE, issuer=HOSTILE, region=region)}
    )
    for output in index_pages(hostile):
        page = rendered(output.content)
        assert page.find(".//script") is None
        assert page.find(".//b") is None
        assert HOSTILE in page.text_content()
        assert [e for e in page.iter() if any(str(k).startswith("on") for k in e.attrib)] == []
        assert [a.get("href") for a in page.iterfind(".//a") if "javascript" in a.get("href", "")] == []


@VIEWS
def test_no_styles_or_scripts_are_written_into_the_page_and_no_id_twice(view: View) -> None:
    for output in index_pages(view):
        assert not re.search(r"<(script|style)|\s(style|on\w+)=", output.content.decode())
        ids = [e.get("id") for e in rendered(output.content).iter() if e.get("id")]
        assert sorted(set(ids)) == sorted(ids)


def test_the_order_of_the_notices_changes_nothing() -> None:
    view = everything()
    turned = view_of(
        replace(view.corpus, notices=view.corpus.notices[::-1]), rules(), dict(reversed(list(view.entries.items())))
    )
    assert [o.content for o in index_pages(turned)] == [o.content for o in index_pages(view)]


def test_the_page_stays_small_however_many_notices_there_are() -> None:
    many = 5000
    few = everything().corpus.notices
    notices = tuple(replace(few[at % len(few)], id=f"n-{at}") for at in range(many))
    entries = {
        f"n-{at}": entry(
            at,
            region_code=f"{11 + at % 31}{at % 97:02}00",
            region=(f"省{at % 31}", f"县{at}"),
            year=str(2000 + at % 25),
        )
        for at in range(many)
    }
    view = view_of(Corpus(notices), rules(), entries)
    content = home_page(view).content
    styles = b"".join((ROOT / "docs/assets" / name).read_bytes() for name in ("yaodian-figures.css", "yaodian.css"))
    assert len(gzip.compress(content)) < 25_000
    assert len(gzip.compress(content)) + len(gzip.compress(styles)) < 40_000, (
        "with main.css of the theme (23 KB) under 100 KB"
    )
    assert f"<strong>{many}</strong>" in content.decode()


# -- the lists -------------------------------------------------------------------------------------------------------


@VIEWS
def test_the_lists_hold_every_notice_once_and_their_counts_add_up(view: View) -> None:
    for output in index_pages(view)[1:]:
        page = rendered(output.content)
        listed = [a.get("href") for a in page.iterfind("ul/li/a")]
        assert sorted(listed) == sorted(f"../notices/{e.id}/" for e in live_entries(view))
        counts = [int(str(e.text).removesuffix("份")) for e in page.iterfind(".//nav//span")]
        assert sum(counts) == len(live_entries(view))


def test_a_list_by_year_is_divided_by_province_where_the_places_are_many() -> None:
    def of(count: int) -> View:
        return with_entries(
            [entry(at, region_code=f"33{at:04}", region=("浙江省", f"县{at}"), year="2020") for at in range(count)]
        )

    def ids(view: View) -> list[str | None]:
        return [e.get("id") for e in rendered(index_pages(view)[2].content).iterfind("h3")]

    assert ids(of(FEW_PLACES)) == []
    assert ids(of(FEW_PLACES + 1)) == ["y2020-p33"]


def test_ids_of_places_and_years_stay_what_they_were() -> None:
    _, places, years = ({e.get("id") for e in rendered(o.content).iter("h2", "h3")} for o in index_pages(seeds()))
    assert places == {"p31", "r310113", "p33", "r330104", "r330481", "p37", "r370321"}
    assert years == {"y2019", "y2020", "y2021", "y2023"}

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
from notices.emit import EMITTERS, Around, catalogue_of, groups
from notices.emit.entries import FEW_PLACES
from notices.emit.pages import promises
from notices.emit.pages.home import EXAMPLES, LATEST, example_words, tasks_by_topic
from notices.emit.pages.promises import Promise
from notices.emit.pages.targets import target_rows
from notices.model import Field, Meta, Notice, Output, Span
from notices.store import Entry
from small import Small, numbered
from support import ROOT, convert_text, rules
from test_outputs import everything, seeds

CORPORA = pytest.mark.parametrize("corpus", [seeds(), everything()], ids=["seeds", "everything"])
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


def home(corpus: Small) -> html.HtmlElement:
    return rendered(corpus.outputs["index.md"])


def index_pages(corpus: Small) -> list[Output]:
    """The home page and the two lists."""
    return [Output(path, corpus.outputs[path]) for path in ("index.md", "places.md", "years.md")]


def headline(corpus: Small) -> list[Promise]:
    return promises.headline_promises(corpus.catalogue.cards, tasks_by_topic(corpus.catalogue))


def with_entries(entries: list[Entry]) -> Small:
    """A corpus of these entries; the notices behind them are the seeds'."""
    return replace(seeds(), entries={entry.id: entry for entry in entries})


def entry(number: int, **changes: object) -> Entry:
    first = next(iter(seeds().entries.values()))
    return replace(first, **{"id": f"n-{number}", **changes})  # type: ignore[arg-type]


def published(corpus: Small) -> dict[str, set[str]]:
    """Every page of the site by its address, with the ids that it holds; the search page is written by hand."""
    outputs = corpus.files(".md")
    outputs += [emit(n, corpus.entries[n.id], corpus.near(n)) for n in corpus.notices for emit in EMITTERS[:1]]
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


@CORPORA
def test_every_word_to_try_stands_literally_in_a_clause(corpus: Small) -> None:
    words = example_words(corpus.catalogue)
    texts = [clause.text for notice in corpus.notices for clause in notice.clauses]
    assert len(words) == EXAMPLES
    assert [word for word in words if not any(word in text for text in texts)] == []
    links = [a.get("href") for a in home(corpus).iterfind(".//form//li/a")]
    assert [parse_qs(urlsplit(link).query)["q"] for link in links] == [[word] for word in words]


@CORPORA
def test_the_key_figures_are_counted_from_the_notices(corpus: Small) -> None:
    live = corpus.catalogue.live
    figures = [e.text for e in home(corpus).iterfind(".//ul[@class='y-figures']//strong")]
    years = sorted(e.year for e in live if e.year)
    assert figures == [
        str(len(live)),
        str(len({e.region_code for e in live})),
        str(sum(clause.task for notice in corpus.notices for clause in notice.clauses)),
        str(sum(span.kind == "target" for notice in corpus.notices for span in notice.spans)),
        f"{years[0]}—{years[-1]}",
    ]


@CORPORA
def test_every_link_and_anchor_of_the_three_pages_resolves(corpus: Small) -> None:
    pages = published(corpus)
    for output in index_pages(corpus):
        base = "" if output.path == "index.md" else "../"
        own = "" if output.path == "index.md" else output.path.replace(".md", "/")
        for link in rendered(output.content).iterfind(".//a[@href]"):
            path, anchor = urldefrag(link.get("href"))
            assert not path or path.startswith(base) or own == ""
            address = urlsplit(path.removeprefix(base)).path if path else own
            assert address in pages, link.get("href")
            assert not anchor or anchor in pages[address], link.get("href")


def test_the_latest_notices_are_listed_newest_first_and_the_rest_is_elsewhere() -> None:
    corpus = with_entries([entry(at, issued=f"2020-01-{at:02}", title=f"第{at}份") for at in range(1, 29)])
    listed = [a.text for a in home(corpus).iterfind(".//section[@class='y-home-all']/ul/li/a")]
    assert listed == [f"第{at}份" for at in range(28, 28 - LATEST, -1)]


def test_a_notice_that_was_withdrawn_is_not_shown() -> None:
    corpus = with_entries([entry(1), entry(2, withdrawn=True, title="撤下的通知")])
    for output in index_pages(corpus):
        assert "撤下的通知" not in output.content.decode()
        assert "notices/n-2" not in output.content.decode()


def test_a_site_without_notices_says_so() -> None:
    empty = Small(())
    page = home(empty)
    assert "还没有收录通知" in page.text_content()
    assert page.find(".//svg") is None
    assert [e.get("id") for e in page.iterfind(".//h2")] == ["all"]
    assert all(output.content for output in index_pages(empty))


# -- promised figures ------------------------------------------------------------------------------------------------


@CORPORA
def test_promised_figures_are_chosen_by_the_rule_that_is_printed_beside_them(corpus: Small) -> None:
    chosen = headline(corpus)
    assert 0 < len(chosen) <= promises.MOST
    targets = {(n.id, promises.place_of(span)): span for n, _, span in corpus.spans("target")}
    for one in chosen:
        same = [targets[p].clause for p in chosen if p.notice == one.notice]
        assert len(same) <= promises.EACH
        assert len(set(same)) == len(same)
        assert targets[one].get("indicator")
        assert targets[one].get("deadline")
        assert not targets[one].get("per")
    metas = [corpus.by_id[one.notice].meta for one in chosen]
    dates = [meta.issued.value or meta.year.value or "" for meta in metas]
    assert dates == sorted(dates, reverse=True)
    assert promises.RULE in corpus.outputs["index.md"].decode()


@CORPORA
def test_a_notice_shows_its_best_figures_by_that_rule_whatever_its_card_left_out(corpus: Small) -> None:
    common = tasks_by_topic(corpus.catalogue)
    shown = headline(corpus)
    for key in {one.notice for one in shown}:
        notice = corpus.by_id[key]
        order = [clause.anchor for clause in notice.clauses]
        fit = [span for span in notice.spans if span.kind == "target" and promises.reads_alone(span)]

        def rank(span: Span, notice: Notice = notice, order: list[str] = order) -> tuple[object, ...]:
            topics = [str(s.get("label")) for s in notice.spans if s.kind == "topic" and s.clause == span.clause]
            weight = max((common[label] for label in topics), default=0)
            return (promises.rank(span), -weight, order.index(span.clause), span.start)

        firsts: dict[str, str] = {}
        for span in sorted(fit, key=rank):
            firsts.setdefault(span.clause, promises.place_of(span))
        mine = [one.at for one in shown if one.notice == key]
        assert mine == list(firsts.values())[: len(mine)]


def test_a_bounded_percentage_comes_before_a_bare_count_and_a_figure_for_each_town_is_left_out() -> None:
    corpus = numbered([convert_text(PROMISES)])
    shown = home(corpus).findall(".//ul[@class='y-promises']/li")
    assert [item.findtext("strong") for item in shown] == ["95%以上", "12个"]
    assert len(list(corpus.spans("target"))) > len(shown)


def test_a_promised_figure_is_printed_as_it_stands_in_its_clause() -> None:
    items = home(seeds()).findall(".//ul[@class='y-promises']/li")
    assert len(items) == promises.MOST
    for item in items:
        identity, _, anchor = item.find("a").get("href").removeprefix("notices/").partition("/#")
        clause = next(clause for clause in seeds().by_id[identity].clauses if clause.anchor == anchor)
        assert item.findtext("strong") in clause.text


# -- safe, repeatable, small -----------------------------------------------------------------------------------------


def test_a_hostile_title_stays_text() -> None:
    region = ("<b>省</b>", "](x) {: #y}")
    notice = replace(seeds().notices[0], meta=Meta(title=Field(HOSTILE), year=Field("2020")))
    hostile = Small(
        (notice,), entries={notice.id: entry(1, id=notice.id, title=HOSTILE, issuer=HOSTILE, region=region)}
    )
    for output in index_pages(hostile):
        page = rendered(output.content)
        assert page.find(".//script") is None
        assert page.find(".//b") is None
        assert HOSTILE in page.text_content()
        assert [e for e in page.iter() if any(str(k).startswith("on") for k in e.attrib)] == []
        assert [a.get("href") for a in page.iterfind(".//a") if "javascript" in a.get("href", "")] == []


@CORPORA
def test_no_styles_or_scripts_are_written_into_the_page_and_no_id_twice(corpus: Small) -> None:
    for output in index_pages(corpus):
        assert not re.search(r"<(script|style)|\s(style|on\w+)=", output.content.decode())
        ids = [e.get("id") for e in rendered(output.content).iter() if e.get("id")]
        assert sorted(set(ids)) == sorted(ids)


def test_the_order_of_the_notices_changes_nothing() -> None:
    there = everything()
    entries = dict(reversed(list(there.entries.items())))
    turned = replace(there, notices=there.notices[::-1], links=there.links[::-1], entries=entries)
    assert turned.outputs == there.outputs


def test_the_page_stays_small_however_many_notices_there_are() -> None:
    many = 5000

    def copied(key: str) -> Notice:
        return replace(everything().by_id[few[int(key[2:]) % len(few)].id], id=key)

    few = list(everything().catalogue.cards.values())
    cards = {f"n-{at}": replace(few[at % len(few)], id=f"n-{at}") for at in range(many)}
    entries = {
        f"n-{at}": entry(
            at,
            region_code=f"{11 + at % 31}{at % 97:02}00",
            region=(f"省{at % 31}", f"县{at}"),
            year=str(2000 + at % 25),
        )
        for at in range(many)
    }
    planned = next(one for one in groups(catalogue_of(cards, entries, {}, rules())) if one.name == "index")
    assert sum(len(ids) for _, ids in planned.needs) <= promises.MOST
    rows = {(kind, key): target_rows(copied(key), Around(), rules()) for kind, ids in planned.needs for key in ids}
    (output,) = planned.make(rows)
    content = output.content
    styles = b"".join((ROOT / "docs/assets" / name).read_bytes() for name in ("yaodian-figures.css", "yaodian.css"))
    assert len(gzip.compress(content)) < 25_000
    assert len(gzip.compress(content)) + len(gzip.compress(styles)) < 40_000, (
        "with main.css of the theme (23 KB) under 100 KB"
    )
    assert f"<strong>{many}</strong>" in content.decode()


# -- the lists -------------------------------------------------------------------------------------------------------


@CORPORA
def test_the_lists_hold_every_notice_once_and_their_counts_add_up(corpus: Small) -> None:
    for output in index_pages(corpus)[1:]:
        page = rendered(output.content)
        listed = [a.get("href") for a in page.iterfind("ul/li/a")]
        assert sorted(listed) == sorted(f"../notices/{e.id}/" for e in corpus.catalogue.live)
        counts = [int(str(e.text).removesuffix("份")) for e in page.iterfind(".//nav//span")]
        assert sum(counts) == len(corpus.catalogue.live)


def test_a_list_by_year_is_divided_by_province_where_the_places_are_many() -> None:
    def of(count: int) -> Small:
        return with_entries(
            [entry(at, region_code=f"33{at:04}", region=("浙江省", f"县{at}"), year="2020") for at in range(count)]
        )

    def ids(corpus: Small) -> list[str | None]:
        return [e.get("id") for e in rendered(index_pages(corpus)[2].content).iterfind("h3")]

    assert ids(of(FEW_PLACES)) == []
    assert ids(of(FEW_PLACES + 1)) == ["y2020-p33"]


def test_ids_of_places_and_years_stay_what_they_were() -> None:
    _, places, years = ({e.get("id") for e in rendered(o.content).iter("h2", "h3")} for o in index_pages(seeds()))
    assert places == {"p31", "r310113", "p33", "r330104", "r330481", "p37", "r370321"}
    assert years == {"y2019", "y2020", "y2021", "y2023"}

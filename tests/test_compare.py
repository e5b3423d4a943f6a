"""Two plans side by side: which pairs get a page, which tasks stand together, the wording and the figures they share."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from notices.comparing.answers import answers, tasks_of
from notices.comparing.couples import Couple, couples, couples_with
from notices.comparing.figures import figures
from notices.comparing.phrases import shared_wording
from notices.comparing.stretches import SIZE
from notices.emit.card import Card, card_of
from notices.emit.pages.compare import couple_page
from notices.emit.pages.compare_parts import difference
from notices.emit.view import quantity
from notices.links.linking import compiled_rules
from notices.model import Link, Output, Region
from small import Small, numbered
from support import CASES, SEEDS, convert_text, notice_of, rules
from test_escape import OURS, site_markdown

TEXTS = [(CASES / "compare" / f"{name}.txt").read_text("utf-8") for name in ("older", "newer")]
EXPECTED: dict[str, Any] = tomllib.loads((CASES / "compare" / "expected.toml").read_text("utf-8"))
LINKING = compiled_rules(rules())


def of_texts(*texts: str) -> Small:
    """The corpus of notices given as texts."""
    read = (convert_text(text) for text in texts)
    return numbered(
        replace(one, document=replace(one.document, source=replace(one.document.source, path=f"{n}.txt")))
        for n, one in enumerate(read)
    )


TONGLU = of_texts(*TEXTS)
OLDER, NEWER = (TONGLU.by_id[f"zhejiang-tonglu-{year}"] for year in (2022, 2023))


def pairs_of(corpus: Small) -> list[Couple]:
    return couples(corpus.catalogue.cards, corpus.catalogue.between)


def compare_pages(corpus: Small) -> list[Output]:
    """The index and the page of every pair."""
    found = corpus.by_id
    pages = (couple_page(found[one.first.id], found[one.second.id], one.kind, rules()) for one in pairs_of(corpus))
    return [Output("compare/index.md", corpus.outputs["compare/index.md"]), *pages]


def rendered(corpus: Small) -> dict[str, html.HtmlElement]:
    """The comparison pages as a browser gets them, by path."""
    out = {}
    for output in compare_pages(corpus):
        body = output.content.decode("utf-8").split("---\n", 2)[2]
        out[output.path] = html.fromstring(f"<article>{site_markdown().convert(body)}</article>")
    return out


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# --- which pairs ------------------------------------------------------------------------------------------------


def pretended(*plans: tuple[str, str, tuple[str, ...]]) -> dict[str, Card]:
    """Cards of notices that have nothing but an id, a year and a place."""
    card = card_of(OLDER, rules())
    return {key: replace(card, id=key, year=year, region=Region("", path, (), "")) for key, year, path in plans}


def linked(cards: dict[str, Card]) -> dict[str, list[Link]]:
    """The links that such plans get: every other year of the place, every level above and below in the year."""
    found: dict[str, list[Link]] = {key: [] for key in cards}
    for key, one in cards.items():
        for other_key, other in cards.items():
            mine, theirs = (card.region.path if card.region else () for card in (one, other))
            same_year = one.year == other.year
            if mine == theirs and not same_year:
                found[key].append(Link(key, other_key, "year", 1.0, ()))
            if same_year and mine[: len(theirs)] == theirs and len(theirs) < len(mine):
                found[key].append(Link(key, other_key, "above", 1.0, ()))
                found[other_key].append(Link(other_key, key, "below", 1.0, ()))
    return found


PLANS = pretended(
    ("county-2021", "2021", ("省", "市", "县")),
    ("county-2022", "2022", ("省", "市", "县")),
    ("county-2023", "2023", ("省", "市", "县")),
    ("city-2022", "2022", ("省", "市")),
    ("province-2022", "2022", ("省",)),
    ("elsewhere-2022", "2022", ("外省",)),
)


def test_a_plan_is_laid_beside_the_next_level_and_the_next_year_only() -> None:
    found = [couple.name for couple in couples(PLANS, linked(PLANS))]
    assert found == [
        "city-2022--vs--county-2022",
        "province-2022--vs--city-2022",
        "county-2021--vs--county-2022",
        "county-2022--vs--county-2023",
    ]


def test_every_notice_knows_its_own_pairs() -> None:
    links = linked(PLANS)
    every = couples(PLANS, links)
    for key in PLANS:
        assert couples_with(key, PLANS, links) == [one for one in every if key in (one.first.id, one.second.id)]


def test_pairs_and_pages_do_not_depend_on_the_order_of_the_inputs() -> None:
    seeds = [notice_of(path) for path in SEEDS]
    forth = {output.path: output.content for output in compare_pages(numbered(seeds))}
    back = {output.path: output.content for output in compare_pages(numbered(seeds[::-1]))}
    assert forth == back
    assert list(forth) == ["compare/index.md", "compare/zhejiang-2020--vs--zhejiang-jianggan-2020.md"]


def test_both_notices_lead_to_their_page() -> None:
    address = "compare/zhejiang-tonglu-2022--vs--zhejiang-tonglu-2023/"
    assert TONGLU.near(OLDER).beside == ((address, "与桐庐县2023年对照"),)
    assert TONGLU.near(NEWER).beside == ((address, "与桐庐县2022年对照"),)


def test_with_nothing_to_compare_the_index_says_so_calmly() -> None:
    (index,) = rendered(of_texts(TEXTS[0])).values()
    assert index.text_content().count("还没有可以对照的两份要点") == 2


# --- which tasks ------------------------------------------------------------------------------------------------

LAID = answers(OLDER, NEWER, LINKING)


def test_tasks_about_the_same_stand_beside_each_other() -> None:
    found = [[row.first.anchor, row.second.anchor] for row in LAID.rows if row.first and row.second]
    assert found == [pair["tasks"] for pair in EXPECTED["pair"]]


def test_tasks_of_one_plan_only_are_listed_alone() -> None:
    assert [row.first.anchor for row in LAID.rows if row.first and not row.second] == EXPECTED["alone"]["older"]
    assert [row.second.anchor for row in LAID.rows if row.second and not row.first] == EXPECTED["alone"]["newer"]


@pytest.mark.parametrize("corpus", [TONGLU, numbered(notice_of(path) for path in SEEDS)], ids=["years", "levels"])
def test_every_task_of_both_stands_on_the_page_exactly_once(corpus: Small) -> None:
    (couple,) = pairs_of(corpus)
    article = rendered(corpus)[f"compare/{couple.name}.md"]
    shown = [heading.get("id") for heading in article.iter("h3")]
    for letter, notice in zip("ab", (corpus.by_id[card.id] for card in couple[:2]), strict=True):
        mine = [identity.removeprefix(f"{letter}-") for identity in shown if identity.startswith(f"{letter}-")]
        assert sorted(mine) == sorted(task.anchor for task in tasks_of(notice))
        for task in tasks_of(notice):
            heading = article.get_element_by_id(f"{letter}-{task.anchor}")
            assert squeezed(heading.text_content()) == squeezed(task.label + task.title)
            assert heading.find("a").get("href") == f"../../notices/{notice.id}/#{task.anchor}"


def test_the_whole_text_of_a_task_is_on_the_page() -> None:
    article = rendered(TONGLU)["compare/zhejiang-tonglu-2022--vs--zhejiang-tonglu-2023.md"]
    shown = squeezed("".join(article.itertext()))
    for notice in (OLDER, NEWER):
        for task in tasks_of(notice):
            assert squeezed(task.text[len(task.title + task.mark) :]) in shown


def test_a_task_that_is_a_title_alone_has_no_text_below() -> None:
    task = next(clause for clause in OLDER.clauses if clause.task)
    bare = replace(task, paragraphs=(), items=(), mark="")
    spans = tuple(span for span in OLDER.spans if span.clause != task.anchor)
    plan = replace(OLDER, clauses=tuple(bare if one is task else one for one in OLDER.clauses), spans=spans)
    assert bare.text == task.title
    page = couple_page(plan, NEWER, "year", rules()).content.decode("utf-8")
    shown: html.HtmlElement = html.fromstring(f"<article>{site_markdown().convert(page.split('---', 2)[2])}</article>")
    heading = shown.get_element_by_id(f"a-{task.anchor}")
    assert squeezed(heading.text_content()) == squeezed(task.label + task.title)
    assert [one.tag for one in heading.itersiblings()] == []


# --- shared wording ---------------------------------------------------------------------------------------------


def marked(side: int, anchor: str) -> list[str]:
    """The wording of a task that is marked as shared."""
    clause = next(clause for clause in (OLDER, NEWER)[side].clauses if clause.anchor == anchor)
    return [clause.text[start:end] for start, end in LAID.marks[side][anchor]]


@pytest.mark.parametrize("pair", EXPECTED["pair"], ids=lambda pair: "-".join(pair["tasks"]))
def test_shared_wording_is_marked_in_both(pair: dict[str, Any]) -> None:
    for side, anchor in enumerate(pair["tasks"]):
        assert set(pair["wording"]) <= set(marked(side, anchor))


def test_who_is_responsible_and_words_of_every_plan_are_not_shared_wording() -> None:
    every = "".join(
        phrase for side, n in enumerate((OLDER, NEWER)) for t in tasks_of(n) for phrase in marked(side, t.anchor)
    )
    assert "基层卫生科" in tasks_of(OLDER)[0].text
    assert "责任科室" not in every
    weights = LINKING.weights.general_ends
    text = "进一步加强组织领导。切实做到统筹推进重点工作。"
    assert shared_wording([text], [text], weights, LINKING.left_out).first == [[]]


def test_a_figure_that_differs_is_not_cut_in_two() -> None:
    shared = shared_wording(
        ["适龄儿童接种率达到90%"], ["适龄儿童接种率达到95%"], LINKING.weights.general_ends, LINKING.left_out
    )
    assert shared.first == [[(0, len("适龄儿童接种率达到"))]]


#: Texts of few words, so that they share much by chance.
WORDS = (
    "医共体",
    "托育服务机构",
    "家庭医生签约率",
    "达到",
    "90%",
    "95%",
    "3岁以下",
    "，",
    "。",
    "\n",
    "进一步加强",
    "（市卫生健康局牵头）",
)
PHRASES = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)


@settings(deadline=None)
@given(st.lists(PHRASES, max_size=4), st.lists(PHRASES, max_size=4))
def test_shared_wording_stands_letter_for_letter_in_both(first: list[str], second: list[str]) -> None:
    shared = shared_wording(first, second, LINKING.weights.general_ends, LINKING.left_out)
    for side, others, stretches in ((first, second, shared.first), (second, first, shared.second)):
        for text, found in zip(side, stretches, strict=True):
            assert all(end - start >= SIZE for start, end in found)
            assert all(one[1] <= other[0] for one, other in pairwise(found))
            assert all(any(text[start:end] in other for other in others) for start, end in found)
    back = shared_wording(second, first, LINKING.weights.general_ends, LINKING.left_out)
    assert (back.first, back.second) == (shared.second, shared.first)


def test_a_text_that_repeats_itself_thousands_of_times_is_no_trouble() -> None:
    text = "实施健康浙江行动方案，" * 2000
    shared = shared_wording([text], [text], LINKING.weights.general_ends, LINKING.left_out)
    assert shared.common[0, 0] <= len(text)


def test_plans_that_share_nothing_say_so() -> None:
    pages = of_texts(TEXTS[0], (CASES / "compare" / "unlike.txt").read_text("utf-8"))
    article = rendered(pages)["compare/zhejiang-tonglu-2022--vs--zhejiang-tonglu-2023.md"]
    assert "两份要点没有六个字以上相同的原话。" in article.text_content()
    assert "0项任务能对上" in article.text_content()
    assert "两份要点没有名称相同的量化指标。" in article.text_content()
    assert [*article.iter("mark")] == article.xpath("//p/mark[text()='这样标出的字']")


# --- figures ----------------------------------------------------------------------------------------------------

FACING = {one.first[0].indicator: one for one in figures(OLDER, NEWER, same_place=True).facing}


def test_figures_of_the_same_indicator_face_each_other() -> None:
    assert list(FACING) == [figure["indicator"] for figure in EXPECTED["figure"]]


@pytest.mark.parametrize("expected", EXPECTED["figure"], ids=lambda figure: str(figure["indicator"]))
def test_how_two_figures_differ_is_said_in_words(expected: dict[str, str]) -> None:
    found = FACING[expected["indicator"]]
    assert quantity(found.first[0].span) == expected["older"]
    assert quantity(found.second[0].span) == expected["newer"]
    shown: html.HtmlElement = html.fromstring(f"<p>{difference(found, '桐庐县2023年')}</p>")
    assert shown.text_content() == expected["difference"]


def test_every_figure_of_both_plans_is_in_one_place_only() -> None:
    found = figures(OLDER, NEWER, same_place=True)
    faced = [[*one.first] for one in found.facing], [[*one.second] for one in found.facing]
    for notice, facing, only in zip((OLDER, NEWER), faced, (found.only_first, found.only_second), strict=True):
        spans = [figure.span for group in facing for figure in group] + [figure.span for figure in only]
        assert sorted(map(id, spans)) == sorted(id(span) for span in notice.spans if span.kind == "target")


def test_amounts_of_a_province_and_a_district_are_not_subtracted() -> None:
    seeds = numbered(notice_of(path) for path in SEEDS).by_id
    found = figures(seeds["zhejiang-2020"], seeds["zhejiang-jianggan-2020"], same_place=False)
    beds = next(one for one in found.facing if one.first[0].indicator == "托位")
    assert (quantity(beds.first[0].span), quantity(beds.second[0].span)) == ("5000个", "90个")
    assert (beds.more, beds.why) == (None, "各按本级的范围")


def test_a_longer_name_faces_a_shorter_one_of_the_same_unit_and_the_page_says_that_they_differ() -> None:
    seeds = numbered(notice_of(path) for path in SEEDS).by_id
    found = figures(seeds["zhejiang-2020"], seeds["zhejiang-jianggan-2020"], same_place=False)
    names = [(one.first[0].indicator, one.second[0].indicator) for one in found.facing if not one.same_name]
    assert names == [("3岁以下婴幼儿照护服务机构", "婴幼儿照护服务机构")]
    shown = [difference(one, "江干区2020年") for one in found.facing if not one.same_name]
    assert all("指标名称不完全相同" in words for words in shown)


# --- data stays data --------------------------------------------------------------------------------------------

OWN = {"a", "p", "ul", "li", "div", "span", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "mark", "strong", "details", "summary", "br", "article"}  # fmt: skip


@pytest.mark.parametrize("hostile", [text for text in OURS if text.strip() and "\n" not in text])
def test_hostile_text_stays_text(hostile: str) -> None:
    changed = [text.replace("改造村卫生室。", f"改造{hostile}村卫生室。{hostile}") for text in TEXTS]
    corpus = of_texts(*changed)
    (couple,) = pairs_of(corpus)
    article = rendered(corpus)[f"compare/{couple.name}.md"]
    assert {element.tag for element in article.iter()} <= OWN
    assert not any(name.startswith("on") for element in article.iter() for name in element.attrib)
    addresses = [element.get("href") for element in article.iter("a")]
    assert all(re.match(r"#|\.\./|index\.md|toc", str(address)) for address in addresses), addresses
    for task in tasks_of(corpus.by_id[couple.first.id]):
        shown = squeezed(article.get_element_by_id(f"a-{task.anchor}").text_content())
        assert shown == squeezed(task.label + (task.title or task.text.partition("\n")[0][:28]))

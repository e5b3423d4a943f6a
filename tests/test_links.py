"""Links between notices: what is linked, what is not, and what a reader is shown as the reason."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import links_eval
import marks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.chars import fold
from notices.links.citing import title_key
from notices.links.link import link
from notices.links.linking import compiled_rules
from notices.links.plans import body_of, field_of
from notices.model import Clause, Field, Item, Link, Notice, Span
from notices.rules import RulesError
from support import rules, within_bounds

DRAINAGE = "加快老旧小区雨污分流改造，完成地下管网普查，消除易涝积水点，新建雨水泵站。"
DRAINAGE_TOO = "实施雨污分流改造，开展地下管网普查和清淤，整治易涝积水点。"
SCHOOL = "新建公办幼儿园，扩大普惠性学前教育资源，完善课后服务，减轻学生作业负担。"
TEA = "扶持茶叶合作社，推广绿色防控，培育区域公用品牌，举办开茶节。"
ROADS = "改造农村公路，修复水毁路段，安装护栏，提升客运班线通达率。"
LIBRARY = "图书馆延长开放时间，流动书车进村，举办全民阅读月活动，更新古籍书库。"


def clause(text: str, anchor: str, items: Sequence[str] = ()) -> Clause:
    """A task; `items` are the texts after 一是, 二是, which the task's text goes on to print."""
    whole = text + "".join(f"{'一二三四五六'[i]}是{item}" for i, item in enumerate(items))
    made = marks.notice(whole, rules(), anchor=anchor).clauses[0]
    parts = tuple(Item(f"{anchor}-i{i + 1}", f"{'一二三四五六'[i]}是", item, 0, 0) for i, item in enumerate(items))
    return replace(made, items=parts)


def plan(
    identity: str,
    *tasks: str | Clause,
    year: str = "2021",
    place: str = "330481",
    title: str = "工作要点",
    issuer: str | None = None,
    number: str | None = None,
    spans: tuple[Span, ...] = (),
) -> Notice:
    """A notice of several tasks, s1-t1 and so on."""
    base = marks.notice("", rules(), year=year, place=place)
    meta = replace(base.meta, title=Field(f"{year}年{title}"), issuer=Field(issuer), doc_number=Field(number))
    clauses = tuple(clause(t, f"s1-t{i}") if isinstance(t, str) else t for i, t in enumerate(tasks, 1))
    return replace(base, id=identity, meta=meta, clauses=clauses, spans=spans)


def topic(label: str, anchor: str = "s1-t1") -> Span:
    return Span("topic", anchor, 0, 1, (("label", label), ("rank", 1)), "topics/case")


def citation(relation: str = "cites", title: str = "", number: str = "", anchor: str = "s1-t1") -> Span:
    value = (
        ("relation", relation),
        *((("title", title),) if title else ()),
        *((("doc_number", number),) if number else ()),
    )
    return Span("citation", anchor, 0, 1, value, "citations/case")


def of_kind(kind: str, *notices: Notice) -> list[Link]:
    return [one for one in link(notices, rules()) if one.kind == kind]


# --- related tasks ----------------------------------------------------------------------------------------------


def test_tasks_about_the_same_are_linked_both_ways_with_words_to_check() -> None:
    found = of_kind("related", plan("a", DRAINAGE, SCHOOL, TEA), plan("b", LIBRARY, DRAINAGE_TOO, ROADS))
    assert [(one.source, one.target) for one in found] == [("a#s1-t1", "b#s1-t2"), ("b#s1-t2", "a#s1-t1")]
    assert "雨污分流改造" in found[0].evidence
    assert "易涝积水点" in found[0].evidence
    assert found[0].evidence == found[1].evidence
    assert 0 < found[0].score < 1


def test_a_task_without_a_relative_gets_none() -> None:
    assert of_kind("related", plan("a", DRAINAGE, SCHOOL), plan("b", TEA, ROADS, LIBRARY)) == []


def test_general_words_alone_relate_nothing() -> None:
    one = "进一步加强组织领导，健全工作机制，全面落实各项任务，加大监督检查和考核力度。"
    other = "切实加强组织领导，完善工作机制，扎实推进重点任务落实，强化监督检查和考核评价。"
    assert of_kind("related", plan("a", one, DRAINAGE, TEA), plan("b", other, SCHOOL, ROADS)) == []


def test_responsible_units_in_brackets_relate_nothing() -> None:
    units = "（市发展和改革局、市自然资源和规划局、市综合行政执法局牵头，市供销合作总社、市残疾人联合会配合）"
    assert of_kind("related", plan("a", TEA + units, DRAINAGE), plan("b", ROADS + units, SCHOOL)) == []


def test_tasks_of_one_notice_are_not_linked() -> None:
    assert of_kind("related", plan("a", DRAINAGE, DRAINAGE_TOO, SCHOOL)) == []


def test_a_copied_task_is_one_link_of_score_one() -> None:
    found = of_kind("related", plan("a", DRAINAGE), plan("b", DRAINAGE))
    assert [(one.source, one.target, one.score) for one in found] == [
        ("a#s1-t1", "b#s1-t1", 1.0),
        ("b#s1-t1", "a#s1-t1", 1.0),
    ]


def test_half_and_full_width_are_alike() -> None:
    found = of_kind("related", plan("a", "推广ＡＥＤ，配置ＤＲＧｓ系统"), plan("b", "推广AED,配置DRGs系统"))
    assert [one.score for one in found] == [1.0, 1.0]


def test_a_shared_topic_lowers_the_threshold() -> None:
    one = "开展河道清淤，治理黑臭水体，严查沿河排污口，恢复水生植被，落实河长巡河，公布断面数据，发动志愿者护河，拆除沿岸违建，疏通入海闸口，打捞水葫芦，划定禁养范围。"
    other = "建设海绵公园，增加透水铺装，栽植乡土树种，治理黑臭水体，更换节水灌溉设备，铺设健身步道，亮化夜间照明，增设无障碍坡道，移栽古树名木，回填废弃矿坑，修缮亭台廊桥。"
    pair = plan("a", one, SCHOOL, TEA), plan("b", other, ROADS, LIBRARY)
    assert of_kind("related", *pair) == []
    same = [replace(notice, spans=(topic("ST"),)) for notice in pair]
    assert [one.source for one in of_kind("related", *same)] == ["a#s1-t1", "b#s1-t1"]
    other_topic = (same[0], replace(same[1], spans=(topic("CY"),)))
    assert of_kind("related", *other_topic) == []


def test_one_item_of_a_mixed_task_relates_and_is_named() -> None:
    mixed = clause("统筹做好民生工作。", "s1-t1", [SCHOOL, TEA, DRAINAGE, ROADS, LIBRARY])
    found = of_kind(
        "related", plan("a", mixed, "规范殡葬服务，建设公益性骨灰堂。"), plan("b", DRAINAGE_TOO, "整治养犬行为。")
    )
    assert [(one.source, one.target) for one in found] == [("a#s1-t1", "b#s1-t1"), ("b#s1-t1", "a#s1-t1-i3")]
    assert found[0].evidence[-1] == "本条三是"
    assert found[1].evidence[-1] == "对方三是"


def test_never_padded_and_never_more_than_the_limit() -> None:
    most = compiled_rules(rules()).most
    crowd = [plan(f"n{i:02d}", DRAINAGE_TOO, SCHOOL[i:], TEA[i:]) for i in range(most + 4)]
    counts = Counter(one.source for one in of_kind("related", plan("a", DRAINAGE, ROADS), *crowd))
    assert max(counts.values()) == most
    assert counts["a#s1-t1"] == most
    assert "a#s1-t2" not in counts


def test_a_score_does_not_depend_on_the_other_notices() -> None:
    pair = plan("a", DRAINAGE, SCHOOL), plan("b", DRAINAGE_TOO, TEA)
    more = [plan(f"n{i}", ROADS + f"其{chr(0x4E00 + 99 * i)}一", LIBRARY) for i in range(40)]
    alone = of_kind("related", *pair)
    assert alone == [one for one in of_kind("related", *pair, *more) if one.source[0] in "ab" and one.target[0] in "ab"]


def test_links_do_not_depend_on_the_order_of_notices() -> None:
    notices = [
        plan("a", DRAINAGE, SCHOOL, year="2020", issuer="海宁市教育局"),
        plan("b", DRAINAGE_TOO, TEA, year="2021", issuer="海宁市教育局"),
        plan("c", SCHOOL, DRAINAGE + ROADS, year="2021", place="330000", issuer="浙江省教育厅"),
        plan("d", LIBRARY, SCHOOL, spans=(citation(number="浙教〔2021〕1号"),)),
        plan("e", TEA, DRAINAGE, number="浙教〔2021〕1号"),
    ]
    first = link(notices, rules())
    assert {one.kind for one in first} == {"related", "year", "above", "below", "cites"}
    for seed in range(5):
        random.Random(seed).shuffle(notices)
        assert link(notices, rules()) == first


def test_a_text_without_han_is_no_trouble() -> None:
    assert link([plan("a", "", "123"), plan("b", "", "123", "……")], rules()) == ()
    assert link([], rules()) == ()


@pytest.mark.parametrize("text", ["(" * 20_000, "(负责" * 7_000, "（" + "负责" * 10_000, "雨污" * 10_000, SCHOOL * 600])
def test_a_hostile_text_stays_within_the_time_of_a_file(text: str) -> None:
    assert within_bounds(link, [plan("a", text * 3, DRAINAGE), plan("b", text * 3, DRAINAGE)], rules())


# --- other years, levels above and below ------------------------------------------------------------------------


HEALTH = "卫生健康工作要点"


def test_the_same_body_in_other_years() -> None:
    one = plan("a", title=f"全市{HEALTH}", year="2020", issuer="海宁市卫生健康局")
    other = plan("b", title=f"海宁市{HEALTH}", year="2022", issuer="海宁市卫生健康局")
    found = of_kind("year", one, other)
    assert [(k.source, k.target, k.evidence, k.score) for k in found] == [
        ("a", "b", ("同一发文机关", "2022年"), 1.0),
        ("b", "a", ("同一发文机关", "2020年"), 1.0),
    ]


@pytest.mark.parametrize(
    ("issuer", "title", "place", "year", "linked", "why"),
    [
        ("海宁市卫生和计划生育局", "全市卫生计生工作要点", "330481", "2017", True, "a predecessor's name"),
        ("海宁市卫生健康局", "工作要点", "330481", "2019", True, "the title names no field: the issuer's"),
        (None, f"海宁市{HEALTH}", "330481", "2019", True, "no issuer, but place and field agree"),
        ("海宁市卫生健康局", f"海宁市{HEALTH}", "330481", "2020", False, "the same year"),
        ("海宁市卫生健康局", "爱国卫生工作要点", "330481", "2019", False, "another field of the same body"),
        ("桐乡市卫生健康局", f"桐乡市{HEALTH}", "330483", "2019", False, "another place"),
        ("海宁市教育局", "教育工作要点", "330481", "2019", False, "another body"),
        ("健康海宁建设领导小组", f"海宁市{HEALTH}", "330481", "2019", False, "the same field, another body"),
        ("海宁市卫生健康局", "卫生健康工作总结", "330481", "2019", False, "no plan"),
        (None, "工作要点", "330481", "2019", False, "neither issuer nor field"),
    ],
)
def test_years(issuer: str | None, title: str, place: str, year: str, linked: bool, why: str) -> None:
    one = plan("a", title=f"海宁市{HEALTH}", year="2020", issuer="海宁市卫生健康局")
    other = plan("b", title=title, year=year, place=place, issuer=issuer)
    assert bool(of_kind("year", one, other)) == linked, why


def test_the_levels_above_and_below_in_the_same_year() -> None:
    province = plan("p", title=f"全省{HEALTH}", place="330000", issuer="浙江省卫生健康委")
    city = plan("c", title=f"嘉兴市{HEALTH}", place="330400", issuer="嘉兴市卫生健康委员会")
    county = plan("d", title=f"海宁市{HEALTH}", place="330481", issuer="海宁市卫生健康局")
    above = of_kind("above", province, city, county)
    assert [(k.source, k.target) for k in above] == [("c", "p"), ("d", "c"), ("d", "p")]
    assert {(k.target, k.source) for k in above} == {
        (k.source, k.target) for k in of_kind("below", province, city, county)
    }
    assert above[1].evidence == ("上级", "嘉兴市", "2021年")


@pytest.mark.parametrize(
    ("issuer", "title", "place", "year", "why"),
    [
        ("浙江省卫生健康委", f"全省{HEALTH}", "330000", "2020", "another year"),
        ("浙江省教育厅", "全省教育工作要点", "330000", "2021", "another field"),
        ("浙江省人民政府办公厅", "重点工作", "330000", "2021", "whole government is above whole government only"),
        ("江苏省卫生健康委", f"全省{HEALTH}", "320000", "2021", "another province"),
        ("桐乡市卫生健康局", f"桐乡市{HEALTH}", "330483", "2021", "a neighbour"),
    ],
)
def test_no_level_above(issuer: str, title: str, place: str, year: str, why: str) -> None:
    county = plan("d", title=f"海宁市{HEALTH}", place="330481", issuer="海宁市卫生健康局")
    other = plan("p", title=title, place=place, year=year, issuer=issuer)
    assert of_kind("above", county, other) + of_kind("below", county, other) == [], why


def test_governments_as_a_whole() -> None:
    county = plan("d", title="政府重点工作", place="330481", issuer="海宁市人民政府")
    province = plan("p", title="工作要点", place="330000", issuer="浙江省人民政府办公厅")
    assert [(k.source, k.target) for k in of_kind("above", county, province)] == [("d", "p")]


@pytest.mark.parametrize("table", rules().tables["links"]["body"], ids=lambda table: str(table["id"]))
def test_names_of_bodies(table: dict[str, Any]) -> None:
    ready = compiled_rules(rules())
    assert all(body_of(name, (), ready.bodies, ready.body_end) == table["id"] for name in table["hits"])
    assert not any(body_of(name, (), ready.bodies, ready.body_end) == table["id"] for name in table["misses"])


def test_patterns_of_the_rules() -> None:
    table, ready = rules().tables["links"], compiled_rules(rules())
    assert all(ready.left_out.search(fold(text)) for text in table["left_out"]["hits"])
    assert not any(ready.left_out.search(fold(text)) for text in table["left_out"]["misses"])
    assert all(field_of(text, (), ready.plan) is not None for text in table["plan"]["hits"])
    assert all(field_of(text, (), ready.plan) is None for text in table["plan"]["misses"])
    assert all(ready.body_end.search(text) for text in table["body_end"]["hits"])
    assert not any(ready.body_end.search(text) for text in table["body_end"]["misses"])


def test_a_missing_number_is_named() -> None:
    table = {key: value for key, value in rules().tables["links"].items() if key != "related"}
    with pytest.raises(RulesError, match=r"links\.toml.*related"):
        link([], replace(rules(), tables={**rules().tables, "links": table}))


# --- cited documents --------------------------------------------------------------------------------------------


CITED = plan("x", TEA, title="海宁市节水行动实施方案", number="海政发〔2021〕 5号")


def cites(span: Span, *others: Notice, place: str = "330481") -> list[tuple[str, str, tuple[str, ...]]]:
    source = plan("s", ROADS, place=place, spans=(span,))
    return [(k.source, k.target, k.evidence) for k in of_kind("cites", source, *others)]


def test_cited_by_title() -> None:
    cited = replace(CITED, meta=replace(CITED.meta, title=Field("关于印发《海宁市节水行动实施方案》的通知")))
    expected = [("s#s1-t1", "x", ("海宁市节水行动实施方案",))]
    assert cites(citation(title="海宁市节水行动实施方案"), cited) == expected
    assert cites(citation("to_be_drawn_up", title="海宁市节水行动实施方案"), cited) == expected


def test_cited_by_number_however_it_is_printed() -> None:
    assert cites(citation("docno_cited", number="海政发〔2021〕5号"), CITED) == [
        ("s#s1-t1", "x", ("海政发〔2021〕5号",))
    ]
    assert cites(citation("docno_cited", number="海政发[２０２１]5号"), CITED) != []


def test_a_number_decides_between_notices_of_one_title() -> None:
    twin = replace(CITED, id="y", meta=replace(CITED.meta, doc_number=Field("海政发〔2021〕6号")))
    title = str(CITED.meta.title.value)
    assert cites(citation(title=title), CITED, twin) == []
    assert [target for _, target, _ in cites(citation(title=title, number="海政发〔2021〕6号"), CITED, twin)] == ["y"]
    assert cites(citation(title=title, number="海政发〔2021〕7号"), CITED, twin) == [], "another document of that title"


def test_a_title_printed_everywhere_means_the_one_of_the_own_place_or_above() -> None:
    here = plan("h", TEA, title="全省卫生健康工作要点", place="330000")
    elsewhere = plan("w", TEA, title="全省卫生健康工作要点", place="370000")
    span = citation(title="2021年全省卫生健康工作要点")
    assert [target for _, target, _ in cites(span, here, elsewhere)] == ["h"]
    assert cites(span, elsewhere) == []


def test_what_is_no_citation_of_another_notice() -> None:
    assert cites(citation("self", title="海宁市节水行动实施方案"), CITED) == []
    assert cites(citation("docno_own", number="海政发〔2021〕5号"), CITED) == []
    assert cites(citation(title="节水行动"), CITED) == []
    own = plan("s", TEA, title="海宁市茶产业方案", spans=(citation(title="2021年海宁市茶产业方案"),))
    assert of_kind("cites", own) == []


def test_titles_are_compared_without_their_wrapping() -> None:
    assert title_key("市政府关于印发《节水  行动方案》的通知") == "节水行动方案"
    assert title_key("节水行动方案(2020－2022年)") == title_key("节水行动方案（2020-2022年）")


# --- any text, and the measured quality -------------------------------------------------------------------------

WORDS = [
    "雨污分流",
    "管网普查",
    "一是",
    "茶叶",
    "AED",
    "进一步加强",
    "。",
    "，",
    "（市财政局负责）",
    "2021年",
    "𠮷",
    "\n",
    "《",
    "»",
    " ",
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=20).map("".join))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=4), max_size=4), st.randoms(use_true_random=False))
def test_any_texts(tasks: list[list[str]], draw: random.Random) -> None:
    notices = [plan(f"n{i}", *texts, year=str(2020 + i % 2)) for i, texts in enumerate(tasks)]
    found = link(notices, rules())
    draw.shuffle(notices)
    assert link(notices, rules()) == found
    assert list(found) == sorted(found, key=lambda k: (k.source, k.kind, -k.score, k.target, k.evidence))
    least = compiled_rules(rules()).same_topic
    for one in found:
        assert one.source.partition("#")[0] != one.target.partition("#")[0]
        assert least - 0.001 <= one.score <= 1
        assert one.evidence


@cache
def scores() -> dict[str, links_eval.Related]:
    return links_eval.results()


def test_nine_links_in_ten_are_right_and_most_tasks_with_a_relative_get_one() -> None:
    for name in ("all", "seeds", "seed-003"):
        assert scores()[name].precision >= 0.9, scores()[name]
        assert scores()[name].coverage >= 2 / 3, scores()[name]


def test_every_address_of_a_link_resolves() -> None:
    notices = links_eval.seeds()
    anchors = {n.id for n in notices}
    for notice in notices:
        for part in notice.clauses:
            inner = (*(p.anchor for p in part.paragraphs), *(i.anchor for i in part.items))
            anchors |= {f"{notice.id}#{anchor}" for anchor in (part.anchor, *inner)}
    for one in link(notices, rules()):
        assert {one.source, one.target} <= anchors

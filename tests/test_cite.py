"""How a clause is cited: its place in words, and the head of each form, from what the source prints and nothing else."""

from __future__ import annotations

import pytest
from lxml import html
from notices.emit import cite
from notices.emit.around import Around
from notices.emit.cite import item_place, official, paragraph_place, reference_2015, reference_2025
from notices.emit.notice_page import notice_page
from notices.model import Field, Meta, Notice
from support import convert_text

PLAN = """2022年海宁市卫生健康工作要点
全年工作总的要求是稳中求进，扎实做好各项工作。
一、深化改革
（一）完善体系。推进县域医共体建设，全年新增3家。
1.健全机制。一是建立例会制度。二是完善考核办法。三是加强督导检查。
（1）市级专班。由市卫生健康局牵头组建专班，按月调度。
二、加强保障
（一）强化投入。落实财政投入政策，保障重点项目。
"""
RUNNING = """2022年海宁市卫生健康工作要点
一、深化改革
1.推进医共体建设。全年新增医共体3家，覆盖全部乡镇。
2.完善药品供应。落实国家药品集采政策，保障供应。
二、加强保障
3.守牢安全底线。开展安全生产检查，消除隐患。
同时，建立安全生产月报制度，每月通报一次。
4优化服务。推行一站式服务，方便群众办事。
"""
LAW = """海宁市公共卫生管理办法
第一章 总则
第一条 为了加强公共卫生管理，制定本办法。
第二条 有下列情形之一的，给予表扬：
（一）成绩突出的；
（二）有其他贡献的。
第二章 附则
第三条 本办法自2022年1月1日起施行。
"""


def places(text: str) -> dict[str, str]:
    """Anchor → the clause's place in words."""
    notice = convert_text(text)
    return cite.places(notice)


@pytest.mark.parametrize(
    ("text", "anchor", "words"),
    [
        (PLAN, "preamble", "总述"),
        (PLAN, "s1", "第一部分"),
        (PLAN, "s2-c1", "第二部分第（一）项"),
        (PLAN, "s1-c1-t1", "第一部分第（一）项第1目"),
        (PLAN, "s1-c1-t1-n1", "第一部分第（一）项第1目第（1）点"),
        (RUNNING, "s2-t3", "第二部分第3项"),
        (LAW, "ch1", "第一章"),
        (LAW, "ch1-a1", "第一条"),
        (LAW, "ch2-a3", "第三条"),
    ],
)
def test_a_place_is_named_by_the_numbers_printed(text: str, anchor: str, words: str) -> None:
    assert places(text)[anchor] == words


def test_an_article_whose_number_starts_anew_in_each_chapter_is_named_with_its_chapter() -> None:
    found = places(LAW.replace("第三条", "第一条"))
    assert found["ch2-a1"] == "第二章第一条"


def test_a_number_printed_twice_says_which_of_the_two() -> None:
    found = places(RUNNING.replace("2.完善", "1.完善"))
    assert found["s1-t1"] == "第一部分第1项"
    assert found["s1-t1-x2"] == "第一部分第1项（第2处）"


def test_items_and_paragraphs_follow_their_clause() -> None:
    clause = next(c for c in convert_text(PLAN).clauses if c.anchor == "s1-c1-t1")
    assert [item_place(item) for item in clause.items] == ["“一是”", "“二是”", "“三是”"]
    later = next(c for c in convert_text(RUNNING).clauses if c.anchor == "s2-t3")
    assert [paragraph_place(p.anchor) for p in later.paragraphs[1:]] == ["第2段"]


def meta(**fields: str) -> Meta:
    """A notice's metadata with these values and no others."""
    return Meta(**{name: Field(value) for name, value in fields.items()})  # type: ignore[arg-type]


FULL = meta(
    title="2020年全省卫生健康工作要点",
    issuer="浙江省卫生健康委",
    doc_number="浙卫发〔2020〕11号",
    issued="2020-03-25",
    published="2020-03-26",
)


def test_the_forms_of_a_notice_that_prints_everything() -> None:
    assert official(FULL) == "《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号）"
    named = "浙江省卫生健康委. 2020年全省卫生健康工作要点：浙卫发〔2020〕11号[EB/OL]. "
    assert reference_2015(FULL) == named + "(2020-03-26)"
    assert reference_2025(FULL) == named + "（2020-03-26）"


def test_without_a_number_issuer_and_date_stand_in_the_official_form() -> None:
    haining = meta(title="2021年健康海宁建设工作要点", issuer="健康海宁办", issued="2021-11-19", published="2022-05-11")
    assert official(haining) == "健康海宁办《2021年健康海宁建设工作要点》（2021年11月19日）"
    assert reference_2025(haining) == "健康海宁办. 2021年健康海宁建设工作要点[EB/OL]. （2022-05-11）"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "工作要点"}, "《工作要点》"),
        ({"title": "工作要点", "published": "2022-05"}, "《工作要点》（2022年5月发布）"),
        (
            {"title": "关于印发《工作要点》的通知", "doc_number": "〔2020〕1号"},
            "《关于印发〈工作要点〉的通知》（〔2020〕1号）",
        ),
        ({}, "（无标题）"),
    ],
)
def test_what_is_not_printed_is_left_out(fields: dict[str, str], words: str) -> None:
    assert official(meta(**fields)) == words


def test_references_leave_out_what_is_not_printed() -> None:
    assert reference_2015(meta(title="工作要点")) == "工作要点[EB/OL]. "
    assert reference_2025(meta()) == "[无标题][EB/OL]. "


def test_several_issuers_are_set_apart_as_each_edition_asks() -> None:
    joint = meta(title="方案", issuer="甲厅、乙厅、丙厅、丁厅")
    assert reference_2015(joint) == "甲厅, 乙厅, 丙厅, 等. 方案[EB/OL]. "
    assert reference_2025(joint) == "甲厅，乙厅，丙厅，等. 方案[EB/OL]. "


def page_of(notice: Notice) -> str:
    return notice_page(notice, Around(), {}, {}).content.decode("utf-8")


def test_every_clause_carries_its_place_and_a_link_to_the_received_text() -> None:
    notice = convert_text(RUNNING)
    page, where = page_of(notice), cite.places(notice)
    for clause in notice.clauses:
        place = where[clause.anchor]
        assert f'data-clause="{clause.anchor}" data-cite="{place}">' in page
        assert f'<a href="source/#L{clause.line}">对照原文</a>' in page


def test_hostile_characters_stay_text_in_the_facts() -> None:
    title = '2022年"><script>alert(1)</script>&amp;工作要点'
    notice = convert_text(RUNNING.replace("2022年海宁市卫生健康工作要点", title))
    line = next(line for line in page_of(notice).splitlines() if 'id="y-notice"' in line)
    facts = html.fragment_fromstring(line)
    assert facts.get("data-title") == notice.meta.title.value
    assert facts.get("data-official") == official(notice.meta)
    assert "script" in str(facts.get("data-title"))
    assert list(facts) == []

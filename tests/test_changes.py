"""What changed since the last build: clause by clause, nothing left out and nothing told twice."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.jsontext import to_json
from notices.model import Output
from notices.told.changes import Changes, ClauseChange, NoticeChange, compare, difference, parts, since
from notices.told.screen import change_lines, clause_line, notice_lines, sums
from notices.told.tallies import Tally
from support import SEEDS, data_of

Data = dict[str, Any]


def clause(anchor: str, text: str, title: str = "", label: str = "") -> Data:
    return {
        "anchor": anchor,
        "aliases": [],
        "parent": None,
        "style": "t",
        "number": None,
        "label": label,
        "title": title,
        "task": True,
        "line": 1,
        "text": text,
        "paragraphs": [],
        "items": [],
        "damage": [],
    }


def notice(*texts: str) -> Data:
    """A notice with the clauses t1, t2, …; a title stands before “。”."""
    clauses = [clause(f"t{n}", text, text.partition("。")[0], f"{n}.") for n, text in enumerate(texts, 1)]
    return {**data_of(SEEDS[0]), "clauses": clauses, "annotations": [], "links": [], "ledger": []}


def told(before: Data, after: Data) -> list[tuple[str, str, str]]:
    found = compare(before, after)
    return [(one.kind, one.was, one.anchor) for one in found.clauses] if found else []


A, B, C, D = (
    f"{name}。推进{name}，全年组织{n}次。" for n, name in enumerate(("甲项工作", "乙项工作", "丙项工作", "丁项工作"), 1)
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((A, B, C), (A, B, C), []),
        ((A, C), (A, B, C), [("新增", "", "t2"), ("换号", "t2", "t3")]),
        ((A, B, C), (A, C), [("换号", "t3", "t2"), ("删去", "t2", "")]),
        ((A, B), (B, A), [("换号", "t2", "t1"), ("换号", "t1", "t2")]),
        ((A, B), (A, B.replace("2次", "3次")), [("改动", "t2", "t2")]),
        # put in before, and changed as well: known by its title
        ((A, B), (A, C, B.replace("2次", "3次")), [("新增", "", "t2"), ("改动", "t2", "t3")]),
        ((A, B), (A, D), [("改动", "t2", "t2")]),  # an address that says something else is a change of it
        (("甲段", "乙段"), ("丙段", "甲段", "乙段"), [("新增", "", "t1"), ("换号", "t1", "t2"), ("换号", "t2", "t3")]),
        ((A, A, B), (A, B), [("换号", "t3", "t2"), ("删去", "t2", "")]),
    ],
    ids=[
        "nothing",
        "put in",
        "taken out",
        "swapped",
        "edited",
        "put in and edited",
        "replaced",
        "no titles",
        "a double taken out",
    ],
)
def test_clauses(before: tuple[str, ...], after: tuple[str, ...], expected: list[tuple[str, str, str]]) -> None:
    assert told(notice(*before), notice(*after)) == expected


TEXTS = st.lists(st.sampled_from([A, B, C, D, "", "短", "甲项工作。改过。", "乙项工作。"]), max_size=7)


@given(TEXTS, TEXTS)
def test_every_clause_that_is_not_as_it_was_is_named_exactly_once(old: list[str], new: list[str]) -> None:
    before, after = notice(*old), notice(*new)
    named = told(before, after)
    was, now = [one[1] for one in named if one[1]], [one[2] for one in named if one[2]]
    assert len(was) == len(set(was))
    assert len(now) == len(set(now))
    olds, news = ({c["anchor"]: c for c in data["clauses"]} for data in (before, after))
    assert set(was) == {a for a in olds if olds[a] != news.get(a)}
    assert set(now) == {a for a in news if news[a] != olds.get(a)}


@given(TEXTS)
def test_nothing_changed_nothing_told(texts: list[str]) -> None:
    assert compare(notice(*texts), notice(*texts)) is None


@given(st.lists(st.sampled_from([A, B, C, D]), unique=True), st.integers(0, 4))
def test_a_clause_put_in_moves_the_others_and_changes_none(texts: list[str], at: int) -> None:
    after = [*texts[:at], "新的一项。推进新的一项。", *texts[at:]]
    kinds = [kind for kind, _, _ in told(notice(*texts), notice(*after))]
    assert kinds.count("新增") == 1
    assert set(kinds) <= {"新增", "换号"}


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_a_real_notice_is_the_same_as_itself_and_after_a_round_trip(path: Path) -> None:
    data = json.loads(to_json(data_of(path)))
    assert compare(data, data_of(path)) is None


def test_what_readers_do_not_see_is_no_change() -> None:
    before, after = notice(A, B), notice(A, B)
    for one in after["clauses"]:
        one["line"] += 3
    after["source"] = {**after["source"], "sha256": "0" * 64}
    assert compare(before, after) is None


ASPECTS: list[tuple[str, Callable[[Data], object]]] = [
    ("标题的起止", lambda c: c.update(title="乙")),
    ("分项", lambda c: c["items"].append({"anchor": "t2-i1", "label": "一是", "text": "推进"})),
    ("是否算一项任务", lambda c: c.update(task=False)),
    ("缺损", lambda c: c["damage"].append("unclosed")),
    ("编号的写法", lambda c: c.update(label="2、")),
    ("所在的上一级", lambda c: c.update(parent="t1")),
    ("编号的层次", lambda c: c.update(style="c")),
    ("分段", lambda c: c["paragraphs"].append({"anchor": "t2-p2", "text": "又一段", "line": 9})),
]


@pytest.mark.parametrize(("name", "edit"), ASPECTS, ids=[name for name, _ in ASPECTS])
def test_what_is_different_besides_the_text_is_said(name: str, edit: Callable[[Data], object]) -> None:
    after = notice(A, B)
    edit(after["clauses"][1])
    found = compare(notice(A, B), after)
    assert found is not None
    assert [(one.kind, one.anchor, one.what) for one in found.clauses] == [("改动", "t2", (name,))]
    assert clause_line(found.clauses[0]).endswith(f"：{name}有变")


def test_fields_are_told_in_the_words_of_readers() -> None:
    before, after = notice(A), notice(A)
    after |= {"doc_number": None, "issued": "2021-05-01", "addressees": ["各县", "各市"]}
    found = compare({**before, "doc_number": "某卫〔2021〕4号", "issued": "2021-05", "addressees": ["各县"]}, after)
    assert found is not None
    assert list(sums(found)) == [
        "发文字号：“某卫〔2021〕4号” → （未载明）",
        "主送机关：“各县” → “各县、各市”",
        "成文日期：“2021-05” → “2021-05-01”",
    ]


def mark(quote: str, clause: str, start: int, **value: object) -> Data:
    return {"kind": "target", "clause": clause, "start": start, "end": 0, "quote": quote, "value": value}


def test_annotations_are_counted_and_follow_their_clause() -> None:
    before = {**notice(A, B), "annotations": [mark("1次", "t1", 10, value=1), mark("2次", "t2", 10, value=2)]}
    moved = {**notice(C, A, B), "annotations": [mark("1次", "t2", 12, value=1), mark("2次", "t3", 10, value=2)]}
    found = compare(before, moved)
    assert found is not None
    assert found.tallies == (), "an annotation that went along with its clause, or stands elsewhere in it, is the same"
    other = {**notice(A, B), "annotations": [mark("1次", "t1", 10, value=9), mark("次", "t2", 11, value=2)]}
    found = compare(before, other)
    assert found is not None
    assert found.tallies == (Tally("量化指标", 1, 1, 1, ("次",), ("2次",)),)
    assert list(sums(found)) == ["量化指标：新增 1（“次”），删去 1（“2次”），改动 1"]


def test_links_remarks_sources_and_ledger_are_counted() -> None:
    before, after = notice(A), notice(A)
    key = before["id"]
    before["links"] = [{"kind": "related", "source": f"{key}#t1", "target": "x-2020#t1", "score": 0.5, "evidence": []}]
    after["links"] = [{**before["links"][0], "score": 0.6}]
    assert compare(before, after) is None, "a score alone is nothing that readers see"
    after["links"] = [{**before["links"][0], "target": "x-2020#t2"}]
    found = compare(before, after)
    assert found is not None
    assert found.elsewhere
    assert list(sums(found)) == ["相关任务：新增 1，删去 1"]
    after["notes"] = [{"clause": "t1", "text": "另见附件", "by": "张三", "date": "2026-01-01"}]
    after["other_sources"] = [{"file": "b.html", "sha256": "0"}]
    after["ledger"] = [{"line": 3, "rule": "share-bar", "action": "removed", "before": "分享到", "after": ""}]
    found = compare(before, after)
    assert found is not None
    assert not found.elsewhere
    assert list(sums(found))[1:] == [
        "批注：新增 1（“另见附件”）",
        "其他来源：新增 1（“b.html”）",
        "清理记录：新增 1（“分享到”）",
    ]


@given(st.text("甲乙丙1", max_size=12), st.text("甲乙丙1", max_size=12))
def test_the_parts_of_two_texts_are_the_texts(one: str, other: str) -> None:
    start, gone, come, end = parts(one, other)
    assert start + gone + end == one
    assert start + come + end == other
    assert not (gone and come) or (gone[0] != come[0] and gone[-1] != come[-1])


def test_a_difference_is_short_and_stands_in_its_words() -> None:
    assert difference("保障每天校园体育活动不少于1小时，建好社团。", "保障每天校园体育活动不少于2小时，建好社团。") == (
        "育活动不少于1小时，建好社",
        "育活动不少于2小时，建好社",
    )
    before, after = difference("甲" * 10, "乙\n" * 500)
    assert len(before) <= 26
    assert after == "乙 " * 12 + "……"


def test_the_screen_names_a_handful_and_says_how_many_more() -> None:
    many = tuple(ClauseChange("换号", f"t{n + 1}", f"t{n}", f"{n}.任务") for n in range(1, 9))
    edited = ClauseChange("改动", "t20", "t20", "20.任务", ("文字",), "五次", "六次")
    lines = notice_lines(NoticeChange("x-2020", "要点", (), (*many, edited), ()))
    assert lines[:3] == ["notices/x-2020/  要点", "  条款：改动 1，换号 8", "  改动  t20  20.任务：“五次” → “六次”"]
    assert lines[3] == "  换号  t2（原 t1）  1.任务"
    assert lines[-1] == "  ……还有 4 条，见报告。"
    assert len(lines) == 8


# -- against what is on disk -----------------------------------------------------------------------------------------


def outputs(**notices: Data) -> list[Output]:
    return [Output(f"data/notices/{key}.json", to_json({**data, "id": key})) for key, data in notices.items()]


def test_a_build_is_compared_with_what_stands_in_docs(tmp_path: Path) -> None:
    new = outputs(same=notice(A), other=notice(A, B), fresh=notice(A), odd=notice(A), lost=notice(A))
    assert since(new, tmp_path) == Changes(added=("fresh", "lost", "odd", "other", "same"), first=True)
    folder = tmp_path / "data/notices"
    folder.mkdir(parents=True)
    for output in outputs(same=notice(A), other=notice(A)):
        (tmp_path / output.path).write_bytes(output.content)
    (folder / "odd.json").write_bytes(b'{"clauses": 3}')
    found = since([*new, Output("index.md", b"x")], tmp_path, {"data/notices/lost.json"}, ["gone"])
    assert found.added == ("fresh",)
    assert [one.id for one in found.notices] == ["other"]
    assert found.unread == ("lost", "odd"), "of another version, or deleted by hand"
    assert found.withdrawn == ("gone",)
    assert not found.first
    assert change_lines(found)[2] == "  新网页 notices/fresh/"


def test_the_old_data_are_not_touched() -> None:
    before = notice(A, B)
    kept = copy.deepcopy(before)
    compare(before, notice(B))
    assert before == kept

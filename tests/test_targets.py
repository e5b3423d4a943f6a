"""What the readable cases of targets cannot say: sections that look back, the rules' own examples, and hostile text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any

import marks
import pytest
from notices.annotate import targets
from notices.annotate.targets.passages import passages
from notices.chars import fold
from notices.model import Clause, Span
from notices.numerals import to_number
from notices.rules import RulesError, compiled
from support import ROOT, rules, within_bounds

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads((ROOT / "rules/targets.toml").read_text("utf-8"))
ENTRIES = [(name, entry) for name, entries in TABLE.items() for entry in entries]


def found(text: str, anchor: str = "s1-t1") -> list[Span]:
    return list(targets.find(marks.notice(text, rules(), anchor=anchor), rules(), ()))


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("25.39万", 253900),
        ("1,200", 1200),
        ("３千万", 30000000),
        ("1.1亿", 110000000),
        ("0.1万", 1000),
        ("2.8", 2.8),
        ("两百", 200),
        ("一亿五千万", 150000000),
        ("一万二千", 12000),
        ("十二", 12),
        ("", None),
        ("数万", None),
        ("1.5x", None),
    ],
)
def test_numbers(printed: str, value: int | float | None) -> None:
    number = to_number(printed)
    assert number == value
    assert type(number) is type(value)


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_every_rule_against_its_examples(name: str, entry: dict[str, Any]) -> None:
    def says(text: str) -> bool:
        if "names" in entry:
            return any(word in text for word in entry["names"])
        pattern = compiled(entry["pattern"], name).pattern
        if name == "strip":
            return bool(
                re.match(f"(?:{pattern})", text) if entry["side"] == "head" else re.search(f"(?:{pattern})$", text)
            )
        return bool(re.match(pattern, text) if entry.get("side") == "after" else re.search(pattern, text))

    assert all(says(text) for text in entry["hits"]), entry["hits"]
    assert not any(says(text) for text in entry["misses"]), entry["misses"]


def test_a_section_that_looks_back_promises_nothing() -> None:
    notice = marks.notice("新增托位100个。", rules(), anchor="s1-t1")
    task = replace(notice.clauses[0], parent="s1")

    def section(title: str) -> Clause:
        return replace(task, anchor="s1", parent=None, title=title, paragraphs=(), task=False)

    def under(title: str) -> list[Span]:
        return list(targets.find(replace(notice, clauses=(section(title), task)), rules(), ()))

    assert under("2020年工作回顾") == []
    assert under("二〇二〇年工作完成情况") == []
    assert len(under("2021年重点任务")) == 1


def test_the_deadline_of_the_sentence_governs() -> None:
    text = "6月底前新增托位100个，新建公园5个。培训200人。"
    notice = marks.notice(text, rules())
    deadline = Span("deadline", "s1-t1", 0, 4, (("kind", "deadline"), ("to", "2021-06-30")), "times/x")
    spans = list(targets.find(notice, rules(), (deadline,)))
    assert [span.get("deadline") for span in spans] == ["2021-06-30", "2021-06-30", "2021"]


def test_values_say_all_that_was_asked_for() -> None:
    (span,) = found("力争每个县至少新建2—3所托育机构。")
    assert dict(span.value) == {
        "indicator": "托育机构",
        "indicator_start": 13,
        "indicator_end": 17,
        "verb": "新建",
        "comparator": "range",
        "value": (2, 3),
        "unit": "所",
        "per": "每个县",
        "deadline": "2021",
        "hope": True,
    }


@pytest.mark.parametrize("text", ["达到85", "控制在0.35以内", "达100万以上"])
def test_a_number_without_a_unit_is_for_review(text: str) -> None:
    (span,) = found(f"绿色发展指数{text}。")
    assert span.get("unit") is None
    assert span.doubt


@pytest.mark.parametrize("text", ["投诉24小时内反馈", "预警信息15分钟内到村到户", "每季度开展一次演练"])
def test_a_promise_that_may_be_a_duty_is_for_review(text: str) -> None:
    (span,) = found(f"{text}。")
    assert span.doubt


def test_where_a_phrase_and_its_sentences_begin() -> None:
    text = "去年,建成1个;今年新增(含2个,3个)4个,完。"
    where = passages(text)
    spot = where.spot(text.index("4"))
    assert (text[spot.begin : spot.end], spot.sentence, spot.stop) == ("今年新增(含2个,3个)4个", 8, 0)
    inner = where.spot(text.index("3"))
    assert (inner.text[inner.begin : inner.end], inner.inside) == ("3个", True)
    assert where.plain[spot.begin : spot.end].startswith("今年新增■")


def test_indicators_are_where_they_say() -> None:
    text = "生活垃圾（含厨余）回收利用率、资源化率分别达到35%、80%；新增托位90个（其中普惠托位60个）。"
    spans = found(text)
    assert len(spans) == 4
    for span in spans:
        start, end = span.get("indicator_start"), span.get("indicator_end")
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert text[start:end] == span.get("indicator")


HOSTILE = {
    "digits": "1" * 20000,
    "least": "至少" * 20000,
    "scope": "1个" * 3000,
    "items": "新增1个、" * 2000,
    "open brackets": "(1%" * 3000,
    "open quotes": "“1个" * 3000,
    "open titles": "《1个" * 3000,
    "moves": "从1提高到" * 8000,
    "thousands": "1,000" * 5000,
    "long number": "1" + ",000" * 8000,
    "numerals": "一二三" * 9000,
    "each": "每千" * 15000 + "4张",
    "blank": " " * 30000 + "1个",
    "apart": "分别达到1%、" * 2000,
    "far": "从" + "甲" * 30000 + "1%提高到2%",
    "years": "2020年" * 8000,
    "by": "以" * 30000 + "为单位1个",
    "units": "1" + "个百分点" * 8000,
    "tenths": "一成" * 20000,
    "at least": "至少有1个" * 5000,
    "no stop": ("甲" * 20 + "新增1个") * 2000,
    "no comma": "新增1个" + "甲" * 40000 + "2个",
    "two units": "1台(套)" * 4000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_within_the_time_of_a_file(name: str) -> None:
    """Four times as much of it."""
    assert within_bounds(found, HOSTILE[name] * 4)
    assert within_bounds(found, HOSTILE[name] * 4 + "新增1个。")


def test_masks_keep_every_offset() -> None:
    text = "《关于<“1+5”>的意见》（试行），“两癌”检查（含1个）；"
    where = passages(fold(text))
    assert len(where.text) == len(where.plain) == len(text)
    assert "1" in where.text
    assert "1" not in where.plain


def test_a_broken_rule_is_named() -> None:
    table = {name: [dict(entry) for entry in entries] for name, entries in TABLE.items()}
    table["decoy"][0]["pattern"] = "("
    with pytest.raises(RulesError, match="targets/ordinal"):
        targets.compiled_rules(replace(rules(), tables={"targets": table}))
    table = {name: [dict(entry) for entry in entries] for name, entries in TABLE.items()}
    table["verb"][0]["group"] = "outptu"
    with pytest.raises(RulesError, match="“outptu”不认识"):
        targets.compiled_rules(replace(rules(), tables={"targets": table}))
    with pytest.raises(RulesError, match="缺少一项"):
        targets.compiled_rules(replace(rules(), tables={"targets": {}}))

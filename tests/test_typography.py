"""Chinese typography by GB/T 15834, as before and after pairs, and that a second pass finds nothing to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.cleaning.typography import typography
from notices.ledger import block_of
from notices.model import Piece
from notices.numerals import parse_date, to_int

PAIRS = [
    ("健康,安全;有序:好!吗?", "健康，安全；有序：好！吗？"),
    ("2020 年新增 3 家机构", "2020年新增3家机构"),
    ("共1,200人,占25.39%,其中", "共1,200人，占25.39%，其中"),
    ("时间为16:09,比例1:1", "时间为16:09，比例1:1"),
    ("除颤仪(AED),制定AED 地图", "除颤仪（AED），制定AED地图"),
    ("通过HACCP或ISO22000体系,见http://a.cn/x?a=1,2:3", "通过HACCP或ISO22000体系，见http://a.cn/x?a=1,2:3"),
    ("函数f(x)与ISO(9001)不变(试行)", "函数f(x)与ISO(9001)不变（试行）"),
    ("达到１２．５％以上", "达到12.5%以上"),
    ("“四风” 问题、《办法》 落实", "“四风”问题、《办法》落实"),
    ("青蓝万家 润心行动", "青蓝万家 润心行动"),
    ("English only, with (brackets): yes!", "English only, with (brackets): yes!"),
    ("“1+5”攻坚,“互联网+”", "“1+5”攻坚，“互联网+”"),
    ("第(一)项", "第（一）项"),
    ("落实制度.实行考核,达到100%.", "落实制度。实行考核，达到100%。"),
    ("一.加强领导", "一.加强领导"),
]


def typeset(text: str) -> str:
    return typography(block_of(1, [Piece(0, len(text) + 1, f"{text}\n")])).text


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_pairs(before: str, after: str) -> None:
    assert typeset(before) == after


@given(st.text("健康一aZ19 ,;:!?()（），：“”《》.%１Ａ", max_size=24))
def test_a_second_pass_changes_nothing(text: str) -> None:
    once = typeset(text)
    assert typeset(once) == once


def test_the_case_that_made_the_rule() -> None:
    """Inner punctuation that becomes full-width must not change how its bracket is read."""
    once = typeset("健a(b;-c)")
    assert typeset(once) == once


@pytest.mark.parametrize(
    ("printed", "value"),
    [("2020年3月26日", "2020-03-26"), ("二〇二〇年三月二十六日", "2020-03-26"), ("二○二二年十月十日", "2022-10-10"), ("2022-05-11 09:41", "2022-05-11"),
     ("2021/7/1", "2021-07-01"), ("２０１９年４月９日", "2019-04-09"), ("2020年3月", "2020-03"), ("2020年13月1日", None), ("22年02月25日", None), ("2021年2月30日", None), ("年内", None)],
)  # fmt: skip
def test_dates(printed: str, value: str | None) -> None:
    assert parse_date(printed) == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [("12", 12), ("１２", 12), ("十", 10), ("十二", 12), ("二十", 20), ("二十六", 26), ("一百零三", 103), ("二〇二〇", 2020), ("⑫", 12), ("两", 2), ("甲", None)],
)  # fmt: skip
def test_numbers(printed: str, value: int | None) -> None:
    assert to_int(printed) == value

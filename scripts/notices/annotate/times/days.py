"""From the parts of a printed time expression to its first and last day.

In: the form's id and the named groups of its pattern (rules/times.toml), and the year of the plan.  Out: `Days`.
Nothing raises: a date that does not exist, or that nobody can tell, has no days and a doubt in Chinese.
Sources: GB/T 7408 (dates), GB/T 15835 (numerals).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ...model import Notice
from ...numerals import to_int

_OFFSET = {"今": 0, "本": 0, "明": 1, "下": 1, "去": -1, "上": -1}
_QUARTERS = {c: i % 4 + 1 for i, c in enumerate("一二三四1234")}
_TENS = {"上": (1, 10), "中": (11, 20)}


#: Forms that name no day.
UNDATED = {
    "winter-spring": "季节没有确定的日期，期限要由人填写。",
    "mid-year": "“年中”没有确定的日期，期限要由人填写。",
}
UNKNOWN_YEAR = "不知道计划年份，推不出日期。"


class Days(NamedTuple):
    """First and last day of an expression, each where it can be told, and why a person should look."""

    first: date | None = None
    last: date | None = None
    doubt: str = ""


def year_of(groups: Mapping[str, str], year: int | None) -> int | None:
    """The year that is printed, or counted from the plan's; None where none is."""
    if "y" in groups:
        return to_int(groups["y"])
    return year + _OFFSET[groups["rel"][0]] if "rel" in groups and year else None


def days(name: str, groups: Mapping[str, str], year: int | None, notice: Notice) -> Days:
    """First and last day of an expression; `year` is the plan's."""
    if name == "every":
        return Days()
    if name == "five-year-plan":
        start = 1996 + 5 * (_number(groups["n"]) + 1)
        return Days(date(start, 1, 1), date(start + 4, 12, 31), "")
    if name == "law-plan":  # the first of them began in 1986
        start = 1981 + 5 * _number(groups["law"])
        return Days(date(start, 1, 1), date(start + 4, 12, 31))
    if name in UNDATED:
        return Days(doubt=UNDATED[name])
    if name in ("years", "years-dash-lost", "school-year"):
        return _years(name, groups)
    if name == "this-month":
        return _this_month(notice)
    own = year_of(groups, year) or year
    if own is None:
        return Days(doubt=UNKNOWN_YEAR)
    if name == "span-of-years":
        if "n" not in groups:
            return Days()
        return Days(
            date(own, 1, 1),
            date(own + _number(groups["n"]) - 1, 12, 31),
            "“几年内”从哪一年算起没有写明，这里从计划当年算起。",
        )
    return _bounded(groups, *_period(name, groups, own), name)


def feast(groups: Mapping[str, str], year: int | None, notice: Notice, fixed: Mapping[str, tuple[int, int]]) -> Days:
    """The day of a feast of the solar calendar (`fixed`: month and day by name); of the others nobody can tell."""
    day = next((day for name, day in fixed.items() if name in groups.get("fixed", "")), None)
    own = year_of(groups, year) or year
    if not day:
        return Days(doubt="这个日子每年不同，期限要由人填写。")
    if own is None:
        return Days(doubt=UNKNOWN_YEAR)
    if day != (1, 1):
        return Days(None, date(own, *day))
    if "y" in groups or "rel" in groups:
        return Days(None, date(own - 1, 12, 31))
    if not (notice.meta.issued.value or "").startswith(str(own)):
        return Days(doubt="“元旦”是年初还是年末的，要看成文日期，而成文日期不在计划当年；期限要由人填写。")
    return Days(None, date(own, 12, 31))


def _number(printed: str) -> int:
    return to_int(printed) or 0


def _years(name: str, groups: Mapping[str, str]) -> Days:
    """A span of years, or a school year."""
    if name == "school-year":
        last = _number(groups["y2"])
        return Days(date(last - 1, 9, 1), date(last, 8, 31), "")
    first, last = _number(groups["y"]), _number(groups["y2"])
    if not 1949 <= first <= last <= 2100:
        return Days(doubt="年份的先后不对，请对照原文。")
    doubt = "两个年份之间的连接号缺失，按起止年份理解。" if name == "years-dash-lost" else ""
    return Days(date(first, 1, 1), date(last, 12, 31), doubt)


def _this_month(notice: Notice) -> Days:
    """The last day of the month in which the notice was signed."""
    issued = re.match(r"(\d{4})-(\d\d)", notice.meta.issued.value or "")
    if not issued:
        return Days(doubt="“月底”要看成文日期，而成文日期未载明。")
    return Days(None, _month_end(int(issued[1]), int(issued[2])), "")


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _period(name: str, groups: Mapping[str, str], year: int) -> tuple[date, date, str]:
    """The whole period that is named, before 底 or 前 is read, and its unit."""
    first = _number(groups.get("m") or groups.get("m2") or groups.get("m3") or "")
    day = _number(groups.get("d") or groups.get("d2") or groups.get("d3") or "")
    if first and day:
        if day > monthrange(year, first)[1]:
            return date(year, first, 1), _month_end(year, first), "bad"
        return date(year, first, day), date(year, first, day), "day"
    if first and "ten" in groups:
        if groups["ten"][0] not in _TENS:
            return date(year, first, 21), _month_end(year, first), "ten"
        low, high = _TENS[groups["ten"][0]]
        return date(year, first, low), date(year, first, high), "ten"
    if first:
        last = _number(groups["m2"]) if name == "months" else first
        return date(year, first, 1), _month_end(year + (last < first), last), "month"
    if "q" in groups or "firstq" in groups:
        printed = [_QUARTERS[c] for c in groups.get("q", "") if c in _QUARTERS]
        low, high = (printed[0], printed[-1]) if printed else (1, 2 if "二" in groups["firstq"] else 3)
        return date(year, 3 * low - 2, 1), _month_end(year, 3 * max(low, high)), "quarter"
    if "half" in groups:
        upper = groups["half"][0] == "上"
        return date(year, 1 if upper else 7, 1), date(year, 6, 30) if upper else date(year, 12, 31), "half"
    return date(year, 1, 1), date(year, 12, 31), "season" if "season" in groups else "year"


def _bounded(groups: Mapping[str, str], first: date, last: date, unit: str, name: str) -> Days:
    """The period cut by 底, 初, 前 or 内."""
    if unit == "bad":
        return Days(doubt="这个日期不存在，请对照原文。")
    if unit == "season":
        return Days(doubt="季节没有确定的日期，期限要由人填写。")
    edge, by = groups.get("edge", ""), groups.get("by", "")
    if edge == "初":
        return Days(first, None, "")
    if edge or name == "within-year" or "内" in by:
        return Days(None, last, "")
    if "前" in by:
        if unit in ("day", "ten", "half"):
            return Days(None, last, "")
        before = date.fromordinal(first.toordinal() - 1)
        return Days(None, before, "“前”字前面是一段时间，含不含这一段各处读法不一，这里按不含计算。")
    return Days(first, last, "")

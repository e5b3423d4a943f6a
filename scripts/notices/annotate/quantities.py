"""Printed quantities: a number with its unit and the words that belong to it, before anybody asks whether it is promised.

In: folded text whose quoted passages are masked (`passages.masked`), and the compiled units.  Out: `Quantity` records
whose offsets are those of the text.  Nothing here raises on any input, and no pattern backtracks over more than a few
characters.  Sources: GB/T 15835-2011 (numerals), GB/T 3100 (units), the tables of rules/targets.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..numerals import to_number

Number = int | float

_ARABIC = r"[0-9](?<![0-9A-Za-z.+/].)[0-9]{0,11}(?:,[0-9]{3}){0,4}+(?:\.[0-9]{1,6})?(?![0-9])"
_HAN = r"[一二两三四五六七八九十][一二两三四五六七八九十百千]{0,6}"
_SCALE = r"(?:百万|千万|十万|万亿|千亿|百亿|万|亿|千(?!克|米|瓦|伏|户)|百)"
_FIRST = re.compile(rf"(?P<n>{_ARABIC})\s?(?P<s>{_SCALE}?)\s?(?P<more>[余多])?\s?(?P<s2>[万亿]?)")
_HAN_FIRST = re.compile(
    rf"(?=[至不一二两三四五六七八九十])(?P<lead>(?:至少|不少于)(?:要|应)?有?)?(?<![一二两三四五六七八九十百千万亿零〇第])(?P<n>{_HAN})(?P<s>[万亿]?)"
)
_TO = re.compile(r"\s?(?:[-—–~―]{1,2}|至|到)\s?")
_SECOND = re.compile(rf"(?P<n>[0-9]{{1,12}}(?:\.[0-9]{{1,6}})?)(?![0-9])\s?(?P<s>{_SCALE}?)")
_BASE = re.compile(
    r"/(?:[每·]?(?:10|百|千|万|十万|100|1000)?(?:[名个户]?(?:常住)?(?:人口|老年人|老人|人|儿童|元|亩|户|公顷|平方米|立方米"
    r"|辆|年|天|日|月|小时|吨|台|次|村|校|生|个|名)))"
)
_MOVE = re.compile(
    r"(?P<from>从|由)(?P<base>[^,。;从由]{0,16}?)(?P<n>(?<![0-9.])[0-9]{1,12}(?:\.[0-9]{1,6})?)(?P<s>[万亿]?)(?P<unit>[^,。;0-9从由]{0,8}?)"
    r"(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|压缩|缩短|压减|精简|延长|调整|拓展|扩展|扩容|升|降|增|减|扩)(?:到|至|为)$"
)
_BEFORE_BARE = frozenset("达到在至于过破超为≥≤<>")
_DATED = re.compile(r"\s?[年月日号时届级位:.\-—+×/]")
_PERCENT_OF_HAN = re.compile(r"(?P<base>[百千])分之(?P<n>[一二三四五六七八九十百零]{1,6})")
#: What a change by words comes to, as a percentage of what was there before.
DOUBLINGS = {
    "翻一番": 100,
    "翻番": 100,
    "翻两番": 300,
    "增长一倍": 100,
    "增加一倍": 100,
    "提高一倍": 100,
    "减半": -50,
    "减少一半": -50,
}
_DOUBLING = re.compile(
    "(?:实现)?(?P<word>" + "|".join(sorted(DOUBLINGS, key=len, reverse=True)) + ")(?P<tail>以上|左右)?"
)
_HALF_OR_MORE = re.compile("[番倍半]")  # one is in every such word
#: A unit's character that begins a longer word with one of these is no unit: 方面, 分别, 处理, 班子.
_WORDS = {
    "方": "面 案 向 式 针 略", "分": "别 类 级 层 析 布 工 管", "里": "面 程", "口": "径 岸", "班": "子", "位": "于 置",
    "处": "理 置 长 级 分 于", "期": "间 末 货", "部": "分 门 署 委", "组": "织 成 长 建", "对": "于 接 照", "单": "位",
    "台": "账 阶", "场": "所 地 景", "所": "有 需", "元": "旦 素", "度": "假", "升": "级 至 到", "节": "点 约 能 水",
    "个": "性 别 体工 体户", "批": "评 准", "头": "部", "片": "区", "人": "均", "条": "例", "员": "工", "天": "然",
    "日": "常 间", "倍": "增", "秒": "杀", "%": "股",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Units:
    """The compiled [[unit]], [[same]] and [[tail]] tables."""

    pattern: re.Pattern[str]  # matches a unit at a position
    groups: Mapping[str, str]
    same: Mapping[str, str]
    tail: re.Pattern[str]
    tails: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quantity:
    """[start, end) as printed, tail and a 至少 before a Chinese numeral included.

    `unit_end` is where the tail begins.  group: rate, count, measure, time, age, bare (no unit), change (翻一番) or move (从…提高到…).
    """

    start: int
    end: int
    unit_end: int
    values: tuple[Number, ...]
    unit: str | None
    group: str
    comparator: str = ""  # what the tail, or a 至少 inside the span, says
    bound: str = ""  # the tail's own comparator
    han: bool = False
    lead: str = ""
    scaled: bool = False  # printed with 万 or 亿


def quantities(text: str, units: Units) -> list[Quantity]:
    """Every number with a unit (or with 万, 亿), from left to right, without overlaps."""
    kept: list[Quantity] = []
    found = [*_arabic(text, units), *_written(text, units)]
    for quantity in sorted(found, key=lambda q: (q.start, -q.end)):
        if kept and quantity.start < kept[-1].end:
            continue
        quantity = moved(quantity, text)
        if kept and quantity.start <= kept[-1].start:  # 62% of 从62%提高到65%
            kept.pop()
        kept.append(quantity)
    return kept


def moved(q: Quantity, text: str) -> Quantity:
    """从62%提高到65%: the quantity 65% widened to begin at 从, with both values; any other quantity as it is."""
    if text[q.start - 1 : q.start] not in ("到", "至", "为") or len(q.values) != 1:
        return q
    found = _MOVE.search(text, max(0, q.start - 44), q.start)
    first = to_number(found["n"] + found["s"]) if found else None
    if not found or first is None:
        return q
    return replace(q, start=found.start("from"), values=(first, q.values[0]), comparator="from_to", group="move")


def _arabic(text: str, units: Units) -> Iterator[Quantity]:
    end = 0
    for head in _FIRST.finditer(text):
        if head.start() < end:
            continue
        quantity = _from_head(text, head, units)
        if quantity is not None:
            end = quantity.end
            yield quantity


def _from_head(text: str, head: re.Match[str], units: Units) -> Quantity | None:
    """The quantity whose first number is `head`; None where it is a bare number such as a year."""
    at = head.end()
    unit = _unit(text, at, units)
    scaled = bool(head["s"] or head["s2"])
    to = _TO.match(text, unit[1] if unit else at)
    second = _SECOND.match(text, to.end()) if to else None
    if not (unit or scaled or second or _bare(text, head, units)):
        return None
    first = to_number(head["n"] + head["s"] + head["s2"])
    values = [first]
    if second:
        later = _unit(text, second.end(), units)
        if later or second["s"]:
            scaled = scaled or bool(second["s"])
            value = to_number(second["n"] + second["s"])
            if value is not None and first is not None and not head["s"] and second["s"] and not unit:
                values = [to_number(head["n"] + second["s"]), value]  # 3-5万: both are counted in 万
            else:
                values = [first, value]
            unit, at = later or unit, second.end()
    if unit is None and not scaled and not _bare(text, head, units):
        return None
    if unit is None and _DATED.match(text, at):
        return None
    name, unit_end = unit or (None, at)
    numbers = tuple(value for value in values if value is not None)
    if len(numbers) != len(values) or (len(numbers) == 2 and numbers[0] >= numbers[1]):
        return None
    return _with_tail(text, head.start(), unit_end, numbers, name, units, approximate=bool(head["more"]), scaled=scaled)


def _bare(text: str, head: re.Match[str], units: Units) -> bool:
    """Whether a number without unit may be a value: 控制在0.02以内, 指数达到85.  A year or a label is none."""
    before = text[head.start() - 1 : head.start()]
    plain = "." in head["n"] or len(head["n"]) < 4
    return plain and (before in _BEFORE_BARE or units.tail.match(text, head.end()) is not None)


def _unit(text: str, at: int, units: Units) -> tuple[str, int] | None:
    """The normalised unit printed at `at` and where it ends."""
    found = units.pattern.match(text, at)
    if not found:
        return None
    name, end = units.same.get(found["unit"], found["unit"]), found.end()
    base = _BASE.match(text, end)
    return (name + base[0], base.end()) if base else (name, end)


def _with_tail(
    text: str,
    start: int,
    unit_end: int,
    values: tuple[Number, ...],
    unit: str | None,
    units: Units,
    approximate: bool = False,
    scaled: bool = False,
    lead: str = "",
    han: bool = False,
) -> Quantity:
    tail = units.tail.match(text, unit_end)
    bound = units.tails[tail["tail"]] if tail else ""
    group = "bare" if unit is None else units.groups.get(unit) or units.groups.get(unit.split("/")[0], "rate")
    comparator = bound or (">=" if lead else "~" if approximate else "")
    end = tail.end() if tail else unit_end
    return Quantity(start, end, unit_end, values, unit, group, comparator, bound, han, lead, scaled)


def _written(text: str, units: Units) -> Iterator[Quantity]:
    """Chinese numerals with a unit, 百分之二十, and 翻一番."""
    for found in _PERCENT_OF_HAN.finditer(text) if "分之" in text else ():
        value = to_number(found["n"])
        if value is not None:
            name = "%" if found["base"] == "百" else "‰"
            yield _with_tail(text, found.start(), found.end(), (value,), name, units, han=True)
    for found in _DOUBLING.finditer(text) if _HALF_OR_MORE.search(text) else ():
        start, end = found.start("word"), found.end("word")
        value = DOUBLINGS[found["word"]]
        comparator = "increase" if value > 0 else "decrease"
        bound = {"以上": ">=", "左右": "~"}.get(found["tail"] or "", "")
        yield Quantity(start, found.end(), end, (abs(value),), "%", "change", comparator, bound, han=True)
    for found in _HAN_FIRST.finditer(text):
        unit = _unit(text, found.end(), units)
        value = to_number(found["n"] + found["s"])
        if unit and value is not None:
            yield _with_tail(text, found.start(), unit[1], (value,), unit[0], units, lead=found["lead"] or "", han=True)


def units_of(groups: Mapping[str, str], same: Mapping[str, str], tails: Mapping[str, str]) -> Units:
    """Units from name → group, name → unit and tail → comparator.  Longest names first, so 人次 is not 人."""
    names = sorted(groups, key=len, reverse=True)
    words = "|".join(f"(?<={unit})(?:{'|'.join(follow.split())})" for unit, follow in _WORDS.items())
    unit = re.compile(r"\s?(?P<unit>" + "|".join(map(re.escape, names)) + rf")(?![A-Za-z]|{words})")
    ends = sorted(tails, key=len, reverse=True)
    tail = re.compile(r"\s?[(]?(?P<tail>" + "|".join(map(re.escape, ends)) + r")(?!学历|职称)")
    return Units(unit, dict(groups), dict(same), tail, dict(tails))

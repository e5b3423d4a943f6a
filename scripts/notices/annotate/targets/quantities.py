"""Printed quantities: a number with its unit and the words that belong to it, before anybody asks whether it is promised.

In: folded text whose quoted passages are masked (`passages.masked`), and the compiled units.  Out: `Quantity` records
whose offsets are those of the text.  Nothing here raises on any input, and no pattern backtracks over more than a few
characters.  Sources: GB/T 15835-2011 (numerals), GB/T 3100 (units), the tables of rules/targets.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ...numerals import to_number
from .from_to import move_before

Number = int | float

_ARABIC = r"[0-9](?<![0-9A-Za-z.+/].)[0-9]{0,11}(?:,[0-9]{3}){0,4}+(?:\.[0-9]{1,6})?(?![0-9])"
_HAN_REST = "[一二两三四五六七八九十百千]{0,6}"
_SCALE = r"(?:百万|千万|十万|万亿|千亿|百亿|万|亿|千(?!克|米|瓦|伏|户)|百(?!分))"
_FIRST = rf"(?P<n>{_ARABIC})\s?(?P<s>{_SCALE}?)\s?(?P<more>[余多])?\s?(?P<s2>[万亿]?)"
_HAN_FIRST = (
    rf"(?P<n>[一二两三四五六七八九十](?<![一二两三四五六七八九十百千万亿零〇第].){_HAN_REST})"
    r"(?:[至到](?P<n2>[二三四五六七八九十]))?(?P<s>[万亿]?)"
)
#: Directly before a number this belongs to it: 至少2名, 至少有一家.
_LEAST = re.compile(r"至少(?:[要应]?有)?\s?$")
_TO = re.compile(r"\s?(?:[-—–~―]{1,2}|至|到)\s?")
_TO_BEGINS = frozenset(" -—–~―至到")
_SECOND = re.compile(rf"(?P<n>[0-9]{{1,12}}(?:\.[0-9]{{1,6}})?)(?![0-9])\s?(?P<s>{_SCALE}?)")
_BASE = (
    r"/(?:千瓦时|千瓦|千克|公斤|克|升|(?:[每·]?(?:10|百|千|万|十万|100|1000)?(?:[名个户]?(?:常住)?(?:人口|老年人|老人|人|儿童|元|亩|户|公顷"
    r"|平方米|立方米|平方公里|公里|辆|年|天|日|月|周|小时|分钟|秒|吨|台|次|村|校|生|个|名))))"
)
#: 六成, 九成以上; 完成, 成立 and 成为 are not meant.
_TENTHS = re.compile(
    r"(?P<n>[一二三四五六七八九1-9])(?<![0-9.一二三四五六七八九十几].)成(?P<rest>半|[一二三四五六七八九])?"
    r"(?=[,。;、:()\s■]|$|以上|以下|以内|左右|的)"
)
_BEFORE_BARE = frozenset("达到在至于过破超为≥≤<>")
_DATED = re.compile(r"\s?[年月日号时届级位:.\-—+×/]")
_PERCENT_OF_HAN = re.compile(
    r"(?P<base>十万|[百千万])分之(?P<n>[一二三四五六七八九十百零]{1,6}(?:点[一二三四五六七八九零]{1,3})?)"
)
_PARTS = {"百": "%", "千": "‰", "万": "/万", "十万": "/10万"}
_FRACTION = re.compile(r"(?P<base>[二三四五六七八九十])分之(?P<n>[一二三四五六七八九])")
#: 百人以上: a round number without a digit.
_ROUND = re.compile(
    r"(?P<n>[百千万])(?<![0-9一二两三四五六七八九十百千万亿数上成几近].)(?P<unit>人次|[人名户家场])(?=以上)"
)
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
_PART_OF = re.compile("[/（]")
_HALF_OR_MORE = re.compile("[番倍半]")  # one is in every such word
#: A unit's character that begins a longer word with one of these is no unit: 方面, 分别, 处理, 班子.
_WORDS = {
    "方": "面 案 向 式 针 略", "分": "别 类 级 层 析 布 工 管", "里": "面 程", "口": "径 岸", "班": "子", "位": "于 置",
    "处": "理 置 长 级 分 于", "期": "间 末 货", "部": "分 门 署 委", "组": "织 成 长 建", "对": "于 接 照", "单": "位",
    "台": "账 阶", "场": "所 地 景", "所": "有 需", "元": "旦 素", "度": "假", "升": "级 至 到", "节": "点 约 能 水",
    "个": "性 别 体工 体户", "批": "评 准", "头": "部", "片": "区", "人": "均", "条": "例", "员": "工", "天": "然",
    "轮": "训 换 岗 流 胎 椅 车 摩 电 值 作 船", "字": "号 体 样 段 幅 节 母 典 画 塔 当",
    "日": "常 间", "倍": "增", "秒": "杀", "%": "股",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Units:
    """The compiled [[unit]], [[same]] and [[tail]] tables."""

    pattern: re.Pattern[str]  # matches a unit at a position
    arabic: re.Pattern[str]  # a number in digits and the unit after it, if there is one
    written: re.Pattern[str]  # a Chinese numeral and its unit
    groups: Mapping[str, str]
    same: Mapping[str, str]
    tail: re.Pattern[str]
    tail_begins: frozenset[str]
    tails: Mapping[str, str]


class Quantity(NamedTuple):
    """[start, end) as printed, with its tail and a 至少 directly before it.

    `unit_end` is where the tail begins.  group: rate, count, measure, time, age, bare (no unit), change (翻一番) or
    move (从…提高到…), whose `begin` is where 从 stands.
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
    begin: int = -1
    part: bool = False  # 四分之一

    @property
    def opens(self) -> int:
        """Where the words before the quantity end."""
        return self.start if self.begin < 0 else self.begin


def quantities(text: str, units: Units) -> list[Quantity]:
    """Every number with a unit (or with 万, 亿), from left to right, without overlaps."""
    kept: list[Quantity] = []
    found, written = list(_arabic(text, units)), list(_written(text, units))
    for quantity in sorted([*found, *written], key=_place) if written else found:
        if kept and quantity.start < kept[-1].end:
            continue
        move = move_before(text, quantity.start) if len(quantity.values) == 1 else None
        if move:
            both = (move.value, quantity.values[0])
            quantity = quantity._replace(
                start=move.start, begin=move.begin, values=both, comparator="from_to", group="move"
            )
        while kept and kept[-1].end > quantity.start:  # 62% of 62%提高到65%
            kept.pop()
        if kept and text[kept[-1].end : quantity.start] == "、":
            kept[-1] = _completed(kept[-1], quantity)
        kept.append(quantity)
    return kept


def _place(q: Quantity) -> tuple[int, int]:
    return q.start, -q.end


def _completed(q: Quantity, following: Quantity) -> Quantity:
    """20个、3个工作日: what is counted twice is named once."""
    if q.unit != "个" or not following.unit or not following.unit.startswith("个"):
        return q
    return q._replace(unit=following.unit, group=following.group)


def _arabic(text: str, units: Units) -> Iterator[Quantity]:
    end = 0
    for head in units.arabic.finditer(text):
        if head.start() >= end and (quantity := _from_head(text, head, units)) is not None:
            end = quantity.end
            yield quantity


def _from_head(text: str, head: re.Match[str], units: Units) -> Quantity | None:
    """The quantity whose first number is `head`; None where it is a bare number such as a year."""
    unit, at = _named(head, units), head.end()
    scaled = bool(head["s"] or head["s2"])
    to = _TO.match(text, at) if text[at : at + 1] in _TO_BEGINS else None
    second = _SECOND.match(text, to.end()) if to else None
    if not (unit or scaled or second or _bare(text, head, units)):
        return None
    first = to_number(head["n"] + head["s"] + head["s2"])
    values = [first]
    if second:
        later = units.pattern.match(text, second.end())
        if later or second["s"]:
            scaled = scaled or bool(second["s"])
            value = to_number(second["n"] + second["s"])
            if value is not None and first is not None and not head["s"] and second["s"] and not unit:
                values = [to_number(head["n"] + second["s"]), value]  # 3-5万: both are counted in 万
            else:
                values = [first, value]
            unit, at = (_named(later, units), later.end()) if later else (unit, second.end())
    if unit is None and ((not scaled and not _bare(text, head, units)) or _DATED.match(text, at)):
        return None
    numbers = tuple(value for value in values if value is not None)
    if len(numbers) != len(values) or (len(numbers) == 2 and numbers[0] >= numbers[1]):
        return None
    return _with_tail(text, head.start(), at, numbers, unit, units, approximate=bool(head["more"]), scaled=scaled)


def _bare(text: str, head: re.Match[str], units: Units) -> bool:
    """Whether a number without unit may be a value: 控制在0.02以内, 指数达到85.  A year or a label is none."""
    before = text[head.start() - 1 : head.start()]
    if "." not in head["n"] and len(head["n"]) > 3:
        return False
    return before in _BEFORE_BARE or (
        text[head.end() : head.end() + 1] in units.tail_begins and units.tail.match(text, head.end()) is not None
    )


def _named(found: re.Match[str], units: Units) -> str | None:
    """The normalised unit of a match, with its base (/千克) and what stands in brackets after it (台（套）)."""
    name = found["unit"]
    if name is None:
        return None
    also, base = found["also"], found["base"]
    return units.same.get(name, name) + (f"（{also}）" if also else "") + (base or "")


def _with_tail(
    text: str,
    start: int,
    unit_end: int,
    values: tuple[Number, ...],
    unit: str | None,
    units: Units,
    approximate: bool = False,
    scaled: bool = False,
    han: bool = False,
) -> Quantity:
    tail = units.tail.match(text, unit_end) if text[unit_end : unit_end + 1] in units.tail_begins else None
    bound = units.tails[tail["tail"]] if tail else ""
    group = "bare" if unit is None else units.groups.get(unit) or units.groups.get(_PART_OF.split(unit)[0], "rate")
    least = _LEAST.search(text, max(0, start - 6), start) if "少" in text[max(0, start - 6) : start] else None
    lead = least[0] if least else ""
    start -= len(lead)
    comparator = bound or (">=" if lead else "~" if approximate else "")
    end = tail.end() if tail else unit_end
    return Quantity(start, end, unit_end, values, unit, group, comparator, bound, han, lead, scaled)


def _written(text: str, units: Units) -> Iterator[Quantity]:
    """Chinese numerals with a unit, 百分之二十, and 翻一番."""
    for found in _PERCENT_OF_HAN.finditer(text) if "分之" in text else ():
        value = to_number(found["n"])
        if value is not None:
            yield _with_tail(text, found.start(), found.end(), (value,), _PARTS[found["base"]], units, han=True)
    for found in _FRACTION.finditer(text) if "分之" in text else ():
        whole, share = to_number(found["base"]), to_number(found["n"])
        if whole and share and share < whole:
            percent = round(100 * share / whole, 2)
            named = _with_tail(text, found.start(), found.end(), (percent,), "%", units, han=True)
            yield named._replace(part=True)
    for found in _ROUND.finditer(text) if "以上" in text else ():
        value = to_number(f"一{found['n']}")
        if value is not None:
            yield _with_tail(text, found.start(), found.end(), (value,), found["unit"], units, han=True)
    for found in _DOUBLING.finditer(text) if _HALF_OR_MORE.search(text) else ():
        start, end = found.start("word"), found.end("word")
        value = DOUBLINGS[found["word"]]
        comparator = "increase" if value > 0 else "decrease"
        bound = {"以上": ">=", "左右": "~"}.get(found["tail"] or "", "")
        yield Quantity(start, found.end(), end, (abs(value),), "%", "change", comparator, bound, han=True)
    for found in _TENTHS.finditer(text) if "成" in text else ():
        tenths, rest = to_number(found["n"]), 5 if found["rest"] == "半" else to_number(found["rest"] or "零")
        if tenths is not None and rest is not None:
            yield _with_tail(text, found.start(), found.end(), (tenths * 10 + rest,), "%", units, han=True)
    for found in units.written.finditer(text):
        value = to_number(found["n"] + found["s"])
        upto = to_number(found["n2"] + found["s"]) if found["n2"] else None
        if value is not None and (upto is None or value < upto):
            values = (value,) if upto is None else (value, upto)
            yield _with_tail(text, found.start(), found.end(), values, _named(found, units), units, han=True)


def units_of(groups: Mapping[str, str], same: Mapping[str, str], tails: Mapping[str, str]) -> Units:
    """Units from name → group, name → unit and tail → comparator.  Longest names first, so 人次 is not 人."""
    short = [name for name, group in groups.items() if group == "count" and len(name) == 1]
    every = {**groups, **{f"{name}次": "count" for name in short if name != "次"}}  # 条次, 册次
    names = "|".join(map(re.escape, sorted(every, key=len, reverse=True)))
    words = "|".join(f"(?<={unit})(?:{'|'.join(follow.split())})" for unit, follow in _WORDS.items())
    unit = rf"\s?(?P<unit>{names})(?![A-Za-z]|{words})(?:\((?P<also>[{''.join(short)}])\))?(?P<base>{_BASE})?"
    ends = sorted(tails, key=len, reverse=True)
    tail = re.compile(r"\s?[(]?(?P<tail>" + "|".join(map(re.escape, ends)) + r")(?!学历|职称)")
    arabic, written = re.compile(f"{_FIRST}(?:{unit})?"), re.compile(_HAN_FIRST + unit)
    return Units(
        re.compile(unit),
        arabic,
        written,
        every,
        dict(same),
        tail,
        frozenset(" (").union(name[0] for name in tails),
        dict(tails),
    )

"""Which place a notice belongs to, by GB/T 2260 as it stood in the notice's year.

A place is named only where the evidence leaves one reading; otherwise None (未载明).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from .model import Region

KINDS = (
    "特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "自治州", "自治县", "自治旗", "新区", "林区", "特区",
    "地区", "省", "市", "区", "县", "盟", "旗",
)  # fmt: skip
NATION = "100000"
#: Bodies of the state as a whole; 国家统计局黄山调查队 is none of them, since it names a place.
NATIONAL = re.compile(
    r"^(?:中共中央|中央|国务院|国家|中华全国|全国|最高人民|中国(?!共产党)|(?:工业和信息化|人力资源和?社会保障|住房和?城乡建设|交通运输|农业农村|退役军人事务|文化和旅游|生态环境|自然资源"
    r"|应急管理|教育|科学技术|科技|公安|民政|司法|财政|水利|农业|商务|文化|审计|卫生|国防|外交|铁道|监察|国土资源|环境保护)部(?:$|[^门]))"
)
#: Names so general that they count only behind the name of their city: 市区、城区 in running text.
GENERIC = frozenset(("城区", "郊区", "矿区", "东区", "西区", "新城区", "市中区", "城中区", "城关区", "开发区"))


class Division(NamedTuple):
    """A row of the division table: years are inclusive, 0 is open."""

    code: str
    name: str
    slug: str
    since: int
    until: int

    def valid(self, year: int) -> bool:
        return (not self.since or self.since <= year) and (not self.until or year <= self.until)


class Gazetteer(NamedTuple):
    """The divisions valid in one year, by code and by printed name."""

    by_code: dict[str, Division]
    by_name: dict[str, list[Division]]
    below: dict[str, list[Division]]  # prefecture code → its counties
    slugs: Counter[tuple[str, str]]  # (first two digits, slug) → how many places share it
    longest: int
    heads: frozenset[str]  # the first two characters of all names


def rows(divisions: Mapping[str, tuple[Any, ...]]) -> list[Division]:
    """The table as records; a key such as 420600~2010 is an older name of the same code."""
    return [
        Division(key.partition("~")[0], entry[0], entry[1], *([*list(entry[2:]), 0, 0])[:2])
        for key, entry in divisions.items()
    ]


def gazetteer(divisions: Mapping[str, tuple[Any, ...]], year: int) -> Gazetteer:
    """Names of `year`; provinces also by their short names (浙江, 内蒙古)."""
    key = id(divisions)
    _TABLES[key] = divisions
    return _gazetteer(key, year)


_TABLES: dict[int, Mapping[str, tuple[Any, ...]]] = {}


@lru_cache(maxsize=64)
def _gazetteer(key: int, year: int) -> Gazetteer:
    by_code: dict[str, Division] = {}
    by_name: dict[str, list[Division]] = {}
    for division in _rows(key):
        if not division.valid(year) or division.code == NATION:
            continue
        by_code[division.code] = division
        for name in printed(division):
            by_name.setdefault(name, []).append(division)
    below: dict[str, list[Division]] = {}
    for division in by_code.values():
        if not division.code.endswith("00"):
            below.setdefault(f"{division.code[:4]}00", []).append(division)
    slugs = Counter((division.code[:2], division.slug) for division in by_code.values())
    heads = frozenset(name[:2] for name in by_name)
    return Gazetteer(by_code, by_name, below, slugs, max(map(len, by_name), default=1), heads)


def printed(division: Division) -> set[str]:
    """The names under which a place is printed: provinces also by their short ones, 凉山自治州, 凉山州."""
    names = {division.name}
    if division.code.endswith("0000"):
        names.add(stem(division.name))
    if division.name.endswith("自治州"):
        short = _without_peoples(division.name)
        names |= {short, f"{stem(short)}州"}
    return names


@lru_cache(maxsize=8)
def _rows(key: int) -> list[Division]:
    """The table as records, made once for all years."""
    return rows(_TABLES[key])


@cache
def stem(name: str) -> str:
    """A place name without its kind: 海宁市 → 海宁, 广西壮族自治区 → 广西."""
    for kind in KINDS:
        if name.endswith(kind) and len(name) - len(kind) >= 2:
            return name[: -len(kind)]
    return name


LOCAL_OFFICE = re.compile("(?:调查队|分行|支行|分局|监管局|办事处|专员办|海关|税务局|气象局|邮政管理局)$")
PEOPLES = re.compile(
    "(?:布依族|土家族|哈尼族|景颇族|傈僳族|柯尔克孜|哈萨克|朝鲜族|蒙古族|蒙古|藏族|羌族|苗族|侗族|彝族|白族|傣族|壮族|回族|维吾尔)+(?=自治州)"
)


def _without_peoples(name: str) -> str:
    """凉山彝族自治州 → 凉山自治州."""
    return PEOPLES.sub("", name)


def parents(code: str, table: Gazetteer) -> list[str]:
    """Codes from the province down to `code`, those that the table holds."""
    chain = [f"{code[:2]}0000", f"{code[:4]}00", code]
    return [c for c in dict.fromkeys(chain) if c in table.by_code]


def mentions(text: str, table: Gazetteer) -> list[list[Division]]:
    """Place names in `text`, left to right, the longest at each position; each with all its readings."""
    found: list[list[Division]] = []
    at = 0
    while at < len(text):
        if text[at : at + 2] not in table.heads:
            at += 1
            continue
        for size in range(min(table.longest, len(text) - at), 1, -1):
            readings = table.by_name.get(text[at : at + size])
            if readings:
                found.append(readings)
                at += size
                break
        else:
            at += 1
    return found


def readings(text: str, table: Gazetteer) -> list[Division]:
    """The places that `text` can mean: the chain of names it starts with, narrowed from left to right."""
    current: list[Division] = []
    for choice in mentions(text, table):
        if not current:
            current = [d for d in choice if d.name not in GENERIC or text.startswith(d.name)]
            continue
        below = [d for d in choice if any(_contains(up.code, d.code) for up in current)]
        if not below:
            break
        current = below
    if len(current) == 1:
        return _branch(text, current[0], table) or current
    return current or _zone(text, table) or _local(text, table)


def _branch(text: str, place: Division, table: Gazetteer) -> list[Division]:
    """A county named without its kind behind its prefecture: 苏州市昆山生态环境局, 嘉兴市生态环境局海宁分局."""
    rest = text.partition(place.name)[2]
    names = ((d, stem(d.name)) for d in table.below.get(place.code, ()))
    return [d for d, name in names if len(name) > 1 and (rest.startswith(name) or f"{name}分局" in rest)]


def _local(text: str, table: Gazetteer) -> list[Division]:
    """The prefecture of a state body's local office: 国家统计局黄山调查队, 中国人民银行成都分行."""
    if not NATIONAL.match(text) or not LOCAL_OFFICE.search(text):
        return []
    cities = (d for d in table.by_code.values() if d.code.endswith("00"))
    found = [d for d in cities if len(stem(d.name)) > 1 and stem(d.name) in text[2:]]
    return found if len(found) == 1 else []


def _zone(text: str, table: Gazetteer) -> list[Division]:
    """The prefecture that a development zone is named after: 合肥高新技术产业开发区, 苏州工业园区."""
    found = re.match(r"([\u4e00-\u9fff]{2,4}?)(?:国家)?(?:高新|经济(?:技术)?开发|经开|工业园区|保税|综合保税)", text)
    if not found:
        return []
    return [d for d in table.by_code.values() if d.code.endswith("00") and stem(d.name) == found[1]]


def _contains(upper: str, lower: str) -> bool:
    """Whether `upper` is an ancestor of `lower` by code."""
    prefix = upper[:2] if upper.endswith("0000") else upper[:4] if upper.endswith("00") else upper
    return lower != upper and lower.startswith(prefix)


def find_region(
    evidence: Sequence[str], context: str, divisions: Mapping[str, tuple[Any, ...]], year: int
) -> tuple[Region | None, list[str]]:
    """The place, and the readings left where there are several.

    `evidence` is ordered: who signed, then titles and names of sites; the first that names a place
    decides.  Where its name is shared (宝山区), later evidence or `context` (the letter and the
    page around it) must name a place above it.
    """
    table = gazetteer(divisions, year)
    if evidence and NATIONAL.match(evidence[0]) and not mentions(evidence[0], table) and not _local(evidence[0], table):
        return Region(NATION, ("中华人民共和国",), ("china",), str(year)), []
    choices: list[Division] = []
    for text in evidence:
        found = readings(text, table)
        if not choices:
            choices = found
        elif len(choices) > 1:
            choices = [d for d in choices if d in found or any(_contains(up.code, d.code) for up in found)] or choices
    if len(choices) > 1:
        choices = _by_context(choices, context, table) or choices
    if len(choices) != 1:
        return None, [describe(d.code, table) for d in choices]
    return region_of(choices[0].code, table, year), []


def _by_context(choices: Iterable[Division], context: str, table: Gazetteer) -> list[Division]:
    """Readings whose province or prefecture is named in `context`; the one with most names above it wins."""
    scored = []
    for choice in choices:
        above = parents(choice.code, table)[:-1]
        names = [table.by_code[c].name for c in above]
        score = sum(context.count(name) + context.count(stem(name)) for name in names)
        scored.append((score, choice))
    best = max((score for score, _ in scored), default=0)
    return [choice for score, choice in scored if score == best] if best else []


def describe(code: str, table: Gazetteer) -> str:
    """浙江省嘉兴市海宁市 for a code."""
    return "".join(table.by_code[c].name for c in parents(code, table))


def region_of(code: str, table: Gazetteer, year: int) -> Region:
    """The region of a code, with the slugs its notice id is made of."""
    chain = parents(code, table)
    slugs = [table.by_code[c].slug for c in chain]
    return Region(code, tuple(table.by_code[c].name for c in chain), _id_slugs(chain, slugs, table), str(year))


def _id_slugs(chain: list[str], slugs: list[str], table: Gazetteer) -> tuple[str, ...]:
    """Province and place; the prefecture between them where the province has the place's slug twice."""
    if len(slugs) == 1:
        return (slugs[0],)
    if table.slugs[chain[-1][:2], slugs[-1]] > 1 and len(slugs) == 3:
        return tuple(slugs)
    return (slugs[0], slugs[-1])

"""The canonical name of a responsible unit: 市卫健委 in 海宁 is 海宁市卫生健康局.

The table is [[unit]] and [[local]] of rules/units.toml.  What a notice prints in full decides; then [[local]];
then the printed ending (局, 委) is kept and only the shortened part is written out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...places import stem
from ...rules import RulesError
from .home import LEVEL, Home

ENDINGS = ("局", "厅", "委", "委员会", "部")
WRITTEN_OUT = {"委": "委员会", "办": "办公室"}
#: What may stand before a unit's own name beside a place's: a level, or a set of places.
PREFIX = re.compile(
    r"(?:我|本|全|各|有关|相关)*(?:国家|中央|全国|省|自治区|市|州|县|区|旗|盟|镇|乡|地区|新区|开发区)(?:直|级|属|直属)?"
    r"|[各有关相]{0,3}[省市县区镇乡]\(.{1,10}\)|各[市州县区]、[县区旗](?:\(.{1,10}\))?"
)
BELOW = re.compile(r"[\u4e00-\u9fff]{2,6}(?:镇|乡|街道|开发区|新区|高新区|园区)")
BRANCH = re.compile(r"(?P<office>.+局)(?P<where>[\u4e00-\u9fff]{2,6})分局")
NESTED = re.compile(r"\([^()]*\)$")
PART = re.compile(r"(?:(?![及和与局])[\u4e00-\u9fff]){2,10}(?:科|股|处|室|办|中心|大队|支队|站|所)")  # of an office


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the table: a name of a body and the years it was in use (0: open)."""

    body: str
    full: str
    since: int
    until: int
    open: bool = False  # the full name differs from place to place: only a printed one is used

    def valid(self, year: int) -> bool:
        return not year or ((not self.since or self.since <= year) and (not self.until or year <= self.until))


@dataclass(frozen=True, slots=True)
class Local:
    """How the name of a body ends under a code of the division table, from a year on."""

    code: str
    body: str
    end: str
    since: int


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All names: by what stands before and behind the place ("团", "委"), and the rows of each body."""

    printed: dict[tuple[str, str], tuple[Row, str, bool]]  # → row, ending, whether a place must stand between
    heads: tuple[str, ...]
    rows: dict[str, tuple[Row, ...]]
    ends: dict[Row, tuple[str, ...]]
    written: dict[str, tuple[tuple[Row, tuple[str, ...]], ...]]  # the rows whose full name is known, with their endings
    local: tuple[Local, ...]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A printed name understood: the place before it, the entry, and its ending as printed."""

    prefix: str
    row: Row
    end: str
    spelt: bool  # printed in full


def build(table: Any, places: frozenset[str]) -> Table:
    """[[unit]] and [[local]] of rules/units.toml as one table.  Raises RulesError naming the entry."""
    printed: dict[tuple[str, str], tuple[Row, str, bool]] = {}
    rows: dict[str, list[Row]] = {}
    ends: dict[Row, tuple[str, ...]] = {}
    for entry in table["unit"]:
        where = f"units.toml [[unit]] {entry.get('full', '?')}"
        unknown = set(entry) - {"body", "full", "short", "since", "until", "ends", "open", "why"}
        if unknown or not entry.get("full") or not entry.get("body"):
            raise RulesError(
                f"规则 {where} 写法不对：要有 body 和 full，不认识的项：{'、'.join(sorted(unknown)) or '无'}。"
            )
        row = Row(entry["body"], entry["full"], entry.get("since", 0), entry.get("until", 0), bool(entry.get("open")))
        rows.setdefault(row.body, []).append(row)
        ends[row] = tuple(entry.get("ends", ENDINGS))
        for name in (row.full, *entry.get("short", ())):
            for end in ends[row]:
                head, cross, tail = (name + end).partition("X")
                printed.setdefault((head, tail) if cross else ("", head), (row, end, bool(cross)))
    try:
        local = tuple(Local(e["code"], e["body"], e["end"], e.get("since", 0)) for e in table.get("local", ()))
    except KeyError as error:
        raise RulesError(f"规则 units.toml [[local]] 缺少一项：{error}。") from error
    written = {
        body: tuple((row, tuple(sorted({WRITTEN_OUT.get(e, e) for e in ends[row]}))) for row in same if not row.open)
        for body, same in rows.items()
    }
    heads = tuple(sorted({head for head, _ in printed}, key=len, reverse=True))
    return Table(printed, heads, {body: tuple(found) for body, found in rows.items()}, ends, written, local, places)


@lru_cache(maxsize=4096)
def reading(name: str, table: Table, own: tuple[str, ...]) -> Reading | None:
    """What `name` (folded, without a nested bracket) is by the table; `own` are names that may stand before it bare."""
    for head in table.heads:
        if not name.startswith(head):
            continue
        rest = name[len(head) :]
        for cut in range(len(rest)):
            found = table.printed.get((head, rest[cut:]))
            if found and (rest[:cut] or not found[2]) and _is_prefix(rest[:cut], table, own):
                row, end, _ = found
                spelt = not row.open and "X" not in row.full and rest[cut:] == row.full + WRITTEN_OUT.get(end, end)
                return Reading(rest[:cut], row, end, spelt)
    return None


def office_end(name: str, table: Table, own: tuple[str, ...]) -> int:
    """Where the office ends in 市卫健局医政科 and 县人社局信息中心; 0 for other names."""
    for cut in (at + 1 for at, c in enumerate(name) if c in "局委厅"):
        if PART.fullmatch(name, cut) and reading(name[:cut], table, own):
            return cut
    return 0


def _is_prefix(text: str, table: Table, own: tuple[str, ...]) -> bool:
    """Whether a level or a place of the division table stands here: 市, 杭州市, 杭州市江干区, 各县（市、区）."""
    if not text or text in own or text in table.places or PREFIX.fullmatch(text) or BELOW.fullmatch(text):
        return True
    return any(text[:cut] in table.places and text[cut:] in table.places for cut in range(2, len(text) - 1))


def canonical(
    names: Iterable[str], short: set[str], home: Home, table: Table, section: re.Pattern[str]
) -> dict[str, str]:
    """For each printed name its canonical one; forms of one body in one notice get the same.  `short` lack their 局."""
    every, own = list(names), home.bare
    found = {name: reading(NESTED.sub("", name), table, own) for name in dict.fromkeys(every)}
    for name in short if home.code[2:] != "0000" else ():  # a province's may be a 厅
        found[name] = reading(name + "局", table, own)
    keys = {name: (home.place(read.prefix, read.end), read.row.body) for name, read in found.items() if read}
    groups: dict[tuple[str, str], list[Reading]] = {}
    for name in every:
        read = found[name]
        if read:
            groups.setdefault(keys[name], []).append(read)
    chosen = {key: _choose(key[0], reads, home, table) for key, reads in groups.items()}
    result = {}
    for name, read in found.items():
        if read and PREFIX.fullmatch(read.prefix) and read.prefix[0] in "各有相":
            result[name] = name  # a set of bodies, not one
        elif read:
            result[name] = chosen[keys[name]]
        else:
            result[name] = _branch(name, home, table) or _of_office(name, home, table) or _unknown(name, home, section)
    return {name: full.replace("(", "（").replace(")", "）") for name, full in result.items()}


def _choose(place: str, reads: list[Reading], home: Home, table: Table) -> str:
    """The name of a body from all its forms in the notice: the full one it prints most, else the commonest."""
    body = reads[0].row.body
    rows = table.rows[body]
    full = Counter[tuple[Row, str]]()
    alike = all(read.row is reads[0].row and read.end == reads[0].end for read in reads)
    spelt = alike and reads[0].spelt
    for row, ends in () if spelt else table.written[body]:
        for end in ends if row.full in home.text else ():
            count = _printed(row, end, place, reads, home)
            if count:
                full[row, end] = count
    if full:
        row, end = max(full, key=lambda key: (full[key], key[0].valid(home.year), key[1]))
    else:
        row, end = reads[0].row, WRITTEN_OUT.get(reads[0].end, reads[0].end)
        if not alike:
            row, end = Counter((read.row, WRITTEN_OUT.get(read.end, read.end)) for read in reads).most_common(1)[0][0]
        end = _local_end(body, place, end, home, table)
    if not row.valid(home.year) and row.until and home.year > row.until:
        again = (new for new in rows if end in (WRITTEN_OUT.get(printed, printed) for printed in table.ends[new]))
        row = next((new for new in again if new.valid(home.year)), row)
    name = row.full + end
    if "X" in name:
        return name.replace("X", place)
    return (place or ("国家" if home.code == "100000" and end in ("委员会", "局") else "")) + name


def _printed(row: Row, end: str, place: str, reads: list[Reading], home: Home) -> int:
    """How often the notice prints this full name of the place's body, as 海宁市… or 市…."""
    name = row.full + end
    if name not in home.text or "X" in name:
        return 0
    if not place:
        return home.text.count(name)
    kind = next((k for k in ("自治区", "省", "市", "州", "县", "区", "旗", "盟") if place.endswith(k)), "")
    if not kind or place == kind:
        return home.text.count(place + name)
    bare = sum(1 for read in reads if not read.prefix and read.row is row and read.end == end)
    if home.place(kind) != place:
        return home.text.count(place + name) + bare
    others = sum(home.text.count(up + name) for up in home.path if up != place and up.endswith(kind))
    return home.text.count(kind + name) - others + bare


def _local_end(body: str, place: str, end: str, home: Home, table: Table) -> str:
    """The ending that [[local]] gives for the notice's own place, else `end`."""
    for local in table.local:
        own = home.code.startswith(local.code) and home.path and place == home.path[-1]
        if local.body == body and own and home.year >= local.since:
            return local.end
    return end


def _branch(name: str, home: Home, table: Table) -> str:
    """市生态环境局海宁分局 and 市公安分局: a prefecture's office in the notice's own county; "" for other names."""
    if not name.endswith("分局") or len(home.path) < 2:
        return ""
    own, above = home.path[-1], home.path[-2]
    found = BRANCH.fullmatch(name)
    if found:
        read = reading(found["office"], table, home.bare)
        if not read or not own.startswith(found["where"].removesuffix("区").removesuffix("县").removesuffix("市")):
            return ""
        place = above if LEVEL.fullmatch(read.prefix) or not read.prefix else home.place(read.prefix)
        return f"{place}{read.row.full}{read.end}{found['where']}分局"
    read = reading(name.removesuffix("分局") + "局", table, home.bare)
    if read and home.place(read.prefix) == own:
        return f"{above}{read.row.full}局{stem(own)}分局"
    return ""


def _of_office(name: str, home: Home, table: Table) -> str:
    """市卫健局医政科: the office's name written out, then its section; "" for other names."""
    cut = office_end(name, table, home.bare)
    read = reading(name[:cut], table, home.bare) if cut else None
    return _choose(home.place(read.prefix, read.end), [read], home, table) + name[cut:] if read else ""


def _unknown(name: str, home: Home, section: re.Pattern[str]) -> str:
    """A name that is not in the table, with its level written out where the notice's place says which it is."""
    if section.fullmatch(name) and home.issuer.endswith(("局", "委员会", "厅", "部")) and " " not in home.issuer:
        return home.issuer + re.sub(r"^(?:本?[局委厅办院校](?!室)机?关?|机关(?!党委|纪委))", "", name)
    found = LEVEL.match(name)
    if found and not name.startswith("区域") and home.place(found[0]) != found[0]:
        return home.place(found[0]) + name[found.end() :]
    return name

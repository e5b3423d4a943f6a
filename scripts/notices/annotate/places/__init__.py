"""Places and organisations in running text, read from the notice's own place outwards.

A gazetteer scoped to the home county: 江苏村 in a county's notice is a village, whatever province there is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain

from ...chars import HAN, fold
from ...model import Clause, Notice, Span, Value
from ...places import GENERIC, Division
from ...rules import Rules, RulesError, compiled
from ..terms import mask, titles
from .names import Body, Found, Lexicon, Names, Reader
from .organisations import organisations, signers
from .scope import SUFFIX, Scope, scope_of
from .settlements import JOINS, counted, towns

#: What may not follow a division's full name: 海宁市场, 普陀区域, 桓台县级.
BROKEN = re.compile("(?<=市)[场民容级价值长树]|(?<=区)[域块间位别分划级长]|(?<=[县省州旗盟])[级域长际]")
#: What makes a short name part of another name: 江苏村, 浙江路, 浙江大学.
OTHER_NAME = re.compile(
    "村|镇|乡|街道|社区|路|街|分局|公[路安]分局|公安交通|调查队|[支分]行|[东南西北火]?车?站|大道|大桥|港|水库|湖|河|站|机场|大学|学院|流域|日报|卫视|银行|[省市县州旗盟]|[木石玉竹根砖]雕|[刺苏湘]绣|剪纸|皮影|陶瓷|[绿红白黑]茶|大闸蟹"
)
ABROAD = re.compile(f"(?:(?![和与等各我本全跨几多两三邻])[{HAN}]){{2,5}}?省(?![级份会])")  # 越南谅山省
BETWEEN = "\0"  # of two clauses: no name holds it


@cache
def compiled_rules(rules: Rules) -> Lexicon:
    """Rules of rules/places.toml, compiled.  Raises RulesError naming the entry."""
    table = rules.tables["places"]
    try:
        bodies: dict[str, list[str]] = {"any": [], "place": [], "township": []}
        for body in table["body"]:
            compiled(body["pattern"], f"places.body.{body['id']}")
            bodies[body["prefix"]].append(body["pattern"])
        bodies["place"] = bodies["any"] + bodies["place"]
        subjects, school, short = table["school"]["words"], table["school"]["pattern"], table["short"]
        regions, countries = frozenset(table["region"]["names"]), frozenset(table["country"]["names"])
        national = {
            name: compiled(entry["tail"], f"places.national.{entry['id']}")
            for entry in table["national"]
            for name in entry["names"]
        }
        return Lexicon(
            leads=frozenset(table["lead"]["names"]),
            lead_ends=frozenset(name[-1] for name in table["lead"]["names"]),
            common=frozenset(table["common"]["names"]),
            generic=compiled(table["generic"]["pattern"], "places.generic"),
            regions=regions,
            countries=countries,
            unlike=compiled(table["country"]["unlike"], "places.country"),
            village=compiled(table["village"]["pattern"], "places.village"),
            customs=compiled(table["customs"]["pattern"], "places.customs"),
            no_customs=compiled(table["customs-generic"]["pattern"], "places.customs-generic"),
            school=compiled(f"(?:{'|'.join(subjects)}){{0,4}}{school[1:]}|{short['pattern']}", "places.school"),
            school_heads=frozenset(w[:2] for w in (*subjects, *short["heads"], "大学", "学院", "高等", "中学", "小学")),
            sign=compiled(table["sign"]["pattern"], "places.sign"),
            section=compiled(table["section"]["pattern"], "places.section"),
            bodies={prefix: _union(patterns, prefix) for prefix, patterns in bodies.items()},
            national=national,
            words=regions.union(countries, national),
        )
    except KeyError as error:
        raise RulesError(f"rules/places.toml 缺少一项或前缀不认识：{error}。请对照文件开头的说明改正。") from error


def _union(patterns: Sequence[str], where: str) -> re.Pattern[str]:
    return compiled("|".join(f"(?:{pattern})" for pattern in patterns), f"places.{where}")


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """ "place" spans (value: name, level, code, within) and "organisation" spans (value: name, scope).

    Nothing inside a citation or where a responsible unit is marked already.  A place inside the name of an
    organisation is not given a second time.  All clauses are read as one text, which costs much less than one by one.
    """
    lexicon = compiled_rules(rules)
    scope = scope_of(notice, rules, lexicon)
    texts = [fold(clause.text) for clause in notice.clauses]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    begin = {clause.anchor: start for clause, start in zip(notice.clauses, starts, strict=False)}
    whole = BETWEEN.join(texts)
    closed = [(start + a, start + b) for text, start in zip(texts, starts, strict=False) for a, b in titles(text)]
    closed += [(begin[s.clause] + s.start, begin[s.clause] + s.end) for s in earlier if s.kind in ("citation", "unit")]
    taken = mask(len(whole), closed)
    names = _names(whole, lexicon, scope)
    places = _places(whole, names, lexicon, scope)
    signed = (
        one._replace(start=one.start + start, end=one.end + start)
        for clause, text, start in zip(notice.clauses, texts, starts, strict=False)
        if clause.anchor == "sign"
        for one in signers(text, lexicon)
    )
    every: Iterable[Found | Body] = chain(signed, organisations(whole, taken, places, names, lexicon, scope), places)
    for one in every:
        if 1 not in taken[one.start : one.end]:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            at = bisect_right(starts, one.start) - 1
            yield _span(one, notice.clauses[at], starts[at])


def _span(found: Found | Body, clause: Clause, offset: int) -> Span:
    start, end = found.start - offset, found.end - offset
    value: tuple[tuple[str, Value], ...]
    if isinstance(found, Body):
        value = (("name", found.name), ("scope", "own" if found.own else "other"))
        return Span("organisation", clause.anchor, start, end, value, f"places/{found.rule}")
    code = found.division.code if found.division else None
    value = (("name", found.name), ("level", found.level), ("code", code), ("within", found.within))
    return Span("place", clause.anchor, start, end, value, f"places/{found.rule}", found.doubt)


def _places(text: str, names: Names, lexicon: Lexicon, scope: Scope) -> list[Found]:
    reader = Reader(text, lexicon)
    _full_names(reader, names.full, scope)
    _regions(reader, names.regions)
    towns(reader, scope)
    counted(reader, scope)
    _short_names(reader, names.short, scope)
    return sorted(reader.by_end.values(), key=lambda place: place.start)


def _names(text: str, lexicon: Lexicon, scope: Scope) -> Names:
    """Where names of every sort stand."""
    full: list[tuple[int, int]] = []
    regions: list[tuple[int, int]] = []
    schools: list[tuple[int, int]] = []
    short: dict[int, int] = {}
    national: dict[int, int] = {}
    for _, start, end in scope.names.find_matches_as_indexes(text, overlapping=True):
        name = text[start:end]
        if name not in scope.known:
            continue
        if name in lexicon.words:
            if name in lexicon.national:
                national[start] = max(end, national.get(start, 0))
            else:
                regions.append((start, end))
        elif name in scope.short:
            short[start] = max(end, short.get(start, 0))
        elif name[-1] in SUFFIX and name in scope.full:
            full.append((start, end))
        if text[end : end + 2] in lexicon.school_heads and name not in lexicon.words:
            schools.append((start, end))
    full.sort(key=lambda place: (place[1], place[0]))
    return Names(full, sorted(short.items()), regions, sorted(national.items()), schools)


def _regions(reader: Reader, names: Sequence[tuple[int, int]]) -> None:
    """长三角, and 越南; of 今日本市 and 以德国 a country is only read where a name may begin."""
    for start, end in names:
        name = reader.text[start:end]
        if name in reader.lexicon.regions:
            reader.add(Found(start, end, name, "region", rule="region"))
        elif not reader.lexicon.unlike.match(reader.text, end) and (name[-1] not in "国本" or reader.begins(start)):
            reader.add(Found(start, end, name, "nation", rule="country"))
            below = ABROAD.match(reader.text, end)
            if below:
                reader.add(Found(end, below.end(), below[0], "province", rule="country"))


def _full_names(reader: Reader, names: Sequence[tuple[int, int]], scope: Scope) -> None:
    """海宁市, 舟山市普陀区: names with their kind, the longest that ends at each kind."""
    text, done, starts = reader.text, 0, {start for start, _ in names}
    for start, end in names:
        if end == done or (BROKEN.match(text, end) and end not in starts):  # 市长, but 重庆市长寿区
            continue
        found = _read(reader, start, end, scope.full[text[start:end]], scope)
        if found:
            reader.add(found)
            done = end


def _read(reader: Reader, start: int, end: int, choice: Sequence[Division], scope: Scope) -> Found | None:
    """One division's name read in its surroundings; None where it is none, with a doubt where several are left."""
    name, before = reader.text[start:end], reader.by_end.get(start)
    upper = before.division if before else None
    under = [d for d in choice if upper and scope.contains(upper.code, d.code)]
    if len(under) == 1:
        return _division(start, end, under[0])
    own = [d for d in choice if d.code in scope.chain]
    if own and (len(name) > 2 or reader.hard(start)):
        return _division(start, end, own[-1])
    near = scope.nearest(choice)
    if len(name) == 2 and len(near) == 1 and reader.hard(start):  # 武安市、涉县: a short name needs a mark before it
        listed = reader.text[start - 1 : start] in tuple(JOINS) and start - 1 in reader.by_end
        if scope.beside(near[0].code) or (listed and scope.own and near[0].code.startswith(scope.own[:2])):
            return _division(start, end, near[0])
    if name in GENERIC or name in reader.lexicon.common or len(name) == 2 or not reader.begins(start):
        return None
    if len(near) == 1:
        return _division(start, end, near[0])
    doubt = f"“{name}”在全国有{len(choice)}处，看不出是哪一处；请核对后在更正文件里写明代码。"
    return Found(start, end, name, _level(choice[0].code), None, None, doubt)


def _division(start: int, end: int, division: Division, rule: str = "division") -> Found:
    code = division.code
    upper = None if code.endswith("0000") else f"{code[:2]}0000" if code.endswith("00") else f"{code[:4]}00"
    return Found(start, end, division.name, _level(code), division, upper, rule=rule)


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def _short_names(reader: Reader, names: Sequence[tuple[int, int]], scope: Scope) -> None:
    """浙江, 江干: provinces and the own places without their kind; other places of the province only in lists."""
    text, lists = reader.text, []
    for start, end in names:
        if 1 in reader.taken[start:end] or OTHER_NAME.match(text, end):
            continue
        division = scope.short[text[start:end]]
        stretch = division.code == scope.own and text[end : end + 1] == "段"  # 京沈客运专线密云段
        if not (stretch or reader.begins(start)):
            continue
        if text[start:end] in reader.lexicon.common:
            continue
        if division.code in scope.chain or division.code.endswith("0000"):
            reader.add(_division(start, end, division, "short"))
        lists.append((start, end, division))
    starts, ends = {start for start, _, _ in lists}, {end for _, end, _ in lists}
    for start, end, division in lists:
        before = text[start - 1 : start] in tuple(JOINS) and (start - 1 in ends or start - 1 in reader.by_end)
        if before or (text[end : end + 1] in tuple(JOINS) and end + 1 in starts):
            reader.add(_division(start, end, division, "short"))

"""Places and organisations in running text, read from the notice's own place outwards.

A gazetteer scoped to the home county: 江苏村 in a county's notice is a village, whatever province there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ..chars import HAN, fold, is_han
from ..model import Clause, Notice, Span, Value
from ..places import GENERIC, Division
from ..rules import Rules, RulesError, compiled
from .names import Found, Lexicon, Reader
from .organisations import organisations
from .scope import SUFFIX, Scope, scope_of
from .terms import mask, titles

#: What may not follow a division's full name: 海宁市场, 普陀区域, 桓台县级.
BROKEN = re.compile("(?<=市)[场民容级价值长树]|(?<=区)[域块间位别分划级长]|(?<=[县省州旗盟])[级域长际]")
#: What makes a short name part of another name: 江苏村, 浙江路, 浙江大学.
OTHER_NAME = re.compile(
    "村|镇|乡|街道|社区|路|街|[东南西北火]?车?站|大道|大桥|港|湖|河|站|机场|大学|学院|流域|日报|卫视|银行|[省市县州旗盟]"
)
SETTLEMENT = re.compile(
    "街道(?!路)|社区(?!卫生)|镇(?![静痛定压流级域村]|江市)|乡(?![村镇愁土贤风亲级域音])|村(?![民庄级镇域])"
)
#: 田庄、马桥、起凤3个试点镇: the count decides how many of the words before it are names.
COUNTED = re.compile(f"个(?<=[0-9一二三四五六七八九十两]个)[{HAN}]{{0,4}}?(镇|乡|街道|村|社区)(?![民庄级域镇卫])")
COUNT = re.compile("等?([0-9]{1,2}|[一二三四五六七八九十两])$")
NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
SMALL = ("村", "社区")
JOINS = "、和及与"


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
        return Lexicon(
            leads=frozenset(table["lead"]["names"]),
            lead_ends=frozenset(name[-1] for name in table["lead"]["names"]),
            common=frozenset(table["common"]["names"]),
            generic=compiled(table["generic"]["pattern"], "places.generic"),
            regions=re.compile("|".join(map(re.escape, sorted(table["region"]["names"], key=len, reverse=True)))),
            sign=compiled(table["sign"]["pattern"], "places.sign"),
            bodies={prefix: _union(patterns, prefix) for prefix, patterns in bodies.items()},
            national=compiled("|".join(map(_national, table["national"])), "places.national"),
        )
    except KeyError as error:
        raise RulesError(f"rules/places.toml 缺少一项或前缀不认识：{error}。请对照文件开头的说明改正。") from error


def _national(entry: Mapping[str, Any]) -> str:
    """Alternatives that begin with a letter, not with a group: so the search skips whatever begins none of them.

    Names that begin with the same letter are one alternative.
    """
    if "names" not in entry:
        return str(entry["pattern"])
    by_letter: dict[str, list[str]] = {}
    for name in sorted(entry["names"], key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)}){entry.get('tail', '')}" for first, rest in by_letter.items())


def _union(patterns: Sequence[str], where: str) -> re.Pattern[str]:
    return compiled("|".join(f"(?:{pattern})" for pattern in patterns), f"places.{where}")


def find(notice: Notice, rules: Rules, earlier: Sequence[Span]) -> Iterator[Span]:
    """ "place" spans (value: name, level, code, within) and "organisation" spans (value: name, scope).

    Nothing inside a citation or where a responsible unit is marked already.  A place inside the name of an
    organisation is not given a second time.
    """
    lexicon, scope = compiled_rules(rules), scope_of(notice, rules)
    closed: dict[str, list[tuple[int, int]]] = {}
    for span in earlier:
        if span.kind in ("citation", "unit"):
            closed.setdefault(span.clause, []).append((span.start, span.end))
    for clause in notice.clauses:
        text = fold(clause.text)
        taken = mask(len(text), (*titles(text), *closed.get(clause.anchor, ())))
        places = _places(text, lexicon, scope)
        for span in (*organisations(clause, text, taken, places, lexicon, scope), *(_span(clause, p) for p in places)):
            if 1 not in taken[span.start : span.end]:
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                yield span


def _span(clause: Clause, place: Found) -> Span:
    code = place.division.code if place.division else None
    value: tuple[tuple[str, Value], ...] = (
        ("name", place.name),
        ("level", place.level),
        ("code", code),
        ("within", place.within),
    )
    return Span("place", clause.anchor, place.start, place.end, value, f"places/{place.rule}", place.doubt)


def _places(text: str, lexicon: Lexicon, scope: Scope) -> list[Found]:
    reader = Reader(text, lexicon)
    full, short = _names(text, scope)
    _full_names(reader, full, scope)
    for match in lexicon.regions.finditer(text):
        reader.add(Found(match.start(), match.end(), match[0], "region", rule="region"))
    _settlements(reader, scope)
    _counted(reader, scope)
    _short_names(reader, short, scope)
    return sorted(reader.by_end.values(), key=lambda place: place.start)


def _names(text: str, scope: Scope) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where names with their kind stand, by their ends and the longest first, and short names, the longest at each start."""
    full: list[tuple[int, int]] = []
    short: dict[int, int] = {}
    for _, start, end in scope.names.find_matches_as_indexes(text, overlapping=True):
        name = text[start:end]
        if name in scope.short:
            short[start] = max(end, short.get(start, 0))
        elif name[-1] in SUFFIX and name in scope.table.by_name:
            full.append((start, end))
    return sorted(full, key=lambda place: (place[1], place[0])), sorted(short.items())


def _full_names(reader: Reader, names: Sequence[tuple[int, int]], scope: Scope) -> None:
    """海宁市, 舟山市普陀区: names with their kind, the longest that ends at each kind."""
    text, done = reader.text, 0
    for start, end in names:
        if end == done or BROKEN.match(text, end):
            continue
        found = _read(reader, start, end, scope.table.by_name[text[start:end]], scope)
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
    if len(name) == 2 and len(near) == 1 and reader.hard(start) and scope.beside(near[0].code):
        return _division(start, end, near[0])  # 武安市、涉县: a short name needs a mark before it
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


def _settlements(reader: Reader, scope: Scope) -> None:
    """马桥镇, 四季青街道.  A village needs its town before it or another village beside it.

    So does a town where the own place is no county: a province's notice names the county as well.
    """
    text, found = reader.text, []
    for match in SETTLEMENT.finditer(text):
        start = _stem(reader, match.start(), match[0])
        if start is not None and 1 not in reader.taken[start : match.end()]:
            place = _settlement(reader, start, match.end(), match[0], scope)
            found.append(place)
            if place.level == "township" and (scope.local or start in reader.by_end):
                reader.add(place)
    starts = {place.start for place in found}
    ends = {place.end for place in found}
    for place in found:
        listed = text[place.start - 1 : place.start] in ("、", "和", "及") and place.start - 1 in ends
        followed = text[place.end : place.end + 1] == "、" and place.end + 1 in starts
        small = place.level == "village" and (followed or place.start in reader.by_end)
        if small or (listed and (place.level == "village" or place.start - 1 in reader.by_end)):
            reader.add(place)


def _settlement(reader: Reader, start: int, end: int, kind: str, scope: Scope, name: str = "") -> Found:
    before = reader.by_end.get(start)
    within = before.division.code if before and before.division else before.within if before else scope.own
    level = "village" if kind in SMALL else "township"
    return Found(start, end, name or reader.text[start:end], level, None, within, rule="settlement")


def _stem(reader: Reader, end: int, kind: str) -> int | None:
    """Where a name of two to four characters begins that ends at `end`, before its `kind`; None where there is none."""
    text, hard, soft = reader.text, None, None
    for at in range(end - 1, max(end - 5, -1), -1):
        if not is_han(text[at]):
            break
        if at <= end - 2:
            hard = at if hard is None and reader.hard(at) else hard
            soft = at if soft is None and reader.begins(at) else soft
    if hard is not None and soft is not None and text[hard:soft] in ("和", "同", "向", "为", "至"):
        soft = hard  # 、和平里社区: after a mark 和 is no conjunction
    if soft is None or reader.lexicon.generic.search(text[soft:end]):
        return None
    compound = text[end - 1] == "城" and (kind == "乡" or (kind == "镇" and end - soft != 2))  # 城乡, 城镇
    return None if compound else soft


def _counted(reader: Reader, scope: Scope) -> None:
    """田庄、马桥、起凤3个试点镇: each is a town, where there are as many words as the number says."""
    text = reader.text
    for match in COUNTED.finditer(text):
        words: list[tuple[int, int]] = []
        head = COUNT.search(text[max(0, match.start() - 3) : match.start()])
        if not head:
            continue
        number, kind, end = NUMBERS.get(head[1]) or int(head[1]), match[1], match.start() - len(head[0])
        while len(words) < number and end >= 2:
            bare = end - len(kind) * text.endswith(kind, 0, end)  # 起凤、荆家镇2个镇
            at = max(text.rfind(c, max(0, end - 8), end) for c in JOINS)
            start = _stem(reader, bare, kind) if len(words) == number - 1 or at < 0 else at + 1
            least = 2 if bare == end else 1  # 乌镇
            if start is None or not least <= bare - start <= 4 or reader.lexicon.generic.search(text[start:bare]):
                break
            words.append((start, end))
            end = start - 1
        if len(words) == number > 1:
            for start, stop in words:
                name = text[start:stop] + kind * (not text.endswith(kind, start, stop))
                reader.add(_settlement(reader, start, stop, kind, scope, name))


def _short_names(reader: Reader, names: Sequence[tuple[int, int]], scope: Scope) -> None:
    """浙江, 江干: provinces and the own places without their kind; other places of the province only in lists."""
    text, lists = reader.text, []
    for start, end in names:
        if 1 in reader.taken[start:end] or OTHER_NAME.match(text, end) or not reader.begins(start):
            continue
        division = scope.short[text[start:end]]
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

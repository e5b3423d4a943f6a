"""Towns, streets, villages and communities in running text, which the division table does not hold."""

from __future__ import annotations

import re

from ...chars import HAN, is_han
from .names import Found, Reader
from .scope import Scope

#: Each look behind comes after its character, so that the search can skip to these five.
SETTLEMENT = re.compile(
    "街道(?!路)|社区(?!卫生)|镇(?<![古二三四五六七八九两]镇)(?![静痛定压流级域村]|江市|景区)"
    "|乡(?<![返回离还故他异]乡)(?![村镇愁土贤风亲级域音])|村(?<!农村)(?![庄级镇域]|民(?![俗宿族]))"
)
#: 田庄、马桥、起凤3个试点镇: the count decides how many of the words before it are names.
COUNTED = re.compile(f"个(?<=[0-9一二三四五六七八九十两]个)[{HAN}]{{0,4}}?(镇|乡|街道|村|社区)(?![民庄级域镇卫])")
COUNT = re.compile("等?([0-9]{1,2}|[一二三四五六七八九十两])$")
NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
SMALL = ("村", "社区")
AFTER_VILLAGES = tuple("干部委务两支校史组医企社集容貌落规风账财文小屯卫民")  # 村干部, 村卫生室: any village's
JOINS = "、和及与"


def towns(reader: Reader, scope: Scope) -> None:
    """马桥镇, 四季青街道.  A 社区 needs its town before it or another beside it, a 村 such words as say a name.

    So does a town where the own place is no county: a province's notice names the county as well.
    """
    text, found = reader.text, []
    for match in SETTLEMENT.finditer(text):
        start = _stem(reader, match.start(), match[0])
        kind_of = match[0] == "村" and start is not None and reader.lexicon.village.search(text[start : match.start()])
        if start is not None and not kind_of and 1 not in reader.taken[start : match.end()]:
            place = _settlement(reader, start, match.end(), match[0], scope)
            found.append(place)
            if place.level == "township" and (scope.local or start in reader.by_end):
                reader.add(place)
    starts = {place.start for place in found}
    ends = {place.end for place in found}
    for place in found:
        listed = text[place.start - 1 : place.start] in ("、", "和", "及") and place.start - 1 in ends
        followed = text[place.end : place.end + 1] == "、" and place.end + 1 in starts
        small = place.level == "village" and (followed or place.start in reader.by_end or _alone(reader, place, scope))
        if small or (listed and (place.level == "village" or place.start - 1 in reader.by_end)):
            reader.add(place)


def _alone(reader: Reader, village: Found, scope: Scope) -> bool:
    """Whether a 村 is a name without its town: 驻柳班村, in a county's notice; not 推动村, 柳班村干部."""
    word = village.name[:-1]
    if not scope.local or village.name[-1] != "村" or reader.text[village.end : village.end + 1] in AFTER_VILLAGES:
        return False
    pairs = {word[at : at + 2] for at in range(len(word) - 1)}
    return pairs.isdisjoint(reader.lexicon.leads)


def _settlement(reader: Reader, start: int, end: int, kind: str, scope: Scope, name: str = "") -> Found:
    before = reader.by_end.get(start)
    within = before.division.code if before and before.division else before.within if before else scope.own
    level = "village" if kind in SMALL else "township"
    return Found(start, end, name or reader.text[start:end], level, None, within, rule="settlement")


def _stem(reader: Reader, end: int, kind: str) -> int | None:
    """Where a name of two to four characters begins that ends at `end`, before its `kind`; None where there is none."""
    text, hard, soft = reader.text, None, None
    if end < 2 or not is_han(text[end - 1]):
        return None
    for at in range(end - 2, max(end - 5, -1), -1):
        if not is_han(text[at]):
            break
        if soft is None and reader.begins(at):
            soft = at
        if reader.hard(at):
            hard = at
            break
    if hard is not None and soft is not None and text[hard:soft] in ("和", "同", "向", "至"):
        soft = hard  # 、和平里社区: after a mark 和 is no conjunction
    if soft is None or reader.lexicon.generic.search(text[soft:end]):
        return None
    compound = text[end - 1] == "城" and (kind == "乡" or (kind == "镇" and end - soft != 2))  # 城乡, 城镇
    return None if compound else soft


def counted(reader: Reader, scope: Scope) -> None:
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

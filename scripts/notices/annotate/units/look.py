"""What a piece of a list looks like: a name of the table, the shape of one, or none.

In: a piece of folded text.  Out: a Look.  The words come from rules/units.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from . import names as unit_names
from .grammar import Grammar

JOINED = re.compile("(?:以及|及其|暨|及|和|与)")
LEVELLED = re.compile(
    r"[省市县区州旗](?![委政府和及]$)[\u4e00-\u9fff]{2,}(?:局|办|委|中心|公司|会|院|室|[站所处队馆行社]|电视台|广播台)$"
)
TOWN = re.compile(r"[\u4e00-\u9fff]{2,5}(?:街道(?:办事处)?|[镇乡](?:人民)?(?:政府)?)")
COLLECTIVE = re.compile(r"(?:各|有关|相关|[市县区]级有关|[市县区]直有关|局属|委属|直属|所属)")
#: What may stand in a list beside names and be one though its ending is unknown; a person's name is shorter.
GUESS = re.compile(r"[省市县区州旗各][\u4e00-\u9fff]{2,19}|[\u4e00-\u9fffA-Za-z0-9·]{4,20}")
LONGEST = 44  # characters of a name, its bracket included


class Look(NamedTuple):
    """How plainly a piece is a name; each line says more than the one before, except `joined`."""

    guess: bool  # can be one among others that are
    unit: bool  # can be one where a unit is expected
    bare: bool  # so plainly one that a list of such needs no verb
    levelled: bool  # so plainly one that it needs neither a verb nor another beside it in a notice that names units
    sure: bool  # in the table, or a section of an office
    joined: bool  # two names that only look like one because the second is in the table: 市教育局和市财政局


SHORT = Look(True, True, True, False, True, False)  # 教育 in 教育、民政等部门
STRANGE = Look(True, False, False, False, False, False)  # nothing but its neighbours says that it is a unit


@lru_cache(maxsize=8192)
def look(name: str, grammar: Grammar, own: tuple[str, ...]) -> Look:
    """How `name` looks; `own` are names of places that may stand before a unit's own name."""
    if not 2 <= len(name) <= LONGEST or grammar.generic.search(name):
        return Look(False, False, False, False, False, False)
    bare = unit_names.NESTED.sub("", name)
    phrase = bool(grammar.not_unit.search(name))
    sure = _sure(bare, phrase, grammar, own)
    unit = sure or (not phrase and len(bare) >= 2 and bool(grammar.shape.search(bare)))
    plain = LEVELLED.match(name) or COLLECTIVE.match(name) or TOWN.fullmatch(name)
    read = unit_names.reading(bare, grammar.table, own) if sure else None
    return Look(
        not phrase and bool(GUESS.fullmatch(bare)) and not (grammar.aside.search(name) or grammar.people.search(name)),
        unit,
        unit and not phrase and (sure or bool(plain)),
        unit and not phrase and bool(grammar.levelled.fullmatch(name)),
        sure,
        bool(read and JOINED.search(read.prefix)),
    )


def _sure(bare: str, phrase: bool, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether `bare` (without its bracket) is in the table, or a section of an office."""
    read = unit_names.reading(bare, grammar.table, own)
    if read:
        return not phrase or not unit_names.BELOW.fullmatch(read.prefix)
    branch = unit_names.BRANCH.fullmatch(bare)
    if branch and _sure(branch["office"], phrase, grammar, own):
        return True
    return bool(grammar.section.fullmatch(bare)) or bool(unit_names.office_end(bare, grammar.table, own))


def short_of(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether 局 is all that `name` lacks: 教育 in 教育、民政等部门."""
    return unit_names.reading(name + "局", grammar.table, own) is not None


def belongs(inner: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether a bracket behind a name is part of it: （市分类办）, （街道）, （街道办事处）."""
    return all(
        part in ("街道", "镇", "乡", "区", "市", "县", "旗", "园区", "功能区", "平台") or look(part, grammar, own).unit
        for part in re.split("[、,]", inner)
    )

"""What place names mean in one notice: the divisions of its year, seen from its own place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from ..model import Notice
from ..places import Division, Gazetteer, gazetteer, parents, stem
from ..rules import Rules

NATION = "100000"
LETTERS = "省市区县州旗"
SUFFIX = frozenset("省市区县州旗盟")


@dataclass(frozen=True, slots=True)
class Scope:
    """The gazetteer of a year with what the own place adds; `own` is None where the place is not known."""

    table: Gazetteer
    own: str | None
    chain: tuple[str, ...]  # codes from the province down to the own place
    names: AhoCorasick  # all names of the year, with their kind and without
    short: Mapping[str, Division]  # names without their kind: all provinces, and places of the own province
    letters: Mapping[str, Division]  # 县 → the county that 县人民医院 belongs to
    letters_pattern: re.Pattern[str]

    @property
    def local(self) -> bool:
        """Whether the own place is a county: only then a town may be named alone."""
        return bool(self.own) and not str(self.own).endswith("00")

    def contains(self, upper: str, lower: str) -> bool:
        """Whether `lower` lies in `upper`, by code."""
        prefix = upper[:2] if upper.endswith("0000") else upper[:4] if upper.endswith("00") else upper
        return lower != upper and lower.startswith(prefix)

    def nearest(self, choice: Sequence[Division]) -> list[Division]:
        """The readings in the own prefecture, else in the own province, else all."""
        if len(choice) > 1 and self.own and self.own != NATION:
            for prefix in (self.own[:4], self.own[:2]):
                near = [division for division in choice if division.code.startswith(prefix)]
                if near:
                    return near
        return list(choice)

    def beside(self, code: str) -> bool:
        """Whether `code` lies in the own prefecture."""
        return bool(self.own) and not str(self.own).endswith("0000") and code.startswith(str(self.own)[:4])

    def is_own(self, code: str) -> bool:
        """Whether `code` is the own place or lies below it."""
        return bool(self.own) and (code == self.own or self.own == NATION or self.contains(str(self.own), code))


def scope_of(notice: Notice, rules: Rules) -> Scope:
    """The scope of a notice: its region, and its year (the region's, else the title's, else 2020)."""
    region, year = notice.meta.region, notice.meta.year.value or ""
    as_of = region.as_of if region else year
    table = gazetteer(rules.divisions, int(as_of) if as_of.isdecimal() else 2020)
    _TABLES[id(table)] = table
    return _scope(id(table), region.code if region else None)


_TABLES: dict[int, Gazetteer] = {}


@lru_cache(maxsize=256)
def _scope(key: int, own: str | None) -> Scope:
    table = _TABLES[key]
    chain = tuple(parents(own, table)) if own and own != NATION else ()
    short = _short_names(table, chain)
    letters = _letters(table, chain)
    return Scope(
        table=table,
        own=own,
        chain=chain,
        names=_names(key),
        short=short,
        letters=letters,
        letters_pattern=re.compile(f"[{''.join(sorted(letters))}]") if letters else re.compile("(?!)"),
    )


@lru_cache(maxsize=64)
def _names(key: int) -> AhoCorasick:
    """One automaton for all notices of a year; it takes longer to build than a notice to read."""
    table = _TABLES[key]
    names = {*table.by_name, *(stem(division.name) for division in table.by_code.values())}
    return AhoCorasick(name for name in names if len(name) > 1)


def _short_names(table: Gazetteer, chain: Sequence[str]) -> dict[str, Division]:
    """Short names by meaning; of two places of one name (a city and its county) the own, else the higher one."""
    short: dict[str, Division] = {}
    for code, division in sorted(table.by_code.items()):
        name = stem(division.name)
        near = code.endswith("0000") or code.endswith("00") or (chain and code.startswith(chain[0][:2]))
        if near and name != division.name and 2 <= len(name) <= 5 and (name not in short or code in chain):
            short[name] = division
    return short


def _letters(table: Gazetteer, chain: Sequence[str]) -> dict[str, Division]:
    """县, 市, 区 … alone: the lowest place of the own chain that is one; 自治区 is said in full and so not among them."""
    found: dict[str, Division] = {}
    for code in chain:
        division = table.by_code[code]
        kind = division.name[-1]
        if kind in LETTERS and not division.name.endswith("自治区"):
            found[kind] = division
    return found

"""What place names mean in one notice: the divisions of its year, seen from its own place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from ...model import Notice
from ...places import Division, Gazetteer, gazetteer, parents, printed, rows, stem
from ...rules import Rules
from .names import Lexicon

NATION = "100000"
LETTERS = "省市区县州旗"
PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|拉祜族"
    "|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|撒拉族|毛南族|仡佬族|锡伯族?|普米族|塔吉克族?|怒族|独龙族|裕固族|保安族|各族"
)
AUTONOMOUS = re.compile(f"(.{{2,6}}?)(?:{PEOPLES})+自治([县旗州])")
NO_SHORT = frozenset(("河南",))  # 河南县 would be read in 河南县域
SUFFIX = frozenset("省市区县州旗盟")


@dataclass(frozen=True, slots=True)
class Scope:
    """The gazetteer of a year with what the own place adds; `own` is None where the place is not known."""

    table: Gazetteer
    own: str | None
    chain: tuple[str, ...]  # codes from the province down to the own place
    names: AhoCorasick  # names of any year, with their kind and without, regions and national bodies
    known: frozenset[str]  # those of the year
    full: Mapping[str, Sequence[Division]]  # by printed name, 玉龙县 and 湘西自治州 among them
    short: Mapping[str, Division]  # names without their kind: all provinces, and places of the own province
    letters: Mapping[str, Division]  # 县 → the county that 县人民医院 belongs to
    lettered: re.Pattern[str]  # one of these letters and what follows it in the name of a body

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


def scope_of(notice: Notice, rules: Rules, lexicon: Lexicon) -> Scope:
    """The scope of a notice: its region, and its year (that of the region's day, else the title's, else 2020)."""
    region, year = notice.meta.region, notice.meta.year.value or ""
    as_of = (region.as_of if region else year)[:4]  # a day, where the notice is dated
    table = gazetteer(rules.divisions, int(as_of) if as_of.isdecimal() else 2020)
    _TABLES[id(table)] = table
    return _scope(id(table), region.code if region else None, lexicon.words, lexicon.bodies["any"].pattern, rules)


_TABLES: dict[int, Gazetteer] = {}


@lru_cache(maxsize=256)
def _scope(key: int, own: str | None, words: frozenset[str], body: str, rules: Rules) -> Scope:
    table = _TABLES[key]
    chain = tuple(parents(own, table)) if own and own != NATION else ()
    short = _short_names(key, chain)
    letters = _letters(table, chain)
    return Scope(
        table=table,
        own=own,
        chain=chain,
        names=_names(rules, words),
        known=_known(key, words),
        full=_full(key),
        short=short,
        letters=letters,
        lettered=re.compile(f"[{''.join(sorted(letters))}](?:{body})" if letters else "(?!)"),
    )


@lru_cache(maxsize=4)
def _names(rules: Rules, words: frozenset[str]) -> AhoCorasick:
    """One automaton for the notices of all years; it takes longer to build than a notice to read."""
    named: dict[str, None] = {}
    for division in rows(rules.divisions):
        named.update(dict.fromkeys((*printed(division), *_without_peoples(division))))
    return AhoCorasick(sorted(name for name in {*named, *map(stem, named), *words} if len(name) > 1))


@lru_cache(maxsize=64)
def _known(key: int, words: frozenset[str]) -> frozenset[str]:
    """What of these names there was in a year."""
    full = _full(key)
    return words.union(full, map(stem, full))


@lru_cache(maxsize=64)
def _full(key: int) -> Mapping[str, Sequence[Division]]:
    """Divisions by printed name, autonomous ones also without their peoples: 玉龙县, 玉龙自治县, 湘西自治州."""
    full: dict[str, Sequence[Division]] = dict(_TABLES[key].by_name)
    for division in _TABLES[key].by_code.values():
        for name in _without_peoples(division):
            full.setdefault(name, [division])
    return full


def _without_peoples(division: Division) -> set[str]:
    """玉龙县 and 玉龙自治县 for 玉龙纳西族自治县."""
    found = AUTONOMOUS.fullmatch(division.name) if "自治" in division.name else None
    return {f"{found[1]}自治{found[2]}", f"{found[1]}{found[2]}"} if found and found[1] not in NO_SHORT else set()


def _short_names(key: int, chain: Sequence[str]) -> dict[str, Division]:
    """Short names by meaning; of two places of one name (a city and its county) the own, else the higher one."""
    short: dict[str, Division] = {}
    for name, division in _near(key, chain[0][:2] if chain else ""):
        if name not in short or division.code in chain:
            short[name] = division
    return short


@lru_cache(maxsize=1024)
def _near(key: int, province: str) -> list[tuple[str, Division]]:
    """Short names with their places, by code: all provinces and prefectures, and the counties of one province."""
    stems = _stems(key)
    return [(name, one) for _, name, one in sorted([*stems[""], *(stems.get(province, ()) if province else ())])]


@lru_cache(maxsize=64)
def _stems(key: int) -> dict[str, list[tuple[str, str, Division]]]:
    """Code, short name and place of all that have a short name: "" → provinces and prefectures, province → counties."""
    stems: dict[str, list[tuple[str, str, Division]]] = {"": []}
    for code, one in _TABLES[key].by_code.items():
        name = stem(one.name)
        if name != one.name and 2 <= len(name) <= 5:
            stems.setdefault("" if code.endswith("00") else code[:2], []).append((code, name, one))
    return stems


def _letters(table: Gazetteer, chain: Sequence[str]) -> dict[str, Division]:
    """县, 市, 区 … alone: the lowest place of the own chain that is one; 自治区 is said in full and so not among them."""
    found: dict[str, Division] = {}
    for code in chain:
        division = table.by_code[code]
        kind = division.name[-1]
        if kind in LETTERS and not division.name.endswith("自治区"):
            found[kind] = division
    return found

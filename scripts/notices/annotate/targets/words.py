"""rules/targets.toml, compiled: the words by which a promised number is told from any other number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...rules import Rules, RulesError, compiled
from .quantities import Units, units_of

COMPARATORS = ("=", ">=", "<=", ">", "<", "~", "increase", "decrease")
GROUPS = ("rate", "count", "measure", "time", "age")
VERBS = ("output", "result", "vague", "maybe")
CONTEXTS = ("past", "same", "gone", "plan", "goal", "hope", "review")


@dataclass(frozen=True, slots=True)
class Decoy:
    """A number that looks like a promise and is none.  `groups`: the groups of units, or the units, it is asked about."""

    id: str
    before: bool
    groups: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Literal words and what each stands for.  Looked up by their length, which is many times faster than a pattern."""

    meanings: Mapping[str, str]
    endings: Mapping[str, tuple[int, ...]]  # by last character, longest first
    beginnings: Mapping[str, tuple[int, ...]]  # by first character

    def ending(self, text: str) -> str:
        """The longest word that `text` ends with, or ""."""
        for length in self.endings.get(text[-1:], ()):
            if text[-length:] in self.meanings:
                return text[-length:]
        return ""

    def starting(self, text: str, at: int = 0) -> str:
        """The longest word at `at` of `text`, or ""."""
        for length in self.beginnings.get(text[at : at + 1], ()):
            if text[at : at + length] in self.meanings:
                return text[at : at + length]
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class TargetRules:
    """The tables of rules/targets.toml, ready to be asked."""

    units: Units
    verbs: Words  # name → output, maybe or vague; results are in `result`
    verb: re.Pattern[str]  # any verb of the groups output and maybe
    result: re.Pattern[str]
    cues: Words
    changes: Words
    contexts: Mapping[str, re.Pattern[str]]
    decoys_before: Mapping[str | None, re.Pattern[str]]  # by group or unit: any decoy that ends there
    decoys_after: Mapping[str | None, re.Pattern[str]]
    head: re.Pattern[str]
    tail: re.Pattern[str]


@cache
def compiled_rules(rules: Rules) -> TargetRules:
    """The rules of rules/targets.toml.  Raises RulesError naming the entry that cannot be used."""
    try:
        return _compiled(rules.tables["targets"])
    except (KeyError, TypeError, AttributeError) as error:
        raise RulesError(f"规则文件 targets.toml 缺少一项：{error}。请对照文件开头的说明补上。") from error


def _compiled(table: Mapping[str, Any]) -> TargetRules:
    cues = _by_name(table["cue"], "cue", "comparator", COMPARATORS)
    changes = _by_name(table["change"], "change", "comparator", COMPARATORS)
    verbs = _by_name(table["verb"], "verb", "group", VERBS, several=True)
    fresh = {f"新{name}": groups for name, groups in verbs.items() if groups[0] == "output" and len(name) == 2}
    verbs = {**fresh, **verbs}
    names = {group: [name for name, groups in verbs.items() if group in groups] for group in VERBS}
    contexts = {entry["id"]: compiled(entry["pattern"], f"targets/{entry['id']}") for entry in table["context"]}
    missing = [name for name in CONTEXTS if name not in contexts]
    if missing:
        raise RulesError(f"规则文件 targets.toml 的 [[context]] 缺少：{'、'.join(missing)}。请补上。")
    decoys = [_decoy(entry) for entry in table["decoy"]]
    units = units_of(
        _by_name(table["unit"], "unit", "group", GROUPS),
        {name: entry["unit"] for entry in table["same"] for name in entry["names"]},
        _by_name(table["tail"], "tail", "comparator", COMPARATORS),
    )
    return TargetRules(
        units=units,
        verbs=_words({name: groups[0] for name, groups in verbs.items() if groups[0] != "result"}),
        verb=re.compile(_any([*names["output"], *names["maybe"]])),
        result=re.compile(_any(names["result"])),
        cues=_words(cues),
        changes=_words(changes),
        contexts=contexts,
        decoys_before=_one_each([decoy for decoy in decoys if decoy.before]),
        decoys_after=_one_each([decoy for decoy in decoys if not decoy.before]),
        head=_strip(table["strip"], "head", "(?:{})"),
        tail=_strip(table["strip"], "tail", "(?:{})$"),
    )


def _by_name(
    entries: list[dict[str, Any]], table: str, key: str, allowed: tuple[str, ...], several: bool = False
) -> dict[str, Any]:
    """name → the entry's `key`, or with `several` the set of them."""
    found: dict[str, Any] = {}
    for entry in entries:
        if entry[key] not in allowed:
            raise RulesError(
                f"规则 targets/{table} 里的“{entry[key]}”不认识，只能写：{'、'.join(allowed)}。请改正后再运行。"
            )
        for name in entry["names"]:
            found[name] = (*found.get(name, ()), entry[key]) if several else entry[key]
    return found


def _words(meanings: dict[str, str]) -> Words:
    return Words(meanings, _lengths(meanings, -1), _lengths(meanings, 0))


def _lengths(names: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name[place], set()).add(len(name))
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in found.items()}


def _any(names: Any) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _decoy(entry: dict[str, Any]) -> Decoy:
    where = f"targets/{entry['id']}"
    if entry["side"] not in ("before", "after"):
        raise RulesError(f"规则 {where} 的 side 只能写 before 或 after。请改正后再运行。")
    groups = frozenset(entry.get("units", (*GROUPS, "bare", "change")))
    return Decoy(entry["id"], entry["side"] == "before", groups, compiled(entry["pattern"], where))


def _one_each(decoys: list[Decoy]) -> dict[str | None, re.Pattern[str]]:
    """group or unit → one pattern for all decoys that are asked about it: fewer searches for each number."""
    keys = sorted({key for decoy in decoys for key in decoy.groups})
    return {
        key: re.compile("|".join(f"(?:{decoy.pattern.pattern})" for decoy in decoys if key in decoy.groups))
        for key in keys
    }


def _strip(entries: list[dict[str, Any]], side: str, form: str) -> re.Pattern[str]:
    patterns = [entry["pattern"] for entry in entries if entry["side"] == side]
    if not patterns:
        raise RulesError(f'规则文件 targets.toml 的 [[strip]] 缺少 side = "{side}" 的一条。请补上。')
    return compiled(form.format("|".join(patterns)), f"targets/strip/{side}")

"""rules/units.toml as compiled patterns: the words that state a responsibility and the look of a unit's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...rules import Rules, RulesError, compiled
from . import names as unit_names

ROLES = ("lead", "support", "participant", "duty", "skip")
SEPARATORS = r"[、,;/|\s\u2003]+"
OFFICE = "单位|部门|科室|处室|股室"  # 牵头单位为市教育局: a label without a colon ends so


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """rules/units.toml, compiled."""

    token: re.Pattern[str]  # what cuts a list; groups: mark, with, stop, sep
    labelled: re.Pattern[str]  # the same where `colon` is found, with the group label
    colon: re.Pattern[str]
    hint: re.Pattern[str]  # a bracket without it holds no statement
    core: re.Pattern[str]  # a word that every verb holds
    verb: re.Pattern[str]  # a verb at the end of a part, groups: verb_ROLE
    running: re.Pattern[str]
    label: re.Pattern[str]  # group: label
    labels: dict[str, str]  # → role
    mark: re.Pattern[str]
    shape: re.Pattern[str]
    levelled: re.Pattern[str]
    network: re.Pattern[str]
    people: re.Pattern[str]
    not_unit: re.Pattern[str]
    section: re.Pattern[str]
    etc: re.Pattern[str]
    no_measure: re.Pattern[str]
    bare_not: re.Pattern[str]
    first_leads: re.Pattern[str]
    generic: re.Pattern[str]
    aside: re.Pattern[str]
    table: unit_names.Table


def build(rules: Rules) -> Grammar:
    """The grammar of rules.tables["units"].  Raises RulesError naming the entry."""
    table = rules.tables["units"]
    try:
        return _build(table, frozenset(str(entry[0]) for entry in rules.divisions.values()))
    except (KeyError, TypeError, AttributeError) as error:
        raise RulesError(f"规则文件 units.toml 缺少一项或写法不对：{error}。") from error


def _build(table: Any, places: frozenset[str]) -> Grammar:
    def of(name: str) -> re.Pattern[str]:
        return compiled(table[name]["pattern"], f"units.toml [{name}]")

    parts = table["parts"]
    verbs = []
    for entry in table["verb"]:
        _role(entry["role"])
        pattern = entry["pattern"].replace("{by_duty}", parts["by_duty"]).replace("{verb_tail}", parts["verb_tail"])
        compiled(pattern, f"units.toml [[verb]] {entry['role']}")
        verbs.append(f"(?P<verb_{entry['role']}>{pattern})")
    labels = {name: _role(entry["role"]) for entry in table["label"] for name in entry["names"]}
    named = re.sub(r"\?P<\w+>", "?:", table["mark"]["pattern"])
    with_ = table["with"]["pattern"]
    over = rf"(?=\s*(?:[、,;。:)\]】\s]|$|{with_}))"
    running = table["running"]["pattern"].replace("{verb_tail}", parts["verb_tail"])
    words = "|".join(re.escape(name) for name in sorted(labels, key=len, reverse=True))
    label = rf"(?<![\u4e00-\u9fff])(?P<label>{words})(?:(?:\(□*\))?\s*:|(?<={OFFICE})[为是](?=[\u4e00-\u9fff]))"
    verb = f"(?:{'|'.join(verbs)}){over}"
    token = f"(?P<mark>{named})|(?P<with>{with_})|(?P<stop>。)|(?P<sep>{SEPARATORS})"
    names = unit_names.build(table, places)
    return Grammar(
        token=re.compile(token),
        labelled=re.compile(f"{label}|{token}"),
        colon=re.compile(f":|(?:{OFFICE})[为是]"),
        hint=_hint(names, table["core"]["pattern"]),
        core=of("core"),
        verb=re.compile(verb),
        running=compiled(running, "units.toml [running]"),
        label=re.compile(label),
        labels=labels,
        mark=of("mark"),
        shape=re.compile(f"(?:{table['shape']['pattern']})$"),
        levelled=of("levelled"),
        network=of("network"),
        people=of("people"),
        not_unit=of("not_unit"),
        section=of("section"),
        etc=of("etc"),
        no_measure=re.compile(f"(?:{table['no_measure']['pattern']})$"),
        bare_not=of("bare_not"),
        first_leads=of("first_leads"),
        generic=of("generic"),
        aside=of("aside"),
        table=names,
    )


def _hint(names: unit_names.Table, core: str) -> re.Pattern[str]:
    """A first filter: a character with which a name of the table or one that begins with its level ends, or a verb's."""
    last = {tail[-1] for _, tail in names.printed}
    verbs = {word[0] for word in re.sub(r"\[.*?\]", "", core).split("|")}
    return re.compile(
        f"[{''.join(sorted(last | verbs | set(':各局办委心司会院科股组室站所处队馆行社台镇乡道府部团集公专')))}]"
    )


def _role(role: str) -> str:
    if role not in ROLES:
        raise RulesError(f"规则 units.toml 里的 role“{role}”不认识，只能写：{'、'.join(ROLES)}。请改正后再运行。")
    return role

"""rules/units.toml as compiled patterns: the words that state a responsibility and the look of a unit's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..rules import Rules, RulesError, compiled
from . import unit_names

ROLES = ("lead", "support", "participant", "duty", "skip")
SEPARATORS = r"[、,;/|\s\u2003]+"


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """rules/units.toml, compiled."""

    token: re.Pattern[str]  # what cuts a list; groups: mark, with, stop, sep
    labelled: re.Pattern[str]  # the same where the text holds a colon, with the groups label_ROLE
    core: re.Pattern[str]  # a word that every verb holds
    verb: re.Pattern[str]  # a verb at the end of a part, groups: verb_ROLE
    running: re.Pattern[str]
    label: re.Pattern[str]
    hint: re.Pattern[str]  # what a clause must hold to be looked at
    mark: re.Pattern[str]
    shape: re.Pattern[str]
    not_unit: re.Pattern[str]
    section: re.Pattern[str]
    etc: re.Pattern[str]
    no_measure: re.Pattern[str]
    bare_not: re.Pattern[str]
    first_leads: re.Pattern[str]
    generic: re.Pattern[str]
    aside: re.Pattern[str]
    header: re.Pattern[str]  # a cell at the head of a table, groups: label_ROLE
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
    labels = []
    for entry in table["label"]:
        words = "|".join(re.escape(name) for name in sorted(entry["names"], key=len, reverse=True))
        labels.append(f"(?P<label_{_role(entry['role'])}>{words})")
    named = re.sub(r"\?P<\w+>", "?:", table["mark"]["pattern"])
    with_ = table["with"]["pattern"]
    over = rf"(?=\s*(?:[、,;。:)\]】\s]|$|{with_}))"
    running = table["running"]["pattern"].replace("{verb_tail}", parts["verb_tail"])
    label = rf"(?<![\u4e00-\u9fff])(?:{'|'.join(labels)})(?:\(□*\))?\s*:"
    verb = f"(?:{'|'.join(verbs)}){over}"
    token = f"(?P<mark>{named})|(?P<with>{with_})|(?P<stop>。)|(?P<sep>{SEPARATORS})"
    return Grammar(
        token=re.compile(token),
        labelled=re.compile(f"{label}|{token}"),
        core=of("core"),
        verb=re.compile(verb),
        running=compiled(running, "units.toml [running]"),
        label=re.compile(label),
        hint=re.compile(r"[(\[【]|单位|部门|科室|股室|处室|责任|负责|牵头|配合|主办|承办|分工"),
        mark=of("mark"),
        shape=re.compile(f"(?:{table['shape']['pattern']})$"),
        not_unit=of("not_unit"),
        section=of("section"),
        etc=of("etc"),
        no_measure=re.compile(f"(?:{table['no_measure']['pattern']})$"),
        bare_not=of("bare_not"),
        first_leads=of("first_leads"),
        generic=of("generic"),
        aside=of("aside"),
        header=re.compile(f"(?:{'|'.join(labels)})"),
        table=unit_names.build(table, places),
    )


def _role(role: str) -> str:
    if role not in ROLES:
        raise RulesError(f"规则 units.toml 里的 role“{role}”不认识，只能写：{'、'.join(ROLES)}。请改正后再运行。")
    return role

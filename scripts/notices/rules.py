"""Rules from TOML to frozen records with compiled patterns.

Everything a domain editor changes lives in rules/*.toml; nothing here decides anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Files of rules/ that the annotators, the link stage, duplicates.py, suspect.py and farm.py compile for themselves.
ANNOTATION = ("citations", "times", "targets", "units", "terms", "places", "topics", "links", "duplicates", "suspect")
HANSET = "〇零一二三四五六七八九十百"
PLACEHOLDERS = {
    "{hanset}": HANSET,
    "{han}": f"[{HANSET}]{{1,4}}",
    "{num}": rf"(?:\d{{1,3}}|[{HANSET}]{{1,4}})",
    "{date}": (
        r"(?:\d{4}|[〇零○O0-9一二三四五六七八九]{4})\s*年\s*"
        r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*月\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
    ),
}


KINDS, ZONES = ("line", "part", "from", "until"), ("any", "edge", "head", "tail")
WHERE = ("page", "title", "source", "text", "line")  # of reject.toml
FIELDS = ("", "index_number", "doc_number", "issuer", "issued", "published", "disclosed", "publicity", "source_name")


class RulesError(ValueError):
    """A rules file cannot be used; the message names the file and the entry, in Chinese."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """One rule of page furniture; see rules/boilerplate.toml for what kind and zone mean."""

    id: str
    name: str
    kind: str
    zone: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """A metadata label as printed and the field it fills ("" for none)."""

    field: str
    pattern: re.Pattern[str]  # the label alone, inner white space allowed


@dataclass(frozen=True, slots=True)
class Style:
    """A numbering style."""

    name: str
    letter: str
    rank: int
    pattern: re.Pattern[str]

    @property
    def level(self) -> tuple[str, int]:
        """What styles of one level share: （一） and 一） number the same clauses."""
        return (self.letter, self.rank)


@dataclass(frozen=True, slots=True)
class Glued:
    """Word lists for titles that run into their bodies."""

    starters: tuple[str, ...]
    strong: frozenset[str]
    enders: tuple[str, ...]
    min_title: int
    max_title: int
    min_body: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A kind of page that is no notice, and what a maintainer is told about it."""

    id: str
    pattern: re.Pattern[str]
    max_han: int
    reason: str
    advice: str
    where: str  # what is searched; see rules/reject.toml
    min: int  # how often it must be found
    always: bool  # even where a notice seems to be there


Selector = tuple[str, str, str]  # how: "=" id, "~" one of the classes, "^" begin of an id
SITE_KEYS = {"name", "why", "cases", "containers", "between", "drop", "copies", "meta"}


@dataclass(frozen=True, slots=True)
class Site:
    """A family of page templates, as rules/sites/common.toml describes; a selector is (attribute, how, value)."""

    name: str
    containers: tuple[Selector, ...]
    between: tuple[tuple[str, str], ...] = ()  # what comments or <meta> before and after the body hold
    drop: tuple[Selector, ...] = ()
    copies: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules, compiled.  Compared by identity, so that what is asked of them can be remembered."""

    boilerplate: tuple[Boilerplate, ...]
    labels: tuple[FieldLabel, ...]
    any_label: re.Pattern[str]
    publicity: re.Pattern[str]
    doc_number: re.Pattern[str]
    heading: re.Pattern[str]
    styles: tuple[Style, ...]
    title_words: tuple[str, ...]
    title_max: int
    notice_title: re.Pattern[str]
    addressee: re.Pattern[str]
    organisation: re.Pattern[str]
    responsible: re.Pattern[str]
    closes: tuple[tuple[str, re.Pattern[str]], ...]
    glued: Glued
    rejects: tuple[Reject, ...]
    sites: tuple[Site, ...]
    meta_names: Mapping[str, str]
    divisions: Mapping[str, tuple[Any, ...]]
    tables: Mapping[str, Any]  # the annotators' files as they stand, by stem; each annotator compiles its own


def compiled(pattern: str, where: str) -> re.Pattern[str]:
    """A pattern with its placeholders filled in.  Raises RulesError naming the entry."""
    for name, value in PLACEHOLDERS.items():
        pattern = pattern.replace(name, value)
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RulesError(f"规则 {where} 的正则表达式有错：{error}。请改正后再运行。") from error


def _one_of(word: str, allowed: tuple[str, ...], where: str) -> str:
    """`word`, if it is one that the program knows.  Raises RulesError, so that a misspelt rule is not silently idle."""
    if word in allowed:
        return word
    raise RulesError(f"规则 {where} 里的“{word}”不认识，只能写：{'、'.join(filter(None, allowed))}。请改正后再运行。")


def spaced(names: Iterable[str]) -> str:
    """An alternation of labels, longest first, that allows white space inside each (索 引 号)."""
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(r"\s*".join(re.escape(c) for c in name) for name in longest_first)


def load(folder: Path) -> Rules:
    """Read every rules file under `folder`.  Raises RulesError where one is missing or wrong."""
    metadata = _toml(folder / "metadata.toml")
    structure = _toml(folder / "structure.toml")
    furniture = _toml(folder / "boilerplate.toml")
    rejects = _toml(folder / "reject.toml")
    tables = {name: _toml(folder / f"{name}.toml") for name in ANNOTATION}
    sites = [_toml(path) for path in sorted((folder / "sites").glob("*.toml"))]
    try:
        return _rules(metadata, structure, furniture, rejects, sites, _toml(folder / "divisions.toml"), tables)
    except (KeyError, TypeError, AttributeError) as error:
        raise RulesError(f"规则文件缺少一项：{error}。请对照 CONTRIBUTING.md 的“增加规则”一节补上。") from error


def _rules(
    metadata: Any, structure: Any, furniture: Any, rejects: Any, sites: list[Any], divisions: Any, tables: Any
) -> Rules:
    labels = metadata["label"]
    title, letter, glued = structure["title"], structure["letter"], structure["glued"]
    return Rules(
        boilerplate=tuple(
            Boilerplate(
                r["id"],
                r["name"],
                _one_of(r["kind"], KINDS, r["id"]),
                _one_of(r["zone"], ZONES, r["id"]),
                compiled(r["pattern"], r["id"]),
            )
            for r in furniture["rule"]
        ),
        labels=tuple(
            FieldLabel(_one_of(e["field"], FIELDS, e["names"][0]), re.compile(spaced(e["names"]))) for e in labels
        ),
        any_label=re.compile(spaced(name for entry in labels for name in entry["names"])),
        publicity=compiled(metadata["publicity"]["pattern"], "publicity"),
        doc_number=compiled(metadata["doc_number"]["pattern"], "doc_number"),
        heading=compiled(metadata["heading"]["pattern"], "heading"),
        styles=tuple(
            Style(s["name"], s["letter"], s["rank"], compiled(s["pattern"], s["name"])) for s in structure["style"]
        ),
        title_words=tuple(title["words"]),
        title_max=title["max_length"],
        notice_title=compiled(title["notice"], "title.notice"),
        addressee=compiled(letter["addressee"], "letter.addressee"),
        organisation=re.compile(f"(?:{structure['organisation']['suffix']})$"),
        responsible=compiled(structure["responsible"]["pattern"], "responsible"),
        closes=tuple((c["name"], compiled(c["pattern"], c["name"])) for c in structure["close"]),
        glued=Glued(
            starters=tuple(sorted(glued["starters"], key=len, reverse=True)),
            strong=frozenset(glued["starters"]) - frozenset(glued["nouns_too"]),
            enders=tuple(glued["enders"]),
            min_title=glued["min_title"],
            max_title=glued["max_title"],
            min_body=glued["min_body"],
        ),
        rejects=tuple(
            Reject(
                r["id"],
                compiled(r["pattern"], r["id"]),
                r["max_han"],
                r["reason"],
                r["advice"],
                _one_of(r.get("where", "page"), WHERE, r["id"]),
                r.get("min", 1),
                r.get("always", False),
            )
            for r in rejects["reject"]
        ),
        sites=tuple(_site(s) for s in sites),
        meta_names={name: field for s in sites for name, field in s.get("meta", {}).items()},
        divisions={code: tuple(entry) for code, entry in divisions["divisions"].items()},
        tables=tables,
    )


def _site(entry: Mapping[str, Any]) -> Site:
    """A file of rules/sites.  Raises RulesError where it says what nothing reads."""
    name = entry["name"]
    for key in entry:
        _one_of(key, tuple(sorted(SITE_KEYS)), f"sites/{name}")
    kinds = (tuple(_selector(text, name) for text in entry.get(key, ())) for key in ("containers", "drop", "copies"))
    containers, drop, copies = kinds
    return Site(name, containers, tuple((a, b) for a, b in entry.get("between", ())), drop, copies)


def _selector(text: str, where: str) -> Selector:
    """'#zoom', '.TRS_Editor' or '^ivs_' (an id that starts so) as a triple."""
    if text[:1] in ("#", ".", "^") and len(text) > 1:
        attribute = {"#": "id", ".": "class", "^": "id"}[text[0]]
        how = {"#": "=", ".": "~", "^": "^"}[text[0]]
        return (attribute, how, text[1:].lower())
    raise RulesError(
        f"网站规则 {where} 的容器“{text}”写法不对：以 # 开头写 id，以 . 开头写 class，以 ^ 开头写 id 的开头。"
    )


def _toml(path: Path) -> Any:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RulesError(f"缺少规则文件 {path}。请从仓库恢复它，或用 --rules 指明规则目录。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"规则文件 {path} 写法有错：{error}。请改正后再运行。") from error

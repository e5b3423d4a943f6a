"""The registry: notice ids, published anchors, aliases and tombstones.  Nothing in it is ever taken back.

One JSON file a notice under registry/, so that two people's additions do not collide and a diff shows
exactly which addresses changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .chars import squeeze
from .model import Clause, Notice, Output, Problem

QUOTE = 48  # characters kept of what stands at an anchor


class RegistryError(ValueError):
    """A registry file cannot be read; the message says which and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice as the registry knows it.  anchors: live anchor → how its text begins."""

    id: str
    title: str
    issuer: str
    doc_number: str
    year: str
    issued: str
    region_code: str
    region: tuple[str, ...]
    tasks: int
    withdrawn: bool = False
    anchors: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    tombstones: Mapping[str, str] = field(default_factory=dict)


def load(folder: Path) -> dict[str, Entry]:
    """Every entry under `folder`, by id; empty where there is no registry yet.  Raises RegistryError."""
    entries = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            entry = Entry(**{**data, "region": tuple(data["region"])})
        except (ValueError, TypeError, KeyError) as error:
            raise RegistryError(f"登记文件 {path} 读不懂：{error}。请用 git 恢复这个文件，再运行一次。") from error
        if entry.id != path.stem:
            raise RegistryError(f"登记文件 {path} 里的编号是 {entry.id}，与文件名不符。请用 git 恢复这个文件。")
        entries[entry.id] = entry
    return entries


def output(entry: Entry) -> Output:
    """The entry's file below registry/."""
    data = {name: getattr(entry, name) for name in Entry.__slots__}
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    return Output(f"{entry.id}.json", f"{text}\n".encode())


def enroll(notices: Sequence[Notice], known: Mapping[str, Entry]) -> tuple[list[Notice], dict[str, Entry]]:
    """Notices with their ids, and the registry that now holds them.

    A notice is recognised by issuer, document number and title, never by its file name.  New ones
    get the next free id in an order that does not depend on the order of the files.
    """
    entries = dict(known)
    enrolled: list[Notice] = []
    used: set[str] = set()
    for notice in sorted(notices, key=_order):
        identity = _recognise(notice, entries, used) or _next_id(notice, entries)
        used.add(identity)
        entries[identity], problems = _update(identity, notice, entries.get(identity))
        enrolled.append(replace(notice, id=identity, problems=notice.problems + problems))
    return enrolled, entries


def withdraw(entries: Mapping[str, Entry], present: Iterable[str]) -> dict[str, Entry]:
    """Mark entries whose original is gone; their anchors stay."""
    here = set(present)
    return {key: entry if key in here else replace(entry, withdrawn=True) for key, entry in entries.items()}


def _order(notice: Notice) -> tuple[str, ...]:
    meta = notice.meta
    fields = (meta.year, meta.issued, meta.issuer, meta.doc_number, meta.title)
    return (*(f.value or "" for f in fields), notice.document.source.sha256)


def identity_of(notice: Notice) -> tuple[str, str, str]:
    """Issuer, document number and title, folded: what a notice is recognised by."""
    meta = notice.meta
    return (_fold(meta.issuer.value), _fold(meta.doc_number.value), _fold(meta.title.value))


def _fold(value: str | None) -> str:
    return squeeze(value or "")


def _recognise(notice: Notice, entries: Mapping[str, Entry], used: set[str]) -> str | None:
    """The id given earlier: all three agree, or the title does and nothing that both have differs."""
    mine = identity_of(notice)
    year = notice.meta.year.value or ""
    loose = None
    for key, entry in sorted(entries.items()):
        theirs = (_fold(entry.issuer), _fold(entry.doc_number), _fold(entry.title))
        if key in used:
            continue
        if mine == theirs and year == entry.year:
            return key
        same = mine[2] == theirs[2] and year == entry.year and bool(mine[2])
        if same and all(a == b or not a or not b for a, b in zip(mine[:2], theirs[:2], strict=True)):
            region = notice.meta.region.code if notice.meta.region else ""
            if region == entry.region_code or not region or not entry.region_code:
                loose = loose or key
    return loose


def base_id(notice: Notice) -> str:
    """<province>-<place>-<year> in pinyin; `unknown` where the source names no place, `undated` where no year."""
    slugs = notice.meta.region.slugs if notice.meta.region else ("unknown",)
    return "-".join((*slugs, notice.meta.year.value or "undated"))


def _next_id(notice: Notice, entries: Mapping[str, Entry]) -> str:
    base, number = base_id(notice), 1
    while (identity := base if number == 1 else f"{base}-{number}") in entries:
        number += 1
    return identity


def live_anchors(clauses: Iterable[Clause]) -> dict[str, str]:
    """Every id that the page of these clauses carries → how the text there begins."""
    anchors: dict[str, str] = {}
    for clause in clauses:
        anchors[clause.anchor] = _quote(clause.title + clause.mark + "".join(p.text for p in clause.paragraphs[:1]))
        anchors.update(dict.fromkeys(clause.aliases, anchors[clause.anchor]))
        anchors.update({p.anchor: _quote(p.text) for p in clause.paragraphs if p.anchor != clause.anchor})
        anchors.update({item.anchor: _quote(item.text) for item in clause.items})
    return anchors


def _quote(text: str) -> str:
    return " ".join(text.split())[:QUOTE]


def _update(identity: str, notice: Notice, before: Entry | None) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry after this conversion.  An anchor that is gone becomes an alias where its text moved, else a tombstone."""
    anchors = live_anchors(notice.clauses)
    aliases: dict[str, str] = {}
    tombstones: dict[str, str] = {}
    problems: list[Problem] = []
    if before:
        gone = {**before.tombstones, **before.anchors}
        by_text = _unique_texts(notice.clauses)
        for anchor, quote in sorted(gone.items()):
            if anchor in anchors:
                continue
            target = by_text.get(squeeze(quote))
            if target and quote:
                aliases[anchor] = target
            else:
                tombstones[anchor] = quote
                if anchor not in before.tombstones:
                    problems.append(_died(anchor, quote))
        for anchor, target in before.aliases.items():
            if anchor in anchors:
                continue
            final = target if target in anchors else aliases.get(target)
            if final:
                aliases[anchor] = final
            else:
                tombstones[anchor] = before.anchors.get(target, before.tombstones.get(target, ""))
    meta = notice.meta
    entry = Entry(
        id=identity,
        title=meta.title.value or "（无标题）",
        issuer=meta.issuer.value or "",
        doc_number=meta.doc_number.value or "",
        year=meta.year.value or "",
        issued=meta.issued.value or "",
        region_code=meta.region.code if meta.region else "",
        region=meta.region.path if meta.region else (),
        tasks=sum(clause.task for clause in notice.clauses),
        anchors=anchors,
        aliases=aliases,
        tombstones=tombstones,
    )
    return entry, tuple(problems)


def _unique_texts(clauses: Iterable[Clause]) -> dict[str, str]:
    """Beginning of text → the one anchor where it stands now; texts that stand twice are left out."""
    own = dict(live_anchors(clauses).items())
    aliases = {alias for clause in clauses for alias in clause.aliases}
    texts = [(squeeze(quote), anchor) for anchor, quote in own.items() if anchor not in aliases and quote]
    times = Counter(text for text, _ in texts)
    return {text: anchor for text, anchor in texts if times[text] == 1}


def _died(anchor: str, quote: str) -> Problem:
    detail = f"以前发布过的条款 {anchor}（“{quote[:20]}”）这次没有找到，已留下说明页，旧链接仍可打开。请核对是否是规则改动造成的。"
    return Problem("review", "anchor-gone", 1, detail)


def lost_anchors(docs: Path, entries: Mapping[str, Entry]) -> list[str]:
    """Anchors that published data files name and the registry no longer answers for."""
    lost = []
    for path in sorted((docs / "data" / "notices").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        entry = entries.get(data["id"])
        known = {*entry.anchors, *entry.aliases, *entry.tombstones} if entry else set()
        for clause in data["clauses"]:
            parts = (clause, *clause["paragraphs"], *clause["items"])
            named = {*(part["anchor"] for part in parts), *clause["aliases"]}
            lost += [f"/notices/{data['id']}/#{anchor}" for anchor in sorted(named - known)]
    return lost

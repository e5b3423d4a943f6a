"""The registry on disk: notice ids, published anchors, aliases and tombstones.  Nothing in it is ever taken back.

One JSON file a notice under registry/, so that two people's additions do not collide and a diff shows
exactly which addresses changed.  What is decided about ids and anchors is in registry.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .jsontext import to_json
from .model import Output
from .writing.spill import Made

#: In the same folder, but no notice: every page address ever published (addresses.py).
PAGES = "pages.json"
#: What ids of notices and anchors are made of: they become addresses, file names and ids in pages.
NAME = re.compile("[a-z0-9-]+")


class RegistryError(ValueError):
    """A registry or data file cannot be read; the message says which and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice as the registry knows it.  anchors: live anchor → how its text begins.

    `source` and `sha256` tell which file it came from last; "" stands for what the notice does not say.
    `first_published` and `changed` are the days (2026-11-22) on which a build first saw this notice and, later,
    another text of it; `digest` is what it compares.  "" in a file written before these were recorded.
    """

    id: str
    title: str
    issuer: str
    doc_number: str
    year: str
    issued: str
    region_code: str
    region: tuple[str, ...]
    tasks: int
    source: str
    sha256: str
    copies: tuple[str, ...] = ()  # SHA-256 of further files of the same notice
    withdrawn: bool = False
    first_published: str = ""
    changed: str = ""
    digest: str = ""
    anchors: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    tombstones: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> set[str]:
        """Every anchor that the notice's address answers for."""
        return {*self.anchors, *self.aliases, *self.tombstones}


def load(folder: Path) -> dict[str, Entry]:
    """Every entry under `folder`, by id; empty where there is no registry yet.  Raises RegistryError."""
    entries = {}
    files = sorted(path for path in folder.glob("*.json") if path.name != PAGES) if folder.is_dir() else []
    for path in files:
        try:
            entry = _entry(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RegistryError(f"登记文件 {path} 读不懂：{error}。请用 git 恢复这个文件，再运行一次。") from error
        if entry.id != path.stem:
            raise RegistryError(f"登记文件 {path} 里的编号是 {entry.id}，与文件名不符。请用 git 恢复这个文件。")
        names = {entry.id, *entry.answers, *entry.aliases.values()}
        if "" in names or not NAME.fullmatch("".join(names)):  # all at once: there are millions
            odd = min(name for name in names if not NAME.fullmatch(name))
            raise RegistryError(
                f"登记文件 {path} 里的“{odd}”不能做编号：只能用小写字母、数字和短横。请用 git 恢复这个文件。"
            )
        entries[entry.id] = entry
    return entries


def after(folder: Path, outputs: Iterable[Made]) -> dict[str, Entry]:
    """Every entry under `folder` as it will be once `outputs` are written there.  Raises RegistryError."""
    new = (_entry(json.loads(one.content)) for one in outputs if one.path != PAGES)
    return {**load(folder), **{entry.id: entry for entry in new}}


def _entry(data: dict[str, Any]) -> Entry:
    maps = {name: {str(k): str(v) for k, v in data[name].items()} for name in ("anchors", "aliases", "tombstones")}
    return Entry(**{**data, **maps, "region": tuple(data["region"]), "copies": tuple(data.get("copies", ()))})


def output(entry: Entry) -> Output:
    """The entry's file below registry/."""
    return Output(f"{entry.id}.json", to_json({name: getattr(entry, name) for name in Entry.__slots__}))


def lost_anchors(docs: Path, entries: Mapping[str, Entry]) -> list[str]:
    """Anchors that published data files name and the registry no longer answers for.  Raises RegistryError."""
    lost = []
    for path in sorted((docs / "data" / "notices").glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            named = {anchor for clause in data["clauses"] for anchor in _named(clause)}
            identity = str(data["id"])
        except (ValueError, TypeError, KeyError) as error:
            raise RegistryError(f"数据文件 {path} 读不懂：{error}。请删去它，再运行 build 重新生成。") from error
        known = entries[identity].answers if identity in entries else set()
        lost += [f"/notices/{identity}/#{anchor}" for anchor in sorted(named - known)]
    return lost


def _named(clause: dict[str, Any]) -> set[str]:
    parts = (clause, *clause["paragraphs"], *clause["items"])
    return {*(part["anchor"] for part in parts), *clause["aliases"]}

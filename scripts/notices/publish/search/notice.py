"""What the search knows of a notice, read from the data file that the site serves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import Unreadable

_YEAR = re.compile(r"-(\d{4})(?:-\d+)?$")


class SearchClause(NamedTuple):
    """A clause: `text` begins with its title; `topics` and `units` are names."""

    anchor: str
    label: str
    title: str
    text: str
    topics: tuple[str, ...]
    units: tuple[str, ...]
    target: bool


class SearchNotice(NamedTuple):
    """A notice; `path` is its place from the province down, empty where it is not known."""

    id: str
    title: str
    path: tuple[str, ...]
    year: str
    number: str
    issuer: str
    clauses: tuple[SearchClause, ...]
    terms: frozenset[str]

    @property
    def head(self) -> tuple[str, ...]:
        """What names the notice, in the order of the index."""
        return ("/".join(self.path), self.year, self.title, self.number, self.issuer)

    @property
    def places(self) -> tuple[str, ...]:
        """浙江省, 浙江省/嘉兴市, 浙江省/嘉兴市/海宁市."""
        return tuple("/".join(self.path[: depth + 1]) for depth in range(len(self.path)))


def read_notices(site: Path) -> list[SearchNotice]:
    """Every notice under `site`/data/notices, in the order of the ids.  Raises Unreadable where there is none."""
    return [read_notice(path) for path in data_files(site)]


def data_files(site: Path) -> list[Path]:
    """The data files of `site`, in the order of the ids.  Raises Unreadable where there is none."""
    files = sorted((site / "data" / "notices").glob("*.json"), key=lambda path: path.stem)
    if not files:
        raise Unreadable(
            "search-empty",
            f"{site} 里没有通知的数据（data/notices/），检索索引没有建。请把通知放进 raw/，再运行 make site。",
        )
    return files


def read_notice(path: Path) -> SearchNotice:
    """The notice of a data file.  Raises Unreadable where the file is none of ours."""
    data = read_data(path, path.read_bytes())
    try:
        return notice_of(data)
    except (KeyError, TypeError) as error:
        raise _broken(path, error) from error


def read_data(path: Path, content: bytes) -> dict[str, Any]:
    """What stands in the file at `path`.  Raises Unreadable where that is no notice."""
    try:
        data: dict[str, Any] = json.loads(content)
        if not all(isinstance(clause["text"], str) for clause in data["clauses"]):
            raise TypeError("clauses")
    except (ValueError, KeyError, TypeError) as error:
        raise _broken(path, error) from error
    return data


def region_of(data: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Code and names of a notice's place, from the province down; "" and nothing where it is not known."""
    region = data.get("region") or {}
    return region.get("code") or "", tuple(region.get("path", ()))


def _broken(path: Path, error: Exception) -> Unreadable:
    return Unreadable("search-data", f"{path.name} 读不懂，检索索引没有建：{error}。请重新运行 make site。")


def notice_of(data: dict[str, Any]) -> SearchNotice:
    """A notice of its data file.  Raises KeyError or TypeError where the file is none of ours."""
    found = _values(data["annotations"])
    clauses = tuple(
        SearchClause(
            clause["anchor"],
            clause["label"] or "",
            clause["title"] or "",
            clause["text"],
            _names(found.get(clause["anchor"], []), "topic"),
            _names(found.get(clause["anchor"], []), "unit"),
            any(kind == "target" for kind, _ in found.get(clause["anchor"], [])),
        )
        for clause in data["clauses"]
    )
    year = _YEAR.search(data["id"])
    terms = frozenset(str(a["value"]["term"]) for a in data["annotations"] if a["kind"] == "term")
    path = region_of(data)[1]
    number, issuer = data["doc_number"] or "", data["issuer"] or ""
    return SearchNotice(data["id"], data["title"] or "", path, year[1] if year else "", number, issuer, clauses, terms)


def _values(annotations: list[dict[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Anchor → kind and name of the annotations of its clause that one can search by."""
    found: dict[str, list[tuple[str, str]]] = {}
    for annotation in annotations:
        if annotation["kind"] in ("topic", "unit", "target"):
            value = str(annotation["value"].get("name") or "")
            found.setdefault(annotation["clause"], []).append((annotation["kind"], value))
    return found


def _names(values: list[tuple[str, str]], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for k, name in values if k == kind and name))

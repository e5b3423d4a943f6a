"""registry/pages.json: the address of every page that was ever published.  Addresses are added, never taken out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from .jsontext import to_json
from .model import Output
from .store import PAGES, RegistryError
from .writing.disk import names_below


def address(path: str) -> str:
    """The address below the site's root of the page made from a file of docs/: "places.md" → "places/", "index.md" → ""."""
    name = path.removesuffix(".md")
    return name.removesuffix("index") if name == "index" or name.endswith("/index") else f"{name}/"


def known(registry: Path) -> list[str]:
    """The addresses recorded so far, sorted; none where there is no record yet.  Raises RegistryError."""
    path = registry / PAGES
    try:
        stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    except ValueError as error:
        raise RegistryError(f"登记文件 {path} 读不懂：{error}。请用 git 恢复这个文件，再运行一次。") from error
    if not isinstance(stored, list) or not all(isinstance(one, str) for one in stored):
        raise RegistryError(f"登记文件 {path} 应当是一列网址。请用 git 恢复这个文件，再运行一次。")
    return sorted(set(stored))


def record(registry: Path, docs: Path, made: Iterable[str], made_before: Collection[str]) -> Output:
    """The record with the pages of this build: `made` by it, and those in `docs` that no build made, now or before.

    `made` and `made_before` are paths below docs/: of this build's manifest and of the last one's.
    """
    by_hand = (path for path in names_below(docs, ".md") if path not in made_before)
    pages = {address(path) for path in (*made, *by_hand) if path.endswith(".md")}
    return Output(PAGES, to_json(sorted({*known(registry), *pages})))

"""What stands in docs/: the pages that the generator renders, and the files that are published as they are."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import posixpath
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pathspec
import yaml

from ..errors import Refused, Unreadable

#: What a page's HTML depends on besides its text, the settings and the theme.
LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "PyYAML", "properdocs")
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
#: What the generator leaves out by itself.
_HIDDEN = (".*", "/templates/")
#: Where an address may stand in Markdown: [text](here), <here> and [name]: here.  Too many do no harm.
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)|^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)", re.M)


class Listed(NamedTuple):
    """Paths below docs/, sorted: pages are Markdown, every other file is copied."""

    pages: tuple[str, ...]
    files: tuple[str, ...]


class Page(NamedTuple):
    """One page to be made: its path below docs/, the pages and files that it links to in Markdown, its size in bytes,
    and a key of all that its HTML depends on."""

    path: str
    targets: tuple[str, ...]
    size: int
    key: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages have in common: mkdocs.yml and the theme's files as they are, the values that take the place of
    those in mkdocs.yml, the pages in the navigation, and a key of all of it and of the libraries' versions."""

    config: bytes
    theme: tuple[tuple[str, bytes], ...]
    values: str  # JSON
    nav: tuple[str, ...]
    excluded: str
    key: str


def destination(path: str) -> str:
    """Where the HTML of the page `path` is written: index.md and a.md give index.html and a/index.html."""
    stem = posixpath.splitext(path)[0]
    folder, name = posixpath.split(stem)
    return posixpath.join(folder, "index.html") if name in ("index", "README") else f"{stem}/index.html"


def listed(docs: Path, excluded: str = "") -> Listed:
    """The files of `docs` that are published; `excluded`: lines of patterns as in .gitignore.

    Raises Refused where two pages would be written to the same place.
    """
    hidden = pathspec.GitIgnoreSpec.from_lines([*_HIDDEN, *excluded.splitlines()])
    found = sorted(path for path in _walk(docs) if not hidden.match_file(path))
    pages = tuple(path for path in found if path.endswith(MARKDOWN))
    places: dict[str, str] = {}
    for path in pages:
        other = places.setdefault(destination(path), path)
        if other != path:
            raise Refused(f"docs/{other} 和 docs/{path} 会写成同一个网页，网站没有生成。请删去或改名其中一个。")
    return Listed(pages, tuple(path for path in found if not path.endswith(MARKDOWN)))


def _walk(docs: Path) -> Iterator[str]:
    top = str(docs)
    for folder, folders, names in os.walk(top, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = os.path.relpath(folder, top).replace(os.sep, "/")
        yield from names if below == "." else (f"{below}/{name}" for name in names)


def frame(root: Path, site_url: str, found: Listed, command: Iterable[str]) -> Frame:
    """What all pages have in common, from mkdocs.yml and theme/ of `root` and the version of the libraries.

    Raises Unreadable where mkdocs.yml has no navigation with a title for each page: without titles a page's HTML would
    depend on the text of others.
    """
    config = (root / "mkdocs.yml").read_bytes()
    written = yaml.safe_load(config)
    named = list(_named(written.get("nav"))) if isinstance(written.get("nav"), list) else [None]
    if None in named:
        raise Unreadable(
            "nav", f"{root / 'mkdocs.yml'} 的 nav 里每一页都要写名称，例如“- 首页: index.md”。请改正后再运行。"
        )
    theme = tuple((path, (root / "theme" / path).read_bytes()) for path in sorted(_walk(root / "theme")))
    nav = tuple(sorted({path for path in named if path} & {*found.pages, *found.files}))
    excluded = str(written.get("exclude_docs") or "")
    values = {"site_url": site_url, "extra": {"folders": tops(found.pages)}}
    digest = hashlib.sha256(sys.version.encode())
    for part in (json.dumps([site_url, nav, *map(_version, LIBRARIES), *command]).encode(), config, *sum(theme, ())):
        digest.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return Frame(config, theme, json.dumps(values), nav, excluded, digest.hexdigest())


def tops(pages: Iterable[str]) -> list[str]:
    """The first part of the pages' addresses: what the 404 page knows the site's root by."""
    return sorted({top for path in pages if (top := destination(path).partition("/")[0]) != "index.html"})


def _named(items: Any) -> Iterator[str | None]:
    """The page of each entry of the navigation; None for one without a title."""
    for item in items:
        if not isinstance(item, dict):
            yield None
            continue
        for value in item.values():
            if isinstance(value, list):
                yield from _named(value)
            else:
                yield str(value)


def _version(name: str) -> str:
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    return ""


def read_page(docs: Path, path: str, known: Collection[str], common: str) -> Page:
    """The page `path` of `docs`; `known`: every path below docs/; `common`: the key of what all pages have in common.

    Raises OSError.
    """
    content = (docs / path).read_bytes()
    targets = _targets(path, content, known)
    digest = hashlib.sha256(f"{common}\n{path}\n{json.dumps(targets)}\n".encode())
    digest.update(content)
    return Page(path, targets, len(content), digest.hexdigest())


def _targets(path: str, content: bytes, known: Collection[str]) -> tuple[str, ...]:
    """What is there of what the page leads to in Markdown: all that the generator must know of other pages."""
    if b"](" not in content and b"]:" not in content:
        return ()
    folder = posixpath.dirname(path)
    found = {one or other for one, other in _TARGET.findall(content.decode("utf-8", "replace"))}
    paths = {posixpath.normpath(posixpath.join(folder, unquote(re.split("[?#]", one)[0]))) for one in found}
    return tuple(sorted(one for one in paths if one in known and one != path))

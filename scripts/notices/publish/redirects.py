"""Pages that moved: registry/redirects.toml says where to, and the old address keeps a small page that leads there.

Each [[redirect]] has three texts: old = "regions/", an address below the site's root, without the domain;
new = "places/", the same, which may end in #anchor; why = "“按地区”换了网址", a sentence for the reader.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ..store import RegistryError

FILE = "redirects.toml"
KEYS = {"old", "new", "why"}
GONE = "原来的这一页已经没有了，新的网址是它的上一级"
_PAGE = re.compile(r"(?:[\w.-]+/)+")


class Move(NamedTuple):
    """A page's old and new address, below the site's root, and the reason in words for the reader."""

    old: str
    new: str
    why: str


def load(registry: Path) -> tuple[Move, ...]:
    """The moves that people wrote down, each leading to its last address.  Raises RegistryError."""
    path = registry / FILE
    if not path.is_file():
        return ()
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("redirect", [])
    except ValueError as error:
        raise RegistryError(f"{path} 读不懂：{error}。请改正后再运行。") from error
    if not isinstance(rows, list):
        raise RegistryError(f"{path} 里的每一项要写在 [[redirect]] 之下，是两层方括号。请改正。")
    moves: dict[str, Move] = {}
    for number, row in enumerate(rows, 1):
        where = f"{path} 的第 {number} 项"
        if not isinstance(row, dict) or set(row) != KEYS or not all(isinstance(v, str) and v for v in row.values()):
            raise RegistryError(f"{where} 要写 old、new、why 三样，各是一段加引号的文字。请改正。")
        for key in ("old", "new"):
            _check_address(row[key], f"{where} 的 {key}", anchor=key == "new")
        if row["old"] in moves:
            raise RegistryError(f"{where} 的 old“{row['old']}”前面已经写过。请留下一项。")
        moves[row["old"]] = Move(**row)
    return tuple(move._replace(new=_last(move, moves, path)) for _, move in sorted(moves.items()))


def with_parents(moves: Iterable[Move], addresses: Iterable[str], site: Path) -> tuple[Move, ...]:
    """`moves`, and for a page below another that is gone a move to the nearest page above it that is still there.

    The source page of a notice that was withdrawn leads to the notice, a pair that is no longer compared to the list
    of pairs.  Pages at the first level are for a person to decide about.
    """
    known = {move.old: move for move in moves}
    for one in addresses:
        if one in known or _is_page(site, one):
            continue
        above = one.rstrip("/").rpartition("/")[0]
        while above and not _is_page(site, f"{above}/"):
            above = above.rpartition("/")[0]
        if above:
            known[one] = Move(one, f"{above}/", GONE)
    return tuple(known[old] for old in sorted(known))


def _check_address(value: str, where: str, anchor: bool) -> None:
    page, _, fragment = value.partition("#")
    if not _PAGE.fullmatch(page) or ".." in page or (fragment and not anchor):
        raise RegistryError(f"{where}“{value}”应当是本站之内以 / 结尾的网址，开头不写 /，例如 places/。请改正。")


def _last(move: Move, moves: Mapping[str, Move], path: Path) -> str:
    """Where a chain of moves ends."""
    seen, new = {move.old}, move.new
    while (page := new.partition("#")[0]) in moves:
        if page in seen:
            raise RegistryError(f"{path} 里从 {move.old} 出发的转址绕回了自己。请改正其中一项。")
        seen.add(page)
        new = moves[page].new
    return new


def faults(addresses: Iterable[str], moves: Iterable[Move], site: Path) -> list[str]:
    """What is wrong, in Chinese: a published address that no longer answers, a move that leads nowhere or hides a page.

    To be asked before write_moved, which fills the old addresses.
    """
    found = []
    old = {move.old for move in moves}
    for one in addresses:
        if not _is_page(site, one) and one not in old:
            found.append(
                f"/{one} 发布过，现在没有这一页，也没有写明搬到了哪里，旧链接会失效。"
                f"请恢复这一页，或在 registry/{FILE} 里加一项 [[redirect]]，写明 old、new、why。"
            )
    for move in moves:
        if _is_page(site, move.old):
            found.append(f"registry/{FILE} 说 /{move.old} 搬走了，可是这一页还在。请删去那一项，或删去这一页。")
        if not _is_page(site, move.new.partition("#")[0]):
            found.append(f"registry/{FILE} 说 /{move.old} 搬到了 /{move.new}，可是没有那一页。请改正 new。")
    return found


def _is_page(site: Path, address: str) -> bool:
    return (site / address / "index.html").is_file()


def write_moved(site: Path, moves: Iterable[Move], site_name: str, site_url: str) -> list[Path]:
    """A page at each old address that says where its content is now and leads there; the paths written."""
    written = []
    for move in moves:
        target = site / move.old / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_page(move, site_name, site_url), encoding="utf-8")
        written.append(target)
    return written


def _page(move: Move, site_name: str, site_url: str) -> str:
    """Without scripts it is a link; the script follows it and keeps the reader's #anchor."""
    root = os.path.relpath("/", f"/{move.old}") + "/"
    new = escape(root + quote(move.new, safe="/#"))
    canonical = f'<link rel="canonical" href="{escape(site_url + quote(move.new, safe="/#"))}">\n' if site_url else ""
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
{canonical}<link rel="icon" href="data:,">
<title>这一页换了网址 - {escape(site_name)}</title>
<link rel="stylesheet" href="{root}assets/yaodian-moved.css">
<script src="{root}assets/yaodian-moved.js" defer></script>
</head>
<body>
<main>
<h1>这一页换了网址</h1>
<p>{escape(move.why)}。</p>
<p><a id="new" href="{new}">打开新的网址</a></p>
</main>
</body>
</html>
"""

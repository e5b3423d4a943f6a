"""The files of a built site besides its pages: their names, their kinds, and what in them a browser would run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from .vocabulary import DRAWING, DRAWN, EVERYWHERE, words

#: Where the hand-written scripts and style sheets are; the generator's style sheets are ours too, its scripts are not.
OURS, THEME_STYLES = "assets", "assets/stylesheets/"
#: Scripts that no page loads by itself: the generator's, and the two that the search imports.
BESIDE = re.compile(r"assets/javascripts/.+|pagefind/pagefind(?:-worker)?\.js")
_PART = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
#: Names that the indexer makes of checksums.
_INDEXED = re.compile(
    r"pagefind/(?:[a-z]+/(?:\d+/)?)?"
    r"(?:(?:fragment|index)/[a-z]+_[0-9a-f]+\.pf_(?:fragment|index)|pagefind\.[a-z]+_[0-9a-f]+\.pf_meta)"
)
_THEMES = re.compile(r"assets/(?:javascripts|stylesheets|images)/[\w./-]+")
#: Names that Windows keeps for devices, whatever stands behind the first dot.
DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))))
#: Kinds of files in which nothing runs.
PASSIVE = words(
    """.html .txt .csv .png .jpg .jpeg .gif .webp .ico .zip .pdf .docx .xlsx .conf .woff .woff2 .pagefind .pf_fragment
    .pf_index .pf_meta"""
)
FEEDS = {
    "http://www.w3.org/2005/Atom": ("feed",),
    "http://www.sitemaps.org/schemas/sitemap/0.9": ("urlset", "sitemapindex"),
}
SVG = "{http://www.w3.org/2000/svg}"
STYLE = re.compile(
    r"url\(\s*['\"]?\s*(?!data:image/|#)(?:[a-z][a-z0-9+.-]*:|//|\\)|@import|expression\(|-moz-binding|(?<![-\w])behavior\s*:",
    re.I,
)


class Own(NamedTuple):
    """Paths below the site's root that a page may load."""

    scripts: frozenset[str]
    styles: frozenset[str]


def own_files(site: Path, docs: Path) -> Own:
    """The scripts and style sheets of `docs`/assets/ that stand in the site unchanged, and the theme's style sheets."""
    same = [
        path.relative_to(docs).as_posix()
        for path in sorted((docs / OURS).rglob("*"))
        if path.is_file() and _same(path, site / path.relative_to(docs))
    ]
    theme = [path.relative_to(site).as_posix() for path in (site / THEME_STYLES).glob("*.css")]
    return Own(
        frozenset(name for name in same if name.endswith(".js")),
        frozenset(name for name in (*same, *theme) if name.endswith(".css")),
    )


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def leads_outside(address: str) -> bool:
    """Whether an address names another site."""
    return bool(urlsplit(address).netloc)


def check_files(site: Path, names: Iterable[str], own: Own) -> list[str]:
    """Faults of those of the files and folders `names` in `site` that are no page, and of every file's name."""
    faults: list[str] = []
    for name in names:
        path = site / name
        if path.is_symlink():
            faults.append(f"{shown(name)}：是指向别处的链接，不允许。")
        elif path.is_file():
            faults += [f"{shown(name)}：{fault}" for fault in (*name_faults(name), *_content(name, path, own))]
    return faults


def shown(name: str) -> str:
    """A file name that can be printed, whatever characters it has."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def name_faults(name: str) -> Iterator[str]:
    """What is wrong with a path below the site's root."""
    parts = name.split("/")
    if any(part.split(".")[0] in DEVICES for part in parts):
        yield "用了 Windows 保留的名称，在那里打不开。请改名。"
    if not all(map(_PART.fullmatch, parts)) and not _INDEXED.fullmatch(name) and not _THEMES.fullmatch(name):
        yield "文件名只能用小写字母、数字、短横和点。请改名。"


def _content(name: str, path: Path, own: Own) -> Iterator[str]:
    kind = path.suffix
    if kind == ".js":
        if name not in own.scripts and not BESIDE.fullmatch(name):
            yield "脚本不是本站 docs/assets/ 里的。"
    elif kind in CHECKS:
        yield from CHECKS[kind](path.read_bytes())
    elif kind == ".jsonl":
        yield from _json_lines(path)
    elif kind not in PASSIVE:
        yield f"不认识 {kind or '没有扩展名'} 这种文件，浏览器可能会运行它。请换一种，或在 publish/gate/files.py 的 PASSIVE 里登记。"


def _style(content: bytes) -> Iterator[str]:
    if STYLE.search(re.sub(r"/\*.*?\*/", "", content.decode("utf-8", "replace"), flags=re.S)):
        yield "样式表要从别的网站取文件。"


def _json(content: bytes) -> Iterator[str]:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        yield "不是完整的 JSON。"


def _json_lines(path: Path) -> Iterator[str]:
    """Line by line: such a file may hold the whole corpus."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip(b"\n") and any(_json(line)):
                yield f"第 {number} 行不是完整的 JSON。"


def _tree(content: bytes) -> etree._Element | None:
    """The root of an XML file; None where it is not well-formed, or has a document type or instructions."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return None
    instructions = any(not isinstance(node.tag, str) for node in (*root.itersiblings(preceding=True), *root.iter()))
    return None if root.getroottree().docinfo.internalDTD is not None or instructions else root


def _feed(content: bytes) -> Iterator[str]:
    """Atom or a sitemap, and nothing of any other vocabulary in it."""
    root = _tree(content)
    if root is None:
        yield "不是规整的 XML，或带有文档类型、处理指令。"
        return
    space = etree.QName(root).namespace or ""
    if etree.QName(root).localname not in FEEDS.get(space, ()):
        yield f"不认识以 <{etree.QName(root).localname}> 为根的 XML，浏览器可能会运行它。"
    for element in root.iter(etree.Element):
        if (etree.QName(element).namespace or "") != space:
            yield f"<{etree.QName(element).localname}> 不属于订阅或网站地图。"
        if not str(element.get("href", "https:")).startswith(("http:", "https:")):
            yield f"链接 {element.get('href')} 是可执行的地址。"


def _drawing(content: bytes) -> Iterator[str]:
    """A picture that is only drawn: opened by itself, an SVG file is a page that may run scripts."""
    root = _tree(content)
    if root is None:
        yield "不是规整的 SVG，或带有文档类型、处理指令、注释。"
        return
    for element in root.iter(etree.Element):
        tag = str(element.tag).removeprefix(SVG)
        if not str(element.tag).startswith(SVG) or tag not in DRAWING:
            yield f"图里有 <{etree.QName(element).localname}>，不允许。"
        for key, value in element.attrib.items():
            inside = str(value).startswith("#")
            if str(key).lower() not in DRAWN | EVERYWHERE or (key == "href" and not inside) or STYLE.search(str(value)):
                yield f"图里的 <{etree.QName(element).localname}> 带有属性 {etree.QName(key).localname}，不允许。"


CHECKS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".css": _style,
    ".json": _json,
    ".map": _json,
    ".xml": _feed,
    ".svg": _drawing,
}

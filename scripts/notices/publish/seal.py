"""The content security policy of each page, written into it as <meta>.

A page may run and show what comes from its own origin.  Nothing else: no inline block, no style="…", no onclick="…",
nothing from elsewhere.  404.html alone has inline blocks, whose hashes its policy names; the search alone may compile
WebAssembly.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from .gate.elements import Elements, Kind, elements_of

#: Pages that use Pagefind, which is WebAssembly.
WASM_PAGES = ("search/index.html",)
#: Pages with inline blocks: answering at any depth, they load no file.  A block in any other page is no work of ours,
#: and a policy that named its hash would let it run.
INLINE_PAGES = ("404.html",)
#: Kinds of <script> that nothing runs: the policy does not concern them.
DATA = ("application/ld+json", "application/json")
SELF, NONE = "'self'", "'none'"
_NAME = "Content-Security-Policy"
_META = re.compile(rf'\n<meta http-equiv="{_NAME}" content="[^"]*">')
_PLACES = (re.compile(r"<meta charset=[^>]*>", re.I), re.compile(r"<head\b[^>]*>", re.I))


class Inline(NamedTuple):
    """What of a page the policy must name: hashes of its inline scripts and styles, and whether it has a <base>."""

    scripts: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    base: bool = False


def policy(inline: Inline, wasm: bool = False) -> str:
    """The policy that allows these inline blocks, and WebAssembly where `wasm`."""
    scripts = [SELF, *(["'wasm-unsafe-eval'"] if wasm else []), *sorted(inline.scripts)]
    styles = [SELF, *sorted(inline.styles)]
    rules = (
        f"default-src {SELF}",
        f"script-src {' '.join(scripts)}",
        f"style-src {' '.join(styles)}",
        f"img-src {SELF} data:",  # the theme's icons are data: addresses in its style sheet
        f"object-src {NONE}",
        f"base-uri {SELF if inline.base else NONE}",
        f"form-action {SELF}",
    )
    return "; ".join(rules)


class Page(NamedTuple):
    """A page with its policy, or as it was where it has faults, which are in Chinese; `elements`: what the parser makes
    of `content`, where it was parsed as it is now."""

    content: bytes
    faults: list[str]
    inline: Inline
    elements: Elements | None = None


def together(inlines: Iterable[Inline]) -> Inline:
    """What several pages hold."""
    scripts: set[str] = set()
    styles: set[str] = set()
    base = False
    for one in inlines:
        scripts |= one.scripts
        styles |= one.styles
        base = base or one.base
    return Inline(frozenset(scripts), frozenset(styles), base)


def seal_page(name: str, content: bytes) -> Page:
    """The page `name`, a path below the site's root, with its policy."""
    try:
        text = content.decode("utf-8")
        usual = with_policy(name, text, Inline()).encode("utf-8")  # so that one parse is enough for most pages
        if not text.strip():
            raise etree.ParserError("empty")
        page = elements_of(usual)
    except (UnicodeDecodeError, etree.ParserError):
        return Page(content, ["是空的，或不是 UTF-8 编码的网页。请改正它的来源，再运行 make site。"], Inline())
    inline = _inline(page.where(lambda kind: kind.tag in ("script", "style", "base")))
    wrong = [fault for element in page.where(_is_barred) for fault in _attributes(element)]
    if name not in INLINE_PAGES and (inline.scripts or inline.styles):
        wrong.append("有页内的脚本或样式，严格的安全策略不允许。请改成单独的文件；不是本站写的，就是有内容没有转义。")
    if wrong:
        return Page(content, wrong, Inline())
    if inline == Inline():
        return Page(usual, [], inline, page)
    return Page(with_policy(name, text, inline).encode("utf-8"), [], inline)


def with_policy(name: str, text: str, inline: Inline) -> str:
    """The page `name` with the policy that allows what is `inline` in it."""
    return insert(text, policy(inline, name in WASM_PAGES))


def insert(text: str, value: str) -> str:
    """The page with this policy right behind its <meta charset>, in place of one that an earlier run wrote."""
    bare = _META.sub("", text, count=1)
    place = next((found for pattern in _PLACES if (found := pattern.search(bare))), None)
    at = place.end() if place else 0
    return f'{bare[:at]}\n<meta http-equiv="{_NAME}" content="{value}">{bare[at:]}'


def _is_barred(kind: Kind) -> bool:
    return any(key.lower() == "style" or key.lower().startswith("on") for key in kind.keys)


def _attributes(element: etree._Element) -> Iterator[str]:
    """Attributes that a strict policy stops: they would work here and fail on a server."""
    for key in map(str, element.keys()):
        if key.lower() == "style":
            yield f"<{element.tag}> 写了 style 属性，严格的安全策略不允许。请改用样式表里的类。"
        if key.lower().startswith("on"):
            yield f"<{element.tag}> 写了 {key} 属性，严格的安全策略不允许。请在脚本文件里用 addEventListener。"


def _inline(elements: Iterable[etree._Element]) -> Inline:
    scripts, styles, base = set(), set(), False
    for element in elements:
        if element.tag == "script" and element.get("src") is None and element.get("type", "") not in DATA:
            scripts.add(_hash(element.text or ""))
        elif element.tag == "style":
            styles.add(_hash(element.text or ""))
        base = base or element.tag == "base"
    return Inline(frozenset(scripts), frozenset(styles), base)


def _hash(text: str) -> str:
    """The source expression for an inline block, hashed as a browser does: line ends are LF."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(unified.encode()).digest()).decode()}'"

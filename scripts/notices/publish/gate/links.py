"""The addresses on a page: every link and anchor inside the site resolves, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

from .vocabulary import ADDRESSES, LOADING, QUIET_LINKS

ORIGIN = "http://site.invalid/"
_BLANK = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")


def plain(value: str) -> str:
    """An address as a browser reads it: without white space and control characters, \\ as /."""
    return _BLANK.sub("", value).replace("\\", "/")


def scheme(address: str) -> str | None:
    """The scheme of an address, "" where it has none; None for what is no address, such as http://[."""
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return None


def address_in(name: str, element: html.HtmlElement, value: str) -> str:
    """The path below the site's root that `value` on the page `name` leads to; "" where it leads elsewhere."""
    try:
        parts = urlsplit(urljoin(_origin(name, element.getroottree().getroot()), plain(value)))
    except ValueError:
        return ""
    inside = parts.scheme == "http" and parts.netloc == "site.invalid" and not parts.query
    return unquote(parts.path).lstrip("/") if inside else ""


def _origin(name: str, root: html.HtmlElement) -> str:
    base = root.find(".//base")
    return f"{ORIGIN}{name}" if base is None else urljoin(f"{ORIGIN}{name}", plain(base.get("href") or ""))


def link_faults(
    name: str, root: html.HtmlElement, files: Collection[str], ids: Mapping[str, Collection[str | None]]
) -> Iterator[str]:
    """Addresses that lead nowhere, and files that would be loaded from elsewhere.

    `files`: every path below the site's root; `ids`: those of each page.
    """
    origin = _origin(name, root)
    if not origin.startswith(ORIGIN):
        yield f"<base> 指向别的网站：{origin}"
    known: dict[str, tuple[bool, str]] = {}  # the same addresses stand on a page many times
    for element in root.iter(etree.Element):
        for value in _addresses(element):
            if value not in known:
                known[value] = _looked_up(value, origin, files, ids)
            foreign, fault = known[value]
            if foreign and element.tag in LOADING and not _quiet(element):
                yield f"<{element.tag}> 要从别的网站取文件，或把内容送到别的网站：{value}"
            elif fault and name != "404.html":
                yield f"链接 {value} {fault}"


def _addresses(element: html.HtmlElement) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key in ADDRESSES and value:
            yield str(value)
        elif key == "srcset":
            yield from (part.split()[0] for part in str(value).split(",") if part.strip())


def _quiet(element: html.HtmlElement) -> bool:
    """Whether an element is a <link> that only names an address."""
    return element.tag == "link" and not {*(element.get("rel") or "-").lower().split()} - QUIET_LINKS


def _looked_up(
    value: str, origin: str, files: Collection[str], ids: Mapping[str, Collection[str | None]]
) -> tuple[bool, str]:
    """Whether an address leads to another site, and what is wrong with one that does not."""
    if scheme(plain(value)) is None:
        return False, ""  # named with the attributes
    parts = urlsplit(urljoin(origin, plain(value)))
    if parts.scheme not in ("http", "https"):
        return False, ""
    if parts.netloc != "site.invalid":
        return True, ""
    target = unquote(parts.path).lstrip("/")
    if not target or target.endswith("/"):
        target += "index.html"
    if target not in files:
        return False, "指向的文件不存在。"
    fragment = parts.fragment
    if fragment and target in ids and unquote(fragment) not in ids[target] and not fragment.startswith("__"):
        return False, "指向的位置不存在。"
    return False, ""

"""The addresses on a page: every link and anchor inside the site resolves, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

from .vocabulary import ADDRESSES, LOADING, QUIET_LINKS

ORIGIN = "http://site.invalid/"
_BLANK = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")


#: Most addresses of a page: some steps up, names of ours, an anchor.
_SIMPLE = re.compile(r"((?:\.\./)*)((?:[a-z0-9-]+/)*)([a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])?(?:#([A-Za-z][A-Za-z0-9-]*))?")


def plain(value: str) -> str:
    """An address as a browser reads it: without white space and control characters, \\ as /."""
    return _BLANK.sub("", value).replace("\\", "/")


@lru_cache(10_000)
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


class Leads(NamedTuple):
    """Where a page leads: (file, anchor) inside the site, each once, without those of the page itself that resolve;
    `more`: whether `link_faults` has something to say of it even where all of them resolve."""

    places: tuple[tuple[str, str], ...]
    more: bool


def leads(name: str, root: html.HtmlElement, ids: Collection[str]) -> Leads:
    """Where the page `name`, which has these `ids`, leads."""
    origin = _origin(name, root)
    more = not origin.startswith(ORIGIN)
    known: dict[str, bool] = {}  # address → whether it is foreign
    places: dict[tuple[str, str], None] = {}
    for element in root.iter(etree.Element):
        for value in _addresses(element):
            if value not in known:
                place = _place(value, origin)
                known[value] = place is True
                if isinstance(place, tuple) and name != "404.html" and (place[0] != name or place[1] not in ids):
                    places[place] = None
            more = more or (known[value] and element.tag in LOADING and not _quiet(element))
    return Leads(tuple(places), more)


def _addresses(element: html.HtmlElement) -> Iterator[str]:
    for key in element.keys():  # noqa: SIM118  # an element iterates over its children
        if key in ADDRESSES:
            if value := element.get(key):
                yield str(value)
        elif key == "srcset":
            yield from (part.split()[0] for part in str(element.get(key)).split(",") if part.strip())


def _quiet(element: html.HtmlElement) -> bool:
    """Whether an element is a <link> that only names an address."""
    return element.tag == "link" and not {*(element.get("rel") or "-").lower().split()} - QUIET_LINKS


def _looked_up(
    value: str, origin: str, files: Collection[str], ids: Mapping[str, Collection[str | None]]
) -> tuple[bool, str]:
    """Whether an address leads to another site, and what is wrong with one that does not."""
    place = _place(value, origin)
    if not isinstance(place, tuple):
        return place, ""
    if place[0] not in files:
        return False, "指向的文件不存在。"
    return False, "" if resolves(place, files, ids) else "指向的位置不存在。"


def resolves(place: tuple[str, str], files: Collection[str], ids: Mapping[str, Collection[str | None]]) -> bool:
    """Whether the file is there and, if it is a page, has the anchor."""
    file, anchor = place
    return file in files and (not anchor or file not in ids or anchor in ids[file])


def _place(value: str, origin: str) -> tuple[str, str] | bool:
    """The file inside the site and the anchor that an address leads to; True for another site, False where it is no
    address that leads anywhere, which is named with the attributes."""
    simple = _SIMPLE.fullmatch(value) if value else None
    return _simple_place(simple, origin) if simple else _resolved(value, origin)


def _resolved(value: str, origin: str) -> tuple[str, str] | bool:
    """As `_place`, for any address."""
    if scheme(plain(value)) is None:
        return False
    parts = urlsplit(urljoin(origin, plain(value)))
    if parts.scheme not in ("http", "https"):
        return False
    if parts.netloc != "site.invalid":
        return True
    target = unquote(parts.path).lstrip("/")
    if not target or target.endswith("/"):
        target += "index.html"
    return target, "" if parts.fragment.startswith("__") else unquote(parts.fragment)  # __x: the theme's switches


def _simple_place(found: re.Match[str], origin: str) -> tuple[str, str] | bool:
    """What urljoin and urlsplit give for a simple address, at a tenth of their cost."""
    if not origin.startswith(ORIGIN):
        return True
    up, folders, file, anchor = found.groups()
    page = origin.removeprefix(ORIGIN)
    if not (up or folders or file):
        return (f"{page}index.html" if not page or page.endswith("/") else page), anchor or ""
    above = page.split("/")[:-1]
    start = "".join(f"{part}/" for part in above[: max(0, len(above) - up.count("/"))])
    return f"{start}{folders}{file or 'index.html'}", anchor or ""

"""The addresses on a page: every link and anchor inside the site resolves, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from .elements import Elements
from .vocabulary import LOADING, QUIET_LINKS

ORIGIN = "http://site.invalid/"
_BLANK = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")


#: Most addresses of a page: some steps up, names of ours, an anchor.
_SIMPLE = re.compile(r"((?:\.\./)*)((?:[a-z0-9-]+/)*)([a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])?(?:#([A-Za-z][A-Za-z0-9-]*))?")


def is_simple(value: str) -> bool:
    """Whether an address is written as most are: without a scheme, inside the site."""
    return bool(_SIMPLE.fullmatch(value))


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


def address_in(origin: str, value: str) -> str:
    """The path below the site's root that `value` on a page of this `origin` leads to; "" where it leads elsewhere."""
    try:
        parts = urlsplit(urljoin(origin, plain(value)))
    except ValueError:
        return ""
    inside = parts.scheme == "http" and parts.netloc == "site.invalid" and not parts.query
    return unquote(parts.path).lstrip("/") if inside else ""


def origin_of(name: str, page: Elements) -> str:
    """The address that those on the page `name` start from."""
    bases = page.where(lambda kind: kind.tag == "base")
    return urljoin(f"{ORIGIN}{name}", plain(bases[0].get("href") or "")) if bases else f"{ORIGIN}{name}"


def link_faults(
    name: str, page: Elements, files: Collection[str], ids: Mapping[str, Collection[str | None]]
) -> Iterator[str]:
    """Addresses that lead nowhere, and files that would be loaded from elsewhere.

    `files`: every path below the site's root; `ids`: those of each page.
    """
    origin = origin_of(name, page)
    if not origin.startswith(ORIGIN):
        yield f"<base> 指向别的网站：{origin}"
    known: dict[str, tuple[bool, str]] = {}  # the same addresses stand on a page many times
    for element, value in page.addressed:
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


def leads(name: str, page: Elements, ids: Collection[str]) -> Leads:
    """Where the page `name`, which has these `ids`, leads."""
    origin = origin_of(name, page)
    led = {value: _place(value, origin) for value in dict.fromkeys(value for _, value in page.addressed)}
    foreign = {value for value, place in led.items() if place is True}
    places = (place for place in led.values() if isinstance(place, tuple) and name != "404.html")
    others = dict.fromkeys(place for place in places if place[0] != name or place[1] not in ids)
    loaded = any(
        value in foreign and element.tag in LOADING and not _quiet(element) for element, value in page.addressed
    )
    return Leads(tuple(others), loaded or not origin.startswith(ORIGIN))


def _quiet(element: etree._Element) -> bool:
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
    return f"{_above(page, up)}{folders}{file or 'index.html'}", anchor or ""


@lru_cache(1_000)
def _above(page: str, up: str) -> str:
    """The folder so many steps ("../../") above that of the page; the root at the most."""
    folders = page.split("/")[:-1]
    return "".join(f"{part}/" for part in folders[: max(0, len(folders) - up.count("/"))])

"""What the gate has to know of a page once it is read: little enough to be held for every page of a large site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from .elements import Elements, elements_of
from .files import Own
from .links import leads, link_faults, resolves
from .markup import has_id, page_faults
from .tags import read_tags

UNREADABLE = "是空的，或不是 UTF-8 编码的网页，读不懂。"
_KEPT = 500  # pages whose ids are held as sets, since many links in a row lead to them


class Facts(NamedTuple):
    """Of one page: faults of how it is written, faults of what stands on it, its ids and the places that it leads to
    ("file#anchor"), each on a line; whether its links have faults whatever else the site holds; whether it can be read
    at all."""

    written: tuple[str, ...]
    marks: tuple[str, ...]
    ids: str
    places: str
    more: bool
    readable: bool


def facts_of(name: str, content: bytes, own: Own, page: Elements | None = None) -> Facts:
    """The facts of the page `name`, a path below the site's root; `page`: what the parser makes of `content`, if known."""
    try:
        text = content.decode("utf-8")
        page = elements_of(content) if page is None else page
    except (UnicodeDecodeError, etree.ParserError, etree.XMLSyntaxError):
        return Facts((UNREADABLE,), (), "", "", False, False)
    opened, wrong = read_tags(text)
    ids = {identity for element in page.where(has_id) if (identity := element.get("id"))}
    found = leads(name, page, ids)
    odd = any("\n" in file + anchor or "#" in file for file, anchor in found.places)
    places = "" if odd else "\n".join(f"{file}#{anchor}" for file, anchor in found.places)
    kept = "\n".join(one for one in sorted(ids) if "\n" not in one)  # one with a line end is a fault already
    return Facts(tuple(wrong), tuple(page_faults(name, page, opened, own)), kept, places, found.more or odd, True)


class Ids(Mapping[str, frozenset[str]]):
    """The ids of each page that can be read."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self._facts = facts
        self._of = lru_cache(_KEPT)(lambda name: frozenset(facts[name].ids.split("\n")) - {""})

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self:
            raise KeyError(name)
        return self._of(name)

    def __contains__(self, name: object) -> bool:
        return name in self._facts and self._facts[str(name)].readable

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._facts if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def broken(facts: Facts, files: frozenset[str], ids: Mapping[str, frozenset[str]]) -> bool:
    """Whether a link of the page has a fault."""
    places = (place.partition("#") for place in facts.places.split("\n") if place)
    return facts.more or not all(resolves((file, anchor), files, ids) for file, _, anchor in places)


def named(name: str, content: bytes, files: frozenset[str], ids: Mapping[str, frozenset[str]]) -> list[str]:
    """The faults of the links of a page that has some."""
    return list(link_faults(name, elements_of(content), files, ids))

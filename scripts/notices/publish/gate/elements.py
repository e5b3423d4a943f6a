"""The elements of a page, walked once: all that is done with them afterwards starts from their kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree, html

from .vocabulary import ADDRESSES

#: Kinds that are remembered.  Pages of ours have some hundreds; a hostile one may have any number.
_KINDS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What elements have in common that have the same name and the same attributes, whatever the values of these are.

    A page has a thousand elements of forty kinds: to judge the kinds takes a tenth of the time.  Kinds are told apart by
    identity, so that one is looked up faster than its names would be.
    """

    tag: str
    keys: tuple[str, ...]
    addresses: tuple[str, ...]  # those of `keys` that hold one


class Elements(NamedTuple):
    """A page as the parser sees it: the root, every element in the order of the page, where in it those of each kind
    stand, and each address with the element that has it, in that order too."""

    root: etree._Element
    every: list[etree._Element]
    kinds: Mapping[Kind, Sequence[int]]
    addressed: list[tuple[etree._Element, str]]

    def where(self, test: Callable[[Kind], object]) -> list[etree._Element]:
        """The elements whose kind passes `test`, in the order of the page."""
        return [
            self.every[at] for at in sorted(at for kind, places in self.kinds.items() if test(kind) for at in places)
        ]


def elements_of(content: bytes) -> Elements:
    """The elements of a page in UTF-8.  Raises ParserError or XMLSyntaxError of lxml.etree where there are none."""
    # The classes of lxml.html are looked up in Python for each element, which takes as long as all that is asked of it.
    root = html.document_fromstring(content, etree.HTMLParser(encoding="utf-8"))
    every = list(root.iter(etree.Element))
    kinds: dict[Kind, list[int]] = defaultdict(list)
    addressed: list[tuple[etree._Element, str]] = []
    for at, element in enumerate(every):
        kind = _kind(element.tag, *element.keys())
        kinds[kind].append(at)
        for key in kind.addresses:
            value = element.get(key) or ""
            addressed += [(element, one) for one in (_sources(value) if key == "srcset" else (value,)) if one]
    return Elements(root, every, kinds, addressed)


@lru_cache(_KINDS)
def _kind(tag: str, *keys: str) -> Kind:
    return Kind(tag, keys, tuple(key for key in keys if key.lower() in ADDRESSES or key == "srcset"))


def _sources(value: str) -> list[str]:
    """The addresses in a list of pictures to choose from."""
    return [part.split()[0] for part in value.split(",") if part.strip()]

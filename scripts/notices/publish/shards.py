"""The pages of a site in shards, each of which is one run of the generator."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from ..store import Entry
from .sources import Page

#: A shard has no more pages, and no more bytes of Markdown: the generator holds a whole shard in memory.
MOST_PAGES, MOST_BYTES = 400, 24_000_000
OTHER = "其他页面"


class Shard(NamedTuple):
    """One run of the generator: a name for the maintainer, the pages, and whether the theme's own files are made too."""

    name: str
    pages: tuple[Page, ...]
    theme: bool = False


def shards(
    pages: Iterable[Page],
    entries: Mapping[str, Entry],
    theme: bool = True,
    most: int = MOST_PAGES,
    most_bytes: int = MOST_BYTES,
) -> list[Shard]:
    """`pages` by province, large provinces in parts; what is no notice in shards of its own, which come first.

    All pages in one shard where they fit.  `theme`: the first shard makes the theme's files too.
    """
    every = sorted(pages)
    groups: dict[str, list[Page]] = defaultdict(list)
    if every and _parts(every, most, most_bytes) == 1:
        groups["全部页面"] = every
    else:
        for page in every:
            groups[province(page.path, entries)].append(page)
    order = sorted(groups, key=lambda name: (name != OTHER, name))
    found = [shard for name in order for shard in _split(name, groups[name], most, most_bytes)]
    if theme:
        found[:1] = [(found or [Shard(OTHER, ())])[0]._replace(theme=True)]
    return found


def province(path: str, entries: Mapping[str, Entry]) -> str:
    """The province of a notice's page: two digits of the division's code, else the first part of the notice's id."""
    parts = path.removesuffix(".md").split("/")
    if parts[0] != "notices" or len(parts) not in (2, 3):
        return OTHER
    entry = entries.get(parts[1])
    return (entry.region_code[:2] if entry else "") or parts[1].partition("-")[0]


def _parts(pages: Sequence[Page], most: int, most_bytes: int) -> int:
    return max(1, math.ceil(len(pages) / most), math.ceil(sum(page.size for page in pages) / most_bytes))


def _split(name: str, pages: Sequence[Page], most: int, most_bytes: int) -> list[Shard]:
    """Parts of about the same size, none with more than `most` pages."""
    count = _parts(pages, most, most_bytes)
    if count == 1:
        return [Shard(name, tuple(pages))]
    share = sum(page.size for page in pages) / count
    parts: list[list[Page]] = [[]]
    for page, before in zip(pages, accumulate((page.size for page in pages), initial=0), strict=False):
        if parts[-1] and (len(parts[-1]) == most or before >= share * len(parts)):
            parts.append([])
        parts[-1].append(page)
    return [Shard(f"{name} 之 {number}", tuple(part)) for number, part in enumerate(parts, 1)]

"""The pages of a site in shards, each of which is one run of the generator."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from ..emit.files.division import province_of
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
    pages: Iterable[Page], theme: bool = True, most: int = MOST_PAGES, most_bytes: int = MOST_BYTES
) -> list[Shard]:
    """`pages` by province, small provinces together and large ones in parts; what is no notice in shards of its own,
    which come first.

    All pages in one shard where they fit.  `theme`: the first shard makes the theme's files too.
    """
    every = sorted(pages)
    if every and _parts(every, most, most_bytes) == 1:
        found = [Shard("全部页面", tuple(every))]
    else:
        groups: dict[str, list[Page]] = defaultdict(list)
        for page in every:
            groups[_province(page.path)].append(page)
        others = groups.pop(OTHER, [])
        found = _split(OTHER, others, most, most_bytes) if others else []
        found += _filled(groups, most, most_bytes)
    if theme:
        found[:1] = [(found or [Shard(OTHER, ())])[0]._replace(theme=True)]
    return found


def _province(path: str) -> str:
    """The province of a notice's page."""
    parts = path.removesuffix(".md").split("/")
    return province_of(parts[1]) if parts[0] == "notices" and len(parts) in (2, 3) else OTHER


def _filled(groups: Mapping[str, Sequence[Page]], most: int, most_bytes: int) -> Iterator[Shard]:
    """As many whole provinces in a row as a shard may hold: to start the generator takes as long as twenty pages do."""
    names: list[str] = []
    some: list[Page] = []
    for name in sorted(groups):
        if names and _parts([*some, *groups[name]], most, most_bytes) > 1:
            yield Shard(_together(names), tuple(some))
            names, some = [], []
        names.append(name)
        some += groups[name]
        if _parts(some, most, most_bytes) > 1:
            yield from _split(name, some, most, most_bytes)
            names, some = [], []
    if names:
        yield Shard(_together(names), tuple(some))


def _together(names: Sequence[str]) -> str:
    return "、".join(names) if len(names) < 4 else f"{names[0]} 至 {names[-1]}"


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

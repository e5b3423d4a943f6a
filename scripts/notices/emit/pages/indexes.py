"""The lists by place and by year, made from the registry's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from ...model import Output
from ...store import Entry
from ..catalogue import Catalogue
from ..entries import (
    UNDATED,
    by_province,
    in_order_of_place,
    notice_list,
    province,
    province_key,
    year_key,
)
from ..groups import Group, Rows
from ..markdown import escape
from ..tree import Spot
from .listing import page
from .spread import About, path_of, spread, titled, way

JUMPS: Mapping[str, object] = {"styles": ["assets/yaodian-figures.css"]}
PLACES = About("按地区", "按省、市、县查找工作要点。", "份通知", "")
YEARS = About("按年份", "按年度查找工作要点。", "份通知", "", "按年份和地区")


def index_groups(catalogue: Catalogue) -> Iterator[Group]:
    """places.md and years.md for the notices that are published now."""
    divided = by_province(catalogue.live)

    def listed(spot: Spot) -> tuple[Entry, ...]:
        found = (catalogue.entries[key] for key in spot.ids)
        return tuple(replace(entry, anchors={}, aliases={}, tombstones={}) for entry in found)  # what a list shows

    yield from spread(catalogue.trees["places"], PLACES, _places, lambda spot: (listed(spot),))
    yield from spread(catalogue.trees["years"], YEARS, _years, lambda spot: (listed(spot), divided))


def _places(spot: Spot, entries: Sequence[Entry], rows: Rows) -> list[Output]:
    parts: list[str] = [*way(spot), "同一地区的通知按年份排列，新的在前。"]
    at = len(parts)
    jumps: list[tuple[str, str, int]] = []
    for key, group in groupby(in_order_of_place(entries), key=province_key):
        inside = list(group)
        jumps.append((province(inside[0]), key, len(inside)))
        parts.append(f"## {escape(province(inside[0]))} {{: #{key} }}")
        for region, notices in groupby(inside, key=lambda e: e.region_code):  # a place renamed keeps its code
            newest_first = sorted(notices, key=lambda e: (e.year, e.id), reverse=True)
            if len(newest_first[0].region) > 1:
                parts.append(f"### {escape(''.join(newest_first[0].region[1:]))} {{: #r{region} }}")
            parts.append(notice_list(newest_first))
    parts.insert(at, _jumps(jumps, "各省的通知份数"))
    return [page(path_of(spot.address), titled(PLACES.title, spot.name), PLACES.description, parts, extra=JUMPS)]


def _years(spot: Spot, entries: Sequence[Entry], divided: bool, rows: Rows) -> list[Output]:
    """`divided`: under each year by province."""
    parts: list[str] = [*way(spot), "年份指要点所安排的年度，不一定是发布的年份。"]
    at = len(parts)
    jumps: list[tuple[str, str, int]] = []
    for year, group in groupby(sorted(entries, key=lambda e: e.year, reverse=True), key=lambda e: e.year):
        inside = in_order_of_place(group)
        jumps.append((f"{year}年" if year else UNDATED, year_key(year), len(inside)))
        parts.append(f"## {year or UNDATED} {{: #{year_key(year)} }}")
        parts += _provinces(year, inside) if divided else [notice_list(inside, with_place=True)]
    parts.insert(at, _jumps(jumps, "各年份的通知份数"))
    return [page(path_of(spot.address), titled(YEARS.title, spot.name), YEARS.description, parts, extra=JUMPS)]


def _provinces(year: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The notices of a year, a heading a province: y2021-p33."""
    for key, group in groupby(entries, key=province_key):
        inside = list(group)
        yield f"### {escape(province(inside[0]))} {{: #{year_key(year)}-{key} }}"
        yield notice_list(inside, with_place=True)


def _jumps(jumps: Sequence[tuple[str, str, int]], label: str) -> str:
    """Links to the headings of the page with the number of notices under each; none where there is one heading."""
    if len(jumps) < 2:
        return ""
    items = "".join(f'<li><a href="#{key}">{escape(name)}<span>{count}份</span></a></li>' for name, key, count in jumps)
    return f'<nav class="y-jumps" aria-label="{label}"><ul>{items}</ul></nav>'

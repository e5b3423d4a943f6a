"""The lists by place and by year, made from the registry's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ...model import Output
from ...store import Entry
from ..entries import (
    UNDATED,
    by_province,
    in_order_of_place,
    live_entries,
    notice_list,
    province,
    province_key,
    year_key,
)
from ..markdown import escape
from ..view import View
from .home import home_page
from .listing import page

ROOT = "../"  # from /places/ and /years/
JUMPS: Mapping[str, object] = {"styles": ["assets/yaodian-figures.css"]}


def index_pages(view: View) -> list[Output]:
    """index.md, places.md and years.md for the notices that are published now."""
    live = live_entries(view)
    return [home_page(view), _places(live), _years(live)]


def _places(entries: Sequence[Entry]) -> Output:
    parts: list[str] = ["同一地区的通知按年份排列，新的在前。"]
    jumps: list[tuple[str, str, int]] = []
    for key, group in groupby(in_order_of_place(entries), key=province_key):
        inside = list(group)
        jumps.append((province(inside[0]), key, len(inside)))
        parts.append(f"## {escape(province(inside[0]))} {{: #{key} }}")
        for region, notices in groupby(inside, key=lambda e: e.region_code):  # a place renamed keeps its code
            newest_first = sorted(notices, key=lambda e: (e.year, e.id), reverse=True)
            if len(newest_first[0].region) > 1:
                parts.append(f"### {escape(''.join(newest_first[0].region[1:]))} {{: #r{region} }}")
            parts.append(notice_list(ROOT, newest_first))
    parts.insert(1, _jumps(jumps, "各省的通知份数"))
    return page("places.md", "按地区", "按省、市、县查找工作要点。", parts, extra=JUMPS)


def _years(entries: Sequence[Entry]) -> Output:
    parts: list[str] = ["年份指要点所安排的年度，不一定是发布的年份。"]
    jumps: list[tuple[str, str, int]] = []
    divided = by_province(entries)
    for year, group in groupby(sorted(entries, key=lambda e: e.year, reverse=True), key=lambda e: e.year):
        inside = in_order_of_place(group)
        jumps.append((f"{year}年" if year else UNDATED, year_key(year), len(inside)))
        parts.append(f"## {year or UNDATED} {{: #{year_key(year)} }}")
        parts += _provinces(year, inside) if divided else [notice_list(ROOT, inside, with_place=True)]
    parts.insert(1, _jumps(jumps, "各年份的通知份数"))
    return page("years.md", "按年份", "按年度查找工作要点。", parts, extra=JUMPS)


def _provinces(year: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The notices of a year, a heading a province: y2021-p33."""
    for key, group in groupby(entries, key=province_key):
        inside = list(group)
        yield f"### {escape(province(inside[0]))} {{: #{year_key(year)}-{key} }}"
        yield notice_list(ROOT, inside, with_place=True)


def _jumps(jumps: Sequence[tuple[str, str, int]], label: str) -> str:
    """Links to the headings of the page with the number of notices under each; none where there is one heading."""
    if len(jumps) < 2:
        return ""
    items = "".join(f'<li><a href="#{key}">{escape(name)}<span>{count}份</span></a></li>' for name, key, count in jumps)
    return f'<nav class="y-jumps" aria-label="{label}"><ul>{items}</ul></nav>'

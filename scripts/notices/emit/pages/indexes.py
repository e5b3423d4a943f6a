"""The home page and the lists by place and by year, made from the registry's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ...model import Output
from ...store import Entry
from ..markdown import escape
from ..view import UNTITLED, View
from .listing import page

UNPLACED = "地区未载明"


def index_pages(view: View) -> list[Output]:
    """index.md, places.md and years.md for the notices that are published now."""
    live = [entry for _, entry in sorted(view.entries.items()) if not entry.withdrawn]
    return [_home(live), _places(live), _years(live)]


def _home(entries: Sequence[Entry]) -> Output:
    years = sorted({entry.year for entry in entries if entry.year})
    places = {entry.region_code for entry in entries}
    tasks = sum(entry.tasks for entry in entries)
    span = years[0] if len(years) == 1 else f"{years[0]}—{years[-1]}" if years else ""
    parts = [
        "地方政府每年印发的工作要点，在这里逐条列出，每一条都有一个不会变的网址。可以搜索、引用和核对原文。",
        f'<ul class="y-figures"><li><strong>{len(entries)}</strong>份通知</li><li><strong>{len(places)}</strong>个地区</li>'
        f"<li><strong>{tasks}</strong>项任务</li><li>年份<strong>{span}</strong></li></ul>",
        "按[地区](places.md)、[年份](years.md)或[主题](topics/index.md)查找，或用页面上方的搜索框查一个词。"
        "写材料要引用某一条时，请看[如何引用](cite.md)。",
        "把各地的要点放在一起看：[量化指标](targets.md)、[责任单位](units.md)、[时间表](timeline.md)、"
        "[引用文件](citations.md)、[名词解释](terms.md)、[数据下载](data.md)。",
        "## 全部通知 {: #all }" if len(entries) <= 30 else "## 最近的通知 {: #all }",
        _list(sorted(entries, key=lambda e: (e.issued or e.year, e.id), reverse=True)[:30], with_place=True),
    ]
    return page("index.md", "要点", "地方政府工作要点：逐条可查、可引用、可核对原文。", parts, in_search=True)


def _places(entries: Sequence[Entry]) -> Output:
    parts: list[str] = ["同一地区的通知按年份排列，新的在前。"]
    ordered = sorted(entries, key=lambda e: (e.region_code or "999999", e.id))
    for province, group in groupby(ordered, key=lambda e: e.region[0] if e.region else UNPLACED):
        inside = list(group)
        code = (inside[0].region_code or "none")[:2]
        parts.append(f"## {escape(province)} {{: #p{code} }}")
        for region, notices in groupby(inside, key=lambda e: e.region_code):  # a place renamed keeps its code
            newest_first = sorted(notices, key=lambda e: (e.year, e.id), reverse=True)
            if len(newest_first[0].region) > 1:
                parts.append(f"### {escape(''.join(newest_first[0].region[1:]))} {{: #r{region} }}")
            parts.append(_list(newest_first))
    return page("places.md", "按地区", "按省、市、县查找工作要点。", parts, in_search=True)


def _years(entries: Sequence[Entry]) -> Output:
    parts: list[str] = ["年份指要点所安排的年度，不一定是发布的年份。"]
    ordered = sorted(entries, key=lambda e: e.year, reverse=True)
    for year, group in groupby(ordered, key=lambda e: e.year):
        parts.append(f"## {year or '年份未载明'} {{: #y{year or 'none'} }}")
        parts.append(_list(sorted(group, key=lambda e: (e.region_code or "999999", e.id)), with_place=True))
    return page("years.md", "按年份", "按年度查找工作要点。", parts, in_search=True)


def _list(entries: Iterable[Entry], with_place: bool = False) -> str:
    return "\n".join(_line(entry, with_place) for entry in entries)


def _line(entry: Entry, with_place: bool) -> str:
    facts = list(_facts(entry, with_place))
    note = f'<br><span class="y-facts">{" · ".join(facts)}</span>' if facts else ""
    return f"- [{escape(entry.title or UNTITLED)}](notices/{entry.id}.md){note}"


def _facts(entry: Entry, with_place: bool) -> Iterator[str]:
    if with_place:
        yield escape("".join(entry.region)) if entry.region else UNPLACED
    yield escape(entry.issuer) if entry.issuer else "发文机关未载明"
    if entry.doc_number:
        yield escape(entry.doc_number)
    yield f"{entry.tasks}项任务"

"""docs/timeline.md (时间表): what is promised by when, in the order of the dates."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from ...model import Notice, Output
from ...rules import Rules
from ..around import Around
from ..catalogue import Catalogue
from ..groups import Group, Rows
from ..tree import Spot
from .listing import clause_link, in_context, page
from .spread import About, path_of, spread, titled, way

ABOUT = About("时间表", "各地要点里写明的期限。", "处")


class TimeRow(NamedTuple):
    """A deadline: its last day, "" where that is not definite, and the item of its list."""

    to: str
    html: str


def time_rows(notice: Notice, near: Around, rules: Rules) -> tuple[TimeRow, ...]:
    """A row a deadline, in the order of print."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    return tuple(
        TimeRow(
            str(span.get("to") or ""),
            f"<li>{in_context(clauses[span.clause], span)} {clause_link(notice, clauses[span.clause])}",
        )
        for span in notice.spans
        if span.kind == "deadline"
    )


def time_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The pages; deadlines without a definite day come last."""
    yield from spread(catalogue.trees["timeline"], ABOUT, _page, needs=lambda spot: [("deadlines", spot.ids)])


def _page(spot: Spot, rows: Rows) -> list[Output]:
    found: list[TimeRow] = [row for key in sorted(spot.ids) for row in rows["deadlines", key]]
    dated = sorted((row for row in found if row.to), key=lambda row: row.to)
    parts = [
        *way(spot),
        f"各地要点里写明期限的任务{len(found)}处，按到期的日子排列。“年内”“全年”算到当年12月31日。",
    ]
    for year, group in groupby(dated, key=lambda row: row.to[:4]):
        parts.append(f"## {year}年 {{: #y{year} }}")
        for day, same in groupby(group, key=lambda row: row.to):
            lines = "".join(row.html for row in same)
            parts.append(f'<h3 id="d{day}">{_month_and_day(day)}</h3><ul class="y-dated">{lines}</ul>')
    loose = [row.html for row in found if not row.to]
    if loose:
        parts.append(f'## 日期不确定 {{: #loose }}\n\n<ul class="y-dated">{"".join(loose)}</ul>')
    return [page(path_of(spot.address), titled(ABOUT.title, spot.name), ABOUT.description, parts)]


def _month_and_day(day: str) -> str:
    year, month, rest = (*day.split("-"), "", "")[:3]
    return f"{int(month)}月{int(rest)}日" if rest else f"{int(month)}月" if month else f"{year}年"

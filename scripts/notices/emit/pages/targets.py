"""docs/targets.md (量化指标): every promised figure in tables that can be sorted and filtered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...model import Clause, Notice, Output, Span
from ...rules import Rules
from ..around import Around
from ..catalogue import Catalogue
from ..groups import Group, Rows
from ..markdown import escape, heads
from ..tree import Spot
from ..view import day, quantity, short_name, target_id
from .listing import TABLES, TOP, clause_link, filter_box, in_context, page
from .promises import candidates, item, place_of
from .spread import About, path_of, spread, titled, way

#: Stand in yaodian.css too, beside each cell on a narrow screen: as attributes they made the pages a tenth slower to build.
HEAD = ("指标", "要求", "期限", "地区和年份", "原文")
ABOUT = About("量化指标", "各地要点里承诺的数字。")


class TargetRow(NamedTuple):
    """A row of the table; where it may stand on the home page, `at` says which candidate it is and `promise` is its item."""

    html: str
    at: str
    promise: str


def target_rows(notice: Notice, near: Around, rules: Rules) -> tuple[TargetRow, ...]:
    """A row a target, in the order of print."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    topics: dict[str, list[str]] = {}
    for span in notice.spans:
        if span.kind == "topic":
            topics.setdefault(span.clause, []).append(str(span.get("name")))
    headline = {one[-1] for one in candidates(notice)}
    rows = []
    for span in notice.spans:
        if span.kind == "target":
            clause, at = clauses[span.clause], place_of(span)
            promise = item(notice, clause, span) if at in headline else ""
            rows.append(TargetRow(_row(notice, clause, span, topics.get(span.clause, [])), at, promise))
    return tuple(rows)


def target_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The pages.  Rows stand in the order of the corpus; a small script sorts and filters them."""
    yield from spread(catalogue.trees["targets"], ABOUT, _page, needs=lambda spot: [("targets", spot.ids)])


def _page(spot: Spot, rows: Rows) -> list[Output]:
    found = [row.html for key in spot.ids for row in rows["targets", key]]
    parts = [
        *way(spot),
        "文件里承诺的数字，一行一个。点表头排序，在框里输入地名、年份或词语筛选。",
        f"共{spot.entries}项。“要求”是程序读出的数字，原文照录；读得不对的地方请告诉我们，更正办法见[关于]({TOP}about.md)。",
        filter_box("targets", HEAD),
        '<div class="y-scroll" role="region" tabindex="0" aria-label="量化指标"><table id="targets" '
        f'class="y-data y-sortable y-cards">{heads(HEAD)}<tbody>{"".join(found)}</tbody></table></div>'
        if found
        else "还没有。",
    ]
    return [page(path_of(spot.address), titled(ABOUT.title, spot.name), ABOUT.description, parts, TABLES)]


def _row(notice: Notice, clause: Clause, span: Span, topics: list[str]) -> str:
    value = span.get("value")
    first = value[0] if isinstance(value, tuple) else value
    hope = '<span class="y-facts">（力争）</span>' if span.get("hope") else ""
    per = f'<span class="y-facts">（{escape(str(span.get("per")))}）</span>' if span.get("per") else ""
    cells = (
        ("", f"{escape(str(span.get('indicator') or '未载明'))}{per}"),
        (f' data-sort="{first}"', f"{escape(quantity(span))}{hope}"),
        (f' data-sort="{escape(str(span.get("deadline") or ""))}"', escape(day(str(span.get("deadline") or "")))),
        (f' data-sort="{notice.meta.year.value or ""}{notice.id}"', escape(short_name(notice))),
        ("", f"{in_context(clause, span)} {clause_link(notice, clause, with_place=False)}"),
    )
    inner = "".join(f"<td{attributes}>{cell}" for attributes, cell in cells)
    return f'<tr id="{target_id(notice, span)}" data-more="{escape("、".join(topics))}">{inner}</tr>'

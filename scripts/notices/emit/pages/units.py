"""docs/units.md (责任单位): each unit's measures with its role in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from ...model import Clause, Notice, Output, Span
from ...rules import Rules
from ..around import Around
from ..catalogue import Catalogue
from ..clause_body import ROLES
from ..groups import Group, Rows
from ..markdown import escape, heads, told
from ..tree import Spot
from ..view import unit_id
from .listing import STATUS, TABLES, clause_link, page, shortened
from .spread import About, path_of, spread, titled, way

ABOUT = About("责任单位", "各单位承担的任务和职责。", "处")


class UnitRow(NamedTuple):
    """A measure of a unit: the unit's name in full and as printed, its role, and the item of its list."""

    name: str
    printed: str
    role: str
    html: str


def unit_rows(notice: Notice, near: Around, rules: Rules) -> tuple[UnitRow, ...]:
    """A row a place where a unit is named."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    spans = [(clauses[span.clause], span) for span in notice.spans if span.kind == "unit"]
    return tuple(
        UnitRow(
            str(span.get("name")),
            clause.text[span.start : span.end],
            str(span.get("role")),
            _measure(notice, clause, span),
        )
        for clause, span in spans
    )


def unit_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The pages; on each the units with most measures there come first."""
    silent = {key for key, card in catalogue.cards.items() if not card.count("unit")}
    counted = (len(catalogue.cards), len(silent))
    yield from spread(
        catalogue.trees["units"],
        ABOUT,
        _page,
        given=lambda spot: (None if spot.trail else counted,),
        needs=lambda spot: [("units", spot.ids)],
    )


def _page(spot: Spot, counted: tuple[int, int] | None, rows: Rows) -> list[Output]:
    """`counted`: how many notices there are, and how many name no unit."""
    units: dict[str, list[UnitRow]] = {}
    for key in spot.ids:
        for row in rows["units", key]:
            units.setdefault(row.name, []).append(row)
    parts = [
        *way(spot),
        "文件里写明由谁负责的任务，按单位列出。单位名称按文件所在的地方和年份写全，括号里是文件上的写法。",
    ]
    if counted:
        parts.append(f"现有{counted[0]}份通知，其中{counted[1]}份没有写明责任单位。")
    ordered = sorted(units.items(), key=lambda unit: (-len(unit[1]), unit[0]))
    if ordered:
        parts.append(_summary(ordered))
    parts += [_unit(name, found) for name, found in ordered]
    return [page(path_of(spot.address), titled(ABOUT.title, spot.name), ABOUT.description, parts, TABLES)]


def _summary(ordered: list[tuple[str, list[UnitRow]]]) -> str:
    """One row a unit: how many measures in which role."""
    rows = []
    for name, found in ordered:
        counts = [sum(row.role == role for row in found) for role in ROLES]
        cells = "".join(f"<td>{count or ''}" for count in (len(found), *counts))
        rows.append(f'<tr><th scope="row"><a href="#{unit_id(name)}">{escape(name)}</a>{cells}</tr>')
    return (
        f'{STATUS}<div class="y-scroll" role="region" tabindex="0" aria-label="各单位的任务数"><table class="y-data y-sortable">'
        f"{heads(('单位', '合计', *ROLES.values()))}<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _unit(name: str, found: list[UnitRow]) -> str:
    parts = [f"## {escape(name)} {{: #{unit_id(name)} }}"]
    printed = sorted({row.printed for row in found} - {name})
    if printed:
        parts.append(f'<p class="y-facts">文件上的写法：{escape("、".join(printed))}</p>')
    for role, group in groupby(_by_role(found), key=lambda row: row.role):
        lines = "".join(row.html for row in group)
        parts.append(f'<p class="y-role">{ROLES.get(role, "")}</p><ul class="y-told">{lines}</ul>')
    return "\n\n".join(parts)


def _by_role(found: list[UnitRow]) -> list[UnitRow]:
    order = list(ROLES)
    return sorted(found, key=lambda row: order.index(row.role))


def _measure(notice: Notice, clause: Clause, span: Span) -> str:
    start, end = span.get("measure_start"), span.get("measure_end")
    text = clause.text[start:end] if isinstance(start, int) and isinstance(end, int) else ""
    return told(clause_link(notice, clause), shortened(text))

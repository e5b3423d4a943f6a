"""docs/units.md (责任单位): each unit's measures with its role in them."""

from __future__ import annotations

from itertools import groupby

from ...model import Clause, Notice, Output, Span
from ..clause_body import ROLES
from ..markdown import escape
from ..view import View, unit_id
from .listing import STATUS, TABLES, clause_link, page, shortened

Found = tuple[Notice, Clause, Span]


def unit_page(view: View) -> list[Output]:
    """The page; units with most measures first."""
    units: dict[str, list[Found]] = {}
    for found in view.spans("unit"):
        units.setdefault(str(found[2].get("name")), []).append(found)
    silent = sum(all(span.kind != "unit" for span in notice.spans) for notice in view.corpus.notices)
    parts = [
        "文件里写明由谁负责的任务，按单位列出。单位名称按文件所在的地方和年份写全，括号里是文件上的写法。",
        f"现有{len(view.corpus.notices)}份通知，其中{silent}份没有写明责任单位。",
    ]
    ordered = sorted(units.items(), key=lambda item: (-len(item[1]), item[0]))
    if ordered:
        parts.append(_summary(ordered))
    parts += [_unit(name, found) for name, found in ordered]
    return [page("units.md", "责任单位", "各单位承担的任务和职责。", parts, TABLES)]


def _summary(ordered: list[tuple[str, list[Found]]]) -> str:
    """One row a unit: how many measures in which role."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("单位", "合计", *ROLES.values()))
    rows = []
    for name, found in ordered:
        counts = [sum(span.get("role") == role for _, _, span in found) for role in ROLES]
        cells = "".join(f"<td>{count or ''}</td>" for count in (len(found), *counts))
        rows.append(f'<tr><th scope="row"><a href="#{unit_id(name)}">{escape(name)}</a></th>{cells}</tr>')
    return (
        f'{STATUS}<div class="y-scroll" role="region" tabindex="0" aria-label="各单位的任务数"><table class="y-data y-sortable">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _unit(name: str, found: list[Found]) -> str:
    parts = [f"## {escape(name)} {{: #{unit_id(name)} }}"]
    printed = sorted({clause.text[span.start : span.end] for _, clause, span in found} - {name})
    if printed:
        parts.append(f'<p class="y-facts">文件上的写法：{escape("、".join(printed))}</p>')
    for role, group in groupby(_by_role(found), key=lambda one: str(one[2].get("role"))):
        lines = "".join(_measure(*one) for one in group)
        parts.append(f'<p class="y-role">{ROLES.get(role, "")}</p><ul class="y-measures">{lines}</ul>')
    return "\n\n".join(parts)


def _by_role(found: list[Found]) -> list[Found]:
    order = list(ROLES)
    return sorted(found, key=lambda one: order.index(str(one[2].get("role"))))


def _measure(notice: Notice, clause: Clause, span: Span) -> str:
    start, end = span.get("measure_start"), span.get("measure_end")
    text = clause.text[start:end] if isinstance(start, int) and isinstance(end, int) else ""
    shown = f'<br><span class="y-facts">{shortened(text)}</span>' if text else ""
    return f"<li>{clause_link('../', notice, clause)}{shown}</li>"

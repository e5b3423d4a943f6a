"""docs/targets.md (量化指标): every promised figure in one table that can be sorted and filtered."""

from __future__ import annotations

from ...model import Clause, Notice, Output, Span
from ..markdown import escape
from ..view import View, day, quantity, short_name, target_id
from .listing import TABLES, clause_link, filter_box, in_context, page

HEAD = ("指标", "要求", "期限", "地区和年份", "原文")


def target_page(view: View) -> list[Output]:
    """The page.  Rows stand in the order of the corpus; a small script sorts and filters them."""
    found = list(view.spans("target"))
    head = "".join(f'<th scope="col">{name}</th>' for name in HEAD)
    rows = "".join(_row(*one, view) for one in found)
    parts = [
        "文件里承诺的数字，一行一个。点表头排序，在框里输入地名、年份或词语筛选。",
        f"共{len(found)}项。“要求”是程序读出的数字，原文照录；读得不对的地方请告诉我们，更正办法见[关于](about.md)。",
        filter_box("targets", HEAD),
        '<div class="y-scroll" role="region" tabindex="0" aria-label="量化指标"><table id="targets" '
        f'class="y-data y-sortable y-cards"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        if found
        else "还没有。",
    ]
    return [page("targets.md", "量化指标", "各地要点里承诺的数字。", parts, TABLES)]


def _row(notice: Notice, clause: Clause, span: Span, view: View) -> str:
    value = span.get("value")
    first = value[0] if isinstance(value, tuple) else value
    topics = "、".join(str(s.get("name")) for s in notice.spans if s.kind == "topic" and s.clause == clause.anchor)
    hope = '<span class="y-facts">（力争）</span>' if span.get("hope") else ""
    per = f'<span class="y-facts">（{escape(str(span.get("per")))}）</span>' if span.get("per") else ""
    cells = (
        ("", f"{escape(str(span.get('indicator') or '未载明'))}{per}"),
        (f' data-sort="{first}"', f"{escape(quantity(span))}{hope}"),
        (f' data-sort="{escape(str(span.get("deadline") or ""))}"', escape(day(str(span.get("deadline") or "")))),
        (f' data-sort="{notice.meta.year.value or ""}{notice.id}"', escape(short_name(notice))),
        ("", f"{in_context(clause, span)}<br>{clause_link('../', notice, clause, with_place=False)}"),
    )
    inner = "".join(
        f'<td{attributes} data-label="{label}">{cell}</td>'
        for label, (attributes, cell) in zip(HEAD, cells, strict=True)
    )
    return f'<tr id="{target_id(notice, span)}" data-more="{escape(topics)}">{inner}</tr>'

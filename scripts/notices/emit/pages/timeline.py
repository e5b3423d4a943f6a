"""docs/timeline.md (时间表): what is promised by when, in the order of the dates."""

from __future__ import annotations

from itertools import groupby

from ...model import Clause, Notice, Output, Span
from ..view import View
from .listing import clause_link, in_context, page

Found = tuple[Notice, Clause, Span]


def time_page(view: View) -> list[Output]:
    """The page; deadlines without a definite day come last."""
    found = list(view.spans("deadline"))
    dated = sorted((one for one in found if one[2].get("to")), key=lambda one: (str(one[2].get("to")), one[0].id))
    parts = [f"各地要点里写明期限的任务{len(found)}处，按到期的日子排列。“年内”“全年”算到当年12月31日。"]
    for year, group in groupby(dated, key=lambda one: str(one[2].get("to"))[:4]):
        parts.append(f"## {year}年 {{: #y{year} }}")
        for day, same in groupby(group, key=lambda one: str(one[2].get("to"))):
            parts.append(f'<h3 id="d{day}">{_month_and_day(day)}</h3><ul>{"".join(map(_line, same))}</ul>')
    loose = [one for one in found if not one[2].get("to")]
    if loose:
        parts.append(f"## 日期不确定 {{: #loose }}\n\n<ul>{''.join(map(_line, loose))}</ul>")
    return [page("timeline.md", "时间表", "各地要点里写明的期限。", parts)]


def _month_and_day(day: str) -> str:
    year, month, rest = (*day.split("-"), "", "")[:3]
    return f"{int(month)}月{int(rest)}日" if rest else f"{int(month)}月" if month else f"{year}年"


def _line(found: Found) -> str:
    notice, clause, span = found
    return f'<li>{in_context(clause, span)}<br><span class="y-facts">{clause_link("../", notice, clause)}</span></li>'

"""build/report.html and build/report.csv: what the last run did, whole, for a browser and for a spreadsheet.

They say when they were made and what was new in that run, so they lie beside the project and never in docs/.  The page
is one file without script that asks nothing of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from ..emit.files.cells import Cell, csv_bytes
from ..running.inputs import shown
from ..writing.disk import write_over
from .changes import Changes, ClauseChange, NoticeChange, parts
from .report import Row
from .screen import LABELS, clause_line, reviews, status_of, sums, totals

HTML, CSV = "report.html", "report.csv"
COLUMNS = (
    "文件",
    "状态",
    "未变",
    "规则",
    "行号",
    "原因和下一步",
    "网页",
    "条款",
    "任务",
    "收到",
    "保留",
    "移除",
    "变化",
)
SERVED = "http://127.0.0.1:8000"  # where `make serve` shows the site
ORDER = ("quarantined", "review", "duplicate", "published", "ignored")
URGENT = 2  # of them stand before what changed
ADVICE = {
    "quarantined": "没有发布。照每一行写的办法处理，再运行一次；别的文件不受影响。",
    "review": "已经发布，只是有地方请人看一眼。怎样更正，见网站的“待核对”一页。",
    "duplicate": "与另一份是同一份通知，只发布一次，不处理也可以。",
    "published": "已经发布，不用处理。",
    "ignored": "不是通知，没有打开；不用处理。",
}
SHARED = 40  # equal characters shown before and after what differs
STYLE = """
:root{color-scheme:light dark;--line:#8886;--soft:#8881;--gone:#c0392b33;--come:#1e8e4e33}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1rem;overflow-wrap:anywhere;
  font:1rem/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
nav{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0}
nav a{border:1px solid var(--line);border-radius:.4rem;padding:.4rem .8rem;text-decoration:none}
table{width:100%;border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
th:nth-child(1){width:26%}th:nth-child(2){width:8rem}
ul{margin:.2rem 0;padding-left:1.2rem}small{opacity:.8}
del{background:var(--gone)}ins{background:var(--come)}
details{margin:.2rem 0}summary{cursor:pointer}
@media(max-width:40rem){thead{position:absolute;left:-100vw}table,tbody,tr,td{display:block}
tr{border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0;padding:.3rem}td{border:0;padding:.2rem .4rem}}
@media print{nav{display:none}}
"""


class Run(NamedTuple):
    """All that is told of one run.  `notes`: other sentences for the maintainer."""

    rows: Sequence[Row]
    changes: Changes
    notes: Sequence[str] = ()


def write_report(run: Run, work: Path, at: datetime) -> Path:
    """Write both files into the folder `work`, each whole or not at all; returns the page's path.  Raises OSError."""
    work.mkdir(parents=True, exist_ok=True)
    write_over(work / CSV, report_csv(run))
    write_over(work / HTML, report_html(run, at))
    return work / HTML


# -- for a spreadsheet -----------------------------------------------------------------------------------------------


def report_csv(run: Run) -> bytes:
    """A line a problem, and one for each file without; the columns are COLUMNS."""
    changed = {one.id: "；".join(sums(one)) for one in run.changes.notices} | dict.fromkeys(run.changes.added, "新网页")
    return csv_bytes(COLUMNS, (line for row in run.rows for line in _csv_lines(row, changed.get(row.page, ""))))


def _csv_lines(row: Row, changed: str) -> Iterator[list[Cell]]:
    count = row.characters
    sizes = [count.source, count.kept, count.removed] if count else [None, None, None]
    figures: list[Cell] = [row.clauses, row.tasks] if row.page else [None, None]
    page = f"/notices/{row.page}/" if row.page else None
    asked = [(one.code, one.line or None, one.detail) for one in row.problems if one.severity == "review"]
    unchanged = "是" if status_of(row) == "unchanged" else "否"
    for code, line, told in asked or [(row.code, None, row.reason)]:
        yield [row.file, LABELS[row.status], unchanged, code, line, told, page, *figures, *sizes, changed]


# -- for a browser ---------------------------------------------------------------------------------------------------


def report_html(run: Run, at: datetime) -> bytes:
    """The page; `at` is the time of the run, local."""
    changed = {one.id for one in run.changes.notices} | set(run.changes.added)
    groups = [(status, [row for row in run.rows if row.status == status]) for status in ORDER]
    made = ["".join(_group(status, rows, changed)) if rows else "" for status, rows in groups]
    pieces = [
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">",
        '<meta name="robots" content="noindex">',
        f"<title>转换报告 {at:%Y-%m-%d %H:%M}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>转换报告</h1><p>{at.year}年{at.month}月{at.day}日 {at:%H:%M}</p>",
        *(f"<p>{_text(line.strip())}</p>" for line in totals(run.rows)),
        *(f"<p>{_text(note)}</p>" for note in run.notes),
        "<nav aria-label='按状态查看'>",
        *(f"<a href='#{status}'>{LABELS[status]} {len(rows)}</a>" for status, rows in groups[:URGENT] if rows),
        "<a href='#changes'>与上次相比</a>",
        *(f"<a href='#{status}'>{LABELS[status]} {len(rows)}</a>" for status, rows in groups[URGENT:] if rows),
        "</nav>",
        *made[:URGENT],
        *_changes(run.changes),
        *made[URGENT:],
        f"<p><small>网页的链接指向 {SERVED}/：先运行 <code>make serve</code>，再点开。</small></p>",
        "</main></body></html>\n",
    ]
    return "\n".join(pieces).encode("utf-8", "backslashreplace")


def _group(status: str, rows: Sequence[Row], changed: set[str]) -> Iterator[str]:
    yield f"<section aria-labelledby='{status}'><h2 id='{status}'>{LABELS[status]} {len(rows)}</h2><p>{ADVICE[status]}</p>"
    yield "<table><thead><tr><th scope='col'>文件</th><th scope='col'>这一次</th><th scope='col'>结果</th></tr></thead><tbody>"
    for row in rows:
        yield f"<tr><td>{_text(row.file)}</td><td>{_this_time(row, changed)}</td><td>{''.join(_result(row))}</td></tr>"
    yield "</tbody></table></section>"


def _this_time(row: Row, changed: set[str]) -> str:
    if row.page in changed and row.page:
        return f"<a href='#c-{escape(row.page)}'>有变化</a>"
    return LABELS["unchanged"] if status_of(row) == "unchanged" else "这次转换"


def _result(row: Row) -> Iterator[str]:
    if row.page:
        yield f"<div>{_page(row.page)} 条款 {row.clauses}，任务 {row.tasks}</div>"
    if row.reason:
        yield f"<div>{_text(row.reason)}</div>"
    if row.code:
        yield f"<div><small>规则：<code>{_text(row.code)}</code></small></div>"
    if asked := reviews(row):
        yield "<ul>" + "".join(f"<li>{_text(told)}</li>" for told in asked) + "</ul>"
    if row.characters:
        one = row.characters
        yield f"<div><small>字符 {one.source} = 保留 {one.kept} + 移除 {one.removed}</small></div>"


def _changes(changes: Changes) -> Iterator[str]:
    yield "<section aria-labelledby='changes'><h2 id='changes'>与上次相比</h2>"
    if changes.first:
        yield "<p>这是第一次生成，没有上次可比。</p>"
    elif not any((changes.added, changes.withdrawn, changes.notices, changes.unread)):
        yield "<p>发布的内容没有变化。</p>"
    for key in changes.added:
        yield f"<p id='c-{escape(key)}'>新网页：{_page(key)}</p>"
    for key in changes.withdrawn:
        yield f"<p>撤下：{_page(key)}，原件已不在 raw/；网页改为说明。若是误删，请放回原件再运行。</p>"
    for key in changes.unread:
        yield f"<p>{_page(key)}：上次的数据读不出，没有对比。</p>"
    linked = [one for one in changes.notices if one.elsewhere]
    for one in changes.notices:
        yield from () if one.elsewhere else _notice(one)
    if linked:
        yield "<h3>只有与别的通知的联系变了，文字没有变</h3><ul>"
        told = ((one.id, f"{_page(one.id)} {_text(one.title)}：{_text('；'.join(sums(one)))}") for one in linked)
        yield "".join(f"<li id='c-{escape(key)}'>{line}</li>" for key, line in told) + "</ul>"
    yield "</section>"


def _notice(change: NoticeChange) -> Iterator[str]:
    yield f"<h3 id='c-{escape(change.id)}'>{_text(change.title)}</h3><p>{_page(change.id)}</p>"
    yield "<ul>" + "".join(f"<li>{_text(told)}</li>" for told in sums(change)) + "</ul>"
    if change.clauses:
        yield "<ul>" + "".join(_clause(one) for one in change.clauses) + "</ul>"


def _clause(one: ClauseChange) -> str:
    told = _text(clause_line(one))
    if not one.before and not one.after:
        return f"<li>{told}</li>"
    start, old, new, end = parts(one.before, one.after)
    start = start if len(start) <= SHARED else f"……{start[-SHARED:]}"
    end = end if len(end) <= SHARED else f"{end[:SHARED]}……"
    gone, come = (f"<{tag}>{_text(text)}</{tag}>" if text else "" for tag, text in (("del", old), ("ins", new)))
    return f"<li><details><summary>{told}</summary>{_text(start)}{gone}{come}{_text(end)}</details></li>"


def _page(key: str) -> str:
    return f"<a href='{SERVED}/notices/{escape(key)}/'>notices/{escape(key)}/</a>"


def _text(text: str) -> str:
    """Text as HTML; what cannot be seen in it is written out, its line ends stay."""
    return "<br>".join(escape(shown(line)) for line in text.split("\n"))

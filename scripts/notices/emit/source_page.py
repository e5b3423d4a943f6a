"""docs/notices/<id>/source.md: the text as received beside the published one, every change marked and its rule named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..fields import NAMES
from ..ledger import account
from ..model import Document, Notice, Output
from ..rules import Rules
from .markdown import escape, front_matter, heads, table
from .source_marks import Marks
from .source_rows import SourceRow, goal_of, goals, row_ids, rules_of, source_rows
from .source_rules import rule_name, rule_reason

ACTIONS = {"removed": "移除", "replaced": "替换", "inserted": "补出"}
HOW = (
    "左边是收到的文字，一字不少；右边是发布的文字。<del>加删除线的</del>没有发布，前面括号里是移除它的规则；"
    "<u>点线标出的</u>是改动过的标点和空白，改成什么看右边同一处。空行、行首空白和网页标签只在上表计数。"
)


def source_page(notice: Notice, rules: Rules) -> Output:
    """The page of one notice's source.  Each row has the id L<line>, the line of the source from 1."""
    document = notice.document
    title = f"原文与清理记录：{notice.meta.title.value or '（无标题）'}"
    marks = Marks(document, rules)
    head = {"title": title, "description": title, "hide": ["toc"], "styles": ["assets/yaodian-source.css"]}
    parts = [
        front_matter(head),
        f"# {escape(title)} {{: #source }}",
        '<p class="y-links"><a href="../">回到整理后的页面</a></p>',
        _summary(document),
        *_others(notice),
        "## 清理了什么 {: #ledger }",
        _ledger_table(document, rules, marks),
        "## 收到的原文与发布的文字 {: #raw }",
        f'<p class="y-key">{HOW}</p>',
        _side_by_side(notice, rules, marks),
    ]
    return Output(f"notices/{notice.id}/source.md", ("\n\n".join(parts) + "\n").encode("utf-8"))


def _summary(document: Document) -> str:
    counts = account(document)
    source = document.source
    return (
        f"原始文件 <code>{escape(source.path)}</code>，SHA-256 <code>{source.sha256}</code>。"
        f"共{counts.source}个字符，保留{counts.kept}个，移除{counts.removed}个，每个字符都有去处。"
    )


def _others(notice: Notice) -> Iterator[str]:
    """The further files of the notice, which are not shown here."""
    if notice.copies:
        names = "、".join(f"<code>{escape(copy.source.path)}</code>" for copy in notice.copies)
        yield f"同一份通知还有其他来源：{names}。发布的文字和下面的对照都取自上面这一个文件。"


def _ledger_table(document: Document, rules: Rules, marks: Marks) -> str:
    """Rule and reason, how often, how many characters, and what was done; a rule leads to the first place it changed."""
    times: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    for edit in document.ledger:
        key = (edit.rule, ACTIONS[edit.action])
        times[key] += 1
        size[key] += len(edit.before)
    rows: list[tuple[str, ...]] = [("规则", "做法", "处数", "字符数")]
    for rule, how in sorted(times):
        name = escape(rule_name(rule, rules))
        named = f'<a href="#r-{rule}">{name}</a>' if rule in marks.first else name
        named += f'<br><span class="y-facts">{rule_reason(rule)}</span>'
        rows.append((named, how, str(times[rule, how]), str(size[rule, how])))
    return table(rows, "y-data", "清理记录", head=True)


def _side_by_side(notice: Notice, rules: Rules, marks: Marks) -> str:
    """The table of both texts; one line, since a blank line would end it."""
    rows = source_rows(notice.document)
    names = heads(("行", "收到的原文", "发布的文字"))
    body = "".join(_rows(rows, notice, rules, marks))
    return f'<table class="y-source">{names}<tbody>{body}</tbody></table>'


def _rows(rows: list[SourceRow], notice: Notice, rules: Rules, marks: Marks) -> Iterator[str]:
    places = goals(notice)
    fields = _fields(notice)
    for row, name in zip(rows, row_ids(rows), strict=True):
        identity = f' id="{name}"' if name else ""
        if row.block:
            goal = goal_of(row.block, places)
            read = [field for field in fields.get(row.line, []) if name and not (goal and goal.words == field)]
            told = [
                *([f'<a href="../#{goal.anchor}">{escape(goal.words)}</a>'] if goal else []),
                *([f"读作{'、'.join(read)}"] if read else []),
            ]
            right = marks.published(row) + (f'<p class="y-goal">{"；".join(told)}' if told else "")
        else:
            by = "、".join(rule_name(rule, rules) for rule in rules_of(notice.document, row))
            right = f'<p class="y-gone">没有发布{f"：{escape(by)}" if by else ""}'
        css = "" if row.block else ' class="y-removed"'
        yield (
            f'<tr{identity}{css}><th scope="row">{row.line}'
            f'<td class="y-raw">{marks.received(row)}<td class="y-out">{right}</tr>'
        )


def _fields(notice: Notice) -> dict[int, list[str]]:
    """Line → the fields that were read from it."""
    found: dict[int, list[str]] = {}
    for key, name in NAMES.items():
        if key == "year":  # read out of the title or a date, which is named already
            continue
        field = getattr(notice.meta, key)
        if field.value and field.line:
            found.setdefault(field.line, []).append(name)
    return found

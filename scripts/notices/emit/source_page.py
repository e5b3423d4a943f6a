"""docs/notices/<id>/source.md: the text as received, with every removal marked and counted."""

from __future__ import annotations

from collections import Counter

from ..ledger import account
from ..model import Document, Notice, Output, Piece
from ..rules import Rules
from .markdown import escape, front_matter, table

#: Steps that are no boilerplate rule, in the words shown to readers.
STEP_NAMES = {
    "compatibility-character": "兼容汉字改为通用字",
    "control-character": "不可见的控制字符",
    "html-comment": "网页注释",
    "html-entity": "网页字符实体还原",
    "html-form": "网页表单",
    "html-list-number": "补出网页自动显示的编号",
    "html-markup": "网页标签",
    "html-outside-body": "正文以外的网页文字",
    "html-script": "网页脚本与样式",
    "html-space": "网页源代码中的换行与空白",
    "join-number": "编号与正文接成一行",
    "join-title": "分行的标题接成一行",
    "join-wrapped": "硬换行接成一段",
    "layout-blank-line": "空行",
    "layout-indent": "行首行尾空白",
    "layout-label": "编号后的空白",
    "layout-markdown": "标题和加粗的标记",
    "layout-space": "连续空白并为一个",
    "layout-table-rule": "表格线",
    "line-end": "换行符统一",
    "split-line": "连在一起的条款分行",
    "typography-punctuation": "半角标点改为全角",
    "typography-space": "汉字与数字之间的空格",
    "typography-width": "全角数字字母改为半角",
}
QUIET = ("layout-", "typography-", "html-entity", "html-space", "line-end", "join-", "compatibility-")


def rule_name(rule: str, rules: Rules) -> str:
    """The Chinese name of a ledger rule."""
    return STEP_NAMES.get(rule) or next((r.name for r in rules.boilerplate if r.id == rule), rule)


def source_page(notice: Notice, rules: Rules) -> Output:
    """The page of one notice's source."""
    document = notice.document
    title = f"原文与清理记录：{notice.meta.title.value or '（无标题）'}"
    parts = [
        front_matter({"title": title, "description": title, "hide": ["navigation"], "search": {"exclude": "true"}}),
        f"# {escape(title)} {{: #source }}",
        '<p class="y-links"><a href="../">回到整理后的页面</a></p>',
        _summary(document),
        "## 清理了什么 {: #ledger }",
        _ledger_table(document, rules),
        "## 收到的原文 {: #raw }",
        "加删除线的文字没有发布，前面括号里是移除它的规则。标点和空白的调整只在上表计数，不逐个标出。",
        f'<div class="y-raw">{_marked(document, rules)}</div>',
    ]
    return Output(f"notices/{notice.id}/source.md", ("\n\n".join(parts) + "\n").encode("utf-8"))


def _summary(document: Document) -> str:
    counts = account(document)
    source = document.source
    return (
        f"原始文件 <code>{escape(source.path)}</code>，SHA-256 <code>{source.sha256}</code>。"
        f"共{counts.source}个字符，保留{counts.kept}个，移除{counts.removed}个，每个字符都有去处。"
    )


def _ledger_table(document: Document, rules: Rules) -> str:
    """Rule, how often, how many characters, and whether they were removed or replaced."""
    times: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    for edit in document.ledger:
        key = (edit.rule, {"removed": "移除", "replaced": "替换", "inserted": "补出"}[edit.action])
        times[key] += 1
        size[key] += len(edit.before)
    rows = [("规则", "做法", "处数", "字符数")]
    rows += [
        (escape(rule_name(rule, rules)), how, str(times[rule, how]), str(size[rule, how]))
        for rule, how in sorted(times)
    ]
    return table([tuple(row) for row in rows], "y-data", "清理记录", head=True)


def _marked(document: Document, rules: Rules) -> str:
    """The source with removals struck out; markup of web pages is left out and only counted."""
    parts: list[str] = []
    for piece in document.pieces:
        before = document.text[piece.start : piece.end]
        if not piece.rule or piece.rule.startswith(QUIET):
            parts.append(_lines(before if not piece.rule.startswith(("html-entity", "html-space")) else piece.text))
        elif _is_markup(piece):
            parts.append("<br>" if "\n" in piece.text else " " if piece.text else "")
        elif before.strip():
            parts.append(f'<del title="{escape(rule_name(piece.rule, rules))}">{_lines(before)}</del>')
        else:
            parts.append(_lines(before))
    return "".join(parts)


def _is_markup(piece: Piece) -> bool:
    return piece.rule in ("html-markup", "html-script", "html-comment", "html-form")


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))

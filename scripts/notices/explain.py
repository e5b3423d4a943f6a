"""convert.py explain FILE: how one file was understood, for the person who maintains the rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import ledger
from .emit.source_rules import rule_name
from .fields import NAMES
from .model import Field, Notice
from .pipeline import Outcome, convert_file
from .rules import Rules


def explain(path: Path, rules: Rules) -> tuple[Outcome, list[str]]:
    """The outcome for the file at `path`, and the explanation line by line in Chinese."""
    outcome = convert_file(path.name, path.parent, rules)
    return outcome, list(_lines(outcome, rules))


def _lines(outcome: Outcome, rules: Rules) -> Iterator[str]:
    document = outcome.document
    if document is None:
        yield f"✘ 隔离：{outcome.reason}"
        return
    source = document.source
    yield f"文件：{source.path}（{source.media}，编码 {source.encoding}，SHA-256 {source.sha256}）"
    yield from (f"正文：第 {hint.line} 行，{hint.value}" for hint in document.hints if hint.name == "<body>")
    if outcome.notice is None:
        yield f"✘ 隔离：{outcome.reason}"
        return
    counts = ledger.account(document)
    yield f"字符：收到 {counts.source} = 保留 {counts.kept} + 移除 {counts.removed}"
    yield "字段："
    yield from _fields(outcome.notice)
    yield "移除与替换（只有空白和标点的调整不逐条列出）："
    for edit in document.ledger:
        if edit.before.strip() and not edit.rule.startswith(("typography-", "layout-", "html-", "join-")):
            yield f"  第 {edit.line} 行  {rule_name(edit.rule, rules)}（{edit.rule}）：{edit.before.strip()[:60]!r} → {edit.after!r}"
    yield "条款："
    for clause in outcome.notice.clauses:
        if clause.style:
            kind = "任务" if clause.task else "    "
            yield f"  {kind} {clause.anchor:<14}{clause.label}{clause.title}　{len(clause.paragraphs)} 段 {len(clause.items)} 项"
    yield "问题："
    for problem in outcome.problems:
        yield f"  第 {problem.line} 行 [{problem.severity}] {problem.code}：{problem.detail}"


def _fields(notice: Notice) -> Iterator[str]:
    for name, label in NAMES.items():
        value: Field = getattr(notice.meta, name)
        origin = f"（第 {value.line} 行，{value.rule}）" if value.value else ""
        yield f"  {label}：{value.value or '未载明'}{origin}"
    region = notice.meta.region
    yield f"  地区：{''.join(region.path)} {region.code}（{region.as_of}）" if region else "  地区：未载明"

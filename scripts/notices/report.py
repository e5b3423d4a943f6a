"""What a build did: report.json for machines, one line a file for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .emit.data import to_bytes
from .ledger import Account, account
from .model import Document, Notice, Output, Problem

MARKS = {
    "published": "✔ 发布",
    "review": "△ 待复核",
    "quarantined": "✘ 隔离",
    "duplicate": "⎘ 重复",
    "ignored": "· 忽略",
}
STATUSES = ("published", "review", "quarantined", "duplicate", "unchanged", "ignored")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.  `document` is None where its bytes could not be decoded."""

    file: str
    status: str
    reason: str = ""
    notice: Notice | None = None
    document: Document | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.notice.all_problems if self.notice else ()


def characters(outcome: Outcome) -> Account | None:
    """kept + removed = source; all of it removed where nothing is published; None for what has no text."""
    if outcome.document is None:
        return None
    if outcome.notice is None:
        size = len(outcome.document.text)
        return Account(size, 0, size, {outcome.status: size})
    return account(outcome.document)


def report_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """docs/data/report.json as DESIGN gives it, files in name order."""
    ordered = sorted(outcomes, key=lambda o: o.file)
    counts = [characters(outcome) for outcome in ordered]
    files = [
        {
            "file": outcome.file,
            "status": outcome.status,
            "reason": outcome.reason or None,
            "notices": [outcome.notice.id] if outcome.notice else [],
            "characters": count._asdict() if count else None,
        }
        for outcome, count in zip(ordered, counts, strict=True)
    ]
    totals = {status: sum(outcome.status == status for outcome in outcomes) for status in STATUSES}
    totals["source"] = sum(count.source for count in counts if count)
    totals["kept"] = sum(count.kept for count in counts if count)
    totals["removed"] = sum(count.removed for count in counts if count)
    return {"files": files, "totals": {"files": len(files), **totals}}


def report_output(outcomes: Sequence[Outcome]) -> Output:
    """The report as a file."""
    return Output("data/report.json", to_bytes(report_json(outcomes)))


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """One line a file, then its problems that need somebody, then the totals."""
    out = []
    for outcome in sorted(outcomes, key=lambda o: o.file):
        out.append(_line(outcome))
        for problem in outcome.problems:
            if problem.severity == "review":
                out.append(f"      第 {problem.line} 行：{problem.detail}")
    totals = report_json(outcomes)["totals"]
    out.append(
        f"共 {totals['files']} 个文件：发布 {totals['published']}，待复核 {totals['review']}（已发布，请人看一眼），"
        f"隔离 {totals['quarantined']}，重复 {totals['duplicate']}，忽略 {totals['ignored']}。"
    )
    out.append(f"字符：收到 {totals['source']} = 保留 {totals['kept']} + 移除 {totals['removed']}。")
    return out


def _line(outcome: Outcome) -> str:
    mark = MARKS[outcome.status]
    if outcome.notice is None:
        return f"{mark}  {outcome.file}  {outcome.reason}"
    counts = account(outcome.notice.document)
    clauses = [clause for clause in outcome.notice.clauses if clause.style]
    tasks = sum(clause.task for clause in clauses)
    return (
        f"{mark}  {outcome.file}  → notices/{outcome.notice.id}/  条款 {len(clauses)}，任务 {tasks}；"
        f"字符 {counts.source} = 保留 {counts.kept} + 移除 {counts.removed}"
    )

"""What a build did: report.json for machines, one line a file for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .ledger import Account, account
from .pipeline import Outcome

REPORT = "data/report.json"
MARKS = {
    "published": "✔ 发布",
    "review": "△ 待复核",
    "quarantined": "✘ 隔离",
    "duplicate": "⎘ 重复",
    "ignored": "· 忽略",
}
STATUSES = ("published", "review", "quarantined", "duplicate", "unchanged", "ignored")
COUNTS = ("source", "kept", "removed")


def characters(outcome: Outcome) -> Account | None:
    """kept + removed = source; all of it removed where nothing is published; None for what has no text."""
    if outcome.document is None:
        return None
    if outcome.notice is None:
        size = len(outcome.document.text)
        return Account(size, 0, size, {outcome.status: size})
    return account(outcome.document)


def report_json(outcomes: Sequence[Outcome], earlier: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """docs/data/report.json as DESIGN gives it, files in name order; `earlier` rows are of files not converted now."""
    files = sorted([*map(_row, outcomes), *earlier], key=lambda row: str(row["file"]))
    totals = {status: sum(row["status"] == status for row in files) for status in STATUSES}
    for name in COUNTS:
        totals[name] = sum(row["characters"][name] for row in files if row["characters"])
    return {"files": files, "totals": {"files": len(files), **totals}}


def _row(outcome: Outcome) -> dict[str, Any]:
    count = characters(outcome)
    return {
        "file": outcome.file,
        "status": outcome.status,
        "reason": outcome.reason or None,
        "notices": [outcome.notice.id] if outcome.notice else [],
        "characters": count._asdict() if count else None,
    }


def lines(outcomes: Sequence[Outcome], withdrawn: Sequence[str] = ()) -> list[str]:
    """One line a file, then its problems that need somebody, then what was withdrawn, then the totals."""
    out = []
    for outcome in sorted(outcomes, key=lambda o: o.file):
        out.append(_line(outcome))
        for problem in outcome.problems:
            if problem.severity == "review":
                place = f"第 {problem.line} 行：" if problem.line else ""  # a correction names its own file and entry
                out.append(f"      {place}{problem.detail}")
    out += [
        f"△ 撤下  notices/{key}/  原件已不在 raw/；网页改为说明，旧链接仍可打开。若是误删，请放回原件。"
        for key in withdrawn
    ]
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

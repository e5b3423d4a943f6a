"""What a build did: report.json for machines, one line a file for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..ledger import Account
from ..model import Problem
from ..pipeline import Outcome

REPORT = "data/report.json"
STATUSES = ("published", "review", "quarantined", "duplicate", "unchanged", "ignored")
COUNTS = ("source", "kept", "removed")


class Row(NamedTuple):
    """What is told of a file.  `page`: the id of its notice, or ""; `unchanged`: the last build saw the same."""

    file: str
    status: str
    reason: str
    code: str
    page: str
    clauses: int
    tasks: int
    characters: Account | None
    problems: tuple[Problem, ...]
    unchanged: bool = False


def rows_of(outcomes: Iterable[Outcome], unchanged: Mapping[str, bool]) -> list[Row]:
    """A row a file, in name order."""
    return [_row_of(one, unchanged.get(one.file, False)) for one in sorted(outcomes, key=lambda o: o.file)]


def _row_of(outcome: Outcome, unchanged: bool) -> Row:
    notice = outcome.notice
    return Row(
        outcome.file,
        outcome.status,
        outcome.reason,
        outcome.code,
        notice.id if notice else "",
        outcome.clauses if notice else 0,
        outcome.tasks if notice else 0,
        characters(outcome),
        outcome.problems,
        unchanged,
    )


def characters(outcome: Outcome) -> Account | None:
    """kept + removed = source; all of it removed where nothing is published; None for what has no text."""
    if outcome.counts is None or outcome.notice is not None:
        return outcome.counts
    size = outcome.counts.source
    return Account(size, 0, size, {outcome.status: size})


def report_json(outcomes: Sequence[Outcome], earlier: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """docs/data/report.json as DESIGN gives it, files in name order; `earlier` rows are of files not converted now.

    The status is that of a full build: what did not change since the last one is said on the screen alone, so that the
    same inputs always give the same bytes.
    """
    files = sorted([*map(_json, outcomes), *earlier], key=lambda row: str(row["file"]))
    totals = {status: sum(row["status"] == status for row in files) for status in STATUSES}
    for name in COUNTS:
        totals[name] = sum(row["characters"][name] for row in files if row["characters"])
    return {"files": files, "totals": {"files": len(files), **totals}}


def _json(outcome: Outcome) -> dict[str, Any]:
    count = characters(outcome)
    return {
        "file": outcome.file,
        "status": outcome.status,
        "reason": outcome.reason or None,
        "notices": [outcome.notice.id] if outcome.notice else [],
        "characters": count._asdict() if count else None,
    }

"""What people said of a notice: corrections and notes, each with its author and day, in the margin of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model import Clause, Field, Notice, Span
from ..overrides import RULE
from .markdown import escape


def remarks(clause: Clause, spans: Iterable[Span], notice: Notice) -> Iterator[str]:
    """A clause's corrections, each author and day once, and its notes.  `spans`: those of the clause."""
    corrections = [span for span in spans if span.rule == RULE]
    for by, date in dict.fromkeys((str(span.get("by")), str(span.get("date"))) for span in corrections):
        who = f"本条标注由{escape(by)}于{escape(date)}更正"
        yield f'<aside class="y-own y-note" aria-label="更正">{who}</aside>'
    for note in notice.notes:
        if note.clause == clause.anchor:
            who = f'<span class="y-by">{escape(note.by)}，{escape(note.date)}</span>'
            yield f'<aside class="y-own y-note" aria-label="批注"><strong>批注</strong> {escape(note.text)} {who}</aside>'


def corrected(field: Field) -> str:
    """（更正：张三，2026-11-20） behind a field that a person corrected, or nothing."""
    marker, _, who = field.rule.partition("：")
    return f'<span class="y-none">（更正：{escape(who)}）</span>' if marker == RULE and who else ""

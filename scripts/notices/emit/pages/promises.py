"""Which promised figures stand on the home page, by a rule that is the same for every notice and is told to readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...model import Clause, Notice, Span
from ..markdown import escape
from ..view import View, day, short_name
from .listing import clause_link

MOST, EACH = 8, 2  # figures in all, and of one notice
INDICATOR, QUOTE = range(4, 17), 12  # characters of an indicator that reads by itself; at most of the figure as printed
RULE = (
    "怎样选的：从最近印发的通知选起，每份至多两项，取自不同的条款；有指标名称、不带“每个县”一类的说法，"
    "先取写明“以上”“以内”或“从……到……”的，再取百分比，再取常见主题的。没有选上的不等于不重要。"
)


class Promise(NamedTuple):
    """A target with the notice and the clause that hold it."""

    notice: Notice
    clause: Clause
    span: Span


def headline_promises(view: View) -> list[Promise]:
    """At most MOST targets: the best of each of the newest notices, then the second best, newest notices first."""
    common = Counter(str(span.get("label")) for _, _, span in view.spans("topic"))
    newest = sorted(
        view.corpus.notices, key=lambda n: (n.meta.issued.value or n.meta.year.value or "", n.id), reverse=True
    )
    chosen: list[list[Promise]] = []
    for notice in newest:
        best = _best(notice, common)
        chosen += [best] if best else []
        if len(chosen) == MOST:
            break
    places = [(turn, at) for turn in range(EACH) for at, best in enumerate(chosen) if turn < len(best)]
    return [chosen[at][turn] for turn, at in sorted(places[:MOST], key=lambda place: (place[1], place[0]))]


def promise_list(promises: Sequence[Promise]) -> str:
    """The promises as an HTML list: the figure as it is printed, what it measures, where and by when."""
    return f'<ul class="y-promises">{"".join(map(_item, promises))}</ul>'


def _best(notice: Notice, common: Mapping[str, int]) -> list[Promise]:
    """The notice's best targets, each of another clause."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    weight: dict[str, int] = {}
    for span in notice.spans:
        if span.kind == "topic":
            weight[span.clause] = max(weight.get(span.clause, 0), common[str(span.get("label"))])
    fit = [span for span in notice.spans if span.kind == "target" and _reads_alone(span)]
    order = {clause.anchor: at for at, clause in enumerate(notice.clauses)}
    fit.sort(key=lambda span: (*_rank(span), -weight.get(span.clause, 0), order[span.clause], span.start))
    firsts: dict[str, Span] = {}
    for span in fit:
        firsts.setdefault(span.clause, span)
    return [Promise(notice, clauses[span.clause], span) for span in list(firsts.values())[:EACH]]


def _reads_alone(span: Span) -> bool:
    """Whether the figure can be understood without its sentence."""
    named = len(str(span.get("indicator") or "")) in INDICATOR and span.end - span.start <= QUOTE
    return named and bool(span.get("deadline")) and not span.get("per") and not span.doubt


def _rank(span: Span) -> tuple[bool, bool, bool]:
    """Bounded or from … to before exact, percentages before counts, firm before hoped for."""
    return (span.get("comparator") in ("=", "~"), span.get("unit") not in ("%", "‰"), bool(span.get("hope")))


def _item(promise: Promise) -> str:
    notice, clause, span = promise
    hope = "（力争）" if span.get("hope") else ""
    return (
        f"<li><strong>{escape(clause.text[span.start : span.end])}</strong>"
        f"<span>{escape(str(span.get('indicator')))}{hope}</span>"
        f'<span class="y-facts">{escape(short_name(notice))}，期限{escape(day(str(span.get("deadline"))))}</span>'
        f"{clause_link('', notice, clause, with_place=False)}</li>"
    )

"""Which promised figures stand on the home page, by a rule that is the same for every notice and is told to readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...model import Clause, Notice, Span
from ..markdown import escape
from ..view import day, short_name
from .listing import clause_link

if TYPE_CHECKING:
    from ..card import Candidate, Card

MOST, EACH = 8, 2  # figures in all, and of one notice
INDICATOR, QUOTE = range(4, 17), 12  # characters of an indicator that reads by itself; at most of the figure as printed
RULE = (
    "怎样选的：从最近印发的通知选起，每份至多两项，取自不同的条款；有指标名称、不带“每个县”一类的说法，"
    "先取写明“以上”“以内”或“从……到……”的，再取百分比，再取常见主题的。没有选上的不等于不重要。"
)
Rank = tuple[bool, bool, bool]


class Promise(NamedTuple):
    """A figure that stands on the home page: its notice, and which of its candidates it is."""

    notice: str
    at: str


def headline_promises(cards: Mapping[str, Card], common: Mapping[str, int]) -> list[Promise]:
    """At most MOST targets: the best of each of the newest notices, then the second best, newest notices first.

    `common`: label of a topic → how many tasks have it.
    """
    newest = sorted(cards.values(), key=lambda card: (card.dated, card.id), reverse=True)
    chosen: list[list[Promise]] = []
    for card in newest:
        best = [Promise(card.id, one.at) for one in _best(card.promises, common)]
        chosen += [best] if best else []
        if len(chosen) == MOST:
            break
    places = [(turn, at) for turn in range(EACH) for at, best in enumerate(chosen) if turn < len(best)]
    return [chosen[at][turn] for turn, at in sorted(places[:MOST], key=lambda place: (place[1], place[0]))]


def promise_list(items: Sequence[str]) -> str:
    """The promises as an HTML list."""
    return f'<ul class="y-promises">{"".join(items)}</ul>'


def _best(found: Sequence[Candidate], common: Mapping[str, int]) -> list[Candidate]:
    """A notice's best candidates, each of another clause."""

    def key(one: Candidate) -> tuple[Rank, int, int, int]:
        return (one.rank, -max((common[label] for label in one.topics), default=0), one.order, one.start)

    firsts: dict[int, Candidate] = {}
    for one in sorted(found, key=key):
        firsts.setdefault(one.order, one)
    return list(firsts.values())[:EACH]


def candidates(notice: Notice) -> Iterator[tuple[Rank, tuple[str, ...], int, int, str]]:
    """The targets of a notice that may be among its best, whatever the topics that are common: the fields of Candidate."""
    order = {clause.anchor: at for at, clause in enumerate(notice.clauses)}
    topics: dict[str, list[str]] = {}
    for span in notice.spans:
        if span.kind == "topic":
            topics.setdefault(span.clause, []).append(str(span.get("label")))
    fit = [span for span in notice.spans if span.kind == "target" and reads_alone(span)]
    fit.sort(key=lambda span: (rank(span), order[span.clause], span.start))
    alike: Counter[tuple[Rank, tuple[str, ...]]] = Counter()
    seen: set[str] = set()
    worst: Rank | None = None
    for span in fit:
        labels = tuple(sorted(topics.get(span.clause, ())))
        if span.clause in seen or alike[rank(span), labels] == EACH:
            continue
        if len(seen) >= EACH and rank(span) != worst:
            return  # enough clauses with better ones
        seen.add(span.clause)
        worst = rank(span)
        alike[worst, labels] += 1
        yield worst, labels, order[span.clause], span.start, place_of(span)


def place_of(span: Span) -> str:
    """Which of a notice's targets a span is."""
    return f"{span.clause} {span.start}"


def reads_alone(span: Span) -> bool:
    """Whether the figure can be understood without its sentence."""
    named = len(str(span.get("indicator") or "")) in INDICATOR and span.end - span.start <= QUOTE
    return named and bool(span.get("deadline")) and not span.get("per") and not span.doubt


def rank(span: Span) -> Rank:
    """Bounded or from … to before exact, percentages before counts, firm before hoped for."""
    return (span.get("comparator") in ("=", "~"), span.get("unit") not in ("%", "‰"), bool(span.get("hope")))


def item(notice: Notice, clause: Clause, span: Span) -> str:
    """The figure as it is printed, what it measures, where and by when, as an item of the list."""
    hope = "（力争）" if span.get("hope") else ""
    return (
        f"<li><strong>{escape(clause.text[span.start : span.end])}</strong>"
        f"<span>{escape(str(span.get('indicator')))}{hope}</span>"
        f'<span class="y-facts">{escape(short_name(notice))}，期限{escape(day(str(span.get("deadline"))))}</span>'
        f"{clause_link(notice, clause, with_place=False)}</li>"
    )

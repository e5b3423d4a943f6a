"""What a comparison page is made of: a task with its shared wording and figures marked, and the tables of figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ...comparing.figures import Facing, Figure, Figures
from ...comparing.phrases import Stretch
from ...model import Clause, Notice, Span
from ..inline import Wrap, render, wrap
from ..markdown import escape, table
from ..view import UNTITLED, day, quantity

TITLE = 28  # characters of a task without a title that stand for one
SHORT = 120  # characters of a task up to which it is not worth a click to leave them out
POINTS = {"%": "个百分点", "‰": "个千分点"}
_SENTENCE = re.compile(r"[^。；！？\n]*(?:[。；！？]+|\n|$)")
_LINE = re.compile(r"[^\n]*\S[^\n]*")


class Side(NamedTuple):
    """One of the two plans: its name in words, the letter of its ids, and per anchor what is near, shared or a figure."""

    notice: Notice
    name: str
    letter: str
    near: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, list[Stretch]]
    figures: Mapping[str, list[Span]]


def targets(notice: Notice) -> dict[str, list[Span]]:
    """Anchor → the figures promised there."""
    found: dict[str, list[Span]] = {}
    for span in notice.spans:
        if span.kind == "target":
            found.setdefault(span.clause, []).append(span)
    return found


def full_title(notice: Notice) -> str:
    """《标题》, as HTML."""
    return named_title(notice.meta.title.value or "")


def named_title(title: str) -> str:
    """《标题》 of a title, as HTML."""
    return f"《{escape(title)}》" if title else UNTITLED


def task_name(clause: Clause) -> str:
    """Number and title of a task, or how its text begins, as HTML."""
    return escape(clause.label + _title(clause))


def _title(clause: Clause) -> str:
    return clause.title or clause.text.partition("\n")[0][:TITLE]


def cell(clauses: Sequence[Clause], side: Side, other: Side, alone: bool) -> str:
    """The tasks of one plan in a row, under the plan's name; `alone`: they stand beside none, so say what is near."""
    shown = "".join(_task(clause, side, other, side.near[clause.anchor] if alone else ()) for clause in clauses)
    return _side(side, shown)


def empty_cell(side: Side, beside: Sequence[Clause], other: Side) -> str:
    """The side of a plan that has nothing to set against `beside`, tasks of the other plan."""
    near = any(other.near[clause.anchor] for clause in beside)
    words = "没有一一对上的任务；有相近的，已在旁边写明。" if near else "没有找到对应的任务。"
    return _side(side, f'<p class="y-none">{words}')


def _side(side: Side, inner: str) -> str:
    """One side of a row; without the </p> that HTML implies, since generators read each tag twice, in Python."""
    return f'<div class="y-side"><p class="y-who">{escape(side.name)}{inner}</div>'


def _task(clause: Clause, side: Side, other: Side, near: Sequence[str]) -> str:
    """A task: its name, the sentences with shared wording or figures, the whole text folded, and what is near it."""
    wraps = [wrap(start, end, "mark") for start, end in side.marks[clause.anchor]]
    wraps += [wrap(span.start, span.end, "strong") for span in side.figures.get(clause.anchor, ())]
    title = render(clause.text, 0, len(_title(clause)), wraps)
    address = f"../../notices/{side.notice.id}/#{clause.anchor}"
    parts = [
        f'<h3 id="{side.letter}-{clause.anchor}"><a href="{address}">{escape(clause.label)}{title}</a></h3>',
        _text(clause, wraps),
    ]
    if near:
        clauses = {task.anchor: task for task in other.notice.clauses}
        links = "、".join(f'<a href="#{other.letter}-{anchor}">{task_name(clauses[anchor])}</a>' for anchor in near)
        parts.append(f'<p class="y-near">相近的：{links}')
    return "".join(parts)


def _text(clause: Clause, wraps: Sequence[Wrap]) -> str:
    """The text behind the title: what matters for the comparison at once, all of it folded below."""
    text = clause.text
    start = len(clause.title + clause.mark)
    sentences = [m.span() for m in _SENTENCE.finditer(text, start) if m[0].strip()]
    telling = [any(w.start < end and begin < w.end for w in wraps) for begin, end in sentences]
    if sentences and not any(telling):
        telling[0] = True
    left_out = sum(end - begin for (begin, end), tells in zip(sentences, telling, strict=True) if not tells)
    whole = _lines(text, start, len(text), wraps).removesuffix("<br>")
    if left_out <= SHORT:
        return f"<p>{whole}" if whole else ""
    return (
        f'<p class="y-excerpt">{_excerpt(text, sentences, telling, wraps)}</p>'
        f'<details class="y-whole"><summary>全文</summary><p>{whole}</details>'
    )


def _excerpt(text: str, sentences: Sequence[Stretch], telling: Sequence[bool], wraps: Sequence[Wrap]) -> str:
    """The telling sentences as HTML; dots stand for the others."""
    parts = []
    for tells, group in groupby(zip(telling, sentences, strict=True), key=itemgetter(0)):
        some = [sentence for _, sentence in group]
        parts.append(_lines(text, some[0][0], some[-1][1], wraps) if tells else "……")
    return "".join(parts).removesuffix("<br>")


def _lines(text: str, start: int, end: int, wraps: Sequence[Wrap]) -> str:
    """text[start:end] as HTML; a line's end is one here too where no sentence ends with it."""
    parts = []
    for line in _LINE.finditer(text, start, end):
        parts.append(render(text, *line.span(), wraps))
        parts.append("" if line[0][-1] in "。；！？" else "<br>")
    return "".join(parts)


def figure_tables(found: Figures, sides: tuple[Side, Side]) -> Iterator[str]:
    """The figures that stand in both plans in a table, then those of either one."""
    if found.facing:
        rows = [("指标", *(escape(side.name) for side in sides), "差别")]
        rows += [_facing(one, sides) for one in found.facing]
        yield "指标名称相同的，或一个名称包含另一个、单位又一样的，放在一行。数字按原文，差别由程序算出。"
        yield table(rows, "y-data y-faced", "两份都有的指标", head=True)
    else:
        yield "两份要点没有名称相同的量化指标。"
    for side, only in zip(sides, (found.only_first, found.only_second), strict=True):
        if only:
            lines = "".join(f"<li>{escape(one.indicator or '未载明')} {_amount(one, side)}" for one in only)
            yield (
                f'<details class="y-whole"><summary>只在{escape(side.name)}的数字（{len(only)}个）</summary>'
                f'<ul class="y-faced">{lines}</ul></details>'
            )


def _facing(one: Facing, sides: tuple[Side, Side]) -> tuple[str, ...]:
    """A row of the table."""
    cells = []
    for side, there in zip(sides, (one.first, one.second), strict=True):
        named = "" if one.same_name else "{}："
        cells.append(" ".join(escape(named.format(f.indicator)) + _amount(f, side) for f in there))
    names = [figure.indicator for figure in (*one.first, *one.second)]
    return escape(min(names, key=len)), cells[0], cells[1], difference(one, sides[1].name)


def _amount(figure: Figure, side: Side) -> str:
    """The value, its deadline and the clause it stands in; the style sheet sets the clause on a line of its own."""
    span, clause = figure.span, figure.clause
    when = f"，{day(str(span.get('deadline')))}" if span.get("deadline") else ""
    hope = "，力争" if span.get("hope") else ""
    per = f"{escape(str(span.get('per')))}" if span.get("per") else ""
    link = f'<a href="../../notices/{side.notice.id}/#{clause.anchor}">{task_name(clause)}</a>'
    return f"{per}<strong>{escape(quantity(span))}</strong>{escape(when + hope)} {link}"


def difference(one: Facing, second: str) -> str:
    """How the second plan's figure differs, in words, as HTML."""
    note = "" if one.same_name else '<br><span class="y-facts">指标名称不完全相同，请看原文</span>'
    if one.more is None:
        return f'<span class="y-facts">{one.why}，不作加减</span>{note}'
    if not one.more:
        return f"数字相同{note}"
    unit = str(one.first[0].span.get("unit") or "")
    if one.rate:
        amount = f"{abs(one.more).normalize():f}{POINTS.get(unit, unit)}"
        words = f"{second}{'高' if one.more > 0 else '低'}{amount}"
    else:
        turn = "增为" if one.more > 0 else "减为"
        words = f"由{quantity(one.first[0].span)}{turn}{quantity(one.second[0].span)}"
    return f"<strong>{escape(words)}</strong>{note}"

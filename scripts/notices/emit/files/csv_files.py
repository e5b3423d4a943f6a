"""docs/data/tasks.csv, targets.csv, units.csv and citations.csv: the corpus as four tables.

A column is its definition, which the data dictionary shows, and how its cell is read from a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...model import Clause, Notice, Span
from ...overrides import RULE
from ..around import Around
from ..clause_body import ROLES
from ..pages.listing import sentence
from ..view import by_clause, clause_name
from .cells import Cell, csv_head, guarded, lines
from .definition import ANCHOR, CODE, COUNT, DATE, FILLED, NOTICE_ID, NUMBER, TEXT, URL, Definition, Shape, words
from .schema import BOUNDS, COMPARATORS, RELATIONS


class Row(NamedTuple):
    """What a row is made from: a clause with all its spans, and the span that the row is about (none in tasks.csv)."""

    near: Around
    notice: Notice
    clauses: Mapping[str, Clause]  # all of the notice, by anchor
    clause: Clause
    spans: Sequence[Span]
    span: Span | None

    def get(self, key: str) -> Cell:
        """The span's value `key` as a cell; None where it has none."""
        value = self.span.get(key) if self.span else None
        if isinstance(value, tuple):
            return "、".join(map(str, value))
        return ("是" if value else "") if isinstance(value, bool) else value

    def named(self, key: str, names: dict[str, str]) -> Cell:
        """The same in the readers' words."""
        value = self.get(key)
        return names.get(str(value), str(value)) if value else None


class Column(NamedTuple):
    """A column of a table."""

    definition: Definition
    read: Callable[[Row], Cell]


class Table(NamedTuple):
    """A CSV file, whose first columns are WHERE.  kind: the spans it lists, one a row; "" for one row a task."""

    path: str
    name: str
    about: str
    kind: str
    columns: tuple[Column, ...]

    def rows(self, notice: Notice, near: Around) -> Iterator[Row]:
        """The rows of a notice, in its order."""
        inside = by_clause(notice)
        clauses = {clause.anchor: clause for clause in notice.clauses}
        for clause in notice.clauses:
            spans = inside.get(clause.anchor, [])
            if self.kind:
                yield from (Row(near, notice, clauses, clause, spans, s) for s in spans if s.kind == self.kind)
            elif clause.task:
                yield Row(near, notice, clauses, clause, spans, None)

    def count(self, notice: Notice) -> int:
        """How many rows a notice has."""
        if self.kind:
            return sum(span.kind == self.kind for span in notice.spans)
        return sum(clause.task for clause in notice.clauses)

    def head(self) -> bytes:
        """How the file begins."""
        return csv_head([column.definition.name for column in self.columns])

    def part(self, notice: Notice, near: Around) -> bytes:
        """What the file says of a notice."""
        own = self.columns[len(WHERE) :]
        readers = [column.read for column in own]
        dates = {place for place, column in enumerate(own) if column.definition.shape == DATE}
        found: list[list[Cell]] = []
        clause, where = None, list[Cell]()
        for row in self.rows(notice, near):
            if row.clause is not clause:  # the same in all rows of a clause, of which there are up to fifty
                clause, where = row.clause, guarded([column.read(row) for column in WHERE])
            found.append([*where, *guarded([read(row) for read in readers], dates)])
        return lines(found).encode("utf-8")


def address(notice: Notice, anchor: str) -> str:
    """The permanent URL's path of a clause."""
    return f"/notices/{notice.id}/#{anchor}"


def titles_above(clause: Clause, by_anchor: Mapping[str, Clause]) -> list[str]:
    """The names of the clauses above, from the top; `by_anchor` holds the notice's clauses."""
    path: list[str] = []
    parent = by_anchor.get(clause.parent or "")
    while parent is not None:
        path.insert(0, clause_name(parent, 80))
        parent = by_anchor.get(parent.parent or "")
    return path


def in_sentence(clause: Clause, span: Span) -> str:
    """The span's sentence, cut on both sides where it is long."""
    start, end = sentence(clause.text, span.start, span.end)
    return clause.text[start:end].strip()


# -- readers of cells ------------------------------------------------------------------------------------------------


def _region(row: Row) -> Cell:
    return row.notice.meta.region.code if row.notice.meta.region else None


def _place(row: Row) -> Cell:
    return "".join(row.notice.meta.region.path) if row.notice.meta.region else None


def _year(row: Row) -> Cell:
    year = row.notice.meta.year.value or ""
    return int(year) if year.isdigit() else year


def _topics(row: Row) -> Cell:
    return "、".join(str(span.get("name") or span.get("label")) for span in row.spans if span.kind == "topic")


def _units(role: str) -> Callable[[Row], Cell]:
    def read(row: Row) -> Cell:
        named = (str(s.get("name")) for s in row.spans if s.kind == "unit" and s.get("role") == role)
        return "、".join(dict.fromkeys(named))

    return read


def _notes(row: Row) -> Cell:
    mine = (n for n in row.notice.notes if n.clause == row.clause.anchor)
    return "\n".join(f"{n.text}（{n.by}，{n.date}）" for n in mine)


def _corrections(key: str) -> Callable[[Row], Cell]:
    """Who corrected the row's annotation, or when; of a task, any annotation in it."""

    def read(row: Row) -> Cell:
        spans = [row.span] if row.span else row.spans
        return "、".join(dict.fromkeys(str(s.get(key)) for s in spans if s.rule == RULE and s.get(key)))

    return read


def _quote(row: Row) -> Cell:
    return row.clause.text[row.span.start : row.span.end] if row.span else None


def _sentence(row: Row) -> Cell:
    return in_sentence(row.clause, row.span) if row.span else None


def _doubt(row: Row) -> Cell:
    return row.span.doubt if row.span else None


def _measure(row: Row) -> Cell:
    start, end = row.get("measure_start"), row.get("measure_end")
    return row.clause.text[start:end] if isinstance(start, int) and isinstance(end, int) else None


def _number(place: int) -> Callable[[Row], Cell]:
    """The target's number, or the second of a range."""

    def read(row: Row) -> Cell:
        value = row.span.get("value") if row.span else None
        values = value if isinstance(value, tuple) else (value,)
        found = values[place] if place < len(values) else None
        return found if isinstance(found, (int, float, str)) and not isinstance(found, bool) else None

    return read


def _inside(row: Row) -> Cell:
    """The page of the cited document, where the corpus has it."""
    if row.span is None:
        return None
    names = (row.span.get("title"), row.span.get("doc_number"))
    inside = row.near.cited(f"{row.notice.id}#{row.clause.anchor}", *names)
    return f"/notices/{inside}/" if inside else None


def _value(key: str) -> Callable[[Row], Cell]:
    return lambda row: row.get(key)


def _words(key: str, names: dict[str, str]) -> Callable[[Row], Cell]:
    return lambda row: row.named(key, names)


def _column(key: str, name: str, about: str, shape: Shape, read: Callable[[Row], Cell]) -> Column:
    return Column(Definition(key, name, about, shape), read)


# -- the four tables -------------------------------------------------------------------------------------------------

WHERE = (
    _column("notice", "通知编号", "永久编号", NOTICE_ID, lambda row: row.notice.id),
    _column("anchor", "锚点", "条款的永久锚点", ANCHOR, lambda row: row.clause.anchor),
    _column("url", "网址", "永久网址，前面加上本站的域名", URL, lambda row: address(row.notice, row.clause.anchor)),
    _column("place", "地区", "从省级起的全称", TEXT, _place),
    _column("region_code", "区划代码", "GB/T 2260 六位代码", CODE, _region),
    _column("year", "年份", "要点所安排的年度", {"type": "integer", "title": "年份"}, _year),
    _column("issuer", "发文机关", "落款的单位", TEXT, lambda row: row.notice.meta.issuer.value),
    _column("doc_number", "发文字号", "照印", TEXT, lambda row: row.notice.meta.doc_number.value),
    _column("section", "所属部分", "上级条款的序号和标题", TEXT, lambda row: " / ".join(titles_above(row.clause, row.clauses))),
    _column("label", "序号", "照印", TEXT, lambda row: row.clause.label),
    _column("title", "标题", "条款的标题；没有为空", TEXT, lambda row: row.clause.title),
)  # fmt: skip
CHECKED = (
    _column("doubt", "存疑", "为什么请人核对；不用核对为空", TEXT, _doubt),
    _column("corrected_by", "更正人", "由人更正过才有", TEXT, _corrections("by")),
    _column("corrected_on", "更正日期", "由人更正过才有", DATE, _corrections("date")),
)
START = _column(
    "start", "起", "在条款全文里的起点，从0起，按字符计", COUNT, lambda row: row.span.start if row.span else None
)
END = _column("end", "止", "终点，不含", COUNT, lambda row: row.span.end if row.span else None)
QUOTE = _column("quote", "原文写法", "文件上印的文字", FILLED, _quote)
SENTENCE = _column("sentence", "所在句子", "过长的截去两头", TEXT, _sentence)

TABLES = (
    Table("data/tasks.csv", "任务", "一项任务一行", "", (
        *WHERE,
        _column("topics", "主题", "一到三个，主要的在前", TEXT, _topics),
        *(_column(role, f"{name}单位", f"角色是“{name}”的单位", TEXT, _units(role)) for role, name in ROLES.items()),
        _column("targets", "指标数", "几处量化指标", COUNT, lambda row: sum(s.kind == "target" for s in row.spans)),
        _column("text", "全文", "标题和各段，段间换行", TEXT, lambda row: row.clause.text),
        _column("notes", "批注", "人写的说明，不是原文", TEXT, _notes),
        *CHECKED[1:],
    )),
    Table("data/targets.csv", "量化指标", "一处数值一行", "target", (
        *WHERE,
        _column("indicator", "指标", "量的是什么；没有认出为空", TEXT, _value("indicator")),
        _column("comparator", "比较", "怎样与数值相比", words(list(COMPARATORS.values())), _words("comparator", COMPARATORS)),
        _column("bound", "增减的比较", "增加、减少的是下限还是上限", words(list(BOUNDS.values())), _words("bound", BOUNDS)),
        _column("value", "数值", "换算后的数：25.39万为253900", NUMBER, _number(0)),
        _column("value_to", "数值止", "区间和“从…到…”的第二个数", NUMBER, _number(1)),
        _column("unit", "计量单位", "家、%、万元等", TEXT, _value("unit")),
        _column("per", "每", "数值是对每一个什么说的", TEXT, _value("per")),
        _column("deadline", "期限", "没有另写的为计划年份", DATE, _value("deadline")),
        _column("hope", "争取", "写的是“争取”“力争”为“是”", TEXT, _value("hope")),
        QUOTE, SENTENCE, START, END, *CHECKED,
    )),
    Table("data/units.csv", "责任单位", "文件里一处单位一行", "unit", (
        *WHERE,
        _column("unit", "单位", "按所在的地方和年份写全的名称", FILLED, _value("name")),
        _column("role", "角色", "在这件事里做什么", words(list(ROLES.values())), _words("role", ROLES)),
        _column("group", "第几组", "条款里第几处写责任单位；同组的一起负责", COUNT, _value("group")),
        _column("measure", "负责的事项", "所负责的原文", TEXT, _measure),
        QUOTE, START, END, *CHECKED,
    )),
    Table("data/citations.csv", "引用文件", "一处书名或文号一行", "citation", (
        *WHERE,
        _column("cited_title", "文件名称", "书名号里的名称", TEXT, _value("title")),
        _column("cited_number", "文号", "统一写成〔〕", TEXT, _value("doc_number")),
        _column("relation", "关系", "文件怎样提到它", words(list(RELATIONS.values())), _words("relation", RELATIONS)),
        _column("nested", "套在书名里", "在另一个书名号里面为“是”", TEXT, _value("nested")),
        _column("inside", "本站网址", "本站有全文才有", TEXT, _inside),
        QUOTE, SENTENCE, START, END, *CHECKED,
    )),
)  # fmt: skip

"""The notation of the annotation cases and golds: ⟦市财政局|unit support⟧配合.  Marks may nest.

What follows the bar says what the span means; it may leave out what comes later in the full note:

    unit ROLE = CANONICAL NAME          role: lead participant support shared sole
    time KIND LAST-DAY                  kind: plan title deadline docdate body recur
    citation RELATION                   relation: cites to_be_drawn_up self
    docno own|cited NUMBER
    target COMPARATOR VALUE UNIT; INDICATOR; DEADLINE
    term NAME · place NAME · org · scope (a number that is no target)
"""

from __future__ import annotations

from dataclasses import dataclass

from notices.annotate import ANNOTATORS
from notices.model import Clause, Document, Field, Meta, Notice, Paragraph, Source, Span
from notices.places import gazetteer, region_of
from notices.rules import Rules

OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """[start, end) of the text without marks, and the note."""

    start: int
    end: int
    note: str

    @property
    def kind(self) -> str:
        return self.note.split(" ", 1)[0]


def parse(marked: str) -> tuple[str, list[Mark]]:
    """The text without marks, and the marks in order.  Raises ValueError where they do not balance."""
    text: list[str] = []
    open_at: list[int] = []
    marks = []
    position = 0
    while position < len(marked):
        c = marked[position]
        if c == OPEN:
            open_at.append(len(text))
        elif c == "|" and open_at:
            end = marked.index(CLOSE, position)
            marks.append(Mark(open_at.pop(), len(text), marked[position + 1 : end].strip()))
            position = end
        elif c == CLOSE:
            raise ValueError(f"a mark without a note before {marked[position:][:20]!r}")
        else:
            text.append(c)
        position += 1
    if open_at:
        raise ValueError(f"a mark is not closed in {marked[:40]!r}")
    return "".join(text), sorted(marks)


def notice(
    text: str, rules: Rules, year: str = "2021", place: str = "330481", anchor: str = "s1-t1", title: str = ""
) -> Notice:
    """A notice of one clause whose paragraphs are the lines of `text`; without a title, offsets are those of `text`.

    A `title` is run in, with "。" after it, and stands before `text` in the clause's text.
    """
    table = gazetteer(rules.divisions, int(year))
    meta = Meta(
        title=Field(f"{year}年工作要点", 1, "case"),
        year=Field(year, 1, "case"),
        region=region_of(place, table, int(year)) if place else None,
    )
    paragraphs = tuple(
        Paragraph(anchor if not i else f"{anchor}-p{i + 1}", line, i + 1) for i, line in enumerate(text.split("\n"))
    )
    style = anchor.rsplit("-", 1)[-1][0] if "-" in anchor else ""
    clause = Clause(
        anchor, None, style, 1, "1.", title, "。" if title else "", bool(title), paragraphs, (), (), 1, task=bool(style)
    )
    document = Document(Source("case.txt", "", "text", "utf-8"), "", ())
    return Notice(document, meta, (clause,))


def spans(notice: Notice, rules: Rules) -> list[Span]:
    """What every annotator finds, in the order of ANNOTATORS."""
    found: list[Span] = []
    for find in ANNOTATORS:
        found.extend(find(notice, rules, tuple(found)))
    return found


def in_digits(value: float) -> str:
    """1000, 0.5: without an exponent, whatever the size."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def notes(span: Span) -> list[str]:
    """Every way a span may be noted, the fullest first."""
    get = span.get
    if span.kind == "unit":
        return [f"unit {get('role')} = {get('name')}", f"unit {get('role')}", "unit"]
    if span.kind in ("deadline", "time"):
        return [f"time {get('kind')} {get('to') or '-'}", f"time {get('kind')}", "time"]
    if span.kind == "citation":
        relation = str(get("relation"))
        if relation.startswith("docno_"):
            return [f"docno {relation[6:]} {get('doc_number')}", f"docno {relation[6:]}", "docno"]
        return [f"citation {relation}", "citation"]
    if span.kind == "target":
        value = get("value")
        number = ",".join(
            in_digits(v) for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, (int, float))
        )
        short = f"target {get('comparator')}{get('bound') or ''} {number} {get('unit') or '-'}"
        middle = f"{short}; {get('indicator')}"
        return [f"{middle}; {get('deadline') or '-'}", middle, short, "target"]
    if span.kind == "term":
        return [f"term {get('term')}", "term"]
    if span.kind == "place":
        return [f"place {get('name')}", f"place {get('code')}", "place"]
    return ["org"] if span.kind == "organisation" else [span.kind]


def marked(text: str, found: list[Span]) -> str:
    """`text` with its spans written as marks, fullest note, for a person to read."""
    out = []
    opens: dict[int, int] = {}
    closes: dict[int, list[str]] = {}
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        opens[span.start] = opens.get(span.start, 0) + 1
    for span in sorted(found, key=lambda s: (s.end, -s.start)):
        closes.setdefault(span.end, []).append(notes(span)[0])
    for position in range(len(text) + 1):
        out += [f"|{note}{CLOSE}" for note in closes.get(position, ())]
        out.append(OPEN * opens.get(position, 0))
        out.append(text[position : position + 1])
    return "".join(out)

"""The types that travel through the pipeline: frozen, slotted, tuples instead of lists.

Offsets: `at`, `start` and `end` of a Piece or an Edit count characters of the decoded source
(`Document.text`), from 0.  Line numbers count from 1.  `Span` offsets count characters of a clause's text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from .sources import Copy, Rival
from .sources import Source as Source


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know.  severity: "note" (shown) or "review" (待复核)."""

    severity: str
    code: str
    line: int
    detail: str  # plain Chinese: what is wrong and what to do next


class Piece(NamedTuple):
    """A stretch [start, end) of the decoded source and the text it became.

    `rule` is "" for text kept as it was received; otherwise it names the rule that removed
    (text == "") or replaced it.  start == end marks an insertion.
    """

    start: int
    end: int
    text: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One ledger entry: `before` stood at `at` in the decoded source and `after` is published instead."""

    at: int
    line: int
    rule: str
    before: str
    after: str

    @property
    def action(self) -> str:
        return ("replaced" if self.before else "inserted") if self.after else "removed"


@dataclass(frozen=True, slots=True)
class Block:
    """One line, paragraph or table.  The pieces' texts joined are `text` + "\\n".

    kind: "text", "heading", "table" (rows joined by newlines, cells by tabs) or
    "outside" (a line of a web page that lies outside its body container).
    """

    line: int
    kind: str
    pieces: tuple[Piece, ...]
    text: str
    level: int = 0

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells of a table block; empty for any other kind."""
        return tuple(tuple(row.split("\t")) for row in self.text.split("\n") if self.kind == "table")


@dataclass(frozen=True, slots=True)
class Hint:
    """A machine-readable field of a web page: <meta name=…> or <title>."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded source cut into blocks.  The pieces of all blocks and `removed` tile `text` exactly."""

    source: Source
    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...] = ()
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()
    line_starts: tuple[int, ...] = field(default=(0,), repr=False)

    def line_of(self, at: int) -> int:
        """The line (from 1) that holds the source character `at`."""
        return bisect_right(self.line_starts, at)

    @property
    def published(self) -> str:
        """The clean text: what is left of the source, one line a block."""
        return "\n".join([*[block.text for block in self.blocks], ""])

    @property
    def pieces(self) -> list[Piece]:
        """Every piece, in source order."""
        every = (*self.removed, *(piece for block in self.blocks for piece in block.pieces))
        return sorted(every, key=itemgetter(0, 1))

    @property
    def ledger(self) -> tuple[Edit, ...]:
        """Every removal and replacement, in source order."""
        return tuple(
            Edit(p.start, self.line_of(p.start), p.rule, self.text[p.start : p.end], p.text)
            for p in self.pieces
            if p.rule and (p.end > p.start or p.text)
        )


@dataclass(frozen=True, slots=True)
class Field:
    """A metadata value with its origin.  value None: the source is silent (未载明)."""

    value: str | None = None
    line: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A place by GB/T 2260: six-digit code, names from the province down, and the year they held in."""

    code: str
    path: tuple[str, ...]
    slugs: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What a notice says of itself.  Dates are ISO 8601, shortened where the day is not printed."""

    title: Field = Field()
    notice_title: Field = Field()
    doc_number: Field = Field()
    index_number: Field = Field()
    issuer: Field = Field()
    addressees: Field = Field()
    issued: Field = Field()
    published: Field = Field()
    disclosed: Field = Field()
    publicity: Field = Field()
    source_name: Field = Field()
    year: Field = Field()
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a clause.  kind: "text", "table" or "info" (a line of page metadata)."""

    anchor: str
    text: str
    line: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """一是/二是 inside a paragraph: [start, end) in the clause's text, label included."""

    anchor: str
    label: str
    text: str  # without the label
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered unit, or one of the fixed slots cover, preamble and sign (style "").

    text == title + mark + paragraphs: after a run-in title the first paragraph follows at once,
    otherwise each paragraph begins on a line of its own.
    """

    anchor: str
    parent: str | None
    style: str
    number: int | None
    label: str
    title: str
    mark: str  # what separates title and body as printed: "。", "：", " " or ""
    run_in: bool
    paragraphs: tuple[Paragraph, ...]
    items: tuple[Item, ...]
    damage: tuple[str, ...]
    line: int
    task: bool = False
    aliases: tuple[str, ...] = ()
    text: str = field(init=False, repr=False, compare=False)  # made once: every annotator asks for it many times

    def __post_init__(self) -> None:
        body = "\n".join(paragraph.text for paragraph in self.paragraphs)
        glue = "" if self.run_in or not body or not (self.title or self.mark) else "\n"
        object.__setattr__(self, "text", self.title + self.mark + glue + body)

    @property
    def answers(self) -> tuple[str, ...]:
        """Every anchor that leads into this clause."""
        inner = (*(p.anchor for p in self.paragraphs), *(i.anchor for i in self.items))
        return tuple(dict.fromkeys((self.anchor, *self.aliases, *inner)))


Value = str | int | float | bool | tuple[str, ...] | tuple[float, ...] | None  # of an annotation: what JSON can say


@dataclass(frozen=True, slots=True)
class Span:
    """An annotation: [start, end) of a clause's text, what it means, and the rule that says so.

    kind: unit, target, deadline, time, citation, term, place, organisation or topic; the keys of
    `value` are described in docs/data.md.  `doubt`: why a person should look, in Chinese, or "".
    """

    kind: str
    clause: str
    start: int
    end: int
    value: tuple[tuple[str, Value], ...]
    rule: str
    doubt: str = ""

    def get(self, key: str) -> Value:
        """The value's entry `key`, or None."""
        for name, value in self.value:
            if name == key:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark (批注) by a person on a clause; shown as theirs, never as the notice's text."""

    clause: str
    text: str
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A document with its metadata and clauses.  `id` is "" until the registry has given one."""

    document: Document
    meta: Meta
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...] = ()
    spans: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
    id: str = ""
    copies: tuple[Copy, ...] = ()  # further files of the same notice, by path
    rivals: tuple[Rival, ...] = ()  # until they are named, see duplicates.named

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        return self.document.problems + self.problems


@dataclass(frozen=True, slots=True)
class Link:
    """From one place of the corpus to another: "<notice id>#<anchor>", or "<notice id>" for a whole notice.

    kind: related (相关任务), year (同一机关其他年份), above, below (上级、下级同年), cites (引用的文件在本站).
    `evidence` is what a reader can check: shared words, or the fact that decides; `score` is 0 to 1.
    """

    source: str
    target: str
    kind: str
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A generated file: its path below docs/ (or registry/) and its bytes."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()

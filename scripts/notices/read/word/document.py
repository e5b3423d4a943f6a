"""A Word file (docx, docm) to the paragraphs and tables that its readers see (ECMA-376 part 1, 17).

Pending changes are read as accepted, hidden text and the margins of the pages are left out; whatever of that is
there is reported.  Numbers that Word computes come from `numbering`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element as Element

from ...chars import HAN_RE, han_count
from ...model import Block, Piece, Problem
from ..built import Part, build
from .numbering import Numbers
from .package import Package, damaged
from .runs import MC, Runs, chosen_of
from .styles import Styles, W, is_on
from .table import Cell, Row, rows_of, table_text

MAX_HEADING = 80  # characters; longer paragraphs in a heading style are running text
WRAPPERS = frozenset(W + name for name in ("customXml", "smartTag", "ins", "moveTo", "sdtContent"))
_PAGE = re.compile(r"[第共页\d\s一二三四五六七八九十—\-–/,，]*")


class Word(NamedTuple):
    """What reading a Word file gives; the blocks' pieces and `removed` tile `text`."""

    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...]
    problems: tuple[Problem, ...]


def read_word(data: bytes) -> Word:
    """The text of the docx `data`.  Raises Unreadable."""
    package = Package(data)
    main = next((path for kind, path in package.targets("") if kind == "officeDocument"), "word/document.xml")
    root = package.part(main)
    body = None if root is None else root.find(W + "body")
    if body is None:
        raise damaged()
    related = package.targets(main)
    reader = _Reader(package, dict(related))
    made = build(reader.parts(body))
    margins = [path for kind, path in related if kind in ("header", "footer")]
    problems = (*reader.problems(), *_margins(package, margins))
    return Word(made.text, made.blocks, made.removed, problems)


class _Reader:
    """Walks through one document, in its order: numbers and fields are counted on the way."""

    def __init__(self, package: Package, related: dict[str, str]) -> None:
        self.styles = Styles(package.part(related.get("styles", "")))
        self.numbers = Numbers(package.part(related.get("numbering", "")), self.styles)
        self.notes = {kind: _notes(package.part(related.get(f"{kind}s", "")), kind) for kind in ("footnote", "endnote")}
        self.comments = len(comments) if (comments := package.part(related.get("comments", ""))) is not None else 0
        self.found: Counter[str] = Counter()
        self.runs = Runs(self.styles, self.found)
        self.carried = ""

    def parts(self, container: Element) -> Iterator[Part]:
        """The paragraphs and tables of a body, cell, text box or note."""
        for child in container:
            tag = child.tag
            if tag == W + "p":
                yield from self._paragraph(child)
            elif tag == W + "tbl":
                yield from self._table(child)
            elif tag in WRAPPERS:
                yield from self.parts(child)
            elif tag == W + "sdt":
                yield from self.parts(content) if (content := child.find(W + "sdtContent")) is not None else ()
            elif tag == MC + "AlternateContent":
                for chosen in chosen_of(child):
                    yield from self.parts(chosen)
            elif tag in (W + "del", W + "moveFrom"):
                self.found["deleted"] += 1
            elif tag == W + "altChunk":
                self.found["chunk"] += 1

    def _paragraph(self, paragraph: Element) -> Iterator[Part]:
        """The paragraph, then its text boxes and its notes."""
        shown = self.runs.read(paragraph)
        number = self.numbers.next(paragraph)
        text = self.carried + (number + shown.text if shown.text.strip() else shown.text)
        self.carried = ""
        if is_on(paragraph, "pPr", "rPr", "del") is not None:  # the mark is deleted: the next paragraph goes on
            self.carried = text
            return
        contents = shown.contents or self.styles.is_contents(paragraph)
        level = self.styles.level(paragraph) if text and len(text) <= MAX_HEADING else 0
        yield Part(text, "heading" if level else "text", level, "docx-contents" if contents and text.strip() else "")
        for box in shown.boxes:
            yield from self.parts(box)
        for kind, key in shown.notes:
            if (note := self.notes[kind].get(key)) is not None:
                self.found["note"] += 1
                said = " ".join(part.text.strip() for part in self.parts(note)).strip()
                yield Part(f"［注］{said}")

    def _table(self, table: Element) -> Iterator[Part]:
        """A data table as one part; a table that only arranges the page as its paragraphs."""
        rows: list[Row] = []
        for row in rows_of(table):
            cells = [Cell(tuple(self.parts(cell.element)), cell.span, cell.goes_on) for cell in row.cells]
            rows.append(Row(tuple(cells), row.before))
        text = table_text(rows)
        if text:
            yield Part(text, "table")
            return
        for row in rows:
            for cell in row.cells:
                yield from cell.parts if not cell.goes_on else ()

    def problems(self) -> Iterator[Problem]:
        """What a maintainer should know of the file."""
        found = self.found
        if found["deleted"] or found["inserted"]:
            detail = (
                f"这个 Word 文件里还有没有接受的修订（删除 {found['deleted']} 处，插入 {found['inserted']} 处），"
                "已按全部接受来读。请打开原文件核对，接受或拒绝修订后重新放入。"
            )
            yield Problem("review", "docx-revisions", 1, detail)
        if found["hidden"]:
            detail = f"这个 Word 文件里有 {found['hidden']} 处隐藏文字，没有发布。请打开原文件，看它们是不是正文。"
            yield Problem("review", "docx-hidden", 1, detail)
        if found["chunk"] or found["automatic"]:
            detail = "这个 Word 文件里有读不到的内容（嵌入的文档或旧式自动编号）。请用 Word 打开，另存为新的 docx，再放入 raw/。"
            yield Problem("review", "docx-unread", 1, detail)
        if self.numbers.unknown:
            forms = "、".join(sorted(self.numbers.unknown))
            detail = f"有的自动编号可能不对（{forms}）：写法不认识，已写成 1、2、3，或者编号后的标点已经丢失。请对照原文件核对编号。"
            yield Problem("review", "docx-number-form", 1, detail)
        if found["note"]:
            detail = f"有 {found['note']} 条脚注或尾注，已放在注释所在的段落之后，写作“［注］”。"
            yield Problem("note", "docx-notes", 1, detail)
        if self.comments:
            yield Problem("note", "docx-comments", 1, f"Word 文件里有 {self.comments} 条批注，批注不是正文，没有发布。")


def _notes(root: Element | None, kind: str) -> dict[str, Element]:
    """Footnotes or endnotes by their id, without the lines that separate them from the page."""
    found = root.iterfind(W + kind) if root is not None else ()
    return {note.get(W + "id", ""): note for note in found if note.get(W + "type", "normal") == "normal"}


def _margins(package: Package, names: list[str]) -> Iterator[Problem]:
    """A note where headers or footers hold more than a page number: they are not published."""
    said: dict[str, None] = {}
    for name in names:
        root = package.part(name)
        words = (element.text or "" for element in root.iter(W + "t")) if root is not None else ()
        text = "".join("".join(words).split())
        if HAN_RE.search(text) and han_count(text) >= 2 and not _PAGE.fullmatch(text):
            said.setdefault(text)
    if said:
        shown = "”“".join(text[:30] for text in said)
        detail = f"Word 文件的页眉或页脚里有文字：“{shown}”，没有发布。如果里面有发文机关或文号，请补到正文里。"
        yield Problem("note", "docx-margins", 1, detail)

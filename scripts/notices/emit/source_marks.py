"""The two sides of a row as HTML: what was received with every change marked, and what is published.

The received side holds all the text of its pieces and nothing else; names of rules stand in attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..model import Document, Piece
from ..rules import Rules
from .markdown import escape
from .source_rows import MARKUP, SourceRow, is_marked, is_removal, is_spelt
from .source_rules import rule_name

#: Blank lines and indents around a row's text; the rows stand apart anyway.
_BLANK_ENDS = re.compile(r"^(?:<br>|&#(?:9|32|160|12288);|\s)+|(?:<br>|&#(?:9|32|160|12288);|\s)+$")


class Marks:
    """The words of the marks of one document; `ids`: the first mark of each rule, so that one can go there."""

    def __init__(self, document: Document, rules: Rules) -> None:
        self.text = document.text
        self.document = document
        self.rules = rules
        marked = [piece for piece in document.pieces if is_marked(document, piece)]
        self.first = {piece.rule: piece for piece in reversed(marked)}

    def received(self, row: SourceRow) -> str:
        """The left side.  Where nothing is published, neighbours that one rule removed are one mark."""
        parts = self._received(row.pieces)
        return _BLANK_ENDS.sub("", "".join(parts if row.block else _joined(parts)))

    def published(self, row: SourceRow) -> str:
        """The right side: the text of the block; what was added to it is marked."""
        parts: list[str] = []
        plain = ""
        for piece in row.pieces:
            if piece.start == piece.end and is_marked(self.document, piece):
                parts += [_lines(plain), self._added(piece)]
                plain = ""
            else:
                plain += piece.text
        return "".join([*parts, _lines(plain.removesuffix("\n"))])

    def _received(self, pieces: Sequence[Piece]) -> Iterator[str]:
        for piece in pieces:
            before = self.text[piece.start : piece.end]
            if piece.rule in MARKUP:
                yield "<br>" if "\n" in piece.text else " " if piece.text else ""
            elif not is_marked(self.document, piece):
                yield _lines(piece.text if is_spelt(self.document, piece) else before)
            elif is_removal(self.document, piece):
                yield f"<del{self._id(piece)} title={self._title(piece)}>{_lines(before)}</del>"
            elif before:
                yield f"<u{self._id(piece)} title={self._title(piece)}>{_lines(before)}</u>"

    def _added(self, piece: Piece) -> str:
        css = "y-added" if piece.text.strip() else "y-added y-turn"
        return f'<span class="{css}"{self._id(piece)} title={self._title(piece)}>{_lines(piece.text.strip())}</span>'

    def _id(self, piece: Piece) -> str:
        return f' id="r-{piece.rule}"' if self.first[piece.rule] is piece else ""

    def _title(self, piece: Piece) -> str:
        """What happened to a piece, as a quoted attribute: the rule, and what a replaced text became."""
        name = rule_name(piece.rule, self.rules)
        became = f"，改为“{piece.text.strip()}”" if piece.text.strip() and piece.end > piece.start else ""
        return f'"{escape(name + became)}"'


def _joined(parts: Iterable[str]) -> Iterator[str]:
    """The parts, where a <del> that would say the same as the one just before it goes on in that one."""
    title = ""  # of the <del> that is open
    for part in filter(None, parts):
        head, _, rest = part.partition(">")
        if title and head == f"<del {title}":
            yield rest.removesuffix("</del>")
            continue
        if title:
            yield "</del>"
        is_del = head.startswith("<del ")
        title = head[head.index("title=") :] if is_del else ""
        yield part.removesuffix("</del>") if is_del else part
    if title:
        yield "</del>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))

"""From a Document as read to a clean one.  After this stage the text never changes.

`STEPS` is the whole order.  Each step takes the document and the rules and returns a document whose
pieces still tile the source, so the ledger is complete by construction.  `clean` is idempotent.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..chars import fold, squeeze
from ..fields import is_info_line
from ..ledger import Change, drop, substitute
from ..model import Block, Document, Problem
from ..parse.front import is_notice_title, is_title_line
from ..parse.labels import label_of
from ..rules import Rules
from .characters import characters, scrub
from .furniture import furniture
from .joins import join_lines
from .splits import split_lines
from .suspect import suspect
from .typography import typography

_RUN = re.compile(r"\s{2,}|[^\S \n]")  # two or more spaces of any kind, or one that is not the usual one
_REFERENCE = re.compile(
    r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|middot|hellip|mdash|ndash|bull|times|shy|zwnj|zwj|lrm|rlm|lt|gt|amp|quot|#\d{2,7}|#x[0-9a-f]{2,6});",
    re.I,
)
_ENDS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]")  # a reference to one of these stays as it is written
_MARKDOWN = re.compile(r"^(?:\s*#{1,6}\s+)+|\*\*")
SHORT_CELL, LONG_CELL = 60, 300  # characters; a lone tabbed line counts as a row only with short cells


def clean(document: Document, rules: Rules) -> Document:
    """The document without page furniture, in Chinese typography.  Never raises on content."""
    for step in STEPS:
        document = step(document, rules)
    return document


def written_markup(document: Document, rules: Rules) -> Document:
    """Character references spelt out in a text file, and Markdown's marks for bold and headings, as a reader sees them."""
    if document.source.media != "text":
        return document
    blocks = []
    problems: list[Problem] = []
    for block in document.blocks:
        if "&" in block.text:
            while changes := _references(block.text):  # &amp;nbsp; takes two rounds
                block = substitute(block, changes)
            block, found = scrub(block)
            problems += found
        spots = _MARKDOWN.finditer(block.text) if block.text.lstrip()[:1] in ("#", "*") else ()
        blocks.append(substitute(block, [Change(m.start(), m.end(), "", "layout-markdown") for m in spots]))
    return replace(document, blocks=tuple(blocks), problems=document.problems + tuple(problems))


def _references(text: str) -> list[Change]:
    found = ((m, html.unescape(m[0])) for m in _REFERENCE.finditer(text))
    return [
        Change(m.start(), m.end(), plain, "html-entity")
        for m, plain in found
        if plain != m[0] and not _ENDS.search(plain)
    ]


def tab_rows(document: Document, rules: Rules) -> Document:
    """Lines of short cells between tabs, as a copied table leaves them, become table rows."""
    tabbed = [block.kind == "text" and "\t" in block.text.strip() for block in document.blocks]
    blocks = []
    for index, block in enumerate(document.blocks):
        beside = any(tabbed[max(index - 1, 0) : index]) or any(tabbed[index + 1 : index + 2])
        row = tabbed[index] and _is_row(block, LONG_CELL if beside else SHORT_CELL, rules)
        blocks.append(replace(block, kind="table") if row else block)
    return replace(document, blocks=tuple(blocks))


def _is_row(block: Block, longest: int, rules: Rules) -> bool:
    """Whether a tabbed line is a row: no signature, and no clause number set off by a tab."""
    cells = block.text.strip().split("\t")
    if len(cells) == 2 and (
        _is_signature(block, rules) or any(s.pattern.fullmatch(fold(cells[0])) for s in rules.styles)
    ):
        return False
    return max(map(len, cells)) <= longest


def layout(document: Document, rules: Rules) -> Document:
    """Drop blank lines, indents and trailing space; make every inner run of white space one space."""
    blocks = []
    removed = list(document.removed)
    for block in document.blocks:
        if block.kind == "table":
            blocks.append(_table_layout(block))
            continue
        block = substitute(block, list(_edges(block.text)))
        if not block.text:
            removed.extend(drop(block, "layout-blank-line"))
            continue
        if block.text != " ".join(block.text.split()):  # much faster than to search each line for such runs
            runs = (m for m in _RUN.finditer(block.text) if m[0] != " ")
            block = substitute(block, [Change(m.start(), m.end(), " ", "layout-space") for m in runs])
        blocks.append(_label_space(block, rules))
    return replace(document, blocks=tuple(blocks), removed=tuple(removed))


def _edges(text: str) -> Iterator[Change]:
    """White space at both ends of a line."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start:
        yield Change(0, start, "", "layout-indent")
    if start < len(text) and end < len(text):
        yield Change(end, len(text), "", "layout-indent")


def _table_layout(block: Block) -> Block:
    """Strip the cells of a table; tabs and line ends between them stay."""
    spots = re.finditer(r"(?:^|(?<=[\t\n]))[ \u00a0\u3000]+|[ \u00a0\u3000]+(?=[\t\n]|$)", block.text)
    return substitute(block, [Change(m.start(), m.end(), "", "layout-indent") for m in spots])


def _label_space(block: Block, rules: Rules) -> Block:
    """No space between a clause's number and its text, except after 第X章 and 第X条."""
    label = label_of(block.text, rules)
    if label is None or label.style.letter in ("ch", "a"):
        return block
    spots = re.finditer(r"\s+", block.text[: label.end])
    return substitute(block, [Change(m.start(), m.end(), "", "layout-label") for m in spots])


def outside(document: Document, rules: Rules) -> Document:
    """Of the lines around a web page's body keep fields and the title; the rest was never the notice."""
    titles = [
        squeeze(h.value) for h in document.hints if h.name == "<title>" or rules.meta_names.get(h.name) == "title"
    ]
    first = next((i for i, b in enumerate(document.blocks) if b.kind != "outside"), len(document.blocks))
    named = {
        _last(document.blocks[:first], is_notice_title, rules),
        _last(document.blocks[:first], is_title_line, rules),
    }
    blocks, removed = [], list(document.removed)
    for index, block in enumerate(document.blocks):
        if block.kind != "outside":
            blocks.append(block)
        elif is_info_line(block.text, rules) or (index < first and (index in named or _is_title(block, titles, rules))):
            blocks.append(replace(block, kind="text", level=0))
        else:
            removed.extend(drop(block, "html-outside-body"))
    return replace(document, blocks=tuple(blocks), removed=tuple(removed))


def _last(blocks: Sequence[Block], test: Callable[[Block, Rules], bool], rules: Rules) -> int:
    """The last of the lines that passes the test; -1 where none does."""
    return next((index for index in range(len(blocks) - 1, -1, -1) if test(blocks[index], rules)), -1)


def _is_title(block: Block, titles: Sequence[str], rules: Rules) -> bool:
    """A heading, a line that the page's own title holds, or a bare document number."""
    flat = squeeze(block.text)
    if len(flat) < 6:
        return False
    if rules.doc_number.fullmatch(fold(block.text)):
        return True
    if is_title_line(block, rules) or is_notice_title(block, rules) or flat.endswith(("年", "年度")):
        return block.level > 0 or any(flat in title for title in titles)
    return block.level in (1, 2) or any(title.startswith(flat) for title in titles)


def pipe_tables(document: Document, rules: Rules) -> Document:
    """Lines printed as | a | b | become table rows; rules of dashes between them are dropped."""
    blocks: list[Block] = []
    removed = list(document.removed)
    for block in document.blocks:
        flat = block.text.strip()
        if block.kind != "text" or flat.count("|") < 2 or not flat.startswith("|"):
            blocks.append(block)
        elif re.fullmatch(r"[|\s:+-]+", flat):
            removed.extend(drop(block, "layout-table-rule"))
        else:
            blocks.append(_pipe_row(block))
    return replace(document, blocks=tuple(blocks), removed=tuple(removed))


def _pipe_row(block: Block) -> Block:
    text = block.text
    changes = []
    for found in re.finditer(r"\s*\|\s*", text):
        edge = found.start() == 0 or found.end() == len(text)
        changes.append(Change(found.start(), found.end(), "" if edge else "\t", "layout-table-rule"))
    return replace(substitute(block, changes), kind="table")


def typeset(document: Document, rules: Rules) -> Document:
    """Chinese punctuation in every block."""
    return replace(
        document,
        blocks=tuple(
            typography(b, fields=is_info_line(b.text, rules) or _is_signature(b, rules)) for b in document.blocks
        ),
    )


def _is_signature(block: Block, rules: Rules) -> bool:
    if len(block.text) >= 90:
        return False
    folded = fold(block.text)
    return any(pattern.search(folded) for name, pattern in rules.closes if name == "signature-date")


STEPS: tuple[Callable[[Document, Rules], Document], ...] = (
    outside,
    characters,
    written_markup,
    tab_rows,
    layout,
    suspect,
    furniture,
    pipe_tables,
    split_lines,
    furniture,  # again: what a line that was split in two had hidden
    join_lines,
    split_lines,  # again: a paragraph that was broken into lines is one only now
    typeset,
)

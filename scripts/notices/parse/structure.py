"""The structure of a clean document: slots, clause tree, titles, items, damage and anchors, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..fields import bare_label, is_info_line
from ..model import Block, Clause, Document, Paragraph, Problem
from ..rules import Rules
from .clauses import build_clauses, paragraph_anchor
from .damage import text_damage
from .documents import one_document
from .findings import mark_end, problems_of
from .front import Parts, find_parts, is_notice_title
from .labels import labels_of
from .outline import build
from .refuse import refuse
from .titles import headings


class Structure(NamedTuple):
    """Where the parts of a document are, and its clauses with the slots around them."""

    parts: Parts
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...]


def parse(document: Document, rules: Rules) -> Structure:
    """The structure of a clean document.  Raises Unreadable where the text is no notice at all."""
    blocks = document.blocks
    labels = labels_of(blocks, rules)
    parts, several = one_document(blocks, labels, find_parts(blocks, labels, rules), rules)
    refuse(document, parts, rules)
    nodes = build(blocks[parts.first : parts.close], labels[parts.first : parts.close])
    cover, preamble = _before(blocks, parts, rules)
    numbered = build_clauses(nodes, headings(nodes, rules), rules)
    numbered = mark_end(numbered, document, parts, rules)
    slots = [
        _slot("cover", cover, rules),
        _slot("preamble", preamble, rules),
        *numbered,
        _slot("sign", blocks[parts.close :], rules),
    ]
    clauses = tuple(clause for clause in slots if clause is not None)
    return Structure(parts, clauses, (*several, *problems_of(clauses, document, parts, rules)))


def _before(blocks: Sequence[Block], parts: Parts, rules: Rules) -> tuple[list[Block], list[Block]]:
    """Blocks of the covering letter and of the preamble; the title line itself belongs to neither."""
    title = parts.title
    cover = list(blocks[: max(title, 0)])
    if title >= 0 and is_notice_title(blocks[title], rules):
        cover.append(blocks[title])
    between = blocks[max(title + 1, 0) : parts.first]
    cover += [block for block in between if _is_info(block, rules)]
    return cover, [block for block in between if not _is_info(block, rules)]


def _is_info(block: Block, rules: Rules) -> bool:
    """A line of page metadata: labels and values, or a table of them."""
    if block.kind == "table":
        return any(bare_label(cell, rules) for row in block.rows for cell in row)
    return is_info_line(block.text, rules)


def _slot(anchor: str, blocks: Sequence[Block], rules: Rules) -> Clause | None:
    """A fixed slot with one paragraph a block; None where it is empty."""
    if not blocks:
        return None
    paragraphs = tuple(
        Paragraph(paragraph_anchor(anchor, n), b.text, b.line, _kind(b, rules)) for n, b in enumerate(blocks, 1)
    )
    text = "\n".join(p.text for p in paragraphs)
    return Clause(anchor, None, "", None, "", "", "", False, paragraphs, (), tuple(text_damage(text)), blocks[0].line)


def _kind(block: Block, rules: Rules) -> str:
    if _is_info(block, rules):
        return "info"
    return "table" if block.kind == "table" else "text"

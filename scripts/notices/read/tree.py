"""The body of a page as a tree (beautifulsoup4): which block, row and cell each text token belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from ..chars import han_count
from .lexer import Token

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul br".split()
)
MARK = re.compile("\ue000(\\d+)\ue001")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
LABELLED = re.compile(r"\s*(?:[(（]?[0-9一二三四五六七八九十]+[)）、.．]|第.{1,4}[章条])")
CELL_LIMIT = 300  # characters; a longer cell makes its table a layout table


class Place(NamedTuple):
    """Where a text token belongs: its block, and in a data table its row, cell and line of the cell."""

    block: int
    kind: str
    level: int = 0
    row: int = 0
    cell: int = 0
    part: int = 0
    label: str = ""  # the number that <ol> shows but does not hold


def places(text: str, cut: Sequence[Token], first: int, last: int, choose: bool) -> dict[int, Place]:
    """Places of the text tokens in cut[first:last]; with `choose`, only of the densest part of the page."""
    soup = BeautifulSoup(_marked(text, cut, first, last), "lxml")
    root: Tag = soup
    if choose:
        root = _densest(soup.body or soup, text, cut)
    return dict(_walk(root, text, cut))


def _marked(text: str, cut: Sequence[Token], first: int, last: int) -> str:
    """The page with each text token replaced by a marker; scripts, comments and blanks left out."""
    parts = []
    for index in range(first, last):
        token = cut[index]
        if token.kind == "text":
            if not text[token.start : token.end].isspace():
                parts.append(f"\ue000{index}\ue001")
        elif token.kind == "newline":
            parts.append("<br>")
        elif token.kind in ("open", "close"):
            parts.append(text[token.start : token.end].replace("\ue000", "").replace("\x00", ""))
    return "".join(parts)


def _densest(body: Tag, text: str, cut: Sequence[Token]) -> Tag:
    """Go down from <body> as long as one child holds nearly all of the running text outside links."""
    weights: dict[int, int] = {}
    for node in body.find_all(string=MARK):
        size = sum(han_count(text[cut[k].start : cut[k].end]) for k in _indices(node))
        if size < 2 or node.find_parent(["a", "nav", "footer", "li"]):
            continue
        for parent in node.parents:
            weights[id(parent)] = weights.get(id(parent), 0) + size
    node: Tag = body
    while True:
        children = [child for child in node.children if isinstance(child, Tag)]
        best = max(children, key=lambda child: weights.get(id(child), 0), default=None)
        if best is None or best.name == "p" or weights.get(id(best), 0) * 100 < 85 * max(weights.get(id(node), 0), 1):
            return node
        node = best


def _indices(node: PageElement) -> list[int]:
    return [int(found) for found in MARK.findall(str(node))]


def _walk(root: Tag, text: str, cut: Sequence[Token]) -> Iterator[tuple[int, Place]]:
    """Depth first without recursion; each block element starts a new block."""
    block, label = 0, ""
    level = 0
    counters: dict[int, int] = {}
    stack: list[tuple[PageElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, Tag):
            if leaving:
                block += 1
                level = 0 if node.name in HEADINGS else level
                continue
            if HIDDEN.search(str(node.get("style", ""))):
                continue
            if node.name == "table" and _is_data(node, text, cut):
                block += 1
                yield from _table(node, block)
                block += 1
                continue
            if node.name in BLOCKS:
                block += 1
                level = HEADINGS.get(node.name, level)
                stack.append((node, True))
            if node.name == "li" and node.parent is not None and node.parent.name == "ol":
                counters[id(node.parent)] = counters.get(id(node.parent), _start(node.parent)) + 1
                label = f"{counters[id(node.parent)]}."
            stack.extend((child, False) for child in reversed(node.contents))
        elif isinstance(node, NavigableString):
            for index in _indices(node):
                token = cut[index]
                shown = "" if not label or LABELLED.match(text, token.start, token.end) else label
                label = ""
                yield index, Place(block, "heading" if level else "text", level, label=shown)


HEADINGS = {f"h{n}": n for n in range(1, 7)}


def _start(ordered: Tag) -> int:
    value = str(ordered.get("start", "1"))
    return int(value) - 1 if value.isdigit() and len(value) < 4 else 0


def _is_data(table: Tag, text: str, cut: Sequence[Token]) -> bool:
    """At least two rows and two columns of short cells, and no table inside."""
    if table.find("table"):
        return False
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    if len(rows) < 2 or sum(len(row) >= 2 for row in rows) * 2 < len(rows):
        return False
    sizes = [
        sum(cut[k].end - cut[k].start for k in _indices_below(cell)) for row in rows for cell in row
    ]
    return max(sizes, default=0) <= CELL_LIMIT


def _indices_below(tag: Tag) -> list[int]:
    return [index for node in tag.find_all(string=MARK) for index in _indices(node)]


def _table(table: Tag, block: int) -> Iterator[tuple[int, Place]]:
    """Places of a data table's tokens; rows without text are left out."""
    number = 0
    for row in table.find_all("tr"):
        found = [
            (index, column, part)
            for column, cell in enumerate(row.find_all(["td", "th"], recursive=False))
            for index, part in _cell(cell)
        ]
        for index, column, part in found:
            yield index, Place(block, "table", row=number, cell=column, part=part)
        number += bool(found)


def _cell(cell: Tag) -> Iterator[tuple[int, int]]:
    """The tokens of a cell, each with the number of line-breaking elements before it."""
    part = 0
    for node in cell.descendants:
        if isinstance(node, Tag):
            part += node.name in ("p", "br", "div", "li")
        else:
            yield from ((index, part) for index in _indices(node))

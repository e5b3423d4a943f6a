"""The body of a page as a tree (beautifulsoup4): which block, row and cell each text token belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from .lexer import BREAKS, Token, attributes, names

#: Elements that mean more than a new line; the parser is given these alone.
MEANT = names("h1 h2 h3 h4 h5 h6 ol ul li table tr td th")
NESTING = names("ol table ul")  # what may stand inside itself
DEEPEST = 120  # levels; below, an element is a line break, as parsers give up at some depth
BREAK = "-"  # in the parser's input, among the numbers of the text tokens
HEADINGS = {f"h{n}": n for n in range(1, 7)}
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


def places(text: str, cut: Sequence[Token], body: Iterable[int]) -> dict[int, Place]:
    """Places of the text tokens among the tokens `body`."""
    soup = BeautifulSoup(f"<div>{_skeleton(text, cut, body)}</div>", "lxml")
    return dict(_walk(soup, text, cut))


def _skeleton(text: str, cut: Sequence[Token], body: Iterable[int]) -> str:
    """Tables, lists and headings, bare of attributes; text tokens as numbers, every other new line as a dash.

    Inline elements say nothing about lines, and a parser's time grows with the elements it is given.
    """
    parts: list[str] = []
    depth = buried = 0
    for index in body:
        kind, start, end, name = cut[index]
        if kind == "text":
            if not text[start:end].isspace():
                parts.append(f"{index} ")
        elif name not in BREAKS:
            continue
        elif name not in MEANT:
            parts.append("- ")
        elif name not in NESTING:
            parts.append(f"<{name}>" if kind == "open" else f"</{name}>")
        elif kind == "open" and depth < DEEPEST:
            depth += 1
            first = _start(text[start:end]) if name == "ol" else 0
            parts.append(f"<ol start={first}>" if first else f"<{name}>")
        elif kind == "close" and not buried:
            depth = max(depth - 1, 0)
            parts.append(f"</{name}>")
        else:
            buried += 1 if kind == "open" else -1
            parts.append("- ")
    return "".join(parts)


def _start(tag: str) -> int:
    """How many numbers an <ol start=…> passes over."""
    value = attributes(tag).get("start", "1")
    return int(value) - 1 if re.fullmatch(r"\d{1,3}", value, re.A) else 0


def _walk(root: Tag, text: str, cut: Sequence[Token]) -> Iterator[tuple[int, Place]]:
    """Depth first without recursion; each element starts a new block."""
    block, label, level = 0, "", 0
    counters: dict[int, int] = {}
    stack: list[tuple[PageElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, NavigableString):
            for word in node.split():
                if word == BREAK:
                    block += 1
                    continue
                index = int(word)
                shown = "" if not label or LABELLED.match(text, cut[index].start, cut[index].end) else label
                label = ""
                yield index, Place(block, "heading" if level else "text", level, label=shown)
        elif not isinstance(node, Tag):
            continue
        elif leaving:
            block += 1
            level = 0 if node.name in HEADINGS else level
        elif node.name == "table" and (rows := _data(node, cut)):
            yield from _table(rows, block + 1)
            block += 2
        else:
            block += 1
            level = HEADINGS.get(node.name, level)
            parent = node.parent
            if node.name == "li" and parent is not None and parent.name == "ol":
                counters[id(parent)] = counters.get(id(parent), int(str(parent.get("start", 0)))) + 1
                label = f"{counters[id(parent)]}."
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.contents))


Row = list[list[tuple[int, int]]]  # the cells of a row: their tokens, each with its line of the cell


def _data(table: Tag, cut: Sequence[Token]) -> list[Row]:
    """The rows of a data table: at least two rows and two columns of short cells, and no table inside."""
    if table.find("table"):
        return []
    rows = [
        [_cell(cell) for cell in row.contents if isinstance(cell, Tag) and cell.name in ("td", "th")]
        for row in table.find_all("tr")
    ]
    if len(rows) < 2 or sum(len(row) >= 2 for row in rows) * 2 < len(rows):
        return []
    longest = max(sum(cut[k].end - cut[k].start for k, _ in cell) for row in rows for cell in row)
    return rows if longest <= CELL_LIMIT else []


def _cell(cell: Tag) -> list[tuple[int, int]]:
    """The tokens of a cell, each with the number of line breaks before it."""
    part = 0
    found: list[tuple[int, int]] = []
    for node in cell.descendants:
        if not isinstance(node, NavigableString):
            part += 1
            continue
        for word in node.split():
            if word == BREAK:
                part += 1
            else:
                found.append((int(word), part))
    return found


def _table(rows: Iterable[Row], block: int) -> Iterator[tuple[int, Place]]:
    """Places of a data table's tokens; rows without text are left out."""
    number = 0
    for row in rows:
        for column, cell in enumerate(row):
            for index, part in cell:
                yield index, Place(block, "table", row=number, cell=column, part=part)
        number += any(row)

"""A grid of numbers that lead somewhere, drawn as SVG and written as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..markdown import escape
from .svg import EM, drawing, element, link, words

NAME = 7  # em: the longest line of a row's name
LABEL = NAME * EM + 6  # the room for it
TALL = EM * 13 // 5  # a row
GROUP = EM * 2  # a line that names the rows below it
LINE = EM * 11 // 10  # from one line of text to the next
TOP = EM * 5 // 2  # the names of the columns: at least so high, for a finger
NARROW, WIDE = EM * 14 // 5, EM * 18 // 5  # a column: at least, at most
TOGETHER = 22 * EM - LABEL  # all columns, where they can: a drawing of 22 em fits a phone
SHADES = 4


class Cell(NamedTuple):
    """A number, where it leads, and what both mean in words."""

    number: int
    href: str
    says: str


class Head(NamedTuple):
    """The name of a row or a column: whole, as it is broken into lines in the drawing, and where it leads."""

    name: str
    lines: tuple[str, ...]
    href: str


class Row(NamedTuple):
    """A row.  `group` stands above the first row of several that share it; None: nothing to count there."""

    head: Head
    cells: tuple[Cell | None, ...]
    group: str = ""


class Grid(NamedTuple):
    """A whole figure.  `label` names it, `corner` says what the rows are; every row has a cell a column."""

    label: str
    corner: str
    columns: tuple[Head, ...]
    rows: tuple[Row, ...]


def svg_of(grid: Grid) -> str:
    """The drawing.  Numbers are printed and shaded, so that neither colour nor a pointer is needed."""
    column = min(WIDE, max(NARROW, TOGETHER // max(1, len(grid.columns))))
    top = max(TOP, max((len(head.lines) for head in grid.columns), default=0) * LINE + EM // 2)
    right = LABEL + column * len(grid.columns)
    heads = [_column(head, LABEL + column * at, column, top) for at, head in enumerate(grid.columns)]
    most = max((cell.number for row in grid.rows for cell in row.cells if cell), default=1)
    parts, y, group = heads, top, ""
    for row in grid.rows:
        if row.group != group:
            group = row.group
            parts.append(words(group, 0, y + GROUP // 2 + EM // 10, class_="y-group-name"))
            y += GROUP
        parts += _row(row, y, column, right, most)
        y += TALL
    return drawing(right, y + 2, grid.label, *parts)


def table_of(grid: Grid) -> str:
    """The same numbers and links as an HTML table on one line."""
    heads = "".join(f'<th scope="col">{_anchor(head.href, head.name)}</th>' for head in grid.columns)
    rows = "".join(
        f'<tr><th scope="row">{_anchor(row.head.href, row.head.name)}</th>'
        + "".join(f"<td>{_anchor(cell.href, str(cell.number))}</td>" if cell else "<td>0</td>" for cell in row.cells)
        + "</tr>"
        for row in grid.rows
    )
    return (
        f'<table class="y-data"><thead><tr><th scope="col">{escape(grid.corner)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def figure(grid: Grid, key: str) -> str:
    """Drawing and table as one block of HTML; `key` begins its ids.  Both scroll by themselves where they are too wide."""
    label = escape(grid.label)
    return (
        f'<div class="y-figure"><a class="y-skip" href="#{key}-data">跳过这张图</a>'
        f'<div class="y-scroll" role="region" tabindex="0" aria-label="{label}">{svg_of(grid)}</div>'
        f'<details id="{key}-data"><summary>看数据表</summary>'
        f'<div class="y-scroll" role="region" tabindex="0" aria-label="{label}（数据表）">{table_of(grid)}</div>'
        "</details></div>"
    )


def shade(number: int, most: int) -> int:
    """How dark a cell is, 1 to SHADES: its share of the largest number, rounded up."""
    return -(-SHADES * number // max(most, SHADES))


def _anchor(href: str, text: str) -> str:
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text)


def _linked(head: Head, *inside: str) -> str:
    return link(head.href, head.name, *inside) if head.href else element("g", *inside)


def _column(head: Head, x: int, width: int, height: int) -> str:
    """A column's name, its last line standing on the grid."""
    first = height - EM // 4 - LINE * len(head.lines) + LINE // 2
    lines = (words(line, x + width // 2, first + LINE * at, text_anchor="middle") for at, line in enumerate(head.lines))
    return _linked(head, element("rect", class_="y-hit", x=x, y=0, width=width, height=height), *lines)


def _row(row: Row, y: int, column: int, right: int, most: int) -> Iterator[str]:
    yield element("line", class_="y-rule", x1=0, y1=y, x2=right, y2=y)
    first = y + TALL // 2 - LINE * (len(row.head.lines) - 1) // 2
    lines = (words(line, 0, first + LINE * at) for at, line in enumerate(row.head.lines))
    yield _linked(row.head, element("rect", class_="y-hit", x=0, y=y, width=LABEL - 4, height=TALL), *lines)
    for at, cell in enumerate(row.cells):
        if cell:
            x = LABEL + column * at
            box = element("rect", class_="y-box", x=x + 1, y=y + 1, width=column - 2, height=TALL - 2, rx=3)
            number = words(str(cell.number), x + column // 2, y + TALL // 2, text_anchor="middle")
            yield link(cell.href, cell.says, box, number, class_=f"y-cell y-shade-{shade(cell.number, most)}")

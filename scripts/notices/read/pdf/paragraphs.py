"""Lines of a PDF to paragraphs: where lines end and begin tells what belongs together (GB/T 9704-2012 §5.2, §7.5)."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .lines import Line
from .table import Table

NUMBER = "pdf-page-number"
HEAD = "pdf-running-head"
EDGE = 0.14  # of a page's height: what stands above and below may be a page number or a running head
INDENT = 0.8  # of the size: a line that begins further right is indented
FAR = 1.9  # line pitches: lines further apart are two paragraphs
APART = 1.25  # the same, in a text that does not indent its paragraphs
_NUMBER = re.compile(
    r"[\s—–\-－_·•~～]*(?:第?\s*(\d{1,4}|[ivxlcIVXLC]{1,6})\s*页?)(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[\s—–\-－_·•~～]*"
)
_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_LABEL = re.compile(rf"{_NUMERAL}[、.．]|[（(]{_NUMERAL}[）)]|第.{{1,4}}[章条节]")
_STOP = re.compile(r"[。；：！？.;:!?”）)]$")


class Page(NamedTuple):
    """A page: its height and what stands on it, from the top."""

    height: float
    items: tuple[Line | Table, ...]


class Unit(NamedTuple):
    """A line or table in reading order.  `rule`: why it is not published, or "".

    `joined`: a line that goes on the line before; a table that goes on the one before and repeats its first row.
    """

    item: Line | Table
    rule: str = ""
    joined: bool = False


class Margins(NamedTuple):
    """Where running text begins and ends on a page, its size, and the usual distance of two lines."""

    left: float
    right: float
    size: float
    pitch: float
    indents: bool


def units(pages: Sequence[Page]) -> list[Unit]:
    """Every line and table of the pages in order, told apart into running text, page numbers and running heads."""
    rules = _furniture(pages)
    running = [[item for k, item in enumerate(page.items) if (n, k) not in rules] for n, page in enumerate(pages)]
    whole = _margins([item for items in running for item in items if isinstance(item, Line)], None)
    out: list[Unit] = []
    before: tuple[int, Line | Table] | None = None
    margins = [_margins([i for i in items if isinstance(i, Line)], whole) for items in running]
    for n, page in enumerate(pages):
        for k, item in enumerate(page.items):
            if (n, k) in rules:
                out.append(Unit(item, rules[n, k]))
                continue
            joined = False
            if before is not None and isinstance(item, Line) and isinstance(before[1], Line):
                joined = _goes_on(before[1], item, margins[before[0]], margins[n], before[0] == n)
            elif before is not None and isinstance(item, Table) and isinstance(before[1], Table):
                joined = before[0] != n and _repeats(before[1], item)
            out.append(Unit(item, "", joined))
            before = n, item
    return out


def _goes_on(a: Line, b: Line, here: Margins, there: Margins, same_page: bool) -> bool:
    """Whether line `b` goes on the paragraph of line `a`: `a` had no room for more, and `b` is not indented."""
    if abs(a.size - b.size) > 0.1 * a.size or here.right - a.right > b.first + 0.35 * a.size:
        return False
    if abs(b.left - there.left) > INDENT * b.size or b.right > there.right + 2 * b.size:
        return False
    gap = (a.base - b.base) / here.pitch if same_page else 1.0
    if gap > FAR or gap <= 0:
        return False
    if here.indents:
        return True
    return gap <= APART and not (_LABEL.match(b.text) and _STOP.search(a.text))


def _repeats(a: Table, b: Table) -> bool:
    """Whether table `b`, on the next page, begins with the first row of `a`: programs print the head of a table again."""
    head, _, rest = b.text.partition("\n")
    return bool(rest) and head == a.text.partition("\n")[0] and not re.search(r"\d", head)


def _margins(lines: Sequence[Line], whole: Margins | None) -> Margins:
    """The margins of a page's lines; those of the whole document where the page has too few of them."""
    if not lines:
        return whole or Margins(0, 0, 10, 15, True)
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = whole.size if whole else sizes.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) <= 0.1 * size] or list(lines)
    left = min(line.left for line in body)
    right, many = _edge(body)
    flush = [line for line in body if line.left - left <= INDENT * size]
    if whole and (many < 3 or len(flush) < 2):
        return whole
    if not whole and len(body) >= 6:  # one line that sticks out says nothing of the others
        left = sorted(line.left for line in body)[max(len(body) // 20, 1)]
    gaps = sorted(a.base - b.base for a, b in itertools.pairwise(body) if 0 < a.base - b.base < 4 * size)
    pitch = gaps[len(gaps) // 5] if gaps else whole.pitch if whole else 1.5 * size
    indented = sum(1.2 * size <= line.left - left <= 3 * size for line in body)
    return Margins(left, right, size, pitch, whole.indents if whole else indented * 12 >= len(body))


def _edge(lines: Sequence[Line]) -> tuple[float, int]:
    """Where most long lines end, and how many do: a mark that hangs over the edge is no edge."""
    widest = max(line.right - line.left for line in lines)
    ends = sorted(line.right for line in lines if line.right - line.left > 0.7 * widest)
    counts = [(index + 1 - bisect_left(ends, end - 2), end) for index, end in enumerate(ends)]
    many, right = max(counts)
    return (right, many) if many >= 3 else (ends[-1], many)


def _furniture(pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """(page, place on it) of page numbers and running heads, each with its rule."""
    pitch = _margins([item for page in pages for item in page.items if isinstance(item, Line)], None).pitch
    edges = [list(_edge_lines(page, pitch)) for page in pages]
    said: Counter[tuple[str, int]] = Counter()
    for lines in edges:
        said.update({(_mould(line.text), round(line.base / 6)) for _, line, _ in lines})
    found: dict[tuple[int, int], str] = {}
    for n, lines in enumerate(edges):
        for k, line, apart in lines:
            number = _NUMBER.fullmatch(line.text)
            repeated = sum(said[_mould(line.text), round(line.base / 6) + near] for near in (-1, 0, 1))
            dashed = line.text.strip()[0] in "—–-－" or "页" in line.text
            if number and (dashed or (len(pages) > 1 and repeated * 2 >= len(pages)) or number[1] == str(n + 1)):
                found[n, k] = NUMBER
            elif apart and repeated >= max(2, len(pages) / 3) and not _LABEL.match(line.text):
                found[n, k] = HEAD
    return found


def _edge_lines(page: Page, pitch: float) -> Iterator[tuple[int, Line, bool]]:
    """The outermost two lines above and below in the margins of the page: place, line, and whether it stands apart.

    A line that stands apart from the text, by a gap or by its size, is none of its lines.
    """
    places = range(len(page.items))
    for order, sign in ((places, 1), (places[::-1], -1)):
        held: list[tuple[int, Line]] = []
        apart = len(places) < 3
        for k in order[:3]:
            item = page.items[k]
            last = held[-1][1] if held else None
            if last is not None and (abs(last.base - _base(item, sign)) > APART * pitch or _differ(last, item)):
                apart = True
                break
            if not isinstance(item, Line) or EDGE * page.height <= item.base <= (1 - EDGE) * page.height:
                break
            held.append((k, item))
        yield from ((k, line, apart) for k, line in held[:2])


def _differ(line: Line, item: Line | Table) -> bool:
    return isinstance(item, Line) and abs(line.size - item.size) > 0.1 * item.size


def _base(item: Line | Table, sign: int) -> float:
    """The height of a line; of a table, of its upper (sign 1) or lower edge."""
    if isinstance(item, Line):
        return item.base
    return item.top if sign > 0 else min(glyph.base for glyph in item.glyphs)


def _mould(text: str) -> str:
    """A line without what changes from page to page."""
    return re.sub(r"\d+", "0", re.sub(r"\s", "", text))

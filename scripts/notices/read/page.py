"""A web page to blocks: find the body, keep paragraphs, tables and source positions.

The lexer tiles the page; beautifulsoup4 then parses only the body, in which every text token is
replaced by a marker naming it.  Whatever the parser repairs, drops or moves, each surviving marker
leads back to its exact place in the source, and what did not survive is in the ledger.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..chars import han_count
from ..ledger import block_of
from ..model import Block, Hint, Piece
from ..rules import Rules
from .lexer import Token, attributes, tokens
from .tree import Place, places

BREAKS = frozenset(
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 head header hr html li main nav ol p pre section table tbody tfoot thead title tr ul".split()
)
_INLINE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?|[\s\u00a0]+|[^\s&\u00a0]+|&")


class Page(NamedTuple):
    """What reading a page gives: blocks in source order, the rest as removed pieces, and its hints."""

    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...]
    hints: tuple[Hint, ...]


def read_page(text: str, rules: Rules, line_of: Iterable[int]) -> Page:
    """Blocks of the page `text`; `line_of[k]` is the offset at which line k + 1 starts."""
    starts = list(line_of)
    cut = list(_split_preformatted(text, tokens(text)))
    first, last = _container(text, cut, rules)
    known = (first, last) != (0, len(cut))
    inside = places(text, cut, first, last, choose=not known)
    outside = _outside(text, cut, {*inside})
    return _assemble(text, cut, {**outside, **inside}, _hints(text, cut, starts), starts)


def _split_preformatted(text: str, stream: Iterable[Token]) -> Iterator[Token]:
    """Line ends inside <pre> become tokens of their own, named "br"."""
    depth = 0
    for token in stream:
        if token.name == "pre":
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind != "text" or depth <= 0:
            yield token
            continue
        position = token.start
        for end in re.finditer(r"\r\n|\r|\n", text[token.start : token.end]):
            a, b = token.start + end.start(), token.start + end.end()
            if a > position:
                yield Token("text", position, a)
            yield Token("newline", a, b, "br")
            position = b
        if position < token.end:
            yield Token("text", position, token.end)


def _container(text: str, cut: Sequence[Token], rules: Rules) -> tuple[int, int]:
    """The token range of the fullest known container, or the whole page where none holds half the text."""
    wanted = [spec for site in rules.sites for spec in site.containers]
    best, most = (0, len(cut)), 0
    for index, token in enumerate(cut):
        if token.kind != "open" or token.end - token.start < 8:
            continue
        tag = text[token.start : token.end]
        if "=" not in tag or not _matches(attributes(tag), wanted):
            continue
        end = _closing(cut, index)
        size = sum(han_count(text[t.start : t.end]) for t in cut[index:end] if t.kind == "text")
        if size > most:
            best, most = (index, end), size
    total = sum(_body_weight(text, t) for t in cut)
    return best if most >= 100 and most * 2 >= total else (0, len(cut))


def _body_weight(text: str, token: Token) -> int:
    """Han characters of a text token that is long enough to be running text."""
    size = han_count(text[token.start : token.end]) if token.kind == "text" else 0
    return size if size >= 30 else 0


def _matches(values: dict[str, str], wanted: Sequence[tuple[str, str, str]]) -> bool:
    identity = values.get("id", "").lower()
    classes = values.get("class", "").lower().split()
    return any(
        identity == value if how == "=" else value in classes if how == "~" else identity.startswith(value)
        for _, how, value in wanted
    )


def _closing(cut: Sequence[Token], index: int) -> int:
    """One past the token that closes the element opened at `index`."""
    name, depth = cut[index].name, 0
    for position in range(index, len(cut)):
        token = cut[position]
        if token.name == name:
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            if depth == 0:
                return position + 1
    return len(cut)


def _outside(text: str, cut: Sequence[Token], taken: set[int]) -> dict[int, Place]:
    """Lines of the page around the body, cells of one row on one line."""
    found: dict[int, Place] = {}
    line, heading, cell = -1, 0, 0
    for index, token in enumerate(cut):
        cell += token.name in ("td", "th", "span") and token.kind == "open"
        if token.name in BREAKS and token.name not in ("title", "head"):
            line -= 1
            if token.name in ("h1", "h2"):
                heading = int(token.name[1]) if token.kind == "open" else 0
        if token.name == "title":
            heading = -1 if token.kind == "open" else 0
        if token.kind == "text" and index not in taken and heading >= 0 and text[token.start : token.end].strip():
            found[index] = Place(line, "outside", heading, part=cell)
    return found


def _hints(text: str, cut: Sequence[Token], starts: list[int]) -> tuple[Hint, ...]:
    """<meta name content> and the text of <title>."""
    hints: list[Hint] = []
    for index, token in enumerate(cut):
        if token.kind != "open" or token.name not in ("meta", "title"):
            continue
        line = _line(starts, token.start)
        if token.name == "title":
            inner = [t for t in cut[index + 1 : index + 2] if t.kind == "text"]
            hints += [Hint("<title>", html.unescape(text[t.start : t.end]).strip(), line) for t in inner]
        else:
            values = attributes(text[token.start : token.end])
            if values.get("name") and values.get("content", "").strip():
                hints.append(Hint(values["name"], html.unescape(values["content"]).strip(), line))
    return tuple(hints)


def _line(starts: list[int], at: int) -> int:
    return bisect_right(starts, at)


def _assemble(
    text: str, cut: Sequence[Token], placed: dict[int, Place], hints: tuple[Hint, ...], starts: list[int]
) -> Page:
    """Group tokens by block and turn what lies between into ledger pieces."""
    blocks: list[Block] = []
    removed: list[Piece] = []
    pieces: list[Piece] = []
    current: Place | None = None

    def close(gap: list[Piece]) -> None:
        if current is None:
            removed.extend(gap)
            return
        end = gap[0] if gap else Piece(pieces[-1].end, pieces[-1].end, "", "html-markup")
        line_end = Piece(end.start, end.end, "\n", end.rule)
        removed.extend(gap[1:])
        line = _line(starts, pieces[0].start)
        blocks.append(block_of(line, [*pieces, line_end], current.kind, current.level))

    gap: list[Piece] = []
    for index, token in enumerate(cut):
        place = placed.get(index)
        if place is None:
            _extend(gap, token)
            continue
        if current is not None and place.block == current.block:
            pieces.extend(_between(gap, current, place))
        else:
            close(gap)
            pieces = []
            if place.label:
                pieces.append(Piece(token.start, token.start, place.label, "html-list-number"))
        gap = []
        pieces.extend(_inline(text, token))
        current = place
    close(gap)
    return Page(tuple(blocks), tuple(removed), hints)


def _between(gap: list[Piece], before: Place, after: Place) -> list[Piece]:
    """Markup inside a block: nothing, or the tabs and line ends of a table."""
    glue = ""
    if before.kind == "table" and before.row != after.row:
        glue = "\n" + "\t" * after.cell
    elif before.kind == "table" and before.cell != after.cell:
        glue = "\t" * (after.cell - before.cell)
    elif before.part != after.part:
        glue = " "
    if not gap or not glue:
        return gap
    return [Piece(gap[0].start, gap[0].end, glue, gap[0].rule), *gap[1:]]


_RULE_OF = {"comment": "html-comment", "script": "html-script", "style": "html-script", "form": "html-form"}


def _extend(gap: list[Piece], token: Token) -> None:
    """Add a token that is not published; neighbours of one rule are merged."""
    rule = _RULE_OF.get(token.kind, "html-markup")
    if gap and gap[-1].rule == rule:
        gap[-1] = Piece(gap[-1].start, token.end, "", rule)
    else:
        gap.append(Piece(token.start, token.end, "", rule))


def _inline(text: str, token: Token) -> Iterator[Piece]:
    """The text of a token: character references decoded, white space as one space."""
    for found in _INLINE.finditer(text, token.start, token.end):
        run = found[0]
        start, end = found.start(), found.end()
        if run[0] == "&" and len(run) > 1 and html.unescape(run) != run:
            yield Piece(start, end, html.unescape(run).replace("\n", " "), "html-entity")
        elif run.isspace() and run != " ":
            yield Piece(start, end, " ", "html-space")
        else:
            yield Piece(start, end, run)

"""A web page to blocks: find the body, keep paragraphs, tables and source positions.

The lexer tiles the page; beautifulsoup4 then parses only the body's tables, lists and headings, in
which every text token is replaced by its number.  Whatever the parser repairs, drops or moves, each
number that survives leads back to its exact place in the source, and the rest is in the ledger.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ...ledger import block_of
from ...model import Block, Hint, Piece, Problem
from ...rules import Rules
from .body import Body, find_body
from .facts import address, facts, split
from .lexer import BREAKS, Token, attributes, names, tokens
from .tree import Place, places

_SPECIAL = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?|[^\S ]\s*+| \s++")
_CONTROL = re.compile(r"href\s*=\s*[\"']?\s*javascript:|onclick\s*=", re.I)
_ENDS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]")  # would end a line or a cell
_WORD = re.compile(r"\w")
OUTSIDE = "html-outside-body"  # the rule for text around the body
CELLS = names("td th dt dd span")  # what holds a label or a value


class Page(NamedTuple):
    """What reading a page gives: blocks in source order, the rest as removed pieces, and what it says of itself."""

    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...]
    hints: tuple[Hint, ...]
    url: str | None  # the http(s) address that the page itself names
    problems: tuple[Problem, ...]


def read_page(text: str, rules: Rules, line_of: Iterable[int]) -> Page:
    """Blocks of the page `text`; `line_of[k]` is the offset at which line k + 1 starts."""
    starts = list(line_of)
    cut = tokens(text)
    body = find_body(text, cut, rules)
    inside = places(text, cut, body.indices())
    outside = _outside(text, cut, {*inside, *body.named}, rules)
    about = (*_hints(text, cut, rules, starts), *facts(text, cut, body, starts))
    blocks, removed = _assemble(text, cut, {**outside, **inside}, body.named, starts)
    return Page(
        blocks, removed, (*about, _origin(text, cut, body, starts)), address(text, cut), split(text, cut, starts)
    )


def _origin(text: str, cut: Sequence[Token], body: Body, starts: list[int]) -> Hint:
    """How the body was found, for the person who maintains the templates."""
    token = cut[body.ranges[0][0]] if cut else Token("text", 0, 0)
    template = f"{'、'.join(body.sites)}的容器" if body.sites else "未知模板，按文字疏密找到的容器"
    return Hint("<body>", f"{template} {text[token.start : token.end][:80].strip()}", _line(starts, token.start))


def _outside(text: str, cut: Sequence[Token], inside: Collection[int], rules: Rules) -> dict[int, Place]:
    """Lines of the page around the body: those with text besides links, or in a heading.

    Cells of one row, and <dt> with its <dd>, share a line; `row` is odd where a cell holds the value of a label.
    """
    found: dict[int, Place] = {}
    here: dict[int, Place] = {}
    line, cell, row, heading = -1, 0, 0, 0
    words, worth, linked, control = "", False, False, False
    for index, token in enumerate(cut):
        kind, start, end, name = token
        if kind == "text":
            if heading >= 0 and not control and index not in inside and not text[start:end].isspace():
                here[index] = Place(line, "outside", heading, row, part=cell)
                worth = worth or heading > 0 or (not linked and bool(_WORD.search(text, start, end)))
                words += text[start:end].strip()
        elif kind not in ("open", "close"):
            continue
        elif name in CELLS:
            cell += kind == "open"
            if words:
                is_label = len(words) < 20 and rules.any_label.fullmatch(words.rstrip(":："))
                row, words = row | 1 if is_label else (row + 1) & ~1, ""
            if (kind, name) in (("open", "dt"), ("close", "dd")):
                found |= here if worth else {}
                line, here, worth = line - 1, {}, False
        elif name in BREAKS:
            found |= here if worth else {}
            line, here, worth, words, row = line - 1, {}, False, "", 0
            if name in ("h1", "h2", "title"):
                heading = 0 if kind == "close" else {"h1": 1, "h2": 2}.get(name, -1)
        elif name == "a":
            linked = kind == "open"
            control = linked and bool(_CONTROL.search(text, start, min(end, start + 500)))
    return found | here if worth else found


def _hints(text: str, cut: Sequence[Token], rules: Rules, starts: list[int]) -> tuple[Hint, ...]:
    """<meta name content> and the text of <title>; a name that the rules know is spelt as they spell it."""
    hints: list[Hint] = []
    spelt = {name.lower(): name for name in rules.meta_names}
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
                name = spelt.get(values["name"].lower(), values["name"])
                hints.append(Hint(name, html.unescape(values["content"]).strip(), line))
    return tuple(hints)


def _line(starts: list[int], at: int) -> int:
    return bisect_right(starts, at)


def _assemble(
    text: str, cut: Sequence[Token], placed: dict[int, Place], named: Mapping[int, str], starts: list[int]
) -> tuple[tuple[Block, ...], tuple[Piece, ...]]:
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
    rule, since = "", 0
    for index, token in enumerate(cut):
        place = placed.get(index)
        if place is None:
            here = _rule(text, token, named.get(index, OUTSIDE))
            if here != rule:
                if rule:
                    gap.append(Piece(since, token.start, "", rule))
                rule, since = here, token.start
            continue
        if rule:
            gap.append(Piece(since, token.start, "", rule))
            rule = ""
        if current is not None and place.block == current.block:
            pieces += _between(gap, current, place, pieces[-1].text)
        else:
            close(gap)
            pieces = [Piece(token.start, token.start, place.label, "html-list-number")] if place.label else []
        gap = []
        shown = next((piece.text for piece in reversed(pieces) if piece.text), "")
        first = _start(text, token) if shown[-1:] == " " else token.start
        pieces += [Piece(token.start, first, "", "html-space")] if first > token.start else []
        pieces.extend(_inline(text, first, token.end))
        current = place
    if rule:
        gap.append(Piece(since, len(text), "", rule))
    close(gap)
    return tuple(blocks), tuple(removed)


def _between(gap: list[Piece], before: Place, after: Place, end: str) -> list[Piece]:
    """Markup inside a block: nothing, or what a table, a list of terms or two cells show between their parts."""
    glue = ""
    if before.kind == "table" and before.row != after.row:
        glue = "\n" + "\t" * after.cell
    elif before.kind == "table" and before.cell != after.cell:
        glue = "\t" * (after.cell - before.cell)
    elif before.kind == "outside" and before.row < after.row and after.row % 2:
        glue = " " if end.rstrip().endswith((":", "：")) else "："
    elif before.part != after.part and not end[-1:].isspace():
        glue = " "
    if not gap or not glue:
        return gap
    return [Piece(gap[0].start, gap[0].end, glue, gap[0].rule), *gap[1:]]


_RULE_OF = {"comment": "html-comment", "script": "html-script", "style": "html-script", "form": "html-form"}


def _rule(text: str, token: Token, outside: str) -> str:
    """The rule in whose name a token is not published: `outside` for text; blanks count as markup."""
    if token.kind == "text" and not text[token.start : token.end].isspace():
        return outside
    return _RULE_OF.get(token.kind, "html-markup")


def _start(text: str, token: Token) -> int:
    """Where a text token begins behind a space: white space is shown once, whatever tags stand in it."""
    return token.end - len(text[token.start : token.end].lstrip(" \t\r\n"))


def _inline(text: str, start: int, end: int) -> list[Piece]:
    """The text of a token: character references decoded, white space as one space."""
    pieces: list[Piece] = []
    position = start
    for found in _SPECIAL.finditer(text, start, end):
        run = found[0]
        plain = html.unescape(run) if run[0] == "&" else " "
        if plain == run:
            continue
        if found.start() > position:
            pieces.append(Piece(position, found.start(), text[position : found.start()]))
        position = found.end()
        if run[0] == "&":
            pieces.append(Piece(found.start(), position, _ENDS.sub(" ", plain), "html-entity"))
        else:
            pieces.append(Piece(found.start(), position, " ", "html-space"))
    if position < end:
        pieces.append(Piece(position, end, text[position:end]))
    return pieces

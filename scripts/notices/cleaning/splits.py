"""Lines that a scraper ran together: a clause number in the middle of a line starts a line of its own again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..chars import fold
from ..ledger import Change, split, substitute
from ..model import Block, Document, Problem
from ..parse.labels import Label, label_of
from ..rules import Rules

STYLES = ("part", "chapter", "article", "section", "clause", "task")
MIN_LINE = 40
#: Where a number may stand, cheaply; label_of decides.
_STARTS = re.compile(
    r"[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,3}[.．、]"
    r"|第[一二三四五六七八九十百\d]{1,4}[章条部篇]|[㈠-㈩⒈-⒛]"
)
#: What any such number ends with: most lines hold none, and this is told from one character.
_MAY_START = re.compile(r"[)）、.．章条部篇㈠-㈩⒈-⒛](?:(?<=[一二三四五六七八九十百\d].)|(?<=[㈠-㈩⒈-⒛]))")
_TEXT = re.compile("[\u4e00-\u9fff“《]{2}")
AHEAD = 80  # characters that tell whether a number is a clause's: all of a line, again and again, would take too long
_SENTENCE = re.compile(r"[。！!][”’）)]*\s?$")
_BARE_TITLE = re.compile(r"^[^，。；：,;:]{4,40}$")


class Spot(NamedTuple):
    """A number inside a line: where, which, and whether a sentence ends before it."""

    at: int
    label: Label
    after_sentence: bool


def split_lines(document: Document, rules: Rules) -> Document:
    """The document with run-together clauses on lines of their own; each inserted break is in the ledger."""
    blocks: list[Block] = []
    problems = list(document.problems)
    last: dict[str, int] = {}
    for index, block in enumerate(document.blocks):
        below = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
        following = label_of(below.text, rules) if below is not None else None
        parts = _parts(block, last, following, rules) if block.kind == "text" else [block]
        if len(parts) > 1:
            detail = f"这一行里有 {len(parts)} 个编号连在一起，已按编号分行。请对照原文核对。"
            problems.append(Problem("note", "line-split", block.line, detail))
        blocks.extend(parts)
    return replace(document, blocks=tuple(blocks), problems=tuple(problems))


def _parts(block: Block, last: dict[str, int], following: Label | None, rules: Rules) -> list[Block]:
    """The block cut at its inner numbers; `last` (the last number of each style) is brought up to date.

    `following` is the number of the next line.
    """
    own = label_of(block.text, rules)
    if own:
        last[own.style.name] = own.number
    places = list(_accepted(block.text, own, dict(last), following, rules)) if len(block.text) >= MIN_LINE else []
    out, cut = [block], 0
    for spot in places:
        try:
            first, second = split(out[-1], spot.at - cut, "split-line")
        except ValueError:  # the number came out of replaced text: leave the line whole
            continue
        out[-1:] = [first, second]
        cut = spot.at
        last[spot.label.style.name] = spot.label.number
    return [_trimmed(part) for part in out] if len(out) > 1 else out


def _trimmed(block: Block) -> Block:
    """The line without the space that stood at the place where it was split."""
    text = block.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    edges = [Change(0, start, "", "layout-indent"), Change(end, len(text), "", "layout-indent")]
    return substitute(block, [edge for edge in edges if edge.start < edge.end])


def _spots(text: str, rules: Rules) -> Iterator[Spot]:
    folded = fold(text)
    for found in _STARTS.finditer(folded, 1) if _MAY_START.search(folded, 1) else ():
        at = found.start()
        before = folded[max(at - 4, 0) : at]
        ends = bool(_SENTENCE.search(before))
        if not ends and before[-1] in "、,;:0123456789.(-—一二三四五六七八九十第":
            continue
        label = label_of(text[at : at + AHEAD], rules)
        if label and label.style.name in STYLES and not label.path and _TEXT.match(text, at + label.end):
            yield Spot(at, label, ends)


def _accepted(
    text: str, own: Label | None, last: dict[str, int], following: Label | None, rules: Rules
) -> Iterator[Spot]:
    """Numbers that go on a run: the next of their style behind a sentence, or a first one whose second follows."""
    spots = list(_spots(text, rules))
    seconds = {s.label.style.name: i for i, s in enumerate(spots) if s.label.number == 2 and s.after_sentence}
    line_rank = own.style.rank if own else 99
    start = own.end if own else 0
    for index, spot in enumerate(spots):
        style, number = spot.label.style, spot.label.number
        goes_on = number == last.get(style.name, -1) + 1
        goes_below = following is not None and following.style is style and following.number == 2
        second = goes_below or seconds.get(style.name, -1) > index
        opens = number == 1 and second and (style.name not in last or style.rank > line_rank)
        behind_title = spot.at - start < AHEAD and bool(_BARE_TITLE.match(text[start : spot.at].strip()))
        apart = spot.after_sentence or (behind_title and (opens or style.rank > line_rank))
        if (goes_on or opens) and apart:
            last[style.name] = number
            line_rank, start = style.rank, spot.at + spot.label.end
            yield spot

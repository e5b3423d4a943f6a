"""How much running text stands where on a page, and which of it stands there more than once.

Running text is what stands in long lines outside links.  A page that holds its body twice (for elderly
readers, for printing, for telephones) must not have both copies taken for one body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from .lexer import BREAKS, Token

LONG = 20  # wide characters that make a line running text
LEAST = 100  # of them a page must have before their place tells anything
SAME = 0.9  # of a copy's words stand elsewhere on the page; the rest is titles and a cut end
_WORDS = re.compile(r"[\u4e00-\u9fff]{4,}")  # what two copies share whatever their tags, spaces and line ends
Range = tuple[int, int]


class Line(NamedTuple):
    """A line of running text: its first text token, its width, and its runs of Han characters."""

    token: int
    width: int
    words: tuple[str, ...]


class Weights(NamedTuple):
    """Running totals, before each token and at the end, of wide characters: seen for the first time, and again."""

    fresh: list[int]
    copied: list[int]

    def of(self, span: Range) -> int:
        """New running text in the tokens [first, last)."""
        return self.fresh[span[1]] - self.fresh[span[0]]

    def again(self, span: Range) -> int:
        """Running text in the tokens [first, last) that stood before them or earlier among them."""
        return self.copied[span[1]] - self.copied[span[0]]


def wide(text: str) -> int:
    """How many characters of `text` are beyond U+07FF, as all Chinese is; much faster than looking at each."""
    return (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2


def lines_of(text: str, cut: Sequence[Token], hidden: Collection[int]) -> list[Line]:
    """The lines of the page `text` outside links and outside the tokens `hidden`; width 0 where one is too short."""
    found: list[Line] = []
    line: list[int] = []
    linked = False

    def close() -> None:
        words = "".join("".join([text[cut[i].start : cut[i].end] for i in line]).replace("&nbsp;", "").split())
        width = wide(words)
        found.append(Line(line[0], width if width >= LONG else 0, tuple(_WORDS.findall(words))))
        line.clear()

    for index, token in enumerate(cut):
        if token.kind == "text":
            if not linked and index not in hidden:
                line.append(index)
        elif token.name == "a":
            linked = token.kind == "open"
        elif token.name in BREAKS:
            linked = linked and token.kind == "open"
            if line:
                close()
    if line:
        close()
    return found


def weigh(lines: Iterable[Line], size: int) -> Weights:
    """Totals over a page of `size` tokens; a line's words count where the line begins.

    Words that stood in an earlier line count apart: that keeps a second copy of the body from drawing the
    choice to an element that holds both.
    """
    fresh, copied = [0] * (size + 1), [0] * (size + 1)
    seen: set[str] = set()
    for token, width, words in lines:
        if width:
            known = sum(len(word) for word in words if word in seen)
            every = sum(map(len, words))
            old = width * known // every if every else 0
            fresh[token + 1], copied[token + 1] = width - old, old
        seen.update(words)
    return Weights(list(accumulate(fresh)), list(accumulate(copied)))


def second_copies(
    lines: Sequence[Line], size: int, spans: Iterable[Range], liked: Callable[[Range], int]
) -> list[Range]:
    """The elements of `spans` that hold a further copy of the body; all but one of the copies.

    `liked` ranks a copy: the one with the highest rank, then of the most lines, then the longest, then the first stays.
    """
    before = weigh(lines, size)
    whole = before.fresh[-1]
    if whole < LEAST or before.copied[-1] * 2 < whole:
        return []
    after = weigh(reversed(lines), size)

    def own(span: Range) -> int:
        return before.of(span) + before.again(span)

    def parts(span: Range) -> int:
        return sum(span[0] <= line.token < span[1] for line in lines)

    def is_copy(span: Range) -> bool:
        held = own(span)
        return held * 2 >= whole and max(before.again(span), after.again(span)) >= SAME * held

    copies = _innermost((span for span in spans if is_copy(span)), own, liked, whole)
    left = [line for line in lines if not any(first <= line.token < last for first, last in copies)]
    if copies and weigh(left, size).fresh[-1] < SAME * whole:
        copies.remove(max(copies, key=lambda span: (liked(span), parts(span), own(span), -span[0])))
    return copies


def _innermost(
    spans: Iterable[Range], own: Callable[[Range], int], liked: Callable[[Range], int], whole: int
) -> list[Range]:
    """Of nested copies the innermost that holds all of it: around it may stand the page's title and date.

    An element that is named as a copy goes whole.
    """
    found: list[Range] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        around = found[-1] if found and span[1] <= found[-1][1] else None
        if around is None:
            found.append(span)
        elif own(around) > 1.5 * whole or (liked(around) >= 0 and own(span) >= 0.95 * own(around)):
            found[-1] = span
    return found

"""A stretch of clause text with its spans as markup: nested where they nest, cut where they cross.

Only markup is added: the visible text stays the clause's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .markdown import escape


class Wrap(NamedTuple):
    """Markup around [start, end) of the text.  `again` opens it anew after a cut: the same without its id."""

    start: int
    end: int
    before: str
    after: str
    again: str
    is_link: bool = False


def wrap(start: int, end: int, tag: str, attributes: str = "", is_link: bool = False) -> Wrap:
    """An element without an id around [start, end)."""
    before = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
    return Wrap(start, end, before, f"</{tag}>", before, is_link)


def without_nested_links(wraps: Iterable[Wrap]) -> list[Wrap]:
    """Links may not overlap in HTML: of those that do, the first in the given order stays."""
    chosen: list[Wrap] = []
    for one in wraps:
        if one.is_link and any(w.is_link and one.start < w.end and w.start < one.end for w in chosen):
            continue
        chosen.append(one)
    return chosen


def render(text: str, start: int, end: int, wraps: Sequence[Wrap]) -> str:
    """The Markdown of text[start:end]; wraps are given in offsets of `text` and cut to the stretch."""
    inside = [
        w if start <= w.start and w.end <= end else w._replace(start=max(w.start, start), end=min(w.end, end))
        for w in wraps
        if w.start < end and start < w.end
    ]
    inside.sort(key=lambda w: (w.start, -w.end))
    borders = sorted({start, end, *(w.start for w in inside), *(w.end for w in inside)})
    parts: list[str] = []
    stack: list[Wrap] = []
    at = 0  # of `inside`, what opens next
    for position, following in zip(borders, [*borders[1:], end], strict=True):
        if stack:
            _close(stack, position, parts)
        while at < len(inside) and inside[at].start == position:
            if inside[at].end > position:
                parts.append(inside[at].before)
                stack.append(inside[at])
            at += 1
        if following > position:
            parts.append(escape(text[position:following]))
    return "".join(parts)


def _close(stack: list[Wrap], position: int, parts: list[str]) -> None:
    """Close what ends here; what lies above it on the stack is closed too and opened again."""
    ending = [i for i, one in enumerate(stack) if one.end <= position]
    if not ending:
        return
    above = stack[ending[0] :]
    del stack[ending[0] :]
    going_on = [one for one in above if one.end > position]
    parts.extend(
        one.after if one.end <= position else "</" + one.before[1:-1].partition(" ")[0] + ">" for one in reversed(above)
    )
    for one in going_on:
        parts.append(one.again)
        stack.append(one)

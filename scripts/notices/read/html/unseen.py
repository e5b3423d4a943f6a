"""What a style keeps from the reader of a page: hidden, without size, off the screen, or white on white.

Strong cases only, since text taken for hidden is not published: white letters count where nothing around
them has a background and they stand in no table and no heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from .lexer import Token, names

#: What a tag must hold to be worth reading for the styles below.
HINT = re.compile(
    r"\sid=|none|hidden|background|bgcolor|#fff|white|rgb\(\s*255|transparent|-\d{4}|font-size\s*:\s*0|opacity\s*:\s*0",
    re.I,
)
_WHITE = r"(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))"
_NOTHING = r"0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!\s*important\s*)?(?:;|$)"
_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-indent\s*:\s*-\d{4,}|(?:^|[;\s])(?:left|top|right|margin-left|margin-top)\s*:\s*-\d{4,}"
    rf"|(?:^|[;\s])color\s*:\s*transparent|(?:^|[;\s])opacity\s*:\s*{_NOTHING}"
    r"|^(?=.*overflow\s*:\s*hidden)(?=.*(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$))",
    re.I,
)
_SIZE = re.compile(rf"font-size\s*:\s*{_NOTHING}", re.I)
_LETTERS = re.compile(rf"(?:^|[;\s])color\s*:\s*{_WHITE}", re.I)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*(?!none|transparent|inherit)", re.I)
_WHITE_GROUND = re.compile(rf"background(?:-color)?\s*:\s*{_WHITE}", re.I)
_WHITE_ONLY = re.compile(rf"{_WHITE}$", re.I)
_HIDDEN = re.compile(r"\shidden(?=[\s/>=])", re.I)
#: Elements that a paragraph's text may stand in; in any other, white letters are the work of a designer.
_RUNNING = names("p span font div li b strong i em section")
_COLOURED = names("table tr td th thead h1 h2 h3 h4 h5 h6 a button header footer nav")


def unseen(
    text: str, cut: Sequence[Token], ends: Mapping[int, int], opened: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[int, int]]:
    """The token ranges of elements that a reader of the page `text` does not see.

    `opened`: the attributes of the tags that HINT knows or that name something; `ends`: as `closings` gives it.
    """
    grounds: list[int] = []
    reach = -1
    for index, values in opened.items():
        style = values.get("style", "")
        head = min(cut[index].end, cut[index].start + 500)
        flat = _SIZE.search(style) and not _sized_inside(text, cut, index, ends[index])
        same = _WHITE_GROUND.search(style) and _LETTERS.search(style)
        if flat or same or _STYLE.search(style) or _HIDDEN.search(text, cut[index].start, head):
            yield index, ends[index]
        elif _is_white(values, style) and index >= reach and cut[index].name in _RUNNING:
            grounds.append(index)
        elif _GROUND.search(style) or values.get("bgcolor") or values.get("background"):
            reach = max(reach, ends[index])
    yield from _uncoloured(cut, ends, grounds)


def _sized_inside(text: str, cut: Sequence[Token], first: int, last: int) -> bool:
    """Whether an element inside has a size of its own: the way lists are closed up without gaps."""
    return "font-size" in text[cut[first].end : cut[min(last, len(cut) - 1)].start].lower()


def _is_white(values: Mapping[str, str], style: str) -> bool:
    if _GROUND.search(style) and not _WHITE_GROUND.search(style):
        return False
    return bool(_LETTERS.search(style) or _WHITE_ONLY.match(values.get("color", "").strip()))


def _uncoloured(cut: Sequence[Token], ends: Mapping[int, int], white: list[int]) -> Iterator[tuple[int, int]]:
    """Those of the white elements that stand in no table, heading or link, whose colours a style sheet may set."""
    if not white:
        return
    inside = sorted((index, ends[index]) for index in ends if cut[index].name in _COLOURED)
    reach, at = -1, 0
    for index in white:
        while at < len(inside) and inside[at][0] < index:
            reach = max(reach, inside[at][1])
            at += 1
        if index >= reach:
            yield index, ends[index]

"""A first pass over HTML that is faster than any tree: tokens whose texts joined are the source.

It follows the tokenizer of the HTML Standard (§13.2.5) as far as text needs it: comments, raw-text
elements, quoted attributes.  It never fails and takes time linear in the length of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


def names(text: str) -> frozenset[str]:
    """The words of `text`, each the name of an element."""
    return frozenset(text.split())


#: Elements whose content is no text of the page, and the kind of token they make.
RAW = {
    "script": "script", "style": "style", "noscript": "markup", "template": "markup", "textarea": "markup",
    "iframe": "markup", "svg": "markup", "math": "markup", "select": "form", "option": "form", "button": "form",
    "object": "markup", "xml": "markup",
}  # fmt: skip
LONGEST_TAG = 4_000  # characters within which quotes are honoured; a longer tag ends at its first ">"
#: Tags that begin a new line, opened or closed; white space behind them shows nothing and joins their token.
BREAKS = names(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead title tr ul"
)
_TAG = re.compile(r"""</?+([a-zA-Z][^\s/>]*+)(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>""")
_OPENING = re.compile(r"<(?:[!?]|/?[a-zA-Z])")  # any other "<" is text
_NAME = re.compile(r"</?+([a-zA-Z][^\s/>]{0,99})")
_ATTRIBUTE = re.compile(r"""(?<![-\w:.])([a-zA-Z_:][-\w:.]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_BLANK = re.compile(r"\s*+")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Token(NamedTuple):
    """kind: "text", "open", "close", "newline", "comment", "script", "style", "form" or "markup"; name: of a tag."""

    kind: str
    start: int
    end: int
    name: str = ""  # in lower case


def tokens(text: str) -> list[Token]:
    """Cut `text` into tokens that tile it; line ends inside <pre> are "newline" tokens named "br"."""
    found = list(_tokens(text))
    return list(_preformatted(text, found)) if any(token.name == "pre" for token in found) else found


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    last = text.rfind(">")  # a "<" beyond it opens nothing
    missing: set[str] = set()  # raw-text elements known not to be closed from here on
    while (found := _OPENING.search(text, position)) and (at := found.start()) < last:
        token = _markup(text, at, missing)
        if at > position:
            yield Token("text", position, at)
        yield token
        position = token.end
    yield from _rest(text, position)


def _rest(text: str, position: int) -> Iterator[Token]:
    """What follows the last ">": text, and the tag or comment that the end of the page cut off."""
    found = _OPENING.search(text, position)
    at = found.start() if found else len(text)
    comment = text.startswith("<!--", at)
    if len(text) - at > LONGEST_TAG and not comment:  # too long for a tag: running text with a "<" in it
        at = len(text)
    if at > position:
        yield Token("text", position, at)
    if at < len(text):
        yield Token("comment" if comment else "markup", at, len(text))


def _markup(text: str, at: int, missing: set[str]) -> Token:
    """The tag, comment or raw-text element that opens at `at`.  A ">" follows somewhere."""
    following = text[at + 1 : at + 2]
    if following == "!" or following == "?":
        return _declaration(text, at)
    found = _TAG.match(text, at, at + LONGEST_TAG)
    end = found.end() if found else text.index(">", at) + 1
    start = found or _NAME.match(text, at)
    name = start[1].lower() if start else ""
    if name in BREAKS:
        blank = _BLANK.match(text, end)
        return Token("close" if following == "/" else "open", at, blank.end() if blank else end, name)
    if following == "/":
        return Token("close", at, end, name)
    if name in RAW and name not in missing and text[end - 2] != "/":
        closing = _closing(name).search(text, end)
        if closing:
            return Token(RAW[name], at, closing.end(), name)
        missing.add(name)
        if name in ("script", "style"):
            return Token(RAW[name], at, len(text), name)
    return Token("open", at, end, name)


def _declaration(text: str, at: int) -> Token:
    """A comment, or what the standard calls a bogus one: <!doctype>, <![if …]>, <?xml …?>."""
    if not text.startswith("<!--", at):
        return Token("markup", at, text.index(">", at) + 1)
    if text.startswith((">", "->"), at + 4):
        return Token("comment", at, text.index(">", at) + 1)
    end = text.find("-->", at + 4)
    return Token("comment", at, len(text) if end < 0 else end + 3)


@cache
def _closing(name: str) -> re.Pattern[str]:
    """The end tag of a raw-text element."""
    return re.compile(rf"</{name}(?:[\s/][^>]{{0,40}})?>", re.I)


def _preformatted(text: str, stream: list[Token]) -> Iterator[Token]:
    """Split the text inside <pre> at its line ends."""
    depth = 0
    for token in stream:
        if token.name == "pre":
            depth = max(depth + {"open": 1, "close": -1}.get(token.kind, 0), 0)
        if token.kind != "text" or not depth:
            yield token
            continue
        position = token.start
        for end in _LINE_END.finditer(text, token.start, token.end):
            if end.start() > position:
                yield Token("text", position, end.start())
            yield Token("newline", end.start(), end.end(), "br")
            position = end.end()
        if position < token.end:
            yield Token("text", position, token.end)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of an opening tag, names in lower case, values as written; the first of a name counts."""
    values: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        values.setdefault(name.lower(), double or single or bare)
    return values

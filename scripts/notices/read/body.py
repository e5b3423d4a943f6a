"""Where the body of a page lies, told from its tokens alone: no tree, one pass each.

A page's running text is what stands in long lines outside links.  The body is the known container
that holds most of it, or the innermost element that holds nearly all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ..rules import Rules
from .lexer import BREAKS, Token, attributes, names

VOID = names("area base br col embed frame hr img input link meta param source track wbr")
#: Elements whose end tag closes no other element: editors and templates cross them with <div> and <table>.
CROSSED = names("body center form h1 h2 h3 h4 h5 h6 head html p title")
#: Elements that can be the body of an unknown template; rows and paragraphs are parts of one.
HOLDERS = names("article blockquote body center dd div fieldset form li main section table td")
#: Elements that the HTML Standard sets apart from the text around them.
APART = names("aside footer header nav")
#: Classes of share bars and of what a page leaves out when printed, whatever the CMS.
UNPRINTED = frozenset(("noprint", "no-print", "bdsharebuttonbox", "bdshare", "bshare-custom", "social-share"))
LONG = 20  # wide characters that make a line running text
LEAST = 100  # of them a page must have before their place tells anything
NEARLY = 0.85  # of them the body of an unknown template holds
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN = re.compile(r"\shidden(?=[\s/>=])", re.I)
Range = tuple[int, int]
Weigh = Callable[[Range], int]


class Body(NamedTuple):
    """The token ranges of the body in page order, and the tokens inside them that are no part of it."""

    ranges: tuple[Range, ...]
    skipped: frozenset[int]

    def indices(self) -> Iterator[int]:
        """The tokens of the body, in page order."""
        for first, last in self.ranges:
            yield from (index for index in range(first, last) if index not in self.skipped)


def find_body(text: str, cut: Sequence[Token], rules: Rules) -> Body:
    """The body of the page `text` cut into tokens; the whole page where nothing tells it."""
    ends = closings(cut)
    opened = {i: attributes(text[cut[i].start : cut[i].end]) for i in ends if _has_identity(text, cut[i])}
    hidden = _indices(_hidden(text, cut, ends, opened))
    fresh, copied = weigh(text, cut, hidden)
    if hidden:
        every = weigh(text, cut, ())
        if every[0][-1] > 3 * fresh[-1]:  # a script shows the text: most of it is hidden until then
            hidden, (fresh, copied) = frozenset(), every

    def weight(span: Range) -> int:
        return fresh[span[1]] - fresh[span[0]]

    def is_copy(span: Range) -> bool:
        again = copied[span[1]] - copied[span[0]]
        return again * 2 >= fresh[-1] and weight(span) * 20 <= again >= LEAST

    spans = [(i, ends[i]) for i in ends]
    ranges = _known(opened, ends, rules, weight, fresh[-1]) or _densest(cut, spans, weight, fresh[-1])
    apart = [s for s in spans if _is_apart(cut[s[0]], opened.get(s[0])) and weight(s) * 5 <= fresh[-1]]
    if copied[-1]:
        apart += [span for span in spans if is_copy(span)]
    return Body(ranges or ((0, len(cut)),), hidden | _indices(apart))


def closings(cut: Sequence[Token]) -> dict[int, int]:
    """For each opened element, one past its last token; the end of the page where nothing closes it.

    The end of a block closes what it holds: </table> ends a cell left open.
    """
    ends: dict[int, int] = {}
    alone: dict[str, list[int]] = {}
    stack: list[int] = []
    waiting: Counter[str] = Counter()
    for index, token in enumerate(cut):
        name = token.name
        if token.kind == "open" and name not in VOID:
            ends[index] = len(cut)
            if name in BREAKS and name not in CROSSED:
                stack.append(index)
                waiting[name] += 1
            else:
                alone.setdefault(name, []).append(index)
        elif token.kind != "close":
            continue
        elif waiting[name]:
            while cut[top := stack.pop()].name != name:
                ends[top] = index
                waiting[cut[top].name] -= 1
            ends[top] = index + 1
            waiting[name] -= 1
        elif alone.get(name):
            ends[alone[name].pop()] = index + 1
    return ends


def weigh(text: str, cut: Sequence[Token], hidden: Collection[int]) -> tuple[list[int], list[int]]:
    """Running totals, before each token and at the end, of wide characters in running text: new and repeated.

    Counting a repeated line apart is what keeps a second copy of the body from drawing the choice to an
    element that holds both.
    """
    fresh, copied = [0] * (len(cut) + 1), [0] * (len(cut) + 1)
    seen: set[str] = set()
    line: list[int] = []
    linked = False

    def close() -> None:
        words = "".join("".join(text[cut[i].start : cut[i].end] for i in line).replace("&nbsp;", "").split())
        if wide(words) >= LONG:
            target = copied if words in seen else fresh
            seen.add(words)
            for i in line:
                target[i + 1] = wide(text[cut[i].start : cut[i].end])
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
    close()
    return list(accumulate(fresh)), list(accumulate(copied))


def wide(text: str) -> int:
    """How many characters of `text` are beyond U+07FF, as all Chinese is; much faster than looking at each."""
    return (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2


def _has_identity(text: str, token: Token) -> bool:
    """Whether a tag may say what it is or that it is hidden; cheap, since most tags say neither."""
    if token.name in ("p", "span", "font", "a", "b", "strong", "li", "br"):  # many on a page, seldom a container
        tag = text[token.start : token.end].lower()
        return "none" in tag or "hidden" in tag
    return token.end - token.start > len(token.name) + 6


def _hidden(
    text: str, cut: Sequence[Token], ends: dict[int, int], opened: dict[int, dict[str, str]]
) -> Iterator[Range]:
    """Elements that a reader of the page does not see."""
    for index, values in opened.items():
        token = cut[index]
        head = min(token.end, token.start + 500)
        if _STYLE.search(values.get("style", "")) or _HIDDEN.search(text, token.start, head):
            yield index, ends[index]


def _is_apart(token: Token, values: dict[str, str] | None) -> bool:
    return token.name in APART or bool(values and not UNPRINTED.isdisjoint(values.get("class", "").lower().split()))


def _indices(spans: Iterable[Range]) -> frozenset[int]:
    """The tokens of all spans, each looked at once however the spans nest."""
    found: list[int] = []
    reached = 0
    for first, last in sorted(spans):
        found.extend(range(max(first, reached), last))
        reached = max(reached, last)
    return frozenset(found)


def _known(
    opened: dict[int, dict[str, str]], ends: dict[int, int], rules: Rules, weight: Weigh, total: int
) -> tuple[Range, ...]:
    """The outermost known containers with running text, where together they hold more than half of it."""
    wanted = [spec for site in rules.sites for spec in site.containers]
    identities = {value for _, how, value in wanted if how == "="}
    classes = {value for _, how, value in wanted if how == "~"}
    prefixes = tuple(value for _, how, value in wanted if how == "^")
    found: list[Range] = []
    for index, values in opened.items():
        identity = values.get("id", "").lower()
        known = (
            identity in identities
            or bool(identity and prefixes and identity.startswith(prefixes))
            or not classes.isdisjoint(values.get("class", "").lower().split())
        )
        if known and (not found or index >= found[-1][1]):
            span = (index, ends[index])
            if total < LEAST or weight(span):
                found.append(span)
    return tuple(found) if sum(map(weight, found)) * 2 >= total else ()


def _densest(cut: Sequence[Token], spans: Sequence[Range], weight: Weigh, total: int) -> tuple[Range, ...]:
    """The innermost element that holds nearly all running text."""
    if total < LEAST:
        return ()
    full = [span for span in spans if cut[span[0]].name in HOLDERS and weight(span) >= NEARLY * total]
    return (max(full),) if full else ()

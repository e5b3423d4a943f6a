"""Where the body of a page lies, told from its tokens alone: no tree, one pass each.

The body is the known container that holds most of the page's running text, or the innermost element
that holds nearly all of it.  What a template is called and how it is marked up is data: rules/sites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ...rules import Rules, Selector
from .lexer import BREAKS, Token, attributes, names
from .unseen import HINT, unseen
from .weight import LEAST, Range, lines_of, second_copies, weigh

VOID = names("area base br col embed frame hr img input link meta param source track wbr")
#: Elements whose end tag closes no other element: editors and templates cross them with <div> and <table>.
CROSSED = names("body center form h1 h2 h3 h4 h5 h6 head html p title")
#: Elements that can be the body of an unknown template; rows and paragraphs are parts of one.
HOLDERS = names("article blockquote body center dd div fieldset form li main section table td")
#: Elements that the HTML Standard sets apart from the text around them.
APART = names("address aside footer header nav")
#: Of these those that can be a second copy of a body; one item may well say the same as another.
COPIES = HOLDERS - names("dd li")
#: What an opening tag ends where its end tag was left out (HTML Standard, §13.1.2.4).
ENDED_BY = {
    "td": names("td th"), "th": names("td th"), "tr": names("td th tr"), "tbody": names("td th tr thead tbody"),
    "li": names("li"), "dd": names("dd dt"), "dt": names("dd dt"),
}  # fmt: skip
NEARLY = 0.85  # of the running text the body of an unknown template holds
Weigh = Callable[[Range], int]


class Body(NamedTuple):
    """The token ranges of the body in page order, and the tokens that are no part of it.

    `named` gives tokens that are left out wherever they stand the rule that says so; `sites` the families
    of templates whose container this is; `containers` all known containers of the page, with or without text.
    """

    ranges: tuple[Range, ...]
    skipped: frozenset[int]
    named: Mapping[int, str] = {}
    sites: tuple[str, ...] = ()
    containers: tuple[Range, ...] = ()

    def indices(self) -> Iterator[int]:
        """The tokens of the body, in page order."""
        for first, last in self.ranges:
            yield from (index for index in range(first, last) if index not in self.skipped)


class Marks(NamedTuple):
    """Selectors of one kind, ready for asking; each leads to the families that use it."""

    ids: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, tuple[str, ...]]

    def of(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The families that know an element with these attributes; empty where none does."""
        identity = values.get("id", "").lower()
        found = list(self.ids.get(identity, ()))
        for word in values.get("class", "").lower().split():
            found += self.classes.get(word, ())
        if identity:
            for prefix, families in self.prefixes.items():
                found += families if identity.startswith(prefix) else ()
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8)
def marks(rules: Rules, kind: str) -> Marks:
    """The selectors of `kind` ("containers", "drop" or "copies") of all sites."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {"=": {}, "~": {}, "^": {}}
    for site in rules.sites:
        selectors: tuple[Selector, ...] = getattr(site, kind)
        for _, how, value in selectors:
            tables[how][value] = (*tables[how].get(value, ()), site.name)
    return Marks(tables["="], tables["~"], tables["^"])


def find_body(text: str, cut: Sequence[Token], rules: Rules) -> Body:
    """The body of the page `text` cut into tokens; the whole page where nothing tells it."""
    ends = closings(cut)
    opened = _opened(text, cut, ends)
    spans = [(i, ends[i]) for i in ends if cut[i].name in HOLDERS]
    known = _known(text, cut, opened, ends, rules)
    hidden_spans = list(unseen(text, cut, ends, opened))
    lines = lines_of(text, cut, ())
    copies = second_copies(
        lines, len(cut), [s for s in spans if cut[s[0]].name in COPIES], _liking(opened, known, hidden_spans, rules)
    )
    again = _indices(copies)
    hidden = _indices(hidden_spans)
    lines = [line for line in lines if line.token not in again]
    weights = weigh((line for line in lines if line.token not in hidden), len(cut))
    if hidden:
        every = weigh(lines, len(cut))
        if every.fresh[-1] > 3 * weights.fresh[-1]:  # a script shows the text: most of it is hidden until then
            hidden, weights = frozenset(), every
    total = weights.fresh[-1]
    holding = _holding([span for span in known if span[0] not in again], weights.of, total)
    ranges = holding or _densest(spans, weights.of, total) or ((0, len(cut)),)
    parts = _parts(opened, ends, ranges, rules, weights.of, total)
    rule_of = {**dict.fromkeys(_indices(parts), "html-page-part"), **dict.fromkeys(again, "html-copy")}
    apart = [(i, ends[i]) for i in ends if cut[i].name in APART and weights.of((i, ends[i])) * 5 <= total]
    sites = dict.fromkeys(name for span in holding for name in known[span])
    return Body(ranges, hidden | _indices(apart) | frozenset(rule_of), rule_of, tuple(sites), tuple(known))


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
            while stack and cut[stack[-1]].name in ENDED_BY.get(name, ()):
                ends[top := stack.pop()] = index
                waiting[cut[top].name] -= 1
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


def _opened(text: str, cut: Sequence[Token], ends: Iterable[int]) -> dict[int, Mapping[str, str]]:
    """The attributes of the opening tags `ends` that may say what they are; tags that read alike are read once."""
    read: dict[str, Mapping[str, str] | None] = {}
    opened = {}
    for index in ends:
        _, start, end, name = cut[index]
        tag = text[start:end]
        if tag not in read:
            read[tag] = attributes(tag) if _has_identity(tag, name) else None
        if (values := read[tag]) is not None:
            opened[index] = values
    return opened


def _has_identity(tag: str, name: str) -> bool:
    """Whether a tag may say what it is or that it is hidden; cheap, since most tags say neither."""
    if name in ("p", "span", "font", "a", "b", "strong", "li", "br"):  # many on a page, seldom a container
        return HINT.search(tag) is not None
    return len(tag) > len(name) + 6


def _liking(
    opened: Mapping[int, Mapping[str, str]], known: Mapping[Range, tuple[str, ...]], unseen: list[Range], rules: Rules
) -> Callable[[Range], int]:
    """How well a copy of the body suits: 1 with a known container, -1 named as a second version or hidden, else 0."""
    second = marks(rules, "copies")
    named = frozenset(i for i, values in opened.items() if second.of(values))

    def liked(span: Range) -> int:
        if span[0] in named or any(first <= span[0] < last for first, last in unseen):
            return -1
        return int(any(a <= span[0] < b or span[0] <= a < span[1] for a, b in known))

    return liked


def _indices(spans: Iterable[Range]) -> frozenset[int]:
    """The tokens of all spans, each looked at once however the spans nest."""
    found: list[int] = []
    reached = 0
    for first, last in sorted(spans):
        found.extend(range(max(first, reached), last))
        reached = max(reached, last)
    return frozenset(found)


def _known(
    text: str, cut: Sequence[Token], opened: Mapping[int, Mapping[str, str]], ends: Mapping[int, int], rules: Rules
) -> dict[Range, tuple[str, ...]]:
    """Known containers and the families they belong to, in page order."""
    containers = marks(rules, "containers")
    found = {(i, ends[i]): families for i, values in opened.items() if (families := containers.of(values))}
    spots = [i for i, token in enumerate(cut) if token.kind == "comment" or token.name == "meta"]
    for site in rules.sites:
        for begin, end in site.between:
            first = next((i for i in spots if begin in text[cut[i].start : cut[i].end]), len(cut))
            last = next((i for i in spots if i > first and end in text[cut[i].start : cut[i].end]), first)
            if last > first:
                found[first, last] = (*found.get((first, last), ()), site.name)
    return dict(sorted(found.items(), key=lambda entry: (entry[0][0], -entry[0][1])))


def _holding(known: Iterable[Range], weight: Weigh, total: int) -> tuple[Range, ...]:
    """The outermost known containers with running text, where together they hold more than half of it."""
    found: list[Range] = []
    for span in known:
        if (not found or span[0] >= found[-1][1]) and (total < LEAST or weight(span)):
            found.append(span)
    return tuple(found) if sum(map(weight, found)) * 2 >= total else ()


def _densest(spans: Iterable[Range], weight: Weigh, total: int) -> tuple[Range, ...]:
    """The innermost element that holds nearly all running text."""
    if total < LEAST:
        return ()
    full = [span for span in spans if weight(span) >= NEARLY * total]
    return (max(full),) if full else ()


def _parts(
    opened: Mapping[int, Mapping[str, str]],
    ends: Mapping[int, int],
    ranges: Sequence[Range],
    rules: Rules,
    weight: Weigh,
    total: int,
) -> list[Range]:
    """Share bars and the like inside the body; never one that holds more than a fifth of the running text."""
    unwanted = marks(rules, "drop")
    spans = ((i, ends[i]) for i, values in opened.items() if unwanted.of(values))
    inside = (span for span in spans if any(first <= span[0] < last for first, last in ranges))
    return [span for span in inside if weight(span) * 5 <= total]

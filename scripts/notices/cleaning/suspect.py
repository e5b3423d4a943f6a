"""Planted text: lines of content farms and advertisements, taken out under their rule's name and shown to a person.

Strong evidence only.  A numbered clause is never taken whole, and of a clause's text only sentences go that hold an
advertisement from their beginning.  What is weak stays and is flagged.  Problems name the line and the rule and never
quote: they are shown on pages, and the planted words must stand nowhere but in the record of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from ..chars import fold, squeeze
from ..ledger import Change, drop, substitute
from ..model import Block, Document, Piece, Problem
from ..parse.labels import label_of
from ..rules import Rules, compiled

MAX_LINE = 120  # characters of a farm's line, squeezed
MAX_LEAD = 12  # characters of a run before its first telling word; with more, it is flagged and stays
_JOINT = re.compile(r"\s*[_|｜—]\s*|\s+-\s+|-(?=[\u4e00-\u9fff])")
_SENTENCE = re.compile(r"[^。！!？?；;\n]*[。！!？?；;\n]*[”’）)]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A rule for what a farm prints around a text; kind "line": all of it, "part": what matches."""

    id: str
    name: str
    kind: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Advert:
    """A kind of advertisement: words that are enough, and words that need a contact and an offer beside them."""

    id: str
    name: str
    cues: tuple[str, ...]
    sure: re.Pattern[str]
    trade: re.Pattern[str]


class Suspects(NamedTuple):
    """suspect.toml as this module uses it."""

    lines: tuple[Line, ...]
    adverts: tuple[Advert, ...]
    guard: re.Pattern[str]
    contact: re.Pattern[str]
    mobile: re.Pattern[str]
    offer: re.Pattern[str]
    plea: re.Pattern[str]


class Sentence(NamedTuple):
    """[start, end) of a block's text and what its words say; `lead`: characters before the first such word."""

    start: int
    end: int
    sure: Advert | None
    trade: Advert | None
    trades: int  # how many words of the trade
    contact: bool
    mobile: bool
    offer: bool
    guarded: bool
    lead: int

    @property
    def speaks(self) -> bool:
        """Whether it can belong to an advertisement."""
        return not self.guarded and bool(self.sure or self.trade or self.contact or self.mobile or self.offer)


class Finding(NamedTuple):
    """A run of sentences: [start, end) of the block's text, the rule, and whether the evidence is strong.

    `lead`: characters from the start of the run to its first telling word.
    """

    start: int
    end: int
    advert: Advert
    strong: bool
    lead: int


@cache
def compiled_suspects(rules: Rules) -> Suspects:
    """The lines and advertisements of suspect.toml.  Raises RulesError or KeyError where they are wrong."""
    table = rules.tables["suspect"]
    lines = tuple(
        Line(r["id"], r["name"], r["kind"], tuple(r["cues"]), compiled(r["pattern"], r["id"])) for r in table["line"]
    )
    adverts = tuple(
        Advert(r["id"], r["name"], tuple(r["cues"]), compiled(r["sure"], r["id"]), compiled(r["trade"], r["id"]))
        for r in table["advert"]["rule"]
    )
    common = (
        compiled(table["advert"][key], f"advert.{key}") for key in ("guard", "contact", "mobile", "offer", "plea")
    )
    return Suspects(lines, adverts, *common)


def names(rules: Rules) -> dict[str, str]:
    """The Chinese name of each rule of this module by its id."""
    known = compiled_suspects(rules)
    return {line.id: line.name for line in known.lines} | {advert.id: advert.name for advert in known.adverts}


def suspect(document: Document, rules: Rules) -> Document:
    """The document without planted lines and advertisements, with a problem for each and for what only looks so.

    The page's own title and <meta> fields lose what the same rules know: they may become the notice's title.
    """
    known = _present(compiled_suspects(rules), document)
    blocks: list[Block] = []
    removed: list[Piece] = list(document.removed)
    problems: list[Problem] = []
    for block in document.blocks:
        kept, found = _without_lines(block, known, rules, removed)
        if kept is not None:
            kept, more = _without_adverts(kept, known, rules, removed)
            found += more
        problems += found
        if kept is not None:
            blocks.append(kept)
    hints = tuple(replace(hint, value=_clean_hint(hint.value, known)) for hint in document.hints)
    return replace(
        document,
        blocks=tuple(blocks),
        removed=tuple(removed),
        problems=(*document.problems, *problems),
        hints=tuple(hint for hint in hints if hint.value),
    )


def _present(known: Suspects, document: Document) -> Suspects:
    """The rules with a cue in the document or in the head of its page: most documents have few."""
    text = "\n".join([fold(document.published), *(hint.value for hint in document.hints)])
    cues = _cues(known)
    here = {cues[0][number] for number, _, _ in cues[1].find_matches_as_indexes(text, overlapping=True)}
    return known._replace(
        lines=tuple(rule for rule in known.lines if not here.isdisjoint(rule.cues)),
        adverts=tuple(rule for rule in known.adverts if not here.isdisjoint(rule.cues)),
    )


@cache
def _cues(known: Suspects) -> tuple[tuple[str, ...], AhoCorasick]:
    """Every cue, and the automaton that finds them in one pass."""
    every = [*(line.cues for line in known.lines), *(advert.cues for advert in known.adverts)]
    words = tuple(dict.fromkeys(cue for cues in every for cue in cues))
    return words, AhoCorasick(words)


def _clean_hint(value: str, known: Suspects) -> str:
    """A page's title without a farm's name and without parts that advertise; "" where nothing is left."""
    for rule in known.lines:
        if rule.kind == "part":
            value = rule.pattern.sub("", value)
    if not any(advert.sure.search(value) for advert in known.adverts):
        return value
    parts = [part for part in _JOINT.split(value) if not any(advert.sure.search(part) for advert in known.adverts)]
    return "_".join(part.strip() for part in parts if part.strip())


def _without_lines(
    block: Block, known: Suspects, rules: Rules, removed: list[Piece]
) -> tuple[Block | None, list[Problem]]:
    """The block without a farm's lines; None where nothing is left."""
    flat = squeeze(block.text)
    if block.kind == "table" or not 4 <= len(flat) <= MAX_LINE or label_of(block.text, rules):
        return block, []
    for rule in known.lines:
        if not any(map(flat.__contains__, rule.cues)):
            continue
        if rule.kind == "line":
            if rule.pattern.fullmatch(flat):
                removed.extend(drop(block, rule.id))
                return None, [_taken(block, rule.id, rule.name)]
        elif (found := rule.pattern.search(block.text)) and found.end() > found.start():
            if found.start() == 0:
                removed.extend(drop(block, rule.id))
                return None, [_taken(block, rule.id, rule.name)]
            return substitute(block, [Change(*found.span(), "", rule.id)]), [_taken(block, rule.id, rule.name)]
    return block, []


def _without_adverts(
    block: Block, known: Suspects, rules: Rules, removed: list[Piece]
) -> tuple[Block | None, list[Problem]]:
    """The block without the sentences of an advertisement; None where nothing is left."""
    findings = list(adverts_in(block.text, known))
    if not findings:
        asks = known.plea.search(fold(block.text)) and not known.guard.search(block.text)
        return block, [_left(block, "招揽添加好友的话")] if asks else []
    label = label_of(block.text, rules) if block.kind != "table" else None
    body = label.end if label else 0
    whole = label is None and not any(block.text[a:b].strip() for a, b in _rest(findings, len(block.text)))
    strong = [f for f in findings if f.strong and (whole or f.lead - body <= MAX_LEAD) and block.kind != "table"]
    problems = [_taken(block, f.advert.id, f.advert.name) for f in strong]
    problems += [_left(block, f.advert.name) for f in findings if f not in strong]
    if strong and not any(block.text[max(a, body) : b].strip() for a, b in _rest(strong, len(block.text))):
        removed.extend(drop(block, strong[0].advert.id))
        return None, problems
    changes = [Change(_trimmed(block.text, max(f.start, body)), f.end, "", f.advert.id) for f in strong]
    return substitute(block, changes), problems


def _rest(findings: list[Finding], size: int) -> Iterator[tuple[int, int]]:
    """What the findings leave of a text of that size."""
    at = 0
    for finding in findings:
        yield at, finding.start
        at = finding.end
    yield at, size


def _trimmed(text: str, start: int) -> int:
    """`start`, moved back over the white space before it."""
    return len(text[:start].rstrip())


def adverts_in(text: str, known: Suspects) -> Iterator[Finding]:
    """The advertisements in a block's text: runs of sentences that sell something, each with its strength."""
    folded = fold(text)
    adverts = tuple(rule for rule in known.adverts if any(map(folded.__contains__, rule.cues)))
    if not any(rule.sure.search(folded) or rule.trade.search(folded) for rule in adverts):
        return
    known = known._replace(adverts=adverts)
    run: list[Sentence] = []
    for sentence in _sentences(folded, known):
        if sentence.speaks:
            run.append(sentence)
            continue
        yield from _judged(run)
        run = []
    yield from _judged(run)


def _sentences(text: str, known: Suspects) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(text):
        words = found[0]
        if not words.strip():
            continue
        sure = next(((rule, m) for rule in known.adverts if (m := rule.sure.search(words.strip()))), None)
        trades = [(rule, m) for rule in known.adverts for m in rule.trade.finditer(words)]
        yield Sentence(
            found.start(),
            found.end(),
            sure[0] if sure else None,
            trades[0][0] if trades else None,
            len(trades),
            bool(known.contact.search(words)),
            bool(known.mobile.search(words)),
            bool(known.offer.search(words)),
            bool(known.guard.search(words)),
            min((m.start() for _, m in [*([sure] if sure else []), *trades]), default=0),
        )


def _judged(run: list[Sentence]) -> Iterator[Finding]:
    """The finding that a run of neighbouring sentences makes; nothing for an offer or a contact alone.

    The run is taken from the first sentence that sells something: a contact line above it is not its own.
    """
    while run and not (run[0].sure or run[0].trade):
        run = run[1:]
    if not run:
        return
    advert = next((s.sure for s in run if s.sure), None)
    sold = advert or next(s.trade for s in run if s.trade)
    assert sold is not None
    offer, contact, mobile = (any(flags) for flags in zip(*((s.offer, s.contact, s.mobile) for s in run), strict=True))
    several = sum(s.trades for s in run) > 1
    strong = advert is not None or (offer and (contact or (mobile and several)))
    if strong or contact or mobile:
        yield Finding(run[0].start, run[-1].end, sold, strong, run[0].lead)


def _taken(block: Block, rule: str, name: str) -> Problem:
    detail = f"夹有“{name}”（规则 {rule}），已移除，内容见“原文与清理记录”。请对照原网页，看别处有没有改动；最好换成发布单位网站上的原文。"
    return Problem("review", "planted-text", block.line, detail)


def _left(block: Block, name: str) -> Problem:
    detail = f"有一句像是“{name}”，证据不足，没有移除。请看一眼；确是夹带的，请换成发布单位网站上的原文。"
    return Problem("review", "suspect-text", block.line, detail)

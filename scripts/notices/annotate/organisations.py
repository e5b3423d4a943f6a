"""Named public bodies in running text, as rules/places.toml describes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..chars import is_han
from ..model import Clause, Span, Value
from .names import Found, Lexicon, Reader
from .scope import NATION, Scope


def organisations(
    clause: Clause, text: str, taken: bytearray, places: Sequence[Found], lexicon: Lexicon, scope: Scope
) -> Iterator[Span]:
    """Named bodies: a place and what follows it, 县人民医院 as the one of the own place, and those of the state."""
    if clause.anchor == "sign":
        yield from _signers(clause, text, lexicon)
    starts = {place.end: place for place in places}
    for place in places:
        prefix = "township" if place.level in ("township", "village") else "place"
        match = lexicon.bodies[prefix].match(text, place.end)
        if match and place.level != "region":
            first = place
            while first.start in starts:
                first = starts[first.start]
            own = place.division is None or scope.is_own(place.division.code)
            yield _organisation(clause, first.start, match.end(), text[first.start : match.end()], own, "named")
    reader = Reader(text, lexicon)
    reader.by_end = dict(starts)
    for match in scope.letters_pattern.finditer(text):
        start, division = match.start(), scope.letters[match[0]]
        if taken[start] or not (reader.begins(start) or text[start - 1] in "委府"):
            continue
        body = lexicon.bodies["any"].match(text, match.end())
        if body:
            name = division.name + text[match.end() : body.end()]
            yield _organisation(clause, start, body.end(), name, division.code == scope.own, "own")
    for match in lexicon.national.finditer(text):
        if not reader.begins(match.start()):
            continue
        yield _organisation(clause, match.start(), match.end(), match[0], scope.own == NATION, "national")


def _signers(clause: Clause, text: str, lexicon: Lexicon) -> Iterator[Span]:
    """Lines of the signature that are nothing but an organisation's name."""
    at = 0
    for line in text.split("\n"):
        name = line.strip()
        if 4 <= len(name) <= 40 and lexicon.sign.search(name) and all(map(is_han, name)):
            start = at + line.index(name)
            yield _organisation(clause, start, start + len(name), name, True, "sign")
        at += len(line) + 1


def _organisation(clause: Clause, start: int, end: int, name: str, own: bool, rule: str) -> Span:
    value: tuple[tuple[str, Value], ...] = (("name", name), ("scope", "own" if own else "other"))
    return Span("organisation", clause.anchor, start, end, value, f"places/{rule}")

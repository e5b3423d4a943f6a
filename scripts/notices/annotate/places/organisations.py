"""Named public bodies in running text, as rules/places.toml describes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...chars import is_han
from .names import Body, Found, Lexicon, Names, Reader
from .scope import NATION, Scope


def organisations(
    text: str, taken: bytearray, places: Sequence[Found], names: Names, lexicon: Lexicon, scope: Scope
) -> Iterator[Body]:
    """Named bodies: a place and what follows it, 县人民医院 as the one of the own place, and those of the state.

    `taken`: 1 for each character of a citation or of a marked unit.
    """
    starts = {place.end: place for place in places}
    for place in places:
        prefix = "township" if place.level in ("township", "village") else "place"
        match = lexicon.bodies[prefix].match(text, place.end)
        if match and place.level not in ("region", "nation"):
            first = place
            while first.start in starts:
                first = starts[first.start]
            own = place.division is None or scope.is_own(place.division.code)
            end = _section(text, match.end(), lexicon)
            yield Body(first.start, end, text[first.start : end], own, "named")
    reader = Reader(text, lexicon)
    reader.by_end = dict(starts)
    for match in scope.lettered.finditer(text):
        start = match.start()
        if not taken[start] and (reader.begins(start) or text[start - 1] in "委府"):
            division, end = scope.letters[text[start]], _section(text, match.end(), lexicon)
            yield Body(start, end, division.name + text[start + 1 : end], division.code == scope.own, "own")
    for start, stop in names.national:
        found = lexicon.national[text[start:stop]].match(text, stop)
        if found and reader.begins(start):
            yield Body(start, found.end(), text[start : found.end()], scope.own == NATION, "national")
    for start, stop in names.schools:
        found = lexicon.school.match(text, stop)
        if found and reader.begins(start) and text[start:stop] not in lexicon.common:
            home = scope.short.get(text[start:stop])
            own = home is not None and scope.is_own(home.code)
            yield Body(start, found.end(), text[start : found.end()], own, "school")
    yield from _customs(reader, lexicon)


def _customs(reader: Reader, lexicon: Lexicon) -> Iterator[Body]:
    """友谊关海关: a port's name of two to four characters, which the division table need not know."""
    text = reader.text
    for match in lexicon.customs.finditer(text):
        port = reader.by_end.get(match.start())
        if port and port.level == "nation":  # 越南海关
            continue
        for start in range(match.start() - 2, max(match.start() - 5, -1), -1):
            if not all(map(is_han, text[start : match.start()])):
                break
            if reader.begins(start):
                name = text[start : match.start()]
                if not (lexicon.no_customs.search(name) or lexicon.generic.search(name)):
                    yield Body(start, match.end(), text[start : match.end()], False, "customs")
                break


def _section(text: str, end: int, lexicon: Lexicon) -> int:
    """The end of a department's name with the office inside it: 县文化和旅游局产业发展股."""
    found = lexicon.section.match(text, end) if text[end - 1] in "局委厅" else None
    return found.end() if found else end


def signers(text: str, lexicon: Lexicon) -> Iterator[Body]:
    """Lines of the signature that are nothing but an organisation's name."""
    at = 0
    for line in text.split("\n"):
        name = line.strip()
        if 4 <= len(name) <= 40 and lexicon.sign.search(name) and all(map(is_han, name)):
            start = at + line.index(name)
            yield Body(start, start + len(name), name, True, "sign")
        at += len(line) + 1

"""What reading names off a text needs: the word lists, a place as found, and where a name may begin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...chars import is_han
from ...places import Division


@dataclass(frozen=True, slots=True)
class Lexicon:
    """rules/places.toml, compiled."""

    leads: frozenset[str]
    lead_ends: frozenset[str]  # their last characters
    common: frozenset[str]
    generic: re.Pattern[str]
    regions: frozenset[str]
    countries: frozenset[str]
    unlike: re.Pattern[str]  # what follows the name of a country where none is meant
    village: re.Pattern[str]  # words before 村 that are no name
    customs: re.Pattern[str]
    no_customs: re.Pattern[str]  # words before 海关 that are no name
    school: re.Pattern[str]
    school_heads: frozenset[str]  # its first two characters
    sign: re.Pattern[str]
    bodies: Mapping[str, re.Pattern[str]]  # by prefix: any, place, township
    section: re.Pattern[str]
    national: Mapping[str, re.Pattern[str]]  # by name: what may follow it
    words: frozenset[str]  # regions, countries and national bodies, to be looked for with the divisions


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the text.  `division` is None below the county, for regions and where doubt is left."""

    start: int
    end: int
    name: str
    level: str
    division: Division | None = None
    within: str | None = None
    doubt: str = ""
    rule: str = "division"


class Body(NamedTuple):
    """An organisation in the text: whether it belongs to the own place, and the rule that found it."""

    start: int
    end: int
    name: str
    own: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the automaton found in a text: [start, end) each."""

    full: Sequence[tuple[int, int]]  # divisions with their kind, by their ends and the longest first
    short: Sequence[tuple[int, int]]  # those without, the longest at each start
    regions: Sequence[tuple[int, int]]  # countries among them
    national: Sequence[tuple[int, int]]  # the longest at each start
    schools: Sequence[tuple[int, int]]  # places without their kind before 大学 and the like


class Reader:
    """A text while names are read off it: the places so far, and where names may begin."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.by_end: dict[int, Found] = {}
        self.taken = bytearray(len(text))

    def add(self, place: Found) -> None:
        if 1 not in self.taken[place.start : place.end]:
            self.by_end[place.end] = place
            self.taken[place.start : place.end] = b"\1" * (place.end - place.start)

    def hard(self, at: int) -> bool:
        """Whether a name can only begin here: after a mark, a number or another place."""
        return at == 0 or not is_han(self.text[at - 1]) or at in self.by_end

    def begins(self, at: int) -> bool:
        """Whether a name may begin here: also after a lead-in word (督促马桥镇)."""
        text, lexicon = self.text, self.lexicon
        if self.hard(at):
            return True
        if text[at - 1] not in lexicon.lead_ends:
            return False
        leads = lexicon.leads
        return any(text[max(0, at - size) : at] in leads for size in (1, 2, 3, 4))

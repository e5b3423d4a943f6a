"""What reading names off a text needs: the word lists, a place as found, and where a name may begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..chars import is_han
from ..places import Division


@dataclass(frozen=True, slots=True)
class Lexicon:
    """rules/places.toml, compiled."""

    leads: frozenset[str]
    lead_ends: frozenset[str]  # their last characters
    common: frozenset[str]
    generic: re.Pattern[str]
    regions: re.Pattern[str]
    sign: re.Pattern[str]
    bodies: Mapping[str, re.Pattern[str]]  # by prefix: any, place, township
    national: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a clause's text.  `division` is None below the county, for regions and where doubt is left."""

    start: int
    end: int
    name: str
    level: str
    division: Division | None = None
    within: str | None = None
    doubt: str = ""
    rule: str = "division"


class Reader:
    """One clause's text while names are read off it: the places so far, and where names may begin."""

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
        if at and text[at - 1] in lexicon.lead_ends:
            return self.hard(at) or any(text[max(0, at - size) : at] in lexicon.leads for size in (1, 2, 3, 4))
        return self.hard(at)

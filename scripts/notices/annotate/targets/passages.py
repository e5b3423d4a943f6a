"""Cutting a clause's text into the stretches in which a number is read.  Offsets always stay those of the clause's text.

Nothing inside 《》 or “” is promised by the notice, and what stands in brackets neither ends nor begins a phrase outside
them: both are masked by as many filler characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

_QUOTED = re.compile(
    r"《[^《》\n]{0,120}》|“[^“”\n]{0,60}”|‘[^‘’\n]{0,60}’|「[^「」\n]{0,60}」|〔[^〔〕\n]{0,12}〕|<[^<>\n]{0,60}>"
)
_BRACKETS = re.compile(r"\([^()\n]{0,160}\)|\[[^\[\]\n]{0,160}\]|【[^【】\n]{0,160}】")
_PHRASE_END = re.compile(r"[,，。;；:：!?\n]")
_SENTENCE_END = re.compile(r"[。;；!?\n]")
_FULL_STOP = re.compile(r"[。!?\n]")
REACH = 1000  # how far a phrase or sentence is looked for: any text costs no more than its numbers
QUOTE, BRACKET = "□", "■"


def masked(text: str) -> str:
    """Folded `text` with every quoted passage as □, twice, because a title may hold a title."""
    once = _QUOTED.sub(lambda found: QUOTE * len(found[0]), text)
    return once if once == text else _QUOTED.sub(lambda found: QUOTE * len(found[0]), once)


class Spot(NamedTuple):
    """What is read around a place: the text (brackets masked, unless the place is inside one) and where parts begin and end."""

    text: str
    begin: int  # of the phrase: after a comma, or after the bracket that opens
    end: int
    sentence: int  # where the sentence begins
    stop: int  # where it begins when semicolons do not end it
    inside: bool


@dataclass(frozen=True, slots=True)
class Passages:
    """The masked text of a clause, the same with brackets masked too, that back to front, and the brackets' insides."""

    text: str
    plain: str
    mirrored: str
    brackets: tuple[tuple[int, int], ...]

    def spot(self, at: int) -> Spot:
        """The stretches around `at`."""
        bracket = self.bracket(at)
        begin = self._back(_PHRASE_END, at)
        sentence = self._back(_SENTENCE_END, begin)
        stop = self._back(_FULL_STOP, sentence)
        if bracket:
            return Spot(self.text, *_between(_PHRASE_END, self.text, at, *bracket), sentence, stop, True)
        end = min(len(self.plain), at + REACH)
        found = _PHRASE_END.search(self.plain, at, end)
        return Spot(self.plain, begin, found.start() if found else end, sentence, stop, False)

    def _back(self, pattern: re.Pattern[str], at: int) -> int:
        """After the last mark before `at`; the text back to front is searched, for patterns only look ahead."""
        size = len(self.plain)
        found = pattern.search(self.mirrored, size - at, min(size, size - at + REACH))
        return size - found.start() if found else max(0, at - REACH)

    def bracket(self, at: int) -> tuple[int, int] | None:
        """The inside of the brackets around `at`."""
        if self.plain[at : at + 1] != BRACKET:
            return None
        place = bisect_right(self.brackets, (at, len(self.text) + 1)) - 1
        if place >= 0 and self.brackets[place][0] <= at < self.brackets[place][1]:
            return self.brackets[place]
        return None


def passages(folded: str) -> Passages:
    """`folded` text cut up."""
    return cut_up(masked(folded))


def cut_up(text: str) -> Passages:
    """Masked text cut up.  Linear in its length."""
    inner = tuple((m.start() + 1, m.end() - 1) for m in _BRACKETS.finditer(text))
    plain = _BRACKETS.sub(lambda found: BRACKET * len(found[0]), text) if inner else text
    return Passages(text, plain, plain[::-1], inner)


def _between(pattern: re.Pattern[str], text: str, at: int, start: int, end: int) -> tuple[int, int]:
    for found in pattern.finditer(text, start, end):
        if found.start() < at:
            start = found.end()
        else:
            return start, found.start()
    return start, end

"""Cutting a clause's text into the stretches in which a number is read.  Offsets always stay those of the clause's text.

Nothing inside 《》 or “” is promised by the notice, and what stands in brackets neither ends nor begins a phrase outside
them: both are masked by as many filler characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_QUOTED = re.compile(
    r"《[^《》\n]{0,120}》|“[^“”\n]{0,60}”|‘[^‘’\n]{0,60}’|「[^「」\n]{0,60}」|〔[^〔〕\n]{0,12}〕|<[^<>\n]{0,60}>"
)
_BRACKETS = re.compile(r"\([^()\n]{0,160}\)|\[[^\[\]\n]{0,160}\]|【[^【】\n]{0,160}】")
_PHRASE_END = re.compile(r"[,，。;；:：!?\n]")
_SENTENCE_END = "。;；!?\n"  # some of those marks
QUOTE, BRACKET = "□", "■"


def masked(text: str) -> str:
    """Folded `text` with every quoted passage as □, twice, because a title may hold a title."""
    once = _QUOTED.sub(lambda found: QUOTE * len(found[0]), text)
    return once if once == text else _QUOTED.sub(lambda found: QUOTE * len(found[0]), once)


@dataclass(frozen=True, slots=True)
class Passages:
    """The masked text of a clause, the same with brackets masked too, and where phrases and sentences end."""

    text: str
    plain: str
    brackets: tuple[tuple[int, int], ...]
    phrases: tuple[int, ...]
    sentences: tuple[int, ...]
    stops: tuple[int, ...]

    def phrase(self, at: int) -> tuple[int, int]:
        """[start, end) of the phrase around `at`: between commas, or inside the bracket that holds it."""
        bracket = self.bracket(at)
        if bracket:
            return _between(_PHRASE_END, self.text, at, *bracket)
        return _around(self.phrases, at)

    def sentence(self, at: int) -> tuple[int, int]:
        """[start, end) of the sentence around `at`."""
        return _around(self.sentences, at)

    def full_stop(self, at: int) -> int:
        """Where the sentence around `at` begins when semicolons do not end it."""
        return _around(self.stops, at)[0]

    def bracket(self, at: int) -> tuple[int, int] | None:
        """The inside of the brackets around `at`."""
        if self.plain[at : at + 1] != BRACKET:
            return None
        place = bisect_right(self.brackets, (at, len(self.text) + 1)) - 1
        if place >= 0 and self.brackets[place][0] <= at < self.brackets[place][1]:
            return self.brackets[place]
        return None

    def context(self, at: int) -> str:
        """The text in which the words around `at` are read: brackets masked, unless `at` is inside one."""
        return self.text if self.bracket(at) else self.plain


def passages(folded: str) -> Passages:
    """`folded` text cut up."""
    return cut_up(masked(folded))


def cut_up(text: str) -> Passages:
    """Masked text cut up.  Linear in its length."""
    inner = tuple((m.start() + 1, m.end() - 1) for m in _BRACKETS.finditer(text))
    plain = _BRACKETS.sub(lambda found: BRACKET * len(found[0]), text)
    ends = [m.start() for m in _PHRASE_END.finditer(plain)]
    stops = [at for at in ends if plain[at] in _SENTENCE_END]
    full = [at for at in stops if plain[at] not in ";；"]
    return Passages(text, plain, inner, (-1, *ends, len(text)), (-1, *stops, len(text)), (-1, *full, len(text)))


def _around(ends: tuple[int, ...], at: int) -> tuple[int, int]:
    place = min(bisect_right(ends, at - 1), len(ends) - 1)  # 1 at least, for ends[0] is -1
    return ends[place - 1] + 1, ends[place]


def _between(pattern: re.Pattern[str], text: str, at: int, start: int, end: int) -> tuple[int, int]:
    for found in pattern.finditer(text, start, end):
        if found.start() < at:
            start = found.end()
        else:
            return start, found.start()
    return start, end

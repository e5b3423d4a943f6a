"""How the texts of two notices differ: without punctuation and white space, clause by clause.  Nothing is decided here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ..chars import FOLD
from ..model import Clause, Span

_NOISE = re.compile(r"[^\w%‰≥≤<>±+.\-/]+|_|[.\-/](?![0-9])|(?<![0-9])[.\-/]")
_OTHER = FOLD | {ord(wide): ord(plain) for wide, plain in zip("○—–~～", "〇----", strict=True)}
_ODD = re.compile("[○—–~％．／＋－＜＞～０-９Ａ-Ｚａ-ｚ]")
BIG = 4_000_000  # characters × characters: beyond this two stretches are compared by their characters alone


class Passage(NamedTuple):
    """A clause, or a paragraph of the preamble, as it is compared: without punctuation and white space."""

    name: str  # the clause's printed number and title, or 总述
    line: int
    label: str  # the printed number alone
    text: str  # without it
    units: tuple[str, ...] = ()  # who is responsible, as printed


class Gap(NamedTuple):
    """Passages of one side and those that stand in their place on the other; one of the sides may be empty."""

    mine: tuple[Passage, ...]
    theirs: tuple[Passage, ...]


class Difference(NamedTuple):
    """How two texts differ; empty tuples where they do not."""

    similarity: float  # 2M/T over the characters
    gaps: tuple[Gap, ...]  # where they differ
    figures: tuple[Gap, ...]  # of these, where a figure, its unit or bound, or a responsible body differs
    reworded: tuple[Gap, ...]  # where more differs at one place than scraping spoils, or a clause is missing
    cut: bool = False  # one text is the beginning of the other, and breaks off

    @property
    def clauses(self) -> int:
        """How many clauses differ."""
        return sum(max(len(gap.mine), len(gap.theirs)) for gap in self.gaps)


def plain(text: str) -> str:
    """The text as it is compared: widths folded, without punctuation and white space, but for signs within numbers."""
    return _NOISE.sub("", text.translate(_OTHER) if _ODD.search(text) else text).lower()


def passage_of(clause: Clause, units: Iterable[Span]) -> Passage:
    """A clause as it is compared; `units` are the spans of its responsible bodies."""
    names = tuple(sorted(plain(clause.text[span.start : span.end]) for span in units))
    return Passage(clause.label + clause.title[:20], clause.line, plain(clause.label), plain(clause.text), names)


def gaps_of(mine: Sequence[Passage], theirs: Sequence[Passage], longest: int) -> Iterator[Gap]:
    """Where two sequences differ.  Clauses that one side runs together are one gap, if their words agree."""
    matcher = SequenceMatcher(None, [p.text for p in mine], [p.text for p in theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        left, right = tuple(mine[a:b]), tuple(theirs[c:d])
        if len(left) == len(right):
            yield from (Gap((one,), (other,)) for one, other in zip(left, right, strict=True))
        elif joined(left) != joined(right) and labelled(left) != labelled(right):
            whole = Gap(left, right)
            yield from [whole] if changed(whole)[1] <= longest else _by_number(whole)


def _by_number(gap: Gap) -> Iterator[Gap]:
    """The gap cut where both sides print the same number, so that a missing clause is named and not its neighbour."""
    matcher = SequenceMatcher(None, [p.label for p in gap.mine], [p.label for p in gap.theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        left, right = gap.mine[a:b], gap.theirs[c:d]
        if kind != "equal":
            yield Gap(left, right)
        else:
            pairs = zip(left, right, strict=True)
            yield from (Gap((one,), (other,)) for one, other in pairs if one.text != other.text)


def joined(passages: Sequence[Passage]) -> str:
    """The text of several passages, numbers left out."""
    return "".join(passage.text for passage in passages)


def labelled(passages: Sequence[Passage]) -> str:
    """The same with their numbers: a number that was not recognised on the other side stands there in the text."""
    return "".join(passage.label + passage.text for passage in passages)


def changed(gap: Gap) -> tuple[int, int]:
    """How many characters of both sides have no counterpart, and the longest stretch of them on one side."""
    mine, theirs = _trimmed(joined(gap.mine), joined(gap.theirs))
    if len(mine) * len(theirs) > BIG:
        loose = (Counter(mine) - Counter(theirs)).total() + (Counter(theirs) - Counter(mine)).total()
        return loose, loose
    found = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    sizes = [(b - a, d - c) for kind, a, b, c, d in found if kind != "equal"]
    return sum(map(sum, sizes)), max(map(max, sizes), default=0)


def _trimmed(mine: str, theirs: str) -> tuple[str, str]:
    """Both without what they begin and end with in common, which is quickly found and most of them."""
    start = _alike(mine, theirs)
    mine, theirs = mine[start:], theirs[start:]
    end = _alike(mine[::-1], theirs[::-1])
    return mine[: len(mine) - end], theirs[: len(theirs) - end]


def _alike(mine: str, theirs: str) -> int:
    """How many characters both begin with."""
    apart = (at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b)
    return next(apart, min(len(mine), len(theirs)))


def figures_differ(gap: Gap, figure: re.Pattern[str]) -> bool:
    """Whether figures, units or bounds differ, with the clauses' numbers and without them, or who is responsible."""
    units = [Counter(name for passage in side for name in passage.units) for side in gap]
    return units[0] != units[1] or all(
        Counter(figure.findall(text(gap.mine))) != Counter(figure.findall(text(gap.theirs)))
        for text in (joined, labelled)
    )

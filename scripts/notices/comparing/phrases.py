"""The wording that two plans share: stretches that stand letter for letter in both.

In: the texts of either side.  Out: for each text the stretches to mark, and for each two texts how much they share.
A table of SIZE-character pieces is walked along its diagonals, so the work grows with the length of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..chars import fold, is_han

SIZE = 6  # characters from which a stretch counts; measured: shorter ones are set phrases of the genre
PLACES = 16  # of one piece that are looked at in the other plan: a piece in more places than that says nothing
_BREAK = re.compile(r"[。；！？\n\t]")
_LONG = re.compile(f"[^\n]{{{SIZE},}}")
_EDGE = " 　，、：,:;（）()《》“”‘’\"'—-·"
_FIGURE = frozenset("0123456789.%")
_REST = re.compile(r"[^，、]{0,4}[，、]")  # what is left of a phrase whose figure differs: 以上， in 85%以上，
Stretch = tuple[int, int]


class Shared(NamedTuple):
    """What two lists of texts share: `first` and `second` hold the stretches of each text, in order, none overlapping.

    `common`: (place in the first list, place in the second) → how many characters of the first text are shared.
    """

    first: list[list[Stretch]]
    second: list[list[Stretch]]
    common: dict[tuple[int, int], int]


class Match(NamedTuple):
    """`length` characters from `start` in text `one` of the first list, and from `there` in `other` of the second."""

    one: int
    start: int
    other: int
    there: int
    length: int


def shared_wording(
    first: Sequence[str], second: Sequence[str], general: re.Pattern[str], left_out: re.Pattern[str]
) -> Shared:
    """The stretches.  `general`: words of every plan at either end of a stretch, `left_out`: passages that say nothing.

    Both patterns read folded text (rules/links.toml).
    """
    trimmed = [_trimmed(first, second, match) for match in _matches(first, second, left_out)]
    trimmed = [match for match in trimmed if _says(first, match, general)]
    between: dict[tuple[int, int], list[Stretch]] = {}
    for match in trimmed:
        between.setdefault((match.one, match.other), []).append((match.start, match.start + match.length))
    common = {pair: sum(end - start for start, end in _apart(found)) for pair, found in between.items()}
    ones: list[list[Stretch]] = [[] for _ in first]
    others: list[list[Stretch]] = [[] for _ in second]
    for match in trimmed:
        ones[match.one].append((match.start, match.start + match.length))
        others[match.other].append((match.there, match.there + match.length))
    return Shared([_apart(one) for one in ones], [_apart(one) for one in others], common)


def _pieces(text: str, left_out: re.Pattern[str]) -> Iterable[tuple[int, str]]:
    """Every SIZE-character piece with its place; none across the end of a sentence or inside what is left out."""
    open_text = _BREAK.sub("\n", left_out.sub(lambda found: "\n" * len(found[0]), fold(text)))
    for stretch in _LONG.finditer(open_text):
        for start in range(stretch.start(), stretch.end() - SIZE + 1):
            yield start, text[start : start + SIZE]


def _matches(first: Sequence[str], second: Sequence[str], left_out: re.Pattern[str]) -> list[Match]:
    """Every stretch of at least SIZE characters that stands in both and cannot be made longer."""
    places: dict[str, list[tuple[int, int]]] = {}
    for other, text in enumerate(second):
        for there, piece in _pieces(text, left_out):
            places.setdefault(piece, []).append((other, there))
    done: list[Match] = []
    for one, text in enumerate(first):
        running: dict[tuple[int, int], int] = {}  # where a stretch ends in the other plan → its length so far
        before = -1
        for start, piece in _pieces(text, left_out):
            if piece not in places:  # what runs ends at the next piece that is
                continue
            spots = places[piece][:PLACES]
            if start != before + 1:
                done += [_ended(one, before, spot, running[spot]) for spot in sorted(running)]
                running = {}
            following = {spot: running.get((spot[0], spot[1] - 1), SIZE - 1) + 1 for spot in spots}
            ended = [spot for spot in sorted(running) if (spot[0], spot[1] + 1) not in following]
            done += [_ended(one, before, spot, running[spot]) for spot in ended]
            running = following
            before = start
        done += [_ended(one, before, spot, running[spot]) for spot in sorted(running)]
    return done


def _ended(one: int, before: int, spot: tuple[int, int], length: int) -> Match:
    """The stretch whose last piece stands at `before` and at `spot`."""
    back = length - SIZE
    return Match(one, before - back, spot[0], spot[1] - back, length)


def _trimmed(first: Sequence[str], second: Sequence[str], match: Match) -> Match:
    """Without the marks at its ends, and without a figure that goes on in one of the texts: 9 of 90 and 95."""
    one, other = first[match.one], second[match.other]
    start, end = match.start, match.start + match.length
    ahead = match.there - start
    while start < end and (_cuts(one, start) or _cuts(other, start + ahead)):
        start += 1
    while start < end and (_cuts(one, end) or _cuts(other, end + ahead)):
        end -= 1
    if one[start - 1 : start] in _FIGURE or other[start + ahead - 1 : start + ahead] in _FIGURE:
        rest = _REST.match(one, start, end)
        start = rest.end() if rest else start
    text = one[start:end]
    start += len(text) - len(text.lstrip(_EDGE))
    return match._replace(start=start, there=start + ahead, length=len(text.strip(_EDGE)))


def _cuts(text: str, at: int) -> bool:
    """Whether a cut before `at` goes through a figure."""
    return 0 < at < len(text) and text[at - 1] in _FIGURE and text[at] in _FIGURE


def _says(first: Sequence[str], match: Match, general: re.Pattern[str]) -> bool:
    return _is_telling(fold(first[match.one][match.start : match.start + match.length]), general)


@lru_cache(maxsize=10_000)  # the same phrase stands in many places
def _is_telling(text: str, general: re.Pattern[str]) -> bool:
    """Whether a phrase, without the general words at its ends, is still long enough and mostly Chinese."""
    while (shorter := general.sub("", text).strip(_EDGE)) != text:
        text = shorter
    return len(text) >= SIZE and sum(map(is_han, text)) * 2 >= len(text)


def _apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that do not overlap: the longest first; of the others what is left of them, if it is long enough."""
    kept: list[Stretch] = []
    for start, end in sorted(set(stretches), key=lambda one: (one[0] - one[1], one[0])):
        for left, right in kept:
            if left < end and start < right:
                start, end = (start, left) if start < left else (max(start, right), end)
        if end - start >= SIZE:
            kept.append((start, end))
    return sorted(kept)

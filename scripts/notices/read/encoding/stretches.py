"""Bytes in which two encodings are mixed, or some bytes are broken: each stretch read by its own codec.

A template in one encoding around a body in the other, a footer put in by a gateway, a byte lost on the way.
A line that one codec reads as Chinese is read by it.  Any other line is cut where it costs least: the cheapest way
through its bytes, in which a common character is free, a rare one costs a little, a change of codec more, and a
byte that belongs to no character most (the Viterbi algorithm over two states).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ...chars import is_han
from .likeness import COMMON, everyday, plausible

LOST = "\ufffd"
LONGEST = 150_000  # bytes of doubtful lines that are looked into; a file with more of them is no notice
#: What an everyday but not common character, a rare one, a broken byte and a change of codec cost.
EVERYDAY, RARE, BROKEN, CHANGE = 0.3, 1.0, 3.0, 4.0
_FAR = float("inf")


class Stretch(NamedTuple):
    """Text that one codec gave; `lost`: how many places in it are U+FFFD for bytes that no codec reads."""

    text: str
    codec: str  # "" for ASCII
    line: int
    lost: int = 0


class _Step(NamedTuple):
    """One way to read on: `size` bytes become `text` in the state `codec`."""

    size: int
    text: str
    cost: float


def stretches(data: bytes, legacy: str) -> list[Stretch] | None:
    """`data` line by line, read as UTF-8 or as the codec `legacy`; None where too much of it is doubtful."""
    found: list[Stretch] = []
    codec, doubtful = "", 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        if line.isascii():
            found.append(Stretch(line.decode("ascii"), "", number))
            continue
        order = (codec, *(c for c in ("utf-8", legacy) if c != codec)) if codec else ("utf-8", legacy)
        text, by = next(((text, c) for c in order if (text := _whole(line, c)) is not None), ("", ""))
        if by:
            found.append(Stretch(text, by, number))
        else:
            doubtful += len(line)
            if doubtful > LONGEST:
                return None
            found.extend(_cheapest(line, legacy, codec, number))
        codec = next((s.codec for s in reversed(found) if s.codec), codec)
    return found


def _whole(line: bytes, codec: str) -> str | None:
    """The line where `codec` reads all of it as everyday Chinese."""
    try:
        text = line.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if plausible(text) else None


def _cheapest(line: bytes, legacy: str, before: str, number: int) -> Iterator[Stretch]:
    """The line along the cheapest way; `before` is the codec of what stands before it, which costs nothing to keep."""
    codecs = ("utf-8", legacy)
    size = len(line)
    cost = [[_FAR, _FAR] for _ in range(size + 1)]
    came: list[list[tuple[int, int, str] | None]] = [[None, None] for _ in range(size + 1)]
    cost[0] = [0.0 if not before or before == codec else CHANGE for codec in codecs]
    for at in range(size):
        here = cost[at]
        for state, codec in enumerate(codecs):
            change = here[1 - state] + CHANGE < here[state]
            start = min(here[state], here[1 - state] + CHANGE)
            for step in _steps(line, at, codec):
                end, total = at + step.size, start + step.cost
                if total < cost[end][state]:
                    cost[end][state] = total
                    came[end][state] = (at, 1 - state if change else state, step.text)
    yield from _merged(_way_back(came, min((0, 1), key=lambda state: cost[size][state])), codecs, number)


def _way_back(came: list[list[tuple[int, int, str] | None]], state: int) -> list[tuple[str, int]]:
    """The characters with their states, from the first to the last."""
    way: list[tuple[str, int]] = []
    at = len(came) - 1
    while (origin := came[at][state]) is not None:
        at, earlier, text = origin
        way.append((text, state))
        state = earlier
    return way[::-1]


def _merged(way: list[tuple[str, int]], codecs: tuple[str, str], number: int) -> Iterator[Stretch]:
    """Neighbouring characters of one codec as one stretch; a run of broken bytes as one U+FFFD."""
    start = 0
    for index in range(1, len(way) + 1):
        if index < len(way) and way[index][1] == way[start][1]:
            continue
        parts = [text for text, _ in way[start:index]]
        kept = [c for i, c in enumerate(parts) if c != LOST or i == 0 or parts[i - 1] != LOST]
        codec = "" if all(c.isascii() for c in kept) else codecs[way[start][1]]
        yield Stretch("".join(kept), codec, number, kept.count(LOST))
        start = index


def _steps(line: bytes, at: int, codec: str) -> Iterator[_Step]:
    """The ways on from byte `at` in one codec."""
    first = line[at]
    if first < 0x80:
        yield _Step(1, chr(first), 0.0)
        return
    if codec == "utf-8":
        size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        sizes: tuple[int, ...] = (size,)
        cut = at + 2 <= len(line) and 0x80 <= line[at + 1] < 0xC0 and first >= 0xE0
        if cut:  # a character that has lost its last byte is one loss
            yield _Step(2, LOST, BROKEN)
    else:
        sizes = (1, 2, 4) if codec == "gb18030" else (2,)
    for size in sizes:
        one = _character(line[at : at + size], codec) if at + size <= len(line) else None
        if one:
            yield _Step(size, one, _cost(one))
    yield _Step(1, LOST, BROKEN)


def _cost(one: str) -> float:
    """Signs are as common as the commonest characters."""
    if one in COMMON or not is_han(one):
        return 0.0 if one in everyday() else RARE
    return EVERYDAY if one in everyday() else RARE


@lru_cache(maxsize=4096)
def _character(data: bytes, codec: str) -> str | None:
    """The single character that `data` is; 0x80 alone is € in code page 936 (WHATWG Encoding, §10.2.1)."""
    if data == b"\x80":
        return "€"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 else None

"""Names fitted into a drawing: how wide they are, where they break into lines, and when they are cut short."""

from __future__ import annotations

from unicodedata import east_asian_width

_AFTER = "、，与和及/"
CUT = "…"


def width(text: str) -> float:
    """The width of a text in em: a Han character is one, a Latin letter or a digit a little more than half."""
    return sum(1.0 if east_asian_width(c) in "WFA" else 0.6 for c in text)


def cut(text: str, limit: float) -> str:
    """The text, or as much of it as fits into `limit` em with … behind it."""
    if width(text) <= limit:
        return text
    while text and width(text + CUT) > limit:
        text = text[:-1]
    return text + CUT


def two_lines(text: str, limit: float) -> tuple[str, ...]:
    """The text on one line if it fits into `limit` em, otherwise on two: broken after a conjunction or a comma
    where both halves fit, else in the middle; what is still too long is cut."""
    if width(text) <= limit:
        return (text,)
    middle = len(text) / 2
    marks = [at + 1 for at, c in enumerate(text[:-1]) if c in _AFTER]
    fitting = [at for at in marks if max(width(text[:at]), width(text[at:])) <= limit]
    at = min(fitting, key=lambda at: abs(at - middle), default=(len(text) + 1) // 2)
    return cut(text[:at], limit), cut(text[at:], limit)


def stacked(text: str, most: int = 6) -> tuple[str, ...]:
    """The text one character a line, from the top down, at most `most` lines."""
    return tuple(text) if len(text) <= most else (*text[: most - 1], CUT)

"""Text as the search index holds it: one character a word, so that any literal piece of the text is a phrase.

Pagefind looks for words and phrases of words.  A letter, digit or Han character is a word here; what it would ignore
(punctuation, spaces) hangs on the word before it, and what it could take for part of a word is written in marks that
it ignores, so that `decoded` gives the published text back to the last character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

SPACE, LINE, WIDE, CODE = "\u2423", "\u2424", "\u2421", "\u241b"  # ␣ ␤, "was full width", "three bytes follow"
TITLE, FIELD, END = "\u241d", "\u241e", "\u241f"  # what `pages.py` puts between the parts of a block
_BYTES = 0x2800  # Braille patterns: 256 signs that are no letters
_WIDE_FORM = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_ENCODED = re.compile(f"{CODE}([\u2800-\u28ff])([\u2800-\u28ff])([\u2800-\u28ff])|(.){WIDE}|{SPACE}|{LINE}", re.S)
_PLAIN_MARKS = ("Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Sm", "Sc", "Sk")


def is_word(char: str) -> bool:
    """Whether the index treats the character as a word of its own."""
    category = unicodedata.category(char)
    return category[0] == "L" or category in ("Nd", "Nl")


@cache
def encoded(char: str) -> str:
    """One character as the index holds it."""
    if _WIDE_FORM.match(char):
        return chr(ord(char) - 0xFEE0) + WIDE
    if is_word(char) or unicodedata.category(char) in _PLAIN_MARKS:
        return char
    if char in " \n":
        return SPACE if char == " " else LINE
    code = ord(char)
    return CODE + "".join(chr(_BYTES + (code >> shift & 0xFF)) for shift in (16, 8, 0))


def spaced(parts: Iterable[str]) -> str:
    """Parts that are encoded already, as words separated by spaces; all else goes to the word before it."""
    return "".join(map(_apart, parts)).replace(" ", "", 1)  # no part has a space of its own


@cache
def _apart(part: str) -> str:
    """A part with a space before it where it begins a word."""
    return f" {part}" if is_word(part[0]) else part


def decoded(text: str) -> str:
    """The published text of an encoded one; the spaces between its words are taken out."""
    return _ENCODED.sub(_original, text.replace(" ", ""))


def _original(found: re.Match[str]) -> str:
    if found[1]:
        high, middle, low = (ord(found[i]) - _BYTES for i in (1, 2, 3))
        return chr(high << 16 | middle << 8 | low)
    if found[4]:
        return chr(ord(found[4]) + 0xFEE0)
    return " " if found[0] == SPACE else "\n"

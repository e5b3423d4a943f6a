"""UTF-16 and UTF-32, with and without a byte-order mark, whole or with a byte lost on the way."""

from __future__ import annotations

import re
import struct
from itertools import accumulate

from ...chars import han_count
from .likeness import all_lines_plausible, beyond_ascii, everyday, likeness

LOST = "\ufffd"
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_RUN = re.compile(f"{LOST}+")


def unmarked(data: bytes) -> str | None:
    """The codec of UTF-16 or UTF-32 text without a byte-order mark; None where the bytes are neither."""
    for codec in WIDE:
        size = len(data) - len(data) % (2 if codec < "utf-32" else 4)
        try:
            text = data[:size].decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and han_count(text) and all_lines_plausible(text):
            return codec
    return None


def broken(data: bytes, codec: str, most: float) -> str | None:
    """Text with U+FFFD for units that are broken, or where one byte is missing or too many in UTF-16.

    None where more than the share `most` is lost, or where what is left is not Chinese.
    """
    texts = [data.decode(codec, "replace")]
    if codec < "utf-32":
        at = 2 * _slip(data, codec)
        texts.append(data[:at].decode(codec, "replace") + LOST + data[at + 1 :].decode(codec, "replace"))
    fit = [
        text
        for text in (_RUN.sub(LOST, text) for text in texts)
        if text.count(LOST) <= beyond_ascii(text) * most and all_lines_plausible(text.replace(LOST, ""))
    ]
    return max(fit, key=likeness, default=None)


def _slip(data: bytes, codec: str) -> int:
    """The unit before which all is best read from the first byte on, and behind which from the second byte on."""
    even, odd = _everyday_units(data, codec), _everyday_units(data[1:], codec)
    before = [0, *accumulate(even)]
    behind = [0, *accumulate(reversed(odd))][::-1]
    return max(range(min(len(before), len(behind))), key=lambda at: before[at] + behind[at])


def _everyday_units(data: bytes, codec: str) -> list[bool]:
    """For each unit of UTF-16 whether it is an everyday character or ASCII."""
    count = len(data) // 2
    units = struct.unpack(f"{'<' if codec.endswith('le') else '>'}{count}H", data[: 2 * count])
    known = everyday()
    return [9 <= unit < 0x7F or chr(unit) in known for unit in units]

"""Text that was once read with the wrong codec and saved again: undone where the bytes are still all there.

UTF-8 read as GBK (鐨勫伐浣), UTF-8 or GBK read as Windows-1252 (ä¸­å›½, ÖÐ¹ú), and the same done twice.  The way back is
exact: encode with the wrong codec, decode with the right one.  It is taken only from text that is hardly Chinese to
text that plainly is, so that ordinary Chinese is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...chars import han_count
from .likeness import DOUBT, MANY, PIECE, beyond_ascii, likeness, plausible

LOST = "\ufffd"
#: What the commonest characters （，。、的和是中可工作“（） become on each wrong way.
MARKS = (
    "锛", "銆", "鐨", "鈥", "鍜", "鏄", "鍙", "宸ヤ", "ï¼", "ã€", "ã\x80", "çš„", "ç\x9a\x84", "Ã§", "Ã¥", "Ã¤",
    "£¬", "¡£", "¡¢", "µÄ", "ªº",
)  # fmt: skip
#: What else may be left of Chinese: letters that nearly every character brings on a way through Windows-1252 (pinyin
#: has some of them), and the signs for a byte without a pair.
TRACES = ("å", "æ", "ç", "ä", "è", "Ö", "Ê", "Õ", "Ã", LOST, "€")
#: The codec that was wrongly used, and those that may be right; bytes that are UTF-8 are nothing else.
ROUTES = (("gb18030", ("utf-8",)), ("windows-1252", ("utf-8", "gb18030", "big5")))
DEPTH = 3  # times that a text may have been misread
FEWEST = 4  # Han characters that one piece must give to show that a text was misread
MOST_LOST = 0.1  # share of lost characters beyond which a text is of no use
LONGEST = 500_000  # characters that look misread; a file with more of them is no notice
MOST_AGAIN = 2.0  # lost characters for each that is there, in a single piece where others have shown the way
_LOSS = re.compile("\ufffd+\\??")

#: Windows-1252 backwards, with the five bytes that it leaves undefined as browsers read them (WHATWG Encoding, §9).
_WESTERN = {chr(byte): byte for byte in range(256)}
for _byte in range(0x80, 0xA0):
    try:
        _WESTERN[bytes((_byte,)).decode("cp1252")] = _byte
    except UnicodeDecodeError:
        continue


class Repair(NamedTuple):
    """What was undone: the text, "right（经 wrong 误读）", and the first line of each piece repaired or beyond repair."""

    text: str
    name: str
    repaired: tuple[int, ...]
    doubtful: tuple[int, ...]
    share: float  # of the characters beyond ASCII that are beyond repair, 0 to 1


def repair(text: str) -> Repair | None:
    """The text with every misread piece put right; None where nothing in it looks misread."""
    if not any(mark in text for mark in (*MARKS, *TRACES)):
        return None
    pieces = dict.fromkeys(PIECE.findall(text))
    longer = [piece for piece in pieces if beyond_ascii(piece) >= 4 and likeness(piece) < DOUBT]
    if sum(map(len, longer)) > LONGEST:
        return Repair(text, "", (), (1,), 1.0)
    undone = {piece: _undo(piece) for piece in longer}
    if not any(found and han_count(found[0]) >= FEWEST for found in undone.values()):
        undone = {}
    names = {found[1] for found in undone.values() if found}
    if names:  # what is short or has lost much went the same way as the rest
        again = {
            piece: _undo(piece, 1, MOST_AGAIN) for piece in pieces if not undone.get(piece) and not piece.isascii()
        }
        undone |= {piece: found for piece, found in again.items() if found and found[1] in names}
    bad = {piece for piece in pieces if not undone.get(piece) and _is_garbled(piece, MANY if not names else 3)}
    if not names and not bad:
        return None
    repaired: list[int] = []
    doubtful: list[int] = []
    parts: list[str] = []
    lost = end = 0
    line = 1
    for found in PIECE.finditer(text):
        piece, right = found[0], undone.get(found[0])
        parts += [text[end : found.start()], right[0] if right else piece]
        line += text.count("\n", end, found.start())
        end = found.end()
        if right or piece in bad:
            (repaired if right else doubtful).append(line)
            lost += 0 if right else beyond_ascii(piece)
    share = lost / max(beyond_ascii(text), 1)
    return Repair("".join([*parts, text[end:]]), "、".join(sorted(names)), tuple(repaired), tuple(doubtful), share)


def _is_garbled(piece: str, least: int) -> bool:
    """Whether a piece of `least` characters beyond ASCII looks misread although no way back gives Chinese."""
    marked = least < MANY or any(mark in piece for mark in MARKS) or (LOST in piece and han_count(piece) >= MANY)
    return marked and beyond_ascii(piece) >= least and likeness(piece) < DOUBT


def _undo(piece: str, least: int = 2, most: float = MOST_LOST) -> tuple[str, str] | None:
    """The piece put right and the name of the way; None where no way leads to Chinese.

    It has at least `least` Han characters then, and at most the share `most` of it is lost.
    """
    known = [piece]
    for _ in range(DEPTH):
        further = []
        for wrong, right, text in (way for one in known for way in _ways(one, most)):
            if _is_chinese(text, least, most):
                return text, f"{right}（经 {wrong} 误读）"
            further.append(text)
        known = further
    return None


def _ways(text: str, most: float) -> Iterator[tuple[str, str, str]]:
    """Each way back from `text`: the wrong codec, the right one, and the text there; what is lost for good is U+FFFD."""
    for wrong, every in ROUTES:
        data = _western(text) if wrong == "windows-1252" else _gbk(text)
        if data is None or data.isascii():
            continue
        for right in every:
            back = _LOSS.sub(LOST, data.decode(right, "replace"))
            if back.count(LOST) > len(back) * most:
                continue
            yield wrong, right, back
            if _is_chinese(back) or _western(back) is not None:  # it was UTF-8: no need to ask further
                break


def _western(text: str) -> bytes | None:
    """The text's bytes in Windows-1252, 0xFF for a lost character; None where it has others."""
    known = [_WESTERN.get(c, 0xFF if c == LOST else -1) for c in text]
    return None if -1 in known else bytes(known)


def _gbk(text: str) -> bytes | None:
    """The text's bytes in GBK as code page 936 has it: € is the single byte 0x80; 0xFF for a lost character."""
    try:
        return b"\x80".join(b"\xff".join(p.encode("gb18030") for p in part.split(LOST)) for part in text.split("€"))
    except UnicodeEncodeError:
        return None


def _is_chinese(text: str, least: int = 2, most: float = MOST_LOST) -> bool:
    """Whether a way back has led to Chinese with few characters lost."""
    han, lost = han_count(text), text.count(LOST)
    return han >= least and lost <= han * most and plausible(text.replace(LOST, ""))

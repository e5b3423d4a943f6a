"""Bytes to text: the encoding ladder.

What a page declares (meta charset, an XML declaration, the header of an mhtml part) is not asked: it is wrong too
often, and the bytes themselves tell.  Each step of the ladder must give plausible Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...chars import han_count
from ...errors import Unreadable
from ...model import Problem
from ..formats import MAX_TEXT, too_large
from .likeness import DOUBT, MANY, all_lines_plausible, beyond_ascii, likeness, plausible
from .mojibake import MOST_LOST, repair
from .stretches import LOST, Stretch, stretches
from .wide import broken, unmarked

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
LEGACY = ("gb18030", "big5", "big5hkscs")
AGAIN = "请用浏览器打开原网页，另存为 UTF-8 的 .html 或 .txt，再放入 raw/。"
NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "big5": "Big5",
    "big5hkscs": "Big5-HKSCS",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
    "windows-1252": "Windows-1252",
    "utf-7": "UTF-7",
    "hz": "HZ-GB-2312",
    "iso2022_jp_2": "ISO-2022-JP",
}
_NAME = re.compile(rf"(?<![\w-])(?:{'|'.join(NAMES)})(?![\w-])")
SHOWN = 5  # lines that a message names
_SEVEN_BIT = ((b"\x1b$", "iso2022_jp_2", "ISO-2022"), (b"~{", "hz", "HZ-GB-2312"), (b"+", "utf-7", "UTF-7"))


class Decoded(NamedTuple):
    """The text, the name of its encoding, and what a person should know of the decoding.

    `encoding` is a codec's name; "utf-8+gb18030" where two are mixed; "utf-8（经 gb18030 误读）" where a wrong reading
    was undone, in which case `text` is the text put right.
    """

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of a file that is text.  Raises Unreadable, with the reason in words, where it cannot be read.

    The ladder: byte-order mark, UTF-16 and UTF-32 without one, strict UTF-8, GB18030 (also for gb2312 and gbk), Big5
    with HKSCS, each strict but for a character cut in two by the end; then line by line, for mixed encodings and
    broken bytes.  U+FFFD stands for what could not be read.
    """
    if len(data) > MAX_TEXT:
        raise too_large(len(data))
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty", "文件是空的，没有任何文字。请重新保存这份通知。")
    found = _decoded(data)
    text, encoding, problems = found
    undone = repair(text)
    if undone is None:
        return found
    if undone.share > MOST_LOST:
        raise Unreadable(
            "mojibake",
            f"文字是乱码（第 {undone.doubtful[0]} 行起）：曾经按错误的编码打开又保存，字已经丢失，不能还原。{AGAIN}",
        )
    if undone.repaired:
        where = _lines(undone.repaired)
        detail = f"文字曾经按错误的编码打开又保存，成了乱码；已按字节还原{where}（{encoding_name(undone.name)}）。请对照原网页核对。"
        problems = (*problems, Problem("review", "encoding-repaired", undone.repaired[0], detail))
        encoding = undone.name if beyond_ascii(text) and likeness(text) < DOUBT else encoding
    for line in undone.doubtful[:SHOWN]:
        detail = "这一行像是乱码，不能还原，已原样保留。请对照原网页，改好后重新放入。"
        problems = (*problems, Problem("review", "character-lost", line, detail))
    return Decoded(undone.text, encoding, problems)


def encoding_name(encoding: str) -> str:
    """A Document's encoding as people write it: "UTF-8+GB18030", "UTF-8（经 GB18030 误读）"."""
    return _NAME.sub(lambda found: NAMES[found[0]], encoding)


def _decoded(data: bytes) -> Decoded:
    """The ladder."""
    for bom, codec in BOMS:
        if data.startswith(bom):
            if found := _marked(data, codec):
                return found
            data = data[len(bom) :]  # a mark before text in another encoding
            break
    if (zeros := data.count(0)) and (found := _unmarked(data)):
        return found
    if data.isascii():
        return _seven_bit(data)
    found = _strict(data, "utf-8")
    if found and (zeros * 20 <= len(data) or _is_text(found.text)):
        return found
    if zeros * 20 > len(data):
        reason = "文件里有大量不可读的字节，不是网页或文本。请把正文另存为 .txt 或 .html，再放入 raw/。"
        raise Unreadable("binary", reason)
    return _legacy(data) or _mixed(data) or _unmarked(data) or _refuse()


def _refuse() -> Decoded:
    raise Unreadable("encoding", f"认不出文字编码：按 UTF-8、GB18030、Big5 都读不通。{AGAIN}")


def _strict(data: bytes, codec: str) -> Decoded | None:
    """Strict decoding that forgives only a character cut in two by the end of the file."""
    try:
        return Decoded(data.decode(codec), codec)
    except UnicodeDecodeError as error:
        left = len(data) - error.start
        cut = any(word in error.reason for word in ("end", "truncated", "incomplete"))
        if left > 3 or error.start == 0 or not cut:
            return None
    try:
        text = data[:-left].decode(codec)
    except UnicodeDecodeError:
        return None
    detail = f"文件末尾有 {left} 个字节是半个字，已略去：文件可能没有保存完整。请对照原网页，必要时重新保存。"
    return Decoded(text, codec, (Problem("review", "truncated-bytes", text.count("\n") + 1, detail),))


def _marked(data: bytes, codec: str) -> Decoded | None:
    """Text behind a byte-order mark; None where the mark is wrong."""
    found = _strict(data, codec)
    if codec == "utf-8" or (found and all_lines_plausible(found.text)):
        return found
    text = broken(data, codec, MOST_LOST)
    if text is None:
        return None
    return Decoded(text, codec, tuple(_lost_bytes(text.count(LOST), text.count("\n", 0, text.find(LOST)) + 1)))


def _unmarked(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a byte-order mark."""
    codec = unmarked(data)
    return _strict(data, codec) if codec else None


def _is_text(text: str) -> bool:
    """Whether a text with many NULs is Chinese all the same."""
    return han_count(text) >= 2 * MANY and plausible(text.replace("\x00", ""))


def _seven_bit(data: bytes) -> Decoded:
    """ASCII, or Chinese squeezed into seven bits, as e-mail once did.  Raises Unreadable where it cannot be read."""
    for sign, codec, name in _SEVEN_BIT:
        if sign not in data:
            continue
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            text = ""
        if han_count(text) >= MANY and plausible(text):
            return Decoded(text, codec)
        if codec == "iso2022_jp_2" and b"\x1b$)" in data:
            raise Unreadable("encoding", f"文字是 {name} 一类的七位编码，这里不能读。{AGAIN}")
    return Decoded(data.decode("ascii"), "utf-8")


def _legacy(data: bytes) -> Decoded | None:
    """The one of GB18030 and Big5 that reads all lines as Chinese; the better of the two where both do."""
    every = (found for codec in LEGACY if (found := _strict(data, codec)) and all_lines_plausible(found.text))
    return max(every, key=lambda found: likeness(found.text), default=None)


def _mixed(data: bytes) -> Decoded | None:
    """Stretches in different encodings, or with broken bytes; None where too little of it can be read."""
    for legacy in ("gb18030", "big5hkscs"):
        found = stretches(data, legacy)
        if found is None:
            return None
        text = "".join(stretch.text for stretch in found)
        lost = sum(stretch.lost for stretch in found)
        if lost <= beyond_ascii(text) * MOST_LOST and plausible(text.replace(LOST, "")):
            codecs = _by_size(found)
            first = next((s.line for s in found if s.lost), 0)
            return Decoded(text, "+".join(codecs), (*_mixture(found, codecs), *_lost_bytes(lost, first)))
    return None


def _by_size(found: Sequence[Stretch]) -> list[str]:
    """The codecs of the stretches, the one that read most first."""
    sizes: dict[str, int] = {}
    for stretch in found:
        if stretch.codec:
            sizes[stretch.codec] = sizes.get(stretch.codec, 0) + len(stretch.text)
    return sorted(sizes, key=lambda codec: (-sizes[codec], codec))


def _mixture(found: Sequence[Stretch], codecs: Sequence[str]) -> Iterator[Problem]:
    """The places where the encoding changes, for a person to compare."""
    runs: list[list[int]] = []  # first and last line of each run in a codec that is not the main one
    before = ""
    for stretch in found:
        if stretch.codec in codecs[1:] and before == stretch.codec:
            runs[-1][1] = stretch.line
        elif stretch.codec in codecs[1:]:
            runs.append([stretch.line, stretch.line])
        before = stretch.codec or before
    if runs:
        where = "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs[:SHOWN])
        more = f"等 {len(runs)} 处" if len(runs) > SHOWN else ""
        other = "、".join(NAMES[codec] for codec in codecs[1:])
        detail = (
            f"文件里混有几种编码：大部分是 {NAMES[codecs[0]]}，第 {where} 行{more}的编码不同，是 {other}，已分别读出。"
        )
        yield Problem("review", "encoding-mixed", runs[0][0], f"{detail}请对照原网页核对这几行。")


def _lost_bytes(count: int, line: int) -> Iterator[Problem]:
    if count:
        detail = (
            f"文件里有 {count} 处字节读不出是什么字（第 {line} 行起），用 � 占位。请对照原网页核对，必要时重新保存。"
        )
        yield Problem("note", "bytes-lost", line, detail)


def _lines(numbers: Sequence[int]) -> str:
    """第 3、7 行, or the first few of many."""
    unique = sorted(set(numbers))
    more = f" 行等 {len(unique)} 行" if len(unique) > SHOWN else " 行"
    return f"第 {'、'.join(map(str, unique[:SHOWN]))}{more}"

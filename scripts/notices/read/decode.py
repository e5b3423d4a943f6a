"""Bytes to text: the encoding ladder, and what is no text at all."""

from __future__ import annotations

from ..chars import han_count
from ..errors import Unreadable

MAX_BYTES = 10_000_000

MAGIC = (
    (b"%PDF", "PDF 文件", "请用浏览器或阅读器打开它，把正文另存为 .txt 或 .html"),
    (b"PK\x03\x04", "Word、WPS 或压缩文件", "请用 Word 或 WPS 打开它，把正文另存为 .txt 或 .html"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 WPS 文件", "请用 Word 或 WPS 打开它，把正文另存为 .txt 或 .html"),
    (b"\x89PNG", "PNG 图片", "请找这份通知的文字版"),
    (b"\xff\xd8\xff", "JPEG 图片", "请找这份通知的文字版"),
    (b"GIF8", "GIF 图片", "请找这份通知的文字版"),
    (b"Rar!", "压缩文件", "请先解压，再放入里面的通知"),
    (b"\x1f\x8b", "压缩文件", "请先解压，再放入里面的通知"),
)

#: The commonest characters of official Chinese; text decoded with the wrong codec has few of them.
COMMON = frozenset("的一是在不和有工作发展全面建设推进加强实施管理服务国中人大为以上年市区县局会关于通知要点各单位")


def too_large(size: int) -> Unreadable:
    """The refusal of a file of `size` bytes."""
    shown = f"文件有 {size / 1_000_000:.1f} MB，超过 {MAX_BYTES // 1_000_000} MB 的上限。"
    return Unreadable("too-large", f"{shown}一份通知通常不到 0.2 MB，请只保存正文后再放入。")


def decode(data: bytes) -> tuple[str, str, int]:
    """Text, codec name, and how many trailing bytes of a cut character were left out (0 to 3).

    The ladder: byte-order mark, UTF-16 without one, strict UTF-8, GB18030 (also for gb2312 and
    gbk), Big5.  A later codec must give plausible Chinese.  Raises Unreadable.
    """
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty", "文件是空的，没有任何文字。请重新保存这份通知。")
    for magic, what, advice in MAGIC:
        if data.startswith(magic):
            raise Unreadable("binary", f"这是{what}，不是网页或文本。{advice}，再放入 raw/。")
    for bom, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            text, cut = _tolerant(data, codec)
            if text is not None:
                return text, codec, cut
    zeros = data.count(0)
    if zeros * 20 > len(data):
        for codec in ("utf-16-le", "utf-16-be"):
            text, cut = _tolerant(data, codec)
            if text is not None and "\x00" not in text and plausible(text):
                return text, codec, cut
        reason = "文件里有大量不可读的字节，不是网页或文本。请把正文另存为 .txt 或 .html，再放入 raw/。"
        raise Unreadable("binary", reason)
    text, cut = _tolerant(data, "utf-8")
    if text is not None:
        return text, "utf-8", cut
    for codec in ("gb18030", "big5"):
        text, cut = _tolerant(data, codec)
        if text is not None and plausible(text):
            return text, codec, cut
    raise Unreadable(
        "encoding",
        "认不出文字编码：按 UTF-8、GB18030、Big5 都读不通。"
        "请用浏览器打开原网页，另存为 UTF-8 的 .html 或 .txt，再放入 raw/。",
    )


def plausible(text: str) -> bool:
    """Whether `text` looks like Chinese decoded with the right codec, or holds almost none."""
    han = han_count(text)
    if han < 20:
        return text.isascii() or han * 2 >= sum(not c.isascii() for c in text)
    return sum(c in COMMON for c in text) * 12 >= han


def _tolerant(data: bytes, codec: str) -> tuple[str | None, int]:
    """Strict decoding that forgives only a character cut in two by the end of the file."""
    try:
        return data.decode(codec), 0
    except UnicodeDecodeError as error:
        left = len(data) - error.start
        cut = any(word in error.reason for word in ("end", "truncated", "incomplete"))
        if left > 3 or error.start == 0 or not cut:
            return None, 0
    try:
        return data[:-left].decode(codec), left
    except UnicodeDecodeError:
        return None, 0

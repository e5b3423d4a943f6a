"""A web page saved as one MIME file (mhtml, mht; RFC 2557): the page in it, as the bytes of its html.

Chrome, Edge, 360 and IE write multipart/related with quoted-printable or base64 parts; frames are parts of their own.
"""

from __future__ import annotations

import email
import re
from email.message import Message
from typing import NamedTuple

from ..chars import han_count
from ..errors import Unreadable
from .encoding.decode import decode

MAX_PARTS = 2000  # a page with every picture of it; more are no saved page
MAX_NESTED = 20  # levels and letters inside a saved page
ADVICE = "请用浏览器打开原网页，另存为 .html，再放入 raw/。"
_NESTING = re.compile(rb"content-type:\s*(?:multipart/|message/)", re.I)
_BOUNDARY = re.compile(rb"^--", re.M)


class Saved(NamedTuple):
    """The page: its html as saved, its address ("" where none is given), and whether it stood in a frame."""

    html: bytes
    url: str
    framed: bool


def unpack(data: bytes) -> Saved:
    """The html part with the most Chinese text; on a tie the first, which is the page itself.  Raises Unreadable."""
    if len(_NESTING.findall(data)) > MAX_NESTED or len(_BOUNDARY.findall(data)) > 2 * MAX_PARTS:
        raise Unreadable("mhtml", f"这个保存的网页（mhtml）里套了太多层或太多部分，没有打开。{ADVICE}")
    message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    contents = [content for content in map(_content, pages) if content.strip()]
    if not contents:
        raise Unreadable("mhtml", f"这个保存的网页（mhtml）里没有找到网页正文，可能没有保存完整。{ADVICE}")
    best = max(contents, key=_weight)  # max keeps the first of equals
    index = [_content(page) for page in pages].index(best)
    return Saved(best, _address(pages[index]) or _address(message), best is not contents[0])


def _content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _weight(content: bytes) -> int:
    """How much Chinese text a part holds; 0 for one that cannot be decoded."""
    try:
        return han_count(decode(content)[0])
    except Unreadable:
        return 0


def _address(part: Message) -> str:
    """Where the page was saved from, if that is an address on the web."""
    for name in ("Snapshot-Content-Location", "Content-Location"):
        value = re.sub(r"\s", "", str(part.get(name, "")))
        if re.match(r"https?://[^\s\"'<>]{4,2000}$", value, re.A):
            return value
    return ""

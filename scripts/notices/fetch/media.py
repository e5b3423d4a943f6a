"""What kind of file was received, told from its bytes: the ending it is saved under, or a refusal."""

from __future__ import annotations

import re

from ..errors import Unreadable
from ..read.formats import kind_of, refusal

#: Media types that no notice has; the header alone refuses them, before the body is read.
_NEVER = re.compile(r"(?:image|video|audio|font|model)/|(?:text|application)/(?:css|(?:x-)?javascript|json)\b", re.I)
_HTML = re.compile(rb"<\s*(?:!doctype|html|head|body|div|p|table|meta|span|br|title|script)\b", re.I)
#: Kinds that are kept: what `build` reads, and what it sets aside with advice that a person can follow.
_ENDINGS = {"pdf": "pdf", "docx": "docx", "mhtml": "mhtml", "doc": "doc", "rtf": "rtf", "odt": "odt", "ofd": "ofd"}


def refuse_media(content_type: str) -> None:
    """Raises Unreadable for a Content-Type that no notice has."""
    if _NEVER.match(content_type):
        what = content_type.split(";")[0].strip()
        raise Unreadable("media", f"网址给的不是网页或文档（{what}），没有保存。请找这份通知的文字版。")


def ending(content: bytes) -> str:
    """The ending for a file with these bytes, without its dot.  Raises Unreadable for pictures, archives and programs."""
    kind = kind_of(content)
    if kind == "text":
        return "html" if _HTML.search(content[:4000].replace(b"\x00", b"")) else "txt"
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    raise Unreadable("media", f"没有保存：{refusal(kind).reason}")

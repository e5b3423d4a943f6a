"""Pages that carry a notice instead of holding it: in a file they link to, or in pictures."""

from __future__ import annotations

import re

from ..chars import han_count
from ..errors import Unreadable
from ..model import Document
from .front import Parts

#: Files that may hold a notice's text; a table of tasks (xls) does not.
_DOCUMENT_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd|rtf|zip|rar|7z)(?![a-z])", re.I)
FEW, SOME = 250, 400  # Han characters that a covering letter has at most; with the word 附件 in it


def refuse_carrier(document: Document, parts: Parts) -> None:
    """Quarantine a page without a clause that leads to its text, naming where that is.  Raises Unreadable.

    What files and pictures a page has is read by `read.facts`.
    """
    if parts.first < parts.close:
        return
    size = han_count(document.published)
    told = {hint.name: hint for hint in document.hints}
    files = told.get("<files>")
    if files and _DOCUMENT_FILE.search(files.value) and (size < FEW or (size < SOME and "附件" in document.published)):
        raise Unreadable(
            "attachment-only",
            f"网页上没有条款，通知的全文在附件里（第 {files.line} 行起：{files.value}）。请下载这个附件，放入 raw/。",
        )
    pictures = told.get("<pictures>")
    if pictures and size < FEW:
        raise Unreadable(
            "picture-only",
            f"正文是 {pictures.value} 张图片（第 {pictures.line} 行起），没有文字。"
            "请到原网站找文字版；找不到时，把图片里的字录成 .txt，逐字核对后再放入 raw/。",
        )

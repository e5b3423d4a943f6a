"""From a file in raw/ to a Document: the only stage besides `write` that touches the disk."""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import replace
from pathlib import Path

from ..errors import Unreadable
from ..model import Document, Problem, Source
from ..rules import Rules
from . import mhtml, office
from .encoding.decode import decode
from .formats import HEAD, MAX_BYTES, MAX_TEXT, OFFICE, READABLE, REFUSALS, kind_of, refusal, too_large
from .html.page import read_page
from .lines import blocks_of, line_starts
from .pdf import document as pdf
from .sidecar import altered, sidecar
from .word import document as word

_HTML = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|table|meta|span|br)\b", re.I)


def load(path: Path, name: str, rules: Rules) -> Document:
    """Read the file at `path`, called `name` below raw/, with its sidecar.  Raises Unreadable.

    Where LibreOffice is installed, a file that only it can open is read as the docx that it makes of it.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable("unreadable", "打不开文件：不是普通文件。请放入通知文件本身。")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            is_text = kind_of(data[:HEAD]) in ("text", "mhtml")
            raise too_large(max(facts.st_size, len(data)), MAX_TEXT if is_text else MAX_BYTES)
    except FileNotFoundError as error:
        raise Unreadable("unreadable", "打不开文件：文件不存在。请核对文件名，或重新放入。") from error
    except PermissionError as error:
        raise Unreadable("unreadable", "打不开文件：没有读取权限。请检查文件的权限。") from error
    except OSError as error:
        raise Unreadable("unreadable", f"打不开文件：{error.strerror}。请重新保存这份通知。") from error
    about = sidecar(path)
    kind = kind_of(data)
    if kind not in OFFICE or office.program() is None:
        document = read(data, name, rules, about)
    else:
        detail = f"这是{REFUSALS[kind].name}，由 LibreOffice 转换后读取。请对照原文件，看编号和表格有没有走样。"
        document = _word(_source(data, name, "docx", kind, about), office.to_docx(data, kind), detail)
    return replace(document, problems=(*altered(about, document.source.sha256), *document.problems))


def read(data: bytes, name: str, rules: Rules, about: dict[str, str] | None = None) -> Document:
    """The bytes of a file cut into blocks; nothing is removed but markup and what a PDF prints on every page.

    What the bytes are decides, not the name.  `about` is the sidecar: see `sidecar`.  Raises Unreadable.
    """
    about = about or {}
    kind = kind_of(data)
    if kind not in READABLE:
        raise refusal(kind)
    if kind == "docx":
        return _word(_source(data, name, "docx", "docx", about), data)
    if kind == "pdf":
        source = _source(data, name, "pdf", "pdf", about)
        made = pdf.read_pdf(data)
        return Document(source, made.text, made.blocks, made.removed, made.problems, line_starts=line_starts(made.text))
    if kind == "mhtml":
        saved = mhtml.unpack(data)
        return _page(data, saved.html, name, rules, {"url": saved.url, **about}, _framed(saved))
    return _page(data, data, name, rules, about)


def _word(source: Source, data: bytes, note: str = "") -> Document:
    """The document in the docx `data`; `note` is what a maintainer should know of how it was opened."""
    made = word.read_word(data)
    problems = (*([Problem("note", "converted", 1, note)] if note else []), *made.problems)
    return Document(source, made.text, made.blocks, made.removed, problems, line_starts=line_starts(made.text))


def _page(
    data: bytes, content: bytes, name: str, rules: Rules, about: dict[str, str], problems: tuple[Problem, ...] = ()
) -> Document:
    """The document in a text or a web page; `content` is what of the file `data` holds it."""
    text, encoding, found = decode(content)
    is_page = bool(_HTML.search(text, 0, 4000))
    source = _source(data, name, "html" if is_page else "text", encoding, about)
    starts = line_starts(text)
    problems = (*problems, *found)
    if not is_page:
        return Document(source, text, blocks_of(text), problems=problems, line_starts=starts)
    page = read_page(text, rules, starts)
    source = replace(source, url=source.url or page.url)
    return Document(source, text, page.blocks, page.removed, (*problems, *page.problems), page.hints, starts)


def _source(data: bytes, name: str, media: str, encoding: str, about: dict[str, str]) -> Source:
    """Where the document came from; the digest is of the file as received."""
    return Source(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media=media,
        encoding=encoding,
        url=about.get("url") or None,
        fetched=about.get("fetched") or None,
        note=about.get("note") or None,
    )


def _framed(saved: mhtml.Saved) -> tuple[Problem, ...]:
    if not saved.framed:
        return ()
    detail = "保存的网页里，正文在一个框架（iframe）中，已取框架里的正文。请对照原网页核对。"
    return (Problem("note", "mhtml-frame", 1, detail),)

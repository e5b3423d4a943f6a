"""A PDF with text to blocks: lines joined to paragraphs by where they stand, page numbers and running heads set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ...chars import han_count
from ...errors import Unreadable
from ...ledger import block_of
from ...model import Block, Piece, Problem
from ..encoding.likeness import plausible
from ..formats import AGAIN
from .glyphs import LOST, MAX_GLYPHS
from .lines import Line, in_columns, line_of, lines_of
from .page import PageText, page_text
from .paragraphs import Page, Unit, units
from .table import Table, tables_of

MAX_PAGES = 300
LINE_BREAK = "pdf-line-break"
REPEATED_HEAD = "pdf-table-head"
FEW = 10  # characters; a page with fewer and a picture is a scan
COVERED = 0.7  # of a page: pictures that take up more, below or above text, are its scan
RECOGNISE = f"请找这份通知的网页或 Word 版；只有扫描件时，请用文字识别软件转成 docx，逐字核对后{AGAIN}"


class Pdf(NamedTuple):
    """What reading a PDF gives: its lines in reading order, and blocks; blocks' pieces and `removed` tile `text`."""

    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Piece, ...]
    problems: tuple[Problem, ...]


def read_pdf(data: bytes) -> Pdf:
    """The text of the PDF `data`.  Raises Unreadable."""
    pages = _pages(data)
    _refuse(pages)
    laid = [_laid(page) for page in pages]
    text, blocks, removed = _assemble(units([part for parts in laid for part in parts]))
    if not plausible(text):
        raise _garbled()
    columns = [n for n, parts in enumerate(laid, 1) if len(parts) > 1]
    return Pdf(text, blocks, removed, (*_problems(pages, columns), *_losses(pages, text)))


def _pages(data: bytes) -> list[PageText]:
    """Every page of the file.  Raises Unreadable."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            reason = f"这份 PDF 设有打开密码。请输入密码打开它，另存为没有密码的 PDF，{AGAIN}"
            raise Unreadable("locked", reason) from error
        raise Unreadable("damaged", f"这份 PDF 已经损坏，打不开。请重新下载，{AGAIN}") from error
    try:
        if len(document) > MAX_PAGES:
            reason = f"这份 PDF 有 {len(document)} 页，超过 {MAX_PAGES} 页的上限。请只保存这份通知的页，{AGAIN}"
            raise Unreadable("too-large", reason)
        pages = []
        for index in range(len(document)):
            page = document[index]
            pages.append(page_text(page))
            page.close()
        return pages
    except pdfium.PdfiumError as error:
        raise Unreadable("damaged", f"这份 PDF 里有打不开的页，可能没有下载完整。请重新下载，{AGAIN}") from error
    finally:
        document.close()


def _refuse(pages: Sequence[PageText]) -> None:
    """Raises Unreadable for a PDF without text: a scan, an empty one, or one whose characters cannot be told."""
    chars = [glyph.char for page in pages for glyph in page.glyphs if glyph.char.strip()]
    scans = sum(_is_scan(page) for page in pages)
    if not chars or (scans * 2 > len(pages) and len(chars) < FEW * len(pages)):
        if scans or any(page.pictures for page in pages):
            raise Unreadable("scanned", f"这份 PDF 是扫描件（页面是图片），里面没有可以取出的文字。{RECOGNISE}")
        raise Unreadable("empty", f"这份 PDF 里没有可以取出的文字（文字可能画成了图形）。{RECOGNISE}")
    cut = [str(n) for n, page in enumerate(pages, 1) if page.cut]
    if cut:
        reason = (
            f"这份 PDF 的第 {'、'.join(cut)} 页超过 {MAX_GLYPHS} 个字，没有读完。请找这份通知的网页或 Word 版，{AGAIN}"
        )
        raise Unreadable("too-large", reason)
    lost = sum(char == LOST or "\ue000" <= char <= "\uf8ff" or not char.isprintable() for char in chars)
    if lost * 5 > len(chars):
        raise _garbled()


def _garbled() -> Unreadable:
    reason = f"这份 PDF 的字体没有带文字对照表，取出来是乱码。{RECOGNISE}"
    return Unreadable("encoding", reason)


def _is_scan(page: PageText) -> bool:
    return page.pictures > 0 and sum(bool(glyph.char.strip()) for glyph in page.glyphs) < FEW


def _laid(page: PageText) -> list[Page]:
    """The lines and tables of a page in reading order; several where it is set in columns."""
    tables = tables_of(page.glyphs, page.strokes)
    inside = frozenset(glyph for table in tables for glyph in table.glyphs)
    rows = lines_of(glyph for glyph in page.glyphs if glyph not in inside)
    groups = [[line_of(row) for row in group] for group in in_columns(rows)]
    if not tables:
        return [Page(page.height, tuple(lines)) for lines in groups]
    items: list[Line | Table] = []
    waiting = list(tables)
    for line in (line for lines in groups for line in lines):
        while waiting and waiting[0].top > line.base:
            items.append(waiting.pop(0))
        items.append(line)
    return [Page(page.height, (*items, *waiting))]


def _assemble(found: Sequence[Unit]) -> tuple[str, tuple[Block, ...], tuple[Piece, ...]]:
    """The text, line by line as printed, and its blocks; what stands between the lines of a paragraph stays inside it."""
    texts: list[str] = []
    blocks: list[Block] = []
    removed: list[Piece] = []
    pieces: list[Piece] = []  # of the paragraph that is open
    gap: list[Piece] = []  # page numbers and heads since its last line
    at, line, first, kind = 0, 1, 1, "text"

    def close() -> None:
        if pieces:
            blocks.append(block_of(first, pieces, kind))
        removed.extend(gap)
        pieces.clear()
        gap.clear()

    for unit in found:
        text = unit.item.text
        end = at + len(text)
        if unit.rule:
            gap.append(Piece(at, end + 1, "", unit.rule))
        elif unit.joined and pieces and isinstance(unit.item, Table):
            head = at + text.index("\n") + 1
            pieces += [*gap, Piece(at, head, "", REPEATED_HEAD), Piece(head, end + 1, text[head - at :] + "\n")]
            gap.clear()
        elif unit.joined and pieces:
            last = pieces.pop()
            glue = " " if _needs_space(last.text[-2:-1], text[:1]) else ""
            pieces += [Piece(last.start, last.end - 1, last.text[:-1]), Piece(last.end - 1, last.end, glue, LINE_BREAK)]
            pieces += [*gap, Piece(at, end + 1, text + "\n")]
            gap.clear()
        else:
            close()
            first, kind = line, "text" if isinstance(unit.item, Line) else "table"
            pieces.append(Piece(at, end + 1, text + "\n"))
        texts.append(text + "\n")
        at, line = end + 1, line + text.count("\n") + 1
    close()
    return "".join(texts), tuple(blocks), tuple(removed)


def _needs_space(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalpha() and after.isalpha()


def _problems(pages: Sequence[PageText], columns: Sequence[int]) -> Iterator[Problem]:
    scans = [str(n) for n, page in enumerate(pages, 1) if _is_scan(page)]
    if scans:
        detail = f"PDF 的第 {'、'.join(scans)} 页是图片，没有文字，这几页没有读到。请对照原文件补上，或换成文字版。"
        yield Problem("review", "pdf-scanned-page", 1, detail)
    if columns:
        shown = "、".join(map(str, columns))
        detail = f"PDF 的第 {shown} 页像是分栏排的，已按先左后右来读。请对照原文件核对次序。"
        yield Problem("review", "pdf-columns", 1, detail)
    slanted = sum(page.slanted for page in pages)
    if slanted:
        detail = f"PDF 里有 {slanted} 个字不是横排的（竖排、斜排或水印），次序可能不对。请对照原文件核对。"
        yield Problem("review", "pdf-slanted", 1, detail)
    if sum(han_count(glyph.char) for page in pages for glyph in page.glyphs) == 0:
        yield Problem("review", "pdf-no-chinese", 1, "PDF 里没有汉字。请核对放入的是不是通知。")


def _losses(pages: Sequence[PageText], text: str) -> Iterator[Problem]:
    """What of the pages did not come into `text`, or came from a program that recognises pictures of characters."""
    unknown = _count(pages, lambda page: sum(glyph.char.count(LOST) for glyph in page.glyphs))
    if unknown:
        line = text.count("\n", 0, text.index(LOST)) + 1
        detail = f"{unknown}，字体没有带它们的文字对照，已写作“{LOST}”（缺字）。请对照原文件补上，或换成网页、Word 版。"
        yield Problem("review", "pdf-no-unicode", line, f"PDF 里有读不出的字：{detail}")
    doubtful = _count(pages, lambda page: page.doubtful)
    if doubtful:
        detail = (
            f"PDF 里有和汉字一样宽的字母或数字：{doubtful}，可能是字体的文字对照不全，读成了别的字。请对照原文件核对。"
        )
        yield Problem("review", "pdf-doubtful-text", 1, detail)
    unread = _count(pages, lambda page: page.unread)
    if unread:
        detail = f"PDF 里有取不出来的字：{unread}，没有发布。请对照原文件补上，或换成网页、Word 版。"
        yield Problem("review", "pdf-text-unread", 1, detail)
    astray = Counter(_shown(glyph.char for page in pages for glyph in page.glyphs))
    astray.subtract(_shown(text))
    if any(astray.values()):
        few = "、".join(sorted(char for char, many in astray.items() if many)[:10])
        detail = f"PDF 里的字与排成的正文对不上（{few}）。请对照原文件核对，并把文件交给程序维护人。"
        yield Problem("review", "pdf-text-astray", 1, detail)
    scans = [str(n) for n, page in enumerate(pages, 1) if _is_recognised(page)]
    if scans:
        detail = f"PDF 第 {'、'.join(scans)} 页的文字来自扫描识别，可能有错字、漏字。请对照原件逐字核对。"
        yield Problem("review", "pdf-recognised", 1, detail)
    hidden = _count(pages, lambda page: 0 if _is_recognised(page) else page.hidden)
    if hidden:
        detail = f"PDF 里有看不见的文字：{hidden}，已一并发布。请对照原文件，看它们是不是正文。"
        yield Problem("review", "pdf-hidden-text", 1, detail)


def _count(pages: Sequence[PageText], many: Callable[[PageText], int]) -> str:
    """第 1 页 3 个、第 4 页 1 个; "" where there are none."""
    counts = ((n, many(page)) for n, page in enumerate(pages, 1))
    return "、".join(f"第 {n} 页 {count} 个" for n, count in counts if count)


def _shown(text: Iterable[str]) -> Iterator[str]:
    """The characters that a reader sees, one by one."""
    return (char for part in text for char in part if not char.isspace())


def _is_recognised(page: PageText) -> bool:
    """Whether the page is a picture and its text lies behind it, as programs that recognise characters put it."""
    seen = sum(bool(glyph.char.strip()) for glyph in page.glyphs)
    return seen >= FEW and (page.covered >= COVERED or (page.pictures > 0 and page.hidden * 2 > seen))

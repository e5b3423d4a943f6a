"""What kind of file the bytes are, told from the bytes alone: a name's extension decides nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from ..errors import Unreadable

MAX_TEXT = 10_000_000  # bytes of a text or a web page
MAX_BYTES = 20_000_000  # bytes of any file; Word and PDF files hold pictures
HEAD = 4096  # bytes that tell most kinds

#: What `read` can read itself.
READABLE = ("text", "docx", "pdf", "mhtml")
#: What LibreOffice turns into docx: kind → the extension under which it recognises the file.  Not Word's XML: of that of
#: 2003 it drops the automatic numbers without a word, and that of 2007 it opens as plain text, markup and all.
OFFICE = {"doc": "doc", "rtf": "rtf", "odt": "odt"}

AGAIN = "再放入 raw/。"
TO_DOCX = f"请用 WPS 或 Word 打开它，另存为 docx，{AGAIN}"
TO_TEXT = f"请找这份通知的文字版，{AGAIN}"
UNPACK = "请先解压，再放入里面的通知。"


class Refusal(NamedTuple):
    """What a kind of file is called, and what a person can do about it."""

    name: str
    advice: str


REFUSALS = {
    "doc": Refusal("旧版 Word 或 WPS 文字文件（doc、wps）", TO_DOCX),
    "rtf": Refusal("RTF 文件", TO_DOCX),
    "odt": Refusal("OpenDocument 文字文件（odt）", TO_DOCX),
    "word-xml": Refusal("Word 存成的 XML 文件", TO_DOCX),
    "ofd": Refusal("OFD 版式文件", f"请找这份通知的网页版，或用 OFD 阅读器导出为文字 PDF，或另存为 docx，{AGAIN}"),
    "sheet": Refusal("表格文件（Excel、WPS 表格）", f"如果通知正文在表格里，请复制到 Word，另存为 docx，{AGAIN}"),
    "slides": Refusal("演示文稿（PowerPoint、WPS 演示）", f"请找这份通知的 Word 或网页版，{AGAIN}"),
    "drawing": Refusal("OpenDocument 文件，但不是文字文件", f"请找这份通知的 Word 或网页版，{AGAIN}"),
    "locked": Refusal("设有打开密码的 Office 文件", f"请用 WPS 或 Word 输入密码打开它，去掉密码，另存为 docx，{AGAIN}"),
    "ole": Refusal("旧版 Office 格式的文件，但里面不是文字文档", TO_DOCX),
    "webarchive": Refusal("Safari 的网页归档（webarchive）", f"请用浏览器打开原网页，另存为 .html，{AGAIN}"),
    "maff": Refusal("旧版 Firefox 的网页归档（maff）", f"请用浏览器打开原网页，另存为 .html，{AGAIN}"),
    "epub": Refusal("电子书（epub）", TO_TEXT),
    "pages": Refusal("苹果 Pages 文件", f"请用 Pages 打开它，导出为 Word（docx），{AGAIN}"),
    "archive": Refusal("压缩文件", UNPACK),
    "chm": Refusal("CHM 帮助文件", TO_TEXT),
    "png": Refusal("PNG 图片", TO_TEXT),
    "jpeg": Refusal("JPEG 图片", TO_TEXT),
    "gif": Refusal("GIF 图片", TO_TEXT),
    "picture": Refusal("图片", TO_TEXT),
    "media": Refusal("音频或视频", TO_TEXT),
    "program": Refusal("程序文件", "它不是通知，也可能不安全。请删去它，放入通知本身。"),
    "database": Refusal("数据库文件", TO_TEXT),
    "broken-zip": Refusal(
        "Word、WPS 或压缩文件，但已经损坏（可能没有下载完整）",
        f"请重新下载；如果用 Word 或 WPS 还能打开，请把正文另存为 .txt 或 .html，{AGAIN}",
    ),
}

#: How files begin; the format's own documentation gives each.
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b\x08", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"(\xb5/\xfd", "archive"),
    (b"bplist00", "webarchive"),
    (b"ITSF", "chm"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "database"),
    (b"ID3", "media"),
    (b"OggS\x00", "media"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
#: Streams of a compound file that tell what it is, in the order in which they decide.
STREAMS = (
    ("EncryptedPackage", "locked"),
    ("WordDocument", "doc"),
    ("Workbook", "sheet"),
    ("Book", "sheet"),
    ("PowerPoint Document", "slides"),
)
#: OpenDocument 1.3 part 2, 3.3: the first member of the package is its media type, stored as it is.
_MIMETYPE = re.compile(rb"PK\x03\x04.{22}\x08\x00.{2}mimetype.{0,64}?application/([a-z.+-]+)", re.S)
_WORD_XML = re.compile(rb"<\?mso-application\s+progid=\"Word\.Document\"|<w:wordDocument\b|<pkg:package\b")
_MIME_TYPE = re.compile(rb"^content-type:\s*(?:multipart/|text/html\b)", re.I | re.M)
_MIME_HEADER = re.compile(rb"^(?:mime-version|content-location|snapshot-content-location|x-mimeole):", re.I | re.M)
_FIELD = re.compile(rb"[A-Za-z][A-Za-z-]*:")


def kind_of(data: bytes) -> str:
    """The kind of file: one of READABLE, or a key of REFUSALS.  Never raises; "text" is also a web page."""
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"%%EOF" in data[-2048:]):
        return "pdf"
    if data.startswith(OLE):
        return next((kind for name, kind in STREAMS if _has_stream(data, name)), "ole")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(data)
    if start.startswith(b"{\\rtf"):
        return "rtf"
    for magic, kind in MAGIC:
        if data.startswith(magic):
            return kind
    if _WORD_XML.search(start):
        return "word-xml"
    if _is_mime(start):
        return "mhtml"
    return _by_layout(data) or "text"


def _by_layout(data: bytes) -> str:
    """Kinds that a fixed place inside the file tells; "" for none."""
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"AVI ", b"WAVE"):
        return "picture" if data[8:12] == b"WEBP" else "media"
    if data[:2] == b"BM" and data[6:10] == bytes(4) and len(data) > 26:
        return "picture"
    if data[4:8] == b"ftyp":
        return "picture" if data[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "media"
    if data[:2] == b"MZ" and len(data) > 64 and bytes(4) in data[:64]:
        return "program"
    return "archive" if data[257:262] == b"ustar" else ""


def needs_office(head: bytes) -> bool:
    """Whether a file that begins with `head` (4,096 bytes are enough) may go through LibreOffice, which takes seconds."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(OLE) or start.startswith(b"{\\rtf"):
        return True
    found = _MIMETYPE.match(head)
    return found is not None and found[1].startswith(b"vnd.oasis.opendocument.text")


def refusal(kind: str) -> Unreadable:
    """The refusal of a file of that kind, with what to do."""
    name, advice = REFUSALS[kind]
    code = "locked" if kind == "locked" else "binary"
    return Unreadable(code, f"这是{name}，不是网页、文本、docx 或文字 PDF。{advice}")


def too_large(size: int, limit: int = MAX_TEXT) -> Unreadable:
    """The refusal of a file of `size` bytes where `limit` are allowed."""
    shown = f"文件有 {size / 1_000_000:.1f} MB，超过 {limit // 1_000_000} MB 的上限。"
    if limit == MAX_TEXT:
        return Unreadable("too-large", f"{shown}一份通知通常不到 0.2 MB，请只保存正文后再放入。")
    return Unreadable("too-large", f"{shown}请去掉里面的图片和附件，或只保存正文后再放入。")


def _is_mime(start: bytes) -> bool:
    """Whether the first lines are the header of a saved web page (RFC 2557)."""
    if not _FIELD.match(start):
        return False
    header = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    return bool(_MIME_TYPE.search(header) and _MIME_HEADER.search(header))


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a compound file has a stream of that name ([MS-CFB] 2.6.1: 128-byte entries, the name first)."""
    wanted = name.encode("utf-16-le") + b"\x00\x00"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0 and data[at + 64 : at + 66] == len(wanted).to_bytes(2, "little"):
            return True
        at = data.find(wanted, at + 1)
    return False


def _package(data: bytes) -> str:
    """What a zip file holds, told from the names of its members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
    except Exception:  # whatever the directory of a broken zip file says, it is broken
        return "broken-zip"
    found = _MIMETYPE.match(data[:HEAD])
    if found:
        media = found[1].decode("ascii")
        if media.startswith("vnd.oasis.opendocument."):
            wanted = {"text": "odt", "spreadsheet": "sheet", "presentation": "slides"}
            return next((kind for word, kind in wanted.items() if media.split(".")[3].startswith(word)), "drawing")
        return "epub" if media.startswith("epub") else "archive"
    if "[Content_Types].xml" in names:
        for folder, kind in (("word/", "docx"), ("xl/", "sheet"), ("ppt/", "slides")):
            if any(name.startswith(folder) for name in names):
                return kind
    if "OFD.xml" in names:
        return "ofd"
    if any(name.endswith(".iwa") for name in names):
        return "pages"
    return "maff" if any(name.endswith("/index.rdf") for name in names) else "archive"

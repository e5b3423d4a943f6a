"""What a file is, told from its bytes; the same notice in every format; and nothing but Unreadable from any bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import quopri
import zipfile
from pathlib import Path

import pytest
from formats.make import SAVED, convert, docx, mhtml, notice_docx, notice_mhtml, notice_pdf, paragraph, run, web_page
from formats.make import WORD as PLACE
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.errors import Unreadable
from notices.ledger import replay
from notices.model import Document
from notices.pipeline import convert_file, to_notice
from notices.read import office
from notices.read.document import load, read
from notices.read.formats import OFFICE, OLE, READABLE, REFUSALS, kind_of, needs_office
from support import CASES, ROOT, rules

HERE = ROOT / "tests" / "formats"
DOC = (HERE / "plan.doc").read_bytes()
RTF = b"{\\rtf1\\ansi\\deff0 {\\fonttbl{\\f0 SimSun;}}\\u19968?\\u12289?\\u21152?\\u24378?\\par}"


def packed(*names: str, mimetype: str = "") -> bytes:
    """A zip file with these members; `mimetype`: an OpenDocument's first one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def compound(stream: str) -> bytes:
    """A compound file with one stream: header, and a directory that begins at byte 512."""
    name = stream.encode("utf-16-le") + b"\x00\x00"
    return OLE.ljust(512, b"\x00") + name.ljust(64, b"\x00") + len(name).to_bytes(2, "little") + bytes(62)


ODT = "application/vnd.oasis.opendocument.text"
#: Bytes, the kind they are, and words of the reason that the maintainer reads ("" where the file is read).
KINDS = {
    "a text": ("一、加强领导".encode(), "text", ""),
    "a page": (b"<!DOCTYPE html><p>", "text", ""),
    "a text that speaks of %PDF": ("附件为 %PDF- 格式。".encode(), "text", ""),
    "a letter in plain text": ("Subject: 通知\nMIME-Version: 1.0\n\n正文".encode(), "text", ""),
    "docx": (notice_docx(PLACE), "docx", ""),
    "docx in another order": (packed("word/document.xml", "[Content_Types].xml"), "docx", ""),
    "pdf": (notice_pdf(PLACE), "pdf", ""),
    "pdf behind a line end": (b"\r\n" + notice_pdf(PLACE), "pdf", ""),
    "mhtml": (notice_mhtml(SAVED), "mhtml", ""),
    "doc": (DOC, "doc", "另存为 docx"),
    "doc, wps": (compound("WordDocument"), "doc", "另存为 docx"),
    "docx with a password": (compound("EncryptedPackage"), "locked", "去掉密码"),
    "xls": (compound("Workbook"), "sheet", "表格"),
    "ppt": (compound("PowerPoint Document"), "slides", "演示文稿"),
    "another compound file": (compound("Contents"), "ole", "另存为 docx"),
    "xlsx": (packed("[Content_Types].xml", "xl/workbook.xml"), "sheet", "表格"),
    "pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), "slides", "演示文稿"),
    "odt": (packed("content.xml", mimetype=ODT), "odt", "另存为 docx"),
    "ods": (packed("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "sheet", "表格"),
    "epub": (packed("a.opf", mimetype="application/epub+zip"), "epub", "文字版"),
    "ofd": (packed("OFD.xml", "Doc_0/Document.xml"), "ofd", "OFD 阅读器"),
    "pages": (packed("Index/Document.iwa"), "pages", "导出为 Word"),
    "maff": (packed("1/index.html", "1/index.rdf"), "maff", "另存为 .html"),
    "zip": (packed("通知.txt"), "archive", "解压"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "archive", "解压"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "archive", "解压"),
    "gz": (b"\x1f\x8b\x08\x00", "archive", "解压"),
    "tar": (b"a".ljust(257, b"\x00") + b"ustar\x0000", "archive", "解压"),
    "rtf": (RTF, "rtf", "另存为 docx"),
    "xml of Word 2003": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "word-xml", "另存为 docx"),
    "webarchive": (b"bplist00\xd1\x01\x02", "webarchive", "另存为 .html"),
    "jpeg": (b"\xff\xd8\xff\xe0", "jpeg", "JPEG 图片"),
    "png": (b"\x89PNG\r\n\x1a\n", "png", "PNG 图片"),
    "bmp": (b"BM\x36\x00\x00\x00\x00\x00\x00\x00".ljust(60, b"\x00"), "picture", "图片"),
    "webp": (b"RIFF\x00\x00\x00\x00WEBP", "picture", "图片"),
    "heic": (b"\x00\x00\x00\x18ftypheic", "picture", "图片"),
    "mp4": (b"\x00\x00\x00\x18ftypisom", "media", "视频"),
    "exe": (b"MZ\x90\x00".ljust(80, b"\x00"), "program", "程序文件"),
    "a zip file cut off": (notice_docx(PLACE)[:2000], "broken-zip", "重新下载"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "advice"), KINDS.values(), ids=KINDS)
def test_the_bytes_tell_the_kind(data: bytes, kind: str, advice: str) -> None:
    assert kind_of(data) == kind
    assert (kind in READABLE) == (advice == "")
    if advice:
        with pytest.raises(Unreadable, match=advice) as refused:
            read(data, "notice.txt", rules())
        assert refused.value.reason.endswith("。")


def test_every_kind_is_read_or_refused_in_words() -> None:
    assert set(OFFICE) <= set(REFUSALS)
    assert not set(READABLE) & set(REFUSALS)
    assert {kind for _, kind, _ in KINDS.values()} >= set(READABLE) | set(OFFICE)


@pytest.mark.parametrize("name", KINDS)
def test_the_head_tells_which_files_may_take_long(name: str) -> None:
    data, kind, _ = KINDS[name]
    if kind in OFFICE or data.startswith(OLE):
        assert needs_office(data[:4096])
    else:
        assert not needs_office(data[:4096])


@pytest.mark.parametrize(("name", "data", "media"), [("a.txt", notice_docx(PLACE), "docx"), ("a.docx", "一、加强领导".encode(), "text"), ("a.doc", web_page(SAVED).encode(), "html"), ("a.html", notice_pdf(PLACE), "pdf"), ("a.pdf", notice_mhtml(SAVED), "html")])  # fmt: skip
def test_the_extension_decides_nothing(name: str, data: bytes, media: str) -> None:
    document = read(data, name, rules())
    assert document.source.media == media
    assert document.source.sha256 == hashlib.sha256(data).hexdigest()


# The same notice in every format.


def clauses(document: Document) -> list[tuple[str, str, str]]:
    """Anchor, number and text of every clause."""
    return [(c.anchor, c.label, c.text) for c in to_notice(document, rules()).clauses if c.style]


TEXT = read((HERE / "plan.txt").read_bytes(), "plan.txt", rules())


@pytest.mark.parametrize("name", ["word-automatic-numbers.docx", "pdf-gb9704.pdf", "page-saved-by-chrome.mhtml"])
def test_the_same_plan_in_every_format_gives_the_same_clauses(name: str) -> None:
    wanted = clauses(TEXT)
    assert len(wanted) == 22
    assert clauses(load(CASES / name, name, rules())) == wanted


def test_the_fixtures_are_what_their_script_makes() -> None:
    assert (CASES / "word-automatic-numbers.docx").read_bytes() == notice_docx(PLACE)
    assert (CASES / "page-saved-by-chrome.mhtml").read_bytes() == notice_mhtml(SAVED)


@pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_what_only_it_can(tmp_path: Path) -> None:
    path = tmp_path / "plan.wps"
    path.write_bytes(DOC)
    document = load(path, path.name, rules())
    assert clauses(document) == clauses(TEXT)
    assert document.source.sha256 == hashlib.sha256(DOC).hexdigest()
    assert (document.source.media, document.source.encoding) == ("docx", "doc")
    assert [(p.severity, p.code) for p in document.problems] == [("note", "converted")]


@pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
def test_marks_that_libreoffice_loses_from_the_numbers_of_rtf_are_flagged(tmp_path: Path) -> None:
    (tmp_path / "plan.rtf").write_bytes(convert(notice_docx(PLACE), ".docx", "rtf:Rich Text Format", "rtf"))
    outcome = convert_file("plan.rtf", tmp_path, rules())
    assert outcome.status == "review"
    assert outcome.document is not None
    assert "\n一?深化医药卫生体制改革\n" in outcome.document.text
    assert {"docx-number-form", "character-lost"} <= {problem.code for problem in outcome.problems}


WORD_XML = {"2003": b"<w:wordDocument/>", "2007": b"<pkg:package/>"}


@pytest.mark.parametrize("root", WORD_XML.values(), ids=WORD_XML)
def test_the_xml_of_word_is_set_aside_with_libreoffice_too(root: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.xml").write_bytes(b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n' + root)
    outcome = convert_file("plan.xml", tmp_path, rules())
    assert outcome.status == "quarantined"
    assert "请用 WPS 或 Word 打开它，另存为 docx" in outcome.reason


@pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
def test_what_libreoffice_cannot_open_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "broken.doc").write_bytes(compound("WordDocument"))
    outcome = convert_file("broken.doc", tmp_path, rules())
    assert outcome.status == "quarantined"
    assert "另存为 docx" in outcome.reason


def test_without_libreoffice_a_doc_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "plan.doc").write_bytes(DOC)
    outcome = convert_file("plan.doc", tmp_path, rules())
    assert outcome.status == "quarantined"
    assert "请用 WPS 或 Word 打开它，另存为 docx" in outcome.reason


# Saved pages.

PAGE = web_page(SAVED).encode()
URL = "https://www.example.gov.cn/zwgk/1.html"


def saved(*parts: tuple[str, bytes], outer: str = "multipart/related") -> bytes:
    """A MIME file with these parts: (content type, content)."""
    made = b"".join(
        f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes(content)
        + b"\r\n"
        for kind, content in parts
    )
    return (
        f'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: {outer}; boundary="b"\r\n\r\n'.encode()
        + made
        + b"--b--\r\n"
    )


FLAVOURS = {
    "Chrome": mhtml(PAGE, URL),
    "IE, base64 in GB18030": mhtml(web_page(SAVED).encode("gb18030"), URL, "base64", "gb2312"),
    "blank lines above": b"\r\n\r\n" + mhtml(PAGE, URL),
    "one part alone": b"MIME-Version: 1.0\r\nContent-Location: " + URL.encode()
    + b"\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(PAGE),
}  # fmt: skip


@pytest.mark.parametrize("data", FLAVOURS.values(), ids=FLAVOURS)
def test_saved_pages_of_every_program(data: bytes) -> None:
    document = read(data, "page.mht", rules())
    assert (document.source.media, document.source.url) == ("html", URL)
    assert clauses(document) == clauses(TEXT)


def test_the_sidecar_knows_the_address_better() -> None:
    assert (
        read(FLAVOURS["Chrome"], "page.mhtml", rules(), {"url": "https://a.gov.cn/"}).source.url == "https://a.gov.cn/"
    )


def test_the_body_in_a_frame_is_found_and_reported() -> None:
    document = read(
        saved(("text/html", b"<html><iframe src='cid:2'></iframe></html>"), ("text/html", PAGE)), "p.mhtml", rules()
    )
    assert clauses(document) == clauses(TEXT)
    assert "mhtml-frame" in {problem.code for problem in document.problems}


NO_PAGE = {
    "no page": (saved(("image/png", b"\x89PNG")), "没有找到网页正文"),
    "an empty page": (saved(("text/html", b"")), "没有找到网页正文"),
    "nested": (
        b"MIME-Version: 1.0\r\n"
        + b"".join(f"Content-Type: multipart/mixed; boundary=b{k}\r\n\r\n--b{k}\r\n".encode() for k in range(3000)),
        "太多",
    ),
    "thousands of parts": (saved(*[("image/png", b"x")] * 5000), "太多"),
}


@pytest.mark.parametrize(("data", "reason"), NO_PAGE.values(), ids=NO_PAGE)
def test_a_saved_file_without_a_page_is_set_aside(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data, "page.mhtml", rules())


# Any bytes at all.


def check(data: bytes) -> None:
    """Unreadable with a reason, or a document whose pieces tile its text."""
    try:
        document = read(data, "any", rules())
    except Unreadable as refused:
        assert refused.reason.endswith("。")
        return
    assert replay(document) == document.text


HEADS = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"%PDF-1.7\n",
    OLE,
    b"{\\rtf1",
    b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n",
    b"BM",
    b"RIFF",
    b"bplist00",
]
VALID = [docx(paragraph(run("一、加强领导"))), notice_docx(PLACE), notice_pdf(PLACE), notice_mhtml(SAVED)]


@given(st.sampled_from(HEADS), st.binary(max_size=600))
def test_bytes_behind_a_known_head(head: bytes, rest: bytes) -> None:
    check(head + rest)


@settings(max_examples=150)
@given(
    st.sampled_from(VALID), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=5)
)
def test_valid_files_with_bytes_changed_inserted_and_lost(data: bytes, changes: list[tuple[float, bytes, int]]) -> None:
    for where, new, lost in changes:
        at = int(where * len(data))
        data = data[:at] + new + data[at + lost :]
    check(data)


WORDS = [
    "p",
    "r",
    "t",
    "tbl",
    "tr",
    "tc",
    "sdt",
    "sdtContent",
    "ins",
    "del",
    "fldChar",
    "numPr",
    "pPr",
    "hyperlink",
    "br",
    "vMerge",
    "gridSpan",
]


@st.composite
def trees(draw: st.DrawFn, depth: int = 5) -> str:
    """Elements of WordprocessingML in any order."""
    name = draw(st.sampled_from(WORDS))
    value = draw(st.sampled_from(["", "1", "-1", "99999999999", "begin", "end", "separate", "restart"]))
    inner = (
        "".join(draw(st.lists(trees(depth=depth - 1), max_size=3)))
        if depth
        else draw(st.sampled_from(["", "一、甲", "1.\t乙\n"]))
    )
    return f'<w:{name} w:val="{value}" w:fldCharType="{value}" w:ilvl="{value}">{inner}</w:{name}>'


@settings(max_examples=100)
@given(st.lists(trees(), max_size=4))
def test_elements_of_word_in_any_order(content: list[str]) -> None:
    check(docx("".join(content)))


def test_a_notice_that_ends_with_a_table_is_not_cut_off() -> None:
    text = (HERE / "plan.txt").read_text("utf-8").rsplit("\n\n", 1)[0] + "\n"
    last = to_notice(read(text.encode(), "plan.txt", rules()), rules()).clauses[-1]
    assert (last.paragraphs[-1].kind, last.damage) == ("table", ())

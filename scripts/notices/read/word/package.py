"""The parts of a docx (ECMA-376 part 2), opened from bytes with every size bounded and nothing fetched."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from ...errors import Unreadable
from ..formats import AGAIN, TO_DOCX, TO_TEXT

MAX_MEMBERS = 5000
MAX_PART = 40_000_000  # bytes of one part, unpacked; the body of a long plan is 3 MB
MAX_RATIO = 400  # unpacked to packed; Word's own XML reaches 30, a bomb 1,000
SMALL = 1_000_000  # bytes below which the ratio says nothing
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
#: A document in the strict variant says the same in another namespace.
STRICT_WORD = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DAMAGED = f"这个 Word 文件（docx）已经损坏，打不开。请重新下载；如果 WPS 或 Word 还能打开，请另存为新的 docx，{AGAIN}"


class Package:
    """A docx in memory.  `part` gives its XML parts one at a time; pictures and links are never opened."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable where `data` is no sound zip file or holds too many members."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # zipfile raises many kinds on a broken directory
            raise Unreadable("damaged", _DAMAGED) from error
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise Unreadable("too-large", f"这个 Word 文件里有 {len(infos)} 个部件，多得不正常，没有打开。{TO_TEXT}")
        self._infos = {info.filename.lstrip("/"): info for info in infos}

    def part(self, name: str) -> etree._Element | None:
        """The root of the XML part `name`; None where there is none.  Raises Unreadable."""
        info = self._infos.get(name)
        if info is None:
            return None
        content = self._inflate(info)
        if b"<!DOCTYPE" in content[:10_000]:  # no docx has one; entities begin there
            raise Unreadable("damaged", f"这个 Word 文件里有不该有的声明（DOCTYPE），没有打开。{TO_DOCX}")
        content = content.replace(STRICT_WORD, WORD)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("damaged", _DAMAGED) from error

    def _inflate(self, info: zipfile.ZipInfo) -> bytes:
        """One member's bytes: what it declares is checked first, then what it really unpacks to."""
        limit = MAX_PART
        if info.compress_size and info.file_size > SMALL and info.file_size > MAX_RATIO * info.compress_size:
            limit = -1
        if info.file_size > limit:
            raise _bomb()
        if info.flag_bits & 1:
            raise Unreadable("locked", f"这个 Word 文件设有密码。请输入密码打开它，去掉密码，另存为 docx，{AGAIN}")
        try:
            with self._zip.open(info) as stream:
                content = stream.read(MAX_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,  # zipfile: compressed in a way it does not know
            ValueError,
            RuntimeError,
        ) as error:
            raise Unreadable("damaged", _DAMAGED) from error
        if len(content) > MAX_PART or (len(content) > SMALL and len(content) > MAX_RATIO * max(info.compress_size, 1)):
            raise _bomb()
        return content

    def targets(self, name: str) -> list[tuple[str, str]]:
        """(kind, part name) of the parts that the part `name` (""; the package) refers to; links outside are left out."""
        folder, base = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: list[tuple[str, str]] = []
        for relation in root if root is not None else ():
            target, kind = relation.get("Target", ""), relation.get("Type", "")
            if relation.get("TargetMode") != "External" and kind.startswith((RELATION, STRICT)):
                path = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found.append((kind.rsplit("/", 1)[-1], path))
        return found


def damaged() -> Unreadable:
    """The refusal of a docx whose parts do not fit together."""
    return Unreadable("damaged", _DAMAGED)


def _bomb() -> Unreadable:
    reason = f"这个 Word 文件解压后大得不正常（像“压缩炸弹”），没有打开。请向提供的人核实；{TO_TEXT}"
    return Unreadable("too-large", reason)

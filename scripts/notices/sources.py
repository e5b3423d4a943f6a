"""Where a notice came from: its own file, further files of the same notice, and files too like it to be passed over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """The file in raw/ that a notice was read from, and what its sidecar says of it."""

    path: str  # the file's name below raw/, with forward slashes
    sha256: str  # of the bytes as received
    media: str  # "text", "html", "docx" or "pdf"
    encoding: str  # the codec that decoded the bytes; of docx and pdf the format received: docx, pdf, doc, rtf, odt …
    url: str | None = None
    fetched: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another file of the same notice.  It is not published itself; the notice's page names it as a further source."""

    source: Source
    name: str | None  # 信息来源 as that page prints it
    differing: int  # how many clauses read otherwise there


@dataclass(frozen=True, slots=True)
class Rival:
    """Another published file that looks like the same notice and reads otherwise, or is another version of it.

    `detail` goes on after “与 <file>（<page>）”; the page is known once both have their ids (duplicates.named).
    """

    path: str
    severity: str
    code: str
    line: int  # of the first difference, in this notice's own source
    detail: str

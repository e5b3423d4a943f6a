"""From a file in raw/ to a Document: the only stage besides `write` that touches the disk."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

from ..errors import Unreadable
from ..model import Document, Problem, Source
from ..rules import Rules
from .decode import MAX_BYTES, decode, too_large
from .lines import blocks_of, line_starts
from .page import read_page

_HTML = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|table|meta|span|br)\b", re.I)


def load(path: Path, name: str, rules: Rules) -> Document:
    """Read the file at `path`, called `name` below raw/, with its sidecar.  Raises Unreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(path.stat().st_size)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("unreadable", "打不开文件：文件不存在。") from error
    except PermissionError as error:
        raise Unreadable("unreadable", "打不开文件：没有读取权限。请检查文件的权限。") from error
    except OSError as error:
        raise Unreadable("unreadable", f"打不开文件：{error.strerror}。请重新保存这份通知。") from error
    return read(data, name, rules, sidecar(path))


def sidecar(path: Path) -> dict[str, str]:
    """url, fetched and note from NAME.toml beside the file; empty where there is none.  Raises Unreadable."""
    beside = path.with_name(path.name + ".toml")
    if not beside.is_file():
        return {}
    try:
        said = tomllib.loads(beside.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = f"说明文件 {beside.name} 写法有错：{error}。请改正，或删去这个说明文件。"
        raise Unreadable("sidecar", reason) from error
    unknown = sorted(set(said) - {"url", "fetched", "note"})
    if unknown:
        raise Unreadable(
            "sidecar", f"说明文件 {beside.name} 里有不认识的项：{'、'.join(unknown)}。只能写 url、fetched 和 note。"
        )
    return {key: str(value) for key, value in said.items()}


def read(data: bytes, name: str, rules: Rules, about: dict[str, str] | None = None) -> Document:
    """Decode `data` and cut it into blocks; nothing is removed but markup.  Raises Unreadable."""
    text, encoding, cut = decode(data)
    about = about or {}
    is_page = bool(_HTML.search(text, 0, 4000))
    source = Source(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media="html" if is_page else "text",
        encoding=encoding,
        url=about.get("url") or None,
        fetched=about.get("fetched") or None,
        note=about.get("note") or None,
    )
    starts = line_starts(text)
    problems = (_cut(cut, len(starts)),) if cut else ()
    if not is_page:
        return Document(source, text, blocks_of(text), problems=problems, line_starts=starts)
    page = read_page(text, rules, starts)
    return Document(source, text, page.blocks, page.removed, problems, page.hints, starts)


def _cut(count: int, line: int) -> Problem:
    detail = f"文件末尾有 {count} 个字节是半个字，已略去：文件可能没有保存完整。请对照原网页，必要时重新保存。"
    return Problem("review", "truncated-bytes", line, detail)

"""Inputs that look like notices: lines and parts of lines put in, taken out and moved, in the encodings pages come in."""

from __future__ import annotations

import io
import random
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

FRAGMENTS: tuple[str, ...] = tuple(
    piece
    for pieces in tomllib.loads((Path(__file__).parent / "genre.toml").read_text(encoding="utf-8")).values()
    for piece in pieces
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5")
MEMBER = "word/document.xml"  # where a Word file keeps its text


def mutate(data: bytes, most: int, chance: random.Random, bytewise: Callable[[bytes, int], bytes]) -> bytes:
    """Another input made of `data`, at most `most` bytes; `bytewise(data, most)` changes it without looking."""
    if chance.random() < 0.1 or data.startswith(b"%PDF"):
        return bytewise(data, most)
    if data.startswith(b"PK\x03\x04"):
        return _word(data, most, chance) or bytewise(data, most)
    text, encoding = _decoded(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        text = chance.choice(STEPS)(text, chance)
    if chance.random() < 0.1:
        encoding = chance.choice(ENCODINGS)
    made = text[:most].encode(encoding, "replace")
    if chance.random() < 0.05:
        made = made[: chance.randrange(len(made) + 1)]
    return made[:most]


def _decoded(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace"), "utf-8"


def _insert_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines) + 1), "".join(chance.choices(FRAGMENTS, k=chance.choice((1, 1, 2, 3)))))
    return "\n".join(lines)


def _insert_inside(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(FRAGMENTS) + text[at:]


def _drop_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _move_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return "\n".join(lines)


def _double(text: str, chance: random.Random) -> str:
    """A line or the whole twice."""
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    part = lines[start : start + chance.choice((1, 2, 10, len(lines)))]
    return "\n".join([*lines[:start], *part, *lines[start:]])[:30_000]


def _break(text: str, chance: random.Random) -> str:
    """A line break lost or found, as scrapers do."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + "\n" + text[at:] if chance.random() < 0.5 else text[:at] + text[at:].replace("\n", "", 1)


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 2, 5, 100)) :]


def _many(text: str, chance: random.Random) -> str:
    """One piece a great many times: what shows a reader whose time grows with the square of its input."""
    piece = chance.choice(FRAGMENTS) + chance.choice(("", "\n", " "))
    return _at_line(text, piece * min(chance.choice((50, 500, 3000)), 30_000 // max(len(piece), 1)), chance)


def _at_line(text: str, piece: str, chance: random.Random) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines) + 1), piece)
    return "\n".join(lines)


def _as_page(text: str, chance: random.Random) -> str:
    """The lines as paragraphs of a page of some CMS."""
    hold = chance.choice(('<div id="zoom">', '<div class="TRS_Editor">', "<table><tr><td>", "<article>", "<div>"))
    return "<html><body>" + hold + "".join(f"<p>{line}</p>\n" for line in text.split("\n")) + "</body></html>"


STEPS = (
    *(_insert_line, _insert_line, _insert_inside, _insert_inside),
    *(_drop_line, _move_line, _double, _break, _cut, _many, _as_page),
)


def _word(data: bytes, most: int, chance: random.Random) -> bytes | None:
    """A Word file with its text changed inside; None where it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()[:50]}
    except Exception:  # a broken archive is an input too
        return None
    if MEMBER not in members or chance.random() < 0.2:
        return None
    text = members[MEMBER].decode("utf-8", "replace")
    members[MEMBER] = chance.choice((_insert_inside, _cut, _double, _break))(text, chance).encode("utf-8", "replace")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue() if len(out.getvalue()) <= most else None

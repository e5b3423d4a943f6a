"""Encodings and characters: the right text, or a refusal in words, or 缺字 flagged; never a lost character in silence.

The cases are data: tests/encodings/bytes.toml (how the bytes are made) and characters.toml (what a line holds).
"""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from notices.chars import han_count
from notices.cleaning.characters import lost_count, scrub_text
from notices.cleaning.clean import clean
from notices.cleaning.variants import usual
from notices.errors import Unreadable
from notices.ledger import replay
from notices.model import Document, Notice
from notices.pipeline import to_notice
from notices.read.document import read
from notices.read.encoding.decode import decode, encoding_name
from notices.read.encoding.mojibake import repair
from notices.read.lines import blocks_of, line_starts
from support import CASES, ROOT, SEEDS, convert_text, flat, rules

FOLDER = ROOT / "tests" / "encodings"
LINES = (FOLDER / "notice.txt").read_text("utf-8").splitlines(keepends=True)
#: Codes that only this part of the program gives.
OURS = {"character-lost", "text-turned", "truncated-bytes", "encoding-mixed", "encoding-repaired"}
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/source.*"))
TEXTS = sorted({*SEEDS, *CASES.glob("*.txt"), *GOLDEN})


def cases(name: str) -> list[Any]:
    """The cases of a file, each with its name as the test's id."""
    found = tomllib.loads((FOLDER / name).read_text("utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in found]


def _as_browsers_do(error: UnicodeError) -> tuple[str, int]:
    """What the WHATWG Encoding Standard makes of a byte that a codec refuses; 0x80 in GBK is €."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start]
    if error.encoding == "charmap":
        return chr(byte), error.start + 1
    return ("€" if byte == 0x80 and error.encoding == "gb18030" else "\ufffd"), error.start + 1


codecs.register_error("as-browsers-do", _as_browsers_do)


def misread(data: bytes, wrong: list[str]) -> bytes:
    """The bytes read by each wrong codec in turn and saved as UTF-8."""
    for codec in wrong:
        data = data.decode(codec, "as-browsers-do").encode("utf-8")
    return data


def made(case: dict[str, Any]) -> bytes:
    """The bytes of a case."""
    texts = [i for i, piece in enumerate(case["made"]) if "hex" not in piece]
    out = b""
    for index, piece in enumerate(case["made"]):
        if "hex" in piece:
            out += bytes.fromhex(piece["hex"])
            continue
        text = piece.get("text") or "".join(LINES[piece["lines"][0] - 1 : piece["lines"][1]])
        if "page" in case:
            head = f'<html><head><meta charset="{case["page"]}"><title>要点</title></head><body><div id="zoom">\n'
            text = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
            text = (head if index == texts[0] else "") + text + ("</div></body></html>" if index == texts[-1] else "")
        out += misread(text.encode(piece["codec"]), piece.get("through", []))
    out = misread(out, case.get("through", []))
    return out[: len(out) - case.get("cut", 0)]


def ours(notice: Notice) -> dict[str, int]:
    """Problems that only this part gives, for review: code → the first line."""
    found = [(p.code, p.line) for p in notice.all_problems if p.code in OURS and p.severity == "review"]
    return dict(sorted(found, key=lambda entry: -entry[1]))


@pytest.mark.parametrize("case", cases("bytes.toml"))
def test_bytes(case: dict[str, Any]) -> None:
    data = made(case)
    if "refused" in case:
        with pytest.raises(Unreadable) as refusal:
            to_notice(read(data, "x.txt", rules()), rules())
        assert (refusal.value.code, case["says"] in refusal.value.reason) == (case["refused"], True), (
            refusal.value.reason
        )
        assert refusal.value.reason.endswith("。")
        return
    notice = to_notice(read(data, "x.txt", rules()), rules())
    published = notice.document.published
    assert encoding_name(notice.document.source.encoding) == case["encoding"]
    assert ours(notice) == case.get("problems", {})
    assert published.count("\ufffd") == case.get("lost", 0)
    if case.get("same"):
        assert published == convert_text("".join(LINES)).document.published
    for text in case.get("holds", []):
        assert text in published
    assert replay(notice.document) == notice.document.text


def with_line(case: dict[str, Any]) -> Notice:
    """notice.txt with the case's line in place of （一）."""
    lines = [case["line"] + "\n" if number == 10 else line for number, line in enumerate(LINES, 1)]
    if case.get("html"):
        lines = [f"<p>{line.rstrip()}</p>\n" for line in lines]
        lines[0] = f'<div id="zoom">{lines[0]}'
    return convert_text("".join(lines))


@pytest.mark.parametrize("case", cases("characters.toml"))
def test_characters(case: dict[str, Any]) -> None:
    notice = with_line(case)
    published = notice.document.published
    flags = case["flags"]
    assert ours(notice) == ({flags: 10} if flags else {})
    if "shown" in case:
        assert case["shown"] in published.splitlines()
    clause = next(c for c in notice.clauses if c.anchor == "s1-c1")
    assert ("character-lost" in clause.damage) == case.get("damage", False)
    assert replay(notice.document) == notice.document.text
    assert clean(read(published.encode(), "x", rules()), rules()).published == published


@pytest.mark.parametrize("name", ["<title>", "ArticleTitle"])
def test_fields_of_a_page_are_scrubbed_too(name: str) -> None:
    """What the head of a page says becomes a title or a field, so no invisible character may come through it."""
    words = "2022年海宁市\u202e卫生\u200b⼯作&#x202d;要点"
    head = f"<title>{words}</title>" if name == "<title>" else f'<meta name="{name}" content="{words}">'
    page = (
        f'<html><head>{head}</head><body><div id="zoom">{"".join(f"<p>{x}</p>" for x in LINES[8:])}</div></body></html>'
    )
    document = clean(read(page.encode(), "x.html", rules()), rules())
    values = [hint.value for hint in document.hints if hint.name == name]
    assert values == ["2022年海宁市卫生工作要点"]
    assert [(p.code, p.line) for p in document.problems if p.code in OURS] == [("text-turned", 1)]


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5hkscs"]
)
@pytest.mark.parametrize("path", TEXTS, ids=lambda p: f"{p.parent.name}-{p.stem}"[:40])
def test_ordinary_chinese_is_never_taken_for_anything_else(path: Path, codec: str) -> None:
    """Every notice we have, in every encoding: the same text, and nothing is flagged."""
    text = decode(path.read_bytes()).text.lstrip("\ufeff")
    text = text if codec != "big5hkscs" else text.encode(codec, "ignore").decode(codec)
    data = text.encode(codec)
    found = decode(data)
    assert found.text.lstrip("\ufeff") == text
    assert found.problems == ()


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: f"{p.parent.name}-{p.stem}"[:40])
def test_no_line_of_an_ordinary_notice_is_flagged(path: Path) -> None:
    text = decode(path.read_bytes()).text
    assert repair(text) is None
    assert [line for line in text.splitlines() if lost_count(scrub_text(line)) or repair(line)] == []


PHRASES = ("推进县域医共体建设。", "（一）加强领导，", "2022年", "一、", "<p>", "\n", "联通", "90%以上", "\ufffd", "\ue003", "锟斤拷", "????", "中?国", "\u202e乱", "&#xFFFD;", "&#57345;", "㙍", "\x00")  # fmt: skip
STRETCHES = st.tuples(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=12), st.sampled_from(["utf-8", "gb18030", "utf-16-le", "big5hkscs"]))  # fmt: skip


@st.composite
def broken_bytes(draw: st.DrawFn) -> bytes:
    """Stretches in several encodings, with arbitrary bytes between and single bytes knocked out."""
    out = b""
    for words, codec in draw(st.lists(STRETCHES, min_size=1, max_size=4)):
        out += "".join(words).encode(codec, "ignore") + draw(st.binary(max_size=3))
    for at in draw(st.lists(st.integers(0, max(len(out) - 1, 0)), max_size=4)):
        out = out[:at] + out[at + 1 :]
    return out


def unflagged(document: Document) -> list[str]:
    """Published lines with U+FFFD or a private code that no problem for review names."""
    named = {p.line for p in document.problems if p.severity == "review"}
    lost = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
    return [
        block.text
        for block in document.blocks
        if lost.search(block.text)
        and not named & {block.line, *(document.line_of(piece.start) for piece in block.pieces)}
    ]


@given(broken_bytes())
@example("<p>一、中\ufffd国".encode())
@settings(max_examples=400, deadline=None)
def test_no_lost_character_is_published_in_silence(data: bytes) -> None:
    try:
        document = clean(read(data, "x", rules()), rules())
    except Unreadable as refusal:
        assert refusal.reason.endswith("。")
        return
    assert unflagged(document) == []
    assert replay(document) == document.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\U000e0000-\U000e0fff]", document.published)


SAMPLES = [line for path in SEEDS for line in path.read_text("utf-8").splitlines() if han_count(line) >= 20]


@given(
    st.sampled_from(SAMPLES), st.sampled_from(["gb18030", "cp1252", "latin-1"]), st.sampled_from(["utf-8", "gb18030"])
)
@settings(max_examples=300, deadline=None)
def test_a_misread_line_is_put_right_or_flagged(line: str, wrong: str, right: str) -> None:
    """Whatever was misread comes back whole, or with its lost characters marked, or the line is refused or flagged."""
    if wrong == right:
        return
    try:
        document = clean(read(misread(line.encode(right), [wrong]), "x", rules()), rules())
    except Unreadable as refusal:
        assert refusal.code == "mojibake"
        return
    assert [p for p in document.problems if p.code in OURS and p.severity == "review"]
    if flat(document.text) != flat(line):
        assert lost_count(document.text) or any(p.code == "character-lost" for p in document.problems)


@given(
    st.text(
        alphabet=st.sampled_from(
            "一。工⼯⻓\ue863\ue003\ufffd\u202e\u200b\u00a0 a?？锟斤拷\U000e0041\U0002f800\ufdd0\x00&#;x2"
        ),
        max_size=30,
    )
)
@settings(max_examples=300, deadline=None)
def test_cleaning_odd_characters_is_complete_and_idempotent(text: str) -> None:
    try:
        document = clean(read(text.encode(), "x", rules()), rules())
    except Unreadable:
        return
    published = document.published
    assert replay(document) == document.text
    assert unflagged(document) == []
    again = replace(
        document, text=published, blocks=blocks_of(published), removed=(), line_starts=line_starts(published)
    )
    assert clean(again, rules()).published == published


def test_the_table_of_look_alikes() -> None:
    """Each stands for one or more ordinary characters that the table leaves alone; nothing ordinary is in it."""
    table = usual()
    assert [table[c] for c in "⻓⼯︐\ue863\ue5e5"] == ["长", "工", "，", "䶮", "\u3000"]
    assert [c for c, plain in table.items() if any(p in table for p in plain)] == []
    assert [c for c in table if "\u3000" <= c <= "\u9fff" or c < "\u2e80"] == []
    assert {chr(code) for code in range(0x2E81, 0x2EF4)} - {"\u2e9a"} <= set(table)
    assert {chr(code) for code in range(0x2F00, 0x2FD6)} <= set(table)


def test_a_long_line_of_rubbish_is_refused_in_good_time() -> None:
    """Two encodings in turns without a line end, longer than what is looked into byte by byte."""
    rubbish = ("工作要点".encode("gb18030") + b"\xff" + "工作要点".encode()) * 30_000
    with pytest.raises(Unreadable) as refusal:
        decode(rubbish)
    assert refusal.value.code == "encoding"

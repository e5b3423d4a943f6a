"""Notices in other shapes than the seeds': each case is a source and, beside it, what a reader expects of it.

A case is a pair NAME.txt, .html, .docx, .pdf or .mhtml and NAME.expect.toml; adding a pair adds a test.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from notices.ledger import account, replay
from notices.overrides import FIELDS
from notices.registry import base_id
from support import CASE_SUFFIXES, CASES, bare, data_of, flat, notice_of

NAMES = sorted(path.name.removesuffix(".expect.toml") for path in CASES.glob("*.expect.toml"))
#: Kinds of damage that a case must list; the others may occur besides.
LISTED = {"number-gap", "number-duplicate", "number-restart", "label-mark-lost", "title-glued", "item-mark-lost", "unclosed", "truncated", "lost-dash"}  # fmt: skip


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[Path, dict[str, Any]]:
    name: str = request.param
    source = next(path for path in CASES.glob(f"{name}.*") if path.suffix in CASE_SUFFIXES)
    return source, tomllib.loads((CASES / f"{name}.expect.toml").read_text("utf-8"))


def outline(text: str) -> list[list[str]]:
    """Rows of: anchor | T or - | label | title | start…end of the text | paragraphs | items."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def test_metadata(case: tuple[Path, dict[str, Any]]) -> None:
    source, expect = case
    data, meta = data_of(source), expect["meta"]
    for name in FIELDS:
        assert flat(data[name]) == flat(meta.get(name)), name
    assert data["region"]["code"] == meta.get("region_code")
    assert data["region"]["path"] == meta.get("region", [])
    assert flat(data["source"]["name"]) == flat(meta.get("source_name"))
    assert base_id(notice_of(source)) == meta["id"]


def test_outline(case: tuple[Path, dict[str, Any]]) -> None:
    source, expect = case
    clauses = [c for c in data_of(source)["clauses"] if c["style"]]
    wanted = outline(expect["meta"]["outline"])
    got = [[c["anchor"], "T" if c["task"] else "-", bare(c["label"]), flat(c["title"])] for c in clauses]
    assert got == [[row[0], row[1], bare(row[2]), flat(row[3])] for row in wanted]
    for row, clause in zip(wanted, clauses, strict=True):
        texts = [flat(p["text"]) for p in clause["paragraphs"]]
        assert (len(texts), len(clause["items"])) == (int(row[5]), int(row[6])), row[0]
        if row[4]:
            start, end = row[4].split("…", 1)
            assert texts[0].startswith(flat(start)), row[0]
            assert texts[-1].endswith(flat(end)), row[0]


def test_kept_and_lost(case: tuple[Path, dict[str, Any]]) -> None:
    source, expect = case
    published = flat(notice_of(source).document.published)
    assert [text for text in expect.get("lost", []) if flat(text) in published] == []
    assert [text for text in expect.get("kept", []) if flat(text) not in published] == []


def test_damage(case: tuple[Path, dict[str, Any]]) -> None:
    source, expect = case
    kinds = {kind for clause in data_of(source)["clauses"] for kind in clause["damage"]}
    assert kinds & LISTED == set(expect.get("damage", []))


def test_nothing_is_lost(case: tuple[Path, dict[str, Any]]) -> None:
    document = notice_of(case[0]).document
    assert replay(document) == document.text
    counts = account(document)
    assert counts.kept + counts.removed == counts.source


def test_there_are_cases() -> None:
    assert len(NAMES) >= 20

"""A published notice read back says what the corpus pages need, so that `build --only` gives what a whole build gives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from notices.emit.data import notice_json
from notices.jsontext import to_json
from notices.model import Note, Notice, Span
from notices.pipeline import convert_file
from notices.readback import notice_from
from notices.registry import enroll
from notices.store import Entry
from small import small
from support import SEEDS, case_sources, rules


def published() -> tuple[list[Notice], dict[str, Entry]]:
    """Every seed and case that is published, enrolled."""
    outcomes = [convert_file(path.name, path.parent, rules()) for path in [*SEEDS, *case_sources()]]
    return enroll([o.notice for o in outcomes if o.notice], {})


NOTICES, ENTRIES = published()


def read_back(notice: Notice) -> Notice:
    return notice_from(json.loads(to_json(notice_json(notice))), ENTRIES[notice.id])


def in_key_order(span: Span) -> Span:
    """JSON has sorted keys, so the order of a value's parts does not come back."""
    return replace(span, value=tuple(sorted(span.value)))


@pytest.mark.parametrize("notice", NOTICES, ids=lambda n: n.id)
def test_clauses_spans_problems_and_notes_come_back(notice: Notice) -> None:
    notice = replace(notice, notes=(Note(notice.clauses[0].anchor, "批注", "张三", "2026-11-20"),))
    again = read_back(notice)
    assert [c.text for c in again.clauses] == [c.text for c in notice.clauses]
    assert [(c.title, c.items, c.line, c.task) for c in again.clauses] == [
        (c.title, c.items, c.line, c.task) for c in notice.clauses
    ]
    assert [in_key_order(span) for span in again.spans] == [in_key_order(span) for span in notice.spans]
    assert (again.all_problems, again.notes) == (notice.all_problems, notice.notes)


def test_corpus_pages_are_the_same_from_what_was_read_back() -> None:
    def outputs(notices: list[Notice]) -> dict[str, bytes]:
        return small(notices, ENTRIES).outputs

    whole, again = outputs(NOTICES), outputs([read_back(notice) for notice in NOTICES])
    assert sorted(whole) == sorted(again)
    assert [path for path in whole if whole[path] != again[path]] == []


def test_every_seed_is_among_them() -> None:
    assert {Path(seed.name).stem for seed in SEEDS} <= {Path(n.document.source.path).stem for n in NOTICES}

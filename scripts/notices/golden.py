"""Golden cases: a source beside what it must become, under tests/golden/<case>/."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from . import read, store
from .build import convert_file
from .emit.data import notice_data
from .emit.notice_page import notice_page
from .model import Output
from .rules import Rules


def expected(source: Path, rules: Rules) -> list[Output]:
    """notice.json and page.md for one source, with the id it gets in an empty registry.  Raises Unreadable."""
    outcome = convert_file(source.name, source.parent, rules)
    if outcome.notice is None:
        raise read.Unreadable("not-published", outcome.reason)
    notice = replace(outcome.notice, id=store.base_id(outcome.notice))
    return [
        Output("notice.json", notice_data(notice).content),
        Output("page.md", notice_page(notice, {}, {}).content),
    ]


def adopt(source: Path, folder: Path, rules: Rules) -> Path:
    """Copy `source` (with its sidecar) into a case folder named after it and write what it gives today."""
    expected(source, rules)  # refuses here, before anything is written
    name = re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-") or "case"
    case = folder / name
    case.mkdir(parents=True, exist_ok=True)
    kept = case / f"source{source.suffix}"
    if source.resolve() != kept.resolve():
        shutil.copyfile(source, kept)
    for item in expected(kept, rules):
        (case / item.path).write_bytes(item.content)
    return case

"""Golden cases: a source beside what it must become, under tests/golden/<case>/."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

from .emit.catalogue import around, in_memory
from .emit.data import notice_json
from .emit.notice_page import notice_page
from .errors import Unreadable
from .model import Notice, Output
from .pipeline import convert_file
from .registry import base_id
from .rules import Rules


class CaseError(ValueError):
    """A golden case cannot be made; the message says why and what to do, in Chinese."""


def expected(source: Path, rules: Rules) -> list[Output]:
    """notice.json and page.md for one source, with the id it gets in an empty registry.  Raises Unreadable."""
    notice = _notice(source, rules)
    page = notice_page(notice, around(notice.id, {}, in_memory([notice], [], rules, {})), {}, {})
    data = json.dumps(notice_json(notice), ensure_ascii=False, indent=1, sort_keys=True)  # to be read line by line
    return [Output("notice.json", f"{data}\n".encode()), Output("page.md", page.content)]


def _notice(source: Path, rules: Rules) -> Notice:
    outcome = convert_file(source.name, source.parent, rules)
    if outcome.notice is None:
        raise Unreadable("not-published", outcome.reason)
    return replace(outcome.notice, id=base_id(outcome.notice))


def adopt(source: Path, folder: Path, rules: Rules) -> Path:
    """Copy `source` and its sidecar into a case folder named after the notice and write what it gives today.

    Raises Unreadable where it is not published, CaseError where the folder holds another source.
    """
    case = folder / _notice(source, rules).id
    kept = case / f"source{source.suffix}"
    others = [path for path in case.glob("source.*") if path.suffix != ".toml" and path.resolve() != source.resolve()]
    if any(path.read_bytes() != source.read_bytes() for path in others):
        raise CaseError(f"{case} 里已有另一份原件。要换掉它，请先删去这个目录；要并存，请给目录改名后再运行。")
    case.mkdir(parents=True, exist_ok=True)
    beside = source.with_name(f"{source.name}.toml")
    for origin, copy in ((source, kept), (beside, case / f"{kept.name}.toml")):
        if origin.is_file() and origin.resolve() != copy.resolve():
            shutil.copyfile(origin, copy)
    for item in expected(kept, rules):
        (case / item.path).write_bytes(item.content)
    return case

"""Golden cases made by `convert.py adopt`: what a source became when a person last looked at it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from notices.golden import CaseError, adopt, expected
from support import ROOT, SEEDS, rules


def source_of(case: Path) -> Path:
    return next(path for path in sorted(case.glob("source.*")) if path.suffix != ".toml")


GOLDEN = sorted(path for path in (ROOT / "tests/golden").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda p: p.name)
def test_golden(case: Path) -> None:
    source = source_of(case)
    for item in expected(source, rules()):
        stored = (case / item.path).read_text("utf-8")
        again = f"python scripts/convert.py adopt 只在看过差别之后：{case.name}/{item.path}"
        assert item.content.decode("utf-8") == stored, again


def test_every_seed_has_a_golden_case() -> None:
    stored = {source_of(case).read_bytes() for case in GOLDEN}
    assert {seed.read_bytes() for seed in SEEDS} <= stored


def test_adopt_makes_a_case_that_passes_and_notices_a_change(tmp_path: Path) -> None:
    case = adopt(SEEDS[0], tmp_path, rules())
    source = source_of(case)
    before = [item.content for item in expected(source, rules())]
    assert [(case / name).read_bytes() for name in ("notice.json", "page.md")] == before
    source.write_text(source.read_text("utf-8").replace("应急物资", "应急物品"), encoding="utf-8")
    assert [item.content for item in expected(source, rules())] != before
    with pytest.raises(CaseError, match="已有另一份原件"):
        adopt(SEEDS[0], tmp_path, rules())


def test_adopt_refuses_what_is_not_published(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "adopt", str(empty)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert "文件是空的" in done.stderr

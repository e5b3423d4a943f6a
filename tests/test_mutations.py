"""Each kind of test can fail: a fault is put into a copy of the project and the named test must notice it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

MUTATIONS: list[dict[str, Any]] = tomllib.loads((ROOT / "tests/mutations.toml").read_text("utf-8"))["mutation"]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[m["test"].removeprefix("tests/") for m in MUTATIONS])
def test_a_fault_is_noticed(mutation: dict[str, Any], tmp_path: Path) -> None:
    for name in ("scripts", "rules", "raw", "registry", "tests", "mkdocs.yml", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, tmp_path / name)
    target = tmp_path / mutation["file"]
    text = target.read_text("utf-8")
    assert text.count(mutation["old"]) == 1, "the place of the mutation is gone; write it anew"
    target.write_text(text.replace(mutation["old"], mutation["new"]), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutation["test"]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 1, done.stdout[-2000:]
    assert "failed" in done.stdout

"""What is written about the project is true: every command, folder and figure named in it exists."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from notices.emit.source_rules import STEPS
from notices.parse.damage import NOTES
from support import ROOT

README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def commands() -> list[str]:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "scripts/convert.py"), "--help"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return re.findall(r"^    (\w+) ", shown, re.M)


def test_every_command_is_in_the_readme() -> None:
    assert len(commands()) == 8
    for command in commands():
        assert f"`python scripts/convert.py {command}" in README


@pytest.mark.parametrize("text", [README, GUIDE], ids=["README", "CONTRIBUTING"])
def test_every_path_named_exists(text: str) -> None:
    named = re.findall(r"`((?:scripts|rules|tests|docs|raw|registry|theme|benchmarks)/[\w./-]*)`", text)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
    links = re.findall(r"\]\(([\w./]+)\)", text)
    assert [path for path in links if not (ROOT / path).exists()] == []


def test_the_readme_begins_with_the_two_commands() -> None:
    assert README.index("make site") < README.index("make test") < README.index("## ")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "\nsite: " in makefile
    assert "\ntest: " in makefile
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")


def test_every_pinned_dependency_has_its_reason() -> None:
    pinned = re.findall(r"^([A-Za-z0-9_-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    assert len(pinned) >= 5
    assert [name for name in pinned if name.lower() not in GUIDE.lower()] == []


def test_every_kind_of_edit_and_damage_has_words_for_readers() -> None:
    """A rule name or a kind of damage that appears in the code is explained in Chinese."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "scripts/notices").rglob("*.py"))
    used = set(re.findall(r'"((?:layout|typography|html|join|split|control|compatibility)-[a-z-]+)"', code))
    assert used - set(STEPS) == set()
    kinds = set(re.findall(r'append\("([a-z]+-[a-z-]+)"\)', code))
    assert kinds <= set(NOTES)


def test_every_bad_input_of_the_table_has_the_test_that_shows_it() -> None:
    table = GUIDE.partition("## 收到坏文件会怎样")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.endswith("| 测试 |")]
    named = [re.search(r"\| `(test_\w+\.py)::(test_\w+)` \|$", row) for row in rows]
    assert len(named) > 50
    assert [row for row, found in zip(rows, named, strict=True) if not found] == []
    for found in named:
        assert found
        assert f"def {found[2]}(" in (ROOT / "tests" / found[1]).read_text("utf-8"), found[0]


def test_no_module_is_too_long() -> None:
    sizes = {p.name: len(p.read_text("utf-8").splitlines()) for p in (ROOT / "scripts").rglob("*.py")}
    assert {name: size for name, size in sizes.items() if size > 300} == {}

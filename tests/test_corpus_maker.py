"""The notices that benchmarks/corpus.py makes: always the same, all different, and read without a complaint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from difflib import SequenceMatcher
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from support import ROOT

sys.path.append(str(ROOT / "benchmarks"))

from corpus import FIRST, LAST, Made, notices, world, write

SAMPLE = 60


@pytest.fixture(scope="module")
def thousand() -> list[Made]:
    return list(islice(notices(), 1000))


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a conversion of the first notices by the command line."""
    folder = tmp_path_factory.mktemp("made")
    write(folder / "raw", SAMPLE)
    folders = [f"--{name}={folder / name}" for name in ("raw", "docs", "registry", "overrides")]
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "convert.py"), "build", "--jobs=1", *folders],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode in (0, 1), done.stderr
    return folder / "docs" / "data"


def report(converted: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((converted / "report.json").read_text(encoding="utf-8"))
    return found


def published(converted: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((converted / "notices").glob("*.json"))]


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Another process has another hash seed: nothing may hang on the order of a set."""
    for name in ("one", "two"):
        subprocess.run([sys.executable, str(ROOT / "benchmarks" / "corpus.py"), str(tmp_path / name), "40"], check=True)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert len(one) == 40
    assert one == two


def test_a_larger_corpus_holds_the_smaller_one(thousand: list[Made]) -> None:
    assert [made.data for made in islice(notices(), 50)] == [made.data for made in thousand[:50]]


def test_a_later_part_can_be_written_by_itself(tmp_path: Path, thousand: list[Made]) -> None:
    write(tmp_path, 12, since=10)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {m.name: m.data for m in thousand[10:12]}


def test_another_seed_gives_other_notices(thousand: list[Made]) -> None:
    others = {made.data for made in islice(notices(2), 50)}
    assert not others & {made.data for made in thousand}


def test_no_place_has_two_plans_of_a_field_and_year(thousand: list[Made]) -> None:
    assert len({(m.plan.code, m.plan.field, m.plan.year) for m in thousand}) == len(thousand)
    assert len({(m.plan.heading, m.plan.issuer, m.plan.number) for m in thousand}) == len(thousand)
    assert len({m.plan.tasks for m in thousand}) == len(thousand)


def test_levels_years_and_kinds_of_file_are_in_proportion(thousand: list[Made]) -> None:
    provinces = sum(m.plan.code.endswith("0000") for m in thousand)
    prefectures = sum(m.plan.code.endswith("00") for m in thousand) - provinces
    assert 850 < len(thousand) - provinces - prefectures < 950
    assert 50 < prefectures < 140
    assert {m.plan.year for m in thousand} == set(range(FIRST, LAST + 1))
    assert 400 < sum(m.name.endswith(".html") for m in thousand) < 600
    assert 60 < sum(m.encoding == "gb18030" for m in thousand) < 200
    assert set(Counter(m.plan.field for m in thousand)) == {field.name for field in world().rules.fields}


def test_the_tasks_of_the_next_year_are_partly_the_same(thousand: list[Made]) -> None:
    """About four in ten are worded anew; the others differ in a few figures."""
    pairs = [
        (one.plan.tasks, two.plan.tasks)
        for one, two in pairwise(thousand)
        if (one.plan.code, one.plan.field, one.plan.year + 1) == (two.plan.code, two.plan.field, two.plan.year)
    ][:20]
    alike = [
        SequenceMatcher(None, old, new, autojunk=False).ratio() > 0.9
        for one, two in pairs
        for old, new in zip(one, two, strict=True)
        if len(old) > 80
    ]
    assert 0.45 < mean(alike) < 0.75
    assert all(one != two for one, two in pairs)


def test_no_task_is_a_copy_of_another_places(thousand: list[Made]) -> None:
    """Sentences of one pattern may meet by chance; whole tasks may not."""
    owners: dict[str, set[str]] = {}
    for made in thousand:
        for line in made.plan.tasks:
            if len(line) > 80:
                owners.setdefault(line.split("。", 1)[-1], set()).add(made.plan.code)
    assert max(len(codes) for codes in owners.values()) == 1


def test_lengths_are_those_of_real_plans(thousand: list[Made]) -> None:
    lengths = [sum(map(len, (*m.plan.front, *m.plan.tasks, *m.plan.back))) for m in thousand]
    assert 5500 < mean(lengths) < 6700
    assert min(lengths) > 2000
    assert max(lengths) < 15000


def test_every_made_notice_is_published(converted: Path) -> None:
    files = report(converted)["files"]
    assert len(files) == SAMPLE
    assert {file["status"] for file in files} <= {"published", "review"}
    assert sum(file["status"] == "review" for file in files) <= SAMPLE // 10
    assert len(published(converted)) == SAMPLE


def test_every_made_notice_has_its_tasks_place_number_and_date(converted: Path) -> None:
    made = {m.name: m.plan for m in islice(notices(), SAMPLE)}
    for notice in published(converted):
        plan = made[notice["source"]["file"]]
        assert 15 <= sum(clause["task"] for clause in notice["clauses"]) <= 40, notice["id"]
        assert notice["region"]["code"] == plan.code, notice["id"]
        assert plan.issued.isoformat() == notice["issued"], notice["id"]
        assert not notice["doc_number"] or notice["doc_number"] == plan.number, notice["id"]


def test_made_notices_raise_few_questions(converted: Path) -> None:
    """Nothing in them is taken for an advertisement, another document or a lost character."""
    asked = Counter(p["code"] for notice in published(converted) for p in notice["problems"] if p["severity"] != "note")
    assert asked.total() <= SAMPLE // 10, asked

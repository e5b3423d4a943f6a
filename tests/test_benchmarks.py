"""What benchmarks/ measures with and draws: peaks of memory over a family of processes, tables and plots from data alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lxml import etree
from support import ROOT

sys.path.append(str(ROOT / "benchmarks"))

from chart import Line, chart, ticks
from measure import measured, save
from report import write
from scale import printed

#: A process with two children; each holds 60 MB of its own and a while passes.
FAMILY = """
import subprocess, sys
held = "x = bytes(range(256)) * 234375; import time; time.sleep(1.5)"
for one in [subprocess.Popen([sys.executable, "-c", held]) for _ in range(2)]:
    one.wait()
"""


def results(folder: Path) -> None:
    """Figures as scale.py saves them."""
    run = {"processor": 20.0, "tree_mb": 300.0, "largest_mb": 200.0}
    save(
        folder,
        "convert",
        [
            {"notices": 1000, "case": "all", "seconds": 10.0, "bytes": 26_000_000, "stages": {"links": 2.5}, **run},
            {"notices": 10000, "case": "all", "seconds": 100.0, "bytes": 260_000_000, "stages": {"links": 25.0}, **run},
            {"notices": 10000, "case": "one new", "seconds": 16.0, **run},
        ],
    )
    costs = (
        ("本站，本省", "健康", "300", "410"),
        ("本站，本省", "90", "700", "90"),
        ("本站，全国", "90", "2,900", "900"),
    )
    save(
        folder,
        "search",
        [
            {"检索": name, "通知": "5,000", "查询": query, "首次 KB": kilobytes, "首次 毫秒": milliseconds}
            for name, query, kilobytes, milliseconds in costs
        ],
    )
    save(folder, "site", [{"notices": 1000, "case": "all", "seconds": 20.0, **run}])
    save(
        folder,
        "peers",
        [
            {"notices": 1000, "case": "stock", "seconds": 90.0, "pages": 1000, **run},
            {"notices": 1000, "case": "trafilatura", "seconds": 6.0, "pages": 500, **run},
        ],
    )


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="内存从 /proc 里读，只有 Linux 有")
def test_the_memory_of_a_command_is_the_sum_over_all_its_processes() -> None:
    run = measured([sys.executable, "-c", FAMILY])
    assert run.tree_mb > 120
    assert 60 < run.largest_mb < run.tree_mb


def test_a_command_that_fails_ends_the_measurement_with_its_words() -> None:
    with pytest.raises(SystemExit, match="没有这样的"):
        measured([sys.executable, "-c", "import sys; sys.exit('没有这样的文件。')"])


def test_the_stages_that_a_command_writes_are_kept() -> None:
    said = "import json, os; open(os.environ['YAODIAN_TIMINGS'], 'w').write(json.dumps({'links': 1.25, 'name': 'x'}))"
    assert measured([sys.executable, "-c", said]).stages == {"links": 1.25}


def test_printed_tables_are_read_by_the_words_of_their_heads() -> None:
    said = "| 检索 | 通知 |\n|---|---:|\n| 本站 | 1,000 |\n\n建索引。\n\n| 通知 | 秒 |\n|---:|---:|\n| 5,000 | 9 |\n"
    assert printed(said) == [[{"检索": "本站", "通知": "1,000"}], [{"通知": "5,000", "秒": "9"}]]


def test_aims_that_are_met_missed_and_not_measured_are_told_apart(tmp_path: Path) -> None:
    results(tmp_path / "results")
    write(tmp_path / "results", tmp_path / "RESULTS.md")
    lines = {line.split(" | ")[0]: line for line in (tmp_path / "RESULTS.md").read_text("utf-8").splitlines()}
    assert lines["| 转换，10,000 份，每核每秒"].endswith("| 500 份 | 达到 |")
    assert lines["| 新放入一份，10,000 份"].endswith("| 16 秒 | **没有达到** |")
    assert lines["| 网站，5,000 份，每份"].endswith("|  | 没有测 |")
    assert lines["| 第一次检索，5,000 份，最多的一个查询"].endswith("| 700 KB | 达到 |")
    assert lines["| 第一次检索，5,000 份，最慢的一个查询"].endswith("| 410 毫秒 | **没有达到** |")
    assert lines["| 网站连同检索，1,000 份，Material 原样的时间 ÷ 本站"].endswith("| 4.50 倍 | 达到 |")


def test_the_shares_of_the_stages_and_the_rest_make_the_whole(tmp_path: Path) -> None:
    results(tmp_path / "results")
    write(tmp_path / "results", tmp_path / "RESULTS.md")
    lines = (tmp_path / "RESULTS.md").read_text("utf-8").splitlines()
    assert "| 相关任务、引用 | 25% | 25% |" in lines
    assert "| 写盘、与上次比较、报告、启动 | 75% | 75% |" in lines


def test_the_part_between_the_marks_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    results(tmp_path / "results")
    (tmp_path / "RESULTS.md").write_text("# 测速\n\n## 别的\n\n手写的话。\n", encoding="utf-8")
    write(tmp_path / "results", tmp_path / "RESULTS.md")
    once = (tmp_path / "RESULTS.md").read_text("utf-8")
    (tmp_path / "RESULTS.md").write_text(once + "\n后面的话。\n", encoding="utf-8")
    write(tmp_path / "results", tmp_path / "RESULTS.md")
    assert (tmp_path / "RESULTS.md").read_text("utf-8") == once + "\n后面的话。\n"
    assert once.startswith("# 测速\n\n## 别的\n\n手写的话。\n")


def test_every_plot_the_text_shows_is_there_and_nothing_in_it_comes_from_elsewhere(tmp_path: Path) -> None:
    results(tmp_path / "results")
    write(tmp_path / "results", tmp_path / "RESULTS.md")
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    drawn = sorted((tmp_path / "plots").iterdir())
    assert [file.name for file in drawn] == ["conversion.svg", "memory.svg", "search.svg", "site.svg"]
    for file in drawn:
        assert f"(plots/{file.name})" in text
        root = etree.fromstring(file.read_bytes())
        assert not [one for one in root.iter() if {"href", "src"} & {str(name).split("}")[-1] for name in one.attrib}]
        assert file.stat().st_size < 5000


def test_a_larger_value_stands_higher_and_a_larger_corpus_further_right() -> None:
    root = etree.fromstring(chart("题", "MB", [Line("甲", ((100, 1.0), (1000, 5.0), (10000, 9.0)))]).encode())
    marks = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in root.iter("{*}circle")]
    assert marks == sorted(marks)
    assert [y for _, y in marks] == sorted((y for _, y in marks), reverse=True)
    assert marks[1][0] - marks[0][0] == pytest.approx(marks[2][0] - marks[1][0], abs=0.2)  # logarithmic


@pytest.mark.parametrize("most", [0.3, 1, 7, 28, 99.9, 1500, 123456])
def test_ticks_are_few_and_hold_the_largest_value(most: float) -> None:
    found = ticks(most)
    assert 4 <= len(found) <= 6
    assert found[-2] < most <= found[-1]

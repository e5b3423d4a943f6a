"""The five seeds against the hand-made gold: every section, task, item, title and metadata field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from notices.ledger import account
from notices.overrides import FIELDS
from support import ROOT, bare, data_of, flat, notice_of

GOLD: list[dict[str, Any]] = json.loads((ROOT / "tests/gold/structure.json").read_text("utf-8"))
GLUED: list[dict[str, str]] = json.loads((ROOT / "tests/gold/glued_titles.json").read_text("utf-8"))


@pytest.fixture(params=GOLD, ids=[entry["seed"][:3] for entry in GOLD])
def gold(request: pytest.FixtureRequest) -> dict[str, Any]:
    entry: dict[str, Any] = request.param
    return entry


def seed(name: str) -> dict[str, Any]:
    return data_of(ROOT / "raw" / name)


def test_metadata(gold: dict[str, Any]) -> None:
    data, wanted = seed(gold["seed"]), gold["metadata"]
    for name in FIELDS:
        assert flat(data[name]) == flat(wanted.get(name)), name
    assert data["region"]["code"] == wanted["region_code"]
    assert data["region"]["path"] == wanted["region"]
    assert flat(data["source"]["name"]) == flat(wanted["source_name"])


def test_sections_and_tasks(gold: dict[str, Any]) -> None:
    clauses = seed(gold["seed"])["clauses"]
    sections = [c for c in clauses if c["style"] == "s"]
    assert [(bare(c["label"]), flat(c["title"])) for c in sections] == [
        (bare(s["label"]), flat(s["title"])) for s in gold["sections"]
    ]
    for wanted, section in zip(gold["sections"], sections, strict=True):
        tasks = [c for c in clauses if c["parent"] == section["anchor"]]
        assert [flat(t["title"]) for t in tasks] == [flat(t["title"]) for t in wanted["tasks"]]
        for expected, task in zip(wanted["tasks"], tasks, strict=True):
            body = flat("".join(p["text"] for p in task["paragraphs"]))
            assert task["task"]
            assert bare(task["label"]) == bare(expected["label"])
            assert body.startswith(flat(expected["starts"]))
            assert body.endswith(flat(expected["ends"]))
            assert len(task["paragraphs"]) == expected["paragraphs"]
            assert len(task["items"]) == expected["items"]


def test_totals() -> None:
    clauses = [c for gold in GOLD for c in seed(gold["seed"])["clauses"]]
    assert sum(c["style"] == "s" for c in clauses) == 23
    assert sum(c["task"] for c in clauses) == 124
    assert sum(len(c["items"]) for c in clauses) == 58


def test_what_is_removed_and_nothing_else(gold: dict[str, Any]) -> None:
    """The removed text is exactly the gold's list; white space and markup aside."""
    ledger = notice_of(ROOT / "raw" / gold["seed"]).document.ledger
    removed = "".join(
        e.before for e in ledger if e.action == "removed" and not e.rule.startswith(("layout-", "typography-"))
    )
    wanted = [flat(text) for text in gold["metadata"]["removed"]]
    if gold["seed"].startswith("004"):  # the gold describes the lead-in instead of quoting it
        lead = "3月4日,海宁市人民政府发布《2021年健康海宁建设重点工作》的通知,通知指出,加快清洁能源发展和传统化石能源替代,全面推进分布式光伏规模化开发试点工作,2021年新增非水可再生能源装机5万千瓦。"
        wanted = [flat(lead), "原文如下:"]
    assert flat(removed).replace("•", "") == "".join(wanted)


@pytest.mark.parametrize("entry", GLUED, ids=[f"{g['file'][:3]}-{g['task']}" for g in GLUED])
def test_glued_titles_are_split_and_flagged(entry: dict[str, str]) -> None:
    tasks = [c for c in seed(entry["file"])["clauses"] if bare(c["label"]) == entry["task"]]
    assert [t["title"] for t in tasks] == [entry["title"]]
    assert "title-glued" in tasks[0]["damage"]


def test_damage_is_flagged() -> None:
    kinds = {g["seed"][:3]: {k for c in seed(g["seed"])["clauses"] for k in c["damage"]} for g in GOLD}
    assert kinds["000"] == set()
    assert kinds["001"] == {"label-mark-lost", "title-glued", "end-mark-lost"}
    assert kinds["002"] == {"bracket-width"}
    assert {"title-glued", "item-mark-lost", "lost-dash", "unclosed"} <= kinds["003"]
    assert kinds["004"] == {"number-gap", "quote-doubled", "unclosed", "truncated"}
    ends = [p["code"] for p in seed(GOLD[0]["seed"])["problems"]]
    assert ends == ["end-unconfirmed"]


def test_no_character_is_unaccounted_for(gold: dict[str, Any]) -> None:
    document = notice_of(ROOT / "raw" / gold["seed"]).document
    counts = account(document)
    assert counts.kept + counts.removed == counts.source == len(document.text)


def test_anchors_and_aliases() -> None:
    haining = {c["anchor"] for c in seed("004_e9f76a93e76ecc83.txt")["clauses"]}
    assert {"cover", "preamble", "s4-c7", "s4-c9", "s6-c4"} <= haining
    assert "s4-c8" not in haining
    zhejiang = {c["anchor"]: c for c in seed("002_5e872680af3ad2eb.txt")["clauses"]}
    assert zhejiang["s2-t5"]["aliases"] == ["t5"]
    assert [p["anchor"] for p in zhejiang["s2-t4"]["paragraphs"]] == ["s2-t4", "s2-t4-p2"]
    baoshan = {c["anchor"]: c for c in seed("003_726bb1961a53a7e2.txt")["clauses"]}
    assert [i["anchor"] for i in baoshan["s2-t8"]["items"]] == ["s2-t8-i1", "s2-t8-i2", "s2-t8-i3", "s2-t8-i4"]

"""The same notice from two sites is one page; what contradicts itself, or is another text, is never run together."""

from __future__ import annotations

import hashlib
import itertools
import random
import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices import registry
from notices.chars import HAN_RE
from notices.duplicates import settle as duplicates
from notices.duplicates.sameness import compiled_rules, difference, look_at
from notices.duplicates.settle import named, settle, with_pages
from notices.emit.data import notice_json
from notices.emit.notice_page import meta_table
from notices.model import Notice
from notices.parse.documents import compiled_rules as document_rules
from notices.pipeline import Outcome, convert_file, published, to_notice
from notices.read.document import read
from notices.readback import notice_from
from notices.store import Entry
from notices.told.report import report_json
from small import small
from support import ROOT, SEEDS, case_sources, notice_of, rules

FOLDER = ROOT / "tests" / "duplicates"
CASES = sorted(path.parent for path in FOLDER.glob("*/expect.toml"))
Expected = dict[str, Any]


def outcome(name: str, text: str) -> Outcome:
    """The outcome of a file that holds `text`."""
    return published(name, to_notice(read(text.encode(), name, rules()), rules()))


@cache
def converted(folder: Path) -> tuple[Outcome, ...]:
    """Every file of a case, converted."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "expect.toml")
    return tuple(convert_file(p.relative_to(folder).as_posix(), folder, rules()) for p in files)


def expected(folder: Path) -> Expected:
    return tomllib.loads((folder / "expect.toml").read_text("utf-8"))


def built(
    outcomes: tuple[Outcome, ...], known: dict[str, Entry]
) -> tuple[list[Outcome], list[Notice], dict[str, Entry]]:
    """What a build makes of the outcomes: settled, with ids and pages."""
    settled = settle(outcomes, rules(), known)
    notices, entries = registry.enroll([o.notice for o in settled if o.notice], known)
    return with_pages(settled, notices), notices, entries


def sources(notices: list[Notice]) -> dict[str, list[str]]:
    return {n.document.source.path: [copy.source.path for copy in n.copies] for n in notices}


# -- the cases under tests/duplicates/ -------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_case(folder: Path) -> None:
    """The pages, their further sources, the conflicts and the other versions are those that expect.toml names."""
    said = expected(folder)
    outcomes, notices, _ = built(converted(folder), {})
    assert sources(notices) == said["published"]
    assert sorted(o.file for o in outcomes if o.status == "duplicate") == sorted(
        copy for copies in said["published"].values() for copy in copies
    )
    problems = {n.document.source.path: n.all_problems for n in notices}
    ids = {n.document.source.path: n.id for n in notices}
    pairs = [
        (conflict["files"], conflict["code"], conflict["says"], "review") for conflict in said.get("conflicts", ())
    ]
    pairs += [(pair, "other-version", [], "note") for pair in said.get("versions", ())]
    for pair, code, says, severity in pairs:
        for mine, other in itertools.permutations(pair):
            told = [p for p in problems[mine] if p.code == code]
            assert [p.severity for p in told] == [severity]
            assert all(word in told[0].detail for word in (other, f"/notices/{ids[other]}/", *says))
    wanted = {file for pair, *_ in pairs for file in pair}
    assert {file for file, found in problems.items() if any(p.code in duplicates.CODES for p in found)} == wanted


@pytest.mark.parametrize("folder", [f for f in CASES if "year" in expected(f)], ids=lambda p: p.name)
def test_two_documents_in_one_file(folder: Path) -> None:
    """They are reported with titles and lines, and title, year and targets are those of the plan alone."""
    said = expected(folder)
    (notice,) = (o.notice for o in converted(folder) if o.notice)
    told = [p for p in notice.all_problems if p.code == "two-documents"]
    assert [p.severity for p in told] == ["review"] * bool(said.get("documents"))
    assert all(word in told[0].detail for word in said.get("documents", ()))
    assert notice.meta.year.value == said["year"]
    assert notice.meta.title.value == said.get("title", notice.meta.title.value)
    texts = {clause.anchor: clause.text for clause in notice.clauses}
    targets = [texts[s.clause][s.start : s.end] for s in notice.spans if s.kind == "target"]
    assert targets == said.get("targets", targets)
    printed = "".join(block.text for block in notice.document.blocks)
    shown = re.sub(r"\s", "", "".join(clause.label + clause.text for clause in notice.clauses)) + (
        notice.meta.title.value or ""
    )
    assert sorted(re.sub(r"\s", "", printed)) == sorted(re.sub(r"\s", "", shown))  # every word is on the page


def test_no_seed_and_no_case_holds_two_documents() -> None:
    every = [convert_file(p.name, p.parent, rules()) for p in (*SEEDS, *case_sources())]
    assert len(every) > 50
    assert [o.file for o in every if any(p.code == "two-documents" for p in o.problems)] == []


def test_of_the_seeds_and_cases_only_the_guises_of_one_notice_are_one() -> None:
    """The cases edge-… are one notice as a dozen sites might print it; four of them say something else in places."""
    every = [convert_file(p.name, p.parent, rules()) for p in (*SEEDS, *case_sources())]
    settled = settle(every, rules())
    guises = {
        o.file for o in every if o.file.startswith("edge-") and o.notice and "水利" in str(o.notice.meta.title.value)
    }
    assert len(guises) == 12
    assert len([o for o in settled if o.status == "duplicate"]) == 8
    assert {o.file for o in settled if o.status == "duplicate" or (o.notice and o.notice.rivals)} == guises


# -- which file is published, and what happens later -----------------------------------------------------------------

TWO = FOLDER / "two-sites"


def test_the_more_complete_file_is_published_and_both_sources_are_shown() -> None:
    outcomes, (notice,), entries = built(converted(TWO), {})
    assert notice.meta.doc_number.value == "海教〔2022〕8号"
    reason = next(o.reason for o in outcomes if o.status == "duplicate")
    assert "与 a-bureau.txt 是同一份通知" in reason
    assert "1 条有出入" in reason
    assert f"/notices/{notice.id}/" in reason
    assert "b-city.html" in meta_table(notice)
    assert "正文有1条与这里不同" in meta_table(notice)
    data = notice_json(notice)
    assert data["source"]["file"] == "a-bureau.txt"
    assert [other["file"] for other in data["other_sources"]] == ["b-city.html"]
    assert notice_from(data, entries[notice.id]).copies[0].source.path == "b-city.html"
    assert [p.severity for p in notice.all_problems if p.code == "copy-differs"] == ["note"]


def test_a_published_choice_stays_whatever_arrives_later() -> None:
    """Of two equally complete files the published one stays, before or after the other in name order."""
    text = (FOLDER / "same-number" / "a.txt").read_text("utf-8")
    chosen = set()
    for name in ("a.txt", "z.txt"):
        _, (first,), entries = built((outcome("m.txt", text),), {})
        _, (again,), after = built((outcome("m.txt", text), outcome(name, "分享到：微信\n" + text)), entries)
        assert (again.id, again.document.source.path) == (first.id, "m.txt")
        assert built((outcome("m.txt", text), outcome(name, "分享到：微信\n" + text)), after)[2] == after
        chosen.add(tuple(after[first.id].anchors.items()))
    assert len(chosen) == 1


def test_a_clearly_better_file_takes_over_and_the_page_stays() -> None:
    bureau, city = converted(TWO)
    _, (first,), entries = built((city,), {})
    _, (second,), after = built((bureau, city), entries)
    assert first.id == second.id
    assert (first.document.source.path, second.document.source.path) == ("b-city.html", "a-bureau.txt")
    assert entries[first.id].answers <= after[second.id].answers


def test_when_the_published_file_goes_the_other_takes_its_place() -> None:
    bureau, city = converted(TWO)
    _, (first,), entries = built((bureau, city), {})
    _, (left,), after = built((city,), entries)
    assert left.id == first.id
    assert left.document.source.path == "b-city.html"
    assert entries[first.id].answers <= after[left.id].answers
    assert not registry.withdraw(after, ["b-city.html"])[left.id].withdrawn


def test_a_copy_that_says_little_is_known_again_when_it_is_the_only_one() -> None:
    """Its title and signature are gone, so only the registry can tell which page it belonged to."""
    text = (FOLDER / "same-number" / "a.txt").read_text("utf-8")
    bare = text[text.index("一、提升质量") :].replace("1.深化", "深化").replace("3.守牢", "守牢")
    whole, part = outcome("whole.txt", text), outcome("part.txt", bare)
    _, notices, entries = built((whole, part), {})
    assert sources(notices) == {"whole.txt": ["part.txt"]}
    assert built((part,), entries)[1][0].id == notices[0].id


def test_two_pages_that_turn_out_to_be_one_notice_leave_both_addresses() -> None:
    """An earlier program gave each file a page: the one stays, the other says that it was withdrawn."""
    bureau, city = converted(TWO)
    _, entries = registry.enroll([o.notice for o in (bureau, city) if o.notice], {})
    assert len(entries) == 2
    settled, (notice,), after = built((bureau, city), entries)
    present = {o.file for o in settled} - {o.file for o in settled if o.status == "duplicate"}
    left = registry.withdraw(after, present)
    assert [entry.withdrawn for key, entry in sorted(left.items()) if key != notice.id] == [True]
    assert not left[notice.id].withdrawn
    assert all(entries[key].answers <= left[key].answers for key in entries)


# -- what is the same text -------------------------------------------------------------------------------------------

PLAN = (FOLDER / "same-number" / "a.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("printed", "instead"),
    [
        ("20场", "30场"),
        ("20场", "20次"),
        ("20场", "20多场"),
        ("5项", "五项"),
        ("不少于1小时", "少于1小时"),
        ("3.守牢安全底线。开展隐患排查，落实整改责任，确保校园安全稳定。\n", ""),
        ("开展隐患排查，落实整改责任", "强化人防物防技防，排查各类风险"),
    ],
)
def test_another_figure_or_another_wording_is_a_conflict(printed: str, instead: str) -> None:
    settled = settle([outcome("a.txt", PLAN), outcome("b.txt", PLAN.replace(printed, instead))], rules())
    assert [o.status for o in settled] == ["published", "published"]
    assert [len(o.notice.rivals) for o in settled if o.notice] == [1, 1]


@pytest.mark.parametrize(
    ("printed", "instead"),
    [
        ("落实整改责任", "落实整改责仼"),
        ("推进教研转型", "推进教研转"),
        ("，", ","),
        ("20场", "20 场"),
        ("。\n", "．\n"),
        ("1.深化", "1深化"),
    ],
)
def test_what_scraping_spoils_is_no_other_text(printed: str, instead: str) -> None:
    settled = settle([outcome("a.txt", PLAN), outcome("b.txt", PLAN.replace(printed, instead))], rules())
    assert sorted(o.status for o in settled) == ["duplicate", "published"]


def spoilt(text: str, rate: float, rng: random.Random) -> str:
    """`text` as a poor scrape leaves it: at `rate` a Chinese character is lost, mistaken or doubled; figures stay."""
    made = []
    for c in text:
        if HAN_RE.match(c) and c not in "〇零一二三四五六七八九十百千万亿两第年月日" and rng.random() < rate:
            c = rng.choice(("", chr(ord(c) + 1), c + c))
        made.append(c)
    return "".join(made)


def test_the_threshold_stands_below_what_scraping_spoils() -> None:
    """Five characters in a thousand: the figures in rules/duplicates.toml come from here, for every seed."""
    rng = random.Random(20261122)
    same = compiled_rules(rules())
    for path in SEEDS:
        mine = look_at(notice_of(path), same)
        for _ in range(3):
            text = spoilt(notice_of(path).document.text, 0.005, rng)
            found = difference(mine, look_at(to_notice(read(text.encode(), "x.txt", rules()), rules()), same), same)
            assert found.similarity > same.similarity
            assert found.reworded == ()


# -- properties ------------------------------------------------------------------------------------------------------

POOL = tuple(
    replace(one, file=f"{folder.name}/{one.file}", notice=replace(one.notice, document=replace(
        one.notice.document, source=replace(one.notice.document.source, path=f"{folder.name}/{one.file}"))))
    for folder in CASES for one in converted(folder) if one.notice
)  # fmt: skip
BROKEN = (Outcome("broken.doc", "quarantined", "打不开。"), Outcome(".hidden", "ignored", "隐藏文件。"))
MANY = st.lists(st.sampled_from((*POOL, *BROKEN)), unique_by=lambda o: o.file)


@settings(max_examples=60, deadline=None)
@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_the_files_decides_nothing(files: list[Outcome], rng: random.Random) -> None:
    shuffled = list(files)
    rng.shuffle(shuffled)
    assert settle(shuffled, rules()) == settle(files, rules())


@settings(max_examples=60, deadline=None)
@given(MANY)
def test_no_file_is_lost_and_each_is_published_or_named_as_a_source(files: list[Outcome]) -> None:
    settled = settle(files, rules())
    assert [o.file for o in settled] == sorted(o.file for o in files)
    shown = [path for o in settled if o.notice for path in (o.file, *(c.source.path for c in o.notice.copies))]
    assert sorted(shown) == sorted(o.file for o in files if o.notice)
    report = report_json(settled)
    totals = report["totals"]
    assert totals["files"] == len(files)
    assert sum(totals[status] for status in ("published", "review", "quarantined", "duplicate", "ignored")) == len(
        files
    )
    assert totals["kept"] + totals["removed"] == totals["source"]


@settings(max_examples=40, deadline=None)
@given(MANY)
def test_settling_again_with_its_own_registry_changes_nothing(files: list[Outcome]) -> None:
    """A second build of the same files: the same sources, ids and registry."""
    _, notices, entries = built(tuple(files), {})
    _, again, after = built(tuple(files), entries)
    assert (sources(again), after) == (sources(notices), entries)


def test_rivals_have_become_problems() -> None:
    first, second = (o.notice for o in settle(converted(FOLDER / "same-number"), rules()) if o.notice)
    told = named([replace(first, id="x"), replace(second, id="y")])
    assert [notice.rivals for notice in told] == [(), ()]
    assert "/notices/y/" in told[0].all_problems[-1].detail


def test_every_content_has_one_hash() -> None:
    """The fixtures are what the cases say: only copies/ holds the same bytes twice."""
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (FOLDER / "copies").rglob("*.txt")]
    assert len(digests) - len(set(digests)) == 2


def test_conflicts_stand_under_a_heading_of_their_own_on_the_review_page() -> None:
    _, notices, entries = built((*converted(FOLDER / "same-number"), *converted(FOLDER / "draft-and-final")), {})
    page = small(notices, entries).outputs["review.md"].decode()
    told = page.partition("{: #same }")[2].partition("\n## ")[0]
    assert all(word in told for word in ("研训20场", "研训30场", "b.txt", "征求意见稿"))
    assert all(f"../notices/{notice.id}/" in told for notice in notices)


# -- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["figure", "version", "second", "summary", "belonging", "plain"])
def test_rule(name: str) -> None:
    rule = tomllib.loads((ROOT / "rules" / "duplicates.toml").read_text("utf-8"))[name]
    same, documents = compiled_rules(rules()), document_rules(rules())
    pattern = getattr(same, name, None) or getattr(documents, name)
    assert all(pattern.search(text) for text in rule["hits"])
    assert not any(pattern.search(text) for text in rule["misses"])

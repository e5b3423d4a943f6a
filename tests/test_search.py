"""The search index: it holds the published text to the last character, the same from run to run."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from notices.errors import Unreadable
from notices.publish.search.bundle import index, pack
from notices.publish.search.fallback import LIST, write_fallback
from notices.publish.search.files import attributes, choices, glossary, vocabulary
from notices.publish.search.index import build_index
from notices.publish.search.notice import read_notices
from notices.publish.search.plan import bundles, list_records
from notices.publish.search.text import END, FIELD, TITLE, decoded, encoded, is_word, spaced
from support import ROOT

HARD = "ＡＥＤ　第①类：㎡、℃ — “１＋５”\n\u200b<b>&amp;</b> {{ x }} ␣␤␛␝ ⠿ e\u0301 𠮷 a_b\t—\u00a0·〇 ㈠ Ⅱ 25.39万"
Data = dict[str, Any]


@pytest.fixture(scope="module")
def published() -> list[Data]:
    """The data files of the five notices."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "docs/data/notices").glob("*.json"))]


def site_of(notices: list[Data], site: Path) -> Path:
    folder = site / "data" / "notices"
    folder.mkdir(parents=True, exist_ok=True)
    for notice in notices:
        (folder / f"{notice['id']}.json").write_text(json.dumps(notice, ensure_ascii=False), encoding="utf-8")
    return site


def hard_notice(published: list[Data]) -> Data:
    """A notice whose texts are hard to index, in a place and a year that are not known."""
    clauses = [
        {**published[0]["clauses"][3], "anchor": "s1-t1", "label": "（一）", "title": HARD, "text": f"{HARD}。{HARD}"},
        {**published[0]["clauses"][3], "anchor": "s1-t2", "label": "2.", "title": "", "text": "——"},
        {**published[0]["clauses"][3], "anchor": "s1-t3", "label": "", "title": "", "text": HARD},
    ]
    unknown = {"region": None, "doc_number": None, "issuer": None, "annotations": [], "clauses": clauses}
    return {**published[0], **unknown, "id": "unknown", "title": HARD}


def indexed(site: Path) -> dict[str, tuple[list[str], list[tuple[str, str, str]]]]:
    """What the index in `site` holds: id → head, [anchor, label, text] of the clauses; read as the browser reads it."""
    found = {}
    for path in (site / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        head, *blocks = [block.removeprefix(".").removeprefix(" ") for block in fragment["content"].split(END)]
        anchors = iter(anchor["id"] for anchor in fragment["anchors"])
        clauses: list[tuple[str, str, str]] = []
        for block in blocks:
            if TITLE in block:
                label, _, text = block.partition(FIELD)
                clauses.append((next(anchors), decoded(label), decoded(text.replace(TITLE, ""))))
            elif clauses:
                anchor, label, text = clauses[-1]
                clauses[-1] = (anchor, label, text + decoded(block))
        found[fragment["url"].split("/")[2]] = ([decoded(part) for part in head.split(FIELD)[:5]], clauses)
    return found


def break_indexer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An indexer that fails, found before the real one."""
    folder.mkdir()
    (folder / "pagefind.py").write_text("raise SystemExit('out of order')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def every_file(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@example(HARD)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_the_form_that_is_indexed(text: str) -> None:
    assert decoded(spaced(map(encoded, text))) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_each_word_of_the_indexed_form_is_one_letter_digit_or_han_character(text: str) -> None:
    words = spaced(map(encoded, text)).split(" ")
    assert [sum(map(is_word, word)) for word in words if any(map(is_word, word))] == [1] * len(
        list(filter(is_word, "".join(words)))
    )


def test_the_index_holds_every_clause_as_published(published: list[Data], tmp_path: Path) -> None:
    notices = [*published, hard_notice(published)]
    build_index(site_of(notices, tmp_path))
    index = indexed(tmp_path)
    assert len(index) == len(notices)
    for notice in notices:
        head, clauses = index[notice["id"]]
        assert clauses == [(c["anchor"], c["label"], c["text"]) for c in notice["clauses"]]
        assert head[2:] == [notice["title"], notice["doc_number"] or "", notice["issuer"] or ""]
    assert index["zhejiang-haining-2021"][0][:2] == ["浙江省/嘉兴市/海宁市", "2021"]
    assert index["unknown"][0][:2] == ["", ""]


def test_the_index_is_the_same_from_run_to_run_and_replaces_an_old_one(published: list[Data], tmp_path: Path) -> None:
    first = site_of(published, tmp_path / "first")
    build_index(first)
    second = site_of(published, tmp_path / "second")
    shutil.copytree(first / "pagefind", second / "pagefind")
    (second / "pagefind" / "left-over.js").write_text("old", encoding="utf-8")
    build_index(second)
    assert every_file(first / "pagefind") == every_file(second / "pagefind")


def test_the_index_has_only_the_files_that_the_search_page_uses(published: list[Data], tmp_path: Path) -> None:
    build_index(site_of(published, tmp_path))
    names = {
        path.relative_to(tmp_path / "pagefind").parts[0]
        for path in (tmp_path / "pagefind").rglob("*")
        if path.is_file()
    }
    ours = {f"{name}.json" for name in ("bundles", "choices", "notices", "clauses", "units", "terms", "words")}
    theirs = {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.unknown.pagefind", "index", "fragment"}
    assert {name for name in names if not name.endswith(".pf_meta")} == ours | theirs


def test_many_notices_make_a_bundle_a_province_and_one_of_those_without(published: list[Data], tmp_path: Path) -> None:
    site = site_of([*published, hard_notice(published)], tmp_path)
    build_index(site, few=5)
    listed = json.loads((site / "pagefind/bundles.json").read_text("utf-8"))
    assert [(one["slug"], one["name"], one["notices"]) for one in listed] == [
        ("shanghai", "上海市", 1),
        ("zhejiang", "浙江省", 3),
        ("shandong", "山东省", 1),
        ("unknown", "地区未载明", 1),
    ]
    for one in listed:
        for part in one["parts"]:
            folder = site / "pagefind" / part["folder"]
            assert len(list((folder / "fragment").iterdir())) == one["notices"]
            assert (folder / f"pagefind.{part['meta']}.pf_meta").is_file()


def test_up_to_the_bound_there_is_one_bundle_at_the_top(published: list[Data], tmp_path: Path) -> None:
    build_index(site_of(published, tmp_path), few=5)
    (only,) = json.loads((tmp_path / "pagefind/bundles.json").read_text("utf-8"))
    assert (only["slug"], only["notices"], [part["folder"] for part in only["parts"]]) == ("", 5, [""])
    entry = json.loads((tmp_path / "pagefind/pagefind-entry.json").read_text("utf-8"))
    assert entry["languages"]["xx"]["wasm"] is None, "as the indexer wrote it"


def test_the_engine_is_there_once_and_every_bundle_leads_to_it(published: list[Data], tmp_path: Path) -> None:
    build_index(site_of(published, tmp_path), few=1, most=12_000)
    top = tmp_path / "pagefind"
    assert [path.parent for path in top.rglob("wasm.*")] == [top]
    assert [path.parent for path in top.rglob("*.js")] == [top, top]
    folders = [part["folder"] for one in json.loads((top / "bundles.json").read_text("utf-8")) for part in one["parts"]]
    assert {folder.count("/") for folder in folders} == {1, 2}, "a part of a province lies one folder deeper"
    for folder in folders:
        entry = json.loads((top / folder / "pagefind-entry.json").read_text("utf-8"))
        address = urljoin(f"https://a.example/{folder}", f"wasm.{entry['languages']['xx']['wasm']}.pagefind")
        assert address == "https://a.example/wasm.unknown.pagefind"


def test_the_files_about_all_bundles_add_up(published: list[Data], tmp_path: Path) -> None:
    one, several = (site_of(published, tmp_path / name) for name in ("one", "several"))
    build_index(one)
    build_index(several, few=1, most=12_000)
    for name in ("units", "terms", "words"):
        assert every_file(one)[f"pagefind/{name}.json"] == every_file(several)[f"pagefind/{name}.json"]
    whole, offered = (json.loads((site / "pagefind/choices.json").read_text("utf-8")) for site in (one, several))
    assert offered == {**whole, "place": [row for row in whole["place"] if "/" not in row[0]]}
    zhejiang = json.loads((several / "pagefind/zhejiang/choices.json").read_text("utf-8"))
    assert zhejiang["place"] == [row for row in whole["place"] if row[0].startswith("浙江省")]


def test_bundles_are_the_same_from_run_to_run_and_side_by_side(published: list[Data], tmp_path: Path) -> None:
    first, second = (site_of(published, tmp_path / name) for name in ("first", "second"))
    build_index(first, few=1, most=12_000)
    build_index(second, few=1, most=12_000, jobs=3)
    assert every_file(first) == every_file(second)
    paths = sorted((first / "data/notices").glob("*.json"))
    assert index(pack(paths)) == index(pack(paths))


def test_a_bundle_of_unchanged_notices_is_used_again(
    published: list[Data], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, work = site_of(published, tmp_path / "site"), tmp_path / "work"
    build_index(site, work, few=1)
    before = every_file(site)
    break_indexer(tmp_path / "broken", monkeypatch)
    build_index(site, work, few=1)
    assert every_file(site) == before
    with pytest.raises(Unreadable, match="out of order"):
        build_index(site, few=1)


def test_a_new_notice_makes_one_bundle_anew(published: list[Data], tmp_path: Path) -> None:
    site, work = site_of(published, tmp_path / "site"), tmp_path / "work"
    build_index(site, work, few=1)
    before = {path.name for path in work.glob("*.zip")}
    added = [*published, {**published[0], "id": "shandong-huantai-2020"}]
    site_of(added[-1:], site)
    build_index(site, work, few=1)
    after = {path.name for path in work.glob("*.zip")}
    assert (len(before - after), len(after - before)) == (1, 1), "the old one of that province goes, a new one comes"
    anew = site_of(added, tmp_path / "anew")
    build_index(anew, few=1)
    assert every_file(site) == every_file(anew)


def test_a_changed_notice_is_searched_as_it_is_now(published: list[Data], tmp_path: Path) -> None:
    site, work = site_of(published, tmp_path / "site"), tmp_path / "work"
    build_index(site, work)
    clause = {**published[0]["clauses"][3], "text": "换了一句话。", "title": ""}
    site_of([{**published[0], "clauses": [clause], "annotations": []}], site)
    build_index(site, work)
    assert [text for _, _, text in indexed(site)[published[0]["id"]][1]] == ["换了一句话。"]


def test_a_broken_memory_of_the_last_run_is_no_matter(published: list[Data], tmp_path: Path) -> None:
    site, work = site_of(published, tmp_path / "site"), tmp_path / "work"
    build_index(site, work)
    before = every_file(site)
    (work / "records.json").write_text('[["zhejiang-2020"', encoding="utf-8")
    build_index(site, work)
    assert every_file(site) == before


def test_a_large_province_is_divided_so_that_no_run_takes_more_than_it_may(
    published: list[Data], tmp_path: Path
) -> None:
    many = [{**published[0], "id": f"shandong-{number}-2020"} for number in range(64)]
    records = list_records(site_of(many, tmp_path / "site"), tmp_path / "work")
    size = records[0].characters
    (province,) = bundles(records, few=1, most=20 * size)
    assert [part.folder for part in province.parts] == [f"shandong/{number}/" for number in (1, 2, 3, 4)]
    assert province.notices == 64
    assert max(len(part.records) for part in province.parts) <= 24, "a quarter each, give or take a few"
    (one_less,) = bundles(records[1:], few=1, most=20 * size)
    assert [set(part.records) - {records[0]} for part in province.parts] == [set(p.records) for p in one_less.parts]


def test_choices_are_counted_from_the_notices(published: list[Data], tmp_path: Path) -> None:
    notices = read_notices(site_of(published, tmp_path))
    offered = choices(notices)
    assert ("浙江省", 3) in offered["place"]
    assert ("浙江省/嘉兴市/海宁市", 1) in offered["place"]
    assert offered["year"] == [("2023", 1), ("2021", 1), ("2020", 2), ("2019", 1)]
    with_target = {(n["id"], a["clause"]) for n in published for a in n["annotations"] if a["kind"] == "target"}
    assert offered["target"] == len(with_target)


def test_a_clause_is_filed_under_what_it_is_annotated_with(published: list[Data], tmp_path: Path) -> None:
    filed = attributes(read_notices(site_of(published, tmp_path)))
    for notice in published:
        rows = {row[0]: row for row in filed["notices"][notice["id"]]}
        for kind, at, names in (("topic", 1, filed["topics"]), ("unit", 2, filed["units"])):
            for annotation in notice["annotations"]:
                if annotation["kind"] == kind:
                    assert names.index(annotation["value"]["name"]) in rows[annotation["clause"]][at]


def test_words_to_offer_are_those_of_the_notices(published: list[Data], tmp_path: Path) -> None:
    notices = read_notices(site_of(published, tmp_path))
    assert {"医共体", "海宁市", "医共体与分级诊疗"} <= set(vocabulary(notices))
    page = (ROOT / "docs/terms.md").read_text("utf-8")
    assert [term for term, anchor in glossary(notices).items() if f'id="{anchor}"' not in page] == []


def test_the_offline_copy_has_the_same_clauses_in_scripts_by_province(published: list[Data], tmp_path: Path) -> None:
    write_fallback(site_of([*published, hard_notice(published)], tmp_path))
    listed = json.loads((tmp_path / LIST).read_text("utf-8").removeprefix("window.yaodianOffline=").rstrip(";\n"))
    assert [part for part, _ in listed["parts"]] == [
        f"assets/yaodian-offline-{name}.js" for name in ("shandong", "shanghai", "unknown", "zhejiang")
    ]
    found = {}
    for part, _ in listed["parts"]:
        text = (tmp_path / part).read_text("utf-8")
        for record in json.loads(text[text.index("[\n") : text.rindex("]") + 1]):
            found[record["id"]] = [(row[0], row[1], row[3]) for row in record["clauses"]]
    expected = [*published, hard_notice(published)]
    assert found == {n["id"]: [(c["anchor"], c["label"], c["text"]) for c in n["clauses"]] for n in expected}


def test_a_site_without_notices_is_refused_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="没有通知的数据"):
        build_index(tmp_path)


def test_a_broken_data_file_is_named(published: list[Data], tmp_path: Path) -> None:
    site = site_of(published, tmp_path)
    (site / "data/notices/zhejiang-2020.json").write_text('{"id": "zhejiang-2020"}', encoding="utf-8")
    with pytest.raises(Unreadable, match=r"zhejiang-2020\.json 读不懂"):
        build_index(site)


def test_an_index_that_cannot_be_made_is_explained(
    published: list[Data], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(published, tmp_path)
    break_indexer(tmp_path / "broken", monkeypatch)
    with pytest.raises(Unreadable, match=r"检索索引没有建成（out of order）。请运行 pip install"):
        build_index(site)

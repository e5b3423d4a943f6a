"""Permanent addresses: an id is given once, and an anchor once published always answers."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from notices import registry, store
from notices.emit.around import Around
from notices.emit.notice_page import notice_page, withdrawn_page
from notices.model import Field, Notice
from support import SEEDS, convert_text, digests, notice_of

PLAN = """海宁市教育局
2022年3月1日
2022年海宁市教育工作要点
2022年全市教育工作的总体要求是坚持立德树人，办好人民满意的教育，推动教育高质量发展，为建设教育强市作出贡献。
一、提升质量
1.深化课程改革。开齐开足国家课程，推进教研转型，全年组织研训20场。
2.加强体育美育。保障每天校园体育活动不少于1小时，组织市级比赛5项。
二、保障安全
3.守牢安全底线。开展隐患排查，落实整改责任，确保校园安全稳定。
"""


def enrolled(*texts: str) -> tuple[list[Notice], dict[str, store.Entry]]:
    return registry.enroll([convert_text(text) for text in texts], {})


def test_ids_name_province_place_and_year() -> None:
    _, entries = registry.enroll([notice_of(path) for path in SEEDS], {})
    assert sorted(entries) == [
        "shandong-huantai-2019",
        "shanghai-baoshan-2023",
        "zhejiang-2020",
        "zhejiang-haining-2021",
        "zhejiang-jianggan-2020",
    ]


def test_ids_do_not_depend_on_the_order_of_the_files() -> None:
    other = PLAN.replace("教育局", "体育局").replace("教育工作", "体育工作")
    third = PLAN.replace("教育局", "民政局").replace("教育工作", "民政工作")
    given = set()
    for texts in itertools.permutations((PLAN, other, third)):
        notices, _ = enrolled(*texts)
        given.add(tuple(sorted((n.id, n.meta.title.value) for n in notices)))
    assert len(given) == 1
    assert sorted(identity for identity, _ in given.pop()) == [
        "zhejiang-haining-2022",
        "zhejiang-haining-2022-2",
        "zhejiang-haining-2022-3",
    ]


def test_a_notice_is_recognised_by_what_it_is_not_by_its_file() -> None:
    notices, entries = enrolled(PLAN)
    renamed = replace(
        notices[0],
        id="",
        document=replace(notices[0].document, source=replace(notices[0].document.source, path="别的名字.txt")),
    )
    again, after = registry.enroll([renamed], entries)
    assert again[0].id == notices[0].id
    assert after[notices[0].id].anchors == entries[notices[0].id].anchors
    rescraped = convert_text("分享到：\n" + PLAN.replace("海宁市教育局\n", ""))  # other furniture, no signature
    assert registry.enroll([rescraped], entries)[0][0].id == notices[0].id


def test_a_notice_that_says_little_keeps_its_id_too() -> None:
    """Without title, issuer and year a second build must still recognise it."""
    bare = (
        "一、提升质量\n（一）深化改革。开齐课程，推进教研转型，组织研训，覆盖学校，办好人民满意的教育事业。\n（二）加强管理。健全制度，落实责任，加强检查考核，确保各项工作落到实处，取得实实在在的成效。\n"
        * 2
    )
    first, entries = enrolled(bare)
    again, after = registry.enroll([convert_text(bare)], entries)
    assert [n.id for n in again] == [n.id for n in first] == ["unknown-undated"]
    assert after == entries


def test_a_published_id_stays_with_its_notice_whatever_arrives_later() -> None:
    other = PLAN.replace("20场", "21场")  # a second scrape with a character changed
    _, entries = enrolled(PLAN)
    for texts in ((PLAN, other), (other, PLAN)):
        notices, _ = registry.enroll([convert_text(text) for text in texts], entries)
        by_text = {n.document.text: n for n in notices}
        assert by_text[PLAN].id == "zhejiang-haining-2022"
        assert by_text[other].id == "zhejiang-haining-2022-2"


def test_reserved_ids_are_not_taken() -> None:
    _, entries = enrolled(PLAN)
    notices, _ = registry.enroll([convert_text(PLAN)], entries, reserved=["zhejiang-haining-2022"])
    assert notices[0].id == "zhejiang-haining-2022-2"


ITEMS = PLAN.replace(
    "开齐开足国家课程，推进教研转型，全年组织研训20场。",
    "一是开齐开足国家课程，上好每一节课。二是推进教研转型，全年组织研训20场。",
)


@pytest.mark.parametrize(
    "change",
    [
        ("1.深化", "5.深化"),
        ("2.加强", "6.加强"),
        ("二、保障", "四、保障"),
        ("3.守牢", "9.守牢"),
        ("二是推进", "三是推进"),
    ],
)
def test_every_address_ever_given_is_on_the_page(change: tuple[str, str]) -> None:
    """After any renumbering the rendered page carries every anchor, alias and tombstone of the registry."""
    _, entries = enrolled(ITEMS)
    notices, after = registry.enroll([convert_text(ITEMS.replace(*change))], entries)
    entry = after[notices[0].id]
    page = notice_page(notices[0], Around(), entry.tombstones, entry.aliases).content.decode("utf-8")
    ids = set(re.findall(r'id="([^"]+)"', page)) | set(re.findall(r"\{: #(\S+)", page))
    assert entries[entry.id].answers <= entry.answers
    assert entry.answers <= ids


def test_a_withdrawn_page_answers_for_every_address() -> None:
    _, entries = enrolled(ITEMS)
    _, entries = registry.enroll([convert_text(ITEMS.replace("1.深化", "5.深化"))], entries)
    entry = registry.withdraw(entries, [])["zhejiang-haining-2022"]
    page = withdrawn_page(entry).content.decode("utf-8")
    assert entry.aliases
    assert entry.answers <= set(re.findall(r'id="([^"]+)"', page))
    assert "：</li>" not in page


def test_the_same_title_of_another_year_is_another_notice() -> None:
    _, entries = enrolled(PLAN)
    notices, after = registry.enroll([convert_text(PLAN.replace("2022", "2023"))], entries)
    assert notices[0].id == "zhejiang-haining-2023"
    assert len(after) == 2


def test_a_clause_that_moved_keeps_its_old_address_as_an_alias() -> None:
    _, entries = enrolled(PLAN)
    moved = PLAN.replace(
        "二、保障安全\n3.守牢", "二、保障安全\n3.加强宣传。办好校园开放日，讲好教育故事，营造良好氛围。\n4.守牢"
    )
    _, after = registry.enroll([convert_text(moved)], entries)
    entry = after["zhejiang-haining-2022"]
    assert "s2-t3" in entry.anchors  # lives on as another clause: the number is what the print says
    shifted = (
        PLAN.replace("一、提升质量\n1.深化", "一、提升质量\n2.深化")
        .replace("2.加强体育美育", "7.加强体育美育")
        .replace("3.守牢", "8.守牢")
    )
    _, after = registry.enroll([convert_text(shifted)], entries)
    entry = after["zhejiang-haining-2022"]
    assert entry.aliases["s2-t3"] == "s2-t8"
    assert entry.aliases["s1-t1"] == "s1-t2"


def test_a_clause_that_is_gone_leaves_a_tombstone_that_says_what_was_there() -> None:
    _, entries = enrolled(PLAN)
    shorter = PLAN.replace("2.加强体育美育。保障每天校园体育活动不少于1小时，组织市级比赛5项。\n", "")
    notices, after = registry.enroll([convert_text(shorter)], entries)
    entry = after["zhejiang-haining-2022"]
    assert entry.tombstones["s1-t2"].startswith("加强体育美育。保障每天")
    assert "anchor-gone" in [p.code for p in notices[0].problems]
    _, back = registry.enroll([convert_text(PLAN)], after)
    assert "s1-t2" not in back["zhejiang-haining-2022"].tombstones


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem[:3])
def test_no_address_is_ever_forgotten(path: Path) -> None:
    """Whatever lines a re-scraped copy lacks, it is the same notice and every anchor of the first one still answers."""
    first, entries = registry.enroll([notice_of(path)], {})
    before = entries[first[0].id]
    text = path.read_text("utf-8").splitlines(keepends=True)
    for start in range(8, len(text), max(len(text) // 6, 1)):
        notices, after = registry.enroll([convert_text("".join(text[:start] + text[start + 2 :]))], entries)
        entry = after[notices[0].id]
        assert entry.id == before.id
        assert before.answers <= entry.answers
        assert not {*entry.aliases, *entry.tombstones} & set(entry.anchors)


def test_a_notice_whose_original_is_gone_is_withdrawn_not_deleted() -> None:
    _, entries = enrolled(PLAN)
    after = registry.withdraw(entries, [])
    assert after["zhejiang-haining-2022"].withdrawn
    assert not registry.withdraw(entries, ["sample.txt"])["zhejiang-haining-2022"].withdrawn
    assert after["zhejiang-haining-2022"].anchors == entries["zhejiang-haining-2022"].anchors


def test_a_broken_registry_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "x-2020.json").write_text("{", encoding="utf-8")
    with pytest.raises(store.RegistryError, match=r"x-2020\.json.*git"):
        store.load(folder)


def test_the_day_of_a_notice_is_that_on_which_its_text_was_first_seen_or_last_changed() -> None:
    notices, entries = enrolled(PLAN)
    (first,) = registry.stamp(entries, digests(notices), "2026-11-20").values()
    assert (first.first_published, first.changed) == ("2026-11-20", "2026-11-20")
    again, entries = registry.enroll([convert_text(PLAN)], {first.id: first})
    assert registry.stamp(entries, digests(again), "2026-11-21") == {first.id: first}, "nothing new changes nothing"
    other, entries = registry.enroll([convert_text(PLAN.replace("20场", "21场"))], {first.id: first})
    (changed,) = registry.stamp(entries, digests(other), "2026-11-22").values()
    assert (changed.first_published, changed.changed) == ("2026-11-20", "2026-11-22")


def test_a_correction_is_a_change_and_an_annotation_is_none() -> None:
    notices, entries = enrolled(PLAN)
    stamped = registry.stamp(entries, digests(notices), "2026-11-20")
    assert registry.stamp(stamped, digests([replace(notices[0], spans=())]), "2026-11-21") == stamped
    corrected = replace(notices[0], meta=replace(notices[0].meta, doc_number=Field("海教〔2022〕1号")))
    (entry,) = registry.stamp(stamped, digests([corrected]), "2026-11-21").values()
    assert entry.changed == "2026-11-21"


def test_a_registry_written_before_days_were_recorded_is_read(tmp_path: Path) -> None:
    _, entries = enrolled(PLAN)
    (entry,) = entries.values()
    data = json.loads(store.output(entry).content)
    for key in ("first_published", "changed", "digest"):
        del data[key]
    (tmp_path / f"{entry.id}.json").write_text(json.dumps(data), "utf-8")
    (tmp_path / store.PAGES).write_text("[]", "utf-8")
    assert store.load(tmp_path) == {entry.id: entry}


def test_the_day_of_a_build_is_beijings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795365000")  # 2026-11-22 16:30 in London
    assert registry.today() == "2026-11-23"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(store.RegistryError, match="SOURCE_DATE_EPOCH"):
        registry.today()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", registry.today())

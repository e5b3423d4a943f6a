"""The invariants of the design that range over inputs: whatever arrives, nothing is lost and nothing breaks."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from genre import mutate
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from invariants import check, complete, sound
from notices.cleaning.clean import clean
from notices.errors import Unreadable
from notices.pipeline import convert_file, to_notice
from notices.read.document import read
from support import ROOT, SEEDS, case_sources, convert_text, notice_of, read_text, rules

SOURCES = SEEDS + case_sources()
#: What the fuzzer found once, and what was mended then (fuzz/run.py).
FOUND = sorted((ROOT / "tests" / "fuzz").glob("*.bin"))
FRAGMENTS = (
    "一、加强组织领导", "（一）完善机制。健全体系，落实责任。", "1.推进建设。完成5个项目，投资1.2亿元。", "２．优化服务。一是简化流程。二是压缩时限。",
    "12优化服务管理。落实政策。", "第一章 总则", "第三条 本办法自发布之日起施行。", "（1）开展检查；", "① 建立台账", "1.1 试点先行",
    "关于印发《2022年工作要点》的", "通 知", "海宁市卫生健康局", "2022年3月1日", "附件：1.任务分解表", "各镇人民政府，各有关单位：", "现将要点印发给你们，请认真贯彻执行。",
    "索引号: 002482365/2020-07990 公开日期: 2020-03-26", "| 发文字号 | 海卫〔2022〕7号 |", "|---|---|", "发布机构", "分享到：", "扫一扫在手机打开当前页",
    "浏览次数：123", "相关文章", "验证码", "原文如下：", "2022年海宁市卫生健康工作要点", "\u3000\u3000正文 2020 年 (试行),见 http://a.cn/b?c=1,2", "“未闭合的引号", "《书名", "\x00\ufeff\u200b\ufffd", "12优化", "1.5万人参加", "",
)  # fmt: skip


@st.composite
def notices(draw: st.DrawFn) -> str:
    """Lines of the genre in any order and any mixture, now and then with something arbitrary between."""
    lines = draw(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=20), max_size=25))
    return draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(lines)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem[:24])
def test_real_notices(path: Path) -> None:
    notice = notice_of(path)
    complete(notice.document)
    sound(notice)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem[:24])
def test_clean_text_is_clean(path: Path) -> None:
    """Invariant 2: cleaning what was published changes nothing."""
    published = notice_of(path).document.published
    assert clean(read_text(published), rules()).published == published


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem[:24])
def test_the_clauses_hold_every_published_line(path: Path) -> None:
    """What is clean is published: each line is the title or stands in a clause, once."""
    notice = notice_of(path)
    lines = sorted(line for line in notice.document.published.split("\n") if line)
    shown = [clause.label + text for clause in notice.clauses if clause.style for text in [first_line(clause.text)]]
    for clause in notice.clauses:
        rest = clause.text.split("\n")
        shown += [line for line in (rest[1:] if clause.style else rest) if line]
    title = notice.meta.title
    if title.rule == "title-line" and title.value:
        shown.append(title.value)
    assert sorted(text.replace(" ", "") for text in shown) == sorted(line.replace(" ", "") for line in lines)


def first_line(text: str) -> str:
    return text.split("\n", 1)[0]


@given(notices())
@example("¡Ã\x1f¤¡¡¡¡¡¡¤")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text(text: str) -> None:
    """Invariants 1, 2 and 3 on anything of the genre: complete, idempotent, no exception but a refusal in words."""
    try:
        document = read_text(text)
    except Unreadable as refusal:
        assert refusal.reason.endswith("。")
        return
    cleaned = clean(document, rules())
    complete(cleaned)
    again = cleaned.published
    if again.strip():
        try:
            second = read_text(again)
        except Unreadable as refusal:  # rid of its control characters, noise may look like a text in a wrong encoding
            assert refusal.code == "mojibake"
        else:
            assert clean(second, rules()).published == again
    try:
        sound(to_notice(document, rules()))
    except Unreadable as refusal:
        assert refusal.reason


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    try:
        complete(clean(read(data, "x", rules()), rules()))
    except Unreadable as refusal:
        assert refusal.reason.endswith("。")


@given(st.lists(st.sampled_from(["<div>", "</div>", "<p", "<p>", "<table><tr><td>", "</td>", "<!--", "-->", "<script>", "一、加强领导", "&nbsp;", "&#x4e00;", "<", ">", "'", '"', "<br>", "正文。", "<ol><li>", "<pre>\n"]), max_size=30))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_markup(parts: list[str]) -> None:
    text = "<html><body>" + "".join(parts)
    complete(clean(read(text.encode(), "x.html", rules()), rules()))


@pytest.mark.parametrize("path", SOURCES[:12], ids=lambda p: p.stem[:24])
def test_damaged_files_are_published_or_refused(path: Path, tmp_path: Path) -> None:
    """Invariant 3: cut, shuffled and overwritten files convert or are set aside; the program itself never fails."""
    data, chance = path.read_bytes(), random.Random(path.name)
    for number in range(25):
        broken = bytearray(data[: chance.randrange(1, len(data))])
        for _ in range(chance.randrange(0, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        (tmp_path / "x").write_bytes(bytes(broken))
        outcome = convert_file("x", tmp_path, rules())
        assert "程序处理这个文件时出错" not in outcome.reason, (number, outcome.reason)


@pytest.mark.parametrize("path", [*FOUND, *SOURCES], ids=lambda p: p.stem[:40])
def test_every_invariant(path: Path) -> None:
    """The checks of the fuzzer, on what it found and on all our notices; pages rendered and data held against its schema."""
    assert check(path.read_bytes()) in ("published", "refused")


@given(st.sampled_from(SOURCES), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_invariant_of_what_a_scraper_may_make_of_a_notice(path: Path, number: int) -> None:
    """Pieces of the genre put in, taken out and moved, in other encodings: a small part of what `make fuzz` tries."""
    assert check(mutate(path.read_bytes(), 6_000, random.Random(number), lambda data, most: data[:most])) in (
        "published",
        "refused",
    )


def test_the_published_text_does_not_depend_on_line_ends() -> None:
    text = SEEDS[0].read_text("utf-8")
    plain = convert_text(text).document.published
    assert convert_text(text.replace("\n", "\r\n")).document.published == plain
    assert convert_text("\ufeff" + text).document.published == plain

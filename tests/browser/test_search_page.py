"""How the page 检索 behaves: order, filters, addresses, ways of typing, offline, and on a phone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from notices.publish.search.fallback import write_fallback
from playwright.sync_api import Page, Route, expect

from browser.axe import axe
from browser.conftest import NARROW, OpenPage
from browser.searching import TRADITIONAL, ask, hits, status, submit, truth


@pytest.fixture
def searching(open_page: OpenPage) -> Page:
    """The page 检索, ready."""
    page = open_page("search/")
    expect(page.locator("#ys-q")).to_be_visible()
    return page


def test_numbers_and_words_that_stand_alone_come_before_those_inside_others(searching: Page) -> None:
    submit(searching, "90")
    first = searching.locator(".ys-context").first.inner_text()
    assert re.search(r"(?<![\d.])90(?!\d)", first), first


def test_a_clause_with_the_words_in_its_title_comes_first(searching: Page) -> None:
    submit(searching, "医共体")
    assert "医共体" in searching.locator("a.ys-clause").first.inner_text()


def test_hits_name_notice_and_clause_and_mark_the_words(searching: Page) -> None:
    submit(searching, "25.39万")
    entry = searching.locator(".ys-notice").first
    assert re.match(r".+\d{4}年 · .+", entry.locator("h3").inner_text())
    assert entry.locator("a.ys-clause").inner_text().strip()
    assert entry.locator("mark").all_inner_texts() == ["25.39万"]
    assert status(searching) == "在1份通知里找到1条。"


def test_a_place_or_year_narrows_to_notices_of_that_name(searching: Page) -> None:
    submit(searching, "海宁 食品")
    assert searching.locator("[data-group=named] li").count() >= 1
    owners = searching.locator(".ys-results li").evaluate_all("all => all.map(one => one.dataset.notice)")
    assert set(owners) == {"zhejiang-haining-2021"}


def test_words_in_different_clauses_of_one_notice_are_shown_apart(site: Path, searching: Page) -> None:
    assert truth(site, "AED DRGs") == set()
    submit(searching, "AED DRGs")
    expect(searching.get_by_role("heading", name="分散在不同条款里")).to_be_visible()
    shown = {
        (owner, word)
        for owner, anchor in _apart(searching)
        for word in ("AED", "DRGs")
        if (owner, anchor) in truth(site, word)
    }
    assert shown == {("zhejiang-haining-2021", "AED"), ("zhejiang-haining-2021", "DRGs")}


def _apart(page: Page) -> list[tuple[str, str]]:
    return [
        (one.get_attribute("data-notice") or "", one.get_attribute("data-anchor") or "")
        for one in page.locator("[data-group=apart] li").all()
    ]


def test_traditional_input_says_what_was_searched(searching: Page) -> None:
    submit(searching, "醫共體")
    assert "已按简体字查找：医共体" in searching.locator(".ys-results").inner_text()


def test_a_query_has_its_own_address_and_back_returns_to_the_one_before(searching: Page) -> None:
    submit(searching, "托育")
    assert searching.url.endswith("/search/?q=%E6%89%98%E8%82%B2")
    assert searching.title().startswith("托育")
    before = hits(searching)
    submit(searching, "控烟")
    searching.go_back()
    expect(searching.locator("#ys-q")).to_have_value("托育")
    expect(searching.locator(".ys-results li[data-anchor]")).to_have_count(len(before))


def test_typing_slowly_keeps_the_query_before_it_in_the_history(searching: Page) -> None:
    submit(searching, "托育")
    searching.locator("#ys-q").fill("控")
    searching.wait_for_url("**/?q=%E6%8E%A7")
    searching.locator("#ys-q").fill("控烟")
    searching.wait_for_url("**/?q=%E6%8E%A7%E7%83%9F")
    searching.go_back()
    expect(searching.locator("#ys-q")).to_have_value("托育")


def test_an_address_written_in_another_way_adds_no_step_to_the_history(open_page: OpenPage) -> None:
    page = open_page("years/")
    page.goto(page.url.replace("years/", "search/?q=托育+机构"))
    expect(page.locator(".ys-status")).to_contain_text("找到")
    page.go_back()
    page.wait_for_url("**/years/")


def test_an_address_with_a_query_and_filters_answers_at_once(site: Path, open_page: OpenPage) -> None:
    page = open_page("search/?q=健康&place=浙江省/嘉兴市/海宁市&target=1")
    expect(page.locator(".ys-status")).to_contain_text("找到")
    notice = json.loads((site / "data/notices/zhejiang-haining-2021.json").read_text("utf-8"))
    with_target = {a["clause"] for a in notice["annotations"] if a["kind"] == "target"}
    right = {anchor for owner, anchor in truth(site, "健康") if owner == notice["id"] and anchor in with_target}
    assert len(right) > 1
    for button in page.locator(".ys-results .ys-button").all():
        button.click()
    assert set(hits(page)) == right
    expect(page.locator("#ys-place")).to_have_value("浙江省/嘉兴市/海宁市")


def test_filters_by_year_topic_and_unit(site: Path, searching: Page) -> None:
    owners = {owner for owner, _ in truth(site, "健康")}
    submit(searching, "健康")
    searching.select_option("#ys-year", "2021")
    expect(searching.locator(".ys-results h3")).to_have_count(sum("-2021" in owner for owner in owners))
    searching.select_option("#ys-year", "")
    searching.select_option("#ys-topic", "医共体与分级诊疗")
    expect(searching.locator(".ys-results h3")).not_to_have_count(0)
    searching.fill("#ys-unit", "教育局")
    searching.press("#ys-unit", "Tab")
    expect(searching.locator(".ys-status")).to_contain_text("没有找到")
    searching.get_by_role("button", name="去掉筛选").click()
    expect(searching.locator(".ys-status")).to_contain_text("找到")
    assert "topic" not in searching.url


def test_filters_alone_list_what_has_them(searching: Page) -> None:
    searching.select_option("#ys-topic", "医共体与分级诊疗")
    expect(searching.locator(".ys-results li[data-anchor]").first).to_be_visible()
    searching.select_option("#ys-topic", "")
    searching.select_option("#ys-place", "浙江省")
    expect(searching.locator(".ys-results h3").first).to_be_visible()
    assert re.match(r"有\d+份通知。", status(searching))


@pytest.mark.parametrize("query", ["海宁空气质量", "智慧医疗中台建设", "医共体 不存在的词"])
def test_nothing_found_offers_words_that_are_found(searching: Page, query: str) -> None:
    submit(searching, query)
    assert status(searching).startswith(f"没有找到“{query}”")
    offers = searching.locator(".ys-offers a")
    expect(offers.first).to_be_visible()
    for offer in offers.all_inner_texts():
        submit(searching, offer)
        expect(searching.locator(".ys-results h3").first).to_be_visible()


def test_marks_alone_are_no_query(searching: Page) -> None:
    submit(searching, "，")
    assert status(searching) == "请至少写一个汉字、字母或数字。"


def test_text_that_comes_without_keys_is_searched_too(searching: Page) -> None:
    """Paste with the mouse, voice and handwriting send `input` and no `keyup`."""
    searching.evaluate(
        "const box = document.getElementById('ys-q'); box.value = '托育'; box.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    expect(searching.locator(".ys-status")).to_contain_text("找到")


def test_half_typed_pinyin_is_not_searched(searching: Page) -> None:
    send = "([type, value]) => { const b = document.getElementById('ys-q'); b.value = value; b.dispatchEvent(new Event(type, {bubbles: true})) }"
    searching.evaluate(send, ["compositionstart", ""])
    searching.evaluate(send, ["input", "tuo'yu"])
    searching.wait_for_timeout(400)
    assert status(searching) == ""
    searching.evaluate(send, ["compositionend", "托育"])
    expect(searching.locator(".ys-status")).to_contain_text("找到")


def test_escape_clears_and_tab_leads_from_the_box_to_the_hits(searching: Page) -> None:
    submit(searching, "托育")
    searching.locator("#ys-help a").first.wait_for()
    for _ in range(12):
        searching.keyboard.press("Tab")
        if searching.evaluate("document.activeElement.matches('.ys-results a')"):
            break
    assert searching.evaluate("document.activeElement.matches('.ys-results a')")
    searching.locator("#ys-q").press("Escape")
    expect(searching.locator("#ys-q")).to_have_value("")
    expect(searching.locator(".ys-results li")).to_have_count(0)


def test_the_header_search_of_every_page_leads_here(open_page: OpenPage) -> None:
    page = open_page("notices/zhejiang-2020/")
    page.get_by_role("banner").get_by_role("searchbox").fill("医共体")
    page.get_by_role("banner").get_by_role("searchbox").press("Enter")
    expect(page.locator(".ys-status")).to_contain_text("找到")


def test_without_an_index_the_page_says_so_and_leads_elsewhere(searching: Page) -> None:
    searching.route("**/pagefind/*", lambda route: route.abort("aborted"))
    searching.reload()
    submit(searching, "托育")
    expect(searching.locator(".ys-status")).to_contain_text("检索用不了")
    expect(searching.get_by_role("main").get_by_role("link", name="按地区")).to_be_visible()


def copied(site: Path, folder: Path) -> Path:
    """The search page with its assets, as files; returns its path."""
    for source in (
        *(site / "assets").rglob("*"),
        *(site / "search").rglob("*"),
        *(site / "data" / "notices").rglob("*"),
    ):
        if source.is_file() and not source.name.startswith("yaodian-offline"):
            target = folder / source.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder / "search" / "index.html"


def test_the_offline_copy_searches_from_a_file(site: Path, open_page: OpenPage, tmp_path: Path) -> None:
    path = copied(site, tmp_path)
    write_fallback(tmp_path)
    page = open_page(path.as_uri())
    for query in ("医共体", "〔2020〕11号", "托育 机构", "醫共體"):
        found = ask(page, query)
        assert set(found.clauses) == truth(site, TRADITIONAL.get(query, query))
        assert re.search(r"/notices/[\w-]+/index\.html\?h=[^#]+#[\w-]+$", found.first)
    page.select_option("#ys-year", "2021")
    expect(page.locator(".ys-results h3")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, NARROW], ids=["1280", "390"])
def test_a_page_of_hits_has_no_barrier(open_page: OpenPage, scheme: str, screen: dict[str, object]) -> None:
    page = open_page("search/?q=医共体", color_scheme=scheme, **screen)
    expect(page.locator(".ys-results li").first).to_be_visible()
    page.locator(".ys-filters").evaluate("e => { e.open = true }")
    assert axe(page) == []
    small = page.locator(
        "#y-search :is(button, select, input[type=search], input[type=text], a.ys-clause, h3 a)"
    ).evaluate_all("all => all.filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))")
    assert small == []


def test_a_phone_shows_filters_folded_and_does_not_zoom_into_the_box(open_page: OpenPage) -> None:
    page = open_page("search/?q=健康", **NARROW)
    expect(page.locator(".ys-results li").first).to_be_visible()
    expect(page.locator("#ys-place")).to_be_hidden()
    assert page.locator("#ys-q").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_is_typed_before_the_choices_arrive_stays(open_page: OpenPage) -> None:
    page = open_page("")
    held: list[Route] = []
    page.route("**/pagefind/choices.json", lambda route: held.append(route))
    page.goto(page.url + "search/?year=2021")
    page.locator("#ys-q").fill("健康")
    expect(page.locator(".ys-status")).to_contain_text("找到")
    held[0].continue_()
    expect(page.locator("#ys-year option")).not_to_have_count(2)
    expect(page.locator("#ys-q")).to_have_value("健康")
    expect(page.locator("#ys-year")).to_have_value("2021")
    assert page.locator("#ys-year option[value='2021']").count() == 1

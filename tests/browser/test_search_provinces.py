"""The search of a site with many notices: the reader's province first, the whole country on request."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from notices.publish.search.index import build_index
from playwright.sync_api import Browser, Page, Route, expect

from browser.axe import axe
from browser.conftest import NARROW, OpenPage
from browser.searching import Address, hits, status, submit, truth
from browser.server import serving

OVER = re.compile("都查了一遍")


@pytest.fixture(scope="module")
def many(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is with many notices: a bundle a province, that of Zhejiang in parts."""
    copy = tmp_path_factory.mktemp("many") / "site"
    shutil.copytree(site, copy)
    build_index(copy, few=1, most=12_000)
    return copy


@pytest.fixture(scope="module")
def base_url(many: Path) -> Iterator[str]:
    """Where that site is served; `open_page` and `watch` take this one."""
    with serving(many) as address:
        yield address


@pytest.fixture(scope="module")
def provinces(many: Path) -> dict[str, str]:
    """Slug → name of each bundle, in their order."""
    return {one["slug"]: one["name"] for one in json.loads((many / "pagefind/bundles.json").read_text("utf-8"))}


def of(many: Path, name: str, addresses: set[Address]) -> set[Address]:
    """Those of the clauses that stand in notices of this province."""
    inside = set()
    for path in (many / "data/notices").glob("*.json"):
        notice = json.loads(path.read_text("utf-8"))
        if ((notice["region"] or {}).get("path") or ["地区未载明"])[0] == name:
            inside.add(notice["id"])
    return {address for address in addresses if address[0] in inside}


def asked_for(page: Page) -> list[str]:
    """The folders below pagefind/ from which this page has taken anything."""
    found: list[str] = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    inside = [address.partition("/pagefind/")[2] for address in found if "/pagefind/" in address]
    return sorted({name.split("/")[0] for name in inside if "/" in name})


def everywhere(page: Page) -> set[Address]:
    """All that a search of the whole country shows once it is over and everything is unfolded."""
    expect(page.locator(".ys-status")).to_have_text(OVER)
    more = page.locator(".ys-results .ys-button:visible")
    while more.count():
        lines, buttons = page.locator(".ys-results li").count(), more.count()
        more.first.click()
        page.wait_for_function(
            """([lines, buttons]) => document.querySelectorAll(".ys-results li").length > lines
            || document.querySelectorAll(".ys-results .ys-button").length < buttons""",
            arg=[lines, buttons],
        )
    shown = page.locator("[data-group=together] li[data-anchor]")
    found = shown.evaluate_all("all => all.map(one => [one.dataset.notice, one.dataset.anchor])")
    assert len(found) == len({tuple(one) for one in found}), "each once"
    return {(one[0], one[1]) for one in found}


def test_a_reader_who_is_new_is_asked_and_nothing_is_guessed(
    many: Path, provinces: dict[str, str], open_page: OpenPage
) -> None:
    page = open_page("search/?q=健康")
    expect(page.get_by_role("heading", name="在哪里查")).to_be_visible()
    assert status(page) == "请先选一个地区，再查“健康”。"
    offered = page.locator(".ys-provinces button").evaluate_all("all => all.map(one => one.firstChild.textContent)")
    assert offered == [*provinces.values(), "全国"]
    assert asked_for(page) == [], "no index is taken before the reader has chosen"
    page.get_by_role("button", name="上海市").click()
    expect(page.locator(".ys-status")).to_contain_text("上海市：在")
    assert set(ask_all(page)) == of(many, "上海市", truth(many, "健康"))
    assert asked_for(page) == ["shanghai"]


def test_what_was_chosen_last_is_searched_first_the_next_time(open_page: OpenPage) -> None:
    page = open_page("search/")
    page.locator("#ys-province").select_option("浙江省")
    page.goto(page.url.partition("search/")[0])
    page.get_by_role("main").get_by_role("searchbox").fill("医共体")
    page.get_by_role("main").get_by_role("searchbox").press("Enter")
    expect(page.locator(".ys-status")).to_contain_text("浙江省：在")
    expect(page.locator("#ys-province")).to_have_value("浙江省")


def test_who_has_read_a_notice_searches_its_province_first(open_page: OpenPage) -> None:
    page = open_page("notices/shanghai-baoshan-2023/")
    page.get_by_role("banner").get_by_role("searchbox").fill("健康")
    page.get_by_role("banner").get_by_role("searchbox").press("Enter")
    expect(page.locator(".ys-status")).to_contain_text("上海市：在")
    assert asked_for(page) == ["shanghai"]


@pytest.mark.parametrize("place", ["浙江省", "zhejiang"])
def test_an_address_names_the_province_and_goes_before_what_is_remembered(
    many: Path, open_page: OpenPage, place: str
) -> None:
    page = open_page("notices/shanghai-baoshan-2023/")
    page.goto(page.url.partition("notices/")[0] + f"search/?q=医共体&place={place}")
    expect(page.locator(".ys-status")).to_contain_text("浙江省：在")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["医共体"], "place": ["浙江省"]}
    submit(page, "健康")
    found = set(ask_all(page))
    assert found == of(many, "浙江省", truth(many, "健康")), "from all parts of a province that is in parts"


def ask_all(page: Page) -> list[Address]:
    """Unfold everything in a province, but do not go on to the whole country."""
    for _ in range(200):
        more = page.locator(".ys-results .ys-button:visible:not(.ys-everywhere)")
        before = [page.locator(".ys-results li").count(), more.count()]
        if not more.count():
            break
        more.first.click()
        page.wait_for_function(
            """([lines, buttons]) => document.querySelectorAll(".ys-results li").length > lines
            || document.querySelectorAll(".ys-results .ys-button:not(.ys-everywhere)").length < buttons""",
            arg=before,
        )
    shown = page.locator("[data-group=together] li[data-anchor]")
    found = shown.evaluate_all("all => all.map(one => [one.dataset.notice, one.dataset.anchor])")
    return [(one[0], one[1]) for one in found]


def test_a_province_that_is_not_here_is_asked_for_again(open_page: OpenPage) -> None:
    page = open_page("search/?q=健康&place=火星省")
    expect(page.get_by_role("heading", name="在哪里查")).to_be_visible()


def test_a_county_narrows_inside_the_province(open_page: OpenPage) -> None:
    page = open_page("search/?q=健康&place=浙江省")
    expect(page.locator(".ys-status")).to_contain_text("找到")
    page.select_option("#ys-place", "浙江省/嘉兴市/海宁市")
    expect(page.locator(".ys-results h3")).to_have_count(1)
    assert parse_qs(urlsplit(page.url).query)["place"] == ["浙江省/嘉兴市/海宁市"]
    page.reload()
    expect(page.locator("#ys-place")).to_have_value("浙江省/嘉兴市/海宁市")
    expect(page.locator("#ys-province")).to_have_value("浙江省")
    page.get_by_role("button", name="去掉筛选").click()
    expect(page.locator(".ys-results h3")).not_to_have_count(1)
    expect(page.locator("#ys-province")).to_have_value("浙江省")


@pytest.mark.parametrize("query", ["医共体", "健康", "〔2020〕11号", "托育 机构"])
def test_the_whole_country_finds_what_stands_anywhere(many: Path, open_page: OpenPage, query: str) -> None:
    page = open_page(f"search/?place=全国&q={query}")
    assert everywhere(page) == truth(many, query)


def test_the_whole_country_goes_from_province_to_province(
    many: Path, provinces: dict[str, str], open_page: OpenPage
) -> None:
    page = open_page("search/?q=健康")
    page.get_by_role("button", name="浙江省").click()
    expect(page.locator(".ys-status")).to_contain_text("浙江省：在")
    page.get_by_role("button", name="在全国检索“健康”").click()
    expect(page.locator(".ys-status")).to_have_text(OVER)
    expect(page.locator("#ys-province")).to_have_value("全国")
    shown = page.locator(".ys-province > h2").all_inner_texts()
    assert shown == [name for name in provinces.values() if of(many, name, truth(many, "健康"))]
    assert f"全国{len(provinces)}个地区都查了一遍" in status(page)
    page.go_back()
    expect(page.locator(".ys-status")).to_contain_text("浙江省：在")
    page.goto(page.url.partition("?")[0])
    expect(page.locator("#ys-province")).to_have_value("浙江省")  # the whole country is asked for each time


def test_the_first_hit_of_the_whole_country_opens_the_clause(open_page: OpenPage) -> None:
    page = open_page("search/?place=全国&q=医共体")
    expect(page.locator(".ys-status")).to_have_text(OVER)
    first = page.locator("li[data-anchor]").first
    anchor = first.get_attribute("data-anchor")
    first.locator("a").click()
    page.wait_for_url(re.compile(rf"/notices/[\w-]+/\?h=[^#]+#{anchor}$"))
    expect(page.get_by_role("button", name="取消标记")).to_be_visible()
    page.go_back()
    expect(page.locator(".ys-status")).to_have_text(OVER)


def test_filters_hold_in_the_whole_country(many: Path, open_page: OpenPage) -> None:
    page = open_page("search/?place=全国&q=健康&year=2021")
    found = everywhere(page)
    assert found == {address for address in truth(many, "健康") if "-2021" in address[0]} != set()


def test_progress_is_shown_and_the_search_can_be_stopped(provinces: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("search/")
    held: list[Route] = []
    last = list(provinces)[-1]
    page.route(f"**/pagefind/{last}/pagefind-entry.json*", lambda route: held.append(route))
    page.goto(page.url + "?place=全国&q=健康")
    count = len(provinces)
    expect(page.locator(".ys-progress")).to_contain_text(f"已查{count - 1}/{count}个地区")
    assert "正在全国检索" in status(page)
    before = hits(page)
    page.get_by_role("button", name="停止").click()
    assert status(page).startswith(f"已停止，查了{count - 1}/{count}个地区")
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    assert hits(page) == before != []


def test_another_query_ends_the_search_before_it(many: Path, provinces: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("search/")
    held: list[Route] = []
    page.route(f"**/pagefind/{list(provinces)[-1]}/pagefind-entry.json*", lambda route: held.append(route))
    page.goto(page.url + "?place=全国&q=健康")
    expect(page.locator(".ys-province").first).to_be_visible()
    page.locator("#ys-province").select_option("上海市")
    expect(page.locator(".ys-status")).to_contain_text("上海市：在")
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".ys-province")).to_have_count(0)
    assert set(hits(page)) <= {anchor for _, anchor in of(many, "上海市", truth(many, "健康"))}


def test_a_bundle_that_is_gone_is_named_and_the_others_are_searched(
    many: Path, browser: Browser, base_url: str
) -> None:
    away = many.parent / "shandong"
    (many / "pagefind/shandong").rename(away)
    page = browser.new_page()  # the server's 404 is what this is about: not watched
    try:
        page.goto(f"{base_url}search/?place=全国&q=健康")
        expect(page.locator(".ys-status")).to_have_text(OVER)
        assert status(page).endswith("山东省没有查成：索引没有取到。")
        assert "上海市" in page.locator(".ys-province > h2").all_inner_texts()
    finally:
        away.rename(many / "pagefind/shandong")
    page.get_by_role("button", name="再查山东省").click()
    expect(page.locator(".ys-province > h2").last).to_have_text("山东省")
    assert "没有查成" not in status(page)
    assert everywhere(page) == truth(many, "健康")
    page.close()


def test_a_province_whose_bundle_is_gone_is_said(many: Path, browser: Browser, base_url: str) -> None:
    away = many.parent / "shandong"
    (many / "pagefind/shandong").rename(away)
    page = browser.new_page()
    try:
        page.goto(f"{base_url}search/?place=山东省&q=健康")
        expect(page.locator(".ys-status")).to_contain_text("检索用不了")
    finally:
        away.rename(many / "pagefind/shandong")
    page.locator("#ys-province").select_option("上海市")
    expect(page.locator(".ys-status")).to_contain_text("上海市：在")
    expect(page.get_by_text("检索需要脚本")).to_be_hidden()
    page.close()


def test_nothing_in_the_province_leads_to_the_whole_country(open_page: OpenPage) -> None:
    page = open_page("search/?place=上海市&q=25.39万")
    expect(page.locator(".ys-status")).to_contain_text("上海市：没有找到“25.39万”")
    page.get_by_role("button", name="在全国检索“25.39万”").click()
    expect(page.locator(".ys-status")).to_have_text(OVER)
    assert len(hits(page)) == 1


def test_nothing_anywhere_is_said_and_traditional_characters_are_tried(many: Path, open_page: OpenPage) -> None:
    page = open_page("search/?place=全国&q=没有人写过的词")
    expect(page.locator(".ys-status")).to_have_text(re.compile("都查了一遍；没有找到。$"))
    page.goto(page.url.partition("?")[0] + "?place=全国&q=醫共體")
    expect(page.get_by_text("已按简体字查找：医共体")).to_be_visible()
    assert everywhere(page) == truth(many, "医共体")


@pytest.mark.parametrize("path", ["search/", "search/?place=全国&q=医共体", "search/?place=浙江省&q=医共体"])
def test_on_a_phone_nothing_is_small_or_beside_the_screen_and_nothing_is_a_barrier(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path, **NARROW)
    expect(page.locator(".ys-results :is(.ys-provinces, h3)").first).to_be_visible()
    if "全国" in path:
        expect(page.locator(".ys-status")).to_have_text(OVER)
    page.locator(".ys-filters").evaluate("e => { e.open = true }")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.locator("#y-search :is(button, select, a.ys-clause, h3 a)").evaluate_all(
        "all => all.filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_the_choice_of_a_province_needs_no_mouse(open_page: OpenPage) -> None:
    page = open_page("search/?q=健康")
    button = page.get_by_role("button", name="上海市")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ys-status")).to_contain_text("上海市：在")
    assert page.evaluate("document.activeElement.id") == "ys-province", "not lost with the button"


def test_a_site_with_one_bundle_asks_nothing(site: Path, browser: Browser) -> None:
    with serving(site) as address:
        page = browser.new_page()
        page.goto(f"{address}search/?q=健康")
        expect(page.locator(".ys-status")).to_contain_text("找到")
        expect(page.locator("#ys-province, .ys-everywhere")).to_have_count(0)
        page.close()

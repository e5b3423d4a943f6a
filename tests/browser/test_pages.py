"""What holds for every page type: language, landmarks, headings; readable at any width, with large text, with no scripts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.conftest import NARROW, OpenPage
from browser.kinds import KINDS, Kind, each_kind
from browser.look import look

SMALLEST = {"viewport": {"width": 320, "height": 640}}


def test_every_page_of_the_site_is_of_a_type_that_these_tests_look_at(site: Path) -> None:
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    known = {page for kind in KINDS for page in built if _of_kind(page, kind.covers)}
    unknown = sorted(built - known)
    assert unknown == [], "写进 tests/browser/pages.toml"


def _of_kind(page: str, covers: str) -> bool:
    return page.count("/") == covers.count("/") and fnmatchcase(page, covers)


@each_kind
def test_a_page_says_its_language_and_has_landmarks_and_one_main_heading(open_page: OpenPage, kind: Kind) -> None:
    page = kind.open(open_page)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.title().strip()
    assert page.get_by_role("main").count() == 1
    if not kind.missing:  # the 404 page can stand anywhere, so it is whole in itself: no header, a link home
        assert page.get_by_role("banner").count() == 1
        assert page.get_by_role("contentinfo").count() == 1
        assert page.get_by_role("navigation").count() >= 1
    levels = [level for level, _ in look(page, "headings")]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels)), look(page, "headings")


@each_kind
def test_a_page_fits_a_screen_of_320_px(open_page: OpenPage, kind: Kind) -> None:
    page = kind.open(open_page, **SMALLEST)
    assert look(page, "outside", 320) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@each_kind
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_fits_when_text_is_at_250_percent(
    open_page: OpenPage, large_type: Browser, kind: Kind, width: int
) -> None:
    """Text size as readers set it in the browser (default size 40 px instead of 16); zooming the page is the test above."""
    page = kind.open(open_page, inside=large_type, viewport={"width": width, "height": 800})
    assert look(page, "bodyText")[0][0] >= 2.5 * 15  # grows with it: nothing is set in px
    assert look(page, "outside", width) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@each_kind
def test_a_page_can_be_read_and_left_with_scripts_off(open_page: OpenPage, kind: Kind) -> None:
    for options in ({}, NARROW):
        page = kind.open(open_page, java_script_enabled=False, **options)
        assert page.get_by_role("heading", level=1).is_visible()
        assert len(page.locator("main").inner_text()) > 40
        assert look(page, "dead") == []
        if kind.missing:
            page.get_by_role("link", name="首页").click()
            assert page.get_by_role("banner").is_visible()
            continue
        if options:
            page.locator("header summary", has_text="菜单").click()
        assert page.locator("header nav a:visible").count() >= 5
        page.locator("header nav a:visible", has_text="按地区").first.click()
        page.wait_for_url("**/places/")
        assert page.get_by_role("heading", level=1).is_visible()


def test_the_search_page_says_that_it_needs_scripts(open_page: OpenPage) -> None:
    page = open_page("search/", java_script_enabled=False)
    assert "脚本" in page.locator("main").inner_text()

"""By keyboard alone: everything can be reached, seen and left."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, WIDE, OpenPage
from browser.kinds import Kind, each_kind
from browser.look import look

SIZES: dict[str, dict[str, Any]] = {"wide": WIDE, "narrow": NARROW}
each_size = pytest.mark.parametrize("size", SIZES)


def walk(page: Page, most: int) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, from the top of the page until the focus leaves it."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = look(page, "focused")
        if stop is None:
            break
        stops.append(stop)
    return stops


@each_kind
def test_the_focus_is_always_seen_and_goes_down_the_page(open_page: OpenPage, kind: Kind) -> None:
    """The first sixty stops of each page; the whole of a page in the next test."""
    page = kind.open(open_page)
    page.wait_for_load_state("networkidle")
    stops = walk(page, 60)
    assert kind.missing or "跳到正文" in stops[0]["name"]
    assert [s["name"] for s in stops if not s["ring"]] == [], "看不出焦点"
    assert [s["name"] for s in stops if not s["seen"]] == [], "焦点被挡住"
    orders = [s["order"] for s in stops]
    assert orders == sorted(set(orders)), [s["name"] for s in stops]


@pytest.mark.parametrize("path", ["", "notices/zhejiang-haining-2021/", "search/"])
@each_size
def test_every_stop_of_a_page_is_reached_and_the_focus_leaves_it_at_the_end(
    open_page: OpenPage, path: str, size: str
) -> None:
    page = open_page(path, **SIZES[size])
    stops = walk(page, 1500)
    assert len(stops) < 1500, "焦点出不来"
    assert "跳到正文" in stops[0]["name"]
    missed = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
          .filter((e) => !e.dataset.lookOrder && e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert missed == []


@each_size
def test_the_skip_link_leads_past_the_header(open_page: OpenPage, size: str) -> None:
    page = open_page("notices/zhejiang-2020/", **SIZES[size])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "!document.activeElement.closest('header') && !!document.activeElement.closest('.md-container')"
    )


@pytest.mark.parametrize("key", ["Enter", " "])
@pytest.mark.parametrize("name", ["大字", "深色"])
def test_the_buttons_of_the_header_work_by_keyboard(page: Page, name: str, key: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press(key)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").filter(has_text="已换成")).to_be_visible()
    page.keyboard.press(key)
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_menu_opens_by_keyboard_and_closes_with_escape(narrow: Page) -> None:
    menu = narrow.locator("header summary", has_text="菜单")
    menu.focus()
    narrow.keyboard.press("Enter")
    link = narrow.locator("header nav a:visible", has_text="量化指标")
    expect(link).to_be_visible()
    narrow.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    narrow.keyboard.press("Enter")
    narrow.keyboard.press("Tab")
    narrow.keyboard.press("Enter")
    expect(narrow.get_by_role("heading", level=1)).to_be_visible()


def test_a_search_from_the_header_is_sent_by_enter(page: Page) -> None:
    box = page.get_by_role("banner").get_by_role("searchbox")
    box.focus()
    page.keyboard.type("托育")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("托育")

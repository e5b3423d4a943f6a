"""Large print and dark: chosen once, kept on every page; and targets that a finger can hit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, WIDE, OpenPage
from browser.kinds import Kind, each_kind
from browser.look import look

SIZES: dict[str, dict[str, Any]] = {"wide": WIDE, "narrow": NARROW}
each_size = pytest.mark.parametrize("size", SIZES)


def switch(page: Page, name: str) -> None:
    """Press the button of that name in the header."""
    page.get_by_role("banner").get_by_role("button", name=name, exact=True).click()


@each_size
def test_large_print_stays_from_page_to_page_until_switched_off(open_page: OpenPage, size: str) -> None:
    page = open_page(**SIZES[size])
    switch(page, "大字")
    expect(page.get_by_role("button", name="大字", exact=True)).to_have_attribute("aria-pressed", "true")
    page.locator("main a[href*='notices/']:visible").first.click()
    page.wait_for_url(re.compile("/notices/"))
    assert look(page, "bodyText")[0][0] >= 24
    page.reload()
    expect(page.get_by_role("button", name="大字", exact=True)).to_have_attribute("aria-pressed", "true")
    switch(page, "大字")
    page.reload()
    assert look(page, "bodyText")[0][0] < 20


@each_size
def test_dark_stays_from_page_to_page_and_says_so(open_page: OpenPage, size: str) -> None:
    page = open_page(**SIZES[size])
    assert brightness(page) > 200
    switch(page, "深色")
    assert brightness(page) < 60
    page.goto(page.url + "about/")
    assert brightness(page) < 60
    expect(page.get_by_role("button", name="深色", exact=True)).to_have_attribute("aria-pressed", "true")


def test_dark_follows_the_system_until_the_reader_chooses(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    assert brightness(page) < 60
    switch(page, "深色")
    assert brightness(page) > 200


def brightness(page: Page) -> float:
    """0 to 255: the mean of the channels of the page's background."""
    colour = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3


@each_kind
@each_size
def test_large_print_has_large_text_and_targets_and_nothing_moves(
    open_page: OpenPage, large_print: dict[str, Any], kind: Kind, size: str
) -> None:
    page = kind.open(open_page, **SIZES[size], storage_state=large_print)
    assert look(page, "bodyText")[0][0] >= 24
    found = look(page, "targets", 60, False)
    assert found["small"] == [], f"共 {found['all']} 个，句中链接 {found['spared']} 个不算"
    assert look(page, "moving") == []
    assert look(page, "outside", SIZES[size]["viewport"]["width"]) == []


@each_kind
@each_size
def test_targets_are_44_px_for_controls_and_24_px_for_the_rest(open_page: OpenPage, kind: Kind, size: str) -> None:
    page = kind.open(open_page, **SIZES[size])
    controls, rest = look(page, "targets", 44, True), look(page, "targets", 24, False)
    assert controls["small"] == [], f"共 {controls['all']} 个控件"
    assert rest["small"] == [], f"共 {rest['all']} 个，句中链接 {rest['spared']} 个不算"

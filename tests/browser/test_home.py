"""The home page in a browser: the figures are used by mouse, finger and keyboard, and read in any size and colour."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.axe import axe
from browser.conftest import NARROW, WIDE, OpenPage

LOOKS: dict[str, dict[str, Any]] = {
    "wide": WIDE,
    "narrow": NARROW,
    "dark": {**WIDE, "color_scheme": "dark"},
    "smallest": {"viewport": {"width": 320, "height": 640}},
}
each_look = pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
CELL = "section.y-home-what .y-grid a.y-cell"

_OVERLAPS = """() => [...document.querySelectorAll(".y-grid")].flatMap((grid) => {
  const boxes = [...grid.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
      && a.top + a.height * 0.25 < b.bottom - b.height * 0.25 && b.top + b.height * 0.25 < a.bottom - a.height * 0.25)
    .map(([two]) => `${one} / ${two}`));
})"""

_CONTRASTS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (c) => c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = rgb(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll(".y-grid text")].map((text) => {
    const box = text.parentElement.querySelector(".y-box");
    const style = box && getComputedStyle(box);
    const under = box ? rgb(style.fill).map((v, at) => v * style.fillOpacity + ground[at] * (1 - style.fillOpacity)) : ground;
    const [a, b] = [light(rgb(getComputedStyle(text).fill)), light(under)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}"""


def opened(page: Page) -> Page:
    """The page with its data tables unfolded."""
    for summary in page.locator(".y-figure summary").all():
        summary.click()
    return page


def test_a_number_of_the_matrix_leads_to_its_tasks_by_mouse(page: Page) -> None:
    cell = page.locator(CELL).first
    says = cell.get_attribute("aria-label") or ""
    topic = re.split("[，：]", says)[1]
    cell.click()
    expect(page).to_have_url(re.compile(r"/topics/[a-z]+/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(topic)


def test_a_number_of_the_matrix_leads_to_its_tasks_by_keyboard(page: Page) -> None:
    page.locator(CELL).nth(2).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.y-grid a.y-cell, .y-grid a')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/topics/[a-z]+/"))


def test_a_drawing_can_be_passed_over_by_keyboard(page: Page) -> None:
    page.locator("section.y-home-what .y-skip").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert page.evaluate("document.activeElement.closest('section').className") == "y-home-what"


def test_the_table_behind_a_drawing_has_its_numbers_and_links(page: Page) -> None:
    opened(page)
    for figure in page.locator(".y-figure").all():
        drawn = figure.locator("a.y-cell").evaluate_all(
            "all => all.map(a => [a.querySelector('text').textContent, a.getAttribute('href')])"
        )
        written = figure.locator("td a").evaluate_all("all => all.map(a => [a.textContent, a.getAttribute('href')])")
        assert drawn == written
        assert drawn


def test_the_search_form_and_the_words_to_try_lead_to_the_search(page: Page) -> None:
    word = page.locator(".y-tries a").first
    expect(word).to_have_attribute("href", re.compile(r"^search/\?q=%"))
    page.get_by_role("searchbox", name="在全部条款里查").fill("医共体")
    page.locator(".y-ask button").click()
    expect(page).to_have_url(re.compile(r"/search/\?q=%E5%8C%BB%E5%85%B1%E4%BD%93$"))


@each_look
def test_nothing_is_wrong_with_the_tables_unfolded(open_page: OpenPage, options: dict[str, Any]) -> None:
    assert axe(opened(open_page(**options))) == []


@each_look
@pytest.mark.parametrize("size", ["", "large"])
def test_only_the_drawings_scroll_sideways_and_no_words_of_theirs_overlap(
    open_page: OpenPage, options: dict[str, Any], size: str
) -> None:
    page = opened(open_page(**options))
    page.evaluate("size => document.documentElement.setAttribute('data-y-size', size)", size)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(_OVERLAPS) == []
    sizes = page.locator(".y-grid a rect").evaluate_all(
        "all => all.map(r => r.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"
    )
    assert min(sizes) >= (59.5 if size else 24)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_numbers_of_the_drawings_stand_out_from_what_is_under_them(open_page: OpenPage, scheme: str) -> None:
    assert min(open_page(color_scheme=scheme).evaluate(_CONTRASTS)) >= 7


def test_on_paper_the_drawings_are_black_on_white_and_the_form_is_gone(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".y-ask")).to_be_hidden()
    expect(page.locator(".y-grid").first).to_be_visible()
    fills = page.locator(".y-grid .y-box").evaluate_all("all => [...new Set(all.map(r => getComputedStyle(r).fill))]")
    assert fills == ["rgb(255, 255, 255)"]
    assert page.locator(".y-figure details > .y-scroll").first.is_hidden()


def test_without_scripts_the_page_is_whole(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    expect(page.locator(".y-grid")).to_have_count(2)
    page.locator(".y-figure summary").first.click()
    expect(page.locator(".y-figure table").first).to_be_visible()

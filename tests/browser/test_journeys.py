"""Two readers who have never been here, from the home page, within three actions each."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import SITE_URL
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, WIDE, OpenPage


def search(page: Page, words: str) -> None:
    """Type the words into the box of the home page and press Enter: one action."""
    box = page.get_by_role("main").get_by_role("searchbox")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/search/?q=*")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_citizen_finds_what_haining_promises_on_air_quality(open_page: OpenPage, size: dict[str, Any]) -> None:
    """The notice says “清新空气”, not “空气质量”: the page has to lead from the words that people use to those printed."""
    page = open_page(**size)
    main = page.get_by_role("main")
    search(page, "海宁 空气质量")  # 1
    main.locator("a[href*='q=']", has_text=re.compile("海宁.*空气")).first.click()  # 2
    main.locator("[data-notice=zhejiang-haining-2021] a").first.click()  # 3
    _lands_on(page, "s4-c1", "开展清新空气示范区建设")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_citizen_finds_it_at_once_by_the_words_that_are_printed(open_page: OpenPage, size: dict[str, Any]) -> None:
    page = open_page(**size)
    search(page, "海宁 空气")  # 1
    page.get_by_role("main").locator("[data-notice=zhejiang-haining-2021] a").first.click()  # 2
    _lands_on(page, "s4-c1", "开展清新空气示范区建设")


def test_a_clerk_cites_task_9_of_the_zhejiang_plan_and_the_link_opens_there(open_page: OpenPage, base_url: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    search(page, "健康中国省域示范区")  # 1
    page.get_by_role("main").locator("[data-notice=zhejiang-2020][data-anchor=s2-t9] a").first.click()  # 2
    page.locator("[data-clause=s2-t9]").get_by_role(
        "button", name="复制引文"
    ).click()  # 3: copies, and offers other forms
    expect(page.get_by_role("status").filter(has_text="已复制").first).to_be_visible()
    cited, link = str(page.evaluate("navigator.clipboard.readText()")).split("\n")
    assert cited == "《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号）第二部分第9项"
    assert link == f"{SITE_URL}notices/zhejiang-2020/#s2-t9"
    fresh = open_page(link.replace(SITE_URL, base_url))
    _lands_on(fresh, "s2-t9", "打造健康中国省域示范区")


def _lands_on(page: Page, anchor: str, words: str) -> None:
    """The page shows the clause at `anchor`, its words, and marks it."""
    page.wait_for_url(f"**#{anchor}")
    heading = page.locator(f"[id='{anchor}']")
    expect(heading).to_be_in_viewport()
    expect(page.get_by_text(words).first).to_be_in_viewport()
    assert page.locator(":target").count() == 1
    plain = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert heading.evaluate("e => getComputedStyle(e).backgroundColor") not in ("rgba(0, 0, 0, 0)", plain)

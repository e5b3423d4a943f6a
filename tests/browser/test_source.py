"""The received text beside the published one, as someone uses it who doubts a sentence."""

from __future__ import annotations

from browser.conftest import NARROW, OpenPage

SOURCE = "notices/shandong-huantai-2019/source/"


def test_a_rule_leads_to_the_first_place_where_it_was_used(open_page: OpenPage) -> None:
    page = open_page(SOURCE)
    page.get_by_role("link", name="扫码浏览本页提示").click()
    struck = page.locator("del:target")
    assert struck.inner_text() == "扫码使用手机浏览本页内容"
    assert "line-through" in struck.evaluate("element => getComputedStyle(element).textDecorationLine")
    box = struck.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800


def test_a_line_leads_to_the_clause_that_it_became(open_page: OpenPage) -> None:
    page = open_page(f"{SOURCE}#L35")
    row = page.locator("tr:target")
    link = row.get_by_role("link")
    words = link.inner_text()
    link.click()
    page.wait_for_url("**/shandong-huantai-2019/#*")
    assert page.locator(":target").inner_text().startswith(words[:8])


def test_both_texts_stand_side_by_side_and_on_a_phone_one_above_the_other(open_page: OpenPage) -> None:
    for options, beside in (({}, True), (NARROW, False)):
        page = open_page(SOURCE, **options)
        left, right = (page.locator(f"#L35 .{name}").bounding_box() for name in ("y-raw", "y-out"))
        assert left is not None
        assert right is not None
        assert (right["x"] >= left["x"] + left["width"] - 1) == beside
        assert (right["y"] >= left["y"] + left["height"] - 1) == (not beside)
        labels = [
            page.locator(f"#L35 .{name}").evaluate("element => getComputedStyle(element, '::before').content")
            for name in ("y-raw", "y-out")
        ]
        assert labels == (["none", "none"] if beside else ['"收到："', '"发布："'])


def test_nothing_runs_off_the_page_in_print(open_page: OpenPage) -> None:
    page = open_page(SOURCE, viewport={"width": 660, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 660
    assert page.locator("th[scope=col]").first.is_visible()

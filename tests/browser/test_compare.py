"""Two plans side by side, as a clerk uses the page: what the province asks and the district left out, and the figures."""

from __future__ import annotations

from browser.conftest import NARROW, OpenPage

PAIR = "compare/zhejiang-2020--vs--zhejiang-jianggan-2020/"


def test_what_only_the_province_asks_is_named_before_anything_else(open_page: OpenPage) -> None:
    page = open_page(PAIR)
    heading = page.locator("#only-a")
    assert "浙江省2020年有、江干区2020年没有找到对应的" in heading.inner_text()
    assert page.locator("article h2").first.get_attribute("id") == "only-a"
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    page.get_by_role("link", name="10.推动中医药传承创新发展").first.click()
    assert page.locator(":target").get_attribute("id") == "a-s2-t10"
    page.locator("#a-s2-t10 a").click()
    page.wait_for_url("**/notices/zhejiang-2020/#s2-t10")


def test_tasks_that_answer_each_other_stand_side_by_side_and_on_a_phone_one_above_the_other(
    open_page: OpenPage,
) -> None:
    for options, beside in (({}, True), (NARROW, False)):
        page = open_page(PAIR, **options)
        first, second = (page.locator(f"#{name}").bounding_box() for name in ("a-s3-t16", "b-s4-t13"))
        assert first is not None
        assert second is not None
        assert (second["x"] > first["x"] + first["width"] - 1) == beside
        assert (second["y"] > first["y"] + first["height"]) == (not beside)
        shown = page.locator(".y-pair:has(#a-s3-t16) .y-who").all_inner_texts()
        assert shown == ["浙江省2020年", "江干区2020年"]


def test_shared_wording_is_not_told_by_colour_alone(open_page: OpenPage) -> None:
    page = open_page(PAIR)
    shared = page.locator(".y-pair:has(#a-s3-t12) mark", has_text="卫生应急物资储备").first
    assert "underline" in shared.evaluate("element => getComputedStyle(element).textDecorationLine")


def test_the_whole_text_unfolds_without_scripts(open_page: OpenPage) -> None:
    page = open_page(PAIR, java_script_enabled=False)
    folded = page.locator("#a-s3-t16 ~ details").first
    assert not folded.locator("p").is_visible()
    folded.locator("summary").click()
    assert folded.locator("p").is_visible()


def test_the_index_lists_the_pair_and_leads_to_it(open_page: OpenPage) -> None:
    page = open_page("compare/")
    page.get_by_role("link", name="浙江省2020年与江干区2020年").click()
    page.wait_for_url(f"**/{PAIR}")
    assert "托位" in page.get_by_role("region", name="两份都有的指标").inner_text()

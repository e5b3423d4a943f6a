"""On paper: a whole notice or a single clause, A4, with its source and without the site's furniture."""

from __future__ import annotations

import io
import re
import unicodedata

from playwright.sync_api import Page
from pypdf import PdfReader

from browser.conftest import OpenPage

NOTICE = "notices/zhejiang-2020/"
FURNITURE = ("复制链接", "打印本条", "上一条", "显示标注", "按地区", "本页目录", "回到顶部")
TITLE = "《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号）"


#: Some fonts give these characters back as the radicals they look like; NFKC knows most others.
RADICALS = str.maketrans("⺟⺠⻅⻆⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻬⻮", "母民见角车长门青韦页风飞食马骨鱼鸟齐齿")


def flat(text: str) -> str:
    """Text without white space, each character in its usual form."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


def printed(page: Page) -> tuple[PdfReader, str]:
    """The page as a PDF, and its text, flat."""
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return reader, flat("".join(sheet.extract_text() for sheet in reader.pages))


def test_a_notice_is_printed_whole_on_a4_with_its_source(open_page: OpenPage) -> None:
    page = open_page(NOTICE, timezone_id="Asia/Shanghai")
    page.clock.set_fixed_time("2026-11-22T04:00:00Z")
    reader, text = printed(page)
    sheet = reader.pages[0].mediabox
    assert (round(float(sheet.width)), round(float(sheet.height))) == (595, 842)
    assert len(reader.pages) > 3
    assert "2020年全省卫生健康工作要点" in text
    for clause in ("加快整合型医疗卫生服务体系建设", "统筹做好相关重点工作", "落实离退休干部政治和生活待遇"):
        assert clause in text
    assert "#s2-t5" in text  # the ids, small, to cite by
    assert flat(TITLE) in text
    assert flat("打印日期：2026-11-22") in text
    assert [word for word in FURNITURE if word in text] == []


def test_folded_parts_are_open_on_paper_and_folded_again_on_screen(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    page.get_by_role("button", name="显示标注").click()
    _, text = printed(page)
    assert "SHA-256" in text
    assert "更多信息" not in text  # the word to unfold by
    assert "共同的词" in text
    assert page.locator("article details[open]").count() == 0


def test_a_single_clause_is_printed_with_title_number_issuer_address_and_day(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s1-t1")
    page.clock.set_fixed_time("2026-11-22T04:00:00Z")
    page.evaluate("window.print = () => {}")  # the dialog of the system; the paper is made below
    page.locator('[data-clause="s2-t4"]').get_by_role("button", name="打印本条").click()
    reader, text = printed(page)
    assert len(reader.pages) == 1
    assert flat("4.推动“最多跑一次”改革融入各领域各环节") in text
    assert "5.加快整合型" not in text
    assert "1.举全系统之力" not in text
    assert flat(f"{TITLE}第二部分第4项") in text
    assert flat("发文机关：浙江省卫生健康委") in text
    assert "notices/zhejiang-2020/#s2-t4" in text
    assert flat("打印日期：2026-11-22") in text
    assert [word for word in FURNITURE if word in text] == []


def test_after_a_single_clause_the_whole_notice_can_be_printed(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    page.evaluate("window.print = () => {}")
    page.locator('[data-clause="s2-t4"]').get_by_role("button", name="打印本条").click()
    printed(page)
    assert page.locator("html[data-y-print], .y-printed").count() == 0
    _, text = printed(page)
    assert "5.加快整合型" in text


def test_every_word_of_a_clause_is_on_paper(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    words = flat(page.locator("#s2-t5 + p").inner_text())
    _, text = printed(page)
    assert words in text


def test_a_large_print_or_dark_page_is_printed_black_on_white_at_the_size_of_paper(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    plain, _ = printed(page)
    page.get_by_role("button", name="大字", exact=True).click()
    page.get_by_role("button", name="深色", exact=True).click()
    large, _ = printed(page)
    assert len(large.pages) == len(plain.pages)
    page.emulate_media(media="print")
    assert page.locator("#s2-t5 + p").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"

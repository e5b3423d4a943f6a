"""Reading a notice: its clauses' tools, opening a clause, the reading bar, annotations on demand."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.axe import axe
from browser.conftest import NARROW, WIDE, OpenPage

NOTICE = "notices/zhejiang-2020/"
SIZES: dict[str, dict[str, Any]] = {"wide": WIDE, "narrow": NARROW}
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
each_size = pytest.mark.parametrize("size", SIZES)


def tool(page: Page, clause: str, name: str) -> Locator:
    """A button of a clause's tools."""
    return page.locator(f'[data-clause="{clause}"]').get_by_role("button", name=name, exact=True)


def copied(page: Page, words: str) -> str:
    """What the clipboard holds once the page has said so in `words`."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_attached()
    return str(page.evaluate("navigator.clipboard.readText()"))


def address(page: Page) -> str:
    """The page's permanent address: the canonical one where the site has one."""
    return str(
        page.evaluate("(document.querySelector('link[rel=canonical]') || location).href.split(/[?#]/)[0]"),
    )


# ---- a clause's tools


def test_a_clause_gives_its_link(open_page: OpenPage) -> None:
    page = open_page(NOTICE, **CLIPBOARD)
    tool(page, "s2-t5", "复制链接").click()
    assert copied(page, "已复制链接") == address(page) + "#s2-t5"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("公文写法", "《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号）第二部分第5项"),
        (
            "GB/T 7714-2025",
            "浙江省卫生健康委. 2020年全省卫生健康工作要点：浙卫发〔2020〕11号[EB/OL]. （2020-03-26）[{today}]. {address}#s2-t5.",
        ),
        (
            "GB/T 7714-2015",
            "浙江省卫生健康委. 2020年全省卫生健康工作要点：浙卫发〔2020〕11号[EB/OL]. (2020-03-26)[{today}]. {address}#s2-t5.",
        ),
    ],
)
def test_a_clause_gives_its_citation_in_three_forms(open_page: OpenPage, form: str, text: str) -> None:
    page = open_page(NOTICE, timezone_id="Asia/Shanghai", **CLIPBOARD)
    page.clock.set_fixed_time("2026-11-22T23:30:00Z")  # the 23rd in Shanghai
    tool(page, "s2-t5", "复制引文").click()
    box = page.get_by_role("dialog", name="引用第二部分第5项")
    wanted = text.format(today="2026-11-23", address=address(page))
    expect(box.get_by_text(wanted, exact=True)).to_be_visible()
    box.get_by_role("button", name=f"复制{form}的引文").click()
    assert copied(page, f"已复制{form}的引文") == wanted
    expect(box.get_by_role("status")).to_have_text(f"已复制{form}的引文。")


def test_with_an_item_opened_the_citation_names_the_item(open_page: OpenPage) -> None:
    page = open_page("notices/shanghai-baoshan-2023/#s2-t8-i3")
    tool(page, "s2-t8", "复制引文").click()
    box = page.get_by_role("dialog", name="引用第二部分第8项“三是”")
    expect(box.get_by_text("#s2-t8-i3.").first).to_be_visible()


def test_what_the_source_does_not_print_is_not_in_the_citation(open_page: OpenPage) -> None:
    page = open_page("notices/zhejiang-haining-2021/")
    tool(page, "s4-c9", "复制引文").click()
    named = "健康海宁建设工作领导小组办公室《2021年健康海宁建设工作要点》（2021年11月19日）第四部分第（九）项"
    expect(page.get_by_role("dialog").get_by_text(named, exact=True)).to_be_visible()


def test_a_clause_gives_its_text_with_its_source(open_page: OpenPage) -> None:
    page = open_page(NOTICE, **CLIPBOARD)
    tool(page, "s2-t4", "复制原文").click()
    lines = copied(page, "已复制原文和出处").split("\n")
    assert lines[0].startswith("4.推动“最多跑一次”改革融入各领域各环节")
    assert len(lines) == 4  # heading, two paragraphs, source
    assert "#" not in "".join(lines[:3])
    named = "《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号）第二部分第4项"
    assert lines[3] == f"{named}，{address(page)}#s2-t4"


def test_copying_works_where_the_browser_refuses_the_clipboard_to_insecure_pages(open_page: OpenPage) -> None:
    """On an intranet without https there is no clipboard interface; the older way steps in."""
    page = open_page(NOTICE, **CLIPBOARD)
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    tool(page, "s2-t5", "复制引文").click()
    page.get_by_role("button", name="复制公文写法的引文").click()
    assert copied(page, "已复制公文写法的引文").endswith("第二部分第5项")


def test_an_error_is_reported_with_the_clause_named_and_nothing_is_sent(open_page: OpenPage) -> None:
    page = open_page(NOTICE, **CLIPBOARD)
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    tool(page, "s2-t5", "报告错误").click()
    box = page.get_by_role("dialog", name="报告第二部分第5项的错误")
    area = box.get_by_role("textbox")
    expect(area).to_be_focused()
    page.keyboard.type("80%左右")
    text = area.input_value()
    assert "编号：zhejiang-2020#s2-t5" in text
    assert f"网址：{address(page)}#s2-t5" in text
    assert "现在的文字：5.加快整合型医疗卫生服务体系建设" in text
    assert "应当是：80%左右\n依据：" in text
    box.get_by_role("button", name="复制", exact=True).click()
    assert copied(page, "已复制这段话") == text
    assert requests == []


def test_where_the_site_has_an_address_for_errors_the_report_goes_there(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    page.evaluate(
        """() => { for (const [name, content] of [["issues", "https://git.example/yaodian/issues/"], ["mail", "editor@yaodian.example"]]) {
          const meta = document.querySelector(`meta[name="yaodian-${name}"]`) || document.head.appendChild(document.createElement("meta"));
          meta.name = `yaodian-${name}`; meta.content = content; } }"""
    )
    tool(page, "s2-t5", "报告错误").click()
    page.keyboard.type("甲&乙#丙")
    box = page.get_by_role("dialog")
    issue = urlsplit(str(box.get_by_role("link", name="到问题页提交").get_attribute("href")))
    assert (issue.netloc, issue.path) == ("git.example", "/yaodian/issues/new")
    asked = parse_qs(issue.query)
    assert asked["title"] == ["错误：zhejiang-2020#s2-t5"]
    assert "应当是：甲&乙#丙" in asked["body"][0]
    mail = urlsplit(str(box.get_by_role("link", name="写邮件").get_attribute("href")))
    assert (mail.scheme, mail.path) == ("mailto", "editor@yaodian.example")
    assert "应当是：甲&乙#丙" in parse_qs(mail.query)["body"][0]


def test_the_sign_behind_a_paragraph_leads_there_and_copies_its_link(open_page: OpenPage) -> None:
    page = open_page(NOTICE, **CLIPBOARD)
    page.locator("#s2-t4-p2 .headerlink").click()
    assert copied(page, "已复制链接") == address(page) + "#s2-t4-p2"
    assert page.url.endswith("#s2-t4-p2")


@each_size
def test_tools_are_in_sight_and_large_enough_for_a_finger(open_page: OpenPage, size: str) -> None:
    page = open_page(NOTICE + "#s1-t1", **SIZES[size])
    tools = page.locator('[data-clause="s1-t1"] > *')
    expect(tools).to_have_text(["复制链接", "复制引文", "复制原文", "对照原文", "报告错误", "打印本条"])
    for box in tools.all():
        place = box.bounding_box()
        assert place is not None
        assert place["height"] >= 44
        assert place["width"] >= 44


def test_a_clause_leads_to_its_line_of_the_received_text(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    page.locator('[data-clause="s2-t5"]').get_by_role("link", name="对照原文").click()
    page.wait_for_url("**/source/#L*")
    line = page.locator(":target")
    expect(line).to_contain_text("加快整合型医疗卫生服务体系建设")


def test_without_scripts_the_link_to_the_received_text_is_the_only_tool(open_page: OpenPage) -> None:
    page = open_page(NOTICE, java_script_enabled=False)
    expect(page.locator('[data-clause="s2-t5"]').get_by_role("link", name="对照原文")).to_be_visible()
    expect(page.get_by_role("button", name="显示标注")).to_have_count(0)
    assert page.locator("a.y-term[href]").count() > 0
    expect(page.locator("ul.y-chips").first).to_be_visible()


# ---- opening a clause


def landed(page: Page) -> list[str]:
    """The first characters of each part that is highlighted as the clause that was opened."""
    texts = page.locator(".y-landed").all_inner_texts()
    return [text.strip()[:6] for text in texts]


def test_the_whole_clause_is_highlighted(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s2-t4")
    expect(page.locator(".y-landed")).to_have_count(3)
    assert landed(page)[0] == "4.推动“最"
    expect(page.locator("#s2-t4")).to_be_in_viewport()
    colours = page.locator(".y-landed").evaluate_all(
        "all => new Set(all.map(e => getComputedStyle(e).backgroundColor)).size"
    )
    assert colours == 1


def test_without_scripts_the_opened_heading_is_highlighted(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s2-t4", java_script_enabled=False)
    assert page.locator(":target").get_attribute("id") == "s2-t4"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_short_form_explains_itself_and_opens_the_clause(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(NOTICE + "#t5", java_script_enabled=scripts)
    assert "是短写法，指的就是这一条" in page.locator("#t5").evaluate("e => getComputedStyle(e, '::before').content")
    expect(page.locator("#s2-t5")).to_be_in_viewport()
    if scripts:
        assert landed(page)[0].startswith("5.加快")


def test_what_stood_at_a_lost_address_is_said_there(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s9-t99")
    expect(page.locator("#s9-t99")).to_be_in_viewport()
    expect(page.locator("#s9-t99")).to_contain_text("推广已经没有人记得的做法")


@each_size
def test_an_address_that_never_was_is_told_and_the_outline_offered(open_page: OpenPage, size: str) -> None:
    page = open_page(NOTICE + "#s8-t77", **SIZES[size])
    box = page.get_by_role("dialog", name="目录")
    expect(box).to_contain_text("这份通知里没有编号 s8-t77。")
    box.get_by_role("link", name="5.加快整合型医疗卫生服务体系建设").click()
    expect(box).to_be_hidden()
    expect(page.locator("#s2-t5")).to_be_in_viewport()


def test_a_full_stop_copied_along_with_the_address_does_no_harm(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s2-t5.")
    page.wait_for_url("**#s2-t5")
    assert landed(page)[0].startswith("5.加快")


@pytest.mark.parametrize("modern", [True, False])
def test_words_searched_for_are_marked_until_the_reader_has_seen_them(open_page: OpenPage, modern: bool) -> None:
    """Across annotations too; browsers without the highlight interface get <mark>."""
    page = open_page("about/")
    if not modern:
        page.add_init_script("delete window.Highlight")
    words = "&".join(f"h={quote(word)}" for word in ("医共体", "１＋１１"))
    page.goto(page.url.replace("about/", f"{NOTICE}?{words}#s2-t5"))
    found = (
        page.evaluate("[...CSS.highlights.get('y-found')].map(String)")
        if modern
        else page.locator("mark.y-found").all_inner_texts()
    )
    assert {"医共体", "1+11"} <= set(found)
    text = page.locator("#s2-t5 + p").inner_text()
    page.get_by_role("button", name="取消标记").click()
    assert page.locator("mark.y-found").count() == 0
    assert page.evaluate("!window.CSS.highlights.has('y-found')")
    assert page.locator("#s2-t5 + p").inner_text() == text
    assert "?" not in page.url
    assert page.url.endswith("#s2-t5")


# ---- the reading bar


def test_the_bar_says_where_the_reader_is_and_leads_on(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s1-t3")
    bar = page.get_by_role("navigation", name="阅读")
    expect(bar).to_contain_text("› 3.健全完善重大疫情防控体制机制")
    bar.get_by_role("button", name="下一条").click()
    page.wait_for_url("**#s2-t4")  # the heading of part 2 has no text of its own
    expect(bar).to_contain_text("› 4.推动“最多跑一次”改革融入各领域各环节")
    expect(page.locator(".md-nav__link--active")).to_contain_text("4.推动")
    bar.get_by_role("button", name="上一条").click()
    page.wait_for_url("**#s1-t3")
    expect(page.get_by_role("status").filter(has_text="3.健全完善")).to_be_attached()


def test_stepping_by_keyboard_keeps_the_focus_and_reaches_the_last_clause(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s4-t23")
    button = page.get_by_role("button", name="下一条")
    button.focus()
    for clause in ("s4-t24", "s4-t25", "s4-t26"):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#{clause}")
        expect(page.locator(".y-bar :focus")).to_have_count(1)
    expect(button).to_be_disabled()
    expect(page.get_by_role("navigation", name="阅读")).to_contain_text("26.")


@each_size
def test_the_outline_marks_the_place_and_gives_the_focus_back(open_page: OpenPage, size: str) -> None:
    page = open_page(NOTICE + "#s2-t5", **SIZES[size])
    opener = page.get_by_role("button", name="目录", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="目录")
    expect(box.locator("[aria-current]")).to_contain_text("5.加快")
    expect(box.locator("[aria-current]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(opener).to_be_focused()


@each_size
def test_the_bar_covers_neither_the_end_of_the_page_nor_what_has_the_focus(open_page: OpenPage, size: str) -> None:
    page = open_page(NOTICE, **SIZES[size])
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    top = page.locator(".y-bar").evaluate("e => e.getBoundingClientRect().top")
    assert page.locator(".md-footer-meta").evaluate("e => e.getBoundingClientRect().bottom") <= top + 1


# ---- annotations on demand


def test_the_page_is_clean_text_until_annotations_are_asked_for(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    term = page.locator("#s2-t5 + p a.y-term").first
    expect(page.locator("ul.y-chips").first).to_be_hidden()
    assert term.evaluate("e => [e.hasAttribute('href'), getComputedStyle(e).textDecorationLine]") == [False, "none"]
    page.get_by_role("button", name="显示标注").click()
    expect(page.locator("ul.y-chips").first).to_be_visible()
    assert term.evaluate("e => [e.hasAttribute('href'), getComputedStyle(e).textDecorationLine]") == [True, "underline"]
    expect(page.get_by_role("status").filter(has_text="已显示标注")).to_be_attached()


def test_the_choice_stays_from_page_to_page_and_is_there_before_anything_is_drawn(open_page: OpenPage) -> None:
    page = open_page(NOTICE)
    page.get_by_role("navigation", name="阅读").get_by_role("button", name="标注").click()
    page.goto(page.url.replace("zhejiang-2020", "shanghai-baoshan-2023"))
    expect(page.locator("html")).to_have_attribute("data-y-marks", "on")
    for button in page.locator("[aria-pressed]").filter(has_text="标注").all():
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("ul.y-chips").first).to_be_visible()


def test_switching_leaves_the_reader_at_the_same_words(open_page: OpenPage) -> None:
    page = open_page(NOTICE + "#s3-t14")
    place = "e => Math.round(e.getBoundingClientRect().top)"
    before = page.locator("#s3-t14").evaluate(place)
    page.get_by_role("navigation", name="阅读").get_by_role("button", name="标注").click()
    assert abs(page.locator("#s3-t14").evaluate(place) - before) <= 2


@each_size
def test_axe_finds_nothing_wrong_with_a_dialog_open(open_page: OpenPage, size: str) -> None:
    page = open_page(NOTICE + "#t5", **SIZES[size])
    tool(page, "s2-t5", "复制引文").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    tool(page, "s2-t5", "报告错误").click()
    assert axe(page) == []


@pytest.mark.parametrize("anchor", ["", "#s2-t5", "#t5", "#s2-t4-p2"])
@pytest.mark.parametrize("marks", ["", "on"])
@each_size
def test_nothing_moves_once_it_is_drawn(open_page: OpenPage, anchor: str, marks: str, size: str) -> None:
    page = open_page("about/", **SIZES[size])
    page.evaluate("marks => localStorage.setItem('yaodian.marks', marks)", marks)
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => list.getEntries().forEach((e) => shifts.push(e.value)))
          .observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(page.url.replace("about/", NOTICE + anchor))
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert sum(page.evaluate("shifts")) < 0.001

"""The offline copy: unpacked, opened from a folder, no network, and everything that matters works."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from notices.publish.offline import FOLDER, make_offline
from playwright.sync_api import Page, expect

from browser.conftest import NARROW, OpenPage

NOTICE = 'main a[href^="notices/"]:visible'


@pytest.fixture(scope="module")
def folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the copy was unpacked; the name has a space and Chinese in it, as such folders do."""
    place = tmp_path_factory.mktemp("下载 的文件")
    with zipfile.ZipFile(make_offline(site, place / "a.zip")) as archive:
        archive.extractall(place)
    return place / FOLDER


@pytest.fixture
def home(open_page: OpenPage, folder: Path) -> Page:
    """The copy's first page, on a machine with no network."""
    return open_page((folder / "index.html").as_uri(), offline=True)


def asked(page: Page) -> list[str]:
    """Every address that the page asks for from now on."""
    found: list[str] = []
    page.context.on("request", lambda request: found.append(request.url))
    return found


def test_one_clicks_from_the_first_page_to_a_notice_and_back(home: Page) -> None:
    requests = asked(home)
    home.locator(NOTICE).first.click()
    home.wait_for_url(re.compile(r"/notices/[^/]+/index\.html"))
    home.locator('main a[href*="source/"]').first.click()
    home.wait_for_url(re.compile(r"/notices/[^/]+/source/index\.html"))
    home.locator('header a[href$="index.html"]').first.click()
    expect(home.locator(NOTICE).first).to_be_visible()
    assert requests
    assert [url for url in requests if not url.startswith("file:")] == []


def test_the_search_finds_and_opens_a_clause(home: Page) -> None:
    requests = asked(home)
    box = home.locator('header input[name="q"]')
    box.fill("医共体")
    box.press("Enter")
    home.wait_for_url(re.compile(r"/search/index\.html\?q="))
    hit = home.locator('main a[href*="notices/zhejiang-2020/"][href*="#s2-t5"]').first
    hit.click()
    home.wait_for_url(re.compile(r"/notices/zhejiang-2020/index\.html\?.*#s2-t5$"))
    expect(home.locator("#s2-t5")).to_be_in_viewport()
    assert [url for url in requests if not url.startswith("file:")] == []


def test_every_page_of_the_copy_opens_without_an_error(open_page: OpenPage, folder: Path) -> None:
    """Each type once: what is blocked or missing is an error, and that fails the test."""
    page = open_page((folder / "index.html").as_uri(), offline=True)
    for path in sorted(folder.glob("*/index.html")):
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        assert page.locator("html.js").count() == 1, path


def test_it_works_on_a_phone(open_page: OpenPage, folder: Path) -> None:
    page = open_page((folder / "notices/zhejiang-2020/index.html").as_uri(), offline=True, **NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_large_print_stays_on_every_page_where_the_browser_keeps_it(home: Page) -> None:
    home.evaluate("yaodian.set('size', 'large')")
    home.locator(NOTICE).first.click()
    home.wait_for_url(re.compile("/notices/"))
    expect(home.locator("html")).to_have_attribute("data-y-size", "large")


def test_no_page_names_a_feed_or_asks_a_server(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "atom+xml" not in text
        assert not re.search(
            r"""<(?:script|img|link)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//""",
            re.sub(r"<link[^>]*canonical[^>]*>", "", text),
        )

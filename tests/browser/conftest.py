"""Fixtures for tests in a real browser.  A page that logs an error or asks for anything from elsewhere fails its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from browser import install
from browser.server import serving

WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
NARROW: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url(site: Path) -> Iterator[str]:
    """Where the site is served: http://127.0.0.1:<port>/sub/path/."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """launch(*arguments) → the system's Chromium.  Without one the tests fail, and say what to do."""
    path = install.find()
    if path is None:
        pytest.fail(install.ADVICE, pytrace=False)
    with sync_playwright() as playwright:
        launched: list[Browser] = []

        def chromium(*arguments: str) -> Browser:
            options = ["--no-sandbox", "--disable-gpu", *arguments]
            launched.append(playwright.chromium.launch(executable_path=path, args=options))
            return launched[-1]

        yield chromium
        for one in launched:
            one.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    """A browser as most readers have it."""
    return launch()


@pytest.fixture(scope="session")
def large_type(launch: Callable[..., Browser]) -> Browser:
    """The browser of a reader who has set text to 250 % in its settings: 40 px where others have 16."""
    return launch("--blink-settings=defaultFontSize=40")


class Watch:
    """What went wrong in the pages of one test."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.faults: list[str] = []
        self.missing: set[str] = set()  # addresses that are meant to be answered with 404

    def over(self, page: Page) -> None:
        """Watch this page from now on."""
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"出错：{error}"))
        page.on("request", self.request)
        page.on("requestfailed", self.failed)
        page.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"] not in self.missing:
            self.faults.append(f"控制台：{message.text} @ {message.location['url']}")

    def request(self, request: Request) -> None:
        local = request.frame.page.url.startswith("file:") or request.is_navigation_request()
        allowed = ("data:", "blob:", "about:", self.base_url, *(("file:",) if local else ()))
        if not request.url.startswith(allowed):
            self.faults.append(f"请求了别处：{request.url}")

    def failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left the page, or a download began
            self.faults.append(f"请求失败：{request.url} {request.failure}")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self.missing:
            self.faults.append(f"回答 {response.status}：{response.url}")


@pytest.fixture
def watch(base_url: str) -> Iterator[Watch]:
    """Collects faults; any that is left at the end fails the test."""
    made = Watch(base_url)
    yield made
    assert made.faults == []


@pytest.fixture
def open_page(browser: Browser, base_url: str, watch: Watch) -> Iterator[OpenPage]:
    """open_page(path, missing=False, inside=browser, **options) → a page at `path` of the site or at a full address.

    It has a context (cookies, storage) of its own.  `missing` expects the 404 page; `inside` is another browser;
    `options` are those of a Playwright context, 1280 × 800 unless told.
    """
    contexts = []

    def opened(path: str = "", missing: bool = False, inside: Browser = browser, **options: Any) -> Page:
        context = inside.new_context(**{"locale": "zh-CN", **WIDE, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        address = path if "://" in path else base_url + path
        if missing:
            watch.missing.add(address)
        context.on("page", watch.over)  # this one, and any tab that it opens
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The home page on a screen of 1280 × 800."""
    return open_page()


@pytest.fixture
def narrow(open_page: OpenPage) -> Page:
    """The home page on a phone of 390 × 844."""
    return open_page(**NARROW)


@pytest.fixture(scope="session")
def large_print(browser: Browser, base_url: str) -> dict[str, Any]:
    """What the browser has stored once its reader has pressed 大字: a context option `storage_state`."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(base_url)
    page.get_by_role("button", name="大字", exact=True).click()
    stored: dict[str, Any] = dict(context.storage_state())
    context.close()
    return stored

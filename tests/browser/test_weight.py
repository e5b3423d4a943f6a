"""What a page costs: bytes over the wire (gzip), requests, fonts, scripts, and text that jumps about."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, Request

from browser.conftest import NARROW, WIDE, OpenPage
from browser.kinds import Kind, each_kind

SIZES: dict[str, dict[str, Any]] = {"wide": WIDE, "narrow": NARROW}
NOTICES = [
    "zhejiang-2020",
    "zhejiang-haining-2021",
    "shanghai-baoshan-2023",
    "shandong-huantai-2019",
    "zhejiang-jianggan-2020",
]
KB = 1024
_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


class Cost(NamedTuple):
    """Of one page load: requests, bytes in all, bytes of scripts, number of fonts."""

    requests: int
    total: int
    scripts: int
    fonts: int


def cost(page: Page) -> Cost:
    """What it takes to load the page that is open, once more, from an empty cache."""
    seen: list[Request] = []
    page.on("requestfinished", lambda request: seen.append(request))
    page.reload(wait_until="networkidle")
    sizes = [(request.resource_type, request.sizes()["responseBodySize"]) for request in seen]
    return Cost(
        len(sizes),
        sum(size for _, size in sizes),
        sum(size for kind, size in sizes if kind == "script"),
        sum(kind == "font" for kind, _ in sizes),
    )


@pytest.mark.parametrize("identity", NOTICES)
def test_a_notice_page_is_light(open_page: OpenPage, identity: str) -> None:
    found = cost(open_page(f"notices/{identity}/"))
    assert found.total <= 100 * KB, found
    assert found.scripts <= 60 * KB, found
    assert found.fonts == 0, found
    assert found.requests <= 15, found


@each_kind
def test_a_page_loads_no_font_and_few_scripts(open_page: OpenPage, kind: Kind) -> None:
    found = cost(kind.open(open_page))
    assert found.fonts == 0, found
    assert found.scripts <= (150 if kind.name == "search" else 60) * KB, found


@each_kind
@pytest.mark.parametrize("size", SIZES)
def test_nothing_jumps_while_a_page_loads(open_page: OpenPage, kind: Kind, size: str) -> None:
    """Not exactly nothing: on a busy machine the header may be painted before its last button has arrived (0.011)."""
    page = kind.open(open_page, **SIZES[size])
    assert page.evaluate(_SHIFT) < 0.02

"""WCAG 2.2 AA by axe-core on every page type: wide and narrow, light and dark, large print."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.axe import axe, thin
from browser.conftest import NARROW, WIDE, OpenPage
from browser.kinds import Kind, each_kind


@each_kind
def test_axe_finds_nothing_wrong_on_a_wide_screen(open_page: OpenPage, kind: Kind) -> None:
    assert faults(kind.open(open_page, **WIDE, reduced_motion="reduce")) == []


@each_kind
def test_axe_finds_nothing_wrong_on_a_phone_with_every_fold_open(open_page: OpenPage, kind: Kind) -> None:
    page = kind.open(open_page, **NARROW, reduced_motion="reduce")
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    """What axe says of the page in light colours, and of the colours in the dark; nothing else changes with them.

    Opened with reduced motion: colours that are still changing would be measured half-way.
    """
    thin(page)
    light = axe(page)
    page.emulate_media(color_scheme="dark")
    return light + [f"深色 {fault}" for fault in axe(page, "color-contrast", "link-in-text-block")]


@each_kind
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_7_to_1_in_large_print(
    open_page: OpenPage, large_print: dict[str, Any], kind: Kind, scheme: str
) -> None:
    page = kind.open(open_page, **NARROW, storage_state=large_print, color_scheme=scheme)
    thin(page)
    rest = ("target-size", "scrollable-region-focusable") if scheme == "light" else ()  # what else size can change
    assert axe(page, "color-contrast-enhanced", *rest) == []

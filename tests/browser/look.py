"""Questions to a page that the tests put with look.js."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).with_name("look.js").read_text("utf-8")


def look(page: Page, question: str, *arguments: Any) -> Any:
    """What `look.<question>(…arguments)` of look.js says of the page as it stands."""
    if not page.evaluate("() => typeof window.look === 'object'"):
        page.evaluate(SOURCE + ";undefined")
    return page.evaluate("([question, values]) => window.look[question](...values)", [question, list(arguments)])

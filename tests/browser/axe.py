"""axe-core over a page: what it finds wrong, in lines that a person can act on."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """(options) => axe.run(document, options).then((r) => r.violations.map((v) => ({
  id: v.id, help: v.help,
  nodes: v.nodes.map((n) => ({ target: n.target.join(" "), why: n.any.concat(n.all, n.none).map((c) => c.message).join("; ") }))
})))"""

_THIN = """(most) => {
  for (const parent of document.querySelectorAll("tbody, ul, ol, dl, main, article, main div, main section")) {
    const counts = new Map();
    for (const child of [...parent.children]) {
      const like = child.localName + " " + child.className;
      counts.set(like, (counts.get(like) || 0) + 1);
      if (counts.get(like) > most) child.remove();
    }
  }
}"""


@cache
def source() -> str:
    """axe-core's own script, as it comes with axe-playwright-python."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def axe(page: Page, *rules: str) -> list[str]:
    """The violations on the page as it stands, one line an element; only of `rules` where some are named."""
    load(page)
    only: dict[str, Any] = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(TAGS)}
    found = page.evaluate(_RUN, {"runOnly": only, "resultTypes": ["violations"]})
    return [f"{v['id']}: {n['target']} – {n['why'] or v['help']}" for v in found for n in v["nodes"]]


def thin(page: Page, most: int = 12) -> None:
    """Leave the first `most` of rows, list entries and other like siblings that only repeat one another.

    axe's time grows faster than the page: a list of 500 terms takes it half a minute and shows nothing that 12 do not.
    """
    page.evaluate(_THIN, most)


def load(page: Page) -> None:
    """Put axe-core into the page once.  Through the debugger, since the page's own policy forbids evaluating strings."""
    if page.evaluate("() => typeof window.axe === 'object'"):
        return
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source() + ";undefined", "allowUnsafeEvalBlockedByCSP": True})
    session.detach()

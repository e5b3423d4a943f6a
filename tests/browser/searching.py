"""What the tests of the search page share: the queries, the truth about them, and one way to put a query."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, expect
from support import ROOT

QUERIES = tomllib.loads((ROOT / "tests" / "search" / "queries.toml").read_text("utf-8"))
PLAIN = [query for name, group in QUERIES.items() if name != "traditional" for query in group]
TRADITIONAL = {pair["query"]: pair["plain"] for pair in QUERIES["traditional"]}
ALL = [*PLAIN, *TRADITIONAL]
ALIKE = {
    "〔": "[",
    "〕": "]",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "“": '"',
    "”": '"',
    "—": "-",
    "～": "-",
    "~": "-",
}
Address = tuple[str, str]  # notice id, anchor


def alike(text: str) -> str:
    """Width, case, brackets, quotes and dashes as one; written for these tests, apart from the page's own folding."""
    text = "".join(ALIKE.get(char, char) for char in text)
    return "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text).lower()


@cache
def clauses(site: Path) -> dict[Address, str]:
    """The text of every clause of the site."""
    notices = [json.loads(path.read_text("utf-8")) for path in sorted((site / "data" / "notices").glob("*.json"))]
    return {
        (notice["id"], clause["anchor"]): alike(clause["text"]) for notice in notices for clause in notice["clauses"]
    }


def truth(site: Path, query: str) -> set[Address]:
    """The clauses in which every word of the query stands."""
    words = alike(query).split()
    return {address for address, text in clauses(site).items() if all(word in text for word in words)}


_MORE = """([lines, buttons]) => document.querySelectorAll(".ys-results li").length > lines
  || document.querySelectorAll(".ys-results .ys-button").length < buttons"""


class Found(NamedTuple):
    """What the page shows for a query, in its order, and the address of the first."""

    clauses: list[Address]
    first: str


def ask(page: Page, query: str) -> Found:
    """Put the query, open all that is folded, and read the clauses that hold every word."""
    submit(page, query)
    for _ in range(100):
        more = page.locator(".ys-results .ys-button:visible")
        if more.count() == 0:
            break
        before = [page.locator(".ys-results li").count(), more.count()]
        more.first.click()  # the notices it looks through may hold nothing after all; then the button goes away
        page.wait_for_function(_MORE, arg=before)
    hits = page.locator("[data-group=together] li[data-anchor]")
    shown = hits.evaluate_all("all => all.map(one => [one.dataset.notice, one.dataset.anchor])")
    return Found(
        [(one[0], one[1]) for one in shown], hits.locator("a").first.get_attribute("href") or "" if shown else ""
    )


def submit(page: Page, query: str) -> None:
    """Type over what is there and press Enter; returns when the answer is there.  The same query is not put twice."""
    box = page.locator("#ys-q")
    if box.input_value() == query:
        return
    page.evaluate("document.querySelector('.ys-status').textContent = ''")
    box.fill(query)
    box.press("Enter")
    expect(page.locator(".ys-status")).not_to_be_empty()


def status(page: Page) -> str:
    """What the page says of the query it was put."""
    return page.locator(".ys-status").inner_text()


def hits(page: Page) -> list[str]:
    """The anchors of all clauses shown, in their order."""
    shown: list[str] = page.locator(".ys-results li[data-anchor]").evaluate_all(
        "all => all.map(one => one.dataset.anchor)"
    )
    return shown

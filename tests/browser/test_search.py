"""The queries of tests/search/queries.toml against the built site: what is found is right, all of it, and opens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.conftest import OpenPage
from browser.searching import ALL, PLAIN, TRADITIONAL, Found, ask, truth


@pytest.fixture(scope="module")
def answers(browser: Browser, base_url: str) -> dict[str, Found]:
    """What the page finds for every query, put one after the other."""
    page = browser.new_page()
    page.goto(f"{base_url}search/")
    found = {query: ask(page, query) for query in ALL}
    page.close()
    return found


def test_there_are_sixty_queries_and_each_has_an_answer(site: Path) -> None:
    assert len(set(ALL)) >= 60
    assert [query for query in PLAIN if not truth(site, query)] == []
    assert [query for query, plain in TRADITIONAL.items() if truth(site, query) or not truth(site, plain)] == []


def test_every_query_finds_every_clause_that_holds_it_and_no_other(site: Path, answers: dict[str, Found]) -> None:
    """Precision, recall and first hit are all 1.00; a recall of .98 would do."""
    wrong = {}
    for query in ALL:
        found, right = set(answers[query].clauses), truth(site, TRADITIONAL.get(query, query))
        if found != right:
            wrong[query] = {"too much": found - right, "missing": right - found}
    assert wrong == {}


def test_the_first_hit_of_every_query_opens_the_clause_itself(
    site: Path, open_page: OpenPage, answers: dict[str, Found]
) -> None:
    page = open_page("search/")
    for query, found in answers.items():
        notice, anchor = found.clauses[0]
        page.goto(found.first)
        assert re.search(rf"/notices/{notice}/\?h=[^#]+#{anchor}$", page.url), query
        at = page.evaluate(
            "id => { const e = document.getElementById(id); return e && e.getBoundingClientRect().top }", anchor
        )
        assert at is not None, query
        assert -1 <= at < 800, f"{query}：打开时没有停在这一条"

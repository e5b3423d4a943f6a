"""The site under its own strict policy: everything works, and nothing that it forbids runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from notices.publish.gate.files import Own
from notices.publish.headers import TARGET
from notices.publish.looked import look
from notices.publish.redirects import Move, write_moved
from playwright.sync_api import Browser, Page, expect
from support import ROOT

from browser.conftest import OpenPage
from browser.kinds import Kind, each_kind
from browser.server import PREFIX, serving

#: What a page may try; each says whether it was let.
TRIES = {
    "inline script": """() => {
        const one = document.createElement("script");
        one.textContent = "window.ran = true";
        document.body.append(one);
        return window.ran === true;
    }""",
    "eval": """() => new Promise((done) => setTimeout(() => {
        try { done(new Function("return true")()); } catch (error) { done(false); }
    }))""",  # in a task of its own: what a debugger evaluates may evaluate
    "style attribute": """() => {
        document.body.setAttribute("style", "color: rgb(1, 2, 3)");
        return getComputedStyle(document.body).color === "rgb(1, 2, 3)";
    }""",
    "foreign image": """() => new Promise((done) => {
        document.addEventListener("securitypolicyviolation", () => done(false));
        const one = new Image();
        one.onload = () => done(true);
        one.src = "http://127.0.0.1:1/x.png";
    })""",
    "foreign request": "() => fetch('http://127.0.0.1:1/', { mode: 'no-cors' }).then(() => true, () => false)",
    "base": """() => {
        const one = document.createElement("base");
        one.href = "https://other.example/";
        document.head.prepend(one);
        return document.baseURI.startsWith("https://other.example/");
    }""",
}
WASM = "() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => true, () => false)"


@each_kind
def test_every_page_works_under_the_policy(open_page: OpenPage, kind: Kind) -> None:
    """A blocked script, style or request is an error on the console, and that fails the test."""
    page = kind.open(open_page)
    page.wait_for_load_state("networkidle")
    assert page.locator('meta[http-equiv="Content-Security-Policy"]').count() == 1


def test_the_server_repeats_the_policy(open_page: OpenPage, base_url: str) -> None:
    page = open_page()
    plain = page.request.get(f"{base_url}places/").headers["content-security-policy"]
    search = page.request.get(f"{base_url}search/").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in plain
    assert "wasm" not in plain
    assert "'wasm-unsafe-eval'" in search


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page that may log errors: these tests provoke them."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("what", TRIES)
def test_what_the_policy_forbids_does_not_run(bare: Page, base_url: str, what: str) -> None:
    bare.goto(f"{base_url}notices/zhejiang-2020/")
    assert bare.evaluate(TRIES[what]) is False


def test_web_assembly_runs_on_the_search_page_alone(bare: Page, base_url: str) -> None:
    bare.goto(f"{base_url}search/")
    assert bare.evaluate(WASM) is True
    bare.goto(base_url)
    assert bare.evaluate(WASM) is False


def test_the_pages_bring_their_policy_to_a_host_that_sets_no_headers(bare: Page, site: Path, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("notices", "data", "topics"))
    (copy / TARGET).unlink()
    with serving(copy) as address:
        answer = bare.goto(address)
        assert answer is not None
        assert "content-security-policy" not in answer.headers
        assert bare.evaluate(TRIES["inline script"]) is False
        assert bare.evaluate(WASM) is False
        bare.goto(f"{address}search/")
        assert bare.evaluate(WASM) is True


# --- the 404 page ---------------------------------------------------------------------------------------------------

LOST = ("nothing", "nothing/", "notices/nothing/", "notices/zhejiang-2020/nothing", "data/notices/none.json")


@pytest.mark.parametrize("path", LOST)
def test_the_404_page_leads_home_from_any_depth(open_page: OpenPage, base_url: str, path: str) -> None:
    leads_home(open_page(path, missing=True), base_url)


def test_the_404_page_asks_the_search(open_page: OpenPage, base_url: str) -> None:
    page = open_page("notices/nothing/", missing=True)
    page.get_by_role("searchbox").fill("医共体")
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{base_url}search/?q=%E5%8C%BB%E5%85%B1%E4%BD%93")


@pytest.mark.parametrize("path", LOST)
def test_without_an_address_the_404_page_finds_the_root_itself(
    bare: Page, site: Path, tmp_path: Path, path: str
) -> None:
    """As the generator renders it where site_url is empty; under a path, with its policy."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "theme"))
    pages = [SimpleNamespace(url=f"{p.parent.relative_to(site).as_posix()}/") for p in site.rglob("index.html")]
    config = {"site_url": "", "site_name": "要点", "extra": {}}
    (tmp_path / "404.html").write_text(
        env.get_template("404.html").render(config=config, base_url="/", pages=pages), "utf-8"
    )
    seal(tmp_path)
    faults: list[str] = []
    bare.on("console", lambda message: faults.append(message.text) if "Policy" in message.text else None)
    with serving(tmp_path) as address:
        bare.goto(address + path)
        leads_home(bare, address)
    assert faults == []


def seal(site: Path) -> None:
    """Write each page's policy into it."""
    own = Own(frozenset(), frozenset())
    assert [page.unsealed for page in look(site, own).values() if page.unsealed] == []


def leads_home(page: Page, root: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这个页面")
    links = page.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert set(links) == {root, f"{root}places/", f"{root}years/", f"{root}topics/"}
    assert page.locator("form").evaluate("form => form.action") == f"{root}search/"
    assert page.locator("body").evaluate("body => getComputedStyle(body).maxWidth") != "none", "its style applies"
    small = page.locator("a, input, button").evaluate_all("all => all.filter((one) => one.offsetHeight < 44).length")
    assert small == 0


# --- pages that moved -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("new", "lands"), [("places/", "places/#x"), ("places/#own", "places/#own")])
def test_an_old_address_leads_on_and_keeps_the_anchor(bare: Page, tmp_path: Path, new: str, lands: str) -> None:
    site = tmp_path / "site"
    (site / "places").mkdir(parents=True)
    (site / "places/index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>x</title><h1 id="x">到了</h1>', "utf-8"
    )
    shutil.copytree(ROOT / "docs/assets", site / "assets")
    write_moved(site, (Move("old/regions/", new, "换了网址"),), "要点", "")
    seal(site)
    with serving(site) as address:
        bare.goto(f"{address}old/regions/#x")
        expect(bare).to_have_url(address + lands)
        bare.go_back()  # the old address is not in the history: one step back is where the reader came from
        expect(bare).to_have_url("about:blank")


def test_an_old_address_is_a_plain_link_without_scripts(browser: Browser, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs/assets", tmp_path / "assets")
    write_moved(tmp_path, (Move("old/", "assets/", "换了网址"),), "要点", "")
    context = browser.new_context(java_script_enabled=False)
    with serving(tmp_path) as address:
        page = context.new_page()
        page.goto(f"{address}old/")
        expect(page.get_by_role("heading", level=1)).to_have_text("这一页换了网址")
        assert page.get_by_role("link").get_attribute("href") == "../assets/"
        assert PREFIX in page.url
    context.close()

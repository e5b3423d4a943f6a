"""Every hostile string, in five contexts and three formats, through the real site build: 0 escapes.

As text, as HTML that is escaped and as raw HTML; in headings, paragraphs, items, quotes and table cells; besides in
<title>, <meta>, the fields of a notice, its sidecar and its file name.  Where ../shared is absent our own list is used.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import hostile_notices
import pytest
from browser import conftest as browser_fixtures
from browser.server import serving
from lxml import etree, html
from playwright.sync_api import Page, expect
from support import ROOT, flat, notice_of

launch, browser = browser_fixtures.launch, browser_fixtures.browser
SITE_URL = "https://yaodian.example/sub/path/"


@dataclass(frozen=True)
class Hostile:
    """The built site and what went into it: file name → its strings; notice id → file name."""

    site: Path
    strings: list[str]
    files: dict[str, list[str]]
    notices: dict[str, str]

    def page(self, identity: str) -> html.HtmlElement:
        return read(self.site / f"notices/{identity}/index.html")

    def data(self, identity: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.site / f"data/notices/{identity}.json").read_text("utf-8"))
        return data


def read(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_bytes(), html.HTMLParser(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """The repository's inputs and the hostile notices, built with the command that people use."""
    place = tmp_path_factory.mktemp("hostile")
    for name in ("raw", "docs", "registry", "overrides"):
        shutil.copytree(ROOT / name, place / name)
    strings = hostile_notices.strings()
    files = hostile_notices.write(place / "raw", strings)
    files |= hostile_notices.write_channels(place / "raw")
    folders = [f"--{name}={place / name}" for name in ("raw", "docs", "registry", "overrides")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "site", f"--out={place / 'site'}", "--jobs=0"]
    done = subprocess.run(
        [*command, f"--site-url={SITE_URL}", *folders], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 1, done.stderr[-4000:]  # the gate passed; some notices ask for a look
    assert "WARNING" not in done.stderr
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    report = json.loads((place / "site/data/report.json").read_text("utf-8"))["files"]
    rows = {row["file"]: row for row in report}
    assert {name: rows[name]["reason"] for name in files if not rows[name]["notices"]} == {}
    formats = {
        kind: sum(len(some) for name, some in files.items() if name.startswith(kind))
        for kind in ("text", "escaped", "raw")
    }
    print(
        "，".join(
            f"{kind} {count} strings × {len(hostile_notices.CONTEXTS)} contexts" for kind, count in formats.items()
        )
    )
    return Hostile(place / "site", strings, files, {rows[name]["notices"][0]: name for name in files})


def test_no_page_has_an_element_or_attribute_that_ordinary_notices_do_not_have(built: Hostile) -> None:
    """The oracle is the site itself: what the pages of the repository's notices hold is what we write."""
    kinds = ("", "source/")
    ours = {("td", "colspan")}  # in tables whose rows differ in length, which the repository's notices do not have
    paths = {built.site / f"notices/{i}/{kind}index.html" for i in built.notices for kind in kinds}
    ordinary = set().union(*(marks(path) for path in built.site.rglob("*.html") if path not in paths))
    for path in sorted(paths):
        assert marks(path) <= ordinary | ours, path


def marks(path: Path) -> set[tuple[str, str]]:
    """Every element with each of its attributes."""
    return {(str(e.tag), str(key)) for e in read(path).iter(etree.Element) for key in ("", *e.attrib)}


def test_the_visible_text_is_the_clean_text(built: Hostile) -> None:
    for identity in built.notices:
        shown = visible(built.page(identity))
        assert shown == [flat(c["label"]) + flat(c["text"]) for c in built.data(identity)["clauses"]], identity


def visible(root: html.HtmlElement) -> list[str]:
    """The text of each clause as a page shows it, without our own words."""
    article = root.find(".//article")
    assert article is not None
    for element in list(article.iter(etree.Element)):
        classes = (element.get("class") or "").split()
        if element.tag not in ("h2", "h3", "h4", "h5", "h6") and {"y-own", "headerlink"} & set(classes):
            element.drop_tree()
    clauses: list[str] = []
    for element in article:
        if element.tag in ("h2", "h3", "h4", "h5", "h6"):
            own = "y-own" in (element.get("class") or "").split()
            clauses.append("" if own else element.text_content())
        elif clauses:
            clauses[-1] += element.text_content()
    return [flat(text) for text in clauses]


def test_what_is_published_is_the_document_as_cleaned(built: Hostile) -> None:
    """For a sample, converted again: the data that the pages are held against are the whole clean text."""
    for identity, name in list(built.notices.items())[::12]:
        notice = notice_of(built.site.parent / "raw" / name)
        whole = "".join(c["label"] + c["text"] for c in built.data(identity)["clauses"])
        printed = (notice.meta.title.value or "") if notice.meta.title.rule == "title-line" else ""
        assert sorted(flat(whole + printed)) == sorted(flat(notice.document.published)), name


def test_the_strings_are_shown_in_every_context(built: Hostile) -> None:
    """Escaping that drops text would pass the other tests.  Cleaning has its own rules for Markdown marks and entities
    left in a text, so a few strings are shown without them."""
    found, kept = 0, 0
    for identity, name in built.notices.items():
        if name.startswith("text-"):
            whole = flat("".join(c["label"] + c["text"] for c in built.data(identity)["clauses"]))
            found += len(built.files[name])
            kept += sum(whole.count(shown(hostile_notices.one_line(string))) >= 5 for string in built.files[name])
    assert found == len(built.strings)
    assert kept >= 0.85 * found


def shown(text: str) -> str:
    """What of a string is printed at all, folded."""
    return flat("".join(c for c in text if c.isprintable() or c.isspace()))


# --- the files beside the pages -------------------------------------------------------------------------------------


def test_data_files_hold_the_text_and_nothing_breaks_out_of_json_ld(built: Hostile) -> None:
    for identity in built.notices:
        data, root = built.data(identity), built.page(identity)
        (about,) = (json.loads(e.text) for e in root.iter("script") if e.get("type") == "application/ld+json")
        assert flat(about["name"]) == flat(data["title"] or "（无标题）")
        assert len(about["hasPart"]) == sum(bool(c["style"]) for c in data["clauses"])
    for path in built.site.rglob("*.json"):
        json.loads(path.read_text("utf-8"))
    for path in built.site.rglob("*.xml"):
        ET.parse(path)
    fragments = list(built.site.glob("pagefind/**/fragment/*"))  # so much text is divided into several bundles
    assert len(fragments) >= len(built.notices)
    for path in fragments:
        json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))


#: A cell that Excel, WPS or LibreOffice may compute; a number is none, and neither is a mark alone.
FORMULA = re.compile(r"[\s\"]*(?:[=+@|%＝＋＠｜％]|[-－−](?![0-9.]+$))(?<![%％]$)|[\t\r\n\0]")


def test_no_cell_of_a_table_is_a_formula(built: Hostile) -> None:
    for path in built.site.rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for cell in (cell for row in rows for cell in row):
            assert not FORMULA.match(cell), (path.name, cell)


# --- in a real browser ----------------------------------------------------------------------------------------------

#: Counts what ran: dialogs, errors, and what the policy had to stop.
TRAP = """
window.fired = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...given) => { fired.push(name + "(" + given.join() + ")"); return null; };
addEventListener("error", (event) => fired.push("error: " + event.message));
addEventListener("unhandledrejection", (event) => fired.push("rejected: " + event.reason));
addEventListener("securitypolicyviolation", (event) => fired.push("policy: " + event.violatedDirective));
"""


@pytest.fixture
def trapped(browser: Any, built: Hostile) -> Iterator[tuple[Page, str, list[str]]]:
    """A page in which nothing may run, the site's address, and the requests that left it."""
    with serving(built.site) as address:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.add_init_script(TRAP)
        page = context.new_page()
        page.set_default_timeout(30_000)
        left: list[str] = []
        page.on("request", lambda r: left.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
        yield page, address, left
        context.close()


def test_nothing_runs_on_any_kind_of_page(built: Hostile, trapped: tuple[Page, str, list[str]]) -> None:
    page, address, left = trapped
    sample = list(built.notices)[::5]
    paths = [f"notices/{identity}/{kind}" for identity in sample for kind in ("", "source/")]
    for path in (*paths, "", "citations/", "review/", "targets/", "units/", "terms/", "years/", "places/"):
        page.goto(address + path)
        assert page.evaluate("fired") == [], path
    assert left == []


def test_nothing_runs_when_a_reader_uses_the_tools(built: Hostile, trapped: tuple[Page, str, list[str]]) -> None:
    """Marks with their tips, the copied citation, the report, and a search for the strings themselves."""
    page, address, left = trapped
    page.goto(f"{address}notices/{channels(built)}/")
    page.get_by_role("button", name=re.compile("显示标注")).first.click()
    for tip in page.locator("a[data-tip]").all()[:10]:
        tip.hover()
    for name in ("复制引文", "复制原文", "报告错误"):
        page.get_by_role("button", name=name).last.click()
        page.keyboard.press("Escape")
    page.goto(f"{address}notices/{channels(built)}/?h=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E#%3Cscript%3E")
    assert page.evaluate("fired") == []
    for query in ("<img src=x onerror=alert(1)>", "alert(1)", '"><script>alert(1)</script>', "{{ config }}"):
        page.goto(f"{address}search/")
        page.get_by_role("searchbox").last.fill(query)
        page.get_by_role("searchbox").last.press("Enter")
        expect(page.locator(".ys-notice, .ys-offers, [role=status]").first).to_be_attached()
        page.wait_for_load_state("networkidle")
        assert page.locator("article img, article script").count() == 0
        assert page.evaluate("fired") == [], query
    assert left == []


# --- other ways in --------------------------------------------------------------------------------------------------


def channels(built: Hostile) -> str:
    """The id of the notice whose fields are hostile."""
    return next(identity for identity, name in built.notices.items() if name.startswith("channels"))


def test_fields_meta_sidecar_and_file_name_are_text(built: Hostile) -> None:
    data, root = built.data(channels(built)), built.page(channels(built))
    bad = hostile_notices.BAD
    assert flat(bad) in flat(data["title"])
    names = {e.get("name"): e.get("content") for e in root.iter("meta")}
    assert flat(names["ArticleTitle"]) == flat(data["title"])
    assert flat(data["title"]) in flat(root.findtext(".//title"))
    own = flat(root.find(".//article").text_content())
    assert flat(hostile_notices.NOTE) in own
    assert flat(data["source"]["file"]) in own
    assert not any("a.cn" in (e.get("href") or "") for e in root.iter("a")), "an address that is none is no link"

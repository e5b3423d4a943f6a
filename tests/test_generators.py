"""The same docs/ built by every generator that reads mkdocs.yml: the same addresses, anchors and text.

What differs is written down twice: as data here, checked exactly, and for maintainers in docs/deploy.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import pytest
import yaml
from lxml import html
from notices.publish.gate import check_site
from support import ROOT

SITE_URL = "https://yaodian.example/sub/path/"
GUIDE = (ROOT / "docs/deploy.md").read_text("utf-8").partition("{: #generators }")[2].partition("\n## ")[0]


class Generator(NamedTuple):
    """A program that builds the site, and what it does otherwise than MkDocs."""

    command: list[str]
    own_files: frozenset[str] = frozenset()  # made besides, outside the theme's own folders
    own_ids: tuple[str, ...] = ()  # at the start of every article
    shifts: bool = False  # takes relative links in raw HTML as seen from the source file, not from the page


GENERATORS = {
    "mkdocs": Generator(["-m", "mkdocs", "build", "--strict", "--clean"]),
    "properdocs": Generator(["-m", "properdocs", "build", "--strict", "--clean"]),
    "zensical": Generator(
        ["-m", "zensical", "build", "--strict", "--clean"],
        own_files=frozenset({"search.json", "sitemap.xml"}),
        own_ids=("__skip",),
        shifts=True,
    ),
}
OTHERS = [name for name in GENERATORS if name != "mkdocs"]
#: Where a theme keeps its scripts and styles; their names hold a hash of their content.
THEME = ("assets/javascripts/", "assets/stylesheets/", "assets/images/", "assets/_mkdocstrings.css")


def run(name: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Build the project in `place` with a generator; the site is at place/site."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"}
    command = [sys.executable, *GENERATORS[name].command, "--config-file", str(place / "mkdocs.yml")]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)


def project(place: Path, site_url: str = SITE_URL) -> Path:
    """A copy of what a generator needs: mkdocs.yml, theme/ and docs/."""
    shutil.copytree(ROOT / "docs", place / "docs")
    shutil.copytree(ROOT / "theme", place / "theme")
    config = (ROOT / "mkdocs.yml").read_text("utf-8").replace('site_url: ""', f'site_url: "{site_url}"')
    (place / "mkdocs.yml").write_text(config, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The site of each generator by name, built once."""

    @cache
    def build(name: str) -> Path:
        place = project(tmp_path_factory.mktemp(name))
        done = run(name, place)
        assert done.returncode == 0, done.stdout + done.stderr
        return place / "site"

    return build


def files(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def ours(site: Path) -> set[str]:
    """What is neither a page nor a part of the generator's theme."""
    return {name for name in files(site) if not name.endswith(".html") and not name.startswith(THEME)}


def pages(site: Path) -> list[str]:
    return sorted(name for name in files(site) if name.endswith(".html"))


def article(site: Path, name: str) -> html.HtmlElement:
    found = html.parse(str(site / name), html.HTMLParser(encoding="utf-8")).getroot().find(".//article")
    assert found is not None, name
    return found


def text(element: html.HtmlElement) -> str:
    """The visible text, with white space as a browser shows it."""
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


def test_nothing_of_ours_needs_a_hook_or_a_plugin() -> None:
    """What a generator has to know: MkDocs' file format, Python-Markdown's own extensions, and Jinja templates."""
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    assert "hooks" not in config
    assert config["plugins"] == []
    assert {name if isinstance(name, str) else next(iter(name)) for name in config["markdown_extensions"]} == {
        "attr_list",
        "toc",
    }
    assert not list((ROOT / "theme").rglob("*.py"))


@pytest.mark.parametrize("name", OTHERS)
def test_the_same_addresses(built: Callable[[str], Path], name: str) -> None:
    assert pages(built(name)) == pages(built("mkdocs"))
    assert len(pages(built(name))) > 50


@pytest.mark.parametrize("name", OTHERS)
def test_the_same_data_and_assets_byte_for_byte(built: Callable[[str], Path], name: str) -> None:
    first, other = built("mkdocs"), built(name)
    assert ours(other) - ours(first) == GENERATORS[name].own_files
    assert ours(first) - ours(other) == set()
    assert [one for one in ours(first) if (first / one).read_bytes() != (other / one).read_bytes()] == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_same_anchors_text_and_titles_on_every_page(built: Callable[[str], Path], name: str) -> None:
    first, other = built("mkdocs"), built(name)
    for page in pages(first):
        if page == "404.html":
            assert (first / page).read_bytes() == (other / page).read_bytes()
            continue
        ids = [[str(one) for one in article(site, page).xpath(".//@id")] for site in (first, other)]
        assert ids[1] == [*GENERATORS[name].own_ids, *ids[0]], page
        assert text(article(first, page)) == text(article(other, page)), page
        assert head(first, page) == head(other, page), page


def head(site: Path, page: str) -> list[str]:
    """What the head says of a page to machines: title, metadata, canonical address, structured data."""
    base = SITE_URL + page.removesuffix("index.html")
    root = html.parse(str(site / page), html.HTMLParser(encoding="utf-8")).getroot()
    found: list[html.HtmlElement] = root.xpath(
        "//head/title | //head/meta | //head/link[@rel!='stylesheet'] | //head/script[@type]"
    )
    for one in found:  # "./feed.xml" is "feed.xml"
        for name in ("href", "content"):
            if one.tag == "link" or one.get("name") == "yaodian-root":
                one.attrib.update({name: urljoin(base, one.get(name))} if one.get(name) else {})
    return [re.sub(r"\s+", " ", html.tostring(one, encoding="unicode", with_tail=False)) for one in found]


@pytest.mark.parametrize("name", OTHERS)
def test_the_same_links(built: Callable[[str], Path], name: str) -> None:
    """Every link of an article leads where MkDocs' leads, but for the one difference that is written down."""
    first, other = built("mkdocs"), built(name)
    shifted = 0
    for page in pages(first):
        if page == "404.html":
            continue
        base = SITE_URL + page.removesuffix("index.html")
        from_index = (ROOT / "docs" / page).with_suffix(".md").exists()
        links = [[str(one) for one in article(site, page).xpath(".//@href | .//@src")] for site in (first, other)]
        assert len(links[0]) == len(links[1]), page
        for here, there in zip(*links, strict=True):
            if urljoin(base, here) == urljoin(base, there):
                continue
            assert GENERATORS[name].shifts, (page, here, there)
            assert not from_index, page
            assert there == f"../{here}", page
            shifted += 1
    assert (shifted > 0) == GENERATORS[name].shifts


def test_properdocs_makes_the_very_same_site(built: Callable[[str], Path]) -> None:
    first, other = built("mkdocs"), built("properdocs")
    assert files(first) == files(other)
    assert [one for one in sorted(files(first)) if (first / one).read_bytes() != (other / one).read_bytes()] == []


@pytest.mark.parametrize("name", GENERATORS)
def test_a_broken_link_or_anchor_stops_it(name: str, tmp_path: Path) -> None:
    place = project(tmp_path)
    shutil.rmtree(place / "docs/notices")
    shutil.rmtree(place / "docs/topics")
    (place / "docs/about.md").write_text('---\ntitle: "甲"\n---\n\n# 甲\n\n[乙](cite.md#nothing)\n', encoding="utf-8")
    done = run(name, place)
    assert done.returncode != 0
    assert "about.md" in done.stdout + done.stderr


def test_the_check_of_the_site_stops_what_differs(built: Callable[[str], Path]) -> None:
    """The site of a generator that shifts links cannot be put online by mistake: the gate names the dead links."""
    faults = check_site(built("zensical"), ROOT / "docs")
    assert [fault for fault in faults if "指向的文件不存在" in fault]
    assert [fault for fault in faults if "__skip" in fault]


def test_what_differs_is_written_for_maintainers() -> None:
    for name, generator in GENERATORS.items():
        assert name in GUIDE.lower()
        for word in (*generator.own_files, *generator.own_ids):
            assert f"`{word}`" in GUIDE
    assert "`../`" in GUIDE
    pins = (ROOT / "requirements-dev.txt").read_text("utf-8")
    for name in OTHERS:
        found = re.search(rf"^{name}==(\S+)$", pins, re.M)
        assert found
        assert f"{name} {found[1]}" in GUIDE.lower()

"""sitemap.xml: every page a search engine should know, where the site's address is known.

Made from the pages themselves and the registry's days, so that it holds no clock time and needs no generator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from ..store import Entry

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIMIT = 50_000  # addresses a file, by the protocol
_HIDDEN = re.compile(rb'<meta name="robots" content="[^"]*noindex')


def write_sitemap(
    site: Path, entries: Mapping[str, Entry], site_url: str, limit: int = LIMIT, shown: Iterable[str] | None = None
) -> list[Path]:
    """sitemap.xml below `site`, in several files where one may not hold all, and robots.txt at a domain's root.

    `shown`: the paths below `site` of the pages that are not hidden; None to read all pages for it.  Returns the
    files written: none where `site_url` is "", since a sitemap holds full addresses only.
    """
    if not site_url:
        return []
    pages = [(site_url + quote(page), _changed(page, entries)) for page in _pages(site, shown)]
    parts = [pages[start : start + limit] for start in range(0, len(pages), limit)] or [[]]
    if len(parts) == 1:
        written = [_write(site / "sitemap.xml", "urlset", "url", pages)]
    else:
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        written = [_write(site / n, "urlset", "url", part) for n, part in zip(names, parts, strict=True)]
        written.append(_write(site / "sitemap.xml", "sitemapindex", "sitemap", [(site_url + n, "") for n in names]))
    if urlsplit(site_url).path == "/":  # robots.txt means something at a domain's root alone
        robots = site / "robots.txt"
        robots.write_text(f"User-agent: *\nAllow: /\nSitemap: {site_url}sitemap.xml\n", encoding="utf-8")
        written.append(robots)
    return written


def is_hidden(content: bytes) -> bool:
    """Whether a page asks not to be found."""
    return bool(_HIDDEN.search(content))


def _pages(site: Path, shown: Iterable[str] | None) -> list[str]:
    """The addresses below the root of the pages that may be found, sorted."""
    if shown is None:
        files = (path for path in site.rglob("index.html") if not is_hidden(path.read_bytes()))
        shown = (path.relative_to(site).as_posix() for path in files)
    named = (path.rpartition("/") for path in shown)
    return sorted(folder + slash for folder, slash, name in named if name == "index.html")


def _changed(page: str, entries: Mapping[str, Entry]) -> str:
    """The day on which a notice's text last changed; "" for other pages, whose days nobody records."""
    parts = page.split("/")
    entry = entries.get(parts[1]) if parts[0] == "notices" and len(parts) == 3 else None
    return entry.changed if entry else ""


def _write(target: Path, root: str, item: str, rows: Sequence[tuple[str, str]]) -> Path:
    top = ET.Element(root, xmlns=SPACE)
    for url, day in rows:
        one = ET.SubElement(top, item)
        ET.SubElement(one, "loc").text = url
        if day:
            ET.SubElement(one, "lastmod").text = day
    ET.indent(top, " ")
    target.write_bytes(ET.tostring(top, encoding="utf-8", xml_declaration=True) + b"\n")
    return target

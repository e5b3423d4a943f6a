"""The gate over a built site: what was fed in gets out as text, every link resolves, nothing foreign or active is there.

All of it is by list: what is not known to be ours is a fault.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lxml import etree, html

from .files import check_files, own_files
from .links import link_faults
from .markup import page_faults
from .tags import read_tags

__all__ = ["check_site"]


def check_site(site: Path, docs: Path) -> list[str]:
    """Faults of the site built in `site` from `docs`, in Chinese, each naming file and place; empty when all is well.

    Only a script or a style sheet that stands in `docs`/assets/ as it is counts as ours.
    """
    own = own_files(site, docs)
    pages: dict[str, html.HtmlElement] = {}
    written: dict[str, Counter[str]] = {}
    faults: list[str] = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        try:
            text = path.read_bytes().decode("utf-8")
            pages[name] = html.document_fromstring(text.encode("utf-8"), html.HTMLParser(encoding="utf-8"))
        except (UnicodeDecodeError, etree.ParserError, etree.XMLSyntaxError):
            faults.append(f"{name}：是空的，或不是 UTF-8 编码的网页，读不懂。")
            continue
        written[name], wrong = read_tags(text)
        faults += [f"{name}：{fault}" for fault in wrong]
    if not pages:
        return [*faults, f"{site} 里没有任何页面。请先运行 make site。"]
    ids = {name: {e.get("id") for e in root.iter(etree.Element) if e.get("id")} for name, root in pages.items()}
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for name, root in pages.items():
        found = (*page_faults(name, root, written[name], own), *link_faults(name, root, files, ids))
        faults += [f"{name}：{fault}" for fault in found]
    return [*faults, *check_files(site, own)]

"""The gate over a built site: every internal link and anchor resolves, and nothing foreign or active gets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

FORBIDDEN = ("iframe", "object", "embed")
LOADING = {
    "script": "src",
    "img": "src",
    "link": "href",
    "source": "src",
    "audio": "src",
    "video": "src",
    "input": "src",
}
LOADED_LINKS = ("stylesheet", "preload", "icon", "modulepreload", "manifest", "prefetch")


def check_site(site: Path) -> list[str]:
    """Faults of the site built in `site`, in Chinese, each naming page and place; empty when all is well."""
    pages = {
        path.relative_to(site).as_posix(): html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
        for path in sorted(site.rglob("*.html"))
    }
    if not pages:
        return [f"{site} 里没有任何页面。请先运行 make site。"]
    ids = {
        name: {e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
        for name, root in pages.items()
    }
    faults: list[str] = []
    for name, root in pages.items():
        faults += [f"{name}：{fault}" for fault in (*_active(root), *_duplicates(root), *_links(name, root, site, ids))]
    return faults


def _active(root: html.HtmlElement) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in FORBIDDEN:
            yield f"出现了 <{element.tag}>，不允许。"
        for key, value in element.attrib.items():
            if str(key).lower().startswith("on"):
                yield f"<{element.tag}> 带有事件属性 {key}。"
            elif str(value).strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                yield f"<{element.tag} {key}> 是可执行的地址。"


def _duplicates(root: html.HtmlElement) -> Iterator[str]:
    seen: set[str] = set()
    for element in root.iter():
        identity = element.get("id") if isinstance(element.tag, str) else None
        if identity and identity in seen and not identity.startswith("__"):
            yield f"编号 {identity} 在同一页出现了两次。"
        seen.add(identity or "")


def _links(name: str, root: html.HtmlElement, site: Path, ids: dict[str, set[str | None]]) -> Iterator[str]:
    for element in root.iter():
        attribute = "href" if element.tag == "a" else LOADING.get(str(element.tag))
        value = element.get(attribute) if attribute else None
        if value is None:
            continue
        loads = element.tag != "a" and (
            element.tag != "link" or any(r in LOADED_LINKS for r in (element.get("rel") or "").split())
        )
        parts = urlsplit(urljoin(f"http://site.invalid/{name}", value))
        if parts.scheme == "data" and element.tag != "script":
            continue
        if parts.netloc != "site.invalid":
            if loads:
                yield f"<{element.tag}> 要从别的网站取文件：{value}"
            continue
        if parts.scheme not in ("http", "https"):
            continue
        fault = _resolve(parts.path, parts.fragment, site, ids)
        if fault and name != "404.html":
            yield f"链接 {value} {fault}"


def _resolve(path: str, fragment: str, site: Path, ids: dict[str, set[str | None]]) -> str:
    """ "" where path and fragment exist in the site, otherwise what is wrong."""
    target = unquote(path).lstrip("/")
    if not target or target.endswith("/"):
        target += "index.html"
    if not (site / target).is_file():
        return "指向的文件不存在。"
    if fragment and target in ids and unquote(fragment) not in ids[target] and not fragment.startswith("__"):
        return "指向的位置不存在。"
    return ""

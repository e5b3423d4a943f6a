"""The gate over a built site: every internal link and anchor resolves, and nothing foreign or active gets in.

Addresses are allowed by scheme, scripts by name, and inside the article only the markup that we write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

ORIGIN = "http://site.invalid/"
FORBIDDEN = ("iframe", "object", "embed", "frame", "applet", "portal")
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "background",
    "xlink:href",
    "longdesc",
    "manifest",
)
LOADING = ("script", "img", "source", "audio", "video", "track", "input", "image", "use", "link", "form")
QUIET_LINKS = ("canonical", "alternate", "next", "prev", "author", "license")  # <link> that loads nothing
#: What an article may hold: the marks that the generator writes and those of the theme's own pages.
ARTICLE = frozenset(
    re.findall(
        r"\w+",
        """a abbr article aside b blockquote br button code dd del details div dl dt em footer form h1 h2 h3 h4 h5
        h6 hr i img input label li mark nav ol option p path pre q s section select small span strong sub
        summary sup svg table tbody td tfoot th thead time tr u ul""",
    )
)
#: What a drawing may hold besides; nothing in it runs or loads.
DRAWING = frozenset(("a", "g", "line", "path", "rect", "svg", "text", "title", "tspan"))
_STYLE = re.compile(r"url\(\s*['\"]?\s*(?!data:|#)(?:[a-z][a-z0-9+.-]*:|//)|@import|expression\(", re.I)
_REFRESH = re.compile(r"^refresh$", re.I)


def check_site(site: Path) -> list[str]:
    """Faults of the site built in `site`, in Chinese, each naming page and place; empty when all is well."""
    pages: dict[str, html.HtmlElement] = {}
    faults: list[str] = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        try:
            pages[name] = html.document_fromstring(path.read_bytes(), html.HTMLParser(encoding="utf-8"))
        except (etree.ParserError, etree.XMLSyntaxError):
            faults.append(f"{name}：是空的，或读不懂。")
    if not pages:
        return [*faults, f"{site} 里没有任何页面。请先运行 make site。"]
    ids = {name: {e.get("id") for e in _elements(root) if e.get("id")} for name, root in pages.items()}
    for name, root in pages.items():
        found = (*_active(root), *_foreign_marks(root), *_duplicates(root), *_links(name, root, site, ids))
        faults += [f"{name}：{fault}" for fault in found]
    for path in sorted(site.rglob("*.css")):
        if _STYLE.search(path.read_text(encoding="utf-8", errors="replace")):
            faults.append(f"{path.relative_to(site).as_posix()}：样式表要从别的网站取文件。")
    return faults


def _elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _plain(value: str) -> str:
    """An address as a browser reads it: without white space and control characters."""
    return re.sub(r"[\x00-\x20\x7f-\x9f]+", "", value)


def _active(root: html.HtmlElement) -> Iterator[str]:
    """Elements and attributes that run something or send the reader away."""
    for element in _elements(root):
        if element.tag in FORBIDDEN:
            yield f"出现了 <{element.tag}>，不允许。"
        if element.tag == "meta" and _REFRESH.match(element.get("http-equiv", "")):
            yield "页面会自动跳转，不允许。"
        if _STYLE.search(element.get("style", "")) or (element.tag == "style" and _STYLE.search(element.text or "")):
            yield f"<{element.tag}> 的样式要从别的网站取文件。"
        for key, value in element.attrib.items():
            name = str(key).lower()
            address = _plain(str(value)).lower() if name in ADDRESSES else ""
            scheme = _scheme(address)
            image = scheme == "data" and address.startswith(("data:image/", "data:,"))
            if name.startswith("on"):
                yield f"<{element.tag}> 带有事件属性 {key}。"
            elif scheme is None:
                yield f"<{element.tag} {key}> 不是网址：{value}"
            elif scheme not in ("", "http", "https", "mailto") and not image:
                yield f"<{element.tag} {key}> 是可执行的地址。"


def _scheme(address: str) -> str | None:
    """The scheme of an address, "" where it has none; None for what is no address, such as http://[."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return None


def _foreign_marks(root: html.HtmlElement) -> Iterator[str]:
    """Markup inside the article that neither the generator nor the theme writes."""
    for article in root.iter("article"):
        for element in _elements(article):
            drawn = element.tag in DRAWING and next(element.iterancestors("svg"), None) is not None
            if element.tag not in ARTICLE and not drawn:
                yield f"正文里出现了 <{element.tag}>，不是本站写的。"


def _duplicates(root: html.HtmlElement) -> Iterator[str]:
    seen: set[str] = set()
    for element in _elements(root):
        identity = element.get("id", "")
        if identity and identity in seen and not identity.startswith("__"):
            yield f"编号 {identity} 在同一页出现了两次。"
        seen.add(identity)


def _links(name: str, root: html.HtmlElement, site: Path, ids: dict[str, set[str | None]]) -> Iterator[str]:
    """Addresses that lead nowhere, and files that would be loaded from elsewhere."""
    base = root.find(".//base")
    origin = urljoin(f"{ORIGIN}{name}", base.get("href", "")) if base is not None else f"{ORIGIN}{name}"
    if not origin.startswith(ORIGIN):
        yield f"<base> 指向别的网站：{origin}"
    for element in _elements(root):
        values = [element.get(key) for key in ADDRESSES if element.get(key)]
        values += [part.split()[0] for part in (element.get("srcset") or "").split(",") if part.strip()]
        quiet = element.tag == "link" and all(rel in QUIET_LINKS for rel in (element.get("rel") or "").lower().split())
        for value in values:
            if _scheme(_plain(str(value))) is None:
                continue  # named by _active
            parts = urlsplit(urljoin(origin, _plain(str(value))))
            if parts.scheme not in ("http", "https"):
                continue
            if parts.netloc != "site.invalid":
                if element.tag in LOADING and not quiet:
                    yield f"<{element.tag}> 要从别的网站取文件：{value}"
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

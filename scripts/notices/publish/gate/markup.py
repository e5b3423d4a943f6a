"""What stands on a page: elements, attributes, scripts, styles and ids, each held against the list of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from .elements import Elements, Kind
from .files import Own, leads_outside
from .links import address_in, is_simple, origin_of, plain, scheme
from .vocabulary import (
    ADDRESSES,
    ARTICLE,
    ATTRIBUTES,
    DATA_SCRIPTS,
    DRAWING,
    DRAWN,
    EVERYWHERE,
    INLINE,
    INLINE_PAGE,
    LOADING_LINKS,
    OWN_INLINE,
    PAGE,
    QUIET_LINKS,
    SCHEMES,
)

#: Elements that parsers add where they are not written.
IMPLIED = ("html", "head", "body", "p", "tbody")
_OWN_NAME = re.compile(r"(?:aria|data)-[a-z0-9-]+")
#: Anchors by the design; lines of a received text (L12); headings of hand-written pages (_1); the theme's switches (__x).
_IDS = re.compile(r"[a-z0-9-]+|_[0-9]+")
_LINE_ID = re.compile(r"L[0-9]+")
_THEME_ID = re.compile(r"__[a-z_]+")
_FOLDERS = re.compile(r"\(\?:[a-z0-9-]+(?:\|[a-z0-9-]+)*\)")


def page_faults(name: str, page: Elements, written: Counter[str], own: Own) -> Iterator[str]:
    """Faults of one page; `written`: how often each element is opened in the file."""
    yield from _same(page, written)
    drawn = {
        element for drawing in page.where(lambda kind: kind.tag == "svg") for element in drawing.iter(etree.Element)
    }
    suspects = {*page.where(_is_suspect), *drawn, *_odd(page)}  # nothing is to be said of the others: most of a page
    origin = origin_of(name, page)
    for element in (element for element in page.every if element in suspects):
        tag, is_drawn = element.tag, element in drawn
        yield from _element(name, element, is_drawn)
        for key, value in ((str(key), str(value)) for key, value in element.items()):
            yield from _attribute(tag, key.lower(), is_drawn)
            if key.lower() in ADDRESSES:
                yield from _address(element, key.lower(), value)
        if tag == "script":
            yield from _script(name, element, origin, own)
        elif tag == "style":
            yield from _inline(element.text or "", "样式")
        elif tag == "link":
            yield from _link(element, origin, own)
        elif tag == "a" and element.get("target"):
            yield from _target(element)
    yield from _ids(name, page)
    if sum(_is_policy(element) for element in page.where(lambda kind: kind.tag == "meta")) != 1:
        yield "没有写明安全策略，或写了不止一份。请重新运行 make site。"


def _same(page: Elements, written: Counter[str]) -> Iterator[str]:
    """Whether the parser saw what is written, no more and no less."""
    seen: Counter[str] = Counter()
    for kind, places in page.kinds.items():
        seen[kind.tag] += len(places)
    for tag in sorted({*seen, *written} - {*IMPLIED}):
        if seen[tag] != written[tag]:
            yield f"<{tag}> 写着 {written[tag]} 个，解析出 {seen[tag]} 个：标签没有配好对。"


@lru_cache(10_000)
def _is_suspect(kind: Kind) -> bool:
    """Whether there may be something to say of an element that is not drawn, besides of its addresses and its id."""
    if kind.tag not in ARTICLE or "target" in kind.keys:
        return True
    return any(True for key in kind.keys for _ in _attribute(kind.tag, key.lower(), drawn=False))


def _odd(page: Elements) -> Iterator[etree._Element]:
    """The elements with an address that may not stand everywhere."""
    odd = {value for value in {value for _, value in page.addressed} if _scheme(value) not in ("", *SCHEMES)}
    return (element for element, value in page.addressed if value in odd)


def _element(name: str, element: etree._Element, drawn: bool) -> Iterator[str]:
    tag = element.tag
    if tag in INLINE and name == INLINE_PAGE:
        return
    if tag not in (DRAWING if drawn else ARTICLE) and (drawn or tag not in PAGE or _is_inside(element)):
        yield (
            f"正文里出现了 <{tag}>，不是本站写的，不允许。"
            if _is_inside(element)
            else f"出现了 <{tag}>，不是本站写的，不允许。"
        )
    if tag == "meta" and element.get("http-equiv") is not None and not _is_policy(element):
        yield f"<meta http-equiv={element.get('http-equiv')}> 会让页面自动跳转或改变读法，不允许。"


def _is_inside(element: etree._Element) -> bool:
    """Whether an element is in the article."""
    return element.tag == "article" or next(element.iterancestors("article"), None) is not None


def _is_policy(element: etree._Element) -> bool:
    return (element.get("http-equiv") or "") == "Content-Security-Policy"


def _attribute(tag: str, key: str, drawn: bool) -> Iterator[str]:
    """What is wrong with an attribute whatever its value: it is none that we write."""
    known = key in EVERYWHERE or key in ATTRIBUTES.get(tag, ()) or (drawn and key in DRAWN)
    if key.startswith("on"):
        yield f"<{tag}> 带有事件属性 {key}。"
    elif key == "style":
        yield f"<{tag}> 写了 style 属性，不允许。请改用样式表里的类。"
    elif not known and not _OWN_NAME.fullmatch(key) and key not in ADDRESSES:
        yield f"<{tag}> 带有属性 {key}，不是本站写的。"
    if key in ADDRESSES and not known:
        yield f"<{tag}> 不应当带有 {key}，它会取文件或打开网址。"


def _address(element: etree._Element, key: str, value: str) -> Iterator[str]:
    """What is wrong with the value of an attribute that holds an address."""
    kind = _scheme(value)
    if kind is None:
        yield f"<{element.tag} {key}> 不是网址：{value}"
    elif kind and not (kind in SCHEMES or _is_picture(element, value)):
        yield f"<{element.tag} {key}> 是可执行的地址：{value[:80]}"


def _scheme(value: str) -> str | None:
    """The scheme of an address as it is written; most have none."""
    return "" if value.startswith("#") or is_simple(value) else scheme(plain(value))


def _is_picture(element: etree._Element, value: str) -> bool:
    """A picture inside its own address: shown only, never opened."""
    if element.tag == "link":
        return element.get("rel") == "icon" and plain(value) == "data:,"
    return element.tag == "img" and plain(value).lower().startswith(
        ("data:image/png", "data:image/jpeg", "data:image/gif")
    )


def _script(name: str, element: etree._Element, origin: str, own: Own) -> Iterator[str]:
    """A script is a file of ours or data; 404.html has two lines of its own."""
    if element.get("src") is not None:
        address = address_in(origin, str(element.get("src")))
        if address not in own.scripts:
            yield f"<script src={element.get('src')}> 不是本站 docs/assets/ 里的脚本。"
        if (element.text or "").strip():
            yield "<script src> 里面还写着脚本。"
    elif element.get("type") in DATA_SCRIPTS:
        try:
            json.loads(element.text or "")
        except ValueError:
            yield f"<script type={element.get('type')}> 里的数据读不懂。"
    elif name == INLINE_PAGE:
        yield from _inline(element.text or "", "脚本")
    else:
        yield f"页内脚本不是本站写的：{(element.text or '')[:60].strip()}"


def _inline(text: str, what: str) -> Iterator[str]:
    """An inline block of 404.html must be the one that theme/404.html writes."""
    digest = base64.b64encode(hashlib.sha256(_FOLDERS.sub("(?:)", text, count=1).encode()).digest()).decode()
    if digest not in OWN_INLINE:
        yield f"页内{what}不在清单里。若是您改写了 theme/404.html，请把 {digest} 记入 publish/gate/vocabulary.py 的 OWN_INLINE。"


def _link(element: etree._Element, origin: str, own: Own) -> Iterator[str]:
    rels = (element.get("rel") or "").split()
    if len(rels) != 1 or rels[0] not in QUIET_LINKS | LOADING_LINKS:
        yield f"<link rel={element.get('rel')}> 不是本站写的。"
    elif rels == ["stylesheet"] and address_in(origin, element.get("href") or "") not in own.styles:
        yield f"样式表 {element.get('href')} 不是本站的。"


def _target(element: etree._Element) -> Iterator[str]:
    if element.get("target") != "_blank" or "noopener" not in (element.get("rel") or "").split():
        yield f"链接 {element.get('href')} 打开新窗口，却没有写 rel=noopener。"
    elif not leads_outside(element.get("href") or ""):
        yield f"链接 {element.get('href')} 是本站的，不必打开新窗口。"


def has_id(kind: Kind) -> bool:
    """Whether such an element has an id."""
    return "id" in kind.keys


def _ids(name: str, page: Elements) -> Iterator[str]:
    """Ids are unique and of the design's letters, so that no text can take the place of a name that scripts use."""
    seen: set[str] = set()
    source = name.startswith("notices/") and name.endswith("/source/index.html")
    for element in page.where(has_id):
        identity = element.get("id") or ""
        if identity in seen:
            yield f"编号 {identity} 在同一页出现了两次。"
        seen.add(identity)
        ours = _IDS.fullmatch(identity) or (source and _LINE_ID.fullmatch(identity))
        if not ours and (_is_inside(element) or not _THEME_ID.fullmatch(identity)):
            yield f"编号 {identity} 不合规则：只能用小写字母、数字和短横。"

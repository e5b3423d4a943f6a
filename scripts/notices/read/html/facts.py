"""What a page tells besides its text: its own address, the files and pictures that stand for text, further pages."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from ...model import Hint, Problem
from .body import Body
from .lexer import Token, attributes

#: What browsers and SingleFile write above a page that they save; the number is the length of the address.
_SAVED = re.compile(r"saved from url=\(\d{4,}\)(\S+)|saved with SingleFile\s+url:\s*(\S+)", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\x00-\x20\x7f]+", re.I)
LONGEST_ADDRESS = 2_000
_FILE = re.compile(r"[^\s\"'<>()=?&/\\]+\.(?:docx?|wps|pdf|ofd|rtf|zip|rar|7z|xlsx?|et)\b", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|bmp|tiff?|webp)\b|^data:image/(?:jpe?g|png|webp)", re.I)
SMALL = 120  # pixels; a narrower or lower picture is an icon
_TURN = re.compile(r"\W*(?:下一?页|下页|余下全文|后一?页|next)\W*", re.I)
_BACK = re.compile(r"\W*(?:上一?页|上页|前一?页|previous|prev)\W*", re.I)
_NUMBER = re.compile(r"\W*([1-9]\d?)\W*")
_OF = re.compile(r"(?:共|/)\s*(\d{1,2})\s*页?")
NEAR = 14  # words in which a page bar is complete


def address(text: str, cut: Sequence[Token]) -> str | None:
    """The http(s) address of the page as itself says: saved-from comment, canonical link, <meta> Url or og:url.

    None where it says none, or one that is no full address or leads to a site's front page.
    """
    found: dict[int, str] = {}
    for token in cut:
        if token.kind == "comment":
            saved = _SAVED.search(text, token.start, min(token.end, token.start + 3000))
            if saved:
                found.setdefault(0, saved[1] or saved[2])
        elif token.kind == "open" and token.name in ("link", "meta"):
            values = attributes(text[token.start : token.end])
            if values.get("rel", "").lower() == "canonical":
                found.setdefault(1, values.get("href", ""))
            elif values.get("name", "").lower() == "url":
                found.setdefault(2, values.get("content", ""))
            elif values.get("property", "").lower() == "og:url":
                found.setdefault(3, values.get("content", ""))
    return next((url for _, said in sorted(found.items()) if (url := _valid(said))), None)


def _valid(said: str) -> str | None:
    """An address that can be shown as a link."""
    url = html.unescape(said).strip()
    if len(url) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_page = len(parts.path) > 1 or parts.query
    return url if parts.hostname and "." in parts.hostname and "@" not in parts.netloc and is_page else None


def facts(text: str, cut: Sequence[Token], body: Body, starts: Sequence[int]) -> Iterator[Hint]:
    """<files>: names of the attachments in and below the body; <pictures>: how many pictures the body holds."""
    spans = [*body.ranges, *body.containers]
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    names: dict[str, None] = {}
    pictures = 0
    for index, token in enumerate(cut[first:], first):
        if token.kind == "text" or token.kind == "close":
            continue
        tag = text[token.start : token.end]
        if token.name == "img" and any(a <= index < b for a, b in spans):
            pictures += _is_picture(attributes(tag))
        elif token.name in ("a", "iframe", "embed", "object") or (token.kind == "script" and index < last):
            names.update(dict.fromkeys(_names(tag, _label(text, cut, index))))
    line = bisect_right(starts, cut[first].start) if cut else 1
    if names:
        yield Hint("<files>", "、".join(list(names)[:5]), line)
    if pictures:
        yield Hint("<pictures>", str(pictures), line)


def _label(text: str, cut: Sequence[Token], index: int) -> str:
    """What a link shows."""
    after = "".join(text[t.start : t.end] if t.kind == "text" else " " for t in cut[index + 1 : index + 6])
    return html.unescape(after).strip()


def _names(tag: str, label: str) -> list[str]:
    """Names of the files that a tag leads to; a link is named as it is shown."""
    if tag[:2].lower() == "<a":
        shown = _FILE.search(label)
        if shown:
            return [shown[0]]
        tag = attributes(tag).get("href", "")
    return [unquote(found) for found in _FILE.findall(tag)]


def _is_picture(values: dict[str, str]) -> bool:
    """Whether an <img> may show text: no icon, no line."""
    sizes = [int(v) for key in ("width", "height") if (v := values.get(key, "").removesuffix("px")).isdecimal()]
    return bool(_PICTURE.search(values.get("src", ""))) and all(size > SMALL for size in sizes)


def split(text: str, cut: Sequence[Token], starts: Sequence[int]) -> tuple[Problem, ...]:
    """A problem where a bar 上一页 1 2 下一页 says that the text goes on on other pages."""
    shown = [
        (token.start, word)
        for token in cut
        if token.kind == "text"
        for word in html.unescape(text[token.start : min(token.end, token.start + 60)]).split()
    ]
    words = [word for _, word in shown]
    for index, word in enumerate(words):
        if not (_TURN.fullmatch(word) or _BACK.fullmatch(word)):
            continue
        near = words[max(index - NEAR, 0) : index + NEAR]
        numbers = {int(found[1]) for w in near if (found := _NUMBER.fullmatch(w))}
        counts = [int(found[1]) for w in near if (found := _OF.search(w))]
        pages = max([*counts, *(n for n in numbers if {*range(1, n + 1)} <= numbers)], default=1)
        if pages > 1:
            line = bisect_right(starts, shown[index][0])
            detail = f"这份文件在网站上分成 {pages} 页，这里只有其中一页。请把各页的正文存进同一个文件，再重新转换。"
            return (Problem("review", "page-split", line, detail),)
    return ()

"""The tags of a page as they are written: strict, so that every parser reads the same.

A parser mends what is written badly, and no two mend alike; hostile text lives on that difference.  Our pages are
written by programs, so anything that is not plainly a tag, a comment or text is a fault.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_ATTRIBUTE = r"""\s+[A-Za-z][\w:.-]*(?:=(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_MARKUP = re.compile(
    rf"""<!doctype\s+html>|<!--(?!>|->)(?:(?!--).)*-->|</([a-z][a-z0-9]*)\s*>|<([a-z][a-z0-9]*)((?:{_ATTRIBUTE})*)\s*/?>""",
    re.I | re.S,
)
_KEY = re.compile(r"""\s+([A-Za-z][\w:.-]*)(?:=(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
#: Elements whose content is no markup: it goes on to the first end tag.  In a <title> we write no "<" at all.
RAW = {name: re.compile(rf"</{name}\s*>", re.I) for name in ("script", "style")}


#: From a "<" to the first ">": a whole tag wherever no value holds a ">".
_PIECE = re.compile("<[^>]*>?")
#: An element of RAW in which there is no "<".
_PLAIN_RAW = re.compile(rf"<({'|'.join(RAW)})\b[^<>]*>[^<]*</\1>")
_NO_TAG, _ODD = "", "?"


def read_tags(text: str) -> tuple[Counter[str], list[str]]:
    """How often each element is opened on the page `text`, and what is not written as tags are, with the words there."""
    opened: Counter[str] = Counter()
    for piece, count in Counter(_PIECE.findall(text)).items():
        opened[_opens(piece)] += count
    raw = Counter(_PLAIN_RAW.findall(text))
    if opened[_ODD] or any(opened[name] != raw[name] for name in RAW):
        return _one_by_one(text)
    del opened[_NO_TAG], opened[_ODD]
    return opened, []


@lru_cache(50_000)
def _opens(piece: str) -> str:
    """The element that a piece of a page opens; _NO_TAG where it opens none, _ODD where only a walk over the page can tell.

    Nine pieces in ten stand on the page before, too: a memory of them answers in a tenth of the time.
    """
    found = _MARKUP.fullmatch(piece)
    if not found or _is_repeated(found[3]):
        return _ODD
    return (found[2] or _NO_TAG).lower()


def _is_repeated(attributes: str | None) -> bool:
    """Whether an attribute is written twice."""
    keys = [key.lower() for key in _KEY.findall(attributes)] if attributes else []
    return len(set(keys)) < len(keys)


def _one_by_one(text: str) -> tuple[Counter[str], list[str]]:
    """As `read_tags`, from one tag to the next."""
    opened: Counter[str] = Counter()
    faults: list[str] = []
    at = text.find("<")
    while at >= 0:
        found = _MARKUP.match(text, at)
        if not found:
            faults.append(f"有一处 < 不是规整的标签：{_shown(text, at)}")
            at = text.find("<", at + 1)
            continue
        at, name = found.end(), (found[2] or "").lower()
        if name:
            opened[name] += 1
            if _is_repeated(found[3]):
                faults.append(f"<{name}> 的同一个属性写了两次：{_shown(text, found.start())}")
        if name in RAW:
            end = RAW[name].search(text, at)
            if end is None or "<!--" in text[at : end.start()]:
                faults.append(f"<{name}> 没有结束，或里面有注释：{_shown(text, found.start())}")
            at = end.end() if end else at
        at = text.find("<", at)
    return opened, faults


def _shown(text: str, at: int) -> str:
    return " ".join(text[at : at + 60].split())

"""Paragraph and character styles of a docx (ECMA-376 part 1, 17.7): what a paragraph inherits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element as Element

#: Strict files say the same in a namespace of their own; `word` rewrites them to this one.
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 50  # styles that one is based on, directly and indirectly
OFF = ("0", "false", "off")


class Style(NamedTuple):
    """A style: its name in English lower case, what it is based on, and the properties it sets itself."""

    name: str
    based_on: str
    paragraph: Element | None
    run: Element | None


def value(element: Element | None, *path: str) -> str | None:
    """@w:val of the element at `path` below; "" where it has none, None where there is no such element."""
    for name in path:
        element = None if element is None else element.find(W + name)
    return None if element is None else element.get(W + "val", "")


def is_on(element: Element | None, *path: str) -> bool | None:
    """A toggle property: True, False, or None where it is not set."""
    found = value(element, *path)
    return None if found is None else found not in OFF


class Styles:
    """All styles of a document."""

    def __init__(self, root: Element | None) -> None:
        """`root`: styles.xml, or None where there is none."""
        self.all: dict[str, Style] = {}
        self.default = ""
        for found in root.iterfind(W + "style") if root is not None else ():
            key = found.get(W + "styleId", "")
            name = (value(found, "name") or "").lower()
            self.all[key] = Style(name, value(found, "basedOn") or "", found.find(W + "pPr"), found.find(W + "rPr"))
            if found.get(W + "type") == "paragraph" and found.get(W + "default") in ("1", "true", "on"):
                self.default = key

    def chain(self, key: str) -> Iterator[tuple[str, Style]]:
        """The style and those it is based on, nearest first; the default one where there is no such style."""
        key = key if key in self.all else self.default
        for _ in range(DEEPEST):
            if key not in self.all:
                return
            yield key, self.all[key]
            key = self.all[key].based_on

    def of(self, paragraph: Element) -> str:
        """The key of a paragraph's style."""
        return value(paragraph, "pPr", "pStyle") or self.default

    def level(self, paragraph: Element) -> int:
        """The outline level of a paragraph, from 1; 0 for running text."""
        own = value(paragraph, "pPr", "outlineLvl")
        found = (
            own
            if own is not None
            else next(
                (
                    level
                    for _, s in self.chain(self.of(paragraph))
                    if (level := value(s.paragraph, "outlineLvl")) is not None
                ),
                "",
            )
        )
        return int(found) + 1 if found.isascii() and found.isdigit() and int(found) < 9 else 0

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph is a line of a table of contents that Word made."""
        return any(style.name.startswith("toc ") for _, style in self.chain(self.of(paragraph)))

    def hides(self, properties: Element | None, paragraph: Element) -> bool:
        """Whether a run with these properties, in this paragraph, is hidden text (w:vanish)."""
        own = is_on(properties, "vanish")
        if own is not None:
            return own
        styled = (value(properties, "rStyle"), self.of(paragraph))
        for key in (key for key in styled if key):
            for _, style in self.chain(key):
                if (on := is_on(style.run, "vanish")) is not None:
                    return on
        return False

"""The numbers that Word shows and does not hold in the text (ECMA-376 part 1, 17.9): 一、 （一） 1. 第一章."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element as Element

from .numeral_forms import as_numeral
from .styles import Styles, W, is_on, value

LEVELS = 9
BULLETS = ("bullet", "none")


class Level(NamedTuple):
    """How one level of a list is numbered.  `restart`: the level (from 1) that restarts it, 0 for none."""

    start: int
    form: str
    text: str
    gap: str  # between the number and the text: "tab", "space" or "nothing"
    restart: int
    plain: bool  # w:isLgl: all numbers as 1, 2, 3
    style: str  # the paragraph style that is bound to this level


class List(NamedTuple):
    """A list as w:num defines it: the counters it shares with others, its levels, and where it starts afresh."""

    counters: str
    levels: dict[int, Level]
    starts: dict[int, int]


class Numbers:
    """Counts through one document.  Ask for its paragraphs in their order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """`root`: numbering.xml, or None where there is none."""
        self.styles = styles
        self.unknown: set[str] = set()  # numbering forms that are shown as 1, 2, 3
        self._abstract: dict[str, Element] = {}
        self._num: dict[str, Element] = {}
        for found in root if root is not None else ():
            if found.tag == W + "abstractNum":
                self._abstract[found.get(W + "abstractNumId", "")] = found
            elif found.tag == W + "num":
                self._num[found.get(W + "numId", "")] = found
        self._lists: dict[str, List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def next(self, paragraph: Element) -> str:
        """The number that stands before the paragraph, with the gap after it; "" for none and for a bullet."""
        key, depth = self._place(paragraph)
        if key is None or (found := self._list(key)) is None or depth not in found.levels:
            return ""
        level = found.levels[depth]
        counts = self._counts.setdefault(found.counters, {})
        if key not in self._begun:
            self._begun.add(key)
            for index in found.starts:
                counts.pop(index, None)
        counts[depth] = counts[depth] + 1 if depth in counts else self._start(found, depth)
        for deeper in [index for index in counts if index > depth]:
            lower = found.levels.get(deeper)
            restart = lower.restart if lower else deeper
            if restart and depth < restart:
                del counts[deeper]
        if level.form in BULLETS and "%" not in level.text:
            return ""
        if "?" in level.text or "？" in level.text:  # a mark that some program could not write
            self.unknown.add(level.text)
        shown = re.sub(r"%([1-9])", lambda m: self._numeral(found, level, counts, int(m[1]) - 1), level.text)
        return shown + {"tab": " ", "space": " "}.get(level.gap, "") if shown.strip() else ""

    def _numeral(self, found: List, level: Level, counts: dict[int, int], depth: int) -> str:
        """The number of the list's level `depth` as printed; a level that was not counted yet shows its start."""
        asked = found.levels.get(depth)
        if asked is None:
            return ""
        number = counts.get(depth, self._start(found, depth))
        shown = as_numeral(number, "decimal" if level.plain else asked.form)
        if shown is None:
            self.unknown.add(asked.form)
            return str(number)
        return shown

    @staticmethod
    def _start(found: List, depth: int) -> int:
        return found.starts.get(depth, found.levels[depth].start)

    def _place(self, paragraph: Element) -> tuple[str | None, int]:
        """The list and level of a paragraph, its own or its style's; (None, 0) for a paragraph outside lists."""
        own_list, own_level = value(paragraph, "pPr", "numPr", "numId"), value(paragraph, "pPr", "numPr", "ilvl")
        style, styled_list, styled_level = self._styled(self.styles.of(paragraph))
        key = own_list if own_list is not None else styled_list
        if not key or key == "0":
            return None, 0
        if own_level is not None:
            return key, _number(own_level, 0)
        if own_list is None and styled_level is not None:
            return key, _number(styled_level, 0)
        found = self._list(key)
        bound = (
            (depth for depth, level in found.levels.items() if level.style == style) if found and style else iter(())
        )
        return key, next(bound, 0)

    def _styled(self, key: str) -> tuple[str, str | None, str | None]:
        """The style that puts its paragraphs into a list, that list and the level, where any style of the chain does."""
        for name, style in self.styles.chain(key):
            found = value(style.paragraph, "numPr", "numId")
            if found is not None:
                return name, found, value(style.paragraph, "numPr", "ilvl")
        return "", None, None

    def _list(self, key: str) -> List | None:
        """The list `key`; None where nothing defines it."""
        if key not in self._lists:
            self._lists[key] = self._made(key)
        return self._lists[key]

    def _made(self, key: str) -> List | None:
        num = self._num.get(key)
        name, abstract = self._definition(num)
        if num is None or abstract is None:
            return None
        levels = dict(_levels(abstract))
        starts: dict[int, int] = {}
        for override in num.iterfind(W + "lvlOverride"):
            depth = _number(override.get(W + "ilvl"), -1)
            again = override.find(W + "lvl")
            if again is not None and 0 <= depth < LEVELS:
                levels[depth] = _level(again, depth)
            first = value(override, "startOverride")
            if first is not None and 0 <= depth < LEVELS:
                starts[depth] = _number(first, 1)
        return List(name, levels, {depth: first for depth, first in starts.items() if depth in levels})

    def _definition(self, num: Element | None) -> tuple[str, Element | None]:
        """The abstract list behind a list, through the numbering style that stands for it (w:numStyleLink)."""
        for _ in range(LEVELS):
            name = value(num, "abstractNumId") or ""
            abstract = self._abstract.get(name)
            link = value(abstract, "numStyleLink")
            if not link:
                return name, abstract
            linked = self.styles.all.get(link)
            num = self._num.get(value(linked.paragraph, "numPr", "numId") or "") if linked else None
        return "", None


def _levels(abstract: Element) -> Iterator[tuple[int, Level]]:
    for found in abstract.iterfind(W + "lvl"):
        depth = _number(found.get(W + "ilvl"), -1)
        if 0 <= depth < LEVELS:
            yield depth, _level(found, depth)


def _level(found: Element, depth: int) -> Level:
    form = value(found, "numFmt")
    if form is None:  # mc:AlternateContent: the fallback is what every program knows
        last = [element.get(W + "val", "") for element in found.iter(W + "numFmt")]
        form = last[-1] if last else "decimal"
    return Level(
        start=_number(value(found, "start"), 0),
        form=form,
        text=value(found, "lvlText") or "",
        gap=value(found, "suff") or "tab",
        restart=_number(value(found, "lvlRestart"), depth),
        plain=is_on(found, "isLgl") is True,
        style=value(found, "pStyle") or "",
    )


def _number(text: str | None, default: int) -> int:
    """A whole number of at most six digits, or `default`."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text, re.A) else default

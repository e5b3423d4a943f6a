"""The text of one paragraph of a docx as its readers see it (ECMA-376 part 1, 17.3 and 17.16)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ...chars import is_text
from .styles import Styles, W

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: What holds runs and shows them as they are.
HOLDERS = frozenset(
    W + name for name in ("hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo")
)
#: Elements that are a character or a line end.
SIGNS = {
    "tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "-", "softHyphen": "",
}  # fmt: skip
#: Characters of Wingdings, Wingdings 2 and Symbol that stand for checked boxes and list marks.
SYMBOLS = {
    0x52: "☑", 0x53: "☒", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "⬥",
    0x9F: "•", 0xA3: "□", 0xA7: "▪", 0xA8: "□", 0xB7: "•", 0xD8: "➢", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0xB4: "×", 0xB8: "÷", 0xB0: "°", 0xB1: "±", 0xA5: "∞", 0xB3: "≥", 0xB9: "≠",
}  # fmt: skip
_SYMBOL_FONT_ONLY = frozenset((0xB4, 0xB8, 0xB0, 0xB1, 0xA5, 0xB3, 0xB9))
_AUTOMATIC = re.compile(r"\s*(?:AUTONUM|AUTONUMLGL|AUTONUMOUT|LISTNUM)\b", re.I)
_SPACES = re.compile(r"[\t\r\n\f\v]+")
_ENDS = re.compile("[\x85\u2028\u2029]")


@dataclass
class Shown:
    """What a paragraph shows: its text, whether Word made it as a line of contents, its text boxes and its notes."""

    parts: list[str] = field(default_factory=list)
    contents: bool = False
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass
class Field:
    """A complex field that is open: its code so far, and whether its result has begun."""

    code: str = ""
    result: bool = False


class Runs:
    """Reads paragraphs in the order of the document: a field may begin in one and end in another."""

    def __init__(self, styles: Styles, found: Counter[str]) -> None:
        """`found` counts what the maintainer is told: inserted, deleted, hidden, automatic."""
        self.styles = styles
        self.found = found
        self.open: list[Field] = []

    def read(self, paragraph: Element) -> Shown:
        """What the paragraph shows."""
        shown = Shown(contents=self._in_contents())
        self._inline(paragraph, paragraph, shown)
        shown.contents = shown.contents or self._in_contents()
        return shown

    def _in_contents(self) -> bool:
        return any(opened.code.strip().upper().startswith("TOC") for opened in self.open)

    def _inline(self, parent: Element, paragraph: Element, shown: Shown) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, paragraph, shown)
            elif tag in HOLDERS:
                self._inline(child, paragraph, shown)
            elif tag in (W + "ins", W + "moveTo"):
                self.found["inserted"] += 1
                self._inline(child, paragraph, shown)
            elif tag in (W + "del", W + "moveFrom"):
                self.found["deleted"] += 1
            elif tag == W + "sdt":
                content = child.find(W + "sdtContent")
                if content is not None:
                    self._inline(content, paragraph, shown)
            elif tag == MC + "AlternateContent":
                for chosen in chosen_of(child):
                    self._inline(chosen, paragraph, shown)
            elif isinstance(tag, str) and tag.startswith(MATH):
                shown.parts.extend(element.text or "" for element in child.iter(MATH_TEXT))

    def _run(self, run: Element, paragraph: Element, shown: Shown) -> None:
        properties = run.find(W + "rPr")
        hidden = self.styles.hides(properties, paragraph)
        if hidden and any((element.text or "").strip() for element in run.iter(W + "t")) and not self._in_code():
            self.found["hidden"] += 1
        self._content(run, paragraph, shown, hidden)

    def _content(self, run: Element, paragraph: Element, shown: Shown, hidden: bool) -> None:
        for child in run:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            name = tag.removeprefix(W)
            if name == "fldChar":
                self._field(child.get(W + "fldCharType", ""))
            elif name == "instrText":
                if self.open:
                    self.open[-1].code += child.text or ""
            elif self._in_code() or hidden:
                continue
            elif name == "t":
                shown.parts.append(_ENDS.sub("\n", _SPACES.sub(" ", child.text or "")))
            elif name in SIGNS:
                shown.parts.append(SIGNS[name])
            elif name == "sym":
                shown.parts.append(_symbol(child))
            elif name in ("footnoteReference", "endnoteReference"):
                shown.notes.append((name.removesuffix("Reference"), child.get(W + "id", "")))
            elif name == "ruby":
                for base in child.iterfind(W + "rubyBase"):
                    self._inline(base, paragraph, shown)
            elif name in ("drawing", "pict", "object"):
                shown.boxes.extend(_outermost(child))
            elif tag == MC + "AlternateContent":
                for chosen in chosen_of(child):
                    self._content(chosen, paragraph, shown, hidden)

    def _in_code(self) -> bool:
        return any(not opened.result for opened in self.open)

    def _field(self, kind: str) -> None:
        """A complex field begins, shows its result from here on, or ends."""
        if kind == "begin":
            self.open.append(Field())
        elif kind == "separate" and self.open:
            self.open[-1].result = True
        elif kind == "end" and self.open:
            done = self.open.pop()
            self.found["automatic"] += bool(_AUTOMATIC.match(done.code))


def chosen_of(alternate: Element) -> Iterator[Element]:
    """The one of mc:Choice and mc:Fallback that is read; both hold the same text."""
    found = alternate.find(MC + "Choice")
    found = found if found is not None else alternate.find(MC + "Fallback")
    if found is not None:
        yield found


def _outermost(drawing: Element) -> Iterator[Element]:
    """The text boxes of a drawing; what stands in a fallback or inside another box is read with that, or not twice."""
    stack = [drawing]
    while stack:
        element = stack.pop()
        if element.tag == W + "txbxContent":
            yield element
        elif element.tag == MC + "AlternateContent":
            stack.extend(chosen_of(element))
        else:
            stack.extend(reversed(element))


def _symbol(element: Element) -> str:
    """A character of a symbol font; one that stands for nothing known stays in the private area and is flagged.

    U+FFFD for what is no character at all.
    """
    text = element.get(W + "char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,4}", text):
        return ""
    code = int(text, 16)
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    font = element.get(W + "font", "").lower()
    if low in SYMBOLS and ("symbol" in font or ("wingdings" in font and low not in _SYMBOL_FONT_ONLY)):
        return SYMBOLS[low]
    if chr(code).isspace():
        return " "
    return chr(code) if is_text(chr(code)) else "\ufffd"

"""Whether a page is a notice at all: the rules of reject.toml, and the last resort for pages of a few words.

What a page is, is told from all it shows and from its source; what a notice is, from its own prose.  A notice that
speaks of captchas, sign-in or 404 pages in its tasks is none of the pages that these rules know.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cached_property

from ..chars import fold, han_count, squeeze
from ..cleaning.characters import MOST_LOST, lost_count
from ..errors import Unreadable
from ..model import Block, Document, Problem
from ..rules import Reject, Rules
from .carried import refuse_carrier
from .farm import about_a_plan, whole_page
from .front import Parts, close_kind

MIN_HAN = 80  # fewer characters than this are no notice
SHORT = 400  # fewer than this are one only with a title and a date
SHORT_PROSE, LONG_PROSE = 80, 300  # Han characters of prose that make a notice: with a title and clauses, with a title
ENOUGH = 1000  # of them, beyond which no rule asks how many
MAX_SHOWN = 30  # characters of a page's own words in a message
_UNSEEN = frozenset(("html-script", "html-comment", "html-markup", "html-form", "html-space"))
#: Words to the reader of a web page.  No sentence with one counts as official prose.
_TO_READER = re.compile(
    "您|浏览器|刷新(?:本|页|重)|本网?站|本平台|验证码|重新登录|点击(?:这里|此处|返回)|IP地址|网络管理员"
)
_SENTENCE = re.compile("[。；;]")


class Evidence:
    """What tells whether a clean document is a notice; each part is made when a rule first asks for it."""

    def __init__(self, document: Document, parts: Parts) -> None:
        self.document = document
        self.parts = parts

    @cached_property
    def title(self) -> str:
        """The page's own <title>; "" for a text."""
        return next((hint.value.strip() for hint in self.document.hints if hint.name == "<title>"), "")

    @cached_property
    def page(self) -> str:
        """All text of the file, also what lies around the body or was removed as furniture."""
        text = self.document.text
        if self.document.source.media != "html":
            return fold(text)
        shown = ("\n" if p.rule in _UNSEEN else text[p.start : p.end] for p in self.document.pieces)
        return fold(html.unescape("".join(shown)))

    @cached_property
    def text(self) -> str:
        """The clean text."""
        return fold(self.document.published)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the clean text, without white space."""
        return [squeeze(line) for line in self.document.published.split("\n") if line.strip()]

    @cached_property
    def prose(self) -> int:
        """Han characters in sentences that do not speak to the reader of a page; counted up to ENOUGH."""
        count = 0
        for block in self.document.blocks:
            count += han_count(block.text) if _is_prose(block) else 0
            if count >= ENOUGH:
                break
        return count

    @cached_property
    def addressed(self) -> int:
        """Han characters in lines that speak to the reader of a page."""
        return sum(han_count(b.text) for b in self.document.blocks if _TO_READER.search(b.text))

    @property
    def is_notice(self) -> bool:
        """Whether a plan's title is printed with clauses below it, or with much prose."""
        clauses = self.parts.first < self.parts.close
        return self.parts.title >= 0 and self.prose >= (SHORT_PROSE if clauses else LONG_PROSE)

    def found(self, rule: Reject) -> str:
        """The words of the page that `rule` knows; "" where it does not hold."""
        if rule.where == "line":
            known = [line for line in self.lines if rule.pattern.fullmatch(fold(line))]
            return known[0] if len(known) >= max(rule.min, len(self.lines) / 2) else ""
        searched = {
            "title": self.title,
            "page": self.page,
            "text": self.text,
            "source": self.document.text,
        }[rule.where]
        if rule.always:  # what a file is, its first characters say
            match = rule.pattern.match(searched)
            return match[0].strip() if match else ""
        words = ""
        for number, match in enumerate(rule.pattern.finditer(searched), 1):
            words = words or match[0].strip() or " "
            if number >= rule.min:
                return words
        return ""


def _is_prose(block: Block) -> bool:
    return bool(_SENTENCE.search(block.text)) and not _TO_READER.search(block.text)


def refuse(document: Document, parts: Parts, rules: Rules) -> None:
    """Quarantine what is no notice.  Raises Unreadable with the reason and the next step."""
    evidence = Evidence(document, parts)
    for rule in rules.rejects:
        words = _known(rule, evidence)
        if words:
            if rule.where == "source":
                refuse_carrier(document, parts)  # names the file, where the page does
            raise Unreadable(rule.id, f"{rule.reason}{_told(rule, words, document)}。{rule.advice}。")
    whole_page(document, parts.title, parts.close, rules)
    _too_much_lost(document)
    _nothing_left(evidence, rules)


def _known(rule: Reject, evidence: Evidence) -> str:
    """The words by which `rule` knows the page; the cheap questions are asked first."""
    if not rule.always and (evidence.is_notice or ENOUGH > rule.max_han <= evidence.prose):
        return ""
    return evidence.found(rule)


def _told(rule: Reject, words: str, document: Document) -> str:
    """The place and the words, for the person who looks; none of the source code."""
    if rule.where in ("source", "text"):
        return ""
    if rule.where == "title":
        return f"（网页标题：“{words[:MAX_SHOWN]}”）"
    line = document.line_of(at) if (at := document.text.find(words)) >= 0 else _line_with(document, words)
    return f"（第 {line} 行：“{words[:MAX_SHOWN]}”）"


def _line_with(document: Document, text: str) -> int:
    return next((block.line for block in document.blocks if text in squeeze(block.text)), 1)


def _too_much_lost(document: Document) -> None:
    """A text of which more than MOST_LOST of its characters cannot be read is of no use to anybody."""
    text = document.published
    lost = lost_count(text)
    if lost and lost > MOST_LOST * ((size := han_count(text)) + lost):
        raise Unreadable(
            "garbled",
            f"有 {lost} 个字读不出（乱码或缺字），只有 {size} 个汉字完好，没有发布。请打开原网页，确认文字正常，再保存一次。",
        )


def _nothing_left(evidence: Evidence, rules: Rules) -> None:
    """The last resort: hardly any text, or a few words without a clause."""
    document, parts = evidence.document, evidence.parts
    if parts.first < parts.close and len(document.published) > 4 * MIN_HAN:
        return
    refuse_carrier(document, parts)
    size = han_count(document.published)
    if parts.title < 0 and evidence.prose < SHORT_PROSE and evidence.addressed * 2 > max(size, 1):
        raise Unreadable(
            "to-visitor",
            "文字是网站对访问者说的话（提示、说明或出错信息），不是通知。请打开原网页，看到通知正文以后再保存。",
        )
    if parts.first < parts.close and len(document.published) > 4 * MIN_HAN:
        return
    if size < MIN_HAN:
        raise Unreadable(
            "no-text",
            f"去掉网页上的导航和按钮后只剩 {size} 个汉字，没有通知正文。请打开原网页，确认正文已显示，再保存一次。",
        )
    if parts.first < parts.close:
        return
    listing = evidence.prose < SHORT_PROSE and not any(block.kind == "table" for block in document.blocks)
    if (listing and size >= SHORT) or (size < SHORT and not _has_frame(document, parts, rules)):
        if (about := about_a_plan(document, parts.first, rules)) is not None:
            raise Unreadable(
                about.id, f"{about.said}（第 {about.line} 行起）。请在网站上找它说的那份通知，再放入 raw/。"
            )
        raise Unreadable(
            "no-clauses",
            "没有找到任何编号条款，成句的文字也很少，不像一份工作要点。请确认保存的是通知正文页，而不是列表页或登录页。",
        )


def _has_frame(document: Document, parts: Parts, rules: Rules) -> bool:
    """Whether a plan's title is printed, and a date line, an addressee or a table with it: short, but a notice."""
    blocks = document.blocks
    dated = any(close_kind(b, rules) in ("date", "signature-date") or b.kind == "table" for b in blocks)
    return parts.title >= 0 and dated


def title_doubt(document: Document, rules: Rules) -> Iterator[Problem]:
    """A notice is there, and yet the page's own title says that it is another page: somebody should look."""
    hints = [hint for hint in document.hints if hint.name == "<title>"]
    for hint in hints[:1]:
        rule = next((r for r in rules.rejects if r.where == "title" and r.pattern.search(hint.value.strip())), None)
        if rule:
            detail = f"{rule.reason.split('，')[0]}，但页面里有通知正文，已经发布。请对照原网页，看正文是否完整、是不是这份通知。"
            yield Problem("review", f"title-{rule.id}", hint.line, detail)

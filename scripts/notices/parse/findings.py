"""What a person should know of a parsed document: that it is cut off, what is damaged, hidden or doubtful."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..chars import HAN_RE, han_count, squeeze
from ..model import Clause, Document, Problem
from ..rules import Rules
from .damage import NOTES, end_mark_lost
from .farm import doubts
from .front import Parts
from .labels import label_of
from .refuse import title_doubt

MIN_CLAUSE = 20  # characters of a line left out before it can look like a clause
REVIEW = {"title-uncertain", "truncated"}
_TAG = re.compile(r"<[^<>]*>")


def mark_end(clauses: list[Clause], document: Document, parts: Parts, rules: Rules) -> list[Clause]:
    """Mark the last clause as truncated where the file ends in the middle of a sentence."""
    if not clauses or parts.close < len(document.blocks) or not _ends_file(document):
        return clauses
    last = clauses[-1]
    if last.paragraphs and rules.responsible.search(last.paragraphs[-1].text):
        return clauses
    if last.paragraphs and last.paragraphs[-1].kind == "table":
        return clauses
    if not last.paragraphs or not end_mark_lost(last.paragraphs[-1].text):
        tail = last.paragraphs[-1].text if last.paragraphs else ""
        if "unclosed" not in last.damage or tail.endswith(("。", "！")):
            return clauses
    damage = tuple(kind for kind in last.damage if kind != "end-mark-lost")
    return [*clauses[:-1], replace(last, damage=(*damage, "truncated"))]


def _ends_file(document: Document) -> bool:
    """Whether nothing but white space follows the last block in the source."""
    last = document.blocks[-1].pieces[-1].end
    return not any(p.start >= last and document.text[p.start : p.end].strip() for p in document.removed)


def problems_of(clauses: Sequence[Clause], document: Document, parts: Parts, rules: Rules) -> Iterator[Problem]:
    for clause in clauses:
        for kind in clause.damage:
            if kind == "character-lost":  # the line itself is flagged for review already
                continue
            severity = "review" if kind in REVIEW else "note"
            advice = "请对照原网页，看后面还有没有。" if kind == "truncated" else ""
            yield Problem(severity, kind, clause.line, f"{_name(clause)}：{NOTES[kind]}。{advice}")
    numbered = [clause for clause in clauses if clause.style]
    if not numbered:
        yield Problem("review", "no-clauses", 1, "没有找到任何编号条款，全文作为一整段发布。请核对原文的编号写法。")
    yield from _hidden_clauses(document, rules)
    yield from title_doubt(document, rules)
    yield from doubts(document, parts.first, parts.close, rules)
    if (
        numbered
        and parts.close >= len(document.blocks)
        and _ends_file(document)
        and "truncated" not in numbered[-1].damage
    ):
        detail = "正文之后没有落款、附件，也没有网页页脚，不能确认是否收全。请对照原网页核对结尾。"
        yield Problem("note", "end-unconfirmed", numbered[-1].line, detail)


def _hidden_clauses(document: Document, rules: Rules) -> Iterator[Problem]:
    """Text of a web page that was left out and yet looks like a clause: hidden, or outside the body that was chosen."""
    if document.source.media != "html":
        return
    shown = ""
    for piece in document.pieces:
        if piece.end - piece.start < MIN_CLAUSE or not piece.rule.startswith("html-") or piece.text.strip():
            continue
        if piece.rule in ("html-script", "html-comment"):
            continue
        if not HAN_RE.search(document.text, piece.start, piece.end):
            continue
        for line in html.unescape(_TAG.sub("\n", document.text[piece.start : piece.end])).split("\n"):
            text = line.strip()
            if han_count(text) < MIN_CLAUSE or not label_of(text, rules):
                continue
            shown = shown or squeeze(document.published)
            if squeeze(text) not in shown:
                detail = f"网页里有一段没有发布的文字像是条款：“{text[:24]}……”。请对照原网页，看它是不是正文。"
                yield Problem("review", "hidden-clause", document.line_of(piece.start), detail)


def _name(clause: Clause) -> str:
    if clause.style:
        return f"条款 {clause.anchor}（{clause.label}{clause.title[:20]}）"
    return {"cover": "印发通知", "preamble": "总述", "sign": "落款"}[clause.anchor]

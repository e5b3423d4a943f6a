"""What a person should know of a parsed document: that it is no notice, that it is cut off, what is damaged or hidden."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..chars import HAN_RE, han_count, squeeze
from ..errors import Unreadable
from ..model import Clause, Document, Problem
from ..rules import Rules
from .damage import NOTES, end_mark_lost
from .front import Parts, close_kind
from .labels import label_of

MIN_HAN = 80  # fewer characters than this are no notice
MIN_CLAUSE = 20  # characters of a line left out before it can look like a clause
REVIEW = {"title-uncertain", "truncated"}
_TAG = re.compile(r"<[^<>]*>")


def refuse(document: Document, parts: Parts, rules: Rules) -> None:
    """Quarantine what holds no notice: nothing left, or a page of a few words without a clause."""
    if parts.first < parts.close and len(document.published) > 4 * MIN_HAN:
        return
    size = han_count(document.published)
    for reject in rules.rejects:
        found = reject.pattern.search(document.published)
        if found and parts.first >= parts.close and size < reject.max_han:
            raise Unreadable(
                reject.id, f"{reject.reason}（第 {_line_with(document, found[0])} 行：“{found[0]}”）。{reject.advice}。"
            )
    if size < MIN_HAN:
        raise Unreadable(
            "no-text",
            f"去掉网页上的导航和按钮后只剩 {size} 个汉字，没有通知正文。请打开原网页，确认正文已显示，再保存一次。",
        )
    if parts.first >= parts.close and size < 400 and not _has_frame(document, parts, rules):
        raise Unreadable(
            "no-clauses",
            "没有找到任何编号条款，文字也很短，不像一份工作要点。请确认保存的是通知正文页，而不是列表页或登录页。",
        )


def _has_frame(document: Document, parts: Parts, rules: Rules) -> bool:
    """Whether a plan's title is printed, and a date line, an addressee or a table with it: short, but a notice."""
    blocks = document.blocks
    dated = any(close_kind(b, rules) in ("date", "signature-date") or b.kind == "table" for b in blocks)
    return parts.title >= 0 and dated


def _line_with(document: Document, text: str) -> int:
    return next((block.line for block in document.blocks if text in block.text), 1)


def mark_end(clauses: list[Clause], document: Document, parts: Parts, rules: Rules) -> list[Clause]:
    """Mark the last clause as truncated where the file ends in the middle of a sentence."""
    if not clauses or parts.close < len(document.blocks) or not _ends_file(document):
        return clauses
    last = clauses[-1]
    if last.paragraphs and rules.responsible.search(last.paragraphs[-1].text):
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
            severity = "review" if kind in REVIEW else "note"
            yield Problem(severity, kind, clause.line, f"{_name(clause)}：{NOTES[kind]}。")
    numbered = [clause for clause in clauses if clause.style]
    if not numbered:
        yield Problem("review", "no-clauses", 1, "没有找到任何编号条款，全文作为一整段发布。请核对原文的编号写法。")
    yield from _hidden_clauses(document, rules)
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
    shown = squeeze(document.published)
    for piece in document.pieces:
        cut = piece.rule.startswith("html-") and piece.rule not in ("html-script", "html-comment")
        if not cut or piece.text.strip() or piece.end - piece.start < MIN_CLAUSE:
            continue
        if not HAN_RE.search(document.text, piece.start, piece.end):
            continue
        for line in html.unescape(_TAG.sub("\n", document.text[piece.start : piece.end])).split("\n"):
            text = line.strip()
            if han_count(text) >= MIN_CLAUSE and label_of(text, rules) and squeeze(text) not in shown:
                detail = f"网页里有一段没有发布的文字像是条款：“{text[:24]}……”。请对照原网页，看它是不是正文。"
                yield Problem("review", "hidden-clause", document.line_of(piece.start), detail)


def _name(clause: Clause) -> str:
    if clause.style:
        return f"条款 {clause.anchor}（{clause.label}{clause.title[:20]}）"
    return {"cover": "印发通知", "preamble": "总述", "sign": "落款"}[clause.anchor]

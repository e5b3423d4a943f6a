"""Page furniture: navigation, share bars, counters, footers and forms, removed by the rules of boilerplate.toml.

The body zone runs from the first numbered clause to the last numbered clause or real sentence; only
`any` rules reach into it, so a task that speaks of 打印 or 版权 is safe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..chars import fold, squeeze
from ..fields import is_info_line
from ..ledger import Change, drop, substitute
from ..model import Block, Document, Piece
from ..parse.labels import label_of
from ..rules import Boilerplate, Rules

MAX_LINE, MAX_PART, MIN_SENTENCE = 80, 200, 12
_SENTENCE_END = re.compile(r"[。；;！!]['”’）)」】]*$")
_EDGE = re.compile(r"^\s+|\s+$")


def furniture(document: Document, rules: Rules) -> Document:
    """The document without page furniture; every removal carries its rule's id.

    Unmistakable strings go first: a footer's sentence must not stretch the body zone.
    """
    removed = list(document.removed)
    head, tail = (_applicable(rules, zone, ("line", "part")) for zone in ("head", "tail"))
    anywhere = _applicable(rules, "any", ("line", "part"))
    stripped = (_strip(block, anywhere, removed) for block in document.blocks)
    blocks = _lead_in([block for block in stripped if block is not None], rules, removed)
    blocks = _without_lists(blocks, rules, removed)
    first, last = body_zone(blocks, rules)
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        reaching = head if index < first else tail if index > last else ()
        shorter = _strip(block, reaching, removed)
        if shorter is not None:
            kept.append(shorter)
    return replace(document, blocks=tuple(kept), removed=tuple(removed))


def body_zone(blocks: list[Block], rules: Rules) -> tuple[int, int]:
    """Indices of the first numbered clause and of the last clause or sentence; (len, -1) where there is none."""
    numbered = [i for i, block in enumerate(blocks) if is_numbered(block, rules)]
    if not numbered:
        sentences = [i for i, block in enumerate(blocks) if is_sentence(block)]
        return (sentences[0], sentences[-1]) if sentences else (len(blocks), -1)
    last = max([numbered[-1], *(i for i, block in enumerate(blocks) if is_sentence(block))])
    return numbered[0], last


def is_numbered(block: Block, rules: Rules) -> bool:
    """Whether the line starts with a clause number."""
    if block.kind not in ("text", "heading"):
        return False
    return label_of(block.text, rules) is not None


def is_sentence(block: Block) -> bool:
    """A table with text, or a line of at least 12 characters that ends as a sentence does."""
    if block.kind == "table":
        return True
    return len(block.text) >= MIN_SENTENCE and bool(_SENTENCE_END.search(block.text))


def _applicable(rules: Rules, zone: str, kinds: tuple[str, ...]) -> tuple[Boilerplate, ...]:
    """The rules of these kinds for `zone` ("any", "head" or "tail"), in their order; the edges are head and tail."""
    zones = (zone,) if zone == "any" else (zone, "edge")
    return tuple(rule for rule in rules.boilerplate if rule.kind in kinds and rule.zone in zones)


def _strip(block: Block, applicable: tuple[Boilerplate, ...], removed: list[Piece]) -> Block | None:
    """The block without furniture; None where nothing of it is left."""
    if block.kind == "table" or len(block.text) > MAX_PART:
        return block
    flat = squeeze(block.text)
    for rule in applicable:
        if rule.kind == "line" and len(flat) <= MAX_LINE and rule.pattern.fullmatch(flat):
            removed.extend(drop(block, rule.id))
            return None
        if rule.kind == "part" and rule.pattern.search(block.text):
            spots = [m.span() for m in rule.pattern.finditer(block.text) if m.end() > m.start()]
            if not spots:
                continue
            block = substitute(block, [Change(a, b, "", rule.id) for a, b in spots])
            block = substitute(block, [Change(m.start(), m.end(), "", rule.id) for m in _EDGE.finditer(block.text)])
            seams = (m for m in re.finditer(r"\s{2,}", block.text))
            block = substitute(block, [Change(m.start() + 1, m.end(), "", rule.id) for m in seams])
            if not block.text:
                removed.extend(drop(block, rule.id))
                return None
            flat = squeeze(block.text)
    return block


def _without_lists(blocks: list[Block], rules: Rules, removed: list[Piece]) -> list[Block]:
    """Cut what a `from` rule opens (相关文章, a comment form) together with everything below it.

    Refused where anything of the notice follows.  Done before the body zone is measured: the numbered
    titles of a related list are no clauses.
    """
    openers = [rule for rule in rules.boilerplate if rule.kind == "from"]
    first = next((i for i, block in enumerate(blocks) if is_numbered(block, rules)), 0)
    for index in range(first + 1, len(blocks)):
        if len(blocks[index].text) > MAX_LINE or blocks[index].kind == "table":
            continue
        flat = squeeze(blocks[index].text)
        rule = next((r for r in openers if r.pattern.fullmatch(flat)), None)
        if rule and not _notice_follows(blocks[index + 1 :], rules):
            for block in blocks[index:]:
                removed.extend(drop(block, rule.id))
            return blocks[:index]
    return blocks


def _notice_follows(blocks: Sequence[Block], rules: Rules) -> bool:
    """Whether a table, a sentence of the notice, a signature or an annex stands among the blocks."""
    for block in blocks:
        folded = fold(block.text)
        if block.kind == "table" or any(pattern.search(folded) for _, pattern in rules.closes):
            return True
        if is_numbered(block, rules) and (len(block.text) > 60 or is_sentence(block)):
            return True
        if len(block.text) > 60 and is_sentence(block) and "。" in block.text:
            return True
    return False


def _lead_in(blocks: list[Block], rules: Rules, removed: list[Piece]) -> list[Block]:
    """Drop a reposting site's words above 原文如下 but keep its date and source."""
    openers = [rule for rule in rules.boilerplate if rule.kind == "until"]
    first, _ = body_zone(blocks, rules)
    for index in range(first - 1, -1, -1):
        flat = squeeze(blocks[index].text)
        rule = next((r for r in openers if len(flat) <= MAX_LINE and r.pattern.fullmatch(flat)), None)
        if rule is None:
            continue
        kept = []
        for above in blocks[: index + 1]:
            if is_info_line(above.text, rules):
                kept.append(above)
            else:
                removed.extend(drop(above, rule.id))
        return kept + blocks[index + 1 :]
    return blocks

"""Lines that one text was broken into: titles set over several lines, and hard-wrapped paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace

from ..chars import HAN, fold, han_count
from ..fields import bare_label, is_info_line
from ..ledger import join, merge
from ..model import Block, Document
from ..parse.labels import label_of
from ..rules import Rules
from .furniture import is_numbered

_TERMINAL = re.compile(r"[。；;！!？?：:”》）)】〕］\]…]$")
_TITLE_END = re.compile(r"(?:通\s*知|要点|计划|方案|意见|安排|办法|规定|细则|清单|函|公告|通报)[》)）]?$")
_OPENS_TITLE = re.compile(r"(?:关于|印发|转发|下发|发布)")
#: Punctuation, a date, or words in a row as in a bar of links: 首页 关于施秉 信息发布.
_NOT_A_TITLE = re.compile(rf"[，。；,;|>]|[0-9]{{4}}-[0-9]|[{HAN}]{{2,}} [{HAN}]{{2,}} [{HAN}]{{2,}}")
_SHORT = 45
WRAP_SHARE = 0.6  # of the body's lines must have the same width before they count as wrapped


def join_lines(document: Document, rules: Rules) -> Document:
    """The document with broken titles and hard-wrapped paragraphs in one block each."""
    blocks = list(document.blocks)
    while len(joined := _titles(blocks, rules)) < len(blocks):  # a title may be broken twice
        blocks = joined
    blocks = _numbers(blocks, rules)
    width = wrap_width(blocks)
    blocks = _wrapped(blocks, width, rules) if width else blocks
    blocks = _tables(_broken(blocks, rules))
    return replace(document, blocks=tuple(blocks))


def _joined(first: Block, second: Block, rule: str) -> Block:
    """Two blocks as one, with a space only between two Latin letters or digits."""
    latin = (
        first.text[-1:].isascii()
        and second.text[:1].isascii()
        and first.text[-1:].isalnum()
        and second.text[:1].isalnum()
    )
    return join(first, second, rule, " " if latin else "")


def _titles(blocks: list[Block], rules: Rules) -> list[Block]:
    """Join title lines above the first numbered clause while the title is visibly unfinished."""
    first = next((i for i, b in enumerate(blocks) if is_numbered(b, rules)), len(blocks))
    out: list[Block] = []
    for index, block in enumerate(blocks):
        if index >= first or not out:
            out.append(block)
        elif _continues(out[-1], block, rules):
            out[-1] = _joined(out[-1], block, "join-title")
        elif _needs_body(block, out, rules):
            upper = False  # joint issuers; a government stands last among them, higher up it is the site's name
            while out and is_body_name(out[-1], rules) and not block.text.startswith(out[-1].text):
                if upper and out[-1].text.endswith("人民政府"):
                    break
                upper = True
                block = _joined(out.pop(), block, "join-title")
            out.append(block)
        else:
            out.append(block)
    return out


def _numbers(blocks: list[Block], rules: Rules) -> list[Block]:
    """Join a clause number that stands alone on its line with the text below it."""
    out: list[Block] = []
    for block in blocks:
        label = label_of(out[-1].text, rules) if out and out[-1].kind == "text" else None
        alone = label is not None and label.end == len(out[-1].text) and label.style.letter not in ("ch", "a")
        if alone and block.kind == "text" and not is_numbered(block, rules):
            out[-1] = _joined(out[-1], block, "join-number")
        else:
            out.append(block)
    return out


def is_body_name(block: Block, rules: Rules) -> bool:
    """A line that is nothing but the name of a public body, spaced out or not."""
    closed = re.sub(r"\s", "", block.text)
    if block.kind == "table" or not 3 <= len(closed) <= 40 or re.search(r"[，。；：,;:《》0-9]", closed):
        return False
    return bool(rules.organisation.search(closed))


def _needs_body(block: Block, above: list[Block], rules: Rules) -> bool:
    """Whether a title lacks the issuing body that stands on the line above: 桓台县卫生健康局 / 关于印发…的通知.

    The title of a plan alone (2021年重点工作要点) counts only at the top, where no letter can have been signed.
    """
    if not is_body_name(above[-1], rules):
        return False
    if re.match(r"关\s*于\s*\S", block.text):
        return len(block.text) < 80 and not _TERMINAL.search(re.sub(r"[》）)]$", "", block.text))
    at_top = not any("。" in b.text for b in above)
    return at_top and bool(re.match(r"\d{4}\s*年", block.text)) and bool(_TITLE_END.search(block.text))


def _continues(before: Block, block: Block, rules: Rules) -> bool:
    if bare_label(before.text, rules) or bare_label(block.text, rules):
        return False
    if (
        before.kind == "table"
        or block.kind == "table"
        or (before.kind != block.kind and "outside" in (before.kind, block.kind))
    ):
        return False
    if (
        len(before.text) > 2 * _SHORT
        or len(block.text) > _SHORT
        or is_info_line(block.text, rules)
        or is_info_line(before.text, rules)
    ):
        return False
    if _TERMINAL.search(block.text) and not block.text.endswith(("》", "）", ")")):
        return False
    if re.search(r"[0-9〇零○一二三四五六七八九]{4}\s*年度?$", before.text) and not _TERMINAL.search(before.text):
        return bool(_TITLE_END.search(block.text)) and not re.match(r"\d{4}", block.text)
    if re.search(r"关\s*于|印\s*发", block.text) and re.search(r"通\s*知[》)）]?$", block.text):
        return False  # a whole title of its own
    if before.text.count("《") > before.text.count("》"):
        return (before.text + block.text).count("《") <= (before.text + block.text).count("》")
    opened = bool(_OPENS_TITLE.search(before.text)) and not _NOT_A_TITLE.search(before.text)
    if opened and not _TITLE_END.search(before.text) and not _TERMINAL.search(before.text):
        return bool(_TITLE_END.search(block.text)) and not rules.doc_number.search(fold(before.text))
    return False


def wrap_width(blocks: list[Block]) -> int:
    """The width at which paragraphs were wrapped, in characters; 0 where lines are whole paragraphs."""
    sizes = [
        len(b.text) for b in blocks if b.kind == "text" and len(b.text) >= 15 and han_count(b.text) * 2 > len(b.text)
    ]
    unfinished = [s for b, s in ((b, len(b.text)) for b in blocks) if s >= 15 and not _TERMINAL.search(b.text)]
    if len(sizes) < 12 or len(unfinished) * 2 < len(sizes):
        return 0
    widest = max(sizes)
    usual = sorted(sizes)[len(sizes) * 3 // 4]
    near = sum(abs(size - usual) <= 3 for size in sizes)
    return usual if near >= WRAP_SHARE * len(sizes) and widest <= usual + 6 else 0


def _wrapped(blocks: list[Block], width: int, rules: Rules) -> list[Block]:
    """Join a full-width line that does not end a sentence with the line below it."""
    out: list[Block] = []
    size = 0  # of the last source line in out[-1]
    for block in blocks:
        if (
            out
            and block.kind == out[-1].kind == "text"
            and size >= width - 4
            and not re.search(r"[。！？：:]$", out[-1].text)
            and not is_numbered(block, rules)
            and not is_info_line(block.text, rules)
        ):
            size = len(block.text)
            out[-1] = _joined(out[-1], block, "join-wrapped")
        else:
            size = len(block.text)
            out.append(block)
    return out


def _broken(blocks: list[Block], rules: Rules) -> list[Block]:
    """Join a long line that stops at ， or 、 with the unnumbered line below it: no paragraph ends so."""
    out: list[Block] = []
    for block in blocks:
        before = out[-1] if out else None
        if (
            before is not None
            and before.kind == block.kind == "text"
            and len(before.text) >= 15
            and before.text.endswith(("，", "、", ","))
            and not is_numbered(block, rules)
            and not is_info_line(block.text, rules)
            and not is_info_line(before.text, rules)
        ):
            out[-1] = _joined(before, block, "join-wrapped")
        else:
            out.append(block)
    return out


def _tables(blocks: list[Block]) -> list[Block]:
    """Neighbouring rows of a pipe table as one table block."""
    out: list[Block] = []
    for block in blocks:
        if out and block.kind == out[-1].kind == "table" and block.line <= out[-1].line + out[-1].text.count("\n") + 2:
            out[-1] = merge(out[-1], block)
        else:
            out.append(block)
    return out

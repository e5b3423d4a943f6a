"""The parts of a document around its clauses: covering letter, title, preamble, signature and annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..chars import fold, squeeze
from ..fields import bare_label, is_info_line
from ..model import Block
from ..rules import Rules
from .labels import Label

_QUOTED = re.compile(r"《([^《》]{4,60}(?:〈[^〉]*〉[^《》]*)?)》")
_END = re.compile(r"[。；;，,：:！!？?、]$")
_FINISHED = re.compile(r"[。！？…][”’）)】〕》]*$|[）)】〕]$")
_ITEM_LINE = re.compile(r"[一二三四五六七八九十]{1,3}是|[（(]?\d{1,2}[.、)）]")
_ANNEX = re.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]{0,2}\s*(?:[:：]|$)")
SEAL = re.compile(r"[（(](?:.{0,20}(?:代章|代印)|盖章|印章|公章|章)[)）]$")
_PARENTHESIS = re.compile(r"^[(（【][^)）】]{2,40}[)）】]$")


class Parts(NamedTuple):
    """Indices into the blocks.  title: of the plan's title line, -1 where none is printed."""

    title: int
    first: int  # the first clause
    close: int  # the first line of signature, date or annexes after the clauses


def find_parts(blocks: Sequence[Block], labels: Sequence[Label | None], rules: Rules) -> Parts:
    """Where the plan begins and ends.  first == close where there is no clause."""
    listed = annex_lists(blocks, labels) | contents_list(blocks, labels)
    title = find_title(blocks, labels, listed, rules)
    first = next((i for i in range(max(title, 0), len(blocks)) if labels[i] and i not in listed), len(blocks))
    close = find_close(blocks, labels, first, rules)
    return Parts(title, first, close)


def contents_list(blocks: Sequence[Block], labels: Sequence[Label | None]) -> set[int]:
    """Numbered lines below 目录 whose titles come again: a table of contents."""
    start = next((i for i, block in enumerate(blocks) if squeeze(block.text) in ("目录", "目次")), None)
    if start is None:
        return set()
    names = [re.sub(r"[.…·\d\s-]+$", "", squeeze(block.text)) for block in blocks]
    listed: set[int] = set()
    for index in range(start + 1, len(blocks)):
        if labels[index] is None:
            break
        if not any(names[index] and names[later].startswith(names[index]) for later in range(index + 1, len(blocks))):
            break
        listed.add(index)
    return listed


def annex_lists(blocks: Sequence[Block], labels: Sequence[Label | None]) -> set[int]:
    """Numbered lines that list annexes (附件：1.… 2.…): short, without a stop, under an 附件 line."""
    listed: set[int] = set()
    for index, block in enumerate(blocks):
        if not _ANNEX.match(fold(block.text)):
            continue
        for after in range(index + 1, len(blocks)):
            if labels[after] is None or len(blocks[after].text) > 60 or re.search(r"[。；;]", blocks[after].text):
                break
            listed.add(after)
    return listed


def is_title_line(block: Block, rules: Rules) -> bool:
    """A short line without a final stop that names a plan."""
    text = squeeze(block.text)
    if block.kind == "table" or not 6 <= len(text) <= rules.title_max or _END.search(text):
        return False
    if is_info_line(block.text, rules) or bare_label(block.text, rules) or _ANNEX.match(fold(block.text)):
        return False
    if _PARENTHESIS.match(text) or re.search(r"[。；]|(?:总体|指导)思想|如下", text):
        return False
    return any(word in text for word in rules.title_words)


def is_notice_title(block: Block, rules: Rules) -> bool:
    """A line such as …关于印发…的通知."""
    flat = re.sub(r"\s", "", block.text)
    return block.kind != "table" and len(flat) <= 120 and "。" not in flat and bool(rules.notice_title.search(flat))


def quoted_names(blocks: Sequence[Block], rules: Rules) -> list[str]:
    """Names in 《》 that the notice's own title or letter says it issues, squeezed."""
    names: list[str] = []
    for block in blocks:
        text = block.text
        if is_notice_title(block, rules) or re.search(r"现将|印发给你们|转发给你们", text):
            names += [squeeze(found) for found in _QUOTED.findall(text)]
        unquoted = re.search(r"(?:印发|下发|发布|公布)\s*([^《》]{6,60}?)\s*的\s*通\s*知$", text)
        if unquoted:
            names.append(squeeze(unquoted[1]))
    return names


def find_title(blocks: Sequence[Block], labels: Sequence[Label | None], listed: set[int], rules: Rules) -> int:
    """The line that names the plan itself; -1 where there is none.

    The last line that is, or says the same as, a name the letter quotes; otherwise the last title line
    above the first clause; otherwise the notice's own title.
    """
    names = quoted_names(blocks[:60], rules)
    for same in (_equal, _alike):
        for index in range(min(len(blocks), 80) - 1, -1, -1):
            text = squeeze(blocks[index].text)
            if labels[index] is not None or not any(same(text, name) for name in names):
                continue
            if same is _alike and not is_title_line(blocks[index], rules):
                continue
            if not is_info_line(blocks[index].text, rules) and _clauses_follow(index, labels, listed):
                return index
    first = next((i for i, label in enumerate(labels) if label and i not in listed), len(blocks))
    above = [i for i in range(first) if is_title_line(blocks[i], rules) and not is_notice_title(blocks[i], rules)]
    if above:
        return above[-1]
    notices = [i for i in range(first) if is_notice_title(blocks[i], rules)]
    return notices[-1] if notices else -1


def _equal(text: str, name: str) -> bool:
    return text == name


def _alike(text: str, name: str) -> bool:
    """One name inside the other, 年度 read as 年: 《2019年森林防火工作要点》 and 梅县区2019年度森林防火工作要点."""
    a, b = (re.sub("年度", "年", part) for part in (text, name))
    return len(min(a, b, key=len)) >= 8 and (a in b or b in a)


def _clauses_follow(index: int, labels: Sequence[Label | None], listed: set[int]) -> bool:
    """Whether a clause follows the line; without one it is a mention and not the title."""
    return any(labels[i] and i not in listed for i in range(index + 1, len(labels)))


def find_close(blocks: Sequence[Block], labels: Sequence[Label | None], first: int, rules: Rules) -> int:
    """The first line after the clauses that belongs to signature, date, notes or annexes.

    A closing line counts only where no numbering that is open above it goes on below: a deadline alone
    on its line ends nothing.
    """
    for index in range(first + 1, len(blocks)):
        kind = _closing(blocks[index], rules) if labels[index] is None else ""
        if not kind:
            continue
        start = _with_signature(blocks, labels, first, index, rules) if kind in DATED else index
        letter = kind == "date" and start < index and _letter_above(blocks, start)
        if letter or not _clauses_go_on(blocks, labels, first, index):
            return min(start, _loose_end(blocks, labels, first, start, rules))
    return _loose_end(blocks, labels, first, len(blocks), rules)


def _closing(block: Block, rules: Rules) -> str:
    """The closing rule that a line matches; "info" for a line of page metadata such as 来源：…."""
    kind = close_kind(block, rules)
    if (
        not kind
        and block.kind != "table"
        and is_info_line(block.text, rules)
        and not rules.responsible.search(block.text)
    ):
        return "info"
    return kind


def _loose_end(blocks: Sequence[Block], labels: Sequence[Label | None], first: int, end: int, rules: Rules) -> int:
    """Where the run of short lines without a stop begins that stands before `end`, below a finished sentence.

    File names, credits and links that nobody foresaw are no part of the last task; nor is a signature without date.
    """
    start = end
    while start - 1 > first and labels[start - 1] is None and _is_loose(blocks[start - 1], rules):
        start -= 1
    above = blocks[start - 1].text if start > first else ""
    return start if start < end and _FINISHED.search(above) else end


def _is_loose(block: Block, rules: Rules) -> bool:
    text = block.text
    short = block.kind == "text" and len(text) <= 60 and not re.search(r"[。；！？，]", text)
    return short and not rules.responsible.search(text) and not _ITEM_LINE.match(text)


DATED = ("date", "signature-date", "colophon")


def _letter_above(blocks: Sequence[Block], start: int) -> bool:
    """Whether the line above a signature closes a letter: 特此通知, 请认真贯彻执行."""
    return start > 0 and bool(
        re.search(r"(?:特此(?:通知|通报|报告)|(?:贯彻|遵照|组织)(?:执行|实施|落实))[。]?$", blocks[start - 1].text)
    )


def close_kind(block: Block, rules: Rules) -> str:
    """The name of the closing rule that the line matches, or ""."""
    folded = fold(block.text)
    if block.kind == "table" or len(folded) > 160:
        return ""
    folded = unbracketed(folded)
    return next((name for name, pattern in rules.closes if pattern.search(folded)), "")


def unbracketed(text: str) -> str:
    """A line without the one pair of brackets around a name and date: （施秉县水务局 2021年3月8日）."""
    inner = text[1:-1]
    wrapped = text[:1] in ("(", "（") and text[-1:] in (")", "）") and not re.search(r"[()（）]", inner)
    return inner if wrapped and re.search(r"[0-9〇零○一二三四五六七八九十]\s*日$", inner) else text


def is_signature_name(block: Block, rules: Rules) -> bool:
    """A line that is the name of a public body, or several; a pair of quotation marks may be part of it."""
    text = block.text.strip()
    if block.kind == "table" or not 3 <= len(text) <= 60 or re.search(r"[，。；：,;:《》0-9]", text):
        return False
    if text.count("“") != text.count("”") or is_info_line(text, rules):
        return False
    if SEAL.fullmatch(text):
        return True
    names = [name for name in re.split(r"[\s、]+", text) if name]
    return all(rules.organisation.search(name) for name in names if len(name) > 2)


def _clauses_go_on(blocks: Sequence[Block], labels: Sequence[Label | None], first: int, index: int) -> bool:
    """Whether a numbering that is open above `index` continues below it with real text."""
    seen: dict[str, int] = {}
    for label in labels[first:index]:
        if label:
            seen[label.style.name] = label.number
    for later in range(index + 1, len(blocks)):
        label = labels[later]
        if label and label.number == seen.get(label.style.name, -9) + 1:
            return True
    return False


def _with_signature(
    blocks: Sequence[Block], labels: Sequence[Label | None], first: int, index: int, rules: Rules
) -> int:
    """The start of the signature above a date line."""
    start = index
    while start - 1 > first and labels[start - 1] is None and is_signature_name(blocks[start - 1], rules):
        start -= 1
    return start

"""Two documents in one file: a 总结 before a 要点, two 要点 one after the other, an annex that is a plan of its own.

They are never run together: only one of them is the notice, the plan; what stands before it is published above it and
what follows it below its signature, word for word, and the maintainer is asked to cut the file in two.  A second
document shows by a title of its own on a line of its own, with a numbering below it that begins again at the first
number, and by one thing more: another year, a report instead of a plan, a field that the first title does not name,
or a signature above it.  Rules: rules/duplicates.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..chars import fold, squeeze
from ..fields import is_info_line
from ..model import Block, Problem
from ..rules import Rules, RulesError, compiled
from .front import Parts, close_kind, find_close, is_notice_title, is_signature_name
from .labels import Label

_END = re.compile(r"[。；;，,：:！!？?、]$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=\s*年)")
_ANNEX = re.compile(r"^附\s*(?:件|录|表)\s*[0-9一二三四五六七八九十]{0,3}\s*[:：]?")
_LISTED = re.compile(r"[0-9]{1,2}[.、]")  # 附件：1.… names an annex and is not it
_ISSUES = re.compile("印发|转发|下发|发布")
SHORTEST, LONGEST = 5, 45  # characters of a title
REACH = 12  # lines below a title within which its numbering begins
ABOVE = 12  # lines above it within which a signature, 附件 or the letter that issues it stands
SENTENCE = 25  # characters: a shorter numbered line may be an entry of a list
LIKE = 2  # clauses that the first document must have before another can begin


class Second(NamedTuple):
    """Where another document begins: the index of its first line (附件, title) and of its title."""

    start: int
    title: int
    report: bool  # a 总结: it promises nothing


class Titles(NamedTuple):
    """The patterns of rules/duplicates.toml that this stage uses."""

    second: re.Pattern[str]
    summary: re.Pattern[str]
    belonging: re.Pattern[str]
    plain: re.Pattern[str]


@lru_cache(maxsize=2)
def compiled_rules(rules: Rules) -> Titles:
    """Raises RulesError naming the entry."""
    try:
        table = rules.tables["duplicates"]
        return Titles(*(compiled(table[name]["pattern"], f"duplicates/{name}") for name in Titles._fields))
    except (KeyError, TypeError) as error:
        raise RulesError(f"规则文件 duplicates.toml 缺少一项：{error}。请对照文件里其他条目改正。") from error


def one_document(
    blocks: Sequence[Block], labels: Sequence[Label | None], parts: Parts, rules: Rules
) -> tuple[Parts, tuple[Problem, ...]]:
    """The parts of the one document that is published as the notice, and a problem where the file holds another.

    In and out: indices into `blocks`.  A report (总结) gives way to the first plan that follows it, and so does a letter
    with clauses of its own (印发…的通知), which is no other document; otherwise the first document is the notice and
    ends where the next begins.
    """
    titles = compiled_rules(rules)
    above = [i for i in range(parts.first) if labels[i] is None and _is_title(blocks[i], titles, rules)]
    head = above[-1] if above else parts.title
    earlier = _earlier(blocks, labels, parts, titles, rules)
    others = _seconds(blocks, labels, parts.first, head, titles, rules) if parts.first < parts.close else []
    if not others:
        return parts, (_problem(blocks, [*earlier, parts.title], parts),) if earlier else ()
    plan = next((other for other in others if not other.report), None)
    letter = parts.title >= 0 and not above and bool(_ISSUES.search(blocks[parts.title].text))
    if plan is not None and (head < 0 or letter or _is_report(blocks[head], titles)):
        later = next((other.start for other in others if other.start > plan.title), len(blocks))
        begin = next(i for i in range(plan.title + 1, len(blocks)) if labels[i])
        close = min(find_close(blocks, labels, begin, rules), later)
        chosen = Parts(plan.title, begin, close)
    else:
        chosen = Parts(parts.title, parts.first, min(parts.close, others[0].start))
    heads = [*earlier, *([] if letter else [head]), *(other.title for other in others)]
    return chosen, (_problem(blocks, heads, chosen),) if len(heads) > 1 else ()


def _earlier(
    blocks: Sequence[Block], labels: Sequence[Label | None], parts: Parts, titles: Titles, rules: Rules
) -> list[int]:
    """Titles of documents with clauses of their own above the title that a letter names: they stand in its cover."""
    found: list[int] = []
    until = parts.title
    for index in range(parts.title - 1, -1, -1):
        if labels[index] is None and _is_title(blocks[index], titles, rules):
            clauses = [i for i in range(index + 1, until) if labels[i]]
            begins = bool(clauses) and (label := labels[clauses[0]]) is not None and label.number == 1
            if begins and sum(len(blocks[i].text) > SENTENCE for i in clauses) >= LIKE:
                found.insert(0, index)
                until = index
    return found


def _seconds(
    blocks: Sequence[Block], labels: Sequence[Label | None], first: int, head: int, titles: Titles, rules: Rules
) -> list[Second]:
    """Every further document after the first clause, in order; `head` is the first document's title, -1 for none."""
    found: list[Second] = []
    before = fold(blocks[head].text) if head >= 0 else ""
    since = first
    for index in range(first + 1, len(blocks)):
        if labels[index] is not None or not _is_title(blocks[index], titles, rules):
            continue
        begins = _begins_again(blocks, labels, since, index)
        start = _start(blocks, labels, index, rules)
        text = fold(blocks[index].text)
        marked = start < index or bool(_ANNEX.match(text))
        if begins and (marked or _stands_alone(text, before, titles)):
            found.append(Second(start, index, _is_report(blocks[index], titles)))
            before, since = text, index
    return found


def _is_title(block: Block, titles: Titles, rules: Rules) -> bool:
    """A short line of its own that ends with the genre's word."""
    text = squeeze(_ANNEX.sub("", fold(block.text)))
    if (
        block.kind == "table"
        or not SHORTEST <= len(text) <= LONGEST
        or _END.search(text)
        or re.search(r"[。；，]", text)
    ):
        return False
    if is_info_line(block.text, rules) or _LISTED.match(text) or is_notice_title(block, rules):
        return False
    return bool(titles.second.search(text)) and not titles.belonging.search(text)


def _begins_again(blocks: Sequence[Block], labels: Sequence[Label | None], since: int, title: int) -> bool:
    """Whether at least two clauses stand above the line and a numbering of their style or above begins anew below it."""
    above = [label for label in labels[since:title] if label]
    below = next((label for label in labels[title + 1 : title + 1 + REACH] if label), None)
    if len(above) < LIKE or below is None or below.number != 1:
        return False
    return below.style.rank <= min(label.style.rank for label in above)


def _start(blocks: Sequence[Block], labels: Sequence[Label | None], title: int, rules: Rules) -> int:
    """The first line of what belongs to the second document or ends the first: 附件, or a signature above the title."""
    start = title
    for index in range(title - 1, max(title - 1 - ABOVE, 0), -1):
        block = blocks[index]
        if labels[index] is not None:
            break
        annex = block.kind != "table" and len(block.text) <= LONGEST and _ANNEX.match(fold(block.text))
        signed = close_kind(block, rules) in ("date", "signature-date") or (
            start < title and is_signature_name(block, rules)
        )
        if annex or signed or is_notice_title(block, rules):
            start = index
    return start


def _stands_alone(title: str, first: str, titles: Titles) -> bool:
    """Whether a title is another document's, and no heading within the first: see the module's description."""
    years, before = set(_YEAR.findall(title)), set(_YEAR.findall(first))
    if years and before and not years <= before:
        return True
    reports = [bool(titles.summary.search(squeeze(one))) for one in (title, first)]
    if reports[0] != reports[1]:
        return True
    field = titles.plain.sub("", squeeze(title))
    return len(field) >= 2 and field not in squeeze(first) and bool(years)


def _is_report(block: Block, titles: Titles) -> bool:
    return bool(titles.summary.search(squeeze(block.text)))


def _problem(blocks: Sequence[Block], heads: Sequence[int], chosen: Parts) -> Problem:
    """Names each title and its line, and says which one is the notice."""
    named = "、".join(f"{_quoted(blocks, index)}（第 {blocks[max(index, 0)].line} 行）" for index in heads)
    which = f"网页只整理{_quoted(blocks, chosen.title)}，其余的照录在它前面或后面，不作为它的任务"
    detail = (
        f"一个文件里有 {len(heads)} 份文件：{named}。{which}。请把文件分成 {len(heads)} 个，各放一份，再放入 raw/。"
    )
    return Problem("review", "two-documents", blocks[heads[-1]].line, detail)


def _quoted(blocks: Sequence[Block], index: int) -> str:
    return f"“{squeeze(blocks[index].text)}”" if index >= 0 else "没有题名的一份"

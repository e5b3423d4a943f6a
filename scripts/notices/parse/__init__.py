"""From a clean Document to its structure: slots, clause tree, titles, items, damage and anchors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..chars import han_count
from ..fields import bare_label, is_info_line
from ..model import Block, Clause, Document, Item, Paragraph, Problem, Unreadable
from ..rules import Rules
from .damage import NOTES, end_mark_lost, text_damage
from .front import Parts, close_kind, find_parts, is_notice_title
from .items import Found, find_items
from .labels import labels_of
from .outline import Node, build, running_styles
from .titles import Heading, headings

MIN_HAN = 80  # fewer characters than this are no notice
REVIEW = {"title-uncertain", "truncated"}


class Structure(NamedTuple):
    """Where the parts of a document are, and its clauses with the slots around them."""

    parts: Parts
    clauses: tuple[Clause, ...]
    problems: tuple[Problem, ...]


def parse(document: Document, rules: Rules) -> Structure:
    """The structure of a clean document.  Raises Unreadable where the text is no notice at all."""
    blocks = document.blocks
    labels = labels_of(blocks, rules)
    parts = find_parts(blocks, labels, rules)
    _refuse(document, parts, rules)
    nodes = build(blocks[parts.first : parts.close], labels[parts.first : parts.close])
    cover, preamble = _before(blocks, parts, rules)
    numbered = _clauses(nodes, headings(nodes, rules), rules)
    numbered = _mark_end(numbered, document, parts, rules)
    slots = [
        _slot("cover", cover, rules),
        _slot("preamble", preamble, rules),
        *numbered,
        _slot("sign", blocks[parts.close :], rules),
    ]
    clauses = tuple(clause for clause in slots if clause is not None)
    return Structure(parts, clauses, tuple(_problems(clauses, document, parts)))


def _refuse(document: Document, parts: Parts, rules: Rules) -> None:
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


def _before(blocks: Sequence[Block], parts: Parts, rules: Rules) -> tuple[list[Block], list[Block]]:
    """Blocks of the covering letter and of the preamble; the title line itself belongs to neither."""
    title = parts.title
    cover = list(blocks[: max(title, 0)])
    if title >= 0 and is_notice_title(blocks[title], rules):
        cover.append(blocks[title])
    between = blocks[max(title + 1, 0) : parts.first]
    cover += [block for block in between if _is_info(block, rules)]
    return cover, [block for block in between if not _is_info(block, rules)]


def _is_info(block: Block, rules: Rules) -> bool:
    """A line of page metadata: labels and values, or a table of them."""
    if block.kind == "table":
        return any(bare_label(cell, rules) for row in block.rows for cell in row)
    return is_info_line(block.text, rules)


def _slot(anchor: str, blocks: Sequence[Block], rules: Rules) -> Clause | None:
    """A fixed slot with one paragraph a block; None where it is empty."""
    if not blocks:
        return None
    paragraphs = tuple(
        Paragraph(_paragraph_anchor(anchor, n), b.text, b.line, _kind(b, rules)) for n, b in enumerate(blocks, 1)
    )
    text = "\n".join(p.text for p in paragraphs)
    return Clause(anchor, None, "", None, "", "", "", False, paragraphs, (), tuple(text_damage(text)), blocks[0].line)


def _kind(block: Block, rules: Rules) -> str:
    if _is_info(block, rules):
        return "info"
    return "table" if block.kind == "table" else "text"


def _paragraph_anchor(anchor: str, number: int) -> str:
    return anchor if number == 1 else f"{anchor}-p{number}"


def _clauses(nodes: Sequence[Node], heads: Sequence[Heading], rules: Rules) -> list[Clause]:
    """Clauses in document order, with anchors, aliases and the task mark."""
    anchors = _anchors(nodes)
    running = running_styles(nodes)
    tasks = _tasks(nodes, heads)
    counts = Counter(f"{n.label.style.letter}{n.label.number}" for n in nodes if n.label.style.name in running)
    clauses = []
    for node, head in zip(nodes, heads, strict=True):
        anchor = anchors[id(node)]
        short = f"{node.label.style.letter}{node.label.number}"
        alias = node.label.style.name in running and counts[short] == 1 and short not in anchors.values()
        clause = _clause(node, head, anchor, anchors[id(node.parent)] if node.parent else None, rules)
        clauses.append(replace(clause, task=id(node) in tasks, aliases=(short,) if alias else ()))
    return clauses


def _clause(node: Node, head: Heading, anchor: str, parent: str | None, rules: Rules) -> Clause:
    run_in = bool(head.body)
    texts = [(head.body, node.block.line, "text")] if head.body else []
    texts += [(b.text, b.line, "table" if b.kind == "table" else "text") for b in node.body]
    paragraphs = tuple(Paragraph(_paragraph_anchor(anchor, n), *entry) for n, entry in enumerate(texts, 1))
    bare = Clause(
        anchor, parent, node.label.style.letter, node.label.number, node.label.printed,
        head.title, head.mark, run_in, paragraphs, (), (), node.block.line,
    )  # fmt: skip
    found = find_items(bare.text, len(head.title + head.mark))
    damage = [*node.damage, *head.damage, *text_damage(node.label.printed + bare.text)]
    damage += ["item-mark-lost"] if any(item.mark_lost for item in found) else []
    unfinished = (p for p in paragraphs if p.kind == "text" and not rules.responsible.search(p.text))
    damage += ["end-mark-lost"] if any(end_mark_lost(p.text) for p in unfinished) else []
    return replace(bare, items=tuple(_items(anchor, bare.text, found)), damage=tuple(dict.fromkeys(damage)))


def _items(anchor: str, text: str, found: Sequence[Found]) -> Iterator[Item]:
    seen: Counter[int] = Counter()
    for item in found:
        seen[item.number] += 1
        suffix = f"-x{seen[item.number]}" if seen[item.number] > 1 else ""
        body = text[item.start + len(item.label) : item.end].rstrip()
        yield Item(f"{anchor}-i{item.number}{suffix}", item.label, body, item.start, item.end)


def _anchors(nodes: Sequence[Node]) -> dict[int, str]:
    """Node identity → anchor: the path of printed numbers; -x2 and so on where a path repeats."""
    anchors: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for node in nodes:
        prefix = f"{anchors[id(node.parent)]}-" if node.parent else ""
        path = prefix + _own_path(node)
        seen[path] += 1
        anchors[id(node)] = path if seen[path] == 1 else f"{path}-x{seen[path]}"
    return anchors


def _own_path(node: Node) -> str:
    """Letter and number; of a decimal number the parts that no ancestor carries."""
    letter, path = node.label.style.letter, node.label.path
    if not path or (node.parent and node.parent.label.letter_path() == path[:-1]):
        return f"{letter}{node.label.number}"
    return "-".join(f"{letter}{number}" for number in path)


def _tasks(nodes: Sequence[Node], heads: Sequence[Heading]) -> set[int]:
    """Identities of task nodes: titled, with text, and nothing titled below; an article always.

    A top-level clause with text alone is no task where its sisters hold tasks (总体要求, 保障措施).
    """
    titled = {
        id(n)
        for n, h in zip(nodes, heads, strict=True)
        if (h.title or "title-uncertain" in h.damage) and (h.body or n.body or n.children)
    }
    holders = {id(a) for n in nodes if id(n) in titled for a in _ancestors(n)}
    articles = {id(n) for n in nodes if n.label.style.letter == "a"}
    holders |= {id(a) for n in nodes if id(n) in articles for a in _ancestors(n)}
    tasks = set(articles)
    below = {id(n) for n in nodes if any(id(a) in articles for a in _ancestors(n))}
    for node in nodes:
        if id(node) not in titled or id(node) in holders or id(node) in below or id(node) in articles:
            continue
        top_among_holders = node.parent is None and any(
            other.parent is None and id(other) in holders for other in nodes
        )
        if not top_among_holders:
            tasks.add(id(node))
    return tasks


def _ancestors(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _mark_end(clauses: list[Clause], document: Document, parts: Parts, rules: Rules) -> list[Clause]:
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


def _problems(clauses: Sequence[Clause], document: Document, parts: Parts) -> Iterator[Problem]:
    for clause in clauses:
        for kind in clause.damage:
            severity = "review" if kind in REVIEW else "note"
            yield Problem(severity, kind, clause.line, f"{_name(clause)}：{NOTES[kind]}。")
    numbered = [clause for clause in clauses if clause.style]
    if not numbered:
        yield Problem("review", "no-clauses", 1, "没有找到任何编号条款，全文作为一整段发布。请核对原文的编号写法。")
    elif parts.close >= len(document.blocks) and _ends_file(document) and "truncated" not in numbered[-1].damage:
        detail = "正文之后没有落款、附件，也没有网页页脚，不能确认是否收全。请对照原网页核对结尾。"
        yield Problem("note", "end-unconfirmed", numbered[-1].line, detail)


def _name(clause: Clause) -> str:
    if clause.style:
        return f"条款 {clause.anchor}（{clause.label}{clause.title[:20]}）"
    return {"cover": "印发通知", "preamble": "总述", "sign": "落款"}[clause.anchor]

"""The clause tree as clauses: anchors, aliases, items, damage, and which of them are tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..model import Clause, Item, Paragraph
from ..rules import Rules
from .damage import end_mark_lost, text_damage
from .items import Found, find_items
from .outline import Node, running_styles
from .titles import Heading


def build_clauses(nodes: Sequence[Node], heads: Sequence[Heading], rules: Rules) -> list[Clause]:
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
        parent = anchors[id(node.parent)] if node.parent else None
        clauses.append(_clause(node, head, anchor, parent, id(node) in tasks, (short,) if alias else (), rules))
    return clauses


def _clause(
    node: Node, head: Heading, anchor: str, parent: str | None, task: bool, aliases: tuple[str, ...], rules: Rules
) -> Clause:
    run_in = bool(head.body)
    texts = [(head.body, node.block.line, "text")] if head.body else []
    texts += [(b.text, b.line, "table" if b.kind == "table" else "text") for b in node.body]
    paragraphs = tuple(Paragraph(paragraph_anchor(anchor, n), *entry) for n, entry in enumerate(texts, 1))
    named = (anchor, parent, node.label.style.letter, node.label.number, node.label.printed, head.title, head.mark)
    text = Clause(*named, run_in, paragraphs, (), (), node.block.line).text
    found = find_items(text, len(head.title + head.mark))
    damage = [*node.damage, *head.damage, *text_damage(node.label.printed + text)]
    damage += ["item-mark-lost"] if any(item.mark_lost for item in found) else []
    unfinished = (p.text for p in paragraphs if p.kind == "text" and end_mark_lost(p.text))
    damage += ["end-mark-lost"] if any(not rules.responsible.search(one) for one in unfinished) else []
    items = tuple(_items(anchor, text, found))
    return Clause(*named, run_in, paragraphs, items, tuple(dict.fromkeys(damage)), node.block.line, task, aliases)


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


def paragraph_anchor(anchor: str, number: int) -> str:
    """The first paragraph of a clause answers to the clause's own anchor."""
    return anchor if number == 1 else f"{anchor}-p{number}"

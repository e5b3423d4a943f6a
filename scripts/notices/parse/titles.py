"""Titles of clauses: on a line of their own, running into the text, or glued to it by a lost stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ..rules import Glued, Rules
from .outline import Node

LINE_MAX, RUN_IN_MAX, RUN_IN_USUAL = 70, 45, 30
_STOP = re.compile(r"[。；！？!?;]|[：:](?!\d)")
_QUANTITY = re.compile(r"\d(?:[\d.,]*)\s*(?:%|％|‰|[个家所条万亿人次名项公里座辆台套张场处户亩吨元件岁倍批只栋幢米])")
_ITEM = re.compile(r"[一二三四五六七八九十]是")
_PREDICATE = re.compile(r"(?:^(?:为|根据|按照|本|凡|对|经))")


class Heading(NamedTuple):
    """How a numbered line divides: title, the mark behind it, and the text that runs on."""

    title: str
    mark: str
    body: str
    damage: tuple[str, ...] = ()


def headings(nodes: Sequence[Node], rules: Rules) -> list[Heading]:
    """One entry a node.  Whether a style has titles is decided for the whole notice by majority."""
    titled = {name for name in {n.label.style.name for n in nodes} if _has_titles(name, nodes)}
    first = [_divide(node, node.label.style.name in titled, rules) for node in nodes]
    return [_second_look(node, heading, nodes, first, rules) for node, heading in zip(nodes, first, strict=True)]


def rest(node: Node) -> str:
    """The numbered line without its number."""
    return node.block.text[node.label.end :]


def _split(text: str) -> tuple[str, str, str]:
    """The first sentence, its mark, and what follows."""
    found = _STOP.search(text)
    if found:
        return text[: found.start()], found[0], text[found.end() :]
    head, space, tail = text.partition(" ")
    if space and 4 <= len(head) <= 25 and len(tail) > 25 and not re.search(r"[，、]", head):
        return head, space, tail
    return text, "", ""


def _looks_titled(node: Node) -> bool:
    """Whether the line is a heading of its own, or starts with a short sentence that more text follows."""
    head, mark, body = _split(rest(node))
    more = bool(node.body or node.children)
    if not body:
        return (
            len(head) <= LINE_MAX
            and (not mark or (more and len(head) <= RUN_IN_USUAL))
            and (more or not mark)
            and "，" not in head[RUN_IN_USUAL:]
        )
    return (
        mark in "。 ：:"
        and len(head) <= RUN_IN_USUAL
        and head.count("，") <= 1
        and not _QUANTITY.search(head)
        and not _ITEM.match(head)
    )


def _has_titles(name: str, nodes: Sequence[Node]) -> bool:
    votes = [_looks_titled(node) for node in nodes if node.label.style.name == name]
    return sum(votes) * 2 >= len(votes) or (name != "article" and sum(votes) >= 1 and _some_glued(name, nodes))


def _some_glued(name: str, nodes: Sequence[Node]) -> bool:
    """Whether most lines without a visible title have text enough to have swallowed one."""
    rests = [rest(node) for node in nodes if node.label.style.name == name and not _looks_titled(node)]
    return bool(rests) and sum(len(text) >= 60 and text.count("。") >= 2 for text in rests) * 2 > len(rests)


def _divide(node: Node, titled: bool, rules: Rules) -> Heading:
    text = rest(node)
    head, mark, body = _split(text)
    more = bool(node.body or node.children)
    if node.label.style.name == "article":
        return _article(text, more)
    if not mark and not body and len(text) <= LINE_MAX:
        return Heading(text, "", "")
    if not titled:
        return Heading("", "", text)
    if not body and more and mark in ("。", "：", ":") and len(head) <= RUN_IN_MAX:
        return Heading(head, mark, "")
    if not body and len(head) <= RUN_IN_USUAL and "，" not in head and not _QUANTITY.search(head):
        return Heading(head, mark, "")
    glued = split_glued(text, rules.glued)
    sure = glued is not None and glued[1]
    if body and mark in "。 ：:" and _run_in(head) and not (sure and len(head) > RUN_IN_USUAL):
        return Heading(head, mark, body)
    if glued:
        return Heading(
            glued[0], "", text[len(glued[0]) :], ("title-glued",) if glued[1] else ("title-glued", "title-uncertain")
        )
    if body and mark == "。" and len(head) <= 60 and not _QUANTITY.search(head):
        return Heading(head, mark, body, ("title-uncertain",))
    return Heading("", "", text, ("title-uncertain",) if len(text) > RUN_IN_MAX else ())


def _run_in(head: str) -> bool:
    if _ITEM.match(head) or not head:
        return False
    return len(head) <= RUN_IN_USUAL or (
        len(head) <= RUN_IN_MAX and head.count("，") <= 1 and not _QUANTITY.search(head)
    )


def _article(text: str, more: bool) -> Heading:
    """第X条: a title only where it is set apart, in brackets or on a line of its own."""
    bracket = re.match(r"\s*[【（(\[][^】）)\]]{2,20}[】）)\]]\s*", text)
    if bracket and len(text) > bracket.end():
        return Heading(
            bracket[0].strip(),
            text[bracket.end() - 1 : bracket.end()].replace(bracket[0].strip()[-1], ""),
            text[bracket.end() :],
        )
    if more and len(text) <= 20 and not re.search(r"[，。；：]", text) and not _PREDICATE.match(text):
        return Heading(text, "", "")
    return Heading("", "", text)


def split_glued(text: str, glued: Glued) -> tuple[str, bool] | None:
    """A title that runs into its body without a stop, and whether the split is certain; None without a likely place."""
    clause = re.split(r"[，。；：,;:]", text, maxsplit=1)[0]
    spots: list[tuple[int, int]] = []
    for at in range(glued.min_title, min(glued.max_title, len(clause)) + 1):
        score = _score(clause, at, len(text), glued)
        if score:
            spots.append((score, at))
    if not spots:
        return None
    best = max(score for score, _ in spots)
    if best < 2:
        return None
    places = [at for score, at in spots if score == best]
    return text[: places[0]], best == 3 and len(places) == 1


def _score(clause: str, at: int, length: int, glued: Glued) -> int:
    """3: a noun that ends titles before a verb that opens sentences; 2: the verb may also be a noun; 0: neither."""
    starter = next((word for word in glued.starters if clause.startswith(word, at)), "")
    if not starter or length - at < glued.min_body:
        return 0
    if clause[at + len(starter) : at + len(starter) + 1] in tuple("和与及的、"):
        return 0
    head = clause[:at]
    if not head.endswith(glued.enders):
        return 0
    return 3 if starter in glued.strong else 2


def _second_look(
    node: Node, heading: Heading, nodes: Sequence[Node], every: Sequence[Heading], rules: Rules
) -> Heading:
    """Where several titles of a style are glued for certain, a long "title" with a clear seam is glued too."""
    peers = [h for n, h in zip(nodes, every, strict=True) if n.label.style is node.label.style]
    certain = sum(h.damage == ("title-glued",) for h in peers)
    sound = [len(h.title) for h in peers if h.title and not h.damage]
    if certain < 2 or heading.damage or not heading.body or heading.mark != "。" or len(heading.title) < 18:
        return heading
    if sound and len(heading.title) <= 1.3 * median(sound):
        return heading
    glued = split_glued(heading.title, rules.glued)
    if not glued or not glued[1]:
        return heading
    return Heading(glued[0], "", rest(node)[len(glued[0]) :], ("title-glued", "title-uncertain"))

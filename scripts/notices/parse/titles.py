"""Titles of clauses: on a line of their own, running into the text, or glued to it by a lost stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ..model import Block
from ..rules import Glued, Rules
from .outline import Node, running_styles

LINE_MAX, RUN_IN_MAX, RUN_IN_USUAL = 70, 45, 30
_STOP = re.compile(r"[。；！？!?;]|[：:](?!\d)")
_BRACKETED = re.compile(r"（[^（）]*）|【[^【】]*】|〔[^〔〕]*〕|《[^《》]*》|“[^“”]*”")
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
    """One entry a node.  Whether lines have titles is decided by majority: of the whole style where its numbers
    run on through the notice, of the sisters where they start again in each section."""
    looks = {id(node): _looks_titled(node, rules) for node in nodes}
    styles: dict[str, list[Node]] = {}
    for node in nodes:
        styles.setdefault(node.label.style.name, []).append(node)
    by_style = {name: _majority(members, looks, rules) for name, members in styles.items()}
    sisters: dict[tuple[int, str], list[Node]] = {}
    for node in nodes:
        sisters.setdefault((id(node.parent), node.label.style.name), []).append(node)
    running = running_styles(nodes)
    titled = {
        (parent, style): by_style[style] if style in running else _group_titled(group, looks, by_style[style], rules)
        for (parent, style), group in sisters.items()
    }
    first = [_divide(node, titled[id(node.parent), node.label.style.name], rules) for node in nodes]
    return _second_look(nodes, first, rules)


def _group_titled(group: Sequence[Node], looks: dict[int, bool], style_titled: bool, rules: Rules) -> bool:
    """Sisters decide where they agree; where they differ, and there is glue about, the style does."""
    votes = [looks[id(node)] for node in group]
    if all(votes):
        return True
    if not any(votes):
        seams = [split_glued(rest(node), rules.glued) for node in group]
        clear = all(seams) and any(seam and seam[1] for seam in seams)
        return style_titled and (clear or _some_glued(group, looks))
    return style_titled or sum(votes) * 2 >= len(votes)


def _majority(nodes: Sequence[Node], looks: dict[int, bool], rules: Rules) -> bool:
    """Whether the style has titles: most lines show one, some do among long texts, or most hide one behind a clear seam."""
    votes = [looks[id(node)] for node in nodes]
    if sum(votes) * 2 >= len(votes):
        return True
    if nodes[0].label.style.name == "article":
        return False
    if any(votes) and _some_glued(nodes, looks):
        return True
    seams = [split_glued(rest(node), rules.glued) for node in nodes]
    return len(nodes) >= 3 and sum(seam is not None and seam[1] for seam in seams) >= 0.6 * len(nodes)


def _some_glued(nodes: Sequence[Node], looks: dict[int, bool]) -> bool:
    """Whether most lines without a visible title have text enough to have swallowed one."""
    rests = [rest(node) for node in nodes if not looks[id(node)]]
    return bool(rests) and sum(len(text) >= 60 and text.count("。") >= 2 for text in rests) * 2 > len(rests)


def rest(node: Node) -> str:
    """The numbered line without its number."""
    return node.block.text[node.label.end :].lstrip()


def _split(text: str) -> tuple[str, str, str]:
    """The first sentence, or the words before a space that sets a title apart; its mark; and what follows."""
    head, space, tail = text.partition(" ")
    if space and 4 <= len(head) <= 25 and len(tail) > 15 and not re.search(r"[，、。；：:]", head):
        return head, space, tail
    found = _STOP.search(_BRACKETED.sub(lambda inner: "＿" * len(inner[0]), text))  # （责任单位：…） holds no stop
    if found:
        return text[: found.start()], found[0], text[found.end() :]
    return text, "", ""


def _more(node: Node, rules: Rules) -> bool:
    """Whether text or clauses stand below the line; a line that names unit or time limit is neither."""
    return bool(node.children) or any(not _names_unit(block, rules) for block in node.body)


def _names_unit(block: Block, rules: Rules) -> bool:
    return bool(rules.responsible.search(block.text))


def _looks_titled(node: Node, rules: Rules) -> bool:
    """Whether the line is a heading of its own, or starts with a short sentence that more text follows."""
    head, mark, body = _split(rest(node))
    if not body and not mark:
        return len(head) <= LINE_MAX
    if not body:
        return _more(node, rules) and len(head) <= RUN_IN_USUAL and _plain(head)
    return mark in "。 ：:" and len(head) <= RUN_IN_USUAL and _plain(head) and not _ITEM.match(head)


def _plain(head: str) -> bool:
    """Words without a quantity and with at most one comma."""
    return head.count("，") <= 1 and not _QUANTITY.search(head)


def _divide(node: Node, titled: bool, rules: Rules) -> Heading:
    text = rest(node)
    head, mark, body = _split(text)
    more = _more(node, rules)
    if node.label.style.name == "article":
        return _article(text, more)
    if not mark and not body and len(text) <= LINE_MAX:
        return Heading(text, "", "")
    if not titled:
        return Heading("", "", text)
    if not body and more and mark in ("。", "：", ":") and len(head) <= RUN_IN_MAX and _plain(head):
        return Heading(head, mark, "")
    if not body and len(head) <= RUN_IN_USUAL and "，" not in head and not _QUANTITY.search(head):
        return Heading(head, mark, "")
    run_in = body and mark in "。 ：:" and _run_in(head)
    if run_in and len(head) <= RUN_IN_USUAL:
        return Heading(head, mark, body)
    glued = split_glued(text, rules.glued)
    sure = glued is not None and glued[1]
    if run_in and not sure:
        return Heading(head, mark, body)
    if glued:
        damage = ("title-glued",) if sure else ("title-glued", "title-uncertain")
        return Heading(glued[0], "", text[len(glued[0]) :], damage)
    if body and mark == "。" and len(head) <= 60 and not _QUANTITY.search(head):
        return Heading(head, mark, body, ("title-uncertain",))
    return Heading("", "", text, ("title-uncertain",))


def _run_in(head: str) -> bool:
    """Whether the words before the mark can be a title at all."""
    if _ITEM.match(head) or not head:
        return False
    if "，" in head and _QUANTITY.search(head):
        return False
    return len(head) <= RUN_IN_USUAL or (len(head) <= RUN_IN_MAX and _plain(head))


def _article(text: str, more: bool) -> Heading:
    """第X条: a title only where it is set apart, in brackets or on a line of its own."""
    bracket = re.match(r"[【（(\[][^】）)\]]{2,20}[】）)\]](\s?)", text)
    if bracket and len(text) > bracket.end():
        return Heading(text[: bracket.start(1)], bracket[1], text[bracket.end() :])
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
    places = [at for score, at in spots if score == best]
    return text[: places[0]], best == 2 and len(places) == 1


def _score(clause: str, at: int, length: int, glued: Glued) -> int:
    """2: a noun that ends titles before a verb that opens sentences; 1: the verb may also be a noun; 0: neither."""
    if (
        length - at < glued.min_body
        or not clause.startswith(glued.starters, at)
        or not clause.endswith(glued.enders, 0, at)
    ):
        return 0
    starter = next(word for word in glued.starters if clause.startswith(word, at))
    if clause[at + len(starter) : at + len(starter) + 1] in tuple("和与及的、"):
        return 0
    return 2 if starter in glued.strong else 1


def _second_look(nodes: Sequence[Node], every: Sequence[Heading], rules: Rules) -> list[Heading]:
    """Where several titles of a style are glued for certain, a long "title" with a clear seam is glued too."""
    out = list(every)
    for style in {id(node.label.style): node.label.style for node in nodes}.values():
        peers = [i for i, node in enumerate(nodes) if node.label.style is style]
        certain = sum(every[i].damage == ("title-glued",) for i in peers)
        sound = [len(every[i].title) for i in peers if every[i].title and not every[i].damage]
        limit = max(17.0, 1.3 * median(sound)) if sound else 17.0
        for i in peers if certain >= 2 else ():
            if not every[i].damage and every[i].body and every[i].mark == "。" and len(every[i].title) > limit:
                out[i] = _reglued(nodes[i], every[i], rules)
    return out


def _reglued(node: Node, heading: Heading, rules: Rules) -> Heading:
    glued = split_glued(heading.title, rules.glued)
    if not glued or not glued[1]:
        return heading
    return Heading(glued[0], "", rest(node)[len(glued[0]) :], ("title-glued", "title-uncertain"))

"""How a list that grew too long for one page is spread: by province, prefecture, county and year, then page by page.

A list of at most `limit` entries is one page at its own address.  Above that the page becomes an index and the entries
move to the pages below it, each of which is divided in the same way.  Entries are added and seldom taken away, so a
page once there stays: what was a list becomes an index at the same address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Link = tuple[str, str]  # address below docs/ without .md, and the words of the link


class Step(NamedTuple):
    """One turn on the way down.  `slug`: the part of the address; `key`: its id on the page above; `order` sorts."""

    slug: str
    name: str
    key: str
    order: str


class Item(NamedTuple):
    """Entries that stay together: those of one notice.  `steps`: the whole way down to them."""

    id: str
    steps: tuple[Step, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class Node:
    """A page of the tree: an index where it has children, otherwise a list, of which `pages` hold the ids."""

    address: str
    step: Step
    trail: tuple[Link, ...]  # the pages above, the outermost first
    entries: int
    holds: int  # items
    children: tuple[Node, ...] = ()
    pages: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """浙江省杭州市2021年: the way from the root, without the root's own name."""
        return "".join(name for _, name in self.trail[1:]) + self.step.name if self.trail else ""


class Spot(NamedTuple):
    """A page of entries: where it stands, its neighbours (None where there are none), and whose entries it holds."""

    address: str
    name: str  # 浙江省杭州市; "" where the list is one page
    last: str  # 杭州市
    trail: tuple[Link, ...]
    before: Link | None
    after: Link | None
    ids: tuple[str, ...]
    entries: int  # on all pages of the list


class Child(NamedTuple):
    """A line of an index."""

    key: str
    address: str
    name: str
    entries: int
    holds: int


class Index(NamedTuple):
    """A page of links to the pages below it."""

    address: str
    name: str
    last: str
    trail: tuple[Link, ...]
    before: Link | None
    after: Link | None
    children: tuple[Child, ...]
    entries: int
    holds: int


def grow(address: str, title: str, items: Sequence[Item], limit: int) -> Node:
    """The tree of `items`, whose root stands at `address` (without .md).  Lists keep the order of the items."""
    return _grown(address, Step("", title, "", ""), (), items, limit)


def _grown(address: str, step: Step, trail: tuple[Link, ...], items: Sequence[Item], limit: int) -> Node:
    depth = len(trail)
    entries = sum(item.entries for item in items)
    if entries <= limit or any(len(item.steps) <= depth for item in items):
        return Node(address, step, trail, entries, len(items), pages=_paged(items, limit))
    groups: dict[Step, list[Item]] = {}
    for item in items:
        groups.setdefault(item.steps[depth], []).append(item)
    here = (*trail, (address, step.name))
    turns = sorted(groups, key=lambda turn: (turn.order, turn.slug))
    children = tuple(_grown(f"{address}/{turn.slug}", turn, here, groups[turn], limit) for turn in turns)
    return Node(address, step, trail, entries, len(items), children)


def _paged(items: Sequence[Item], limit: int) -> tuple[tuple[str, ...], ...]:
    """The ids page by page; an item that is longer than a page has one of its own."""
    pages: list[list[str]] = [[]]
    room = limit
    for item in items:
        if item.entries > room and pages[-1]:
            pages.append([])
            room = limit
        pages[-1].append(item.id)
        room -= item.entries
    return tuple(map(tuple, pages))


def below(root: Node, slugs: Sequence[str]) -> Node:
    """The node that the way leads to, or the last one on it that there is."""
    node = root
    for slug in slugs:
        found = next((child for child in node.children if child.step.slug == slug), None)
        if found is None:
            break
        node = found
    return node


def address_of(root: Node, item_id: str, steps: Sequence[Step]) -> str:
    """The address of the page that holds the item's entries, from the site's root: "targets/zhejiang/"."""
    node = below(root, [step.slug for step in steps])
    at = 0
    if len(node.pages) > 1:
        at = next((place for place, ids in enumerate(node.pages) if item_id in ids), 0)
    return f"{_page(node.address, at)}/"


def lead(root: Node, slugs: Sequence[str], fragment: str) -> str:
    """Where the entries on the way stand: a page of theirs alone, otherwise their `fragment` of a longer list."""
    node = below(root, slugs)
    own = len(node.trail) == len(slugs) or node.children
    return f"{node.address}/" if own else f"{node.address}/#{fragment}"


def indexes(root: Node) -> Iterator[Index]:
    """Every index of the tree, the root's first."""
    for node, before, after in _walk(root):
        if node.children:
            lines = tuple(Child(c.step.key, c.address, c.step.name, c.entries, c.holds) for c in node.children)
            sides = (_link(before), _link(after))
            yield Index(node.address, node.name, node.step.name, node.trail, *sides, lines, node.entries, node.holds)


def spots(root: Node) -> Iterator[Spot]:
    """Every page of entries."""
    for node, before, after in _walk(root):
        last = len(node.pages) - 1
        for at, ids in enumerate(node.pages):
            earlier = (_page(node.address, at - 1), f"第{at}页") if at else _link(before)
            later = (_page(node.address, at + 1), f"第{at + 2}页") if at < last else _link(after)
            trail = (*node.trail, (node.address, node.step.name)) if at else node.trail
            place = f"第{at + 1}页"
            name = f"{node.name}（{place}）" if last else node.name
            words = place if at else node.step.name
            yield Spot(_page(node.address, at), name, words, trail, earlier, later, ids, node.entries)


def _walk(root: Node) -> Iterator[tuple[Node, Node | None, Node | None]]:
    """Every node with the one before and the one behind it under the same index, from the root down."""
    waiting: list[tuple[Node, Node | None, Node | None]] = [(root, None, None)]
    while waiting:
        node, *sides = waiting.pop()
        yield node, sides[0], sides[1]
        around = (None, *node.children, None)
        waiting += reversed([(child, around[at], around[at + 2]) for at, child in enumerate(node.children)])


def _link(node: Node | None) -> Link | None:
    return (node.address, node.step.name) if node else None


def _page(address: str, at: int) -> str:
    """The address of the page at `at` (from 0) of a list."""
    return address if not at else f"{address}/{at + 1}"

"""A list that is one page while it is short, and a tree of pages when it is long: its indexes, and what leads through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ...model import Output
from ..groups import Group, Need, Rows, group
from ..markdown import escape
from ..tree import Child, Index, Link, Node, Spot, indexes, spots
from .listing import HERE, page


class About(NamedTuple):
    """What a list is: title and description of its pages, and how its entries and their owners are counted."""

    title: str
    description: str
    entries: str = "项"  # 120项
    holds: str = "份通知"  # 3份通知; "" where every entry is one
    divided: str = "按地区"
    foot: str = ""  # HTML at the end of an index


def spread(
    root: Node,
    about: About,
    make: Callable[..., list[Output]],
    given: Callable[[Spot], tuple[object, ...]] = lambda spot: (),
    needs: Callable[[Spot], Iterable[Need]] = lambda spot: (),
    top: Callable[[Index], Group] | None = None,
) -> Iterator[Group]:
    """A group a page of the tree.

    `make(spot, *given(spot), rows)` makes a page of entries from the rows that it `needs`; `top` makes the first index
    where it holds more than links.
    """
    for index in indexes(root):
        if top and not index.trail:
            yield top(index)
        else:
            yield group(index.address, index_page, index, about)
    for spot in spots(root):
        yield group(spot.address, make, spot, *given(spot), needs=needs(spot))


def index_page(index: Index, about: About, rows: Rows) -> list[Output]:
    """A page of links to the pages below."""
    parts = [*way(index), explanation(index, about), index_list(index.children, about), about.foot]
    return [page(path_of(index.address), titled(about.title, index.name), about.description, filter(None, parts))]


def explanation(index: Index, about: About) -> str:
    """How many there are, and for those who follow an older link where to look now."""
    held = f"（{index.holds}{about.holds}）" if about.holds else ""
    moved = "" if index.trail else "从旧的链接来、要找其中一条的，请点它所在的一组。"
    return f"共{index.entries}{about.entries}{held}，一页放不下，{about.divided}分开列出。{moved}"


def index_list(children: Sequence[Child], about: About) -> str:
    """The pages below with their counts; the id of each line is the heading's on a page that is not divided."""
    lines = (
        f'<li id="{child.key}"><a href="{HERE}{child.address}/">{escape(child.name)}</a> '
        f'<span class="y-facts">{_counts(child, about)}</span></li>'
        for child in children
    )
    return f'<ul class="y-index">{"".join(lines)}</ul>'


def _counts(child: Child, about: About) -> str:
    held = f"，{child.holds}{about.holds}" if about.holds else ""
    return f"{child.entries}{about.entries}{held}"


def way(place: Spot | Index) -> list[str]:
    """The way back, and the neighbours; nothing on a page that has none above it."""
    if not place.trail:
        return []
    above = "".join(f"{_anchor(link)} › " for link in place.trail)
    beside = [
        f"{words}：{_anchor(link)}" for words, link in (("上一组", place.before), ("下一组", place.after)) if link
    ]
    lines = [above + escape(place.last), " · ".join(beside)]
    return [f'<p class="y-links">{line}</p>' for line in lines if line]


def _anchor(link: Link) -> str:
    address, words = link
    return f'<a href="{HERE}{address}/">{escape(words)}</a>'


def path_of(address: str) -> str:
    """The file of the page at `address`; that of the comparisons lies in their folder, as it always did."""
    return "compare/index.md" if address == "compare" else f"{address}.md"


def titled(title: str, name: str) -> str:
    """量化指标：浙江省; the title alone where the list is one page."""
    return f"{title}：{name}" if name else title

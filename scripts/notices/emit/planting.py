"""Which lists there are, and how each is divided: the trees of a catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ..comparing.couples import couples
from .card import Card, counts
from .pages.findings import SAME
from .steps import Places, Steps, year_step
from .tree import Item, Node, Step, grow

if TYPE_CHECKING:
    from .catalogue import Catalogue

DIGITS = 3  # of a document's id by which 引用文件 is divided
#: Lists by place: their title, and the kind of annotation that has an entry there.
BY_PLACE = {"targets": ("量化指标", "target"), "units": ("责任单位", "unit"), "timeline": ("时间表", "deadline")}


def way_to(places: Places, code: str, names: Sequence[str], year: str) -> Steps:
    """The way down to a notice: its place, then its year."""
    return (*places.way(code, names), year_step(year))


def topic_tree(label: str) -> str:
    """The key of the tree of a topic's tasks."""
    return f"topic {label}"


def plant(catalogue: Catalogue) -> dict[str, Node]:
    """Every tree: targets, units, timeline, one a topic, review, compare, citations, places and years."""
    cards, steps, limit = catalogue.cards, catalogue.steps, catalogue.limits.entries
    at = {key: (key, title) for key, (title, _) in BY_PLACE.items()} | {"review": ("review", "待核对")}
    at |= {topic_tree(t["label"]): (f"topics/{t['label'].lower()}", t["name"]) for t in catalogue.topics}
    items: dict[str, list[Item]] = {key: [] for key in at}
    for key, card in cards.items():
        for name, count in _numbers(card).items():
            if count and name in items:
                items[name].append(Item(key, steps[key], count))
    for topic in catalogue.topics:
        items[topic_tree(topic["label"])].sort(key=lambda item: place_order(cards[item.id]))
    found = {key: grow(*at[key], items[key], limit) for key in at}
    pairs = couples(cards, catalogue.between)
    found["compare"] = grow("compare", "对照", [Item(one.name, steps[one.first.id], 1) for one in pairs], limit)
    found["citations"] = grow("citations", "引用文件", _documents(cards.values(), catalogue.limits.cited), limit)
    live = [(entry.id, steps[entry.id]) for entry in catalogue.live]
    found["places"] = grow("places", "按地区", [Item(key, way, 1) for key, way in live], limit)
    found["years"] = grow("years", "按年份", [Item(key, (way[-1], *way[:-1]), 1) for key, way in live], limit)
    return found


def _numbers(card: Card) -> dict[str, int]:
    """List → how many entries a notice has on it."""
    kinds = counts(card.kinds_)
    found = {key: kinds.get(kind, 0) for key, (_, kind) in BY_PLACE.items()}
    found["review"] = sum(count for heading, count in counts(card.findings_).items() if heading != SAME)
    return found | {topic_tree(label): count for label, count in counts(card.topics_).items()}


def place_order(card: Card) -> tuple[str, str, str]:
    """By place, then by year: the order of a topic's columns."""
    return (card.region.code if card.region else "9", card.year, card.id)


def _documents(cards: Iterable[Card], most: int) -> list[Item]:
    """The documents cited, by id; of the places that cite one, `most` are listed."""
    cited: Counter[str] = Counter()
    for card in cards:
        cited.update(counts(card.documents_))
    return [Item(key, hex_steps(key), min(number, most)) for key, number in sorted(cited.items())]


def hex_steps(document: str) -> Steps:
    """The way down to a document: the first digits of its id (d-a3…), one more at each turn."""
    digits = document.partition("-")[2]
    return tuple(_hex_step(digits[:length]) for length in range(1, DIGITS + 1))


@cache
def _hex_step(digits: str) -> Step:
    return Step(digits, f"编号{digits}…", f"x-{digits}", digits)

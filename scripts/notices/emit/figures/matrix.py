"""What is being done: how many tasks of each topic stand in each notice, province or year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..card import Card, counts
from ..catalogue import Catalogue
from ..entries import UNDATED, UNPLACED
from ..planting import place_order, topic_tree
from ..tree import address_of, lead
from .grid import NAME, Cell, Grid, Head, Row
from .lettering import stacked, two_lines
from .places_years import year_href

COLUMNS = 10
LABELS = {"notice": "每份通知各主题的任务数", "province": "各省各主题的任务数", "year": "各年份各主题的任务数"}


class Matrix(NamedTuple):
    """The grid, what its columns are (notice, province or year), and how many topics have no task in it."""

    grid: Grid
    kind: str
    empty: int


def topic_matrix(catalogue: Catalogue) -> Matrix:
    """Rows: the topics that have tasks, those with most first.  A notice a column while there are few of them."""
    ordered = sorted(catalogue.cards.values(), key=place_order)
    kind = _kind(ordered)
    columns = _columns(kind, ordered, catalogue)
    tasks = _tasks(ordered, kind)
    topics = catalogue.topics
    rows = [_row(topic, kind, columns, tasks.get(topic["label"], {}), catalogue) for topic in topics]
    used = sorted((row for row in rows if any(row.cells)), key=lambda row: -sum(c.number for c in row.cells if c))
    return Matrix(Grid(LABELS[kind], "主题", tuple(columns.values()), tuple(used)), kind, len(topics) - len(used))


def _kind(cards: Sequence[Card]) -> str:
    """What a column is: a notice; where these are too many, whichever of province and year shows more and still fits."""
    if len(cards) <= COLUMNS:
        return "notice"
    provinces, years = (len({_key(kind, card) for card in cards}) for kind in ("province", "year"))
    return "province" if years <= provinces <= COLUMNS or provinces <= COLUMNS < years else "year"


def _key(kind: str, card: Card) -> str:
    if kind == "notice":
        return card.id
    if kind == "year":
        return card.year
    return card.region.code[:2] if card.region else "no"


def _columns(kind: str, cards: Sequence[Card], catalogue: Catalogue) -> dict[str, Head]:
    """Column by key, in the order in which they stand: by place, or by year with the newest first."""
    firsts: dict[str, Card] = {}
    for card in cards:
        firsts.setdefault(_key(kind, card), card)
    keys = sorted(firsts, reverse=True)[:COLUMNS] if kind == "year" else list(firsts)
    return {key: _head(kind, key, firsts[key], catalogue) for key in keys}


def _head(kind: str, key: str, card: Card, catalogue: Catalogue) -> Head:
    region = card.region
    if kind == "year":
        return Head(f"{key}年" if key else UNDATED, (key or "未载明",), year_href(catalogue, key))
    if kind == "province":
        name = region.path[0] if region else UNPLACED
        href = lead(catalogue.trees["places"], [catalogue.steps[card.id][0].slug], f"p{key}")
        return Head(name, stacked(name), href)
    place = stacked(region.path[-1]) if region else stacked("未载明")
    return Head(card.name, (*place, card.year) if card.year else place, f"notices/{card.id}/")


def _tasks(cards: Sequence[Card], kind: str) -> dict[str, dict[str, tuple[int, Card]]]:
    """Topic → column → how many tasks, and the first notice that has one."""
    found: dict[str, dict[str, tuple[int, Card]]] = {}
    for card in cards:
        key = _key(kind, card)
        for label, number in counts(card.topics_).items():
            columns = found.setdefault(label, {})
            before, first = columns.get(key, (0, card))
            columns[key] = before + number, first
    return found


def _row(
    topic: Mapping[str, str],
    kind: str,
    columns: Mapping[str, Head],
    tasks: Mapping[str, tuple[int, Card]],
    catalogue: Catalogue,
) -> Row:
    page = f"topics/{topic['label'].lower()}/"
    tree = catalogue.trees[topic_tree(topic["label"])]
    cells: list[Cell | None] = []
    for key, head in columns.items():
        if key not in tasks:
            cells.append(None)
            continue
        number, first = tasks[key]
        way = [step.slug for step in catalogue.steps[first.id]]
        whole = f"{address_of(tree, first.id, catalogue.steps[first.id])}#{first.id}"
        place = {"year": page, "province": lead(tree, way[:1], first.id), "notice": whole}[kind]
        cells.append(Cell(number, place, f"{head.name}，{topic['name']}：{number}项任务"))
    return Row(Head(topic["name"], two_lines(topic["name"], NAME), page), tuple(cells))

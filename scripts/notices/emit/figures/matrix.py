"""What is being done: how many tasks of each topic stand in each notice, province or year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...model import Notice
from ..entries import UNDATED, UNPLACED
from ..view import View, short_name
from .grid import NAME, Cell, Grid, Head, Row
from .lettering import stacked, two_lines

COLUMNS = 10
LABELS = {"notice": "每份通知各主题的任务数", "province": "各省各主题的任务数", "year": "各年份各主题的任务数"}


class Matrix(NamedTuple):
    """The grid, what its columns are (notice, province or year), and how many topics have no task in it."""

    grid: Grid
    kind: str
    empty: int


def topic_matrix(view: View) -> Matrix:
    """Rows: the topics that have tasks, those with most first.  A notice a column while there are few of them."""
    ordered = sorted(view.corpus.notices, key=_order)
    kind = _kind(ordered)
    columns = _columns(kind, ordered)
    tasks = _tasks(view, kind)
    topics = view.rules.tables["topics"].get("topic", ())
    rows = [_row(topic, kind, columns, tasks.get(topic["label"], {})) for topic in topics]
    used = sorted((row for row in rows if any(row.cells)), key=lambda row: -sum(c.number for c in row.cells if c))
    return Matrix(Grid(LABELS[kind], "主题", tuple(columns.values()), tuple(used)), kind, len(topics) - len(used))


def _order(notice: Notice) -> tuple[str, str, str]:
    """The order of a topic's page, so that a province's first notice there begins its part."""
    return (notice.meta.region.code if notice.meta.region else "9", notice.meta.year.value or "", notice.id)


def _kind(notices: Sequence[Notice]) -> str:
    """What a column is: a notice; where these are too many, whichever of province and year shows more and still fits."""
    if len(notices) <= COLUMNS:
        return "notice"
    provinces, years = (len({_key(kind, notice) for notice in notices}) for kind in ("province", "year"))
    return "province" if years <= provinces <= COLUMNS or provinces <= COLUMNS < years else "year"


def _key(kind: str, notice: Notice) -> str:
    if kind == "notice":
        return notice.id
    if kind == "year":
        return notice.meta.year.value or ""
    return notice.meta.region.code[:2] if notice.meta.region else "no"


def _columns(kind: str, notices: Sequence[Notice]) -> dict[str, Head]:
    """Column by key, in the order in which they stand: by place, or by year with the newest first."""
    firsts: dict[str, Notice] = {}
    for notice in notices:
        firsts.setdefault(_key(kind, notice), notice)
    keys = sorted(firsts, reverse=True)[:COLUMNS] if kind == "year" else list(firsts)
    return {key: _head(kind, key, firsts[key]) for key in keys}


def _head(kind: str, key: str, notice: Notice) -> Head:
    region = notice.meta.region
    if kind == "year":
        return Head(f"{key}年" if key else UNDATED, (key or "未载明",), f"years/#y{key or 'none'}")
    if kind == "province":
        name = region.path[0] if region else UNPLACED
        return Head(name, stacked(name), f"places/#p{key}")
    place = stacked(region.path[-1]) if region else stacked("未载明")
    year = notice.meta.year.value
    return Head(short_name(notice), (*place, year) if year else place, f"notices/{notice.id}/")


def _tasks(view: View, kind: str) -> dict[str, dict[str, list[Notice]]]:
    """Topic → column → the notice of each task."""
    found: dict[str, dict[str, list[Notice]]] = {}
    for notice, _, span in view.spans("topic"):
        found.setdefault(str(span.get("label")), {}).setdefault(_key(kind, notice), []).append(notice)
    return found


def _row(topic: Mapping[str, str], kind: str, columns: Mapping[str, Head], tasks: Mapping[str, list[Notice]]) -> Row:
    page = f"topics/{topic['label'].lower()}/"
    cells = []
    for key, head in columns.items():
        notices = tasks.get(key, [])
        place = "" if kind == "year" else f"#{min(notices, key=_order).id}" if notices else ""
        says = f"{head.name}，{topic['name']}：{len(notices)}项任务"
        cells.append(Cell(len(notices), page + place, says) if notices else None)
    return Row(Head(topic["name"], two_lines(topic["name"], NAME), page), tuple(cells))

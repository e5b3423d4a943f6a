"""Where and when: the notices of each place and year, or of each province where the places are too many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ...store import Entry
from ..catalogue import Catalogue
from ..entries import UNDATED, UNPLACED, by_province, in_order_of_place, province, province_key, year_key
from ..steps import year_step
from ..tree import lead
from ..view import UNTITLED
from .grid import NAME, Cell, Grid, Head, Row
from .lettering import cut, two_lines

COLUMNS = 10  # the newest years


def place_year_grid(catalogue: Catalogue) -> Grid:
    """Rows: places in the order of their codes; columns: the newest years that occur, from left to right."""
    entries = catalogue.live
    together = by_province(entries)
    years = shown_years(entries)
    rows = groupby(in_order_of_place(entries), key=province_key if together else _region)
    return Grid(
        "每个省每年的通知份数" if together else "每个地区每年的通知份数",
        "省份" if together else "地区",
        tuple(Head(_year(year), (year or "未载明",), year_href(catalogue, year)) for year in years),
        tuple(_row(list(group), years, together, catalogue) for _, group in rows),
    )


def year_href(catalogue: Catalogue, year: str) -> str:
    """Where the notices of a year are listed."""
    return lead(catalogue.trees["years"], [year_step(year).slug], year_key(year))


def shown_years(entries: Sequence[Entry]) -> list[str]:
    """The years that are columns, newest first; "" (no year printed) comes last."""
    return sorted({entry.year for entry in entries}, reverse=True)[:COLUMNS]


def _region(entry: Entry) -> str:
    return entry.region_code or ""


def _year(year: str) -> str:
    return f"{year}年" if year else UNDATED


def _row(entries: list[Entry], years: Sequence[str], together: bool, catalogue: Catalogue) -> Row:
    """The row of one place, or of one province: `entries` are all of its notices."""
    first = entries[0]
    name = province(first) if together else "".join(first.region) or UNPLACED
    lines = two_lines(name, NAME) if together else _lines(first.region)
    way = [step.slug for step in catalogue.steps[first.id][:-1]]  # without the year
    key = province_key(first) if together or len(first.region) < 2 else f"r{first.region_code}"
    href = lead(catalogue.trees["places"], way[:1] if together else way, key)
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.year, []).append(entry)
    cells = []
    for year in years:
        of_year = [year_step(year).slug, way[0]]
        in_year = f"{year_key(year)}-{province_key(first)}"
        several = lead(catalogue.trees["years"], of_year, in_year) if together else href
        cells.append(_cell(name, year, found[year], several) if year in found else None)
    return Row(Head(name, lines, href), tuple(cells), "" if together else province(first))


def _cell(name: str, year: str, entries: list[Entry], several: str) -> Cell:
    says = f"{name}{_year(year)}：{len(entries)}份通知"
    if len(entries) > 1:
        return Cell(len(entries), several, says)
    only = entries[0]
    return Cell(1, f"notices/{only.id}/", f"{says}，{only.title or UNTITLED}，{only.tasks}项任务")


def _lines(region: tuple[str, ...]) -> tuple[str, ...]:
    """A place below its province's name: 杭州市江干区, on two lines where it is long."""
    if len(region) < 2:
        return ("本级",) if region else ("未载明",)
    whole = "".join(region[1:])
    if len(region) == 2 or len(whole) <= NAME:
        return two_lines(whole, NAME)
    return cut(region[1], NAME), cut("".join(region[2:]), NAME)

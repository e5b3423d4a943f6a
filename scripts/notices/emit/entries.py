"""The registry's entries as pages list them: which are published, in which order, and the line about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..store import Entry
from .markdown import escape, told
from .pages.listing import HERE
from .view import UNTITLED

UNPLACED = "地区未载明"
UNDATED = "年份未载明"
FEW_PLACES = 30  # more places than these are shown by province


def live_entries(entries: Mapping[str, Entry]) -> list[Entry]:
    """The notices that are published now, by id."""
    return [entry for _, entry in sorted(entries.items()) if not entry.withdrawn]


def by_province(entries: Sequence[Entry]) -> bool:
    """Whether there are too many places to show each."""
    return len({entry.region_code for entry in entries}) > FEW_PLACES


def in_order_of_place(entries: Iterable[Entry]) -> list[Entry]:
    """By division code, so that a province stands before its cities; what has no place comes last."""
    return sorted(entries, key=lambda e: (e.region_code or "999999", e.id))


def province(entry: Entry) -> str:
    """The name of the entry's province, or that none is printed."""
    return entry.region[0] if entry.region else UNPLACED


def province_key(entry: Entry) -> str:
    """The id of the entry's province on 按地区: p33."""
    return f"p{(entry.region_code or 'none')[:2]}"


def year_key(year: str) -> str:
    """The id of a year on 按年份: y2021."""
    return f"y{year or 'none'}"


def notice_list(entries: Iterable[Entry], with_place: bool = False) -> str:
    """An HTML list of notices, each with its facts; `with_place`: also where it holds."""
    return f'<ul class="y-told">{"".join(_item(entry, with_place) for entry in entries)}</ul>'


def _item(entry: Entry, with_place: bool) -> str:
    facts = " · ".join(_facts(entry, with_place))
    title = escape(entry.title or UNTITLED)
    return told(f'<a href="{HERE}notices/{entry.id}/">{title}</a>', facts)


def _facts(entry: Entry, with_place: bool) -> Iterator[str]:
    if with_place:
        yield escape("".join(entry.region)) if entry.region else UNPLACED
    yield escape(entry.issuer) if entry.issuer else "发文机关未载明"
    if entry.doc_number:
        yield escape(entry.doc_number)
    yield f"{entry.tasks}项任务"

"""From notices to files under docs/.  What is made of each notice, and what is made of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..model import Link, Notice, Output
from ..rules import Rules
from ..store import Entry
from .around import Around, citing
from .catalogue import Catalogue, around, catalogue_of, in_memory, links_by_notice
from .data import notice_data
from .files.joined import joined, joined_outputs, parts
from .files.llms import llms_groups
from .files.schema import schema_groups
from .groups import Group
from .notice_page import notice_page, withdrawn_page
from .pages.citations import citation_groups
from .pages.compare import compare_groups
from .pages.data import data_groups
from .pages.home import home_groups
from .pages.indexes import index_groups
from .pages.review_pages import review_groups
from .pages.targets import target_groups
from .pages.terms import term_groups
from .pages.timeline import time_groups
from .pages.topics import topic_groups
from .pages.units import unit_groups
from .rows import ROW_KINDS
from .source_page import source_page

#: One file a notice each, made from the notice and what surrounds it.
EMITTERS: tuple[Callable[[Notice, Entry, Around], Output], ...] = (
    lambda notice, entry, near: notice_page(notice, near, entry.tombstones, entry.aliases),
    lambda notice, entry, near: notice_data(notice, near),
)

#: One file a notice each, made from the notice alone.
OWN_EMITTERS: tuple[Callable[[Notice, Rules], Output], ...] = (source_page,)

#: Pages about several notices.
GROUPS: tuple[Callable[[Catalogue], Iterable[Group]], ...] = (
    home_groups,
    index_groups,
    unit_groups,
    target_groups,
    topic_groups,
    compare_groups,
    citation_groups,
    term_groups,
    time_groups,
    llms_groups,
    schema_groups,
    data_groups,
    review_groups,
)


def groups(catalogue: Catalogue) -> list[Group]:
    """Every page about more than one notice, planned from the cards alone; each needs a few notices' rows."""
    return [group for plan in GROUPS for group in plan(catalogue)]


def corpus_outputs(catalogue: Catalogue, notices: Iterable[Notice], links: Iterable[Link]) -> list[Output]:
    """All pages and files about more than one notice, from notices and links that are at hand."""
    starting = links_by_notice(links)
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    said: dict[str, tuple[bytes, ...]] = {}
    for notice in notices:
        near = around(notice.id, starting.get(notice.id, {}), catalogue)
        cited = citing(near.links)
        said[notice.id] = parts(notice, cited)
        rows |= {(kind.name, notice.id): kind.make(notice, cited, catalogue.rules) for kind in ROW_KINDS}
    made: Iterator[Output] = (output for one in groups(catalogue) for output in one.make(rows))
    return [*made, *joined_outputs(joined(catalogue), said)]


__all__ = [
    "EMITTERS",
    "GROUPS",
    "OWN_EMITTERS",
    "ROW_KINDS",
    "Around",
    "Catalogue",
    "Group",
    "around",
    "catalogue_of",
    "citing",
    "corpus_outputs",
    "groups",
    "in_memory",
    "joined",
    "links_by_notice",
    "parts",
    "withdrawn_page",
]

"""From the corpus to files under docs/.  What is made of each notice, and what is made of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..model import Notice, Output
from ..rules import Rules
from ..store import Entry
from .around import Around, around
from .data import notice_data
from .files.llms import llms_file
from .files.schema import schema_file
from .notice_page import notice_page, withdrawn_page
from .pages.citations import citation_page
from .pages.compare import compare_index
from .pages.data import data_page
from .pages.indexes import index_pages
from .pages.review import review_files
from .pages.targets import target_page
from .pages.terms import term_page
from .pages.timeline import time_page
from .pages.topics import topic_pages
from .pages.units import unit_page
from .source_page import source_page
from .view import View, view_of

#: One file a notice each, made from the notice and what surrounds it.
EMITTERS: tuple[Callable[[Notice, Entry, Around], Output], ...] = (
    lambda notice, entry, near: notice_page(notice, near, entry.tombstones, entry.aliases),
    lambda notice, entry, near: notice_data(notice, near),
)

#: One file a notice each, made from the notice alone.
OWN_EMITTERS: tuple[Callable[[Notice, Rules], Output], ...] = (source_page,)

#: Files about the whole corpus.
CORPUS_EMITTERS: tuple[Callable[[View], Iterable[Output]], ...] = (
    index_pages,
    unit_page,
    target_page,
    topic_pages,
    compare_index,
    citation_page,
    term_page,
    time_page,
    llms_file,
    schema_file,
    data_page,
    review_files,
)

__all__ = ["CORPUS_EMITTERS", "EMITTERS", "OWN_EMITTERS", "Around", "View", "around", "view_of", "withdrawn_page"]

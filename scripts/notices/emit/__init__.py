"""From the corpus to files under docs/.  What is made of each notice, and what is made of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..model import Notice, Output
from ..store import Entry
from .data import notice_data
from .files.corpus_file import corpus_file
from .files.csv_files import csv_files
from .files.llms import llms_file
from .files.schema import schema_file
from .notice_page import notice_page, withdrawn_page
from .pages.citations import citation_page
from .pages.compare import compare_pages
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

#: One file a notice each.
EMITTERS: tuple[Callable[[Notice, Entry, View], Output], ...] = (
    lambda notice, entry, view: notice_page(notice, view, entry.tombstones, entry.aliases),
    lambda notice, entry, view: source_page(notice, view.rules),
    lambda notice, entry, view: notice_data(notice, view),
)

#: Files about the whole corpus.
CORPUS_EMITTERS: tuple[Callable[[View], Iterable[Output]], ...] = (
    index_pages,
    unit_page,
    target_page,
    topic_pages,
    compare_pages,
    citation_page,
    term_page,
    time_page,
    csv_files,
    corpus_file,
    llms_file,
    schema_file,
    data_page,
    review_files,
)

__all__ = ["CORPUS_EMITTERS", "EMITTERS", "View", "view_of", "withdrawn_page"]

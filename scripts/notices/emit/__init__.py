"""From the corpus to files under docs/.  `EMITTERS` lists what is made of each notice."""

from __future__ import annotations

from collections.abc import Callable

from ..model import Notice, Output
from ..rules import Rules
from ..store import Entry
from .data import notice_data
from .indexes import index_pages
from .notice_page import notice_page, withdrawn_page
from .source_page import source_page

EMITTERS: tuple[Callable[[Notice, Entry, Rules], Output], ...] = (
    lambda notice, entry, rules: notice_page(notice, entry.tombstones, entry.aliases),
    lambda notice, entry, rules: source_page(notice, rules),
    lambda notice, entry, rules: notice_data(notice),
)

__all__ = ["EMITTERS", "index_pages", "withdrawn_page"]

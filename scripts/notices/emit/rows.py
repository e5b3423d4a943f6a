"""What the pages about all notices say of one: made once a notice, kept, and put together without the notice.

A row is HTML with the few values by which it is grouped and sorted.  `HERE` in it stands for the way to the site's root,
which `page` fills in, since pages lie at different depths.  Rows depend on other notices only through `citing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..model import Notice
from ..rules import Rules
from .around import Around
from .pages.citations import citation_rows
from .pages.review import finding_rows, word_rows
from .pages.targets import target_rows
from .pages.terms import term_rows
from .pages.timeline import time_rows
from .pages.topics import topic_rows
from .pages.units import unit_rows


class RowKind(NamedTuple):
    """A kind of rows: its name (ASCII), and how a notice's are made: NamedTuples of plain values."""

    name: str
    make: Callable[[Notice, Around, Rules], tuple[Any, ...]]


ROW_KINDS = (
    RowKind("targets", target_rows),
    RowKind("units", unit_rows),
    RowKind("deadlines", time_rows),
    RowKind("topics", topic_rows),
    RowKind("citations", citation_rows),
    RowKind("terms", term_rows),
    RowKind("findings", finding_rows),
    RowKind("words", word_rows),
)

"""Notices as they are published: with their ids and people's corrections, their texts on the shelf."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from .. import overrides
from ..emit.card import Card
from ..links.citing import Citing
from ..links.plans import Plan
from ..model import Notice
from ..overrides import Override
from ..rules import Rules
from .prepared import DOCUMENT, NOTICE, Brief, Prepared, brief_of
from .shelf import Shelf


class Final(NamedTuple):
    """A notice that is published.

    `notice` is without its text; `key` is where the shelf has that.  `decided` holds what was decided about it since:
    id, problems, copies.  `whole`: whether its document is there too, so that its own pages can be made.
    """

    notice: Notice
    key: str
    corrections: tuple[Override, ...]
    decided: Notice
    digest: str
    card: Card
    plan: Plan | None
    cited: Citing
    whole: bool = True

    @property
    def content(self) -> tuple[object, ...]:
        """What its text, fields and annotations are made from."""
        return self.key, self.corrections, self.decided.id, self.decided.problems, self.decided.copies


def final(
    notice: Notice, key: str, corrections: tuple[Override, ...], one: Prepared, shelf: Shelf, rules: Rules
) -> Final:
    """The enrolled `notice` (without its text) of a file that became `one`."""
    brief, before = one.brief, one.outcome.notice
    assert brief
    assert before
    decided = notice
    if corrections or (notice.problems, notice.copies) != (before.problems, before.copies):
        full = _full(decided, key, corrections, shelf)
        notice, brief = replace(full, clauses=(), spans=()), brief_of(full, rules)
    return made(notice, key, corrections, decided, brief)


def made(
    notice: Notice, key: str, corrections: tuple[Override, ...], decided: Notice, brief: Brief, whole: bool = True
) -> Final:
    """The final notice with what is known of it under its id."""
    return Final(
        notice,
        key,
        corrections,
        decided,
        brief.standing.digest,
        replace(brief.card, id=notice.id),
        replace(brief.plan, id=notice.id) if brief.plan else None,
        brief.cited._replace(id=notice.id),
        whole,
    )


def full(one: Final, shelf: Shelf, document: bool = False) -> Notice:
    """The notice with its clauses and annotations; with `document` the text it came from too."""
    notice = _full(one.decided, one.key, one.corrections, shelf)
    return replace(notice, document=shelf.one(DOCUMENT, one.key)) if document else notice


def _full(decided: Notice, key: str, corrections: tuple[Override, ...], shelf: Shelf) -> Notice:
    light: Notice = shelf.one(NOTICE, key)
    notice = replace(light, id=decided.id, problems=decided.problems, copies=decided.copies, rivals=())
    return overrides.apply(notice, corrections)

"""All published notices together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .links.link import link
from .model import Link, Notice
from .rules import Rules


@dataclass(frozen=True, slots=True)
class Corpus:
    """Notices in the order of their ids, with the links between them."""

    notices: tuple[Notice, ...]
    links: tuple[Link, ...] = ()


def corpus_of(notices: Iterable[Notice], rules: Rules) -> Corpus:
    """The corpus of these notices, all of them held; their order does not matter."""
    ordered = tuple(sorted(notices, key=lambda notice: notice.id))
    return Corpus(ordered, link(ordered, rules))

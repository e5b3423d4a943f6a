"""All published notices together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .links.link import link
from .links.related import Compared, Known
from .model import Link, Notice
from .rules import Rules


@dataclass(frozen=True, slots=True)
class Corpus:
    """Notices in the order of their ids, with the links between them."""

    notices: tuple[Notice, ...]
    links: tuple[Link, ...] = ()


def corpus_of(
    notices: Iterable[Notice],
    rules: Rules,
    texts: Mapping[str, Compared | None] | None = None,
    known: Known | None = None,
    jobs: int = 1,
) -> Corpus:
    """The corpus of these notices; their order does not matter.  `texts`, `known` and `jobs` as in `link`."""
    ordered = tuple(sorted(notices, key=lambda notice: notice.id))
    return Corpus(ordered, link(ordered, rules, texts, known, jobs))

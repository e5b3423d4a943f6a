"""The files of docs/, made by as many processes as there are; those that would come out as they are, are not made.

What a page is made from has a key; while the key is the same and the file is as it was left, so is the page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..comparing.couples import Couple, couples
from ..emit import CORPUS_EMITTERS, EMITTERS, OWN_EMITTERS, Around, View, around
from ..emit.files.joined import joined_files, parts
from ..emit.pages.compare import couple_page
from ..model import Notice, Output
from ..store import Entry
from .cache import Cache, key_of
from .parallel import shared
from .shelf import whole

Parts = tuple[bytes, ...]


class Known(NamedTuple):
    """What the last build made and is still there: page key → paths below docs/, and what the joined files say."""

    pages: Mapping[str, tuple[tuple[str, ...], Parts]]

    @staticmethod
    def read(cache: Cache | None, stored: Collection[str], redo: Collection[str]) -> Known:
        """What `cache` knows; nothing of what the manifest `stored` does not list, or of `redo`."""
        pages = cache.get("pages", ["all"]).get("all", {}) if cache else {}
        bad = set(redo)
        return Known(
            {key: found for key, found in pages.items() if all(path in stored and path not in bad for path in found[0])}
        )

    def keep(self, cache: Cache) -> None:
        """Remember these for the next build."""
        cache.put("pages", {"all": dict(self.pages)})


class Origin(NamedTuple):
    """What a notice of this run was made from: the key of its file, people's corrections, its document (shelf.whole)."""

    key: str
    corrections: object
    document: bytes


class Page(NamedTuple):
    """Files to be made together.  `key` is "" where nothing is known of them."""

    key: str
    make: Callable[[], tuple[list[Output], Parts]]


class Made(NamedTuple):
    """The files of notices: those made now, the paths of those that stay, what the joined files say of each notice."""

    outputs: list[Output]
    stay: list[str]
    parts: list[Parts]
    known: Known


def notice_files(
    view: View, entries: Mapping[str, Entry], origins: Mapping[str, Origin], before: Known, jobs: int
) -> Made:
    """Each notice's files, and the comparison pages.  A notice without an origin keeps the files that it has."""
    pages = [*_notices(view, entries, origins), *_couples(view, origins)]
    fresh = [page for page in pages if page.key not in before.pages]
    results = iter(shared(lambda some: [page.make() for page in some], fresh, jobs))
    outputs: list[Output] = []
    stay: list[str] = []
    said: list[Parts] = []
    after: dict[str, tuple[tuple[str, ...], Parts]] = {}
    for page in pages:
        if page.key in before.pages:
            after[page.key] = before.pages[page.key]
            stay += after[page.key][0]
            spoken = after[page.key][1]
        else:
            made, spoken = next(results)
            outputs += made
            if page.key:
                after[page.key] = (tuple(output.path for output in made), spoken)
        if spoken:
            said.append(spoken)
    return Made(outputs, stay, said, Known(after))


def _notices(view: View, entries: Mapping[str, Entry], origins: Mapping[str, Origin]) -> Iterator[Page]:
    """Of each notice: what the joined files say of it, then what it shows of the corpus, then what is its own alone."""
    for notice in view.corpus.notices:
        near, origin = around(notice, view), origins.get(notice.id)
        content = _content(notice, origin) if origin else None
        cited = [links for links in near.links.values() if any(link.kind == "cites" for link in links)]
        yield Page(key_of("joined", content, cited) if origin else "", partial(_spoken, notice, near))
        if origin is not None:
            entry = entries[notice.id]
            decided = (sorted(entry.tombstones.items()), sorted(entry.aliases.items()), near.changing)
            yield Page(key_of("notice", content, *decided), partial(_near, notice, origin, entry, near))
            yield Page(key_of("own", content), partial(_own, notice, origin, view))


def _spoken(notice: Notice, near: Around) -> tuple[list[Output], Parts]:
    return [], parts(notice, near)


def _near(notice: Notice, origin: Origin, entry: Entry, near: Around) -> tuple[list[Output], Parts]:
    full = whole(notice, origin.document)
    return [emit(full, entry, near) for emit in EMITTERS], ()


def _own(notice: Notice, origin: Origin, view: View) -> tuple[list[Output], Parts]:
    full = whole(notice, origin.document)
    return [emit(full, view.rules) for emit in OWN_EMITTERS], ()


def _couples(view: View, origins: Mapping[str, Origin]) -> Iterator[Page]:
    for couple in couples(view.notices, view.links):
        both = [(one, origins.get(one.id)) for one in (couple.first, couple.second)]
        known = [_content(notice, origin) for notice, origin in both if origin]
        key = key_of("couple", couple.kind, *known) if len(known) == len(both) else ""
        yield Page(key, partial(_couple, couple, view))


def _couple(couple: Couple, view: View) -> tuple[list[Output], Parts]:
    return [couple_page(couple, view.rules)], ()


def _content(notice: Notice, origin: Origin) -> tuple[object, ...]:
    """What a notice's text, fields and annotations are made from."""
    return (origin.key, origin.corrections, notice.id, notice.problems, notice.copies)


def corpus_files(view: View, said: Sequence[Parts], jobs: int) -> list[Output]:
    """The files about the whole corpus; `said`: what the joined files say of each notice."""
    found = shared(
        lambda some: [list(emit(view)) for emit in some], CORPUS_EMITTERS, jobs, least=len(CORPUS_EMITTERS) // 2
    )
    return [*(output for outputs in found for output in outputs), *joined_files(said)]

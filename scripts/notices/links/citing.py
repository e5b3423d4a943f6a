"""From a clause that cites a document to that document, where it is one of the notices.

A document number names one document.  A title does where only one notice bears it, and that notice is of the citing
place or one it lies in, or the title itself names its place: 《2020年卫生健康工作要点》 is printed in every county.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..chars import fold
from ..model import Link, Notice, Span
from ..places import stem

RELATIONS = ("cites", "to_be_drawn_up", "docno_cited")
_DROP = re.compile(r"[\s《》〈〉<>“”\"'‘’]")
_WRAPPED = re.compile(r"^.*?关于(?:印发|下发|转发|发布|公布)(.+?)的?(?:通知|公告|函)$")
_BRACKETS = str.maketrans("[(【﹝", "〔〔〔〔") | str.maketrans("])】﹞", "〕〕〕〕")
MIN_TITLE = 6  # 工作要点 alone names nothing


class Citation(NamedTuple):
    """A document that a clause cites: its number and title as they are compared, "" for none, and as they are printed."""

    clause: str
    number: str
    title: str
    printed: tuple[str, ...]


class Citing(NamedTuple):
    """What decides which notices cite each other; all that is needed of a notice, so that it need not be held.

    `path`: of its place, empty where that is not known; `number` and `titles` as they are compared.
    """

    id: str
    path: tuple[str, ...]
    number: str
    titles: tuple[str, ...]
    citations: tuple[Citation, ...]


Index = Mapping[str, Sequence[Citing]]


def cited_in(notice: Notice) -> Citing:
    """The names of a notice, and what it cites."""
    meta = notice.meta
    titles = {title_key(field.value or "") for field in (meta.title, meta.notice_title)} - {""}
    spans = (s for s in notice.spans if s.kind == "citation" and s.get("relation") in RELATIONS)
    path = tuple(meta.region.path) if meta.region else ()
    number = number_key(meta.doc_number.value or "")
    return Citing(notice.id, path, number, tuple(sorted(titles)), tuple(map(_citation, spans)))


def _citation(span: Span) -> Citation:
    title, number = str(span.get("title") or ""), str(span.get("doc_number") or "")
    printed = tuple(value for value in (title, number) if value)
    return Citation(span.clause, number_key(number), title_key(title), printed)


def cite_links(records: Iterable[Citing]) -> Iterator[Link]:
    """One link for each clause and cited notice; the evidence is the title or number as the span gives it.

    In: the records of all notices, in any order.
    """
    every = sorted(records, key=lambda one: one.id)
    titles, numbers = _index(every, lambda one: one.titles), _index(every, lambda one: (one.number,))
    for one in every:
        seen: dict[tuple[str, str], set[str]] = {}
        for citation in one.citations:
            target = _cited(citation, one, titles, numbers)
            if target and target.id != one.id:
                seen.setdefault((citation.clause, target.id), set()).update(citation.printed)
        for (clause, target_id), printed in seen.items():
            yield Link(f"{one.id}#{clause}", target_id, "cites", 1.0, tuple(sorted(printed)))


def title_key(title: str) -> str:
    """A title as it is compared: width folded, without spaces and marks, and out of its 关于印发……的通知."""
    flat = _DROP.sub("", fold(title))
    wrapped = _WRAPPED.match(flat)
    return wrapped[1] if wrapped else flat


def number_key(number: str) -> str:
    """A document number as it is compared: width folded, without spaces, its brackets 〔〕."""
    return _DROP.sub("", fold(number)).translate(_BRACKETS)


def _index(records: Iterable[Citing], keys: Callable[[Citing], Iterable[str]]) -> Index:
    found: dict[str, list[Citing]] = {}
    for one in records:
        for key in keys(one):
            if key:
                found.setdefault(key, []).append(one)
    return found


def _cited(citation: Citation, source: Citing, titles: Index, numbers: Index) -> Citing | None:
    """The one notice that is meant, or None."""
    number, title = citation.number, citation.title
    if number in numbers:
        return _only(numbers[number])
    found = titles.get(title, ()) if len(title) >= MIN_TITLE else ()
    # a different number is another document, whatever its title
    found = [one for one in found if not (number and one.number)]
    return _only([one for one in found if _names_its_place(title, one)]) or _only(
        [one for one in found if _over(one, source)]
    )


def _only(found: Sequence[Citing]) -> Citing | None:
    return found[0] if len(found) == 1 else None


def _names_its_place(title: str, one: Citing) -> bool:
    return bool(one.path) and stem(one.path[-1]) in title


def _over(one: Citing, source: Citing) -> bool:
    """Whether `one` is of the place of `source`, or of one that it lies in."""
    return bool(one.path) and source.path[: len(one.path)] == one.path

"""From a clause that cites a document to that document, where it is one of the notices.

A document number names one document.  A title does where only one notice bears it, and that notice is of the citing
place or one it lies in, or the title itself names its place: 《2020年卫生健康工作要点》 is printed in every county.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..chars import fold
from ..model import Link, Notice, Span
from ..places import stem

RELATIONS = ("cites", "to_be_drawn_up", "docno_cited")
_DROP = re.compile(r"[\s《》〈〉<>“”\"'‘’]")
_WRAPPED = re.compile(r"^.*?关于(?:印发|下发|转发|发布|公布)(.+?)的?(?:通知|公告|函)$")
_BRACKETS = str.maketrans("[(【﹝", "〔〔〔〔") | str.maketrans("])】﹞", "〕〕〕〕")
MIN_TITLE = 6  # 工作要点 alone names nothing

Index = Mapping[str, Sequence[Notice]]


def cites(notices: Sequence[Notice]) -> Iterator[Link]:
    """One link for each clause and cited notice; the evidence is the title or number as the span gives it."""
    titles = _index(notices, _titles)
    numbers = _index(notices, lambda n: [number_key(n.meta.doc_number.value or "")])
    for notice in notices:
        seen: dict[tuple[str, str], set[str]] = {}
        for span in notice.spans:
            if span.kind == "citation" and span.get("relation") in RELATIONS:
                target = _cited(span, notice, titles, numbers)
                if target and target.id != notice.id:
                    printed = {str(value) for value in (span.get("title"), span.get("doc_number")) if value}
                    seen.setdefault((span.clause, target.id), set()).update(printed)
        for (clause, target_id), printed in seen.items():
            yield Link(f"{notice.id}#{clause}", target_id, "cites", 1.0, tuple(sorted(printed)))


def title_key(title: str) -> str:
    """A title as it is compared: width folded, without spaces and marks, and out of its 关于印发……的通知."""
    flat = _DROP.sub("", fold(title))
    wrapped = _WRAPPED.match(flat)
    return wrapped[1] if wrapped else flat


def number_key(number: str) -> str:
    """A document number as it is compared: width folded, without spaces, its brackets 〔〕."""
    return _DROP.sub("", fold(number)).translate(_BRACKETS)


def _titles(notice: Notice) -> list[str]:
    return [title_key(field.value or "") for field in (notice.meta.title, notice.meta.notice_title)]


def _index(notices: Sequence[Notice], keys: Callable[[Notice], Iterable[str]]) -> Index:
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        for key in sorted(set(keys(notice)) - {""}):
            found.setdefault(key, []).append(notice)
    return found


def _cited(span: Span, source: Notice, titles: Index, numbers: Index) -> Notice | None:
    """The one notice that is meant, or None."""
    number, title = number_key(str(span.get("doc_number") or "")), title_key(str(span.get("title") or ""))
    if number in numbers:
        return _only(numbers[number])
    found = titles.get(title, ()) if len(title) >= MIN_TITLE else ()
    # a different number is another document, whatever its title
    found = [n for n in found if not (number and n.meta.doc_number.value)]
    return _only([n for n in found if _names_its_place(title, n)]) or _only([n for n in found if _over(n, source)])


def _only(found: Iterable[Notice]) -> Notice | None:
    every = list(found)
    return every[0] if len(every) == 1 else None


def _names_its_place(title: str, notice: Notice) -> bool:
    region = notice.meta.region
    return region is not None and stem(region.path[-1]) in title


def _over(notice: Notice, source: Notice) -> bool:
    """Whether `notice` is of the place of `source`, or of one that it lies in."""
    if not notice.meta.region or not source.meta.region:
        return False
    path = notice.meta.region.path
    return source.meta.region.path[: len(path)] == path

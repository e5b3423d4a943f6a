"""What the pages about the whole corpus share: their head, links to clauses, and words around a span."""

from __future__ import annotations

from collections.abc import Iterable

from ...model import Clause, Notice, Output, Span
from ..markdown import escape, front_matter
from ..view import clause_name, short_name

AROUND = 36  # characters of context on either side of a span
_ENDS = "。；！？\n"


def page(path: str, title: str, description: str, parts: Iterable[str], in_search: bool = False) -> Output:
    """A generated page: front matter, heading, parts as paragraphs of Markdown.

    Pages that repeat the clauses are left out of the search, so that a word leads to the clause itself.
    """
    hidden = {} if in_search else {"search": {"exclude": "true"}}
    head = front_matter({"title": title, "description": description, "hide": ["navigation"], **hidden})
    return Output(path, (head + f"\n# {title}\n\n" + "\n\n".join(parts) + "\n").encode("utf-8"))


def clause_link(root: str, notice: Notice, clause: Clause, with_place: bool = True, anchor: str = "") -> str:
    """An HTML link to a clause; `root` leads from the page to the site's root, "../" for /units/."""
    words = (f"{short_name(notice)} " if with_place else "") + clause_name(clause)
    return f'<a href="{root}notices/{notice.id}/#{anchor or clause.anchor}">{escape(words)}</a>'


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) widened to its sentence, at most AROUND characters further on either side."""
    left = max((text.rfind(mark, 0, start) for mark in _ENDS), default=-1) + 1
    rights = [at for mark in _ENDS if (at := text.find(mark, end)) >= 0]
    right = min(rights, default=len(text))
    return max(left, start - AROUND), min(right, end + AROUND)


def in_context(clause: Clause, span: Span) -> str:
    """The span in its sentence, marked, as HTML."""
    text = clause.text
    left, right = sentence(text, span.start, span.end)
    before = "……" if left > 0 and text[left - 1] not in _ENDS else ""
    after = "……" if right < len(text) and text[right] not in _ENDS else ""
    middle = f"<mark>{escape(text[span.start : span.end])}</mark>"
    return before + escape(text[left : span.start]) + middle + escape(text[span.end : right]) + after


def shortened(text: str, limit: int = 80) -> str:
    """One line of at most `limit` characters, as HTML."""
    line = text.replace("\n", " ").strip()
    return escape(line if len(line) <= limit else f"{line[:limit]}……")

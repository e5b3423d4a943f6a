"""What the pages about the whole corpus share: their head, links to clauses, and words around a span."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...model import Clause, Notice, Output, Span
from ..markdown import escape, front_matter
from ..view import clause_name, short_name

#: Stands in HTML for the way from a page to the site's root, in Markdown for that from a file to docs/.  No text of a
#: notice can hold either: `escape` takes controls out.
HERE, TOP = "\x1c", "\x1d"
AROUND = 36  # characters of context on either side of a span
#: Front matter of a page with a table that can be sorted and filtered.
TABLES = {"scripts": ["assets/yaodian-table.js"]}
_ENDS = "。；！？\n"


def page(
    path: str, title: str, description: str, parts: Iterable[str], extra: Mapping[str, object] | None = None
) -> Output:
    """A generated page: front matter, heading, parts as paragraphs of Markdown; HERE and TOP in them are filled in.

    `extra`: more front matter, such as the scripts and styles that this page alone needs (see theme/main.html).
    """
    head = front_matter({"title": title, "description": description, **(extra or {})})
    body = f"\n# {escape(title)}\n\n" + "\n\n".join(parts) + "\n"
    folders = path.count("/")
    served = folders if path.rpartition("/")[2] == "index.md" else folders + 1  # docs/units.md is the page /units/
    return Output(path, (head + body.replace(HERE, "../" * served).replace(TOP, "../" * folders)).encode("utf-8"))


#: Where the table script says what it did.  It stands in the page, so that nothing moves when the script speaks.
STATUS = '<p class="y-status" role="status"></p>'


def filter_box(table: str, columns: Iterable[str]) -> str:
    """The field and the order for the table with this id; hidden by the style sheet where scripts are off."""
    orders = "".join(f'<option value="{place}">按{name}</option>' for place, name in enumerate(columns))
    return (
        f'<div class="y-filter" data-table="{table}"><label>筛选（地名、年份、主题或词语，几个词用空格分开）'
        '<input type="search" autocomplete="off"></label><label class="y-order">排序'
        f'<select><option value="">原来的顺序</option>{orders}</select></label></div>{STATUS}'
    )


def clause_link(notice: Notice, clause: Clause, with_place: bool = True) -> str:
    """An HTML link to a clause, from any page that `page` makes."""
    words = (f"{short_name(notice)} " if with_place else "") + clause_name(clause)
    return f'<a href="{HERE}notices/{notice.id}/#{clause.anchor}">{escape(words)}</a>'


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

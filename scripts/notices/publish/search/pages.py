"""The copy of the notices that Pagefind reads: plain HTML, the text one character a word."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from .notice import SearchClause, SearchNotice
from .text import END, FIELD, TITLE, encoded, is_word, spaced


def write_pages(notices: list[SearchNotice], folder: Path) -> None:
    """A page a notice under `folder`, at the address the notice has on the site."""
    for notice in notices:
        page = folder / "notices" / notice.id / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(notice_html(notice), encoding="utf-8")


def notice_html(notice: SearchNotice) -> str:
    """The page: what names the notice, then a heading and a paragraph a clause.

    Pagefind's own filters are not used: their files differ from run to run, and know nothing of clauses.
    """
    parts = [
        f"<h1>{_block(part for value in notice.head for part in (*map(encoded, value), FIELD))}</h1>",
        *(_clause(clause) for clause in notice.clauses),
    ]
    return f'<!doctype html><html lang="xx"><body><article>{"".join(parts)}</article></body></html>'


def _clause(clause: SearchClause) -> str:
    """Label FIELD title TITLE rest: a heading as far as the marks behind the title, then a paragraph.

    Marks go to the word before them, so the heading takes those that open the rest.
    """
    rest = clause.text[len(clause.title) :] if clause.text.startswith(clause.title) else clause.text
    cut = next((i for i, char in enumerate(rest) if is_word(encoded(char)[0])), len(rest))
    title = clause.title if clause.text.startswith(clause.title) else ""
    head = [*map(encoded, clause.label), FIELD, *map(encoded, title), TITLE, *map(encoded, rest[:cut])]
    body = f"<p>{_block(map(encoded, rest[cut:]))}</p>" if rest[cut:] else ""
    return f'<h2 id="{escape(clause.anchor)}">{_block(head)}</h2>{body}'


def _block(parts: Iterator[str] | list[str]) -> str:
    """A block ends with a sign of ours, since Pagefind adds a full stop to blocks and we take it off again."""
    return escape(spaced([*parts, END]))

"""docs/terms.md (名词解释): the glossary, with the uses of each term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from ...model import Notice, Output
from ...rules import Rules
from ..around import Around
from ..card import counts
from ..catalogue import Catalogue
from ..groups import Group, Rows, group
from ..markdown import escape, link_here
from ..view import permanent, term_id
from .listing import HERE, clause_link, page

VARIES = "各地说法不一，以所在文件为准。"
FEW = 20  # uses of a term that are listed, where all would make the page too long


class TermRow(NamedTuple):
    """A clause that uses a term, as an item of its list."""

    term: str
    html: str


def term_rows(notice: Notice, near: Around, rules: Rules) -> tuple[TermRow, ...]:
    """A row a term and clause."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    uses = dict.fromkeys((str(span.get("term")), span.clause) for span in notice.spans if span.kind == "term")
    return tuple(TermRow(term, f"<li>{clause_link(notice, clauses[anchor])}") for term, anchor in uses)


def term_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The page.  While it can, it lists every use of a term; later the first FEW, in the order of the notices' ids."""
    used = {key: counts(card.terms_) for key, card in catalogue.cards.items() if card.terms_}
    total: Counter[str] = Counter()
    for uses in used.values():
        total.update(uses)
    most = FEW if total.total() > catalogue.limits.uses else total.total()
    glossary = tuple(catalogue.rules.tables["terms"].get("term", ()))
    needed = tuple(_needed(used, most))
    yield group("terms", _page, glossary, most, tuple(sorted(total.items())), needed, needs=[("terms", needed)])


def _needed(used: Mapping[str, Mapping[str, int]], most: int) -> list[str]:
    """The notices that have one of the first `most` uses of a term."""
    so_far: Counter[str] = Counter()
    needed = []
    for key, uses in used.items():
        if any(so_far[term] < most for term in uses):
            needed.append(key)
        so_far.update(uses)
    return needed


def _page(
    glossary: Sequence[Mapping[str, Any]],
    most: int,
    total: Sequence[tuple[str, int]],
    notices: Sequence[str],
    rows: Rows,
) -> list[Output]:
    """The page, by field; in each field terms in use come first, with where they are used."""
    count = dict(total)
    uses: dict[str, list[str]] = {}
    for key in notices:
        for row in rows["terms", key]:
            uses.setdefault(row.term, []).append(row.html)
    fields: dict[str, list[Mapping[str, Any]]] = {}
    for term in glossary:
        fields.setdefault(term["field"], []).append(term)
    parts = [
        f"政策简称和固定说法{len(glossary)}条，用平常话解释，写明出处。"
        "鼠标停在正文里的这些词上，或用手指点一下，也会看到解释。",
    ]
    for field, terms in fields.items():
        parts.append(f"## {escape(field)} {{: #{permanent('f', field)} }}")
        used_first = sorted(terms, key=lambda term: term["name"] not in uses)
        parts += [_term(term, uses.get(term["name"], [])[:most], count.get(term["name"], 0)) for term in used_first]
    return [page("terms.md", "名词解释", "工作要点里常见简称的解释。", parts)]


def _term(term: Mapping[str, Any], uses: Sequence[str], count: int) -> str:
    name = term["name"]
    lines = [
        f'<h3 id="{term_id(name)}">{escape(name)}{link_here(term_id(name), "本条")}</h3>',  # HTML: too many for the contents
        escape(term["plain"]) + (VARIES if term.get("varies") else ""),
        f'<p class="y-facts">出处：{escape(term["source"])}</p>',
    ]
    if uses:
        lines.append(
            f'<details class="y-own"><summary>见于{count}条</summary><ul>{"".join(uses)}</ul>'
            f"{rest(name, count - len(uses))}</details>"
        )
    return "\n\n".join(lines)


def rest(name: str, left: int) -> str:
    """Where to look for the uses that are not listed; nothing where all are."""
    if not left:
        return ""
    return f'<p>其余{left}条，请<a href="{HERE}search/?q={quote(name)}">检索“{escape(name)}”</a>。</p>'

"""docs/terms.md (名词解释): the glossary, with every use of each term."""

from __future__ import annotations

from ...model import Clause, Notice, Output, Span
from ..markdown import escape, link_here
from ..view import View, permanent, term_id
from .listing import clause_link, page

Found = tuple[Notice, Clause, Span]
VARIES = "各地说法不一，以所在文件为准。"


def term_page(view: View) -> list[Output]:
    """The page, by field; in each field terms in use come first, with where they are used."""
    uses: dict[str, list[Found]] = {}
    for found in view.spans("term"):
        uses.setdefault(str(found[2].get("term")), []).append(found)
    fields: dict[str, list[dict[str, str]]] = {}
    for term in view.rules.tables["terms"].get("term", ()):
        fields.setdefault(term["field"], []).append(term)
    count = sum(map(len, fields.values()))
    parts = [
        f"政策简称和固定说法{count}条，用平常话解释，写明出处。鼠标停在正文里的这些词上，或用手指点一下，也会看到解释。",
    ]
    for field, terms in fields.items():
        parts.append(f"## {escape(field)} {{: #{permanent('f', field)} }}")
        used_first = sorted(terms, key=lambda term: term["name"] not in uses)
        parts += [_term(term, uses.get(term["name"], [])) for term in used_first]
    return [page("terms.md", "名词解释", "工作要点里常见简称的解释。", parts)]


def _term(term: dict[str, str], uses: list[Found]) -> str:
    name = term["name"]
    lines = [
        f'<h3 id="{term_id(name)}">{escape(name)}{link_here(term_id(name), "本条")}</h3>',  # HTML: too many for the contents
        escape(term["plain"]) + (VARIES if term.get("varies") else ""),
        f'<p class="y-facts">出处：{escape(term["source"])}</p>',
    ]
    clauses = list({(notice.id, clause.anchor): (notice, clause) for notice, clause, _ in uses}.values())
    if clauses:
        links = "".join(f"<li>{clause_link('../', *one)}</li>" for one in clauses)
        lines.append(
            f'<div class="y-own"><details><summary>见于{len(clauses)}条</summary><ul>{links}</ul></details></div>'
        )
    return "\n\n".join(lines)

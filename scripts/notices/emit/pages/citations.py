"""docs/citations.md (引用文件): each document that a plan cites or means to draw up, and who does so."""

from __future__ import annotations

from ...model import Clause, Notice, Output, Span
from ..markdown import escape
from ..view import View, document_id, titled
from .listing import clause_link, in_context, page

RELATIONS = {"cites": "引用", "to_be_drawn_up": "将要制定", "docno_cited": "引用文号"}
Found = tuple[Notice, Clause, Span]


def citation_page(view: View) -> list[Output]:
    """The page; documents cited most come first."""
    documents: dict[str, list[Found]] = {}
    for found in view.spans("citation"):
        if found[2].get("relation") in RELATIONS and titled(found[2], found[0]) is found[2]:
            documents.setdefault(str(found[2].get("title") or found[2].get("doc_number")), []).append(found)
    ordered = sorted(documents.items(), key=lambda item: (-len({n.id for n, _, _ in item[1]}), -len(item[1]), item[0]))
    parts = [
        f"各地要点里提到的{len(documents)}份文件。书名号里的名称照录；同一份文件在不同地方写法不同时分开列出。",
        *(_document(name, found, view) for name, found in ordered),
    ]
    return [page("citations.md", "引用文件", "各地要点引用和将要制定的文件。", parts)]


def _document(name: str, found: list[Found], view: View) -> str:
    title = f"《{name}》" if found[0][2].get("title") else name
    numbers = sorted({str(span.get("doc_number")) for _, _, span in found if span.get("doc_number")} - {name})
    parts = [f"## {escape(title)} {{: #{document_id(found[0][2])} }}"]
    inside = _in_corpus(found, view)
    facts = [
        f"文号：{escape('、'.join(numbers))}" if numbers else "",
        f'<a href="../notices/{inside}/">本站有全文</a>' if inside else "",
    ]
    if any(facts):
        parts.append(f'<p class="y-facts">{"；".join(filter(None, facts))}</p>')
    lines = "".join(
        f"<li>{RELATIONS[str(span.get('relation'))]}：{clause_link('../', notice, clause)}"
        f'<br><span class="y-facts">{in_context(clause, span)}</span></li>'
        for notice, clause, span in found
    )
    parts.append(f"<ul>{lines}</ul>")
    return "\n\n".join(parts)


def _in_corpus(found: list[Found], view: View) -> str | None:
    for notice, clause, span in found:
        for link in view.links.get(f"{notice.id}#{clause.anchor}", ()):
            if link.kind == "cites" and {str(span.get("title")), str(span.get("doc_number"))} & set(link.evidence):
                return link.target.partition("#")[0]
    return None

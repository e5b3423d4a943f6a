"""docs/citations.md (引用文件): each document that a plan cites or means to draw up, and who does so.

While it is one page, documents cited most come first.  Above that it names the most cited, and all stand on pages by the
first digits of their ids: who asks for a document wants all who cite it, wherever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...model import Notice, Output
from ...rules import Rules
from ..around import Around
from ..card import counts
from ..catalogue import Catalogue
from ..groups import Group, Rows, group
from ..markdown import escape
from ..planting import hex_steps
from ..tree import Index, Spot, address_of
from ..view import MENTIONED, document_id, titled
from .listing import HERE, clause_link, in_context, page
from .spread import About, explanation, index_list, path_of, spread, way
from .spread import titled as page_title
from .terms import rest

RELATIONS = dict(zip(MENTIONED, ("引用", "将要制定", "引用文号"), strict=True))
ABOUT = About("引用文件", "各地要点引用和将要制定的文件。", "处", "份文件", "按文件的编号")
Cited = tuple[tuple[str, int], ...]  # notice id → how often it cites the document


class CitationRow(NamedTuple):
    """A place that mentions a document: its id, name and number, the notice here that it is ("" for none), the item."""

    document: str
    name: str
    by_title: bool
    number: str
    inside: str
    html: str


def citation_rows(notice: Notice, near: Around, rules: Rules) -> tuple[CitationRow, ...]:
    """A row a citation; a number beside its title is one citation."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    rows = []
    for span in notice.spans:
        if span.kind != "citation" or span.get("relation") not in RELATIONS or titled(span, notice) is not span:
            continue
        clause, title, number = clauses[span.clause], span.get("title"), span.get("doc_number")
        html = (
            f"<li>{RELATIONS[str(span.get('relation'))]}：{clause_link(notice, clause)}"
            f'<br><span class="y-facts">{in_context(clause, span)}</span>'
        )
        inside = near.cited(f"{notice.id}#{clause.anchor}", title, number) or ""
        name = str(title or number)
        rows.append(CitationRow(document_id(span), name, bool(title), str(number or ""), inside, html))
    return tuple(rows)


def citation_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The pages."""
    cited: dict[str, list[tuple[str, int]]] = {}
    for key, card in catalogue.cards.items():
        for document, times in counts(card.documents_).items():
            cited.setdefault(document, []).append((key, times))
    known = {document: tuple(found) for document, found in cited.items()}
    most = catalogue.limits.cited

    def given(spot: Spot) -> tuple[object, ...]:
        return tuple((key, _first(known[key], most), sum(n for _, n in known[key])) for key in spot.ids), most

    def needs(spot: Spot) -> list[tuple[str, tuple[str, ...]]]:
        return [("citations", tuple(sorted({one for key in spot.ids for one in _first(known[key], most)})))]

    def top(index: Index) -> Group:
        order = sorted(known, key=lambda key: (-len(known[key]), -sum(n for _, n in known[key]), key))
        named = order[: catalogue.limits.documents]
        tree = catalogue.trees["citations"]
        lines = tuple((key, address_of(tree, key, hex_steps(key)), known[key][0][0], len(known[key])) for key in named)
        first = tuple(sorted({line[2] for line in lines}))
        return group("citations", _top, index, lines, needs=[("citations", first)])

    yield from spread(catalogue.trees["citations"], ABOUT, _page, given, needs, top)


def _first(cited: Cited, most: int) -> tuple[str, ...]:
    """The notices that have the first `most` citations."""
    found, so_far = [], 0
    for key, times in cited:
        if so_far >= most:
            break
        found.append(key)
        so_far += times
    return tuple(found)


def _page(spot: Spot, documents: Sequence[tuple[str, Sequence[str], int]], most: int, rows: Rows) -> list[Output]:
    """`documents`: id, the notices that cite it first, and how often it is cited in all."""
    found: dict[str, list[tuple[str, CitationRow]]] = {}
    times: dict[str, int] = {}
    for document, notices, total in documents:
        for key in notices:
            for row in rows["citations", key]:
                if row.document == document:
                    found.setdefault(row.name, []).append((key, row))
                    times[row.name] = total
    ordered = sorted(found.items(), key=lambda item: (-len({key for key, _ in item[1]}), -len(item[1]), item[0]))
    firsts = {mine[0][1].document: name for name, mine in reversed(ordered)}  # two names may share an id
    parts = [
        *way(spot),
        f"各地要点里提到的{len(found)}份文件。书名号里的名称照录；同一份文件在不同地方写法不同时分开列出。",
        *(
            _document(name, [row for _, row in mine], times[name], most, firsts[mine[0][1].document] == name)
            for name, mine in ordered
        ),
    ]
    return [page(path_of(spot.address), page_title(ABOUT.title, spot.name), ABOUT.description, parts)]


def _document(name: str, found: Sequence[CitationRow], total: int, most: int, first: bool) -> str:
    """A document; `first`: none above it has its id."""
    numbers = sorted({row.number for row in found if row.number} - {name})
    heading = f"## {escape(shown_name(found[0]))}"
    parts = [f"{heading} {{: #{found[0].document} }}" if first else heading]
    inside = next((row.inside for row in found if row.inside), "")
    facts = [
        f"文号：{escape('、'.join(numbers))}" if numbers else "",
        f'<a href="{HERE}notices/{inside}/">本站有全文</a>' if inside else "",
    ]
    if any(facts):
        parts.append(f'<p class="y-facts">{"；".join(filter(None, facts))}</p>')
    shown = [row.html for row in found[:most]]
    parts.append(f"<ul>{''.join(shown)}</ul>")
    left = rest(name, total - len(shown) if total > most else 0)
    return "\n\n".join([*parts, left] if left else parts)


def shown_name(row: CitationRow) -> str:
    """《文件名》, or the number where no title is printed."""
    return f"《{row.name}》" if row.by_title else row.name


def _top(index: Index, lines: Sequence[tuple[str, str, str, int]], rows: Rows) -> list[Output]:
    """The index: the documents cited by most notices, then the pages of all.

    `lines`: id of the document, its page, a notice that cites it, how many do.
    """
    names: Mapping[str, str] = {
        row.document: shown_name(row) for _, _, key, _ in lines for row in rows["citations", key]
    }
    items = "".join(
        f'<li id="{document}"><a href="{HERE}{address}#{document}">{escape(names[document])}</a> '
        f'<span class="y-facts">{notices}份通知</span></li>'
        for document, address, _, notices in lines
    )
    parts = [
        explanation(index, ABOUT),
        f"## 提到最多的{len(lines)}份文件 {{: #most }}",
        f"<ul>{items}</ul>",
        "## 全部文件 {: #all }",
        f'<p>知道名称的，请<a href="{HERE}search/">检索</a>。下面按编号的开头分开列出；编号是网址里 d- 后面的几个字。</p>',
        index_list(index.children, ABOUT),
    ]
    return [page(path_of(index.address), ABOUT.title, ABOUT.description, parts)]

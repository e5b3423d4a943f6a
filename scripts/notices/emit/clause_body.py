"""A clause's text with its spans, and what stands under it: units, topics, tools, related tasks.

Words of ours stand in elements with the class y-own, or in attributes; the visible text is the clause's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Clause, Item, Link, Notice, Paragraph, Span
from .around import Around
from .cite import item_place, paragraph_place
from .inline import Wrap, render, without_nested_links, wrap
from .markdown import escape, link_here, table, told
from .view import MENTIONED, day, document_id, quantity, target_id, term_id, titled, unit_id

ROOT = "../.."  # from a notice's page to the site's root
ROLES = {"lead": "牵头", "participant": "参与", "support": "配合", "shared": "分工负责", "sole": "负责"}
#: Which span keeps its link where two overlap: what a reader asks for first.
LINKS = ("unit", "citation", "target", "term")
Moved = Mapping[str, list[str]]


def body(clause: Clause, spans: list[Span], notice: Notice, near: Around, moved: Moved) -> Iterator[str]:
    """The paragraphs as Markdown.  `spans`: those of the clause; `moved`: live anchor → older anchors that lead to it."""
    offset = len(clause.title + clause.mark)
    offset += 0 if clause.run_in or not clause.paragraphs or not offset else 1
    wraps = _wraps(spans, notice, near)
    for paragraph in clause.paragraphs:
        for old in moved.get(paragraph.anchor, []) if paragraph.anchor != clause.anchor else []:
            yield f'<div class="y-own y-alias y-old" id="{old}" data-to="{paragraph.anchor}"></div>'
        yield _paragraph(clause, paragraph, offset, wraps, moved)
        offset += len(paragraph.text) + 1


def _paragraph(clause: Clause, paragraph: Paragraph, offset: int, wraps: list[Wrap], moved: Moved) -> str:
    identity = "" if paragraph.anchor == clause.anchor else paragraph.anchor
    if "\t" in paragraph.text or paragraph.kind == "table":
        rows = [tuple(escape(cell) for cell in row.split("\t")) for row in paragraph.text.split("\n")]
        shown = table(rows, "y-data", "原文中的表格")
        return f'<div id="{identity}">{shown}</div>' if identity else shown
    end = offset + len(paragraph.text)
    items = [_item(item, moved) for item in clause.items if offset <= item.start < end]
    text = render(clause.text, offset, end, [*items, *wraps])
    if identity and clause.style:
        text += link_here(identity, "本段")
    place = f'data-cite="{paragraph_place(identity)}"' if identity and clause.style else ""
    is_info = paragraph.kind == "info"
    if (
        "<" in text
    ):  # marks of ours: as Markdown, which has nothing to find there, a page took a quarter longer to build
        attributes = (f'id="{identity}"' if identity else "", 'class="y-info"' if is_info else "", place)
        return f"<{' '.join(filter(None, ('p', *attributes)))}>{text}</p>"
    attributes = (f"#{identity}" if identity else "", ".y-info" if is_info else "", place)
    return f"{text}\n{{: {' '.join(filter(None, attributes))} }}" if any(attributes) else text


def _item(item: Item, moved: Moved) -> Wrap:
    """一是 …: a span with its id behind its older ids, and the link to it at its end."""
    older = "".join(
        f'<span class="y-own y-alias y-old" id="{old}" data-to="{item.anchor}"></span>'
        for old in moved.get(item.anchor, [])
    )
    opening = f'<span class="y-item" id="{item.anchor}" data-cite="{escape(item_place(item))}">'
    closing = f"{link_here(item.anchor, '本项')}</span>"
    return Wrap(item.start, item.end, older + opening, closing, '<span class="y-item">')


def _wraps(spans: list[Span], notice: Notice, near: Around) -> list[Wrap]:
    """The markup of a clause's spans: links first come first served in the order of LINKS, then times."""
    ordered = sorted((s for s in spans if s.kind in LINKS), key=lambda s: (LINKS.index(s.kind), s.start, -s.end))
    links = [made for span in ordered if (made := _link(span, notice, near))]
    times = [
        wrap(s.start, s.end, "time", f'class="y-time" datetime="{escape(str(s.get("to")))}"')
        for s in spans
        if s.kind == "deadline" and s.get("to")
    ]
    return [*without_nested_links(links), *times]


def _link(span: Span, notice: Notice, near: Around) -> Wrap | None:
    """The link that a span becomes, with what it means in an attribute; None where there is nothing to lead to."""
    if span.kind == "unit":
        name = str(span.get("name"))
        tip = f"{name}：{ROLES.get(str(span.get('role')), '')}"
        return _anchor(span, "y-unit", f"{near.pages.get('units', 'units/')}#{unit_id(name)}", tip)
    if span.kind == "target":
        when = f"，期限{day(str(span.get('deadline')))}" if span.get("deadline") else ""
        tip = f"{span.get('indicator') or '指标'}：{quantity(span)}{when}"
        return _anchor(span, "y-target", f"{near.pages.get('targets', 'targets/')}#{target_id(notice, span)}", tip)
    if span.kind == "term":
        plain = near.plain_terms.get(str(span.get("term")))
        return _anchor(span, "y-term", f"terms/#{term_id(str(span.get('term')))}", plain) if plain else None
    if span.get("relation") in MENTIONED:
        inside = near.cited(f"{notice.id}#{span.clause}", span.get("title"), span.get("doc_number"))
        if inside:
            return _anchor(span, "y-cite", f"notices/{inside}/", "这份文件在本站")
        document = document_id(titled(span, notice))
        page = near.pages.get(document, "citations/")
        return _anchor(span, "y-cite", f"{page}#{document}", "看谁还引用了它")
    return None


def _anchor(span: Span, css: str, address: str, tip: str) -> Wrap:
    return wrap(span.start, span.end, "a", f'class="{css}" href="{ROOT}/{address}" data-tip="{escape(tip)}"', True)


def under(clause: Clause, spans: list[Span], notice: Notice, near: Around, place: str) -> Iterator[str]:
    """What we add under a clause: chips of its units and topics, its tools, related tasks folded.

    `spans` are those of the clause, `place` is its place in words.  The style sheet keeps room for the buttons of
    yaodian-clause.js around the link to the received text, so nothing moves; without scripts the link stands there alone.
    """
    chips = [*_unit_chips(spans, near), *_topic_chips(spans, near)]
    if chips:
        yield f'<ul class="y-own y-chips" aria-label="责任单位和主题">{"".join(chips)}</ul>'
    tools = f'<a href="source/#L{clause.line}">对照原文</a>'
    yield f'<div class="y-own y-tools" data-clause="{clause.anchor}" data-cite="{escape(place)}">{tools}</div>'
    related = [link for link in near.links.get(f"{notice.id}#{clause.anchor}", ()) if link.kind == "related"]
    if related:
        lines = "".join(_related(link, near) for link in related)
        count = f"<summary>其他地方的相关任务（{len(related)}）</summary>"
        yield f'<details class="y-own y-related">{count}<ul class="y-told">{lines}</ul></details>'


def _unit_chips(spans: list[Span], near: Around) -> Iterator[str]:
    """Each unit once with all its roles, leads first, then in the order of print."""
    roles: dict[str, set[str]] = {}
    for span in spans:
        if span.kind == "unit":
            roles.setdefault(str(span.get("name")), set()).add(str(span.get("role")))
    for name, held in sorted(roles.items(), key=lambda unit: "lead" not in unit[1]):
        shown = "、".join(word for role, word in ROLES.items() if role in held)
        css = ' class="y-lead"' if "lead" in held else ""
        address = f"{ROOT}/{near.pages.get('units', 'units/')}#{unit_id(name)}"
        yield f'<li{css}><a href="{address}">{escape(name)}</a> {shown}'


def _topic_chips(spans: list[Span], near: Around) -> Iterator[str]:
    for span in sorted((s for s in spans if s.kind == "topic"), key=lambda s: str(s.get("rank"))):
        label = str(span.get("label"))
        address = f"{ROOT}/{near.pages.get(f'topic {label}', f'topics/{label.lower()}/')}"
        yield f'<li class="y-topic"><a href="{address}">{escape(str(span.get("name")))}</a>'


def _related(link: Link, near: Around) -> str:
    notice, clause = near.names[link.target]
    identity, _, anchor = link.target.partition("#")
    parts = [word for word in link.evidence if word.startswith(("本条", "对方"))]  # which item decided
    words = "、".join(word for word in link.evidence if word not in parts)
    address = f"../{identity}/#{anchor}"
    where = "，".join(f"{part[:2]}的“{part[2:]}”" for part in parts)
    facts = (f"共同的词：{words}" if words else "", f"看{where}" if where else "", f"相近程度{link.score:.2f}")
    named = f'<a href="{address}">{escape(f"{notice} {clause}")}</a>'
    return told(named, escape("；".join(filter(None, facts))))

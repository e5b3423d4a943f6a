"""docs/notices/<id>.md: one notice, each clause under a heading with its permanent id.

Words of ours stand in elements with the class y-own; everything else is the notice's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Clause, Field, Notice, Output, Region, Span
from ..parse.damage import NOTES
from ..read.encoding.decode import encoding_name
from ..sources import Copy
from ..store import Entry
from .around import Around
from .cite import official, places, reference_2015, reference_2025
from .clause_body import body, under
from .machine import legislation, names
from .markdown import escape, front_matter, pairs
from .remarks import corrected, remarks
from .view import SLOTS, UNTITLED, by_clause

OPEN = 6  # links to other notices that stand in a line; more are folded
FIRST_ROWS = 5  # of the metadata table that stand open; the rest unfolds
UNSTATED = '<span class="y-none">未载明</span>'
WHOLE = {"year": "同一机关其他年份", "above": "上级同年的要点", "below": "下级同年的要点"}
SCRIPTS = [f"assets/yaodian-{name}.js" for name in ("tips", "reading", "clause", "found")]
STYLES = ["assets/yaodian-notice.css"]
#: Stands in the page, not made by a script, so that nothing moves when the scripts arrive.
SWITCH = (
    '<p class="y-own y-marks"><button type="button" class="y-marks__switch" aria-pressed="false" data-y-marks>'
    "显示标注（责任单位、指标、期限、名词解释）</button></p>"
)


def notice_page(notice: Notice, near: Around, tombstones: Mapping[str, str], aliases: Mapping[str, str]) -> Output:
    """The page.  `near` is what surrounds it; `tombstones`: dead anchor → what stood there; `aliases`: old anchor → live anchor."""
    meta = notice.meta
    title = meta.title.value or UNTITLED
    description = "，".join(v for v in (meta.issuer.value, meta.doc_number.value, meta.issued.value) if v)
    parts = [
        front_matter({**_head(title, description or title), "names": names(notice), "jsonld": legislation(notice)}),
        f"# {escape(title)} {{: #notice }}",
        _facts(notice),
        meta_table(notice),
        '<p class="y-own y-links"><a href="source/">查看收到的原文与清理记录</a> · '
        f'<a href="../../data/notices/{notice.id}.json">下载数据（JSON）</a></p>',
        *_neighbours(notice, near),
        SWITCH,
    ]
    moved = {live: [old for old, to in aliases.items() if to == live] for live in aliases.values()}
    where = places(notice)
    spans = by_clause(notice)
    for clause in notice.clauses:
        parts.extend(_clause(clause, spans.get(clause.anchor, []), notice, near, moved, where[clause.anchor]))
    parts.extend(_tombstones(tombstones))
    return Output(f"notices/{notice.id}.md", ("\n\n".join(parts) + "\n").encode("utf-8"))


def _head(title: str, description: str) -> dict[str, object]:
    return {
        "title": title,
        "description": description,
        "hide": ["navigation"],
        "scripts": SCRIPTS,
        "styles": STYLES,
        "og_type": "article",
    }


def _facts(notice: Notice) -> str:
    """What the clause tools say of the notice, as attributes; what the source does not print has none."""
    meta = notice.meta
    values = {
        "id": notice.id,
        "title": meta.title.value,
        "number": meta.doc_number.value,
        "issuer": meta.issuer.value,
        "issued": meta.issued.value,
        "published": meta.published.value,
        "official": official(meta),
        "gb15": reference_2015(meta),
        "gb25": reference_2025(meta),
    }
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in values.items() if value)
    return f'<div class="y-own y-facts-of" id="y-notice" hidden{attributes}></div>'


def meta_table(notice: Notice) -> str:
    """Metadata as a table; what the source does not print is 未载明."""
    meta, source = notice.meta, notice.document.source
    rows = [
        ("发文机关", meta.issuer),
        ("发文字号", meta.doc_number),
        ("成文日期", meta.issued),
        ("发布日期", meta.published),
        ("地区", Field(place(meta.region))),
        ("通知标题", meta.notice_title),
        ("主送机关", meta.addressees),
        ("索引号", meta.index_number),
        ("公开方式", meta.publicity),
        ("公开日期", meta.disclosed),
        ("信息来源", meta.source_name),
    ]
    cells = [(name, (escape(field.value) if field.value else UNSTATED) + corrected(field)) for name, field in rows]
    if corrected(meta.title):
        cells.append(("标题", corrected(meta.title)))
    if source.url and source.url.startswith(("http://", "https://")):
        url = escape(source.url)
        cells.append(("原网页", f'<a href="{url}" rel="noopener">{url}</a>'))
    if source.fetched:
        cells.append(("保存日期", escape(source.fetched.split("T")[0])))  # `fetch` writes the time of day too
    if source.note:
        cells.append(("说明", escape(source.note)))
    code = f"<code>{escape(source.path)}</code>（{escape(encoding_name(source.encoding))}）"
    cells.append(("原始文件", f"{code}<br>SHA-256 <code>{source.sha256}</code>"))
    cells += [("其他来源", further_source(copy)) for copy in notice.copies]
    more = f"<details><summary>更多信息</summary>{pairs(cells[FIRST_ROWS:], 'y-meta')}</details>"
    return f'<div class="y-own">{pairs(cells[:FIRST_ROWS], "y-meta")}{more}</div>'


def further_source(copy: Copy) -> str:
    """Another file of the notice in one table cell: site, address, when it was saved, file, and whether it differs."""
    source = copy.source
    url = escape(source.url) if source.url and source.url.startswith(("http://", "https://")) else ""
    parts = [
        escape(copy.name) if copy.name else "",
        f'<a href="{url}" rel="noopener">{url}</a>' if url else "",
        f"{escape(source.fetched)}保存" if source.fetched else "",
        f"<code>{escape(source.path)}</code>（{escape(encoding_name(source.encoding))}），"
        + (f"正文有{copy.differing}条与这里不同" if copy.differing else "正文与这里相同"),
        f"SHA-256 <code>{source.sha256}</code>",
    ]
    return "<br>".join(part for part in parts if part)


def place(region: Region | None) -> str | None:
    """浙江省嘉兴市海宁市（330481，2021-11-19 时的区划代码）, or None."""
    if region is None:
        return None
    return f"{''.join(region.path)}（区划代码{region.code}，按{region.as_of}时的区划）"


def _neighbours(notice: Notice, near: Around) -> Iterator[str]:
    """The same body's plans of other years and the plans of the levels above and below, where the corpus has them."""
    links = near.links.get(notice.id, ())
    for kind, name in WHOLE.items():
        others = sorted({link.target for link in links if link.kind == kind})
        if others:
            yield _others(name, [(f"../{other}/", near.names[other][0]) for other in others])
    beside = [(f"../../{address}", words) for address, words in near.beside]
    if beside:
        yield _others("并排看", beside)


def _others(name: str, links: list[tuple[str, str]]) -> str:
    """A line of links; many, such as all counties of a province, are folded."""
    named = "、".join(f'<a href="{address}">{escape(words)}</a>' for address, words in links)
    if len(links) <= OPEN:
        return f'<p class="y-own y-links">{name}：{named}</p>'
    return (
        f'<div class="y-own y-links"><details><summary>{name}（{len(links)}份）</summary><p>{named}</p></details></div>'
    )


def _clause(
    clause: Clause, spans: list[Span], notice: Notice, near: Around, moved: Mapping[str, list[str]], where: str
) -> Iterator[str]:
    for short in clause.aliases:
        yield f'<div class="y-own y-alias" id="{short}" data-to="{clause.anchor}"></div>'
    for old in moved.get(clause.anchor, []):
        yield f'<div class="y-own y-alias y-old" id="{old}" data-to="{clause.anchor}"></div>'
    if not clause.style:
        yield f"## {SLOTS[clause.anchor]} {{: #{clause.anchor} .y-own }}"
    else:
        level = min(clause.anchor.count("-") - clause.anchor.count("-x") + 2, 6)
        yield f"{'#' * level} {_heading(clause)} {{: #{clause.anchor}{' .y-task' if clause.task else ''} }}"
    if clause.damage:
        notes = "；".join(NOTES[kind] for kind in clause.damage)
        yield f'<div class="y-damage y-own" role="note">{notes}。</div>'
    yield from remarks(clause, spans, notice)
    yield from body(clause, spans, notice, near, moved)
    yield from under(clause, spans, notice, near, where)


def _heading(clause: Clause) -> str:
    """Number, title and mark; a clause without a title has its number alone."""
    space = " " if clause.style in ("ch", "a") and clause.title else ""
    text = escape(clause.label + space + clause.title)
    return text + (f'<span class="y-mark">{escape(clause.mark)}</span>' if clause.mark.strip() else "")


def _tombstones(tombstones: Mapping[str, str]) -> Iterator[str]:
    """What stood at anchors that this version no longer has; every link ever given still says something."""
    if not tombstones:
        return
    yield "## 已不在本文中的条款 {: #tombstones .y-own }"
    for anchor, text in sorted(tombstones.items()):
        yield (
            f'<div class="y-tombstone y-own" id="{anchor}"><p>编号 {anchor} 现在没有单独的一条了：重新整理这份通知后，'
            f"它的文字并入了别处或不再收录。当时开头的文字是：“{escape(text)}”。"
            '请用其中的词在本页查找，或<a href="source/">对照收到的原文</a>。</p></div>'
        )


def withdrawn_page(entry: Entry) -> Output:
    """The page of a notice whose original is no longer in raw/: its address and anchors still answer."""
    title = entry.title or UNTITLED
    texts = {**entry.anchors, **entry.tombstones}
    texts |= {old: entry.anchors.get(target, "") for old, target in entry.aliases.items()}
    lines = (f'<li id="{anchor}">{anchor}：{escape(text)}</li>' for anchor, text in sorted(texts.items()))
    parts = [
        front_matter({"title": title, "description": f"{title}（已撤下）", "hide": ["navigation"], "styles": STYLES}),
        f"# {escape(title)} {{: #notice }}",
        '<div class="y-own"><p><strong>这份通知已从本站撤下。</strong>'
        "它的网址和各条款的地址仍然保留，下面是各条款当时的开头。</p></div>",
        f'<ul class="y-tombstone y-own">{"".join(lines)}</ul>',
    ]
    return Output(f"notices/{entry.id}.md", ("\n\n".join(parts) + "\n").encode("utf-8"))

"""docs/notices/<id>.md: one notice, each clause under a heading with its permanent id.

Words of ours stand in elements with the class y-own; everything else is the notice's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Clause, Link, Notice, Output, Region
from ..parse.damage import NOTES
from ..store import Entry
from .clause_body import body, under
from .markdown import escape, front_matter, pairs
from .view import SLOTS, UNTITLED, View, short_name

FIRST_ROWS = 5  # of the metadata table that stand open; the rest unfolds
UNSTATED = '<span class="y-none">未载明</span>'
WHOLE = {"year": "同一机关其他年份", "above": "上级同年的要点", "below": "下级同年的要点"}
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5": "Big5", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}


def notice_page(notice: Notice, view: View, tombstones: Mapping[str, str], aliases: Mapping[str, str]) -> Output:
    """The page.  `view` holds the corpus; `tombstones`: dead anchor → what stood there; `aliases`: old anchor → live anchor."""
    meta = notice.meta
    title = meta.title.value or UNTITLED
    description = "，".join(v for v in (meta.issuer.value, meta.doc_number.value, meta.issued.value) if v)
    parts = [
        front_matter({"title": title, "description": description or title, "hide": ["navigation"]}),
        f"# {escape(title)} {{: #notice }}",
        meta_table(notice),
        '<p class="y-own y-links"><a href="source/">查看收到的原文与清理记录</a> · '
        f'<a href="../../data/notices/{notice.id}.json">下载数据（JSON）</a></p>',
        *_neighbours(view.links.get(notice.id, ()), view),
    ]
    moved = {live: [old for old, to in aliases.items() if to == live] for live in aliases.values()}
    for clause in notice.clauses:
        parts.extend(_clause(clause, notice, view, moved))
    parts.extend(_tombstones(tombstones))
    return Output(f"notices/{notice.id}.md", ("\n\n".join(parts) + "\n").encode("utf-8"))


def meta_table(notice: Notice) -> str:
    """Metadata as a table; what the source does not print is 未载明."""
    meta, source = notice.meta, notice.document.source
    rows = [
        ("发文机关", meta.issuer.value),
        ("发文字号", meta.doc_number.value),
        ("成文日期", meta.issued.value),
        ("发布日期", meta.published.value),
        ("地区", place(meta.region)),
        ("通知标题", meta.notice_title.value),
        ("主送机关", meta.addressees.value),
        ("索引号", meta.index_number.value),
        ("公开方式", meta.publicity.value),
        ("公开日期", meta.disclosed.value),
        ("信息来源", meta.source_name.value),
    ]
    cells = [(name, escape(value) if value else UNSTATED) for name, value in rows]
    if source.url and source.url.startswith(("http://", "https://")):
        url = escape(source.url)
        cells.append(("原网页", f'<a href="{url}" rel="noopener">{url}</a>'))
    if source.fetched:
        cells.append(("保存日期", escape(source.fetched)))
    if source.note:
        cells.append(("说明", escape(source.note)))
    code = f"<code>{escape(source.path)}</code>（{ENCODINGS.get(source.encoding, source.encoding)}）"
    cells.append(("原始文件", f"{code}<br>SHA-256 <code>{source.sha256}</code>"))
    more = f"<details><summary>更多信息</summary>{pairs(cells[FIRST_ROWS:], 'y-meta')}</details>"
    return f'<div class="y-own">{pairs(cells[:FIRST_ROWS], "y-meta")}{more}</div>'


def place(region: Region | None) -> str | None:
    """浙江省嘉兴市海宁市（330481，2021-11-19 时的区划代码）, or None."""
    if region is None:
        return None
    return f"{''.join(region.path)}（区划代码{region.code}，按{region.as_of}时的区划）"


def _neighbours(links: tuple[Link, ...], view: View) -> Iterator[str]:
    """The same body's plans of other years and the plans of the levels above and below, where the corpus has them."""
    for kind, name in WHOLE.items():
        others = sorted({link.target for link in links if link.kind == kind})
        if others:
            named = "、".join(f'<a href="../{o}/">{escape(short_name(view.notices[o]))}</a>' for o in others)
            yield f'<p class="y-own y-links">{name}：{named}</p>'


def _clause(clause: Clause, notice: Notice, view: View, moved: Mapping[str, list[str]]) -> Iterator[str]:
    for old in (*clause.aliases, *moved.get(clause.anchor, [])):
        yield f'<div class="y-alias" id="{old}"></div>'
    if not clause.style:
        yield f"## {SLOTS[clause.anchor]} {{: #{clause.anchor} .y-own }}"
    else:
        level = min(clause.anchor.count("-") - clause.anchor.count("-x") + 2, 6)
        yield f"{'#' * level} {_heading(clause)} {{: #{clause.anchor}{' .y-task' if clause.task else ''} }}"
    if clause.damage:
        notes = "；".join(NOTES[kind] for kind in clause.damage)
        yield f'<div class="y-damage y-own" role="note">{notes}。</div>'
    yield from body(clause, notice, view, moved)
    yield from under(clause, notice, view)


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
            f'<div class="y-tombstone y-own" id="{anchor}"><p>编号 {anchor} 的内容在重新整理后不再单独存在。'
            f"当时的文字是：“{escape(text)}”。请在上文中查找，或查看收到的原文。</p></div>"
        )


def withdrawn_page(entry: Entry) -> Output:
    """The page of a notice whose original is no longer in raw/: its address and anchors still answer."""
    title = entry.title or UNTITLED
    texts = {**entry.anchors, **entry.tombstones}
    texts |= {old: entry.anchors.get(target, "") for old, target in entry.aliases.items()}
    lines = (f'<li id="{anchor}">{anchor}：{escape(text)}</li>' for anchor, text in sorted(texts.items()))
    parts = [
        front_matter({"title": title, "description": f"{title}（已撤下）", "hide": ["navigation"]}),
        f"# {escape(title)} {{: #notice }}",
        '<div class="y-own"><p><strong>这份通知已从本站撤下。</strong>'
        "它的网址和各条款的地址仍然保留，下面是各条款当时的开头。</p></div>",
        f'<ul class="y-tombstone y-own">{"".join(lines)}</ul>',
    ]
    return Output(f"notices/{entry.id}.md", ("\n\n".join(parts) + "\n").encode("utf-8"))

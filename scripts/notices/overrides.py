"""What people correct: overrides/<notice id>.toml, applied after the annotators and never in silence.

An entry names its clause by anchor and by `source`, the fingerprint of the clause's text when the person looked at
it.  It holds as long as those words stand, whatever else of the page changes.  Where they do not, the entry is
stale: it is neither applied nor dropped, and a problem says so.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .chars import squeeze
from .model import Clause, Field, Note, Notice, Paragraph, Problem, Span, Value
from .plainfile import NotPlain, read_plain

RULE = "override"
Keys = Mapping[str, Collection[str]]
FIELDS = (
    "title", "notice_title", "doc_number", "index_number", "issuer", "addressees", "issued", "published", "publicity",
)  # fmt: skip
STOPS = ("。", "：", "，", "；", "！", "？", " ")
#: How the parts of an entry are written; `was` of a field is a text.
SHAPES: tuple[tuple[str, type, str], ...] = (
    ("anchor", str, "加引号的锚点"),
    ("source", str, "加引号的指纹"),
    ("quote", str, "加引号的原文"),
    ("title", str, "加引号的标题"),
    ("text", str, "加引号的文字"),
    ("value", str, "加引号的文字"),
    ("nth", int, "数字，从1起"),
    ("was", dict, "{ 名称 = 值 }"),
)
#: What each table of an overrides file must hold; `by` and `date` are asked of all.
TABLES = {
    "correct": ("anchor", "source", "kind", "quote", "set"),
    "remove": ("anchor", "source", "kind", "quote"),
    "add": ("anchor", "source", "kind", "quote", "set"),
    "title": ("anchor", "source", "title"),
    "field": ("name", "was", "value"),
    "note": ("anchor", "source", "text"),
}


class OverrideError(ValueError):
    """An overrides file cannot be used; the message names the file and the entry, in Chinese."""


@dataclass(frozen=True, slots=True)
class Override:
    """One entry.  `where` names file, table and place for messages; `data` is the entry as written."""

    table: str
    where: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stale(Exception):
    """Why an entry does not apply any more, in Chinese."""

    reason: str


def fingerprint(clause: Clause) -> str:
    """12 hexadecimal digits of SHA-256 over the clause's text, white space and width apart."""
    return hashlib.sha256(squeeze(clause.text).encode()).hexdigest()[:12]


def load(folder: Path, keys: Keys) -> dict[str, tuple[Override, ...]]:
    """Every override by notice id; empty where there is no folder.  `keys`: what an annotation's value may hold, by kind.

    Raises OverrideError.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        try:
            data = tomllib.loads(read_plain(path))
        except NotPlain as error:
            raise OverrideError(f"更正文件 {path} {error}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OverrideError(f"更正文件 {path} 写法有错：{error}。请改正后再运行。") from error
        found[path.stem] = tuple(_entries(path.name, data, keys))
    return found


def _entries(name: str, data: Mapping[str, Any], keys: Keys) -> list[Override]:
    entries = []
    for table, rows in data.items():
        if table not in TABLES:
            raise OverrideError(f"更正文件 overrides/{name} 里不认识“{table}”，只能写：{'、'.join(TABLES)}。")
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            where = f"overrides/{name} 第{number}个 [[{table}]]"
            entries.append(Override(table, where, _checked(table, where, row, keys)))
    return entries


def _checked(table: str, where: str, row: Any, keys: Keys) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise OverrideError(f"{where} 应当写成一个表，请对照 CONTRIBUTING.md 的“更正”一节。")
    lacking = [key for key in (*TABLES[table], "by", "date") if key not in row]
    if lacking:
        raise OverrideError(f"{where} 缺少 {'、'.join(lacking)}。请补上再运行。")
    for name in ("by", "date"):
        if str(row[name]).startswith("请填") or not str(row[name]).strip():
            raise OverrideError(f"{where} 的 {name} 还没有填。请写上是谁、哪一天更正的。")
    if "kind" in row and row["kind"] not in keys:
        raise OverrideError(f"{where} 的 kind“{row['kind']}”不认识，只能写：{'、'.join(keys)}。")
    if "name" in row and row["name"] not in FIELDS:
        raise OverrideError(f"{where} 的 name“{row['name']}”不认识，只能写：{'、'.join(FIELDS)}。")
    if "set" in row and not isinstance(row["set"], dict):
        raise OverrideError(f'{where} 的 set 应当写成 {{ 名称 = 值 }}，例如 set = {{ comparator = ">=" }}。')
    for name, kind, words in SHAPES:
        asked = name in row and (name, table) != ("was", "field")
        if asked and (not isinstance(row[name], kind) or isinstance(row[name], bool)):
            raise OverrideError(f"{where} 的 {name} 应当写成{words}。")
    unknown = set(row.get("set", ())) - set(keys.get(row.get("kind", ""), ()))
    if unknown:
        named = "、".join(keys[row["kind"]])
        raise OverrideError(f"{where} 的 set 里“{'、'.join(sorted(unknown))}”不认识，只能写：{named}。")
    return {**row, "date": row["date"].isoformat() if isinstance(row["date"], date) else str(row["date"])}


def apply(notice: Notice, overrides: tuple[Override, ...]) -> Notice:
    """The notice with its overrides, in the file's order; a stale one becomes a problem for review."""
    for override in overrides:
        try:
            notice = STEPS[override.table](notice, override.data)
        except Stale as stale:
            detail = f"{override.where} 没有采用：{stale.reason}"
            notice = replace(notice, problems=(*notice.problems, Problem("review", "override-stale", 0, detail)))
    return notice


def _clause(notice: Notice, data: Mapping[str, Any]) -> Clause:
    """The clause that an entry is about.  Raises Stale where it is gone or reads otherwise now."""
    clause = next((c for c in notice.clauses if data["anchor"] in (c.anchor, *c.aliases)), None)
    if clause is None:
        raise Stale(f"正文里已没有编号 {data['anchor']}。请看它现在在哪一条，改 anchor 和 source；不再需要就删去。")
    if fingerprint(clause) != data["source"]:
        kept = "，所引的文字还在" if data.get("quote", "") and data["quote"] in clause.text else ""
        raise Stale(
            f"{clause.anchor} 的文字与更正时不同{kept}。请对照原文，仍然适用就把 source 改为 {fingerprint(clause)}。"
        )
    return clause


def _place(clause: Clause, data: Mapping[str, Any]) -> tuple[int, int]:
    """Where the quoted words stand; `nth` (from 1) tells repeated ones apart.  Raises Stale."""
    quote, start = str(data["quote"]), -1
    for _ in range(int(data.get("nth", 1))):
        start = clause.text.find(quote, start + 1)
        if start < 0 or not quote:
            raise Stale(f"{clause.anchor} 里没有“{quote}”。请照页面上的文字（全角标点）抄写。")
    return start, start + len(quote)


def _found(notice: Notice, clause: Clause, data: Mapping[str, Any]) -> list[Span]:
    """The annotations of the entry's kind at the quoted words, `was` telling several apart.  Raises Stale."""
    start, end = _place(clause, data)
    spans = [
        span
        for span in notice.spans
        if (span.clause, span.kind, span.start, span.end) == (clause.anchor, data["kind"], start, end)
        and all(span.get(key) == _plain(value) for key, value in data.get("was", {}).items())
    ]
    if not spans:
        raise Stale(f"{clause.anchor} 的“{data['quote']}”上现在没有 {data['kind']} 标注。请核对后修改或删去这一项。")
    return spans


def _correct(notice: Notice, data: Mapping[str, Any]) -> Notice:
    clause = _clause(notice, data)
    spans = _found(notice, clause, data)
    changed = tuple(_with(span, data, clause.text) if span in spans else span for span in notice.spans)
    return replace(notice, spans=changed)


def _with(span: Span, data: Mapping[str, Any], text: str) -> Span:
    """The span with what `set` says; the place of a corrected indicator is looked up anew in the clause's text."""
    changes = {key: _plain(value) for key, value in data["set"].items()}
    value = {**dict(span.value), **changes, "by": data["by"], "date": data["date"]}
    if "indicator" in changes:
        start = text.find(str(changes["indicator"]))
        place = (
            {"indicator_start": start, "indicator_end": start + len(str(changes["indicator"]))} if start >= 0 else {}
        )
        value = {key: v for key, v in value.items() if not key.startswith("indicator_")} | place
    return replace(span, value=tuple(value.items()), rule=RULE, doubt="")


def _plain(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _remove(notice: Notice, data: Mapping[str, Any]) -> Notice:
    clause = _clause(notice, data)
    spans = _found(notice, clause, data)
    kept = tuple(span for span in notice.spans if span not in spans)
    return _said(replace(notice, spans=kept), clause, data, f"经人核对，去掉了程序对“{data['quote']}”的标注。")


def _add(notice: Notice, data: Mapping[str, Any]) -> Notice:
    clause = _clause(notice, data)
    start, end = _place(clause, data)
    added = _with(Span(str(data["kind"]), clause.anchor, start, end, (), RULE), data, clause.text)
    order = {c.anchor: place for place, c in enumerate(notice.clauses)}
    spans = sorted((*notice.spans, added), key=lambda span: (order[span.clause], span.start, -span.end, span.kind))
    return replace(notice, spans=tuple(spans))


def _title(notice: Notice, data: Mapping[str, Any]) -> Notice:
    """Move the border between title and text; the characters themselves stay as received."""
    clause = _clause(notice, data)
    title = str(data["title"])
    line = clause.text.partition("\n")[0]
    inline = clause.run_in or not clause.title  # the first paragraph stands on the title's line
    if not line.startswith(title) or not title:
        raise Stale(
            f"{clause.anchor} 的第一行不是以“{title}”开头。标题只能在原有文字里重新划界；错字请用 [[note]] 说明。"
        )
    if clause.paragraphs and not inline:
        raise Stale(f"{clause.anchor} 的标题独占一行，不能再分。请用 [[note]] 说明。")
    rest = line[len(title) :]
    mark = rest[:1] if rest[:1] in STOPS else ""
    body = rest[len(mark) :]
    first = (Paragraph(clause.anchor, body, clause.line),) if body else ()
    damage = tuple(kind for kind in clause.damage if kind != "title-uncertain")
    moved = replace(
        clause, title=title, mark=mark, run_in=bool(body), paragraphs=(*first, *clause.paragraphs[1:]), damage=damage
    )
    if moved.text != clause.text:
        raise Stale(f"{clause.anchor} 的标题不能这样划界，正文会改变。请把标题写到一个标点之前。")
    settled = {"title-uncertain", "title-glued"}
    changed = replace(
        notice,
        clauses=tuple(moved if c is clause else c for c in notice.clauses),
        problems=tuple(p for p in notice.problems if not (p.line == clause.line and p.code in settled)),
    )
    return _said(changed, clause, data, "标题到哪里为止，经人核对。")


def _field(notice: Notice, data: Mapping[str, Any]) -> Notice:
    name, field = data["name"], getattr(notice.meta, data["name"])
    if (field.value or "") != data["was"]:
        raise Stale(f"{name} 现在读作“{field.value or '未载明'}”，不是“{data['was']}”。请核对后修改 was 或删去这一项。")
    corrected = Field(str(data["value"]) or None, field.line, f"{RULE}：{data['by']}，{data['date']}")
    changes: dict[str, Any] = {name: corrected}
    return replace(notice, meta=replace(notice.meta, **changes))


def _note(notice: Notice, data: Mapping[str, Any]) -> Notice:
    return _said(notice, _clause(notice, data), data, data["text"])


def _said(notice: Notice, clause: Clause, data: Mapping[str, Any], text: str) -> Notice:
    """The notice with a remark on the clause: a note, or what a person corrected there."""
    return replace(notice, notes=(*notice.notes, Note(clause.anchor, text, data["by"], data["date"])))


STEPS: dict[str, Callable[[Notice, Mapping[str, Any]], Notice]] = {
    "correct": _correct,
    "remove": _remove,
    "add": _add,
    "title": _title,
    "field": _field,
    "note": _note,
}

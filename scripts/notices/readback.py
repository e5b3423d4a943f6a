"""A published data file back to a notice, for runs that convert only some of the files.

What the corpus pages need comes back: metadata, clauses, spans, notes.  The document itself (source text, ledger)
does not: such a notice's own pages are left as the last build made them.
"""

from __future__ import annotations

from typing import Any

from .model import Clause, Document, Field, Item, Meta, Note, Notice, Paragraph, Problem, Region, Source, Span
from .overrides import FIELDS
from .sources import Copy
from .store import Entry


def notice_from(data: dict[str, Any], entry: Entry) -> Notice:
    """The notice that docs/data/notices/<id>.json describes.  Raises KeyError, TypeError or ValueError on other data."""
    source = data["source"]
    place = data["region"]
    region = Region(place["code"], tuple(place["path"]), (), place["as_of"]) if place["code"] else None
    fields = {name: Field(data[name]) for name in FIELDS}
    meta = Meta(**fields, source_name=Field(source["name"]), year=Field(entry.year or None), region=region)
    document = Document(Source(source["file"], source["sha256"], "", source["encoding"], source["url"]), "", ())
    return Notice(
        document,
        meta,
        tuple(_clause(clause) for clause in data["clauses"]),
        tuple(Problem(p["severity"], p["code"], p["line"], p["detail"]) for p in data["problems"]),
        spans=tuple(_span(annotation) for annotation in data["annotations"]),
        notes=tuple(Note(n["clause"], n["text"], n["by"], n["date"]) for n in data["notes"]),
        id=data["id"],
        copies=tuple(_copy(other) for other in data["other_sources"]),
    )


def _copy(data: dict[str, Any]) -> Copy:
    source = Source(data["file"], data["sha256"], "", data["encoding"], data["url"], data["fetched"])
    return Copy(source, data["name"], data["differing"])


def _clause(data: dict[str, Any]) -> Clause:
    text, title = data["text"], data["title"]
    body = "\n".join(paragraph["text"] for paragraph in data["paragraphs"])
    between = text[len(title) : len(text) - len(body)]
    return Clause(
        anchor=data["anchor"],
        parent=data["parent"],
        style=data["style"] or "",
        number=data["number"],
        label=data["label"],
        title=title,
        mark=between.removesuffix("\n") if body else between,
        run_in=bool(title) and not between.endswith("\n"),
        paragraphs=tuple(Paragraph(p["anchor"], p["text"], p["line"]) for p in data["paragraphs"]),
        items=tuple(_items(data["items"], text)),
        damage=tuple(data["damage"]),
        line=data["line"],
        task=data["task"],
        aliases=tuple(data["aliases"]),
    )


def _items(items: list[dict[str, Any]], text: str) -> list[Item]:
    found, position = [], 0
    for item in items:
        start = text.index(item["label"] + item["text"], position)
        position = start + len(item["label"] + item["text"])
        found.append(Item(item["anchor"], item["label"], item["text"], start, position))
    return found


def _span(data: dict[str, Any]) -> Span:
    value = tuple((key, tuple(v) if isinstance(v, list) else v) for key, v in data["value"].items())
    return Span(data["kind"], data["clause"], data["start"], data["end"], value, data["rule"], data["doubt"])

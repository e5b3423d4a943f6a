"""docs/data/notices/<id>.json and docs/data/report.json: the contract of DESIGN, keys sorted, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..jsontext import to_json
from ..model import Clause, Link, Notice, Output, Span
from ..sources import Copy
from .around import Around


def notice_json(notice: Notice, links: Iterable[Link] = ()) -> dict[str, Any]:
    """One notice as plain data, with the links that leave it.  A field that the source does not print is null."""
    meta, source = notice.meta, notice.document.source
    texts = {clause.anchor: clause.text for clause in notice.clauses}
    return {
        "id": notice.id,
        "title": meta.title.value,
        "notice_title": meta.notice_title.value,
        "doc_number": meta.doc_number.value,
        "index_number": meta.index_number.value,
        "issuer": meta.issuer.value,
        "addressees": meta.addressees.value,
        "issued": meta.issued.value,
        "published": meta.published.value,
        "publicity": meta.publicity.value,
        "region": {
            "code": meta.region.code if meta.region else None,
            "path": list(meta.region.path) if meta.region else [],
            "as_of": meta.region.as_of if meta.region else None,
        },
        "source": {
            "file": source.path,
            "sha256": source.sha256,
            "encoding": source.encoding,
            "url": source.url,
            "name": meta.source_name.value,
        },
        "other_sources": [_copy_json(copy) for copy in notice.copies],
        "clauses": [clause_json(clause) for clause in notice.clauses],
        "annotations": [annotation_json(span, texts[span.clause]) for span in notice.spans],
        "links": [
            {"source": k.source, "target": k.target, "kind": k.kind, "score": k.score, "evidence": list(k.evidence)}
            for k in links
        ],
        "notes": [{"clause": n.clause, "text": n.text, "by": n.by, "date": n.date} for n in notice.notes],
        "ledger": [
            {"line": e.line, "rule": e.rule, "action": e.action, "before": e.before, "after": e.after}
            for e in notice.document.ledger
        ],
        "problems": [
            {"severity": p.severity, "code": p.code, "line": p.line, "detail": p.detail} for p in notice.all_problems
        ],
    }


def _copy_json(copy: Copy) -> dict[str, Any]:
    """A further source; `differing` counts the clauses that read otherwise there."""
    source = copy.source
    return {
        "file": source.path,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "url": source.url,
        "name": copy.name,
        "fetched": source.fetched,
        "differing": copy.differing,
    }


def annotation_json(span: Span, text: str) -> dict[str, Any]:
    """An annotation of the clause whose text is `text`; offsets count its characters."""
    return {
        "kind": span.kind,
        "clause": span.clause,
        "start": span.start,
        "end": span.end,
        "quote": text[span.start : span.end],
        "value": dict(span.value),
        "rule": span.rule,
        "doubt": span.doubt,
    }


def clause_json(clause: Clause) -> dict[str, Any]:
    """A clause; style and number are null for the slots cover, preamble and sign."""
    return {
        "anchor": clause.anchor,
        "aliases": list(clause.aliases),
        "parent": clause.parent,
        "style": clause.style or None,
        "number": clause.number,
        "label": clause.label,
        "title": clause.title,
        "task": clause.task,
        "line": clause.line,
        "text": clause.text,
        "paragraphs": [{"anchor": p.anchor, "text": p.text, "line": p.line} for p in clause.paragraphs],
        "items": [{"anchor": i.anchor, "label": i.label, "text": i.text} for i in clause.items],
        "damage": list(clause.damage),
    }


def notice_data(notice: Notice, near: Around) -> Output:
    """The notice's data file."""
    links = (link for found in near.links.values() for link in found)
    ordered = sorted(links, key=lambda k: (k.kind, k.source, -k.score, k.target))
    return Output(f"data/notices/{notice.id}.json", to_json(notice_json(notice, ordered)))

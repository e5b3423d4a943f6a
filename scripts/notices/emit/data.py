"""docs/data/notices/<id>.json and docs/data/report.json: the contract of DESIGN, keys sorted, UTF-8."""

from __future__ import annotations

from typing import Any

from ..model import Clause, Notice, Output, to_json


def notice_json(notice: Notice) -> dict[str, Any]:
    """One notice as plain data.  A field that the source does not print is null."""
    meta, source = notice.meta, notice.document.source
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
        "clauses": [clause_json(clause) for clause in notice.clauses],
        "annotations": [
            {"kind": s.kind, "clause": s.clause, "start": s.start, "end": s.end, "value": dict(s.value)}
            for s in notice.spans
        ],
        "ledger": [
            {"line": e.line, "rule": e.rule, "action": e.action, "before": e.before, "after": e.after}
            for e in notice.document.ledger
        ],
        "problems": [
            {"severity": p.severity, "code": p.code, "line": p.line, "detail": p.detail} for p in notice.all_problems
        ],
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
        "text": clause.text,
        "paragraphs": [{"anchor": p.anchor, "text": p.text} for p in clause.paragraphs],
        "items": [{"anchor": i.anchor, "label": i.label, "text": i.text} for i in clause.items],
        "damage": list(clause.damage),
    }


def notice_data(notice: Notice) -> Output:
    """The notice's data file."""
    return Output(f"data/notices/{notice.id}.json", to_json(notice_json(notice)))

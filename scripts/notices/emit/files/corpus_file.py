"""docs/data/corpus.jsonl: one clause a line, with its annotations, for those who work on language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...model import Clause, Notice, Span
from ..data import annotation_json
from ..view import by_clause
from .csv_files import address, titles_above
from .definition import ANCHOR, FILLED, NOTICE_ID, TEXT, URL, YES, Definition, listed, nullable, record
from .parts import REGION

FIELDS = (
    Definition("notice", "通知编号", "永久编号", NOTICE_ID),
    Definition("anchor", "锚点", "条款的永久锚点", ANCHOR),
    Definition("url", "网址", "永久网址，前面加上本站的域名", URL),
    Definition("region", "地区", "同通知数据里的“地区”", record(REGION)),
    Definition("year", "年份", "要点所安排的年度", nullable(FILLED)),
    Definition("doc_number", "发文字号", "照印", nullable(FILLED)),
    Definition("path", "所属部分", "上级条款的序号和标题，从上到下", listed(FILLED)),
    Definition("label", "序号", "照印", TEXT),
    Definition("title", "标题", "没有为空", TEXT),
    Definition("task", "任务", "是不是一项任务", YES),
    Definition("text", "全文", "标题和各段，段间换行", TEXT),
    Definition("topics", "主题", "代码，主要的在前", listed(FILLED)),
    Definition("annotations", "标注", "同通知数据里的“标注”，没有 clause", listed({"type": "object", "title": "标注"})),
)


PATH = "data/corpus.jsonl"


def lines(notice: Notice) -> bytes:
    """What the file says of a notice, clauses in their order; keys sorted, UTF-8, LF."""
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in clauses(notice)).encode()


def clauses(notice: Notice) -> Iterator[dict[str, Any]]:
    """Every clause as plain data."""
    inside = by_clause(notice)
    by_anchor = {clause.anchor: clause for clause in notice.clauses}
    for clause in notice.clauses:
        yield {**_line(notice, clause, inside.get(clause.anchor, [])), "path": titles_above(clause, by_anchor)}


def _line(notice: Notice, clause: Clause, spans: list[Span]) -> dict[str, Any]:
    region = notice.meta.region
    annotations = [annotation_json(span, clause.text) for span in spans]
    return {
        "notice": notice.id,
        "anchor": clause.anchor,
        "url": address(notice, clause.anchor),
        "region": {
            "code": region.code if region else None,
            "path": list(region.path) if region else [],
            "as_of": region.as_of if region else None,
        },
        "year": notice.meta.year.value,
        "doc_number": notice.meta.doc_number.value,
        "label": clause.label,
        "title": clause.title,
        "task": clause.task,
        "text": clause.text,
        "topics": [str(span.get("label")) for span in spans if span.kind == "topic"],
        "annotations": [{key: v for key, v in one.items() if key != "clause"} for one in annotations],
    }

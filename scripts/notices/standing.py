"""What the registry records of a notice's text: where each anchor leads, and a fingerprint of what readers are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .model import Clause, Notice

QUOTE = 48  # characters kept of what stands at an anchor
#: The fields whose change readers are told of.
DATED = (
    "title", "notice_title", "doc_number", "index_number", "issuer", "addressees", "issued", "published", "disclosed",
    "publicity", "source_name",
)  # fmt: skip


class Standing(NamedTuple):
    """What the registry records of a notice's text.

    anchors: `live_anchors`; short: alias → the anchor that it stands for; digest: `digest_of`.
    """

    anchors: Mapping[str, str]
    short: Mapping[str, str]
    tasks: int
    digest: str


def standing_of(notice: Notice) -> Standing:
    """What the registry records of the text of `notice`."""
    short = {alias: clause.anchor for clause in notice.clauses for alias in clause.aliases}
    tasks = sum(clause.task for clause in notice.clauses)
    return Standing(live_anchors(notice.clauses), short, tasks, digest_of(notice))


def live_anchors(clauses: Iterable[Clause]) -> dict[str, str]:
    """Every id that the page of these clauses carries → how the text there begins."""
    anchors: dict[str, str] = {}
    for clause in clauses:
        anchors[clause.anchor] = _quote(clause.title + clause.mark + "".join(p.text for p in clause.paragraphs[:1]))
        anchors.update(dict.fromkeys(clause.aliases, anchors[clause.anchor]))
        anchors.update({p.anchor: _quote(p.text) for p in clause.paragraphs if p.anchor != clause.anchor})
        anchors.update({item.anchor: _quote(item.text) for item in clause.items})
    return anchors


def _quote(text: str) -> str:
    return " ".join(text.split())[:QUOTE]


def digest_of(notice: Notice) -> str:
    """A fingerprint of fields and text.  Annotations and anchors are left out: better rules are no news to readers.

    It is compared with what the registry holds: whatever is hashed here, and how it is written, can never change.
    """
    fields = {name: getattr(notice.meta, name).value for name in DATED}
    content = [fields, *([clause.label, clause.text] for clause in notice.clauses)]
    written = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return hashlib.sha256(f"{written}\n".encode()).hexdigest()

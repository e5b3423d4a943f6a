"""What is compared of a notice, packed: made a notice at a time, in any process, the same in every corpus."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from ..chars import fold, is_han
from ..model import Clause, Notice
from .linking import Linking
from .similar import lined, runs, weigh


class Text(NamedTuple):
    """A text that is compared: a task, or one item or paragraph of it (`label` "三是", "第2段").

    `text` is as `lined` makes it.  Its vector: `grams`, places in the codes of its notice, ascending (`place_type`),
    and `weights`, 16 bits each, in parts of similar.ONE; both little-endian.
    """

    task: str  # anchor of the task
    anchor: str  # anchor of the task, or of the part
    label: str
    topic: str
    text: str
    grams: bytes
    weights: bytes


class Compared(NamedTuple):
    """What is compared of a notice; `digest` is the same for the same texts, anchors, labels and topics.

    `codes`: of every bigram of the notice, ascending, 64 bits each, little-endian.  A task comes before its parts.
    """

    digest: int
    codes: bytes
    texts: tuple[Text, ...]


def place_type(codes: int) -> str:
    """How the places in so many codes are written."""
    return "<u2" if codes <= 1 << 16 else "<u4"


def compared(notice: Notice, rules: Linking) -> Compared:
    """What is compared of a notice: each task whole, then its items or paragraphs where it has several."""
    tasks = [clause for clause in notice.clauses if clause.task]
    topics = {s.clause: str(s.get("label")) for s in reversed(notice.spans) if s.kind == "topic" and s.get("rank") == 1}
    found: list[tuple[str, str, str, list[str]]] = []  # anchor of the task, anchor, label, runs
    for clause in tasks:
        found.append((clause.anchor, clause.anchor, "", _runs(clause.text, rules)))
        found += [(clause.anchor, *part) for part in parts_of(clause, rules)]
    codes, vectors = weigh([one[3] for one in found], [not one[2] for one in found], rules.weights)
    width = place_type(len(codes))
    made = []
    for (task, anchor, label, texts), (places, weights) in zip(found, vectors, strict=True):
        packed = places.astype(width).tobytes(), weights.astype("<u2").tobytes()
        made.append(Text(task, anchor, label, topics.get(task, ""), lined(texts), *packed))
    printed = "\0".join(part for one in made for part in one[:5])
    digest = int.from_bytes(hashlib.blake2b(printed.encode(), digest_size=8).digest(), "big")
    return Compared(digest, codes.astype("<u8").tobytes(), tuple(made))


def parts_of(clause: Clause, rules: Linking) -> list[tuple[str, str, list[str]]]:
    """Anchor, label and runs of a task's items, or of its paragraphs; none where it has only one long enough."""
    found = [(item.anchor, item.label, item.text) for item in clause.items]
    if len(found) < 2:
        texts = [paragraph for paragraph in clause.paragraphs if paragraph.kind == "text"]
        found = [(one.anchor, f"第{number}段", one.text) for number, one in enumerate(texts, 1)]
    if len(found) < 2:
        return []
    parts = [(anchor, label, _runs(text, rules)) for anchor, label, text in found]
    long_enough = [part for part in parts if sum(len(run) for run in part[2] if is_han(run[0])) >= rules.min_item]
    return long_enough if len(long_enough) > 1 else []


def _runs(text: str, rules: Linking) -> list[str]:
    """What is compared of a text."""
    return runs(rules.left_out.sub(" ", fold(text)))

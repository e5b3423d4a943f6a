"""One file converted, in two parts: what the whole corpus must know of it, and its texts, which stay on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ..duplicates.sameness import Heads, compiled_rules, heads_of
from ..emit.card import Card, card_of
from ..links.citing import Citing, cited_in
from ..links.linking import compiled_rules as link_rules
from ..links.packed import compared
from ..links.plans import Plan, plan_of
from ..model import Document, Notice
from ..pipeline import Outcome, convert_file
from ..rules import Rules
from ..standing import Standing, standing_of
from .shelf import DAMAGE, Shelf, pack, unpack

PREPARED = "prepared"
NOTICE, DOCUMENT, TEXTS = "notice", "document", "texts"
BLOBS = (NOTICE, DOCUMENT, TEXTS)
_BATCH = 100

#: Converts files: like pool.convert_all with the task `prepare`.
Convert = Callable[[Sequence[str]], Iterator[tuple[str, Any]]]


class Brief(NamedTuple):
    """What is known of a notice without its text.  Ids in it are "" until one is given."""

    heads: Heads
    standing: Standing
    card: Card
    plan: Plan | None
    cited: Citing


class Prepared(NamedTuple):
    """What became of a file.  The notice in `outcome`, and its document, are without their texts."""

    outcome: Outcome
    brief: Brief | None = None


def prepare(name: str, folder: Path, rules: Rules) -> tuple[Prepared, dict[str, bytes]]:
    """The file `name` below `folder`, converted, and its blobs.  Raises nothing but MemoryError."""
    return split(convert_file(name, folder, rules), rules)


def split(outcome: Outcome, rules: Rules) -> tuple[Prepared, dict[str, bytes]]:
    """An outcome in its two parts."""
    notice = outcome.notice
    if notice is None:
        return Prepared(replace(outcome, document=None)), {}
    light = replace(notice, document=_light(notice.document))
    texts = compared(notice, link_rules(rules))
    blobs = {NOTICE: pack(light), DOCUMENT: pack(notice.document), TEXTS: pack(texts)}
    slim = replace(light, clauses=(), spans=())
    return Prepared(replace(outcome, notice=slim, document=slim.document), brief_of(notice, rules)), blobs


def brief_of(notice: Notice, rules: Rules) -> Brief:
    """The brief of a notice with its text."""
    linking = link_rules(rules)
    return Brief(
        heads_of(notice, compiled_rules(rules)),
        standing_of(notice),
        card_of(notice, rules),
        plan_of(notice, linking.bodies, linking.plan, linking.body_end),
        cited_in(notice),
    )


def _light(document: Document) -> Document:
    return Document(document.source, "", (), problems=document.problems)


def _known(blob: bytes) -> Prepared | None:
    """What an earlier build kept; None where that is damaged: then the file is converted again."""
    try:
        one: Prepared = unpack(blob)
    except DAMAGE:
        return None
    return one


def prepared(
    names: Sequence[str], keys: Mapping[str, str], shelf: Shelf, convert: Convert
) -> Iterator[tuple[str, Prepared]]:
    """Each file with what became of it, those that the shelf knows under their `keys` first.

    What failed for want of time or memory is not kept: it may fare better next time.
    """
    files = {keys[name]: name for name in names}  # the name is part of the key
    done: set[str] = set()
    whole = set.intersection(*(shelf.has(kind, files) for kind in BLOBS))
    for key, blob in shelf.some(PREPARED, list(files)):
        one = _known(blob)
        if one and (one.brief is None or key in whole):
            done.add(key)
            yield files[key], one
    fresh: dict[str, dict[str, bytes]] = {}
    for name, made in convert([name for name in names if keys[name] not in done]):
        one, blobs = made if isinstance(made, tuple) else (Prepared(made), {})
        if one.brief or one.outcome.code:
            fresh[keys[name]] = {**blobs, PREPARED: pack(one)}
        if len(fresh) >= _BATCH:
            shelf.put_all(fresh.items())
            fresh.clear()
        yield name, one
    shelf.put_all(fresh.items())

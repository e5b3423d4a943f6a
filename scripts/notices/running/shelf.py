"""Conversions that can be kept: a notice without the text it came from, which only its own pages need."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..links.linking import compiled_rules
from ..links.related import Compared, compared
from ..model import Document, Notice
from ..pipeline import Outcome, convert_file
from ..rules import Rules
from .cache import Cache
from .pool import convert_all

KIND = "prepared"


class Prepared(NamedTuple):
    """What became of a file.  `document`: the whole document, pickled, where `outcome` holds a notice; `texts`: what is
    compared of the notice; `outcome` and its notice hold the document without text and blocks."""

    outcome: Outcome
    document: bytes = b""
    texts: Compared | None = None


def prepare(name: str, folder: Path, rules: Rules) -> Prepared:
    """The file `name` below `folder`, converted.  Never raises."""
    outcome = convert_file(name, folder, rules)
    notice = outcome.notice
    if notice is None or outcome.document is None:
        return Prepared(replace(outcome, document=None))
    packed = pickle.dumps(notice.document, pickle.HIGHEST_PROTOCOL)
    light = Document(notice.document.source, "", (), problems=notice.document.problems)
    kept = replace(outcome, notice=replace(notice, document=light), document=light)
    return Prepared(kept, packed, compared(notice, compiled_rules(rules)))


def whole(notice: Notice, packed: bytes) -> Notice:
    """The notice with its document again; `packed` is `Prepared.document`."""
    return replace(notice, document=pickle.loads(packed)) if packed else notice


def prepared(
    names: Sequence[str],
    raw: Path,
    rules_dir: Path,
    rule_set: Rules,
    jobs: int,
    keys: Mapping[str, str],
    cache: Cache | None,
) -> Iterator[tuple[str, Prepared]]:
    """Each file with what became of it, those that the cache knows under their `keys` first."""
    known = cache.get(KIND, (keys[name] for name in names)) if cache else {}
    yield from ((name, known[keys[name]]) for name in names if keys[name] in known)
    fresh: dict[str, Prepared] = {}
    missing = [name for name in names if keys[name] not in known]
    for name, made in convert_all(missing, raw, rules_dir, jobs, rule_set=rule_set, task=prepare):
        one = made if isinstance(made, Prepared) else Prepared(made)
        if one.outcome.notice or one.outcome.code:  # what failed for want of time or memory may do better next time
            fresh[keys[name]] = one
        if cache and len(fresh) >= 200:
            cache.put(KIND, fresh)
            fresh.clear()
        yield name, one
    if cache:
        cache.put(KIND, fresh)

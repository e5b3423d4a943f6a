"""All of raw/ to all of docs/ in memory: files converted, addresses settled, corrections applied, links, outputs.

With a cache nothing is made again that is known to come out the same: a file by its bytes, its sidecar, the rules and
the program; a page by the notice and what surrounds it.  The result is the same bytes with and without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from . import annotate, overrides, rules, store
from .addresses import record
from .corpus import corpus_of
from .duplicates.settle import settle, with_pages
from .emit import view_of, withdrawn_page
from .emit.files.schema import VALUE_KEYS
from .jsontext import to_json
from .links import linking
from .model import Notice, Output
from .parse import farm
from .pipeline import Outcome, published
from .readback import notice_from
from .registry import enroll, stamp, today, withdraw
from .running.cache import Cache, fingerprint
from .running.inputs import Folders, keys_of, raw_files
from .running.outputs import Known, Origin, corpus_files, notice_files
from .running.shelf import KIND, Prepared, prepared
from .store import Entry
from .told.report import REPORT, report_json
from .writing.files import MANIFEST, read_json


class Built(NamedTuple):
    """A whole build in memory: nothing is written yet."""

    outcomes: list[Outcome]
    docs: list[Output]  # what was made; files that are known to come out as they are on disk are left out
    registry: list[Output]
    entries: dict[str, Entry]
    withdrawn: list[str]  # ids whose original has gone since the last build
    idle: list[str]  # overrides files whose notice is not published, in words for the maintainer
    known: Known  # for the next build, once this one is written
    keys: Mapping[str, str]  # file → a key that changes with all that its conversion depends on


Watch = Callable[[int, int], None]  # how many files are done, of how many


def build(
    folders: Folders,
    jobs: int = 1,
    only: Collection[str] = (),
    cache: Cache | None = None,
    redo: Collection[str] = (),
    watch: Watch = lambda done, of: None,
) -> Built:
    """The whole build.  With `only`, other notices keep what the last build made of them.

    `redo`: files below docs/ that are not as the last build left them.  `watch` is told how far it is.
    Raises RulesError, OverrideError or RegistryError where rules, overrides, registry or the last build's files
    cannot be read.
    """
    rule_set = rules.load(folders.rules)
    annotate.check(rule_set)
    farm.check(rule_set)
    linking.compiled_rules(rule_set)
    corrections = overrides.load(folders.overrides, VALUE_KEYS)
    known = store.load(folders.registry)
    every = raw_files(folders.raw)
    names = [outcome.file for outcome in every if outcome.status != "ignored"]
    program = fingerprint(folders.rules)
    keys = keys_of(names, folders.raw, program)
    found: dict[str, Prepared] = {}
    for name, one in prepared(names, folders.raw, folders.rules, rule_set, jobs, keys, cache):
        found[name] = one
        watch(len(found), len(names))
    outcomes = settle([found[name].outcome for name in names], rule_set, known)  # all: which is whose copy
    outcomes = [outcome for outcome in outcomes if not only or outcome.file in only]
    outcomes += [o for o in every if o.status == "ignored" and not only]
    present = {outcome.file for outcome in every}
    reserved = [e.id for e in known.values() if only and e.source in present and e.source not in only]
    notices, entries = enroll([o.notice for o in outcomes if o.notice], known, reserved)
    entries = entries if only else withdraw(entries, present - {o.file for o in outcomes if o.status == "duplicate"})
    notices = [overrides.apply(notice, corrections.get(notice.id, ())) for notice in notices]
    outcomes = _final(with_pages(outcomes, notices), notices, found)

    kept = {e.id for e in entries.values() if not e.withdrawn} - {notice.id for notice in notices}
    texts = {n.id: found[_path(n)].texts for n in notices if n.id not in corrections}
    pairs = cache.get("pairs", [program]).get(program, {}) if cache else {}
    corpus = corpus_of([*notices, *_read_back(folders.docs, kept, entries)], rule_set, texts, pairs, jobs)
    if cache:
        cache.put("pairs", {program: pairs})
        cache.keep_only("pairs", [program])
        cache.keep_only(KIND, keys.values())
    entries = stamp(entries, notices, today())
    view = view_of(corpus, rule_set, _as_corrected(entries, corpus.notices))

    stored: Mapping[str, str] = read_json(folders.docs / MANIFEST, {})
    before = Known.read(cache, stored, redo)
    origins = {n.id: Origin(keys[_path(n)], corrections.get(n.id, ()), found[_path(n)].document) for n in notices}
    pages = notice_files(view, entries, origins, before, jobs)
    made = [*pages.outputs, *(withdrawn_page(entry) for entry in entries.values() if entry.withdrawn)]
    made += corpus_files(view, pages.parts, jobs)
    made.append(Output(REPORT, to_json(report_json(outcomes, _earlier_rows(folders.docs, present, only)))))
    manifest = {**_carried(stored, kept), **{path: stored[path] for path in pages.stay}, **digests(made)}
    addresses = record(folders.registry, folders.docs, manifest, stored)
    made.append(Output(MANIFEST, to_json(manifest)))
    gone = [key for key, entry in entries.items() if entry.withdrawn and not (key in known and known[key].withdrawn)]
    idle = [] if only else sorted(set(corrections) - {notice.id for notice in corpus.notices})
    recorded = [*(store.output(entries[key]) for key in sorted(entries)), addresses]
    return Built(outcomes, made, recorded, entries, sorted(gone), [_idle(key) for key in idle], pages.known, keys)


def _path(notice: Notice) -> str:
    return notice.document.source.path


def _final(outcomes: Iterable[Outcome], notices: Iterable[Notice], found: Mapping[str, Prepared]) -> list[Outcome]:
    """The outcomes with the notices as they are published, in name order, each with the characters of its file."""
    by_source = {_path(notice): notice for notice in notices}
    made = [published(o.file, by_source[o.file]) if o.file in by_source else o for o in outcomes]
    counted = [replace(o, counts=found[o.file].outcome.counts) if o.file in found else o for o in made]
    return sorted(counted, key=lambda outcome: outcome.file)


def _idle(key: str) -> str:
    return f"overrides/{key}.toml 没有用上：没有编号为 {key} 的通知。请核对文件名；网址里 /notices/ 后面的就是编号。"


def _read_back(docs: Path, kept: Collection[str], entries: Mapping[str, Entry]) -> Iterator[Notice]:
    """The notices that this run does not convert, as the last build published them.  Raises RegistryError."""
    for key in sorted(kept):
        data = read_json(docs / "data" / "notices" / f"{key}.json", None)
        if data is None:
            continue
        try:
            yield notice_from(data, entries[key])
        except (KeyError, TypeError, ValueError) as error:
            raise store.RegistryError(
                f"数据文件 docs/data/notices/{key}.json 不是这一版程序写的（{error}）。请运行一次完整的 build。"
            ) from error


def _as_corrected(entries: Mapping[str, Entry], notices: Iterable[Notice]) -> dict[str, Entry]:
    """Entries as readers see them: with corrected fields.  The registry itself keeps what identifies a notice."""
    shown = dict(entries)
    for notice in notices:
        meta = notice.meta
        shown[notice.id] = replace(
            shown[notice.id],
            title=meta.title.value or "",
            issuer=meta.issuer.value or "",
            doc_number=meta.doc_number.value or "",
            issued=meta.issued.value or "",
        )
    return shown


def _earlier_rows(docs: Path, present: Collection[str], only: Collection[str]) -> list[dict[str, Any]]:
    """With `only`: what the last report says of the files that are not converted now."""
    rows = read_json(docs / REPORT, {}).get("files", []) if only else []
    return [row for row in rows if row["file"] in present and row["file"] not in only]


def _carried(stored: Mapping[str, str], kept: Collection[str]) -> dict[str, str]:
    """Manifest lines of notices that this run leaves as they are: not chosen, or quarantined this time."""
    return {path: digest for path, digest in stored.items() if _owner(path) in kept}


def _owner(path: str) -> str:
    """The id of the notice that a generated file belongs to; "" for an index."""
    parts = path.split("/")
    if parts[0] == "notices" and len(parts) > 1:
        return parts[1].removesuffix(".md")
    return parts[2].removesuffix(".json") if parts[:2] == ["data", "notices"] else ""


def digests(outputs: Iterable[Output]) -> dict[str, str]:
    """Every generated file with its SHA-256, so that a later build knows what it may remove."""
    return {output.path: hashlib.sha256(output.content).hexdigest() for output in outputs}

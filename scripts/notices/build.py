"""All of raw/ to all of docs/: files converted, addresses settled, corrections applied, links, outputs.

Nothing here holds the texts of all notices: of each a small record is in memory, the rest is on the disk (running/shelf).
With a cache nothing is made again that is known to come out the same: a file by its bytes, its sidecar, the rules and
the program; a page by the notice and what surrounds it.  The result is the same bytes with and without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from . import annotate, overrides, rules, store
from .addresses import record
from .duplicates.settle import settle, with_pages
from .emit import withdrawn_page
from .emit.catalogue import catalogue_of
from .emit.files.schema import VALUE_KEYS
from .jsontext import to_json
from .links import linking
from .links.citing import cite_links
from .links.index import find
from .links.packed import compared
from .links.plans import plan_links
from .model import Link, Notice, Output
from .overrides import Override
from .parse import farm
from .pipeline import Outcome, published
from .readback import notice_from
from .registry import enroll, stamp, today, withdraw
from .rules import Rules
from .running.cache import Cache, fingerprint, key_of
from .running.finals import Final, final, made
from .running.inputs import Digests, Folders, keys_of, raw_files
from .running.outputs import Corpus, Known, make_files
from .running.parallel import give_back
from .running.pool import convert_all
from .running.prepared import BLOBS, NOTICE, PREPARED, TEXTS, Convert, Prepared, brief_of, prepare, prepared
from .running.shelf import Shelf, pack
from .store import Entry
from .told.report import REPORT, report_json
from .writing.files import MANIFEST, manifest, owner, read_json
from .writing.spill import Made, Spill


class Built(NamedTuple):
    """A whole build.  Nothing is written yet: its files are held by `Spill`."""

    outcomes: list[Outcome]
    docs: list[Made]  # what was made; files that are known to come out as they are on disk are left out
    registry: list[Made]  # what is new in it
    withdrawn: list[str]  # ids whose original has gone since the last build
    idle: list[str]  # overrides files whose notice is not published, in words for the maintainer
    known: Known  # for the next build, once this one is written
    keys: Mapping[str, str]  # file → a key that changes with all that its conversion depends on
    seconds: Mapping[str, float]  # how long each stage took


Watch = Callable[[int, int], None]  # how many files are done, of how many


class Stages:
    """How long each stage of a build takes, for benchmarks."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def lap(self, name: str) -> None:
        """The stage `name` ends now."""
        now = perf_counter()
        self.seconds[name] = now - self._since
        self._since = now


def build(
    folders: Folders,
    work: Path,
    jobs: int = 1,
    only: Collection[str] = (),
    cache: Cache | None = None,
    redo: Collection[str] = (),
    watch: Watch = lambda done, of: None,
    convert: Convert | None = None,
    digests: Digests | None = None,
) -> Built:
    """The whole build.  With `only`, other notices keep what the last build made of them.

    `work`: a folder for what is made, which the caller clears; `redo`: files below docs/ that are not as the last build
    left them; `watch` is told how far it is; `convert`: what converts files, where it is not this machine's processes;
    `digests`: of files that were looked at already.
    Raises RulesError, OverrideError or RegistryError where rules, overrides, registry or the last build's files
    cannot be read.
    """
    stages = Stages()
    rule_set = rules.load(folders.rules)
    annotate.check(rule_set)
    farm.check(rule_set)
    linking.compiled_rules(rule_set)
    corrections = overrides.load(folders.overrides, VALUE_KEYS)
    every = raw_files(folders.raw)
    present = {outcome.file for outcome in every}
    names = [outcome.file for outcome in every if outcome.status != "ignored"]
    program = fingerprint(folders.rules)
    keys = keys_of(names, folders.raw, program, digests)
    stages.lap("read")
    shelf = Shelf(cache)
    convert = convert or partial(
        convert_all, raw=folders.raw, rules_dir=folders.rules, jobs=jobs, rule_set=rule_set, task=prepare
    )
    found: dict[str, Prepared] = {}
    for name, one in prepared(names, keys, shelf, convert):
        found[name] = one
        watch(len(found), len(names))
    stages.lap("convert")

    spill = Spill(work / "made")
    said = _settled(found, every, keys, folders, only, corrections, shelf, spill, rule_set)
    del found
    kept = {e.id for e in said.entries.values() if not e.withdrawn} - {one.notice.id for one in said.finals}
    stored = manifest(folders.docs)
    finals = [*said.finals, *_read_back(folders.docs, kept, said.entries, stored, program, shelf, rule_set)]
    by_id = {one.notice.id: one for one in sorted(finals, key=lambda one: one.notice.id)}
    stages.lap("settle")

    related = find(
        [(key, one.key) for key, one in by_id.items()],
        partial(shelf.every, TEXTS),
        linking.compiled_rules(rule_set),
        work / "links",
        jobs,
    )
    give_back()
    others = _others(by_id.values())
    stages.lap("links")
    shown = _as_corrected(said.entries, (one.notice for one in finals))
    between = {key: [link for link in links if link.kind != "cites"] for key, links in others.items()}
    catalogue = catalogue_of({key: one.card for key, one in by_id.items()}, shown, between, rule_set)
    corpus = Corpus(by_id, shown, related, others, catalogue, shelf, spill)
    files = make_files(corpus, Known.read(cache, program, stored, redo), jobs, stages.lap)
    docs: list[Made] = [*files.outputs, *(withdrawn_page(entry) for entry in shown.values() if entry.withdrawn)]
    docs.append(Output(REPORT, to_json(report_json(said.outcomes, _earlier_rows(folders.docs, present, only)))))
    listed = {**_carried(stored, kept), **{path: stored[path] for path in files.stay}}
    listed |= {output.path: output.digest for output in docs}
    addresses = record(folders.registry, folders.docs, listed, stored)
    docs.append(Output(MANIFEST, to_json(listed)))
    idle = [] if only else sorted(set(corrections) - by_id.keys())
    if cache and not cache.readonly:
        every_key = {*keys.values(), *(one.key for one in finals)}
        shelf.keep_only(dict.fromkeys((*BLOBS, PREPARED), every_key))
        shelf.keep_only(files.kinds)
    shelf.close()
    stages.lap("records")
    recorded = [*said.recorded, addresses]
    told = [_idle(key) for key in idle]
    return Built(said.outcomes, docs, recorded, said.gone, told, files.known, keys, stages.seconds)


class Settled(NamedTuple):
    """What was decided about all files together.  `entries` are without the anchors of what is published, `recorded`
    are the files of the registry that change."""

    outcomes: list[Outcome]
    finals: list[Final]
    entries: dict[str, Entry]
    recorded: list[Made]
    gone: list[str]


def _settled(
    found: Mapping[str, Prepared],
    every: Sequence[Outcome],
    keys: Mapping[str, str],
    folders: Folders,
    only: Collection[str],
    corrections: Mapping[str, tuple[Override, ...]],
    shelf: Shelf,
    spill: Spill,
    rule_set: Rules,
) -> Settled:
    """Which files are one notice, which id each has, and people's corrections."""
    known = store.load(folders.registry)
    heads = {name: one.brief.heads for name, one in found.items() if one.brief}
    every_one = [one.outcome for one in found.values()]
    outcomes = settle(every_one, rule_set, known, heads, lambda name: shelf.one(NOTICE, keys[name]))
    outcomes = [outcome for outcome in outcomes if not only or outcome.file in only]
    outcomes += [o for o in every if o.status == "ignored" and not only]
    present = {outcome.file for outcome in every}
    reserved = [e.id for e in known.values() if only and e.source in present and e.source not in only]
    standings = {name: one.brief.standing for name, one in found.items() if one.brief}
    notices, entries = enroll([o.notice for o in outcomes if o.notice], known, reserved, standings)
    entries = entries if only else withdraw(entries, present - {o.file for o in outcomes if o.status == "duplicate"})
    finals = [final(n, keys[_path(n)], corrections.get(n.id, ()), found[_path(n)], shelf, rule_set) for n in notices]
    notices = [one.notice for one in finals]
    outcomes = _final(with_pages(outcomes, notices), notices, found)
    entries = stamp(entries, {one.notice.id: one.digest for one in finals}, today())
    recorded: list[Made] = [
        spill.put(store.output(one)) for key, one in sorted(entries.items()) if one != known.get(key)
    ]
    gone = [key for key, entry in sorted(entries.items()) if entry.withdrawn and not _was_withdrawn(known.get(key))]
    light = {key: entry if entry.withdrawn else replace(entry, anchors={}) for key, entry in entries.items()}
    return Settled(outcomes, finals, light, recorded, gone)


def _was_withdrawn(entry: Entry | None) -> bool:
    return entry is not None and entry.withdrawn


def _others(finals: Iterable[Final]) -> dict[str, list[Link]]:
    """Links of all kinds but related tasks, by the notice where they start."""
    every = list(finals)
    found: dict[str, list[Link]] = {}
    links = (*plan_links(one.plan for one in every if one.plan), *cite_links([one.cited for one in every]))
    for link in links:
        found.setdefault(link.source.partition("#")[0], []).append(link)
    return found


def _path(notice: Notice) -> str:
    return notice.document.source.path


def _final(outcomes: Iterable[Outcome], notices: Iterable[Notice], found: Mapping[str, Prepared]) -> list[Outcome]:
    """The outcomes with the notices as they are published, in name order, each with the characters of its file."""
    by_source = {_path(notice): notice for notice in notices}
    made = [published(o.file, by_source[o.file]) if o.file in by_source else o for o in outcomes]
    counted = (_counted(o, found[o.file].outcome) if o.file in found else o for o in made)
    return sorted(counted, key=lambda outcome: outcome.file)


def _counted(outcome: Outcome, of: Outcome) -> Outcome:
    return replace(outcome, counts=of.counts, clauses=of.clauses, tasks=of.tasks)


def _idle(key: str) -> str:
    return f"overrides/{key}.toml 没有用上：没有编号为 {key} 的通知。请核对文件名；网址里 /notices/ 后面的就是编号。"


def _read_back(
    docs: Path,
    kept: Collection[str],
    entries: Mapping[str, Entry],
    stored: Mapping[str, str],
    program: str,
    shelf: Shelf,
    rule_set: Rules,
) -> Iterator[Final]:
    """The notices that this run does not convert, as the last build published them.  Raises RegistryError."""
    for key in sorted(kept):
        path = f"data/notices/{key}.json"
        data = read_json(docs / path, None)
        if data is None:
            continue
        try:
            notice = notice_from(data, entries[key])
        except (KeyError, TypeError, ValueError) as error:
            raise store.RegistryError(
                f"数据文件 docs/{path} 不是这一版程序写的（{error}）。请运行一次完整的 build。"
            ) from error
        shelf_key = key_of("published", program, stored.get(path))
        brief = brief_of(notice, rule_set)
        texts = compared(notice, linking.compiled_rules(rule_set))
        shelf.put(NOTICE, {shelf_key: pack(notice)})
        shelf.put(TEXTS, {shelf_key: pack(texts)})
        slim = replace(notice, clauses=(), spans=())
        yield made(slim, shelf_key, (), slim, brief, whole=False)


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
    return {path: digest for path, digest in stored.items() if owner(path) in kept}

"""All of raw/ to all of docs/ in memory: files converted, addresses settled, corrections applied, links, outputs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from . import annotate, link, overrides, rules, store
from .addresses import record
from .corpus import corpus_of
from .emit import CORPUS_EMITTERS, EMITTERS, view_of, withdrawn_page
from .emit.files.schema import VALUE_KEYS
from .files import MANIFEST, read_json
from .model import Notice, Output, to_json
from .pipeline import Outcome, convert_file, published
from .readback import notice_from
from .registry import enroll, stamp, today, withdraw
from .report import REPORT, report_json
from .rules import Rules
from .store import Entry


class Folders(NamedTuple):
    """Where a build reads and writes."""

    raw: Path
    docs: Path
    registry: Path
    rules: Path
    overrides: Path


class Built(NamedTuple):
    """A whole build in memory: nothing is written yet."""

    outcomes: list[Outcome]
    docs: list[Output]
    registry: list[Output]
    entries: dict[str, Entry]
    withdrawn: list[str]  # ids whose original has gone since the last build
    idle: list[str]  # overrides files whose notice is not published, in words for the maintainer


def build(folders: Folders, jobs: int = 1, only: Collection[str] = ()) -> Built:
    """The whole build.  With `only`, other notices keep what the last build made of them.

    Raises RulesError, OverrideError or RegistryError where rules, overrides, registry or the last build's files
    cannot be read.
    """
    rule_set = rules.load(folders.rules)
    annotate.check(rule_set)
    link.compiled_rules(rule_set)
    corrections = overrides.load(folders.overrides, VALUE_KEYS)
    known = store.load(folders.registry)
    every = list(_raw_files(folders.raw))
    chosen = [outcome.file for outcome in every if outcome.status != "ignored" and (not only or outcome.file in only)]
    outcomes = [o for o in every if o.status == "ignored" and not only]
    outcomes += _without_duplicates(convert_all(chosen, folders.raw, rule_set, folders.rules, jobs))
    present = {outcome.file for outcome in every}
    reserved = [e.id for e in known.values() if only and e.source in present and e.source not in only]
    notices, entries = enroll([o.notice for o in outcomes if o.notice], known, reserved)
    entries = entries if only else withdraw(entries, present)
    notices = [overrides.apply(notice, corrections.get(notice.id, ())) for notice in notices]
    by_source = {notice.document.source.path: notice for notice in notices}
    outcomes = [published(o.file, by_source[o.file]) if o.file in by_source else o for o in outcomes]

    kept = {e.id for e in entries.values() if not e.withdrawn} - {notice.id for notice in notices}
    corpus = corpus_of([*notices, *_read_back(folders.docs, kept, entries)], rule_set)
    entries = stamp(entries, notices, today())
    view = view_of(corpus, rule_set, _as_corrected(entries, corpus.notices))
    made = [emit(notice, entries[notice.id], view) for notice in notices for emit in EMITTERS]
    made += [withdrawn_page(entry) for entry in entries.values() if entry.withdrawn]
    made += [output for emit_all in CORPUS_EMITTERS for output in emit_all(view)]
    made.append(Output(REPORT, to_json(report_json(outcomes, _earlier_rows(folders.docs, present, only)))))
    manifest = {**_carried(folders.docs, kept), **digests(made)}
    pages = record(folders.registry, folders.docs, manifest, read_json(folders.docs / MANIFEST, {}))
    made.append(Output(MANIFEST, to_json(manifest)))
    gone = [key for key, entry in entries.items() if entry.withdrawn and not (key in known and known[key].withdrawn)]
    idle = [] if only else sorted(set(corrections) - {notice.id for notice in corpus.notices})
    recorded = [*(store.output(entries[key]) for key in sorted(entries)), pages]
    return Built(outcomes, made, recorded, entries, sorted(gone), [_idle(key) for key in idle])


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


def _raw_files(folder: Path) -> Iterator[Outcome]:
    """Every file below raw/ in order; status "ignored" with the reason, or "" where it is to be converted.

    Sidecars (NAME.toml) belong to their files and are left out.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if path.suffix == ".toml" and path.with_suffix("").is_file():
            continue
        if path.is_symlink() or not path.is_file():
            yield Outcome(_shown(name), "ignored", "不是普通文件（例如快捷方式），没有打开。请放入文件本身。")
        elif any(part.startswith(".") for part in Path(name).parts) or path.name in (
            "README.md",
            "README",
            "README.txt",
        ):
            yield Outcome(_shown(name), "ignored", "隐藏文件或目录说明，不是通知。")
        elif _shown(name) != name:
            yield Outcome(_shown(name), "ignored", "文件名的编码不是 UTF-8，没有打开。请改名后再放入。")
        else:
            yield Outcome(name, "")


def _shown(name: str) -> str:
    """A file name that can be printed, whatever bytes it has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


_worker_rules: Rules | None = None


def _start_worker(folder: str) -> None:
    global _worker_rules
    _worker_rules = rules.load(Path(folder))


def _work(name: str, folder: Path) -> Outcome:
    assert _worker_rules is not None
    return convert_file(name, folder, _worker_rules)


def convert_all(names: Sequence[str], raw: Path, rule_set: Rules, rules_dir: Path, jobs: int) -> list[Outcome]:
    """Every file converted, in order; with jobs > 1 in that many processes, each of which loads the rules once."""
    if jobs <= 1 or len(names) < 2:
        return [convert_file(name, raw, rule_set) for name in names]
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(str(rules_dir),)) as pool:
        return list(pool.map(partial(_work, folder=raw), names, chunksize=8))


def _without_duplicates(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Of files with the same bytes the first by name is published, the others point to it."""
    first: dict[str, str] = {}
    out = []
    for outcome in sorted(outcomes, key=lambda o: o.file):
        if outcome.notice is None:
            out.append(outcome)
            continue
        digest = outcome.notice.document.source.sha256
        if digest in first:
            reason = f"与 {first[digest]} 的内容完全相同，只发布一次。可以删去其中一个文件。"
            outcome = replace(outcome, status="duplicate", reason=reason, notice=None)
        first.setdefault(digest, outcome.file)
        out.append(outcome)
    return out


def _earlier_rows(docs: Path, present: Collection[str], only: Collection[str]) -> list[dict[str, Any]]:
    """With `only`: what the last report says of the files that are not converted now."""
    rows = read_json(docs / REPORT, {}).get("files", []) if only else []
    return [row for row in rows if row["file"] in present and row["file"] not in only]


def _carried(docs: Path, kept: Collection[str]) -> dict[str, str]:
    """Manifest lines of notices that this run leaves as they are: not chosen, or quarantined this time."""
    stored: Mapping[str, str] = read_json(docs / MANIFEST, {})
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

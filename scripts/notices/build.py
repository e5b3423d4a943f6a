"""All of raw/ to all of docs/: conversion of every file, the registry, the outputs, and writing them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from . import read, rules, store
from .emit import EMITTERS, index_pages, withdrawn_page
from .emit.data import to_bytes
from .model import Document, Notice, Output
from .pipeline import to_notice
from .report import Outcome, report_output
from .rules import Rules
from .store import Entry

MANIFEST = "data/manifest.json"
IGNORED = ("README", ".")


class Built(NamedTuple):
    """A whole build in memory: nothing is written yet."""

    outcomes: list[Outcome]
    docs: list[Output]
    registry: list[Output]
    entries: dict[str, Entry]


def raw_files(folder: Path) -> list[str]:
    """Names below raw/ in order; sidecars (NAME.toml) belong to their files and are left out."""
    names = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        sidecar = path.suffix == ".toml" and path.with_suffix("").is_file()
        if not sidecar and not path.name.startswith(IGNORED):
            names.append(name)
    return names


def convert_file(name: str, folder: Path, rule_set: Rules) -> Outcome:
    """One file to one outcome.  Never raises: what cannot be published is quarantined with a reason."""
    document: Document | None = None
    try:
        document = read.load(folder / name, name, rule_set)
        notice = to_notice(document, rule_set)
    except read.Unreadable as error:
        return Outcome(name, "quarantined", error.reason, document=document)
    except Exception as error:  # a fault of ours must not stop the other files
        reason = f"程序处理这个文件时出错（{type(error).__name__}: {error}）。文件没有发布；请把文件和这条信息交给程序维护人。"
        return Outcome(name, "quarantined", reason, document=document)
    needs_look = any(problem.severity == "review" for problem in notice.all_problems)
    return Outcome(name, "review" if needs_look else "published", notice=notice, document=notice.document)


_worker_rules: Rules | None = None


def _start_worker(folder: str) -> None:
    global _worker_rules
    _worker_rules = rules.load(Path(folder))


def _work(name: str, folder: Path) -> Outcome:
    assert _worker_rules is not None
    return convert_file(name, folder, _worker_rules)


def convert_all(names: Sequence[str], raw: Path, rules_dir: Path, jobs: int = 1) -> list[Outcome]:
    """Every file converted, in order; with jobs > 1 in that many processes."""
    if jobs <= 1 or len(names) < 2:
        rule_set = rules.load(rules_dir)
        return [convert_file(name, raw, rule_set) for name in names]
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(str(rules_dir),)) as pool:
        return list(pool.map(partial(_work, folder=raw), names, chunksize=8))


def build(raw: Path, registry: Path, rules_dir: Path, jobs: int = 1, only: Sequence[str] = ()) -> Built:
    """The whole build in memory.  With `only`, other notices keep what they have.

    Raises RulesError or RegistryError where rules or registry cannot be read.
    """
    rule_set = rules.load(rules_dir)
    known = store.load(registry)
    names = [name for name in raw_files(raw) if not only or name in only]
    outcomes = _without_duplicates(convert_all(names, raw, rules_dir, jobs))
    notices, entries = store.enroll([o.notice for o in outcomes if o.notice], known)
    if not only:
        entries = store.withdraw(entries, (notice.id for notice in notices))
    by_source = {notice.document.source.path: notice for notice in notices}
    outcomes = [_with_notice(o, by_source.get(o.file)) for o in outcomes]
    docs = [emit(notice, entries[notice.id], rule_set) for notice in notices for emit in EMITTERS]
    docs += [
        withdrawn_page(e.id, e.title, {**e.anchors, **e.tombstones, **dict.fromkeys(e.aliases, "")})
        for e in entries.values()
        if e.withdrawn
    ]
    docs += index_pages([entries[key] for key in sorted(entries)])
    docs.append(report_output(outcomes))
    docs.append(_manifest(docs))
    return Built(outcomes, docs, [store.output(entries[key]) for key in sorted(entries)], entries)


def _with_notice(outcome: Outcome, notice: Notice | None) -> Outcome:
    """The outcome with the enrolled notice, which may have new problems."""
    if notice is None:
        return outcome
    needs_look = any(problem.severity == "review" for problem in notice.all_problems)
    return replace(outcome, notice=notice, status="review" if needs_look else outcome.status)


def _without_duplicates(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Of files with the same bytes the first by name is published, the others point to it."""
    first: dict[str, str] = {}
    out = []
    for outcome in sorted(outcomes, key=lambda o: o.file):
        if outcome.notice is None or outcome.document is None:
            out.append(outcome)
            continue
        digest = outcome.document.source.sha256
        if digest in first:
            reason = f"与 {first[digest]} 的内容完全相同，只发布一次。可以删去其中一个文件。"
            outcome = replace(outcome, status="duplicate", reason=reason, notice=None)
        first.setdefault(digest, outcome.file)
        out.append(outcome)
    return out


def _manifest(outputs: Iterable[Output]) -> Output:
    """Every generated file with its SHA-256, so that a later build knows what it may remove."""
    digests = {output.path: hashlib.sha256(output.content).hexdigest() for output in outputs}
    return Output(MANIFEST, to_bytes(digests))


def write(outputs: Iterable[Output], folder: Path) -> list[str]:
    """Write what changed, each file at once (temporary file, then rename); returns the changed paths."""
    changed = []
    for item in outputs:
        target = folder / item.path
        if target.is_file() and target.read_bytes() == item.content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(item.content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
        changed.append(item.path)
    return changed


def remove_stale(outputs: Iterable[Output], docs: Path) -> list[str]:
    """Delete files that an earlier build made and this one does not; hand-written files are never in question."""
    current = {item.path for item in outputs}
    stale = [path for path in read_manifest(docs) if path not in current and (docs / path).is_file()]
    for path in stale:
        (docs / path).unlink()
    return stale


def read_manifest(docs: Path) -> Mapping[str, str]:
    """Path → SHA-256 of the files of the last build; empty where there was none."""
    path = docs / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in data.items() if ".." not in key and not key.startswith("/")}


def differences(outputs: Iterable[Output], folder: Path, what: str) -> list[str]:
    """What `check` reports: files that are missing or differ from what the inputs give."""
    found = []
    for item in outputs:
        target = folder / item.path
        if not target.is_file():
            found.append(f"{what}/{item.path} 还没有生成。")
        elif target.read_bytes() != item.content:
            found.append(f"{what}/{item.path} 与 raw/、rules/ 和 registry/ 给出的结果不同。")
    return found

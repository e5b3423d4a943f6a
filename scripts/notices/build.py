"""All of raw/ to all of docs/ in memory: every file converted, ids and anchors settled, every output made."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from . import rules, store
from .emit import EMITTERS, index_pages, withdrawn_page
from .files import MANIFEST, read_json
from .model import Output, to_json
from .pipeline import Outcome, convert_file, published
from .registry import enroll, withdraw
from .report import REPORT, report_json
from .rules import Rules
from .store import Entry


class Built(NamedTuple):
    """A whole build in memory: nothing is written yet."""

    outcomes: list[Outcome]
    docs: list[Output]
    registry: list[Output]
    entries: dict[str, Entry]
    withdrawn: list[str]  # ids whose original has gone since the last build


def build(raw: Path, docs: Path, registry: Path, rules_dir: Path, jobs: int = 1, only: Collection[str] = ()) -> Built:
    """The whole build.  With `only`, other notices keep what the last build made of them.

    Raises RulesError or RegistryError where rules, registry or the last build's files cannot be read.
    """
    rule_set = rules.load(rules_dir)
    known = store.load(registry)
    every = list(_raw_files(raw))
    chosen = [outcome.file for outcome in every if outcome.status != "ignored" and (not only or outcome.file in only)]
    outcomes = [o for o in every if o.status == "ignored" and not only]
    outcomes += _without_duplicates(convert_all(chosen, raw, rule_set, rules_dir, jobs))
    present = {outcome.file for outcome in every}
    reserved = [e.id for e in known.values() if only and e.source in present and e.source not in only]
    notices, entries = enroll([o.notice for o in outcomes if o.notice], known, reserved)
    entries = entries if only else withdraw(entries, present)
    by_source = {notice.document.source.path: notice for notice in notices}
    outcomes = [published(o.file, by_source[o.file]) if o.file in by_source else o for o in outcomes]

    made = [emit(notice, entries[notice.id], rule_set) for notice in notices for emit in EMITTERS]
    made += [withdrawn_page(entry) for entry in entries.values() if entry.withdrawn]
    made += index_pages([entries[key] for key in sorted(entries)])
    made.append(Output(REPORT, to_json(report_json(outcomes, _earlier_rows(docs, present, only)))))
    kept = {e.id for e in entries.values() if not e.withdrawn} - {notice.id for notice in notices}
    made.append(_manifest(made, _carried(docs, kept)))
    gone = [key for key, entry in entries.items() if entry.withdrawn and not (key in known and known[key].withdrawn)]
    return Built(outcomes, made, [store.output(entries[key]) for key in sorted(entries)], entries, sorted(gone))


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


def _manifest(outputs: Iterable[Output], carried: Mapping[str, str]) -> Output:
    """Every generated file with its SHA-256, so that a later build knows what it may remove."""
    digests = {output.path: hashlib.sha256(output.content).hexdigest() for output in outputs}
    return Output(MANIFEST, to_json({**carried, **digests}))

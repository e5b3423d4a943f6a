"""The search of a built site: bundles made of its data files, and what lies beside them for the page 检索.

The index comes from the data files, so that it does not depend on the generator of the pages.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .bundle import ENGINE, fingerprint, index, pack, unzipped
from .files import MERGED, compact
from .plan import FEW, MOST, Bundle, Part, bundles, list_records

FOLDER = "pagefind"
LIST = "bundles.json"
ENTRY = "pagefind-entry.json"


def build_index(
    site: Path, work: Path | None = None, jobs: int = 1, few: int = FEW, most: int = MOST
) -> tuple[Bundle, ...]:
    """Write `site`/pagefind/ from `site`/data/notices/; what stood there is replaced.  Returns the bundles.

    work: where made bundles are kept, so that one whose notices are unchanged is not made again; jobs: runs of the
    indexer side by side, 0.6 GB each at most; few: up to so many notices there is one bundle; most: characters of a run.
    Raises Unreadable, with a reason in Chinese, where there is nothing to index or the indexer fails.
    """
    with tempfile.TemporaryDirectory() as name:
        kept = work or Path(name)
        whole = tuple(bundles(list_records(site, kept), few, most))
        keys = keys_of(whole)
        make(site, kept, keys, jobs)
        target = site / FOLDER
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        install(whole, keys, kept, target)
        tidy(kept, keys.values())
    return whole


def keys_of(whole: Iterable[Bundle]) -> dict[Part, str]:
    """Part → what its index depends on: the same key, the same files."""
    common = fingerprint()
    told = {
        part: "\n".join((common, *(record.digest for record in part.records))) for one in whole for part in one.parts
    }
    return {part: hashlib.sha256(text.encode()).hexdigest()[:24] for part, text in told.items()}


def paths_of(site: Path, part: Part) -> list[Path]:
    """The data files of a part."""
    return [site / "data" / "notices" / f"{record.id}.json" for record in part.records]


def missing(kept: Path, keys: dict[Part, str]) -> list[Part]:
    """The parts that are not in `kept` yet, the largest first, so that the last one to end is a small one."""
    lacking = [part for part, key in keys.items() if not kept_at(kept, key).is_file()]
    return sorted(lacking, key=lambda part: (-sum(record.characters for record in part.records), part.folder))


def kept_at(kept: Path, key: str) -> Path:
    """Where the index of this key lies: what `bundle.index` gave, whole or not at all."""
    return kept / f"{key}.zip"


def keep(kept: Path, key: str, made: bytes) -> None:
    """Put what `bundle.index` gave into `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    half = kept / f"{key}.part"
    half.write_bytes(made)
    half.replace(kept_at(kept, key))


def make(site: Path, kept: Path, keys: dict[Part, str], jobs: int) -> None:
    """Make what is missing.  Threads do: the work is done in the indexer's own processes."""

    def one(part: Part) -> None:
        keep(kept, keys[part], index(pack(paths_of(site, part))))

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for _ in pool.map(one, missing(kept, keys)):
            pass


def install(whole: Sequence[Bundle], keys: dict[Part, str], kept: Path, target: Path) -> None:
    """Write the bundles into `target`, the list of them, and the files about all of them."""
    listed, about = [], []
    for one in whole:
        parts, own = [], []
        for part in one.parts:
            files = unzipped(kept_at(kept, keys[part]).read_bytes())
            own.append({name: json.loads(files.pop(f"{name}.json")) for name in MERGED})
            parts.append(_written(files, target, part, keys[part]))
        about.append(_merged(own))
        _write_about(about[-1], target / one.slug)
        listed.append({"slug": one.slug, "name": one.name, "notices": one.notices, "parts": parts})
    if len(whole) > 1:
        _write_about(_merged([_of_provinces(one) for one in about]), target)
    (target / LIST).write_text(compact(listed) + "\n", encoding="utf-8")


def _written(files: dict[str, bytes], target: Path, part: Part, key: str) -> dict[str, str]:
    """Write the index of a part; returns what the page must know of it: folder, tag of this version, name of its meta file.

    The engine is written once, at the top; the entry of an index below leads there, for the browser looks for it beside.
    """
    for name in ENGINE:
        (target / name).write_bytes(files.pop(name))
    entry = json.loads(files[ENTRY])
    (language,) = entry["languages"].values()
    if part.folder:
        language["wasm"] = "/" + "../" * (part.folder.count("/") + 1) + "wasm.unknown"
        files[ENTRY] = compact(entry).encode("utf-8")
    for name, content in files.items():
        path = target / part.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {"folder": part.folder, "tag": key[:8], "meta": language["hash"]}


def _merged(all_: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: merge([one[name] for one in all_]) for name, merge in MERGED.items()}


def _of_provinces(about: dict[str, Any]) -> dict[str, Any]:
    """Of a bundle, for the files about all: of its places the province alone; the rest is in the bundle's own."""
    choices = about["choices"]
    return {**about, "choices": {**choices, "place": [row for row in choices["place"] if "/" not in row[0]]}}


def _write_about(about: dict[str, Any], folder: Path) -> None:
    for name, value in about.items():
        (folder / f"{name}.json").write_text(compact(value) + "\n", encoding="utf-8")


def tidy(kept: Path, keys: Iterable[str]) -> None:
    """Take out of `kept` what no bundle of this run is."""
    wanted = {kept_at(kept, key).name for key in keys}
    for path in _made(kept):
        if path.name not in wanted:
            path.unlink()


def _made(kept: Path) -> Iterator[Path]:
    yield from (*kept.glob("*.zip"), *kept.glob("*.part"))

"""A finished site taken to object storage: only what differs is sent, in an order in which no reader meets a gap."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from ..errors import Refused
from ..publish.headers import LASTING
from .bucket import Address, Bucket, Thing, opened

#: In the storage beside the site: SHA-256 and size of every file that was sent.  Only what stands in it is ever deleted.
MANIFEST = ".yaodian-files.json"
BATCH = 200  # files after which the manifest is written, so that an upload that breaks off is not begun anew
SIDE_BY_SIDE = 8

#: By the end of the name, the first that fits.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".jsonl": "application/x-ndjson",
    "feed.xml": "application/atom+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".conf": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".zip": "application/zip",
    ".wasm": "application/wasm",
}
OTHER = "application/octet-stream"
_LASTING = re.compile(f"(?:{'|'.join(LASTING)})/")
BRIEFLY, LONG = "max-age=600", "public, max-age=31536000, immutable"
#: What points to pages: it comes after them.
_POINTERS = ("sitemap.xml", "feed.xml")

Sent = dict[str, list[object]]  # name → [sha256, size]


def upload(site: Path, address: Address) -> str:
    """Make the place at `address` hold the files of `site`; returns a sentence for the maintainer.

    New and changed files that are no pages come first, then new pages, changed pages, what points to pages; what is gone
    is deleted last.  Foreign objects stay.  Raises Refused where the storage cannot be written, or holds something else
    than a site.
    """
    with opened(address) as bucket:
        there = bucket.things()
        if there and MANIFEST not in there and "index.html" not in there:
            raise Refused(f"{address} 里有文件，却不像是这个网站，没有动它。请换一个目录，或先移走里面的文件。")
        sent = _sent(bucket, there)
        here = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
        wanted: Sent = {name: [_digest(path), path.stat().st_size] for name, path in here.items()}
        new = [name for name, mark in wanted.items() if sent.get(name) != mark or not _arrived(name, mark, there)]
        gone = sorted(sent.keys() - wanted.keys())
        for batch in _batches(new, there):
            with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
                list(pool.map(lambda name: _send(bucket, name, here[name]), batch))
            sent |= {name: wanted[name] for name in batch}
            _note(bucket, sent)
        for start in range(0, len(gone), BATCH):
            some = gone[start : start + BATCH]
            bucket.files.rm([bucket.path(name) for name in some if name in there])
            sent = {name: mark for name, mark in sent.items() if name not in some}
            _note(bucket, sent)
    return f"网站已传到 {address}：写入 {len(new)} 个文件，删去 {len(gone)} 个，其余 {len(here) - len(new)} 个没有变。"


def headers_of(name: str) -> dict[str, str]:
    """The content type and the time to keep of a file of the site."""
    kind = next((kind for end, kind in TYPES.items() if name.endswith(end)), OTHER)
    return {"ContentType": kind, "CacheControl": LONG if _LASTING.match(name) else BRIEFLY}


def _turn(name: str, there: Mapping[str, Thing]) -> int:
    if name in _POINTERS:
        return 3
    if not name.endswith(".html"):
        return 0
    return 2 if name in there else 1


def _batches(names: Iterable[str], there: Mapping[str, Thing]) -> Iterator[list[str]]:
    """A few names at a time, which may travel side by side: all of one turn."""
    for _, group in groupby(sorted((_turn(name, there), name) for name in names), lambda one: one[0]):
        turn = [name for _, name in group]
        yield from (turn[start : start + BATCH] for start in range(0, len(turn), BATCH))


def _arrived(name: str, mark: list[object], there: Mapping[str, Thing]) -> bool:
    return name in there and there[name].size == mark[1]


def _send(bucket: Bucket, name: str, path: Path) -> None:
    extra = headers_of(name) if "s3" in bucket.files.protocol else {}
    bucket.files.pipe_file(bucket.path(name), path.read_bytes(), **extra)


def _sent(bucket: Bucket, there: Mapping[str, Thing]) -> Sent:
    """What was sent, as the manifest has it."""
    if MANIFEST not in there:
        return {}
    try:
        said: Sent = json.loads(bucket.files.cat_file(bucket.path(MANIFEST)))
        return {name: [digest, size] for name, (digest, size) in said.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(
            f"{bucket.path(MANIFEST)} 坏了（{error}），没有上传。它记着传过哪些文件；删掉它再运行一次，会全部重传。"
        ) from error


def _note(bucket: Bucket, sent: Sent) -> None:
    content = json.dumps(dict(sorted(sent.items())), ensure_ascii=False, separators=(",", ":")).encode()
    bucket.files.pipe_file(bucket.path(MANIFEST), content)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

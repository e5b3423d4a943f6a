"""One run of Pagefind's command-line indexer: from the data files of some notices to the files of an index.

Bytes in, bytes out, so that it can be done anywhere: `index(pack(paths))` is the same on every machine.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from ...errors import Unreadable
from .files import FILES, attributes, compact, whereabouts
from .notice import SearchClause, SearchNotice, read_notice
from .pages import write_pages

#: What runs in the browser: the same beside every index.
ENGINE = ("pagefind.js", "pagefind-worker.js", "wasm.unknown.pagefind")
#: What the browser needs of an index; the indexer also writes user interfaces that we do not use.
NEEDED = (*ENGINE, "pagefind-entry.json", "*.pf_meta", "index/*", "fragment/*")
REINSTALL = "请运行 pip install -r requirements.txt，确认装好了 pagefind 和 pagefind_bin，再运行 make site。"
_DAY = (1980, 1, 1, 0, 0, 0)  # no clock time: a bundle differs where its contents do


def fingerprint() -> str:
    """What a bundle depends on besides its notices: the version of the indexer, and our own code."""
    told = hashlib.sha256(version("pagefind").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def pack(paths: Iterable[Path]) -> bytes:
    """What the index needs of these data files, compressed.  Raises Unreadable where one is no notice."""
    lines = [compact([*notice[:-1], sorted(notice.terms)]) for notice in map(read_notice, paths)]
    return zlib.compress("\n".join(lines).encode("utf-8"), 1)


def index(packed: bytes) -> bytes:
    """The files of an index over what was packed, as a ZIP that holds them as they are: the same bytes every time.

    Raises Unreadable, with a reason in Chinese, where the indexer fails or is another version than ours.
    """
    notices = [_unpacked(line) for line in zlib.decompress(packed).decode("utf-8").split("\n")]
    with tempfile.TemporaryDirectory() as name:
        pages, made = Path(name, "pages"), Path(name, "index")
        write_pages(notices, pages)
        _run(pages, made)
        files = _needed(made)
    beside = {name: make(notices) for name, make in FILES.items()}
    beside |= {"notices": whereabouts(notices, fragments(files)), "clauses": attributes(notices)}
    files |= {f"{name}.json": (compact(value) + "\n").encode("utf-8") for name, value in beside.items()}
    return _zipped(files)


def unzipped(bundle: bytes) -> dict[str, bytes]:
    """The files that `index` made, by their names."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def fragments(files: dict[str, bytes]) -> dict[str, str]:
    """Notice id → the name that the index gives its text."""
    names = {}
    for name in sorted(name for name in files if name.startswith("fragment/")):
        content = gzip.decompress(files[name]).removeprefix(b"pagefind_dcd")
        names[json.loads(content)["url"].split("/")[2]] = Path(name).name.removesuffix(".pf_fragment")
    return names


def _unpacked(line: str) -> SearchNotice:
    identity, title, path, year, number, issuer, clauses, terms = json.loads(line)
    found = tuple(
        SearchClause(anchor, label, name, text, tuple(topics), tuple(units), target)
        for anchor, label, name, text, topics, units, target in clauses
    )
    return SearchNotice(identity, title, tuple(path), year, number, issuer, found, frozenset(terms))


def _run(pages: Path, out: Path) -> None:
    """Run the indexer.  The language xx has no rules of its own, so that words stay as they are."""
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out)]
    options = ["--force-language", "xx", "--root-selector", "article", "--quiet"]
    made = subprocess.run([*command, *options], capture_output=True, text=True, errors="replace", check=False)
    if made.returncode or not (out / "pagefind-entry.json").is_file():
        said = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["没有说明原因"]
        raise Unreadable("search-index", f"检索索引没有建成（{said[0]}）。{REINSTALL}")


def _needed(made: Path) -> dict[str, bytes]:
    """What is needed; a part that is missing means another version of the indexer than ours."""
    files: dict[str, bytes] = {}
    for pattern in NEEDED:
        found = sorted(made.glob(pattern))
        if not found:
            reason = f"检索索引里没有 {pattern}：pagefind 的版本与 requirements.txt 不同。{REINSTALL}"
            raise Unreadable("search-version", reason)
        files |= {path.relative_to(made).as_posix(): path.read_bytes() for path in found}
    return files


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # stored: nearly all of it is compressed already
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _DAY), files[name])
    return out.getvalue()

"""What earlier builds worked out, kept beside the project so that an unchanged file is not converted again.

One SQLite file, which survives a kill at any moment; nothing in it is needed, and deleting it costs time alone.  Values
are pickles of our own types: whoever can write this file can as well change the program that reads it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import pickle
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

NAME = "cache.sqlite"
#: What a conversion depends on besides the rules and the program: the libraries that read and write.
LIBRARIES = ("ahocorasick-rs", "beautifulsoup4", "lxml", "numpy", "PyYAML", "pypdfium2")
_MANY = 500  # keys in one question to the database
_PATIENCE = 60  # seconds that one process waits for another


class Cache:
    """Values by kind and key.  A value that cannot be read back is one that is not there."""

    def __init__(self, folder: Path, readonly: bool = False) -> None:
        """Open or make the cache in `folder`, which is made too.  Raises OSError where it cannot be written.

        `readonly`: nothing is made or written; where there is no cache, it knows nothing.
        """
        self.path = folder / NAME
        self.readonly = readonly
        if readonly:
            there = f"file:{quote(str(self.path))}?mode=ro" if self.path.is_file() else ":memory:"
            self.base = sqlite3.connect(there, _PATIENCE, uri=True, isolation_level=None)
            return
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.base = self._opened()
        except sqlite3.Error:
            self.path.unlink(missing_ok=True)
            try:
                self.base = self._opened()
            except sqlite3.Error as error:
                raise OSError(f"{self.path}: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, _PATIENCE, isolation_level=None)
        try:
            base.execute("PRAGMA synchronous = NORMAL")
            base.execute("CREATE TABLE IF NOT EXISTS item (kind TEXT, key TEXT, value BLOB, PRIMARY KEY (kind, key))")
            base.execute("SELECT count(*) FROM item WHERE kind = ''").fetchone()
        except sqlite3.Error:
            base.close()
            raise
        return base

    def close(self) -> None:
        """Let go of the file."""
        self.base.close()

    def packed(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those `keys` that are known, as they were pickled."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            marks = ",".join("?" * len(part))
            with suppress(sqlite3.Error):
                found.update(
                    self.base.execute(f"SELECT key, value FROM item WHERE kind = ? AND key IN ({marks})", (kind, *part))
                )
        return found

    def there(self, kind: str, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that have a value."""
        wanted = set(keys)
        with suppress(sqlite3.Error):
            return {
                key for (key,) in self.base.execute("SELECT key FROM item WHERE kind = ?", (kind,)) if key in wanted
            }
        return set()

    def get(self, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """The values of those `keys` that are known."""
        found = {}
        for key, value in self.packed(kind, keys).items():
            with suppress(Exception):  # written by another version, or damaged: pickle may raise anything
                found[key] = pickle.loads(value)
        return found

    def put(self, kind: str, values: Mapping[str, Any]) -> None:
        """Keep `values`, all or none of them."""
        self.put_packed(kind, {key: pickle.dumps(value, pickle.HIGHEST_PROTOCOL) for key, value in values.items()})

    def put_packed(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep values that are pickled already."""
        self.put_all((kind, key, value) for key, value in values.items())

    def put_all(self, rows: Iterable[tuple[str, str, bytes]]) -> bool:
        """Keep values (kind, key, pickle), all or none; whether they are kept.  Whoever can do without them, on a full disk
        for instance, need not ask: they are made again next time."""
        try:
            with self.base:
                self.base.execute("BEGIN")
                self.base.executemany("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", rows)
        except sqlite3.Error:
            return False
        return True

    def keep_only(self, kind: str, keys: Iterable[str]) -> None:
        """Forget every other key of the kind."""
        kept = set(keys)
        with suppress(sqlite3.Error), self.base:
            known = [key for (key,) in self.base.execute("SELECT key FROM item WHERE kind = ?", (kind,))]
            self.base.execute("BEGIN")
            gone = ((kind, key) for key in known if key not in kept)
            self.base.executemany("DELETE FROM item WHERE kind = ? AND key = ?", gone)


def fingerprint(rules_dir: Path) -> str:
    """A hash of all that a conversion depends on besides the file: this program, the rules, the libraries, Python.

    Whether LibreOffice is there counts too: it decides what becomes of the files that it can read.
    """
    program = Path(__file__).resolve().parent.parent  # notices/
    digest = hashlib.sha256(f"{sys.version} {shutil.which('soffice') or ''}".encode())
    for name in LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for folder, pattern in ((program, "*.py"), (rules_dir, "*.toml")):
        for path in sorted(folder.rglob(pattern)):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def key_of(*parts: object) -> str:
    """A key made of the parts' representations, which must be the same from run to run."""
    return hashlib.sha256("\x00".join(map(repr, parts)).encode("utf-8", "surrogatepass")).hexdigest()

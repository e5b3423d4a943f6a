"""A fetched page and its sidecar in raw/: names, what was kept before, and writing without half-written files."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ..writing.disk import write_over
from .client import Page
from .media import ending


class Kept(NamedTuple):
    """A page kept before: its file, what the sidecar says, and its bytes."""

    path: Path
    about: dict[str, Any]
    content: bytes


def stem(url: str) -> str:
    """The name for the page at `url`, without ending: host, path and a hash, in [a-z0-9-].

    The hash of the address keeps pages apart whose paths read alike, and tells Windows' device names apart from ours.
    """
    parts = urlsplit(url)
    path = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", unquote(parts.path, errors="replace"))
    words = (re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") for text in (parts.netloc, path))
    host, path = words
    digest = hashlib.sha256(url.encode()).hexdigest()[:10]
    return "-".join(part for part in (host[:60].strip("-"), path[-40:].strip("-"), digest) if part)


def earlier(raw: Path, url: str) -> list[Kept]:
    """The pages kept under `raw` that were found at `url`, oldest first; files moved to a folder inside count."""
    found = []
    for beside in sorted(raw.rglob(f"{stem(url)}*.toml"), key=lambda path: (len(path.name), path.name)):
        path = beside.with_suffix("")
        if not path.is_file() or path.is_symlink() or beside.is_symlink():
            continue
        try:
            about = tomllib.loads(beside.read_text(encoding="utf-8"))
        except ValueError:
            continue  # a sidecar that was broken by hand says nothing; build reports it
        if about.get("url") == url:
            found.append(Kept(path, about, path.read_bytes()))
    return found


def validators(kept: list[Kept]) -> dict[str, str]:
    """Headers that ask for the page only where it is another than the newest kept; none where that was edited."""
    if not kept or digest(kept[-1].content) != kept[-1].about.get("sha256"):
        return {}
    headers = kept[-1].about.get("headers", {})
    pairs = (("If-None-Match", headers.get("etag")), ("If-Modified-Since", headers.get("last-modified")))
    return {name: str(value) for name, value in pairs if value}


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, as a sidecar holds it."""
    return hashlib.sha256(content).hexdigest()


def save(raw: Path, page: Page, asked: str, fetched: str) -> Path:
    """Write `page` and its sidecar under a name that no page has; returns the page's path.  Raises OSError, Unreadable.

    The sidecar goes first: a stop between the two leaves a sidecar without a page, which publishes nothing and which
    the next fetch completes, where a page without a sidecar would be published with no word of where it came from.
    """
    name, suffix = stem(page.url), ending(page.content)
    raw.mkdir(parents=True, exist_ok=True)
    number = 1
    while any(p.suffix != ".toml" for p in raw.glob(f"{_numbered(name, number)}.*")):
        number += 1
    path = raw / f"{_numbered(name, number)}.{suffix}"
    about: dict[str, str | int] = {
        "url": page.url,
        "asked": asked,
        "fetched": fetched,
        "status": page.status,
        "sha256": digest(page.content),
    }
    write_over(path.with_name(f"{path.name}.toml"), sidecar_text(about, page.headers).encode())
    write_over(path, page.content)
    return path


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def sidecar_text(about: Mapping[str, str | int], headers: Mapping[str, str]) -> str:
    """A sidecar's TOML.  A JSON string of printable characters is a TOML string too."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
    lines += ["", "[headers]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in headers.items())]
    return "\n".join(lines) + "\n"

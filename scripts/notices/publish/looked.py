"""Every page of a built site is read once: it gets its policy, and what the gate and the sitemap need of it is noted."""

from __future__ import annotations

import gc
import hashlib
import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..running.cache import Cache
from ..running.parallel import shared
from . import gate
from .gate import Facts, facts_of
from .gate.files import Own
from .seal import Inline, seal_page, with_policy
from .sitemap import is_hidden

FACTS = "facts"  # the kind of what is kept
_SOME = 100  # pages whose facts are asked for together


class Look(NamedTuple):
    """One page: why no policy fits it (then it stays as it is), what its policy names, whether search engines are to
    leave it out, and what the gate has to know."""

    unsealed: tuple[str, ...]
    inline: Inline
    hidden: bool
    facts: Facts


def look(site: Path, own: Own, jobs: int = 1, kept: Path | None = None) -> dict[str, Look]:
    """Write each page's policy into it; what was seen, by the page's path below `site`, in the paths' order.

    `kept`: the folder of a cache, in which a page that was seen before is looked up by its content.  Raises OSError.
    """
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    version = _version(own)
    with _uncollected():
        seen = shared(lambda some: _stretch(some, site, own, version, kept), names, jobs)
    if kept:
        with closing(Cache(kept)) as known:
            known.put(FACTS, {key: value for key, value, is_new in seen if is_new})
            known.keep_only(FACTS, (key for key, _, _ in seen))
    return {name: _read(value) for name, (_, value, _) in zip(names, seen, strict=True)}


def _stretch(
    names: Sequence[str], site: Path, own: Own, version: str, kept: Path | None
) -> list[tuple[str, Any, bool]]:
    """For each page a key, what was seen as plain values, and whether that is new."""
    found = []
    with closing(Cache(kept or site / "none", readonly=True)) as known:
        for start in range(0, len(names), _SOME):
            some = [(name, (site / name).read_bytes()) for name in names[start : start + _SOME]]
            keys = [
                hashlib.sha256(f"{version}\n{name}\n".encode("utf-8", "surrogateescape") + c).hexdigest()
                for name, c in some
            ]
            before = known.get(FACTS, keys) if kept else {}
            for (name, content), key in zip(some, keys, strict=True):
                value = before.get(key)
                sealed, value = _again(name, content, value) if value else _look(name, content, own)
                if sealed != content:
                    (site / name).write_bytes(sealed)
                found.append((key, value, key not in before))
    return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would go through the elements of each page several times, a quarter of all
    the work: none of them is in a cycle, and they go when their page is done."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _look(name: str, content: bytes, own: Own) -> tuple[bytes, Any]:
    page = seal_page(name, content)
    facts = facts_of(name, page.content, own, page.elements)
    inline = (sorted(page.inline.scripts), sorted(page.inline.styles), page.inline.base)
    return page.content, (page.faults, inline, is_hidden(content), tuple(facts))


def _again(name: str, content: bytes, value: Any) -> tuple[bytes, Any]:
    """A page that was seen before: its policy is known."""
    unsealed, inline, *_ = value
    sealed = content if unsealed else with_policy(name, content.decode("utf-8"), _inline(inline)).encode("utf-8")
    return sealed, value


def _read(value: Any) -> Look:
    unsealed, inline, hidden, facts = value
    return Look(tuple(unsealed), _inline(inline), hidden, Facts(*facts))


def _inline(value: Any) -> Inline:
    scripts, styles, base = value
    return Inline(frozenset(scripts), frozenset(styles), base)


def _version(own: Own) -> str:
    """What the facts of a page depend on besides the page: our files, this program and the parser."""
    parts = [*sorted(own.scripts), "", *sorted(own.styles), importlib.metadata.version("lxml"), _program()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for path in (*sorted(Path(gate.__file__).parent.glob("*.py")), *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

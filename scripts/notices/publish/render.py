"""One shard through the generator: `unpack(render(pack(…)))`, where `render` needs nothing but the bytes it is given.

It may run in this process or on another machine that has the same libraries and shares no disk.  In a shard every other
page that its pages or the navigation lead to is an empty file that the settings exclude: the generator then writes the
address of a link to it, and still refuses a link that leads nowhere.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .shards import Shard
from .sources import Frame, destination

PYTHON = "{python}"  # in a command: the Python that runs it, whose path is another one on another machine
#: The generator: what stands before `build --strict …`.
MKDOCS = (PYTHON, "-m", "mkdocs")
#: Runs a function over packed shards and gives the results in their order, taking new ones as it needs them.
Runner = Callable[[Callable[[bytes], bytes], Iterable[bytes]], Iterator[bytes]]
ORDER, SAID = "order.json", "said.json"


class Rendered(NamedTuple):
    """What a run gave: "" or what the generator said when it refused; each page's HTML, compressed by zlib, by its path
    below the site; the theme's files by theirs, as they are."""

    refused: str
    pages: Mapping[str, bytes]
    theme: Mapping[str, bytes]


def pack(shard: Shard, common: Frame, docs: Path, command: Iterable[str] = MKDOCS) -> bytes:
    """All that the run of `shard` needs.  Raises OSError where a page cannot be read."""
    own = {page.path for page in shard.pages}
    others = sorted({*common.nav, *(target for page in shard.pages for target in page.targets)} - own)
    order = {
        "command": list(command),
        "values": {
            **json.loads(common.values),
            "exclude_docs": common.excluded + "\n" + "\n".join(map(_exactly, others)),
        },
        "pages": [destination(path) for path in sorted(own)],
        "theme": shard.theme,
    }
    members = [(ORDER, json.dumps(order).encode()), ("inherited.yml", common.config)]
    members += [(f"theme/{path}", content) for path, content in common.theme]
    members += [(f"docs/{path}", b"") for path in others]
    return _zipped([*members, *((f"docs/{path}", (docs / path).read_bytes()) for path in sorted(own))])


def render(packed: bytes) -> bytes:
    """Run the generator over a packed shard in a folder of its own, and pack what it made.  Raises OSError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(folder)
        order = json.loads((folder / ORDER).read_bytes())
        config, site = folder / "mkdocs.yml", folder / "site"
        places = {"INHERIT": "inherited.yml", "docs_dir": "docs", "theme": {"custom_dir": "theme"}}
        config.write_text(json.dumps({**places, **order["values"]}), encoding="utf-8")
        (folder / "docs").mkdir(exist_ok=True)
        own = [sys.executable if part == PYTHON else part for part in order["command"]]
        command = [*own, "build", "--strict", "--clean", "--site-dir", str(site)]
        made = subprocess.run(
            [*command, "--config-file", str(config)],
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = made.stdout.decode("utf-8", "replace").replace(f"{folder}{os.sep}", "")
        return _packed(site, order, said if made.returncode else "")


def _packed(site: Path, order: Mapping[str, list[str]], said: str) -> bytes:
    missing = [path for path in order["pages"] if not (site / path).is_file()]
    if missing and not said:
        said = f"没有写出这些网页：{'、'.join(missing[:10])}"
    members: list[tuple[str, bytes]] = [(SAID, json.dumps(said).encode())]
    if said:
        return _zipped(members)
    members += [(f"pages/{path}", zlib.compress((site / path).read_bytes(), 1)) for path in order["pages"]]
    if order["theme"]:
        pages = set(order["pages"])
        rest = sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
        members += [(f"theme/{path}", (site / path).read_bytes()) for path in rest if path not in pages]
    return _zipped(members)


def unpack(result: bytes) -> Rendered:
    """What `render` gave."""
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        names = [name for name in archive.namelist() if name != SAID]
        every = {name: archive.read(name) for name in names}
        said = json.loads(archive.read(SAID))
    pages = {name.removeprefix("pages/"): content for name, content in every.items() if name.startswith("pages/")}
    theme = {name.removeprefix("theme/"): content for name, content in every.items() if name.startswith("theme/")}
    return Rendered(said, pages, theme)


def here(jobs: int) -> Runner:
    """A runner on this machine, `jobs` shards side by side; no more than that are packed and waiting at any time."""

    def run(work: Callable[[bytes], bytes], packed: Iterable[bytes]) -> Iterator[bytes]:
        waiting: deque[Future[bytes]] = deque()
        with ThreadPoolExecutor(jobs) as pool:  # threads do: the generator is a process of its own
            try:
                for one in packed:
                    waiting.append(pool.submit(work, one))
                    if len(waiting) > jobs:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    return run


def _exactly(path: str) -> str:
    """A pattern that matches this file alone."""
    return "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", path)


def _zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()

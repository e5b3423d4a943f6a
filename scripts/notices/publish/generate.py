"""Running the site generator over docs/: in shards, side by side, and only over the pages that changed."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import yaml

from ..errors import Refused, Unreadable
from ..running.cache import Cache, key_of
from ..running.parallel import shared
from .render import MKDOCS, Runner, here, pack, render, unpack
from .shards import MOST_PAGES, Shard, shards
from .sources import Frame, Page, destination, frame, listed, read_page, tops

#: What canonical links, sitemap, feed and the nginx snippet can all hold as it is.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~%+-]*)*")
PAGE, THEME = "page", "theme"  # kinds of what is kept
_SOME = 100  # pages that are taken from the cache together
_LINES = 60  # of what the generator says


class Settings(NamedTuple):
    """What of mkdocs.yml the steps after the generator need."""

    site_name: str
    site_url: str  # "" or an address that ends in "/"


class Means(NamedTuple):
    """How the generator is run.

    `kept`: the folder of the cache of pages, None for none; `jobs`: processes side by side; `command`: the generator;
    `run`: what runs the packed shards, None for this machine; `most`: pages of a shard.
    """

    kept: Path | None = None
    jobs: int = 1
    command: Sequence[str] = MKDOCS
    run: Runner | None = None
    most: int = MOST_PAGES


USUAL = Means()


class Done(NamedTuple):
    """How many pages the site has, and how many of them the generator made now."""

    pages: int
    made: int


def settings(config: Path, site_url: str | None = None) -> Settings:
    """The settings in `config`; `site_url` takes the place of the one written there.  Raises Unreadable."""
    try:
        written = yaml.safe_load(config.read_text(encoding="utf-8"))
        name, url = str(written["site_name"]), written.get("site_url")
    except (yaml.YAMLError, ValueError, TypeError, KeyError) as error:
        raise Unreadable("config", f"{config} 读不懂，网站没有生成：{error}。请改正后再运行 make site。") from error
    url = str(url or "") if site_url is None else site_url
    if url and not _URL.fullmatch(url):
        raise Unreadable(
            "site-url",
            f"网站的网址“{url}”不能用，网站没有生成。它应当像 https://example.org/yaodian/ ："
            "以 http:// 或 https:// 开头，没有空格、? 和 #，汉字写成 %E8 这样的编码。",
        )
    return Settings(name, url if url.endswith("/") or not url else f"{url}/")


def generate(root: Path, docs: Path, out: Path, chosen: Settings, means: Means = USUAL) -> Done:
    """Build `docs` strictly into the folder `out`, which is made anew, with the configuration and theme of `root`.

    The bytes are those of one run of the generator over everything.  Raises Refused, with what the generator says, where
    it refuses a shard: `out` is then not whole; Unreadable as `frame` does; OSError.
    """
    found = listed(docs, str((yaml.safe_load((root / "mkdocs.yml").read_bytes()) or {}).get("exclude_docs") or ""))
    common = frame(root, chosen.site_url, found, means.command)
    known = frozenset((*found.pages, *found.files))
    pages = shared(lambda some: [read_page(docs, path, known, common.key) for path in some], found.pages, means.jobs)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    theme = key_of(common.key, tops(found.pages))
    missing, lacks_theme = list(pages), True
    if means.kept:
        missing, lacks_theme = _reused(pages, theme, out, means)
    made = shards(missing, lacks_theme, means.most)
    _rendered(made, common, docs, out, theme, means)
    _copied(docs, found.files, out)
    return Done(len(pages), len(missing))


def _reused(pages: Sequence[Page], theme: str, out: Path, means: Means) -> tuple[list[Page], bool]:
    """Write what is known of the site into `out`; the pages that are not, and whether the theme's files are not."""
    assert means.kept
    with closing(Cache(means.kept)) as cache:
        files = cache.get(THEME, [theme]).get(theme)
        cache.keep_only(PAGE, {page.key for page in pages})
        cache.keep_only(THEME, {theme})
    for path, content in (files or {}).items():
        _write(out / path, content)
    kept = means.kept
    whole = shared(lambda some: _taken(some, out, kept), pages, means.jobs)
    return [page for page, is_whole in zip(pages, whole, strict=True) if not is_whole], files is None


def _taken(pages: Sequence[Page], out: Path, kept: Path) -> list[bool]:
    """Write the pages that are known; whether each is.  One that cannot be read back is made anew."""
    found = []
    with closing(Cache(kept, readonly=True)) as cache:
        for start in range(0, len(pages), _SOME):
            some = pages[start : start + _SOME]
            known = cache.packed(PAGE, (page.key for page in some))
            found += [page.key in known and _unpacked(known[page.key], out / destination(page.path)) for page in some]
    return found


def _unpacked(content: bytes, target: Path) -> bool:
    try:
        _write(target, zlib.decompress(content))
    except (zlib.error, TypeError):
        return False
    return True


def _rendered(made: Sequence[Shard], common: Frame, docs: Path, out: Path, theme: str, means: Means) -> None:
    """Run the generator over the shards, and write what it makes into `out` and the cache."""
    packed = (pack(shard, common, docs, means.command) for shard in made)
    results = (means.run or here(means.jobs))(render, packed)
    for shard, result in zip(made, results, strict=True):
        done = unpack(result)
        if done.refused:
            raise Refused(_told(shard, done.refused))
        keys = {destination(page.path): page.key for page in shard.pages}
        for path, content in done.pages.items():
            _write(out / path, zlib.decompress(content))
        for path, content in done.theme.items():
            _write(out / path, content)
        if means.kept:
            with closing(Cache(means.kept)) as cache:
                cache.put_packed(PAGE, {keys[path]: content for path, content in done.pages.items()})
                if shard.theme:
                    cache.put(THEME, {theme: dict(done.theme)})


def _told(shard: Shard, said: str) -> str:
    """What the generator complains of; its other lines only where it says nothing else."""
    lines = said.splitlines()
    wrong = [line for line in lines if not line.startswith("INFO")] or lines
    return (
        f"网站没有生成：生成器在“{shard.name}”这一批（{len(shard.pages)}页）里发现了问题，原来的网站没有变。"
        "请改正后再运行 make site。\n" + "\n".join(wrong[-_LINES:])
    )


def _copied(docs: Path, files: Iterable[str], out: Path) -> None:
    """The files of `docs` that are no pages, which come before the theme's of the same name."""
    folders: set[Path] = set()
    for path in files:
        target = out / path
        if target.parent not in folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
        shutil.copyfile(docs / path, target)


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)

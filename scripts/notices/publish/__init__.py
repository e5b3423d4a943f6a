"""From docs/ to the site that is put online: the generator, then everything that is done over the pages it made."""

from __future__ import annotations

from pathlib import Path

from .. import addresses, store
from . import redirects
from .archive import write_archive
from .feed import NO_ADDRESS, write_feed
from .gate import check_site
from .generate import Settings, generate, settings
from .headers import write_headers
from .offline import make_offline
from .seal import seal
from .search.index import build_index
from .sitemap import write_sitemap

__all__ = ["NO_ADDRESS", "Settings", "finish", "generate", "make_offline", "settings"]


def finish(site: Path, docs: Path, registry: Path, chosen: Settings) -> list[str]:
    """The steps over a built site, in their order; returns the faults found, in Chinese.

    Raises Unreadable or RegistryError where a step cannot be done.
    """
    name, url = chosen
    entries = store.load(registry)
    published = addresses.known(registry)
    moves = redirects.with_parents(redirects.load(registry), published, site)
    faults = redirects.faults(published, moves, site)
    build_index(site)
    redirects.write_moved(site, moves, name, url)
    write_sitemap(site, entries, url)
    write_feed(site, docs, entries, name, url)
    sealed = seal(site)
    write_headers(site, sealed.inline, moves, url)
    write_archive(docs, site)
    return [*faults, *sealed.faults, *check_site(site)]

"""From docs/ to the site that is put online: the generator, then everything that is done over the pages it made.

The site is made beside the one that is there (`swap.staging`), and takes its place only when it has passed the gate.
"""

from __future__ import annotations

from pathlib import Path

from .. import addresses, store
from ..errors import Refused
from ..writing.swap import clear, recover, staging, swap_in
from . import redirects
from .archive import write_archives
from .feed import NO_ADDRESS, write_feed
from .gate import own_files, site_faults
from .generate import USUAL, Done, Means, Settings, generate, settings
from .headers import write_headers
from .looked import look
from .offline import make_offline
from .seal import together
from .search.index import build_index
from .sitemap import write_sitemap

__all__ = ["NO_ADDRESS", "Done", "Means", "Settings", "finish", "generate", "make", "make_offline", "settings"]


def make(root: Path, docs: Path, registry: Path, out: Path, chosen: Settings, means: Means = USUAL) -> str:
    """Make the site of `docs` and put it in the place of `out` in one step; until then, and if it fails, `out` stays.

    Returns a sentence for the maintainer: how many pages are new, and where files had to be copied one by one, that.
    Raises Refused where the generator refuses, the gate finds faults (the faulty site stays at `staging(out)` to be
    looked at), or `out` is no site; Unreadable or RegistryError as `generate` and `finish` do; OSError.
    """
    out = out.resolve()
    recover(out)
    if out.is_dir() and not (out / "index.html").exists() and any(one.name[0] != "." for one in out.iterdir()):
        raise Refused(f"{out} 里有文件，却不像是生成的网站，没有动它。请用 --out 换一个目录，或先移走里面的文件。")
    made = staging(out)
    try:
        done = generate(root, docs, made, chosen, means)
    except Refused:
        clear(out)
        raise
    faults = finish(made, docs, registry, chosen, means)
    if faults:
        shown = "\n".join(faults[:50]) + (f"\n……共 {len(faults)} 处。" if len(faults) > 50 else "")
        raise Refused(
            f"网站已生成，但检查没有通过，没有换上：原来的网站没有变，没通过的在 {made} 里可以查看。\n{shown}"
        )
    told = f"网页共{done.pages}个，这次生成{done.made}个" + ("，其余没有变化。" if done.made < done.pages else "。")
    return "\n".join(filter(None, (told, swap_in(made, out))))


def finish(site: Path, docs: Path, registry: Path, chosen: Settings, means: Means = USUAL) -> list[str]:
    """The steps over a built site, in their order; returns the faults found, in Chinese.

    Raises Unreadable or RegistryError where a step cannot be done.
    """
    name, url = chosen
    entries = store.load(registry)
    published = addresses.known(registry)
    moves = redirects.with_parents(redirects.load(registry), published, site)
    faults = redirects.faults(published, moves, site)
    build_index(site, means.kept / "search" if means.kept else None, means.jobs)
    redirects.write_moved(site, moves, name, url)
    own = own_files(site, docs)
    pages = look(site, own, means.jobs, means.kept)
    write_sitemap(site, entries, url, shown=[path for path, page in pages.items() if not page.hidden])
    write_feed(site, docs, entries, name, url)
    write_headers(site, together(page.inline for page in pages.values()), moves, url)
    write_archives(docs, site, means.jobs, means.kept)
    unsealed = [f"{path}：{fault}" for path, page in pages.items() for fault in page.unsealed]
    facts = {path: page.facts for path, page in pages.items()}
    return [*faults, *unsealed, *site_faults(site, own, facts, means.jobs)]

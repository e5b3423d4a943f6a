"""The gate over a built site: what was fed in gets out as text, every link resolves, nothing foreign or active is there.

All of it is by list: what is not known to be ours is a fault.  Each page is read once, by itself; only what `Facts` holds
of it stays, and the links are followed when all pages are known.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ...running.parallel import shared
from .facts import Facts, Ids, broken, facts_of, named
from .files import Own, check_files, own_files

__all__ = ["Facts", "check_site", "facts_of", "own_files", "site_faults"]


def check_site(site: Path, docs: Path, jobs: int = 1) -> list[str]:
    """Faults of the site built in `site` from `docs`, in Chinese, each naming file and place; empty when all is well.

    Only a script or a style sheet that stands in `docs`/assets/ as it is counts as ours.
    """
    own = own_files(site, docs)
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    found = shared(lambda some: [facts_of(name, (site / name).read_bytes(), own) for name in some], names, jobs)
    return site_faults(site, own, dict(zip(names, found, strict=True)), jobs)


def site_faults(site: Path, own: Own, facts: Mapping[str, Facts], jobs: int = 1) -> list[str]:
    """As `check_site`, where the `facts` of every page are known, in the order of their paths."""
    faults = [f"{name}：{fault}" for name, page in facts.items() for fault in page.written]
    if not any(page.readable for page in facts.values()):
        return [*faults, f"{site} 里没有任何页面。请先运行 make site。"]
    every = sorted(_everything(site), key=lambda one: one[0].split("/"))
    files, ids = frozenset(name for name, is_file in every if is_file), Ids(facts)
    for name, page in facts.items():
        links = named(name, (site / name).read_bytes(), files, ids) if broken(page, files, ids) else []
        faults += [f"{name}：{fault}" for fault in (*page.marks, *links)]
    return [*faults, *shared(lambda some: check_files(site, some, own), [name for name, _ in every], jobs)]


def _everything(site: Path) -> list[tuple[str, bool]]:
    """Path below the site's root of each file and folder, and whether it is a file."""
    found = []
    for folder, folders, names in os.walk(site):
        below = Path(folder).relative_to(site).as_posix()
        start = "" if below == "." else f"{below}/"
        found += [(start + name, False) for name in folders]
        found += [(start + name, Path(folder, name).is_file()) for name in names]
    return found

"""Which data files there are of a kind: one of everything while it is short, then one a province."""

from __future__ import annotations

from collections.abc import Iterable


def province_of(notice_id: str) -> str:
    """The folder of a notice's data files: the first part of its id, zhejiang or unknown."""
    return notice_id.partition("-")[0]


def by_province(ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Folder → the notices whose data is in it, in the given order; folders sorted."""
    found: dict[str, list[str]] = {}
    for one in ids:
        found.setdefault(province_of(one), []).append(one)
    return {folder: tuple(found[folder]) for folder in sorted(found)}


def inside(path: str, folder: str) -> str:
    """data/zhejiang/tasks.csv for data/tasks.csv."""
    return path.replace("data/", f"data/{folder}/", 1)

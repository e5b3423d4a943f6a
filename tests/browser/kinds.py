"""The page types of the site, from pages.toml, and the ways of looking at them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from browser.conftest import OpenPage


class Kind(NamedTuple):
    """A page type: its name, the page that stands for it, the files of this type, whether it is the 404 page."""

    name: str
    path: str
    covers: str
    missing: bool = False

    def open(self, open_page: OpenPage, **options: Any) -> Page:
        """The page, open in the browser."""
        return open_page(self.path, missing=self.missing, **options)


def load() -> tuple[Kind, ...]:
    """Every type in pages.toml."""
    data = tomllib.loads(Path(__file__).with_name("pages.toml").read_text("utf-8"))
    return tuple(Kind(name, **fields) for name, fields in data.items())


KINDS = load()
each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])

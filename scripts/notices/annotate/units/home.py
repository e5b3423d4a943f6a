"""The place and year of a notice, in whose light the names of its units are read: 市 in 海宁 is 海宁市."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...chars import fold
from ...model import Notice
from ...places import stem

LEVEL = re.compile(r"(?:我|本)?(自治区|开发区|新区|省|市|州|县|区|旗|盟)")


@dataclass(frozen=True, slots=True)
class Home:
    """What a notice says of its own place: names from the province down, code, year, issuer, and all its text."""

    path: tuple[str, ...]
    code: str
    year: int
    issuer: str
    text: str

    @property
    def bare(self) -> tuple[str, ...]:
        """Names of the place and those above it, with and without their kind."""
        return tuple(dict.fromkeys(n for name in self.path for n in (name, stem(name))))

    def place(self, prefix: str, end: str = "") -> str:
        """The place that a printed prefix means, 市 → 海宁市; the prefix itself where that is open."""
        if not self.path:
            return prefix
        for name in reversed(self.path):
            if prefix.endswith((name, stem(name))):
                return name
        if not prefix:
            own = "" if self.code == "100000" else self.path[-1]
            return self.path[0] if end == "厅" and own else own
        level = LEVEL.fullmatch(prefix)
        if not level:
            return prefix
        kind = level[1]
        if kind == "省":  # only a province is meant, never a city that is one
            return self.path[0] if self.path[0].endswith("省") else prefix
        return next((name for name in reversed(self.path) if name.endswith(kind)), prefix)


def home_of(notice: Notice) -> Home:
    """The notice's own place and year, with the text in which full names are looked for."""
    meta = notice.meta
    region = meta.region
    year = meta.year.value or (region.as_of if region else "") or ""
    said = (meta.issuer.value or "", meta.title.value or "", meta.source_name.value or "")
    text = fold("\n".join((*said, *(clause.text for clause in notice.clauses))))
    digits = re.match(r"\d{4}", year)
    return Home(
        region.path if region else (), region.code if region else "", int(digits[0]) if digits else 0, said[0], text
    )

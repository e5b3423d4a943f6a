"""The way down to a notice: 浙江省, 嘉兴市, 海宁市, 2021年, each with its part of the address.

Addresses come from the division table alone and not from the notices there are, so that a new notice moves no page:
the place's pinyin where no other place under the same one has it, otherwise its code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .entries import UNDATED, UNPLACED
from .tree import Step

OWN = "本级"
_YEAR = re.compile("[0-9]{4}")

Steps = tuple[Step, ...]


class Places:
    """The way down to every place that is asked for."""

    def __init__(self, divisions: Mapping[str, tuple[Any, ...]]) -> None:
        """`divisions`: code → name, slug, …, as in rules/divisions.toml."""
        self.rows = {code: (str(row[0]), str(row[1])) for code, row in divisions.items() if "~" not in code}
        self.twins = Counter((self._above(code), slug) for code, (_, slug) in self.rows.items())
        self.known: dict[str, Steps] = {}

    def way(self, code: str, names: Sequence[str] = ()) -> Steps:
        """The way to the place `code` ("" for none): its province, prefecture and county.

        What a province or a prefecture issued itself stands beside the places below it.  `names`, from the province
        down, serve for places that the table does not know.
        """
        if code not in self.known:
            self.known[code] = tuple(self._way(code, names))
        return self.known[code]

    def _way(self, code: str, names: Sequence[str]) -> Iterator[Step]:
        if not code:
            yield Step("unknown", UNPLACED, "pno", "~")
            return
        chain = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
        known = [one for one in chain if one in self.rows or one == code or one.endswith("0000")]
        for place, one in enumerate(known):
            name = self.rows[one][0] if one in self.rows else names[place] if place < len(names) else one
            yield Step(self._slug(one), name, f"r{one}" if place else f"p{one[:2]}", one)
        if code.endswith("00"):
            yield Step("own", OWN, f"r{code}", "")

    def _slug(self, code: str) -> str:
        slug = self.rows.get(code, ("", ""))[1]
        return slug if slug and self.twins[self._above(code), slug] == 1 else code

    def _above(self, code: str) -> str:
        """The code of the place that `code` lies in; "" for a province."""
        if code.endswith("0000"):
            return ""
        prefecture = f"{code[:4]}00"
        return prefecture if prefecture != code and prefecture in self.rows else f"{code[:2]}0000"


def year_step(year: str) -> Step:
    """The step to a year; the newest stands first."""
    if not _YEAR.fullmatch(year):
        return Step("undated", UNDATED, "ynone", "~")
    return Step(year, f"{year}年", f"y{year}", f"{9999 - int(year):04}")

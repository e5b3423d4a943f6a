"""Notices made for measuring: as many as wanted, all different, the same bytes for the same seed.

    python benchmarks/corpus.py FOLDER COUNT [--seed S]

In: the division table (rules/divisions.toml), the phrases in benchmarks/phrases/ and the sentences of the notices in raw/.
Out: COUNT files in FOLDER, half of them text, half web pages in the mark-up of several content systems, one in eight in
GB18030.  Notice k does not depend on COUNT, so a larger corpus holds the smaller one.  Nine places in ten are counties;
a place publishes in a field for one to eight years running, and from one year to the next four tasks in ten are worded anew,
the others come back with other figures.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from pages import ALL, Template, dressed
from plan import Plan, lines_of, planned
from wording import Field, Grammar, grammar

ROOT = Path(__file__).resolve().parent.parent
FIRST, LAST = 2012, 2026  # years of the notices
LONGEST = 8  # years that a place goes on publishing in a field
#: Out of a hundred series, how many are of provinces and of prefectures; the others are of counties and districts.
PROVINCES, PREFECTURES = 1, 9
WITHOUT = ("71", "81", "82")  # provinces that publish no plans of this kind
PAGES, GB18030 = 0.5, 0.125  # shares of web pages, and of files in the older encoding
#: Templates left out hold a second copy of the text, or take the notice apart, which a person is asked about.
LEFT_OUT = frozenset(("elder_copy", "comment_form", "char_spans", "nested_tables"))
TEMPLATES = tuple(template for template in ALL if template.name not in LEFT_OUT)
CHARSET = re.compile(r"charset=([\"']?)utf-8", re.IGNORECASE)


class Made(NamedTuple):
    """One made notice: file name, text of the file, its encoding, and what it is."""

    name: str
    text: str
    encoding: str
    plan: Plan

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode(self.encoding)


class Place(NamedTuple):
    """A place of the division table: code, printed name, the name with that of the city above it, that city."""

    code: str
    name: str
    full: str
    above: str


@dataclass(frozen=True, slots=True)
class World:
    """The places by level, and the phrases."""

    provinces: tuple[Place, ...]
    prefectures: tuple[Place, ...]
    counties: tuple[Place, ...]
    rules: Grammar


@cache
def world() -> World:
    """The world the notices are of.  Places that came or went between FIRST and LAST are left out."""
    table = tomllib.loads((ROOT / "rules" / "divisions.toml").read_text(encoding="utf-8"))["divisions"]
    lasting = {
        code: entry[0]
        for code, entry in table.items()
        if code.isdigit() and code != "100000" and code[:2] not in WITHOUT and not any(entry[3:]) and _old(entry)
    }
    places = [_place(code, name, lasting) for code, name in lasting.items()]
    return World(
        tuple(p for p in places if p.code.endswith("0000")),
        tuple(p for p in places if p.code.endswith("00") and not p.code.endswith("0000")),
        tuple(p for p in places if not p.code.endswith("00")),
        grammar(ROOT / "raw"),
    )


def _old(entry: Sequence[str | int]) -> bool:
    return len(entry) < 3 or int(entry[2]) <= FIRST


def _place(code: str, name: str, table: dict[str, str]) -> Place:
    """Districts are printed behind their city, and so is a county whose name another place has too."""
    above = table.get(code[:4] + "00") or table.get(code[:2] + "0000", "")
    alike = sum(other == name for other in table.values()) > 1
    full = above + name if not code.endswith("00") and (name.endswith("区") or alike) and above != name else name
    return Place(code, name, full, above)


def notices(seed: int = 1) -> Iterator[Made]:
    """The notices of a seed, one after the other, until the places run out (some 55,000)."""
    here, number = world(), 0
    draw = Random(f"{seed}")
    seen: set[tuple[str, str]] = set()
    weights = [field.weight for field in here.rules.fields]
    while True:
        level = draw.random() * 100
        places = here.counties if level >= PROVINCES + PREFECTURES else here.prefectures
        place = draw.choice(here.provinces if level < PROVINCES else places)
        field = draw.choices(here.rules.fields, weights)[0]
        years = draw.randint(1, LONGEST)
        since = draw.randint(FIRST, LAST + 1 - years)
        if (place.code, field.name) in seen:
            if len(seen) >= len(here.counties) * len(here.rules.fields):
                return
            continue
        seen.add((place.code, field.name))
        for year in range(since, since + years):
            yield _made(number, place, field, year, seed, here)
            number += 1


def _made(number: int, place: Place, field: Field, year: int, seed: int, here: World) -> Made:
    """Notice `number`: what stays the same over the years is drawn by place and field, the rest by the year too."""
    steady = Random(f"{seed}/{place.code}/{field.name}")
    page, encoding = steady.random() < PAGES, "gb18030" if steady.random() < GB18030 else "utf-8"
    template: Template = steady.choice(TEMPLATES)
    plan = planned(place.code, place.name, place.full, place.above, field, year, steady, f"{seed}", here.rules)
    lines = lines_of(plan)
    stem = f"{number:06d}_{place.code}_{year}"
    if not page:
        return Made(f"{stem}.txt", "\n".join([*lines, ""]), encoding, plan)
    head = plan.heading
    body = lines[1:] if lines[0] == head else lines
    facts = _facts(plan, Random(f"{seed}/{place.code}/{field.name}/{year}/page"))
    text = dressed(template, body, head, Random(f"{seed}/{number}"), facts).replace("\r\n", "\n")
    text = CHARSET.sub(r"charset=\1gb2312" if encoding != "utf-8" else r"charset=\1utf-8", text)
    return Made(f"{stem}.html", text, encoding, plan)


def _facts(plan: Plan, draw: Random) -> dict[str, str]:
    """What the web page says about its notice, by the names of the placeholders in templates/."""
    issued = plan.issued
    return {
        "place": plan.place,
        "host": f"www.{plan.code}.example",
        "issuer": plan.issuer,
        "year": str(issued.year),
        "date": issued.isoformat(),
        "time": f"{draw.randrange(8, 18):02}:{draw.randrange(60):02}",
        "number": plan.number,
        "hits": str(draw.randrange(40, 9000)),
        "index": f"{draw.randrange(10**8, 10**9)}/{issued.year}-{draw.randrange(10**5):05}",
        "icp": f"某ICP备{draw.randrange(10**7, 10**8)}号-1",
        "police": f"某公网安备 {draw.randrange(10**13, 10**14)}号",
        "code": f"{plan.code}{draw.randrange(10**4):04}",
        "id": str(draw.randrange(10**6, 10**7)),
        "column": draw.choice(("规划计划", "通知公告", "政策文件")),
    }


def write(folder: Path, count: int, seed: int = 1, since: int = 0) -> None:
    """Write notices `since` to `count` - 1 into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for made in islice(notices(seed), since, count):
        (folder / made.name).write_bytes(made.data)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make notices for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.folder, options.count, options.seed)


if __name__ == "__main__":
    main()

"""Notices made for measuring: as many as wanted, of different places and years, each of about 25 tasks.

    python benchmarks/corpus.py FOLDER COUNT [--seeds DIR]

In: a directory of notices as .txt files.  Out: COUNT text files in FOLDER, the same for the same seeds and COUNT.
Tasks are put together from the seeds' own sentences, so that numbers, units, dates and citations stand in them as in real
plans; one Han character in twelve is replaced, so that tasks are no copies.  They are denser in relatives than real plans.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from notices.model import Clause  # noqa: E402
from notices.pipeline import to_notice  # noqa: E402
from notices.places import rows  # noqa: E402
from notices.read.document import load  # noqa: E402
from notices.rules import load as load_rules  # noqa: E402

SECTIONS, TASKS = "一二三四五", 5  # sections of a notice, tasks of a section
FIRST_YEAR, YEARS = 2012, 12
#: What replaces a character: everyday ones, since a text full of rare ones is taken for the work of a machine.
EVERYDAY = (
    "的一是在有工作发展全面建设推进加强实施管理服务国中人大为以上"
    "年市区县会关于要点各项目标开展落实提高完成组织健康教育生产安全环境文化"
)
SENTENCE = re.compile("(?<=[。；])")
KEPT = re.compile(r"[（(《“][^）)》”]*[）)》”]|\d+[^，。；]{0,6}|[^，。；]{0,8}(?:局|委|办|中心|医院|部门|单位|政府)")


def texts(seeds: Path, count: int) -> Iterator[tuple[str, str]]:
    """File name and text of `count` notices."""
    rules = load_rules(ROOT / "rules")
    notices = [to_notice(load(path, path.name, rules), rules) for path in sorted(seeds.glob("*.txt"))]
    tasks = [clause for notice in notices for clause in notice.clauses if clause.task and clause.title]
    slots = [clause for notice in notices for clause in notice.clauses if clause.anchor == "preamble"]
    openings = [paragraph.text for clause in slots for paragraph in clause.paragraphs if len(paragraph.text) > 60]
    counties = (d for d in rows(rules.divisions) if not (d.since or d.until or d.code.endswith("00")))
    places = [division.name for division in counties if division.name.endswith(("县", "市"))]
    draw = random.Random(f"{count}")
    for number in range(count):
        place, year = places[number * 37 % len(places)], FIRST_YEAR + number * 37 // len(places) % YEARS
        yield f"{number:06d}.txt", _text(place, year, tasks, openings, draw)


def _text(place: str, year: int, tasks: Sequence[Clause], openings: Sequence[str], draw: random.Random) -> str:
    lines = [f"{year}年{place}卫生健康工作要点", f"{year}年，{_altered(draw.choice(openings), draw)}"]
    number = 0
    chosen = draw.sample(list(tasks), len(SECTIONS) * TASKS)
    for section in SECTIONS:
        lines.append(f"{section}、{_altered(draw.choice(tasks).title, draw)}")
        for clause in chosen[number : number + TASKS]:
            number += 1
            body = [*_some(clause.text[len(clause.title) + 1 :], draw, 2), *_some(draw.choice(tasks).text, draw, 4)]
            lines.append(f"{number}.{_altered(clause.title, draw)}。{_altered(''.join(body), draw)}")
    return "\n".join([*lines, f"{place}卫生健康局", f"{year}年{draw.randrange(1, 5)}月{draw.randrange(1, 28)}日", ""])


def _some(text: str, draw: random.Random, part: int) -> list[str]:
    """About `part` - 1 of `part` sentences of a text, in their order, at least one."""
    found = [s for s in SENTENCE.split(text.replace("\n", "")) if s.endswith("。")]
    kept = [s for s in found if draw.random() < (part - 1) / part] if part == 2 else found[: max(1, len(found) // part)]
    return kept or found[:1]


def _altered(text: str, draw: random.Random) -> str:
    """One Han character in twelve replaced, outside figures, names in brackets, and units."""
    kept = {at for found in KEPT.finditer(text) for at in range(*found.span())}
    return "".join(
        draw.choice(EVERYDAY) if at not in kept and "一" < c <= "龥" and draw.random() < 1 / 12 else c
        for at, c in enumerate(text)
    )


def write(folder: Path, count: int, seeds: Path = ROOT / "raw") -> None:
    """Write the notices into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(seeds, count):
        (folder / name).write_text(text, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make notices for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seeds", type=Path, default=ROOT / "raw")
    options = parser.parse_args()
    write(options.folder, options.count, options.seeds)


if __name__ == "__main__":
    main()

"""Which notices go into which bundle: all into one while they are few, else one bundle a province, large ones in parts.

Nothing here holds a text: a data file is read when it is new or has changed, and what is needed of it is remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ...emit.files.division import province_of
from .notice import data_files, read_data, region_of

#: Up to this many notices there is one bundle; a search in it costs its reader least.
FEW = 300
#: Characters of text in one run of the indexer, which takes about 0.23 kB for each: 2 million make 0.5 GB.
MOST = 2_000_000
UNKNOWN, NOWHERE = "unknown", "地区未载明"
WHOLE = "全国"
_SEEN = "records.json"


class Record(NamedTuple):
    """What is known of a data file: `digest` of its bytes, code and name of its province, characters of its clauses."""

    id: str
    digest: str
    code: str
    province: str
    characters: int


class Part(NamedTuple):
    """What one run of the indexer takes: `folder` is its place under pagefind/ ("" or "zhejiang/" or "zhejiang/2/")."""

    folder: str
    records: tuple[Record, ...]


class Bundle(NamedTuple):
    """What the reader chooses among; `slug` is "" where it is the only one."""

    slug: str
    name: str
    parts: tuple[Part, ...]

    @property
    def notices(self) -> int:
        """How many it holds."""
        return sum(len(part.records) for part in self.parts)


def list_records(site: Path, work: Path) -> list[Record]:
    """A record a data file of `site`, in the order of the ids; what `work` remembers of unchanged files is not read again.

    Raises Unreadable where there is no data file, or one that cannot be read.
    """
    known = _remembered(work / _SEEN)
    records = []
    for path in data_files(site):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        records.append(known.get((path.stem, digest)) or _record(path, content, digest))
    work.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (work / _SEEN).write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return records


def bundles(records: Iterable[Record], few: int = FEW, most: int = MOST) -> list[Bundle]:
    """The bundles of these records, in the order of the provinces' codes, those of no known province last."""
    whole = sorted(records)
    if len(whole) <= few and sum(record.characters for record in whole) <= most:
        return [Bundle("", WHOLE, (Part("", tuple(whole)),))]
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in whole:
        groups[province_of(record.id)].append(record)
    found = [_bundle(slug, own, most) for slug, own in groups.items()]
    return [bundle for _, bundle in sorted(found, key=lambda one: (one[0], one[1].slug))]


def _bundle(slug: str, records: list[Record], most: int) -> tuple[str, Bundle]:
    """The bundle of a province, and its code, "~" where none is known; what most of the notices say counts."""
    named = Counter((record.code, record.province) for record in records if record.code and slug != UNKNOWN)
    ((code, name), _), *_ = named.most_common(1) or [(("~", NOWHERE), 0)]
    return code, Bundle(slug, name, _parts(f"{slug}/", records, most))


def _parts(folder: str, records: list[Record], most: int) -> tuple[Part, ...]:
    """Two parts, four, eight …: a notice keeps its part while others come, since the part follows from its id alone."""
    count = 1
    while sum(record.characters for record in records) > most * count:
        count *= 2
    if count == 1:
        return (Part(folder, tuple(records)),)
    shares: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        shares[int(hashlib.sha256(record.id.encode()).hexdigest(), 16) % count].append(record)
    return tuple(Part(f"{folder}{number + 1}/", tuple(shares[number])) for number in sorted(shares))


def _record(path: Path, content: bytes, digest: str) -> Record:
    data = read_data(path, content)
    code, names = region_of(data)
    return Record(path.stem, digest, code[:2], names[0] if names else "", sum(len(c["text"]) for c in data["clauses"]))


def _remembered(path: Path) -> dict[tuple[str, str], Record]:
    """What the last run found; nothing where there was none, or the file is none of ours."""
    try:
        rows = [Record(*row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return {}
    return {(row.id, row.digest): row for row in rows}

"""What a notice's page and the data page tell machines: <meta> names of 国办发〔2017〕47号, and JSON-LD by schema.org.

Only what is known is said: a field that the source does not print is absent.  Addresses are relative to the page,
which JSON-LD allows, so that they hold wherever the site is hosted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..model import Clause, Notice, Region
from .catalogue import Catalogue
from .files.csv_files import TABLES
from .files.division import by_province
from .view import UNTITLED, clause_name

COLUMN = "工作要点"
KEYWORDS = 8
RIGHTS = "about/#rights"  # below the site's root: why the texts are free to use
#: The data files that are no tables: path below data/, name, media type.
FILES = (
    ("corpus.jsonl", "语料：一个条款一行 JSON，带全部标注", "application/jsonl"),
    ("notice.schema.json", "一份通知的数据的格式", "application/schema+json"),
    ("yaodian-data.zip", "全部数据", "application/zip"),
)
_ESCAPES = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}

Data = dict[str, Any]


def names(notice: Notice) -> dict[str, str]:
    """<meta name> → content.  SiteIDCode is never among them: it is given to government sites, which this is not.

    SiteName and Url are the theme's to print: they are known when the site is generated.
    """
    meta = notice.meta
    found = {
        "ColumnName": COLUMN,
        "ArticleTitle": meta.title.value,
        "PubDate": meta.published.value,  # of the original, as far as it is printed
        "ContentSource": meta.source_name.value or meta.issuer.value,
        "Author": meta.issuer.value,
        "Keywords": ",".join(keywords(notice)),
        "Description": "，".join(v for v in (meta.issuer.value, meta.doc_number.value, meta.issued.value) if v),
    }
    return {name: value for name, value in found.items() if value}


def keywords(notice: Notice) -> list[str]:
    """The topics of the notice, those of most clauses first."""
    times = Counter(str(span.get("name")) for span in notice.spans if span.kind == "topic" and span.get("name"))
    return [name for name, _ in sorted(times.items(), key=lambda item: (-item[1], item[0]))[:KEYWORDS]]


def legislation(notice: Notice) -> str:
    """JSON-LD of a notice's page: schema.org Legislation, its numbered clauses as parts.  Safe inside <script>."""
    meta, source = notice.meta, notice.document.source
    region = meta.region
    linked = source.url if source.url and source.url.startswith(("http://", "https://")) else None
    return script(
        {
            "@context": "https://schema.org",
            "@type": "Legislation",
            "@id": "#notice",
            "url": "./",
            "name": meta.title.value or UNTITLED,
            "alternateName": meta.notice_title.value,
            "legislationType": COLUMN,
            "legislationIdentifier": meta.doc_number.value,
            "legislationDate": meta.issued.value,
            "legislationPassedBy": {"@type": "Organization", "name": meta.issuer.value} if meta.issuer.value else None,
            "legislationJurisdiction": area(region) if region else None,
            "spatialCoverage": area(region) if region else None,
            "temporalCoverage": meta.year.value,
            "datePublished": meta.published.value,
            "inLanguage": "zh-CN",
            "keywords": keywords(notice),
            "isBasedOn": linked,
            "isAccessibleForFree": True,
            "license": f"../../{RIGHTS}",
            "isPartOf": {"@type": "WebSite", "url": "../../"},
            # The text here is a copy and has no legal force of its own.
            "encoding": {
                "@type": "LegislationObject",
                "legislationLegalValue": "https://schema.org/UnofficialLegalValue",
                "encodingFormat": "application/json",
                "contentUrl": f"../../data/notices/{notice.id}.json",
            },
            "hasPart": list(_parts(notice.clauses)),
        }
    )


def _parts(clauses: tuple[Clause, ...]) -> Iterator[Data]:
    numbered = (clause for clause in clauses if clause.style)
    for position, clause in enumerate(numbered, 1):
        yield {
            "@type": "Legislation",
            "@id": f"#{clause.anchor}",
            "url": f"#{clause.anchor}",
            "name": clause_name(clause, limit=60),
            "position": position,
        }


def area(region: Region) -> Data:
    """A place with its GB/T 2260 code, inside the places above it."""
    above = {"@type": "AdministrativeArea", "name": "".join(region.path[:-1])} if len(region.path) > 1 else None
    return {
        "@type": "AdministrativeArea",
        "name": region.path[-1],
        "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": region.code},
        "containedInPlace": above,
    }


def dataset(catalogue: Catalogue) -> str:
    """JSON-LD of the page data/: schema.org Dataset with its files.  Safe inside <script>."""
    cards = catalogue.cards.values()
    years = sorted({card.year for card in cards if card.year})
    provinces = sorted({card.region.path[0] for card in cards if card.region})
    files = list(_files(catalogue))
    return script(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": "#dataset",
            "url": "./",
            "name": "地方政府工作要点：任务、指标、责任单位和引用文件",
            "description": f"{len(cards)}份地方政府和部门年度工作要点的全部条款，逐条标注，每条有永久网址。",
            "inLanguage": "zh-CN",
            "isAccessibleForFree": True,
            "license": f"../{RIGHTS}",
            "keywords": [COLUMN, "政府公文", "量化指标", "责任单位"],
            "temporalCoverage": "/".join((years[0], years[-1])) if len(years) > 1 else "".join(years),
            "spatialCoverage": [{"@type": "AdministrativeArea", "name": name} for name in provinces],
            "distribution": [
                {"@type": "DataDownload", "name": name, "encodingFormat": media, "contentUrl": path}
                for path, name, media in files
            ],
        }
    )


def _files(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Path below data/, name and media type of every file; above `limits.notices` notices, the archive of each province."""
    tables = [(table.path.removeprefix("data/"), f"{table.name}：{table.about}", "text/csv") for table in TABLES]
    _, schema, archive = FILES
    if len(catalogue.cards) <= catalogue.limits.notices:
        yield from (*tables, *FILES)
        return
    for folder in by_province(catalogue.cards):
        yield archive_of(folder), f"{folder} 的全部数据", archive[2]
    yield schema


def archive_of(folder: str) -> str:
    """The archive of a province's data, below data/."""
    return f"yaodian-data-{folder}.zip"


def script(data: Data) -> str:
    """`data` without what is unknown, as JSON that no HTML parser can read an end tag or an entity in."""
    known = _known(data)
    text = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for char, escaped in _ESCAPES.items():  # str.translate takes ten times as long over Chinese
        text = text.replace(char, escaped)
    return text


def _known(value: Any) -> Any:
    """The same without null, "" and empty lists."""
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items() if one not in (None, "", [])}
    return [_known(one) for one in value] if isinstance(value, list) else value

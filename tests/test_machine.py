"""What machines are told: <meta> names, JSON-LD and llms.txt.  Only what is known, in words of the standards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from notices.emit.files.llms import MOST
from notices.emit.machine import dataset, legislation, names, script
from notices.model import Field, Meta, Notice
from notices.registry import enroll
from small import Small, small
from support import SEEDS, case_sources, notice_of, rules

#: The schema.org types in use and their properties: what a value is.  A name is a type; text, url, date, int and bool are plain.
SHAPES: dict[str, dict[str, str]] = {
    "Legislation": {
        "name": "text",
        "alternateName": "text",
        "url": "url",
        "position": "int",
        "legislationType": "text",
        "legislationIdentifier": "text",
        "legislationDate": "date",
        "legislationPassedBy": "Organization",
        "legislationJurisdiction": "AdministrativeArea",
        "spatialCoverage": "AdministrativeArea",
        "temporalCoverage": "text",
        "datePublished": "date",
        "inLanguage": "text",
        "keywords": "text",
        "isBasedOn": "url",
        "isAccessibleForFree": "bool",
        "license": "url",
        "isPartOf": "WebSite",
        "encoding": "LegislationObject",
        "hasPart": "Legislation",
    },
    "LegislationObject": {"legislationLegalValue": "url", "encodingFormat": "text", "contentUrl": "url"},
    "Organization": {"name": "text"},
    "WebSite": {"url": "url"},
    "AdministrativeArea": {"name": "text", "identifier": "PropertyValue", "containedInPlace": "AdministrativeArea"},
    "PropertyValue": {"propertyID": "text", "value": "text"},
    "Dataset": {
        "name": "text",
        "description": "text",
        "url": "url",
        "inLanguage": "text",
        "isAccessibleForFree": "bool",
        "license": "url",
        "keywords": "text",
        "temporalCoverage": "text",
        "spatialCoverage": "AdministrativeArea",
        "distribution": "DataDownload",
    },
    "DataDownload": {"name": "text", "encodingFormat": "text", "contentUrl": "url"},
}
PLAIN: dict[str, Any] = {
    "text": lambda v: isinstance(v, str) and v.strip() != "",
    "url": lambda v: isinstance(v, str) and re.fullmatch(r"[!-~]+", v) is not None,
    "date": lambda v: isinstance(v, str) and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", v) is not None,
    "int": lambda v: type(v) is int and v > 0,
    "bool": lambda v: type(v) is bool,
}


def wrong(node: Any, where: str = "") -> Iterator[str]:
    """What of a JSON-LD node the table above does not allow."""
    if not isinstance(node, dict) or node.get("@type") not in SHAPES:
        yield f"{where}: {node}"
        return
    for key, value in node.items():
        if key.startswith("@"):
            continue
        kind = SHAPES[node["@type"]].get(key)
        for one in value if isinstance(value, list) else [value]:
            if kind in PLAIN:
                if not PLAIN[kind](one):
                    yield f"{where}/{key}: {one!r} is no {kind}"
            elif kind is None:
                yield f"{where}/{key}: unknown"
            else:
                yield from wrong(one, f"{where}/{key}")
                if one.get("@type") != kind:
                    yield f"{where}/{key}: {one.get('@type')} for {kind}"


def tree_of(path: Path) -> html.HtmlElement:
    return html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()


@cache
def notices() -> tuple[Notice, ...]:
    return tuple(enroll([notice_of(path) for path in SEEDS], {})[0])


def seed(identity: str) -> Notice:
    return next(notice for notice in notices() if notice.id == identity)


def of(*found: Notice) -> Small:
    return small(found)


def test_the_names_of_a_page_say_what_the_notice_says() -> None:
    assert names(seed("zhejiang-2020")) == {
        "ColumnName": "工作要点",
        "ArticleTitle": "2020年全省卫生健康工作要点",
        "PubDate": "2020-03-26",
        "ContentSource": "省卫生健康委办公室",
        "Author": "浙江省卫生健康委",
        "Keywords": names(seed("zhejiang-2020"))["Keywords"],
        "Description": "浙江省卫生健康委，浙卫发〔2020〕11号，2020-03-26",
    }
    topics = names(seed("zhejiang-2020"))["Keywords"].split(",")
    known = {topic["name"] for topic in rules().tables["topics"]["topic"]}
    assert 1 < len(topics) == len(set(topics))
    assert set(topics) <= known


def test_what_a_notice_does_not_say_is_not_said() -> None:
    silent = replace(seed("zhejiang-2020"), meta=Meta(title=Field("要点")), spans=())
    assert names(silent) == {"ColumnName": "工作要点", "ArticleTitle": "要点"}
    data = json.loads(legislation(silent))
    for key in ("legislationIdentifier", "legislationDate", "legislationPassedBy", "datePublished", "spatialCoverage"):
        assert key not in data
    assert not list(wrong(data))


def test_no_page_claims_to_be_a_government_site() -> None:
    for path in (*SEEDS, *case_sources()):
        assert "SiteIDCode" not in names(notice_of(path))


@pytest.mark.parametrize("path", [*SEEDS, *case_sources()], ids=lambda path: path.stem)
def test_json_ld_of_a_notice_is_schema_org(path: Path) -> None:
    data = json.loads(legislation(notice_of(path)))
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Legislation")
    assert list(wrong(data)) == []


def test_the_law_terms_are_those_of_the_notice() -> None:
    data = json.loads(legislation(seed("zhejiang-haining-2021")))
    assert data["name"] == "2021年健康海宁建设工作要点"
    assert data["legislationDate"] == "2021-11-19"
    assert data["datePublished"] == "2022-05-11"
    assert "legislationIdentifier" not in data
    assert data["legislationJurisdiction"] == {
        "@type": "AdministrativeArea",
        "name": "海宁市",
        "identifier": {"@type": "PropertyValue", "propertyID": "GB/T 2260", "value": "330481"},
        "containedInPlace": {"@type": "AdministrativeArea", "name": "浙江省嘉兴市"},
    }
    assert data["encoding"]["legislationLegalValue"].endswith("/UnofficialLegalValue")


def test_each_numbered_clause_is_a_part_with_its_address() -> None:
    for notice in notices():
        parts = json.loads(legislation(notice))["hasPart"]
        numbered = [clause for clause in notice.clauses if clause.style]
        assert [part["url"] for part in parts] == [f"#{clause.anchor}" for clause in numbered]
        assert [part["position"] for part in parts] == list(range(1, len(parts) + 1))
        assert all(part["name"].startswith(clause.label) for part, clause in zip(parts, numbered, strict=True))


def test_json_ld_cannot_end_its_script_element() -> None:
    nasty = "</script><!-- & \u2028\u2029 ]]> \x00\x1f \ud7ff"
    out = script({"name": nasty, "nothing": None, "none": [], "blank": "", "zero": 0, "no": False})
    assert not re.search("[<>&\u2028\u2029\x00\x1f]", out)
    assert json.loads(out) == {"name": nasty, "zero": 0, "no": False}


def test_the_dataset_says_where_and_when(site: Path) -> None:
    data = json.loads(dataset(of(*notices()).catalogue))
    assert list(wrong(data)) == []
    assert data["temporalCoverage"] == "2019/2023"
    assert [place["name"] for place in data["spatialCoverage"]] == ["上海市", "山东省", "浙江省"]
    for file in data["distribution"]:
        assert (site / "data" / file["contentUrl"]).is_file(), file
    assert (site / "about/index.html").is_file()
    one = json.loads(dataset(of(seed("zhejiang-2020")).catalogue))
    assert one["temporalCoverage"] == "2020"
    assert list(wrong(json.loads(dataset(of().catalogue)))) == []


def test_the_built_pages_carry_them(site: Path) -> None:
    """One block of JSON-LD on each notice's page and on the data page, whole after the generator; names as given."""
    pages = [site / "data/index.html", *sorted(site.glob("notices/*/index.html"))]
    told = 0
    for path in pages:
        text = path.read_text("utf-8")
        root = tree_of(path)
        blocks = [e.text_content() for e in root.iter("script") if e.get("type") == "application/ld+json"]
        assert "SiteIDCode" not in text
        assert len(blocks) <= 1
        for block in blocks:
            told += 1
            data = json.loads(block)
            assert list(wrong(data)) == []
            ids = {e.get("id") for e in root.iter() if isinstance(e.tag, str)}
            assert {part["url"][1:] for part in data.get("hasPart", [])} <= ids
    assert told == 1 + len(list(site.glob("data/notices/*.json")))
    home = tree_of(site / "notices/zhejiang-2020/index.html")
    metas = {e.get("name"): e.get("content") for e in home.iter("meta") if e.get("name")}
    assert names(seed("zhejiang-2020")).items() <= metas.items()
    assert metas["SiteName"] == "要点"


_LINK = re.compile(r"\]\(([^)]+)\)")


def test_llms_txt_leads_to_everything(site: Path) -> None:
    text = (site / "llms.txt").read_text("utf-8")
    lines = text.splitlines()
    assert lines[0].startswith("# ")
    assert lines[2].startswith("> ")
    links = _LINK.findall(text)
    for link in links:
        target = site / (f"{link}index.html" if link.endswith("/") else link)
        assert target.is_file(), link
    listed = {link for link in links if link.startswith("data/notices/")}
    assert listed == {path.relative_to(site).as_posix() for path in site.glob("data/notices/*.json")}
    for section in text.split("\n## ")[1:]:
        assert section.count("\n") > 1


def test_llms_txt_stays_short_when_there_are_many() -> None:
    many = tuple(replace(seed("zhejiang-2020"), id=f"zhejiang-{1000 + n}") for n in range(MOST + 1))
    text = Small(many).outputs["llms.txt"].decode()
    assert len(text) < 5_000
    assert f"{MOST + 1}份通知" in text


def test_a_title_opens_no_markup_in_llms_txt() -> None:
    meta = replace(seed("zhejiang-2020").meta, title=Field("[x](javascript:alert(1)) `a` <b>\n# 标题"))
    text = of(replace(seed("zhejiang-2020"), meta=meta)).outputs["llms.txt"].decode()
    assert "](javascript" not in text.replace("\\]", "")
    assert "\n# 标题" not in text

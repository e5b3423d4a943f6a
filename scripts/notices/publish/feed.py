"""feed.xml (Atom, RFC 4287): the notices that are new or have changed, newest first.

Its days are those of the registry: when a build first saw a notice, and when it saw another text of it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from ..emit.view import UNTITLED, day
from ..store import Entry
from ..writing.files import read_json

SPACE = "http://www.w3.org/2005/Atom"
NEWEST = 50
#: Ids are made from a notice's id alone, so that they stay when the site moves.  Never to be changed.
NAMESPACE = uuid.UUID("6f0f2c53-7a53-5d3c-9b0a-2f6f5f1f7a41")
NEVER = "1970-01-01"  # the day of a feed that has nothing to tell yet
NO_ADDRESS = "mkdocs.yml 里没有填 site_url，所以没有生成订阅（feed.xml）和网站地图（sitemap.xml）。"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def write_feed(site: Path, docs: Path, entries: Mapping[str, Entry], site_name: str, site_url: str) -> Path | None:
    """feed.xml below `site`; None where `site_url` is "", since a feed holds full addresses only (say NO_ADDRESS)."""
    if not site_url:
        return None
    told = [entry for entry in entries.values() if entry.changed and not entry.withdrawn]
    told.sort(key=lambda entry: entry.id)
    told.sort(key=lambda entry: entry.changed, reverse=True)
    feed = ET.Element("feed", {"xmlns": SPACE, "xml:lang": "zh-CN"})
    _add(feed, "id", _identity("feed"))
    _add(feed, "title", f"{site_name}：新收录和有改动的通知")
    _add(feed, "updated", _moment(told[0].changed if told else NEVER))
    _add(ET.SubElement(feed, "author"), "name", site_name)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{site_url}feed.xml")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=site_url)
    for entry in told[:NEWEST]:
        _entry(feed, entry, docs, site_url)
    ET.indent(feed, " ")
    target = site / "feed.xml"
    target.write_bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n")
    return target


def _entry(feed: ET.Element, entry: Entry, docs: Path, site_url: str) -> None:
    """One notice, with its fields as they are published: people may have corrected what the registry recognises it by."""
    shown = read_json(docs / "data" / "notices" / f"{entry.id}.json", {})
    issuer = shown.get("issuer") or entry.issuer
    news = "新收录" if entry.changed == entry.first_published else "文字有改动"
    facts = (issuer, shown.get("doc_number") or entry.doc_number, _dated(shown.get("issued") or entry.issued))
    tasks = f"共{entry.tasks}项任务" if entry.tasks else ""
    says = "，".join(fact for fact in (*facts, tasks) if fact)
    one = ET.SubElement(feed, "entry")
    _add(one, "id", _identity(f"notice/{entry.id}"))
    _add(one, "title", shown.get("title") or entry.title or UNTITLED)
    _add(one, "updated", _moment(entry.changed))
    _add(one, "published", _moment(entry.first_published))
    if issuer:
        _add(ET.SubElement(one, "author"), "name", issuer)
    ET.SubElement(one, "link", rel="alternate", type="text/html", href=f"{site_url}notices/{quote(entry.id)}/")
    _add(one, "summary", f"{news}。{says}。" if says else f"{news}。")


def _dated(issued: str) -> str:
    return f"{day(issued)}成文" if issued else ""


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _CONTROL.sub("", text)


def _identity(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


def _moment(of_day: str) -> str:
    """A day as RFC 3339 wants it: its beginning in Beijing."""
    return f"{of_day}T00:00:00+08:00"

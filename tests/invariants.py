"""The invariants of the design as checks over one file of any bytes; the tests and the fuzzer share them.

Each check raises AssertionError with what was broken.  `check` runs them all, in the order of the pipeline.
"""

from __future__ import annotations

import json
import re
import string
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
import markdown
import yaml
from lxml import html
from notices.cleaning.clean import clean
from notices.emit import EMITTERS, OWN_EMITTERS, around, in_memory
from notices.emit.files.schema import notice_schema
from notices.errors import Unreadable
from notices.ledger import account, replay
from notices.model import Document, Notice
from notices.pipeline import to_notice
from notices.read.document import read
from notices.registry import enroll
from notices.rules import Rules
from notices.standing import live_anchors
from support import ROOT, rules

ANCHOR = frozenset(string.ascii_lowercase + string.digits + "-")
#: Elements that our own pages are made of; any other one, such as <em> or <img>, came out of a notice's text.
OWN = {
    *(
        "div",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "a",
        "span",
        "br",
        "ul",
        "li",
        "i",
        "u",
        "del",
        "strong",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "details", "summary", "button", "time", "code"),
}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
LOST = re.compile("[\ufffd\ue000-\uf8ff]")


def check(data: bytes, thorough: bool = True) -> str:
    """Every invariant on a file with these bytes; "refused" or "published", whichever became of it.

    `thorough` False leaves out the schema and the rendering of Markdown, which take most of the time.
    """
    try:
        document = read(data, "x", rules())
        complete(document)
        cleaned = clean(document, rules())
        complete(cleaned)
        stable(cleaned)
        flagged(cleaned)
        notice = to_notice(document, rules())
    except Unreadable as refusal:
        assert refusal.reason.endswith("。"), f"a reason that is no sentence: {refusal.reason}"
        return "refused"
    sound(notice)
    outputs = outputs_of(notice, rules())
    if thorough:
        json_is_sound(outputs["data/notices/x.json"])
        notice_page_shows_the_text(outputs["notices/x.md"], notice)
        source_page_shows_the_source(outputs["notices/x/source.md"], notice)
    return "published"


def complete(document: Document) -> None:
    """Invariant 1: the ledger gives the source back and every character is counted once."""
    assert replay(document) == document.text
    counts = account(document)
    assert counts.kept + counts.removed == counts.source == len(document.text)


def stable(cleaned: Document) -> None:
    """Invariant 2: cleaning what is clean changes nothing."""
    again = clean(cleaned, rules()).published
    assert again == cleaned.published, "clean is not idempotent: " + first_difference(cleaned.published, again)


def flagged(cleaned: Document) -> None:
    """No control character is published, and no lost or private character without a word to the maintainer."""
    published = cleaned.published
    bad = CONTROL.search(published)
    assert bad is None, f"published control character {bad[0]!a}"
    if LOST.search(published):
        assert any(problem.severity == "review" for problem in cleaned.problems), "a lost character in silence"


def sound(notice: Notice) -> None:
    """Invariants of a parsed notice: unique ASCII anchors, existing parents, items and spans inside the text."""
    anchors = list(live_anchors(notice.clauses))
    listed = [c.anchor for c in notice.clauses] + [a for c in notice.clauses for a in c.aliases]
    listed += [i.anchor for c in notice.clauses for i in c.items]
    assert len(listed) == len(set(listed)), "an anchor twice"
    assert all(set(anchor) <= ANCHOR for anchor in anchors), "an anchor with other characters"
    assert {c.parent for c in notice.clauses} <= {None, *anchors}, "a parent that does not exist"
    texts = {clause.anchor: clause.text for clause in notice.clauses}
    for clause in notice.clauses:
        for item in clause.items:
            assert clause.text[item.start : item.end].startswith(item.label), "an item outside its text"
    for span in notice.spans:
        assert span.clause in texts, "a span of no clause"
        assert 0 <= span.start <= span.end <= len(texts[span.clause]), "a span outside its text"
    lines = notice.document.text.count("\n") + notice.document.text.count("\r") + len(notice.document.line_starts)
    assert all(0 <= problem.line <= lines for problem in notice.all_problems), "a problem on a line that is not there"
    assert all(problem.detail.endswith("。") for problem in notice.all_problems), "a problem that is no sentence"


def outputs_of(notice: Notice, rule_set: Rules) -> dict[str, bytes]:
    """What is written for the notice alone, by path; its id is x."""
    _, entries = enroll([notice], {})
    (entry,) = entries.values()
    notice = replace(notice, id="x")
    near = around("x", {}, in_memory([notice], (), rule_set, {"x": replace(entry, id="x")}))
    made = [emit(notice, entry, near) for emit in EMITTERS] + [emit(notice, rule_set) for emit in OWN_EMITTERS]
    return {output.path: output.content for output in made}


def json_is_sound(content: bytes) -> None:
    """The data file is UTF-8, is JSON and follows its schema."""
    data = json.loads(content.decode("utf-8"))
    validator().validate(data)
    texts = {clause["anchor"]: clause["text"] for clause in data["clauses"]}
    for found in data["annotations"]:
        assert texts[found["clause"]][found["start"] : found["end"]] == found["quote"], "a quote that is not the text"


@cache
def validator() -> jsonschema.Draft202012Validator:
    """The published schema of a notice's data."""
    labels = [str(topic["label"]) for topic in rules().tables["topics"].get("topic", ())]
    return jsonschema.Draft202012Validator(notice_schema(labels))


def notice_page_shows_the_text(content: bytes, notice: Notice) -> None:
    """Invariant 4 on the notice's page: without our own words it shows the clean text, in order, as text."""
    article = rendered(content)
    for element in list(article.iter()):
        if {"y-own", "headerlink"} & set((element.get("class") or "").split()):
            element.drop_tree()
    heading = squeezed(article.find(".//h1").text_content())
    shown = squeezed(article.text_content()).removeprefix(heading)
    expected = squeezed("".join(clause.label + clause.text for clause in notice.clauses))
    assert heading == squeezed(notice.meta.title.value or "（无标题）"), "another title"
    assert shown == expected, "another text: " + first_difference(expected, shown)
    printed = (notice.meta.title.value or "") if notice.meta.title.rule == "title-line" else ""
    published = squeezed(notice.document.published)
    assert sorted(shown + squeezed(printed)) == sorted(published), (
        "a published line is on no page: " + first_difference(published, shown)
    )


def source_page_shows_the_source(content: bytes, notice: Notice) -> None:
    """The source page shows all that was received (of a text file) and all that is published, in order."""
    article = rendered(content)
    document = notice.document
    if document.source.media == "text":
        left = squeezed("".join(cell.text_content() for cell in article.find_class("y-raw")))
        assert left == squeezed(document.text), "another source: " + first_difference(squeezed(document.text), left)
    for told in article.find_class("y-goal") + article.find_class("y-gone"):
        told.drop_tree()
    right = squeezed("".join(cell.text_content() for cell in article.find_class("y-out")))
    expected = squeezed(document.published)
    assert right == expected, "another clean text: " + first_difference(expected, right)


def rendered(content: bytes) -> html.HtmlElement:
    """A page's Markdown as the generator renders it, checked to hold our own elements only."""
    _, head, body = content.decode("utf-8").split("---\n", 2)
    assert isinstance(yaml.safe_load(head), dict), "front matter that is not YAML"
    article: html.HtmlElement = html.fromstring(f"<article>{site_markdown().convert(body)}</article>")
    ids = [element.get("id") for element in article.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"an id twice: {max(ids, key=ids.count)}"
    for element in article.iter():
        assert element.tag in OWN, f"an element that is not ours: {element.tag}"
        for name, value in element.attrib.items():
            assert not name.startswith("on"), f"an event handler: {name}"
            assert name != "href" or re.match(r"\.\./|#|source/|https?://", value), f"an address: {value}"
    return article


def site_markdown() -> markdown.Markdown:
    """Python-Markdown with exactly the extensions of mkdocs.yml."""
    config: list[Any] = _extensions()
    names = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in config]
    return markdown.Markdown(extensions=["tables", "fenced_code", *names])  # MkDocs adds the first two itself


@cache
def _extensions() -> list[Any]:
    found: list[Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    return found


def squeezed(text: str) -> str:
    """What a page can show of a text: everything but control characters and white space."""
    return re.sub(r"\s+", "", CONTROL.sub("", text))


def first_difference(one: str, other: str) -> str:
    """Where two texts part, in few words."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(at - 15, 0) : at + 15]!a} against {other[max(at - 15, 0) : at + 15]!a}"

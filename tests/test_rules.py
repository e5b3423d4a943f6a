"""Every rule against its own examples: each hit must match, no miss may, and each says why it exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

import marks
import pytest
from notices.annotate import terms, topics, units
from notices.annotate.citations import docnumbers
from notices.chars import fold, han_count, squeeze
from notices.fields import parse_line
from notices.links import linking as linking_rules
from notices.links import plans
from notices.parse.labels import label_of
from notices.parse.titles import split_glued
from notices.rules import RulesError, compiled, load
from support import ROOT, rules


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "rules" / name).read_text("utf-8"))


BOILERPLATE = toml("boilerplate.toml")["rule"]
REJECTS = toml("reject.toml")["reject"]
STRUCTURE = toml("structure.toml")
METADATA = toml("metadata.toml")


def tables() -> list[tuple[str, dict[str, Any]]]:
    """Every table of every rules file that decides something by a pattern."""
    found = []
    for path in sorted((ROOT / "rules").glob("*.toml")):
        queue: list[Any] = [toml(path.name)] if path.name != "divisions.toml" else []
        while queue:
            item = queue.pop()
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                found += [(path.name, item)] if "pattern" in item or "names" in item else []
                queue.extend(item.values())
    return found


def test_every_rule_says_why_and_gives_examples() -> None:
    assert len(tables()) > 90
    for name, rule in tables():
        assert rule["why"].strip(), (name, rule)
        assert len(rule["hits"]) >= 2, (name, rule)
        assert len(rule["misses"]) >= 2, (name, rule)


def examples(rule: dict[str, Any]) -> tuple[list[str], list[str]]:
    return rule["hits"], rule["misses"]


@pytest.mark.parametrize("rule", BOILERPLATE, ids=[r["id"] for r in BOILERPLATE])
def test_boilerplate(rule: dict[str, Any]) -> None:
    pattern = compiled(rule["pattern"], rule["id"])
    whole = rule["kind"] != "part"
    hits, misses = examples(rule)
    assert rule["kind"] in ("line", "part", "from", "until")
    assert rule["zone"] in ("edge", "head", "tail", "any")
    for text in hits:
        assert pattern.fullmatch(squeeze(text)) if whole else pattern.search(text), text
    for text in misses:
        assert not (pattern.fullmatch(squeeze(text)) if whole else pattern.search(text)), text


def test_boilerplate_ids_are_unique() -> None:
    ids = [rule["id"] for rule in BOILERPLATE]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", REJECTS, ids=[r["id"] for r in REJECTS])
def test_rejects(rule: dict[str, Any]) -> None:
    pattern = compiled(rule["pattern"], rule["id"])
    hits, misses = examples(rule)
    assert all(pattern.search(text) for text in hits)
    assert not any(pattern.search(text) for text in misses)


@pytest.mark.parametrize("rule", STRUCTURE["style"], ids=[r["name"] for r in STRUCTURE["style"]])
def test_numbering_styles(rule: dict[str, Any]) -> None:
    for text in rule["hits"]:
        found = label_of(text, rules())
        assert found is not None, text
        assert found.style.name == rule["name"], text
    for text in rule["misses"]:
        found = label_of(text, rules())
        assert found is None or found.style.name != rule["name"], text


@pytest.mark.parametrize("rule", STRUCTURE["close"], ids=[r["name"] for r in STRUCTURE["close"]])
def test_closing_lines(rule: dict[str, Any]) -> None:
    pattern = compiled(rule["pattern"], rule["name"])
    assert all(pattern.search(fold(text)) for text in rule["hits"])
    assert not any(pattern.search(fold(text)) for text in rule["misses"])


@pytest.mark.parametrize("rule", METADATA["label"], ids=[r["names"][0] for r in METADATA["label"]])
def test_metadata_labels(rule: dict[str, Any]) -> None:
    for text in rule["hits"]:
        assert rule["field"] in [p.field for p in parse_line(text, 1, rules())], text
    for text in rule["misses"]:
        assert parse_line(text, 1, rules()) == [], text


@pytest.mark.parametrize("name", ["publicity", "doc_number", "heading"])
def test_metadata_patterns(name: str) -> None:
    rule = METADATA[name]
    pattern = compiled(rule["pattern"], name)
    assert all(pattern.search(fold(text)) for text in rule["hits"])
    assert not any(pattern.search(fold(text)) for text in rule["misses"])


def test_responsible_lines() -> None:
    rule = STRUCTURE["responsible"]
    assert all(rules().responsible.search(text) for text in rule["hits"])
    assert not any(rules().responsible.search(text) for text in rule["misses"])


def test_addressees() -> None:
    rule = STRUCTURE["letter"]
    assert all(rules().addressee.match(fold(text)) for text in rule["hits"])
    assert not any(rules().addressee.match(fold(text)) for text in rule["misses"])


def test_glued_titles() -> None:
    rule = STRUCTURE["glued"]
    assert all(split_glued(text, rules().glued) for text in rule["hits"])
    assert not any(split_glued(text, rules().glued) for text in rule["misses"])


def test_divisions_are_well_formed() -> None:
    rows = toml("divisions.toml")["divisions"]
    assert len(rows) > 3000
    for key, row in rows.items():
        assert re.fullmatch(r"\d{6}(~\d{4})?", key)
        assert re.fullmatch(r"[a-z][a-z0-9]*", row[1]), row
        assert f"{key[:2]}0000" in rows


def test_a_broken_rule_is_named(tmp_path: Any) -> None:
    for source in (ROOT / "rules").rglob("*.toml"):
        target = tmp_path / source.relative_to(ROOT / "rules")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (tmp_path / "reject.toml").write_text(
        '[[reject]]\nid = "x"\npattern = "("\nmax_han = 1\nreason = ""\nadvice = ""\n'
    )
    with pytest.raises(RulesError, match="规则 x 的正则表达式有错"):
        load(tmp_path)
    good = (ROOT / "rules/boilerplate.toml").read_text("utf-8")
    (tmp_path / "reject.toml").write_bytes((ROOT / "rules/reject.toml").read_bytes())
    (tmp_path / "boilerplate.toml").write_text(good.replace('kind = "line"', 'kind = "lien"', 1), encoding="utf-8")
    with pytest.raises(RulesError, match="“lien”不认识，只能写：line"):
        load(tmp_path)
    (tmp_path / "reject.toml").unlink()
    with pytest.raises(RulesError, match="缺少规则文件"):
        load(tmp_path)


def annotation_tables() -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Every table of an annotator's file with examples: where it stands, the table, and the file's named fragments."""
    found = []
    for name in ("citations", "times", "targets", "units", "places", "links"):
        whole = toml(f"{name}.toml")
        parts = {**whole.get("fragment", {}), **whole.get("parts", {})}
        queue: list[tuple[str, Any]] = [(name, whole)]
        while queue:
            where, item = queue.pop()
            if isinstance(item, list):
                queue.extend((f"{where}[{number}]", one) for number, one in enumerate(item))
            elif isinstance(item, dict):
                found += [(where, item, parts)] if "hits" in item else []
                queue.extend((f"{where}.{key}", one) for key, one in item.items())
    return found


ANNOTATION_TABLES = annotation_tables()


@pytest.mark.parametrize(("where", "rule", "parts"), ANNOTATION_TABLES, ids=[t[0] for t in ANNOTATION_TABLES])
def test_annotation_rules(where: str, rule: dict[str, Any], parts: dict[str, str]) -> None:
    pattern = rule.get("pattern") or "|".join(re.escape(fold(name)) for name in rule["names"])
    while any(f"{{{name}}}" in pattern for name in parts):
        for name, part in parts.items():
            pattern = pattern.replace(f"{{{name}}}", part)
    matcher = compiled(re.sub(r"[?]P<by>", "?:", pattern) if pattern.count("?P<by>") > 1 else pattern, where)
    find = READ_OTHERWISE.get(where.partition("[")[0], searched)
    for hit in rule["hits"]:
        assert find(fold(hit), rule, matcher), (where, hit)
    for miss in rule["misses"]:
        assert not find(fold(miss), rule, matcher), (where, miss)


def searched(text: str, rule: dict[str, Any], matcher: re.Pattern[str]) -> object:
    """A rule's pattern looked for anywhere."""
    return matcher.search(text)


#: Tables whose words are not simply looked for: how their own code reads a text.
READ_OTHERWISE: dict[str, Callable[[str, dict[str, Any], re.Pattern[str]], object]] = {
    "units.verb": lambda text, rule, matcher: matcher.fullmatch(text),  # it ends a part of a statement
    "units.label": lambda text, rule, matcher: units.compiled_rules(rules()).label.search(text),
    "citations.laws": lambda text, rule, matcher: list(
        docnumbers.laws(text, docnumbers.numbering(rules().tables["citations"]))
    ),
    "links.body": lambda text, rule, matcher: body_kind(text) == rule["id"],
}


def body_kind(name: str) -> str:
    """The kind of body that the link stage reads in a name."""
    linking = linking_rules.compiled_rules(rules())
    return plans.body_of(name, (), linking.bodies, linking.body_end)


TERMS = toml("terms.toml")["term"]


@pytest.mark.parametrize("term", TERMS, ids=[t["name"] for t in TERMS])
def test_term(term: dict[str, Any]) -> None:
    def found(text: str) -> set[object]:
        notice = marks.notice(text, rules())
        return {span.get("term") for span in terms.find(notice, rules(), ())}

    assert 20 <= han_count(term["plain"]) <= 90, "one or two plain sentences"
    assert term["source"].strip()
    assert len(term["hits"]) >= 2
    assert len(term["misses"]) >= 2
    for hit in term["hits"]:
        assert term["name"] in found(hit), hit
    for miss in term["misses"]:
        assert term["name"] not in found(miss), miss


TOPICS = toml("topics.toml")["topic"]


@pytest.mark.parametrize("topic", TOPICS, ids=[t["label"] for t in TOPICS])
def test_topic(topic: dict[str, Any]) -> None:
    def labels(text: str) -> list[object]:
        title, _, body = text.partition("。")
        spans = topics.find(marks.notice(body, rules(), title=title), rules(), ())
        return [span.get("label") for span in sorted(spans, key=lambda span: str(span.get("rank")))]

    assert topic["about"].strip()
    for hit in topic["hits"]:
        assert labels(hit)[:1] == [topic["label"]], hit
    for miss in topic["misses"]:
        assert topic["label"] not in labels(miss), miss

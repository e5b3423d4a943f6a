"""All notices in brief: what the pages about several are planned from.  It holds no text but names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..comparing.couples import couples_with
from ..model import Link, Notice
from ..rules import Rules
from ..store import Entry
from .around import Around
from .card import Card, card_of, counts
from .entries import live_entries
from .planting import hex_steps, plant, topic_tree, way_to
from .steps import Places, Steps
from .tree import Node, address_of

BETWEEN = ("year", "above", "below")  # kinds of links between whole notices


class Limits(NamedTuple):
    """How much one page or file holds."""

    entries: int = 400  # of a list, before it is divided
    uses: int = 2_000  # of terms on the glossary, before only a few of each are listed
    cited: int = 200  # places that cite one document
    documents: int = 300  # named on 引用文件, once its list is divided
    notices: int = 1_000  # in one data file, before there is one a province


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """cards: by notice id, in the order of the ids; entries: as readers see them, withdrawn ones too; between: notice
    id → its links to whole notices, best first; steps: notice id → its way down by place and year; trees: list → where
    each notice's entries stand; plain_terms: glossary term → its explanation."""

    rules: Rules
    cards: Mapping[str, Card]
    entries: Mapping[str, Entry]
    between: Mapping[str, tuple[Link, ...]]
    limits: Limits
    steps: Mapping[str, Steps]
    trees: Mapping[str, Node]
    plain_terms: Mapping[str, str]

    @property
    def live(self) -> list[Entry]:
        """The notices that are published now, by id."""
        return live_entries(self.entries)

    @property
    def topics(self) -> list[dict[str, Any]]:
        """rules/topics.toml: label, name and about of each topic."""
        return list(self.rules.tables["topics"].get("topic", ()))


def catalogue_of(
    cards: Mapping[str, Card],
    entries: Mapping[str, Entry],
    between: Mapping[str, Sequence[Link]],
    rules: Rules,
    limits: Limits = LIMITS,
) -> Catalogue:
    """The catalogue; the arguments are its fields, each in any order."""
    ordered = {key: cards[key] for key in sorted(cards)}
    linked = {key: _best_first(links) for key, links in sorted(between.items())}
    plain = {term["name"]: term["plain"] for term in rules.tables["terms"].get("term", ())}
    places = Places(rules.divisions)
    ways = {entry.id: way_to(places, entry.region_code, entry.region, entry.year) for entry in entries.values()}
    for key, card in ordered.items():
        region = card.region
        ways[key] = way_to(places, region.code if region else "", region.path if region else (), card.year)
    bare = Catalogue(rules, ordered, dict(sorted(entries.items())), linked, limits, ways, {}, plain)
    return replace(bare, trees=plant(bare))


def in_memory(
    notices: Iterable[Notice],
    links: Iterable[Link],
    rules: Rules,
    entries: Mapping[str, Entry],
    limits: Limits = LIMITS,
) -> Catalogue:
    """The catalogue of notices that are at hand, with all links of the corpus."""
    cards = {notice.id: card_of(notice, rules) for notice in notices}
    between: dict[str, list[Link]] = {}
    for link in links:
        if link.kind in BETWEEN:
            between.setdefault(link.source, []).append(link)
    return catalogue_of(cards, entries, between, rules, limits)


def around(notice_id: str, links: Mapping[str, Sequence[Link]], catalogue: Catalogue) -> Around:
    """The surroundings of a notice.  `links`: address in it, or its id → the links of all kinds that start there."""
    ordered = {at: _best_first(links[at]) for at in sorted(links)}
    targets = (link.target for found in ordered.values() for link in found)
    names = {target: _name(target, catalogue.cards) for target in dict.fromkeys(targets)}
    pages = _pages(catalogue.cards[notice_id], catalogue)
    return Around(ordered, names, beside(notice_id, catalogue), catalogue.plain_terms, pages)


def links_by_notice(links: Iterable[Link]) -> dict[str, dict[str, list[Link]]]:
    """Notice id → address in it → the links that start there: what `around` asks for, from all links of the corpus."""
    found: dict[str, dict[str, list[Link]]] = {}
    for link in links:
        found.setdefault(link.source.partition("#")[0], {}).setdefault(link.source, []).append(link)
    return found


def beside(notice_id: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The comparison pages of a notice: address from the site's root ("compare/…/") and the words of the link."""
    found = []
    for couple in couples_with(notice_id, catalogue.cards, catalogue.between):
        other = couple.second if couple.first.id == notice_id else couple.first
        found.append((f"compare/{couple.name}/", f"与{other.name}对照"))
    return tuple(found)


def _best_first(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.kind, -link.score, link.target)))


def _name(target: str, cards: Mapping[str, Card]) -> tuple[str, ...]:
    identity, _, anchor = target.partition("#")
    card = cards[identity]
    return (card.name, card.clause_name(anchor)) if anchor else (card.name,)


def _pages(card: Card, catalogue: Catalogue) -> dict[str, str]:
    """Where the notice's entries stand, list by list; a cited document by its id.  Nothing of lists that it is not on."""
    steps, trees = catalogue.steps[card.id], catalogue.trees
    lists = [key for key, kind in (("targets", "target"), ("units", "unit")) if card.count(kind)]
    lists += map(topic_tree, counts(card.topics_))
    found = {key: address_of(trees[key], card.id, steps) for key in lists if key in trees}
    return found | {key: address_of(trees["citations"], key, hex_steps(key)) for key in counts(card.documents_)}

"""Small files beside the index: what can be chosen, what each clause is about, and the words to offer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...emit.view import term_id
from .notice import SearchNotice


def choices(notices: list[SearchNotice]) -> dict[str, Any]:
    """What the filters offer, each with how many notices (place, year) or clauses (topic, target) have it."""
    clauses = [clause for notice in notices for clause in notice.clauses]
    return {
        "place": sorted(Counter(place for notice in notices for place in notice.places).items()),
        "year": sorted(Counter(notice.year for notice in notices if notice.year).items(), reverse=True),
        "topic": _most(topic for clause in clauses for topic in clause.topics),
        "target": sum(clause.target for clause in clauses),
    }


def units(notices: list[SearchNotice]) -> list[tuple[str, int]]:
    """Responsible units with how many clauses name them: a long list, so that it is a file of its own."""
    return _most(unit for notice in notices for clause in notice.clauses for unit in clause.units)


def whereabouts(notices: list[SearchNotice], names: Mapping[str, str]) -> dict[str, Any]:
    """Places once, then [name in the index, id, place, year] of each notice; `names`: id → name in the index."""
    places = sorted({"/".join(notice.path) for notice in notices})
    at = {place: i for i, place in enumerate(places)}
    rows = [[names[notice.id], notice.id, at["/".join(notice.path)], notice.year] for notice in notices]
    return {"places": places, "notices": rows}


def attributes(notices: list[SearchNotice]) -> dict[str, Any]:
    """Names once, then for each notice [anchor, topics, units, has a target] of the clauses that have any of them."""
    topics = sorted({name for notice in notices for clause in notice.clauses for name in clause.topics})
    named = sorted({name for notice in notices for clause in notice.clauses for name in clause.units})
    topic_at = {name: at for at, name in enumerate(topics)}
    unit_at = {name: at for at, name in enumerate(named)}
    return {
        "topics": topics,
        "units": named,
        "notices": {
            notice.id: [
                [c.anchor, [topic_at[name] for name in c.topics], [unit_at[name] for name in c.units], int(c.target)]
                for c in notice.clauses
                if c.topics or c.units or c.target
            ]
            for notice in notices
        },
    }


def glossary(notices: list[SearchNotice]) -> dict[str, str]:
    """Glossary terms in use → their id on the page 名词解释."""
    return {term: term_id(term) for term in sorted(set().union(*(notice.terms for notice in notices)))}


def vocabulary(notices: list[SearchNotice]) -> list[str]:
    """Names to offer where nothing is found: terms, topics, units and places of these notices."""
    names = {part for notice in notices for part in (*notice.path, *notice.terms)}
    clauses = (clause for notice in notices for clause in notice.clauses)
    return sorted(names.union(*((*clause.topics, *clause.units) for clause in clauses)))


#: The files that do not depend on the index, by name.
FILES: dict[str, Callable[[list[SearchNotice]], Any]] = {
    "choices": choices,
    "units": units,
    "terms": glossary,
    "words": vocabulary,
}


#: A file of several bundles made from the same file of each.
MERGED: dict[str, Callable[[list[Any]], Any]] = {
    "choices": lambda all_: {
        "place": sorted(_added(one["place"] for one in all_).items()),
        "year": sorted(_added(one["year"] for one in all_).items(), reverse=True),
        "topic": _most_of(_added(one["topic"] for one in all_)),
        "target": sum(one["target"] for one in all_),
    },
    "units": lambda all_: _most_of(_added(all_)),
    "terms": lambda all_: {term: address for one in all_ for term, address in one.items()},
    "words": lambda all_: sorted(set().union(*all_)),
}


def compact(value: Any) -> str:
    """`value` as JSON without spaces, the keys in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _most(names: Iterable[str]) -> list[tuple[str, int]]:
    return _most_of(Counter(names))


def _most_of(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _added(lists: Iterable[Iterable[tuple[str, int]]]) -> Counter[str]:
    """Numbers of the same name added up."""
    total: Counter[str] = Counter()
    for rows in lists:
        for name, number in rows:
            total[name] += number
    return total

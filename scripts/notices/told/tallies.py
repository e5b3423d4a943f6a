"""What came and went in a notice besides its text, as counts: annotations, links, remarks, sources, the ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..emit.files.parts import LINKS
from ..emit.files.schema import KINDS

Data = Mapping[str, Any]

EXAMPLES = 3


class Tally(NamedTuple):
    """How many things of a kind came, went or were changed; a few that came and went, as they are printed."""

    name: str
    added: int
    removed: int
    changed: int = 0
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


def tallies(before: Data, after: Data, now: Mapping[str, str]) -> Iterator[Tally]:
    """The counts between two data files of one notice.  `now`: old anchor → the anchor of the same clause now."""
    yield from _marks(before, after, now)
    yield from _links(before, after, now)
    yield from _rest(before, after, now)


def _marks(before: Data, after: Data, now: Mapping[str, str]) -> list[Tally]:
    """Annotations by kind.  Offsets do not count, so text put in before a mark does not change it."""
    here = {clause["anchor"]: clause["anchor"] for clause in after["clauses"]}
    olds = Counter(_mark(one, now) for one in before["annotations"])
    news = Counter(_mark(one, here) for one in after["annotations"])
    gone, come = list((olds - news).elements()), list((news - olds).elements())
    found = (
        _tally(name, [one for one in gone if one[0] == kind], [one for one in come if one[0] == kind])
        for kind, name in KINDS.items()
    )
    return [tally for tally in found if tally]


def _mark(one: Data, anchors: Mapping[str, str]) -> tuple[str, str, str, str]:
    """kind, the clause as it is called now, the quote, the value."""
    value = json.dumps(one["value"], sort_keys=True, ensure_ascii=False)
    return one["kind"], anchors.get(one["clause"], ""), one["quote"], value


def _tally(name: str, gone: Sequence[tuple[str, ...]], come: Sequence[tuple[str, ...]]) -> Tally | None:
    """Entries that went and came; those with all but the last part the same are one entry that was changed."""
    changed = sum((Counter(one[:-1] for one in gone) & Counter(one[:-1] for one in come)).values())
    if not gone and not come:
        return None
    return Tally(name, len(come) - changed, len(gone) - changed, changed, _examples(come, gone), _examples(gone, come))


def _examples(entries: Sequence[tuple[str, ...]], others: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """A few of the entries that are not among the others, as they are printed."""
    same = {one[:-1] for one in others}
    return tuple(dict.fromkeys(one[2][:20] for one in entries if one[2] and one[:-1] not in same))[:EXAMPLES]


def _links(before: Data, after: Data, now: Mapping[str, str]) -> list[Tally]:
    """Links by kind; a better or worse score is no change, and neither is a clause that moved."""
    prefix = f"{after['id']}#"

    def moved(source: str) -> str:
        anchor = source.removeprefix(prefix)
        return f"{prefix}{now.get(anchor, anchor)}" if source.startswith(prefix) else source

    found = []
    for kind, name in LINKS.items():
        olds = {(moved(k["source"]), k["target"]) for k in before["links"] if k["kind"] == kind}
        news = {(k["source"], k["target"]) for k in after["links"] if k["kind"] == kind}
        if olds != news:
            found.append(Tally(name, len(news - olds), len(olds - news)))
    return found


def _rest(before: Data, after: Data, now: Mapping[str, str]) -> list[Tally]:
    """People's remarks, further sources, and the ledger."""
    pairs = (
        ("批注", _notes(before, now), _notes(after, {})),
        ("其他来源", _sources(before), _sources(after)),
        ("清理记录", _ledger(before), _ledger(after)),
    )
    found = (_tally(name, [*(old - new).elements()], [*(new - old).elements()]) for name, old, new in pairs)
    return [tally for tally in found if tally]


def _notes(data: Data, now: Mapping[str, str]) -> Counter[tuple[str, ...]]:
    return Counter(("", now.get(n["clause"], n["clause"]), n["text"], n["by"], n["date"], "") for n in data["notes"])


def _sources(data: Data) -> Counter[tuple[str, ...]]:
    return Counter(("", "", s["file"], json.dumps(s, sort_keys=True)) for s in data["other_sources"])


def _ledger(data: Data) -> Counter[tuple[str, ...]]:
    return Counter(("", e["rule"], e["before"].strip(), e["after"], "") for e in data["ledger"])

"""Permanent addresses: which id a notice has, and where each anchor ever published leads today."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from .chars import squeeze
from .duplicates.settle import named
from .model import Notice, Problem
from .standing import Standing, standing_of
from .store import NAME, Entry, RegistryError

FEW, MOST = 5, 0.6  # a re-scraped copy shares at least so many anchors' texts, and this share of them

BEIJING = timezone(timedelta(hours=8))


def enroll(
    notices: Sequence[Notice],
    known: Mapping[str, Entry],
    reserved: Collection[str] = (),
    standings: Mapping[str, Standing] | None = None,
) -> tuple[list[Notice], dict[str, Entry]]:
    """Notices with their ids, and the registry that now holds them.

    A notice is recognised by what it is, never by its file name: first by its very bytes, then by another
    file of it, then by issuer, document number and title, then by what of these is printed, then by most of
    its clauses.  Each way is tried for all notices before the next, so that the order of the files decides
    nothing.  `reserved` ids belong to files that are not in this run.  `standings`: by file, where the notices come
    without their clauses.
    """
    ordered = sorted(notices, key=_order)
    texts = [standings[n.document.source.path] if standings else standing_of(n) for n in ordered]
    entries = dict(known)
    given: dict[int, str] = {}
    taken = set(reserved)
    for same, keys, their_keys in WAYS:
        free: dict[str, list[Entry]] = {}
        for _, entry in sorted(known.items()):
            if entry.id not in taken:
                for key in their_keys(entry):
                    free.setdefault(key, []).append(entry)
        for number, notice in enumerate(ordered):
            if number not in given:
                near = (entry for key in keys(notice) for entry in free.get(key, ()))
                found = [entry.id for entry in near if entry.id not in taken and same(notice, texts[number], entry)]
                if found:
                    given[number] = min(found)
                    taken.add(given[number])
    taken |= set(entries)
    enrolled: list[Notice] = []
    for number, notice in enumerate(ordered):
        identity = given.get(number) or _next_id(notice, taken)
        taken.add(identity)
        entry, problems = _update(identity, notice, texts[number], entries.get(identity))
        entries[identity] = entry
        enrolled.append(replace(notice, id=identity, problems=notice.problems + problems))
    return named(enrolled), entries


def withdraw(entries: Mapping[str, Entry], present: Collection[str]) -> dict[str, Entry]:
    """Mark entries whose file is not among the names `present` in raw/; their anchors stay."""
    return {key: replace(entry, withdrawn=entry.source not in present) for key, entry in entries.items()}


def stamp(entries: Mapping[str, Entry], digests: Mapping[str, str], day: str) -> dict[str, Entry]:
    """The entries with `day` on every notice whose published text is new or another; the others keep their days.

    `digests`: id → `digest_of` the notice as it is published, people's corrections included.
    """
    stamped = dict(entries)
    for key, digest in digests.items():
        entry = entries[key]
        if digest != entry.digest:
            first = entry.first_published or day
            stamped[key] = replace(entry, first_published=first, changed=day, digest=digest)
    return stamped


def today() -> str:
    """The day of this build in Beijing, 2026-11-22; that of SOURCE_DATE_EPOCH where it is set.  Raises RegistryError."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(given), BEIJING) if given else datetime.now(BEIJING)
    except (ValueError, OverflowError, OSError) as error:
        reason = f"环境变量 SOURCE_DATE_EPOCH 应当是秒数，现在是“{given}”。请改正或取消它。"
        raise RegistryError(reason) from error
    return moment.date().isoformat()


def _order(notice: Notice) -> tuple[str, ...]:
    meta = notice.meta
    fields = (meta.year, meta.issued, meta.issuer, meta.doc_number, meta.title)
    return (*(f.value or "" for f in fields), notice.document.source.sha256)


def identity_of(notice: Notice) -> tuple[str, str, str]:
    """Issuer, document number and title, folded."""
    meta = notice.meta
    return (squeeze(meta.issuer.value or ""), squeeze(meta.doc_number.value or ""), squeeze(meta.title.value or ""))


def _theirs(entry: Entry) -> tuple[str, str, str]:
    return (squeeze(entry.issuer), squeeze(entry.doc_number), squeeze(entry.title))


def _same_bytes(notice: Notice, text: Standing, entry: Entry) -> bool:
    return notice.document.source.sha256 == entry.sha256


def _same_copy(notice: Notice, text: Standing, entry: Entry) -> bool:
    """Another file of this notice is the one that the entry was made from, or this file was such another one."""
    known = notice.document.source.sha256 in entry.copies
    return known or any(copy.source.sha256 == entry.sha256 for copy in notice.copies)


def _same_identity(notice: Notice, text: Standing, entry: Entry) -> bool:
    return identity_of(notice) == _theirs(entry) and (notice.meta.year.value or "") == entry.year and bool(entry.title)


def _loosely_same(notice: Notice, text: Standing, entry: Entry) -> bool:
    """The title agrees, and nothing that both print differs."""
    mine, theirs = identity_of(notice), _theirs(entry)
    region = notice.meta.region.code if notice.meta.region else ""
    pairs = [*zip(mine[:2], theirs[:2], strict=True), (region, entry.region_code)]
    same_year = (notice.meta.year.value or "") == entry.year
    same_title = bool(mine[2]) and mine[2] == theirs[2]
    return same_title and same_year and all(a == b or not a or not b for a, b in pairs)


def _same_clauses(notice: Notice, text: Standing, entry: Entry) -> bool:
    """A copy whose title or signature was scraped differently: the year and most clauses agree."""
    shared = sum(entry.anchors.get(anchor) == quote for anchor, quote in text.anchors.items())
    same_year = (notice.meta.year.value or "") == entry.year
    return same_year and shared >= FEW and shared >= MOST * max(len(entry.anchors), len(text.anchors))


def _files(notice: Notice) -> list[str]:
    return [notice.document.source.sha256, *(copy.source.sha256 for copy in notice.copies)]


def _their_files(entry: Entry) -> list[str]:
    return [entry.sha256, *entry.copies]


def _titled(notice: Notice) -> list[str]:
    return [f"{notice.meta.year.value or ''} {identity_of(notice)[2]}"]


def _their_title(entry: Entry) -> list[str]:
    return [f"{entry.year} {squeeze(entry.title)}"]


#: How a notice is recognised, the surest way first; with it what both must share, so that only those are compared.
WAYS: tuple[
    tuple[Callable[[Notice, Standing, Entry], bool], Callable[[Notice], list[str]], Callable[[Entry], list[str]]], ...
] = (
    (_same_bytes, _files, _their_files),
    (_same_copy, _files, _their_files),
    (_same_identity, _titled, _their_title),
    (_loosely_same, _titled, _their_title),
    (_same_clauses, lambda notice: [notice.meta.year.value or ""], lambda entry: [entry.year]),
)


def base_id(notice: Notice) -> str:
    """<province>-<place>-<year> in pinyin; `unknown` where the source names no place, `undated` where no year."""
    slugs = notice.meta.region.slugs if notice.meta.region else ("unknown",)
    made = "-".join((*slugs, notice.meta.year.value or "undated"))
    return made if NAME.fullmatch(made) else "unknown-undated"  # it becomes a file name and an address


def _next_id(notice: Notice, taken: Collection[str]) -> str:
    base, number = base_id(notice), 1
    while (identity := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return identity


def _update(identity: str, notice: Notice, text: Standing, before: Entry | None) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry after this conversion, and a problem for each anchor that has just died."""
    aliases, tombstones = _departed(text, before) if before else ({}, {})
    known = before.tombstones if before else {}
    problems = tuple(_died(anchor, quote) for anchor, quote in sorted(tombstones.items()) if anchor not in known)
    meta = notice.meta
    entry = Entry(
        id=identity,
        title=meta.title.value or "",
        issuer=meta.issuer.value or "",
        doc_number=meta.doc_number.value or "",
        year=meta.year.value or "",
        issued=meta.issued.value or "",
        region_code=meta.region.code if meta.region else "",
        region=meta.region.path if meta.region else (),
        tasks=text.tasks,
        source=notice.document.source.path,
        sha256=notice.document.source.sha256,
        copies=tuple(sorted({copy.source.sha256 for copy in notice.copies})),
        first_published=before.first_published if before else "",
        changed=before.changed if before else "",
        digest=before.digest if before else "",
        anchors=before.anchors if before and before.anchors == text.anchors else text.anchors,  # one copy in memory
        aliases=aliases,
        tombstones=tombstones,
    )
    return entry, problems


Moves = tuple[dict[str, str], dict[str, str]]


def _departed(text: Standing, before: Entry) -> Moves:
    """Aliases and tombstones: an anchor that is gone leads to where its text stands now, else says what stood there."""
    anchors, short = text.anchors, text.short
    departed = {key: quote for key, quote in {**before.tombstones, **before.anchors}.items() if key not in anchors}
    places = _unique_texts(anchors, short) if departed else {}
    aliases: dict[str, str] = {}
    tombstones: dict[str, str] = {}
    for anchor, quote in departed.items():
        target = places.get(squeeze(quote)) if quote else None
        (aliases if target else tombstones)[anchor] = target or quote
    for anchor, target in before.aliases.items():
        if anchor in anchors:
            continue
        final = short.get(target, target if target in anchors else aliases.get(target, ""))
        if final:
            aliases[anchor] = final
        else:
            tombstones[anchor] = before.anchors.get(target) or before.tombstones.get(target) or ""
    return dict(sorted(aliases.items())), dict(sorted(tombstones.items()))


def _unique_texts(anchors: Mapping[str, str], short: Mapping[str, str]) -> dict[str, str]:
    """Beginning of text → the one anchor where it stands now; texts that stand twice are left out."""
    texts = [(squeeze(quote), anchor) for anchor, quote in anchors.items() if anchor not in short and quote]
    times = Counter(text for text, _ in texts)
    return {text: anchor for text, anchor in texts if times[text] == 1}


def _died(anchor: str, quote: str) -> Problem:
    detail = f"以前发布过的条款 {anchor}（“{quote[:20]}”）这次没有找到，旧链接改为显示说明。请核对是原文变了，还是规则改动造成的。"
    return Problem("review", "anchor-gone", 1, detail)

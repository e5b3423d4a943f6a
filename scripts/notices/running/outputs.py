"""The files of docs/, made by as many processes as there are; those that would come out as they are, are not made.

What a file is made from has a key; while the key is the same and the file is as it was left, so is the file.  Files go
to the disk as they are made (writing.spill).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ..comparing.couples import Couple, couples
from ..emit import EMITTERS, OWN_EMITTERS, ROW_KINDS, Around, Catalogue, around, citing, groups, joined
from ..emit.files.joined import FILES, JoinedFile, parts
from ..emit.groups import Group
from ..emit.pages.compare import couple_page
from ..links.related import Related
from ..model import Link
from ..store import Entry
from ..writing.spill import Spill, Spilled
from .cache import Cache, key_of
from .finals import Final, full
from .parallel import shared, streamed
from .prepared import TEXTS
from .shelf import Shelf, pack

ROWS = {kind.name: f"rows.{kind.name}" for kind in ROW_KINDS}
PARTS = tuple(f"part.{number}" for number in range(len(FILES)))
Files = tuple[Spilled, ...]


class Known(NamedTuple):
    """What the last build made and is still there: key → paths below docs/; and by which `program` (cache.fingerprint)."""

    files: Mapping[str, tuple[str, ...]]
    program: str

    @staticmethod
    def read(cache: Cache | None, program: str, stored: Collection[str], redo: Collection[str]) -> Known:
        """What `cache` knows of this program; nothing of what the manifest `stored` does not list, or of `redo`."""
        files = cache.get("files", [program]).get(program, {}) if cache else {}
        bad = set(redo)
        good = {k: paths for k, paths in files.items() if all(p in stored and p not in bad for p in paths)}
        return Known(good, program)

    def keep(self, cache: Cache) -> None:
        """Remember these for the next build."""
        cache.put("files", {self.program: dict(self.files)})
        cache.keep_only("files", [self.program])


class Corpus(NamedTuple):
    """All that files are made from: the notices by id, the links between them, the catalogue, and where things lie."""

    finals: Mapping[str, Final]
    entries: Mapping[str, Entry]
    related: Related
    others: Mapping[str, Sequence[Link]]  # notice id → links of all other kinds that start there
    catalogue: Catalogue
    shelf: Shelf
    spill: Spill

    def near(self, key: str) -> Around:
        """What surrounds a notice."""
        return around(key, _by_source((*self.others.get(key, ()), *self.related.links(key))), self.catalogue)

    def citing(self, key: str) -> Around:
        """What of that its rows may depend on."""
        return citing(_by_source(self.others.get(key, ())))


class Task(NamedTuple):
    """Something to be made.  `key` is that of the files or rows that come out."""

    key: str
    make: Callable[[], tuple[Files, dict[str, bytes]]]


class Done(NamedTuple):
    """The files made now, the paths of those that stay, what the next build may know, and the blobs that it may want."""

    outputs: list[Spilled]
    stay: list[str]
    known: Known
    kinds: Mapping[str, Collection[str]] = {}


def make_files(corpus: Corpus, before: Known, jobs: int, lap: Callable[[str], None] = lambda name: None) -> Done:
    """All files about notices.  A notice that is not whole keeps the files that it has."""
    said = {key: key_of("said", one.content, _cites(corpus, key)) for key, one in corpus.finals.items()}
    kinds = (*ROWS.values(), *PARTS)
    there = set.intersection(*(corpus.shelf.has(kind, said.values()) for kind in kinds))
    fresh = [Task(said[k], partial(_say, k, corpus)) for k in corpus.finals if said[k] not in there]
    spoken = streamed(lambda task: task.make(), fresh, jobs)
    corpus.shelf.put_all((fresh[place].key, blobs) for place, (_, blobs) in spoken)
    lap("rows")
    keys = [key for key, one in corpus.finals.items() if one.whole]
    called = {key: key_of(key, one.card.name, one.card.names_)[:32] for key, one in corpus.finals.items()}
    surroundings = shared(lambda some: [_surroundings(key, corpus, called) for key in some], keys, jobs)
    tasks = [*_notices(corpus, dict(zip(keys, surroundings, strict=True))), *_couples(corpus)]
    lap("keys")
    tasks += [*_groups(corpus, said), *_joined(corpus, said)]
    lap("groups")
    made = _made(tasks, before, jobs)
    lap("pages")
    return made._replace(kinds=dict.fromkeys(kinds, said.values()))


def _made(tasks: Sequence[Task], before: Known, jobs: int) -> Done:
    fresh = [task for task in tasks if task.key not in before.files]
    after = {task.key: before.files[task.key] for task in tasks if task.key in before.files}
    stay = [path for paths in after.values() for path in paths]
    outputs: list[Spilled] = []
    for place, (files, _) in streamed(lambda task: task.make(), fresh, jobs):
        outputs += files
        after[fresh[place].key] = tuple(file.path for file in files)
    return Done(sorted(outputs, key=lambda one: one.path), stay, Known(after, before.program))


# -- what is said of one notice --------------------------------------------------------------------------------------


def _cites(corpus: Corpus, key: str) -> list[Link]:
    links = (link for link in corpus.others.get(key, ()) if link.kind == "cites")
    return sorted(links, key=lambda link: (link.source, link.target, link.evidence))


def _say(key: str, corpus: Corpus) -> tuple[Files, dict[str, bytes]]:
    """The rows of a notice, and what the joined files say of it."""
    notice, near = full(corpus.finals[key], corpus.shelf), corpus.citing(key)
    blobs = {ROWS[kind.name]: pack(kind.make(notice, near, corpus.catalogue.rules)) for kind in ROW_KINDS}
    blobs |= {kind: pack(part) for kind, part in zip(PARTS, parts(notice, near), strict=True)}
    return (), blobs


# -- the files of a notice -------------------------------------------------------------------------------------------


def _surroundings(key: str, corpus: Corpus, called: Mapping[str, str]) -> str:
    """A key of what a notice's pages show of others.

    `called`: of each notice a key of its id, its name and those of its clauses.  What is shown of related tasks follows from it
    and the key of these: looking at each of a hundred links of ten thousand notices took longer than all else here.
    """
    others = around(key, _by_source(corpus.others.get(key, ())), corpus.catalogue)
    related = "".join([called[other] for other in corpus.related.beside(key)])
    return key_of(corpus.related.key(key), related, others.changing)


def _notices(corpus: Corpus, surroundings: Mapping[str, str]) -> Iterator[Task]:
    """Of each notice: what it shows of the corpus, then what is its own alone."""
    for key, near in surroundings.items():
        one, entry = corpus.finals[key], corpus.entries[key]
        decided = (sorted(entry.tombstones.items()), sorted(entry.aliases.items()))
        yield Task(key_of("notice", one.content, *decided, near), partial(_near, key, corpus))
        yield Task(key_of("own", one.content), partial(_own, key, corpus))


def _near(key: str, corpus: Corpus) -> tuple[Files, dict[str, bytes]]:
    notice = full(corpus.finals[key], corpus.shelf, document=True)
    near = corpus.near(key)
    return tuple(corpus.spill.put(emit(notice, corpus.entries[key], near)) for emit in EMITTERS), {}


def _own(key: str, corpus: Corpus) -> tuple[Files, dict[str, bytes]]:
    notice = full(corpus.finals[key], corpus.shelf, document=True)
    return tuple(corpus.spill.put(emit(notice, corpus.catalogue.rules)) for emit in OWN_EMITTERS), {}


def _by_source(links: Any) -> dict[str, tuple[Link, ...]]:
    """Links by the address where they start, best first."""
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(link.source, []).append(link)
    return {
        source: tuple(sorted(some, key=lambda link: (link.kind, -link.score, link.target)))
        for source, some in found.items()
    }


# -- files about several ---------------------------------------------------------------------------------------------


def _couples(corpus: Corpus) -> Iterator[Task]:
    catalogue = corpus.catalogue
    for couple in couples(catalogue.cards, catalogue.between):
        both = (corpus.finals[couple.first.id], corpus.finals[couple.second.id])
        key = key_of("couple", couple.kind, *(one.content for one in both))
        yield Task(key, partial(_couple, couple, corpus))


def _couple(couple: Couple, corpus: Corpus) -> tuple[Files, dict[str, bytes]]:
    both = [corpus.finals[one.id] for one in (couple.first, couple.second)]
    first, second = (full(one, corpus.shelf) for one in both)
    texts = (corpus.shelf.one(TEXTS, both[0].key), corpus.shelf.one(TEXTS, both[1].key))
    return (corpus.spill.put(couple_page(first, second, couple.kind, corpus.catalogue.rules, texts)),), {}


def _groups(corpus: Corpus, said: Mapping[str, str]) -> Iterator[Task]:
    for group in groups(corpus.catalogue):
        rows = [(kind, said[key]) for kind, keys in group.needs for key in keys]
        yield Task(key_of("group", group.name, group.key, rows), partial(_group, group, corpus, said))


def _group(group: Group, corpus: Corpus, said: Mapping[str, str]) -> tuple[Files, dict[str, bytes]]:
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    for kind, keys in group.needs:
        found = corpus.shelf.every(ROWS[kind], [said[key] for key in keys])
        rows |= {(kind, key): value for key, (_, value) in zip(keys, found, strict=True)}
    return tuple(map(corpus.spill.put, group.make(rows))), {}


def _joined(corpus: Corpus, said: Mapping[str, str]) -> Iterator[Task]:
    for file in joined(corpus.catalogue):
        key = key_of("joined", file.path, file.head, [said[one] for one in file.ids])
        yield Task(key, partial(_join, file, corpus, said))


def _join(file: JoinedFile, corpus: Corpus, said: Mapping[str, str]) -> tuple[Files, dict[str, bytes]]:
    parts_of = (part for _, part in corpus.shelf.every(PARTS[file.part], [said[one] for one in file.ids]))
    return (corpus.spill.join(file.path, _after(file.head, parts_of)),), {}


def _after(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest

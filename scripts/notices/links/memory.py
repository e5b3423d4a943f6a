"""All compared texts and what the last run found of them: taken in a notice at a time, kept in a folder, made small again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .nearest import Found, Ints, blank
from .packed import Compared, place_type
from .similar import Search
from .store import File, Vocabulary, Writer, save, saved

#: Of each text: where its vector and its head and text start, how long they are, its notice (`Memory.notices`) and the row
#: of its task; whether it is a part of it; a number for its topic, 0 for none; a number for all that is said of it.
ROW = np.dtype(
    [
        ("at", "<i8"),
        ("size", "<i8"),
        ("text_at", "<i8"),
        ("text_size", "<i4"),
        ("notice", "<i4"),
        ("task", "<i4"),
        ("part", "?"),
        ("topic", "<u4"),
        ("stamp", "<u8"),
    ]
)
BATCH = 256  # notices whose new bigrams get their numbers together
ARRAYS = ("rows", "codes", "texts_with", "notices_with", "starts", "has_list")
Load = Callable[[Sequence[str]], Iterator[tuple[str, Compared]]]


class Held(NamedTuple):
    """A notice in the store: its rows are `start` to `start + size`.  `gone`: it is in the corpus no more."""

    id: str
    key: str
    start: int
    size: int
    digest: int
    gone: bool = False


@dataclass(slots=True)
class Memory:
    """Everything by row (text), by bigram's number, or by number of a notice in the store."""

    folder: Path
    files: dict[str, File]  # grams, weights, texts, lists
    notices: list[Held]
    rows: NDArray[Any]  # of type ROW
    codes: NDArray[np.uint64]
    texts_with: NDArray[np.int32]  # how many texts of the corpus hold the bigram
    notices_with: NDArray[np.int32]  # and how many notices
    starts: Ints  # of the lists in the file
    has_list: NDArray[np.bool_]  # whether the file would list who holds the bigram
    listed: int  # rows from which on the lists are not in the file
    found: Found  # of each row

    def view(self, kind: str) -> NDArray[Any]:
        """What a file holds."""
        return self.files[kind].mapped(self.folder, {"weights": "<u2", "texts": "u1"}.get(kind, "<u4"))

    def grams_of(self, held: Held) -> NDArray[np.uint32]:
        """The bigrams of a notice's texts, one text after the other."""
        if not held.size:
            return np.zeros(0, np.uint32)
        last = self.rows[held.start + held.size - 1]
        found: NDArray[np.uint32] = self.view("grams")[self.rows["at"][held.start] : last["at"] + last["size"]]
        return found


def nothing(folder: Path, search: Search, generation: int = 0) -> Memory:
    """The memory of a folder without a usable one."""
    files = {kind: File(f"{kind}-{generation}.bin") for kind in ("grams", "weights", "texts", "lists")}
    none, start = np.zeros(0, np.int32), np.zeros(1, np.int64)
    codes, listed = np.zeros(0, np.uint64), np.zeros(0, np.bool_)
    return Memory(folder, files, [], np.zeros(0, ROW), codes, none, none, start, listed, 0, blank(0, search.candidates))


def recalled(folder: Path, search: Search) -> Memory:
    """What `kept` wrote to `folder`; nothing where that is damaged, of another version, or made by other rules."""
    there = saved(folder, {"search": [search.scan, search.candidates]})
    if there is None:
        return nothing(folder, search)
    about, arrays, files = there
    found = Found(**{name: arrays[name] for name in Found._fields})
    by_kind = dict(zip(about["kinds"], files, strict=True))
    notices = [Held(*one) for one in about["notices"]]
    columns = {name: arrays[name] for name in ARRAYS}
    return Memory(folder=folder, files=by_kind, notices=notices, listed=about["listed"], found=found, **columns)


def kept(memory: Memory, search: Search) -> None:
    """Write to the folder what the next run can use.  Raises OSError."""
    about = {
        "search": [search.scan, search.candidates],
        "kinds": list(memory.files),
        "notices": [list(one) for one in memory.notices],
        "listed": memory.listed,
    }
    arrays = {**{name: getattr(memory, name) for name in ARRAYS}, **memory.found._asdict()}
    save(memory.folder, about, arrays, list(memory.files.values()))


def joined(parts: Sequence[Found]) -> Found:
    """What is found of one row after the other."""
    near, count, score, step, code = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Found(near, count, score, step, code)


def taken_in(memory: Memory, wanted: Mapping[str, Sequence[str]], load: Load, search: Search) -> None:
    """Append the notices `wanted`: key → the ids that have it.  Raises KeyError where `load` does not give one."""
    writers = {kind: Writer(memory.folder, memory.files[kind]) for kind in ("grams", "weights", "texts")}
    vocabulary = Vocabulary(memory.codes)
    rows, batch = [memory.rows], list[tuple[str, str, Compared]]()
    missing = dict.fromkeys(wanted)
    try:
        for key, compared in load(list(wanted)) if wanted else ():
            if key in missing:
                del missing[key]
                batch += [(identity, key, compared) for identity in wanted[key]]
            if len(batch) >= BATCH:
                rows.append(_appended(memory, batch, vocabulary, writers))
                batch = []
        if batch:
            rows.append(_appended(memory, batch, vocabulary, writers))
    finally:
        files = {kind: writer.close() for kind, writer in writers.items()}
    if missing:
        raise KeyError(next(iter(missing)))
    memory.files.update(files)
    memory.rows, memory.codes = np.concatenate(rows), vocabulary.codes
    memory.found = joined([memory.found, blank(len(memory.rows) - len(memory.found.near), search.candidates)])


def _appended(
    memory: Memory, batch: Iterable[tuple[str, str, Compared]], vocabulary: Vocabulary, writers: Mapping[str, Writer]
) -> NDArray[Any]:
    """The rows of some notices, whose vectors and texts are written; bigrams are counted."""
    batch = list(batch)
    codes = [np.frombuffer(compared.codes, "<u8") for _, _, compared in batch]
    numbers = np.split(vocabulary.numbers(np.concatenate(codes)), np.cumsum(list(map(len, codes)))[:-1])
    made, counted = [], []
    for (identity, key, compared), own in zip(batch, numbers, strict=True):
        start = memory.notices[-1].start + memory.notices[-1].size if memory.notices else 0
        memory.notices.append(Held(identity, key, start, len(compared.texts), compared.digest))
        made.append(_rows(compared, len(memory.notices) - 1, memory.notices[-1], writers))
        places = np.frombuffer(b"".join(text.grams for text in compared.texts), place_type(len(own)))
        counted.append(own[places])
        writers["grams"].put(counted[-1].astype("<u4").tobytes())
        writers["weights"].put(b"".join(text.weights for text in compared.texts))
    memory.texts_with = counts(memory.texts_with, counted, len(vocabulary.codes))
    memory.notices_with = counts(memory.notices_with, numbers, len(vocabulary.codes))
    return np.concatenate(made)


def counts(
    before: NDArray[np.int32], grams: Sequence[NDArray[np.uint32]], size: int, sign: int = 1
) -> NDArray[np.int32]:
    """How often each of `size` bigrams stands in `before` and `grams` together, or without those of `grams`."""
    found = np.zeros(size, np.int32)
    found[: len(before)] = before
    every = np.concatenate(grams) if grams else np.zeros(0, np.uint32)
    return found + sign * np.bincount(every, minlength=size).astype(np.int32)


def _rows(compared: Compared, number: int, held: Held, writers: Mapping[str, Writer]) -> NDArray[Any]:
    rows = np.zeros(held.size, ROW)
    width = np.dtype(place_type(len(compared.codes) // 8)).itemsize
    rows["size"] = [len(text.grams) // width for text in compared.texts]
    rows["at"] = writers["grams"].file.size // 4 + np.cumsum(rows["size"]) - rows["size"]
    written = ["\t".join((text.task, text.anchor, text.label, text.text)).encode() for text in compared.texts]
    rows["text_size"] = list(map(len, written))
    rows["text_at"] = writers["texts"].file.size + np.cumsum(rows["text_size"], dtype=np.int64) - rows["text_size"]
    writers["texts"].put(b"".join(written))
    rows["notice"] = number
    task = 0
    for place, text in enumerate(compared.texts):
        task = task if text.label else place
        rows["task"][place] = held.start + task
    rows["part"] = [bool(text.label) for text in compared.texts]
    rows["topic"] = [number_of(text.topic, 4) if text.topic else 0 for text in compared.texts]
    rows["stamp"] = [number_of(f"{held.id} {held.digest} {place}", 8) for place in range(held.size)]
    return rows


def places(memory: Memory) -> tuple[Ints, Ints]:
    """Each row's place in the corpus, -1 where its notice is not in it; and the row at each place."""
    there = sorted((held.id, held.start, held.size) for held in memory.notices if not held.gone)
    ranges = [np.arange(start, start + count) for _, start, count in there]
    row_at = np.concatenate(ranges) if ranges else np.zeros(0, np.int64)
    place = np.full(len(memory.rows), -1, np.int64)
    place[row_at] = np.arange(len(row_at))
    return place, row_at


def number_of(text: str, size: int) -> int:
    """A number of so many bytes that stands for `text`, the same in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest(), "big")

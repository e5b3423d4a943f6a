"""The index of related tasks: after any change the same links as from nothing, whatever became of its folder."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.links.index import find
from notices.links.link import link
from notices.links.linking import Linking, compiled_rules
from notices.links.memory import recalled
from notices.links.nearest import cap, step_of
from notices.links.packed import Compared, compared
from notices.links.related import Related
from notices.links.similar import ONE, Search
from notices.model import Notice
from notices.running.parallel import shared
from support import rules
from test_links import DRAINAGE, DRAINAGE_TOO, LIBRARY, ROADS, SCHOOL, TEA, plan, topic

SENTENCES = [s for text in (DRAINAGE, DRAINAGE_TOO, SCHOOL, TEA, ROADS, LIBRARY) for s in text.split("，")]
IDS = [f"n{number:02d}" for number in range(16)]
VARIANTS = 3

Corpus = Mapping[str, int]  # id → which variant of its text


@cache
def ready(scan: int = 60, candidates: int = 4) -> Linking:
    """The rules, with so narrow a search that its bounds are reached by a few short texts."""
    return replace(compiled_rules(rules()), search=Search(scan, candidates))


@cache
def notice(identity: str, variant: int) -> Notice:
    draw = random.Random(f"{identity} {variant}")
    texts = ["，".join(draw.sample(SENTENCES, draw.randint(1, 5))) + "ABC"[variant] for _ in range(draw.randint(0, 4))]
    made = plan(identity, *texts)
    return replace(made, spans=(topic(draw.choice(["ST", "CY"])),)) if texts and variant else made


@cache
def texts_of(identity: str, variant: int) -> Compared:
    return compared(notice(identity, variant), ready())


def order_of(corpus: Corpus) -> list[tuple[str, str]]:
    return [(identity, f"{identity}/{corpus[identity]}") for identity in sorted(corpus)]


def load(keys: Sequence[str]) -> Iterator[tuple[str, Compared]]:
    """What is compared of the notices of `keys`, in an order of its own."""
    for key in random.Random(len(keys)).sample(list(keys), len(keys)):
        identity, _, variant = key.partition("/")
        yield key, texts_of(identity, int(variant))


def said(found: Related, corpus: Corpus) -> dict[str, Any]:
    """All that is said of each notice."""
    return {one: (found.links(one), found.key(one), found.beside(one)) for one in corpus}


def from_nothing(corpus: Corpus, linking: Linking | None = None) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return said(find(order_of(corpus), load, linking or ready(), Path(folder)), corpus)


def of_all() -> dict[str, int]:
    return dict.fromkeys(IDS, 0)


CORPORA = st.dictionaries(st.sampled_from(IDS), st.integers(0, VARIANTS - 1), max_size=len(IDS))
CHANGES = st.lists(st.tuples(st.sampled_from(IDS), st.integers(-1, VARIANTS - 1)), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(CORPORA, st.lists(CHANGES, max_size=5))
def test_after_any_changes_the_links_are_those_from_nothing(
    corpus: dict[str, int], changes: list[list[tuple[str, int]]]
) -> None:
    with TemporaryDirectory() as folder:
        assert said(find(order_of(corpus), load, ready(), Path(folder)), corpus) == from_nothing(corpus)
        for change in changes:
            for identity, variant in change:  # -1: it goes
                corpus = {**corpus, identity: variant}
                corpus = {one: number for one, number in corpus.items() if number >= 0}
            assert said(find(order_of(corpus), load, ready(), Path(folder)), corpus) == from_nothing(corpus)


def test_what_is_held_is_not_asked_for_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def noted(keys: Sequence[str]) -> Iterator[tuple[str, Compared]]:
        asked.extend(keys)
        return load(keys)

    find(order_of(of_all()), noted, ready(), tmp_path)
    assert sorted(asked) == [key for _, key in order_of(of_all())]
    asked.clear()
    find(order_of(of_all()), noted, ready(), tmp_path)
    assert asked == []
    find(order_of({**of_all(), "n03": 1, "x": 2}), noted, ready(), tmp_path)
    assert sorted(asked) == ["n03/1", "x/2"]


def test_one_more_notice_is_little_work(tmp_path: Path) -> None:
    """The files only grow by it, and most texts are not looked at again."""
    far = {f"far{number}": number for number in range(40)}

    def strange(keys: Sequence[str]) -> Iterator[tuple[str, Compared]]:
        for key in keys:
            identity, _, number = key.partition("/")
            letters = "".join(chr(0x4E00 + 40 * int(number) + i) for i in range(40))
            yield (
                key,
                compared(plan(identity, letters), ready()) if identity.startswith("far") else next(load([key]))[1],
            )

    find(order_of({**of_all(), **far}), strange, ready(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.bin")}
    find(order_of({**of_all(), **far, "x": 1}), strange, ready(), tmp_path)
    after = {path.name: path.read_bytes() for path in tmp_path.glob("*.bin")}
    assert before.keys() == after.keys(), "nothing was written anew"
    assert all(after[name].startswith(before[name]) for name in before)


def test_what_has_gone_does_not_fill_the_folder(tmp_path: Path) -> None:
    find(order_of(of_all()), load, ready(), tmp_path)
    few = dict.fromkeys(IDS[:4], 0)
    small = sum(len(one.texts) for one in (texts_of(identity, 0) for identity in few))
    assert said(find(order_of(few), load, ready(), tmp_path), few) == from_nothing(few)
    assert len(recalled(tmp_path, ready().search).rows) == small
    assert said(find(order_of(of_all()), load, ready(), tmp_path), of_all()) == from_nothing(of_all())


def test_processes_change_nothing(tmp_path: Path) -> None:
    corpus = of_all()
    alone = from_nothing(corpus)
    found = find(order_of(corpus), load, ready(), tmp_path, jobs=3)
    assert said(found, corpus) == alone
    links = shared(lambda some: [found.links(one) for one in some], sorted(corpus), 2, least=1)
    assert links == [alone[one][0] for one in sorted(corpus)], "in forked processes too"


def test_the_same_as_of_a_few_notices_at_hand() -> None:
    linking = compiled_rules(rules())
    notices = [notice(identity, 1) for identity in IDS]
    found = from_nothing(dict.fromkeys(IDS, 1), linking)
    expected = [one for one in link(notices, rules()) if one.kind == "related"]
    assert expected
    assert sorted(map(repr, (one for links, _, _ in found.values() for one in links))) == sorted(map(repr, expected))


def test_two_notices_of_one_key_are_two_notices(tmp_path: Path) -> None:
    def one_text(keys: Sequence[str]) -> Iterator[tuple[str, Compared]]:
        assert list(keys) == ["key"]
        yield "key", compared(plan("a", DRAINAGE, TEA), ready())

    found = find([("a", "key"), ("b", "key")], one_text, ready(), tmp_path)
    assert [(one.source, one.target, one.score) for one in found.links("b")] == [
        ("b#s1-t1", "a#s1-t1", 1.0),
        ("b#s1-t2", "a#s1-t2", 1.0),
    ]


def test_a_key_that_is_not_given_is_named_and_the_folder_stays_usable(tmp_path: Path) -> None:
    find(order_of(of_all()), load, ready(), tmp_path)
    more = {**of_all(), "x": 1, "y": 1}
    with pytest.raises(KeyError, match="y/1"):
        find(order_of(more), lambda keys: load([key for key in keys if key != "y/1"]), ready(), tmp_path)
    assert said(find(order_of(more), load, ready(), tmp_path), more) == from_nothing(more)


# --- keys and beside ---------------------------------------------------------------------------------------------


def test_a_key_changes_when_the_links_do_and_not_when_others_do(tmp_path: Path) -> None:
    made = {
        "a": compared(plan("a", DRAINAGE, SCHOOL), ready()),
        "b": compared(plan("b", DRAINAGE_TOO, TEA), ready()),
        "b2": compared(plan("b", DRAINAGE_TOO.replace("清淤", "检测"), TEA), ready()),
        "b3": compared(plan("b", ROADS, DRAINAGE_TOO, TEA), ready()),
        "c": compared(plan("c", LIBRARY), ready()),
        "d": compared(plan("d", DRAINAGE), ready()),
    }

    def found(**corpus: str) -> Related:
        return find(sorted(corpus.items()), lambda keys: ((key, made[key]) for key in keys), ready(), tmp_path)

    first = found(a="a", b="b")
    assert first.beside("a") == ["b"]
    assert found(a="a", b="b", c="c").key("a") == first.key("a"), "a notice that has nothing to do with it"
    others = [found(a="a", b="b2"), found(a="a", b="b3"), found(a="a", b="b", d="d"), found(a="a"), found(a="a", z="b")]
    keys = {other.key("a") for other in others}
    assert len(keys) == len(others)
    assert first.key("a") not in keys
    with pytest.raises(KeyError):
        first.links("c")


def test_beside_are_the_notices_that_the_links_lead_to() -> None:
    for links, _, beside in from_nothing(of_all()).values():
        assert {one.target.partition("#")[0] for one in links} <= set(beside)
        assert list(beside) == sorted(set(beside))


# --- what is compared of a notice --------------------------------------------------------------------------------


def test_what_is_compared_can_be_sent_and_kept() -> None:
    one = texts_of("n01", 1)
    assert pickle.loads(pickle.dumps(one)) == one
    codes = np.frombuffer(one.codes, "<u8")
    assert (np.diff(codes) > 0).all()
    for text in one.texts:
        places, weights = np.frombuffer(text.grams, "<u2"), np.frombuffer(text.weights, "<u2").astype(np.int64)
        assert (np.diff(places.astype(np.int64)) > 0).all()
        assert abs((weights**2).sum() / ONE**2 - 1) < 0.001, "of length one"


def test_the_digest_tells_texts_anchors_and_topics_apart() -> None:
    one = plan("a", DRAINAGE, TEA)
    moved = replace(one, clauses=(one.clauses[0], replace(one.clauses[1], anchor="s1-t9")))
    marked = replace(one, spans=(topic("ST"),))
    digests = {compared(n, ready()).digest for n in (one, moved, marked, plan("a", DRAINAGE, TEA + ROADS))}
    assert len(digests) == 4
    assert compared(replace(one, id="other"), ready()).digest in digests


@pytest.mark.parametrize("scan", [2, 3, 10, 60, 1200])
def test_bigrams_are_searched_by_while_their_lists_are_short_enough(scan: int) -> None:
    assert 2 ** (step_of(cap(scan)) / 2) <= scan < 2 ** (step_of(cap(scan) + 1) / 2)


# --- the folder --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["gone", "cut", "changed", "empty", "longer"])
@pytest.mark.parametrize("kind", ["state", "grams", "weights", "texts", "lists"])
def test_a_damaged_file_is_made_again(kind: str, what: str, tmp_path: Path) -> None:
    corpus, more = of_all(), {**of_all(), "x": 1}
    find(order_of(corpus), load, ready(), tmp_path)
    path = next(tmp_path.glob(f"{kind}*"))
    content = path.read_bytes()
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "empty": b"",
        "longer": content + b"left by a run that was killed",
    }
    path.unlink()
    if what in damaged:
        path.write_bytes(damaged[what])
    assert said(find(order_of(more), load, ready(), tmp_path), more) == from_nothing(more)


def test_other_rules_start_from_nothing(tmp_path: Path) -> None:
    find(order_of(of_all()), load, ready(), tmp_path)
    wide = ready(500, 6)
    assert said(find(order_of(of_all()), load, wide, tmp_path), of_all()) == from_nothing(of_all(), wide)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.parametrize("change", ["one more", "most gone"])
def test_killed_at_any_moment_the_folder_is_of_use(change: str, tmp_path: Path) -> None:
    before = of_all()
    after = {**before, "x": 1} if change == "one more" else dict.fromkeys(IDS[:5], 0) | {"x": 1}
    expected = from_nothing(after)
    find(order_of(before), load, ready(), tmp_path / "before")
    moment, done = 0, False
    while not done:
        moment += 1
        folder = tmp_path / str(moment)
        shutil.copytree(tmp_path / "before", folder)
        done = _runs_to_its_end(folder, after, moment)
        assert said(find(order_of(after), load, ready(), folder), after) == expected, moment
    assert moment > 5, "it was killed a few times"


def _runs_to_its_end(folder: Path, corpus: Corpus, moment: int) -> bool:
    """Run `find` in a process that is killed when it opens, renames or deletes a file for the `moment`th time."""
    child = os.fork()
    if not child:
        left = [moment]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in ("open", "os.rename", "os.remove") and str(folder) in str(arguments[0]):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        find(order_of(corpus), load, ready(), folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0

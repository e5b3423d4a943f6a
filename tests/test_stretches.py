"""Shared stretches, found on arrays, are those of the plain definition, which goes from place to place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.chars import fold
from notices.comparing import stretches as made
from notices.comparing.answers import tasks_of
from notices.comparing.phrases import shared_wording
from notices.comparing.stretches import PLACES, SIZE
from notices.links.linking import compiled_rules
from support import SEEDS, notice_of, rules

LINKING = compiled_rules(rules())
EDGE = " 　，、：,:;（）()《》“”‘’\"'—-·"


class Stretch(NamedTuple):
    """`length` characters from `start` in text `one` of the first list, and from `there` in `other` of the second."""

    one: int
    start: int
    other: int
    there: int
    length: int


def pieces(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every text's number, and place and characters of its pieces."""
    for number, text in enumerate(texts):
        opened = LINKING.left_out.sub(lambda found: "\n" * len(found[0]), fold(text))
        for start in range(len(text) - SIZE + 1):
            if not re.search(r"[。；！？\n\t]", opened[start : start + SIZE]):
                yield number, start, text[start : start + SIZE]


def plain_stretches(first: Sequence[str], second: Sequence[str]) -> list[Stretch]:
    """Two places where pieces are the same, and all that follow them both one by one."""
    there: dict[str, list[tuple[int, int]]] = {}
    for other, place, piece in pieces(second):
        there.setdefault(piece, []).append((other, place))
    same = {(one, start, *spot) for one, start, piece in pieces(first) for spot in there.get(piece, [])[:PLACES]}
    found = []
    for one, start, other, place in same:
        if (one, start - 1, other, place - 1) not in same:
            more = 0
            while (one, start + more, other, place + more) in same:
                more += 1
            found.append(Stretch(one, start, other, place, more + SIZE - 1))
    return found


def plain_trimmed(first: Sequence[str], second: Sequence[str], found: Stretch) -> Stretch:
    """Without a figure that is cut, what is left of the phrase behind it, and the marks at the ends."""
    one, other, ahead = first[found.one], second[found.other], found.there - found.start

    def is_cut(text: str, at: int) -> bool:
        return 0 < at < len(text) and text[at - 1] in "0123456789.%" and text[at] in "0123456789.%"

    start, end = found.start, found.start + found.length
    while start < end and (is_cut(one, start) or is_cut(other, start + ahead)):
        start += 1
    while start < end and (is_cut(one, end) or is_cut(other, end + ahead)):
        end -= 1
    before = {text[at - 1] for text, at in ((one, start), (other, start + ahead)) if at}
    if before & set("0123456789.%") and (rest := re.match("[^，、]{0,4}[，、]", one[start:end])):
        start += rest.end()
    start += len(one[start:end]) - len(one[start:end].lstrip(EDGE))
    return Stretch(found.one, start, found.other, start + ahead, len(one[start:end].strip(EDGE)))


def as_found(first: Sequence[str], second: Sequence[str]) -> tuple[list[Stretch], list[Stretch]]:
    """What the arrays say, before and after they are trimmed, as texts and places in them."""
    both = made.laid(first, LINKING.left_out), made.laid(second, LINKING.left_out)
    whole = made.stretches(*both)
    result = []
    for some in (whole, made.trimmed(*both, whole)):
        rows = zip(some.firsts.tolist(), some.seconds.tolist(), some.lengths.tolist(), strict=True)
        result.append([Stretch(*placed(first, here), *placed(second, there), length) for here, there, length in rows])
    return result[0], result[1]


def placed(texts: Sequence[str], at: int) -> tuple[int, int]:
    """Which text a place of the laid-out texts is in, and where."""
    number = 0
    at -= 1
    while at > len(texts[number]):
        at -= len(texts[number]) + 1
        number += 1
    return number, at


#: Texts of few words, so that they share much by chance, and repeat more often than PLACES.
WORDS = ("医共体", "签约率达到", "90%", "95%以上，", "3", "10.5", "岁以下", "，", "、", "（", "》", "。", "；", "\n", "\t", "\U0002000b", "Ａ", "a", "（局牵头）")  # fmt: skip
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map("".join), max_size=4)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_stretches_are_those_of_the_plain_definition(first: list[str], second: list[str]) -> None:
    whole, trimmed = as_found(first, second)
    plain = plain_stretches(first, second)
    assert sorted(whole) == sorted(plain)
    expected = sorted(plain_trimmed(first, second, one) for one in plain)
    assert sorted(one for one in trimmed if one.length) == [one for one in expected if one.length]


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_any_text_has_its_stretches(first: list[str], second: list[str]) -> None:
    whole, _ = as_found([*first, *second], second)
    assert sorted(whole) == sorted(plain_stretches([*first, *second], second))


def test_a_piece_in_very_many_places_is_looked_at_in_some_only() -> None:
    many = ["健康浙江行动。" * (PLACES + 5)]
    assert len(as_found(["健康浙江行动"], many)[0]) == PLACES


@pytest.mark.parametrize(
    ("ones", "others", "shown"),
    [
        (
            "建立健全管理台账。按月通报进展情况。",
            "建立健全管理台账。按月通报进展情况。",
            ["建立健全管理台账。按月通报进展情况"],
        ),
        ("甲乙丙丁戊己。子丑寅卯辰巳。", "子丑寅卯辰巳。甲乙丙丁戊己。", ["甲乙丙丁戊己", "子丑寅卯辰巳"]),
        ("甲乙丙丁戊己。\n子丑寅卯辰巳。", "甲乙丙丁戊己。\n子丑寅卯辰巳。", ["甲乙丙丁戊己", "子丑寅卯辰巳"]),
        ("甲乙丙丁戊己8子丑寅卯辰巳", "甲乙丙丁戊己9子丑寅卯辰巳", ["甲乙丙丁戊己", "子丑寅卯辰巳"]),
    ],
    ids=["one after the other", "the other way round", "of two lines", "a figure between"],
)
def test_sentences_that_follow_each_other_in_both_are_marked_as_one(ones: str, others: str, shown: list[str]) -> None:
    found = shared_wording([ones], [others], re.compile("^$"), LINKING.left_out).first[0]
    assert [ones[start:end] for start, end in found] == shown


def test_of_the_notices_in_store_too() -> None:
    plans = [[task.text for task in tasks_of(notice_of(path))] for path in SEEDS]
    for first in plans:
        for second in plans:
            assert sorted(as_found(first, second)[0]) == sorted(plain_stretches(first, second))

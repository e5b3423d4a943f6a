"""Spans become markup that nests, wherever they stand, and never change what is read."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown
from notices.emit.inline import Wrap, render, without_nested_links, wrap

TEXT = "完成全年25.39万人的签约目标数，《意见<稿>》落实到位"
MARKDOWN = Markdown(extensions=["attr_list"])

ranges = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted).filter(lambda r: r[0] < r[1])
wraps = st.lists(
    st.tuples(ranges, st.sampled_from(["span", "time", "em"])).map(
        lambda w: wrap(w[0][0], w[0][1], w[1], f'class="{w[1]}"')
    ),
    max_size=8,
)


def rendered(markdown: str) -> html.HtmlElement:
    MARKDOWN.reset()
    return html.fragment_fromstring(MARKDOWN.convert(markdown), create_parent="div")


@given(wraps, ranges)
def test_the_text_is_read_as_it_stands_under_any_spans(every: list[Wrap], part: tuple[int, int]) -> None:
    made = render(TEXT, part[0], part[1], every)
    assert rendered(made).text_content().strip() == TEXT[part[0] : part[1]].strip()


@given(wraps)
def test_markup_is_closed_in_the_order_it_was_opened(every: list[Wrap]) -> None:
    stack: list[str] = []
    for closing, name in re.findall(r"<(/?)(span|time|em)\b", render(TEXT, 0, len(TEXT), every)):
        if closing:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []


def test_crossing_spans_are_cut_and_the_id_is_given_once() -> None:
    item = Wrap(0, 10, '<span id="s1-i1">', "</span>", "<span>")
    crossing = wrap(5, 15, "time", 'datetime="2020"')
    made = render(TEXT, 0, 20, [crossing, item])
    assert made.count('id="s1-i1"') == 1
    assert made.count("<time") == 2


def test_of_two_links_that_overlap_the_first_stays() -> None:
    first, second, apart = (wrap(a, b, "a", f'href="{a}"', True) for a, b in ((3, 9), (5, 12), (12, 14)))
    assert without_nested_links([first, second, apart]) == [first, apart]

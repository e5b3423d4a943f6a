"""A PDF never loses a character in silence: each that is printed is read, or written as U+FFFD and flagged."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats.make import docx, paragraph
from formats.pdfs import EM, LEFT, PITCH, TOP, Rule, Sheet, Text, known, pdf, ruled, subset, width
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.chars import is_text
from notices.errors import Unreadable
from notices.pipeline import convert_file
from notices.read.pdf.document import read_pdf
from notices.read.pdf.glyphs import LOST, MAX_GLYPHS, Glyph, singles
from notices.read.word.document import read_word
from support import rules

LONG = "深化县域医共体建设，完善县乡村一体化管理机制，推动人员统一管理。"
DATE = "2023年3月15日"


def page(*texts: Text | Rule, picture: bool = False) -> list[Sheet]:
    """One page with these texts above a paragraph that everybody can read."""
    return [Sheet([*texts, *(Text(LEFT, 500 - PITCH * k, EM, LONG) for k in range(3))], picture=picture)]


def apart(text: str, y: float = TOP) -> list[Text]:
    """Every character in a text object of its own, as programs write that place each one by itself."""
    return [Text(LEFT + width(text[:k], EM), y, EM, char) for k, char in enumerate(text)]


def flags(sheets: list[Sheet], meaning: dict[str, str] | None = None) -> tuple[str, list[tuple[str, str]]]:
    """The first line that is read, and (severity, code) of what is flagged."""
    made = read_pdf(pdf(sheets, subset(sheets, meaning or {})))
    return made.blocks[0].text, [(problem.severity, problem.code) for problem in made.problems]


def test_a_character_by_itself_whose_shape_is_not_in_the_file_is_read() -> None:
    assert flags(page(*apart("二〇二三年三月五日"))) == ("二〇二三年三月五日", [])


@pytest.mark.parametrize("encoding", ["UniGB-UCS2-H", "GBK-EUC-H", "GB-EUC-H"])
def test_a_font_that_readers_know_by_name_need_not_be_in_the_file(encoding: str) -> None:
    sheets = page(*apart("二零二三年三月五日"))
    made = read_pdf(pdf(sheets, known(encoding)))
    assert (made.blocks[0].text, made.problems) == ("二零二三年三月五日", ())


#: What a font's table of characters may say of 年 that is no character: nothing, NUL, a control, half of a pair, a
#: noncharacter.
NOTHING = {
    "no entry": "",
    "NUL": "0000",
    "control": "0007",
    "half of a pair": "d800",
    "U+FFFE": "fffe",
    "U+FFFF": "ffff",
}


@pytest.mark.parametrize("said", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("texts", [apart(DATE), [Text(LEFT, TOP, EM, DATE)]], ids=["each by itself", "in one"])
def test_a_character_that_the_font_does_not_tell_is_marked_and_flagged(texts: list[Text], said: str) -> None:
    assert flags(page(*texts), {"年": said}) == (f"2023{LOST}3月15日", [("review", "pdf-no-unicode")])


def test_the_flag_tells_the_page_how_many_and_the_line() -> None:
    sheets = [*page(), *page(Text(LEFT, TOP, EM, DATE + DATE))]
    problem = read_pdf(pdf(sheets, subset(sheets, {"年": ""}))).problems[0]
    assert "第 2 页 2 个" in problem.detail
    assert LOST in read_pdf(pdf(sheets, subset(sheets, {"年": ""}))).text.split("\n")[problem.line - 1]


def test_past_one_character_in_five_the_file_is_set_aside() -> None:
    sheets = page()
    with pytest.raises(Unreadable, match="乱码"):
        read_pdf(pdf(sheets, subset(sheets, dict.fromkeys("深化县域医共体建设", ""))))


def test_a_code_of_two_bytes_is_never_taken_for_a_character() -> None:
    """Without an entry the library gives the code itself: here 4E00, which would read as 一."""
    sheets = page(Text(LEFT, TOP, EM, "丁" + DATE))
    made = read_pdf(pdf(sheets, subset(sheets, {"丁": ""}, first=0x4E00, wide=True)))
    assert made.text.split("\n")[0] == LOST + DATE
    assert [problem.code for problem in made.problems] == ["pdf-no-unicode"]


@pytest.mark.parametrize(("end", "start"), [("Covid-", "19疫情"), ("甲-", "乙"), ("2021-", "2023")])
def test_a_hyphen_at_the_end_of_a_line_is_read(end: str, start: str) -> None:
    made = read_pdf(pdf(page(Text(400, TOP, EM, end), Text(LEFT, TOP - PITCH, EM, start))))
    assert made.text.startswith(f"{end}\n{start}\n")
    assert made.problems == ()


def test_blanks_by_themselves_are_nothing_that_is_missing() -> None:
    line = [Text(LEFT, TOP, EM, "年"), *(Text(LEFT + EM + 8 * k, TOP, EM, " ") for k in range(4))]
    again = [Text(x, 560, EM, char) for char in " 　" for x in (LEFT, LEFT, LEFT + EM, 300)]
    assert flags(page(*line, *again)) == ("年", [])


def test_letters_of_one_shape_are_all_read() -> None:
    """The table may give several characters for one shape, as for ff; they stand at the same place."""
    assert flags(page(Text(LEFT, TOP, EM, "甲年乙")), {"年": "6708670865e5"}) == ("甲月月日乙", [])


def test_words_that_the_library_takes_for_bold_print_too_far_aside_are_flagged() -> None:
    assert flags(page(Text(LEFT, TOP, EM, "工作要点"), Text(LEFT + 10, TOP, EM, "工作要点"))) == (
        "工作要点", [("review", "pdf-text-unread")],
    )  # fmt: skip


def test_bold_print_made_by_printing_twice_is_read_once() -> None:
    twice = [Text(LEFT + aside, TOP, EM, "工作要点") for aside in (0.0, 0.4)]
    assert flags(page(*twice, *apart("年年", 600), *apart("年年", 600))) == ("工作要点", [])


def test_the_same_character_again_beside_itself_is_another() -> None:
    made = read_pdf(pdf(page(Text(LEFT, TOP, EM, "——''..共共"))))
    assert made.text.split("\n")[0] == "——''..共共"


@pytest.mark.parametrize(("aside", "count"), [(0.0, 1), (0.2, 1), (1.9, 2), (4.0, 2)])
def test_a_twin_lies_on_its_character_by_more_than_half(aside: float, count: int) -> None:
    assert len(singles([Glyph("'", 100 + x, 103 + x, 500, 16) for x in (0.0, aside)])) == count


def test_the_same_words_in_two_lines_are_two_lines() -> None:
    """Of flat boxes one above the other, with the same words, the library takes the second for bold print."""
    sheets = [Sheet([Text(LEFT, y, EM, text) for y, text in ((700, LONG), (600, "90%"), (500, "90%"), (400, "90%"))])]
    made = read_pdf(pdf(sheets, subset(sheets)))
    assert (made.text, made.problems) == (LONG + "\n90%\n90%\n90%\n", ())


def test_a_code_taken_for_a_digit_is_flagged() -> None:
    """Without an entry in its table a simple font's 51st character reads as the one that ASCII has there."""
    fifty = "".join(map(chr, range(0x4E00, 0x4E00 + 50)))
    sheets = page(Text(10, TOP, 8, fifty + "督查"))
    assert flags(sheets, {"督": ""}) == (f"{fifty}3查", [("review", "pdf-doubtful-text")])


def test_a_page_with_too_many_characters_is_set_aside() -> None:
    rows = [Text(1, 20.0 * n, 0.5, "年" * 1000) for n in range(MAX_GLYPHS // 1000 + 1)]
    with pytest.raises(Unreadable, match=f"第 1 页超过 {MAX_GLYPHS} 个字"):
        read_pdf(pdf([Sheet(rows)]))


# Scans with a layer of recognised text.


def test_text_behind_a_scan_is_flagged_as_recognised() -> None:
    hidden = [Text(LEFT, TOP - PITCH * k, EM, LONG, hidden=True) for k in range(4)]
    made = read_pdf(pdf([Sheet(hidden, picture=True)]))
    assert made.text == (LONG + "\n") * 4
    assert [(problem.severity, problem.code) for problem in made.problems] == [("review", "pdf-recognised")]
    assert "文字来自扫描识别" in made.problems[0].detail


def test_text_below_a_picture_of_the_whole_page_is_flagged_as_recognised() -> None:
    assert flags(page(picture=True))[1] == [("review", "pdf-recognised")]


def test_invisible_text_without_a_picture_is_flagged() -> None:
    hidden = Text(LEFT, TOP, EM, "看不见的文字", hidden=True)
    assert flags(page(hidden)) == ("看不见的文字", [("review", "pdf-hidden-text")])


# Tables over two pages.

HEAD = ("指标", "目标")
FIRST, SECOND = [HEAD, ("就诊率", "90%"), ("规范率", "62%")], [HEAD, ("接种率", "95%"), ("覆盖率", "80%")]


def tables(*rows: list[tuple[str, str]]) -> list[Sheet]:
    """A table on each page, the first below a paragraph."""
    return [Sheet([*([Text(LEFT, 760, EM, LONG)] if n == 0 else []), *ruled(one, 700)]) for n, one in enumerate(rows)]


def test_the_head_of_a_table_printed_again_on_the_next_page_is_in_the_ledger() -> None:
    made = read_pdf(pdf(tables(FIRST, SECOND)))
    table = made.blocks[-1]
    assert table.rows == (*FIRST, *SECOND[1:])
    assert [(p.rule, made.text[p.start : p.end]) for p in table.pieces if p.rule] == [
        ("pdf-table-head", "指标\t目标\n")
    ]


def test_another_table_on_the_next_page_is_another_table() -> None:
    other = [("单位", "电话"), *SECOND[1:]]
    assert [block.rows for block in read_pdf(pdf(tables(FIRST, other))).blocks[1:]] == [tuple(FIRST), tuple(other)]


def test_a_first_row_with_figures_is_no_head() -> None:
    same = [("就诊率", "90%"), ("规范率", "62%")]
    assert [block.rows for block in read_pdf(pdf(tables(same, same))).blocks[1:]] == [tuple(same)] * 2


# Whatever the table of characters says.

CHARS = "年月日卫生健康工作要点2035"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text(CHARS, min_size=1, max_size=6), min_size=1, max_size=8),
    st.dictionaries(st.sampled_from(CHARS), st.integers(0, 0xFFFF).map("{:04x}".format) | st.just("")),
    st.booleans(),
)
def test_every_character_is_read_or_marked_whatever_the_font_says(
    texts: list[str], meaning: dict[str, str], wide: bool
) -> None:
    sheets = page(*(Text(LEFT, TOP - 2 * PITCH * k, EM, text) for k, text in enumerate(texts)))
    try:
        made = read_pdf(pdf(sheets, subset(sheets, meaning, wide=wide)))
    except Unreadable:
        return
    assert all(char == "\n" or is_text(char) for char in made.text)
    assert made.text.encode("utf-8").decode("utf-8") == made.text
    assert all(problem.code != "pdf-text-astray" for problem in made.problems)
    told = [char for char in "".join(texts) if char not in meaning]
    assert not [char for char in set(told) if made.text.count(char) < told.count(char)]
    if LOST in made.text:
        assert "pdf-no-unicode" in [problem.code for problem in made.problems]


@pytest.mark.parametrize("said", NOTHING.values(), ids=NOTHING)
def test_such_a_file_is_published_for_review_with_the_gap_shown(said: str, tmp_path: Path) -> None:
    texts = ["某某县卫生健康局2023年卫生健康工作要点", "一、加强领导", LONG, "二、压实责任", LONG, "三、督查考核", LONG]
    sheets = [Sheet([Text(LEFT, TOP - 1.5 * PITCH * k, EM, text) for k, text in enumerate(texts)])]
    (tmp_path / "a.pdf").write_bytes(pdf(sheets, subset(sheets, {"局": said})))
    outcome = convert_file("a.pdf", tmp_path, rules())
    assert (outcome.status, outcome.reason) == ("review", "")
    assert outcome.document is not None
    assert f"某某县卫生健康{LOST}2023年" in outcome.document.published
    assert {"pdf-no-unicode", "character-lost"} <= {problem.code for problem in outcome.problems}


@given(st.integers(0, 0xFFFF))
@settings(deadline=None)
def test_a_symbol_of_a_word_file_is_a_character_or_marked(code: int) -> None:
    made = read_word(docx(paragraph(f'<w:r><w:sym w:font="Webdings" w:char="{code:04X}"/></w:r>')))
    assert all(char == "\n" or is_text(char) for char in made.text)
    if 0xD800 <= code <= 0xDFFF:
        assert made.text == LOST + "\n"
    made.text.encode("utf-8")

"""PDFs with text: lines become paragraphs by where they stand, and what is printed on every page is set aside."""

from __future__ import annotations

import io

import pytest
from formats.pdfs import (
    EM,
    LEFT,
    LINES,
    PITCH,
    RIGHT,
    TOP,
    Rule,
    Sheet,
    Text,
    broken,
    known,
    pdf,
    ruled,
    set_paragraphs,
)
from notices.errors import Unreadable
from notices.read.pdf.document import MAX_PAGES, Pdf, read_pdf
from pypdf import PdfReader, PdfWriter

LONG = "深化县域医共体建设，完善县乡村一体化管理机制，推动人员、财务、药品统一管理，力争县域就诊率达到90%以上，基层诊疗量占比达到65%左右。"
OTHER = (
    "健全现代医院管理制度，落实公立医院党委领导下的院长负责制，开展二级以上公立医院绩效考核，控制医疗费用不合理增长。"
)


def blocks(sheets: list[Sheet]) -> list[str]:
    """The paragraphs that are read of these pages."""
    return [block.text for block in read_pdf(pdf(sheets)).blocks]


def ledger(made: Pdf) -> list[tuple[str, str]]:
    """(rule, text) of what is not published, or not as it stood, in the order of the text."""
    pieces = sorted((*made.removed, *(piece for block in made.blocks for piece in block.pieces)))
    return [(piece.rule, made.text[piece.start : piece.end]) for piece in pieces if piece.rule]


def placed(*texts: Text | Rule) -> list[Sheet]:
    """One page with these texts."""
    return [Sheet(list(texts))]


def column(lines: list[str], x: float = LEFT, top: float = TOP, size: float = EM) -> list[Text]:
    """Lines below one another, flush at x."""
    return [Text(x, top - PITCH * k, size, line) for k, line in enumerate(lines)]


def test_lines_of_a_paragraph_are_joined_and_each_break_is_in_the_ledger() -> None:
    made = read_pdf(pdf(set_paragraphs([("indent", EM, LONG), ("indent", EM, OTHER)])))
    assert [block.text for block in made.blocks] == [LONG, OTHER]
    breaks = [text for rule, text in ledger(made) if rule == "pdf-line-break"]
    assert breaks == ["\n"] * (len(broken(LONG, 2 * EM)) + len(broken(OTHER, 2 * EM)) - 2)
    assert made.text.replace("\n", "") == LONG + OTHER + "—1—"


def test_a_short_line_ends_its_paragraph_and_an_indent_begins_one() -> None:
    paragraphs = [
        ("flush", EM, "各乡镇卫生院："),
        ("indent", EM, LONG),
        ("indent", EM, "特此通知。"),
        ("right", EM, "泗阳县卫生健康委员会"),
        ("right", EM, "2023年3月15日"),
    ]
    assert blocks(set_paragraphs(paragraphs)) == [text for _, _, text in paragraphs]


def test_a_paragraph_that_fills_its_last_line_ends_where_the_next_is_indented() -> None:
    full = "甲" * 26
    assert len(broken(full, 2 * EM)) == 1
    assert blocks(set_paragraphs([("indent", EM, full), ("indent", EM, LONG)])) == [full, LONG]


def test_a_long_number_that_did_not_fit_leaves_its_line_short_and_joined() -> None:
    lines = ["　" * 0 + "甲" * 25, "100000000元用于建设。"]
    assert blocks(placed(*column(lines), *column(["乙" * 28] * 3 + ["丙。"], top=TOP - 2 * PITCH))) != lines
    assert blocks(placed(*column(lines), *column(["乙" * 28] * 3 + ["丙。"], top=TOP - 2 * PITCH)))[0].startswith(
        "甲" * 25 + "100000000元"
    )


def test_a_heading_above_a_paragraph_stays_a_line_of_its_own() -> None:
    assert blocks(set_paragraphs([("indent", EM, "一、总体要求"), ("indent", EM, LONG)])) == ["一、总体要求", LONG]


def test_larger_type_is_never_joined_with_running_text() -> None:
    title = "某某县卫生健康委员会关于印发要点的通知全"
    assert blocks(placed(Text(LEFT, TOP, 22, title), *column(broken(LONG, 0), top=TOP - 40)))[0] == title


def test_paragraphs_that_are_set_apart_and_not_indented() -> None:
    first, second = broken(LONG, 0), broken(OTHER, 0)
    apart = column(second, top=TOP - PITCH * len(first) - 15)
    assert blocks(placed(*column(first), *apart)) == [LONG, OTHER]


def test_a_paragraph_goes_on_over_the_end_of_a_page_and_the_number_between_is_in_the_ledger() -> None:
    before = [("indent", EM, "（一）完善制度。")] * (LINES - 2)
    made = read_pdf(pdf(set_paragraphs([*before, ("indent", EM, LONG)])))
    assert made.blocks[-1].text == LONG
    assert [text for rule, text in ledger(made) if rule == "pdf-page-number"] == ["—1—\n", "—2—\n"]
    assert "—1—" in made.text[made.blocks[-1].pieces[0].start : made.blocks[-1].pieces[-1].end]


@pytest.mark.parametrize("number", ["— {} —", "- {} -", "{}", "第{}页", "第 {} 页 共 3 页", "{}/3", "－{}－", "·{}·"])
def test_page_numbers_in_the_forms_that_programs_print(number: str) -> None:
    sheets = [Sheet([*column(broken(LONG, 0)), Text(290, 60, 12, number.format(n))]) for n in (1, 2, 3)]
    assert blocks(sheets) == [LONG] * 3


def test_a_number_in_the_text_is_no_page_number() -> None:
    assert "12" in blocks(placed(*column(broken(LONG, 0)), Text(LEFT, TOP - 10 * PITCH, EM, "12")))


def test_a_running_head_is_set_aside_where_pages_repeat_it() -> None:
    sheets = [
        Sheet([Text(LEFT, 800, 10, "泗阳县卫生健康委员会文件选编"), *column(broken(text, 0))]) for text in (LONG, OTHER)
    ]
    made = read_pdf(pdf(sheets))
    assert [block.text for block in made.blocks] == [LONG, OTHER]
    assert [rule for rule, text in ledger(made) if "选编" in text] == ["pdf-running-head"] * 2


def test_a_line_at_the_top_of_one_page_alone_is_text() -> None:
    assert (
        blocks(placed(Text(LEFT, 800, EM, "泗阳县卫生健康委员会文件"), *column(broken(LONG, 0))))[0]
        == "泗阳县卫生健康委员会文件"
    )


def test_a_ruled_table_is_rows_of_cells() -> None:
    rows = [("指标", "目标", "单位"), ("就诊率", "90%", "医政股")]
    made = read_pdf(pdf(set_paragraphs([("indent", EM, LONG)], table=rows, after="2023年3月15日印发")))
    assert [(block.kind, block.text) for block in made.blocks] == [
        ("text", LONG), ("table", "指标\t目标\t单位\n就诊率\t90%\t医政股"), ("text", "2023年3月15日印发"),
    ]  # fmt: skip


def test_a_line_broken_inside_a_cell_is_one_cell() -> None:
    cells = ruled([("指标", "目标"), ("", "90%"), ("孕产妇", "93%")], 500)
    made = read_pdf(pdf(placed(*cells, Text(LEFT + 4, 461, 8, "居民健康素养"), Text(LEFT + 4, 452, 8, "水平达到"))))
    assert made.blocks[0].text == "指标\t目标\n居民健康素养水平达到\t90%\n孕产妇\t93%"


def test_a_red_line_is_no_table() -> None:
    assert {
        block.kind for block in read_pdf(pdf(placed(*column(broken(LONG, 0)), Rule(LEFT, 600, RIGHT, 600)))).blocks
    } == {"text"}


def test_words_set_apart_to_fill_the_line_are_no_separate_words() -> None:
    spread = [Text(LEFT + 40 * k, TOP, 22, char) for k, char in enumerate("泗阳县卫生健康委")]
    assert blocks(placed(*spread))[0] == "泗阳县卫生健康委"


def test_two_columns_are_read_one_after_the_other_and_flagged() -> None:
    left, right = ["甲" * 12] * 11 + ["甲。"], ["乙" * 12] * 11 + ["乙。"]
    made = read_pdf(pdf(placed(*column(left), *column(right, x=320))))
    assert [block.text for block in made.blocks] == ["甲" * 132 + "甲。", "乙" * 132 + "乙。"]
    assert [problem.code for problem in made.problems] == ["pdf-columns"]


def test_a_page_that_is_turned_for_its_reader() -> None:
    lines = [Text(100 + PITCH * k, 80, EM, line, upward=True) for k, line in enumerate(broken(LONG, 0))]
    made = read_pdf(pdf([Sheet(lines, turned=90)]))
    assert ([block.text for block in made.blocks], made.problems) == ([LONG], ())


def test_text_that_does_not_stand_upright_is_flagged() -> None:
    made = read_pdf(pdf(placed(*column(broken(LONG, 0)), Text(40, 200, EM, "内部资料", upward=True))))
    assert [problem.code for problem in made.problems] == ["pdf-slanted"]


def test_a_page_without_text_among_others_is_flagged() -> None:
    made = read_pdf(pdf([*set_paragraphs([("indent", EM, LONG)]), Sheet([], picture=True)]))
    assert [(problem.severity, problem.code) for problem in made.problems] == [("review", "pdf-scanned-page")]
    assert "第 2 页" in made.problems[0].detail


def locked(data: bytes, user: str) -> bytes:
    """A PDF with a password for its owner, and for its reader where `user` is one."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


GOOD = pdf(set_paragraphs([("indent", EM, LONG)] * 3))
BAD = {
    "scanned": (pdf([Sheet([], picture=True)] * 3), "扫描件"),
    "scanned with page numbers": (pdf([Sheet([Text(290, 60, 12, str(n))], picture=True) for n in range(3)]), "扫描件"),
    "empty": (pdf([Sheet([])]), "没有可以取出的文字"),
    "font without a table of characters": (
        pdf(set_paragraphs([("indent", EM, LONG)] * 3), known("Identity-H")),
        "乱码",
    ),
    "private characters": (pdf(set_paragraphs([("indent", EM, "\ue123\ue124\ue125" * 20)] * 3)), "乱码"),
    "locked": (locked(GOOD, "secret"), "密码"),
    "cut off": (GOOD[:400], "损坏"),
    "head alone": (b"%PDF-1.7\n", "损坏"),
    "too many pages": (pdf([Sheet([])] * (MAX_PAGES + 1)), f"超过 {MAX_PAGES} 页"),
}


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_a_pdf_that_cannot_be_read_says_why_and_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        read_pdf(data)
    assert refused.value.reason.endswith("。")
    assert "请" in refused.value.reason


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert [block.text for block in read_pdf(locked(GOOD, "")).blocks] == [LONG] * 3

"""Word files: what their readers see is what is read, numbers that Word counts included; nothing hostile is opened."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from formats.make import WORD as PLACE
from formats.make import W, docx, notice_docx, numbering, paragraph, styles
from notices.errors import Unreadable
from notices.read.word.document import Word, read_word
from notices.read.word.numeral_forms import as_numeral


def t(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    """A paragraph."""
    return paragraph("".join(runs), properties)


def word(*content: str, **parts: str) -> Word:
    """What is read of a docx with this body."""
    return read_word(docx("".join(content), parts=parts))


def lines(*content: str, **parts: str) -> list[str]:
    """The lines of that docx, blank ones left out."""
    return [line for line in word(*content, **parts).text.split("\n") if line]


BOX = "<w:txbxContent>{}</w:txbxContent>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
#: What is written in a paragraph, and the lines that a reader sees.
INLINE = {
    "runs": (t("推进") + t("改革"), ["推进改革"]),
    "tab": (t("宝山区") + "<w:r><w:tab/></w:r>" + t("2023年"), ["宝山区\t2023年"]),
    "line break": (t("上半年") + "<w:r><w:br/></w:r>" + t("下半年"), ["上半年", "下半年"]),
    "page break": (t("上页") + '<w:r><w:br w:type="page"/></w:r>' + t("下页"), ["上页", "下页"]),
    "no-break hyphen": (t("2021") + "<w:r><w:noBreakHyphen/></w:r>" + t("2023"), ["2021-2023"]),
    "soft hyphen": (t("卫") + "<w:r><w:softHyphen/></w:r>" + t("生"), ["卫生"]),
    "white space in a run": (t("卫生\n健康"), ["卫生 健康"]),
    "checked box": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + t("主动公开"), ["☑主动公开"]),
    "unknown symbol": ('<w:r><w:sym w:font="Webdings" w:char="F041"/></w:r>' + t("字"), ["\uf041字"]),
    "link": ('<w:hyperlink r:id="rId9">' + t("县政府网站") + "</w:hyperlink>", ["县政府网站"]),
    "content control": ("<w:sdt><w:sdtContent>" + t("2023年") + "</w:sdtContent></w:sdt>", ["2023年"]),
    "field: its result": (
        FIELD.format("begin") + "<w:r><w:instrText>DATE</w:instrText></w:r>" + FIELD.format("separate") + t("3月") + FIELD.format("end"),
        ["3月"],
    ),
    "field in a field": (
        FIELD.format("begin") + "<w:r><w:instrText>IF </w:instrText></w:r>" + FIELD.format("begin") + FIELD.format("separate")
        + t("条件") + FIELD.format("end") + FIELD.format("separate") + t("结果") + FIELD.format("end") + t("。"),
        ["结果。"],
    ),
    "pinyin above a character": ("<w:r><w:ruby><w:rt>" + t("hù") + "</w:rt><w:rubyBase>" + t("沪") + "</w:rubyBase></w:ruby></w:r>", ["沪"]),
    "inserted": ('<w:ins w:id="1">' + t("新增") + "</w:ins>" + t("内容"), ["新增内容"]),
    "deleted": (t("保留") + '<w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>', ["保留"]),
    "moved": ('<w:moveFrom w:id="1">' + t("旧处") + '</w:moveFrom><w:moveTo w:id="2">' + t("新处") + "</w:moveTo>", ["新处"]),
    "hidden": (t("看得见") + t("看不见", "<w:vanish/>"), ["看得见"]),
    "hidden switched off": (t("看得见", '<w:vanish w:val="0"/>'), ["看得见"]),
    "text box, once": (
        t("正文") + f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{BOX.format(p(t("框里")))}</wps:txbx></w:drawing>'
        f'</mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX.format(p(t("框里")))}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>',
        ["正文", "框里"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("written", "seen"), INLINE.values(), ids=INLINE)
def test_a_paragraph_is_what_its_reader_sees(written: str, seen: list[str]) -> None:
    assert lines(p(written)) == seen


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next() -> None:
    first = p(t("推进"), properties='<w:rPr><w:del w:id="1"/></w:rPr>')
    assert lines(first, p(t("改革"))) == ["推进改革"]


def test_hidden_by_a_style() -> None:
    hidden = f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="S"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    assert lines(p(t("看不见"), properties='<w:pStyle w:val="S"/>'), p(t("看得见")), styles=hidden) == ["看得见"]


def test_notes_stand_behind_their_paragraph() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0">{p(t("——"))}</w:footnote>'
        f'<w:footnote w:id="2">{p(t("按常住人口计算。"))}</w:footnote></w:footnotes>'
    )
    made = word(
        p(t("达到90%"), '<w:r><w:footnoteReference w:id="2"/></w:r>', t("以上。")), p(t("二、")), footnotes=notes
    )
    assert made.text.split("\n")[:3] == ["达到90%以上。", "［注］按常住人口计算。", "二、"]
    assert [problem.code for problem in made.problems] == ["docx-notes"]


def test_contents_that_word_made_are_in_the_ledger() -> None:
    begin = FIELD.format("begin") + '<w:r><w:instrText> TOC \\o "1-2" </w:instrText></w:r>' + FIELD.format("separate")
    made = word(
        p(begin, t("一、总体要求"), "<w:r><w:tab/></w:r>", t("1")),
        p(t("二、任务")),
        p(FIELD.format("end")),
        p(t("正文")),
    )
    assert [block.text for block in made.blocks if block.text] == ["正文"]
    assert {piece.rule for piece in made.removed} == {"docx-contents"}


CODES = {
    "docx-revisions": p(t("保留"), '<w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>'),
    "docx-hidden": p(t("看不见", "<w:vanish/>")),
    "docx-unread": '<w:altChunk r:id="rId9"/>',
    "docx-comments": p(t("正文")),
    "docx-margins": p(t("正文")),
}


@pytest.mark.parametrize("code", CODES)
def test_what_is_left_out_is_reported(code: str) -> None:
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="1">{p(t("请核实"))}</w:comment></w:comments>'
    margin = f'<w:ftr xmlns:w="{W}">{p(t("内部资料 注意保存"))}</w:ftr>'
    parts = {"docx-comments": {"comments": comments}, "docx-margins": {"footer1": margin}}.get(code, {})
    problems = word(CODES[code], **parts).problems
    assert [problem.code for problem in problems] == [code]
    assert problems[0].detail.endswith("。")


def test_a_page_number_in_the_footer_is_no_news() -> None:
    margin = f'<w:ftr xmlns:w="{W}">{p(t("第"), t("3"), t("页 共"), t("9"), t("页"))}</w:ftr>'
    assert word(p(t("正文")), footer1=margin).problems == ()


# Numbers that Word counts.

NUMBERED = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'


def n(depth: int, text: str = "甲", num: int = 1) -> str:
    """A paragraph of a list."""
    return p(t(text), properties=NUMBERED.format(depth, num))


def lvl(depth: int, form: str, text: str, more: str = "") -> str:
    """A level of a list; `more`: elements besides."""
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'


def defined(*levels: str, nums: str = "") -> str:
    """numbering.xml with one abstract list, the list 1, and more lists."""
    first = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{first}{nums}</w:numbering>'


OFFICIAL = (lvl(0, "chineseCountingThousand", "%1、"), lvl(1, "chineseCounting", "（%2）"), lvl(2, "decimal", "%3."))


def shown(content: str, numbers: str, **parts: str) -> str:
    """The numbers of a body whose paragraphs all say 甲."""
    return " ".join(line.removesuffix("甲") for line in lines(content, numbering=numbers, **parts))


def test_the_levels_of_an_official_document_count_and_restart() -> None:
    body = "".join(n(depth) for depth in (0, 1, 1, 2, 2, 1, 2, 0, 1))
    assert shown(body, defined(*OFFICIAL)) == "一、 （一） （二） 1. 2. （三） 1. 二、 （一）"


def test_paragraphs_between_the_numbers_change_nothing() -> None:
    assert lines(n(0), p(t("总体要求。")), n(0), numbering=defined(*OFFICIAL)) == ["一、甲", "总体要求。", "二、甲"]


def test_an_empty_paragraph_counts_and_shows_no_number() -> None:
    assert lines(n(0), n(0, ""), n(0), numbering=defined(*OFFICIAL)) == ["一、甲", "三、甲"]


def test_a_level_that_never_restarts_runs_through_the_whole_text() -> None:
    running = (OFFICIAL[0], lvl(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'))
    assert shown("".join(n(d) for d in (0, 1, 1, 0, 1)), defined(*running)) == "一、 1. 2. 二、 3."


def test_a_number_of_several_levels() -> None:
    levels = (lvl(0, "chineseCounting", "第%1章"), lvl(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert shown("".join(n(d) for d in (0, 1, 1, 0, 1)), defined(*levels)) == "第一章 1.1 1.2 第二章 2.1"


def test_a_list_that_starts_afresh() -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    body = n(0) + n(0) + n(0, num=2) + n(0, num=2)
    assert shown(body, defined(*OFFICIAL, nums=again)) == "一、 二、 五、 六、"


def test_two_lists_of_one_definition_count_on() -> None:
    second = '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    assert shown(n(0) + n(0, num=2) + n(0), defined(*OFFICIAL, nums=second)) == "一、 二、 三、"


def test_a_list_that_changes_a_level() -> None:
    changed = f'<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">{lvl(0, "decimal", "（%1）")}</w:lvlOverride></w:num>'
    assert shown(n(0, num=2), defined(*OFFICIAL, nums=changed)) == "（1）"


def test_numbers_that_a_style_brings() -> None:
    body = p(t("甲"), properties='<w:pStyle w:val="H1"/>') + p(t("甲"), properties='<w:pStyle w:val="H2"/>')
    none = p(t("甲"), properties='<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert shown(body + none, numbering(), styles=styles()) == "一、 （一） "


def test_a_definition_that_points_to_a_numbering_style() -> None:
    link = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{OFFICIAL[0]}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    style = f'<w:styles xmlns:w="{W}"><w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style></w:styles>'
    assert shown(n(0), link, styles=style) == "一、"


def test_bullets_are_no_numbers() -> None:
    assert shown(n(0), defined(lvl(0, "bullet", "●"))) == ""


def test_a_form_of_numbers_that_nobody_uses_here_is_flagged() -> None:
    made = word(n(0), numbering=defined(lvl(0, "hebrew1", "%1.")))
    assert made.text.startswith("1.甲")
    assert [problem.code for problem in made.problems] == ["docx-number-form"]


FORMS: dict[str, dict[int, str]] = {
    "decimal": {1: "1", 12: "12"},
    "decimalZero": {1: "01", 12: "12"},
    "decimalFullWidth": {12: "１２"},
    "decimalEnclosedCircle": {1: "①", 20: "⑳", 21: "㉑", 50: "㊿", 51: "51"},
    "upperRoman": {4: "IV", 1999: "MCMXCIX"},
    "lowerLetter": {1: "a", 26: "z", 27: "aa"},
    "chineseCounting": {10: "十", 12: "十二", 20: "二十", 105: "一〇五"},
    "chineseCountingThousand": {
        10: "十",
        21: "二十一",
        105: "一百零五",
        110: "一百一十",
        1001: "一千零一",
        12000: "一万二千",
    },
    "chineseLegalSimplified": {21: "贰拾壹"},
    "japaneseCounting": {11: "十一"},
    "ideographTraditional": {1: "甲", 10: "癸", 11: "11"},
    "ideographZodiac": {12: "亥"},
}


@pytest.mark.parametrize("form", FORMS)
def test_numbers_in_the_forms_of_word(form: str) -> None:
    assert {number: as_numeral(number, form) for number in FORMS[form]} == FORMS[form]


# Tables.


def table(*rows: str) -> str:
    """A table of rows of cells; a cell "→2:text" spans two columns, "↓" begins and "·" goes on one from above."""
    made = ""
    for row in rows:
        made += "<w:tr>"
        for cell in row.split("|"):
            text, mark = cell, ""
            if cell.startswith("→"):
                mark, text = f'<w:gridSpan w:val="{cell[1]}"/>', cell[3:]
            elif cell[:1] in ("↓", "·"):
                mark, text = '<w:vMerge w:val="restart"/>' if cell[0] == "↓" else "<w:vMerge/>", cell[1:]
            made += f"<w:tc><w:tcPr>{mark}</w:tcPr>{p(t(text))}</w:tc>"
        made += "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def test_a_data_table_stays_a_table() -> None:
    made = word(p(t("见下表。")), table("指标|目标", "就诊率|90%"), p(t("以上。")))
    assert [(block.kind, block.text) for block in made.blocks] == [
        ("text", "见下表。"),
        ("table", "指标\t目标\n就诊率\t90%"),
        ("text", "以上。"),
    ]
    assert made.blocks[1].rows == (("指标", "目标"), ("就诊率", "90%"))
    assert [block.line for block in made.blocks] == [1, 2, 4]


def test_merged_cells_say_their_text_once() -> None:
    assert (
        word(table("→2:指标|单位", "↓就诊率|县|医政股", "·|乡|医政股")).blocks[0].text
        == "指标\t\t单位\n就诊率\t县\t医政股\n\t乡\t医政股"
    )


@pytest.mark.parametrize(
    "rows", [("一、总体要求",), ("甲|" + "很长的一段话。" * 50, "乙|丙")], ids=["one cell", "long cells"]
)
def test_a_table_that_arranges_the_page_is_its_paragraphs(rows: tuple[str, ...]) -> None:
    assert {block.kind for block in word(table(*rows)).blocks} == {"text"}


# Hostile and broken files.


def packed(members: dict[str, Any], **options: Any) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


DOCUMENT = f'<w:document xmlns:w="{W}"><w:body>{{}}</w:body></w:document>'
BODY = DOCUMENT.format(p(t("正文")))
HOSTILE = {
    "a bomb": (packed({"[Content_Types].xml": "", "word/document.xml": DOCUMENT.format(" " * 30_000_000)}), "大得不正常"),
    "a larger bomb": (packed({"[Content_Types].xml": "", "word/document.xml": DOCUMENT.format("甲" * 20_000_000)}), "大得不正常"),
    "too many members": (packed({"word/document.xml": BODY, **{f"word/{k}": "" for k in range(5001)}}), "多得不正常"),
    "an external entity": (
        packed({"word/document.xml": f'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>{DOCUMENT.format(p(t("&e;")))}'}), "DOCTYPE",
    ),
    "entities in entities": (packed({"word/document.xml": f'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>{BODY}'}), "DOCTYPE"),
    "no body": (packed({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "损坏"),
    "no xml": (packed({"word/document.xml": "正文"}), "损坏"),
    "cut off": (notice_docx(PLACE)[:3000], "损坏"),
    "too deep": (packed({"word/document.xml": DOCUMENT.format("<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300)}), "损坏"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refused:
        read_word(data)
    assert refused.value.reason.endswith("。")


def test_a_locked_member_is_refused() -> None:
    data = bytearray(packed({"word/document.xml": BODY}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="密码"):
        read_word(bytes(data))


def test_a_link_to_a_part_outside_is_never_followed() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    outside = f'<Relationship Id="r" Type="{office}/styles" Target="http://127.0.0.1:9/s.xml" TargetMode="External"/>'
    above = f'<Relationship Id="s" Type="{office}/numbering" Target="../../../../etc/passwd"/>'
    relations = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{outside}{above}</Relationships>'
    assert read_word(packed({"word/document.xml": BODY, "word/_rels/document.xml.rels": relations})).text == "正文\n"

"""Makes the Word, PDF and saved-page fixtures of tests/cases from one plan: python -m formats.make, in tests/.

Word counts the numbers itself (they are not in its text); the PDF is set on the page of GB/T 9704-2012 (22 lines of 28
characters, — 1 — at the foot); the saved page is a Chrome mhtml; the doc is what LibreOffice makes of the docx.
The fixtures are committed, so tests need no LibreOffice.
"""

from __future__ import annotations

import base64
import io
import quopri
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from formats.pdfs import EM, Sheet, pdf, set_paragraphs

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HAN = "一二三四五六七八九十"

#: (level, text): level 0 is a paragraph without number, 1 一、, 2 （一）, 3 1.
PLAN: list[tuple[int, str]] = [
    (0, "2023年是全面贯彻落实党的二十大精神的开局之年。全县卫生健康工作的总体要求是：坚持以人民健康为中心，深化医药卫生体制改革，推动优质医疗资源扩容和区域均衡布局，不断提升人民群众的获得感、幸福感和安全感。重点做好以下工作："),
    (1, "深化医药卫生体制改革"),
    (2, "推进紧密型县域医共体建设。完善县乡村一体化管理机制，推动人员、财务、药品统一管理，力争县域就诊率达到90%以上，基层医疗卫生机构诊疗量占比达到65%左右。6月底前完成医共体章程修订，并报县医改办备案。"),
    (3, "县人民医院牵头组建影像、检验、心电三个共享中心，年内实现基层检查、上级诊断、结果互认。"),
    (3, "乡镇卫生院按服务人口配备全科医生，每万名居民拥有全科医生3.5名以上；选派不少于20名骨干医师下沉基层坐诊带教。"),
    (3, "建立医保基金总额付费、结余留用、合理超支分担机制，引导医共体主动做好健康管理。"),
    (2, "健全现代医院管理制度。落实公立医院党委领导下的院长负责制，开展二级以上公立医院绩效考核，控制医疗费用不合理增长，医疗服务收入占比提高到32%。"),
    (2, "完善药品供应保障机制。常态化开展药品和医用耗材集中带量采购，保障短缺药品供应，加强合理用药监测。"),
    (1, "提升医疗卫生服务能力"),
    (2, "加强重点专科建设。实施临床重点专科能力提升工程，建成市级以上重点专科5个，胸痛、卒中、创伤等急救中心实现规范化运行。"),
    (3, "县中医院建成针灸、骨伤两个中医优势专科，基层中医馆覆盖率保持100%。"),
    (3, "推广中医适宜技术20项以上，每个村卫生室能够提供4类以上中医药服务。"),
    (2, "强化基层服务网底。按照“优质服务基层行”活动标准，新增达到推荐标准的乡镇卫生院2家，完成30个村卫生室标准化改造，实现村级医疗卫生服务全覆盖。"),
    (2, "改善患者就医体验。推行分时段预约诊疗、检查检验结果互认和“先诊疗后付费”，二级以上医院门诊患者平均预约等待时间缩短至30分钟以内。"),
    (1, "做优公共卫生和重点人群健康服务"),
    (2, "扎实做好传染病防控。健全监测预警和应急处置机制，优化发热门诊布局，适龄儿童国家免疫规划疫苗接种率保持在95%以上，结核病患者规范管理率达到90%以上。"),
    (3, "做好重点人群疫苗接种和健康监测，建立65岁以上老年人健康台账并按月更新。"),
    (3, "每季度开展一次突发公共卫生事件应急演练，物资储备满足30天满负荷运转需要。"),
    (2, "推进健康老龄化行动。二级以上综合医院设立老年医学科的比例达到60%以上，建成老年友善医疗机构10家，开展失能老年人上门健康服务。"),
    (2, "提升妇幼健康服务质量。孕产妇系统管理率、3岁以下儿童系统管理率均保持在93%以上，每千人口拥有3岁以下婴幼儿托位数达到3.6个。"),
    (1, "加强组织保障"),
    (2, "压实工作责任。各单位要细化任务分工，明确责任人和完成时限，主要负责同志每月调度一次。"),
    (2, "严格督查考核。县卫生健康委将对照下表开展季度督查，结果纳入年度综合考核。"),
]  # fmt: skip
TABLE = [
    ("指标", "目标值", "责任单位"),
    ("县域就诊率", "90%以上", "医政医管股"),
    ("居民健康素养水平", "30%以上", "健康促进股"),
    ("无偿献血人次", "6000人次", "医政医管股"),
]


class Place(NamedTuple):
    """Who issued the plan in one fixture; otherwise the fixtures say the same."""

    county: str
    number: str

    @property
    def issuer(self) -> str:
        return f"{self.county}卫生健康委员会"

    @property
    def title(self) -> str:
        return f"{self.county}卫生健康委员会关于印发2023年卫生健康工作要点的通知"


WORD = Place("泗阳县", "泗卫发〔2023〕12号")
PRINT = Place("德清县", "德卫发〔2023〕7号")
SAVED = Place("长汀县", "汀卫〔2023〕9号")
COVER = "现将《2023年卫生健康工作要点》印发给你们，请结合实际，认真贯彻落实。"
NAME = "2023年卫生健康工作要点"
DATE = "2023年3月15日"


def numbered() -> list[str]:
    """The plan line by line as a reader sees it, the numbers in the text; the table's rows with tabs."""
    counts = [0, 0, 0]
    lines = []
    for level, text in PLAN:
        label = ""
        if level:
            counts[level - 1] += 1
            counts[level:] = [0] * (3 - level)
            number = counts[level - 1]
            label = (f"{HAN[number - 1]}、", f"（{HAN[number - 1]}）", f"{number}.")[level - 1]
        lines.append(label + text)
    return [*lines, *("\t".join(row) for row in TABLE)]


def imprint(place: Place) -> str:
    """The last line of the version record (GB/T 9704-2012 §7.4.3)."""
    return f"{place.issuer}办公室　{DATE}印发"


def front(place: Place) -> list[str]:
    """The lines above the plan."""
    return [
        f"{place.issuer}文件",
        place.number,
        place.title,
        "各乡镇卫生院，县直各医疗卫生单位：",
        COVER,
        place.issuer,
        DATE,
        NAME,
    ]


def as_text(place: Place) -> str:
    """The notice as a text file."""
    return (
        "\n\n".join([*front(place), *numbered()[: len(PLAN)]])
        + "\n\n"
        + "\n".join(numbered()[len(PLAN) :])
        + f"\n\n{imprint(place)}\n"
    )


def run(text: str, size: int = 32, bold: bool = False, red: bool = False, font: str = "Noto Sans CJK SC") -> str:
    """A run of text; size in half points."""
    marks = ("<w:b/>" if bold else "") + ('<w:color w:val="FF0000"/>' if red else "")
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
    return (
        f'<w:r><w:rPr>{fonts}{marks}<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
CENTRE = '<w:jc w:val="center"/>'
RIGHT = '<w:jc w:val="right"/><w:ind w:right="640"/>'


def body(place: Place) -> str:
    """word/document.xml's paragraphs: the red head, the letter, the plan with automatic numbers, the table."""
    out = [
        paragraph(run(f"{place.issuer}文件", 56, True, True), CENTRE),
        paragraph(run(place.number), CENTRE),
        paragraph(run(place.title, 44), CENTRE),
        paragraph(run("各乡镇卫生院，县直各医疗卫生单位：")),
        paragraph(run(COVER), INDENT),
        paragraph(run(place.issuer), RIGHT),
        paragraph(run(DATE), RIGHT),
        paragraph(run(NAME, 44), CENTRE),
    ]
    for level, text in PLAN:
        style = {1: '<w:pStyle w:val="H1"/>', 2: '<w:pStyle w:val="H2"/>'}.get(level, "")
        direct = '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>' if level == 3 else ""
        out.append(paragraph(run(text, bold=level == 1), style + direct + INDENT))
    return "".join(out) + table() + paragraph(run(imprint(place), 28))


def table() -> str:
    """The table of the plan, with ruled cells."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = ""
    for row in TABLE:
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="2900" w:type="dxa"/></w:tcPr>{paragraph(run(text, 24))}</w:tc>' for text in row
        )
        rows += f"<w:tr>{cells}</w:tr>"
    grid = '<w:tblGrid><w:gridCol w:w="2900"/><w:gridCol w:w="2900"/><w:gridCol w:w="2900"/></w:tblGrid>'
    return f'<w:tbl><w:tblPr><w:tblW w:w="8700" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>{grid}{rows}</w:tbl>'


#: A4; 37 mm above, 28 mm left, a type area of 156 by 225 mm; 22 lines of 28 characters of 16 pt.
SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/>'
    "</w:sectPr>"
)
LEVELS = (
    ("chineseCountingThousand", "%1、", "H1"),
    ("chineseCountingThousand", "（%2）", "H2"),
    ("decimal", "%3.", ""),
)


def numbering(levels: tuple[tuple[str, str, str], ...] = LEVELS) -> str:
    """word/numbering.xml with one list."""
    made = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        + (f'<w:pStyle w:val="{style}"/>' if style else "")
        + f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text, style) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{made}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def styles() -> str:
    """word/styles.xml: two headings that bring their numbers along."""
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/><w:pPr><w:numPr>'
        + (f'<w:ilvl w:val="{level - 1}"/>' if level > 1 else "")
        + f'<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2)
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:pPr><w:spacing w:line="579" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>'
    return f'<w:styles xmlns:w="{W}">{normal}{headings}</w:styles>'


def footer() -> str:
    """word/footer1.xml: — 1 — at the foot."""
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return f'<w:ftr xmlns:w="{W}"><w:p><w:pPr>{RIGHT}</w:pPr>{run("— ", 28)}{field}{run(" —", 28)}</w:p></w:ftr>'


def docx(content: str, *, section: str = "", parts: dict[str, str] | None = None) -> bytes:
    """A docx whose body is `content`.  `parts`: more members, as styles, numbering, footer1, footnotes, comments."""
    parts = parts or {}
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = [
        ("rId1", "styles"),
        ("rId2", "numbering"),
        ("rId3", "footer1"),
        ("rId4", "footnotes"),
        ("rId5", "comments"),
    ]
    relations = "".join(
        f'<Relationship Id="{key}" Type="{office}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for key, name in kinds
        if name in parts
    )
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{name.rstrip("1")}+xml"/>'
        for name in parts
    )
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": rels.format(
            f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": rels.format(relations),
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{office}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{content}{section}</w:body></w:document>',
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, (2023, 3, 15, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return buffer.getvalue()


def notice_docx(place: Place) -> bytes:
    """The whole notice as a docx."""
    return docx(body(place), section=SECTION, parts={"styles": styles(), "numbering": numbering(), "footer1": footer()})


def web_page(place: Place) -> str:
    """The notice as a page of a government site, with its navigation and footer."""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in [*front(place)[3:], *numbered()[: len(PLAN)]])
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{place.title}-{place.county}人民政府</title></head><body>\n'
        f'<div class="nav"><a href="/">首页</a> <a href="/zwgk">政务公开</a></div>\n<h1>{place.title}</h1>\n'
        f'<p>文号：{place.number}</p>\n<div id="zoom">{lines}<table>{rows}</table><p>{imprint(place)}</p></div>\n'
        '<div class="foot">版权所有 备案号：闽ICP备12345678号</div></body></html>\n'
    )


def mhtml(html: bytes, url: str, coding: str = "quoted-printable", charset: str = "utf-8") -> bytes:
    """A page as Chrome saves it, with a picture beside it."""
    content = quopri.encodestring(html) if coding == "quoted-printable" else base64.encodebytes(html)
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: =?utf-8?Q?=E9=80=9A=E7=9F=A5?=\r\n"
        "Date: Wed, 15 Mar 2023 09:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        '\ttype="text/html";\r\n\tboundary="----MultipartBoundary--x1----"\r\n\r\n\r\n------MultipartBoundary--x1----\r\n'
        f"Content-Type: text/html; charset={charset}\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
        f"Content-Transfer-Encoding: {coding}\r\nContent-Location: {url}\r\n\r\n"
    )
    picture = (
        "\r\n------MultipartBoundary--x1----\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Location: https://www.example.gov.cn/a.png\r\n\r\niVBORw0KGgo=\r\n------MultipartBoundary--x1------\r\n"
    )
    return head.encode() + content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + picture.encode()


def notice_mhtml(place: Place) -> bytes:
    """The whole notice as a saved page."""
    return mhtml(web_page(place).encode(), "https://www.example.gov.cn/zwgk/2023/t20230315_9.html")


def notice_pdf(place: Place) -> bytes:
    """The whole notice as a PDF: the red head, the letter, the plan, the ruled table, the version record."""
    head, number, title, to, cover, issuer, date, name = front(place)
    cut = title.index("2023年卫生") + 7  # the title is too long for one line
    plain = [("centre", 28, head), ("centre", EM, number), ("centre", 22, title[:cut]), ("centre", 22, title[cut:])]
    plain += [
        ("flush", EM, to),
        ("indent", EM, cover),
        ("right", EM, issuer),
        ("right", EM, date),
        ("centre", 22, name),
    ]
    plain += [("indent", EM, line) for line in numbered()[: len(PLAN)]]
    sheets: list[Sheet] = set_paragraphs(plain, table=TABLE, after=imprint(place))
    return pdf(sheets)


def convert(data: bytes, suffix: str, wanted: str, name: str = "pdf") -> bytes:
    """What LibreOffice makes of a file.  `wanted`: its filter; `name`: the extension it gives."""
    program = shutil.which("soffice") or sys.exit("LibreOffice is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"in{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", wanted, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return (Path(folder) / f"in.{name}").read_bytes()


def main() -> None:
    """Write the fixtures."""
    (HERE / "plan.txt").write_text(as_text(WORD), encoding="utf-8")
    (CASES / "word-automatic-numbers.docx").write_bytes(notice_docx(WORD))
    (CASES / "page-saved-by-chrome.mhtml").write_bytes(notice_mhtml(SAVED))
    (CASES / "pdf-gb9704.pdf").write_bytes(notice_pdf(PRINT))
    (HERE / "plan.doc").write_bytes(convert(notice_docx(WORD), ".docx", "doc:MS Word 97", "doc"))


if __name__ == "__main__":
    main()

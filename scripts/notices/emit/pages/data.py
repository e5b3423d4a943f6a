"""docs/data.md (数据下载与字段说明): every file of the data, its rows, and what each field means.

Made from the definitions that also make the CSV headers and the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model import Output
from ..files import parts as of_notice
from ..files import schema
from ..files.cells import LIMIT
from ..files.corpus_file import FIELDS as CORPUS
from ..files.csv_files import TABLES
from ..files.definition import Definition, choice
from ..machine import dataset
from ..markdown import escape, table
from ..view import View
from .listing import page

HEAD = ("键", "名称", "说明", "类型")
ARCHIVE = "yaodian-data.zip"


def data_page(view: View) -> Iterator[Output]:
    """The page."""
    clauses = sum(len(notice.clauses) for notice in view.corpus.notices)
    files = [
        *((table_.path, table_.name, sum(map(table_.count, view.corpus.notices)), table_.about) for table_ in TABLES),
        ("data/corpus.jsonl", "语料", clauses, "一个条款一行 JSON，带全部标注"),
    ]
    parts = [
        f"本站{len(view.corpus.notices)}份通知的全部数据。",
        f'<p><a href="{ARCHIVE}" download>下载全部数据（ZIP）</a>，内有下列文件、每份通知的 JSON、校验码和说明。</p>',
        _files(files),
        "## 使用说明 {: #use }",
        *_advice(),
        *(
            part
            for table_ in TABLES
            for part in _section(table_.name, _name(table_.path), [c.definition for c in table_.columns])
        ),
        *_section("语料", "corpus.jsonl", CORPUS),
        *_notice(view),
    ]
    yield page(
        "data.md",
        "数据下载与字段说明",
        "工作要点的任务、指标、责任单位、引用文件数据，及字段说明。",
        parts,
        extra={"jsonld": dataset(view)},
    )


def _files(files: Sequence[tuple[str, str, int, str]]) -> str:
    rows: list[tuple[str, ...]] = [("文件", "内容", "行数", "说明")]
    for path, name, count, about in files:
        rows.append((f'<a href="{_name(path)}" download>{_name(path)}</a>', name, str(count), about))
    rows.append(('<a href="notice.schema.json">notice.schema.json</a>', "JSON Schema", "", "通知数据的格式（2020-12）"))
    return table(rows, "y-data", "数据文件", head=True)


def _name(path: str) -> str:
    return path.removeprefix("data/")


def _advice() -> Iterator[str]:
    yield (
        "CSV 用 UTF-8（带 BOM），双击即可用 Excel 或 WPS 打开。文字开头的 <code>&#39;</code> 是后加的，"
        "免得表格软件把编号、日期一样的文字和 <code>&#61;</code>、<code>&#64;</code> 开头的文字当成数、日期或公式；"
        "程序读取时去掉开头的一个 <code>&#39;</code>，就是原来的文字。"
        f"超过{LIMIT}字的单元格会截断并注明，全文在 JSON 里。"
    )
    yield "键是程序用的英文名，与 JSON 里的一致；CSV 的表头用中文名称。"
    yield (
        "通知文本是国家机关公文，依《中华人民共和国著作权法》第五条不受著作权保护。"
        "标注由程序生成，本站不另外主张权利；程序和规则以 MIT 许可发布。"
        "引用数据请写明：要点、网址和下载日期；引用某一条，请用它的永久网址，写法见[如何引用](cite.md)。"
    )
    yield "标注由程序作出，可能有错。请人核对的地方列在[待核对](review.md)里；标注做得多准，见[分数和样本数](quality.md)。"


def _section(name: str, file: str, fields: Sequence[Definition]) -> Iterator[str]:
    """A heading and the table of the fields."""
    yield f"## {name}（{file}） {{: #{file.replace('.', '-')} }}"
    yield _fields(name, fields)


def _fields(name: str, fields: Sequence[Definition]) -> str:
    rows: list[tuple[str, ...]] = [HEAD]
    for field in fields:
        kind = str(field.shape.get("title", "文本")) + ("" if field.required else "；可以没有")
        rows.append((f"<code>{field.key}</code>", escape(field.name), escape(field.about), escape(kind)))
    return table(rows, "y-data", f"{name}的字段", head=True)


def _notice(view: View) -> Iterator[str]:
    """The parts of a notice's JSON."""
    labels = schema.labels_of(view)
    yield "## 一份通知（notices/编号.json） {: #notice-json }"
    yield _fields("通知", schema.notice(labels))
    parts = (
        ("region", "地区（region）", of_notice.REGION),
        ("source", "来源（source）", of_notice.SOURCE),
        ("other-sources", "其他来源（other_sources）", of_notice.OTHER_SOURCE),
        ("clauses", "条款（clauses）", of_notice.CLAUSE),
        ("paragraphs", "段落（paragraphs）", of_notice.PARAGRAPH),
        ("items", "分项（items）", of_notice.ITEM),
        ("annotations", "标注（annotations）", _any_annotation(labels)),
    )
    for anchor, name, fields in parts:
        yield f"### {name} {{: #{anchor} }}"
        yield _fields(name, fields)
    for kind, name in schema.KINDS.items():
        yield f"### 标注的含义：{name}（{kind}） {{: #value-{kind} }}"
        yield _fields(f"标注含义：{name}", (*schema.VALUES[kind], *schema.CORRECTED))
    yield "### 主题代码 {: #topics }"
    topics = view.rules.tables["topics"].get("topic", ())
    codes = [(f"<code>{escape(topic['label'])}</code>", escape(topic["name"])) for topic in topics]
    yield table([("代码", "主题"), *codes], "y-data", "主题代码", head=True)
    for anchor, name, fields in (
        ("links", "联系（links）", of_notice.LINK),
        ("notes", "批注（notes）", of_notice.NOTE),
        ("ledger", "清理记录（ledger）", of_notice.LEDGER),
        ("problems", "问题（problems）", of_notice.PROBLEM),
    ):
        yield f"### {name} {{: #{anchor} }}"
        yield _fields(name, fields)


def _any_annotation(labels: Sequence[str]) -> tuple[Definition, ...]:
    """What annotations of all kinds have in common."""
    first, *others = schema.annotation("topic", labels)
    return (first._replace(shape=choice(schema.KINDS)), *others)

"""docs/data.md (数据下载与字段说明): every file of the data, its rows, and what each field means.

Made from the definitions that also make the CSV headers and the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...model import Output
from ..card import Card
from ..catalogue import Catalogue
from ..files import parts as of_notice
from ..files import schema
from ..files.cells import LIMIT
from ..files.corpus_file import FIELDS as CORPUS
from ..files.csv_files import TABLES
from ..files.definition import Definition, choice
from ..files.division import by_province, inside
from ..groups import Group, Rows, group
from ..machine import archive_of, dataset
from ..markdown import escape, table
from .listing import page

HEAD = ("键", "名称", "说明", "类型")
ARCHIVE = "yaodian-data.zip"
CORPUS_FILE = ("data/corpus.jsonl", "语料", "一个条款一行 JSON，带全部标注")
REVIEW = "data/review.csv"
Topics = Sequence[tuple[str, str]]  # label and name of each


class Facts(NamedTuple):
    """What the page says of the notices: how many, the rows of each table and of the corpus, the same by province where
    each has its own files, JSON-LD."""

    notices: int
    rows: tuple[int, ...]
    provinces: tuple[tuple[str, str, int, tuple[int, ...]], ...]  # folder, name, notices, rows
    jsonld: str


def data_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The page."""
    cards = catalogue.cards
    divided = by_province(cards) if len(cards) > catalogue.limits.notices else {}
    ordered = sorted(divided.items(), key=lambda item: catalogue.steps[item[1][0]][0].order)
    lines = tuple((folder, _named(catalogue, ids), len(ids), _sums(cards, ids)) for folder, ids in ordered)
    topics = tuple((topic["label"], topic["name"]) for topic in catalogue.topics)
    yield group("data", _page, Facts(len(cards), _sums(cards, cards), lines, dataset(catalogue)), topics)


def _sums(cards: Mapping[str, Card], ids: Iterable[str]) -> tuple[int, ...]:
    """Rows of each table, and clauses, of these notices together."""
    every = [(*cards[key].rows, cards[key].clauses) for key in ids]
    return tuple(map(sum, zip(*every, strict=True))) or (0,) * (len(TABLES) + 1)


def _named(catalogue: Catalogue, ids: Sequence[str]) -> str:
    """The name of the province that a folder is of."""
    return catalogue.steps[ids[0]][0].name


def _page(facts: Facts, topics: Topics, rows: Rows) -> list[Output]:
    abouts = [*((table_.path, table_.name, table_.about) for table_ in TABLES), CORPUS_FILE]
    files = [(path, name, count, about) for (path, name, about), count in zip(abouts, facts.rows, strict=True)]
    parts = [f"本站{facts.notices}份通知的全部数据。"]
    if facts.provinces:
        parts.append("每个省一套文件，内容相同；ZIP 里有这个省的下列文件、每份通知的 JSON、校验码和说明。")
        parts.append(_provinces(facts.provinces))
    else:
        whole = "内有下列文件、每份通知的 JSON、校验码和说明。"
        parts.append(f'<p><a href="{ARCHIVE}" download>下载全部数据（ZIP）</a>，{whole}</p>')
        parts.append(_files(files))
    parts += [
        "## 使用说明 {: #use }",
        *_advice(),
        *(
            part
            for table_ in TABLES
            for part in _section(table_.name, _name(table_.path), [c.definition for c in table_.columns])
        ),
        *_section("语料", "corpus.jsonl", CORPUS),
        *_notice(topics),
    ]
    about = "工作要点的任务、指标、责任单位、引用文件数据，及字段说明。"
    return [page("data.md", "数据下载与字段说明", about, parts, extra={"jsonld": facts.jsonld})]


def _provinces(provinces: Sequence[tuple[str, str, int, tuple[int, ...]]]) -> str:
    """A line a province: its archive, and its files with their rows."""
    names = [*(table_.name for table_ in TABLES), CORPUS_FILE[1]]
    paths = [*(table_.path for table_ in TABLES), CORPUS_FILE[0]]
    lines: list[tuple[str, ...]] = [("省份", "通知", "全部（ZIP）", *names, "待核对")]
    for folder, name, notices, counted in provinces:
        files = (
            f'<a href="{_name(inside(path, folder))}" download>{count}行</a>'
            for path, count in zip(paths, counted, strict=True)
        )
        archive = f'<a href="{archive_of(folder)}" download>{archive_of(folder)}</a>'
        review = f'<a href="{_name(inside(REVIEW, folder))}" download>CSV</a>'
        lines.append((escape(name), f"{notices}份", archive, *files, review))
    made = table(lines, "y-data", "各省的数据文件", head=True)
    return (
        f'{made}\n\n<p><a href="notice.schema.json">notice.schema.json</a>：通知数据的格式（JSON Schema 2020-12）。</p>'
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


def _notice(topics: Topics) -> Iterator[str]:
    """The parts of a notice's JSON."""
    labels = [label for label, _ in topics]
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
    codes = [(f"<code>{escape(label)}</code>", escape(name)) for label, name in topics]
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

"""docs/llms.txt (llmstxt.org): what the site is, how its addresses are built and where the data lies, for programs that read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...model import Output
from ..card import Card
from ..catalogue import Catalogue
from ..groups import Group, Rows, group
from ..view import UNTITLED
from .csv_files import TABLES
from .division import inside

MOST = 500  # notices listed one by one; of more, the index pages and the data files tell
PAGES = {
    "places/": "按地区",
    "years/": "按年份",
    "topics/": "按主题",
    "targets/": "量化指标",
    "units/": "责任单位",
    "timeline/": "时间表",
    "citations/": "引用文件",
    "terms/": "名词解释",
}
OPTIONAL = ("[关于本站](about/): 文字从哪里来，哪些不能保证", "[如何引用](cite/): 引用的写法")
_HEAD = """\
# 要点

> 中国地方政府和部门年度“工作要点”的逐条版本：每一条有不变的网址，文字与收到的文件一致，标注了责任单位、指标、期限和主题。

- 本站不是政府网站。通知文字照原件刊出；标注由程序作出，可能有错。引用时请核对原件。
- 一份通知的网址是 `notices/<编号>/`，编号由省、地区的拼音和年份组成，如 `{example}`。
- 一个条款的网址是 `notices/<编号>/#<锚点>`。锚点是照印的序号，从上到下用 - 连接：`s2-t5` 是第二部分第5项。
- 锚点的字母：`ch` 第X章，`a` 第X条，`s` “一、”，`c` “（一）”，`t` “1.”，`n` “（1）”，`i` “一是”，`p` 第几段。
- 一份通知的全部数据是 `data/notices/<编号>.json`：字段、条款全文、标注（字符偏移）、清理记录。没有写明的是 null，表示未载明。
- 网址和锚点发布以后不会取消；改过的旧锚点仍指向同一段文字，或说明那里原来写的是什么。
"""


def llms_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The file; its links are relative to the site's root.  Its size stays the same above MOST notices."""
    cards = list(catalogue.cards.values())
    listed = tuple(_notice(card) for card in cards) if len(cards) <= MOST else ()
    example = cards[0].id if cards else "<省>-<地区>-<年>"
    yield group("llms", _file, example, len(cards), listed, len(cards) > catalogue.limits.notices)


def _file(example: str, count: int, listed: Sequence[str], divided: bool, rows: Rows) -> list[Output]:
    parts = [_HEAD.format(example=example), _section("数据", _by_province() if divided else _data())]
    if count <= MOST:
        parts.append(_section("通知", listed))
    else:
        ids = "data/<省>/tasks.csv" if divided else "data/tasks.csv"
        parts.append(f"## 通知\n\n本站有{count}份通知，下面两页列出全部；编号也在 {ids} 里。\n")
    parts.append(_section("按什么查", _pages()))
    parts.append(_section("Optional", OPTIONAL))
    return [Output("llms.txt", "\n".join(parts).encode("utf-8"))]


def _section(name: str, lines: Iterable[str]) -> str:
    body = "".join(f"- {line}\n" for line in lines)
    return f"## {name}\n\n{body}"


def _notice(card: Card) -> str:
    facts = (card.name, card.issuer, card.doc_number, card.issued)
    about = _plain("，".join(fact for fact in facts if fact))
    title = _plain(card.title or UNTITLED)
    return f"[{title}](notices/{card.id}/): {about}（[JSON](data/notices/{card.id}.json)）"


def _by_province() -> Iterator[str]:
    """What is said of the data where each province has its own files."""
    yield "[数据下载与字段说明](data/): 每个省的文件，每个字段的意思"
    yield "[data/notice.schema.json](data/notice.schema.json): 一份通知的数据的格式（JSON Schema 2020-12）"
    yield "`data/<省>/corpus.jsonl`: 一个条款一行 JSON，带全部标注；<省>是编号的第一段，如 zhejiang"
    for table in TABLES:
        yield f"`{inside(table.path, '<省>')}`: {table.name}，{table.about}"


def _data() -> Iterator[str]:
    yield "[数据下载与字段说明](data/): 每个文件、每个字段的意思"
    yield "[data/corpus.jsonl](data/corpus.jsonl): 一个条款一行 JSON，带全部标注"
    yield "[data/notice.schema.json](data/notice.schema.json): 一份通知的数据的格式（JSON Schema 2020-12）"
    for table in TABLES:
        yield f"[{table.path}]({table.path}): {table.name}，{table.about}"


def _pages() -> Iterator[str]:
    for path, name in PAGES.items():
        yield f"[{name}]({path})"


def _plain(text: str) -> str:
    """Source text on one line of Markdown, where it can open no link, code or markup."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|~!" else c for c in flat)

"""What 待核对 says of one notice: where a person should look, why, and how to correct it, for the page and the table."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ...model import Notice
from ...rules import Rules
from ..around import Around
from ..files.cells import Cell, csv_rows
from ..files.csv_files import address
from ..files.definition import COUNT, FILLED, TEXT, Definition
from ..files.definition import words as one_of
from ..markdown import escape
from ..view import clause_name, short_name
from .findings import MARK, PROBLEM, TITLE, WORD, Finding, found_in, new_words
from .listing import clause_link

EXAMPLES = 3  # of a new word
COLUMNS = (
    Definition("notice", "通知编号", "永久编号", FILLED),
    Definition("place", "通知", "地区和年份", FILLED),
    Definition("url", "网址", "条款的永久网址；与某一条无关的问题为通知的网址", FILLED),
    Definition("clause", "条款", "序号和标题", TEXT),
    Definition("file", "原始文件", "raw/ 里的文件名", FILLED),
    Definition("line", "行号", "原始文件第几行；不清楚为空", COUNT),
    Definition("what", "类别", "为什么列在这里", one_of((MARK, TITLE, PROBLEM, WORD))),
    Definition("kind", "标注类别", "标注存疑时，是哪一类标注", TEXT),
    Definition("quote", "原文", "要看的那几个字", TEXT),
    Definition("context", "前后文", "所在的句子", TEXT),
    Definition("why", "原因", "为什么请人看", FILLED),
    Definition("how", "怎样更正", "照着做", FILLED),
    Definition("target", "写进哪个文件", "没有更正可写的为空", TEXT),
    Definition("snippet", "更正内容", "双击单元格，全选后复制，粘贴到左边那个文件的末尾", TEXT),
)
WHY = 10  # the column of the reason
PASTE = "姓名和日期要填上。写完运行 <code>python scripts/convert.py build</code>。"


class FindingRow(NamedTuple):
    """A place to look at: what it is counted under, the item of the list, the line of the table."""

    heading: str
    html: str
    line: bytes


class WordRow(NamedTuple):
    """A use of a word that the glossary lacks: the word, the use and the way to correct it as HTML, its cells."""

    quote: str
    use: str
    how: str
    cells: tuple[Cell, ...]


def finding_rows(notice: Notice, near: Around, rules: Rules) -> tuple[FindingRow, ...]:
    """A row a finding."""
    return tuple(FindingRow(one.heading, _item(one), csv_rows([_cells(one)])) for one in found_in(notice))


def word_rows(notice: Notice, near: Around, rules: Rules) -> tuple[WordRow, ...]:
    """A row a use of a new word; a word's first EXAMPLES are all that is asked for."""
    rows: list[WordRow] = []
    seen: Counter[str] = Counter()
    for one in new_words(notice, rules):
        seen[one.quote] += 1
        if one.clause and seen[one.quote] <= EXAMPLES:
            use = f"<br>{_context(one)} {clause_link(one.notice, one.clause)}"
            rows.append(WordRow(one.quote, use, _how(one), tuple(_cells(one))))
    return tuple(rows)


def _cells(one: Finding) -> list[Cell]:
    where = address(one.notice, one.clause.anchor) if one.clause else f"/notices/{one.notice.id}/"
    return [
        one.notice.id,
        short_name(one.notice),
        where,
        clause_name(one.clause) if one.clause else None,
        one.notice.document.source.path,
        one.line or None,
        one.what,
        one.kind,
        one.quote,
        one.before + one.quote + one.after,
        one.why,
        one.how,
        one.file,
        one.snippet,
    ]


def _item(one: Finding) -> str:
    where = clause_link(one.notice, one.clause, with_place=False) if one.clause else ""
    line = f"第{one.line}行" if one.line else ""
    place = "，".join(part for part in (f"<code>{escape(one.notice.document.source.path)}</code>", line) if part)
    kind = f"（{one.kind}）" if one.kind else ""
    words_ = f"{_context(one)}<br>" if one.quote or one.after else ""
    head = f"<strong>{one.what}{kind}</strong> {where}<br>{words_}{escape(one.why)}"
    return f'<li>{head}<br><span class="y-facts">{place}</span>{_how(one)}'


def _context(one: Finding) -> str:
    quote = f"<mark>{escape(one.quote)}</mark>" if one.quote else ""
    return escape(one.before) + quote + escape(one.after)


def _how(one: Finding) -> str:
    """The way to correct it, folded; only the words where there is nothing to paste."""
    if not one.snippet:
        return f'<br><span class="y-facts">{escape(one.how)}</span>'
    target = f"粘贴到 <code>{escape(one.file)}</code> 的末尾（没有这个文件就新建）。"
    sign = PASTE if one.what != WORD else ""
    return (
        f'<details class="y-own"><summary>怎样更正</summary><p>{escape(one.how)}{target}{sign}</p>'
        f"<pre><code>{escape(one.snippet)}</code></pre></details>"
    )

"""docs/review.md (待核对) and docs/data/review.csv: where a person should look, why, and how to correct it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ...duplicates.settle import CODES
from ...model import Output
from ..files.cells import Cell, csv_bytes
from ..files.csv_files import address
from ..files.definition import COUNT, FILLED, TEXT, Definition
from ..files.definition import words as one_of
from ..markdown import escape, table
from ..view import View, clause_name, short_name
from .findings import MARK, PROBLEM, TITLE, WORD, Finding, Word, by_notice, findings, words
from .listing import clause_link, page

MOST = 400  # entries on the page; the table always has them all
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
PASTE = "姓名和日期要填上。写完运行 <code>python scripts/convert.py build</code>。"


def review_files(view: View) -> Iterator[Output]:
    """Both files."""
    found = list(findings(view.corpus))
    new = words(view.corpus, view.rules)
    rows = [*map(_row, found), *(_word_row(word) for word in new)]
    yield Output("data/review.csv", csv_bytes([column.name for column in COLUMNS], rows))
    yield _page(found, new, view)


def _row(one: Finding) -> list[Cell]:
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


def _word_row(word: Word) -> list[Cell]:
    row = _row(word.examples[0])
    row[10] = f"{word.examples[0].why}共{word.count}处，见于{word.notices}份通知。"
    return row


def _page(found: Sequence[Finding], new: Sequence[Word], view: View) -> Output:
    clashes = [one for one in found if one.code in CODES]
    found = [one for one in found if one.code not in CODES]
    groups = by_notice(found)
    parts = ["程序没有把握的地方，列在这里请人看一眼。文字本身不受影响：它们都已照原文发布。"]
    if not found and not new and not clashes:
        parts.append("现在没有要核对的，什么也不用做。")
        return _made(parts)
    listed = _listed(groups)
    parts.append(_summary(groups, listed, len(new), view))
    parts.append("全部内容也在表格里：[review.csv](data/review.csv)，可以用 Excel 或 WPS 打开。")
    parts += _clashes(clashes)
    for key, shown in listed.items():
        parts.append(f"## {escape(short_name(view.notices[key]))} {{: #{key} }}")
        parts.append(f'<ul class="y-review">{"".join(map(_item, shown))}</ul>')
    if len(found) > MOST:
        parts.append(f"这一页列到第{MOST}处为止，其余{len(found) - MOST}处见表格。")
    if new:
        parts.append("## 名词解释里还没有的词 {: #words }")
        parts.append(f'<ul class="y-review">{"".join(map(_word, new[:MOST]))}</ul>')
    return _made(parts)


def _listed(groups: Mapping[str, list[Finding]]) -> dict[str, list[Finding]]:
    """The first findings, as many as the page holds, by notice."""
    listed: dict[str, list[Finding]] = {}
    left = MOST
    for key, group in groups.items():
        if left:
            listed[key] = group[:left]
            left -= len(listed[key])
    return listed


def _clashes(found: Sequence[Finding]) -> list[str]:
    """Published files that may be one notice, or are texts of one, under a heading of their own."""
    if not found:
        return []
    items = "".join(
        f'<li><a href="../notices/{one.notice.id}/">{escape(short_name(one.notice))}</a>：{_item(one)[4:]}'
        for one in found[:MOST]
    )
    return [
        "## 像是同一份通知的几个文件 {: #same }",
        "文号或题名相同、正文不同的，都照原样发布了，没有哪一份丢掉。请对照原网页，留下对的。",
        f'<ul class="y-review">{items}</ul>',
    ]


def _made(parts: list[str]) -> Output:
    return page("review.md", "待核对", "程序没有把握、请人核对的地方，以及怎样更正。", parts)


def _summary(groups: Mapping[str, list[Finding]], listed: Collection[str], new: int, view: View) -> str:
    """Counts by notice and kind of finding; a notice that is `listed` below is a link to its list."""
    rows: list[tuple[str, ...]] = [("通知", MARK, TITLE, PROBLEM, "合计")]
    total: Counter[str] = Counter()
    for key, group in groups.items():
        counts = Counter(one.what for one in group)
        total += counts
        name = escape(short_name(view.notices[key]))
        name = f'<a href="#{key}">{name}</a>' if key in listed else name
        rows.append((name, *_counts(counts)))
    quiet = len(view.corpus.notices) - len(groups)
    rows.append(("合计", *_counts(total)))
    made = table(rows[:MOST], "y-data", "各份通知有几处要核对", head=True) if groups else ""
    rest = f"另有{quiet}份通知没有要核对的。" if quiet else ""
    word = f"名词解释里还没有的词{new}个。" if new else ""
    return f"{made}\n\n{rest}{word}".strip()


def _counts(counts: Counter[str]) -> tuple[str, ...]:
    return (*(str(counts[what] or "") for what in (MARK, TITLE, PROBLEM)), str(counts.total()))


def _item(one: Finding) -> str:
    where = clause_link("../", one.notice, one.clause, with_place=False) if one.clause else ""
    line = f"第{one.line}行" if one.line else ""
    place = "，".join(part for part in (f"<code>{escape(one.notice.document.source.path)}</code>", line) if part)
    kind = f"（{one.kind}）" if one.kind else ""
    words_ = f"{_context(one)}<br>" if one.quote or one.after else ""
    head = f"<strong>{one.what}{kind}</strong> {where}<br>{words_}{escape(one.why)}"
    return f'<li>{head}<br><span class="y-facts">{place}</span>{_how(one)}</li>'


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
        f'<div class="y-own"><details><summary>怎样更正</summary><p>{escape(one.how)}{target}{sign}</p>'
        f"<pre><code>{escape(one.snippet)}</code></pre></details></div>"
    )


def _word(word: Word) -> str:
    first = word.examples[0]
    uses = "".join(
        f"<br>{_context(one)} {clause_link('../', one.notice, one.clause)}" for one in word.examples if one.clause
    )
    count = f"{word.count}处，{word.notices}份通知"
    return f'<li><strong>{escape(word.quote)}</strong> <span class="y-facts">{count}</span>{uses}{_how(first)}</li>'

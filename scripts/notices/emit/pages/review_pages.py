"""The pages 待核对 and their tables, put together from the rows of the notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...model import Output
from ..card import counts
from ..catalogue import Catalogue
from ..files.cells import csv_head, csv_rows
from ..files.division import by_province, inside
from ..groups import Group, Need, Rows, group
from ..markdown import escape, table
from ..tree import Index, Spot
from .findings import MARK, PROBLEM, SAME, TITLE
from .listing import HERE, TOP, page
from .review import COLUMNS, EXAMPLES, WHY, FindingRow, WordRow
from .spread import About, explanation, index_list, path_of, spread, titled, way

MOST = 400  # new words, and files that may be one notice, on the page
WORDS = 2_000  # new words in the table, where the other findings have one a province
ABOUT = About("待核对", "程序没有把握、请人核对的地方，以及怎样更正。", "处")
INTRO = "程序没有把握的地方，列在这里请人看一眼。文字本身不受影响：它们都已照原文发布。"
TABLE = "data/review.csv"
Named = tuple[str, str]  # notice id, and what it is called


class Word(NamedTuple):
    """A quoted word that the glossary lacks: how often, in how many notices, and the notices of its first uses."""

    quote: str
    times: int
    notices: int
    examples: tuple[str, ...]


class Whole(NamedTuple):
    """What only the first page says: how many notices have nothing to look at, files that may be one notice, new words."""

    quiet: int
    same: tuple[Named, ...]
    words: tuple[Word, ...]
    new: int  # all new words


def review_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The pages and tables."""
    cards = catalogue.cards
    found = {key: counts(card.findings_) for key, card in cards.items() if card.findings_}
    words = new_words(catalogue)
    same = tuple((key, cards[key].name) for key, here in found.items() if SAME in here)
    quiet = len(cards) - sum(any(heading != SAME for heading in here) for here in found.values())
    whole = Whole(quiet, same, words[:MOST], len(words))
    divided = len(cards) > catalogue.limits.notices

    def given(spot: Spot) -> tuple[object, ...]:
        names = tuple((key, cards[key].name) for key in spot.ids)
        table_of = inside(TABLE, next(iter(by_province(spot.ids)), "")) if divided and spot.ids else TABLE
        return names, table_of, None if spot.trail else whole

    def needs(spot: Spot) -> list[Need]:
        return [("findings", spot.ids)] if spot.trail else _needs(whole, spot.ids)

    def top(index: Index) -> Group:
        return group("review", _top, index, divided, whole, needs=_needs(whole, ()))

    yield from spread(catalogue.trees["review"], ABOUT, _page, given, needs, top)
    listed = words[:WORDS] if divided else words
    examples = tuple(sorted({key for word in listed for key in word.examples}))
    lines = () if divided else tuple(found)
    yield group("review table", _table, TABLE, lines, listed, needs=[("findings", lines), ("words", examples)])
    for folder, ids in by_province(cards).items() if divided else ():
        mine = tuple(key for key in ids if key in found)
        yield group(f"review table {folder}", _table, inside(TABLE, folder), mine, (), needs=[("findings", mine)])


def _needs(whole: Whole, ids: Sequence[str]) -> list[Need]:
    examples = sorted({key for word in whole.words for key in word.examples})
    return [("findings", tuple(sorted({*ids, *(key for key, _ in whole.same)}))), ("words", tuple(examples))]


def new_words(catalogue: Catalogue) -> tuple[Word, ...]:
    """Quoted shorthand that the glossary lacks, the commonest first."""
    count: Counter[str] = Counter()
    notices: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for key, card in catalogue.cards.items():
        for quote, times in counts(card.new_words_).items():
            if count[quote] < EXAMPLES:
                examples.setdefault(quote, []).append(key)
            count[quote] += times
            notices[quote] += 1
    ordered = sorted(count, key=lambda quote: (-count[quote], quote))
    return tuple(Word(quote, count[quote], notices[quote], tuple(examples[quote])) for quote in ordered)


def _table(path: str, notices: Sequence[str], words: Sequence[Word], rows: Rows) -> list[Output]:
    """review.csv: the findings of the notices, then new words."""
    lines = [row.line for key in notices for row in rows["findings", key]]
    for word in words:
        cells = list(_uses(word, rows)[0].cells)
        cells[WHY] = f"{cells[WHY]}共{word.times}处，见于{word.notices}份通知。"
        lines.append(csv_rows([cells]))
    return [Output(path, csv_head([column.name for column in COLUMNS]) + b"".join(lines))]


def _page(spot: Spot, names: Sequence[Named], table_of: str, whole: Whole | None, rows: Rows) -> list[Output]:
    """A page of findings; the only one also says what `whole` holds."""
    found = {key: [row for row in rows["findings", key] if row.heading != SAME] for key in spot.ids}
    parts = [*way(spot), INTRO]
    if whole and not any((found, whole.same, whole.words)):
        parts.append("现在没有要核对的，什么也不用做。")
        return [page(path_of(spot.address), ABOUT.title, ABOUT.description, parts)]
    parts.append(_summary(found, dict(names), whole))
    parts.append(f"全部内容也在表格里：[review.csv]({TOP}{table_of})，可以用 Excel 或 WPS 打开。")
    parts += _same(whole.same, rows) if whole else []
    for key, name in names:
        parts.append(f"## {escape(name)} {{: #{key} }}")
        parts.append(f'<ul class="y-review">{"".join(row.html for row in found[key])}</ul>')
    parts += _words(whole, rows) if whole else []
    return [page(path_of(spot.address), titled(ABOUT.title, spot.name), ABOUT.description, parts)]


def _top(index: Index, divided: bool, whole: Whole, rows: Rows) -> list[Output]:
    """The first page, where the findings stand on pages below it."""
    where = "各省的表格在[数据下载](data.md)里，新词的在" if divided else "全部内容也在表格里："
    parts = [
        INTRO,
        explanation(index, ABOUT),
        index_list(index.children, ABOUT),
        f"{where}[review.csv]({TABLE})，可以用 Excel 或 WPS 打开。",
        f"另有{whole.quiet}份通知没有要核对的。" if whole.quiet else "",
        *_same(whole.same, rows),
        *_words(whole, rows),
    ]
    return [page(path_of(index.address), ABOUT.title, ABOUT.description, filter(None, parts))]


def _same(same: Sequence[Named], rows: Rows) -> list[str]:
    """Published files that may be one notice, or are texts of one, under a heading of their own."""
    lines = [
        f'<li><a href="{HERE}notices/{key}/">{escape(name)}</a>：{row.html[4:]}'
        for key, name in same
        for row in rows["findings", key]
        if row.heading == SAME
    ]
    if not lines:
        return []
    return [
        "## 像是同一份通知的几个文件 {: #same }",
        "文号或题名相同、正文不同的，都照原样发布了，没有哪一份丢掉。请对照原网页，留下对的。",
        f'<ul class="y-review">{"".join(lines[:MOST])}</ul>',
    ]


def _words(whole: Whole, rows: Rows) -> list[str]:
    """New words, the commonest first."""
    if not whole.words:
        return []
    items = "".join(_word(word, _uses(word, rows)) for word in whole.words)
    return ["## 名词解释里还没有的词 {: #words }", f'<ul class="y-review">{items}</ul>']


def _uses(word: Word, rows: Rows) -> list[WordRow]:
    return [row for key in word.examples for row in rows["words", key] if row.quote == word.quote][:EXAMPLES]


def _word(word: Word, uses: Sequence[WordRow]) -> str:
    count = f"{word.times}处，{word.notices}份通知"
    shown = "".join(row.use for row in uses)
    return f'<li><strong>{escape(word.quote)}</strong> <span class="y-facts">{count}</span>{shown}{uses[0].how}'


def _summary(found: dict[str, list[FindingRow]], names: dict[str, str], whole: Whole | None) -> str:
    """Counts by notice and kind of finding, each notice a link to its list."""
    lines: list[tuple[str, ...]] = [("通知", MARK, TITLE, PROBLEM, "合计")]
    total: Counter[str] = Counter()
    for key, mine in found.items():
        here = Counter(row.heading for row in mine)
        total += here
        lines.append((f'<a href="#{key}">{escape(names[key])}</a>', *_counts(here)))
    lines.append(("合计", *_counts(total)))
    made = table(lines, "y-data", "各份通知有几处要核对", head=True) if found else ""
    quiet = f"另有{whole.quiet}份通知没有要核对的。" if whole and whole.quiet else ""
    new = f"名词解释里还没有的词{whole.new}个。" if whole and whole.new else ""
    return f"{made}\n\n{quiet}{new}".strip()


def _counts(found: Counter[str]) -> tuple[str, ...]:
    return (*(str(found[what] or "") for what in (MARK, TITLE, PROBLEM)), str(found.total()))

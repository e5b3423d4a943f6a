"""docs/index.md: what is here, at a glance – a search form, where and when, what, how much, and the latest notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from ...model import Output
from ...store import Entry
from ..card import counts
from ..catalogue import Catalogue
from ..entries import by_province, notice_list
from ..figures.grid import Grid, figure
from ..figures.matrix import COLUMNS as FEW_NOTICES
from ..figures.matrix import Matrix, topic_matrix
from ..figures.places_years import place_year_grid, shown_years
from ..groups import Group, Rows, group
from ..markdown import escape
from .listing import page
from .promises import RULE, Promise, headline_promises, promise_list

LATEST = 10
EXAMPLES = 6  # words that are offered to search for
STYLES: Mapping[str, object] = {"styles": ["assets/yaodian-figures.css"]}
ABOUT = "地方政府每年印发的工作要点，在这里逐条列出，每一条都有一个不会变的网址。可以搜索、引用和核对原文。"
MORE = (
    '<p>全部通知：<a href="places/">按地区</a> · <a href="years/">按年份</a></p>'
    '<p>还可以查<a href="units/">责任单位</a>、<a href="timeline/">时间表</a>、<a href="citations/">引用文件</a>、'
    '<a href="terms/">名词解释</a>，或<a href="data/">下载数据</a>。写材料要引用某一条时，请看<a href="cite/">如何引用</a>。</p>'
)


class Home(NamedTuple):
    """What the page shows, and no more than it shows."""

    words: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...]  # number, name, where it leads
    where: tuple[Grid, str] | None  # None: no notices
    what: Matrix
    latest: tuple[Entry, ...]
    promises: tuple[Promise, ...]


def home_groups(catalogue: Catalogue) -> Iterator[Group]:
    """The home page.  However many notices there are, its size stays the same: figures by province and year."""
    live = catalogue.live
    chosen = tuple(headline_promises(catalogue.cards, tasks_by_topic(catalogue)))
    newest = sorted(live, key=lambda e: (e.issued or e.year, e.id), reverse=True)[:LATEST]
    home = Home(
        tuple(example_words(catalogue)),
        tuple(_figures(live, sum(card.count("target") for card in catalogue.cards.values()))),
        (place_year_grid(catalogue), _how(live)) if live else None,
        topic_matrix(catalogue),
        tuple(replace(entry, anchors={}, aliases={}, tombstones={}) for entry in newest),
        chosen,
    )
    yield group("index", _page, home, needs=[("targets", tuple(sorted({one.notice for one in chosen})))])


def _page(home: Home, rows: Rows) -> list[Output]:
    sections = [_section("where", "哪里、哪一年", _where(*home.where))] if home.where else []
    sections.append(_section("all", "最近印发的通知", _latest(home.latest)))
    sections += [_section("what", "在做什么", _what(home.what))] if home.where else []
    sections += [_section("promises", "承诺了多少", _promises(home.promises, rows))] if home.where else []
    items = (f'<li><a href="{href}"><strong>{number}</strong>{name}</a></li>' for number, name, href in home.figures)
    parts = [
        ABOUT,
        _search(home.words),
        f'<ul class="y-figures">{"".join(items)}</ul>',
        f'<div class="y-home">{"".join(sections)}</div>',
    ]
    return [page("index.md", "要点", "地方政府工作要点：逐条可查、可引用、可核对原文。", parts, extra=STYLES)]


def _section(key: str, title: str, parts: Iterable[str]) -> str:
    return f'<section class="y-home-{key}"><h2 id="{key}">{title}</h2>{"".join(parts)}</section>'


def tasks_by_topic(catalogue: Catalogue) -> Counter[str]:
    """Label of a topic → how many tasks have it."""
    found: Counter[str] = Counter()
    for card in catalogue.cards.values():
        found.update(counts(card.topics_))
    return found


def example_words(catalogue: Catalogue) -> list[str]:
    """Words to try the search with: the terms that stand in most notices, literally as they are printed there."""
    found: Counter[str] = Counter()
    for card in catalogue.cards.values():
        found.update(filter(None, card.words_.split("\n")))
    return sorted(found, key=lambda word: (-found[word], word))[:EXAMPLES]


def _search(words: Sequence[str]) -> str:
    links = "".join(f'<li><a href="search/?q={quote(word)}">{escape(word)}</a></li>' for word in words)
    tries = f'<div class="y-tries"><span id="y-tries">试试：</span><ul aria-labelledby="y-tries">{links}</ul></div>'
    return (
        '<form class="y-ask" action="search/" method="get" role="search" aria-labelledby="y-ask">'
        '<label for="y-q" id="y-ask">在全部条款里查一个词、一个数字或一个文号</label>'
        '<div><input id="y-q" name="q" type="search" autocomplete="off" enterkeyhint="search">'
        f'<button type="submit">检索</button></div>{tries if words else ""}</form>'
    )


def _figures(entries: Sequence[Entry], targets: int) -> Iterator[tuple[str, str, str]]:
    """The key figures, each of a list leading to it."""
    years = sorted({entry.year for entry in entries if entry.year})
    span = years[0] if len(years) == 1 else f"{years[0]}—{years[-1]}" if years else "无"
    yield str(len(entries)), "份通知", "#all"
    yield str(len({entry.region_code for entry in entries})), "个地区", "places/"
    yield str(sum(entry.tasks for entry in entries)), "项任务", "topics/"
    yield str(targets), "项量化指标", "targets/"
    yield span, "年份", "years/"


def _how(entries: Sequence[Entry]) -> str:
    """How the figure of places and years is read."""
    rows = "一行是一个省" if by_province(entries) else "一行是一个地区"
    rest = len({entry.year for entry in entries}) - len(shown_years(entries))
    left_out = f'较早的{rest}个年份没有画出，见<a href="years/">按年份</a>。' if rest else ""
    return f"<p>{rows}，一列是一年，由近及远；格子里是通知份数。点数字看通知。{left_out}</p>"


def _where(grid: Grid, how: str) -> Iterator[str]:
    yield how
    yield figure(grid, "where")


def _what(matrix: Matrix) -> Iterator[str]:
    if not matrix.grid.rows:
        yield "<p>还没有归入主题的任务。</p>"
        return
    columns = {
        "notice": "一列是一份通知",
        "province": f"一列是一个省（通知超过{FEW_NOTICES}份，所以合在一起）",
        "year": f"一列是一年，由近及远（通知超过{FEW_NOTICES}份，所以合在一起；至多画最近{FEW_NOTICES}年）",
    }[matrix.kind]
    empty = f"另有{matrix.empty}个主题没有任务，没有画出。" if matrix.empty else ""
    yield (
        f'<p>一行是一个<a href="topics/">主题</a>，{columns}；格子里是任务项数，颜色越深项数越多。点数字看这些任务。'
        f"一项任务可以属于几个主题。{empty}</p>"
    )
    yield figure(matrix.grid, "what")


def _promises(promises: Sequence[Promise], rows: Rows) -> Iterator[str]:
    if promises:
        items = {(one, row.at): row.promise for one in {p.notice for p in promises} for row in rows["targets", one]}
        yield promise_list([items[promise] for promise in promises])
        yield f'<p class="y-facts">{RULE}</p>'
    yield '<p class="y-more"><a href="targets/">全部量化指标</a></p>'


def _latest(newest: Sequence[Entry]) -> Iterator[str]:
    yield notice_list(newest, with_place=True) if newest else "<p>还没有收录通知。</p>"
    yield MORE

"""docs/topics/ (主题): an index, and pages a topic with the tasks of each notice side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...model import Clause, Notice, Output, Span
from ...rules import Rules
from ..around import Around
from ..catalogue import Catalogue
from ..groups import Group, Rows, group
from ..markdown import escape, told
from ..planting import topic_tree
from ..tree import Spot
from ..view import short_name
from .listing import HERE, clause_link, page, shortened
from .spread import About, path_of, spread, titled, way

ALL = f'<p class="y-links"><a href="{HERE}topics/">全部主题</a></p>'


class TopicRow(NamedTuple):
    """All tasks that a notice has of one topic, as a column."""

    label: str
    html: str


def topic_rows(notice: Notice, near: Around, rules: Rules) -> tuple[TopicRow, ...]:
    """A row a topic of the notice."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    tasks: dict[str, list[tuple[Clause, Span]]] = {}
    for span in notice.spans:
        if span.kind == "topic":
            tasks.setdefault(str(span.get("label")), []).append((clauses[span.clause], span))
    return tuple(TopicRow(label, _column(notice, found)) for label, found in tasks.items())


def topic_groups(catalogue: Catalogue) -> Iterator[Group]:
    """topics/index.md and the pages of every label of rules/topics.toml."""
    lines = []
    for topic in catalogue.topics:
        tree = catalogue.trees[topic_tree(topic["label"])]
        lines.append((topic["label"], topic["name"], topic.get("about", ""), tree.holds, tree.entries))
    yield group("topics/index", _index, tuple(lines))
    for label, name, about, _, _ in lines:
        yield from _of_topic(catalogue, label, name, about)


def _of_topic(catalogue: Catalogue, label: str, name: str, about: str) -> Iterator[Group]:
    yield from spread(
        catalogue.trees[topic_tree(label)],
        About(f"主题：{name}", f"各地关于{name}的任务。", "项任务", foot=ALL),
        _page,
        given=lambda spot: (label, name, about),
        needs=lambda spot: [("topics", spot.ids)],
    )


def _index(topics: Sequence[tuple[str, str, str, int, int]], rows: Rows) -> list[Output]:
    lines = [
        f"- [{escape(name)}]({label.lower()}.md)"
        f'<br><span class="y-facts">{f"{escape(about)} " if about else ""}{notices}份通知的{count}项任务</span>'
        for label, name, about, notices, count in topics
    ]
    parts = [
        "每项任务有一到三个主题，由程序按用词判断，主要的在前。点一个主题，看各地怎样安排同一件事。",
        "\n".join(lines),
    ]
    return [page("topics/index.md", "主题", "按主题查看各地的任务。", parts)]


def _page(spot: Spot, label: str, name: str, about: str, rows: Rows) -> list[Output]:
    columns = [row.html for key in spot.ids for row in rows["topics", key] if row.label == label]
    parts = [*way(spot), *([escape(about)] if about else [])]
    parts.append(f'<div class="y-columns">{"".join(columns)}</div>' if columns else "还没有这个主题的任务。")
    parts.append('<p class="y-links"><a href="../">全部主题</a></p>' if not spot.trail else ALL)
    return [page(path_of(spot.address), titled(f"主题：{name}", spot.name), f"各地关于{name}的任务。", parts)]


def _column(notice: Notice, tasks: list[tuple[Clause, Span]]) -> str:
    """One notice's tasks; those that have the topic as their first come first."""
    ordered = sorted(tasks, key=lambda task: (str(task[1].get("rank")) != "1",))
    lines = "".join(
        told(clause_link(notice, clause, with_place=False), shortened(clause.text[len(clause.title + clause.mark) :]))
        for clause, _ in ordered
    )
    return f'<section class="y-column"><h2 id="{notice.id}">{escape(short_name(notice))}</h2><ul class="y-told">{lines}</ul></section>'

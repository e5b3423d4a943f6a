"""docs/topics/ (主题): an index, and a page a topic with the tasks of each notice side by side."""

from __future__ import annotations

from collections.abc import Iterator

from ...model import Clause, Notice, Output, Span
from ..markdown import escape
from ..view import View, short_name
from .listing import clause_link, page, shortened

Tasks = dict[str, list[tuple[Clause, Span]]]  # notice id → its tasks of one topic


def topic_pages(view: View) -> Iterator[Output]:
    """topics/index.md and topics/<label>.md for every label of rules/topics.toml."""
    topics = view.rules.tables["topics"].get("topic", ())
    tasks: dict[str, Tasks] = {topic["label"]: {} for topic in topics}
    for notice, clause, span in view.spans("topic"):
        tasks.setdefault(str(span.get("label")), {}).setdefault(notice.id, []).append((clause, span))
    yield _index(topics, tasks)
    for topic in topics:
        yield _topic(topic, tasks[topic["label"]], view)


def _index(topics: list[dict[str, str]], tasks: dict[str, Tasks]) -> Output:
    lines = []
    for topic in topics:
        group = tasks[topic["label"]]
        count = sum(map(len, group.values()))
        about = f"{escape(topic['about'])} " if topic.get("about") else ""
        lines.append(
            f"- [{escape(topic['name'])}]({topic['label'].lower()}.md)"
            f'<br><span class="y-facts">{about}{len(group)}份通知的{count}项任务</span>'
        )
    parts = [
        "每项任务有一到三个主题，由程序按用词判断，主要的在前。点一个主题，看各地怎样安排同一件事。",
        "\n".join(lines),
    ]
    return page("topics/index.md", "主题", "按主题查看各地的任务。", parts)


def _topic(topic: dict[str, str], group: Tasks, view: View) -> Output:
    parts = [escape(topic["about"])] if topic.get("about") else []
    columns = [
        _column(view.notices[key], group[key]) for key in sorted(group, key=lambda key: _order(view.notices[key]))
    ]
    parts.append(f'<div class="y-columns">{"".join(columns)}</div>' if columns else "还没有这个主题的任务。")
    parts.append('<p class="y-links"><a href="../">全部主题</a></p>')
    name = topic["name"]
    return page(f"topics/{topic['label'].lower()}.md", f"主题：{name}", f"各地关于{name}的任务。", parts)


def _order(notice: Notice) -> tuple[str, str, str]:
    return (notice.meta.region.code if notice.meta.region else "9", notice.meta.year.value or "", notice.id)


def _column(notice: Notice, tasks: list[tuple[Clause, Span]]) -> str:
    """One notice's tasks; those that have the topic as their first come first."""
    ordered = sorted(tasks, key=lambda task: (str(task[1].get("rank")) != "1",))
    lines = "".join(
        f"<li>{clause_link('../../', notice, clause, with_place=False)}"
        f'<br><span class="y-facts">{shortened(clause.text[len(clause.title + clause.mark) :])}</span></li>'
        for clause, _ in ordered
    )
    return f'<section class="y-column"><h2 id="{notice.id}">{escape(short_name(notice))}</h2><ul>{lines}</ul></section>'

"""docs/compare/ (对照): an index of all pairs, and a page a pair with two plans side by side, topic by topic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...comparing.answers import Row, answers, tasks_of, topics_of
from ...comparing.couples import Couple, couples, pair_name
from ...comparing.figures import figures, figures_of
from ...links.linking import compiled_rules
from ...links.packed import Compared
from ...model import Clause, Notice, Output
from ...rules import Rules
from ..catalogue import Catalogue
from ..groups import Group, Rows
from ..markdown import escape, table
from ..tree import Spot
from ..view import day, short_name
from .compare_parts import Side, cell, empty_cell, figure_tables, full_title, named_title, targets, task_name
from .listing import page
from .spread import About, path_of, spread, titled, way

STYLES = {"styles": ["assets/yaodian-compare.css"]}
ABOUT = About("对照", "两份工作要点并排着看。", "对", "")
GROUPS = {"level": "上下级同年", "year": "同一地区历年"}
NO_TOPIC = "没有判出主题"
HOW = (
    "并排的两项，是用词最相近的：程序比较用词和相同的原话，不懂意思。“没有找到对应”只表示没有相近的用词，不等于没有做这件事。"
    "<mark>这样标出的字</mark>在另一份里一字不差，六个字以上才标，"
    "“进一步加强”一类各处都用的话和责任单位不标。总述、落款不比较。一项任务可以有几个主题，分主题对照时只放一处。"
)
Sides = tuple[Side, Side]


class Line(NamedTuple):
    """What the index says of a pair: its kind and page, the short names and the titles of both."""

    kind: str
    name: str
    names: str
    titles: str


def compare_groups(catalogue: Catalogue) -> Iterator[Group]:
    """compare/index.md, and where there are many pairs the pages by place of the first of each."""
    lines = {one.name: _line(one) for one in couples(catalogue.cards, catalogue.between)}
    tree = catalogue.trees["compare"]
    yield from spread(tree, ABOUT, _index, given=lambda spot: (tuple(lines[name] for name in spot.ids),))


def _line(one: Couple) -> Line:
    names = f"{one.first.name}与{one.second.name}"
    return Line(one.kind, one.name, names, f"{named_title(one.first.title)}；{named_title(one.second.title)}")


def _index(spot: Spot, found: Sequence[Line], rows: Rows) -> list[Output]:
    parts = [
        *way(spot),
        "两份工作要点并排着看：哪些任务对得上，哪些只有一份里有，同样的指标定了什么数。"
        "每份要点与上一级同年的、与同一机关下一年的各成一对。",
    ]
    up = "../" * (spot.address.count("/") - 1)  # from the file to the folder of the pairs' pages
    for kind, name in GROUPS.items():
        group = [line for line in found if line.kind == kind]
        parts.append(f"## {name} {{: #{kind} }}")
        lines = (
            f'- [{escape(line.names)}]({up}{line.name}.md)<br><span class="y-facts">{line.titles}</span>'
            for line in group
        )
        parts.append("\n".join(lines) if group else "还没有可以对照的两份要点。收录以后，这里会自动列出。")
    parts += ["## 怎样读 {: #how }", HOW]
    return [page(path_of(spot.address), titled(ABOUT.title, spot.name), ABOUT.description, parts, STYLES)]


def couple_page(
    first: Notice, second: Notice, kind: str, rules: Rules, texts: tuple[Compared, Compared] | None = None
) -> Output:
    """compare/<id>--vs--<id>.md of a couple of this kind; ids of tasks on it are a-<anchor> and b-<anchor>.

    `texts`: what is compared of either notice, where it is at hand.
    """
    found = answers(first, second, compiled_rules(rules), texts)
    sides = (
        Side(first, short_name(first), "a", found.near[0], found.marks[0], targets(first)),
        Side(second, short_name(second), "b", found.near[1], found.marks[1], targets(second)),
    )
    names = f"{sides[0].name}与{sides[1].name}"
    parts = [
        _facts(sides),
        _glance(found.rows, sides),
        *_alone(found.rows, sides),
        "## 数字 {: #figures }",
        *figure_tables(figures(first, second, kind == "year"), sides),
        "## 主题一览 {: #topics }",
        _overview(found.rows, sides, rules),
        *_sections(found.rows, sides, rules),
        "## 怎样读 {: #how }",
        HOW,
        '<p class="y-links"><a href="../">全部对照</a></p>',
    ]
    return page(
        f"compare/{pair_name(first.id, second.id)}.md", f"对照：{names}", f"{names}的工作要点并排对照。", parts, STYLES
    )


def _facts(sides: Sides) -> str:
    """What the two notices are."""

    def of(one: Notice) -> tuple[str, ...]:
        return (
            f'<a href="../../notices/{one.id}/">{full_title(one)}</a>',
            escape(one.meta.issuer.value or "未载明"),
            escape(one.meta.doc_number.value or "未载明"),
            escape(day(one.meta.issued.value or "")),
            f"{len(tasks_of(one))}项",
            f"{len(figures_of(one))}个",
        )

    labels = ("标题", "发文机关", "发文字号", "成文日期", "任务", "量化指标")
    rows = [("项目", *(escape(side.name) for side in sides))]
    rows += zip(labels, *(of(side.notice) for side in sides), strict=True)
    return table(rows, "y-data", "两份要点", head=True)


def _glance(rows: Sequence[Row], sides: Sides) -> str:
    """The result in one sentence."""
    both = sum(row.paired for row in rows)
    only = [sum(bool(row.tasks[at]) and not row.paired for row in rows) for at in (0, 1)]
    words = f"{both}项任务能对上，{sides[0].name}另有{only[0]}项，{sides[1].name}另有{only[1]}项。"
    marked = any(any(side.marks.values()) for side in sides)
    return escape(words) + ("" if marked else "两份要点没有六个字以上相同的原话。")


def _alone(rows: Sequence[Row], sides: Sides) -> Iterator[str]:
    """What stands in one plan only: the first thing that is asked of such a page."""
    for at, (here, there) in enumerate((sides, sides[::-1])):
        clauses = [clause for row in rows if not row.paired and (clause := row.tasks[at])]
        alone = [clause for clause in clauses if not here.near[clause.anchor]]
        nearby = [clause for clause in clauses if here.near[clause.anchor]]
        yield f"## {escape(here.name)}有、{escape(there.name)}没有找到对应的：{len(alone)}项 {{: #only-{here.letter} }}"
        yield _list(alone, here) if alone else "没有这样的任务。"
        if nearby:
            yield f"另有{len(nearby)}项不是一一对上，但{escape(there.name)}有相近的任务："
            yield _list(nearby, here)


def _list(clauses: Sequence[Clause], side: Side) -> str:
    lines = "".join(f'<li><a href="#{side.letter}-{one.anchor}">{task_name(one)}</a>' for one in clauses)
    return f'<ul class="y-alone">{lines}</ul>'


def _topics(rules: Rules) -> list[tuple[str, str]]:
    """Label and name of every topic in the order of the rules, and at the end of none."""
    return [*((t["label"], t["name"]) for t in rules.tables["topics"].get("topic", ())), ("", NO_TOPIC)]


def _section(label: str) -> str:
    return f"topic-{label.lower() or 'none'}"


def _overview(rows: Sequence[Row], sides: Sides, rules: Rules) -> str:
    """Topic by topic how many tasks either plan has; a task counts under each of its topics."""
    counts = []
    for side in sides:
        topics = topics_of(side.notice)
        counts.append([label for task in tasks_of(side.notice) for label in topics.get(task.anchor, [""])])
    shown = {row.topic for row in rows}
    lines = [("主题", *(escape(side.name) for side in sides), "差别")]
    for label, name in _topics(rules):
        here = [count.count(label) for count in counts]
        if any(here):
            linked = f'<a href="#{_section(label)}">{escape(name)}</a>' if label in shown else escape(name)
            only = sides[0] if here[0] else sides[1]
            gap = "" if all(here) else f"<strong>只有{escape(only.name)}</strong>"
            lines.append((linked, *(f"{count}项" if count else "—" for count in here), gap))
    return table(lines, "y-data", "各主题的任务数", head=True)


def _sections(rows: Sequence[Row], sides: Sides, rules: Rules) -> Iterator[str]:
    """A section a topic: tasks that answer each other in rows of two, then what stands alone on either side."""
    for label, name in _topics(rules):
        here = [row for row in rows if row.topic == label]
        if here:
            yield f"## {escape(name)} {{: #{_section(label)} }}"
        for row in here:
            if row.first and row.second:
                yield _pair([row.first], [row.second], sides, alone=False)
        ones = [row.first for row in here if row.first and not row.second]
        others = [row.second for row in here if row.second and not row.first]
        if ones or others:
            yield _pair(ones, others, sides, alone=True)


def _pair(ones: Sequence[Clause], others: Sequence[Clause], sides: Sides, alone: bool) -> str:
    """Tasks of either plan side by side."""
    left = cell(ones, *sides, alone) if ones else empty_cell(sides[0], others, sides[1])
    right = cell(others, *sides[::-1], alone) if others else empty_cell(sides[1], ones, sides[0])
    return f'<div class="y-pair{" y-single" if alone else ""}">{left}{right}</div>'

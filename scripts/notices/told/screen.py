"""What the maintainer sees of a build: one line a file, what changed, what needs somebody, totals that add up.

Everything here gives plain lines; colour is put on at the end, only on a terminal, and never says anything by itself.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TextIO

from ..running.inputs import shown
from .changes import Changes, ClauseChange, NoticeChange, difference
from .report import Row

MARKS = {
    "published": "✔ 发布",
    "review": "△ 待复核",
    "quarantined": "✘ 隔离",
    "unchanged": "＝ 未变",
    "duplicate": "⎘ 重复",
    "ignored": "· 忽略",
}
LABELS = {status: mark.split()[1] for status, mark in MARKS.items()}
INDENT = "      "
#: Columns that the file names may take; longer names are never cut, they push the rest to the right.
WIDEST = 44
#: Files from which what needs somebody is said once more at the end, where it is not scrolled away.
MANY = 15
#: How many of a notice's clauses, of the notices, of a file's problems are named here; the report has them all.
CLAUSES, NOTICES, PROBLEMS = 5, 10, 5


def status_of(row: Row) -> str:
    """The status that a row is counted under: one of MARKS."""
    return "unchanged" if row.unchanged and row.status != "ignored" else row.status


def told(rows: Sequence[Row], changes: Changes, notes: Sequence[str] = ()) -> list[str]:
    """A whole build: one line a file, its problems below where they are new, what changed, the totals, what to do.

    `notes`: further sentences for the maintainer.
    """
    return [*file_lines(rows), *gone_lines(changes.withdrawn), *_end(rows, changes, notes)]


def told_of(taken: Collection[str], rows: Sequence[Row], changes: Changes, notes: Sequence[str] = ()) -> list[str]:
    """The same where the files `taken` were put into raw/ just now: they come first, and what stayed is one number."""
    new = [row._replace(unchanged=False) for row in rows if row.file in taken]
    others = [row for row in rows if row.file not in taken and status_of(row) not in ("unchanged", "ignored")]
    out = ["", "这次放入的：", *file_lines(new)]
    if any(row.status == "quarantined" for row in new):
        out.append(f"{INDENT}隔离的没有发布，文件留在 raw/，没有丢。照上面的办法换一份，再把这一份移出 raw/。")
    if others:
        out += ["", "其他文件：", *file_lines(others)]
    return [*out, *gone_lines(changes.withdrawn), *_end(rows, changes, notes)]


def _end(rows: Sequence[Row], changes: Changes, notes: Sequence[str]) -> list[str]:
    moved = any(changes) or not all(row.unchanged or row.status == "ignored" for row in rows)
    return [*(change_lines(changes) if moved else []), *to_do(rows), "", *totals(rows), *notes]


def file_lines(rows: Sequence[Row]) -> list[str]:
    """One line a file in the order given; below it what needs somebody, where that is new."""
    wide = min(max((width(row.file) for row in rows), default=0), WIDEST)
    out = []
    for row in rows:
        out.append(_line(row, wide))
        out += [] if row.unchanged else problem_lines(row)
    return out


def problem_lines(row: Row) -> list[str]:
    """The first problems of a file that need somebody, indented, each with its line."""
    found = reviews(row)
    more = [f"……还有 {len(found) - PROBLEMS} 处，见报告。"] if len(found) > PROBLEMS else []
    return [INDENT + told for told in (*found[:PROBLEMS], *more)]


def reviews(row: Row) -> list[str]:
    """The problems of a file that need somebody: where, what, and what to do."""
    asked = (problem for problem in row.problems if problem.severity == "review")
    return [f"第 {one.line} 行：{one.detail}" if one.line else one.detail for one in asked]  # overrides name their own


def _line(row: Row, wide: int) -> str:
    return f"{pad(MARKS[status_of(row)], 9)} {pad(row.file, wide)}  {became(row)}"


def became(row: Row) -> str:
    """What became of a file, in one line: its page and what is on it, or why there is none."""
    if row.unchanged and row.status in ("quarantined", "duplicate"):
        return f"仍{LABELS[row.status]}：{row.reason.partition('。')[0]}。"
    if not row.page or row.characters is None:
        return row.reason
    page = f"→ notices/{row.page}/"
    if row.unchanged:
        return f"{page}  仍待复核 {len(reviews(row))} 处" if row.status == "review" else page
    sizes = row.characters
    return (
        f"{page}  条款 {row.clauses}，任务 {row.tasks}；字符 {sizes.source} = 保留 {sizes.kept} + 移除 {sizes.removed}"
    )


def gone_lines(withdrawn: Collection[str]) -> list[str]:
    """A line for each page whose original has gone."""
    told = "原件已不在 raw/；网页改为说明，旧链接仍可打开。若是误删，请放回原件再运行。"
    return [f"{pad('△ 撤下', 9)} notices/{key}/  {told}" for key in withdrawn]


def totals(rows: Sequence[Row]) -> list[str]:
    """How many files, and how many characters: both sums add up."""
    count = Counter(map(status_of, rows))
    parts = " + ".join(f"{LABELS[status]} {count[status]}" for status in MARKS)
    out = [f"文件：共 {len(rows)} = {parts}。"]
    still = Counter(row.status for row in rows if status_of(row) == "unchanged")
    if still.keys() - {"published"}:
        told = "，".join(f"{LABELS[status]} {still[status]}" for status in MARKS if still[status])
        out.append(f"{INDENT}未变的 {count['unchanged']} 个里：{told}。")
    if any(row.status == "review" for row in rows):
        out.append(f"{INDENT}待复核的已经发布，只是有地方请人看一眼。")
    found = [row.characters for row in rows if row.characters]
    source, kept, removed = (sum(map(attrgetter(part), found)) for part in ("source", "kept", "removed"))
    return [*out, f"字符：收到 {source} = 保留 {kept} + 移除 {removed}。"]


def to_do(rows: Sequence[Row]) -> list[str]:
    """After many lines: the files that need somebody once more, those of before as a number."""
    if len(rows) <= MANY:
        return []
    asking = [row for row in rows if row.status in ("review", "quarantined")]
    new = [row for row in asking if not row.unchanged]
    old = Counter(row.status for row in asking if row.unchanged)
    out = ["", "要处理的：", *file_lines(new)] if new else []
    if old:
        told = "，".join(f"{LABELS[status]} {old[status]} 个" for status in ("review", "quarantined") if old[status])
        out += ["", f"上次留下、还没有处理的：{told}，都写在报告里。"]
    return out


# -- what changed ----------------------------------------------------------------------------------------------------


def change_lines(changes: Changes) -> list[str]:
    """What readers will see that is different: a few lines a notice, a handful of clauses."""
    if changes.first:
        return ["", f"这是第一次生成，没有上次可比：新网页 {len(changes.added)} 个。"] if changes.added else []
    found = [one for one in changes.notices if not one.elsewhere]
    linked = len(changes.notices) - len(found)
    out = [f"新网页 notices/{key}/" for key in changes.added[:NOTICES]]
    out += [f"……新网页共 {len(changes.added)} 个。"] if len(changes.added) > NOTICES else []
    for one in found[:NOTICES]:
        out += notice_lines(one)
    out += [f"……共 {len(found)} 份通知有变化，其余见报告。"] if len(found) > NOTICES else []
    out += [f"另有 {linked} 份通知，只是与别的通知的联系（相关任务等）变了，文字没有变。"] if linked else []
    if changes.unread:
        out.append(
            f"有 {len(changes.unread)} 份通知上次的数据读不出，没有对比：{'、'.join(changes.unread[:NOTICES])}。"
        )
    return ["", "与上次相比：", *(f"  {line}" for line in out or ["发布的内容没有变化。"])]


def notice_lines(change: NoticeChange, most: int = CLAUSES) -> list[str]:
    """A notice's changes: what it is called, its sums, its fields, and at most that many clauses."""
    out = [f"notices/{change.id}/  {change.title}", *(f"  {told}" for told in sums(change))]
    shown = sorted(change.clauses, key=lambda one: one.kind == "换号")[:most]  # a new number says less than new words
    out += [f"  {clause_line(one)}" for one in shown]
    rest = len(change.clauses) - len(shown)
    return [*out, f"  ……还有 {rest} 条，见报告。"] if rest > 0 else out


def sums(change: NoticeChange) -> Iterator[str]:
    """The notice's changes in figures, and its fields."""
    count = Counter(one.kind for one in change.clauses)
    if count:
        yield "条款：" + "，".join(f"{kind} {count[kind]}" for kind in ("新增", "删去", "改动", "换号") if count[kind])
    for field in change.fields:
        yield f"{field.name}：{_quoted(field.before)} → {_quoted(field.after)}"
    for tally in change.tallies:
        counts = (("新增", tally.added, tally.came), ("删去", tally.removed, tally.went), ("改动", tally.changed, ()))
        yield f"{tally.name}：" + "，".join(f"{name} {number}{_some(few)}" for name, number, few in counts if number)


def _some(examples: Sequence[str]) -> str:
    return f"（{'、'.join(f'“{one}”' for one in examples)}）" if examples else ""


def clause_line(one: ClauseChange) -> str:
    """A clause's change in one line: what happened, where, which clause, and the words that differ."""
    moved = f"（原 {one.was}）" if one.was and one.anchor and one.was != one.anchor else ""
    told = f"{one.kind}  {one.anchor or one.was}{moved}  {one.name}"
    if one.kind != "改动":
        return told
    if "文字" in one.what:
        before, after = difference(one.before, one.after)
        return f"{told}：“{before}” → “{after}”"
    return f"{told}：{'、'.join(one.what)}有变"


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "（未载明）"


# -- columns and colour ----------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """The columns that `text` takes on a terminal (Unicode Standard Annex 11: wide and full-width take two)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def pad(text: str, columns: int) -> str:
    """`text` with spaces behind it up to that many columns."""
    return text + " " * (columns - width(text))


COLOURS = {"✔": "32", "△": "33", "✘": "31", "＝": "2", "⎘": "36", "·": "2"}
_MARKED = re.compile(r"^([✔△✘＝⎘·] \S+)", re.MULTILINE)


def in_colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `stream` is a terminal that shows colour, and nobody asked for none (no-color.org)."""
    if not stream.isatty() or environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or "WT_SESSION" in environment


def painted(text: str) -> str:
    """`text` with the marks at the beginnings of its lines in colour."""
    return _MARKED.sub(lambda found: f"\x1b[{COLOURS[found[1][0]]}m{found[1]}\x1b[0m", text)


def say(told: Iterable[str]) -> None:
    """Print the lines, with colour where it can be seen; what cannot be seen in them is written out (`inputs.shown`)."""
    text = "\n".join(shown(line) for one in told for line in one.split("\n"))
    if text:
        print(painted(text) if in_colour(sys.stdout) else text)

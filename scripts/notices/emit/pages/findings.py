"""What a person should look at, and the entry of an overrides file that settles it.

In: a notice and the rules.  Out: one `Finding` for each doubtful annotation, uncertain title, problem for review and
quoted word that the glossary lacks.  A snippet may be pasted as it stands: it confirms what the program read;
changed before pasting, it corrects it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...annotate import terms
from ...duplicates.settle import CODES
from ...model import Clause, Notice, Problem, Span, Value
from ...overrides import FIELDS, STOPS, fingerprint
from ...rules import Rules
from ..files.definition import Definition
from ..files.schema import KINDS, VALUES
from .listing import sentence

MARK, TITLE, PROBLEM, WORD = "标注存疑", "标题待核", "待复核", "新词"
SAME = "同一份"  # a problem of several files that may be one notice stands under a heading of its own
BY, DATE = "请填姓名", "请填日期"
#: Parts of a value that follow from the text or the rules; a person corrects the others.
DERIVED = frozenset(
    (
        "group",
        "measure_start",
        "measure_end",
        "indicator_start",
        "indicator_end",
        "verb",
        "evidence",
        "score",
        "by",
        "date",
    )
)
ENDS = "。；！？\n"
SHORT = 40  # the longest title that is proposed
CONFIRM = "对照原文。标得对，照下面原样粘贴，就算看过；要改，先改 set 里的值；不该标，把 [[correct]] 改成 [[remove]]。"
RETITLE = "对照原文。标题对，照下面原样粘贴；不对，先改 title，改到标题的最后一个字为止，只能划界，不能改字。"
REFIELD = "对照原网页。印了，就填进 value 再粘贴；确实没有印，不用更正。"
REMARK = "按左边的说明核对。需要告诉读者的，写成批注粘贴；不需要，不用更正。"
NOTHING = "按说明处理，不用写更正。"
NEW_WORD = "值得解释的，填好下面各项，加进 rules/terms.toml；不值得，不用管。"
#: Problems of the text as received, which a person can only remark upon.
REMARKED = {
    "truncated",
    "hidden-clause",
    "character-lost",
    "truncated-bytes",
    "text-turned",
    "encoding-mixed",
    "encoding-repaired",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place to look at.  `before`, `quote` and `after` are printed words; `file` is where the snippet goes."""

    notice: Notice
    clause: Clause | None
    line: int  # of the original; 0 where it is not known
    what: str
    kind: str
    before: str
    quote: str
    after: str
    why: str
    how: str
    file: str = ""
    snippet: str = ""
    code: str = ""  # of the problem, where it is one

    @property
    def heading(self) -> str:
        """Under what it is counted."""
        return SAME if self.code in CODES else self.what


def found_in(notice: Notice) -> Iterator[Finding]:
    """Everything to look at in a notice but new words, by kind of finding and place."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    yield from (_of_span(notice, clauses[span.clause], span) for span in notice.spans if span.doubt)
    yield from (_of_title(notice, c) for c in notice.clauses if "title-uncertain" in c.damage)
    for problem in notice.all_problems:
        wanted = problem.severity == "review" or problem.code in CODES
        if wanted and problem.code != "title-uncertain":
            yield _of_problem(notice, problem)


def new_words(notice: Notice, rules: Rules) -> Iterator[Finding]:
    """Quoted shorthand that the glossary lacks."""
    clauses = {clause.anchor: clause for clause in notice.clauses}
    for word in terms.unknown(notice, rules, notice.spans):
        yield _of_word(notice, clauses[word.clause], word.start, word.end)


def _of_span(notice: Notice, clause: Clause, span: Span) -> Finding:
    twins = [
        s for s in notice.spans if (s.clause, s.kind, s.start, s.end) == (span.clause, span.kind, span.start, span.end)
    ]
    first = VALUES[span.kind][0].key  # tells apart what stands at one place, as a task's topics do
    entry = {
        **_named(clause),
        "kind": span.kind,
        **_quoted(clause.text, span.start, span.end),
        **({"was": {first: span.get(first)}} if len(twins) > 1 else {}),
        "set": {d.key: span.get(d.key) for d in _settable(span) if span.get(d.key) is not None},
    }
    return Finding(
        notice, clause, line_of(clause, span.start), MARK, KINDS[span.kind], *_around(clause.text, span.start, span.end),
        span.doubt, CONFIRM, _file(notice), snippet("correct", entry, _more(span)),
    )  # fmt: skip


def _settable(span: Span) -> list[Definition]:
    """The parts of the value that a person may set, in the order of the data dictionary."""
    return [d for d in VALUES[span.kind] if d.key not in DERIVED]


def _more(span: Span) -> str:
    """A remark on the parts of the value that are empty now and may be set."""
    unset = [d for d in _settable(span) if span.get(d.key) is None]
    return f"set 里还可以写：{'、'.join(f'{d.key}（{d.name}）' for d in unset)}" if unset else ""


def _of_title(notice: Notice, clause: Clause) -> Finding:
    title = clause.title or _opening(clause.text)
    quote = clause.text[: len(title)]
    entry = {**_named(clause), "title": title}
    return Finding(
        notice, clause, clause.line, TITLE, "", "", quote, clause.text[len(quote) : len(quote) + 60].split("\n")[0],
        "标题的起止不能确定。", RETITLE, _file(notice), snippet("title", entry),
    )  # fmt: skip


def _opening(text: str) -> str:
    """What a title would be where none was cut off: the first phrase."""
    line = text.partition("\n")[0]
    ends = [at for stop in STOPS if (at := line.find(stop)) > 0]
    return line[: min(ends)] if ends and min(ends) <= SHORT else line


def _of_problem(notice: Notice, problem: Problem) -> Finding:
    clause = _clause_at(notice, problem.line)
    name = "issued" if problem.code == "date-broken" else problem.code.removesuffix("-missing")
    file, how, entry = _file(notice), NOTHING, ""
    if name in FIELDS and (problem.code.endswith("-missing") or problem.code == "date-broken"):
        was = getattr(notice.meta, name).value or ""
        how, entry = REFIELD, snippet("field", {"name": name, "was": was, "value": was})
    elif problem.code in REMARKED and clause:
        how, entry = REMARK, snippet("note", {**_named(clause), "text": "请填说明"})
    elif problem.code == "override-stale":
        how = f"打开 {file}，照说明改正或删去那一项。"
    text = clause.text[:60].split("\n")[0] if clause else ""
    where = "" if problem.code.endswith("-missing") or not problem.line else text
    return Finding(
        notice, clause if where else None, problem.line, PROBLEM, "", "", "", where, problem.detail, how,
        file if entry else "", entry, problem.code,
    )  # fmt: skip


def _of_word(notice: Notice, clause: Clause, start: int, end: int) -> Finding:
    quote = clause.text[start:end]
    around = _around(clause.text, start, end)
    entry: dict[str, Value] = {
        "name": quote,
        "forms": (quote,),
        "field": "请填领域",
        "plain": "请用平常话解释",
        "source": "请填出处",
        "hits": ("".join(around).strip("…"), "请再填一句用到它的话"),
        "misses": ("请填一句不该认作它的话", "请再填一句"),
    }
    return Finding(
        notice, clause, line_of(clause, start), WORD, "", *around,
        "引号里的简称，名词解释里还没有。", NEW_WORD, "rules/terms.toml", snippet("term", entry, signed=False),
    )  # fmt: skip


# -- places ----------------------------------------------------------------------------------------------------------


def line_of(clause: Clause, at: int) -> int:
    """The line of the original that holds the character `at` of the clause's text; 0 where it is not known."""
    starts, lines = [0], [clause.line]
    offset = len(clause.text) - len("\n".join(paragraph.text for paragraph in clause.paragraphs))
    for paragraph in clause.paragraphs:
        starts.append(offset)
        lines.append(paragraph.line)
        offset += len(paragraph.text) + 1
    return lines[bisect_right(starts, at) - 1]


def _clause_at(notice: Notice, line: int) -> Clause | None:
    """The clause that a line of the original belongs to."""
    before = [clause for clause in notice.clauses if 0 < clause.line <= line]
    return max(before, key=lambda clause: clause.line) if before else None


def _around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The words before, the quote, the words after, within its sentence; a longer one is cut on both sides."""
    left, right = sentence(text, start, end)
    before = "……" if left > 0 and text[left - 1] not in ENDS else ""
    after = "……" if right < len(text) and text[right] not in ENDS else ""
    return before + text[left:start], text[start:end], text[end:right] + after


def _file(notice: Notice) -> str:
    return f"overrides/{notice.id}.toml"


# -- snippets --------------------------------------------------------------------------------------------------------


def _named(clause: Clause) -> dict[str, Value]:
    return {"anchor": clause.anchor, "source": fingerprint(clause)}


def _quoted(text: str, start: int, end: int) -> dict[str, Value]:
    """The quote, and which of its occurrences it is where there are several, counted as overrides.py counts."""
    quote = text[start:end]
    places = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return {"quote": quote, "nth": places.index(start) + 1} if len(places) > 1 else {"quote": quote}


def snippet(table: str, entry: Mapping[str, Value | Mapping[str, Value]], remark: str = "", signed: bool = True) -> str:
    """The entry as TOML; `signed` adds the two lines that a person fills in."""
    lines = [f"[[{table}]]", *(f"{key} = {_toml(value)}" for key, value in entry.items())]
    lines += [f"# {remark}"] if remark else []
    lines += [f'by = "{BY}"', f'date = "{DATE}"'] if signed else []
    return "\n".join(lines) + "\n"


def _toml(value: Value | Mapping[str, Value]) -> str:
    """A value as TOML.  JSON's strings, numbers and booleans are TOML's, but for DEL."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key} = {_toml(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

"""What a promised number measures: one printed phrase, named by its place in the clause's text.

In: a promise, the passages of its clause.  Out: [start, end) of the phrase; empty where the phrase holds none.
Offsets count characters of the clause's text.
"""

from __future__ import annotations

import re

from .passages import BRACKET, Passages
from .promises import Promise
from .surroundings import AMOUNTS, LATER_VERB, RIGHT, verb_run
from .words import TargetRules

_PART = re.compile(r"[^、和与及]+")
_JOIN = re.compile(r"(?:、|以及|并且|[和及与并或])\s*(?:[^、和及与或,]{0,6})$")
_HEAD = re.compile(r"\s*(?:的|各类|左右|以上|■+)*")
_TAIL = re.compile(r"(?:建设|等|目标任务|的)$")
_RESPONSIBLE = re.compile(rf"{BRACKET}+$")
_UNITS = re.compile("负责|牵头|配合|责任单位|按职责")
#: A scope before the indicator: 起凤3个试点镇热敏灸知晓率.
_SCOPE = re.compile(
    r"[0-9]{1,5}[个家所][^0-9,、]{0,6}?(?:镇|乡|村|县|区|市|街道|社区|医院|学校|单位|企业|部门|机构)(?=[^以,]{4})"
)
_GENERIC = frozenset({"项目", "工程", "企业", "房屋"})
_WHOLE = re.compile("新增就业(?!岗位)|新登记|新注册")


def indicator(
    p: Promise, where: Passages, next_start: int, rules: TargetRules, shared: tuple[Promise, ...] = ()
) -> tuple[int, int]:
    """[start, end) of the phrase that `p` measures.

    `next_start`: where the next quantity of the clause begins.  `shared`: the promises that `p` is listed with
    (A、B分别达到X、Y), from the first on.
    """
    first = shared[0] if shared else p
    if "分别" in first.around.left and not first.before:
        return _apart(first, len(shared), rules)
    if shared:
        return indicator(first, where, p.quantity.start, rules)
    if p.before:
        return _after(p, where, next_start)
    start, end = _before(p, where, rules)
    return (
        (start, end) if start < end else _after(p, where, next_start) if p.quantity.group == "rate" else (start, start)
    )


def _apart(first: Promise, place: int, rules: TargetRules) -> tuple[int, int]:
    """A、B分别达到X、Y: the part in the same place; where a noun follows 分别达到, that noun for each value."""
    around = first.around
    names, _, rest = around.stem.partition("分别")
    said = around.start + len(around.stem) - len(rest)
    word = rules.cues.starting(rest) or rules.changes.starting(rest)
    said, rest = said + len(word), rest[len(word) :]
    rest, end = _cut_tail(rest, said, rules) if rest else ("", said)
    if rest and not rules.tail.fullmatch(rest) and rest != around.change:
        return said, end
    start = around.start + len(names) - len(_led(names, rules))
    names, end = _cut_tail(names[start - around.start :], start, rules)
    parts = [(found.start(), found.end()) for found in _PART.finditer(names)]
    if place >= len(parts):
        return start, end
    return start + parts[place][0], start + parts[place][1]


def _after(p: Promise, where: Passages, next_start: int) -> tuple[int, int]:
    """The noun after the number, up to the end of its phrase or the next item of the list."""
    text = p.around.spot.text
    start, end = p.quantity.end, min(p.around.spot.end, p.quantity.end + RIGHT)
    head = _HEAD.match(text, start, end)
    start = head.end() if head else start
    if start < next_start < end:
        join = _JOIN.search(text[start:next_start])
        end = start + join.start() if join else end
    while (
        (note := _RESPONSIBLE.search(text[start:end]))
        and note.end() == end - start
        and where.text[start + note.start()] in "([【"
    ):
        if not _UNITS.search(where.text, start + note.start(), end):
            break
        end = start + note.start()
    while (tail := _TAIL.search(text[start:end])) and tail.start() > 1:
        if tail[0] == "建设" and not p.verb.startswith(("启动", "推进", "加快")):
            break  # 完成5个小区零直排建设: the building is what is counted
        end = start + tail.start()
    return start, max(start, end)


def _before(p: Promise, where: Passages, rules: TargetRules) -> tuple[int, int]:
    """The phrase before the number without what leads it in and what compares it."""
    around = p.around
    start, text = around.start, around.stem
    end = start + len(text)
    text, end = _cut_tail(text, start, rules)
    start += len(text) - len(_led(text, rules))
    text = text[start - around.start :]
    scope = _SCOPE.search(text)
    if scope:
        start, text = start + scope.end(), text[scope.end() :]
    is_compared = (
        around.cue or p.quantity.group in ("rate", "move") or (around.change and not text.startswith(around.change))
    )
    if (
        not is_compared or p.verb.startswith("新") or (around.cue in AMOUNTS and p.quantity.group != "rate")
    ):  # 办理环节压缩到4个: 办理 is no verb here
        start += _verbs(text, p, rules)
    elif around.change and text.startswith(around.change):
        start += len(around.change)
    return start, max(start, end)


def _cut_tail(text: str, start: int, rules: TargetRules) -> tuple[str, int]:
    while True:
        shorter = text.rstrip()
        found = rules.tail.search(shorter[-14:])
        word = rules.changes.ending(shorter)
        length = len(found[0]) if found else len(word)
        if not length:
            return shorter, start + len(shorter)
        text = shorter[: len(shorter) - length]


def _led(text: str, rules: TargetRules) -> str:
    at = 0
    while (found := rules.head.match(text, at)) and found.end() > at:
        at = found.end()
    return text[at:]


def _verbs(text: str, p: Promise, rules: TargetRules) -> int:
    """How many characters of `text` are the verb and what comes before it."""
    if _WHOLE.search(text):
        return 0
    if p.verb and text.startswith(p.verb) and len(text) > len(p.verb):
        at = len(p.verb)
    elif p.around.change and text.startswith(p.around.change):
        at = len(p.around.change)
    else:
        found = LATER_VERB.search(text)
        if not found or (p.around.cue and p.around.cue not in AMOUNTS) or len(text) - found.end() < 2:
            return 0
        at = verb_run(text, rules, found.start())
        if at >= len(text):
            return 0
    if text[at:] in _GENERIC:  # 新开工项目50个, 竣工项目30个
        return 0
    return at + len(text[at:]) - len(_led(text[at:], rules))

"""The words around a printed quantity, looked up once: what compares it, what changes, what makes it, what follows.

In: a quantity, the passages of its clause and where the target before it ends.  Out: `Surroundings`.  Stretches of text
are bounded, so that a phrase of any length costs the same.  Nothing raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .passages import BRACKET, Passages
from .quantities import Quantity
from .target_rules import TargetRules

LEFT, RIGHT, SENTENCE = 80, 60, 240
#: Between a verb or a comparing word and its number.
_FILLERS = re.compile(
    r"(?:了|各|再|力争|争取|确保|共|总共|累计|全年|每年|每季度|每月|每人每年|每人每月|年人均|人均|计划|分别|全省|全市|全区|全县"
    r"|(?<![主需纲])要|不少于|不低于|至少|(?<![签节预履合])约|(?<!附)近)$"
)
#: Words that end like a comparing word and are none.
_NO_CUE = re.compile("(?:[签节预履合]约|[附临]近|[表传到下]达|[行作分成]为|赶超|[但不就]是)$")
_ENDS = re.compile(
    rf"\s*(?:{BRACKET}+\s*)?(?:$|[、/)\]】]|(?:和|及|与|或|并|以及|等)(?!.{{0,8}}(?:化|共建))|等$|,|的?(?:目标|要求|任务|标准|指标)(?:要求|任务)?(?:$|[、,])|大关|关口)"
)
_STATED = frozenset({"为", "是", "共计", "达", "保持", "稳定", "实现", "完成"})
_YEAR = re.compile(r"20\d\d(?=年)")
_BASELINE = frozenset("较比从由以与同")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a quantity in its phrase.

    `start` is where `left` begins in the clause; `stem` is `left` without the comparing word, `core` is `stem` without
    fillers, `body` is `core` without the words that lead a phrase in.  `ended`: the quantity closes its phrase or list item.
    """

    start: int
    left: str
    right: str
    sentence: str  # before the quantity, from a full stop or semicolon on
    earlier: str  # what comes before that, from the full stop on
    stem: str
    core: str
    body: str
    cue: str
    change: str  # 增长 before the number, or at the head of the phrase
    verb: str  # next to the number
    ended: bool

    @property
    def compared(self) -> bool:
        return bool(self.cue or self.change)


def surroundings(q: Quantity, where: Passages, after: int, rules: TargetRules) -> Surroundings:
    """The words around `q`; what comes before `after`, the end of an earlier target in the phrase, is not looked at."""
    text = where.context(q.start)
    begin, end = where.phrase(q.start)
    start = min(q.start, max(begin, q.start - LEFT, after))
    left, right = text[start : q.start], text[q.end : min(end, q.end + RIGHT)]
    ended = bool(_ENDS.match(right))
    bare = left.rstrip()
    cue = _cue(bare, rules)
    if not cue:
        bare = without_fillers(bare)
        cue = _cue(bare, rules)
    if cue in _STATED and not ended and q.group not in ("rate", "change"):
        cue = ""
    stem = bare.removesuffix(cue) if cue else left.rstrip()
    core = without_fillers(stem)
    body = led(core, rules)
    change = rules.changes.ending(core)
    if not change and not cue:
        change = rules.changes.starting(body)
    sentence = text[max(where.sentence(q.start)[0], q.start - SENTENCE) : q.start]
    earlier = text[max(where.full_stop(q.start), q.start - SENTENCE) : q.start - len(sentence)]
    return Surroundings(
        start, left, right, sentence, earlier, stem, core, body, cue, change, rules.verbs.ending(core), ended
    )


def _cue(text: str, rules: TargetRules) -> str:
    return "" if _NO_CUE.search(text[-3:]) else rules.cues.ending(text)


def without_fillers(text: str) -> str:
    """`text` without 各, 力争, 全年 … at its end."""
    while found := _FILLERS.search(text[-6:]):
        text = text[: len(text) - len(found[0])]
    return text


def led(text: str, rules: TargetRules) -> str:
    """`text` without the words that lead a phrase in: 全省, 力争, 每个县."""
    at = 0
    while (found := rules.head.match(text, at)) and found.end() > at:
        at = found.end()
    return text[at:]


def is_decoy(q: Quantity, where: Passages, rules: TargetRules) -> bool:
    """Whether a [[decoy]] rule knows the words next to the quantity."""
    text = where.context(q.start)
    begin, end = where.phrase(q.start)
    left = text[max(begin, q.start - 28) : q.start]
    right = text[q.unit_end : min(end, q.unit_end + RIGHT)]
    for decoy in rules.decoys:
        if q.group in decoy.groups and (decoy.pattern.search(left) if decoy.before else decoy.pattern.match(right)):
            return True
    return False


def is_past(around: Surroundings, year: int | None, rules: TargetRules) -> bool:
    """Whether the last word on time before the number speaks of what is done already.

    已 and 累计 hold up to a semicolon; a year gone by, 去年 and 以来 hold for the whole sentence.
    """
    text = around.earlier + around.sentence
    done = _last(rules.contexts["past"], around.sentence)
    past = max(done + len(around.earlier) if done >= 0 else -1, _last(rules.contexts["gone"], text))
    plan = -1
    for found in _YEAR.finditer(text):
        if year and int(found[0]) >= year:
            plan = max(plan, found.start())
        elif year and text[max(0, found.start() - 1) : found.start()] not in _BASELINE:
            past = max(past, found.start())
    return past > plan and past > _last(rules.contexts["plan"], text)


def _last(pattern: re.Pattern[str], text: str) -> int:
    last = -1
    for found in pattern.finditer(text):
        last = found.start()
    return last

"""The words around a printed quantity, looked up once: what compares it, what changes, what makes it, what follows.

In: a quantity, the passages of its clause and where the target before it ends.  Out: `Surroundings`.  Stretches of text
are bounded, so that a phrase of any length costs the same.  Nothing raises.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .passages import BRACKET, Spot
from .quantities import Quantity
from .words import TargetRules

LEFT, NEAR, RIGHT, SENTENCE = 80, 22, 60, 240
#: Between a verb or a comparing word and its number; after the characters given the word is another one.
_FILLERS = dict.fromkeys(
    ("了", "各", "再", "力争", "争取", "确保", "共", "总共", "累计", "全年", "每年", "每季度", "每月", "每人每年", "每人每月",
     "年人均", "人均", "计划", "分别", "全省", "全市", "全区", "全县", "不少于", "不低于", "至少"), ""
) | {"要": "主需纲", "约": "签节预履合", "近": "附"}  # fmt: skip
_FILLER_LENGTHS = {
    word[-1]: tuple(sorted({len(w) for w in _FILLERS if w[-1] == word[-1]}, reverse=True)) for word in _FILLERS
}
#: Words that end like a comparing word and are none.
_NO_CUE = re.compile("(?:[签节预履合]约|[附临]近|[表传到下]达|[行作分成]为|赶超|[但不就]是)$")
_ENDS = re.compile(
    rf"\s*(?:{BRACKET}+\s*)?(?:$|[、/)\]】]|共计?[0-9]|(?:和|及|与|或|并|以及|等)(?!.{{0,8}}(?:化|共建))|等$|,|的?(?:目标|要求|任务|标准|指标)(?:要求|任务)?(?:$|[、,])|大关|关口)"
)
_STATED = frozenset({"为", "是", "共计", "达", "保持", "稳定", "实现", "完成"})
#: 用好已联通200个村的系统, …: what is there is made use of; nothing after the comma is told of the past.
_IN_USE = re.compile(
    ".{0,2}(?:用好|用活|发挥|依托|利用|针对|盘活|巩固|[对将把])已[^,。;]{1,40}?的[^,。;0-9]{1,30}(?=,)"
)
_YEAR = re.compile(r"20\d\d(?=年)")
#: After these a verb at the head of the phrase is still one: 检查企业不少于200家次.
AMOUNTS = frozenset({"不少于", "不低于", "至少", "约", "近", "不超过", "不小于"})
#: Verbs that are no part of a name, wherever they stand in a phrase.
LATER_VERB = re.compile("新增|新建|新设|增设|新配置|新招|培育|引进|建成|改造|创建|培养|完成|举办|开展|建设|打造")
_NEW = frozenset({"新增", "增加", "增设", "实现", "完成"})
_NOUN_END = re.compile("[性率型费者班量额值户]|儿(?![童科])|员(?!工)|数(?!据|字)|点(?!位|亮)")
_BUILD = ("新", "改", "扩", "建成", "续建", "迁建")
_BASELINE = frozenset("较比从由以与同")


class Surroundings(NamedTuple):
    """What stands around a quantity in its phrase.

    `start` is where `left` begins in the clause; `stem` is `left` without the comparing word, `core` is `stem` without
    fillers, `body` is `core` without the words that lead a phrase in.  `ended`: the quantity closes its phrase or list item.
    """

    spot: Spot
    start: int
    left: str
    right: str
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

    @property
    def sentence(self) -> str:
        """The sentence up to the quantity."""
        end = self.start + len(self.left)
        return self.spot.text[max(self.spot.sentence, end - SENTENCE) : end]


def surroundings(q: Quantity, spot: Spot, after: int, rules: TargetRules) -> Surroundings:
    """The words around `q`; what comes before `after`, the end of an earlier target in the phrase, is not looked at."""
    opens = q.opens
    start = min(opens, max(spot.begin, opens - LEFT, after))
    left, right = spot.text[start:opens], spot.text[q.end : min(spot.end, q.end + RIGHT)]
    ended = bool(_ENDS.match(right))
    stem, cue = left.rstrip(), "至少" if q.lead else ""
    if not cue:
        bare = stem
        cue = _cue(bare, rules)
        if not cue:
            bare = without_fillers(bare)
            cue = _cue(bare, rules)
        if cue in _STATED and not ended and q.group not in ("rate", "change"):
            cue = ""
        stem = bare.removesuffix(cue) if cue else stem
    core = without_fillers(stem)
    body = led(core, rules)
    change = rules.changes.ending(core)
    if not change and not cue:
        change = rules.changes.starting(body)
    return Surroundings(spot, start, left, right, stem, core, body, cue, change, rules.verbs.ending(core), ended)


def _cue(text: str, rules: TargetRules) -> str:
    cue = rules.cues.ending(text)
    return "" if cue and _NO_CUE.search(text[-3:]) else cue


def without_fillers(text: str) -> str:
    """`text` without 各, 力争, 全年 … at its end."""
    while word := _filler(text):
        text = text[: len(text) - len(word)]
    return text


def _filler(text: str) -> str:
    for length in _FILLER_LENGTHS.get(text[-1:], ()):
        word = text[-length:]
        if word in _FILLERS and not (_FILLERS[word] and text[-length - 1 : -length] in _FILLERS[word]):
            return word
    return ""


def led(text: str, rules: TargetRules) -> str:
    """`text` without the words that lead a phrase in: 全省, 力争, 每个县."""
    at = 0
    while (found := rules.head.match(text, at)) and found.end() > at:
        at = found.end()
    return text[at:]


def is_decoy(q: Quantity, spot: Spot, rules: TargetRules) -> bool:
    """Whether a [[decoy]] rule knows the words next to the quantity."""
    left = spot.text[max(spot.begin, q.start - NEAR) : q.start]
    right = spot.text[q.unit_end : min(spot.end, q.unit_end + RIGHT)]
    for key in (q.group, q.unit):
        before, after = rules.decoys_before.get(key), rules.decoys_after.get(key)
        if (after and after.match(right)) or (before and before.search(left)):
            return True
    return False


def is_past(spot: Spot, at: int, year: int | None, rules: TargetRules) -> bool:
    """Whether the last word on time before `at` speaks of what is done already.

    已 and 累计 hold up to a semicolon; a year gone by, 去年 and 以来 hold for the whole sentence; 同比增长 says nothing
    where the sentence has spoken of what is planned.
    """
    sentence = max(spot.sentence, at - SENTENCE)
    text = spot.text[max(spot.stop, at - SENTENCE) : at]
    before = at - len(text)
    past = _last(rules.contexts["past"], text, sentence - before)
    if sentence > before:  # words that hold for the whole sentence, in what comes before the semicolon
        past = max(past, _last(rules.contexts["gone"], text))
    plan = -1
    for found in _YEAR.finditer(text) if "20" in text else ():
        if year is None:
            break
        if int(found[0]) >= year:
            plan = found.start()
        elif text[max(0, found.start() - 1) : found.start()] not in _BASELINE:
            past = max(past, found.start())
    if past >= 0 and _IN_USE.match(text, max(0, past - 4)):
        past = -1
    if past < 0:
        return plan < 0 and bool(rules.contexts["same"].search(text)) and not rules.contexts["plan"].search(text)
    return past > plan and past > _last(rules.contexts["plan"], text)


def _last(pattern: re.Pattern[str], text: str, at: int = 0) -> int:
    last = -1
    for found in pattern.finditer(text, at):
        last = found.start()
    return last


def verb_run(text: str, rules: TargetRules, at: int = 0) -> int:
    """Where the verbs at `at` of `text` end: 选拔培养, 新建、改建.  After 新增 a second verb belongs to the noun (新增培训机构)."""
    first = word = _verb_at(text, at, rules)
    while word:
        at += len(word)
        gap = 1 if text[at : at + 1] in ("、", "和", "及", "/") else 0
        word = _verb_at(text, at + gap, rules)
        if rules.verbs.meanings.get(word) == "vague" or (first in _NEW and not word.startswith(_BUILD)):
            break
        at += gap if word else 0
    return at


def _verb_at(text: str, at: int, rules: TargetRules) -> str:
    """The verb at `at`; "" where it is the beginning of a noun: 培训班, 保障性, 签约率."""
    word = rules.verbs.starting(text, at)
    return "" if word and _NOUN_END.match(text, at + len(word)) else word

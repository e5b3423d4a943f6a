"""Numbers in Chinese numerals: most are turns of phrase (一批, 三项制度), some count what is promised (两家, 每季度一次).

In: a quantity written in words and the text or the words around it.  Out: whether it is refused, and what to doubt.
Nothing raises.
"""

from __future__ import annotations

import re

from .passages import QUOTE
from .quantities import Quantity
from .surroundings import Surroundings

LEAST = re.compile("至少|不少于|不低于|最少|不小于")
#: Chinese numerals count things only before these; elsewhere they are mostly slogans (三项制度, 一个中心).
_HAN_UNITS = frozenset("家所座处条辆台架艘名人户亩间栋场期部张口") | {"公里", "人次", "元"}
_HAN_ONE = frozenset("家所座")
MAKES = re.compile(
    "^(?:新|建成|建设|引进|增设|创建|创成|改造|改建|改扩建|扩建|培育|举办|培训|组建|打造|购置|配备|招聘|完成)"
)
#: Things that are held: 组织1次演练 is a promise where 组织10个部门 is not.
HELD = frozenset({"次", "场", "期", "场次", "人次", "遍", "轮"})
_AGAIN = HELD - {"期"}  # 二期 is a part of a work
_ISSUED = ("播出", "播放", "举办", "推出", "刊发", "编发")  # 播出一期 is an issue
_NOT_AGAIN = frozenset("新上下这本首")  # 新一轮 counts nothing
#: 每天锻炼一小时: how long something is done every day.
DAILY = re.compile("每(?:天|日)[^,。;]{0,6}(?:锻炼|运动|活动|阅读)[^,。;]{0,4}$")
#: 每季度开展一次演练: what is held again and again, or within the year; 通报, 调度 and 报送 run the plan itself.
_FRAME = re.compile("每(?:个?(?:季度|学期|月)|半年|年|周|季)|全年|年内|年度|各$|上半年|下半年")
_RUNS_THE_PLAN = re.compile("报|调度|汇总|总结|考核|督查|督办|会商|例会|梳理")
WRITTEN = "汉字写的数，请核对是不是许诺。"


def is_phrase(q: Quantity, text: str) -> bool:
    """Whether a Chinese numeral is no more than a turn of phrase (一批, 三项, 一条): told before anything is looked up."""
    if not q.han or q.lead or q.bound or q.group in ("rate", "change", "move") or text[q.start - 1 : q.start] == "各":
        return False
    if q.group == "time":
        return not DAILY.search(text, max(0, q.start - 16), q.start)
    if q.unit in _AGAIN and text[q.start - 1 : q.start] in _NOT_AGAIN:
        return True
    if q.unit == "期" and text.endswith(_ISSUED, 0, q.start):
        return False
    counts = q.unit in _HAN_UNITS or q.unit == "个"
    return q.unit not in _AGAIN and not (counts and q.values[0] >= 2) and q.unit not in _HAN_ONE


def refused(q: Quantity, around: Surroundings) -> tuple[bool, str]:
    """Whether a quantity in Chinese numerals is refused, and what to doubt of it."""
    if q.lead or q.group in ("rate", "change", "time") or q.bound:
        return False, ""
    value = q.values[0]
    again = q.unit in _AGAIN or (q.unit == "期" and around.left.endswith(_ISSUED))
    if again and LEAST.search(around.left):
        return False, ""
    if again and (around.verb or around.cue) and (value > 1 or _FRAME.search(around.left)):
        named = f"{around.left[-8:]}{around.right[:8]}"
        return bool(_RUNS_THE_PLAN.search(named)), WRITTEN if value == 1 else ""
    if around.right.startswith(QUOTE):
        return True, ""
    if not MAKES.match(around.verb) and not (around.ended and MAKES.match(around.body)):
        return True, ""
    if around.left.endswith("各"):
        return False, ""
    if q.unit in _HAN_UNITS and (value >= 2 or q.unit in _HAN_ONE):
        return False, ""
    tangible = q.unit == "个" and value >= 2 and around.verb.startswith(("新", "建成", "引进", "增设"))
    return (not tangible), WRITTEN

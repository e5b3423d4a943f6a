"""Is a printed quantity promised by this plan, and how is it compared?  Scope, baselines, past results and names are not.

In: a quantity, what stands around it and the promise read before it.  Out: a `Promise`, or None.  The words come from
rules/targets.toml; the order of the questions is how the genre works: a comparing word before a number, a verb that makes
something, or a number at the end of its phrase says a promise; a number before a noun without such a verb is scope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .passages import Spot
from .quantities import Quantity
from .surroundings import AMOUNTS, LATER_VERB, Surroundings, is_decoy, is_past, surroundings, verb_run
from .words import TargetRules
from .written_numbers import DAILY, HELD, LEAST, MAKES, refused

_MARK = re.compile(r"[、,\s]*(?:以及|[和及与或])?\s*")
_ITEM = re.compile("(?:、|和|及|与|以及)(?:其他)?$")
_OF_TIME = re.compile(
    "时限|时间|时长|天数|周期|期限|办理|审批|办结|环节|平均|日均|提速|学时|等候|候诊|住院日|供暖|供热|响应|跑动|用时|耗时|工期|培训|脱产|学习"
    "|开放|活动|锻炼|预约|开办|反应|等待|排队|救援|出警"
)
#: What a service does within its time: 审批3个工作日内办结.  Reporting and what begins with an event are duties.
_SERVED = re.compile(
    "(?:全部)?(?:办结|办好|办成|完成(?!整改|整治|报)|到村|到户|到达|到场|到位|反馈|答复|回复|响应|送达|出具|出结果|处置|解决|受理)"
)
_DUTY = re.compile(
    "报告|报送|上报|报备|事故|突发|整改|通知|文件|会议|会后|材料|名单|收到|接到|发现|之日|发生|后$|起$|值班|值守|情况|备案|印发|公示"
)
_AHEAD = re.compile("高于|快于|低于|领先|超过|优于")
_OF_NUMBER = re.compile("(?:率|指数|系数|比值?|强度|水平|值|基尼系数|总和|分数|得分|排名|位次)[^,]{0,6}$")
_OF_SHARE = re.compile("(?:人数|起数|次数)$")  # 万台特种设备死亡人数低于0.1
_OF_AGE = re.compile("寿命|年龄")
_EACH = re.compile(r"[每各](?!类|项|种|方|级|界)")
_RATIO = re.compile("每(?:百|千|万|十万|10)|[人户亩地]均")
_IN_ALL = re.compile("(?:共|合计|总计)$")
_REACHED = re.compile("惠及|受益|利用外资|引进(?:资金|外资)|到位(?:资金|外资)|送[戏书]|送电影|流通$")
_LEADS_ONLY = re.compile("力争|争取|确保|至少|不少于|努力|保证")
_TOWARDS = re.compile("(?:要|应|将)?[对为向]")
_COVERS = re.compile("全?覆盖|达标|到位|落实|完成|实现|纳入|参|建|合格|办|推|开|的")
_POLICY = re.compile("^.{0,16}(?:行动|计划|政策|制度|战略|措施|举措|意见|任务)(?:$|[,、])")
_POSSESSED = re.compile("(?:现有|共有|原有|拥有|设有|辖|目前|涉及|包括|占|分布|涵盖|含|总投资|用时|历时)[^,]{0,12}$")

SCOPE_OR_PROMISE = "这个数可能是许诺，也可能只是对象的范围，请核对。"
NO_UNIT = "数字后面没有印单位，请核对量的是什么。"
SUBJECT = "这个数是句子的主语，请核对是不是许诺。"
CARRIED = "这个数前面没有动词，按许诺理解，请核对。"
SERVED = "时限可能是服务承诺，也可能只是办事的规定，请核对。"


@dataclass(frozen=True, slots=True)
class Promise:
    """How a quantity is promised.  before: the number stands before what it counts."""

    quantity: Quantity
    around: Surroundings
    comparator: str
    bound: str
    verb: str
    rule: str
    before: bool = False
    inherits: bool = False  # A、B分别达到X、Y: compared as the promise before it
    doubt: str = ""


def promise(q: Quantity, spot: Spot, last: Promise | None, year: int | None, rules: TargetRules) -> Promise | None:
    """The promise that `q` makes, or None.  `last` is the promise before it in the same sentence."""
    listed = last is not None and spot.begin <= last.quantity.start
    around = surroundings(q, spot, last.quantity.end if last and listed else 0, rules)
    if last and listed and around.ended and last.quantity.group == q.group and _MARK.fullmatch(around.left):
        if _refused(q, spot, year, rules):
            return None
        if "分别控制在" in last.around.left and not last.quantity.bound and q.bound == "<=":
            q = q._replace(end=q.unit_end)  # 分别控制在X和Y以内: 以内 belongs to 控制在, and so to all of the list
        comparator = last.comparator if last.comparator in ("increase", "decrease") else q.bound or last.comparator
        return Promise(q, around, comparator, last.bound, last.verb, "listed", inherits=True)
    found = _BY_GROUP[q.group](q, around, last if listed or q.group != "time" else None, rules)
    if found is None or (spot.inside and found[0] in ("rate", "end")) or _refused(q, spot, year, rules):
        return None
    rule, before, doubt = found
    if q.han:
        idle, han_doubt = refused(q, around)
        if idle:
            return None
        doubt = doubt or han_doubt
    comparator, bound = _comparator(q, around, rules)
    shared = last.verb if last and (listed or rule in ("carried", "item")) else ""
    verb = _verb(q, around, before, rules) or ("" if around.cue or q.group == "rate" else shared)
    return Promise(q, around, comparator, bound, verb, rule, before, doubt=doubt)


def _refused(q: Quantity, spot: Spot, year: int | None, rules: TargetRules) -> bool:
    """Whether the number is a decoy or speaks of the past: asked last, because most numbers fall out before."""
    return (q.group != "move" and is_decoy(q, spot, rules)) or is_past(spot, q.start, year, rules)


#: rule, whether the number stands first, doubt
Finding = tuple[str, bool, str] | None


def _change(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    return ("change", False, "") if around.ended and around.left.strip() else None


def _move(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    return ("from-to", False, "") if around.ended and around.left.strip() else None


def _time(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    if around.ended and DAILY.search(around.left):
        return "time", False, ""
    if not (around.compared or q.bound):
        return None
    if around.ended:
        return ("time", False, "") if _OF_TIME.search(around.left) or (last and not around.body) else None
    if q.bound != "<=" or not _SERVED.match(around.right) or not (last or len(around.body) > 1):
        return None
    is_duty = _DUTY.search(around.left) or _DUTY.search(around.right) or "后," in around.sentence[-30:]
    return None if is_duty else ("served", False, SERVED)


def _age(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    return ("age", False, "") if around.ended and _OF_AGE.search(around.left) else None


def _bare(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    meant = (around.compared or q.bound) and around.ended and around.left.strip()
    is_share = isinstance(q.values[0], float) and _OF_SHARE.search(around.stem)
    if not q.scaled and not is_share and not _OF_NUMBER.search(around.stem):
        return None
    return ("bare", False, NO_UNIT) if meant else None


def _rate(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    if around.compared:
        return "compared", False, ""
    if q.part:
        return None  # 占三分之一 tells of a share; 压缩三分之一 is compared
    if around.right.startswith("的") and not around.body:
        return "rate", True, SCOPE_OR_PROMISE
    if not around.left.strip() and not q.bound:
        return ("item", True, "") if last and rules.result.match(around.right) else None
    all_of_them = q.values == (100,) and around.left.strip() and not around.right.startswith("的")
    if around.ended or q.bound or all_of_them or _COVERS.match(around.right):
        return "rate", not around.body or bool(_TOWARDS.match(around.left)), ""
    return None


def _amount(q: Quantity, around: Surroundings, last: Promise | None, rules: TargetRules) -> Finding:
    """Things counted and measured."""
    group = rules.verbs.meanings.get(around.verb, "")
    result = bool(rules.result.search(around.right))
    least = q.bound == ">=" or bool(q.lead or LEAST.search(around.left))
    if _POSSESSED.search(around.left) and not (around.cue or least or _EACH.search(around.left)):
        return None
    if around.cue and around.ended:
        return "compared", False, ""
    if around.change and (around.ended or around.change in around.core[-len(around.change) :]):
        return "compared", not around.ended, ""
    if group == "output":
        return "verb", not around.ended or around.core == around.verb, ""
    if group and q.unit in HELD:
        return "verb", not around.ended, ""
    if group and not around.ended:
        if least or result:
            return "verb", True, ""
        is_named = group == "vague" or (around.verb != "帮助" and _POLICY.match(around.right))
        return None if is_named else ("verb", True, SCOPE_OR_PROMISE)
    if around.ended:
        return _at_end(q, around, last, least, rules)
    return _first(q, around, last, result, rules)


def _at_end(q: Quantity, around: Surroundings, last: Promise | None, least: bool, rules: TargetRules) -> Finding:
    """选拔培养领军人才10名: the number closes the phrase."""
    if not around.body:
        return ("end", False, CARRIED) if least or around.verb or (last and _IN_ALL.search(around.left)) else None
    said = rules.verb.search(around.left) or rules.verbs.starting(around.body)
    if (
        said
        or least
        or q.bound
        or _REACHED.search(around.left)
        or _RATIO.search(around.left)
        or rules.contexts["hope"].search(around.left)
    ):
        return "end", False, ""
    if last:
        return "carried", False, ""
    if rules.contexts["goal"].search(around.sentence):
        return "end", False, CARRIED
    return None


def _first(q: Quantity, around: Surroundings, last: Promise | None, result: bool, rules: TargetRules) -> Finding:
    """4个服务站: the number opens the phrase or the list item, or comes after a scope."""
    if around.right.startswith("的") and re.match("的.{0,6}(?:目标|任务|指标)", around.right):
        return "verb", True, ""
    if q.lead or LEAST.search(around.left):
        return "least", True, ""
    if last and last.before and _ITEM.search(around.left) and around.start <= last.quantity.end:
        return "item", True, ""
    if MAKES.match(around.body) and not around.compared and rules.verbs.starting(around.body):
        return "verb", True, SCOPE_OR_PROMISE
    if not around.body:
        if _LEADS_ONLY.search(around.left):
            return "hope", True, ""
        if result and (q.bound == ">=" or around.left.strip()):
            return "subject", True, SUBJECT
    return None


_BY_GROUP = {
    "rate": _rate, "count": _amount, "measure": _amount, "time": _time, "age": _age, "bare": _bare, "change": _change,
    "move": _move,
}  # fmt: skip


def _comparator(q: Quantity, around: Surroundings, rules: TargetRules) -> tuple[str, str]:
    """The comparator, and for a change what bounds it."""
    least = bool(LEAST.search(around.left)) or bool(q.lead)
    said = rules.cues.meanings.get(around.cue, "")
    bound = q.bound or (">=" if least else "") or (said if said != "=" else "")
    if q.group in ("change", "move"):
        return q.comparator, q.bound
    change = rules.changes.meanings.get(around.change, "")
    if change and _is_change(q, around, change):
        return change, bound
    if len(q.values) == 2:
        return "range", ""
    if q.unit == "个百分点" and (ahead := _AHEAD.search(around.left)):  # 高于全省平均2个百分点
        return ("decrease" if ahead[0] == "低于" else "increase"), bound
    return bound or said or q.comparator or "=", ""


def _is_change(q: Quantity, around: Surroundings, change: str) -> bool:
    """提升1个中心 improves one centre; 提升5个百分点 and 床位增加100张 say by how much; so does every reduction."""
    if change == "decrease" or q.group == "rate":
        return True
    return around.ended and around.core.endswith(around.change) and around.core != around.change


def _verb(q: Quantity, around: Surroundings, before: bool, rules: TargetRules) -> str:
    """The verb that makes what is counted: at the head of the phrase, next to the number, or after a place (在县里新建…)."""
    head = around.body[: verb_run(around.body, rules)]
    if (around.cue and around.cue not in AMOUNTS) or q.group in (
        "rate",
        "move",
    ):  # 签约率达到40%: 签约 is part of the rate's name
        return head if head.startswith("新") else ""
    found = None if head or before or around.cue else LATER_VERB.search(around.body)
    if found:
        return around.body[found.start() : verb_run(around.body, rules, found.start())]
    return head or (around.verb if before else "")

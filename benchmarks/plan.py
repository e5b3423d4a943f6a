"""One plan as it is printed: title, cover letter, numbered tasks, units, annexes, signature.

In: a place, a field, a year and what chance decides for that place and field.  Out: a Plan, and its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from wording import Field, Grammar, Setting, Subject, task

DIGITS = "〇一二三四五六七八九"
WORDED_ANEW = 0.4  # share of the tasks that a new year words anew
TASKS, FEWEST, MOST = (25, 5), 16, 38  # mean and spread of the number of tasks; the least and the most
SIZE = (105, 245)  # characters of a task, between which the mean of a notice lies
#: How clauses are numbered, and how often out of a hundred.
STYLES = ("running", "sections", "restart", "three", "flat", "articles")
SHARES = (34, 26, 10, 18, 8, 4)
OPENINGS = (
    "{year}年是实施“{plan}”规划的重要一年，也是推动全{kind}{field}事业高质量发展的关键之年。全{kind}{field}工作的总体要求是："
    "以习近平新时代中国特色社会主义思想为指导，全面贯彻党中央决策部署，认真落实{kind}委、{kind}政府工作要求，坚持{principle}，"
    "{one}，{two}，{three}，为{aim}提供坚强保障。",
    "为切实做好{year}年{field}工作，结合我{kind}实际，制定本要点。全年工作的总体思路是：坚持稳中求进工作总基调，{one}，{two}，"
    "{three}，着力{aim}。重点抓好以下工作：",
    "{year}年，全{kind}{field}工作坚持以人民为中心的发展思想，按照{kind}委、{kind}政府的总体部署，坚持{principle}，{one}，{two}，"
    "努力{aim}，{three}。",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: what it says of itself, the lines before its tasks, its tasks, the lines after them."""

    code: str
    place: str
    field: str
    year: int
    heading: str  # the title a page prints on top
    issuer: str
    number: str
    issued: date
    front: tuple[str, ...]
    tasks: tuple[str, ...]  # the numbered lines
    back: tuple[str, ...]


def han(number: int) -> str:
    """1 to 99 in Chinese: 十二, 二十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def short(name: str) -> str:
    """桓台 of 桓台县; a name of two characters, or of a people's own district, stays whole."""
    return name if len(name) < 3 or "自治" in name else name[:-1]


def planned(
    code: str, name: str, full: str, above: str, field: Field, year: int, steady: Random, seed: str, rules: Grammar
) -> Plan:
    """The plan of a place for a year.  `steady` decides what is the same every year: it must be drawn alike each time."""
    level = "省" if code.endswith("0000") else "市" if code.endswith("00") else "县"
    body = [found for found in field.bodies if found["since"] <= year][-1]
    work = body.get("field", field.name)
    printed = body["names"][level]
    issuer = printed.format(above=above, P=short(name)) if "{" in printed else full + printed
    style = steady.choices(STYLES, SHARES)[0]
    covered, titled, unit = (
        steady.random() < 0.5,
        steady.random(),
        steady.choice(("none", "end", "end", "some", "line")),
    )
    glued = steady.random() < 0.6  # title and text on one line
    count = min(MOST, max(FEWEST, round(steady.gauss(*TASKS))), len(field.subjects))
    size = steady.randint(*SIZE)
    chosen = sorted(
        steady.sample(range(len(field.subjects)), count), key=lambda at: (at >= len(field.subjects) - 14, at)
    )
    sections = steady.sample(field.sections, min(len(field.sections), steady.randint(3, 6)))
    mark = f"{name[0]}{field.mark}{steady.choice(('发', '字', '办', '办发', '函'))}"
    base = f"{seed}/{code}/{field.name}"
    own = Random(f"{base}/{year}")  # what this year alone decides
    at = Setting(field, year, short(name), name[-1] if name[-1] in "省市县区旗州盟" else "县")
    issued = date(year, own.choice((1, 2, 2, 3, 3, 3, 4, 5)), own.randrange(1, 29))
    number = f"{mark}〔{year}〕{own.randrange(1, 120)}号"
    lead = at.kind + printed.format(above="", P="")
    made = []
    for subject in chosen:
        edition = _edition(f"{base}/{subject}", year)
        words, figures = Random(f"{base}/{subject}/{edition}"), Random(f"{base}/{subject}/{year}")
        made.append(
            _task(
                rules, at, field.subjects[subject], round(size * words.uniform(0.6, 1.4)), words, figures, (unit, lead)
            )
        )
    title = _title(titled, year, full, at.kind, work, issuer, covered)
    opening = _opening(own, rules, at, work, year)
    signed = [issuer, _printed(issued, steady.random() < 0.15)]
    back = ([f"附件：{year}年{work}重点工作任务分解表"] if own.random() < 0.12 else []) if not covered else []
    front = [title, opening]
    heading = title
    if covered:
        heading = f"{issuer}关于印发《{title}》的通知"
        letter = f"现将《{title}》印发给你们，请结合实际，认真{own.choice(('贯彻执行', '组织实施', '抓好落实', '贯彻落实'))}。"
        people = own.choice(field.words["addressees"])
        front = [heading, number, f"{people}：", letter, *signed, *front]
    elif titled < 0.3:
        front.insert(1, number)
    tasks = _numbered(style, made, sections, glued or unit == "line")
    return Plan(
        code, full, field.name, year, heading, issuer, number, issued, tuple(front), tuple(tasks),
        tuple([] if covered else [*back, *signed]),
    )  # fmt: skip


def lines_of(plan: Plan) -> list[str]:
    """The plan line by line."""
    return [*plan.front, *plan.tasks, *plan.back]


def _edition(base: str, year: int) -> int:
    """The year in which the wording in force in `year` was written."""
    draw = Random(base)
    changed = [at for at in range(2012, 2027) if draw.random() < WORDED_ANEW]
    return max((at for at in changed if at <= year), default=2011)


def _task(
    rules: Grammar, at: Setting, subject: Subject, size: int, words: Random, figures: Random, named_as: tuple[str, str]
) -> tuple[str, list[str], str]:
    """Title, sentences, and the line that names the units, if it has one."""
    unit, lead = named_as
    title, sentences = task(rules, at, subject, size, words, figures)
    partners = words.sample(at.field.words["partners"], words.randint(0, 3))
    named = "、".join(f"{at.kind}{partner}" for partner in partners)
    if unit == "line":
        return title, sentences, f"责任单位：{lead}{'、' if named else ''}{named}"
    said = (
        f"（{lead}牵头，{named}配合）"
        if named and words.random() < 0.6
        else f"（{lead}{'、' if named else ''}{named}负责）"
    )
    if named and words.random() < 0.2:
        said = f"（{lead}、{named}按职责分工负责）"
    if unit == "end" or (unit == "some" and words.random() < 0.4):
        sentences[-1] = sentences[-1].removesuffix("。") + said + "。"
    return title, sentences, ""


def _title(draw: float, year: int, place: str, kind: str, work: str, issuer: str, covered: bool) -> str:
    if covered and draw < 0.4:
        return f"{year}年全{kind}{work}工作要点"
    if draw < 0.55:
        return f"{year}年{place}{work}工作要点"
    if draw < 0.7:
        return f"{place}{year}年{work}工作要点"
    if draw < 0.8:
        return f"{issuer}{year}年工作要点"
    return f"{year}年{place}{work}工作计划" if draw < 0.9 else f"{place}{year}年{work}重点工作任务"


def _opening(own: Random, rules: Grammar, at: Setting, work: str, year: int) -> str:
    one, two, three = own.sample(rules.words["g"], 3)
    plan = "十二五" if year < 2016 else "十三五" if year < 2021 else "十四五" if year < 2026 else "十五五"
    return own.choice(OPENINGS).format(
        year=year, plan=plan, kind=at.kind, field=work, one=one, two=two, three=three,
        principle=own.choice(rules.words["principle"]),
        aim=own.choice(at.field.words["aims"]).replace("{P}", at.place),
    )  # fmt: skip


def _printed(day: date, in_words: bool) -> str:
    if not in_words:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{''.join(DIGITS[int(c)] for c in str(day.year))}年{han(day.month)}月{han(day.day)}日"


def _numbered(
    style: str, made: Sequence[tuple[str, list[str], str]], sections: Sequence[str], glued: bool
) -> list[str]:
    """The lines of the tasks under a style of numbering; titles stand on a line of their own unless `glued`."""
    out: list[str] = []
    first = len(sections) if style != "flat" else 1
    starts = [len(made) * at // first for at in range(first)]
    for at, (title, sentences, unit) in enumerate(made):
        if at in starts and style != "flat":
            number = starts.index(at) + 1
            head = sections[number - 1]
            out.append(f"第{han(number)}章　{head}" if style == "articles" else f"{han(number)}、{head}")
        inside = at - max(start for start in starts if start <= at)
        if style == "three" and inside % 3 == 0:
            out.append(f"（{han(inside // 3 + 1)}）{_group(sections, at)}")
        label = {
            "running": f"{at + 1}.", "sections": f"（{han(inside + 1)}）", "restart": f"{inside + 1}.",
            "three": f"{inside % 3 + 1}.", "flat": f"{han(at + 1)}、", "articles": f"第{han(at + 1)}条　",
        }[style]  # fmt: skip
        text = "".join(sentences)
        if style == "articles":
            out.append(f"{label}{text}")
        elif glued:
            out.append(f"{label}{title}。{text}")
        else:
            out += [f"{label}{title}", text]
        out += [unit] if unit else []
    return out


GROUPS = (
    "完善工作体系",
    "突出重点任务",
    "提升服务质效",
    "补齐短板弱项",
    "强化支撑保障",
    "健全长效机制",
    "优化资源配置",
    "深化改革创新",
)


def _group(sections: Sequence[str], at: int) -> str:
    return GROUPS[(at * 5 + len(sections[0])) % len(GROUPS)]

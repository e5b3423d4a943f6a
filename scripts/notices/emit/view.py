"""The names and ids that pages share."""

from __future__ import annotations

import hashlib

from ..model import Clause, Notice, Region, Span

SLOTS = {"cover": "印发通知", "preamble": "总述", "sign": "落款与附件"}
UNTITLED = "（无标题）"
MENTIONED = ("cites", "to_be_drawn_up", "docno_cited")  # relations of a citation that names another document


def permanent(prefix: str, name: str) -> str:
    """An ASCII id for a thing that has only a Chinese name, the same for ever: prefix and 8 hexadecimal digits."""
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def unit_id(name: str) -> str:
    """The id of a unit on the page 责任单位; `name` is the canonical one."""
    return permanent("u", name)


def term_id(name: str) -> str:
    """The id of a term on the page 名词解释."""
    return permanent("t", name)


def by_clause(notice: Notice) -> dict[str, list[Span]]:
    """Anchor of a clause → its spans, in their order."""
    found: dict[str, list[Span]] = {}
    for span in notice.spans:
        found.setdefault(span.clause, []).append(span)
    return found


def titled(span: Span, notice: Notice) -> Span:
    """The citation by title that a document number in the same clause belongs to; otherwise the span itself."""
    if span.get("title"):
        return span
    same = (s for s in notice.spans if s.kind == "citation" and s.clause == span.clause and s.get("title"))
    return next((s for s in same if s.get("doc_number") == span.get("doc_number")), span)


def document_id(span: Span) -> str:
    """The id of a cited document on the page 引用文件: by title, or by number where no title is printed."""
    return permanent("d", str(span.get("title") or span.get("doc_number")))


def target_id(notice: Notice, span: Span) -> str:
    """The id of a target on the page 量化指标: the clause's address and where in its text the value stands."""
    return f"{notice.id}--{span.clause}--{span.start}"


def short_name(notice: Notice) -> str:
    """海宁市2021年: how a notice is named in a list of many."""
    return plain_name(notice.meta.region, notice.meta.year.value or "")


def plain_name(region: Region | None, year: str) -> str:
    """海宁市2021年, from the place and the year ("" for none)."""
    return (region.path[-1] if region else "地区未载明") + (f"{year}年" if year else "")


def clause_name(clause: Clause, limit: int = 28) -> str:
    """Number and title of a clause, or how its text begins."""
    if not clause.style:
        return SLOTS[clause.anchor]
    words = clause.title or clause.text.partition("\n")[0]
    return clause.label + (words if len(words) <= limit else f"{words[:limit]}……")


def day(date: str) -> str:
    """2020-06-30, 2020-06 or 2020 as it is read; 未载明 for nothing."""
    numbers = [str(int(part)) for part in date.split("-") if part.isdigit()]
    return "".join(n + unit for n, unit in zip(numbers, "年月日", strict=False)) or "未载明"


COMPARATORS = {"=": "", ">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "~": "约"}


def quantity(span: Span) -> str:
    """A target's value in the words of a table: ≥20%, 2～3个, 从87元到92元, 增长8%以上."""
    unit = str(span.get("unit") or "")
    value = span.get("value")
    numbers = [_number(v) for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, (int, float))]
    comparator = str(span.get("comparator"))
    if comparator == "range":
        return "～".join(numbers) + unit
    if comparator == "from_to":
        return f"从{numbers[0]}{unit}到{numbers[-1]}{unit}"
    bound = COMPARATORS.get(str(span.get("bound") or ""), "")
    if comparator in ("increase", "decrease"):
        return ("增" if comparator == "increase" else "减") + bound + "".join(numbers) + unit
    return COMPARATORS.get(comparator, comparator) + "".join(numbers) + unit


def _number(value: float) -> str:
    """25.39万 for 253,900: large numbers in 万 and 亿, as they are read aloud."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            return f"{value / size:.10g}{name}"
    return f"{value:.10g}"

"""What emitters look things up in: the corpus by id and by address, and the names and ids that pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..corpus import Corpus
from ..model import Clause, Link, Notice, Span
from ..rules import Rules
from ..store import Entry

SLOTS = {"cover": "印发通知", "preamble": "总述", "sign": "落款与附件"}
UNTITLED = "（无标题）"


@dataclass(frozen=True, slots=True)
class View:
    """The corpus with its lookups.  `links`: source address → its links, best first."""

    corpus: Corpus
    rules: Rules
    entries: Mapping[str, Entry]
    notices: Mapping[str, Notice]
    links: Mapping[str, tuple[Link, ...]]
    plain_terms: Mapping[str, str]  # glossary term → its explanation
    places: Mapping[str, tuple[Notice, Clause]]  # every address of the corpus → where it is

    def clause(self, address: str) -> tuple[Notice, Clause]:
        """The notice and clause at "<id>#<anchor>"; an item's or paragraph's anchor gives its clause.  Raises KeyError."""
        return self.places[address]

    def spans(self, *kinds: str) -> Iterator[tuple[Notice, Clause, Span]]:
        """Every span of the kinds, with its notice and clause, in the order of the corpus."""
        for notice in self.corpus.notices:
            clauses = {clause.anchor: clause for clause in notice.clauses}
            for span in notice.spans:
                if span.kind in kinds:
                    yield notice, clauses[span.clause], span


def view_of(corpus: Corpus, rules: Rules, entries: Mapping[str, Entry]) -> View:
    """The view of a corpus."""
    links: dict[str, list[Link]] = {}
    for link in corpus.links:
        links.setdefault(link.source, []).append(link)
    ordered = {
        source: tuple(sorted(group, key=lambda link: (link.kind, -link.score, link.target)))
        for source, group in links.items()
    }
    plain = {term["name"]: term["plain"] for term in rules.tables["terms"].get("term", ())}
    places = {
        f"{n.id}#{anchor}": (n, clause) for n in corpus.notices for clause in n.clauses for anchor in clause.answers
    }
    return View(corpus, rules, entries, {notice.id: notice for notice in corpus.notices}, ordered, plain, places)


def permanent(prefix: str, name: str) -> str:
    """An ASCII id for a thing that has only a Chinese name, the same for ever: prefix and 8 hexadecimal digits."""
    return f"{prefix}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def unit_id(name: str) -> str:
    """The id of a unit on the page 责任单位; `name` is the canonical one."""
    return permanent("u", name)


def term_id(name: str) -> str:
    """The id of a term on the page 名词解释."""
    return permanent("t", name)


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
    place = notice.meta.region.path[-1] if notice.meta.region else "地区未载明"
    return f"{place}{notice.meta.year.value or ''}{'年' if notice.meta.year.value else ''}"


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

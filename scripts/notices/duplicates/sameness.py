"""Whether two notices are one notice scraped twice, two texts of one notice, two versions of it, or two notices.

What both print decides: a place, a year, an issuer, a number or a title that differs is never explained away, and
one that is missing says nothing.  Then the texts are compared, without punctuation, clause by clause.  Rules:
rules/duplicates.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from ..links.linking import compiled_rules as link_rules
from ..links.plans import Body, body_of
from ..model import Field, Notice, Span
from ..places import stem
from ..rules import Rules, RulesError, compiled
from .wording import Difference, Passage, changed, figures_differ, gaps_of, joined, labelled, passage_of, plain

_FINISHED = re.compile(r"[。！？；]")
_WRAPPED = re.compile(r"^.*?关于(?:印发|下发|转发|发布|公布|调整|修订|做好)?(.+?)的?(?:通知|通报|公告)$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?度?")
_ALL = re.compile(r"[全我本](?=[省市县区州盟旗])")


class Verdict(NamedTuple):
    """kind: "same", "conflict", "version" or "other"; `why` in Chinese, without a stop."""

    kind: str
    code: str
    why: str
    difference: Difference


class Sameness(NamedTuple):
    """rules/duplicates.toml compiled, and the kinds of office from rules/links.toml."""

    similarity: float
    longest: int
    most_heads: int
    shown: int
    long_clauses: int
    figure: re.Pattern[str]
    version: re.Pattern[str]
    bodies: tuple[Body, ...]
    body_end: re.Pattern[str]


@lru_cache(maxsize=2)
def compiled_rules(rules: Rules) -> Sameness:
    """Raises RulesError naming the entry."""
    try:
        table, linking = rules.tables["duplicates"], link_rules(rules)
        same = table["same"]
        return Sameness(
            similarity=float(same["similarity"]),
            longest=int(same["longest"]),
            most_heads=int(same["most_heads"]),
            shown=int(same["shown"]),
            long_clauses=int(same["long_clauses"]),
            figure=compiled(table["figure"]["pattern"], "duplicates/figure"),
            version=compiled(table["version"]["pattern"], "duplicates/version"),
            bodies=tuple(linking.bodies),
            body_end=linking.body_end,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"规则文件 duplicates.toml 缺少一项或写法有错：{error}。请对照文件里其他条目改正。") from error


MIN_KEY = 20  # characters: a shorter clause finds no candidates


class Heads(NamedTuple):
    """What finds candidates for a notice without its text: how many clauses it has, and its longest ones, plain."""

    clauses: int
    longest: tuple[str, ...]


def heads_of(notice: Notice, rules: Sameness) -> Heads:
    """The heads of a notice with its clauses."""
    texts = sorted((clause for clause in notice.clauses if clause.style), key=lambda c: (-len(c.text), c.anchor))
    plain_ones = (plain(clause.text) for clause in texts[: rules.long_clauses])
    return Heads(len(notice.clauses), tuple(text for text in plain_ones if len(text) >= MIN_KEY))


@dataclass(frozen=True)
class Look:
    """One notice as it is compared.  The texts are made when they are first asked for: `full` gives the notice with them."""

    notice: Notice
    heads: Heads
    full: Callable[[], Notice]
    year: str
    place: str  # GB/T 2260 code, "" where the source names none
    number: str
    issuers: frozenset[str]  # kinds of office, see plans.body_of
    title: str  # without year, place and the words of a covering letter; "" where none is printed
    versions: frozenset[str]

    @cached_property
    def texts(self) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
        """The numbered clauses and the preamble, out of one reading."""
        notice = self.full()
        return _numbered(notice), _preamble(notice)

    @property
    def clauses(self) -> tuple[Passage, ...]:
        """The numbered clauses in order.  The letter, the signature and annexes differ from site to site."""
        return self.texts[0]

    @property
    def preamble(self) -> tuple[Passage, ...]:
        """The preamble's paragraphs that are sentences."""
        return self.texts[1]

    @cached_property
    def body(self) -> str:
        """The text of the numbered clauses."""
        return joined(self.clauses)


def _numbered(notice: Notice) -> tuple[Passage, ...]:
    units: dict[str, list[Span]] = {}
    for span in notice.spans:
        if span.kind == "unit":
            units.setdefault(span.clause, []).append(span)
    return tuple(passage_of(c, units.get(c.anchor, ())) for c in notice.clauses if c.style)


def _preamble(notice: Notice) -> tuple[Passage, ...]:
    paragraphs = (p for clause in notice.clauses if clause.anchor == "preamble" for p in clause.paragraphs)
    sentences = (p for p in paragraphs if p.kind == "text" and _FINISHED.search(p.text))
    return tuple(Passage("总述", p.line, "", plain(p.text)) for p in sentences)


def look_at(
    notice: Notice, rules: Sameness, heads: Heads | None = None, full: Callable[[], Notice] | None = None
) -> Look:
    """What decides about a notice.  `heads` and `full` where it comes without its clauses."""
    meta = notice.meta
    path = meta.region.path if meta.region else ()
    names = re.split(r"[、\s]+", meta.issuer.value or "")
    titles = f"{meta.title.value or ''} {meta.notice_title.value or ''}"
    return Look(
        notice,
        heads or heads_of(notice, rules),
        full or (lambda: notice),
        meta.year.value or "",
        meta.region.code if meta.region else "",
        plain(meta.doc_number.value or ""),
        frozenset(body_of(name, path, rules.bodies, rules.body_end) for name in names if name),
        _bare_title(meta.title, path, rules),
        frozenset(rules.version.findall(titles)),
    )


def _bare_title(title: Field, path: Sequence[str], rules: Sameness) -> str:
    flat = plain(title.value or "")
    wrapped = _WRAPPED.match(flat)
    flat = rules.version.sub("", wrapped[1] if wrapped else flat)
    for name in sorted({*path, *map(stem, path)}, key=len, reverse=True):
        flat = flat.replace(name, "")
    return _YEAR.sub("", _ALL.sub("", flat)).lstrip("省市县区州盟旗")


# -- texts -----------------------------------------------------------------------------------------------------------


def difference(mine: Look, theirs: Look, rules: Sameness) -> Difference:
    """How the texts differ.  A paragraph of the preamble that only one side has is no difference."""
    whole = mine.body == theirs.body or labelled(mine.clauses) == labelled(theirs.clauses)
    gaps = [] if whole else list(gaps_of(mine.clauses, theirs.clauses, rules.longest))
    gaps += [gap for gap in gaps_of(mine.preamble, theirs.preamble, rules.longest) if len(gap.mine) == len(gap.theirs)]
    sizes = [changed(gap) for gap in gaps]
    total = sum(len(look.body) + len(joined(look.preamble)) for look in (mine, theirs))
    similarity = 1 - sum(apart for apart, _ in sizes) / total if total else 0.0
    reworded = tuple(
        gap for gap, (_, longest) in zip(gaps, sizes, strict=True) if longest > rules.longest or not all(gap)
    )
    figures = tuple(gap for gap in gaps if all(gap) and figures_differ(gap, rules.figure))
    return Difference(similarity, tuple(gaps), figures, reworded, _is_cut(mine, theirs) or _is_cut(theirs, mine))


def _is_cut(short: Look, long: Look) -> bool:
    """Whether `short` breaks off in the middle of what `long` says in full."""
    if not any(problem.code == "truncated" for problem in short.notice.problems) or not short.body:
        return False
    return len(short.body) < len(long.body) and long.body.startswith(short.body)


# -- the verdict -----------------------------------------------------------------------------------------------------


def judge(mine: Look, theirs: Look, rules: Sameness) -> Verdict:
    """What two notices are to each other.  Symmetric but for the sides of the difference."""
    if _contradict(mine.place, theirs.place):
        return OTHER
    same_number = bool(mine.number) and mine.number == theirs.number
    same_year = not _contradict(mine.year, theirs.year)
    same_title = bool(mine.title) and mine.title == theirs.title
    if not same_number and (not same_year or _contradict(mine.title, theirs.title)):
        return _by_text(mine, theirs, rules) if same_year else OTHER
    if mine.versions != theirs.versions and not same_number:
        named = "、".join(sorted(mine.versions ^ theirs.versions))
        why = f"题名相近，一份写着“{named}”"
        return Verdict("version", "other-version", why, NONE) if same_title else OTHER
    found = difference(mine, theirs, rules)
    same = _same_text(mine, theirs, found, rules)
    if _contradict(mine.number, theirs.number):
        return Verdict("conflict", "same-notice-other-number", "题名和年份相同，发文字号不同", found)
    if not _one_office(mine, theirs) and not same_number:
        why = "正文相同，发文机关不同"
        return Verdict("conflict", "same-text-other-issuer", why, found) if same else OTHER
    if same and same_year:
        return Verdict("same", "", "", found)
    if same_number:
        return Verdict("conflict", "same-number-other-text", "发文字号相同，正文不同", found)
    known = bool(mine.place and theirs.place) or bool(mine.issuers and theirs.issuers)
    if (same_title and known) or found.similarity >= rules.similarity:
        return Verdict("conflict", "same-notice-twice", "像是同一份通知，正文不同", found)
    return OTHER


NONE = Difference(0.0, (), (), ())
OTHER = Verdict("other", "", "", NONE)


def _by_text(mine: Look, theirs: Look, rules: Sameness) -> Verdict:
    """Two titles: one text under both is for a person to look at."""
    found = difference(mine, theirs, rules)
    if _same_text(mine, theirs, found, rules) and mine.versions == theirs.versions:
        return Verdict("conflict", "same-text-other-title", "正文相同，题名不同", found)
    return OTHER


def _contradict(mine: str, theirs: str) -> bool:
    """Whether both say something, and not the same."""
    return bool(mine) and bool(theirs) and mine != theirs


def _one_office(mine: Look, theirs: Look) -> bool:
    """Whether the issuers may be the same: one of them is not printed, or they have a body in common."""
    return not mine.issuers or not theirs.issuers or bool(mine.issuers & theirs.issuers)


def _same_text(mine: Look, theirs: Look, found: Difference, rules: Sameness) -> bool:
    if _other_day(mine.notice.meta.issued, theirs.notice.meta.issued):
        return False
    if not mine.body or not theirs.body:  # no numbers at all: the paragraphs, word for word
        return mine.body == theirs.body and joined(mine.preamble) == joined(theirs.preamble) != ""
    return found.cut or (found.similarity >= rules.similarity and not found.figures and not found.reworded)


def _other_day(mine: Field, theirs: Field) -> bool:
    """Whether both are signed, on different days; a date from a site's own label says nothing."""
    signed = mine.rule == theirs.rule == "signature"
    a, b = mine.value or "", theirs.value or ""
    return signed and a[: len(b)] != b[: len(a)]

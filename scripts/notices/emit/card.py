"""What the pages about all notices need to know of each: a small record that is kept for every notice at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..annotate import terms
from ..model import Notice, Region
from ..rules import Rules
from .files.csv_files import TABLES
from .pages.findings import found_in
from .pages.promises import candidates
from .view import MENTIONED, clause_name, document_id, plain_name, titled

SHORT, LONG = 2, 8  # characters of a word that the home page offers to search for


class Candidate(NamedTuple):
    """A promised figure that may stand on the home page: how good it is, its topics, and where (`at`: anchor and start)."""

    rank: tuple[bool, bool, bool]
    topics: tuple[str, ...]
    order: int
    start: int
    at: str


@dataclass(frozen=True, slots=True)
class Card:
    """A notice in brief, without its text.  Fields that end in `_` are packed: see `counts`, `clause_name`."""

    id: str
    region: Region | None
    year: str
    title: str
    issuer: str
    doc_number: str
    issued: str
    clauses: int
    rows: tuple[int, ...]  # of each of TABLES
    names_: str  # anchor → what its clause is called
    kinds_: str  # kind of annotation → how many
    topics_: str  # label → tasks
    terms_: str  # term → clauses that use it
    documents_: str  # id of a document cited → how often
    findings_: str  # kind of finding → how many
    new_words_: str  # quoted word that the glossary lacks → how often
    words_: str  # printed words that the home page may offer, one a line
    promises: tuple[Candidate, ...]

    @property
    def name(self) -> str:
        """海宁市2021年: how the notice is named in a list of many."""
        return plain_name(self.region, self.year)

    @property
    def dated(self) -> str:
        """When it was issued, or its year where no day is printed."""
        return self.issued or self.year

    def count(self, kind: str) -> int:
        """How many annotations of a kind it has."""
        return counts(self.kinds_).get(kind, 0)

    def clause_name(self, anchor: str) -> str:
        """What the clause that `anchor` leads into is called.  Raises KeyError."""
        at = self.names_.find(f"\x1f{anchor}\x1f")
        if at < 0:
            raise KeyError(f"{self.id}#{anchor}")
        start = self.names_.index("\t", at) + 1
        return self.names_[start : self.names_.index("\n", start)]


def card_of(notice: Notice, rules: Rules) -> Card:
    """The card of a notice that has its id.  It depends on nothing but the notice and the rules."""
    meta, spans = notice.meta, notice.spans
    used = {(str(span.get("term")), span.clause) for span in spans if span.kind == "term"}
    cited = [s for s in spans if s.kind == "citation" and s.get("relation") in MENTIONED and titled(s, notice) is s]
    return Card(
        id=notice.id,
        region=meta.region,
        year=meta.year.value or "",
        title=meta.title.value or "",
        issuer=meta.issuer.value or "",
        doc_number=meta.doc_number.value or "",
        issued=meta.issued.value or "",
        clauses=len(notice.clauses),
        rows=tuple(table.count(notice) for table in TABLES),
        names_="".join(_named(clause.answers, clause_name(clause)) for clause in notice.clauses),
        kinds_=packed(Counter(span.kind for span in spans)),
        topics_=packed(Counter(str(span.get("label")) for span in spans if span.kind == "topic")),
        terms_=packed(Counter(term for term, _ in used)),
        documents_=packed(Counter(document_id(span) for span in cited)),
        findings_=packed(Counter(one.heading for one in found_in(notice))),
        new_words_=packed(Counter(word.quote for word in terms.unknown(notice, rules, spans))),
        words_="\n".join(_words(notice)),
        promises=tuple(Candidate(*one) for one in candidates(notice)),
    )


def packed(numbers: Mapping[str, int]) -> str:
    """A mapping in one string, sorted."""
    flat = ((key.replace("\n", " "), number) for key, number in numbers.items())
    return "\n".join(f"{key}\t{number}" for key, number in sorted(flat))


def counts(text: str) -> dict[str, int]:
    """The mapping that `packed` was given."""
    lines = (line.rpartition("\t") for line in text.split("\n") if line)
    return {key: int(number) for key, _, number in lines}


def _named(anchors: Iterable[str], name: str) -> str:
    """A line of `Card.names_`."""
    flat = name.replace("\t", " ").replace("\n", " ")
    return "\x1f" + "\x1f".join(anchors) + f"\x1f\t{flat}\n"


def _words(notice: Notice) -> list[str]:
    """The terms of a notice as they are printed, those of a handy length."""
    texts = {clause.anchor: clause.text for clause in notice.clauses}
    found = {texts[s.clause][s.start : s.end] for s in notice.spans if s.kind == "term"}
    return sorted(word for word in found if SHORT <= len(word) <= LONG and word.isalnum())

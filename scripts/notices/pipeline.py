"""read → clean → parse → metadata → annotate: one file to one notice.  The whole order on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .annotate import annotate
from .cleaning.clean import clean
from .errors import Unreadable
from .ledger import Account, account
from .metadata import find_meta
from .model import Document, Notice, Problem
from .parse.structure import parse
from .read.document import load
from .rules import Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.  `document` is None where its bytes could not be decoded.

    status: published, review (published, somebody should look), quarantined, duplicate or ignored.  `code`: the rule
    that set the file aside; "" too where the same file might fare better another time (time, memory, a fault of ours).
    `counts`: what became of the document's characters.  `clauses` and `tasks`: how many the notice has, slots left out.
    `unchanged`: the last build saw the same file, rules and program.
    """

    file: str
    status: str
    reason: str = ""
    notice: Notice | None = None
    document: Document | None = None
    code: str = ""
    counts: Account | None = None
    clauses: int = 0
    tasks: int = 0
    unchanged: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.notice.all_problems if self.notice else ()


def to_notice(document: Document, rules: Rules) -> Notice:
    """The notice that a document as read holds; its id is still "".  Raises Unreadable."""
    document = clean(document, rules)
    structure = parse(document, rules)
    meta, problems = find_meta(document, structure.parts, rules)
    notice = Notice(document, meta, structure.clauses, (*problems, *structure.problems))
    return annotate(notice, rules)


def convert_file(name: str, folder: Path, rules: Rules) -> Outcome:
    """The file `name` below `folder` to one outcome.  What cannot be published is set aside with a reason.

    Raises nothing but MemoryError.
    """
    document: Document | None = None
    try:
        document = load(folder / name, name, rules)
        return published(name, to_notice(document, rules))
    except Unreadable as error:
        return Outcome(name, "quarantined", error.reason, document=document, code=error.code, counts=_counts(document))
    except MemoryError:
        raise  # past the bound of the worker process, which says so (worker.py)
    except Exception as error:  # a fault of ours must not stop the other files
        reason = f"程序处理这个文件时出错（{type(error).__name__}: {error}）。文件没有发布；请把文件和这条信息交给程序维护人。"
        return Outcome(name, "quarantined", reason, document=document, counts=_counts(document))


def published(name: str, notice: Notice) -> Outcome:
    """The outcome of a file whose notice is published."""
    needs_look = any(problem.severity == "review" for problem in notice.all_problems)
    status = "review" if needs_look else "published"
    numbered = [clause for clause in notice.clauses if clause.style]
    return Outcome(
        name,
        status,
        notice=notice,
        document=notice.document,
        counts=_counts(notice.document),
        clauses=len(numbered),
        tasks=sum(clause.task for clause in numbered),
    )


def _counts(document: Document | None) -> Account | None:
    return account(document) if document is not None else None

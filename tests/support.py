"""What several test files need: paths, the rules, and one-call conversion."""

from __future__ import annotations

import multiprocessing
import re
import resource
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from notices.chars import fold
from notices.emit.data import notice_json
from notices.model import Document, Notice
from notices.pipeline import to_notice
from notices.read.document import load, read
from notices.rules import Rules
from notices.rules import load as load_rules
from notices.running.worker import PLAIN
from notices.standing import digest_of

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
CASE_SUFFIXES = (".txt", ".html", ".docx", ".pdf", ".mhtml")
SEEDS = sorted((ROOT / "raw").glob("0*.txt"))


@cache
def rules() -> Rules:
    """The rules of the repository, loaded once."""
    return load_rules(ROOT / "rules")


def read_text(text: str) -> Document:
    """A document from text, as if it had been a UTF-8 file."""
    return read(text.encode("utf-8"), "sample.txt", rules())


@cache
def notice_of(path: Path) -> Notice:
    """The notice in a file."""
    return to_notice(load(path, path.name, rules()), rules())


def convert_text(text: str) -> Notice:
    """The notice in a text."""
    return to_notice(read_text(text), rules())


def data_of(path: Path) -> dict[str, Any]:
    """The published data of a file's notice."""
    return notice_json(notice_of(path))


def digests(notices: Iterable[Notice]) -> dict[str, str]:
    """The fingerprint of each notice's text, by id."""
    return {notice.id: digest_of(notice) for notice in notices}


def flat(text: str | None) -> str:
    """Width folded and white space dropped: how quotes from a source are compared with what is published."""
    return re.sub(r"\s+", "", fold(text or ""))


def bare(label: str) -> str:
    """A clause number without its marks: golds and cases write 1 for 1. and 一 for （一）."""
    return "".join(c for c in flat(label) if c not in "、.,()")


def case_sources() -> list[Path]:
    """The source file of every case under tests/cases/."""
    return sorted(path for path in CASES.iterdir() if path.suffix in CASE_SUFFIXES)


def within_bounds(work: Callable[..., object], *given: object) -> bool:
    """Whether `work` ends before it has used the processor as long as a file may: in a process that is ended then.

    Not by the clock, so that a busy machine decides nothing.
    """

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(PLAIN.seconds), int(PLAIN.seconds)))
        work(*given)

    rules()
    process = multiprocessing.get_context("fork").Process(target=bounded)
    process.start()
    process.join()
    return process.exitcode == 0

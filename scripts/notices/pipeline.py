"""read → clean → parse → metadata: one file to one notice.  The whole order on one screen."""

from __future__ import annotations

from .clean import clean
from .metadata import find_meta
from .model import Document, Notice
from .parse import parse
from .rules import Rules


def to_notice(document: Document, rules: Rules) -> Notice:
    """The notice that a document as read holds; its id is still "".  Raises read.Unreadable."""
    document = clean(document, rules)
    structure = parse(document, rules)
    meta, problems = find_meta(document, structure.parts, rules)
    return Notice(document, meta, structure.clauses, (*problems, *structure.problems))

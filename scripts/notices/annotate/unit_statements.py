"""Where statements of responsibility stand in a clause: in brackets, behind labels, in tables and in plain sentences.

In: the folded text of a clause; offsets are those of it.  Rules: rules/units.toml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from . import unit_lists, unit_names
from .unit_grammar import Grammar
from .unit_lists import Mention, Statement

BRACKET = re.compile(r"[()\[\]【】\n]")
ROW = re.compile(r"[^\n]*\t[^\n]*")
CELL = re.compile(r"[^\t\n]*(?:(?=\t)|$|(?=\n))")
PAIRS = {")": "(", "]": "[", "】": "【"}
WIDEST = 420  # characters of a bracket that is read as a statement
COLON = re.compile(":")
SENTENCE_END = re.compile("[。;!?\n]")
AFTER_BARE = re.compile(r"\s*(?:[。;.]|\n|$|[(【\[])")


def statements(text: str, grammar: Grammar, own: tuple[str, ...]) -> list[Statement]:
    """Every statement in the folded text of a clause, in order, none inside another."""
    if not grammar.hint.search(text):
        return []
    found: list[Statement] = []
    for start, end in _brackets(text):
        if not found or start >= found[-1].end:
            statement = _bracketed(text, start, end, grammar, own)
            if statement:
                found.append(statement)
    for reader in (_tabled, _labelled, _running):
        starts = [statement.start for statement in found]
        new = [s for s in reader(text, grammar, own) if _free(s, found, starts)]
        found = sorted([*found, *new], key=lambda s: s.start)
    return found


def _free(statement: Statement, taken: list[Statement], starts: list[int]) -> bool:
    """Whether no statement of `taken` (in order) overlaps this one."""
    at = bisect_left(starts, statement.end)
    return not at or taken[at - 1].end <= statement.start


def _brackets(text: str) -> list[tuple[int, int]]:
    """Brackets closed on their line, with their marks, the outer before the inner."""
    opened: list[int] = []
    pairs = []
    for mark in BRACKET.finditer(text):
        c = mark[0]
        if c == "\n":
            opened.clear()
        elif c in PAIRS:
            if opened and text[opened[-1]] == PAIRS[c]:
                first = opened.pop()
                if len(opened) < 4 and 4 <= mark.end() - first <= WIDEST:
                    pairs.append((first, mark.end()))
        else:
            opened.append(mark.start())
    return sorted(pairs, key=lambda pair: (pair[0], -pair[1]))


def _bracketed(text: str, start: int, end: int, grammar: Grammar, own: tuple[str, ...]) -> Statement | None:
    """The statement in a bracket: with a label or verb, or a bare list at the end of a measure."""
    read = unit_lists.parse(text, start + 1, end - 1, grammar, own, "bracket")
    if not read.mentions or len(read.unknown) > (0 if read.partly else len(read.mentions)):
        return None
    if read.explicit and not read.labelled:
        names = [text[m.start : m.end] for m in read.mentions]
        if not any(unit_lists.fits_bare(name, grammar, own) for name in names):
            if read.unknown:
                return None
            read = replace(read, unknown=(names[0],))
    if not read.explicit:
        if not AFTER_BARE.match(text, end) or grammar.no_measure.search(text[max(0, start - 12) : start]):
            return None
        plain = [m for m in read.mentions if _plain(text[m.start : m.end], grammar, own)]
        strange = [text[m.start : m.end] for m in read.mentions if m not in plain] + list(read.unknown)
        if not any(m.sure for m in plain) or plain[0] != read.mentions[0] or len(strange) * 2 > len(plain):
            return None
        names = [text[m.start : m.end] for m in plain]
        read = replace(read, mentions=tuple(plain), unknown=tuple(strange))
        if len(names) == 1 and not read.several and not _alone(text, start, names[0], grammar, own):
            return None
    return replace(read, start=start, end=end, rule="bracket" if read.explicit else "bare")


def _plain(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether `name` needs no verb to be read as a unit that is responsible."""
    return unit_lists.fits_bare(name, grammar, own) and not grammar.bare_not.search(name)


def _alone(text: str, start: int, name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether one name in a bracket is a statement: it needs its level, or must be a section."""
    read = unit_names.reading(unit_names.NESTED.sub("", name), grammar.table, own)
    return bool(start and (read.prefix if read else grammar.section.fullmatch(name)))


def _labelled(text: str, grammar: Grammar, own: tuple[str, ...]) -> Iterator[Statement]:
    """责任单位：… outside brackets, with the labelled lines that follow it at once."""
    done, run, edge = 0, 0, -1
    for colon in COLON.finditer(text):
        label = grammar.label.search(text, max(done, colon.start() - 16), colon.end())
        if not label:
            continue
        if text[max(edge, 0) : label.start()].strip() or edge < 0:
            run = label.start()  # labels that stand side by side begin where the first of them does
        part = SENTENCE_END.search(text, label.end())
        edge = part.end() if part else len(text)
        if label.lastgroup == "label_skip":
            continue
        end = _block_end(text, label.end(), grammar, own)
        read = unit_lists.parse(text, label.start(), end, grammar, own, "label")
        done = edge = max(read.end, label.end())  # labels inside what was read have been read with it
        if read.mentions and len(read.unknown) <= len(read.mentions):
            yield replace(read, start=run)


def _block_end(text: str, at: int, grammar: Grammar, own: tuple[str, ...]) -> int:
    """Where the lines end that belong to the label before `at`: names below it, and further labelled lines."""
    end = _line_end(text, at)
    below = not text[at:end].strip(" 　。")
    while end < len(text) and end - at < WIDEST:
        following = _line_end(text, end + 1)
        line = text[end + 1 : following].strip(" 　。;,、")
        if not grammar.label.match(text, end + 1) and not (
            below and all(unit_lists.fits_bare(name, grammar, own) for name in re.split("[、,;\\s]+", line))
        ):
            break
        end = following
    return end


def _line_end(text: str, at: int) -> int:
    """The end of the line, or a place behind which no list goes on."""
    end = text.find("\n", at, at + 2 * WIDEST)
    return min(len(text), at + 2 * WIDEST) if end < 0 else end


def _tabled(text: str, grammar: Grammar, own: tuple[str, ...]) -> Iterator[Statement]:
    """Rows of a table whose head has a cell 责任单位 or the like."""
    if "\t" not in text:
        return
    columns: dict[int, str] = {}
    for row in ROW.finditer(text):
        cells = list(CELL.finditer(text, row.start(), row.end()))
        heads = [grammar.header.fullmatch(cell[0].strip()) for cell in cells]
        if any(heads):
            columns = {at: str(head.lastgroup)[6:] for at, head in enumerate(heads) if head}
            continue
        mentions, unknown, several = list[Mention](), list[str](), False
        for at, cell in enumerate(cells):
            if columns.get(at, "skip") == "skip":
                continue
            read = unit_lists.parse(text, cell.start(), cell.end(), grammar, own, "table")
            mentions += [replace(m, role=m.role or columns[at]) for m in read.mentions]
            unknown, several = unknown + list(read.unknown), several or read.several
        if mentions and len(unknown) <= len(mentions):
            yield Statement(row.start(), row.end(), tuple(mentions), tuple(unknown), True, several, (), True, "table")


def _running(text: str, grammar: Grammar, own: tuple[str, ...]) -> Iterator[Statement]:
    """由市民政局牵头，市财政局配合 in a sentence, and a sentence that is nothing but a statement."""
    done = 0
    for hit in grammar.running.finditer(text):
        if hit.start() < done:
            continue
        first = max(done, hit.start() - 200)
        begin = max((m.end() for m in SENTENCE_END.finditer(text, first, hit.start())), default=first)
        ending = SENTENCE_END.search(text, hit.end() - 1, hit.end() + 300)
        upto = ending.start() if ending else min(len(text), hit.end() + 300)
        by = text.rfind("由", begin, hit.start()) + 1
        if not by and text[begin - 1 : begin] not in ("", "\n", "。", ";"):
            continue
        ends = [m.end() for m in grammar.verb.finditer(text, by or begin, upto)][:6]
        for end in reversed(ends if by else ends[-1:] if ends[-1:] == [upto] else []):
            read = unit_lists.parse(text, by or begin, end, grammar, own, "running")
            if _safe(text, read, grammar, own):
                yield read
                done = end
                break


def _safe(text: str, read: Statement, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether running text names nothing but units, each with a role of its own."""
    return (
        bool(read.mentions)
        and not read.unknown
        and not read.partly
        and all(m.role and unit_lists.fits_bare(text[m.start : m.end], grammar, own) for m in read.mentions)
        and any(m.sure for m in read.mentions)
    )

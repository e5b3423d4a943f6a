"""Where statements of responsibility stand in a clause: in brackets, behind labels, in tables and in plain sentences.

In: the folded text of a clause; offsets are those of it.  Rules: rules/units.toml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import lists as unit_lists
from . import names as unit_names
from .grammar import Grammar
from .lists import Mention, Statement
from .look import look
from .tables import Head, rows

BRACKET = re.compile(r"[()\[\]【】\n]")
PAIRS = {")": "(", "]": "[", "】": "【"}
WIDEST = 420  # characters of a bracket that is read as a statement
LONGEST_LABEL = 24
COSTS = re.compile("(?:费|费用|资金|开支|支出|后果|损失)由$")  # who pays does not answer for a measure
SENTENCE_END = re.compile("[。;!?\n]")
AFTER_BARE = re.compile(r"\s*(?:[。;.]|\n|$|[(【\[])")
EACH = re.compile(r"各(?:镇|乡|街|县|区|市|旗)")
SHARE = re.compile("负责[\u4e00-\u9fff]")
SHARES = re.compile(r"(?:^|(?<=[。;\n]))[^。;!?\n,:]{2,24}负责[^。;!?\n]*[,;][^。;!?\n,]{2,24}负责[^。!?\n]*")


def statements(
    text: str, grammar: Grammar, own: tuple[str, ...], head: Head | None = None
) -> tuple[list[Statement], Head | None]:
    """Every statement in the folded text of a clause, in order, none inside another.

    `head`: that of the table in which the clause before ended; the second value is the same for the clause after.
    """
    tabled, head = rows(text, grammar, own, head)
    found: list[Statement] = []
    for start, end in _brackets(text):
        if (not found or start >= found[-1].end) and grammar.hint.search(text, start, end):
            statement = _bracketed(text, start, end, grammar, own)
            if statement:
                found.append(statement)
    found = _joined(found, tabled)
    for reader in (_labelled, _running, _shared):
        found = _joined(found, reader(text, grammar, own, found))
    return found, head


def _joined(found: list[Statement], more: Iterable[Statement]) -> list[Statement]:
    """`found` with those of `more` that overlap none of them, in order."""
    new = [s for s in more if _free(s.start, s.end, found)]
    return sorted([*found, *new], key=lambda s: s.start) if new else found


def _free(start: int, end: int, taken: list[Statement]) -> bool:
    """Whether no statement of `taken` (in order) overlaps [start, end)."""
    at = bisect_left(taken, end, key=lambda s: s.start)
    return not at or taken[at - 1].end <= start


def _brackets(text: str) -> list[tuple[int, int]]:
    """Brackets closed on their line, with their marks, the outer before the inner."""
    if ")" not in text and "]" not in text and "】" not in text:
        return []
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
    read = unit_lists.parse(text, start + 1, end - 1, grammar, own, "bracket", (start, end))
    if not read.mentions or len(read.unknown) > (0 if read.partly else len(read.mentions)):
        return None
    if not read.explicit:
        return _bare(text, read, grammar, own)
    if not read.labelled and not any(m.look.bare for m in read.mentions):
        first = read.mentions[0]
        return None if read.unknown else replace(read, unknown=(text[first.start : first.end],))
    return read


def _bare(text: str, read: Statement, grammar: Grammar, own: tuple[str, ...]) -> Statement | None:
    """A list without label or verb, where it stands behind a measure and its first name is plainly a unit."""
    start, first = read.start, read.mentions[0]
    if not AFTER_BARE.match(text, read.end) or grammar.no_measure.search(text, max(0, start - 12), start):
        return None
    names = [text[m.start : m.end] for m in read.mentions]
    plain = [m.look.bare and not grammar.bare_not.search(name) for m, name in zip(read.mentions, names, strict=True)]
    strange = len(plain) - sum(plain) + 2 * len(read.unknown)
    if not plain[0] or strange > sum(plain) or any(grammar.network.search(n) for n in (*names, *read.unknown)):
        return None
    if not any(m.look.sure for m, fits in zip(read.mentions, plain, strict=True) if fits):
        levelled = first.look.levelled and start and all(plain) and not read.unknown
        return replace(read, rule="weak") if levelled else None
    if len(names) == 1 and not read.several and not _alone(start, first, names[0], grammar, own):
        return None
    return read


def _alone(start: int, first: Mention, name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether one name in a bracket is a statement: it needs its level, or must be a section."""
    bare = unit_names.NESTED.sub("", name)
    read = unit_names.reading(bare, grammar.table, own)
    if not start or read:
        return bool(read and start and read.prefix)
    within = unit_names.office_end(bare, grammar.table, own)
    return first.look.levelled or bool(within or grammar.section.fullmatch(bare))


def _labelled(text: str, grammar: Grammar, own: tuple[str, ...], taken: list[Statement]) -> Iterator[Statement]:
    """责任单位：… outside brackets, with the labelled lines that follow it at once."""
    if ":" not in text and "位为" not in text and "门为" not in text and "位是" not in text and "室为" not in text:
        return
    done, run, edge = 0, 0, -1
    for colon in grammar.colon.finditer(text):
        near = grammar.label.finditer(text, max(done, colon.end() - LONGEST_LABEL), colon.end() + 1)
        label = next((found for found in near if found.end() == colon.end()), None)
        if not label or not _free(label.start(), label.end(), taken):
            continue
        if text[max(edge, 0) : label.start()].strip() or edge < 0:
            run = label.start()  # labels that stand side by side begin where the first of them does
        part = SENTENCE_END.search(text, label.end())
        edge = part.end() if part else len(text)
        if grammar.labels[label["label"]] == "skip":
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
            below and all(look(name, grammar, own).bare for name in re.split("[、,;\\s]+", line))
        ):
            break
        end = following
    return end


def _line_end(text: str, at: int) -> int:
    """The end of the line, or a place behind which no list goes on."""
    end = text.find("\n", at, at + 2 * WIDEST)
    return min(len(text), at + 2 * WIDEST) if end < 0 else end


def _running(text: str, grammar: Grammar, own: tuple[str, ...], taken: list[Statement]) -> Iterator[Statement]:
    """由市民政局牵头，市财政局配合 in a sentence, and a sentence that is nothing but a statement."""
    done = 0
    for hit in grammar.running.finditer(text):
        if hit.start() < done or not _free(hit.start(), hit.end(), taken):
            continue
        first = max(done, hit.start() - 200)
        begin = max((m.end() for m in SENTENCE_END.finditer(text, first, hit.start())), default=first)
        ending = SENTENCE_END.search(text, hit.end() - 1, hit.end() + 300)
        upto = ending.start() if ending else min(len(text), hit.end() + 300)
        by = text.rfind("由", begin, hit.start()) + 1
        if by and COSTS.search(text, max(0, by - 4), by):
            continue
        if not by and text[begin - 1 : begin] not in ("", "\n", "。", ";"):
            continue
        ends = [m.end() for m in grammar.verb.finditer(text, by or begin, upto)][:6]
        for end in reversed(ends if by else ends[-1:] if ends[-1:] == [upto] else []):
            read = unit_lists.parse(text, by or begin, end, grammar, own, "running")
            if _safe(text, read):
                yield read
                done = end
                break


def _safe(text: str, read: Statement) -> bool:
    """Whether running text names nothing but units, each with a role of its own."""
    return (
        bool(read.mentions)
        and not read.unknown
        and not read.partly
        and all(m.role and m.look.bare for m in read.mentions)
        and any(m.look.sure or m.look.levelled or EACH.match(text, m.start) for m in read.mentions)
    )


def _shared(text: str, grammar: Grammar, own: tuple[str, ...], _: list[Statement]) -> Iterator[Statement]:
    """市教育局负责学校食堂，市民政局负责养老机构食堂: a sentence in which every part gives one unit its share."""
    for found in SHARES.finditer(text) if len(SHARE.findall(text)) > 1 else ():
        mentions, shares = list[Mention](), list[str]()
        for part in re.finditer("[^,;]+", found[0]):
            name, verb, _share = part[0].partition("负责")
            seen = look(name.strip(), grammar, own)
            if not verb or not seen.bare or not (seen.sure or seen.levelled):
                break
            at = found.start() + part.start() + len(name) - len(name.lstrip())
            mentions.append(Mention(at, at + len(name.strip()), "duty", seen))
            shares.append(part[0])
        else:
            yield Statement(*found.span(), tuple(mentions), (), True, False, tuple(shares), False, "running")

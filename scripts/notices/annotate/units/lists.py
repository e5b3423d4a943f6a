"""Reading a statement of responsibility: 市教育局牵头，市财政局、市人社局按职责分工负责.

In: folded text and the stretch that may be a statement.  Out: the names in it with their roles as printed, and what
was no name.  The words come from rules/units.toml; offsets are those of the folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .grammar import Grammar
from .look import JOINED, SHORT, STRANGE, Look, belongs, look, short_of

LEADING = re.compile(r"(?:(?:并|分别|具体|各自|共同)?由|以及|及|和|与|并|:|其中|以)+(?=[^、,;]{2})")
#: 各市、县（市、区）人民政府 is one set of bodies.
SETS = re.compile(
    r"(?:(?<=各市)|(?<=各州)|(?<=各县)|(?<=各区))、(?=[县区旗])|(?:(?<=各镇)|(?<=各乡)|(?<=乡镇))、(?=街道|镇|开发区|园区)"
)
DEPARTMENTS = re.compile("(?:部门|单位)$")
ENDS_NAME = frozenset("局委厅部会院心府队社")  # a part that ends so ends with no verb


class Mention(NamedTuple):
    """[start, end) of a name and its role as printed: as in unit_grammar.ROLES, or "" in a bare list."""

    start: int
    end: int
    role: str
    look: Look


@dataclass(frozen=True, slots=True)
class Statement:
    """[start, end) with its brackets; `explicit` where a label or verb says what it is."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    unknown: tuple[str, ...]
    explicit: bool
    several: bool  # 等: more are meant than named
    partly: tuple[str, ...]  # 市教育局负责学校: what a unit's share is
    labelled: bool
    rule: str


class _Piece(NamedTuple):
    """A name whose role is still to come; `look` is None for one that is no name by itself."""

    start: int
    end: int
    look: Look | None
    listed: bool  # 、 before or behind it


def hidden(text: str, start: int, end: int, grammar: Grammar) -> str:
    """text[start:end] with what stands in inner brackets hidden, so that its 、 does not cut a name; same length."""
    part = text[start:end]
    if "各" in part:
        part = SETS.sub("□", part)
    if "第一" in part or "首" in part:
        part = grammar.first_leads.sub(lambda found: "、" * len(found[0]), part)
    if "(" not in part:
        return part
    out = list(part)
    opened: list[int] = []
    for at, c in enumerate(part):
        if c == "(":
            opened.append(at)
        elif c == ")" and opened:
            first = opened.pop()
            if not opened and not grammar.mark.fullmatch(part, first, at + 1):
                out[first + 1 : at] = "□" * (at - first - 1)
    return "".join(out)


def parse(
    text: str,
    start: int,
    end: int,
    grammar: Grammar,
    own: tuple[str, ...],
    rule: str,
    outer: tuple[int, int] | None = None,
) -> Statement:
    """What stands in text[start:end]; a 。 ends it unless a label follows.  `outer` is the extent of its bracket."""
    body = hidden(text, start, end, grammar)
    simple = "(" not in body
    mentions: list[Mention] = []
    unknown: list[str] = []
    partly: list[str] = []
    pending: list[_Piece] = []
    mode, explicit, several, joined, labels, last, before = "", False, False, False, False, 0, ""

    def flush(upto: int, after: str) -> None:
        nonlocal several
        if mode == "skip" or last >= upto:
            return
        listed = "、" in before or "、" in after or (mode != "" and (before + after).isspace())
        if simple and plain_name(upto):
            return
        for piece in _pieces(body, last, upto, start, text, grammar, own, listed):
            if piece is None:
                several = True
            else:
                pending.append(piece)

    def plain_name(upto: int) -> bool:
        seen = look(body[last:upto], grammar, own)
        if seen.sure and not seen.joined:
            pending.append(_Piece(start + last, start + upto, seen, True))
            return True
        return False

    def close(role: str) -> None:
        if pending:
            mentions.extend(_named(pending, role, text, explicit, several, unknown, grammar, own))
            pending.clear()

    def part(upto: int, after: str) -> None:
        """A part between separators: names, and perhaps a verb for all names since the last."""
        nonlocal explicit, joined
        if simple and mode != "skip" and last < upto and body[upto - 1] in ENDS_NAME and plain_name(upto):
            return
        if mode == "skip" or not grammar.core.search(body, last, upto):
            flush(upto, after)
            return
        verb = grammar.verb.search(body, last, upto)
        share = -1 if verb else body.find("负责", last + 2, upto)
        if share > 0 and look(text[start + last : start + share].removeprefix("由"), grammar, own).unit:
            flush(share, "")
            explicit = True
            close("duty")
            partly.append(body[last:upto])
            return
        flush(verb.start() if verb else upto, "" if verb else after)
        if verb:
            said = (verb.lastgroup or "")[5:]
            explicit = True
            close("participant" if joined and said in ("duty", "lead") else said)
            joined = False

    stop = len(body)
    for token in (grammar.labelled if grammar.colon.search(body) else grammar.token).finditer(body):
        kind = token.lastgroup or ""
        part(token.start(), token[0] if kind == "sep" else "")
        last, before = token.end(), token[0] if kind == "sep" else ""
        if kind == "label":
            close(mode)
            mode, joined = grammar.labels[token["label"]], False
            explicit |= mode != "skip"
            labels |= mode != "skip"
        elif kind == "mark":
            role = grammar.mark.fullmatch(token[0])
            if pending and pending[-1].look and role and role.lastgroup:
                named = pending.pop()
                close(mode)
                mentions.append(Mention(named.start, named.end, role.lastgroup, named.look or STRANGE))
                explicit = True
        elif kind == "with" and mode != "skip":
            joined = explicit = True
            close("lead")
        elif kind == "stop" and not grammar.label.match(body, token.end()):
            stop = last = token.start()
            break
    else:
        part(len(body), "")
    close("participant" if joined else mode if mode != "skip" else "")
    mentions.sort()
    first, final = outer or (start, start + stop)
    rule = "bare" if rule == "bracket" and not explicit else rule
    return Statement(first, final, tuple(mentions), tuple(unknown), explicit, several, tuple(partly), labels, rule)


def _named(
    pending: list[_Piece],
    role: str,
    text: str,
    explicit: bool,
    several: bool,
    unknown: list[str],
    grammar: Grammar,
    own: tuple[str, ...],
) -> list[Mention]:
    """The mentions of one run of names; a piece that is none by itself is judged by the others of the run."""
    made = [Mention(piece.start, piece.end, role, piece.look) for piece in pending if piece.look]
    short = explicit and (several or (made and DEPARTMENTS.search(text, made[-1].start, made[-1].end)))
    if len(made) == len(pending) and not short:
        return made
    known, made = made, []
    for piece in pending:
        name = text[piece.start : piece.end]
        if short and not (piece.look and piece.look.sure) and short_of(name, grammar, own):
            made.append(Mention(piece.start, piece.end, role, SHORT))
        elif piece.look:
            made.append(Mention(piece.start, piece.end, role, piece.look))
        elif known and explicit and piece.listed and look(name, grammar, own).guess:
            made.append(Mention(piece.start, piece.end, role, STRANGE))
        elif not grammar.aside.search(name):
            unknown.append(name)
    return made


def _pieces(
    body: str, first: int, upto: int, base: int, text: str, grammar: Grammar, own: tuple[str, ...], listed: bool
) -> Iterator[_Piece | None]:
    """The names in body[first:upto], one as a rule; None for a trailing 等."""
    while first < upto and body[first] in " 　:.()":
        first += 1
    while first < upto and body[upto - 1] in " 　:.":
        upto -= 1
    leading = LEADING.match(body, first, upto)
    if leading and not look(text[base + first : base + upto], grammar, own).sure:
        first = leading.end()
    etc = grammar.etc.search(body, first, upto)
    if etc and etc.start() > first:
        upto = etc.start()
    if first < upto:
        yield from _split(body, first, upto, base, text, grammar, own, listed)
    if etc:
        yield None


def _split(
    body: str, first: int, upto: int, base: int, text: str, grammar: Grammar, own: tuple[str, ...], listed: bool
) -> Iterator[_Piece]:
    """One name, or two joined by 及 or 和 where both sides are names (自然资源和规划局 is one)."""
    end = upto
    inner = body.find("(", first, upto)
    if inner > first and body[upto - 1] == ")" and not belongs(text[base + inner + 1 : base + upto - 1], grammar, own):
        end = inner
    name = text[base + first : base + end]
    seen = look(name, grammar, own)
    if seen.sure and not seen.joined:
        yield _Piece(base + first, base + end, seen, listed)
        return
    for joint in JOINED.finditer(body, first + 2, max(first + 2, end - 2)):
        left = look(text[base + first : base + joint.start()], grammar, own)
        if left.unit and look(text[base + joint.end() : base + end], grammar, own).unit:
            yield _Piece(base + first, base + joint.start(), left, listed)
            yield from _split(body, joint.end(), end, base, text, grammar, own, listed)
            return
    yield _Piece(base + first, base + end, seen if seen.unit else None, listed)

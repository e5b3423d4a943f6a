"""Reading a statement of responsibility: 市教育局牵头，市财政局、市人社局按职责分工负责.

In: folded text and the stretch that may be a statement.  Out: the names in it with their roles as printed, and what
was no name.  The words come from rules/units.toml; offsets are those of the folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from . import unit_names
from .unit_grammar import Grammar

JOINED = re.compile("(?:以及|及其|暨|及|和|与)")
LEADING = re.compile(r"(?:(?:并|分别|具体|各自|共同)?由|以及|及|和|与|并|:|其中|以)+(?=[^、,;]{2})")
#: 各市、县（市、区）人民政府 is one set of bodies.
SETS = re.compile(
    r"(?:(?<=各市)|(?<=各州)|(?<=各县)|(?<=各区))、(?=[县区旗])|(?:(?<=各镇)|(?<=各乡)|(?<=乡镇))、(?=街道|镇|开发区|园区)"
)
LONGEST = 44  # characters of a name, its bracket included


@dataclass(frozen=True, slots=True)
class Mention:
    """[start, end) of a name and its role as printed: as in unit_grammar.ROLES, or "" in a bare list."""

    start: int
    end: int
    role: str
    sure: bool  # in the table, a section, or a name that begins with its level


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


def parse(text: str, start: int, end: int, grammar: Grammar, own: tuple[str, ...], rule: str) -> Statement:
    """What stands in text[start:end]; a 。 ends it unless a label follows."""
    body = hidden(text, start, end, grammar)
    mentions: list[Mention] = []
    unknown: list[str] = []
    partly: list[str] = []
    pending: list[Mention] = []
    mode, explicit, several, joined, labels, last = "", False, False, False, False, 0

    def flush(upto: int) -> None:
        nonlocal several
        if mode == "skip":
            return
        for found in _names(body, last, upto, start, text, grammar, own):
            if isinstance(found, str):
                if not grammar.aside.search(found):
                    unknown.append(found)
            elif found is None:
                several = True
            else:
                pending.append(found)

    def close(role: str) -> None:
        mentions.extend(Mention(m.start, m.end, role, m.sure) for m in pending)
        pending.clear()

    def part(upto: int) -> None:
        """A part between separators: names, and perhaps a verb for all names since the last."""
        nonlocal explicit, joined
        verb = grammar.verb.search(body, last, upto) if grammar.core.search(body, last, upto) else None
        share = -1 if verb or mode == "skip" else body.find("负责", last + 2, upto)
        if share > 0 and is_unit(text[start + last : start + share].removeprefix("由"), grammar, own):
            flush(share)
            close("duty")
            partly.append(body[last:upto])
            explicit = True
            return
        flush(verb.start() if verb else upto)
        if verb and mode != "skip":
            said = (verb.lastgroup or "")[5:]
            close("participant" if joined and said in ("duty", "lead") else said)
            explicit, joined = True, False

    stop = len(body)
    for token in (grammar.labelled if ":" in body else grammar.token).finditer(body):
        kind = token.lastgroup or ""
        part(token.start())
        last = token.end()
        if kind == "mark":
            role = grammar.mark.fullmatch(token[0])
            if pending and role and role.lastgroup:
                named = pending.pop()
                close(mode)
                mentions.append(Mention(named.start, named.end, role.lastgroup, named.sure))
                explicit = True
        elif kind.startswith("label_"):
            close(mode)
            mode, joined = kind[6:], False
            explicit |= mode != "skip"
            labels |= mode != "skip"
        elif kind == "with" and mode != "skip":
            close("lead")
            joined = explicit = True
        elif kind == "stop" and not grammar.label.match(body, token.end()):
            stop = last = token.start()
            break
    else:
        part(len(body))
    close("participant" if joined else mode if mode != "skip" else "")
    mentions.sort(key=lambda m: m.start)
    return Statement(
        start, start + stop, tuple(mentions), tuple(unknown), explicit, several, tuple(partly), labels, rule
    )


def _names(
    body: str, first: int, upto: int, base: int, text: str, grammar: Grammar, own: tuple[str, ...]
) -> Iterator[Mention | str | None]:
    """The names in body[first:upto], one as a rule: a Mention, a str that is no name, None for a trailing 等."""
    while first < upto and body[first] in " 　:.()":
        first += 1
    while first < upto and body[upto - 1] in " 　:.":
        upto -= 1
    leading = LEADING.match(body, first, upto)
    if leading and not _sure(text[base + first : base + upto], grammar, own):
        first = leading.end()
    etc = grammar.etc.search(body, first, upto)
    if etc and etc.start() > first:
        upto = etc.start()
    if first < upto:
        yield from _split(body, first, upto, base, text, grammar, own)
    if etc:
        yield None


def _split(
    body: str, first: int, upto: int, base: int, text: str, grammar: Grammar, own: tuple[str, ...]
) -> Iterator[Mention | str]:
    """One name, or two joined by 及 or 和 where both sides are names (自然资源和规划局 is one)."""
    end = upto
    inner = body.find("(", first, upto)
    if inner > first and body[upto - 1] == ")" and not belongs(text[base + inner + 1 : base + upto - 1], grammar, own):
        end = inner
    name = text[base + first : base + end]
    if _sure(name, grammar, own) and not _joined_known(name, grammar, own):
        yield Mention(base + first, base + end, "", True)
        return
    for joint in JOINED.finditer(body, first + 2, max(first + 2, end - 2)):
        left, right = text[base + first : base + joint.start()], text[base + joint.end() : base + end]
        if is_unit(left, grammar, own) and is_unit(right, grammar, own):
            yield Mention(base + first, base + joint.start(), "", _sure(left, grammar, own))
            yield from _split(body, joint.end(), end, base, text, grammar, own)
            return
    if is_unit(name, grammar, own):
        yield Mention(base + first, base + end, "", False)
    else:
        yield name


@lru_cache(maxsize=4096)
def _joined_known(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Two names that only look like one because the second is in the table: 市教育局和市财政局."""
    read = unit_names.reading(unit_names.NESTED.sub("", name), grammar.table, own)
    return bool(read and JOINED.search(read.prefix))


def belongs(inner: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether a bracket behind a name is part of it: （市分类办）, （街道）, （街道办事处）."""
    return all(
        part in ("街道", "镇", "乡", "区", "市", "县", "旗", "园区", "功能区", "平台") or is_unit(part, grammar, own)
        for part in re.split("[、,]", inner)
    )


@lru_cache(maxsize=4096)
def _sure(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether `name` is in the table or is a section of an office."""
    bare = unit_names.NESTED.sub("", name)
    read = unit_names.reading(bare, grammar.table, own)
    if read:
        return not unit_names.BELOW.fullmatch(read.prefix) or not grammar.not_unit.search(name)
    branch = unit_names.BRANCH.fullmatch(bare)
    return bool(branch and _sure(branch["office"], grammar, own)) or bool(grammar.section.fullmatch(bare))


@lru_cache(maxsize=4096)
def is_unit(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether `name` can be one where a unit is expected; a person's name or a phrase cannot."""
    if not 2 <= len(name) <= LONGEST or grammar.generic.search(name):
        return False
    if _sure(name, grammar, own):
        return True
    bare = unit_names.NESTED.sub("", name)
    return len(bare) >= 2 and bool(grammar.shape.search(bare)) and not grammar.not_unit.search(name)


LEVELLED = re.compile(r"[省市县区州旗](?![委政府和及]$)[\u4e00-\u9fff]{2,}(?:局|办|委|中心|公司|会|院|室|站|队|馆)$")
TOWN = re.compile(r"[\u4e00-\u9fff]{2,5}(?:街道(?:办事处)?|[镇乡](?:人民)?(?:政府)?)")
COLLECTIVE = re.compile(r"(?:各|有关|相关|[市县区]级有关|[市县区]直有关|局属|委属|直属|所属)")


@lru_cache(maxsize=4096)
def fits_bare(name: str, grammar: Grammar, own: tuple[str, ...]) -> bool:
    """Whether `name` is so plainly a unit that a list of such needs no verb."""
    if grammar.not_unit.search(name):
        return False
    levelled = bool(LEVELLED.match(name) or COLLECTIVE.match(name) or TOWN.fullmatch(name))
    return _sure(name, grammar, own) or (levelled and is_unit(name, grammar, own))

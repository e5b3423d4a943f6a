"""Pages that are farm text altogether, and pages about a plan: told by counting, with the numbers in the message.

No message quotes the text: it is shown on public pages, and planted words must not come back through it.
Thresholds come from rules/suspect.toml and from the counts below; the tests hold them against every notice we have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from ..chars import HAN, han_count, squeeze
from ..cleaning.suspect import compiled_suspects
from ..errors import Unreadable
from ..model import Block, Document, Problem
from ..rules import Rules, RulesError, compiled

#: Vowels with a tone mark (GB/T 16159-2012), which no other text of a notice has.
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
_SYLLABLE = re.compile(f"[{HAN}]\\s?[（(]?[a-zü{_TONED}]{{0,5}}[{_TONED}][a-zü{_TONED}]{{0,4}}[）)]?")
#: A syllable of pinyin without its tone: initial and final.
_PLAIN = re.compile(
    "(?:[bpmfdtnlgkhjqxzcsryw]|[zcs]h)?(?:i?ang?|i?ong|iao?|i[eu]|ing?|u?ai?|uang?|ue|u[in]|uo|ao|[eo]u|e[inr]?|eng|[aeiouüv]|ün|üe)"
)
_INSERTED = re.compile(f"[A-Za-z*·•~^_|/\\\\+#@$&丶](?<=[{HAN}].)(?=[{HAN}])")
#: What every blank of a model text holds.
_MAY_BE_BLANK = re.compile("[XxＸｘ×*_]|某某")
_COLLECTED = re.compile("篇|范文|模板")
_MARKS = re.compile(r"\s+")
PINYIN_MANY, PINYIN_SHARE = 15, 0.15  # annotated characters; of all Han characters
PINYIN_LINES = 4  # lines of nothing but pinyin
INSERTED_MANY, INSERTED_SHARE = 20, 0.12  # marks between Han characters; of all Han characters
MIXED_MANY, MIXED_SHARE = 15, 0.05  # characters of the rarer script; of both


class Blanks(NamedTuple):
    """The patterns of [template]: a blank, a blank in a title, a heading of a collection, and how many tell."""

    pattern: re.Pattern[str]
    title: re.Pattern[str]
    collection: re.Pattern[str]
    many: int


@dataclass(frozen=True, slots=True)
class About:
    """A kind of page about a plan, and the signs of which `need` must be there."""

    id: str
    name: str
    need: int
    cues: tuple[str, ...]
    signs: tuple[re.Pattern[str], ...]


class Exchange(NamedTuple):
    """Words that a machine puts in the place of others; `cues`: what a text must hold for the pattern to match."""

    cues: tuple[str, ...]
    pattern: re.Pattern[str]


class _Compiled(NamedTuple):
    blanks: Blanks
    spun: tuple[Exchange, ...]
    flag: int
    quarantine: int
    simplified: frozenset[str]
    traditional: frozenset[str]
    rare: float
    about: tuple[About, ...]


@cache
def _compiled(rules: Rules) -> _Compiled:
    """The tables of suspect.toml that this module reads.  Raises RulesError where a pattern is wrong."""
    table = rules.tables["suspect"]
    template, spun, scripts = table["template"], table["spun"], table["scripts"]
    return _Compiled(
        Blanks(
            compiled(template["pattern"], "template.pattern"),
            compiled(template["title"], "template.title"),
            compiled(template["collection"], "template.collection"),
            template["many"],
        ),
        tuple(Exchange(tuple(w["cues"]), compiled(w["wrong"], f"spun {n}")) for n, w in enumerate(spun["words"], 1)),
        spun["flag"],
        spun["quarantine"],
        frozenset(scripts["pairs"][0::2]),
        frozenset(scripts["pairs"][1::2]),
        scripts["rare"],
        tuple(
            About(
                a["id"], a["name"], a["need"], tuple(a["cues"]), tuple(compiled(sign, a["id"]) for sign in a["signs"])
            )
            for a in table["about"]
        ),
    )


def check(rules: Rules) -> None:
    """Compile suspect.toml now, so that a fault in it is named before the first notice.  Raises RulesError."""
    try:
        _compiled(rules)
        compiled_suspects(rules)
    except (KeyError, TypeError) as error:
        raise RulesError(f"规则文件 suspect.toml 缺少一项：{error}。请照同一个文件里别的条目补上。") from error


def whole_page(document: Document, title: int, close: int, rules: Rules) -> None:
    """Quarantine a page that is farm text altogether.  `title`: index of the plan's title, or -1; `close`: of the
    first block below the clauses.  Raises Unreadable with the code pinyin, interleaved, mixed-script, spun or template.
    """
    text = document.published
    advice = "请到发布单位的网站上找原来的通知，再放入 raw/。"
    if said := _pinyin(text):
        raise Unreadable("pinyin", f"{said}，像是采集站加工过的文字，没有发布。{advice}")
    if said := _inserted(text):
        raise Unreadable("interleaved", f"{said}，像是采集站加工过的文字，没有发布。{advice}")
    if said := _mixed(text, rules):
        raise Unreadable("mixed-script", f"{said}，像是机器改写过的文字，没有发布。{advice}")
    known = _compiled(rules)
    if (found := len(_exchanges(text, rules))) >= known.quarantine:
        raise Unreadable("spun", f"有 {found} 种不通的换词，像是机器改写过的文字，没有发布。{advice}")
    if said := _model_text(document.blocks, title, close, known.blanks):
        raise Unreadable("template", f"{said}，像是范文，不是一个单位真正印发的通知，没有发布。{advice}")


def _pinyin(text: str) -> str:
    """What is said of a text annotated with pinyin; "" for any other."""
    count = sum(1 for _ in _SYLLABLE.finditer(text)) if any(vowel in text for vowel in _TONED) else 0
    if count >= PINYIN_MANY and count >= PINYIN_SHARE * han_count(text):
        return f"有 {count} 个字的后面跟着拼音"
    lines = sum(_is_pinyin(line) for line in text.split("\n"))
    return f"有 {lines} 行只有拼音" if lines >= PINYIN_LINES else ""


def _is_pinyin(line: str) -> bool:
    """Whether a line is three or more syllables of pinyin and nothing else."""
    if not line or line[0] >= "\u2e80" or line.count(" ") < 2:
        return False
    return all(
        any(c in _TONED for c in word) or _PLAIN.fullmatch(word) for word in _MARKS.split(line.strip(" ,.，。").lower())
    )


def _inserted(text: str) -> str:
    count = len(_INSERTED.findall(text))
    return (
        f"汉字之间插着 {count} 个字母或符号"
        if count >= INSERTED_MANY and count >= INSERTED_SHARE * han_count(text)
        else ""
    )


def _mixed(text: str, rules: Rules) -> str:
    """Both scripts side by side, or many characters that no common text has."""
    known = _compiled(rules)
    printed = set(text)
    old = sum(map(text.count, known.traditional & printed))
    if old >= MIXED_MANY:
        new = sum(map(text.count, known.simplified & printed))
        if min(old, new) >= max(MIXED_MANY, MIXED_SHARE * (old + new)):
            return f"简体字和繁体字混用（常用字里简体 {new} 个、繁体 {old} 个）"
    codec = "gb2312" if old < MIXED_MANY else "big5"
    seldom = (c for c in printed if "\u4e00" <= c <= "\u9fff" and not (_has(codec, c) or _has("gb2312", c)))
    rare = sum(map(text.count, seldom))
    return (
        f"有 {rare} 个生僻字或异体字夹在常用字中间"
        if rare >= MIXED_MANY and rare >= known.rare * han_count(text)
        else ""
    )


@cache
def _has(codec: str, character: str) -> bool:
    """Whether a character set holds the character: "gb2312" or "big5", the common ones of each script."""
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=2)  # asked before and after parsing
def _exchanges(text: str, rules: Rules) -> tuple[Exchange, ...]:
    """The known exchanges of words that a text holds."""
    words, finder = _cues(rules)
    here = {words[number] for number, _, _ in finder.find_matches_as_indexes(text, overlapping=True)}
    spun = _compiled(rules).spun if here else ()
    return tuple(e for e in spun if not here.isdisjoint(e.cues) and e.pattern.search(text))


@cache
def _cues(rules: Rules) -> tuple[tuple[str, ...], AhoCorasick]:
    """Every cue of an exchange, and the automaton that finds them in one pass."""
    words = tuple(dict.fromkeys(cue for exchange in _compiled(rules).spun for cue in exchange.cues))
    return words, AhoCorasick(words)


def _model_text(blocks: tuple[Block, ...], title: int, close: int, blanks: Blanks) -> str:
    """What is said of a text with places, years and numbers left open, or of a collection of such texts."""
    short = (b.text.strip() for b in blocks if len(b.text) <= 60)
    headings = sum(bool(_COLLECTED.search(text) and blanks.collection.fullmatch(text)) for text in short)
    if headings >= 2:
        return f"有 {headings} 行是范文合集的小标题"
    count = _blanks(blocks, close, blanks)
    named = title >= 0 and bool(blanks.title.search(squeeze(blocks[title].text)))
    if named and count >= blanks.many:
        return f"标题和正文里有 {count} 处没有填写的地名、年份或数字（XX、某某）"
    return ""


def _blanks(blocks: tuple[Block, ...], close: int, blanks: Blanks) -> int:
    """How many blanks stand above the annexes."""
    open_ones = (block for block in blocks[:close] if _MAY_BE_BLANK.search(block.text))
    return sum(1 for block in open_ones for _ in blanks.pattern.finditer(block.text))


def doubts(document: Document, first: int, close: int, rules: Rules) -> Iterator[Problem]:
    """What a person should look at in a page that is published; `first` and `close`: of the first clause, and below all."""
    known = _compiled(rules)
    text = document.published
    if (found := len(_exchanges(text, rules))) >= known.flag:
        line = next(
            (b.line for b in document.blocks if any(e.pattern.search(b.text) for e in _exchanges(text, rules))), 1
        )
        detail = f"有 {found} 种不通的换词，像是机器改写过的文字。请对照发布单位的网站，不是原文就请从 raw/ 删去。"
        yield Problem("review", "spun", line, detail)
    if (count := _blanks(document.blocks, close, known.blanks)) >= known.blanks.many:
        line = next((b.line for b in document.blocks if known.blanks.pattern.search(b.text)), 1)
        detail = f"正文里有 {count} 处没有填写的地名、年份或数字（XX、某某），像是范文。请核对它是不是真正印发的通知。"
        yield Problem("review", "template", line, detail)
    if (about := about_a_plan(document, first, rules)) is not None:
        yield Problem("review", about.id, about.line, f"{about.said}。请核对；要收的是它说的那份通知。")


class Reading(NamedTuple):
    """That a page is about a plan: the kind, the line of the first sign, and how it is said."""

    id: str
    line: int
    said: str


def about_a_plan(document: Document, first: int, rules: Rules) -> Reading | None:
    """What tells that a page is news or a reading and not the notice itself; None where nothing does.

    `first`: index of the first clause.  The first sign must stand no later: below a notice a site may print news.
    """
    text = document.published
    for about in _compiled(rules).about:
        if not any(map(text.__contains__, about.cues)):
            continue
        seen = [found.start() for sign in about.signs if (found := sign.search(text))]
        if len(seen) < about.need:
            continue
        index = text.count("\n", 0, min(seen))
        if index <= first:
            return Reading(about.id, document.blocks[index].line, f"像是{about.name}，不是通知原文")
    return None

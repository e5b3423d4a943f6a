"""Sentences of plans from patterns and words (benchmarks/phrases/): as many different ones as wanted, always the same.

In: the phrase files, and for a task two sources of chance, one for its words and one for its figures, so that the same
task can come back next year in the same words with other figures.  Out: its title and its text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

PHRASES = Path(__file__).parent / "phrases"
SLOT = re.compile(r"\{([^{}]+)\}")
SPAN = re.compile(r"(\d+)-(\d+)")
FIGURE = re.compile(r"(?<![\d.〔“])\d{1,5}(?![\d.年月日号岁+〕”])")
#: A sentence of a real plan that names a place, a person's slogan or a document of its own is left where it stands.
LOCAL = re.compile(
    "[省市县区镇乡村](?:委|政府)|[浙江杭州宁波桓台淄博海嘉兴舟山丽温義义乌台椒]{2}|《|本页|原文|〔|20[12]\\d|十九届|总书记"
)
KINDS = ("plain",) * 12 + ("fact",) * 3 + ("target",) * 2 + ("deadline",) * 2 + ("cite",) + ("items",)

Part = str | tuple[str, Any]  # words as they are, or a slot: what it draws and from where
Pattern = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a task is about: ways to name it, what belongs to it, sentences with figures that only it has."""

    titles: tuple[str, ...]
    things: tuple[str, ...]
    facts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of work: who does it, what is cited there, the subjects of its plans in the order of a plan."""

    name: str
    weight: int
    mark: str
    words: dict[str, tuple[str, ...]]  # low, cites, partners, addressees, aims
    sections: tuple[str, ...]
    bodies: tuple[dict[str, Any], ...]
    subjects: tuple[Subject, ...]
    quoted: tuple[str, ...]  # sentences of real plans


@dataclass(frozen=True, slots=True)
class Grammar:
    """The sentence patterns by kind, the words of their slots, and the fields."""

    patterns: dict[str, tuple[Pattern, ...]]
    words: dict[str, tuple[str, ...]]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the slots of one notice stand for."""

    field: Field
    year: int
    place: str  # without its last word
    kind: str  # 省 市 县 区


def compiled(text: str) -> Pattern:
    """A pattern in parts.  `{3-20}` a number, `{Y+2}` a year, any other name a word."""
    parts: list[Part] = []
    for number, piece in enumerate(SLOT.split(text)):
        if number % 2 == 0:
            parts += [piece] if piece else []
        elif span := SPAN.fullmatch(piece):
            parts.append(("figure", (int(span[1]), int(span[2]))))
        elif piece[0] == "Y":
            parts.append(("year", int(piece[1:] or 0)))
        else:
            parts.append(("word", piece))
    return tuple(parts)


def grammar(seeds: Path) -> Grammar:
    """Everything under phrases/, and the sentences of the plans in `seeds`.  Raises OSError where a file is missing."""
    common = tomllib.loads((PHRASES / "common.toml").read_text(encoding="utf-8"))
    everywhere = _subjects(common)
    fields = []
    for path in sorted(PHRASES.glob("*.toml")):
        if path.name == "common.toml":
            continue
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        words = {name: tuple(found[name].split()) for name in ("low", "cites", "partners", "addressees")}
        words |= {"aims": tuple(found["aims"])}
        quoted = sentences(seeds) if found.get("seeds") else ()
        fields.append(
            Field(
                found["name"],
                found["weight"],
                found["mark"],
                words,
                tuple(found["sections"]),
                tuple(found["bodies"]),
                _subjects(found) + everywhere,
                quoted,
            )
        )
    patterns = {kind: tuple(map(compiled, found)) for kind, found in common["patterns"].items()}
    return Grammar(patterns, {name: tuple(text.split()) for name, text in common["words"].items()}, tuple(fields))


def _subjects(found: Mapping[str, Any]) -> tuple[Subject, ...]:
    return tuple(
        Subject(tuple(s["titles"]), tuple(s["things"].split()), tuple(map(compiled, s["facts"])))
        for s in found["subject"]
    )


def sentences(seeds: Path) -> tuple[str, ...]:
    """Sentences of the plans in a folder that could stand in the plan of any place, in full-width punctuation."""
    found: dict[str, None] = {}
    for path in sorted(seeds.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            body = line.translate(str.maketrans(",;:()", "，；：（）")).replace(" ", "")
            if re.match(r"\d+\.|（[一二三四五六七八九十]+）", body):
                found |= dict.fromkeys(s for s in body.split("。")[1:] if 25 < len(s) < 140 and not LOCAL.search(s))
    return tuple(f"{sentence}。" for sentence in found if sentence.count("（") == sentence.count("）"))


def filled(pattern: Pattern, rules: Grammar, at: Setting, subject: Subject, words: Random, figures: Random) -> str:
    """The pattern with a draw in each slot."""
    out = []
    for part in pattern:
        if isinstance(part, str):
            out.append(part)
        elif part[0] == "word":
            out.append(_word(part[1], rules, at, subject, words))
        elif part[0] == "figure":
            out.append(_figure(part[1], figures))
        else:
            out.append(str(at.year + part[1]))
    return "".join(out)


def _word(name: str, rules: Grammar, at: Setting, subject: Subject, words: Random) -> str:
    if name in ("t", "u"):  # two draws may meet: u takes from the other half
        half = len(subject.things) // 2
        return _one(subject.things[:half] if name == "t" else subject.things[half:], words)
    if name == "P":
        return at.place
    if name == "C":
        return at.kind
    return _one(at.field.words.get("cites" if name == "cite" else name) or rules.words[name], words)


def _one(found: Sequence[str], chance: Random) -> str:
    return found[int(chance.random() * len(found))]


def _figure(span: tuple[int, int], chance: Random) -> str:
    low, high = span
    step = 100 if high >= 2000 else 10 if high >= 200 else 1
    return str(low + int(chance.random() * ((high - low) // step + 1)) * step)


def task(
    rules: Grammar, at: Setting, subject: Subject, size: int, words: Random, figures: Random
) -> tuple[str, list[str]]:
    """Title and sentences of a task of about `size` characters."""
    pick = words.random
    pattern = rules.patterns["title"][int(pick() * len(rules.patterns["title"]))]
    title = _one(subject.titles, words) if pick() < 0.5 else filled(pattern, rules, at, subject, words, figures)
    facts = list(subject.facts)
    out: list[str] = []
    length = 0
    while length < size or len(out) < 2:
        kind = KINDS[int(pick() * len(KINDS))] if out else "plain"
        if kind == "plain" and at.field.quoted and subject in at.field.subjects[:-14] and out and pick() < 0.12:
            sentence = _varied(_one(at.field.quoted, words), words, figures)
        elif kind == "fact" and facts:
            sentence = filled(facts.pop(int(pick() * len(facts))), rules, at, subject, words, figures)
        else:
            found = rules.patterns["plain" if kind == "fact" else kind]
            sentence = filled(found[int(pick() * len(found))], rules, at, subject, words, figures)
        out.append(sentence)
        length += len(sentence)
    return title, out


def _varied(sentence: str, words: Random, figures: Random) -> str:
    """A sentence of a real plan with other figures, and now and then without one of its middle parts."""
    parts = sentence.split("，")
    if len(parts) > 3 and words.random() < 0.6:
        del parts[1 + int(words.random() * (len(parts) - 2))]
        sentence = "，".join(parts)
    return FIGURE.sub(lambda found: _near(found[0], figures), sentence)


def _near(figure: str, chance: Random) -> str:
    most = 10 ** len(figure) - 1
    top = 100 if figure == "100" else most
    return figure if figure == "100" else str(min(top, max(1, round(int(figure) * (0.8 + 0.4 * chance.random())))))

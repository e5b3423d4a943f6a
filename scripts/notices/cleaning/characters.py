"""Characters that no page should hold: invisible ones go, look-alikes become the usual ones, lost ones are reported.

Every change is in the ledger: `control-character` for what is removed, `compatibility-character` for what is replaced.
What was lost before the file came here (缺字) stays as it was received and is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..chars import HAN
from ..ledger import Change, substitute
from ..model import Block, Document, Hint, Problem
from ..rules import Rules
from .variants import usual

#: Controls, soft hyphen, fillers, zero width, direction, variation selectors, annotation, object placeholder and
#: noncharacters: nothing that a reader sees.  Line ends and tabs are not among them.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
)
#: The same beyond the first plane: signs of music, tags and variation selectors, noncharacters.
_INVISIBLE_BEYOND = "\U0001d173-\U0001d17a\U000e0000-\U000e0fff" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x100001, 0x10000)
)
_PRIVATE = "\ue000-\uf8ff"
_PRIVATE_BEYOND = "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_LOOK_ALIKE = "".join(c for c in sorted(usual()) if c < "\U00010000")
_CONTROL = re.compile(f"[{_INVISIBLE}{_INVISIBLE_BEYOND}]")
_VARIANT = re.compile(f"[{_LOOK_ALIKE}\U0002f800-\U0002fa1d]")
#: What any of the rules here could touch.  Beyond the first plane it is one range: `re` has a bitmap for the first
#: plane alone, and every character of every notice is asked about.
_SPECIAL = re.compile(f"[{_INVISIBLE}{_PRIVATE}{_LOOK_ALIKE}\ufffd?锟烫屯ï\U00010000-\U0010ffff]")
#: Signs of a lost character: U+FFFD and private codes; 锟斤拷, U+FFFD read twice wrongly; 烫烫烫 and 屯屯屯, memory never
#: written; ï»¿ and 锘, a misread byte-order mark; and question marks where a narrower encoding had no such character.
_LOST = re.compile(
    rf"[\ufffd{_PRIVATE}{_PRIVATE_BEYOND}]|锟斤拷|烫{{3,}}|屯{{3,}}|ï»¿|[?？]{{3,}}|^[?？]+(?=[{HAN}])|(?<=[{HAN}，、；（《“])[?？]+(?=[{HAN}])"
    rf"|(?<=[{HAN}])[?？]{{2,}}",
    re.M,
)
_MAY_BE_LOST = re.compile(f"[\ufffd{_PRIVATE}{_PRIVATE_BEYOND}?？锟烫屯ï]")
#: Words of a question: a single mark behind them is a question mark.
_ASKS = re.compile(r"[吗呢么何谁哪几吧否怎啥多]|[^不]不[^不]|有没有|是不是")
#: Marks that make what follows run from right to left, with what they turn round.
_TURNED = re.compile("[\u202e\u202b\u2067][^\u202c\u2069\n]{2,}")
MOST_LOST = 0.1  # share of lost characters beyond which a text is of no use


def characters(document: Document, rules: Rules) -> Document:
    """Scrub every block and every field of the page's head; flag lines with lost characters or turned-round text."""
    problems: list[Problem] = []
    blocks = []
    for block in document.blocks:
        scrubbed, found = scrub(block)
        blocks.append(scrubbed)
        problems += found
    hints = tuple(_scrub_hint(hint, rules, problems) for hint in document.hints)
    return replace(document, blocks=tuple(blocks), hints=hints, problems=document.problems + tuple(problems))


def scrub(block: Block) -> tuple[Block, list[Problem]]:
    """The block without invisible characters and look-alikes, and what a person should know of its line."""
    if not _SPECIAL.search(block.text):
        return block, []
    problems = list(_problems(block.text, block.line))
    block = substitute(
        block, [Change(m.start(), m.end(), "", "control-character") for m in _CONTROL.finditer(block.text)]
    )
    known = usual()
    changes = [
        Change(m.start(), m.end(), known[m[0]], "compatibility-character") for m in _VARIANT.finditer(block.text)
    ]
    return substitute(block, changes), problems


def _problems(text: str, line: int) -> Iterator[Problem]:
    plain = scrub_text(text)
    if lost_count(plain):
        detail = "这一行有读不出的字（乱码、自造字或缺字），已原样保留。请对照原网页核对。"
        yield Problem("review", "character-lost", line, detail)
    if _TURNED.search(text):
        detail = "这一行有改变文字方向的控制字符，原网页上看到的次序与这里不同；控制字符已去掉。请对照原网页核对次序。"
        yield Problem("review", "text-turned", line, detail)


def _scrub_hint(hint: Hint, rules: Rules, problems: list[Problem]) -> Hint:
    """A field of the page's head, scrubbed; one that may be published is flagged like a line."""
    if not _SPECIAL.search(hint.value):
        return hint
    if hint.name == "<title>" or hint.name in rules.meta_names:
        problems += _problems(hint.value, hint.line)
    return replace(hint, value=scrub_text(hint.value))


def scrub_text(text: str) -> str:
    """Text that has no ledger, such as a field of a page's head, without invisible characters and look-alikes."""
    known = usual()
    return _VARIANT.sub(lambda found: known[found[0]], _CONTROL.sub("", text))


def lost_count(text: str) -> int:
    """How many characters of a clean text were lost before it came here."""
    if not _MAY_BE_LOST.search(text):
        return 0
    return sum(len(found[0]) for found in _LOST.finditer(text) if not _is_question(text, found))


def _is_question(text: str, found: re.Match[str]) -> bool:
    """Whether one or two question marks close a question."""
    if found[0].strip("?？") or len(found[0]) > 2 or found.start() == 0:
        return False
    start = max(text.rfind(stop, 0, found.start()) for stop in "。；！？?\n")
    return bool(_ASKS.search(text, max(start + 1, 0), found.start()))

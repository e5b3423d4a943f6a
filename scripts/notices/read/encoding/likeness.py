"""How much a text looks like everyday Chinese: what tells the right decoding of some bytes from a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

#: Text read with the right codec has at least this share of everyday characters.  Measured on 80 notices, whole and
#: line by line: right 0.90 and more, wrong 0.57 and less for a whole file (UTF-8, GB18030, Big5, UTF-16 mistaken for
#: one another), 0.70 for 99 lines in 100.
ENOUGH = 0.75
DOUBT = 0.6  # a longer line with a smaller share was read with the wrong codec
MANY = 10  # characters beyond ASCII from which on the share of a single line means something
#: The commonest characters of this genre: five in six of 63,000 characters of notices.
COMMON = frozenset(
    "一万三上下不与专业两严个中为主之乡争事二于五交产人代以件任企众优会传位低住体作例供依促保信做健儿元先"
    "党入全公共关养内农决准出分划创利到制前力办加务动助化区医十升协单卫印县及发口台号各合同名向员和品商善"
    "四园国在地场均坚型城域培基境增处备复大头好妇委子季学宁安完定实宣室家对导将小少就局层居展山巡工市布师"
    "干平年幼广库应底府度庭康建开式引强心快态急性总息患情意成户房所手才打执扶批技抓投护报持指按据排接控推"
    "提支收改放政效救教数整文新方施旅日时明是普月有服期本术机村条来构果染查标校核格案检模次步每比民气水求"
    "江河治法活流测海消深清游源点照物牵特率环现理生用电疗疫疾病百的监盖目直省真督知研确示社神种科积程稳立"
    "站童第等策筹管类精系约级线组织经结给统续综网置群老考职联股育能自色节范药落行街补要覆规解计认训设证评"
    "诊试请调负责质贯费资路转达过运进通造道部配里重量金镇长门问间队防院险障集面革项预领题风食验高"
)
_BEYOND = re.compile(r"[^\x00-\x7f]+")
PIECE = re.compile(r"[^<>\r\n]+")  # a line, or what stands between two tags of a page


@cache
def everyday() -> frozenset[str]:
    """Level 1 of GB 2312 (3,755 characters) and of Big5 (5,401), the signs of GB 2312, and the spaces of web pages."""
    high = range(0xA1, 0xFF)
    simplified = _cells("gb2312", range(0xB0, 0xD8), high)
    traditional = _cells("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *high])
    signs = _cells("gb2312", range(0xA1, 0xAA), high)
    return frozenset([*simplified, *traditional, *signs, *"\xa0\u2002\u2003\u2022\u200b\ufeff\ue5e5〔〕"])


def _cells(codec: str, leads: Iterable[int], trails: Iterable[int]) -> Iterator[str]:
    """The characters of a two-byte code."""
    for pair in (bytes((lead, trail)) for lead in leads for trail in trails):
        try:
            yield pair.decode(codec)
        except UnicodeDecodeError:
            continue


def likeness(text: str) -> float:
    """The share (0 to 1) of everyday characters among those beyond ASCII; 1 where there are none."""
    beyond = "".join(_BEYOND.findall(text))
    return sum(map(everyday().__contains__, beyond)) / len(beyond) if beyond else 1.0


def beyond_ascii(text: str) -> int:
    """How many characters of `text` lie beyond ASCII."""
    return sum(map(len, _BEYOND.findall(text)))  # by runs: much faster than one by one


def plausible(text: str) -> bool:
    """Whether `text` looks like Chinese decoded with the right codec, or is plain ASCII."""
    return likeness(text) >= ENOUGH


def all_lines_plausible(text: str) -> bool:
    """Whether the whole and every longer line, or stretch between two tags of a page, are plausible."""
    lines = (line for line in PIECE.findall(text) if beyond_ascii(line) >= MANY)
    return plausible(text) and all(likeness(line) >= DOUBT for line in lines)

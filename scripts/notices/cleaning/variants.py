"""Characters that only a code table tells apart from the usual ones, and the private codes of GBK.

Sources:
- CJK Radicals Supplement: EquivalentUnifiedIdeograph.txt of the Unicode Character Database (version 14.0), which
  lists the ideograph that looks the same; U+2E80 has none.
- Kangxi radicals, compatibility ideographs and vertical forms: the compatibility mappings of the same database (NFKC).
- Private codes that GBK and GB 18030 gave to characters which Unicode had not yet: GB 18030-2022, annex D, with the
  tables of GB 18030-2000 and 2005 for those that had got their own code before; U+E5E5 is what 0xA3A0, typed as a space
  on many old pages, became (WHATWG Encoding, note on index gb18030).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠"
    "⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
#: GB 18030-2022: what 0xFE51 and the others that were still private in the edition of 2005 are now.
_LATE = {
    0xE816: "𠂇", 0xE817: "𠂉", 0xE818: "𠃌", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶", 0xE82C: "龷", 0xE831: "𡗗",
    0xE832: "龸", 0xE83B: "𢦏", 0xE843: "龹", 0xE854: "龺", 0xE855: "𤇾", 0xE864: "龻",
}  # fmt: skip
_VERTICAL = "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"  # of U+E78D to U+E796, in this order


@cache
def usual() -> dict[str, str]:
    """Each such character → the one that is published instead."""
    table = dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)):
        table |= {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    table |= dict(_upright())
    table |= {private: table.get(public, public) for private, public in _formerly_private()}
    return {c: plain for c, plain in table.items() if c != plain}


def _upright() -> Iterator[tuple[str, str]]:
    """Punctuation for vertical lines → the same for horizontal ones, in full width."""
    for code in (*range(0xFE10, 0xFE1A), *range(0xFE30, 0xFE45)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if code == 0xFE19 or code == 0xFE30:
            yield chr(code), "…"
        elif len(plain) == 1:
            yield chr(code), chr(ord(plain) + 0xFEE0) if "!" <= plain <= "~" else plain


def _formerly_private() -> Iterator[tuple[str, str]]:
    """Private code → the character's own code."""
    yield from (("\ue5e5", "\u3000"), ("\ue76c", "€"), ("\ue7c7", "ḿ"), ("\ue7c8", "ǹ"), ("\ue7e7", "〾"))
    yield from ((chr(0xE7E8 + n), chr(0x2FF0 + n)) for n in range(12))
    yield from ((chr(0xE78D + n), c) for n, c in enumerate(_VERTICAL))
    trails = (*range(0x50, 0x7F), *range(0x80, 0xA1))  # 0xFE50 to 0xFEA0 lie at U+E815 to U+E864
    for code, trail in enumerate(trails, 0xE815):
        yield chr(code), _LATE.get(code) or bytes((0xFE, trail)).decode("gb18030")

"""A small PDF writer for tests: text at given places, in a font that readers know by name, or in one without shapes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

EM = 16  # points: 三号, the size of running text (GB/T 9704-2012 §5.2.2)
LINES, CHARACTERS, PITCH = 22, 28, 29.0
LEFT, TOP, WIDTH, HEIGHT = 79.4, 737.0, 595.3, 841.9
RIGHT = LEFT + CHARACTERS * EM
CLOSING = "，。；：、！？）》〉】〕］”’％%"


class Text(NamedTuple):
    """Characters that begin at x, y (points from the lower left corner).

    `upward`: set from below to above; `hidden`: with the invisible pen, as programs that recognise scans write them.
    """

    x: float
    y: float
    size: float
    text: str
    upward: bool = False
    hidden: bool = False


class Rule(NamedTuple):
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float


class Sheet(NamedTuple):
    """A page.  `picture`: it shows a grey image as large as itself; `turned`: degrees by which a reader turns it."""

    items: Sequence[Text | Rule]
    picture: bool = False
    turned: int = 0


def advance(char: str, size: float) -> float:
    """How wide a character of the font is."""
    return size if unicodedata.east_asian_width(char) in "WFA" else size / 2


def width(text: str, size: float) -> float:
    """How wide a text is."""
    return sum(advance(char, size) for char in text)


def broken(text: str, indent: float, size: float = EM) -> list[str]:
    """A paragraph in lines of 28 characters; no line begins with a closing mark, no number is broken."""
    lines, line, room = [], "", RIGHT - LEFT - indent
    words: list[str] = []
    for char in text:
        tied = words and (char in CLOSING or (char.isascii() and char.isalnum() and words[-1][-1].isascii()))
        if tied:
            words[-1] += char
        else:
            words.append(char)
    for word in words:
        if width(line + word, size) > room + 0.1:
            lines.append(line)
            line, room = "", RIGHT - LEFT
        line += word
    return [*lines, line]


def set_paragraphs(
    paragraphs: Sequence[tuple[str, float, str]], table: Sequence[Sequence[str]] = (), after: str = ""
) -> list[Sheet]:
    """Paragraphs (how they stand, size, text) on pages of 22 lines, numbered at the foot; a table and a line close them."""
    placed: list[tuple[float, float, str]] = []
    for how, size, text in paragraphs:
        indent = 2 * EM if how == "indent" else 0
        for number, line in enumerate(broken(text, indent) if how in ("indent", "flush") else [text]):
            across = {"centre": (RIGHT + LEFT - width(text, size)) / 2, "right": RIGHT - width(text, size) - 2 * EM}
            placed.append((across.get(how, LEFT + (indent if number == 0 else 0)), size, line))
    sheets = []
    rows = len(table) + bool(after)
    pages = [placed[start : start + LINES] for start in range(0, len(placed), LINES)]
    if len(pages[-1]) + rows > LINES:
        pages.append([])
    for number, page in enumerate(pages, 1):
        items: list[Text | Rule] = [Text(x, TOP - PITCH * k, size, text) for k, (x, size, text) in enumerate(page)]
        if number == len(pages):
            top = TOP - PITCH * len(page) + 20
            items += ruled(table, top)
            items += [Text(LEFT, top - PITCH * len(table) - 20, 14, after)] if after else []
        foot = f"— {number} —"
        items.append(Text(RIGHT - width(foot, 14) - EM if number % 2 else LEFT + EM, 71, 14, foot))
        sheets.append(Sheet(items))
    return sheets


def ruled(table: Sequence[Sequence[str]], top: float, left: float = LEFT, right: float = RIGHT) -> list[Text | Rule]:
    """A table with a line around every cell."""
    if not table:
        return []
    columns, bottom = len(table[0]), top - PITCH * len(table)
    step = (right - left) / columns
    items: list[Text | Rule] = [Rule(left, top - PITCH * k, right, top - PITCH * k) for k in range(len(table) + 1)]
    items += [Rule(left + step * k, bottom, left + step * k, top) for k in range(columns + 1)]
    for row, cells in enumerate(table):
        items += [Text(left + step * k + 4, top - PITCH * row - 20, 12, cell) for k, cell in enumerate(cells)]
    return items


class Font(NamedTuple):
    """How characters are written: the font's dictionary, the codes of its characters, and its table of characters."""

    dictionary: bytes
    codes: Callable[[str], bytes]
    table: bytes = b""


#: How the character maps that readers know by name write text (PDF 32000-1, table 118).
CODECS = {"GBK-EUC-H": "gbk", "GB-EUC-H": "gb2312"}


def known(encoding: str = "UniGB-UCS2-H") -> Font:
    """A font that is not in the file; `encoding`: a character map; one that nobody knows leaves no table of characters."""
    dictionary = (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{encoding} /DescendantFonts [4 0 R] >>"
    )
    return Font(dictionary.encode(), lambda text: text.encode(CODECS.get(encoding, "utf-16-be")))


def subset(
    sheets: Sequence[Sheet], meaning: Mapping[str, str] = MappingProxyType({}), first: int = 1, wide: bool = False
) -> Font:
    """A font as programs name their subsets, with the shapes taken out: codes from `first` on and a table of characters.

    `meaning`: characters for which the table says something else, as UTF-16 in hexadecimal; "": it has no entry.
    `wide`: codes of two bytes, as Chromium and Word write them; else of one, as LibreOffice does.
    """
    texts = [item.text for sheet in sheets for item in sheet.items if isinstance(item, Text)]
    codes = {char: code for code, char in enumerate(dict.fromkeys("".join(texts)), first)}
    size = 2 if wide else 1
    entries = [(code, meaning.get(char, char.encode("utf-16-be").hex())) for char, code in codes.items()]
    lines = "".join(f"<{code:0{2 * size}x}> <{said}>\n" for code, said in entries if said)
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def\n"
        f"1 begincodespacerange <{'00' * size}> <{'ff' * size}> endcodespacerange\n"
        f"{lines.count('<') // 2} beginbfchar\n{lines}endbfchar\nendcmap end end"
    )
    widths = " ".join(str(round(advance(char, 1000))) for char in codes)
    single = f"/Subtype /TrueType /FirstChar {first} /LastChar {max(codes.values())} /Widths [{widths}]"
    double = (
        "/Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 "
        f"/BaseFont /BAAAAA+Fangsong /DW 1000 /W [{first} [{widths}]] /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> >>]"
    )
    dictionary = f"<< /Type /Font /BaseFont /BAAAAA+Fangsong {double if wide else single} /ToUnicode {6 + 2 * len(sheets)} 0 R >>"
    written = {char: code.to_bytes(size, "big") for char, code in codes.items()}
    return Font(dictionary.encode(), lambda text: b"".join(written[char] for char in text), table.encode())


def pdf(sheets: Sequence[Sheet], font: Font | None = None) -> bytes:
    """The pages as a PDF."""
    font = font or known()
    count = len(sheets)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(count))}] >>".encode(),
        font.dictionary,
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 [500] 2 95 500] "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor "
        b"/FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 "
        b"/CapHeight 880 /StemV 93 >> >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream",
    ]
    for number, sheet in enumerate(sheets):
        content = "\n".join(
            [
                *(_drawn(item, font) for item in sheet.items),
                *(["q 595 0 0 842 0 0 cm /P Do Q"] if sheet.picture else []),
            ]
        ).encode()
        turned = f" /Rotate {sheet.turned}" if sheet.turned else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]{turned} /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F 3 0 R >> /XObject << /P 5 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    if font.table:
        objects.append(f"<< /Length {len(font.table)} >>\nstream\n".encode() + font.table + b"\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\n"
    )
    return out + trailer.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()


def _drawn(item: Text | Rule, font: Font) -> str:
    if isinstance(item, Rule):
        return f"{item.x0:.1f} {item.y0:.1f} m {item.x1:.1f} {item.y1:.1f} l S"
    pen = "3 Tr " if item.hidden else ""
    turned = "0 1 -1 0" if item.upward else "1 0 0 1"
    return f"BT {pen}/F {item.size} Tf {turned} {item.x:.1f} {item.y:.1f} Tm <{font.codes(item.text).hex()}> Tj ET"

"""A number in the form that Word prints it in (ECMA-376 part 1, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def as_numeral(number: int, form: str) -> str | None:
    """`number` (0 to 999999) in a form of ST_NumberFormat; None for a form that Chinese documents do not use."""
    if form == "none":
        return ""
    make = _FORMS.get(form)
    return None if make is None else make(number)


def counting(number: int) -> str:
    """一, 十, 十一, 二十, 一百零五, 一千二百: counting as it is read."""
    if number == 0:
        return "零"
    if number >= 10_000:
        rest = number % 10_000
        joint = "零" if 0 < rest < 1000 else ""
        return counting(number // 10_000) + "万" + (joint + counting(rest) if rest else "")
    parts: list[str] = []
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            parts.append(_DIGITS[int(digit)] + _UNITS[place])
        elif parts and not parts[-1].startswith("零"):
            parts.append("零")
    text = "".join(reversed(parts))
    return text.removeprefix("一") if 10 <= number < 20 else text


def _digits(number: int) -> str:
    """一〇五: digit for digit."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _up_to_99(number: int) -> str:
    return counting(number) if number < 100 else _digits(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for size, letters in _ROMAN:
        text += letters * (number // size)
        number %= size
    return text


def _letter(number: int) -> str:
    """a … z, aa, bb …: the letter repeated, as Word does."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 2000 else str(number)


def _range(*spans: tuple[int, int, int]) -> Callable[[int], str]:
    """Characters of their own from (first number, last number, first code point); beyond them plain digits."""

    def make(number: int) -> str:
        return next((chr(code + number - a) for a, b, code in spans if a <= number <= b), str(number))

    return make


def _cycle(signs: str) -> Callable[[int], str]:
    def make(number: int) -> str:
        return signs[number - 1] if 0 < number <= len(signs) else str(number)

    return make


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_CIRCLED = _range((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": _range((1, 20, 0x2488)),
    "decimalEnclosedParen": _range((1, 20, 0x2474)),
    "ideographEnclosedCircle": _range((1, 10, 0x3280)),
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "chineseCounting": _up_to_99,
    "chineseCountingThousand": counting,
    "taiwaneseCounting": _up_to_99,
    "taiwaneseCountingThousand": counting,
    "japaneseCounting": counting,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": lambda number: counting(number).translate(_FORMAL),
    "ideographLegalTraditional": lambda number: counting(number).translate(_FORMAL),
    "japaneseLegal": lambda number: counting(number).translate(_FORMAL),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
}

"""Line charts as small SVG text: N on a logarithmic axis, readable on white and on black, the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 44, 44  # margins; the names of the lines stand beside their ends
APART = 16  # between two names
MARKS = (
    '<circle cx="{x}" cy="{y}" r="4"/>',
    '<rect x="{l}" y="{t}" width="8" height="8"/>',
    '<path d="M{x} {t}l5 9h-10z"/>',
    '<path d="M{x} {t}l5 4-5 5-5-5z"/>',
)
STYLE = """<style>
svg{background:#fff;color:#1a1a1a;font:13px system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
text{fill:currentColor}.g{stroke:#8885}.a{stroke:currentColor}
.l{fill:none;stroke-width:2}.s0{color:#0b57d0}.s1{color:#b3261e}.s2{color:#146c2e}.s3{color:#7b4b00}
.l,.m{stroke:currentColor}.m{fill:currentColor}
@media (prefers-color-scheme:dark){svg{background:#14171c;color:#e8e8e8}
.s0{color:#8ab4f8}.s1{color:#ff8a80}.s2{color:#7fd99a}.s3{color:#f2c063}}
</style>"""


class Line(NamedTuple):
    """One line: its name, and its points as (N, value)."""

    name: str
    points: tuple[tuple[int, float], ...]


def ticks(most: float) -> list[float]:
    """Four to six round numbers from 0 up, the last at least `most`."""
    rough = most / 4 or 1.0
    size = 10 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [step * at for at in range(ceil(most / step) + 1)]


def decades(least: float, most: float) -> list[float]:
    """The powers of ten that hold the values."""
    return [10.0**at for at in range(floor(log10(least)), max(ceil(log10(most)), floor(log10(least)) + 1) + 1)]


def chart(title: str, unit: str, lines: Sequence[Line], log: bool = False) -> str:
    """The chart.  `log`: the values too stand on a logarithmic axis, and must be above 0."""
    counts = sorted({count for line in lines for count, _ in line.points})
    values = [value for line in lines for _, value in line.points]
    rows = decades(min(values), max(values)) if log else ticks(max(values))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def across(count: float) -> float:
        spread = log10(counts[-1] / counts[0])
        return round(LEFT + wide * (log10(count / counts[0]) / spread if spread else 0.5), 1)

    def down(value: float) -> float:
        share = log10(value / rows[0]) / log10(rows[-1] / rows[0]) if log else value / rows[-1]
        return round(TOP + high * (1 - share), 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
        STYLE,
        f"<title>{escape(title)}</title><desc>{escape(_told(unit, lines))}</desc>",
        f'<text x="{LEFT}" y="20" font-weight="bold">{escape(title)}（{escape(unit)}）</text>',
    ]
    for value in rows:
        y = down(value)
        out.append(f'<path class="g" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{_number(value)}</text>')
    for count in counts:
        x = across(count)
        out.append(f'<path class="a" d="M{x} {HEIGHT - BOTTOM}v5"/>')
        out.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count:,}</text>')
    out.append(f'<path class="a" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    out.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 6}" text-anchor="middle">通知份数 N（对数）</text>'
    )
    names = _apart([down(line.points[-1][1]) for line in lines])
    for at, (line, name) in enumerate(zip(lines, names, strict=True)):
        places = [(across(count), down(value)) for count, value in line.points]
        path = "L".join(f"{x} {y}" for x, y in places)
        out.append(f'<g class="s{at % 4}"><path class="l" d="M{path}"/>')
        for (x, y), (count, value) in zip(places, line.points, strict=True):
            mark = MARKS[at % 4].format(x=x, y=y, l=round(x - 4, 1), t=round(y - 4, 1))
            told = f"{line.name}，{count:,} 份：{_number(value)} {unit}"
            out.append(f'<g class="m"><title>{escape(told)}</title>{mark}</g>')
        beside = places[-1][0] + 12
        out.append(f'<text x="{beside:g}" y="{name + 4:g}" style="fill:currentColor">{escape(line.name)}</text></g>')
    return "\n".join([*out, "</svg>", ""])


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights moved down where two would overlap."""
    moved = list(heights)
    last = float("-inf")
    for at in sorted(range(len(heights)), key=lambda at: heights[at]):
        last = moved[at] = max(heights[at], last + APART)
    return moved


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _told(unit: str, lines: Sequence[Line]) -> str:
    """The figures in words, for those who do not see the chart."""
    return "；".join(
        f"{line.name}：" + "，".join(f"{count:,} 份 {_number(value)} {unit}" for count, value in line.points)
        for line in lines
    )

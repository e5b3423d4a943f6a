"""Tables and plots of what benchmarks/scale.py measured.

    python benchmarks/report.py [--results DIR] [--into FILE]

In: DIR/*.json (default: benchmarks/results).  Out: the part of FILE (default: benchmarks/RESULTS.md) between the two marks,
written anew, and the plots as SVG in plots/ beside FILE.  Nothing is measured here: the same data give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chart import Line, chart
from measure import load

HERE = Path(__file__).parent
BEGIN, END = "<!-- 规模：由 benchmarks/report.py 写入，请不要手改 -->", "<!-- 规模到此为止 -->"
CASES = {"all": "全部", "nothing new": "没有变化", "one new": "新放入一份"}
NAMES = ("convert", "site", "peers", "index", "search")  # the tables, each a file of results
#: What the stages of a build are called; one without a name here is shown by its own.
STAGES = {
    "read": "读规则、看哪些文件变了",
    "convert": "逐份转换、标注",
    "settle": "查重、编号、更正",
    "links": "相关任务、引用",
    "rows": "逐份取出汇总页要的内容",
    "keys": "看哪些网页要重写",
    "groups": "按地区、年份、主题归类",
    "pages": "写网页和数据",
    "records": "清单、登记、上次的结果",
}
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all but the first column to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def of(rows: Sequence[Row], case: str) -> dict[int, Row]:
    """The rows of one case, by N."""
    return {row["notices"]: row for row in rows if row["case"] == case}


def each(row: Row, what: str, count: int | None = None) -> float:
    """Milliseconds a notice (or a page, where `count` says how many)."""
    return float(row[what]) * 1000 / (count or row["notices"])


def conversion(rows: Sequence[Row]) -> str:
    """Conversion by size and case."""
    out = []
    for row in rows:
        full = row["case"] == "all"
        out.append([
            f"{row['notices']:,}", CASES[row["case"]], f"{row['seconds']:.1f}", f"{row['processor']:.1f}",
            f"{row['notices'] / row['seconds']:.0f}" if full else "",
            f"{row['notices'] / row['processor']:.0f}" if full else "",
            f"{row['bytes'] / 1e6 / row['seconds']:.2f}" if full else "",
            f"{each(row, 'processor'):.1f}" if full else "", f"{row['tree_mb']:.0f}", f"{row['largest_mb']:.0f}",
        ])  # fmt: skip
    head = (
        "通知",
        "情形",
        "秒",
        "处理器秒",
        "份/秒",
        "份/秒/核",
        "MB/秒",
        "处理器毫秒/份",
        "内存合计 MB",
        "最大进程 MB",
    )
    return table(head, out)


def stages(rows: Sequence[Row]) -> str:
    """The shares of the stages of a whole conversion; "" where they were not measured."""
    full = [row for row in rows if row["case"] == "all" and row.get("stages")]
    names = list(dict.fromkeys(name for row in full for name in row["stages"]))
    out = []
    for name in names:
        shares = (row["stages"].get(name, 0.0) / row["seconds"] for row in full)
        out.append([STAGES.get(name, name), *(f"{share:.0%}" for share in shares)])
    rest = (1 - sum(row["stages"].values()) / row["seconds"] for row in full)
    out.append(["写盘、与上次比较、报告、启动", *(f"{share:.0%}" for share in rest)])
    return table(["步骤占用时的比例", *(f"{row['notices']:,}" for row in full)], out) if full else ""


def site(rows: Sequence[Row], peers: Sequence[Row]) -> str:
    """The site by size and case, then the stock theme, and how many times as long it takes."""
    out = []
    ours, stock = of(rows, "all"), of(peers, "stock")
    for row in rows:
        full = row["case"] == "all"
        out.append([
            f"{row['notices']:,}", f"本站，{CASES[row['case']]}", f"{row['seconds']:.1f}", f"{row['processor']:.1f}",
            f"{each(row, 'seconds'):.1f}" if full else "", f"{row['tree_mb']:.0f}", f"{row['largest_mb']:.0f}",
            "1.00" if full else "",
        ])  # fmt: skip
    for count, row in stock.items():
        times = f"{row['seconds'] / ours[count]['seconds']:.2f}" if count in ours else ""
        out.append([
            f"{count:,}", "Material 原样", f"{row['seconds']:.1f}", f"{row['processor']:.1f}",
            f"{each(row, 'seconds', row['pages']):.1f}", f"{row['tree_mb']:.0f}", f"{row['largest_mb']:.0f}", times,
        ])  # fmt: skip
    return table(("通知", "怎样", "秒", "处理器秒", "毫秒/份", "内存合计 MB", "最大进程 MB", "时间 ÷ 本站"), out)


def extraction(rows: Sequence[Row], convert: Sequence[Row]) -> str:
    """trafilatura over the web pages of the same corpora, beside a whole conversion."""
    out, ours = [], of(convert, "all")
    for count, row in of(rows, "trafilatura").items():
        mine = each(ours[count], "processor") if count in ours else 0.0
        theirs = each(row, "processor", row["pages"])
        out.append([
            f"{count:,}", f"{row['pages']:,}", f"{theirs:.1f}", f"{mine:.1f}" if mine else "",
            f"{theirs / mine:.2f}" if mine else "", f"{row['tree_mb']:.0f}",
        ])  # fmt: skip
    head = ("通知", "其中网页", "trafilatura 处理器毫秒/页", "本项目 处理器毫秒/份", "trafilatura ÷ 本项目", "内存 MB")
    return table(head, out)


def as_printed(rows: Sequence[Row]) -> str:
    """A table of the search as it was printed; "" where there is none."""
    return table(list(rows[0]), [[str(value) for value in row.values()] for row in rows]) if rows else ""


def aims(tables: Tables) -> str:
    """What was asked for, what was measured, and whether it is enough; "没有测" where the size was not run."""
    convert, site_rows, peers = tables["convert"], tables["site"], tables["peers"]
    full, idle, new = of(convert, "all"), of(convert, "nothing new"), of(convert, "one new")
    pages, stock = of(site_rows, "all"), of(peers, "stock")
    found: list[tuple[str, float | None, float, bool, str]] = []  # words, value, limit, whether more is better, unit

    def add(words: str, limit: float, unit: str, value: float | None, more: bool = False) -> None:
        found.append((words, value, limit, more, unit))

    large, small = full.get(10000), full.get(1000)
    add("转换，10,000 份，每核每秒", 100, "份", large["notices"] / large["processor"] if large else None, True)
    add("转换，10,000 份，内存合计", 1500, "MB", large["tree_mb"] if large else None)
    ratio = each(large, "processor") / each(small, "processor") if large and small else None
    add("每份的处理器时间，10,000 份 ÷ 1,000 份", 1.3, "倍", ratio)
    add("没有变化，10,000 份", 10, "秒", idle[10000]["seconds"] if 10000 in idle else None)
    add("新放入一份，10,000 份", 15, "秒", new[10000]["seconds"] if 10000 in new else None)
    add("网站，5,000 份，每份", 20, "毫秒", each(pages[5000], "seconds") if 5000 in pages else None)
    both = {1000, 5000} <= set(pages)
    growth = each(pages[5000], "seconds") / each(pages[1000], "seconds") if both else None
    add("网站每份的时间，5,000 份 ÷ 1,000 份", 1.2, "倍", growth)
    faster = stock[1000]["seconds"] / pages[1000]["seconds"] if 1000 in stock and 1000 in pages else None
    add("网站连同检索，1,000 份，Material 原样的时间 ÷ 本站", 2, "倍", faster, True)
    first = [row for row in tables["search"] if row["检索"] == "本站，本省" and _whole(row["通知"]) == 5000]
    add(
        "第一次检索，5,000 份，最多的一个查询", 800, "KB", max((_number(row["首次 KB"]) for row in first), default=None)
    )
    add(
        "第一次检索，5,000 份，最慢的一个查询",
        400,
        "毫秒",
        max((_number(row["首次 毫秒"]) for row in first), default=None),
    )
    out = []
    for words, value, limit, more, unit in found:
        met = "没有测" if value is None else "达到" if (value >= limit if more else value <= limit) else "**没有达到**"
        shown = "" if value is None else f"{value:,.2f} {unit}" if value < 10 else f"{value:,.0f} {unit}"
        out.append([words, f"{'≥' if more else '≤'} {limit:g} {unit}", shown, met])
    return table(("目标", "要求", "测得", "结果"), out)


def plots(tables: Tables) -> dict[str, str]:
    """The plots by file name; one whose data are missing is left out."""
    convert, site_rows, peers = of(tables["convert"], "all"), of(tables["site"], "all"), tables["peers"]
    extracted, stock = of(peers, "trafilatura"), of(peers, "stock")

    def line(name: str, rows: Mapping[int, Row], what: str, by: str = "") -> Line:
        """A point a row: `what` as it is, or in milliseconds a `by` (notices, pages)."""
        return Line(name, tuple((n, each(r, what, r[by]) if by else float(r[what])) for n, r in sorted(rows.items())))

    drawn = {
        "conversion": ("转换一份的处理器时间", "毫秒", False, [
            line("本项目，全部步骤", convert, "processor", "notices"),
            line("trafilatura，只取正文", extracted, "processor", "pages"),
        ]),
        "site": ("生成网站，每份通知用时", "毫秒", False, [
            line("本站，连同检索", site_rows, "seconds", "notices"), line("Material 原样", stock, "seconds", "pages"),
        ]),
        "memory": ("内存峰值，全部进程合计", "MB", False, [
            line("转换", convert, "tree_mb"), line("网站", site_rows, "tree_mb"),
            line("Material 原样", stock, "tree_mb"), line("trafilatura", extracted, "tree_mb"),
        ]),
        "search": ("第一次检索要取的数据", "KB，压缩后", True, payload(tables["search"])),
    }  # fmt: skip
    made = {}
    for name, (title, unit, log, lines) in drawn.items():
        if some := [one for one in lines if one.points]:
            made[f"{name}.svg"] = chart(title, unit, some, log)
    return made


def payload(rows: Sequence[Row]) -> list[Line]:
    """Kilobytes of the first query, the mean over the queries, by search and N."""
    sums: dict[str, dict[int, list[float]]] = {}
    for row in rows:
        if row.get("首次 KB"):
            of_search = sums.setdefault(str(row["检索"]), {})
            of_search.setdefault(_whole(row["通知"]), []).append(_number(row["首次 KB"]))
    return [
        Line(name, tuple((n, sum(found) / len(found)) for n, found in sorted(sizes.items())))
        for name, sizes in sums.items()
    ]


def _number(value: object) -> float:
    return float(str(value).replace(",", ""))


def _whole(value: object) -> int:
    return int(_number(value))


def machines(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """The machine and the versions, once for all tables that share them."""
    told: dict[str, list[str]] = {}
    for name, found in tables.items():
        if found:
            one = found["machine"]
            versions = "，".join(f"{package} {version}" for package, version in sorted(one["packages"].items()))
            parts = (f"{one['processors']} 核，{one['memory_gb']} GB 内存，{one['system']}", f"Python {one['python']}")
            words = "；".join((*parts, versions, one["date"]))
            told.setdefault(words, []).append(name)
    return "\n".join(f"{'、'.join(names)}：{words}。  " for words, names in told.items())


def section(found: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole part of the file: words, tables, plots."""
    tables = {name: one.get("rows", []) for name, one in found.items()}
    parts = [
        "## 规模：从几百份到一万份",
        machines(found),
        "通知由 `benchmarks/corpus.py` 生成：各不相同，平均25条任务、6,000字，一半文本一半网页，十份里九份是县区的。"
        "每一项在单独的进程里跑，用真的命令行；内存是全部进程的 PSS 之和的峰值，每0.2秒看一次。重跑：`make bench`。",
        "### 目标",
        aims(tables),
        "### 转换（`convert.py build`）",
        conversion(tables["convert"]) if tables["convert"] else "",
        stages(tables["convert"]),
        "trafilatura 只从网页里取正文，不分条款，不标注，不找联系，不写网页，只用一个进程；这里比的是处理器时间。",
        extraction(tables["peers"], tables["convert"]) if tables["peers"] else "",
        "### 网站（`convert.py site`）",
        "“本站”是整个命令：查看有没有变化、生成网页、检索索引、成品检查、换上新网站，每份通知有正文和原文两个网页。"
        "“Material 原样”是同样的通知正文页，全部进导航，用它自带的中文检索，没有原文页、汇总页和检查。",
        site(tables["site"], tables["peers"]) if tables["site"] else "",
        "### 检索（`benchmarks/search.py`）" if tables["search"] else "",
        as_printed(tables["index"]),
        as_printed(tables["search"]),
        "### 图",
    ]
    parts += [f"![{chart_title(text)}](plots/{name})" for name, text in plots(tables).items()]
    return "\n\n".join(part for part in parts if part)


def chart_title(text: str) -> str:
    """The title a plot carries."""
    return text.split("<title>", 1)[1].split("<", 1)[0]


def write(results: Path, into: Path) -> None:
    """Put the section into the file, between the marks or at its end, and the plots beside it."""
    found = {name: load(results, name) for name in NAMES}
    text = into.read_text(encoding="utf-8") if into.exists() else "# 测速与比较\n"
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if rest else "\n"
    head = before if rest else before.rstrip("\n") + "\n\n"
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(f"{head}{BEGIN}\n\n{section(found)}\n\n{END}{after}", encoding="utf-8")
    folder = into.parent / "plots"
    folder.mkdir(exist_ok=True)
    for name, drawn in plots({name: one.get("rows", []) for name, one in found.items()}).items():
        (folder / name).write_text(drawn, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the tables and plots of what was measured.")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--into", type=Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()
    write(options.results, options.into)


if __name__ == "__main__":
    main()

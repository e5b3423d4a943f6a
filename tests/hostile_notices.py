"""Notices made of hostile strings: each string in five contexts, as text, as HTML that is escaped, and as raw HTML.

The strings are those of tests/hostile/strings.jsonl, and of ../shared/hostile where that folder is present.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from support import ROOT

LISTS = (ROOT / "tests/hostile/strings.jsonl", ROOT.parent / "shared/hostile/xss_vectors.jsonl")
CONTEXTS = ("heading", "paragraph", "item", "quote", "cell")
BATCH = 300  # strings a notice
#: What a raw string may open and leave open, and what ends it: else it would swallow the strings behind it.
_OPEN = {
    "-->": re.compile(r"<[!?]"),
    "]]>": re.compile(r"<!\[CDATA", re.I),
    "'\">": re.compile(r"<[^<>]*$|=\s*[\"'`]"),
    **{f"</{name}>": re.compile(f"<{name}", re.I) for name in (
        "script", "style", "title", "textarea", "noscript", "noembed", "noframes", "select", "template", "svg", "math",
        "iframe", "xmp", "object", "xml", "button", "plaintext",
    )},
}  # fmt: skip
_LINE_END = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")


def strings() -> list[str]:
    """Every hostile string once, in the order of the lists."""
    lines = (line for path in LISTS if path.is_file() for line in path.read_text("utf-8").split("\n") if line)
    return list(dict.fromkeys(str(json.loads(line)["v"]) for line in lines))


def write(raw: Path, found: Sequence[str]) -> dict[str, list[str]]:
    """Notices of the strings in the folder `raw`: file name → the strings in it.

    As text all of them; as HTML every third, or all where the environment says HOSTILE=all (two minutes more).
    """
    files = {}
    for kind, make in KINDS.items():
        chosen = found if kind == "text" or len(found) < BATCH or os.environ.get("HOSTILE") == "all" else found[::3]
        for number, start in enumerate(range(0, len(chosen), BATCH)):
            name = f"{kind}-{number:02}.{'txt' if kind == 'text' else 'html'}"
            files[name] = list(chosen[start : start + BATCH])
            content = make(2001 + number, files[name])
            (raw / name).write_text(content, "utf-8", errors="surrogatepass", newline="")
    return files


#: Long enough that the marks behind it do not make a text file a web page.
FILLER = tuple(
    f"坚持以人民健康为中心，深化医药卫生体制改革，持续做好第{n}个方面的工作，不断增进群众健康福祉。" * 3
    for n in range(40)
)


def head(number: int, kind: str) -> tuple[str, ...]:
    """The lines before the first clause."""
    title = f"{number}年卫生健康工作要点（{kind}）"
    return (
        f"关于印发《{title}》的通知",
        f"卫健〔{number}〕{number}号",
        "各有关单位：",
        f"现将《{title}》印发给你们，请认真贯彻执行。",
        "某某市卫生健康局",
        f"{number}年3月1日",
        title,
        "一、总体要求",
        *(FILLER * (kind == "文本")),
        "二、重点任务",
    )


def contexts(text: str, number: int, cited: bool = False) -> tuple[str, str, str]:
    """One string (already encoded for its format) in each context: two lines, and the text of a cell.

    `cited`: in 《》 too, as the title of a document; all of these come together on the page of cited documents.
    """
    title = f"落实《{text}》，" if cited else ""
    return f"{number}.推进{text}", f"{text}，健全机制。一是加强{text}培训；二是{title}推行“{text}”服务。", text


def text_notice(number: int, batch: Sequence[str]) -> str:
    """A plain text file; a string with several lines is written on one."""
    lines = list(head(number, "文本"))
    for n, string in enumerate(batch, 1):
        *before, cell = contexts(one_line(string), n, cited=n % 10 == 0)
        lines += [*before, f"指标\t{cell}"]
    return "\n".join(lines) + "\n"


def escaped_notice(number: int, batch: Sequence[str]) -> str:
    """A web page that shows each string as text."""
    return _page(head(number, "转义"), (contexts(html.escape(one_line(s)), n) for n, s in enumerate(batch, 1)))


def raw_notice(number: int, batch: Sequence[str]) -> str:
    """A web page into which each string was written as it is."""
    return _page(head(number, "标记"), (contexts(_ended(s), n) for n, s in enumerate(batch, 1)))


def _page(first: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    parts = [f"<p>{line}</p>\n" for line in first]
    for n, (*before, cell) in enumerate(rows, 1):
        parts += [f"<p>{one}</p>\n" for one in before]
        parts.append(f"<table><tr><td>指标{n}</td><td>{cell}</td></tr><tr><td>数值</td><td>{n}</td></tr></table>\n")
    body = "".join(parts)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"></head><body><div id="zoom">\n{body}</div></body></html>\n'
    )


def _ended(string: str) -> str:
    """The raw string, and the ends of what it leaves open."""
    return string + "".join(end for end, opening in _OPEN.items() if opening.search(string))


def one_line(string: str) -> str:
    """The string on one line; NUL, which no text file holds, left out."""
    return _LINE_END.sub(" ", string).replace("\0", "")


KINDS = {"text": text_notice, "escaped": escaped_notice, "raw": raw_notice}


#: In one notice's fields, and beside it.
BAD = "</title></script><script>alert(1)</script>&lt;/title&gt;'\"><img src=x onerror=alert(1)>"
NOTE = "]]></script><script>alert(1)</script>{{ config }} {: onclick=alert(1) }"
CHANNELS = """<!doctype html><html><head><meta charset="utf-8"><title>{bad} - 某某市卫生健康委员会</title>
<meta name="ArticleTitle" content="{bad}"><meta name="PubDate" content="{bad}"><meta name="ContentSource" content="{bad}">
<meta name="{bad}" content="{bad}"></head><body><div id="zoom">
<p>2022年卫生健康工作要点{bad}</p>
<p>某卫〔2022〕9号{bad}</p>
<p>各镇人民政府{bad}：</p>
<p>一、深化改革{bad}</p>
<p>1.推进医共体建设{bad}。到2022年底，{bad}签约率达到80%以上。一是加强{bad}；二是落实《关于{bad}的意见》（浙卫发〔2020〕11号）。（责任单位：医政科{bad}、财务科）</p>
<p>2.推进托育服务。{bad}</p>
<p>某某市卫生健康委员会{bad}</p>
<p>2022年3月1日</p>
</div></body></html>
"""


def write_channels(raw: Path) -> dict[str, list[str]]:
    """A notice whose title, fields, <meta>, sidecar and file name are hostile."""
    name = "channels <img src=x onerror=alert(1)> {{ config }} '&amp;.html"
    (raw / name).write_text(CHANNELS.format(bad=html.escape(BAD)), "utf-8")
    sidecar = f"url = {json.dumps('javascript:alert(1)//https://a.cn/')}\nnote = {json.dumps(NOTE)}\n"
    (raw / f"{name}.toml").write_text(f"{sidecar}fetched = {json.dumps(BAD)}\n", "utf-8")
    return {name: [BAD]}

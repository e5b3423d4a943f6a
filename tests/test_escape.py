"""Source text is data, never markup: what is published shows exactly the characters it was given.

The large list of hostile strings is read from ../shared/hostile where that folder is present;
our own list below always runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import markdown
import pytest
import yaml
from lxml import html
from notices.emit.markdown import escape, front_matter, pairs, table
from support import ROOT

OURS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{: onmouseover=alert(1) }", "*[医共体]: 县域",
    "[一]: 二", "`代码`", "**粗**", "_下划线_", "~~删~~", "==亮==", "^上^", "# 标题", "1. 列表", "12) 列表", "- 项", "+ 项", "* 项", "> 引用", "---", "===",
    "| a | b |", "Tel: 1", "&lt;b&gt;", "&#60;b>", "    代码", "\t制表", "!!! note", "::: x", "$$x$$", "http://a.cn/?a=1&b=2", "<http://a.cn>", "a\\*b",
    "《2020年: 要点》 #", "末尾两个空格  ", "{{ page.title }}", "{% raw %}", "<!-- 注释 -->", "<?php ?>", "]]>", "'\"", "\x02wzxhzdk:0\x03", "a@b.cn", "第1.2条", "1.5万人",
    "[^1]: 脚注", "*强调*，**重**", "- [ ] 待办", "----", "<a href='x'>", "&nbsp;", "\u3000缩进", "![](x)", "[[x]]", "<details>", "x{: #notice }", "\x85x",
)  # fmt: skip
SHARED = ROOT.parent / "shared" / "hostile" / "xss_vectors.jsonl"


def vectors() -> list[str]:
    if not SHARED.is_file():
        return list(OURS)
    return [*OURS, *(json.loads(line)["v"] for line in SHARED.read_text("utf-8").splitlines() if line)]


CONTEXTS: dict[str, Callable[[str], str]] = {
    "paragraph": lambda s: f"{escape(s)}\n{{: .probe }}",
    "heading": lambda s: f"## {escape(s)} {{: .probe }}",
    "list": lambda s: f'- <span class="probe">{escape(s)}</span>',
    "cell": lambda s: table([(escape(s),)], "probe", "x"),
    "quote": lambda s: f'> <span class="probe">{escape(s)}</span>',
}


def site_markdown() -> markdown.Markdown:
    """Python-Markdown with exactly the extensions of mkdocs.yml."""
    config: list[Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    names = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in config]
    return markdown.Markdown(extensions=["tables", "fenced_code", *names])  # MkDocs adds the first two itself


def visible(text: str) -> str:
    """What a browser shows of a string: controls and marks of direction gone, white space collapsed."""
    turns = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    plain = "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\x7f" <= c <= "\x9f" and c not in turns))
    return " ".join(plain.split())


@pytest.mark.parametrize("context", CONTEXTS)
def test_text_stays_text(context: str) -> None:
    wrap = CONTEXTS[context]
    strings = [s for s in vectors() if visible(s)]
    source = "\n\n".join(wrap(s) for s in strings)
    tree: html.HtmlElement = html.fromstring(f"<div>{site_markdown().convert(source)}</div>")
    probes: list[html.HtmlElement] = [e for e in tree.iter() if "probe" in (e.get("class") or "").split()]
    assert len(probes) == len(strings)
    for probe, text in zip(probes, strings, strict=True):
        assert visible(probe.text_content()) == visible(text)
        inside = {e.tag for e in probe.iter()} - {probe.tag, "tr", "td", "tbody", "a"}
        assert inside == set(), text
    allowed = {"div", "p", "h2", "ul", "li", "span", "table", "tr", "td", "blockquote", "a", "tbody"}
    assert {e.tag for e in tree.iter()} <= allowed
    for element in tree.iter("a"):
        assert "headerlink" in (element.get("class") or ""), "a link that we did not write"


def test_readable_text_stays_readable() -> None:
    assert (
        escape("2020年新增3家机构，占比25.39%，见第一条；“最多跑一次”/浙里办")
        == "2020年新增3家机构，占比25.39%，见第一条；“最多跑一次”/浙里办"
    )


@pytest.mark.parametrize("text", vectors()[:400])
def test_front_matter_is_read_back_equal(text: str) -> None:
    clean = "".join(c for c in text if c.isprintable())
    block = front_matter({"title": clean, "description": clean})
    assert block.startswith("---\n")
    assert yaml.safe_load(block.removeprefix("---\n").removesuffix("---\n")) == {"title": clean, "description": clean}


def test_pairs_are_one_line() -> None:
    assert "\n" not in pairs([(escape("标\n签"), escape("值\n"))], "y-meta")

"""Source text into Markdown: it is data and stays data.

Every character that Markdown, HTML, attribute lists or YAML could read becomes a numeric reference;
Chinese, letters, digits and everyday punctuation stay readable.  Proven in tests/test_escape.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

ALWAYS = frozenset("\\`*_{}[]()#<>&!|~=^$\"'@")
_START = re.compile(r"^(?:[-+:.]|\d+[.)]|\s)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def escape(text: str) -> str:
    """`text` as one line of Markdown that shows exactly itself, anywhere in a paragraph, heading, cell or item."""
    text = _CONTROL.sub("", text)
    out = "".join(_reference(c) if c in ALWAYS or c in "\n\r\t" else c for c in text)
    start = _START.match(out)
    if start:  # list markers, block starts and indents count only at the start of a line
        last = start.end() - 1
        out = out[:last] + _reference(out[last]) + out[last + 1 :]
    return out[:-1] + _reference(" ") if out.endswith(" ") else out


def _reference(c: str) -> str:
    return f"&#{ord(c)};"


def front_matter(data: Mapping[str, object]) -> str:
    """YAML front matter with every scalar quoted, so that `2020年: 要点` is a string."""
    body = yaml.safe_dump(dict(data), default_style='"', allow_unicode=True, sort_keys=True, width=10**6)
    return f"---\n{body}---\n"


def table(rows: list[tuple[str, ...]], css: str, head: bool = False) -> str:
    """An HTML table on one line, cells already escaped; `head` makes the first row a header."""
    parts = [f'<div class="y-scroll" role="region" tabindex="0" aria-label="表格"><table class="{css}">']
    for index, row in enumerate(rows):
        tag = "th" if head and index == 0 else "td"
        parts.append("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>")
    return "".join(parts) + "</table></div>"


def pairs(rows: list[tuple[str, str]], css: str) -> str:
    """A two-column HTML table with a row header in each row; values already escaped."""
    body = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)
    return f'<table class="{css}">{body}</table>'

"""Source text into Markdown: it is data and stays data.

Every character that Markdown, HTML, attribute lists or YAML could read becomes a numeric reference;
Chinese, letters, digits and everyday punctuation stay readable.  Proven in tests/test_escape.py.

Generators parse each tag twice, in Python (9 µs): tables and lists leave out the end tags that HTML implies, </td> and
</li>.  </tr> stays, since Python-Markdown looks through all elements that are open at each end tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import yaml

_ALWAYS = re.compile(r"""[\\`*_{}\[\]()#<>&!|~=^$"'@\n\r\t]""")
#: Most of what is escaped: ordinary Chinese, which nothing can read as markup; one look instead of four.
_QUIET = "\u4e00-\u9fff0-9A-Za-z，。；：、！？（）“”《》〔〕…—·%/."
_PLAIN = re.compile(f"[\u4e00-\u9fff](?:[{_QUIET} ]*[{_QUIET}])?")
#: libyaml where PyYAML was built with it, as every wheel is: twelve times as fast on long values.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_START = re.compile(r"^(?:[-+:.]|\d+[.)]|[ \t\u00a0\u3000])")
#: What no page can show: controls (references to 128–159 mean other characters in HTML), and the marks that turn the
#: direction of what follows them, which could make our own words read otherwise.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """`text` as one line of Markdown that shows exactly itself, anywhere in a paragraph, heading, cell or item."""
    if _PLAIN.fullmatch(text):
        return text
    text = _CONTROL.sub("", text)
    out = _ALWAYS.sub(lambda found: _reference(found[0]), text)
    start = _START.match(out)
    if start:  # list markers, block starts and indents count only at the start of a line
        last = start.end() - 1
        out = out[:last] + _reference(out[last]) + out[last + 1 :]
    return out[:-1] + _reference(" ") if out.endswith(" ") else out


def _reference(c: str) -> str:
    return f"&#{ord(c)};"


def front_matter(data: Mapping[str, object]) -> str:
    """YAML front matter with every scalar quoted, so that `2020年: 要点` is a string."""
    body = yaml.dump(dict(data), Dumper=_Dumper, default_style='"', allow_unicode=True, sort_keys=True, width=10**6)
    return f"---\n{body}---\n"


def table(rows: list[tuple[str, ...]], css: str, label: str, head: bool = False) -> str:
    """An HTML table on one line, cells already escaped; `label` names it to a screen reader, `head` makes row 1 a header."""
    body = list(rows)
    parts = [f'<div class="y-scroll" role="region" tabindex="0" aria-label="{label}"><table class="{css}">']
    if head:
        parts.append(heads(body.pop(0)))
    width = max((len(row) for row in rows), default=1)
    lines = (_cells(row, width) for row in body)
    parts.append("<tbody>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</tbody></table></div>")
    return "".join(parts)


def heads(names: Iterable[str]) -> str:
    """The head of a table: the names of its columns."""
    cells = "".join(f'<th scope="col">{name}' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _cells(row: tuple[str, ...], width: int) -> str:
    """The cells of a row; the last of a short one, a heading across the table, spans the rest."""
    rest = width - len(row) + 1
    last = f'<td colspan="{rest}">{row[-1]}' if rest > 1 else f"<td>{row[-1]}"
    return "".join(f"<td>{cell}" for cell in row[:-1]) + last


def pairs(rows: list[tuple[str, str]], css: str) -> str:
    """A two-column HTML table with a row header in each row; values already escaped."""
    body = " ".join(f'<tr><th scope="row">{name} <td>{value}</tr>' for name, value in rows)
    return f'<table class="{css}">{body}</table>'


def told(link: str, words: str) -> str:
    """An item of an HTML list of the class y-told: the style sheet sets `words` small, on a line of their own below."""
    return f"<li>{link} {words}" if words else f"<li>{link}"


def link_here(anchor: str, what: str) -> str:
    """The quiet # behind a paragraph or an item that gives its permanent address."""
    return f' <a class="headerlink" href="#{anchor}" title="{what}的永久网址">#</a>'

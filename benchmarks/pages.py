"""Made-up government web pages around the text of a real notice.

In: the text of a notice, its title and a seed. Out: a page for each template in `templates/`, with the lines a reader
must keep and the strings it should drop. Templates follow the public markup conventions of the content systems in
use (container ids, class names, standard <meta> names); places, numbers and addresses in them are invented.

In a template `{{name}}` is a placeholder and `[[text]]` marks text that is not part of the notice,
`[[=text]]` text of its information panel.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from random import Random

TEMPLATES = Path(__file__).parent / "templates"
PLACES = (("澜江县", "lanjiang"), ("梧溪区", "wuxiqu"), ("青榆市", "qingyu"), ("临岚县", "linlan"))
CHROME = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
CREDIT = re.compile(
    r"(?:.{0,2}(?:来源|时间|日期|发布)|出处|作者)\s*[：: ]|\d{4}-\d\d-\d\d(?: [\d:]+)?(?: 发布)?$|.*供稿$"
)
WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NUMBER = re.compile(r"(?:第?[一二三四五六七八九十]+[、章条]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[.．、](?!\d))")
LATIN = re.compile(r"([A-Za-z0-9.%+]+)")
HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+章)")

Render = Callable[[Sequence[str], Random], str]  # mark-up of a body: its lines in, HTML out


@dataclass(frozen=True, slots=True)
class Page:
    """One web page; `truth` are the body lines to keep, in order, `chrome` the strings to drop.

    `fields` are the strings of the information panel; the line of date and source is neither field nor chrome.
    """

    name: str
    known: bool
    html: str
    truth: tuple[str, ...]
    chrome: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A file in `templates/`, whether its container is one that readers know by name, and how its body is marked up."""

    name: str
    known: bool
    render: Render


def squeeze(text: str) -> str:
    """`text` without any white space, for comparing what is printed and not how it is spaced."""
    return "".join(text.split())


def fold(text: str) -> str:
    """`text` with full-width ASCII as half-width: how wide a mark is printed decides nothing here."""
    return text.translate(WIDTHS)


def numbered(line: str) -> bool:
    """Whether the line opens with the printed number of a clause."""
    return NUMBER.match(line) is not None


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text that print something, each with its white space collapsed."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def quote(text: str) -> str:
    """`text` as HTML that no later placeholder can match."""
    return escape(text).replace("{", "&#123;")


def cut(line: str, rng: Random, sizes: Sequence[int]) -> list[str]:
    """The line in consecutive pieces, each of a length drawn from `sizes`."""
    pieces = []
    while line:
        size = rng.choice(sizes)
        pieces.append(line[:size])
        line = line[size:]
    return pieces


def paragraphs(lines: Sequence[str], rng: Random) -> str:
    """One indented <p> a line."""
    indent = rng.choice(("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", ""))
    return "\n".join(f'<p style="text-indent: 2em;">{indent}{quote(line)}</p>' for line in lines)


def styled(lines: Sequence[str], rng: Random) -> str:
    """What a rich-text editor leaves: a <span> with a font in each <p>, the lead sentence in bold, empty paragraphs."""
    font = rng.choice(("仿宋_GB2312", "FangSong_GB2312, 仿宋", "宋体"))
    out = []
    for line in lines:
        lead, stop, rest = line.partition("。") if numbered(line) else ("", "", line)
        bold = f"<strong>{quote(lead + stop)}</strong>" if lead else ""
        out.append(
            f'<p style="line-height: 2em;"><span style="font-family: {font}; font-size: 16pt;">'
            f"&nbsp; &nbsp; {bold}{quote(rest)}</span></p>"
        )
        if rng.random() < 0.1:
            out.append('<p style="line-height: 2em;"><br /></p>')
    return "\n".join(out)


def breaks(lines: Sequence[str], _: Random) -> str:
    """Loose text, a <br> after each line, indents of &nbsp;."""
    return "\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{quote(line)}<br>" for line in lines)


def fonts(lines: Sequence[str], rng: Random) -> str:
    """<font> around each line and <br><br> between them, upper-case tags, some text in a second <FONT>."""
    out = []
    for line in lines:
        at = rng.randrange(1, len(line) + 1)
        out.append(f"<FONT size=3 face=宋体>　　{quote(line[:at])}<FONT color=#000000>{quote(line[at:])}</FONT></FONT>")
    return "<BR><BR>\r\n".join(out)


def divs(lines: Sequence[str], _: Random) -> str:
    """One <div> a line, and no <p> anywhere."""
    return "\n".join(f'<div class="k7-{i % 3}"><div>{quote(line)}</div></div>' for i, line in enumerate(lines))


def rows(lines: Sequence[str], _: Random) -> str:
    """One row of a layout table a line."""
    return "\n".join(f'<tr><td class="t14" height="28">　　{quote(line)}</td></tr>' for line in lines)


def spans(lines: Sequence[str], rng: Random) -> str:
    """A <span> around most groups of a few characters; a single character or mark always has its own."""

    def piece(text: str) -> str:
        bare = len(text) > 1 and rng.random() < 0.3
        return quote(text) if bare else f"<span>{quote(text)}</span>"

    return "\n".join(f"<p>{''.join(map(piece, cut(line, rng, (1, 2, 3, 5, 6, 8))))}</p>" for line in lines)


def word(lines: Sequence[str], rng: Random) -> str:
    """What a paste from a word processor leaves: MsoNormal, <o:p>, runs by script, source wrapped inside sentences."""
    out = []
    for line in lines:
        runs = (
            "".join(
                f"<span lang=EN-US>{quote(part)}</span>" if LATIN.match(part) else quote(part)
                for part in LATIN.split(piece)
            )
            for piece in cut(line, rng, (60,))
        )
        out.append(
            '<p class=MsoNormal style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt;'
            'mso-line-height-rule:exactly"><span style="font-size:16.0pt;font-family:仿宋_GB2312;'
            'mso-hansi-font-family:&quot;Times New Roman&quot;">' + "\n".join(runs) + "<o:p></o:p></span></p>"
        )
        if rng.random() < 0.15:
            out.append("<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>")
    return "\n".join(out)


def listed(lines: Sequence[str], _: Random) -> str:
    """Runs of numbered lines as <ol><li> with the number printed in the text, other lines as <p>."""
    out, inside = [], False
    for line in lines:
        item = numbered(line) and not HEADING.match(line)
        if item != inside:
            out.append('<ol style="list-style: none;">' if item else "</ol>")
        out.append(f"<li>{quote(line)}</li>" if item else f"<p><b>{quote(line)}</b></p>")
        inside = item
    return "\n".join([*out, "</ol>"] if inside else out)


def sections(lines: Sequence[str], _: Random) -> str:
    """A <section> with an <h3> for each first-level heading."""
    out = ["<section>"]
    for line in lines:
        out.append(f"</section>\n<section><h3>{quote(line)}</h3>" if HEADING.match(line) else f"<p>{quote(line)}</p>")
    return "\n".join([*out, "</section>"])


ALL = (
    Template("trs_editor", True, styled),
    Template("trs_preappend", True, paragraphs),
    Template("hanweb_jcms", True, styled),
    Template("hanweb_ivs", True, paragraphs),
    Template("ucap", True, styled),
    Template("boda_vsb", True, styled),
    Template("easysite", True, paragraphs),
    Template("layout_table", True, breaks),
    Template("pages_content", True, paragraphs),
    Template("div_soup", False, divs),
    Template("nested_tables", False, rows),
    Template("semantic", False, sections),
    Template("char_spans", False, spans),
    Template("font_tags", False, fonts),
    Template("word_paste", False, word),
    Template("ordered_list", False, listed),
    Template("elder_copy", False, paragraphs),
    Template("comment_form", False, breaks),
)


@cache
def stored(name: str) -> str:
    """The text of a file in `templates/`."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def facts(rng: Random) -> dict[str, str]:
    """What one invented site says about itself and about the notice, by placeholder name."""
    place, host = rng.choice(PLACES)
    year, month, day = rng.randrange(2018, 2026), rng.randrange(1, 13), rng.randrange(1, 29)
    return {
        "place": place,
        "host": f"www.{host}.example",
        "issuer": f"{place}卫生健康局",
        "year": str(year),
        "date": f"{year}-{month:02}-{day:02}",
        "time": f"{rng.randrange(8, 18):02}:{rng.randrange(60):02}",
        "number": f"{place[0]}卫健发〔{year}〕{rng.randrange(1, 90)}号",
        "hits": str(rng.randrange(40, 9000)),
        "index": f"{rng.randrange(10**8, 10**9)}/{year}-{rng.randrange(10**5):05}",
        "icp": f"某ICP备{rng.randrange(10**7, 10**8)}号-1",
        "police": f"某公网安备 {rng.randrange(10**13, 10**14)}号",
        "code": str(rng.randrange(10**9, 10**10)),
        "id": str(rng.randrange(10**6, 10**7)),
        "column": rng.choice(("规划计划", "通知公告", "政策文件")),
    }


def repeated(fact: dict[str, str], rng: Random) -> dict[str, str]:
    """The long lists of a page (navigation, related notices, information panel, links), each in several mark-ups."""

    def link(i: int, name: str) -> str:
        return f'<a href="/col/{fact["id"][:4]}/{i:03}/index.html" target="_blank" title="{name}">[[{name}]]</a>'

    menu = [link(i, name) for i, name in enumerate(rng.sample(stored("words_nav.txt").split(), 42))]
    titles = [
        t.replace("LOCAL", fact["place"]).replace("YEAR", str(int(fact["year"]) - i % 3))
        for i, t in enumerate(rng.sample(stored("words_related.txt").splitlines(), 10))
    ]
    others = [
        (
            f'<a href="/art/{fact["year"]}/{i + 1}/art_{fact["id"]}{i}.html" title="{t}">[[{t}]]</a>',
            f"{fact['year']}-0{i % 9 + 1}-1{i}",
        )
        for i, t in enumerate(titles)
    ]
    spread = rng.random() < 0.5
    panel = [
        ("索 引 号" if spread else "索引号", fact["index"]),
        ("发布机构", fact["issuer"]),
        ("发文日期", fact["date"]),
        ("文  号" if spread else "发文字号", fact["number"]),
        ("公开方式", "主动公开"),
        ("主题分类", "卫生、体育 / 卫生"),
        ("有 效 性", "有效"),
        ("公开日期", fact["date"]),
    ]
    options = enumerate(stored("words_links.txt").split())
    return {
        "nav_li": "\n".join(f"<li>{a}</li>" for a in menu),
        "nav_a": " | \n".join(menu),
        "nav_td": "</tr><tr>\n".join(
            "\n".join(f'<td align="center" nowrap>{a}</td>' for a in menu[i : i + 14]) for i in range(0, len(menu), 14)
        ),
        "related_li": "\n".join(f"<li>{a}<span>{day}</span></li>" for a, day in others),
        "related_div": "\n".join(f"<div><i>·</i>{a}<em>{day}</em></div>" for a, day in others),
        "related_tr": "\n".join(f"<tr><td>·{a}</td><td width=80>{day}</td></tr>" for a, day in others),
        "info_tr": "\n".join(f'<tr><th align="right">[[={k}：]]</th><td>[[={v}]]</td></tr>' for k, v in panel),
        "info_li": "\n".join(f"<li><b>[[={k}:]]</b> <span>[[={v}]]</span></li>" for k, v in panel),
        "info_dl": "\n".join(f"<dt>[[={k}]]</dt><dd>[[={v}]]</dd>" for k, v in panel),
        "links": "\n".join(f'<option value="/go?u={i}">[[{name}]]</option>' for i, name in options),
        "style": stored("shared_style.css"),
        "script": stored("shared_script.js"),
    }


def marked(template: Template, fact: dict[str, str], rng: Random) -> str:
    """The template with everything but the notice in it, and the marks of what is not part of the notice."""
    html = stored(f"{template.name}.html")
    for name, value in {**repeated(fact, rng), "meta": stored("shared_meta.html"), **fact}.items():
        html = html.replace("{{" + name + "}}", value)
    return html


def with_notice(html: str, template: Template, lines: Sequence[str], title: str, rng: Random) -> str:
    """The marked page with the notice put in and the marks taken off."""
    half = title.find("关于") if title.find("关于") > 0 else len(title) // 2
    last = {
        "title_two_lines": f"{quote(title[:half])}<br>{quote(title[half:])}",
        "title": quote(title),
        "summary": quote("".join(lines)[:120]),
        "elder": paragraphs(lines, rng),
        "body": template.render(lines, rng),
    }
    html = CHROME.sub(lambda found: found[1].removeprefix("="), html)
    for name, value in last.items():
        html = html.replace("{{" + name + "}}", value)
    return html


def dressed(template: Template, lines: Sequence[str], title: str, rng: Random, fact: dict[str, str]) -> str:
    """The page that a template makes of a notice about which the site says `fact` (the names are those of `facts`)."""
    return with_notice(marked(template, fact, rng), template, lines, title, rng)


def page(template: Template, lines: tuple[str, ...], title: str, seed: int) -> Page:
    """The page that one template makes of a notice."""
    rng = Random(f"{seed}/{template.name}")
    html = marked(template, facts(rng), rng)
    own = squeeze("\n".join((title, *lines)))
    around = dict.fromkeys(t for t in CHROME.findall(html) if squeeze(t) not in own)
    fields = tuple(t[1:] for t in around if t.startswith("="))
    chrome = tuple(t for t in around if not t.startswith("=") and t not in fields and not CREDIT.match(t))
    return Page(template.name, template.known, with_notice(html, template, lines, title, rng), lines, chrome, fields)


def pages(text: str, title: str, seed: int) -> list[Page]:
    """The notice on a page of every template; the same arguments always give the same pages."""
    return [page(template, lines_of(text), title, seed) for template in ALL]

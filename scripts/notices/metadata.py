"""What a notice says of itself, each value with the line and the rule it came from.

A value that is not printed stays None and is shown as 未载明; two printed values that disagree are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .chars import fold
from .fields import Printed, parse_blocks
from .model import Block, Document, Field, Meta, Problem, Region
from .numerals import SHORT_YEAR, parse_date, to_int
from .parse.front import Parts, is_notice_title, quoted_names
from .parse.labels import label_of
from .places import find_region
from .rules import Rules
from .signature import find_issuer, find_signature

_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年?")
_PLAN_YEAR = re.compile(r"总结.*?((?:19|20)[0-9]{2})\s*年[^0-9]{0,30}(?:要点|计划|安排|打算|思路|任务)")
_EMPTY = re.compile(r"^[\s/—–\-_无]*$")


def find_meta(document: Document, parts: Parts, rules: Rules) -> tuple[Meta, tuple[Problem, ...]]:
    """Metadata of a parsed document and the problems found on the way."""
    blocks = document.blocks
    first = parts.first if parts.first < parts.close else len(blocks)
    head, tail = blocks[:first], blocks[parts.close :]
    printed = parse_blocks(tuple(head) + tuple(tail), rules) + _hinted(document, rules)
    labelled = {
        name: _first(printed, name)
        for name in (
            "index_number",
            "doc_number",
            "issuer",
            "issued",
            "published",
            "disclosed",
            "publicity",
            "source_name",
        )
    }
    problems: list[Problem] = []
    notice_title = _notice_title(head, rules)
    title = _title(document, parts, notice_title, rules)
    signed = find_signature(head, tail, max(parts.title, 0), rules)
    issued = _dated(signed.date, labelled["issued"], problems)
    meta = Meta(
        title=title,
        notice_title=notice_title,
        doc_number=_doc_number(head, labelled["doc_number"], rules),
        index_number=labelled["index_number"],
        issuer=find_issuer(signed.issuer, notice_title, title, head, labelled["issuer"], rules),
        addressees=_addressees(head, rules),
        issued=issued,
        published=_date(labelled["published"], problems),
        disclosed=_date(labelled["disclosed"], problems),
        publicity=_publicity(head, tail, labelled["publicity"], rules),
        source_name=labelled["source_name"],
        year=_year(title, notice_title, issued, _date(labelled["published"], [])),
    )
    region, lacking = _region(document, meta, rules)
    problems += lacking
    problems += _missing(meta)
    return _with_region(meta, region), tuple(problems)


def _with_region(meta: Meta, region: Region | None) -> Meta:
    if region is None:
        return meta
    as_of = meta.issued.value or meta.year.value or region.as_of
    return replace(meta, region=replace(region, as_of=as_of))


def _first(printed: Iterable[Printed], name: str) -> Field:
    """The first value printed for a field; an empty one does not count."""
    for entry in printed:
        if entry.field == name and not _EMPTY.match(entry.value):
            return Field(entry.value.strip(), entry.line, f"label:{entry.label}" if entry.label else "timestamp")
    return Field()


def _hinted(document: Document, rules: Rules) -> list[Printed]:
    """Fields from <meta>; they come after everything that is printed."""
    known = ((rules.meta_names.get(h.name, ""), h) for h in document.hints)
    return [
        Printed(field, f"<meta {h.name}>", h.value, h.line) for field, h in known if field not in ("", "title", "site")
    ]


def _notice_title(head: Sequence[Block], rules: Rules) -> Field:
    """The title of the covering notice (关于印发…的通知), the last full one above the clauses."""
    for block in head:
        if block.kind == "table" or parse_blocks((block,), rules):
            continue
        text = re.sub(r"(?<=[\u4e00-\u9fff》]) +(?=[\u4e00-\u9fff《])", "", block.text)
        if (
            is_notice_title(block, rules)
            and ("关于" in text or "印发" in text)
            and not text.startswith(("附件", "根据", "现将"))
        ):
            return Field(rules.doc_number.sub("", text).strip(), block.line, "notice-title")
    return Field()


def _title(document: Document, parts: Parts, notice_title: Field, rules: Rules) -> Field:
    """The plan's own title; without a line for it, the name in the notice's title; then <meta>."""
    if parts.title >= 0 and not is_notice_title(document.blocks[parts.title], rules):
        block = document.blocks[parts.title]
        return Field(block.text, block.line, "title-line")
    if parts.title >= 0:
        block = document.blocks[parts.title]
        quoted = re.search(r"《([^《》]{4,60})》", block.text) or re.search(
            r"(?:印发|下发|发布)(.{4,60}?)的\s*通\s*知", block.text
        )
        if quoted:
            return Field(quoted[1].strip(), block.line, "title-quoted")
        return Field(block.text, block.line, "title-notice")
    if notice_title.value:
        return notice_title
    names = quoted_names(document.blocks[:40], rules)
    if names:
        return Field(names[0], 1, "title-quoted")
    for hint in document.hints:
        if rules.meta_names.get(hint.name) == "title":
            return Field(hint.value, hint.line, f"<meta {hint.name}>")
    return Field()


def _doc_number(head: Sequence[Block], label: Field, rules: Rules) -> Field:
    """The notice's own number: alone on a line or behind its title, else from the label; never from running text."""
    for block in head:
        if block.kind == "table" or len(block.text) > 120:
            continue
        folded = fold(block.text)
        found = rules.doc_number.search(folded)
        if not found or re.search(r"[，。；：:《]", folded[: found.start()].replace("《", "", folded.count("》"))):
            continue
        alone = not folded[: found.start()].strip(" (（【") and len(folded) - found.end() <= 4
        behind = found.end() >= len(folded) - 2 and bool(
            re.search(r"通\s*知|文\s*件", folded[: found.start()] + found["code"])
        )
        if alone or behind:
            return Field(normal_number(found), block.line, "doc-number-line")
    if label.value:
        found = rules.doc_number.search(fold(label.value))
        return Field(normal_number(found) if found else label.value, label.line, label.rule)
    return Field()


def normal_number(found: re.Match[str]) -> str:
    """机关代字〔年〕序号号, without spaces (GB/T 9704-2012 §7.2.5)."""
    code = re.sub(r"\s", "", found["code"])
    code = re.sub(r"^.*(?:通知|文件)", "", code) or code
    year, number = (re.sub(r"\s", "", found[name]) for name in ("year", "number"))
    return f"{code}〔{year}〕{int(number)}号"


def _addressees(head: Sequence[Block], rules: Rules) -> Field:
    """The line that the letter is addressed to, without its colon; it stands above any running text."""
    for block in head:
        folded = fold(block.text)
        if block.kind == "table" or parse_blocks((block,), rules):
            continue
        if rules.addressee.match(folded) and not _announces(folded) and label_of(block.text, rules) is None:
            return Field(re.sub(r"\s*[:：]$", "", block.text), block.line, "addressee-line")
        if len(block.text) > 40 and re.search(r"[。；]", block.text):
            return Field()
    return Field()


def _announces(folded: str) -> bool:
    """Whether a line ending in a colon introduces what follows instead of addressing somebody."""
    return bool(re.search(r"(?:如下|思想是|要求是|目标是|原则是|思路是|工作|任务|附件)[:]$", folded))


def _publicity(head: Sequence[Block], tail: Sequence[Block], label: Field, rules: Rules) -> Field:
    """主动公开 and the like: the label, or the note in parentheses."""
    if label.value:
        value = re.sub(r"[)）】\]\s]+$", "", label.value)
        return Field(value, label.line, label.rule)
    for block in (*head, *tail):
        found = rules.publicity.search(block.text) if block.kind != "table" and len(block.text) < 60 else None
        if found:
            value = {"公开发布": "主动公开", "全文公开": "主动公开"}.get(found["value"], found["value"])
            return Field(value, block.line, "publicity-note")
    return Field()


def _dated(signed: Field, label: Field, problems: list[Problem]) -> Field:
    """The date of issue: below the signature, else from its label; a conflict is reported."""
    first, second = _date(signed, problems), _date(label, problems)
    if first.value and second.value and first.value[: len(second.value)] != second.value[: len(first.value)]:
        detail = f"落款日期 {first.value} 与“{label.rule.partition(':')[2]}”{second.value} 不一致，采用落款日期。请核对原文。"
        problems.append(Problem("note", "date-conflict", second.line, detail))
    return first if first.value else second


def _date(field: Field, problems: list[Problem]) -> Field:
    """The field as an ISO date; None and a problem where it cannot be read."""
    if field.value is None:
        return field
    value = parse_date(field.value)
    if value is None:
        short = "（年份只有两位）" if SHORT_YEAR.search(fold(field.value)) else ""
        detail = f"日期“{field.value}”读不通{short}，按未载明处理。请对照原网页核对。"
        problems.append(Problem("review", "date-broken", field.line, detail))
    return Field(value, field.line, field.rule)


def _year(title: Field, notice_title: Field, issued: Field, published: Field) -> Field:
    """The plan's year: in its title, else the year of issue, else of publication.

    Of two years in a title (2020年总结和2021年计划) the one before the plan's own word counts.
    """
    for field, rule in ((title, "title"), (notice_title, "notice-title")):
        text = _plain_year(field.value or "")
        found = _PLAN_YEAR.search(text) or _YEAR.search(text)
        if found:
            return Field(found[1], field.line, f"year-of-{rule}")
    for field, rule in ((issued, "issued"), (published, "published")):
        if field.value:
            return Field(field.value[:4], field.line, f"year-of-{rule}")
    return Field()


def _plain_year(text: str) -> str:
    """二〇二二年 as 2022年."""
    return re.sub(r"[〇零○一二三四五六七八九OＯ]{4}(?=年)", lambda m: str(to_int(m[0]) or m[0]), fold(text))


def _region(document: Document, meta: Meta, rules: Rules) -> tuple[Region | None, list[Problem]]:
    site = next((h.value for h in document.hints if rules.meta_names.get(h.name) == "site"), "")
    addressees = meta.addressees.value or ""
    own = "" if addressees.startswith(("各省", "各自治区")) else addressees
    evidence = [f.value or "" for f in (meta.issuer, meta.notice_title, meta.title, meta.source_name)]
    evidence = [text for text in (*evidence, own, site) if text]
    cut = (p for block in document.blocks for p in block.pieces if p.rule.endswith("-suffix"))
    suffix = "".join(document.text[p.start : p.end] for p in cut)
    context = "".join(block.text for block in document.blocks) + suffix
    year = int(meta.year.value) if meta.year.value else 0
    if not year:
        detail = "没有年份，不能按当时的区划确定地区，按未载明处理。请核对标题和落款。"
        return None, [Problem("review", "region-missing", 1, detail)]
    region, several = find_region(evidence, context, rules.divisions, year)
    if region:
        return region, []
    detail = (
        f"地名有几种可能：{'、'.join(several[:6])}。请核对发文机关的全称。"
        if several
        else "没有找到能确定的地名，地区按未载明处理。请核对发文机关的全称。"
    )
    return None, [Problem("review", "region-ambiguous" if several else "region-missing", meta.issuer.line or 1, detail)]


def _missing(meta: Meta) -> list[Problem]:
    """Fields that a published notice should have."""
    wanted = (("title", meta.title, "标题"), ("year", meta.year, "年份"), ("issuer", meta.issuer, "发文机关"))
    return [
        Problem("review", f"{code}-missing", 1, f"没有找到{name}，按未载明处理。请对照原网页核对。")
        for code, field, name in wanted
        if field.value is None
    ]

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
from .numerals import DATE, SHORT_YEAR, parse_date
from .parse.front import Parts, is_notice_title, is_signature_name, quoted_names
from .parse.labels import label_of
from .places import find_region
from .rules import Rules

_ISSUER_OF = re.compile(r"^(?P<issuer>[\u4e00-\u9fff、\s]{4,60}?)\s*(?:关于|印发|转发|下发)")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?")
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
    signature, signed = _signature(head, tail, parts, rules)
    issued = _dated(signed, labelled["issued"], problems)
    meta = Meta(
        title=title,
        notice_title=notice_title,
        doc_number=_doc_number(head, labelled["doc_number"], rules),
        index_number=labelled["index_number"],
        issuer=_issuer(signature, notice_title, head, labelled["issuer"], rules),
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


def _signature(head: Sequence[Block], tail: Sequence[Block], parts: Parts, rules: Rules) -> tuple[Field, Field]:
    """Who signed, and the date below: after the clauses, or at the end of the covering letter."""
    for zone in (tail, head[: max(parts.title, 0)] or head, head):
        for index, block in enumerate(zone):
            found = _signed_at(zone, index, rules)
            if found:
                return found
            del block
    return Field(), Field()


def _signed_at(zone: Sequence[Block], index: int, rules: Rules) -> tuple[Field, Field] | None:
    """Signature and date where the date stands on line `index`."""
    block = zone[index]
    folded = fold(block.text)
    names = dict(rules.closes)
    if names["date"].search(folded):
        above: list[Block] = []
        while index > 0 and is_signature_name(zone[index - 1], rules) and len(above) < 8:
            index -= 1
            above.insert(0, zone[index])
        if not above:
            return None
        return _joined([b.text for b in above], above[0].line), Field(block.text, block.line, "signature")
    if names["signature-date"].search(folded) and not re.search(r"[，。；：]", block.text):
        date = DATE.search(folded)
        who = block.text[: date.start()].strip() if date else ""
        if date and rules.organisation.search(re.sub(r"\s", "", who).rstrip("）)")):
            return _joined([who], block.line), Field(block.text[date.start() :], block.line, "signature")
    return None


def _joined(texts: Sequence[str], line: int) -> Field:
    """Several signing bodies joined by 、; a name that was spaced out is closed up."""
    names: list[str] = []
    for text in texts:
        parts = [part for part in re.split(r"\s+", text.strip()) if part]
        spaced = all(len(part) <= 2 for part in parts)
        names += ["".join(parts)] if spaced else parts
    names = [re.sub(r"[（(](?:代章|章|印章|盖章)[)）]$", "", name) for name in names]
    return Field("、".join(names), line, "signature")


def _issuer(signature: Field, notice_title: Field, head: Sequence[Block], label: Field, rules: Rules) -> Field:
    """Signature, then the name before 关于印发, then the red head, then the label 发布机构."""
    if signature.value:
        return signature
    if notice_title.value:
        found = _ISSUER_OF.match(notice_title.value)
        if found and rules.organisation.search(re.sub(r"\s", "", found["issuer"])):
            return Field(re.sub(r"\s+", "", found["issuer"]), notice_title.line, "notice-title")
    for block in head[:12]:
        found = rules.heading.match(fold(block.text)) if block.kind != "table" else None
        if found and rules.organisation.search(re.sub(r"\s", "", found["issuer"])):
            return Field(re.sub(r"\s", "", found["issuer"]), block.line, "heading")
    return label


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
    """The plan's year: in its title, else the year of issue, else of publication."""
    for field, rule in ((title, "title"), (notice_title, "notice-title")):
        found = _YEAR.search(fold(field.value)) if field.value else None
        if found:
            return Field(found[1], field.line, f"year-of-{rule}")
    for field, rule in ((issued, "issued"), (published, "published")):
        if field.value:
            return Field(field.value[:4], field.line, f"year-of-{rule}")
    return Field()


def _region(document: Document, meta: Meta, rules: Rules) -> tuple[Region | None, list[Problem]]:
    site = next((h.value for h in document.hints if rules.meta_names.get(h.name) == "site"), "")
    evidence = [f.value or "" for f in (meta.issuer, meta.notice_title, meta.title, meta.source_name, meta.addressees)]
    evidence = [text for text in (*evidence, site) if text]
    removed = "".join(document.text[p.start : p.end] for p in document.removed if p.rule.startswith("site"))
    suffix = "".join(e.before for e in document.ledger if "suffix" in e.rule)
    context = "".join(block.text for block in document.blocks) + removed + suffix
    year = int(meta.year.value) if meta.year.value else 0
    if not year:
        return None, []
    region, several = find_region(evidence, context, rules.divisions, year)
    if region:
        return region, []
    detail = (
        f"地名有几种可能：{'、'.join(several[:6])}。请在说明文件或更正文件里写明。"
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

"""What a citation of a notice says: the place in words (第二部分第5项) and the head of each written form.

Only what the source prints is used; what it does not print is left out.  The address and the day of reading are
added in the browser (docs/assets/yaodian-clause.js), which is where they are known.  The forms are explained in
docs/cite.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..model import Clause, Item, Meta, Notice
from .view import SLOTS, day

NO_TITLE = "（无标题）"
#: What the numbered levels below a part, chapter or article are called, from the outermost.
LEVELS = ("项", "目", "点")
AUTHORS = 3  # named in a reference; of more, the first three and 等 (both editions of GB/T 7714)
_TWICE = re.compile(r"-x(\d+)$")
_MARKS = " \t、.．,，。（）()〔〕【】[]"
_CIRCLED = re.compile("[\u2460-\u2473]")


def places(notice: Notice) -> dict[str, str]:
    """Anchor → where the clause stands, in the words of official documents: 第二部分第（三）项, 第十条, 总述."""
    above = {clause.anchor: clause for clause in notice.clauses}
    articles = Counter(clause.label for clause in notice.clauses if clause.style == "a")
    return {anchor: _place(clause, above, articles) for anchor, clause in above.items()}


def _place(clause: Clause, above: Mapping[str, Clause], articles: Mapping[str, int]) -> str:
    """An article is named by itself where no other has its number; any other clause by all that hold it."""
    if not clause.style:
        return SLOTS[clause.anchor]
    chain = _chain(clause, above)
    found = next((n for n, c in enumerate(chain) if c.style == "a" and articles[c.label] == 1), 0)
    return "".join(_names(chain[found:]))


def item_place(item: Item) -> str:
    """What follows the clause's place for 三是 inside it: “三是”."""
    return f"“{item.label.strip('，、：,: ')}”{_again(item.anchor)}"


def paragraph_place(anchor: str) -> str:
    """What follows the clause's place for its second or a later paragraph: 第2段."""
    return f"第{anchor.rpartition('-p')[2]}段"


def _chain(clause: Clause, above: Mapping[str, Clause]) -> list[Clause]:
    """The clause after all that hold it, the outermost first."""
    chain = [clause]
    while chain[0].parent in above:
        chain.insert(0, above[str(chain[0].parent)])
    return chain


def _names(chain: Sequence[Clause]) -> Iterator[str]:
    """Each clause of a chain as it is named; 一、 directly under the title is a part, under a chapter an item."""
    level = 0
    for place, clause in enumerate(chain):
        number = _number(clause.label)
        if not number:
            yield f"“{clause.title or clause.text[:12]}”"
        elif clause.style in ("ch", "a"):
            yield re.sub(r"\s", "", clause.label).strip(_MARKS + "：:")
        elif clause.style == "s" and place == 0:
            yield f"第{number}部分"
        else:
            yield f"第{number}{LEVELS[min(level, len(LEVELS) - 1)]}"
            level += 1
        yield _again(clause.anchor)


def _number(label: str) -> str:
    """The number as it is spoken of: 5 for 5., （三） for （三） and 三）; ① stays."""
    if _CIRCLED.match(label):
        return label[0]
    plain = unicodedata.normalize("NFKC", label)
    number = plain.strip(_MARKS)
    return f"（{number}）" if number and ")" in plain else number


def _again(anchor: str) -> str:
    """（第2处） where the source prints one number twice."""
    found = _TWICE.search(anchor)
    return f"（第{found[1]}处）" if found else ""


def official(meta: Meta) -> str:
    """《2020年全省卫生健康工作要点》（浙卫发〔2020〕11号); with no number printed, issuer and date take its place."""
    title = f"《{_inner(meta.title.value)}》" if meta.title.value else NO_TITLE
    if meta.doc_number.value:
        return f"{title}（{meta.doc_number.value}）"
    dated = day(meta.issued.value) if meta.issued.value else ""
    dated = dated or (f"{day(meta.published.value)}发布" if meta.published.value else "")
    return (meta.issuer.value or "") + title + (f"（{dated}）" if dated else "")


def _inner(title: str) -> str:
    """A title inside 《》: its own 《》 become 〈〉 (GB/T 15834)."""
    return title.replace("《", "〈").replace("》", "〉")


def reference_2015(meta: Meta) -> str:
    """The reference by GB/T 7714-2015 up to the day of reading: issuer. title：number[EB/OL]. (date)."""
    return _reference(meta, ", ", "({})")


def reference_2025(meta: Meta) -> str:
    """The same by GB/T 7714-2025: all marks but the full stop and square brackets are full width."""
    return _reference(meta, "，", "（{}）")


def _reference(meta: Meta, comma: str, brackets: str) -> str:
    names = re.split(r"[、，,；;\s]+", meta.issuer.value or "")
    issuer = comma.join(names[:AUTHORS] + ["等"] * (len(names) > AUTHORS))
    title = (meta.title.value or "[无标题]") + (f"：{meta.doc_number.value}" if meta.doc_number.value else "")
    date = meta.published.value or meta.issued.value
    return (f"{issuer}. " if issuer else "") + f"{title}[EB/OL]. " + (brackets.format(date) if date else "")

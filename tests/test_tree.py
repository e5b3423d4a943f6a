"""Long lists as trees of pages: everything once, no page too long, no address lost, and a new notice changes its way only."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown
from notices import overrides, store
from notices.emit import EMITTERS, ROW_KINDS, Group, citing, groups, parts
from notices.emit.card import card_of
from notices.emit.catalogue import Limits
from notices.emit.files.joined import FILES, joined
from notices.emit.files.schema import VALUE_KEYS
from notices.emit.pages.compare import couple_page
from notices.emit.steps import Places, year_step
from notices.emit.tree import Index, Item, Node, Spot, Step, address_of, grow, indexes, spots
from notices.emit.view import document_id, target_id, unit_id
from notices.model import Notice, Region
from notices.registry import enroll
from small import Small, small
from support import ROOT, SEEDS, notice_of, rules
from test_outputs import everything

LIMIT = 7
TIGHT = Limits(entries=LIMIT, uses=50, cited=1, documents=5, notices=20)

# -- the tree by itself ----------------------------------------------------------------------------------------------


def step(slug: str) -> Step:
    return Step(slug, slug, f"k{slug}", slug)


def items(chosen: Mapping[int, tuple[str, int]]) -> list[Item]:
    """Items by number: where each stands (one letter a turn), and how many entries it has."""
    return [
        Item(f"n{number:03}", tuple(map(step, (*way, "y"))), entries)
        for number, (way, entries) in sorted(chosen.items())
    ]


#: A way of one to three turns.  What begins with a is divided once more than what begins with b, as places are.
WAYS = st.sampled_from(["aax", "aay", "aaz", "abx", "aby", "bx", "by", "c"])
CHOSEN = st.dictionaries(st.integers(0, 200), st.tuples(WAYS, st.integers(1, 9)), max_size=40)


def pages_of(root: Node) -> dict[str, Index | Spot]:
    """Every page by its address, with all that it shows."""
    found: list[Index | Spot] = [*indexes(root), *spots(root)]
    return {one.address: one for one in found}


@given(CHOSEN)
def test_every_item_stands_on_exactly_one_page_and_is_found_there(chosen: dict[int, tuple[str, int]]) -> None:
    every = items(chosen)
    root = grow("list", "表", every, LIMIT)
    held = {f"{spot.address}/": spot.ids for spot in spots(root)}
    assert sorted(key for ids in held.values() for key in ids) == [item.id for item in every]
    assert [item.id for item in every if item.id not in held[address_of(root, item.id, item.steps)]] == []


@given(CHOSEN)
def test_no_page_has_more_entries_than_the_limit_unless_one_item_has(chosen: dict[int, tuple[str, int]]) -> None:
    entries = {item.id: item.entries for item in items(chosen)}
    for spot in spots(grow("list", "表", items(chosen), LIMIT)):
        assert sum(entries[key] for key in spot.ids) <= LIMIT or len(spot.ids) == 1


@given(CHOSEN)
def test_an_index_counts_what_is_below_it(chosen: dict[int, tuple[str, int]]) -> None:
    root = grow("list", "表", items(chosen), LIMIT)
    for index in indexes(root):
        assert index.entries == sum(child.entries for child in index.children)
        assert index.holds == sum(child.holds for child in index.children)
    assert root.entries == sum(item.entries for item in items(chosen))


@given(CHOSEN, st.integers(201, 300), st.tuples(WAYS, st.integers(1, 9)))
def test_a_new_item_takes_no_page_away_and_changes_only_pages_on_its_way(
    chosen: dict[int, tuple[str, int]], number: int, new: tuple[str, int]
) -> None:
    before = pages_of(grow("list", "表", items(chosen), LIMIT))
    after = pages_of(grow("list", "表", items({**chosen, number: new}), LIMIT))
    assert before.keys() <= after.keys()
    way = "/".join(("list", *new[0], "y"))
    for address, page in before.items():
        on_its_way = way.startswith(address) or address.startswith(way)
        beside = {link[0] for link in (page.before, page.after) if link}
        now = after[address]
        beside ^= {link[0] for link in (now.before, now.after) if link}
        assert now == page or on_its_way or any(way.startswith(other) for other in beside), address


@given(CHOSEN)
def test_every_page_leads_up_to_pages_that_there_are(chosen: dict[int, tuple[str, int]]) -> None:
    pages = pages_of(grow("list", "表", items(chosen), LIMIT))
    for address, page in pages.items():
        trail: Sequence[tuple[str, str]] = page.trail
        assert [link[0] for link in trail] == [other for other in sorted(pages, key=len) if f"{address}/".startswith(f"{other}/") and other != address]  # fmt: skip


# -- the way to a place ----------------------------------------------------------------------------------------------


@cache
def places() -> Places:
    return Places(rules().divisions)


def test_no_two_places_have_one_address_and_each_is_ascii() -> None:
    codes = [code for code in rules().divisions if "~" not in code]
    ways = Counter("/".join(step.slug for step in places().way(code)) for code in codes)
    assert [way for way, times in ways.items() if times > 1] == []
    assert all(re.fullmatch("[a-z0-9/]+", way) for way in ways)


@pytest.mark.parametrize(
    ("code", "slugs", "names"),
    [
        ("330481", ["zhejiang", "jiaxing", "haining"], "浙江省嘉兴市海宁市"),
        ("330000", ["zhejiang", "own"], "浙江省本级"),
        ("330100", ["zhejiang", "hangzhou", "own"], "浙江省杭州市本级"),
        ("310113", ["shanghai", "baoshan"], "上海市宝山区"),
        ("429004", ["hubei", "xiantao"], "湖北省仙桃市"),
        (
            "654002",
            ["xinjiang", "654000", "654002"],
            "新疆维吾尔自治区伊犁哈萨克自治州伊宁市",
        ),  # two prefectures are yili, two counties yining
        ("", ["unknown"], "地区未载明"),
    ],
)
def test_the_way_to_a_place(code: str, slugs: list[str], names: str) -> None:
    way = places().way(code)
    assert [step.slug for step in way] == slugs
    assert "".join(step.name for step in way) == names


def test_what_has_no_year_stands_behind_the_years_and_these_begin_with_the_newest() -> None:
    found = sorted((year_step(year) for year in ("2019", "", "2023")), key=lambda step: step.order)
    assert [step.slug for step in found] == ["2023", "2019", "undated"]


# -- a whole site with everything divided ----------------------------------------------------------------------------


@cache
def tight() -> Small:
    """The seeds and all cases, with so little room that every list is divided."""
    return replace(everything(), limits=TIGHT)


@cache
def site() -> dict[str, html.HtmlElement]:
    """Every page by its address ("" for the home page), as the generator renders it; those of notices and pairs too."""
    corpus = tight()
    made = dict(corpus.outputs)
    for notice in corpus.notices:
        page = EMITTERS[0](notice, corpus.entries[notice.id], corpus.near(notice))
        made[page.path] = page.content
    for path in [path for path in made if path.startswith("compare/")]:
        for first, second in re.findall(r"\((?:\.\./)*([a-z0-9-]+)--vs--([a-z0-9-]+)\.md\)", made[path].decode()):
            page = couple_page(corpus.by_id[first], corpus.by_id[second], "level", rules())
            made[page.path] = page.content
    return {served(path): rendered(content) for path, content in made.items() if path.endswith(".md")}


def served(path: str) -> str:
    """The address of the page that a file becomes: targets/zhejiang/ for targets/zhejiang.md."""
    bare = path.removesuffix(".md")
    return "" if bare == "index" else bare.removesuffix("/index") + "/"


def rendered(content: bytes) -> html.HtmlElement:
    body = content.decode("utf-8").split("---\n", 2)[2]
    return html.fragment_fromstring(Markdown(extensions=["attr_list", "toc"]).convert(body), create_parent="article")


def listed(top: str) -> dict[str, html.HtmlElement]:
    """The pages of a list."""
    return {address: page for address, page in site().items() if address.startswith(f"{top}/")}


def holding(top: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """The pages of a list that hold entries."""
    return ((a, p) for a, p in listed(top).items() if p.find(".//ul[@class='y-index']") is None)


LISTS = ["targets", "units", "timeline", "review", "places", "years", "citations", "topics/yl"]


@pytest.mark.parametrize("top", LISTS)
def test_every_list_is_divided_here(top: str) -> None:
    first = listed(top)[f"{top}/"]
    assert first.findall(".//ul[@class='y-index']/li")
    assert len(list(holding(top))) > 2


def test_every_link_and_every_fragment_of_every_page_leads_somewhere() -> None:
    pages = site()
    ids = {address: {str(e.get("id")) for e in page.iter() if e.get("id")} for address, page in pages.items()}
    by_hand = {"search/", "cite/", "about/", "quality/"}
    broken = []
    for address, page in pages.items():
        for link in page.iterfind(".//a[@href]"):
            href, fragment = urldefrag(link.get("href"))
            if urlsplit(href).scheme or "/data/" in href or href.startswith("data/") or "source/" in href:
                continue
            if href.endswith(".md"):  # from the file, as Markdown has it
                target = served(normpath(f"{'' if address == '' else folder_of(address)}{href}"))
            else:
                target = normpath(f"/{address}{urlsplit(href).path}").strip("/")
                target = f"{target}/" if target else ""
            if target in by_hand or target.startswith("data/"):
                continue
            if target not in pages or (fragment and unquote(fragment) not in ids[target]):
                broken.append((address, link.get("href")))
    assert broken == []


def folder_of(address: str) -> str:
    """The folder of the file whose page has this address."""
    index = address in ("topics/", "compare/")
    folder = address if index else address.rstrip("/").rpartition("/")[0] + "/"
    return "" if folder == "/" else folder


def test_no_id_stands_twice_on_a_page() -> None:
    for address, page in site().items():
        ids = [e.get("id") for e in page.iter() if e.get("id")]
        assert sorted(set(ids)) == sorted(ids), address


def test_every_target_stands_on_exactly_one_page() -> None:
    rows = Counter(row.get("id") for _, page in holding("targets") for row in page.iterfind(".//tbody/tr"))
    assert rows == Counter(target_id(notice, span) for notice, _, span in tight().spans("target"))


def test_every_measure_of_a_unit_and_every_deadline_is_listed_once() -> None:
    measures = [li for _, page in holding("units") for li in page.iterfind(".//ul[@class='y-told']/li")]
    assert len(measures) == sum(1 for _ in tight().spans("unit"))
    deadlines = [mark for _, page in holding("timeline") for mark in page.iterfind(".//ul/li/mark")]
    assert len(deadlines) == sum(1 for _ in tight().spans("deadline"))


def test_every_task_of_a_topic_is_listed_once() -> None:
    for topic in rules().tables["topics"]["topic"]:
        found = [
            li for _, page in holding(f"topics/{topic['label'].lower()}") for li in page.iterfind(".//section//li")
        ]
        assert len(found) == sum(span.get("label") == topic["label"] for _, _, span in tight().spans("topic"))


def test_every_notice_is_listed_once_by_place_and_once_by_year() -> None:
    for top in ("places", "years"):
        found = [a.get("href").split("/")[-2] for _, page in holding(top) for a in page.iterfind("ul/li/a")]
        assert sorted(found) == sorted(tight().entries)


def test_a_page_holds_no_more_than_its_limit_unless_one_notice_does() -> None:
    for _, page in holding("targets"):
        owners = Counter(str(row.get("id")).split("--")[0] for row in page.iterfind(".//tbody/tr"))
        assert owners.total() <= LIMIT or len(owners) == 1
    for top in ("places", "years"):
        assert all(len(page.findall("ul/li/a")) <= LIMIT for _, page in holding(top))


def test_a_clause_leads_to_the_page_that_lists_it() -> None:
    pages = site()
    for notice, clause, span in tight().spans("unit"):
        links = pages[f"notices/{notice.id}/"].xpath(f"//a[contains(@href, '#{unit_id(str(span.get('name')))}')]")
        target = normpath(f"/notices/{notice.id}/{links[0].get('href').partition('#')[0]}").strip("/") + "/"
        back = pages[target].xpath(f"//ul[@class='y-told']//a[contains(@href, '/{notice.id}/#{clause.anchor}')]")
        assert back, (notice.id, clause.anchor)


def test_an_old_link_to_a_province_or_a_year_still_finds_its_line() -> None:
    whole = {path: rendered(everything().outputs[path]) for path in ("places.md", "years.md")}
    for path, wanted in (("places.md", "p[0-9n][0-9o]"), ("years.md", "y[0-9]{4}")):
        before = {str(e.get("id")) for e in whole[path].iter("h2")}
        now = {str(e.get("id")): e for e in site()[served(path)].iter("li") if e.get("id")}
        assert {key for key in before if re.fullmatch(wanted, key)} <= now.keys()
        assert all(line.find("a") is not None for line in now.values())


def test_a_document_that_many_cite_names_the_first_and_says_how_many_more() -> None:
    cited = Counter(
        document_id(span) for _, _, span in tight().spans("citation") if span.get("relation") == "cites" and span.get("title")
    )  # fmt: skip
    most, times = cited.most_common(1)[0]
    assert times > TIGHT.cited
    (page,) = [page for address, page in holding("citations") if page.xpath(f"//h2[@id='{most}']")]
    heading = page.xpath(f"//h2[@id='{most}']")[0]
    behind = list(heading.itersiblings())
    entries = next(e for e in behind if e.tag == "ul")
    assert len(entries) == TIGHT.cited
    more = next(e for e in behind if e.tag == "p" and "其余" in e.text_content())
    assert int(re.findall(r"其余(\d+)", more.text_content())[0]) >= times - TIGHT.cited
    assert "search/?q=" in more.find("a").get("href")
    first = site()["citations/"]
    assert len(first.xpath("//h2[@id='most']/following-sibling::ul[1]/li")) == TIGHT.documents


def test_the_glossary_counts_all_uses_and_lists_a_few() -> None:
    page = site()["terms/"]
    uses = Counter(term for term, _, _ in {(str(s.get("term")), n.id, c.anchor) for n, c, s in tight().spans("term")})
    shown = {int(e.text[2:-1]): e for e in page.iterfind(".//summary")}
    assert max(shown) == max(uses.values()) > 20
    longest = shown[max(shown)].getparent()
    assert len(longest.findall("ul/li")) == 20
    assert f"其余{max(shown) - 20}条" in longest.text_content()


def test_everything_to_look_at_is_on_a_page_and_in_a_table_once() -> None:
    listed_ = sum(len(page.findall(".//ul[@class='y-review']/li")) for a, page in holding("review") if a != "review/")
    rows = [o for o in tight().files("/review.csv") if o.path != "data/review.csv"]
    whole = everything().outputs["data/review.csv"].decode("utf-8-sig")
    parts_ = [o.content.decode("utf-8-sig") for o in rows]
    head = whole.split("\r\n")[0]
    assert all(part.startswith(head) for part in parts_)
    assert sum(len(part) - len(head) - 2 for part in parts_) <= len(whole)
    same = sum(len(e) for e in site()["review/"].xpath("//h2[@id='same']/following-sibling::ul[1]"))
    catalogue = tight().catalogue
    assert listed_ == catalogue.trees["review"].entries
    assert same <= LIMIT * 100


# -- data files ------------------------------------------------------------------------------------------------------


def test_the_files_of_the_provinces_hold_together_what_the_whole_ones_do() -> None:
    divided = joined(tight().catalogue)
    assert len({file.path for file in divided}) == len(divided) > len(FILES)
    for at, kind in enumerate(FILES):
        whole = everything().outputs[kind.path].removeprefix(kind.head)
        some = [tight().outputs[file.path].removeprefix(file.head) for file in divided if file.part == at]
        assert sum(map(len, some)) == len(whole)
        assert all(part in whole for part in some) or kind.head == b""
    assert [file.path for file in joined(everything().catalogue)] == [kind.path for kind in FILES]


def test_the_data_page_names_every_file_of_every_province() -> None:
    page = tight().outputs["data.md"].decode()
    for file in joined(tight().catalogue):
        assert f'href="{file.path.removeprefix("data/")}"' in page
        assert f'href="yaodian-data-{file.path.split("/")[1]}.zip"' in page
    for output in tight().files("/review.csv"):
        assert output.path == "data/review.csv" or f'href="{output.path.removeprefix("data/")}"' in page


# -- cards, rows and groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_card_is_small_names_every_clause_and_survives_packing(path: Path) -> None:
    notice = replace(notice_of(path), id="x-2020")
    card = card_of(notice, rules())
    assert len(pickle.dumps(card, pickle.HIGHEST_PROTOCOL)) < 6_000
    assert pickle.loads(pickle.dumps(card)) == card
    for clause in notice.clauses:
        assert {card.clause_name(anchor) for anchor in clause.answers} == {card.clause_name(clause.anchor)}
    with pytest.raises(KeyError):
        card.clause_name("s99")


def rows_of(corpus: Small) -> dict[tuple[str, str], tuple[object, ...]]:
    """The rows of every notice, after a trip through the cache."""
    made = {}
    for notice in corpus.notices:
        near = citing(corpus.near(notice).links)
        for kind in ROW_KINDS:
            made[kind.name, notice.id] = pickle.loads(pickle.dumps(kind.make(notice, near, rules())))
    return made


def made_by(one: Group, rows: Mapping[tuple[str, str], tuple[object, ...]]) -> dict[str, bytes]:
    """The files of a group, from the rows that it asks for and no others."""
    needed = {(kind, key): rows[kind, key] for kind, keys in one.needs for key in keys}
    return {output.path: output.content for output in one.make(needed)}


def test_a_group_is_made_from_the_rows_that_it_asks_for() -> None:
    rows = rows_of(tight())
    every = groups(tight().catalogue)
    assert len({one.name for one in every}) == len(every)
    made = [made_by(one, rows) for one in every]
    together = {path: content for one in made for path, content in one.items()}
    assert sum(map(len, made)) == len(together), "a file made twice"
    assert together.items() <= tight().outputs.items()


@pytest.mark.parametrize("limits", [TIGHT, Limits()], ids=["divided", "whole"])
def test_a_page_whose_group_is_the_same_is_the_same(limits: Limits) -> None:
    """With a notice more: a group with the same key and the same rows makes the same files."""
    after = replace(everything(), limits=limits)
    without = small(after.notices[:-1], {n.id: after.entries[n.id] for n in after.notices[:-1]}, limits)
    old_rows, new_rows = rows_of(without), rows_of(after)
    old = {one.name: one for one in groups(without.catalogue)}
    kept = 0
    for one in groups(after.catalogue):
        before = old.get(one.name)
        needed = [(kind, key) for kind, keys in one.needs for key in keys]
        if before is None or repr((before.key, before.needs)) != repr((one.key, one.needs)):
            continue
        if all(old_rows[need] == new_rows[need] for need in needed):
            kept += 1
            assert made_by(before, old_rows) == made_by(one, new_rows)
    assert kept > (100 if limits is TIGHT else 5)


def test_rows_and_parts_depend_on_citations_alone() -> None:
    corpus = everything()
    for notice in corpus.notices[:20]:
        near = corpus.near(notice)
        assert parts(notice, near) == parts(notice, citing(near.links))
        for kind in ROW_KINDS:
            assert kind.make(notice, near, rules()) == kind.make(notice, citing(near.links), rules())


def test_a_new_notice_elsewhere_leaves_the_surroundings_of_a_page_as_they_were() -> None:
    """Where a list is divided already, what a notice's page shows does not change with notices of other provinces."""
    before = tight()
    haining = before.by_id["zhejiang-haining-2021"]
    region = Region("650100", ("新疆维吾尔自治区", "乌鲁木齐市"), ("xinjiang", "wulumuqi"), "2021")
    other = replace(haining, id="xinjiang-wulumuqi-2021", meta=replace(haining.meta, region=region))
    after = Small((*before.notices, other), before.links, before.entries, TIGHT)
    divided = {key for key, tree in before.catalogue.trees.items() if tree.children} - {"citations"}
    assert "targets" in divided
    for notice in before.notices:
        was, now = before.near(notice), after.near(notice)
        assert {key: page for key, page in now.pages.items() if key in divided} == {
            key: page for key, page in was.pages.items() if key in divided
        }
        assert (now.links, now.names, now.beside) == (was.links, was.names, was.beside)


# -- the published corpus --------------------------------------------------------------------------------------------


def test_the_published_pages_are_those_of_the_seeds() -> None:
    corrections = overrides.load(ROOT / "overrides", VALUE_KEYS)
    found, entries = enroll([notice_of(path) for path in SEEDS], store.load(ROOT / "registry"))
    notices: list[Notice] = [overrides.apply(notice, corrections.get(notice.id, ())) for notice in found]
    made = small(notices, entries).outputs
    assert [path for path, content in made.items() if (ROOT / "docs" / path).read_bytes() != content] == []

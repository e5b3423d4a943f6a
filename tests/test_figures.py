"""The drawings of the home page: safe markup, names that fit, and the same numbers in drawing, table and corpus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html
from notices.emit import Catalogue, catalogue_of
from notices.emit.entries import FEW_PLACES
from notices.emit.figures import lettering
from notices.emit.figures.grid import LABEL, SHADES, Cell, Grid, Head, Row, figure, shade, svg_of, table_of
from notices.emit.figures.matrix import topic_matrix
from notices.emit.figures.places_years import COLUMNS, place_year_grid
from notices.emit.figures.svg import ATTRIBUTES, ELEMENTS, EM, element, words
from notices.model import Field, Notice
from notices.store import Entry
from small import Small
from support import ROOT, rules
from test_outputs import everything, seeds

HOSTILE = """</title><script>alert(1)</script>" onload='x' [a](javascript:1) `{: #x}` &amp; \x00"""

Numbers = dict[tuple[str, str], tuple[int, str]]  # (row, column) → number and address


def entry(code: str, region: tuple[str, ...], year: str, number: int = 1) -> Entry:
    """A published notice as the registry knows it."""
    return Entry(f"n{code}-{year}-{number}", "要点", "局", "", year, "", code, region, 3, "f.txt", "0")


def of(entries: Iterable[Entry]) -> Catalogue:
    """The catalogue of notices of which nothing but the entries is known."""
    return catalogue_of({}, {one.id: one for one in entries}, {}, rules())


def province_entries(count: int) -> list[Entry]:
    """Notices of `count` counties of four provinces, over four years."""
    return [
        entry(f"{31 + at % 4}{at:04}", (f"省{at % 4}", f"县{at}"), str(2020 + at % 3 + at // count))
        for at in range(count)
    ]


def xml(text: str) -> Any:
    """A drawing as a tree; it is well-formed or this fails."""
    return etree.fromstring(text)


def in_table(grid: Grid) -> Numbers:
    """The numbers of the table by the names of its rows and columns, as a reader finds them."""
    table = html.fragment_fromstring(table_of(grid))
    head = [cell.text_content() for cell in table.iterfind(".//thead//th")][1:]
    found: Numbers = {}
    for row in table.iterfind(".//tbody/tr"):
        name = row.find("th").text_content()
        for column, cell in zip(head, row.iterfind("td"), strict=True):
            if cell.text_content() != "0":
                found[name, column] = int(cell.text_content()), cell.find("a").get("href")
    return found


def in_drawing(grid: Grid) -> Numbers:
    """The numbers of the drawing, by where they stand."""
    root = xml(svg_of(grid))
    width = (int(root.get("viewBox").split()[2]) - LABEL) / len(grid.columns)
    lines = sorted({int(line.get("y1")) for line in root.iterfind("line")})
    found: Numbers = {}
    for cell in root.iterfind("a[@class]"):
        box = cell.find("rect")
        row = max(at for at, y in enumerate(lines) if y <= int(box.get("y")))
        column = int((int(box.get("x")) - LABEL) // width)
        found[grid.rows[row].head.name, grid.columns[column].name] = int(cell.findtext("text")), cell.get("href")
    return found


# -- markup ----------------------------------------------------------------------------------------------------------


def test_text_and_values_are_escaped() -> None:
    written = element("a", words(HOSTILE, 0, 0), href=HOSTILE, aria_label=HOSTILE)
    root = xml(written)
    expected = HOSTILE.replace("\x00", "")
    assert root.get("href") == root.get("aria-label") == expected
    assert root.findtext("text") == expected
    assert [e.tag for e in root.iter()] == ["a", "text"]


@pytest.mark.parametrize("tag", ["script", "style", "foreignObject", "image", "use", "animate"])
def test_an_element_that_no_drawing_has_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=tag):
        element(tag)


@pytest.mark.parametrize("name", ["style", "onclick", "id", "xlink:href", 'x="1" y'])
def test_an_attribute_that_no_drawing_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        element("rect", **{name: "1"})


@pytest.mark.parametrize("corpus", [seeds(), everything()], ids=["seeds", "everything"])
def test_a_drawing_is_well_formed_and_holds_only_what_it_may(corpus: Small) -> None:
    for grid in (place_year_grid(corpus.catalogue), topic_matrix(corpus.catalogue).grid):
        elements = list(xml(svg_of(grid)).iter())
        assert {str(e.tag) for e in elements} <= ELEMENTS
        assert {str(name) for e in elements for name in e.attrib} <= ATTRIBUTES
        assert "\n" not in figure(grid, "x"), "a blank line would end the block of HTML"


def test_every_link_of_a_drawing_says_where_it_leads_and_its_number() -> None:
    for grid in (place_year_grid(seeds().catalogue), topic_matrix(seeds().catalogue).grid):
        for link in xml(svg_of(grid)).iterfind("a"):
            assert link.get("aria-label") == link.findtext("title")
            if link.get("class"):
                assert link.findtext("text") in link.get("aria-label")


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("中医药", ("中医药",)),
        ("老龄与医养结合", ("老龄与医养结合",)),
        ("基本公卫与家庭医生签约", ("基本公卫与", "家庭医生签约")),
        ("医保、药品与医改", ("医保、", "药品与医改")),
        ("积石山保安族东乡族撒拉族自治县", ("积石山保安族…", "族撒拉族自治县")),
        ("新疆维吾尔自治区", ("新疆维吾", "尔自治区")),
    ],
)
def test_a_long_name_breaks_into_two_lines_and_is_cut_only_where_these_are_full(
    name: str, lines: tuple[str, ...]
) -> None:
    assert lettering.two_lines(name, 7) == lines


@pytest.mark.parametrize("name", ["海宁市", "杭州市江干区", "ABCDEFGHIJKLMNOPQRST", "一" * 60, "、" * 30, ""])
def test_no_line_is_wider_than_its_room(name: str) -> None:
    assert all(lettering.width(line) <= 7 for line in lettering.two_lines(name, 7))
    assert len(lettering.stacked(name)) <= 6


def test_every_name_of_the_corpus_fits_its_room() -> None:
    for grid in (place_year_grid(everything().catalogue), topic_matrix(everything().catalogue).grid):
        for row in grid.rows:
            assert all(lettering.width(line) * EM <= LABEL for line in row.head.lines)


# -- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corpus", [seeds(), everything()], ids=["seeds", "everything"])
def test_drawing_and_table_have_the_same_numbers_and_links(corpus: Small) -> None:
    for grid in (place_year_grid(corpus.catalogue), topic_matrix(corpus.catalogue).grid):
        assert in_drawing(grid) == in_table(grid)
        assert in_table(grid), "nothing counted"


def test_places_and_years_are_those_of_the_notices() -> None:
    counted = Counter(("".join(e.region), f"{e.year}年") for e in seeds().entries.values())
    found = in_table(place_year_grid(seeds().catalogue))
    assert {key: number for key, (number, _) in found.items()} == counted
    assert {href for _, href in found.values()} == {f"notices/{key}/" for key in seeds().entries}


def test_the_matrix_counts_the_tasks_of_each_topic_and_notice_and_leads_to_them() -> None:
    names = {topic["label"]: topic["name"] for topic in rules().tables["topics"]["topic"]}
    counted = Counter((names[str(s.get("label"))], n.id, str(s.get("label"))) for n, _, s in seeds().spans("topic"))
    found = in_table(topic_matrix(seeds().catalogue).grid)
    assert {(topic, href, number) for (topic, _), (number, href) in found.items()} == {
        (topic, f"topics/{label.lower()}/#{key}", number) for (topic, key, label), number in counted.items()
    }
    sums = [sum(c.number for c in row.cells if c) for row in topic_matrix(seeds().catalogue).grid.rows]
    assert sums == sorted(sums, reverse=True)


def test_topics_with_no_task_are_left_out_and_counted() -> None:
    lonely = tuple(replace(n, spans=()) for n in seeds().notices[1:])
    first = seeds().notices[0]
    used = {s.get("label") for s in first.spans if s.kind == "topic"}
    matrix = topic_matrix(Small((first, *lonely)).catalogue)
    assert len(matrix.grid.rows) == len(used)
    assert matrix.empty == len(rules().tables["topics"]["topic"]) - len(used)


def test_several_notices_of_one_place_and_year_are_counted_and_lead_to_the_place() -> None:
    grid = place_year_grid(of(entry("330481", ("浙江省", "海宁市"), "2021", at) for at in range(3)))
    assert in_table(grid) == {("浙江省海宁市", "2021年"): (3, "places/#r330481")}


def test_a_notice_without_place_or_year_is_counted_too() -> None:
    grid = place_year_grid(of([entry("", (), ""), entry("330000", ("浙江省",), "2020")]))
    assert in_table(grid) == {
        ("地区未载明", "年份未载明"): (1, "notices/n--1/"),
        ("浙江省", "2020年"): (1, "notices/n330000-2020-1/"),
    }


def test_the_shade_grows_with_the_number() -> None:
    assert [shade(n, 1) for n in (1,)] == [1]
    assert [shade(n, 4) for n in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert [shade(n, 40) for n in (1, 10, 11, 40)] == [1, 1, 2, SHADES]


# -- many ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "rows"), [(FEW_PLACES, FEW_PLACES), (FEW_PLACES + 1, 4), (5000, 4)])
def test_many_places_are_shown_by_province(count: int, rows: int) -> None:
    grid = place_year_grid(of(province_entries(count)))
    assert len(grid.rows) == rows
    assert sum(number for number, _ in in_table(grid).values()) == count


def test_of_many_years_the_newest_are_shown_from_left_to_right() -> None:
    grid = place_year_grid(of(entry("330481", ("浙江省", "海宁市"), str(year)) for year in range(1990, 2024)))
    assert [head.name for head in grid.columns] == [f"{year}年" for year in range(2023, 2023 - COLUMNS, -1)]


def test_many_notices_are_shown_by_province_or_by_year_whichever_shows_more_and_fits() -> None:
    first = seeds().notices[0]
    tasks = sum(1 for span in first.spans if span.kind == "topic")
    for provinces, years, kind in ((1, 4, "year"), (5, 3, "province"), (5, 30, "province"), (30, 5, "year")):
        notices = tuple(_moved(first, at % provinces, 1990 + at % years, f"n{at:03}") for at in range(60))
        matrix = topic_matrix(Small(notices).catalogue)
        assert matrix.kind == kind, (provinces, years)
        assert sum(number for number, _ in in_table(matrix.grid).values()) == 60 * tasks


def test_a_province_leads_to_its_first_notice_on_the_page_of_the_topic() -> None:
    corpus = everything()
    assert topic_matrix(corpus.catalogue).kind in ("province", "year")
    for (_, _), (_, href) in in_table(topic_matrix(corpus.catalogue).grid).items():
        page, _, anchor = href.partition("#")
        label = re.fullmatch(r"topics/([a-z]+)/", page)
        assert label
        assert not anchor or any(
            str(s.get("label")).lower() == label[1] for s in corpus.by_id[anchor].spans if s.kind == "topic"
        )


def _moved(notice: Notice, province: int, year: int, identity: str) -> Notice:
    """The notice in another province and year."""
    assert notice.meta.region
    region = replace(notice.meta.region, code=f"{31 + province}0000", path=(f"省{province}",))
    return replace(notice, id=identity, meta=replace(notice.meta, year=Field(str(year)), region=region))


def test_a_grid_of_nothing_is_drawn_all_the_same() -> None:
    empty = Grid("空", "行", (), ())
    assert xml(svg_of(empty)).tag == "svg"
    one = Grid("一", "行", (Head("列", ("列",), ""),), (Row(Head("行", ("行",), ""), (None,)),))
    assert in_drawing(one) == in_table(one) == {}
    assert in_table(one._replace(rows=(one.rows[0]._replace(cells=(Cell(2, "a/", "两个"),)),))) == {
        ("行", "列"): (2, "a/")
    }


def test_every_class_of_a_drawing_has_a_style() -> None:
    styles = (ROOT / "docs/assets/yaodian-figures.css").read_text(encoding="utf-8")
    written = figure(topic_matrix(seeds().catalogue).grid, "x") + figure(place_year_grid(seeds().catalogue), "y")
    named = {name for value in re.findall(r'class="([^"]+)"', written) for name in value.split()}
    assert {name for name in named if name != "y-data" and f".{name}" not in styles} == {"y-shade-1"}

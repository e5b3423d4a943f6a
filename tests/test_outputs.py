"""The machine outputs and the review list: what a spreadsheet, a program and a maintainer may rely on."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices import overrides
from notices.chars import fold
from notices.emit.clause_body import ROLES
from notices.emit.data import notice_data
from notices.emit.files.cells import LIMIT, csv_bytes, plain, text_cell
from notices.emit.files.corpus_file import FIELDS
from notices.emit.files.csv_files import TABLES
from notices.emit.files.definition import record
from notices.emit.files.schema import (
    COMPARATORS,
    RELATIONS,
    VALUE_KEYS,
    VALUES,
    labels_of,
    notice_schema,
)
from notices.emit.pages.findings import BY, DATE, Finding, found_in
from notices.emit.pages.review import COLUMNS
from notices.emit.pages.review_pages import new_words
from notices.emit.pages.targets import HEAD as TARGET_HEAD
from notices.model import Notice, Output, Problem, Span
from notices.pipeline import convert_file
from notices.publish.archive import write_archives
from notices.writing.files import write
from small import Small, numbered, small
from support import CASES, ROOT, SEEDS, case_sources, convert_text, notice_of, rules

HOSTILE = """海宁市教育局
2022年3月1日
2022年海宁市教育工作要点
2022年全市教育工作的总体要求是坚持立德树人，办好人民满意的教育，推动教育高质量发展，为建设教育强市作出贡献。
一、提升质量
1.=1+1。开齐开足国家课程，推进教研转型，全年组织研训20场。
2.＝cmd|'/c calc'!A1。保障每天校园体育活动不少于1小时，组织市级比赛5项。
3.@SUM(A1:A9)。开展隐患排查，落实整改责任，确保校园安全稳定。
4.-2+3。深化课程改革，完成《"引号",逗号实施方案》的编制，落实整改责任。
"""


@cache
def seeds() -> Small:
    return numbered(notice_of(path) for path in SEEDS)


@cache
def everything() -> Small:
    """The seeds and every case of tests/cases/ that is published."""
    found = [convert_file(path.name, path.parent, rules()).notice for path in (*SEEDS, *case_sources())]
    return numbered(notice for notice in found if notice)


def corrected(corpus: Small, identity: str, entries: str, folder: Path) -> Small:
    """The corpus after the entries of an overrides file."""
    (folder / f"{identity}.toml").write_text(entries, encoding="utf-8")
    loaded = overrides.load(folder, VALUE_KEYS)
    return small((overrides.apply(n, loaded.get(n.id, ())) for n in corpus.notices), corpus.entries)


def table(corpus: Small, path: str) -> list[dict[str, str]]:
    """A CSV as its readers have it, by the keys of the data dictionary."""
    columns = next((t.columns for t in TABLES if t.path == path), None)
    keys = [c.definition.key for c in columns] if columns else [c.key for c in COLUMNS]
    content = corpus.outputs[path].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    return [dict(zip(keys, row, strict=True)) for row in rows[1:]]


def data(corpus: Small) -> dict[str, dict[str, Any]]:
    """Every notice's JSON by id."""
    return {n.id: json.loads(notice_data(n, corpus.near(n)).content) for n in corpus.notices}


# -- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", seeds().files(".csv"), ids=lambda output: str(output.path))
def test_a_csv_is_utf8_with_bom_and_crlf(output: Output) -> None:
    assert output.content.startswith(b"\xef\xbb\xbf")
    assert output.content.endswith(b"\r\n")
    outside_quotes = re.sub(rb'"(?:[^"]|"")*"', b"", output.content)
    assert b"\n" not in outside_quotes.replace(b"\r\n", b"")
    assert b"\r" not in b"".join(re.findall(rb'"(?:[^"]|"")*"', output.content)), "a line in a cell ends with LF"


@pytest.mark.parametrize(
    "text", ["=1+1", "＝cmd", "@SUM", "＠SUM", "+1", "＋1", "-1", "－1", "\t=1", "\r=1", " =1", "　＝1", "\u200b@a"]
)
def test_text_that_a_spreadsheet_would_run_stays_text(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["330481", "００１", "1.", "(1)", "（1）", "100%", "3-4", "2021-06-30", "2021/6", "3月4日", "2020年3月", "二〇二〇年三月四日",
     "1e5", "12:30", "1 pm", "Mar-20", "5 May 2020", "1,000", "TRUE"],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_read_as_a_number_or_a_date_stays_text(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zhejiang-2020",
        "s2-t5",
        "a1",
        "3家",
        "（一）",
        "一、",
        "1、",
        "7/10万",
        "浙卫发〔2020〕11号",
        "March",
        "12条措施",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert text_cell(text) == text


@pytest.mark.parametrize("text", ["'", "'=1", "''x", "=1", "330481", "文字", ""])
def test_taking_one_apostrophe_off_gives_the_text_again(text: str) -> None:
    assert plain(text_cell(text)) == text


@given(text=st.text(alphabet=st.sampled_from("'=+-@＝0１.年月日: aAmay\t\r\n文"), max_size=12))
def test_whatever_the_text_it_comes_back_and_begins_no_formula(text: str) -> None:
    cell = text_cell(text)
    assert plain(cell) == text
    assert cell == "" or not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_numbers_and_dates_of_their_columns_stay_what_they_are() -> None:
    written = csv_bytes(["a", "b", "c"], [[-5, 0.5, "2021-06-30"], [None, 3, "=1"]], dates={2}).decode("utf-8-sig")
    assert written == "a,b,c\r\n-5,0.5,2021-06-30\r\n,3,'=1\r\n"


def test_guarding_a_long_cell_takes_no_time_and_it_is_cut_with_a_remark() -> None:
    cell = text_cell("1" * 200_000 + "x")
    assert len(cell) < 32_767
    assert cell.startswith("1" * LIMIT + "……")


def test_no_cell_of_a_hostile_notice_begins_a_formula() -> None:
    view = numbered([convert_text(HOSTILE)])
    titles = [row["title"] for row in table(view, "data/tasks.csv")]
    printed = [clause.title for notice in view.notices for clause in notice.clauses if clause.task]
    assert titles == [f"'{title}" for title in printed]
    assert [fold(title[0]) for title in printed] == ["=", "=", "@", "-"]
    assert '完成《"引号"，逗号实施方案》' in table(view, "data/tasks.csv")[3]["text"]
    for path in (t.path for t in TABLES):
        for row in table(view, path):
            assert [v for v in row.values() if v.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []


def test_ids_and_codes_are_text() -> None:
    for path in (t.path for t in TABLES):
        for row in table(seeds(), path):
            assert re.fullmatch("'[0-9]{6}", row["region_code"])
            assert re.match("[a-z]", row["notice"])
            assert re.match("[a-z]", row["anchor"])
            assert not re.fullmatch(r"[\d.]+", row["label"])


def test_headers_are_chinese_and_each_is_in_the_data_dictionary() -> None:
    page = seeds().outputs["data.md"].decode()
    for made in TABLES:
        head = seeds().outputs[made.path].decode("utf-8-sig").split("\r\n")[0].split(",")
        assert head == [c.definition.name for c in made.columns]
        assert all(re.search("[\u4e00-\u9fff]", name) for name in head)
        assert len(set(head)) == len(head)
        for column in made.columns:
            assert f"<code>{column.definition.key}</code><td>{column.definition.name}<td>" in page


def test_there_are_as_many_rows_as_the_json_has() -> None:
    every = data(seeds()).values()
    assert len(table(seeds(), "data/tasks.csv")) == sum(c["task"] for n in every for c in n["clauses"]) == 124
    for path, kind in (("targets", "target"), ("units", "unit"), ("citations", "citation")):
        count = sum(a["kind"] == kind for n in every for a in n["annotations"])
        assert len(table(seeds(), f"data/{path}.csv")) == count, kind


def test_every_cell_of_a_task_traces_to_the_json() -> None:
    every = data(everything())
    for row in table(everything(), "data/tasks.csv"):
        notice = every[row["notice"]]
        clause = next(c for c in notice["clauses"] if c["anchor"] == row["anchor"])
        mine = [a for a in notice["annotations"] if a["clause"] == row["anchor"]]
        assert row["url"] == f"/notices/{notice['id']}/#{row['anchor']}"
        assert plain(row["place"]) == "".join(notice["region"]["path"])
        assert plain(row["region_code"]) == (notice["region"]["code"] or "")
        assert plain(row["issuer"]) == (notice["issuer"] or "")
        assert plain(row["doc_number"]) == (notice["doc_number"] or "")
        assert [plain(row[key]) for key in ("label", "title", "text")] == [
            clause[k] for k in ("label", "title", "text")
        ]
        assert row["topics"] == "、".join(a["value"]["name"] for a in mine if a["kind"] == "topic")
        assert int(row["targets"]) == sum(a["kind"] == "target" for a in mine)
        for role in ROLES:
            named = {a["value"]["name"] for a in mine if a["kind"] == "unit" and a["value"]["role"] == role}
            assert set(filter(None, row[role].split("、"))) == named


@pytest.mark.parametrize(("path", "kind"), [("targets", "target"), ("units", "unit"), ("citations", "citation")])
def test_every_cell_of_an_annotation_traces_to_the_json(path: str, kind: str) -> None:
    every = data(everything())
    rows = table(everything(), f"data/{path}.csv")
    left = [(n["id"], a) for n in every.values() for a in n["annotations"] if a["kind"] == kind]
    assert len(rows) == len(left)
    for row, (identity, found) in zip(rows, left, strict=True):
        value = found["value"]
        clause = next(c for c in every[identity]["clauses"] if c["anchor"] == found["clause"])
        assert (row["notice"], row["anchor"]) == (identity, found["clause"])
        assert (int(row["start"]), int(row["end"])) == (found["start"], found["end"])
        assert (plain(row["quote"]), row["doubt"]) == (found["quote"], found["doubt"])
        assert clause["text"][int(row["start"]) : int(row["end"])] == plain(row["quote"])
        if kind == "target":
            numbers = value["value"] if isinstance(value["value"], list) else [value["value"]]
            assert [float(row[key]) for key in ("value", "value_to") if row[key]] == numbers
            assert row["comparator"] == COMPARATORS[value["comparator"]]
            given = [plain(row[key]) for key in ("indicator", "unit", "per", "deadline")]
            assert given == [value.get(key) or "" for key in ("indicator", "unit", "per", "deadline")]
        if kind == "unit":
            assert (row["unit"], row["role"], int(row["group"])) == (
                value["name"],
                ROLES[value["role"]],
                value["group"],
            )
            assert plain(row["measure"]) == clause["text"][value["measure_start"] : value["measure_end"]]
        if kind == "citation":
            assert row["relation"] == RELATIONS[value["relation"]]
            assert plain(row["cited_title"]) == value.get("title", "")
            assert row["cited_number"] == value.get("doc_number", "")


def test_a_correction_and_a_note_appear_in_csv_and_json_with_author_and_date(tmp_path: Path) -> None:
    row = table(seeds(), "data/targets.csv")[0]
    notice = seeds().by_id[row["notice"]]
    clause = next(c for c in notice.clauses if c.anchor == row["anchor"])
    source = overrides.fingerprint(clause)
    entries = (
        f'[[correct]]\nanchor = "{clause.anchor}"\nsource = "{source}"\nkind = "target"\nquote = "{plain(row["quote"])}"\n'
        'set = { value = 4321, unit = "张" }\nby = "李工"\ndate = 2026-11-05\n'
        f'[[note]]\nanchor = "{clause.anchor}"\nsource = "{source}"\ntext = "=已电话核实"\nby = "王工"\ndate = 2026-11-06\n'
    )
    view = corrected(seeds(), notice.id, entries, tmp_path)
    [changed] = [r for r in table(view, "data/targets.csv") if r["corrected_by"]]
    assert [changed[key] for key in ("value", "unit", "corrected_by", "corrected_on")] == [
        "4321",
        "张",
        "李工",
        "2026-11-05",
    ]
    [task] = [r for r in table(view, "data/tasks.csv") if r["notes"]]
    assert (task["notes"], task["corrected_by"]) == ("'=已电话核实（王工，2026-11-06）", "李工")
    [annotation] = [a for a in data(view)[notice.id]["annotations"] if a["rule"] == "override"]
    assert (annotation["value"]["by"], annotation["value"]["date"]) == ("李工", "2026-11-05")
    jsonschema.Draft202012Validator(notice_schema(labels_of(rules()))).validate(data(view)[notice.id])


# -- JSONL and schema ------------------------------------------------------------------------------------------------


def test_each_line_is_a_clause_and_its_offsets_give_the_quotes() -> None:
    content = everything().outputs["data/corpus.jsonl"]
    assert b"\r" not in content
    assert content.endswith(b"\n")
    lines = content.decode().split("\n")[:-1]
    assert len(lines) == sum(len(n.clauses) for n in everything().notices)
    check = jsonschema.Draft202012Validator(record(FIELDS))
    for line in lines:
        clause = json.loads(line)
        assert line == json.dumps(clause, ensure_ascii=False, sort_keys=True)
        check.validate(clause)
        for found in clause["annotations"]:
            assert clause["text"][found["start"] : found["end"]] == found["quote"]


def test_the_lines_hold_every_annotation_of_the_json() -> None:
    lines = [json.loads(line) for line in seeds().outputs["data/corpus.jsonl"].decode().splitlines()]
    every = data(seeds())
    for identity, notice in every.items():
        mine = [{**a, "clause": c["anchor"]} for c in lines if c["notice"] == identity for a in c["annotations"]]
        assert mine == notice["annotations"]


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(seeds().outputs["data/notice.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_notice_of_seeds_and_cases_is_valid() -> None:
    every = data(everything())
    assert len(every) > 50
    faults = {
        identity: [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator().iter_errors(notice)]
        for identity, notice in every.items()
    }
    assert {identity: found for identity, found in faults.items() if found} == {}


def test_every_key_of_every_kind_in_use_is_defined_and_every_kind_is_defined() -> None:
    kinds = {"unit", "target", "deadline", "time", "citation", "term", "place", "organisation", "topic"}
    assert set(VALUES) == kinds
    used = {a["kind"] for n in data(everything()).values() for a in n["annotations"]}
    assert used <= set(VALUES)


def annotated() -> dict[str, Any]:
    """A notice with one annotation of each kind that it has."""
    haining = seeds().by_id["zhejiang-haining-2021"]
    notice: dict[str, Any] = json.loads(notice_data(haining, seeds().near(haining)).content)
    first = {a["kind"]: a for a in reversed(notice["annotations"])}
    return {**notice, "annotations": list(first.values()), "clauses": notice["clauses"][:2], "ledger": []}


def of_kind(notice: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(a for a in notice["annotations"] if a["kind"] == kind)
    return found


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "a key that is not defined": lambda n: n.update(extra=1),
    "a key of an annotation that is not defined": lambda n: of_kind(n, "unit").update(extra=1),
    "a key of a value that is not defined": lambda n: of_kind(n, "unit")["value"].update(extra=1),
    "a role that does not exist": lambda n: of_kind(n, "unit")["value"].update(role="boss"),
    "a relation that does not exist": lambda n: of_kind(n, "citation")["value"].update(relation="likes"),
    "a comparator that does not exist": lambda n: of_kind(n, "target")["value"].update(comparator="≥"),
    "a number as text": lambda n: of_kind(n, "target")["value"].update(value="20"),
    "three numbers": lambda n: of_kind(n, "target")["value"].update(value=[1, 2, 3]),
    "a kind that does not exist": lambda n: of_kind(n, "unit").update(kind="person"),
    "the value of another kind": lambda n: of_kind(n, "unit").update(kind="term"),
    "a topic that does not exist": lambda n: of_kind(n, "topic")["value"].update(label="QQ"),
    "a code as a number": lambda n: n["region"].update(code=330481),
    "an offset below zero": lambda n: of_kind(n, "unit").update(start=-1),
    "a missing key": lambda n: n["clauses"][0].pop("text"),
    "a date that is none": lambda n: n.update(issued="2021年3月4日"),
    "an author where nobody corrected": lambda n: of_kind(n, "unit")["value"].update(by="某人", date="2026-11-05"),
    "a correction without an author": lambda n: of_kind(n, "unit").update(rule="override"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_schema_rejects(name: str) -> None:
    notice = annotated()
    assert validator().is_valid(notice)
    BROKEN[name](notice)
    assert not validator().is_valid(notice)


# -- data dictionary and archive -------------------------------------------------------------------------------------


def test_the_data_dictionary_counts_the_rows_and_names_every_key() -> None:
    page = seeds().outputs["data.md"].decode()
    for made in TABLES:
        assert f"<td>{made.name}<td>{len(table(seeds(), made.path))}<td>" in page
    for kind, definitions in VALUES.items():
        section = page.split(f"#value-{kind} }}", 1)[1].split("###", 1)[0]
        assert all(f"<code>{d.key}</code>" in section for d in definitions)
    assert '<a href="yaodian-data.zip"' in page


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder as a build leaves it, but for the list for maintainers, which the archive leaves out."""
    view = seeds()
    outputs = [output for output in view.files("") if output.path.startswith("data/") and "review" not in output.path]
    outputs += [notice_data(n, view.near(n)) for n in view.notices]
    write([*outputs, Output("data/report.json", b"{}\n")], tmp_path / "docs")
    return tmp_path / "docs"


def test_the_archive_is_the_same_from_run_to_run(docs: Path, tmp_path: Path) -> None:
    (made,) = write_archives(docs, tmp_path / "a")
    first = made.read_bytes()
    copy = shutil.copytree(docs, tmp_path / "copy", copy_function=shutil.copyfile)  # other times
    (copy / "data/tasks.csv").chmod(0o600)
    assert [path.read_bytes() for path in write_archives(copy, tmp_path / "b")] == [first]
    assert write_archives(docs, tmp_path / "a") == [tmp_path / "a/data/yaodian-data.zip"]
    assert (tmp_path / "a/data/yaodian-data.zip").read_bytes() == first


def test_the_archive_holds_every_file_and_its_sums_verify(docs: Path, tmp_path: Path) -> None:
    (made,) = write_archives(docs, tmp_path / "site")
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out/yaodian-data"
    packed = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    built = {p.relative_to(docs / "data").as_posix() for p in (docs / "data").rglob("*") if p.is_file()}
    assert packed == built | {"README.txt", "SHA256SUMS.txt"}
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS.txt"], cwd=folder, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(": OK") == len(packed) - 1
    (folder / "tasks.csv").write_bytes(b"changed")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS.txt"], cwd=folder, capture_output=True).returncode == 1
    readme = (folder / "README.txt").read_text("utf-8-sig")
    assert "sha256sum -c SHA256SUMS.txt" in readme
    assert all(Path(t.path).name in readme for t in TABLES)


# -- review list -----------------------------------------------------------------------------------------------------


@cache
def doubtful() -> Small:
    """The seeds and cases, with a doubt on every fifth annotation and a title in doubt in every notice."""
    notices = []
    for notice in everything().notices:
        spans = tuple(replace(s, doubt="请核对。") if i % 5 == 0 else s for i, s in enumerate(notice.spans))
        notices.append(replace(notice, spans=spans))
    return small(notices, everything().entries)


def findings(corpus: Small) -> list[Finding]:
    """Everything to look at but new words."""
    return [one for notice in corpus.notices for one in found_in(notice)]


def test_every_doubt_uncertain_title_and_problem_for_review_is_listed() -> None:
    view = doubtful()
    found = list(findings(view))
    wanted = sum(bool(s.doubt) for n in view.notices for s in n.spans)
    wanted += sum("title-uncertain" in c.damage for n in view.notices for c in n.clauses)
    wanted += sum(p.severity == "review" and p.code != "title-uncertain" for n in view.notices for p in n.all_problems)
    assert len(found) == wanted
    rows = table(view, "data/review.csv")
    assert len(rows) == wanted + len(new_words(view.catalogue))
    assert all(row["why"] and row["how"] and row["file"] for row in rows)


def test_the_line_given_is_the_line_of_the_original_that_holds_the_words() -> None:
    checked = 0
    for one in findings(doubtful()):
        path = CASES / one.notice.document.source.path
        if one.what != "标注存疑" or path.suffix != ".txt" or not path.is_file():
            continue
        document = one.notice.document
        block = [b for b in document.blocks if one.quote.split("\n")[0].split("\t")[0] in b.text]
        assert one.line in {b.line for b in block}, (document.source.path, one.quote, one.line)
        checked += 1
    assert checked > 100


def settled(one: Finding, folder: Path) -> Notice:
    """The notice after one finding's snippet was pasted as it stands into an overrides file."""
    signed = one.snippet.replace(BY, "张三").replace(DATE, "2026-11-20")
    (folder / f"{one.notice.id}.toml").write_text(signed, encoding="utf-8")
    loaded = overrides.load(folder, VALUE_KEYS)
    (folder / f"{one.notice.id}.toml").unlink()
    return overrides.apply(one.notice, loaded[one.notice.id])


def test_each_snippet_pasted_as_it_stands_applies_and_settles_its_finding(tmp_path: Path) -> None:
    pasted = 0
    for one in findings(doubtful()):
        if not one.file.startswith("overrides/"):
            continue
        after = settled(one, tmp_path)
        assert [p.detail for p in after.problems if p.code == "override-stale"] == [], one.snippet
        if one.what == "标注存疑":
            before = sum(bool(s.doubt) for s in one.notice.spans)
            assert sum(bool(s.doubt) for s in after.spans) < before
            confirmed = [s for s in after.spans if s.rule == "override"]
            assert {s.get("by") for s in confirmed} == {"张三"}
            assert {s.get("date") for s in confirmed} == {"2026-11-20"}
            assert {(s.kind, s.start, s.end) for s in after.spans} == {
                (s.kind, s.start, s.end) for s in one.notice.spans
            }
        if one.what == "标题待核" and one.clause:
            clause = next(c for c in after.clauses if c.anchor == one.clause.anchor)
            assert "title-uncertain" not in clause.damage
            assert clause.text == one.clause.text
        pasted += 1
    assert pasted > 100


def test_a_snippet_confirms_the_value_as_it_was_and_a_changed_one_corrects_it(tmp_path: Path) -> None:
    view = doubtful()
    one = next(f for f in findings(view) if f.kind == "量化指标" and "value = " in f.snippet)
    [same] = [s for s in settled(one, tmp_path).spans if s.rule == "override"]
    before = next(s for s in one.notice.spans if (s.kind, s.clause, s.start) == (same.kind, same.clause, same.start))
    assert {k: v for k, v in same.value if k not in ("by", "date")} == dict(before.value)
    changed = replace(one, snippet=re.sub(r"value = [^,}]+", "value = 77", one.snippet))
    [after] = [s for s in settled(changed, tmp_path).spans if s.rule == "override"]
    assert after.get("value") == 77
    removed = settled(replace(one, snippet=one.snippet.replace("[[correct]]", "[[remove]]")), tmp_path)
    assert len(removed.spans) == len(one.notice.spans) - 1


def test_a_snippet_survives_quotes_backslashes_and_repeated_words(tmp_path: Path) -> None:
    notice = replace(convert_text(HOSTILE.replace("隐患排查", '"隐\\患"排查和"隐\\患"整治')), id="a-2022")
    clause = next(c for c in notice.clauses if '"' in c.text and "隐" in c.text)
    start = clause.text.rindex("隐\\患")
    doubted = Span("term", clause.anchor, start, start + 3, (("term", '隐\\"患'),), "terms/x", "请看。")
    [one] = [f for f in found_in(replace(notice, spans=(doubted,))) if f.kind]
    assert "nth = 2" in one.snippet
    after = settled(one, tmp_path)
    assert [(s.start, s.get("term"), s.doubt) for s in after.spans] == [(start, '隐\\"患', "")]


def test_confirming_one_of_several_annotations_at_one_place_leaves_each_as_it_was(tmp_path: Path) -> None:
    """The topics of a task all stand on its title."""
    view = doubtful()
    one = next(f for f in findings(view) if f.kind == "主题" and "was = {" in f.snippet)
    before, after = one.notice.spans, settled(one, tmp_path).spans
    assert [s.get("label") for s in after] == [s.get("label") for s in before]
    assert len([s for s in after if s.rule == "override"]) == 1


def test_a_repeated_quote_is_counted_as_overrides_count_it(tmp_path: Path) -> None:
    notice = replace(convert_text(HOSTILE.replace("隐患排查", "哈哈哈哈")), id="a-2022")
    clause = next(c for c in notice.clauses if "哈" in c.text and c.task)
    start = clause.text.index("哈") + 1
    doubted = Span("term", clause.anchor, start, start + 2, (("term", "哈哈"),), "terms/x", "请看。")
    [one] = [f for f in found_in(replace(notice, spans=(doubted,))) if f.kind]
    assert [s.start for s in settled(one, tmp_path).spans if s.rule == "override"] == [start]


def test_a_missing_field_comes_with_an_entry_that_fills_it(tmp_path: Path) -> None:
    notice = replace(convert_text(HOSTILE), id="a-2022")
    bare = replace(notice, meta=replace(notice.meta, issuer=replace(notice.meta.issuer, value=None)))
    bare = replace(bare, problems=(Problem("review", "issuer-missing", 1, "没有找到发文机关。"),))
    one = next(f for f in found_in(bare) if f.why == "没有找到发文机关。")
    filled = settled(replace(one, snippet=one.snippet.replace('value = ""', 'value = "海宁市教育局"')), tmp_path)
    assert filled.meta.issuer.value == "海宁市教育局"


def test_new_words_are_grouped_with_counts_and_examples() -> None:
    text = HOSTILE.replace("落实整改责任", "推进“九九归一工程”和“九九归一工程”建设")
    view = numbered([convert_text(text)])
    [word] = new_words(view.catalogue)
    assert (word.quote, word.times, word.notices, word.examples) == ("九九归一工程", 4, 1, (view.notices[0].id,))
    [row] = [r for r in table(view, "data/review.csv") if r["what"] == "新词"]
    assert row["target"] == "rules/terms.toml"
    assert "共4处" in row["why"]


def test_the_page_counts_first_and_is_calm_when_there_is_nothing() -> None:
    page = seeds().outputs["review.md"].decode()
    assert page.index("各份通知有几处要核对") < page.index("<details ")
    assert "怎样更正" in page
    quiet = [replace(n, spans=(), problems=(), document=replace(n.document, problems=())) for n in seeds().notices]
    quiet = [
        replace(n, clauses=tuple(replace(c, damage=(), paragraphs=(), title="甲") for c in n.clauses)) for n in quiet
    ]
    view = small(quiet, seeds().entries)
    assert "什么也不用做" in view.outputs["review.md"].decode()
    assert table(view, "data/review.csv") == []


def test_the_style_sheet_names_the_columns_of_the_targets_as_their_table_does() -> None:
    css = (ROOT / "docs" / "assets" / "yaodian.css").read_text(encoding="utf-8")
    named = re.findall(r'\.y-cards td:nth-child\((\d)\)::before \{ content: "(.+?)："; \}', css)
    assert named == [(str(place), name) for place, name in enumerate(TARGET_HEAD, 1)]

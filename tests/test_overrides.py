"""What a person corrects stays corrected, and what no longer fits is said, neither dropped nor applied in silence."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from notices.emit.files.schema import VALUE_KEYS
from notices.model import Notice, Span
from notices.overrides import Override, OverrideError, apply, fingerprint, load
from support import ROOT, convert_text

PLAN = """海宁市教育局
2022年海宁市教育工作要点
一、提升质量
1.深化课程改革。开齐开足国家课程，全年组织研训20场。
2.加强体育美育。保障每天校园体育活动，组织市级比赛5项。
二、保障安全
3.守牢安全底线。开展隐患排查，落实整改责任，确保校园安全稳定。
海宁市教育局
2022年3月1日
"""
#: The same notice as another web site shows it: other furniture above and below, half-width marks, loose spaces.
RESCRAPED = (
    "首页 > 政务公开 > 工作计划\n字号：大 中 小\n"
    + PLAN.replace("，", ",").replace("20场", "20 场")
    + "扫一扫在手机打开当前页\n打印本页 关闭窗口\n版权所有：海宁市教育局\n"
)
WHO = 'by = "张三"\ndate = 2026-11-20\n'


def notice_with(kind: str, quote: str, anchor: str, **value: str) -> Notice:
    """The plan with one annotation on the quoted words."""
    notice = convert_text(PLAN)
    clause = next(c for c in notice.clauses if c.anchor == anchor)
    start = clause.text.index(quote)
    span = Span(kind, anchor, start, start + len(quote), tuple(value.items()), "case/made", "看不准")
    return replace(notice, spans=(span,), id="x")


def override(notice: Notice, table: str, anchor: str = "s1-t1", **data: object) -> Override:
    clause = next(c for c in notice.clauses if c.anchor == anchor)
    entry = {"anchor": anchor, "source": fingerprint(clause), "by": "张三", "date": "2026-11-20", **data}
    return Override(table, "overrides/x.toml 第1个", entry)


def stale(notice: Notice) -> list[str]:
    return [problem.detail for problem in notice.problems if problem.code == "override-stale"]


def test_a_corrected_annotation_says_who_corrected_it_and_is_doubted_no_more() -> None:
    notice = notice_with("target", "20场", "s1-t1", comparator="=", indicator="课程")
    fixed = apply(notice, (override(notice, "correct", kind="target", quote="20场", set={"indicator": "研训"}),))
    span = fixed.spans[0]
    assert dict(span.value) | {"comparator": "=", "indicator": "研训", "by": "张三", "date": "2026-11-20"} == dict(
        span.value
    )
    assert (span.rule, span.doubt) == ("override", "")


def test_was_tells_apart_what_stands_at_one_place() -> None:
    first = notice_with("topic", "深化课程改革", "s1-t1", label="RC", name="人才与学科")
    second = replace(first.spans[0], value=(("label", "DJ"), ("name", "党建、法治与作风")))
    notice = replace(first, spans=(*first.spans, second))
    was = {"label": "DJ"}
    fixed = apply(notice, (override(notice, "correct", kind="topic", quote="深化课程改革", was=was, set={"rank": 1}),))
    assert [span.rule for span in fixed.spans] == ["case/made", "override"]


def test_a_corrected_indicator_is_looked_up_in_the_text() -> None:
    notice = notice_with("target", "20场", "s1-t1", indicator="课程", indicator_start="9", indicator_end="11")
    fixed = apply(notice, (override(notice, "correct", kind="target", quote="20场", set={"indicator": "研训"}),))
    span = fixed.spans[0]
    text = next(c.text for c in notice.clauses if c.anchor == "s1-t1")
    assert text[int(str(span.get("indicator_start"))) : int(str(span.get("indicator_end")))] == "研训"
    elsewhere = apply(
        notice, (override(notice, "correct", kind="target", quote="20场", set={"indicator": "教研活动"}),)
    )
    assert elsewhere.spans[0].get("indicator_start") is None


def test_a_removed_annotation_is_gone_and_others_stay() -> None:
    notice = notice_with("target", "20场", "s1-t1")
    other = replace(notice.spans[0], kind="deadline")
    fixed = apply(
        replace(notice, spans=(*notice.spans, other)), (override(notice, "remove", kind="target", quote="20场"),)
    )
    assert [span.kind for span in fixed.spans] == ["deadline"]


def test_a_missed_annotation_can_be_added_where_the_words_stand() -> None:
    notice = convert_text(PLAN)
    added = apply(notice, (override(notice, "add", kind="term", quote="国家课程", set={"term": "国家课程"}),))
    span = next(s for s in added.spans if s.rule == "override")
    clause = next(c for c in added.clauses if c.anchor == "s1-t1")
    assert clause.text[span.start : span.end] == "国家课程"


def test_a_title_is_a_border_that_moves_and_not_a_text_that_changes() -> None:
    notice = convert_text(PLAN)
    fixed = apply(notice, (override(notice, "title", title="深化课程改革。开齐开足国家课程"),))
    before, after = (next(c for c in n.clauses if c.anchor == "s1-t1") for n in (notice, fixed))
    assert (before.title, after.title) == ("深化课程改革", "深化课程改革。开齐开足国家课程")
    assert after.text == before.text
    assert after.paragraphs[0].text == "全年组织研训20场。"


@pytest.mark.parametrize("title", ["提高课程质量", "", "深化课程改革。开齐开足国家课程，全年组织研训20场。又一句"])
def test_a_title_that_the_text_does_not_begin_with_is_refused_with_a_reason(title: str) -> None:
    notice = convert_text(PLAN)
    fixed = apply(notice, (override(notice, "title", title=title),))
    assert fixed.clauses == notice.clauses
    assert len(stale(fixed)) == 1


def test_a_field_is_corrected_only_where_it_still_reads_as_it_did() -> None:
    notice = convert_text(PLAN)
    entry = {"name": "doc_number", "was": "", "value": "海教〔2022〕3号", "by": "张三", "date": "2026-11-20"}
    fixed = apply(notice, (Override("field", "x", entry),))
    assert fixed.meta.doc_number.value == "海教〔2022〕3号"
    again = apply(fixed, (Override("field", "x", entry),))
    assert "现在读作“海教〔2022〕3号”" in stale(again)[0]


def test_a_note_is_kept_with_its_author_and_date() -> None:
    notice = convert_text(PLAN)
    noted = apply(notice, (override(notice, "note", text="与上级口径不同。"),))
    assert [(n.clause, n.text, n.by, n.date) for n in noted.notes] == [
        ("s1-t1", "与上级口径不同。", "张三", "2026-11-20")
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"anchor": "s9-t9"}, "已没有编号 s9-t9"),
        ({"source": "000000000000"}, "文字与更正时不同，所引的文字还在"),
        ({"source": "000000000000", "quote": "别处的话"}, "文字与更正时不同。"),
        ({"quote": "100场"}, "没有“100场”"),
        ({"nth": 2}, "没有“20场”"),
        ({"kind": "unit"}, "没有 unit 标注"),
    ],
)
def test_a_stale_entry_is_reported_with_the_next_step_and_changes_nothing(data: dict[str, object], said: str) -> None:
    notice = notice_with("target", "20场", "s1-t1")
    entry = override(notice, "remove", kind="target", quote="20场")
    after = apply(notice, (replace(entry, data={**entry.data, **data}),))
    assert after.spans == notice.spans
    (message,) = stale(after)
    assert message.startswith("overrides/x.toml 第1个 没有采用：")
    assert said in message
    assert next(p for p in after.problems if p.code == "override-stale").severity == "review"


def test_the_fingerprint_is_of_the_words_and_not_of_width_or_blanks() -> None:
    first, second = convert_text(PLAN), convert_text(RESCRAPED)
    assert first.document.source.sha256 != second.document.source.sha256
    assert [fingerprint(c) for c in first.clauses if c.style] == [fingerprint(c) for c in second.clauses if c.style]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[correct]\n", "写法有错"),
        (f"[[korrekt]]\n{WHO}", "不认识“korrekt”"),
        (f'[[note]]\nanchor = "s1"\n{WHO}', "缺少 source、text"),
        ('[[note]]\nanchor = "s1"\nsource = "0"\ntext = "x"\n', "缺少 by、date"),
        (f'[[remove]]\nanchor = "s1"\nsource = "0"\nkind = "units"\nquote = "x"\n{WHO}', "kind“units”不认识"),
        (f'[[field]]\nname = "clauses"\nwas = ""\nvalue = ""\n{WHO}', "name“clauses”不认识"),
        ("note = 1\n", "应当写成一个表"),
        (f'[[note]]\nanchor = 5\nsource = "0"\ntext = "x"\n{WHO}', "anchor 应当写成加引号的锚点"),
        (
            f'[[remove]]\nanchor = "s1"\nsource = "0"\nkind = "target"\nquote = "x"\nnth = "二"\n{WHO}',
            "nth 应当写成数字",
        ),
        (
            f'[[remove]]\nanchor = "s1"\nsource = "0"\nkind = "topic"\nquote = "x"\nwas = "DJ"\n{WHO}',
            "was 应当写成",
        ),
        ('[[note]]\nanchor = "s1"\nsource = "0"\ntext = "x"\nby = "请填姓名"\ndate = "请填日期"\n', "by 还没有填"),
        (
            f'[[correct]]\nanchor = "s1"\nsource = "0"\nkind = "target"\nquote = "x"\nset = {{ valeu = 1 }}\n{WHO}',
            "“valeu”不认识",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(OverrideError, match=said) as error:
        load(tmp_path, VALUE_KEYS)
    assert "x.toml" in str(error.value)


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build"]
    for name in ("raw", "docs", "registry"):
        command += [f"--{name}", str(folder / name)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_clerks_correction_is_on_the_page_in_json_and_csv_and_survives_a_rescraped_copy(tmp_path: Path) -> None:
    for name in ("raw", "overrides"):
        (tmp_path / name).mkdir()
    (tmp_path / "raw" / "a.txt").write_text(PLAN, encoding="utf-8")
    assert build(tmp_path).returncode in (0, 1)
    data = next((tmp_path / "docs/data/notices").glob("*.json"))
    notice = convert_text(PLAN)
    mark = fingerprint(next(c for c in notice.clauses if c.anchor == "s1-t1"))
    (tmp_path / "overrides" / f"{data.stem}.toml").write_text(
        f'[[correct]]\nanchor = "s1-t1"\nsource = "{mark}"\nkind = "target"\nquote = "20场"\n'
        f'set = {{ indicator = "教师研训" }}\n{WHO}\n'
        f'[[note]]\nanchor = "s1-t1"\nsource = "{mark}"\ntext = "含线上研训。"\n{WHO}\n'
        f'[[field]]\nname = "doc_number"\nwas = ""\nvalue = "海教〔2022〕3号"\n{WHO}',
        encoding="utf-8",
    )
    build(tmp_path)
    check_corrected(tmp_path / "docs", data.stem)
    (tmp_path / "raw" / "a.txt").unlink()
    (tmp_path / "raw" / "b.txt").write_text(RESCRAPED, encoding="utf-8")
    assert "没有采用" not in build(tmp_path).stdout
    check_corrected(tmp_path / "docs", data.stem)


def check_corrected(docs: Path, identity: str) -> None:
    data = json.loads((docs / "data/notices" / f"{identity}.json").read_text("utf-8"))
    (target,) = [a for a in data["annotations"] if a["kind"] == "target" and a["clause"] == "s1-t1"]
    assert (target["value"]["indicator"], target["value"]["by"]) == ("教师研训", "张三")
    assert data["doc_number"] == "海教〔2022〕3号"
    assert [note["text"] for note in data["notes"]] == ["含线上研训。"]
    page = (docs / "notices" / f"{identity}.md").read_text("utf-8")
    assert "含线上研训。" in page
    assert "张三，2026-11-20" in page
    assert "教师研训" in page
    rows = list(csv.reader(io.StringIO((docs / "data/targets.csv").read_text("utf-8-sig"))))
    assert any("教师研训" in row and "张三" in row for row in rows)


def test_a_file_for_a_notice_that_is_not_there_is_reported(tmp_path: Path) -> None:
    for name in ("raw", "overrides"):
        (tmp_path / name).mkdir()
    (tmp_path / "raw" / "a.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "overrides" / "zhejiang-1999.toml").write_text("", encoding="utf-8")
    done = build(tmp_path)
    assert done.returncode == 1
    assert "overrides/zhejiang-1999.toml 没有用上" in done.stdout


def test_the_screen_names_the_file_and_entry_of_a_stale_correction(tmp_path: Path) -> None:
    for name in ("raw", "overrides"):
        (tmp_path / name).mkdir()
    (tmp_path / "raw" / "a.txt").write_text(PLAN, encoding="utf-8")
    build(tmp_path)
    data = next((tmp_path / "docs/data/notices").glob("*.json"))
    entry = f'[[note]]\nanchor = "s1-t1"\nsource = "000000000000"\ntext = "x"\n{WHO}'
    (tmp_path / "overrides" / f"{data.stem}.toml").write_text(entry, encoding="utf-8")
    said = build(tmp_path).stdout
    assert f"      overrides/{data.stem}.toml 第1个 [[note]] 没有采用" in said
    assert "第 0 行" not in said

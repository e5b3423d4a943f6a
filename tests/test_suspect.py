"""What is not a notice, and what does not belong in one: the samples of tests/rejects, read as a specification.

`pages.toml`, `farm.toml` and `fresh.toml` hold what must be caught, `good.toml` what must never be touched;
tests/rejects/README.md says how they are written and which of them were held out when the rules were made.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from notices import rules as rule_files
from notices.chars import fold, squeeze
from notices.cleaning.clean import clean
from notices.cleaning.suspect import adverts_in, compiled_suspects, names
from notices.errors import Unreadable
from notices.ledger import replay
from notices.metadata import find_meta
from notices.model import Document, Problem
from notices.parse import farm
from notices.parse.structure import parse
from notices.read.document import read
from notices.rules import Rules, RulesError, compiled

ROOT = Path(__file__).resolve().parent.parent
REJECTS = ROOT / "tests" / "rejects"


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((REJECTS / f"{name}.toml").read_text("utf-8"))


PLANS = toml("plans")
BAD: list[dict[str, Any]] = [case for name in ("pages", "farm", "fresh") for case in toml(name)["case"]]
GOOD = toml("good")
LINES = [line for group in GOOD["lines"] for line in group["text"]]
SUSPECT = tomllib.loads((ROOT / "rules/suspect.toml").read_text("utf-8"))
#: Problems that this part of the program raises; none may stand on a good notice.
RAISED = ("planted-text", "suspect-text", "spun", "template", "interpretation", "news")
RAISED_BY_TITLE = tuple(f"title-{code}" for code in ("not-found", "blocked", "captcha", "login", "search-results"))


@cache
def rules() -> Rules:
    return rule_files.load(ROOT / "rules")


def filled(text: str) -> str:
    """A sample with {plan}, {short} or {plan:a line to put into it} replaced by the plan."""

    def plan(found: re.Match[str]) -> str:
        return str(PLANS[found[1]]).replace("{extra}\n", f"{found[2]}\n" if found[2] else "").strip()

    return re.sub(r"\{(plan|short)(?::([^{}]*))?\}", plan, text)


def converted(text: str) -> tuple[Document, tuple[Problem, ...], str]:
    """The clean document of a sample, every problem, and the title that would be published.  Raises Unreadable."""
    document = clean(read(filled(text).encode("utf-8"), "sample", rules()), rules())
    structure = parse(document, rules())
    meta, problems = find_meta(document, structure.parts, rules())
    return document, (*document.problems, *problems, *structure.problems), meta.title.value or ""


@pytest.mark.parametrize("case", BAD, ids=[case["name"] for case in BAD])
def test_what_is_no_notice_is_set_aside_or_shown_to_a_person(case: dict[str, Any]) -> None:
    if "code" in case:
        with pytest.raises(Unreadable) as refusal:
            converted(case["text"])
        assert refusal.value.code == case["code"]
        assert re.search(r"请.{4,}。$", refusal.value.reason), "says what to do next"
        return
    document, problems, title = converted(case["text"])
    raised = [problem for problem in problems if problem.code in RAISED]
    if "review" in case:
        assert case["review"] in [problem.code for problem in raised]
    for words in case.get("gone", ()):
        assert words not in document.published
        assert words not in title
        assert not any(words in problem.detail for problem in problems), "a message is shown on public pages"
        assert not any(words in hint.value for hint in document.hints)
        assert words in replay(document), "nothing is lost: it stands in the record of the source"
    if "rule" in case:
        assert case["rule"] in [edit.rule for edit in document.ledger if edit.action == "removed"]
        line = next(e.line for e in document.ledger if e.rule == case["rule"])
        assert (line, "planted-text") in [(problem.line, problem.code) for problem in raised]
        assert any(case["rule"] in problem.detail for problem in raised), "the rule is named"
    if not case.get("hidden"):
        assert all(problem.severity == "review" and problem.detail.endswith("。") for problem in raised)
        assert raised


def test_a_planted_line_takes_nothing_of_the_notice_with_it() -> None:
    plain, _, _ = converted("{plan}")
    for case in BAD:
        whole = case.get("rule", "farm-title") != "farm-title"  # of a title only the farm's part goes
        if whole and "{plan" in case["text"] and "7." not in case["text"]:
            document, _, title = converted(case["text"])
            assert document.published == plain.published, case["name"]
            assert title == "2023年卫生健康工作要点"


def test_of_a_task_only_the_advertisement_goes() -> None:
    task = "7.严格河道管理。开展河湖“清四乱”行动，整改问题20个。"
    for advert in ("不看征信秒到账，网贷口子加微信daikuan888。", "澳门葡京娱乐城官网，注册即送88元彩金，www.v8.vip"):
        document, _, _ = converted(f"{{plan:{task}{advert}}}")
        assert [b.text for b in document.blocks if b.text.startswith("7.")] == [task]


FORMS = {
    "a task": "{plan:9.%s}",
    "the end of a task": "{short:9.落实责任。明确分工，抓好落实。%s}",
    "a paragraph": "{plan:%s}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("line", LINES, ids=[line[:16] for line in LINES])
def test_what_plans_say_is_left_alone(line: str, form: str) -> None:
    document, problems, _ = converted(form % line)
    assert fold(line) in fold(document.published)
    assert [p.code for p in problems if p.code in RAISED + RAISED_BY_TITLE] == []


@pytest.mark.parametrize("page", GOOD["page"], ids=[page["name"] for page in GOOD["page"]])
def test_notices_are_left_alone(page: dict[str, Any]) -> None:
    document, problems, _ = converted(page["text"])
    assert [p.code for p in problems if p.code in RAISED + RAISED_BY_TITLE] == []
    assert not any(edit.rule in names(rules()) for edit in document.ledger)
    for words in page.get("keeps", ()):
        assert words in document.published


REAL = sorted(
    path
    for folder in ("raw", "tests/cases", "tests/golden", "tests/gold")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".txt", ".html") and "annotate" not in path.parts
)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:30])
def test_no_notice_that_we_have_is_suspected(path: Path) -> None:
    document = clean(read(path.read_bytes(), path.name, rules()), rules())
    structure = parse(document, rules())
    found = [p.code for p in (*document.problems, *structure.problems) if p.code in RAISED + RAISED_BY_TITLE]
    assert found == []


# ── the rules against their own examples ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", SUSPECT["line"], ids=lambda rule: f"{rule['id']}-{rule['kind']}")
def test_lines(rule: dict[str, Any]) -> None:
    pattern = compiled(rule["pattern"], rule["id"])
    assert rule["why"].strip()
    assert rule["kind"] in ("line", "part")
    for text in rule["hits"]:
        assert pattern.fullmatch(squeeze(text)) if rule["kind"] == "line" else pattern.search(text), text
    for text in rule["misses"]:
        assert not (pattern.fullmatch(squeeze(text)) if rule["kind"] == "line" else pattern.search(text)), text


@pytest.mark.parametrize("rule", SUSPECT["advert"]["rule"], ids=lambda rule: str(rule["id"]))
def test_advertisements(rule: dict[str, Any]) -> None:
    known = compiled_suspects(rules())
    assert rule["why"].strip()
    assert len(rule["hits"]) >= 2
    for text in rule["hits"]:
        assert [f.advert.id for f in adverts_in(text, known) if f.strong][:1] == [rule["id"]], text
    for text in rule["misses"]:
        assert not any(f.strong for f in adverts_in(text, known)), text


def test_blanks_and_exchanged_words() -> None:
    blanks = compiled(SUSPECT["template"]["pattern"], "template")
    assert all(blanks.search(text) for text in SUSPECT["template"]["hits"])
    assert not any(blanks.search(text) for text in SUSPECT["template"]["misses"])
    spun = [compiled(word["wrong"], "spun") for word in SUSPECT["spun"]["words"]]
    assert all(any(p.search(text) for p in spun) for text in SUSPECT["spun"]["hits"])
    assert not any(p.search(text) for text in SUSPECT["spun"]["misses"] for p in spun)


def test_each_script_has_its_own_characters() -> None:
    pairs = SUSPECT["scripts"]["pairs"]
    assert len(pairs) % 2 == 0
    assert set(pairs[0::2]).isdisjoint(pairs[1::2])
    assert all(c.encode("gb2312") for c in pairs[0::2])


@pytest.mark.parametrize("about", SUSPECT["about"], ids=lambda about: str(about["id"]))
def test_signs_of_a_page_about_a_plan(about: dict[str, Any]) -> None:
    signs = [compiled(sign, about["id"]) for sign in about["signs"]]
    assert about["why"].strip()
    assert all(any(sign.search(text) for sign in signs) for text in about["hits"])
    assert not any(sign.search(text) for text in about["misses"] for sign in signs)


def test_one_sign_is_not_enough() -> None:
    document, problems, _ = converted("{plan:据悉，全县现有村卫生室260所。}")
    assert "据悉" in document.published
    assert "news" not in [problem.code for problem in problems]
    assert farm.about_a_plan(document, len(document.blocks), rules()) is None


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("need = 2", "needs = 2", "suspect.toml 缺少一项"),
        ("mobile = '''", "mobile = '''(", "advert.mobile 的正则表达式有错"),
    ],
)
def test_a_fault_in_the_rules_is_named_before_the_first_notice(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules/suspect.toml"
    path.write_text(path.read_text("utf-8").replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=said):
        farm.check(rule_files.load(tmp_path / "rules"))


# ── the edges of the evidence ──────────────────────────────────────────────────────────────────────────────────────


def test_a_notice_below_the_title_of_an_error_page_is_published_and_shown_to_a_person() -> None:
    body = "".join(f"<p>{line}</p>" for line in filled("{plan}").split("\n"))
    _, problems, _ = converted(f"<html><head><title>安全验证</title></head><body>{body}</body></html>")
    assert "title-captcha" in [problem.code for problem in problems]


def test_a_decoy_does_not_make_a_challenge_a_notice() -> None:
    """A challenge above long prose of any kind, as long as it is no plan."""
    decoy = "春天的风吹过山岗，河水解冻，人们三三两两走到田里。老人说今年的雨水好，麦子长得快。" * 30
    with pytest.raises(Unreadable) as refusal:
        converted(f"<html><head><title>访问验证</title></head><body><p>请完成安全验证</p><p>{decoy}</p></body></html>")
    assert refusal.value.code == "captcha"


def test_a_farm_does_not_name_the_notice_through_the_head_of_the_page() -> None:
    body = "".join(f"<p>{line}</p>" for line in filled("{short}").split("\n")[1:])
    head = "2023年水利工作要点免费阅读_范文大全网"
    for name in (f"<title>{head}</title>", f'<meta name="ArticleTitle" content="{head}">'):
        _, _, title = converted(f"<html><head>{name}</head><body>{body}</body></html>")
        assert "范文" not in title
        assert "免费" not in title
    bet = "<title>2023年水利工作要点_澳门威尼斯人娱乐城官网注册送88元</title>"
    document, _, title = converted(f"<html><head>{bet}</head><body>{body}</body></html>")
    assert "娱乐城" not in title
    assert not any("娱乐城" in hint.value for hint in document.hints)


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0",
        "font-size: 0px !important",
        "text-indent:-9999px",
        "position:absolute;left:-9999px",
        "color:#fff",
        "color:transparent",
        "opacity:0",
        "height:0;overflow:hidden",
        "background:#fff;color:white",
    ],
)
def test_text_that_a_style_hides_is_not_published(style: str) -> None:
    page = next(case["text"] for case in BAD if case["name"] == "缩进到屏幕外")
    document, _, _ = converted(page.replace("text-indent:-9999px", style))
    assert "时时彩" not in document.published
    assert "落实防汛责任" in document.published
    assert replay(document) == document.text


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="font-size:0"><span style="font-size:14px">节水宣传</span></p>',
        '<div style="background:#036"><p style="color:#fff">节水宣传</p></div>',
        '<table><tr bgcolor="#003366"><td><font color="#ffffff">节水宣传</font></td></tr></table>',
        '<h2 style="color:#fff">节水宣传</h2>',
        '<p style="color:#fffbcc">节水宣传</p>',
        '<p style="background-color:#fff">节水宣传</p>',
        '<p style="text-indent:-2em;margin-left:2em">节水宣传</p>',
        '<p style="opacity:0.8">节水宣传</p>',
    ],
)
def test_text_that_a_reader_sees_is_published(markup: str) -> None:
    page = next(case["text"] for case in BAD if case["name"] == "缩进到屏幕外")
    shown = re.sub(r"<p style=.*?</p>", markup, page, count=1)
    assert "节水宣传" in converted(shown)[0].published


# ── through the real build ─────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_that_was_removed_or_set_aside_is_published(tmp_path: Path) -> None:
    """Every sample through `convert.py build`: the words stand on the page of the source and in the ledger only."""
    raw, docs = tmp_path / "raw", tmp_path / "docs"
    raw.mkdir()
    planted: dict[str, list[str]] = {}
    wanted = [case for case in BAD if case["set"] != "fresh"]
    for number, case in enumerate(wanted):
        name = f"{number:03}.html" if case["text"].startswith("<") else f"{number:03}.txt"
        text = (
            filled(case["text"]).replace("青石县", f"青石县第{number}片区").replace("2023年", f"{1990 + number % 33}年")
        )
        (raw / name).write_text(text, encoding="utf-8")
        planted[name] = list(case.get("gone", ()))
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", "--raw", str(raw), "--docs", str(docs)]
    command += ["--registry", str(tmp_path / "registry")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    rows = {row["file"]: row for row in json.loads((docs / "data/report.json").read_text("utf-8"))["files"]}
    for number, case in enumerate(wanted):
        row = rows[next(name for name in planted if name.startswith(f"{number:03}."))]
        expected = "quarantined" if "code" in case else "published" if case.get("hidden") else "review"
        assert row["status"] == expected or case.get("hidden"), (case["name"], row)
    words = {word for each in planted.values() for word in each}
    words |= {"shuǐ", "教诲", "黉舍", "凭身份证", "NullPointerException", "wenmi6688"}
    pages = [path for path in docs.rglob("*") if path.is_file() and path.name != "source.md"]
    assert len(pages) > 60
    found = {str(path.relative_to(docs)): [w for w in words if w in without_ledger(path)] for path in pages}
    assert {path: here for path, here in found.items() if here} == {}


def without_ledger(path: Path) -> str:
    """The text of a generated file but for the record of what was removed."""
    if path.suffix == ".json" and path.parent.name == "notices":
        data = json.loads(path.read_text("utf-8"))
        del data["ledger"]
        return json.dumps(data, ensure_ascii=False)
    return path.read_bytes().decode("utf-8", "replace")

"""The real site, built once: every link and anchor followed, the visible text compared with the clean text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import html
from notices.publish.gate import check_site
from notices.publish.offline import FOLDER, make_offline
from support import ROOT, SEEDS, case_sources, notice_of

IDS = [
    "zhejiang-jianggan-2020",
    "shandong-huantai-2019",
    "zhejiang-2020",
    "shanghai-baoshan-2023",
    "zhejiang-haining-2021",
]


def page(site: Path, name: str) -> html.HtmlElement:
    return html.parse(str(site / name), html.HTMLParser(encoding="utf-8")).getroot()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_committed_pages_are_what_the_inputs_give() -> None:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout


def test_every_link_and_anchor_resolves_and_nothing_foreign_is_loaded(site: Path) -> None:
    assert check_site(site, site.parent / "docs") == []


def published(site: Path) -> dict[str, Path]:
    """Notice id → source, for every notice of the site."""
    found = {}
    for path in sorted((site / "data/notices").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        found[data["id"]] = site.parent / "raw" / data["source"]["file"]
    return found


def test_the_visible_text_is_the_clean_text(site: Path) -> None:
    """Invariant 4: without our own words, a page shows the published text, nothing more, nothing less, in order."""
    pages = published(site)
    files = json.loads((site / "data/report.json").read_text("utf-8"))["files"]
    assert len(files) == len(SEEDS) + len(case_sources())
    assert {row["status"] for row in files} <= {
        "published",
        "review",
        "duplicate",
    }  # some cases are one notice in guises
    assert len(pages) == sum(row["status"] != "duplicate" for row in files)
    for identity, source in pages.items():
        article = page(site, f"notices/{identity}/index.html").find(".//article")
        assert article is not None
        for element in list(article.iter()):
            classes = (element.get("class") or "").split() if isinstance(element.tag, str) else []
            if {"y-own", "headerlink"} & set(classes):
                element.drop_tree()
        notice = notice_of(source)
        heading = article.find(".//h1").text_content()
        shown = squeezed(article.text_content()).removeprefix(squeezed(heading))
        assert squeezed(heading) == squeezed(notice.meta.title.value or "（无标题）"), identity
        assert shown == squeezed("".join(clause.label + clause.text for clause in notice.clauses)), identity
        printed = (notice.meta.title.value or "") if notice.meta.title.rule == "title-line" else ""
        assert sorted(shown + squeezed(printed)) == sorted(squeezed(notice.document.published)), identity


@pytest.mark.parametrize("identity", IDS)
def test_every_registered_anchor_is_on_its_page(site: Path, identity: str) -> None:
    entry = json.loads((ROOT / f"registry/{identity}.json").read_text("utf-8"))
    ids = {e.get("id") for e in page(site, f"notices/{identity}/index.html").iter() if isinstance(e.tag, str)}
    assert {*entry["anchors"], *entry["aliases"], *entry["tombstones"]} <= ids


def test_headings_carry_the_anchors(site: Path) -> None:
    root = page(site, "notices/zhejiang-2020/index.html")
    heading = root.get_element_by_id("s2-t5")
    assert heading.tag == "h3"
    assert "加快整合型医疗卫生服务体系建设" in heading.text_content()
    assert root.get_element_by_id("t5").getnext() is heading


def test_pages_are_chinese_and_load_nothing_from_elsewhere(site: Path) -> None:
    for name in ("index.html", "404.html", "notices/zhejiang-2020/index.html"):
        root = page(site, name)
        assert (root.get("lang") or "").startswith("zh")
        text = (site / name).read_text("utf-8")
        for host in ("fonts.googleapis", "fonts.gstatic", "unpkg", "jsdelivr", "cdnjs"):
            assert host not in text
    missing = page(site, "404.html").text_content()
    assert "没有这个页面" in missing


def test_the_source_page_shows_all_of_the_source(site: Path) -> None:
    for identity, seed in zip(IDS, SEEDS, strict=True):
        cells = page(site, f"notices/{identity}/source/index.html").find_class("y-raw")
        assert squeezed("".join(cell.text_content() for cell in cells)) == squeezed(seed.read_text("utf-8"))
    marked = page(site, "notices/shandong-huantai-2019/source/index.html").xpath("//td/del")
    assert [(d.text_content(), d.get("title")) for d in marked] == [("扫码使用手机浏览本页内容", "扫码浏览本页提示")]


# --- a hostile notice through everything that is built --------------------------------------------------------------

BAD = "</title></script><script>1</script>&amp;lt/title&amp;gt&amp;ltimg src=y&amp;gt'\"><img src=x>"
HOSTILE = f"""海宁市卫生健康局关于印发《2022年海宁市卫生健康工作要点{BAD}》的通知
海卫健〔2022〕9号
各单位：
现印发给你们，请认真贯彻执行。
海宁市卫生健康局
2022年3月1日
2022年海宁市卫生健康工作要点{BAD}
一、深化改革{BAD}
1.推进医共体建设{BAD}。到2022年底，{BAD}签约率达到80%以上。一是加强{BAD}；二是落实《关于{BAD}的意见》（浙卫发〔2020〕11号）。（责任单位：医政科{BAD}、财务科）
2.推进托育服务\u2028{{{{ config }}}}。{BAD}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the seeds and a notice with markup in its title, headings, text, unit, target and note."""
    place = tmp_path_factory.mktemp("hostile")
    for name in ("raw", "docs", "registry", "overrides"):
        shutil.copytree(ROOT / name, place / name)
    (place / "raw/bad.txt").write_text(HOSTILE, encoding="utf-8")
    (place / "raw/bad.txt.toml").write_text(f"url = 'https://a.cn/?</script>'\nnote = {json.dumps(BAD)}\n", "utf-8")
    folders = [f"--{name}={place / name}" for name in ("raw", "docs", "registry", "overrides")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "site", f"--out={place / 'site'}", *folders]
    done = subprocess.run(
        [*command, "--site-url=https://a.cn/"], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr
    return place / "site"


def test_no_page_of_a_hostile_notice_has_an_element_of_its_making(hostile: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(make_offline(hostile, tmp_path / "offline.zip")) as archive:
        archive.extractall(tmp_path)
    pages = [path for root in (hostile, tmp_path / FOLDER) for path in root.rglob("*.html") if path.name != "404.html"]
    for path in pages:
        root = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
        assert root.find(".//img") is None, path
        inline = [e.get("type") for e in root.iter("script") if e.get("src") is None]
        assert set(inline) <= {"application/ld+json"}, path


def test_a_hostile_notice_is_told_to_machines_as_it_is_printed(hostile: Path, tmp_path: Path) -> None:
    data = json.loads((hostile / "data/notices/zhejiang-haining-2022.json").read_text("utf-8"))
    assert "<script>" in data["title"]
    root = page(hostile, "notices/zhejiang-haining-2022/index.html")
    (about,) = (json.loads(e.text) for e in root.iter("script") if e.get("type") == "application/ld+json")
    names = {e.get("name"): e.get("content") for e in root.iter("meta")}
    shown = squeezed(data["title"])
    assert squeezed(about["name"]) == shown
    assert squeezed(names["ArticleTitle"]) == shown
    assert squeezed(root.find(".//title").text).startswith(shown)
    assert squeezed(root.get_element_by_id("y-notice").get("data-title")) == shown
    titles = [e.text or "" for e in ET.parse(hostile / "feed.xml").iter("{http://www.w3.org/2005/Atom}title")]
    assert shown in map(squeezed, titles)
    for path in (hostile / "pagefind").glob("*.json"):
        json.loads(path.read_text("utf-8"))
    with zipfile.ZipFile(make_offline(hostile, tmp_path / "offline.zip")) as archive:
        script = archive.read(f"{FOLDER}/assets/yaodian-offline-zhejiang.js").decode("utf-8")
    records = json.loads(script[script.index("[\n") : script.rindex("]") + 1])
    assert squeezed(next(r["head"][2] for r in records if r["id"] == data["id"])) == shown
    assert "\u2028" not in script

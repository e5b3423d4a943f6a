"""What is done over the built pages: feed, sitemap, redirects, security policy, headers and the offline copy."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from lxml import html
from notices import addresses, registry
from notices.errors import Unreadable
from notices.jsontext import to_json
from notices.model import Output
from notices.publish import redirects
from notices.publish.feed import NEWEST, write_feed
from notices.publish.gate.files import Own
from notices.publish.generate import Settings, settings
from notices.publish.headers import TARGET, write_headers
from notices.publish.looked import look
from notices.publish.offline import FOLDER, LEFT_OUT, for_folder, make_offline
from notices.publish.redirects import Move
from notices.publish.seal import Inline, policy
from notices.publish.sitemap import write_sitemap
from notices.store import Entry, RegistryError
from support import SEEDS, digests, notice_of

URL = "https://example.org/yaodian/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")


def entries(day: str = "2026-11-22") -> dict[str, Entry]:
    notices, found = registry.enroll([notice_of(path) for path in SEEDS], {})
    return registry.stamp(found, digests(notices), day)


def site_of(folder: Path, **files: str) -> Path:
    """A site of these pages; `a__b="…"` is a/b/index.html and `index` the home page."""
    for name, text in {"index": "<p>首页", **files}.items():
        target = folder / ("index.html" if name == "index" else f"{name.replace('__', '/')}/index.html")
        target.parent.mkdir(parents=True, exist_ok=True)
        head = '<head><meta charset="utf-8"><title>x</title></head>'
        target.write_text(
            text if "<html" in text else f"<!doctype html><html>{head}<body>{text}</body></html>", "utf-8"
        )
    return folder


def tree_of(path: Path) -> html.HtmlElement:
    return html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()


# --- the settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "url", "means"),
    [
        ("site_name: 要点", None, Settings("要点", "")),
        ("site_name: 要点\nsite_url:", None, Settings("要点", "")),
        ("site_name: 要点\nsite_url: https://a.cn/x", None, Settings("要点", "https://a.cn/x/")),
        (
            "site_name: 要点\nsite_url: https://a.cn/x/",
            "http://127.0.0.1:8000/",
            Settings("要点", "http://127.0.0.1:8000/"),
        ),
    ],
)
def test_the_address_ends_in_a_slash(tmp_path: Path, written: str, url: str | None, means: Settings) -> None:
    (tmp_path / "mkdocs.yml").write_text(written, encoding="utf-8")
    assert settings(tmp_path / "mkdocs.yml", url) == means


@pytest.mark.parametrize(
    "written", ["", "- a", "site_name: [", "site_url: https://a.cn/", "site_name: !!python/name:x.y"]
)
def test_settings_that_cannot_be_read_are_named(tmp_path: Path, written: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(written, encoding="utf-8")
    with pytest.raises(Unreadable, match=r"mkdocs\.yml 读不懂"):
        settings(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize(
    "url",
    [
        "a.cn",
        "ftp://a.cn/",
        "https://[::1/",
        "https://a.cn/?x",
        "https://a.cn/要点/",
        'https://a.cn/"; x',
        "https://a.cn/ x/",
    ],
)
def test_an_address_that_not_every_file_can_hold_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: 要点", encoding="utf-8")
    with pytest.raises(Unreadable, match=r"网站的网址“.*”不能用"):
        settings(tmp_path / "mkdocs.yml", url)


# --- the feed -------------------------------------------------------------------------------------------------------


def check_atom(path: Path) -> ET.Element:
    """The rules of RFC 4287 that concern what we write; the feed element."""
    feed = ET.parse(path).getroot()
    assert feed.tag == f"{ATOM}feed"
    items = feed.findall(f"{ATOM}entry")
    for element in (feed, *items):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert len(element.findall(f"{ATOM}published")) <= 1
        for name in ("updated", "published"):
            assert all(RFC3339.fullmatch(e.text or "") for e in element.findall(f"{ATOM}{name}"))
        assert element.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert all(link.get("href", "").startswith("https://") for link in element.findall(f"{ATOM}link"))
        for author in element.findall(f"{ATOM}author"):
            assert author.findtext(f"{ATOM}name")
    assert feed.find(f"{ATOM}author") is not None  # so that an entry may have none
    assert len([link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    ids = [element.findtext(f"{ATOM}id") for element in (feed, *items)]
    assert len(ids) == len(set(ids))
    moments = [item.findtext(f"{ATOM}updated", "") for item in items]
    assert moments == sorted(moments, reverse=True)
    if moments:
        assert feed.findtext(f"{ATOM}updated") == moments[0]
    return feed


def test_the_feed_of_the_built_site_is_atom_and_leads_to_pages(site: Path) -> None:
    feed = check_atom(site / "feed.xml")
    home = next(link.get("href", "") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "alternate")
    items = feed.findall(f"{ATOM}entry")
    assert items
    for item in items:
        address = item.find(f"{ATOM}link")
        assert address is not None
        assert (site / address.get("href", "").removeprefix(home) / "index.html").is_file()


def test_an_entry_tells_what_is_new_in_words(tmp_path: Path) -> None:
    known = entries("2026-11-20")
    known["zhejiang-2020"] = replace(known["zhejiang-2020"], changed="2026-11-22")
    assert write_feed(tmp_path, tmp_path, known, "要点", URL) == tmp_path / "feed.xml"
    feed = check_atom(tmp_path / "feed.xml")
    first, *others = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "2020年全省卫生健康工作要点"
    assert (
        first.findtext(f"{ATOM}summary")
        == "文字有改动。浙江省卫生健康委，浙卫发〔2020〕11号，2020年3月26日成文，共26项任务。"
    )
    assert first.findtext(f"{ATOM}published") == "2026-11-20T00:00:00+08:00"
    assert first.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00+08:00"
    assert all(item.findtext(f"{ATOM}summary", "").startswith("新收录。") for item in others)


def test_the_ids_of_a_feed_stay_when_the_site_moves(tmp_path: Path) -> None:
    ids = []
    for number, url in enumerate((URL, "https://other.example/")):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_feed(folder, tmp_path, entries(), "要点", url)
        ids.append([e.text for e in ET.parse(folder / "feed.xml").iter(f"{ATOM}id")])
    assert ids[0] == ids[1]
    assert ids[0][0] == "urn:uuid:c4a004a6-d50b-5097-b40c-b9e1238c417f"


def test_a_feed_holds_the_newest_and_no_withdrawn_notice(tmp_path: Path) -> None:
    one = entries()["zhejiang-2020"]
    many = {f"x-{n}": replace(one, id=f"x-{n}", changed=f"2026-01-{n % 28 + 1:02}") for n in range(NEWEST + 9)}
    many["gone"] = replace(one, id="gone", withdrawn=True, changed="2026-12-31")
    many["old"] = replace(one, id="old", changed="", first_published="", digest="")  # recorded before days were
    write_feed(tmp_path, tmp_path, many, "要点", URL)
    found = check_atom(tmp_path / "feed.xml").findall(f"{ATOM}entry")
    assert len(found) == NEWEST
    assert found[0].findtext(f"{ATOM}updated") == "2026-01-28T00:00:00+08:00"


def test_a_feed_is_whole_whatever_a_title_holds_and_where_there_is_nothing(tmp_path: Path) -> None:
    odd = {
        "x": replace(
            entries()["zhejiang-2020"], id="x", title="a<b>&\x00\x1f\ufffe]]>", issuer="", doc_number="", issued=""
        )
    }
    write_feed(tmp_path, tmp_path, odd, "要点", URL)
    assert check_atom(tmp_path / "feed.xml").findtext(f"{ATOM}entry/{ATOM}title") == "a<b>&]]>"
    write_feed(tmp_path, tmp_path, {}, "要点", URL)
    assert check_atom(tmp_path / "feed.xml").findall(f"{ATOM}entry") == []


def test_corrected_fields_are_told_as_corrected(tmp_path: Path) -> None:
    target = tmp_path / "data/notices/zhejiang-2020.json"
    target.parent.mkdir(parents=True)
    target.write_bytes(to_json({"title": "改过的标题"}))
    write_feed(tmp_path, tmp_path, {"zhejiang-2020": entries()["zhejiang-2020"]}, "要点", URL)
    assert check_atom(tmp_path / "feed.xml").findtext(f"{ATOM}entry/{ATOM}title") == "改过的标题"


def test_without_an_address_there_is_neither_feed_nor_sitemap(tmp_path: Path) -> None:
    site_of(tmp_path)
    assert write_feed(tmp_path, tmp_path, entries(), "要点", "") is None
    assert write_sitemap(tmp_path, entries(), "") == []
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


# --- the sitemap ----------------------------------------------------------------------------------------------------


def locations(path: Path) -> list[str]:
    return [e.text or "" for e in ET.parse(path).iter(f"{MAP}loc")]


def test_the_sitemap_of_the_built_site_names_every_page_once(site: Path) -> None:
    found = locations(site / "sitemap.xml")
    home = found[0]
    named = [unquote(address.removeprefix(home)) for address in found]
    pages_there = [path for path in site.rglob("index.html") if 'content="noindex"' not in path.read_text("utf-8")]
    built = {path.relative_to(site).as_posix().removesuffix("index.html") for path in pages_there}
    assert len(named) == len(set(named))
    assert set(named) == built
    assert not (site / "sitemap.xml.gz").exists()  # the generator's own, which holds the time of the build


def test_a_sitemap_dates_notices_and_leaves_out_what_is_not_to_be_found(tmp_path: Path) -> None:
    hidden = '<html><head><meta name="robots" content="noindex"></head>'
    site_of(tmp_path, notices__zhejiang_2020="x", places="x", regions=hidden)
    (tmp_path / "notices/zhejiang_2020").rename(tmp_path / "notices/zhejiang-2020")
    write_sitemap(tmp_path, entries(), URL)
    rows = {
        row.findtext(f"{MAP}loc"): row.findtext(f"{MAP}lastmod") for row in ET.parse(tmp_path / "sitemap.xml").getroot()
    }
    assert rows == {URL: None, f"{URL}notices/zhejiang-2020/": "2026-11-22", f"{URL}places/": None}


def test_a_large_sitemap_is_split_and_robots_txt_stands_at_a_root_alone(tmp_path: Path) -> None:
    site_of(tmp_path, a="", b="", c="")
    written = write_sitemap(tmp_path, {}, "https://example.org/", limit=3)
    assert [path.name for path in written] == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml", "robots.txt"]
    assert locations(tmp_path / "sitemap.xml") == [
        "https://example.org/sitemap-1.xml",
        "https://example.org/sitemap-2.xml",
    ]
    parts = locations(tmp_path / "sitemap-1.xml") + locations(tmp_path / "sitemap-2.xml")
    assert parts == [f"https://example.org/{name}" for name in ("", "a/", "b/", "c/")]
    assert "Sitemap: https://example.org/sitemap.xml" in (tmp_path / "robots.txt").read_text()
    assert "robots.txt" not in [path.name for path in write_sitemap(tmp_path, {}, URL)]


# --- addresses and redirects ----------------------------------------------------------------------------------------


def test_an_address_once_recorded_stays(tmp_path: Path) -> None:
    docs, folder = tmp_path / "docs", tmp_path / "registry"
    (docs / "topics").mkdir(parents=True)
    folder.mkdir()
    for name in ("index.md", "about.md", "topics/index.md", "gone.md", "data.csv"):
        (docs / name).touch()
    first = addresses.record(folder, docs, ["topics/index.md", "data.csv"], ["gone.md"])
    (folder / first.path).write_bytes(first.content)
    assert addresses.known(folder) == ["", "about/", "topics/"]
    (docs / "about.md").unlink()
    again = addresses.record(folder, docs, ["new/x.md"], [])
    (folder / again.path).write_bytes(again.content)
    assert addresses.known(folder) == ["", "about/", "gone/", "new/x/", "topics/"]
    assert addresses.record(folder, docs, ["new/x.md"], []) == again == Output("pages.json", again.content)


@pytest.mark.parametrize("broken", ["{", "{}", "[1]", '"a/"'])
def test_a_broken_record_of_addresses_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "pages.json").write_text(broken)
    with pytest.raises(RegistryError, match=r"pages\.json.*请用 git 恢复"):
        addresses.known(tmp_path)


def moves_of(folder: Path, text: str) -> tuple[Move, ...]:
    (folder / "redirects.toml").write_text(text, "utf-8")
    return redirects.load(folder)


def row(old: str, new: str, why: str = "换了网址") -> str:
    return f'[[redirect]]\nold = "{old}"\nnew = "{new}"\nwhy = "{why}"\n'


def test_a_chain_of_moves_leads_to_its_end(tmp_path: Path) -> None:
    moves = moves_of(tmp_path, row("a/", "b/") + row("b/", "c/#x"))
    assert [(move.old, move.new) for move in moves] == [("a/", "c/#x"), ("b/", "c/#x")]
    assert redirects.load(tmp_path / "nothing") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[redirect]", "读不懂"),
        ("redirect = 3", "[[redirect]]"),
        ('[[redirect]]\nold = "a/"\nnew = "b/"\n', "第 1 项 要写 old、new、why"),
        (row("a/", "b/", ""), "第 1 项 要写"),
        (row("/a/", "b/"), "old“/a/”应当是本站之内"),
        (row("a", "b/"), "old“a”应当是"),
        (row("a/#x", "b/"), "old“a/#x”应当是"),
        (row("a/", "https://other.example/"), "new“https://other.example/”应当是"),
        (row("a/", "../b/"), "应当是"),
        (row("a/", "b;c/"), "应当是"),
        (row("a/", "b/") + row("a/", "c/"), "第 2 项 的 old“a/”前面已经写过"),
        (row("a/", "b/") + row("b/", "a/"), "绕回了自己"),
    ],
)
def test_a_move_written_wrongly_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RegistryError, match=re.escape(says)):
        moves_of(tmp_path, text)


def test_a_published_address_never_dies_in_silence(tmp_path: Path) -> None:
    site = site_of(tmp_path, places="x")
    assert redirects.faults(["", "places/"], (), site) == []
    (fault,) = redirects.faults(["", "regions/"], (), site)
    assert "/regions/ 发布过" in fault
    assert "registry/redirects.toml" in fault
    move = Move("regions/", "places/#x", "换了网址")
    assert redirects.faults(["", "regions/"], (move,), site) == []
    assert "没有那一页" in redirects.faults([], (move._replace(new="nowhere/"),), site)[0]
    assert "这一页还在" in redirects.faults([], (move._replace(old="places/", new=""),), site)[0]


def test_a_page_below_another_leads_up_when_it_is_gone(tmp_path: Path) -> None:
    site = site_of(tmp_path, notices__x="x", compare="x")
    kept = Move("compare/c/", "notices/x/", "换了网址")
    gone = ["notices/x/", "notices/x/source/", "compare/a/b/", "compare/c/", "regions/"]
    moves = redirects.with_parents((kept,), gone, site)
    assert [(move.old, move.new) for move in moves] == [
        ("compare/a/b/", "compare/"),
        ("compare/c/", "notices/x/"),
        ("notices/x/source/", "notices/x/"),
    ]
    (fault,) = redirects.faults(gone, moves, site)
    assert "/regions/" in fault, "a page of the first level is for a person to decide about"


def test_the_page_at_an_old_address_says_why_and_links(tmp_path: Path) -> None:
    site = site_of(tmp_path, places="x")
    move = Move("old/地区/", "places/#a", "“按地区”<b>换了网址")
    (path,) = redirects.write_moved(site, (move,), "要点", URL)
    assert path == site / "old/地区/index.html"
    root = tree_of(path)
    assert root.get("lang") == "zh-CN"
    assert "“按地区”<b>换了网址。" in root.text_content()
    link = root.get_element_by_id("new")
    assert link.get("href") == "../../places/#a"
    assert [e.get("content") for e in root.iter("meta") if e.get("name") == "robots"] == ["noindex"]
    assert [e.get("href") for e in root.iter("link") if e.get("rel") == "canonical"] == [f"{URL}places/#a"]
    assert not [e for e in root.iter("meta") if e.get("http-equiv")]


# --- the policy -----------------------------------------------------------------------------------------------------

PAGE = """<!doctype html>
<html><head>
<meta charset="utf-8">
<title>x</title>{head}</head><body>{body}</body></html>
"""
NOTHING = Own(frozenset(), frozenset())
#: From the examples of the CSP specification.
HELLO = ("alert('Hello, world.');", "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='")


def sealed(
    folder: Path, head: str = "", body: str = "", name: str = "index.html"
) -> tuple[list[str], dict[str, list[str]]]:
    """Faults, and the policy that the page has now: directive → sources."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(head=head, body=body), "utf-8")
    found = look(folder, NOTHING)
    once = path.read_bytes()
    assert look(folder, NOTHING) == found
    assert path.read_bytes() == once, "sealing twice is sealing once"
    metas = re.findall(
        r'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">', once.decode()
    )
    return list(found[name].unsealed), {
        part.split()[0]: part.split()[1:] for meta in metas for part in meta.split("; ")
    }


def test_a_page_may_do_what_its_own_origin_serves(tmp_path: Path) -> None:
    faults, rules = sealed(tmp_path, '<script src="a.js"></script>', '<script type="application/ld+json">{}</script>')
    assert faults == []
    assert rules == {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }


def test_inline_blocks_of_404_are_named_by_hash_and_a_base_is_allowed(tmp_path: Path) -> None:
    _, rules = sealed(tmp_path, f'<base href="/"><script>{HELLO[0]}</script><style>a{{}}\r\n</style>', name="404.html")
    assert rules["script-src"] == ["'self'", HELLO[1]]
    assert len(rules["style-src"]) == 2
    assert rules["base-uri"] == ["'self'"]
    _, same = sealed(tmp_path, f"<script>{HELLO[0]}</script><style>a{{}}\n</style>", name="404.html")
    assert same["style-src"] == rules["style-src"], "a browser hashes with LF"


def test_the_search_alone_may_compile(tmp_path: Path) -> None:
    assert "'wasm-unsafe-eval'" in sealed(tmp_path, name="search/index.html")[1]["script-src"]
    assert "'wasm-unsafe-eval'" not in sealed(tmp_path / "other", name="notices/index.html")[1]["script-src"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<p style="color:red">', "<p> 写了 style 属性"),
        ('<svg><rect STYLE="x"/></svg>', "<rect> 写了 style 属性"),
        ('<a onclick="x()">', "<a> 写了 onclick 属性"),
        (f"<script>{HELLO[0]}</script>", "有页内的脚本或样式"),
        ("<style>a{}</style>", "有页内的脚本或样式"),
    ],
)
def test_what_no_strict_policy_allows_is_named(tmp_path: Path, body: str, says: str) -> None:
    faults, rules = sealed(tmp_path, body=body)
    assert [fault.startswith(says) for fault in faults] == [True]
    assert rules == {}


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe<p>"])
def test_a_page_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.html").write_bytes(content)
    (fault,) = look(tmp_path, NOTHING)["broken.html"].unsealed
    assert fault.startswith("是空的，或不是 UTF-8")


def test_every_page_of_the_built_site_is_sealed_and_only_404_has_inline_blocks(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        root = tree_of(path)
        (meta,) = [e for e in root.iter("meta") if (e.get("http-equiv") or "").lower() == "content-security-policy"]
        value = meta.get("content", "")
        assert "unsafe-inline" not in value
        assert "'unsafe-eval'" not in value
        assert ("'wasm-unsafe-eval'" in value) == (path == site / "search/index.html")
        assert ("sha256" in value) == (path == site / "404.html"), path


# --- the headers ----------------------------------------------------------------------------------------------------


def test_the_snippet_repeats_the_policy_and_forbids_frames(tmp_path: Path) -> None:
    inline = Inline(frozenset({HELLO[1]}), frozenset(), True)
    text = write_headers(tmp_path, inline, (Move("regions/", "places/", ""),), URL).read_text("utf-8")
    plain, wasm = re.findall(r'set \$yaodian_csp "([^"]*)";', text)
    assert plain == f"{policy(inline)}; frame-ancestors 'none'"
    assert wasm == f"{policy(inline, wasm=True)}; frame-ancestors 'none'"
    assert "if ($uri ~ ^/yaodian/(?:search|pagefind)/) {" in text
    assert "rewrite ^/yaodian/regions/$ /yaodian/places/ permanent;" in text
    assert "error_page 404 /yaodian/404.html;" in text
    assert re.search(r"^# add_header Strict-Transport-Security", text, re.M)
    assert not re.search(r"^\s*location\b", text, re.M), "it must fit a server with root, alias or a proxy"
    for name in ("X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"):
        assert re.search(rf'^add_header {name} "[^"]+" always;$', text, re.M)


def test_the_snippet_of_a_site_at_the_root(tmp_path: Path) -> None:
    text = write_headers(tmp_path, Inline(), (), "").read_text("utf-8")
    assert "if ($uri ~ ^/(?:search|pagefind)/) {" in text
    assert "rewrite" not in text
    assert text.count("{") == text.count("}")


def test_the_built_site_brings_its_snippet(site: Path) -> None:
    text = (site / TARGET).read_text("utf-8")
    for directive in re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', (site / "404.html").read_text("utf-8")
    ):
        for part in directive.split("; "):
            assert part in text, "the header allows what each page needs"


# --- the offline copy -----------------------------------------------------------------------------------------------


def test_the_offline_copy_is_the_same_from_run_to_run_and_leaves_out_what_needs_a_server(
    site: Path, tmp_path: Path
) -> None:
    first, second = (make_offline(site, tmp_path / name) for name in ("a.zip", "sub/b.zip"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = set(archive.namelist())
        readme = archive.read(f"{FOLDER}/说明.txt").decode("utf-8-sig")
    assert {
        f"{FOLDER}/index.html",
        f"{FOLDER}/notices/zhejiang-2020/index.html",
        f"{FOLDER}/data/yaodian-data.zip",
    } <= names
    gone = LEFT_OUT("", [name.split("/")[1] for name in names])
    assert gone == set()
    assert "index.html" in readme


def test_every_link_of_the_offline_copy_names_a_file(site: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(make_offline(site, tmp_path / "a.zip")) as archive:
        archive.extractall(tmp_path)
    root = tmp_path / FOLDER
    pages_there = sorted(root.rglob("*.html"))
    assert len(pages_there) + 1 == len(list(site.rglob("*.html")))
    for page in pages_there:
        tree = tree_of(page)
        for element in tree.iter("a", "area", "form", "link", "script", "img"):
            for name in ("href", "action", "src"):
                address = unquote(re.split("[?#]", element.get(name, ""))[0])
                if address and ":" not in address:
                    assert (page.parent / address).is_file(), (page, address)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="../b/">', '<a href="../b/index.html">'),
        ('<a class="x" href="../b/?q=1&amp;r=2#t1">', '<a class="x" href="../b/index.html?q=1&amp;r=2#t1">'),
        ('<a href="../b/&#35;t1">', '<a href="../b/index.html#t1">'),
        ("<a href='..'>", '<a href="../index.html">'),
        ("<a href=.>", '<a href="./index.html">'),
        ('<form method="get" action="../b/">', '<form method="get" action="../b/index.html">'),
        ('<link rel="next" href="../b/">', '<link rel="next" href="../b/index.html">'),
        ('<a title="1 > 0" href="../b/">', '<a title="1 > 0" href="../b/index.html">'),
        ('<a href="#x">', '<a href="#x">'),
        ('<a href="?q=1">', '<a href="?q=1">'),
        ('<a href="x.json">', '<a href="x.json">'),
        ('<a href="https://example.org/">', '<a href="https://example.org/">'),
        ('<a href="mailto:a@example.org">', '<a href="mailto:a@example.org">'),
        ('<a href="http://[">', '<a href="http://[">'),
        ("<p>href=../b/</p>", "<p>href=../b/</p>"),
    ],
)
def test_links_to_folders_name_the_file(tmp_path: Path, before: str, after: str) -> None:
    site = site_of(tmp_path / "site", b="x", a=f"<html><head></head><body>{before}</body></html>")
    page = site / "a/index.html"
    assert for_folder(page.read_text("utf-8"), page, site).partition("<body>")[2] == f"{after}</body></html>"


def test_no_offline_copy_without_a_site(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="请先运行 make site"):
        make_offline(tmp_path, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()

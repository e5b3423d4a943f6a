"""Fetching: what is kept of a page, whom it refuses to ask, and how politely it asks; against a real server."""

from __future__ import annotations

import gzip
import hashlib
import html
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notices.errors import Unreadable
from notices.fetch import Guard, Limits, contact, fetch
from notices.fetch.hosts import is_public
from notices.fetch.media import ending
from notices.fetch.save import sidecar_text, stem
from notices.fetch.url import parse, redirected
from notices.pipeline import convert_file
from support import ROOT, rules
from website import Answer, Route, Website, website

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>2022年海宁市卫生健康工作要点</title></head><body>
<div id="zoom"><p>2022年海宁市卫生健康工作要点</p>
<p>2022年，全市卫生健康系统要坚持以人民健康为中心，全面落实上级决策部署，扎实做好各项工作。</p>
<p>一、加强疫情防控</p><p>1.落实常态化防控措施。健全多点触发预警机制，重点人群核酸检测率达到100%。</p>
<p>2.推进疫苗接种。全人群接种率达到90%以上。（市疾控中心负责）</p>
<p>海宁市卫生健康局</p><p>2022年3月1日</p></div>{tail}</body></html>"""
NOTICE = PAGE.format(charset="utf-8", tail="").encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}
FAST = Limits(pause=0.0)  # where politeness is not the question
FETCHED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")


class Fetching:
    """A site, an empty raw/, and what the command said last."""

    def __init__(self, site: Website, raw: Path) -> None:
        self.site, self.raw, self.said = site, raw, ""

    def __call__(self, *paths: str, limits: Limits = FAST, guard: Guard | None = None) -> int:
        urls = [path if ":" in path else self.site.url + path for path in paths]
        said: list[str] = []
        failed = fetch(urls, self.raw, said.append, rules(), "wjw@example.org", limits, guard or self.site.guard)
        self.said = "\n".join(said)
        return failed

    @property
    def pages(self) -> list[Path]:
        return sorted(path for path in self.raw.rglob("*") if path.suffix != ".toml")

    def about(self, page: Path) -> dict[str, object]:
        return tomllib.loads(page.with_name(page.name + ".toml").read_text("utf-8"))


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[Fetching]:
    with website({"/a.html": Answer(NOTICE)}) as site:
        yield Fetching(site, tmp_path / "raw")


# What is kept


def test_a_page_is_kept_as_received_with_where_and_when(fetching: Fetching) -> None:
    fetching.site.routes["/a.html"] = Answer(NOTICE, headers={**HTML, "ETag": '"7"', "Server": "secret/1"})
    assert fetching("/a.html#top") == 0
    (page,) = fetching.pages
    assert page.read_bytes() == NOTICE
    assert re.fullmatch(r"127-0-0-1-\d+-a-[0-9a-f]{10}\.html", page.name)
    about = fetching.about(page)
    assert (about["url"], about["asked"], about["status"]) == (
        f"{fetching.site.url}/a.html",
        f"{fetching.site.url}/a.html#top",
        200,
    )
    assert about["sha256"] == hashlib.sha256(NOTICE).hexdigest()
    assert FETCHED.fullmatch(str(about["fetched"]))
    headers = about["headers"]
    assert isinstance(headers, dict)
    assert set(headers) == {"content-type", "content-length", "etag", "date"}
    assert sorted(path.name for path in fetching.raw.iterdir()) == [page.name, f"{page.name}.toml"]


def test_a_fetched_page_becomes_a_notice_that_says_where_it_came_from(fetching: Fetching) -> None:
    fetching("/a.html")
    outcome = convert_file(fetching.pages[0].name, fetching.raw, rules())
    assert outcome.status == "published"
    assert outcome.document is not None
    assert outcome.document.source.url == f"{fetching.site.url}/a.html"
    assert FETCHED.fullmatch(outcome.document.source.fetched or "")


def test_the_published_page_shows_where_the_notice_came_from(fetching: Fetching) -> None:
    fetching("/a.html")
    place = fetching.raw.parent
    folders = [f"--{name}={place / name}" for name in ("raw", "docs", "registry", "overrides")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", *folders]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (place / "docs/notices/zhejiang-haining-2022.md").read_text("utf-8")
    assert f"{fetching.site.url}/a.html" in html.unescape(page)
    assert str(fetching.about(fetching.pages[0])["fetched"])[:10] in page


def test_a_kept_page_that_was_edited_is_for_review(fetching: Fetching) -> None:
    fetching("/a.html")
    page = fetching.pages[0]
    page.write_bytes(NOTICE.replace(b"90%", b"99%"))
    outcome = convert_file(page.name, fetching.raw, rules())
    assert outcome.status == "review"
    assert "说明文件里的 sha256 对不上" in outcome.problems[0].detail


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('sha256 = "abc"', "不是64个十六进制数字"),
        ("colour = 1", "不认识的项：colour"),
        ("url = ", "写法有错"),
        ("url = " + "[" * 5000, "括号套得太深"),
    ],
    ids=["digest", "unknown", "broken", "deep"],
)
def test_a_sidecar_that_says_nonsense_sets_its_page_aside(fetching: Fetching, line: str, word: str) -> None:
    fetching("/a.html")
    page = fetching.pages[0]
    page.with_name(page.name + ".toml").write_text(line, encoding="utf-8")
    outcome = convert_file(page.name, fetching.raw, rules())
    assert outcome.status == "quarantined"
    assert word in outcome.reason


def test_a_sidecar_that_is_a_link_is_not_followed(fetching: Fetching, tmp_path: Path) -> None:
    fetching("/a.html")
    page = fetching.pages[0]
    beside = page.with_name(page.name + ".toml")
    beside.rename(tmp_path / "elsewhere.toml")
    beside.symlink_to(tmp_path / "elsewhere.toml")
    outcome = convert_file(page.name, fetching.raw, rules())
    assert outcome.status == "quarantined"
    assert "链接" in outcome.reason


def test_a_gbk_page_keeps_its_bytes(fetching: Fetching) -> None:
    data = PAGE.format(charset="gb2312", tail="").encode("gbk")
    fetching.site.routes["/gbk"] = Answer(data, headers={"Content-Type": "text/html; charset=gb2312"})
    fetching("/gbk")
    assert fetching.pages[0].read_bytes() == data
    outcome = convert_file(fetching.pages[0].name, fetching.raw, rules())
    assert outcome.document is not None
    assert outcome.document.source.encoding == "gb18030"
    assert "推进疫苗接种" in outcome.document.published


def test_a_site_that_sends_gzip_unasked_is_understood(fetching: Fetching) -> None:
    packed = gzip.compress(NOTICE[:500]) + gzip.compress(NOTICE[500:])
    fetching.site.routes["/gz"] = Answer(packed, headers={**HTML, "Content-Encoding": "gzip"})
    assert fetching("/gz") == 0
    assert fetching.pages[0].read_bytes() == NOTICE
    assert fetching.site.log[-1].headers["accept-encoding"] == "identity"


def test_a_page_in_chunks_is_understood(fetching: Fetching) -> None:
    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in (NOTICE[:100], NOTICE[100:]):
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    fetching.site.routes["/chunks"] = chunked
    assert fetching("/chunks") == 0
    assert fetching.pages[0].read_bytes() == NOTICE


# The same page again


def test_an_unchanged_page_is_asked_for_by_its_tag_and_left_alone(fetching: Fetching) -> None:
    headers = {**HTML, "ETag": '"7"', "Last-Modified": "Tue, 01 Mar 2022 00:00:00 GMT"}
    fetching.site.routes["/a.html"] = [Answer(NOTICE, headers=headers), Answer(b"", 304, {"ETag": '"7"'})]
    fetching("/a.html")
    before = {path: path.read_bytes() for path in fetching.raw.iterdir()}
    assert fetching("/a.html") == 0
    assert "＝ 未变" in fetching.said
    asked = fetching.site.log[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"7"', "Tue, 01 Mar 2022 00:00:00 GMT")
    assert {path: path.read_bytes() for path in fetching.raw.iterdir()} == before


def test_the_same_bytes_are_not_kept_twice(fetching: Fetching) -> None:
    fetching("/a.html")
    fetching("/a.html")
    assert "一字不差" in fetching.said
    assert len(fetching.pages) == 1


def test_a_counter_that_moved_is_no_new_version(fetching: Fetching) -> None:
    visits = [PAGE.format(charset="utf-8", tail=f"<script>var n={n}</script>").encode() for n in (1, 2)]
    fetching.site.routes["/a.html"] = [Answer(data) for data in visits]
    fetching("/a.html")
    fetching("/a.html")
    assert "正文没有变" in fetching.said
    assert [page.read_bytes() for page in fetching.pages] == visits[:1]


def test_a_changed_page_is_kept_beside_the_old_one(fetching: Fetching) -> None:
    new = NOTICE.replace(b"90%", b"95%")
    fetching.site.routes["/a.html"] = [Answer(NOTICE), Answer(new)]
    fetching("/a.html")
    old = fetching.pages[0]
    assert fetching("/a.html") == 0
    assert "正文不同，旧文件没有动" in fetching.said
    assert old.read_bytes() == NOTICE
    (second,) = set(fetching.pages) - {old}
    assert second.name == f"{old.stem}-2.html"
    assert second.read_bytes() == new
    fetching("/a.html")  # and a third time nothing is added
    assert len(fetching.pages) == 2


def test_a_page_that_was_edited_by_hand_is_fetched_whole_again(fetching: Fetching) -> None:
    fetching.site.routes["/a.html"] = Answer(NOTICE, headers={**HTML, "ETag": '"7"'})
    fetching("/a.html")
    edited = NOTICE.replace(b"90%", b"99%")
    fetching.pages[0].write_bytes(edited)
    fetching("/a.html")
    assert "if-none-match" not in fetching.site.log[-1].headers
    assert {page.read_bytes() for page in fetching.pages} == {NOTICE, edited}


def test_a_sidecar_left_by_an_interrupted_save_is_completed(fetching: Fetching) -> None:
    fetching("/a.html")
    page = fetching.pages[0]
    page.unlink()
    fetching("/a.html")
    assert fetching.pages == [page]


def test_a_file_of_somebody_else_under_the_name_is_not_touched(fetching: Fetching) -> None:
    fetching.raw.mkdir()
    taken = fetching.raw / f"{stem(fetching.site.url + '/a.html')}.html"
    taken.write_bytes(b"mine")
    fetching("/a.html")
    assert taken.read_bytes() == b"mine"
    assert {page.name for page in fetching.pages} == {taken.name, f"{taken.stem}-2.html"}


# Redirects


def moved(where: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": where})


def test_redirects_are_followed_and_the_last_address_is_kept(fetching: Fetching) -> None:
    fetching.site.routes |= {"/1": moved("/2", 301), "/2": moved("a.html?x=中文".encode().decode("latin-1"), 307)}
    fetching.site.routes["/a.html?x=%E4%B8%AD%E6%96%87"] = Answer(NOTICE)
    assert fetching("/1") == 0
    assert fetching.about(fetching.pages[0])["url"] == f"{fetching.site.url}/a.html?x=%E4%B8%AD%E6%96%87"
    assert fetching.about(fetching.pages[0])["asked"] == f"{fetching.site.url}/1"


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ("http://127.0.0.1:1/", "端口 1 不是网站常用的端口"),
        ("http://127.0.0.1/", "指向本机、内部网络或保留的地址 127.0.0.1"),
        ("http://10.0.0.8:8080/admin", "指向本机、内部网络或保留的地址 10.0.0.8"),
        ("http://169.254.169.254/latest/meta-data/", "指向本机、内部网络或保留的地址 169.254.169.254"),
        ("http://[::1]/", "指向本机、内部网络或保留的地址 ::1"),
        ("http://localhost:8000/", "是本机或内部网络的名称"),
        ("file:///etc/passwd", "不是以 http:// 或 https:// 开头的网址"),
        ("ftp://a.example.cn/x", "不是以 http:// 或 https:// 开头的网址"),
        ("//user@a.example.cn/", "带有用户名或密码"),
        ("http://2130706433/", "用数字写的地址不合规范"),
    ],
)
def test_a_redirect_to_what_may_not_be_asked_is_refused(fetching: Fetching, where: str, word: str) -> None:
    fetching.site.routes["/go"] = moved(where)
    assert fetching("/go") == 1
    assert word in fetching.said
    assert "网站把它转到了" in fetching.said
    assert fetching.site.paths == ["/robots.txt", "/go"]
    assert not fetching.raw.exists()


def test_redirects_in_a_circle_end(fetching: Fetching) -> None:
    fetching.site.routes |= {"/1": moved("/2"), "/2": moved("/1")}
    assert fetching("/1") == 1
    assert "转来转去" in fetching.said
    assert fetching.site.paths == ["/robots.txt", "/1", "/2"]


def test_five_redirects_are_followed_and_six_are_not(fetching: Fetching) -> None:
    fetching.site.routes |= {f"/{n}": moved(f"/{n + 1}") for n in range(1, 6)} | {"/6": Answer(NOTICE)}
    assert fetching("/1") == 0
    fetching.site.routes |= {"/6": moved("/7"), "/7": Answer(NOTICE)}
    assert fetching("/1") == 1
    assert "转了 5 次以上" in fetching.said


def test_a_redirect_out_of_encryption_is_refused() -> None:
    with pytest.raises(Unreadable, match="途中可能被人改动"):
        redirected(parse("https://www.haining.gov.cn/a"), "http://www.haining.gov.cn/a")
    assert redirected(parse("http://www.haining.gov.cn/a"), "https://www.haining.gov.cn/b").scheme == "https"


# robots.txt and politeness


def test_robots_txt_decides_and_is_read_once(fetching: Fetching) -> None:
    lines = (
        b"User-agent: *\nDisallow: /\n\nUser-agent: yaodian\nDisallow: /col/\nAllow: /col/2022/\nDisallow: /*.doc$\n"
    )
    fetching.site.routes |= {"/robots.txt": Answer(lines), "/col/2022/x": Answer(NOTICE)}
    assert fetching("/a.html", "/col/1.html", "/col/2022/x", "/y.doc") == 2
    assert fetching.said.count("robots.txt 不允许程序抓取") == 2
    assert fetching.site.paths == ["/robots.txt", "/a.html", "/col/2022/x"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (429, False), (500, False), (503, False)])
def test_robots_txt_that_is_missing_allows_and_one_that_fails_does_not(
    fetching: Fetching, status: int, allowed: bool
) -> None:
    fetching.site.routes["/robots.txt"] = Answer(b"busy", status)
    assert fetching("/a.html") == (0 if allowed else 1)
    assert ("不知道网站是否允许抓取" in fetching.said) is not allowed
    assert fetching.site.paths == ["/robots.txt", "/a.html"][: 1 + allowed]


def test_robots_txt_is_followed_five_times_and_counts_as_missing_beyond(fetching: Fetching) -> None:
    fetching.site.routes |= {"/robots.txt": moved("/r1"), **{f"/r{n}": moved(f"/r{n + 1}") for n in range(1, 5)}}
    fetching.site.routes["/r5"] = Answer(b"User-agent: *\nDisallow: /")
    assert fetching("/a.html") == 1
    fetching.site.routes |= {"/r5": moved("/r6"), "/r6": Answer(b"User-agent: *\nDisallow: /")}
    assert fetching("/a.html") == 0


def test_robots_txt_may_not_lead_into_this_network(fetching: Fetching) -> None:
    fetching.site.routes["/robots.txt"] = moved("http://192.168.1.1/robots.txt")
    assert fetching("/a.html") == 1
    assert "192.168.1.1" in fetching.said
    assert fetching.site.paths == ["/robots.txt"]


def test_of_a_huge_robots_txt_the_beginning_counts(fetching: Fetching) -> None:
    fetching.site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /a.html\n" + b"#" * 3_000_000)
    assert fetching("/a.html") == 1
    assert "不允许" in fetching.said


def test_a_second_passes_between_any_two_requests(fetching: Fetching) -> None:
    """Between robots.txt and the page, between a redirect and where it leads, and between pages."""
    fetching.site.routes["/1"] = moved("/a.html")
    assert fetching("/1", "/b.html", limits=Limits()) == 1
    assert fetching.site.paths == ["/robots.txt", "/1", "/a.html", "/b.html"]
    assert min(gaps(fetching.site)) >= 0.95


def test_a_longer_crawl_delay_is_kept_and_an_endless_one_refused(fetching: Fetching) -> None:
    fetching.site.routes |= {"/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 2\n"), "/b.html": Answer(NOTICE)}
    assert fetching("/a.html", "/b.html") == 0
    assert gaps(fetching.site)[-1] >= 1.95
    fetching.site.routes["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 3600\n")
    assert fetching("/a.html") == 1
    assert "要求每次相隔 3600 秒" in fetching.said


def gaps(site: Website) -> list[float]:
    times = [asked.at for asked in site.log]
    return [later - sooner for sooner, later in pairwise(times)]


def test_it_says_who_it_is(fetching: Fetching) -> None:
    fetching("/a.html")
    assert {asked.headers["user-agent"] for asked in fetching.site.log} == {"Yaodian/1.0 (+wjw@example.org)"}


def test_the_contact_is_what_the_settings_say(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text('site_url: https://a.cn/\nextra:\n  issues_url: ""\n  report_email: a@b.cn\n', encoding="utf-8")
    assert contact(config) == "a@b.cn"
    config.write_text("site_url: https://a.cn/\n", encoding="utf-8")
    assert contact(config) == "https://a.cn/"
    config.write_text("site_url: 'x)\\r\\nEvil: 1'\n", encoding="utf-8")
    assert contact(config) == ""
    assert contact(ROOT / "mkdocs.yml") == ""


# Answers that are no page


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (401, "要登录"),
        (403, "不让看"),
        (404, "没有这个页面"),
        (410, "已经撤下"),
        (412, "防护"),
        (500, "出错"),
        (206, "206"),
    ],
)
def test_any_status_but_200_is_said_in_words(fetching: Fetching, status: int, word: str) -> None:
    fetching.site.routes["/x"] = Answer(NOTICE, status)
    assert fetching("/x", "/a.html") == 1
    assert f"网站的回应是 {status}" in fetching.said
    assert word in fetching.said
    assert len(fetching.pages) == 1  # the other page is kept all the same


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_site_is_asked_once_more_when_it_says(fetching: Fetching, status: int) -> None:
    fetching.site.routes["/x"] = [Answer(b"", status, {"Retry-After": "1"}), Answer(NOTICE)]
    assert fetching("/x") == 0
    assert gaps(fetching.site)[-1] >= 0.95


@pytest.mark.parametrize(
    ("when", "word"),
    [
        ("7200", "网站说 2 小时 以后"),
        ("Thu, 31 Dec 2099 00:00:00 GMT", "小时 以后"),
        ("soon", "过些时候"),
        ("", "过些时候"),
    ],
)
def test_a_site_that_is_busy_for_long_is_left_alone(fetching: Fetching, when: str, word: str) -> None:
    fetching.site.routes["/x"] = Answer(b"", 503, {"Retry-After": when})
    assert fetching("/x") == 1
    assert word in fetching.said
    assert fetching.site.paths == ["/robots.txt", "/x"]


def test_a_site_that_stays_busy_is_not_pressed(fetching: Fetching) -> None:
    fetching.site.routes["/x"] = Answer(b"", 429, {"Retry-After": "0"})
    assert fetching("/x") == 1
    assert fetching.site.paths == ["/robots.txt", "/x", "/x"]


@pytest.mark.parametrize("media", ["image/png", "video/mp4", "text/css", "application/javascript", "application/json"])
def test_what_is_no_notice_is_not_kept(fetching: Fetching, media: str) -> None:
    fetching.site.routes["/x"] = Answer(NOTICE, headers={"Content-Type": media})
    assert fetching("/x") == 1
    assert f"不是网页或文档（{media}）" in fetching.said
    assert not fetching.raw.exists()


def test_a_picture_called_a_page_is_not_kept(fetching: Fetching) -> None:
    fetching.site.routes["/x"] = Answer(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert fetching("/x") == 1
    assert "PNG 图片" in fetching.said
    assert not list(fetching.raw.glob("*"))


def test_endings_go_by_the_bytes() -> None:
    assert ending(b"%PDF-1.7\n") == "pdf"
    assert ending(NOTICE.decode().encode("utf-16")) == "html"
    assert ending("2022年工作要点".encode()) == "txt"
    assert ending(b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary=x\r\n\r\n") == "mhtml"


@pytest.mark.parametrize("content", [b"", b" \r\n\t"])
def test_an_empty_page_is_not_kept(fetching: Fetching, content: bytes) -> None:
    fetching.site.routes["/x"] = Answer(content)
    assert fetching("/x") == 1
    assert "空的页面" in fetching.said


# Servers that mean ill, or are ill


def raw_answer(*parts: bytes, pause: float = 0.0) -> Route:
    """Bytes sent as they are, with a pause before each."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        for part in parts:
            time.sleep(pause)
            handler.wfile.write(part)
            handler.wfile.flush()

    return write


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("route", "word"),
    [
        (raw_answer(HEAD + b"Content-Length: 5000\r\n\r\n" + NOTICE[:400]), "没有收完整"),
        (raw_answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + NOTICE[:100]), "不完整"),
        (raw_answer(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(NOTICE)[:-20]), "没有收完整"),
        (raw_answer(HEAD + b"Content-Encoding: gzip\r\n\r\nthis is no gzip"), "压缩数据是坏的"),
        (raw_answer(HEAD + b"Content-Encoding: br\r\n\r\nxxxx"), "用 br 压缩"),
        (raw_answer(b"SSH-2.0-OpenSSH_9.2\r\n"), "不合规范"),
        (raw_answer(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500 + b"\r\n"), "不合规范"),
        (raw_answer(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"), "不合规范"),
        (raw_answer(), "不合规范"),
    ],
    ids=["cut", "chunk-cut", "gzip-cut", "no-gzip", "brotli", "not-http", "many-headers", "long-header", "nothing"],
)
def test_an_answer_that_is_not_whole_is_not_kept(fetching: Fetching, route: Route, word: str) -> None:
    fetching.site.routes["/x"] = route
    assert fetching("/x") == 1
    assert word in fetching.said
    assert fetching.said.endswith("。")
    assert not list(fetching.raw.glob("*"))


@pytest.mark.parametrize(
    "route",
    [
        raw_answer(HEAD + b"\r\n", *[b"a"] * 200, pause=0.1),
        raw_answer(HEAD + b"Content-Length: 100\r\n\r\n", *[b"a"] * 200, pause=0.1),
        raw_answer(*[b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 90], pause=0.1),
        raw_answer(b"", b"", pause=5.0),
    ],
    ids=["body", "body-with-length", "headers", "silence"],
)
def test_a_server_that_drips_is_left(fetching: Fetching, route: Route) -> None:
    fetching.site.routes["/x"] = route
    assert fetching("/x", limits=Limits(pause=0.0, total=1.0)) == 1
    assert "1 秒内没有传完" in fetching.said or "太久没有回应" in fetching.said  # both end in the same second
    assert not list(fetching.raw.glob("*"))


def test_more_than_a_notice_can_hold_is_not_kept(fetching: Fetching) -> None:
    sent: list[int] = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while sum(sent) < 100_000_000:
            sent.append(handler.wfile.write(b"<p>" + b"a" * 99_997))

    fetching.site.routes["/x"] = endless
    assert fetching("/x") == 1
    assert "网页超过 10 MB" in fetching.said
    assert sum(sent) < 20_000_000  # it hung up


def test_a_word_file_may_be_larger_than_a_page(fetching: Fetching) -> None:
    limits = Limits(pause=0.0, text=1000, document=3000)
    fetching.site.routes |= {
        "/a.pdf": Answer(b"%PDF-1.7\n" + b"x" * 2000),
        "/b.pdf": Answer(b"%PDF-1.7\n" + b"x" * 4000),
    }
    assert fetching("/a.pdf", limits=limits) == 0
    assert fetching.pages[0].suffix == ".pdf"
    assert fetching("/b.pdf", limits=limits) == 1


def test_a_bomb_is_not_unpacked(fetching: Fetching) -> None:
    bomb = gzip.compress(bytes(50_000_000), 9)
    assert len(bomb) < 100_000
    fetching.site.routes["/x"] = Answer(bomb, headers={**HTML, "Content-Encoding": "gzip"})
    assert fetching("/x") == 1
    assert "网页超过 10 MB" in fetching.said


# Whom it refuses to ask


@pytest.mark.parametrize(
    "url",
    [
        "www.haining.gov.cn/a.html", "ftp://www.haining.gov.cn/", "file:///etc/passwd", "gopher://a.cn/", "javascript:1",
        "http://", "http:///a", "https://u:p@www.haining.gov.cn/", "http://www.haining.gov.cn@10.0.0.1/", "http://intranet/",
        "http://a b.cn/", "http://a.cn\\@10.0.0.1/", "http://a.cn/\r\nHost: b", "http://a..cn/", "http://a.cn:99999/",
        "http://a.cn:x/", "http://[::g]/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://0x7f.0.0.1/", "http://127.0.0.256/", "http://１２７.１/", "http://localhost/", "http://x.localhost/",
        "http://printer.local/", "http://db.internal/", "http://nas.lan/", "http://LOCALHOST./", "http://a.cn/" + "a" * 2000,
        "http://a.cn/\udce4", "http://-a.cn/", "",
    ],
)  # fmt: skip
def test_addresses_that_are_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(url)
    assert refusal.value.reason.endswith("。")


def test_addresses_are_written_as_servers_expect_them() -> None:
    assert parse("HTTPS://WWW.Haining.gov.cn:443/通知 公告".replace(" ", "")).url == (
        "https://www.haining.gov.cn/%E9%80%9A%E7%9F%A5%E5%85%AC%E5%91%8A"
    )
    assert parse("http://a.cn?id=1&b=%E4#x").url == "http://a.cn/?id=1&b=%E4"
    assert parse("http://政府.cn/").host == "xn--mxtq1m.cn"
    assert parse("http://８.８.８.８/").host == "8.8.8.8"


PRIVATE = [
    "127.0.0.1",
    "127.255.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "0.0.0.0",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "fec0::1",
    "2001:db8::1",
    "3fff::1",
    "2001::1",
    "100::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "fe80::1%eth0",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2400:3200::1",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2002:808:808::",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_of_this_and_no_network(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_wrapped(ip: object) -> None:
    plain = ip_address(str(ip))
    wrapped = [ip_address(f"::ffff:{plain}"), ip_address(f"64:ff9b::{plain}")]
    assert {is_public(one) for one in wrapped} == {is_public(plain)}


@pytest.mark.parametrize("text", [t for t in PRIVATE if t != "fe80::1%eth0"])
def test_private_addresses_are_not_connected_to(fetching: Fetching, text: str) -> None:
    host = f"[{text}]" if ":" in text else text
    assert fetching(f"http://{host}/a.html") == 1
    assert "没有连接" in fetching.said
    assert fetching.site.log == []


class Names:
    """A name server that gives the answers of `turns` one after the other, and counts how often it was asked."""

    def __init__(self, *turns: Sequence[str]) -> None:
        self.turns, self.asked = list(turns), 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


def test_a_name_is_asked_for_by_its_name(fetching: Fetching) -> None:
    names = Names(["127.0.0.1"])
    url = f"http://www.haining.gov.cn:{fetching.site.port}/a.html"
    assert fetching(url, guard=fetching.site.guard._replace(resolve=names)) == 0
    assert fetching.site.log[-1].headers["host"] == f"www.haining.gov.cn:{fetching.site.port}"
    assert names.asked == len(fetching.site.log)  # once a connection: what was checked is what is connected to


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(fetching: Fetching) -> None:
    """DNS rebinding: the address checked is the address connected to, and every connection is checked."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    url = f"http://www.haining.gov.cn:{fetching.site.port}/a.html"
    assert fetching(url, guard=fetching.site.guard._replace(resolve=names)) == 1
    assert "指向本机、内部网络或保留的地址 10.0.0.1" in fetching.said
    assert fetching.site.paths == ["/robots.txt"]


@pytest.mark.parametrize("answers", [["8.8.8.8", "192.168.1.1"], ["::1", "8.8.8.8"], ["fe80::1%2"], ["nonsense"]])
def test_one_private_answer_among_public_ones_is_enough_to_refuse(fetching: Fetching, answers: list[str]) -> None:
    guard = Guard(resolve=Names(answers))
    assert fetching("http://www.haining.gov.cn/a.html", guard=guard) == 1
    assert "没有连接" in fetching.said


def test_only_the_trusted_port_is_open(fetching: Fetching, tmp_path: Path) -> None:
    """The test's own permission is for one server; another on this machine stays closed."""
    with website({"/a.html": Answer(NOTICE)}) as other:
        fetching.site.routes["/go"] = moved(f"{other.url}/a.html")
        assert fetching("/go") == 1
        assert other.log == []


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 6379, 11211, 65535])
def test_ports_of_other_services_are_refused(fetching: Fetching, port: int) -> None:
    assert fetching(f"http://8.8.8.8:{port}/", guard=Guard()) == 1
    assert f"端口 {port} 不是网站常用的端口" in fetching.said


def test_a_server_that_is_not_there_is_said_in_words(fetching: Fetching) -> None:
    with website({}) as gone:
        url, guard = f"{gone.url}/a.html", gone.guard
    assert fetching(url, guard=guard) == 1
    assert "连不上" in fetching.said


def test_encryption_that_cannot_be_had_is_said_in_words(fetching: Fetching) -> None:
    assert fetching(f"https://127.0.0.1:{fetching.site.port}/a.html") == 1
    assert "加密连接失败" in fetching.said


# Names and sidecars


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_names_are_safe_whatever_the_address(path: str, query: str) -> None:
    try:
        address = parse(f"http://www.haining.gov.cn/{path}?{query}")
    except Unreadable:
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem(address.url))
    assert len(stem(address.url)) <= 120


def test_pages_that_differ_only_in_the_query_have_names_of_their_own() -> None:
    assert stem("http://a.cn/art?id=1") != stem("http://a.cn/art?id=2")
    assert stem("http://www.haining.gov.cn/art/2022/3/1/art_1.html").startswith(
        "www-haining-gov-cn-art-2022-3-1-art-1-"
    )


@given(
    st.text(st.characters(min_codepoint=32, categories=("L", "N", "P", "S", "Zs"))),
    st.text(st.characters(min_codepoint=32, max_codepoint=126)),
)
def test_a_sidecar_is_read_back_as_it_was_written(asked: str, header: str) -> None:
    assert tomllib.loads(sidecar_text({"asked": asked, "status": 200}, {"etag": header})) == {
        "asked": asked,
        "status": 200,
        "headers": {"etag": header},
    }


def test_the_same_address_twice_is_asked_for_once(fetching: Fetching) -> None:
    fetching("/a.html", "/a.html")
    assert fetching.site.paths == ["/robots.txt", "/a.html"]

"""The gate finds every fault that is planted in a copy of a real built site, and names the file and the fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.publish.gate import check_site, tags

KEPT = (
    "about",
    "assets",
    "notices/zhejiang-2020",
    "404.html",
    "feed.xml",
    "sitemap.xml",
    "data/notices/zhejiang-2020.json",
)
PAGE = "about/index.html"
Planted = tuple[Path, Callable[[], list[str]]]


@pytest.fixture(scope="module")
def small(site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, frozenset[str]]:
    """A few files of the site, its docs, and what the gate says of them: the pages left out are missed."""
    copy = tmp_path_factory.mktemp("gate") / "site"
    for name in KEPT:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (site / name).is_dir():
            shutil.copytree(site / name, target, ignore=shutil.ignore_patterns("source", "lunr"))
        else:
            shutil.copyfile(site / name, target)
    docs = site.parent / "docs"
    known = check_site(copy, docs)
    assert all("指向的文件不存在" in fault for fault in known), known
    return copy, docs, frozenset(known)


@pytest.fixture
def planted(small: tuple[Path, Path, frozenset[str]]) -> Iterator[Planted]:
    """The copy, and a function that asks the gate what is new in it; afterwards the copy is as it was."""
    copy, docs, known = small
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}

    def asked() -> list[str]:
        return [fault for fault in check_site(copy, docs) if fault not in known]

    yield copy, asked
    for path in sorted(copy.rglob("*"), reverse=True):
        if path.is_symlink() or (path.is_file() and path not in before):
            path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def test_a_good_site_passes(site: Path) -> None:
    assert check_site(site, site.parent / "docs") == []


#: What stands in the article, and what the gate says.
MARKUP = {
    # leads nowhere
    "<a href='../nowhere/'>x</a>": "指向的文件不存在",
    "<a href='#nowhere'>x</a>": "指向的位置不存在",
    "<a href='../../../../etc/passwd'>x</a>": "指向的文件不存在",
    # runs
    "<p onclick='x()'>x</p>": "事件属性 onclick",
    "<p ONPOINTERRAWUPDATE=x>x</p>": "事件属性",
    "<svg onload='x()'></svg>": "事件属性",
    "<script>alert(1)</script>": "页内脚本不是本站写的",
    "<script type='text/plain'>x</script>": "页内脚本不是本站写的",
    "<script type='application/json'>{</script>": "数据读不懂",
    "<script type='application/ld+json'><!-- {}</script>": "里面有注释",
    "<script src='https://a.example/x.js'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='//a.example/x.js'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='/\\a.example/x.js'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='../assets/none.js'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='../data/notices/zhejiang-2020.json'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='../assets/yaodian-site.js?x'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='data:text/javascript,alert(1)'></script>": "不是本站 docs/assets/ 里的脚本",
    "<script src='../assets/yaodian-site.js'>alert(1)</script>": "里面还写着脚本",
    "<script src='../assets/yaodian-site.js' type='module' integrity='x'></script>": "属性 integrity",
    "<svg><script>alert(1)</script></svg>": "页内脚本不是本站写的",
    "<svg><foreignobject></foreignobject></svg>": "<foreignobject>，不是本站写的",
    "<svg><animate attributename='href' values='javascript:alert(1)'></animate></svg>": "<animate>，不是本站写的",
    "<svg><set attributename='onclick' to='x'></set></svg>": "<set>，不是本站写的",
    "<svg><use href='#x'></use></svg>": "<use>，不是本站写的",
    "<math><mtext></mtext></math>": "<math>，不是本站写的",
    # addresses that run
    "<a href=' javascript:x'>x</a>": "可执行的地址",
    "<a href='java&#10;script:x'>x</a>": "可执行的地址",
    "<a href='java&Tab;script&colon;x'>x</a>": "可执行的地址",
    "<a href='&#1;javascript:x'>x</a>": "可执行的地址",
    "<a href='JaVaScRiPt:x'>x</a>": "可执行的地址",
    "<a href='vbscript:x'>x</a>": "可执行的地址",
    "<a href='data:text/html,x'>x</a>": "可执行的地址",
    "<a href='data:application/xhtml+xml,x'>x</a>": "可执行的地址",
    "<a href='data:image/svg+xml,x'>x</a>": "可执行的地址",
    "<a href='blob:http://x/'>x</a>": "可执行的地址",
    "<a href='file:///etc/passwd'>x</a>": "可执行的地址",
    "<a href='http://['>x</a>": "不是网址",
    "<svg><a xlink:href='javascript:x'>x</a></svg>": "可执行的地址",
    "<button formaction='javascript:x'>x</button>": "可执行的地址",
    "<form action='javascript:x'></form>": "可执行的地址",
    "<img src='javascript:x' alt=''>": "可执行的地址",
    "<img src='data:image/svg+xml,x' alt=''>": "可执行的地址",
    # holds another page, or leads away
    "<iframe src='/'></iframe>": "<iframe>，不是本站写的",
    "<iframe srcdoc='x'></iframe>": "不应当带有 srcdoc",
    "<object data='x'></object>": "<object>，不是本站写的",
    "<embed src='x'>": "<embed>，不是本站写的",
    "<portal src='x'></portal>": "<portal>，不是本站写的",
    "<meta http-equiv='Refresh' content='0;url=x'>": "自动跳转",
    "<meta http-equiv='set-cookie' content='x'>": "自动跳转或改变读法",
    "<base href='https://a.example/'>": "指向别的网站",
    "<base href='../'>": "<base>，不是本站写的",
    "<form action='https://a.example/'></form>": "送到别的网站",
    "<form action='//a.example/'></form>": "送到别的网站",
    "<a href='https://a.example/' ping='https://b.example/'>x</a>": "不应当带有 ping",
    "<a href='https://a.example/' target='_blank'>x</a>": "rel=noopener",
    "<a href='https://a.example/' target='other' rel='noopener'>x</a>": "打开新窗口",
    # loads from elsewhere
    "<img src='https://cdn.example.com/x.png' alt=''>": "要从别的网站取文件",
    "<img srcset='https://a.example/x.png 2x' alt=''>": "要从别的网站取文件",
    "<video poster='https://a.example/x.png'></video>": "<video>，不是本站写的",
    "<svg><image href='https://a.example/x.png'></image></svg>": "要从别的网站取文件",
    "<link rel='ICON' href='https://a.example/x.ico'>": "要从别的网站取文件",
    "<link rel='import' href='../assets/yaodian.css'>": "<link rel=import> 不是本站写的",
    "<link rel='preload' href='../assets/yaodian.css'>": "<link rel=preload> 不是本站写的",
    "<link rel='alternate stylesheet' href='../assets/yaodian.css'>": "不是本站写的",
    "<link rel='stylesheet' href='../about/index.html'>": "样式表 ../about/index.html 不是本站的",
    "<link rel='stylesheet' href='https://a.example/x.css'>": "不是本站的",
    # looks
    "<p style='position:fixed'>x</p>": "style 属性",
    "<p style='background:url(https://a.example/x)'>x</p>": "style 属性",
    "<style>* { display: none }</style>": "<style>，不是本站写的",
    # names
    "<b id='d'></b><b id='d'></b>": "出现了两次",
    "<b id='Notice'></b>": "编号 Notice 不合规则",
    "<b id='概述'></b>": "编号 概述 不合规则",
    "<b id='a b'></b>": "编号 a b 不合规则",
    "<b id='__x'></b>": "编号 __x 不合规则",
    "<b id='L1'></b>": "编号 L1 不合规则",
    "<b name='location'></b>": "属性 name，不是本站写的",
    "<b is='x-y'></b>": "属性 is，不是本站写的",
    "<x-y></x-y>": "<x-y>，不是本站写的",
    # what two parsers could read in two ways
    "a < b": "不是规整的标签",
    "<b/onclick=x>": "不是规整的标签",
    "<b title='x>y</b>": "不是规整的标签",
    "<b title=x\"y>y</b>": "不是规整的标签",
    "<!-- -- --!> x -->": "不是规整的标签",
    "<![CDATA[x]]>": "不是规整的标签",
    "<?php x ?>": "不是规整的标签",
    "<b title='a' title='b'></b>": "同一个属性写了两次",
    "<script>": "页内脚本不是本站写的",
    "<title><b>x</b></title>": "<title>，不是本站写的",
    "<noscript><b></b></noscript>": "<noscript>，不是本站写的",
    "<plaintext>": "<plaintext>，不是本站写的",
}  # fmt: skip


@pytest.mark.parametrize("fault", MARKUP)
def test_markup_that_is_not_ours(planted: Planted, fault: str) -> None:
    copy, asked = planted
    page = copy / PAGE
    text = page.read_text("utf-8")
    page.write_text(text.replace("</article>", f"{fault}</article>"), encoding="utf-8", newline="")
    found = asked()
    assert any(one.startswith(f"{PAGE}：") and MARKUP[fault] in one for one in found), found


def test_a_page_without_its_policy(planted: Planted) -> None:
    copy, asked = planted
    page = copy / PAGE
    page.write_text(page.read_text("utf-8").replace("Content-Security-Policy", "X"), encoding="utf-8")
    assert any("没有写明安全策略" in one for one in asked())


@pytest.mark.parametrize(("old", "new"), [("try{", "alert(1);try{"), ("<style>", "<style>*{display:none}")])
def test_the_inline_blocks_of_the_404_page_are_known(planted: Planted, old: str, new: str) -> None:
    copy, asked = planted
    page = copy / "404.html"
    page.write_text(page.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    assert any(one.startswith("404.html：页内") and "不在清单里" in one for one in asked())


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'
SVG = '<svg xmlns="http://www.w3.org/2000/svg">'
#: Path below the site, what is in it, what the gate says.
FILES = [
    ("assets/yaodian-site.js", "alert(1)", "脚本不是本站 docs/assets/ 里的"),
    ("assets/new.js", "alert(1)", "脚本不是本站 docs/assets/ 里的"),
    ("about/x.mjs", "alert(1)", "不认识 .mjs 这种文件"),
    ("about/x.htm", "<p>", "不认识 .htm 这种文件"),
    ("about/x.xhtml", "<p>", "不认识 .xhtml 这种文件"),
    ("about/x.php", "<?php", "不认识 .php 这种文件"),
    ("about/x", "<p>", "不认识 没有扩展名 这种文件"),
    ("about/x.svg", f"{SVG}<script>alert(1)</script></svg>", "图里有 <script>"),
    ("about/x.svg", f"{SVG}<foreignObject/></svg>", "图里有 <foreignObject>"),
    ("about/x.svg", f"{SVG}<rect onclick='x'/></svg>", "属性 onclick"),
    ("about/x.svg", f"{SVG}<a href='javascript:x'/></svg>", "属性 href"),
    ("about/x.svg", f"{SVG}<rect fill='url(https://a.example/x)'/></svg>", "属性 fill"),
    ("about/x.svg", f"<!DOCTYPE svg [<!ENTITY x 'y'>]>{SVG}</svg>", "文档类型"),
    ("about/x.svg", f"<?xml-stylesheet href='x'?>{SVG}</svg>", "处理指令"),
    ("about/x.svg", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "图里有 <html>"),
    ("about/x.svg", SVG, "不是规整的 SVG"),
    ("feed.xml", f"{ATOM}<script xmlns='http://www.w3.org/1999/xhtml'/></feed>", "<script> 不属于订阅"),
    ("feed.xml", f"{ATOM}<link href='javascript:x'/></feed>", "可执行的地址"),
    ("feed.xml", f"<?xml-stylesheet href='x'?>{ATOM}</feed>", "处理指令"),
    ("feed.xml", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "不认识以 <html> 为根的 XML"),
    ("feed.xml", "<feed>", "不是规整的 XML"),
    ("data/notices/zhejiang-2020.json", '{"title": "', "不是完整的 JSON"),
    ("data/corpus.jsonl", '{"a": 1}\n{', "第 2 行不是完整的 JSON"),
    ("assets/x.css", "@import 'https://a.example/x.css'", "样式表要从别的网站取文件"),
    ("assets/x.css", "p { background: url(//a.example/x) }", "样式表要从别的网站取文件"),
    ("about/空白/x.txt", "", "文件名只能用小写字母"),
    ("about/Index.txt", "", "文件名只能用小写字母"),
    ("about/a b.txt", "", "文件名只能用小写字母"),
    ("about/a_b.txt", "", "文件名只能用小写字母"),
    ("about/-rf..txt", "", "文件名只能用小写字母"),
    ("about/.hidden.txt", "", "文件名只能用小写字母"),
    ("about/a\nb.txt", "", "about/a\\u000ab.txt"),
    ("about/con.txt", "", "Windows 保留的名称"),
    ("notices/nul/x.txt", "", "Windows 保留的名称"),
    ("about/com1.txt", "", "Windows 保留的名称"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), FILES)
def test_files_that_are_not_ours(planted: Planted, name: str, content: str, says: str) -> None:
    copy, asked = planted
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text(content, encoding="utf-8")
    found = asked()
    assert any(says in one and one.startswith(name[:5]) for one in found), found


def test_a_link_out_of_the_site(planted: Planted) -> None:
    copy, asked = planted
    (copy / "about/x.txt").symlink_to("/etc/hostname")
    assert any(one.startswith("about/x.txt：是指向别处的链接") for one in asked())


def test_a_page_that_cannot_be_read(planted: Planted) -> None:
    copy, asked = planted
    (copy / PAGE).write_bytes(b"\xff\xfe<p>")
    assert any(one.startswith(f"{PAGE}：是空的") for one in asked())


def test_an_empty_site(tmp_path: Path) -> None:
    assert "没有任何页面" in check_site(tmp_path, tmp_path)[0]


PIECES = [
    *("<p>", "</p>", "<P>", "<br/>", '<a href="x">', '<a href="x>y">', '<a title="<p>">', "<a b='\"'>", "<a x=1 X=2>"),
    *(
        "<p a =x>",
        "<p a=x/>",
        "<é>",
        "<scripts>",
        "<script>",
        '<script src="x">',
        "</script>",
        "</SCRIPT >",
        "<SCRIPT>",
    ),
    *("<style>", "</style>", "<!doctype html>", "<!--", "-->", "<!-->", "<!-- x -->", "<!-- <p> -->", " x ", "<", ">"),
    *('="y"', '"', "'", "-"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_tags_that_are_read_together_are_those_that_are_read_one_by_one(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert tags.read_tags(text) == tags._one_by_one(text)

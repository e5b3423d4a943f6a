"""The whole site as a ZIP that opens from a folder: no server, no request to anywhere, search included."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import Unreadable
from .archive import DAY
from .search.fallback import write_fallback

NAME = "yaodian-offline.zip"
#: Notices of an offline copy: its search reads whole texts into the browser, and more than this is slow to start.
MOST = 1000
FOLDER = "yaodian"
#: What only a server or a search engine has a use for.
LEFT_OUT = shutil.ignore_patterns(
    "pagefind", "nginx-headers.conf", "404.html", "feed.xml", "sitemap*.xml", "robots.txt"
)
SCRIPT = "assets/yaodian-folders.js"
README = """要点：离线版

打开
  把这个压缩包全部解压，再双击文件夹里的 index.html，用浏览器打开。不要在压缩包里直接打开。
  不需要联网，不需要安装任何东西；检索也能用。

放到内网
  共享文件夹：把整个 yaodian 文件夹复制过去，让大家打开里面的 index.html。
  内网服务器：把 yaodian 文件夹的内容放到任意目录即可。要给大家长期使用，最好放联网版（make site 生成的 site 文件夹）：
  通知多的时候它的检索更快，网址也更短。

引用
  从离线版复制的网址，别人打不开。给别人时请写标题、文号和第几项，或用联网版的网址。

更新
  文件夹里的内容不会自己更新。拿到新的压缩包，先删去旧文件夹，再解压。
"""
_TAG = re.compile(r"""<(?:a|area|form|link)\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.I)
_ADDRESS = re.compile(r"""(\b(?:href|action)=)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FEED = re.compile(r"""<link\b[^>]*application/atom\+xml[^>]*>\s*""", re.I)
_POLICY = re.compile(r"""(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)""")


def make_offline(site: Path, target: Path, most: int = MOST) -> Path:
    """Pack the built `site` into the ZIP file `target`, the same bytes from run to run; returns `target`.

    Raises Unreadable where there is no built site, or one of more than `most` notices; OSError where the file cannot be
    written.
    """
    if not (site / "index.html").is_file():
        raise Unreadable("no-site", f"{site} 里还没有网站，离线版没有生成。请先运行 make site。")
    notices = sum(1 for _ in (site / "data" / "notices").glob("*.json"))
    if notices > most:
        raise Unreadable(
            "offline-size",
            f"这个网站有{notices}份通知，离线版没有生成：它的检索要把全文读进浏览器，最多{most}份。"
            f"要在内网用，请把 {site} 文件夹放到内网服务器上，检索同样能用；只要数据，请用“数据下载”一页的压缩包。"
            "一定要离线版，请另建一个 raw/，只放要用的那些通知，再生成。",
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / FOLDER
        shutil.copytree(site, copy, ignore=LEFT_OUT)
        write_fallback(copy)
        for page in copy.rglob("*.html"):
            text = page.read_bytes().decode("utf-8", "surrogateescape")
            page.write_bytes(for_folder(text, page, copy).encode("utf-8", "surrogateescape"))
        (copy / "说明.txt").write_bytes(README.replace("\n", "\r\n").encode("utf-8-sig"))
        target.parent.mkdir(parents=True, exist_ok=True)
        _pack(copy, target)
    return target


def for_folder(text: str, page: Path, root: Path) -> str:
    """The HTML of `page` for opening from a folder: links name files, and the policy allows files beside it.

    The canonical address stays: it loads nothing, and a citation needs the address that others can open.
    """
    text = _FEED.sub("", text)
    text = _TAG.sub(lambda tag: _ADDRESS.sub(lambda found: _completed(found, page), tag[0]), text)
    text = _POLICY.sub(lambda found: found[1] + found[2].replace("'self'", "'self' file:") + found[3], text)
    script = f'<script src="{Path(os.path.relpath(root / SCRIPT, page.parent)).as_posix()}" defer></script>\n'
    return text.replace("</head>", f"{script}</head>", 1)


def _completed(found: re.Match[str], page: Path) -> str:
    """An attribute whose address, if it leads to a folder with a page, names the page."""
    address = unescape(found[2] or found[3] or found[4] or "")
    try:
        parts = urlsplit(address)
    except ValueError:  # no address: left as it is, and named by the gate
        return found[0]
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return found[0]
    if not (page.parent / unquote(parts.path) / "index.html").is_file():
        return found[0]
    rest = address[len(parts.path) :]
    return f'{found[1]}"{escape(parts.path.rstrip("/") + "/index.html" + rest)}"'


def _pack(folder: Path, target: Path) -> None:
    """Every file below `folder` into a ZIP that differs only where the files do."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, on every system: the field would tell them apart
            member.external_attr = 0o100644 << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)

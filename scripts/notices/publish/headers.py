"""deploy/nginx-headers.conf in the built site: the same policy as in the pages, and the other headers, for nginx."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urlsplit

from .redirects import Move
from .seal import NONE, Inline, policy

TARGET = "deploy/nginx-headers.conf"
#: Pagefind's files come from here: a worker obeys the policy that its own script is served with.
WASM_FOLDERS = ("search", "pagefind")
#: Files with a checksum in their names.
LASTING = ("assets/stylesheets", "pagefind/(?:[a-z]+/(?:[0-9]+/)?)?(?:fragment|index)")
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_SNIPPET = """\
# 由 make site 生成。在 nginx 的 server {{ … }} 里写一行 include 引入；做法见“部署”一页。
# 本文件按网站放在 {root} 写成；放在别的目录，请先在 mkdocs.yml 里填 site_url，再运行 make site。

charset utf-8;
charset_types text/css text/plain text/csv text/xml application/javascript text/javascript application/json
              application/xml application/atom+xml;
gzip on;
gzip_vary on;
gzip_min_length 1024;
gzip_types text/css text/plain text/csv text/xml application/javascript text/javascript application/json
           application/xml application/atom+xml image/svg+xml application/wasm;

# 安全策略：只运行本站自己的脚本和样式；检索一页另外要用 WebAssembly。
set $yaodian_csp "{csp}";
if ($uri ~ ^{pattern}(?:{wasm_folders})/) {{
  set $yaodian_csp "{wasm}";
}}
add_header Content-Security-Policy $yaodian_csp always;
{headers}
# 全站都用 https 并且不再退回以后，去掉下一行开头的 #：
# add_header Strict-Transport-Security "max-age=31536000" always;

# 网页和数据 10 分钟后再问服务器有没有变；文件名里带校验码的可以放一年。
set $yaodian_keep 10m;
if ($uri ~ ^{pattern}(?:{lasting})/) {{
  set $yaodian_keep 1y;
}}
expires $yaodian_keep;

error_page 404 {root}404.html;
{moved}"""


def write_headers(site: Path, inline: Inline, moves: Iterable[Move], site_url: str) -> Path:
    """The snippet, for a site at the path of `site_url` ("/" where it is ""), whose pages together hold `inline`.

    It holds no `location`, so that it fits a server with `root`, `alias` or a proxy alike.
    """
    root = urlsplit(site_url).path or "/"
    ancestors = f"; frame-ancestors {NONE}"  # means something in a header alone
    moved = [f"rewrite ^{re.escape(root + m.old)}$ {quote(root + m.new, safe='/#')} permanent;\n" for m in moves]
    text = _SNIPPET.format(
        root=root,
        pattern=re.escape(root),
        csp=policy(inline) + ancestors,
        wasm=policy(inline, wasm=True) + ancestors,
        wasm_folders="|".join(WASM_FOLDERS),
        lasting="|".join(LASTING),
        headers="\n".join(f'add_header {name} "{value}" always;' for name, value in HEADERS),
        moved="".join(["\n# 换过网址的页面：\n", *moved]) if moved else "",
    )
    target = site / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target

"""Web addresses as a person types them or a site redirects to them: what is asked for, or a refusal in words."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from ..errors import Unreadable

#: Ports that web sites are found on.  Others (mail, databases, remote shells) are refused: a page in the wild must not
#: be able to make this machine speak to them.
PORTS = frozenset((80, 81, 443, *range(8000, 10_000)))
LONGEST = 2000  # characters of an address
#: Names that mean this machine or this network (RFC 6761, RFC 6762, RFC 8375, ICANN on .internal, and common habit).
LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "home.arpa")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63})+")
_QUAD = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_SAFE = "%/:=&?~#+!$,;'@()*[]-._|"  # what stays as it is in path and query


class Address(NamedTuple):
    """An http or https address taken apart.  `host` is a name in ASCII or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, as the server is asked for them

    @property
    def origin(self) -> str:
        """scheme://host[:port], as browsers write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{host}" + ("" if self.port == usual else f":{self.port}")

    @property
    def url(self) -> str:
        """The whole address in ASCII, without a fragment."""
        return self.origin + self.target


def parse(url: str) -> Address:
    """The address that `url` means.  Raises Unreadable("url") for anything but plain http and https.

    Spellings on which programs disagree (back slashes, user names, numbers for addresses) are refused, not guessed at.
    """
    shown = url if url.isprintable() and len(url) <= LONGEST else "（含有看不见的字符，或太长）"
    if len(url) > LONGEST or not url.isprintable() or re.search(r"[\s\\]", url) or not _encodable(url):
        raise _refused(shown, "里面有空格、反斜杠或看不见的字符，或者太长。请从浏览器的地址栏重新复制")
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise _refused(shown, "写法有错。请从浏览器的地址栏重新复制") from error
    if parts.scheme not in ("http", "https"):
        raise _refused(shown, "不是以 http:// 或 https:// 开头的网址。请写完整的网址")
    if "@" in parts.netloc:
        raise _refused(shown, "带有用户名或密码（@ 之前的部分）。请去掉；要登录才能看的页面不能抓取")
    if not name:
        raise _refused(shown, "没有写网站的名称")
    port = {"http": 80, "https": 443}[parts.scheme] if port is None else port
    path = quote(parts.path, safe=_SAFE) or "/"
    query = quote(parts.query, safe=_SAFE)
    return Address(parts.scheme, host_of(name, shown), port, f"{path}?{query}" if query else path)


def host_of(name: str, shown: str) -> str:
    """The host `name` in lower-case ASCII.  Raises Unreadable for names of this network and for odd spellings.

    A last label that is a number makes the whole an IPv4 address (WHATWG URL, "ends in a number"): it must then be
    four decimal numbers, as 2130706433, 0177.0.0.1 and 0x7f.1 are all read as 127.0.0.1 by some program.
    """
    if ":" in name:
        return name  # an IPv6 address: hosts.py judges it
    try:
        host = name.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as error:
        raise _refused(shown, "网站名称写法有错。请从浏览器的地址栏重新复制") from error
    if _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        if not _QUAD.fullmatch(host) or any(int(part) > 255 for part in host.split(".")):
            raise _refused(shown, "用数字写的地址不合规范。请写网站的名称")
        return host
    if any(host == word or host.endswith(f".{word}") for word in LOCAL):
        raise _refused(shown, "是本机或内部网络的名称，不抓取。内网的页面请用浏览器打开后另存到 raw/")
    if not _NAME.fullmatch(host):
        raise _refused(shown, "网站名称不完整或写法有错。请从浏览器的地址栏重新复制")
    return host


def redirected(address: Address, location: str) -> Address:
    """Where a redirect from `address` leads.  Raises Unreadable, also where it would leave encryption."""
    with suppress(UnicodeError):  # servers write Chinese as it is, and http.client reads Latin-1
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = parse(urljoin(address.url, location.strip()))
    except ValueError as error:
        raise Unreadable("redirect", "网站转到的网址写法有错。请用浏览器打开网页，另存到 raw/。") from error
    except Unreadable as error:
        raise Unreadable("redirect", f"网站把它转到了别处，而转到的{error.reason}") from error
    if address.scheme == "https" and target.scheme == "http":
        raise Unreadable(
            "redirect",
            f"网站从加密的网址转到不加密的 {target.url}，途中可能被人改动，没有跟过去。"
            "如果浏览器里也是这样，请直接抓取这个 http 网址。",
        )
    return target


def _encodable(url: str) -> bool:
    try:
        url.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refused(shown: str, why: str) -> Unreadable:
    return Unreadable("url", f"网址 {shown} {why}。")

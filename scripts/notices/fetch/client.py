"""A polite client: robots.txt, one request a second a host, redirects followed one checked step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ..errors import Unreadable
from ..read.formats import OLE
from .hosts import Guard
from .media import refuse_media
from .robots import NAME, Robots
from .transport import Limits, Reply, exchange
from .url import Address, redirected

VERSION = "1.0"
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
KEPT = ("content-type", "content-length", "content-encoding", "last-modified", "etag", "date")
_DOCUMENTS = (b"%PDF-", b"PK\x03\x04", OLE)  # the first bytes of PDF, Word and older Word files
_WORDS = {
    401: "这个页面要登录才能看。请登录后用浏览器另存到 raw/",
    403: "网站不让看这个页面。若用浏览器打得开，请另存到 raw/",
    404: "网站上没有这个页面。请核对网址，或找它的新网址",
    410: "这个页面已经撤下。请找它的新网址",
    412: "网站的防护要求用浏览器访问。请用浏览器打开，另存到 raw/",
    429: "网站嫌请求太多。请过些时候再试",
    503: "网站正忙或在维护。请过些时候再试",
}


class Page(NamedTuple):
    """A page as received.  status is 200, or 304 with no content where the copy kept is still the page."""

    url: str  # where it was found, after redirects
    status: int
    headers: dict[str, str]
    content: bytes


Validators = Callable[[str], Mapping[str, str]]  # from an address to If-None-Match and If-Modified-Since for it


class Client:
    """Fetches pages one after another.  `contact`: a mailbox or address that a site's keeper can turn to, or ""."""

    def __init__(self, contact: str = "", limits: Limits | None = None, guard: Guard | None = None) -> None:
        self._limits = limits or Limits()
        self._guard = guard or Guard()
        self._robots = Robots(self._robots_file)
        self._free: dict[str, float] = {}  # host → the moment from which it may be asked again
        #: identity: the bytes that are kept are then the bytes that the server has.
        self._headers = {
            "User-Agent": f"{NAME}/{VERSION}" + (f" (+{contact})" if contact else ""),
            "Accept": "text/html,application/xhtml+xml,text/plain,application/pdf,*/*;q=0.5",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "identity",
        }

    def get(self, address: Address, validators: Validators) -> Page:
        """The page at `address`, redirects followed.  Raises Unreadable with the reason for the maintainer."""
        seen: list[str] = []
        while True:
            if address.url in seen:
                raise Unreadable(
                    "loop", "网站在几个网址之间转来转去，可能要求浏览器验证。请用浏览器打开，另存到 raw/。"
                )
            if len(seen) > MOST_REDIRECTS:
                reason = f"网站转了 {MOST_REDIRECTS} 次以上还没有到网页，没有抓取。请用浏览器打开，另存到 raw/。"
                raise Unreadable("redirect", reason)
            seen.append(address.url)
            try:
                found = self._step(address, validators(address.url), self._delay(address))
            except Unreadable as error:
                if len(seen) == 1:
                    raise
                raise Unreadable(error.code, f"网站把它转到了 {address.url}。{error.reason}") from error
            if isinstance(found, Page):
                return found
            address = redirected(address, found)

    def _delay(self, address: Address) -> float:
        """Seconds between requests to the address's host.  Raises Unreadable where robots.txt forbids the address."""
        permit = self._robots.permit(address)
        if not permit.allowed:
            reason = f"网站的 robots.txt 不允许程序抓取 {address.url}，没有抓取。请用浏览器打开，另存到 raw/。"
            raise Unreadable("robots", reason)
        if permit.delay > self._limits.patience:
            reason = (
                f"网站的 robots.txt 要求每次相隔 {permit.delay:g} 秒，超过 {self._limits.patience:g} 秒，没有抓取。"
                "请用浏览器打开，另存到 raw/。"
            )
            raise Unreadable("robots", reason)
        return max(permit.delay, self._limits.pause)

    def _step(self, address: Address, extra: Mapping[str, str], delay: float) -> Page | str:
        """The page, or the Location that the site names instead.  A busy site is asked once more, when it says so."""
        for again in (True, False):
            with self._asking(address, extra, delay) as reply:
                if reply.status in REDIRECTS and reply.location():
                    return reply.location()
                if reply.status == 200 or (reply.status == 304 and extra):
                    return self._page(address, reply)
                wait = _retry_after(reply) if reply.status in BUSY else None
                if not again or wait is None or wait > self._limits.patience:
                    raise _refusal(reply.status, wait)
            time.sleep(wait)
        raise AssertionError("unreachable: the second answer returns or raises")

    @contextmanager
    def _asking(self, address: Address, extra: Mapping[str, str], delay: float) -> Iterator[Reply]:
        """One request, not before the host's turn; the next turn is counted from the end of this one."""
        ips = self._guard.addresses(address)
        time.sleep(max(0.0, self._free.get(address.host, 0.0) + delay - time.monotonic()))
        try:
            with exchange(address, ips, {**self._headers, **extra}, self._limits) as reply:
                yield reply
        finally:
            self._free[address.host] = time.monotonic()

    def _page(self, address: Address, reply: Reply) -> Page:
        """The answer read to its end.  Raises Unreadable for what is no notice, and for too much of it."""
        headers = {name: value for name in KEPT if (value := reply.header(name))}
        if reply.status == 304:
            return Page(address.url, 304, headers, b"")
        refuse_media(headers.get("content-type", ""))
        content = bytearray()
        for portion in reply.chunks():
            content += portion
            limit = self._limits.document if content.startswith(_DOCUMENTS) else self._limits.text
            if len(content) > limit:
                reason = f"网页超过 {limit / 1_000_000:g} MB，没有保存。一份通知通常不到 0.2 MB，请核对网址。"
                raise Unreadable("too-large", reason)
        if not content.strip():
            raise Unreadable("empty", "网站回了一个空的页面，没有保存。请用浏览器打开核对，再另存到 raw/。")
        return Page(address.url, 200, headers, bytes(content))

    def _robots_file(self, place: Address) -> tuple[int, bytes]:
        """Status and beginning of a robots.txt, at most five redirects on; beyond them it counts as missing (2.3.1.2)."""
        for _ in range(MOST_REDIRECTS + 1):
            with self._asking(place, {}, self._limits.pause) as reply:
                if reply.status not in REDIRECTS or not reply.location():
                    return reply.status, self._beginning(reply) if reply.status == 200 else b""
                place = redirected(place, reply.location())
        return 404, b""

    def _beginning(self, reply: Reply) -> bytes:
        """The bytes of a robots.txt that are read; what is beyond the limit is left alone, as RFC 9309 2.5 allows."""
        content = bytearray()
        for portion in reply.chunks():
            content += portion
            if len(content) >= self._limits.robots:
                break
        return bytes(content[: self._limits.robots])


def _retry_after(reply: Reply) -> float | None:
    """Seconds that the site asks to wait: a number or a date (RFC 9110, 10.2.3); None where it does not say."""
    text = reply.header("retry-after")
    if text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _refusal(status: int, wait: float | None) -> Unreadable:
    """A status other than 200, in words."""
    words = _WORDS.get(status) or (
        "网站出错了。请过些时候再试" if status >= 500 else "不是一个可以保存的页面。请用浏览器打开，另存到 raw/"
    )
    when = f"（网站说 {_duration(wait)} 以后）" if wait is not None else ""
    return Unreadable("status", f"网站的回应是 {status}：{words}{when}。")


def _duration(seconds: float) -> str:
    return (
        f"{seconds:.0f} 秒"
        if seconds < 120
        else f"{seconds / 60:.0f} 分钟"
        if seconds < 7200
        else f"{seconds / 3600:.0f} 小时"
    )

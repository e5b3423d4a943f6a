"""One request and its answer over a connection to an address that was checked.

Why the standard library: `http.client` speaks HTTP over a socket that is handed to it, which is all that pinning the
checked address takes.  requests and urllib3 (which MkDocs brings along) resolve the name themselves; httpx would be
five packages more.  What is added here: a time limit over the whole exchange, and gzip in bounded portions.
Proxies set in the environment are not used, as the address connected to could not be checked then.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple

from ..errors import Unreadable
from ..read.formats import MAX_BYTES, MAX_TEXT
from .url import Address

_PORTION = 16_384  # bytes read, and bytes unpacked, at a time


class Limits(NamedTuple):
    """Seconds and bytes that one fetch may take."""

    connect: float = 10.0  # until a connection stands
    total: float = 60.0  # for one request with its whole answer
    pause: float = 1.0  # between the end of one request to a host and the next
    patience: float = 60.0  # the longest Crawl-delay and Retry-After that are waited for
    text: int = MAX_TEXT  # bytes of a web page or text, unpacked
    document: int = MAX_BYTES  # bytes of a Word or PDF file
    robots: int = 512_000  # bytes of robots.txt that are read (RFC 9309, 2.5: at least 500 KiB)


class Reply:
    """An answer whose head is read.  Header names are looked up without regard to case."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.length = response.length  # as declared; None where it is not, or the body comes in chunks

    def header(self, name: str) -> str:
        """The header's value in printable ASCII, "" where it is not sent."""
        value = self._response.getheader(name) or ""
        return "".join(c for c in value if " " <= c <= "~").strip()

    def location(self) -> str:
        """The Location header as http.client reads it, in Latin-1."""
        return self._response.getheader("location") or ""

    def chunks(self) -> Iterator[bytes]:
        """The body in portions of at most 16 KiB, unpacked.  Raises Unreadable where it is cut short or packed oddly."""
        packing = self.header("content-encoding").lower()
        if packing in ("", "identity"):
            return self._received()
        if packing in ("gzip", "x-gzip"):
            return _unpacked(self._received())
        raise Unreadable("packing", f"网站用 {packing} 压缩了网页，这里不解。请用浏览器打开网页，另存到 raw/。")

    def _received(self) -> Iterator[bytes]:
        count = 0
        while portion := self._response.read(_PORTION):
            count += len(portion)
            yield portion
        if self.length is not None and count != self.length:
            raise cut_short()


def cut_short() -> Unreadable:
    """The refusal of an answer that is not whole."""
    return Unreadable("cut", "网页没有收完整连接就断了，没有保存。请过些时候再试。")


def _unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """gzip undone, also of several members, never more than a portion in memory."""
    member = zlib.decompressobj(wbits=31)
    begun = False
    for portion in packed:
        while portion:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            yield member.decompress(portion, _PORTION)
            begun, portion = True, member.unconsumed_tail or member.unused_data
    while begun and not member.eof:
        rest = member.decompress(b"", _PORTION)
        if not rest:
            raise cut_short()
        yield rest


@contextmanager
def exchange(address: Address, ips: Sequence[str], headers: Mapping[str, str], limits: Limits) -> Iterator[Reply]:
    """GET `address` from the first of the checked `ips` that answers.  Raises Unreadable.

    The certificate is verified for the name, whatever the address.  When the time is up the connection is shut from
    outside, which ends every wait: for a certificate, for one more header, for one more byte.
    """
    with _connect(address, ips, limits) as bare, _time_limit(bare, limits.total) as expired:
        try:
            with _secured(bare, address) as sock:
                connection = HTTPConnection(address.host, address.port)
                connection.sock = sock
                host = address.origin.split("//", 1)[1]
                connection.request("GET", address.target, headers={"Host": host, "Connection": "close", **headers})
                with connection.getresponse() as response:
                    yield Reply(response)
            if expired.is_set():  # an answer without a length looks whole when it is cut
                raise cut_short()
        except (OSError, HTTPException, zlib.error, Unreadable) as error:
            if expired.is_set():
                reason = f"网站太慢，{limits.total:g} 秒内没有传完，没有保存。请过些时候再试，或用浏览器另存到 raw/。"
                raise Unreadable("time", reason) from error
            raise _in_words(error) from error


def _secured(sock: socket.socket, address: Address) -> socket.socket:
    """The socket itself for http; for https a TLS one, with the certificate verified for the name."""
    if address.scheme == "http":
        return sock
    return ssl.create_default_context().wrap_socket(sock, server_hostname=address.host)


def _connect(address: Address, ips: Sequence[str], limits: Limits) -> socket.socket:
    """A connection to the first of `ips` that takes one."""
    end = time.monotonic() + limits.connect
    for ip in ips:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            sock = socket.create_connection((ip, address.port), timeout=left)
        except OSError:
            continue
        sock.settimeout(limits.total)
        return sock
    raise Unreadable("connect", f"连不上 {address.origin}。请检查网址和这台机器的网络，或过些时候再试。")


@contextmanager
def _time_limit(sock: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Shut the connection down after so many seconds; the event tells that it was.

    It holds a duplicate of the socket, as wrapping a socket for TLS empties the first.
    """
    expired = threading.Event()
    with sock.dup() as twin:

        def shut() -> None:
            expired.set()
            with suppress(OSError):  # closed by the other side already
                twin.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, shut)
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()
            timer.join()


def _in_words(error: Exception) -> Unreadable:
    """What went wrong on the way, for the maintainer."""
    if isinstance(error, Unreadable):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return Unreadable("tls", f"网站的证书没有通过验证（{why}），没有抓取。请用浏览器打开，确认无误后另存到 raw/。")
    if isinstance(error, ssl.SSLError):
        why = error.reason or type(error).__name__
        return Unreadable("tls", f"与网站建立加密连接失败（{why}），没有抓取。请用浏览器打开网页，另存到 raw/。")
    if isinstance(error, zlib.error):
        return Unreadable("packing", "网站传来的压缩数据是坏的，没有保存。请过些时候再试，或用浏览器另存到 raw/。")
    if isinstance(error, TimeoutError):
        return Unreadable("time", "网站太久没有回应，没有保存。请过些时候再试。")
    if isinstance(error, HTTPException):
        return Unreadable("cut", "网站的回应不完整或不合规范，没有保存。请过些时候再试，或用浏览器另存到 raw/。")
    return cut_short()

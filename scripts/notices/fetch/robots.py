"""robots.txt as RFC 9309 says: which addresses may be fetched, and how fast.

Why protego and not urllib.robotparser: the latter takes the first rule that fits, where RFC 9309 (2.2.2) takes the
longest, and reads `*` and `$` in a path as they stand; both go wrong on ordinary files of government sites.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from protego import Protego

from ..errors import Unreadable
from .url import Address

NAME = "Yaodian"  # what a robots.txt calls this program

#: Refusals that say of the host itself what has to be said; the robots.txt has no part in them.
UNREACHED = ("private", "port", "dns", "connect", "tls")


class Permit(NamedTuple):
    """Whether an address may be fetched, and the least seconds between two requests that its site asks for."""

    allowed: bool
    delay: float


class Robots:
    """The robots.txt files met in one run, each read once.

    `read(address)` gives the status and the bytes of a robots.txt, redirects followed, and raises Unreadable where
    there is no answer.
    """

    def __init__(self, read: Callable[[Address], tuple[int, bytes]]) -> None:
        self._read = read
        self._known: dict[str, Protego | Unreadable] = {}

    def permit(self, address: Address) -> Permit:
        """What the address's site allows.  Raises Unreadable where its robots.txt cannot be had."""
        origin = address.origin
        if origin not in self._known:
            try:
                self._known[origin] = self._rules(address)
            except Unreadable as error:
                self._known[origin] = error
        rules = self._known[origin]
        if isinstance(rules, Unreadable):
            raise rules
        return Permit(rules.can_fetch(address.url, NAME), float(rules.crawl_delay(NAME) or 0))

    def _rules(self, address: Address) -> Protego:
        """2xx: as written.  4xx: no rules.  Anything else: everything is refused (2.3.1.4).

        429 is no leave to go on, though RFC 9309 counts it among 4xx: it asks to be left alone.
        """
        place = address._replace(target="/robots.txt")
        try:
            status, content = self._read(place)
        except Unreadable as error:
            if error.code in UNREACHED:
                raise
            raise Unreadable(
                "robots", f"读不到 {place.url}，不知道网站是否允许抓取，没有抓取：{error.reason}"
            ) from error
        if 200 <= status < 300:
            return Protego.parse(content.decode("utf-8", "replace"))
        if 400 <= status < 500 and status != 429:
            return Protego.parse("")
        reason = (
            f"{place.url} 的回应是 {status}，不知道网站是否允许抓取，没有抓取。请过些时候再试，或用浏览器另存到 raw/。"
        )
        raise Unreadable("robots", reason)

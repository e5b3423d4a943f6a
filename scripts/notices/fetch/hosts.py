"""From a host to the very addresses that may be connected to.

A name is resolved once a connection, every answer is judged, and the connection goes to a judged address, so a name
that answers differently a moment later (DNS rebinding) gains nothing.  Sources: IANA IPv4 and IPv6 Special-Purpose
Address Registries; RFC 6598 (100.64.0.0/10); RFC 6052 and RFC 8215 (NAT64); RFC 3056 (6to4); RFC 4380 (Teredo).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import Unreadable
from .url import PORTS, Address

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
#: The only block of IPv6 that is handed out as public addresses, and what in it is not (older Pythons do not know all).
_PUBLIC6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_TRIED = 4  # addresses of one host


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of `host` as the system knows them.  Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard(NamedTuple):
    """What may be connected to.  `trusted`: (address, port) pairs let through although they are not public, for a test's
    own server; nothing else on this machine is opened by it."""

    trusted: frozenset[tuple[str, int]] = frozenset()
    resolve: Callable[[str, int], Sequence[str]] = resolve

    def addresses(self, address: Address) -> tuple[str, ...]:
        """The addresses to connect to.  Raises Unreadable where the port or any answer for the name is not public."""
        host, port = address.host, address.port
        if port not in PORTS and port not in {number for _, number in self.trusted}:
            raise Unreadable(
                "port", f"端口 {port} 不是网站常用的端口（80、81、443、8000—9999），没有连接。请核对网址。"
            )
        try:
            found = [host] if _literal(host) else list(self.resolve(host, port))
        except (OSError, UnicodeError) as error:
            reason = f"查不到网站 {host} 的地址。请检查网址和这台机器的网络，或过些时候再试。"
            raise Unreadable("dns", reason) from error
        if not found:
            raise Unreadable("dns", f"查不到网站 {host} 的地址。请检查网址。")
        for each in found:
            ip = _literal(each)
            if ip is None or not (is_public(ip) or (each, port) in self.trusted):
                raise Unreadable(
                    "private",
                    f"{host} 指向本机、内部网络或保留的地址 {each}，没有连接。内网的页面请用浏览器打开后另存到 raw/。",
                )
        return tuple(found[:_TRIED])


def _literal(text: str) -> IP | None:
    """The IP address that `text` spells, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(ip: IP) -> bool:
    """Whether `ip` is an address of the public internet; an IPv4 address inside an IPv6 one is judged for itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not (ip.is_multicast or ip.is_reserved or _listed(ip))
    inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
    if inner is not None:
        return is_public(inner)
    return ip in _PUBLIC6 and ip.scope_id is None and ip.is_global and not _listed(ip)


def _listed(ip: IP) -> bool:
    return any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)

"""Fetching pages into raw/: `fetch`.  Optional; a page saved by hand in a browser is as good.

What may be fetched: url.py and hosts.py; how politely: robots.py and client.py; over what: transport.py; and what is
kept of it: media.py and save.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import yaml

from ..cleaning.clean import clean
from ..errors import Unreadable
from ..read.document import read
from ..rules import Rules
from .client import Client, Page
from .hosts import Guard
from .save import Kept, digest, earlier, save, validators
from .transport import Limits
from .url import parse

BEIJING = timezone(timedelta(hours=8))


def fetch(
    urls: Sequence[str],
    raw: Path,
    say: Callable[[str], None],
    rules: Rules,
    contact: str = "",
    limits: Limits | None = None,
    guard: Guard | None = None,
) -> int:
    """Save each page below `raw` with its sidecar, telling `say` one line a page; returns how many failed.

    One after another, never at once.  `guard` is for tests: it lets their own server through.  Raises OSError where
    `raw` cannot be written.
    """
    client, failures = Client(contact, limits, guard), 0
    for url in dict.fromkeys(text.strip() for text in urls):
        try:
            say(_one(client, url, raw, rules))
        except Unreadable as error:
            failures += 1
            say(f"✘ 没有抓取  {url if url.isprintable() else ascii(url)}\n      {error.reason}")
    return failures


def contact(config: Path) -> str:
    """Whom a site's keeper can turn to, from mkdocs.yml: report_email, issues_url or site_url; "" where none is set."""
    try:
        written = yaml.safe_load(config.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    extra = written.get("extra") or {}
    known = (extra.get("report_email"), extra.get("issues_url"), written.get("site_url"))
    text = str(next((value for value in known if value), ""))
    return text if text.isascii() and text.isprintable() and not set("()\\") & set(text) else ""


def _one(client: Client, url: str, raw: Path, rules: Rules) -> str:
    """Fetch one page; what became of it, in words.  Raises Unreadable."""
    page = client.get(parse(url), lambda here: validators(earlier(raw, here)))
    kept = earlier(raw, page.url)
    same = _unchanged(page, kept, rules)
    if same:
        return same
    path = save(raw, page, url, datetime.now(BEIJING).isoformat(timespec="seconds"))
    line = f"✔ 已保存  {path.name}  {len(page.content) / 1000:.0f} KB  {page.url}"
    if not kept:
        return line
    return (
        f"{line}\n      与上次保存的 {kept[-1].path.name} 正文不同，旧文件没有动。"
        "请对照两份，留下要发布的一份，把另一份移出 raw/；网址不会变。"
    )


def _unchanged(page: Page, kept: Sequence[Kept], rules: Rules) -> str:
    """Words for a page that is kept already, by its bytes or by its text; "" for a new one.

    A page's counters and tokens change with every visit, and a new file a visit would bury a change of the text.
    """
    if page.status == 304:
        return f"＝ 未变    {kept[-1].path.name}  网站说网页没有改动  {page.url}"
    same = next((k for k in kept if digest(k.content) == digest(page.content)), None)
    if same:
        return f"＝ 未变    {same.path.name}  与保存的一字不差  {page.url}"
    text = _text(page.content, rules) if kept else None
    if text and _text(kept[-1].content, rules) == text:
        return f"＝ 未变    {kept[-1].path.name}  网页有改动，正文没有变，仍用原来的文件  {page.url}"
    return ""


def _text(content: bytes, rules: Rules) -> str | None:
    """The clean text of a page, or None where it cannot be read."""
    try:
        return clean(read(content, "", rules), rules).published
    except Unreadable:
        return None


__all__ = ["Guard", "Limits", "contact", "fetch"]

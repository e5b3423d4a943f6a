"""The search of the offline copy: the same texts as classic scripts, since file:// stops Pagefind's requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...emit.files.division import province_of
from .files import FILES, compact
from .notice import SearchNotice, read_notices

LIST = "assets/yaodian-offline.js"
PART = "assets/yaodian-offline-{}.js"


def write_fallback(site: Path) -> None:
    """Write `site`/assets/yaodian-offline.js and one script a province, from `site`/data/notices/.

    Raises Unreadable where there are no notices.
    """
    notices = read_notices(site)
    (site / "assets").mkdir(exist_ok=True)
    provinces = sorted({province_of(notice.id) for notice in notices})
    whole = {
        "parts": [[PART.format(name), _places(notices, name)] for name in provinces],
        **{name: make(notices) for name, make in FILES.items()},
    }
    (site / LIST).write_text(f"window.yaodianOffline={_script(whole)};\n", encoding="utf-8")
    for name in provinces:
        lines = ",\n".join(_script(record(notice)) for notice in notices if province_of(notice.id) == name)
        text = f"window.yaodianIndex=(window.yaodianIndex||[]).concat([\n{lines}\n]);\n"
        (site / PART.format(name)).write_text(text, encoding="utf-8")


def record(notice: SearchNotice) -> dict[str, Any]:
    """A notice as the browser searches it."""
    clauses = [
        [c.anchor, c.label, c.title, c.text, list(c.topics), list(c.units), int(c.target)] for c in notice.clauses
    ]
    return {"id": notice.id, "head": list(notice.head), "clauses": clauses}


def _places(notices: list[SearchNotice], name: str) -> list[str]:
    """The provinces a part holds, so that a search in one place reads that part alone."""
    return sorted({notice.path[0] if notice.path else "" for notice in notices if province_of(notice.id) == name})


def _script(value: Any) -> str:
    """JSON that is a script too: its line separators would end a line in older browsers."""
    return compact(value).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

"""The search index of a built site: Pagefind's command-line indexer over a copy made for it.

The copy comes from the site's data files, so that the index does not depend on the generator of the pages.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ...errors import Unreadable
from .files import FILES, attributes, compact, whereabouts
from .notice import SearchNotice, read_notices
from .pages import write_pages

FOLDER = "pagefind"
#: What the browser needs of the indexer's output; it also writes user interfaces that we do not use.
NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.unknown.pagefind", "*.pf_meta")
NEEDED_FOLDERS = ("index", "fragment")


def build_index(site: Path) -> None:
    """Write `site`/pagefind/ from `site`/data/notices/; what stood there is replaced.

    Raises Unreadable, with a reason in Chinese, where there is nothing to index or the indexer fails.
    """
    notices = read_notices(site)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_pages(notices, work / "pages")
        _run(work / "pages", work / "index")
        _install(work / "index", site / FOLDER)
    _beside(notices, site / FOLDER)


REINSTALL = "请运行 pip install -r requirements.txt，确认装好了 pagefind 和 pagefind_bin，再运行 make site。"


def _run(pages: Path, out: Path) -> None:
    """Run the indexer.  The language xx has no rules of its own, so that words stay as they are."""
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out)]
    options = ["--force-language", "xx", "--root-selector", "article", "--quiet"]
    made = subprocess.run([*command, *options], capture_output=True, text=True, errors="replace", check=False)
    if made.returncode or not (out / "pagefind-entry.json").is_file():
        said = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["没有说明原因"]
        raise Unreadable("search-index", f"检索索引没有建成（{said[0]}）。{REINSTALL}")


def _install(made: Path, target: Path) -> None:
    """Copy what is needed; a part that is missing means another version of the indexer than ours."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for pattern in NEEDED:
        found = sorted(made.glob(pattern))
        if not found:
            reason = f"检索索引里没有 {pattern}：pagefind 的版本与 requirements.txt 不同。{REINSTALL}"
            raise Unreadable("search-version", reason)
        for path in found:
            shutil.copyfile(path, target / path.name)
    for folder in NEEDED_FOLDERS:
        shutil.copytree(made / folder, target / folder)


def _beside(notices: list[SearchNotice], target: Path) -> None:
    files = {name: make(notices) for name, make in FILES.items()}
    files |= {"notices": whereabouts(notices, fragments(target)), "clauses": attributes(notices)}
    for name, value in files.items():
        (target / f"{name}.json").write_text(compact(value) + "\n", encoding="utf-8")


def fragments(target: Path) -> dict[str, str]:
    """Notice id → the name that the index in `target` gives its text."""
    names = {}
    for path in sorted((target / "fragment").iterdir()):
        content = gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")
        names[json.loads(content)["url"].split("/")[2]] = path.name.removesuffix(".pf_fragment")
    return names

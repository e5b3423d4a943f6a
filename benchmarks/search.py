"""What a search costs its reader as the corpus grows, beside Material's own search.

    python benchmarks/search.py [--site DIR] [--ours] [COUNT ...]

In: a built site (its notices are the seeds, its search page is the one measured).  For each COUNT (default 1000) notices are
made of the seeds' clauses: other places, years, numbers and orders.  Both searches run in the system's Chromium over a server
on this machine that compresses with gzip.  --ours leaves Material's out.
Out: a Markdown table on standard output: kilobytes and milliseconds from opening the page to the answer; and, in the same
page, milliseconds of a query with new words and of the same one again.
"""

import argparse
import gzip
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from browser import install  # noqa: E402
from notices.publish.search.index import build_index  # noqa: E402

OTHER = "中医药服务"
QUERIES = ("县域医共体", "健康", "90", "11号", "托育 机构")
COMPRESSED = (".html", ".js", ".css", ".json", ".svg", ".txt", ".xml")
WAITED = 120_000  # milliseconds until a search counts as one that does not answer
Data = dict[str, Any]


class Cost(NamedTuple):
    """One query: first in a fresh browser; then in a page that has answered another one, as new words and once more."""

    query: str
    kilobytes: float
    cold: float
    fresh: float
    again: float


def made(seeds: Sequence[Data], count: int, seed: int = 20261122) -> Iterator[Data]:
    """`count` notices: some 25 clauses drawn from all seeds, every number in them another one of the same length."""
    draw = random.Random(seed)
    table = tomllib.loads((ROOT / "rules" / "divisions.toml").read_text(encoding="utf-8"))["divisions"]
    provinces = {key[:2]: entry for key, entry in table.items() if key.endswith("0000") and key != "100000"}
    places = [
        (key, entry) for key, entry in table.items() if key.isdigit() and key[:2] in provinces and key[2:] != "0000"
    ]
    clauses = [(notice, clause) for notice in seeds for clause in notice["clauses"] if clause["style"]]

    def renumbered(text: str) -> str:
        return re.sub(r"\d", lambda _: str(draw.randrange(10)), text)

    for number in range(count):
        (code, place), year = draw.choice(places), str(draw.randrange(2005, 2026))
        chosen = draw.sample(clauses, 25)
        path = [provinces[code[:2]][0], place[0]]
        yield {
            "id": f"{provinces[code[:2]][1]}-{place[1]}{number}-{year}",
            "title": f"{year}年{place[0]}卫生健康工作要点",
            "doc_number": f"卫发〔{year}〕{draw.randrange(1, 200)}号",
            "issuer": f"{place[0]}卫生健康局",
            "region": {"code": code, "path": path},
            "clauses": [
                {
                    **clause,
                    "anchor": f"s1-t{at}",
                    "label": f"{at}.",
                    "text": clause["title"] + renumbered(_rest(clause)),
                }
                for at, (_, clause) in enumerate(chosen, 1)
            ],
            "annotations": [
                {**annotation, "clause": f"s1-t{at}"}
                for at, (notice, clause) in enumerate(chosen, 1)
                for annotation in notice["annotations"]
                if annotation["clause"] == clause["anchor"]
            ],
        }


def _rest(clause: Data) -> str:
    return str(clause["text"])[len(clause["title"]) :]


def our_site(site: Path, notices: Sequence[Data], out: Path) -> float:
    """The search page of `site` with an index over `notices`; returns the seconds that indexing took."""
    shutil.copytree(site, out, ignore=shutil.ignore_patterns("notices", "pagefind", "yaodian-offline*"))
    folder = out / "data" / "notices"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for notice in notices:
        (folder / f"{notice['id']}.json").write_text(json.dumps(notice, ensure_ascii=False), encoding="utf-8")
    start = perf_counter()
    build_index(out)
    return perf_counter() - start


def stock_site(notices: Sequence[Data], folder: Path, out: Path) -> None:
    """A site that Material's documentation would give you: language zh, its search plugin, one page a notice."""
    pages = folder / "docs" / "notices"
    pages.mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# 首页\n", encoding="utf-8")
    for notice in notices:
        parts = [f"## {c['label']}{c['title']}\n\n{_rest(c).lstrip('。')}" for c in notice["clauses"]]
        text = f"# {notice['title']}\n\n" + "\n\n".join(part.replace("<", "&lt;") for part in parts)
        (pages / f"{notice['id']}.md").write_text(text, encoding="utf-8")
    settings = {
        "site_name": "stock",
        "theme": {"name": "material", "language": "zh", "font": False},
        "plugins": [{"search": {"lang": "zh"}}],
        "nav": [{"首页": "index.md"}],
        "not_in_nav": "/notices/",
    }
    (folder / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(folder / "mkdocs.yml")]
    subprocess.run([*command, "--site-dir", str(out)], check=True, capture_output=True)


class Counter:
    """Bytes that the server has sent."""

    sent = 0


@contextmanager
def serving(site: Path, counter: Counter) -> Iterator[str]:
    """The address of `site` while it is served, compressed as a server on the web would."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(site))

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            body = path.read_bytes() if path.is_file() else b""
            packed = path.suffix in COMPRESSED
            body = gzip.compress(body, 6) if packed else body
            self.send_response(200 if path.is_file() else 404)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)
            counter.sent += len(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the table is all that is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


ANSWERED = """([box, answer, query, enter]) => new Promise(done => {
  const input = document.querySelector(box), target = document.querySelector(answer), start = performance.now();
  const watcher = new MutationObserver(() => {
    if (/找到|有|没有|找不到|未找到|\\d/.test(target.textContent)) { watcher.disconnect(); done(performance.now() - start); }
  });
  watcher.observe(target, { childList: true, characterData: true, subtree: true });
  input.value = query;
  if (enter) input.form.requestSubmit();
  else {
    input.focus();
    for (const event of [new Event("input", { bubbles: true }), new KeyboardEvent("keyup", { bubbles: true })]) input.dispatchEvent(event);
  }
})"""


def ours(browser: Browser, base: str, counter: Counter, query: str) -> Cost:
    """The costs of a query in our page, sent by the return key: the pause while typing is not counted."""

    def open_first(page: Page, query: str) -> None:
        page.goto(f"{base}search/?q={query}")
        page.wait_for_selector(".ys-status:not(:empty)", timeout=WAITED)

    return _cost(browser, counter, query, open_first, [".ys-bar input", ".ys-status"], True)


def stock(browser: Browser, base: str, counter: Counter, query: str) -> Cost:
    """The costs of a query in Material's search."""

    def open_first(page: Page, query: str) -> None:
        page.goto(base)
        page.evaluate(ANSWERED, [".md-search__input", ".md-search-result__meta", query, False])

    return _cost(browser, counter, query, open_first, [".md-search__input", ".md-search-result__meta"], False)


def _cost(browser: Browser, counter: Counter, query: str, first: Any, places: list[str], enter: bool) -> Cost:
    """Ask `first` in a fresh browser; then in a second page, which has asked for OTHER, and between the two askings too."""
    page = browser.new_page()
    counter.sent, start = 0, perf_counter()
    first(page, query)
    cold, kilobytes = (perf_counter() - start) * 1000, counter.sent / 1000
    page.close()
    page = browser.new_page()
    first(page, OTHER)
    page.wait_for_timeout(500)  # until nothing of the first query is still being done
    fresh, _, again = (float(page.evaluate(ANSWERED, [*places, asked, enter])) for asked in (query, OTHER, query))
    page.close()
    return Cost(query, kilobytes, cold, fresh, again)


def report(name: str, count: int, costs: Sequence[Cost]) -> None:
    """Print the rows of one search."""
    for cost in costs:
        print(
            f"| {name} | {count:,} | {cost.query} | {cost.kilobytes:.0f} | {cost.cold:.0f} | {cost.fresh:.0f} | {cost.again:.0f} |"
        )


def main() -> None:
    """Build the sites, ask the questions, print the table."""
    top = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    top.add_argument("--site", type=Path, default=ROOT / "site")
    top.add_argument("--ours", action="store_true")
    top.add_argument("counts", nargs="*", type=int, default=[1000])
    arguments = top.parse_args()
    seeds = [
        json.loads(path.read_text("utf-8")) for path in sorted((arguments.site / "data" / "notices").glob("*.json"))
    ]
    print("| 检索 | 通知 | 查询 | 首次 KB | 首次 毫秒 | 再查新词 毫秒 | 再查一遍 毫秒 |")
    print("|---|---:|---|---:|---:|---:|---:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install.find(), args=["--no-sandbox", "--disable-gpu"])
        for count in arguments.counts:
            notices = list(made(seeds, count))
            with tempfile.TemporaryDirectory() as name:
                folder, counter = Path(name), Counter()
                seconds = our_site(arguments.site, notices, folder / "ours")
                with serving(folder / "ours", counter) as base:
                    report("本站", count, [ours(browser, base, counter, query) for query in QUERIES])
                if not arguments.ours:
                    stock_site(notices, folder / "stock", folder / "stock-site")
                    with serving(folder / "stock-site", counter) as base:
                        report("Material", count, [stock(browser, base, counter, query) for query in QUERIES])
                print(f"\n{count:,}份建索引{seconds:.0f}秒。\n", flush=True)
        browser.close()


if __name__ == "__main__":
    main()

"""What a search costs its reader as the corpus grows, beside Material's own search.

    python benchmarks/search.py [--site DIR] [--ours] [--repeat N] [--counts] [COUNT ...]

In: a built site (its notices are the seeds, its search page is the one measured).  For each COUNT (default 1000 5000) notices
are made of the seeds' clauses: other places (drawn from all counties, so that provinces differ as they do), years, numbers
and orders.  The searches run in the system's Chromium over a server on this machine that compresses with gzip and lets the
browser keep files for ten minutes, as deploy/nginx-headers.conf does.  --ours leaves Material's out; above 1,000 notices it is
left out too, since its page does not answer any more.
Out: a Markdown table on standard output: of each query kilobytes and milliseconds from opening the page to the answer with
nothing kept (the median of N times), how many of them the page's own thread had a processor, and, in the same page, those of a
query with new words and of the same one again; then a sentence about making each index.
本省 is the province with the most notices, 全国 all provinces one after the other.
"""

import argparse
import gzip
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
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
JOBS = 2
MOST_STOCK = 1000  # notices that Material's search still answers for
Data = dict[str, Any]


class Made(NamedTuple):
    """What the index took: `largest` is the memory of the largest run of the indexer, `own` that of our program."""

    notices: int
    bundles: int
    seconds: float
    processor: float
    largest: float
    own: float
    again: float


class Cost(NamedTuple):
    """One query: first in a fresh browser; then in a page that has answered another one, as new words and once more."""

    search: str
    notices: int
    query: str
    kilobytes: float
    cold: float
    busy: float
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


def our_site(site: Path, notices: Sequence[Data], out: Path) -> Made:
    """The search page of `site` with an index over `notices`, made by a process of its own; what that took."""
    shutil.copytree(site, out, ignore=shutil.ignore_patterns("notices", "pagefind", "yaodian-offline*"))
    folder = out / "data" / "notices"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for notice in notices:
        (folder / f"{notice['id']}.json").write_text(json.dumps(notice, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([sys.executable, __file__, "--index", str(out)], check=True, capture_output=True, text=True)
    return Made(len(notices), *json.loads(done.stdout.splitlines()[-1]))


def measured_index(site: Path) -> tuple[float, ...]:
    """Make the index of `site`, then again with nothing changed: the fields of Made behind the first."""
    with tempfile.TemporaryDirectory() as name:
        start = perf_counter()
        whole = build_index(site, Path(name), JOBS)
        seconds = perf_counter() - start
        ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime
        start = perf_counter()
        build_index(site, Path(name), JOBS)
        again = perf_counter() - start
    return len(whole), seconds, processor, theirs.ru_maxrss / 1024, ours.ru_maxrss / 1024, again


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
        disable_nagle_algorithm = True  # as nginx does; else a small file waits 40 ms for the client's acknowledgement

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
            self.send_header("Cache-Control", "max-age=600")
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


#: Notes when the page has answered, in milliseconds since it was opened.
NOTED = """new MutationObserver(() => {
  const said = document.querySelector(".ys-status");
  if (!window.answered && said && /ANSWER/.test(said.textContent)) window.answered = performance.now();
}).observe(document, { subtree: true, childList: true, characterData: true })"""
ANSWERED = """([box, answer, query, enter, pattern]) => new Promise(done => {
  const input = document.querySelector(box), target = document.querySelector(answer), start = performance.now();
  const watcher = new MutationObserver(() => {
    if (new RegExp(pattern).test(target.textContent)) { watcher.disconnect(); done(performance.now() - start); }
  });
  watcher.observe(target, { childList: true, characterData: true, subtree: true });
  input.value = query;
  if (enter) input.form.requestSubmit();
  else {
    input.focus();
    for (const event of [new Event("input", { bubbles: true }), new KeyboardEvent("keyup", { bubbles: true })]) input.dispatchEvent(event);
  }
})"""
SOME, ALL_OVER, STOCK = "找到|有\\d", "都查了一遍", "找到|有|没有|找不到|未找到|\\d"


def ours(browser: Browser, base: str, counter: Counter, place: str, made: Made, repeat: int) -> list[Cost]:
    """The costs of the queries in our page, sent by the return key: the pause while typing is not counted."""
    everywhere = place == "全国"
    pattern = ALL_OVER if everywhere else SOME

    def open_first(page: Page, query: str) -> float:
        page.add_init_script(NOTED.replace("ANSWER", pattern))
        page.goto(f"{base}search/?q={query}&place={place}", wait_until="commit")
        page.wait_for_function("() => window.answered", timeout=WAITED)
        return float(page.evaluate("window.answered"))

    name = "本站" if made.bundles == 1 else "本站，全国" if everywhere else "本站，本省"
    places = [".ys-bar input", ".ys-status"]
    ask = partial(_cost, browser, counter, open_first, places, True, pattern, repeat)
    return [Cost(name, made.notices, query, *ask(query)) for query in QUERIES]


def stock(browser: Browser, base: str, counter: Counter, count: int, repeat: int) -> list[Cost]:
    """The costs of the queries in Material's search."""
    places = [".md-search__input", ".md-search-result__meta"]

    def open_first(page: Page, query: str) -> float:
        page.goto(base)
        page.evaluate(ANSWERED, [*places, query, False, STOCK])
        return float(page.evaluate("performance.now()"))

    ask = partial(_cost, browser, counter, open_first, places, False, STOCK, repeat)
    return [Cost("Material", count, query, *ask(query)) for query in QUERIES]


def _cost(
    browser: Browser,
    counter: Counter,
    first: Any,
    places: list[str],
    enter: bool,
    pattern: str,
    repeat: int,
    query: str,
) -> tuple[float, float, float, float, float]:
    """The last fields of Cost: `first` in fresh browsers; then in a page which has asked for OTHER, and does so in between."""
    cold, busy = [], []
    for _ in range(repeat):
        context = browser.new_context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        counter.sent = 0
        cold.append(first(page, query))
        told = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        busy.append(told["TaskDuration"] * 1000)
        kilobytes = counter.sent / 1000
        context.close()
    context = browser.new_context()
    page = context.new_page()
    first(page, OTHER)
    page.wait_for_timeout(500)  # until nothing of the first query is still being done
    asked = [[*places, words, enter, pattern] for words in (query, OTHER, query)]
    fresh, _, again = (float(page.evaluate(ANSWERED, one)) for one in asked)
    context.close()
    return kilobytes, median(cold), median(busy), fresh, again


def measure(site: Path, counts: Sequence[int], beside: bool = True, repeat: int = 5) -> tuple[list[Made], list[Cost]]:
    """For each of `counts`: what the index takes to make, and what each query costs; Material's search where `beside`."""
    seeds = [json.loads(path.read_text("utf-8")) for path in sorted((site / "data" / "notices").glob("*.json"))]
    indexes: list[Made] = []
    costs: list[Cost] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install.find(), args=["--no-sandbox", "--disable-gpu"])
        for count in counts:
            notices = list(made(seeds, count))
            with tempfile.TemporaryDirectory() as name:
                folder, counter = Path(name), Counter()
                indexes.append(our_site(site, notices, folder / "ours"))
                with serving(folder / "ours", counter) as base:
                    for place in _places(folder / "ours"):
                        costs += ours(browser, base, counter, place, indexes[-1], repeat)
                if beside and count <= MOST_STOCK:
                    stock_site(notices, folder / "stock", folder / "stock-site")
                    with serving(folder / "stock-site", counter) as base:
                        costs += stock(browser, base, counter, count, repeat)
        browser.close()
    return indexes, costs


def _places(site: Path) -> list[str]:
    """Where to search: the province with the most notices, and everywhere; anywhere at all where there is one bundle."""
    listed = json.loads((site / "pagefind" / "bundles.json").read_text("utf-8"))
    largest = max(listed, key=lambda one: int(one["notices"]))
    return [str(largest["name"]), "全国"] if len(listed) > 1 else [""]


def report(indexes: Sequence[Made], costs: Sequence[Cost]) -> str:
    """A table of the queries, and a sentence about each index."""
    head = "| 检索 | 通知 | 查询 | 首次 KB | 首次 毫秒 | 其中处理器 毫秒 | 再查新词 毫秒 | 再查一遍 毫秒 |"
    rows = [
        f"| {one.search} | {one.notices:,} | {one.query} | {one.kilobytes:.0f} | {one.cold:.0f} | {one.busy:.0f} "
        f"| {one.fresh:.0f} | {one.again:.0f} |"
        for one in costs
    ]
    told = [
        f"{one.notices:,}份：{one.bundles}份索引，{JOBS}个进程{one.seconds:.1f}秒（处理器{one.processor:.1f}秒）；最大的一份"
        f"{one.largest:.0f} MB，本程序{one.own:.0f} MB；没有变时再建{one.again:.1f}秒。"
        for one in indexes
    ]
    return "\n".join([head, "|---|---:|---|" + "---:|" * 5, *rows, "", *told])


def main() -> None:
    """Build the sites, ask the questions, print the table."""
    top = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    top.add_argument("--site", type=Path, default=ROOT / "site")
    top.add_argument("--ours", action="store_true")
    top.add_argument("--counts", nargs="+", type=int, metavar="COUNT")
    top.add_argument("--repeat", type=int, default=5)
    top.add_argument("--index", type=Path, help=argparse.SUPPRESS)  # what the process that makes an index is told
    top.add_argument("numbers", nargs="*", type=int, metavar="COUNT")
    arguments = top.parse_args()
    if arguments.index:
        print(json.dumps(measured_index(arguments.index)))
        return
    counts = arguments.counts or arguments.numbers or [1000, 5000]
    print(report(*measure(arguments.site, counts, not arguments.ours, arguments.repeat)))


if __name__ == "__main__":
    main()

"""Compare extractors of page bodies on made-up government pages: what they keep, what they drop, how long they take.

    python benchmarks/extract.py [--seeds DIR] [--limit N] [--each]

In: a directory of notices as .txt files. Out: a Markdown table on standard output. An extractor is a function from the
HTML of a page to the lines of its body; to compare another one, write that function and add it to EXTRACTORS.
"""

import argparse
import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any

from pages import Page, fold, lines_of, numbered, pages, squeeze

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "raw"
LONG = 60  # characters: a line this long is running text, not a label or a signature
ADDRESSEES = re.compile(r"[^\d]{4,}[:：]")
REPOSTED = re.compile(r"(?:原文|全文)如下[:：]")
TITLE = re.compile(r"(?!附件|现将).*年.*要点")
CAPTION = (
    "Chrome is counted without the information panel (索引号, 发文日期, …), which is metadata and has its own column,"
    "\nand without the line of date and source below the title: the same strings for every extractor."
)
MARKS = "•*·●-|"  # what an extractor prints before a list item or around a table cell

Extractor = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """One extractor on one page; shares are from 0 to 1."""

    template: str
    known: bool
    kept: float
    own_line: float
    dropped: float
    fields: float
    twice: float
    milliseconds: float


def need(name: str) -> Any:
    """The module `name`, or an exit that says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        sys.exit(f"{name} is missing ({error}): pip install -r benchmarks/requirements.txt")


def whole_page(html: str) -> list[str]:
    """Every string of the page: the floor that any extractor must beat."""
    soup = need("bs4").BeautifulSoup(html, "lxml")
    return str(soup.get_text("\n")).splitlines()


def readability_inscriptis(html: str) -> list[str]:
    """The main element by readability-lxml, as text by inscriptis."""
    summary = need("readability").Document(html).summary(html_partial=True)
    return str(need("inscriptis").get_text(summary)).splitlines()


def trafilatura(html: str) -> list[str]:
    """The main text by trafilatura, tables included."""
    text = need("trafilatura").extract(html, include_comments=False, include_tables=True)
    return str(text or "").splitlines()


@cache
def converter() -> tuple[Any, Any, Any]:
    """`read`, `clean` and the rules of this project, loaded once."""
    sys.path.insert(0, str(ROOT / "scripts"))
    need("lxml")
    need("bs4")
    rules = importlib.import_module("notices.rules").load(ROOT / "rules")
    return (
        importlib.import_module("notices.read.document").read,
        importlib.import_module("notices.cleaning.clean").clean,
        rules,
    )


def ours(html: str) -> list[str]:
    """What this project publishes of the page: read, then clean, with the ledger of every removal."""
    read, clean, rules = converter()
    return str(clean(read(html.encode(), "page.html", rules), rules).published).splitlines()


EXTRACTORS: tuple[Extractor, ...] = (whole_page, readability_inscriptis, trafilatura, ours)


def printed(line: str) -> str:
    """The line without white space, in half-width marks, without the marks that an extractor put around it."""
    return fold(squeeze(line)).strip(MARKS)


def score(page: Page, lines: Sequence[str], milliseconds: float) -> Score:
    """What `lines` keep and drop of the page.

    A line is kept when one line out holds all of it; a clause is on a line of its own when one line out is equal to it;
    a long line comes twice when it is out more often than it is in.
    """
    out = [printed(line) for line in lines]
    text, found = "\n".join(out), Counter(out)
    truth = Counter(printed(line) for line in page.truth)
    clauses = [printed(line) for line in page.truth if numbered(line)]
    long = [line for line in truth if len(line) >= LONG]
    return Score(
        template=page.name,
        known=page.known,
        kept=fmean(line in text for line in truth.elements()),
        own_line=fmean(line in found for line in clauses) if clauses else 1.0,
        dropped=fmean(fold(squeeze(string)) not in text for string in page.chrome),
        fields=fmean(fold(squeeze(string)) in text for string in page.fields),
        twice=fmean(text.count(line) > truth[line] for line in long) if long else 0.0,
        milliseconds=milliseconds,
    )


def run(extractor: Extractor, page: Page) -> Score:
    """Time the extractor on the page and score what it gives."""
    start = perf_counter()
    lines = extractor(page.html)
    return score(page, lines, (perf_counter() - start) * 1000)


def notice(text: str) -> tuple[str, str]:
    """Title and body of a scraped text: the body runs from the addressees to the last long line, so that what the
    scraper caught around it is not taken for truth. Nor is what a reposting site put above 原文如下."""
    lines = lines_of(text)
    quoted = [i for i, line in enumerate(lines) if REPOSTED.fullmatch(line)]
    lines = lines[quoted[0] + 1 :] if quoted else lines
    running = [i for i, line in enumerate(lines) if len(line) >= LONG] or [0, len(lines) - 1]
    opening = (i for i, line in enumerate(lines) if ADDRESSEES.fullmatch(line))
    start = min(running[0], next(opening, running[0]))
    titles = (line for line in lines if TITLE.match(line) and len(line) < LONG)
    return re.split("[_|]", next(titles, lines[0]))[0], "\n".join(lines[start : running[-1] + 1])


def texts(directory: Path, limit: int) -> list[str]:
    """The first `limit` readable .txt files of the directory, by name."""
    found = []
    for path in sorted(directory.glob("*.txt"))[:limit]:
        try:
            found.append(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            print(f"left out, not UTF-8: {path.name}", file=sys.stderr)
    return [text for text in found if text.strip()]


def row(name: str, kind: str, scores: Sequence[Score]) -> str:
    """One row of the table: means of the shares, median of the times."""
    shares = (fmean(getattr(s, field) for s in scores) for field in ("kept", "own_line", "dropped", "fields", "twice"))
    cells = (
        name,
        kind,
        str(len(scores)),
        *(f"{share:.3f}" for share in shares),
        f"{median(s.milliseconds for s in scores):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def table(sample: Sequence[Page], each: bool) -> str:
    """The Markdown table of every extractor on known and on unknown templates, or on `each` template by name."""
    head = (
        "extractor",
        "templates",
        "pages",
        "lines kept whole",
        "clauses on a line of their own",
        "chrome dropped",
        "fields kept",
        "lines given twice",
        "ms a page (median)",
    )
    out = [f"| {' | '.join(head)} |", "|---|---|" + "---:|" * (len(head) - 2)]
    for extractor in EXTRACTORS:
        extractor(sample[0].html)  # imports are not timed
        scores = [run(extractor, page) for page in sample]
        groups: dict[str, list[Score]] = {}
        for one in scores:
            groups.setdefault(one.template if each else "known" if one.known else "unknown", []).append(one)
        out += [row(extractor.__name__, kind, group) for kind, group in groups.items()]
    return "\n".join(out)


def main() -> None:
    """Read the notices, make the pages, print the table."""
    parser = argparse.ArgumentParser(description="Compare extractors of page bodies on made-up government pages.")
    parser.add_argument("--seeds", type=Path, default=RAW, help="directory of notices as .txt (default: raw/)")
    parser.add_argument("--limit", type=int, default=5, help="how many notices to use (default: 5)")
    parser.add_argument("--each", action="store_true", help="one row a template, not one for known and one for unknown")
    options = parser.parse_args()
    notices = [notice(text) for text in texts(options.seeds, options.limit)]
    if not notices:
        parser.error(f"no .txt files in {options.seeds}")
    sample = [page for seed, (title, body) in enumerate(notices) for page in pages(body, title, seed)]
    sizes = sorted(len(page.html.encode()) // 1024 for page in sample)
    print(
        f"{len(notices)} notices × {len(sample) // len(notices)} templates = {len(sample)} pages "
        f"of {sizes[0]}–{sizes[-1]} KB.\n\n{CAPTION}\n"
    )
    print(table(sample, options.each))


if __name__ == "__main__":
    main()

"""One of the others, over a corpus that is there already; benchmarks/scale.py runs each in a process of its own.

python benchmarks/peers.py trafilatura RAW    the text of every web page in RAW, nothing else
python benchmarks/peers.py stock DOCS OUT     Material as its documentation sets it up, over the notice pages of DOCS:
                                              every page in the navigation, its own search in Chinese; into OUT/site
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

EXTENSIONS = ["attr_list", {"toc": {"permalink": True}}]


def trafilatura(raw: Path) -> None:
    """Bytes to text, page by page, in one process.  Prints how many gave some."""
    from trafilatura import extract

    found = [bool(extract(path.read_bytes(), include_tables=True)) for path in sorted(raw.glob("*.html"))]
    print(f"{sum(found)} of {len(found)}")


def stock(docs: Path, out: Path) -> None:
    """The generator over the notice pages as conversion wrote them.  Raises CalledProcessError where it fails."""
    shutil.rmtree(out, ignore_errors=True)
    (out / "docs" / "notices").mkdir(parents=True)
    (out / "docs" / "index.md").write_text("# 首页\n", encoding="utf-8")
    pages = sorted(docs.glob("notices/*.md"))
    for page in pages:
        shutil.copy(page, out / "docs" / "notices")
    settings = {
        "site_name": "stock",
        "theme": {"name": "material", "language": "zh", "font": False},
        "plugins": [{"search": {"lang": "zh"}}],
        "markdown_extensions": EXTENSIONS,
        "nav": [{"首页": "index.md"}, {"通知": [f"notices/{page.name}" for page in pages]}],
    }
    (out / "mkdocs.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(out / "mkdocs.yml")]
    subprocess.run([*command, "--site-dir", str(out / "site")], check=True, capture_output=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Run one of the others over a corpus.")
    every = parser.add_subparsers(dest="peer", required=True)
    every.add_parser("trafilatura").add_argument("raw", type=Path)
    command = every.add_parser("stock")
    command.add_argument("docs", type=Path)
    command.add_argument("out", type=Path)
    options = parser.parse_args()
    if options.peer == "trafilatura":
        trafilatura(options.raw)
    else:
        stock(options.docs, options.out)


if __name__ == "__main__":
    main()

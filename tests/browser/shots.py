"""Screenshots of each page type for a person to look at:  python tests/browser/shots.py OUTDIR [SITE]

Wide, narrow, dark and in large print, of SITE (site/ unless told).  Run `make site` before.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts")]

from browser import install  # noqa: E402
from browser.conftest import NARROW, WIDE  # noqa: E402
from browser.kinds import KINDS  # noqa: E402
from browser.server import serving  # noqa: E402

WAYS: dict[str, tuple[dict[str, Any], str]] = {
    "wide": (WIDE, ""),
    "narrow": (NARROW, ""),
    "dark": ({**WIDE, "color_scheme": "dark"}, ""),
    "large": (NARROW, "大字"),
}


def main(out: Path, site: Path) -> None:
    """One picture a page type and way, `<type>-<way>.png`, of the first screen."""
    out.mkdir(parents=True, exist_ok=True)
    path = install.find()
    if path is None:
        sys.exit(install.ADVICE)
    with serving(site) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for way, (options, button) in WAYS.items():
            context = chromium.new_context(locale="zh-CN", **options)
            page = context.new_page()
            if button:
                page.goto(address)
                page.get_by_role("button", name=button, exact=True).click()
            for kind in KINDS:
                page.goto(address + kind.path, wait_until="networkidle")
                page.screenshot(path=out / f"{kind.name}-{way}.png")
            context.close()
        chromium.close()
    print(f"{len(KINDS) * len(WAYS)} 张图在 {out}。")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) == 3 else ROOT / "site").resolve())

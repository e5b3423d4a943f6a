"""Running the site generator.  What it needs from us is one configuration file; it knows nothing else of this project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import yaml

from ..errors import Unreadable

#: What canonical links, sitemap, feed and the nginx snippet can all hold as it is.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~%+-]*)*")


class Settings(NamedTuple):
    """What of mkdocs.yml the steps after the generator need."""

    site_name: str
    site_url: str  # "" or an address that ends in "/"


def settings(config: Path, site_url: str | None = None) -> Settings:
    """The settings in `config`; `site_url` takes the place of the one written there.  Raises Unreadable."""
    try:
        written = yaml.safe_load(config.read_text(encoding="utf-8"))
        name, url = str(written["site_name"]), written.get("site_url")
    except (yaml.YAMLError, ValueError, TypeError, KeyError) as error:
        raise Unreadable("config", f"{config} 读不懂，网站没有生成：{error}。请改正后再运行 make site。") from error
    url = str(url or "") if site_url is None else site_url
    if url and not _URL.fullmatch(url):
        raise Unreadable(
            "site-url",
            f"网站的网址“{url}”不能用，网站没有生成。它应当像 https://example.org/yaodian/ ："
            "以 http:// 或 https:// 开头，没有空格、? 和 #，汉字写成 %E8 这样的编码。",
        )
    return Settings(name, url if url.endswith("/") or not url else f"{url}/")


def generate(root: Path, docs: Path, out: Path, chosen: Settings) -> bool:
    """Build `docs` into `out` with the configuration and theme of `root`, strictly; False where the generator refuses."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "mkdocs.yml"  # the repository's, with the folders of this call
        places = {"docs_dir": str(docs.resolve()), "theme": {"custom_dir": str(root / "theme")}}
        content = {"INHERIT": str(root / "mkdocs.yml"), "site_url": chosen.site_url, **places}
        config.write_text(json.dumps(content), encoding="utf-8")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", str(out)]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        made = subprocess.run([*command, "--config-file", str(config)], env=environment, check=False)
    return made.returncode == 0

"""What every test file may ask for: the built site."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from support import ROOT, case_sources

settings.register_profile("no clock", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("no clock")

#: Where the built site pretends to be published; the browser tests serve it under the same path.
SITE_URL = "https://yaodian.example/sub/path/"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--site DIR`: look at a site built before, instead of building one."""
    parser.addoption("--site", type=Path, metavar="目录", help="测试这个已经生成的网站，不另外生成")


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it, from a copy of the repository's raw/, docs/ and registry/ and all cases.

    The registry is given a past: a notice whose original is gone, and a clause that is.
    """
    ready: Path | None = request.config.getoption("--site")
    if ready is not None:
        return ready.resolve()
    out, done = build_site(tmp_path_factory.mktemp("built"))
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return out


def build_site(place: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Copies of the inputs in `place`, and the site made from them: its folder, and what the command said."""
    for name in ("raw", "docs", "registry", "overrides"):
        shutil.copytree(ROOT / name, place / name)
    for case in case_sources():
        shutil.copyfile(case, place / "raw" / case.name)
    _give_past(place / "registry")
    out = place / "site"
    folders = [f"--{name}={place / name}" for name in ("raw", "docs", "registry", "overrides")]
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "site", "--out", str(out), *_site_url(), *folders]
    return out, subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def _site_url() -> list[str]:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), "site", "--help"]
    usage = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    return ["--site-url", SITE_URL] if "--site-url" in usage else []


def _give_past(registry: Path) -> None:
    """A withdrawn notice `zhejiang-2008`, and a clause `s9-t99` that zhejiang-2020 once had."""
    path = registry / "zhejiang-2020.json"
    entry = json.loads(path.read_text("utf-8"))
    entry["anchors"]["s9-t99"] = "推广已经没有人记得的做法"
    path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    entry |= {
        "id": "zhejiang-2008",
        "source": "gone.txt",
        "sha256": "0" * 64,
        "title": "2008年全省卫生工作要点",
        "doc_number": "浙卫发〔2008〕1号",
        "issuer": "浙江省卫生厅",
        "issued": "2008-02-01",
        "year": "2008",
        "tasks": 2,
        "anchors": {"s1": "推进新型农村合作医疗", "s1-t1": "提高筹资水平", "s1-t2": "扩大参保范围"},
    }
    (registry / "zhejiang-2008.json").write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")

"""raw/ and site/ in object storage, through the command line and a real S3-compatible server on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from notices.errors import Refused
from notices.remote import Address, mirror, place, run, upload
from notices.remote.upload import MANIFEST, headers_of
from support import ROOT

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass
class Storage:
    """A storage server: `log` is what it writes of each request."""

    url: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**KEYS, "AWS_ENDPOINT_URL": self.url}

    @property
    def files(self) -> Any:
        """A fresh view: nothing is remembered."""
        return import_module("fsspec").filesystem(
            "s3", key="test", secret="test", endpoint_url=self.url, skip_instance_cache=True, use_listings_cache=False
        )

    def written(self) -> list[tuple[str, str]]:
        """Each write so far as (method, path), in their order; several deletions at once are a POST."""
        found = re.findall(r'"(PUT|DELETE|POST) (/\S+) HTTP', self.log.read_text("utf-8"))
        return [(method, path) for method, path in found]

    def put(self, folder: Path, address: str) -> None:
        files = self.files
        for path in folder.rglob("*"):
            if path.is_file():
                files.pipe_file(f"{address}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def tree(self, address: str) -> dict[str, bytes]:
        """What is in the storage, without our manifest."""
        root = address.removeprefix("s3://")
        files = self.files
        found = {path.removeprefix(f"{root}/"): content for path, content in files.cat(files.find(root)).items()}
        found.pop(MANIFEST, None)
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    folder = tmp_path_factory.mktemp("storage")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        command = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Storage(f"http://127.0.0.1:{port}", folder / "log")
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def storage(server: Storage, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """The server, known to this process as the tools know it: by the environment."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def bucket(storage: Storage, tmp_path: Path) -> str:
    """A bucket of the test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", tmp_path.name.lower()).strip("-")
    storage.files.mkdir(name)
    return f"s3://{name}"


def convert(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/convert.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def project(folder: Path, *, pages: bool = False) -> list[str]:
    """Folders that a build writes, with the hand-written and earlier pages where a site is made of them."""
    for name in ("docs", "registry"):
        if pages:
            shutil.copytree(ROOT / name, folder / name)
        else:
            (folder / name).mkdir(parents=True)
    return [f"--{name}={folder / name}" for name in ("docs", "registry")]


def a_site(folder: Path) -> Path:
    """A small site with files of every kind."""
    for name in ("index.html", "notices/a/index.html", "assets/x.css", "data/a.json", "sitemap.xml", "图/甲.svg"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} 一", encoding="utf-8")
    return folder


def test_a_build_from_storage_is_byte_for_byte_that_from_a_folder(
    storage: Storage, bucket: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    (tmp_path / "raw/县 里").mkdir()
    shutil.move(sorted((tmp_path / "raw").glob("0*.txt"))[0], tmp_path / "raw/县 里/一（1）.txt")
    storage.put(tmp_path / "raw", f"{bucket}/in/raw")
    here = convert("build", f"--raw={tmp_path / 'raw'}", *project(tmp_path / "here"))
    far = convert("build", f"--raw={bucket}/in/raw", *project(tmp_path / "far"))
    assert here.returncode == far.returncode == 1, far.stderr
    count = len(tree(tmp_path / "raw"))
    assert f"从 {bucket}/in/raw 取来 {count} 个文件，去掉 0 个，其余 0 个没有变。" in far.stdout
    for name in ("docs", "registry"):
        assert tree(tmp_path / "far" / name) == tree(tmp_path / "here" / name)
    again = convert(
        "build", f"--raw={bucket}/in/raw/", f"--docs={tmp_path / 'far/docs'}", f"--registry={tmp_path / 'far/registry'}"
    )
    assert f"取来 0 个文件，去掉 0 个，其余 {count} 个没有变。" in again.stdout
    assert "与上次相比没有变化" in again.stdout


def test_only_what_changed_is_fetched_and_what_is_gone_goes(storage: Storage, bucket: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept/raw"
    for name in ("a.txt", "b.txt", "县/c.txt"):
        storage.files.pipe_file(f"{bucket}/raw/{name}", f"{name} 一".encode())
    assert "取来 3 个" in mirror(Address(f"{bucket}/raw"), folder)
    storage.files.pipe_file(f"{bucket}/raw/b.txt", "b.txt 二".encode())  # the same size
    storage.files.rm(f"{bucket}/raw/县/c.txt")
    (folder / "a.txt").write_text("有人改过", encoding="utf-8")
    (folder / "extra.txt").write_text("有人放的", encoding="utf-8")
    assert "取来 2 个文件，去掉 2 个，其余 0 个" in mirror(Address(f"{bucket}/raw"), folder)
    assert tree(folder) == {"a.txt": "a.txt 一".encode(), "b.txt": "b.txt 二".encode()}
    assert not (folder / "县").exists()


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "a//b.txt", "a\\b.txt", "字" * 100 + ".txt", "b.txt/c.txt"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    from notices.remote.mirror import check_names

    with pytest.raises(Refused, match="不能用作文件名，什么也没有做。"):
        check_names(["b.txt", name], Address("s3://x/raw"))


def test_a_hostile_name_in_the_storage_writes_nothing(storage: Storage, bucket: str, tmp_path: Path) -> None:
    storage.files.pipe_file(f"{bucket}/raw/good.txt", b"1")
    storage.files.call_s3("put_object", Bucket=bucket[5:], Key="raw/..\\out.txt", Body=b"1")
    with pytest.raises(Refused, match="不能用作文件名"):
        mirror(Address(f"{bucket}/raw"), tmp_path / "kept/raw")
    assert not (tmp_path / "kept").exists()


def test_an_empty_place_withdraws_nothing(storage: Storage, bucket: str, tmp_path: Path) -> None:
    """A wrong address must not be taken for an empty raw/, which would withdraw every notice."""
    arguments = project(tmp_path, pages=True)
    before = tree(tmp_path / "registry")
    done = convert("build", f"--raw={bucket}/wrong", *arguments)
    assert done.returncode == 2
    assert f"{bucket}/wrong 里一个文件也没有，什么也没有做。" in done.stderr
    assert tree(tmp_path / "registry") == before


def test_a_site_in_storage_is_byte_for_byte_the_folder(storage: Storage, bucket: str, tmp_path: Path) -> None:
    """Through the command line: everything the first time, nothing the second, one page after a change to it."""
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    arguments = ["site", f"--raw={tmp_path / 'raw'}", *project(tmp_path, pages=True)]
    here = convert(*arguments, f"--out={tmp_path / 'site'}")
    assert here.returncode in (0, 1), here.stdout + here.stderr
    first = convert(*arguments, f"--out={bucket}/site")
    expected = tree(tmp_path / "site")
    assert first.returncode == here.returncode, first.stderr
    assert storage.tree(f"{bucket}/site") == expected
    assert f"写入 {len(expected)} 个文件，删去 0 个，其余 0 个没有变。" in first.stdout

    before = len(storage.written())
    second = convert(*arguments, f"--out={bucket}/site")
    assert f"写入 0 个文件，删去 0 个，其余 {len(expected)} 个没有变。" in second.stdout
    assert storage.written()[before:] == []

    page = tmp_path / "docs/cite.md"
    page.write_text(page.read_text("utf-8") + "\n再写一句。\n", encoding="utf-8")
    third = convert(*arguments, f"--out={bucket}/site")
    assert "写入 1 个文件，删去 0 个" in third.stdout, third.stdout + third.stderr
    assert [path for _, path in storage.written()[before:]] == [
        f"/{bucket[5:]}/site/cite/index.html",
        f"/{bucket[5:]}/site/{MANIFEST}",
    ]


def test_pages_come_after_what_they_need_and_deletions_last(storage: Storage, bucket: str, tmp_path: Path) -> None:
    site, target = a_site(tmp_path / "site"), Address(f"{bucket}/site")
    upload(site, target)
    (site / "notices/a/index.html").unlink()
    (site / "data/a.json").unlink()
    for name in ("index.html", "notices/b/index.html", "data/b.json", "sitemap.xml"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("二", encoding="utf-8")
    before = len(storage.written())
    assert "写入 4 个文件，删去 2 个，其余 2 个没有变。" in upload(site, target)
    sent = [(method, path.removeprefix(f"/{bucket[5:]}/site/")) for method, path in storage.written()[before:]]
    order = [path for method, path in sent if method == "PUT" and path != MANIFEST]
    assert order == ["data/b.json", "notices/b/index.html", "index.html", "sitemap.xml"]
    deleted = [place for place, (method, _) in enumerate(sent) if method in ("DELETE", "POST")]
    assert deleted
    assert min(deleted) > sent.index(("PUT", "sitemap.xml"))
    assert storage.tree(target) == tree(site)


def test_files_of_others_are_left_alone(storage: Storage, bucket: str, tmp_path: Path) -> None:
    site, target = a_site(tmp_path / "site"), Address(f"{bucket}/site")
    upload(site, target)
    storage.files.pipe_file(f"{target}/verify.txt", b"theirs")
    (site / "assets/x.css").unlink()
    upload(site, target)
    assert storage.tree(target) == {**tree(site), "verify.txt": b"theirs"}
    storage.files.pipe_file(f"{bucket}/photos/1.jpg", b"theirs")
    with pytest.raises(Refused, match="不像是这个网站，没有动它"):
        upload(site, Address(f"{bucket}/photos"))
    assert storage.tree(f"{bucket}/photos") == {"1.jpg": b"theirs"}


def test_what_somebody_deleted_there_is_sent_again(storage: Storage, bucket: str, tmp_path: Path) -> None:
    site, target = a_site(tmp_path / "site"), Address(f"{bucket}/site")
    upload(site, target)
    storage.files.rm(f"{target}/assets/x.css")
    assert "写入 1 个文件" in upload(site, target)
    assert storage.tree(target) == tree(site)


UPLOAD = """
import sys
from pathlib import Path
from notices.remote import Address, upload
upload(Path(sys.argv[1]), Address(sys.argv[2]))
"""


def test_an_upload_that_breaks_off_is_finished_by_the_next(storage: Storage, bucket: str, tmp_path: Path) -> None:
    """Killed in the middle: the next run sends the rest, and not again what the manifest has."""
    site, target = a_site(tmp_path / "site"), Address(f"{bucket}/site")
    for number in range(900):
        (site / f"data/{number}.json").write_text(str(number), encoding="utf-8")
    before = len(storage.written())
    process = subprocess.Popen(
        [sys.executable, "-c", UPLOAD, str(site), target], env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    )
    while len(storage.written()) < before + 450:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    kept = json.loads(storage.files.cat_file(f"{target}/{MANIFEST}"))
    total = len(tree(site))
    assert 200 <= len(kept) < total
    assert not storage.files.exists(f"{target}/index.html")  # no reader meets a page of it yet
    assert f"写入 {total - len(kept)} 个文件" in upload(site, target)
    assert storage.tree(target) == tree(site)


def test_types_and_time_to_keep(storage: Storage, bucket: str, tmp_path: Path) -> None:
    target = Address(f"{bucket}/site")
    upload(a_site(tmp_path / "site"), target)
    known = storage.files.call_s3("head_object", Bucket=bucket[5:], Key="site/notices/a/index.html")
    assert (known["ContentType"], known["CacheControl"]) == ("text/html; charset=utf-8", "max-age=600")
    assert headers_of("feed.xml")["ContentType"].startswith("application/atom+xml")
    assert headers_of("assets/yaodian.js")["ContentType"].startswith("text/javascript")
    assert headers_of("assets/yaodian.css")["CacheControl"] == "max-age=600"
    assert "immutable" in headers_of("assets/stylesheets/main.1234.min.css")["CacheControl"]
    assert headers_of("pagefind/wasm.unknown.pagefind")["ContentType"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("change", "address", "said"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "", "连不上对象存储。请检查网络和环境变量 AWS_ENDPOINT_URL"),
        ({"AWS_ACCESS_KEY_ID": ""}, "", "没有口令。请设好环境变量 AWS_ACCESS_KEY_ID"),
        ({}, "s3://nobody-has-this/raw", "没有这个存储桶或目录。请核对网址"),
        ({}, "nothing://x/raw", "用对象存储要先装：pip install -r requirements-cluster.txt"),
    ],
    ids=["no network", "no key", "no bucket", "unknown"],
)
def test_what_is_wrong_is_said(
    change: dict[str, str], address: str, said: str, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in change.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    done = convert("build", f"--raw={address or bucket}/raw", *project(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path / "docs") == {}


def test_without_the_optional_packages(tmp_path: Path) -> None:
    """As installed from requirements.txt alone: what is missing is said, and the other commands do not need it."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for name in ("fsspec", "distributed"):
        (hidden / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(hidden)}
    raw = f"--raw={ROOT / 'raw'}"
    for arguments in (["--raw=s3://x/raw"], [raw, "--cluster", "tcp://127.0.0.1:9"]):
        command = [sys.executable, str(ROOT / "scripts/convert.py"), "build", "--dry-run", *arguments]
        done = subprocess.run(
            [*command, *project(tmp_path / arguments[-1][-1])],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "pip install -r requirements-cluster.txt" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--docs=s3://x/docs"], "--docs 要在这台机器上"),
        (["add", "--raw=s3://x/raw", "a.txt"], "不能把文件放进 s3://x/raw"),
        (["fetch", "--raw=s3://x/raw", "https://a.example/"], "不能把文件放进 s3://x/raw"),
        (["site", "--raw=s3://x/all/raw", "--out=s3://x/all"], "不能一个在另一个里面"),
    ],
)
def test_what_cannot_be_in_storage(arguments: list[str], said: str) -> None:
    done = convert(*arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_folders_are_folders() -> None:
    assert place("raw/x") == Path("raw/x")
    assert place("C:\\raw") == Path("C:\\raw")
    assert place("s3://bucket/raw/") == "s3://bucket/raw"
    assert isinstance(place("s3://bucket/raw"), Address)
    assert callable(run)

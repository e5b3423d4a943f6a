"""A place in object storage, reached through fsspec: what is there, and what its faults mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple

from ..errors import Refused


class Address(str):
    """Where something is in object storage: `s3://bucket/folder`, without a "/" at the end."""

    __slots__ = ()


class Thing(NamedTuple):
    """An object: its size in bytes, and a mark that changes with its content ("" where the storage gives none)."""

    size: int
    mark: str


class Bucket(NamedTuple):
    """An open place: the file system and the path of the place in it."""

    files: Any  # an fsspec file system
    root: str

    def path(self, name: str) -> str:
        """The full path of the object `name`."""
        return f"{self.root}/{name}"

    def things(self) -> dict[str, Thing]:
        """Every object below the place, by its name from there.  What stands for a folder is left out."""
        found = self.files.find(self.root, detail=True)
        names = {path.removeprefix(f"{self.root}/"): about for path, about in found.items() if path != self.root}
        return {
            name: Thing(int(about["size"]), str(about.get("ETag", "")).strip('"'))
            for name, about in names.items()
            if about["type"] == "file" and not name.endswith("/")
        }


@contextmanager
def opened(address: Address) -> Iterator[Bucket]:
    """The place at `address`.  Whatever goes wrong with it inside the block becomes Refused, in Chinese."""
    try:
        fsspec: Any = import_module("fsspec.core")
        files, root = fsspec.url_to_fs(address, skip_instance_cache=True, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise Refused(
            f"{address} 打不开（{error}）。用对象存储要先装：pip install -r requirements-cluster.txt；"
            "网址要像 s3://存储桶/目录。"
        ) from error
    try:
        yield Bucket(files, root.rstrip("/"))
    except (Refused, KeyboardInterrupt):
        raise
    except Exception as error:
        raise Refused(f"{address}：{_meaning(error)}（{type(error).__name__}: {error}）") from error


def _meaning(error: Exception) -> str:
    """What a fault of the storage means and what to do; libraries differ in the classes they raise, not in the names."""
    names = {cls.__name__ for cls in type(error).__mro__}
    if names & {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError"}:
        return "没有口令。请设好环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，再运行一次"
    if "PermissionError" in names:
        return "没有权限，或口令不对。请核对口令，以及它能不能读写这个存储桶，再运行一次"
    if "FileNotFoundError" in names:
        return "没有这个存储桶或目录。请核对网址；存储桶要先建好"
    if names & {
        "EndpointConnectionError",
        "ConnectionError",
        "HTTPClientError",
        "TimeoutError",
        "ClientConnectorError",
    }:
        return "连不上对象存储。请检查网络和环境变量 AWS_ENDPOINT_URL，再运行一次"
    if "OSError" in names:
        return "读写没有做完。请检查网络、磁盘空间和权限，再运行一次，会从断的地方接着做"
    return "对象存储出错。请再运行一次；仍然这样，请把这条信息交给程序维护人"

"""NAME.toml beside a file in raw/: where the file came from, written by a person or by `convert.py fetch`."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from ..errors import Unreadable
from ..model import Problem
from ..plainfile import NotPlain, read_plain

#: What a person writes, and what `fetch` writes besides.
BY_HAND = ("url", "fetched", "note")
BY_FETCH = ("asked", "status", "sha256", "headers")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def sidecar(path: Path) -> dict[str, str]:
    """The entries of the sidecar of the file at `path`, without the headers; empty where there is none.

    Raises Unreadable where it cannot be read or has an entry that nobody would read.
    """
    beside = path.with_name(path.name + ".toml")
    if not os.path.lexists(beside):
        return {}
    try:
        said = tomllib.loads(read_plain(beside))
    except NotPlain as error:
        raise Unreadable("sidecar", f"说明文件 {beside.name} {error}") from error
    except RecursionError as error:
        raise Unreadable("sidecar", f"说明文件 {beside.name} 括号套得太深。请改正，或删去这个说明文件。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = f"说明文件 {beside.name} 写法有错：{error}。请改正，或删去这个说明文件。"
        raise Unreadable("sidecar", reason) from error
    unknown = sorted(set(said) - {*BY_HAND, *BY_FETCH})
    if unknown:
        raise Unreadable(
            "sidecar",
            f"说明文件 {beside.name} 里有不认识的项：{'、'.join(unknown)}。只能写 url、fetched 和 note；"
            f"{'、'.join(BY_FETCH)} 由 fetch 命令写，请不要改。",
        )
    if not _DIGEST.fullmatch(str(said.get("sha256", "0" * 64))):
        reason = f"说明文件 {beside.name} 里的 sha256 不是64个十六进制数字。请恢复 fetch 写的值，或删去这一行。"
        raise Unreadable("sidecar", reason)
    return {key: str(value) for key, value in said.items() if key != "headers"}


def altered(about: dict[str, str], sha256: str) -> tuple[Problem, ...]:
    """The problem of a file whose bytes (digest `sha256`) are not those that were fetched; () where they are."""
    if about.get("sha256", sha256) == sha256:
        return ()
    detail = (
        "文件与抓取时不同：说明文件里的 sha256 对不上，保存以后有人改过或没有存全。"
        "请重新抓取；如果确实要用改过的文件，请删去说明文件里的 sha256 一行，并在 note 里写明改了什么。"
    )
    return (Problem("review", "file-altered", 1, detail),)

"""raw/ and the finished site in object storage: raw/ is brought here before a command, the site taken there after it.

Everything between works on folders as ever.  What may be in object storage: `--raw` of every command that only reads it,
and `--out` of `site`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

from ..errors import Refused
from .bucket import Address
from .mirror import mirror
from .upload import upload

__all__ = ["Address", "mirror", "place", "run", "upload"]

#: Beside registry/: what is kept of object storage, so that only what has changed travels.
KEPT = "build/remote"


def place(text: str) -> Path | Address:
    """A folder, or an address in object storage (`s3://bucket/folder`), as it is given on the command line."""
    return Address(text.rstrip("/")) if re.match(r"[a-z][a-z0-9+.-]*://", text) else Path(text)


def run(arguments: argparse.Namespace) -> int:
    """Run a command whose folders may be in object storage; its exit status.

    The site travels only where the command has succeeded.  Raises Refused with nothing changed where the storage cannot
    be read, or must not be written; where the upload breaks off, the next run finishes it.
    """
    raw, out = getattr(arguments, "raw", None), getattr(arguments, "out", None)
    for name in ("docs", "registry", "rules", "overrides", "site"):
        if isinstance(getattr(arguments, name, None), Address):
            raise Refused(f"--{name} 要在这台机器上，什么也没有做。只有 --raw 和 site 的 --out 可以是对象存储。")
    if not isinstance(raw, Address) and not isinstance(out, Address):
        return int(arguments.run(arguments))
    project = arguments.registry.resolve().parent
    if isinstance(raw, Address):
        if getattr(arguments, "takes_in", False):
            raise Refused(f"这个命令不能把文件放进 {raw}，什么也没有做。请用对象存储的工具上传，再运行 build 或 site。")
        if isinstance(out, Address) and (f"{raw}/".startswith(f"{out}/") or f"{out}/".startswith(f"{raw}/")):
            raise Refused(f"--raw {raw} 和 --out {out} 不能一个在另一个里面。请换一个位置。")
        arguments.raw = folder_of(raw, project) / "raw"
        arguments.overrides = getattr(arguments, "overrides", None) or project / "overrides"
        print(mirror(raw, arguments.raw))
    if isinstance(out, Address):
        arguments.out = folder_of(out, project) / "site"
    code = int(arguments.run(arguments))
    if isinstance(out, Address) and code < 2:
        print(upload(arguments.out, out))
    return code


def folder_of(address: Address, project: Path) -> Path:
    """The folder that belongs to an address."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", address).strip("-")[:40]
    return project / KEPT / f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"

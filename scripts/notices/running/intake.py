"""Putting files into raw/: copied whole, under a name that is safe and still readable, never over what is there.

Everything is looked at before anything is written: `plan` refuses, `put` only writes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shlex
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import Refused
from ..fetch.save import sidecar_text
from ..plainfile import NotPlain, read_plain
from ..read.formats import MAX_BYTES
from ..writing.disk import write_over
from .inputs import ABOUT, UNSEEN

LONGEST = 200  # bytes of a name in UTF-8, ending included; file systems take 255, and a sidecar's name is longer
#: What Windows does not take in a name, and names that are devices there whatever their ending.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
TAKEN = "raw/ 里已有这个名字的另一份，没有覆盖它；如果是来替换那一份的，请把旧的移出 raw/ 再运行"
ABOUT_RAW = "这个名字在 raw/ 里留给目录说明，不会当作通知"
UNSAFE = "原来的名字里有不能用的符号，或太长"
_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*")


class Given(NamedTuple):
    """A file that is to be in raw/.  `name`: its path below raw/; `there`: its bytes are there already, under that name.

    `why`: why it is called otherwise than its source, or ""; `beside`: what its sidecar is to say, b"" to write none;
    `kept`: there is a sidecar that says something else, and it stays.
    """

    source: Path
    name: str
    content: bytes
    beside: bytes
    there: bool = False
    why: str = ""
    kept: bool = False

    def told(self, dry: bool) -> str:
        """What is done with it, in words."""
        could = "会" if dry else "已"
        if self.there:
            said = f"＝ {self.source} 的内容与 raw/{self.name} 完全相同，不用再放一份。"
        else:
            renamed = f"，改名为 {self.name}（{self.why}）" if self.why else ""
            said = f"＋ {self.source} {could}复制到 raw/{renamed}；原来的文件没有动。"
        if self.kept:
            return f"{said}raw/{self.name}.toml 里已有别的内容，没有动它；要改网址，请直接改那个文件。"
        return f"{said}{'说明文件 ' + self.name + '.toml ' + could + '写好。' if self.beside else ''}"


def named(text: str) -> list[Path]:
    """The files that one text names: a path as it stands, spaces and all, or several as on a command line."""
    whole = Path(text.strip()).expanduser()
    if os.path.lexists(whole):
        return [whole]
    try:
        return [Path(part).expanduser() for part in shlex.split(text)]
    except ValueError as error:
        raise Refused(f"FILE 里的引号不成对：{text}。请给每个带空格的文件名加一对引号。") from error


def plan(paths: Sequence[Path], raw: Path, name: str = "", url: str = "") -> list[Given]:
    """What is to be done with each file.  `name`: what it is to be called; `url`: where it came from.

    Raises Refused, with all that is wrong, where one of them cannot be taken.
    """
    if not paths:
        raise Refused("没有说要放入哪个文件。请写 make add FILE=文件，或 convert.py add 文件。")
    if len(paths) > 1 and (name or url):
        raise Refused("一次放入几个文件时，不能用 --name 和 --url。请一个一个放。")
    if url and not (_WEB.fullmatch(url) and url.isprintable()):
        raise Refused(f"网址“{url}”不能用。请写完整的网址，以 http:// 或 https:// 开头，没有空格。")
    there = _there(raw)
    given: list[Given] = []
    faults: list[str] = []
    for path in paths:
        try:
            one = _given(path, raw, name, url, there)
        except NotPlain as error:
            faults.append(f"{path} {error}")
        else:
            given.append(one)
            there.setdefault(_digest(one.content), one.name)
    if faults:
        others = "别的文件也没有放入。" if len(paths) > 1 else ""
        raise Refused("\n".join([*faults, f"raw/ 没有变。{others}"]))
    return given


def put(given: Sequence[Given], raw: Path) -> None:
    """Write the files into `raw`, each whole or not at all, its sidecar first (see fetch.save).  Raises OSError."""
    raw.mkdir(parents=True, exist_ok=True)
    for one in given:
        if one.beside:
            write_over(raw / f"{one.name}.toml", one.beside)
        if not one.there:
            write_over(raw / one.name, one.content)


@contextmanager
def trial(raw: Path) -> Iterator[Path]:
    """A copy of `raw` that is deleted afterwards, to try things in.  Raises OSError."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "raw"
        if raw.is_dir():
            shutil.copytree(raw, made, symlinks=True, ignore=_special)
        yield made


def safe_name(name: str) -> str:
    """`name` so that every system takes it and `raw_files` reads it: no signs that cannot be seen, no path, no device."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    text = unicodedata.normalize("NFC", text)
    text = "".join("-" if unicodedata.category(c) in UNSEEN or c == "\ufffd" else c for c in text)
    text = re.sub(r"\s+", " ", _FORBIDDEN.sub("-", text)).strip().lstrip(".").rstrip(". ")
    text = f"文件-{text}" if _DEVICE.match(text) else text or "文件"
    stem, ending = _stem(text), text[len(_stem(text)) :]
    while len(f"{stem}{ending}".encode()) > LONGEST:
        stem = stem[:-1]
    return f"{stem.rstrip()}{ending}" if stem else text[:50]


def _stem(name: str) -> str:
    """The name without its ending; what is long or has spaces after the last dot is no ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 8 and " " not in ending else name


def _given(path: Path, raw: Path, name: str, url: str, there: dict[str, str]) -> Given:
    """Raises NotPlain, with words that follow the file's name."""
    content = _read(path)
    if path.suffix.lower() == ".toml":
        raise NotPlain("是说明文件。请放入它说明的那个文件，说明文件在旁边就会一起放入。")
    beside = _beside(path, url)
    known = there.get(_digest(content), "")
    if known:
        stands = raw / f"{known}.toml"
        if not os.path.lexists(stands):
            return Given(path, known, content, beside, there=True)
        return Given(path, known, content, b"", there=True, kept=bool(beside) and _plain(stands) != beside)
    ending = path.name[len(_stem(path.name)) :]
    asked = f"{name.removesuffix(ending)}{ending}" if name else path.name
    wanted = safe_name(asked)
    taken = (
        {*(one.name.casefold() for one in raw.iterdir()), *map(str.casefold, there.values())} if raw.is_dir() else set()
    )
    free = _free(wanted, taken)
    why = (
        ABOUT_RAW
        if wanted in ABOUT
        else TAKEN
        if free != wanted
        else UNSAFE
        if wanted != asked
        else "照 --name"
        if name
        else ""
    )
    return Given(path, free, content, beside, why=why)


def _free(name: str, taken: Collection[str]) -> str:
    """`name`, or the first of name-2, name-3, … that nothing in raw/ has, sidecars without a file included."""
    about = {one.casefold() for one in ABOUT}
    stem = _stem(name)
    number, tried = 1, name
    while {tried.casefold(), f"{tried}.toml".casefold()} & {*taken, *about}:
        number += 1
        tried = f"{stem}-{number}{name[len(stem) :]}"
    return tried


def _read(path: Path) -> bytes:
    """The bytes of a plain file.  Raises NotPlain."""
    if path.is_symlink():
        raise NotPlain("是指向别处的链接（快捷方式），没有放入。请给出文件本身。")
    if path.is_dir():
        raise NotPlain("是文件夹，没有放入。请给出里面的文件；一次可以写几个。")
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as stream:
            known = os.fstat(stream.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise NotPlain("不是普通文件，没有放入。请给出保存下来的文件。")
            if known.st_size > MAX_BYTES:
                size = f"{known.st_size / 1e6:.1f} MB，超过 {MAX_BYTES // 1_000_000} MB 的上限"
                raise NotPlain(f"有 {size}，没有放入。一份通知通常不到 0.2 MB；请只保存正文，或去掉图片和附件。")
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise NotPlain("没有找到。请核对文件名和所在的文件夹；文件名里有空格的，要加引号。") from error
        why = "没有读取权限" if error.errno in (errno.EACCES, errno.EPERM) else error.strerror
        raise NotPlain(f"打不开：{why}。请检查这个文件。") from error


def _beside(path: Path, url: str) -> bytes:
    """What the sidecar is to say: that of the source, or made of `url`.  Raises NotPlain."""
    beside = path.with_name(f"{path.name}.toml")
    said = _plain(beside) if os.path.lexists(beside) else b""
    if url and said:
        raise NotPlain(f"旁边已有说明文件 {beside.name}，又写了 --url。请把网址写进说明文件，或先移走它。")
    return sidecar_text({"url": url}, {}).partition("\n\n")[0].encode() + b"\n" if url else said


def _plain(path: Path) -> bytes:
    try:
        return read_plain(path).encode()
    except UnicodeDecodeError as error:
        raise NotPlain(f"旁边的说明文件 {path.name} 不是 UTF-8 编码。请用 UTF-8 重新保存，或先移走它。") from error
    except NotPlain as error:
        raise NotPlain(f"旁边的说明文件 {path.name} {error}") from error


def _there(raw: Path) -> dict[str, str]:
    """SHA-256 → path below `raw` of every plain file in it that `raw_files` would read."""
    found: dict[str, str] = {}
    for path in sorted(raw.rglob("*")) if raw.is_dir() else ():
        name = path.relative_to(raw).as_posix()
        hidden = path.name in ABOUT or any(part.startswith(".") for part in name.split("/"))
        known = path.lstat()
        if stat.S_ISREG(known.st_mode) and not hidden and path.suffix != ".toml" and known.st_size <= MAX_BYTES:
            found.setdefault(_digest(path.read_bytes()), name)
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _special(folder: str, names: list[str]) -> list[str]:
    """What cannot be copied: pipes, devices, sockets, what may not be read."""
    kinds = {name: (Path(folder) / name).lstat().st_mode for name in names}
    plain = {n for n, mode in kinds.items() if stat.S_ISREG(mode) or stat.S_ISDIR(mode)}
    readable = {name for name in plain if os.access(Path(folder) / name, os.R_OK)}
    return [name for name, mode in kinds.items() if name not in readable and not stat.S_ISLNK(mode)]

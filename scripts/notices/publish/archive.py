"""data/yaodian-data.zip in the built site: the whole corpus in one file, the same bytes from run to run.

Of a large corpus there is one such file a province, and data/archives.json that lists them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..emit.files.csv_files import TABLES
from ..emit.files.division import province_of
from ..emit.pages.data import ARCHIVE
from ..jsontext import to_json
from ..running.parallel import shared

FOLDER = "yaodian-data"
SUMS = "SHA256SUMS.txt"
FILES = (*(table.path for table in TABLES), "data/corpus.jsonl", "data/notice.schema.json", "data/report.json")
#: Above so many notices there is one archive a province.
MOST = 1000
LIST = "data/archives.json"
SCHEMA = "data/notice.schema.json"
DAY = (1980, 1, 1, 0, 0, 0)  # no clock time: an archive differs where its contents do
README = """要点：地方政府工作要点的数据

内容
{files}
  notices/编号.json     每份通知的全部数据，格式见 notice.schema.json
  SHA256SUMS.txt        各文件的校验码

字段
  每个文件、每个字段的意思，见本站“数据下载与字段说明”一页（网址以 /data/ 结尾）。
  CSV 文字开头的一个 ' 是后加的，免得表格软件把它当成数、日期或公式；程序读取时请去掉。

许可
  通知文本是国家机关公文，依《中华人民共和国著作权法》第五条不受著作权保护。
  标注由程序生成，本站不另外主张权利；程序和规则以 MIT 许可发布。
  标注由程序作出，可能有错；引用时请对照永久网址上的原文。

核对
  在本文件夹里运行 sha256sum -c SHA256SUMS.txt，每一行都应当是 OK。

In English
  Annual work plans of Chinese local governments, clause by clause: tasks, targets, responsible units, citations.
  CSV files are UTF-8 with BOM; take one leading apostrophe off a text cell. corpus.jsonl has one clause a line with
  annotations (character offsets into "text"). notice.schema.json (JSON Schema 2020-12) describes notices/*.json.
  The notices are official documents outside copyright (Copyright Law of the PRC, Art. 5);
  no rights are claimed in the annotations.
  Verify with: sha256sum -c SHA256SUMS.txt
"""


class Archive(NamedTuple):
    """One archive: its file name below data/, the province ("" for the whole corpus), and the files in it: name in the
    archive → path below docs/."""

    name: str
    province: str
    files: Mapping[str, str]

    @property
    def notices(self) -> int:
        """How many notices it holds."""
        return sum(name.startswith("notices/") for name in self.files)


def write_archives(docs: Path, out: Path, jobs: int = 1, kept: Path | None = None, most: int = MOST) -> list[Path]:
    """Pack the data files of `docs` into the archives of a corpus of that size, below `out`/data/; their paths.

    `jobs` processes side by side; `kept`: a folder where archives stay, so that one in which nothing changed is not made
    again.  Raises OSError where a file is missing (nothing was built yet) or an archive cannot be written.
    """
    every = archives(docs, most)
    folder = kept / "archives" if kept else None
    if folder and folder.is_dir():
        names = {archive.name for archive in every}
        for path in folder.iterdir():
            if path.name.removesuffix(".json") not in names:
                path.unlink()
    striped = [archive for start in range(jobs) for archive in every[start::jobs]]  # as much work for each process
    shared(lambda some: [_made(archive, docs, out, folder) for archive in some], striped, jobs, least=1)
    paths = [out / "data" / archive.name for archive in every]
    if every[0].province:
        rows = [
            {"bytes": path.stat().st_size, "notices": one.notices, "path": f"data/{one.name}", "province": one.province}
            for one, path in sorted(zip(every, paths, strict=True), key=lambda both: both[0].province)
        ]
        (out / LIST).write_bytes(to_json({"archives": rows}))
    return paths


def archives(docs: Path, most: int = MOST) -> list[Archive]:
    """What is to be packed: one archive, or above `most` notices one a province, the largest first."""
    notices = sorted(path.name for path in (docs / "data" / "notices").glob("*.json"))
    if len(notices) <= most:
        named = {f"notices/{name}": f"data/notices/{name}" for name in notices}
        return [Archive(ARCHIVE, "", {**{path.removeprefix("data/"): path for path in FILES}, **named})]
    of: dict[str, dict[str, str]] = defaultdict(dict)
    for name in notices:
        of[province_of(name)][f"notices/{name}"] = f"data/notices/{name}"
    for province, files in of.items():
        beside = sorted(path for path in (docs / "data" / province).glob("*") if path.is_file())
        files.update({path.name: f"data/{province}/{path.name}" for path in beside})
        files[Path(SCHEMA).name] = SCHEMA
    stem, kind = Path(ARCHIVE).stem, Path(ARCHIVE).suffix
    found = [Archive(f"{stem}-{province}{kind}", province, files) for province, files in of.items()]
    return sorted(found, key=lambda archive: (-len(archive.files), archive.name))


def _made(archive: Archive, docs: Path, out: Path, kept: Path | None) -> Path:
    """Write the archive, one file of it in memory at a time, or take it from `kept` where all in it is the same."""
    target = out / "data" / archive.name
    target.parent.mkdir(parents=True, exist_ok=True)
    readme = _readme(archive).encode("utf-8-sig")
    names = sorted(("README.txt", *archive.files))
    sums = "".join(f"{hashlib.sha256(_content(n, archive, docs, readme)).hexdigest()}  {n}\n" for n in names).encode()
    key = hashlib.sha256(Path(__file__).read_bytes() + sums).hexdigest()
    if kept and _taken(kept / archive.name, key, target):
        return target
    with zipfile.ZipFile(target, "w") as opened:
        for name in (*names, SUMS):
            member = zipfile.ZipInfo(f"{FOLDER}/{name}", DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, on every system: the field would tell them apart
            member.external_attr = 0o100644 << 16
            content = sums if name == SUMS else _content(name, archive, docs, readme)
            opened.writestr(member, content, compresslevel=6)  # 9 takes more than twice as long to save three percent
    if kept:
        _keep(kept / archive.name, key, target)
    return target


def _content(name: str, archive: Archive, docs: Path, readme: bytes) -> bytes:
    return readme if name == "README.txt" else (docs / archive.files[name]).read_bytes()


def _taken(kept: Path, key: str, target: Path) -> bool:
    """Copy an archive that was made before, where it is still what it was."""
    try:
        told = json.loads(_beside(kept).read_bytes())
        if told != {"key": key, "sha256": _digest(kept)}:
            return False
        shutil.copyfile(kept, target)
    except (OSError, ValueError):
        return False
    return True


def _keep(kept: Path, key: str, made: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, kept)
    _beside(kept).write_bytes(to_json({"key": key, "sha256": _digest(made)}))


def _beside(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}.json")


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _readme(archive: Archive) -> str:
    """What the archive holds, in words."""
    about = [(Path(table.path).name, f"{table.name}：{table.about}") for table in TABLES]
    about.append(("corpus.jsonl", "语料：一个条款一行 JSON，带全部标注"))
    about += [("notice.schema.json", "通知数据的格式"), ("report.json", "转换报告")]
    lines = "\n".join(f"  {name:<22}{text}" for name, text in about if name in archive.files)
    return README.format(files=lines).replace("\n", "\r\n")

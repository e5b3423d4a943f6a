"""data/yaodian-data.zip in the built site: the whole corpus in one file, the same bytes from run to run."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..emit.files.csv_files import TABLES
from ..emit.pages.data import ARCHIVE

FOLDER = "yaodian-data"
SUMS = "SHA256SUMS.txt"
FILES = (*(table.path for table in TABLES), "data/corpus.jsonl", "data/notice.schema.json", "data/report.json")
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


def write_archive(docs: Path, out: Path) -> Path:
    """Pack the data files of `docs` into `out`/data/yaodian-data.zip and return its path.

    Raises OSError where a file is missing (nothing was built yet) or the archive cannot be written.
    """
    target = out / "data" / ARCHIVE
    target.parent.mkdir(parents=True, exist_ok=True)
    members = dict(sorted(_members(docs)))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in members.items())
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (*members.items(), (SUMS, sums.encode("utf-8"))):
            member = zipfile.ZipInfo(f"{FOLDER}/{name}", DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, on every system: the field would tell them apart
            member.external_attr = 0o100644 << 16
            archive.writestr(member, content, compresslevel=9)
    return target


def _members(docs: Path) -> Iterator[tuple[str, bytes]]:
    """Name in the archive and content of every file but the sums."""
    for path in FILES:
        yield path.removeprefix("data/"), (docs / path).read_bytes()
    for notice in (docs / "data" / "notices").glob("*.json"):
        yield f"notices/{notice.name}", notice.read_bytes()
    listed = [(Path(table.path).name, f"{table.name}：{table.about}") for table in TABLES]
    listed.append(("corpus.jsonl", "语料：一个条款一行 JSON，带全部标注"))
    listed += [("notice.schema.json", "通知数据的格式"), ("report.json", "转换报告")]
    lines = "\n".join(f"  {name:<22}{about}" for name, about in listed)
    yield "README.txt", README.format(files=lines).replace("\n", "\r\n").encode("utf-8-sig")

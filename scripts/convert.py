#!/usr/bin/env python3
"""The command line: build, add, fetch, site, offline, check, explain, adopt.  What is done lives in scripts/notices/."""

from __future__ import annotations

import argparse
import gc
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from notices import commands, golden, overrides, remote, rules, store
from notices.commands import ROOT, fail
from notices.errors import Refused, Unreadable
from notices.publish.offline import NAME as OFFLINE
from notices.rebuild import FAILED

INTERRUPTED = 130  # what shells expect after Ctrl-C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 or 2 as `--help` says, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 must not stop a build
    gc.disable()  # the collector would walk millions of records and find nothing; workers, who parse pages, have theirs
    arguments = parser().parse_args(argv)
    try:
        return remote.run(arguments)
    except (
        rules.RulesError,
        store.RegistryError,
        overrides.OverrideError,
        Unreadable,
        Refused,
        golden.CaseError,
    ) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        fail("已按 Ctrl-C 停止：原来的内容没有变。要继续，再运行一次即可。")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except OSError as error:
        return fail(f"读写文件失败：{error.filename or ''} {error.strerror or error}。请检查磁盘空间和权限后再运行。")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="convert.py",
        description="把 raw/ 里的通知转换成可引用的网页。",
        epilog="退出码：0 全部发布；1 已完成，但有文件被隔离、待复核或撤下；2 用法有误，或写不出。",
    )
    every = top.add_subparsers(required=True, metavar="命令")
    places = argparse.ArgumentParser(add_help=False)
    for name in ("raw", "docs", "registry", "rules"):
        places.add_argument(f"--{name}", type=remote.place, default=ROOT / name, metavar="目录")
    places.add_argument("--overrides", type=Path, metavar="目录", help="更正文件；不写就是 raw/ 旁边的 overrides/")
    places.add_argument("--jobs", type=int, default=0, metavar="N", help="同时转换的进程数；不写或 0 为全部处理器")
    writes = argparse.ArgumentParser(add_help=False)
    writes.add_argument(
        "--overwrite", action="store_true", help="生成的文件被手工改过时也照写；改过的先存到 build/edited/"
    )
    writes.add_argument(
        "--cluster", default="", metavar="网址", help="让 Dask 集群来做，如 tcp://10.0.0.5:8786；不写就用本机的进程"
    )

    command = every.add_parser("build", parents=[places, writes], help="转换 raw/，写入 docs/")
    command.add_argument("--only", nargs="+", default=[], metavar="文件", help="只转换 raw/ 里的这些文件")
    command.add_argument("--dry-run", action="store_true", help="只说会做什么，不写文件")
    command.set_defaults(run=commands.run_build)
    command = every.add_parser(
        "add",
        parents=[places, writes],
        help="把文件复制进 raw/，转换，说明结果",
        epilog="文件名里有空格或括号的，要加引号。旁边的“文件名.toml”一起放入。也可以写 make add FILE=文件。",
    )
    command.add_argument("file", nargs="*", type=Path, metavar="文件", help="一个或几个文件；只复制，不移动")
    command.add_argument("--name", default="", metavar="名字", help="在 raw/ 里叫什么；不写就用原来的名字")
    command.add_argument("--url", default="", metavar="网址", help="网页原来的网址，写进说明文件")
    command.add_argument("--paths", default="", metavar="文字", help="一个文件名，或加了引号的几个；make add 用它")
    command.add_argument("--dry-run", action="store_true", help="只说结果，哪里也不写")
    command.set_defaults(run=commands.run_add, only=[], takes_in=True)
    command = every.add_parser("fetch", parents=[places], help="抓取网页，存进 raw/（可以不用，手工保存一样好）")
    command.add_argument("url", nargs="+", metavar="网址", help="http 或 https 开头；同一网站每秒最多一次")
    command.set_defaults(run=commands.run_fetch, takes_in=True)
    command = every.add_parser("site", parents=[places, writes], help="转换，再生成网站并检查每个链接")
    command.add_argument(
        "--out", type=remote.place, default=ROOT / "site", metavar="目录", help="也可以是 s3://存储桶/目录"
    )
    command.add_argument("--site-url", metavar="网址", help="网站的完整网址；不写就用 mkdocs.yml 里的")
    command.set_defaults(run=commands.run_site, only=[], dry_run=False)
    command = every.add_parser("offline", help="把生成的网站打成一个不联网也能用的压缩包")
    command.add_argument("--site", type=Path, default=ROOT / "site", metavar="目录", help="生成的网站")
    command.add_argument("--out", type=Path, default=ROOT / OFFLINE, metavar="文件")
    command.set_defaults(run=commands.run_offline)
    command = every.add_parser("check", parents=[places], help="docs/ 与 raw/、rules/ 不一致时报错")
    command.set_defaults(run=commands.run_check)
    command = every.add_parser("explain", parents=[places], help="说明一个文件是怎样读懂的")
    command.add_argument("file", type=Path, metavar="文件")
    command.set_defaults(run=commands.run_explain)
    command = every.add_parser("adopt", parents=[places], help="把一个文件收为金标准用例")
    command.add_argument("file", type=Path, metavar="文件")
    command.set_defaults(run=commands.run_adopt)
    return top


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The command line: build, site, check, explain, adopt.  What is done lives in scripts/notices/."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from notices import golden, read, rules, store
from notices.build import Built, build, differences, remove_stale, write
from notices.explain import explain
from notices.gate import check_site
from notices.report import lines

ROOT = Path(__file__).resolve().parent.parent
OK, REVIEW, FAILED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 or 2 as `--help` says."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (rules.RulesError, store.RegistryError, read.Unreadable) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"读写文件失败：{error.filename}：{error.strerror}。请检查磁盘空间和权限后再运行。")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="convert.py",
        description="把 raw/ 里的通知转换成可引用的网页。",
        epilog="退出码：0 全部发布；1 已发布，其中有隔离或待复核的；2 用法有误，或什么也写不出。",
    )
    commands = top.add_subparsers(required=True, metavar="命令")
    places = argparse.ArgumentParser(add_help=False)
    for name in ("raw", "docs", "registry", "rules"):
        places.add_argument(f"--{name}", type=Path, default=ROOT / name, metavar="目录")
    places.add_argument("--jobs", type=int, default=1, metavar="N", help="同时转换的进程数，0 为全部处理器")

    command = commands.add_parser("build", parents=[places], help="转换 raw/，写入 docs/")
    command.add_argument("--only", nargs="+", default=[], metavar="文件", help="只转换 raw/ 里的这些文件")
    command.add_argument("--dry-run", action="store_true", help="只说会做什么，不写文件")
    command.set_defaults(run=run_build)
    command = commands.add_parser("site", parents=[places], help="转换，再生成网站并检查每个链接")
    command.add_argument("--out", type=Path, default=ROOT / "site", metavar="目录")
    command.set_defaults(run=run_site, only=[], dry_run=False)
    command = commands.add_parser("check", parents=[places], help="docs/ 与 raw/、rules/ 不一致时报错")
    command.set_defaults(run=run_check)
    command = commands.add_parser("explain", parents=[places], help="说明一个文件是怎样读懂的")
    command.add_argument("file", type=Path, metavar="文件")
    command.set_defaults(run=run_explain)
    command = commands.add_parser("adopt", parents=[places], help="把一个文件收为金标准用例")
    command.add_argument("file", type=Path, metavar="文件")
    command.set_defaults(run=run_adopt)
    return top


def run_build(arguments: argparse.Namespace) -> int:
    """Convert and write; with --dry-run only say what would change."""
    if not arguments.raw.is_dir():
        return fail(f"找不到目录 {arguments.raw}。请把通知放进 raw/，或用 --raw 指明目录。")
    built = make(arguments)
    missing = [name for name in arguments.only if name not in {o.file for o in built.outcomes}]
    if missing:
        return fail(f"raw/ 里没有这些文件：{'、'.join(missing)}。请写出 raw/ 之下的文件名。")
    print("\n".join(lines(built.outcomes)))
    if arguments.dry_run:
        print("\n".join(changes(built, arguments)) or "没有需要改动的文件。")
        return status(built)
    stale = [] if arguments.only else remove_stale(built.docs, arguments.docs)
    docs = [o for o in built.docs if not arguments.only or not o.path.startswith("data/manifest")]
    changed = write(docs, arguments.docs)
    recorded = write(built.registry, arguments.registry)
    print(f"写入 {len(changed)} 个文件，删除 {len(stale)} 个，登记更新 {len(recorded)} 份。")
    return status(built)


def run_site(arguments: argparse.Namespace) -> int:
    """Convert, run the generator strictly, and walk every page it made."""
    code = run_build(arguments)
    if code == FAILED:
        return code
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", str(arguments.out)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run([*command, "--config-file", str(ROOT / "mkdocs.yml")], env=environment, check=False)
    if made.returncode:
        return fail("网站没有生成：上面是 MkDocs 的报错。请改正后再运行 make site。")
    faults = check_site(arguments.out)
    if faults:
        return fail("网站已生成，但检查没有通过：\n" + "\n".join(faults[:50]))
    print(f"网站在 {arguments.out}/。运行 make serve，再用浏览器打开 http://127.0.0.1:8000/ 查看。")
    return code


def run_check(arguments: argparse.Namespace) -> int:
    """Exit 1 where docs/ or registry/ is not what the inputs give, or a published anchor would die."""
    arguments.only = []
    built = make(arguments)
    faults = changes(built, arguments)
    for outcome in built.outcomes:
        faults += [f"{outcome.file}：{p.detail}" for p in outcome.problems if p.code == "anchor-gone"]
    faults += [f"网址会失效：{gone}" for gone in store.lost_anchors(arguments.docs, built.entries)]
    print("\n".join(faults) or f"一致：{len(built.docs)} 个生成文件与 raw/、rules/、registry/ 相符。")
    if faults:
        print("请运行 python scripts/convert.py build，看过改动后再提交。")
    return REVIEW if faults else OK


def run_explain(arguments: argparse.Namespace) -> int:
    """Say how one file was read."""
    outcome, text = explain(arguments.file, rules.load(arguments.rules))
    print("\n".join(text))
    return OK if outcome.status == "published" else REVIEW


def run_adopt(arguments: argparse.Namespace) -> int:
    """Make or refresh a golden case."""
    made = golden.adopt(arguments.file, ROOT / "tests" / "golden", rules.load(arguments.rules))
    print(f"金标准用例已写入 {made}。请逐行看过 notice.json 再提交。")
    return OK


def make(arguments: argparse.Namespace) -> Built:
    """The build in memory."""
    jobs = arguments.jobs or os.cpu_count() or 1
    return build(arguments.raw, arguments.registry, arguments.rules, jobs, getattr(arguments, "only", []))


def changes(built: Built, arguments: argparse.Namespace) -> list[str]:
    """What differs on disk from `built`."""
    return differences(built.docs, arguments.docs, "docs") + differences(built.registry, arguments.registry, "registry")


def status(built: Built) -> int:
    """0 where every notice is published without a question, else 1; 2 where there was nothing at all."""
    if not any(o.notice for o in built.outcomes) and built.outcomes:
        return REVIEW
    return REVIEW if any(o.status in ("review", "quarantined") for o in built.outcomes) else OK


def fail(message: str) -> int:
    """Say what is wrong on standard error; the exit status for it."""
    print(f"✘ {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())

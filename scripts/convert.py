#!/usr/bin/env python3
"""The command line: build, site, offline, check, explain, adopt.  What is done lives in scripts/notices/."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from notices import golden, overrides, publish, rules, store
from notices.build import Built, Folders, build
from notices.errors import Unreadable
from notices.explain import explain
from notices.files import differences, remove, stale, strangers, write
from notices.publish.offline import NAME as OFFLINE
from notices.report import lines

ROOT = Path(__file__).resolve().parent.parent
OK, REVIEW, FAILED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 or 2 as `--help` says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 must not stop a build
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (rules.RulesError, store.RegistryError, overrides.OverrideError, Unreadable, golden.CaseError) as error:
        return fail(str(error))
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
    commands = top.add_subparsers(required=True, metavar="命令")
    places = argparse.ArgumentParser(add_help=False)
    for name in ("raw", "docs", "registry", "rules"):
        places.add_argument(f"--{name}", type=Path, default=ROOT / name, metavar="目录")
    places.add_argument("--overrides", type=Path, metavar="目录", help="更正文件；不写就是 raw/ 旁边的 overrides/")
    places.add_argument("--jobs", type=int, default=1, metavar="N", help="同时转换的进程数，0 为全部处理器")

    command = commands.add_parser("build", parents=[places], help="转换 raw/，写入 docs/")
    command.add_argument("--only", nargs="+", default=[], metavar="文件", help="只转换 raw/ 里的这些文件")
    command.add_argument("--dry-run", action="store_true", help="只说会做什么，不写文件")
    command.set_defaults(run=run_build)
    command = commands.add_parser("site", parents=[places], help="转换，再生成网站并检查每个链接")
    command.add_argument("--out", type=Path, default=ROOT / "site", metavar="目录")
    command.add_argument("--site-url", metavar="网址", help="网站的完整网址；不写就用 mkdocs.yml 里的")
    command.set_defaults(run=run_site, only=[], dry_run=False)
    command = commands.add_parser("offline", help="把生成的网站打成一个不联网也能用的压缩包")
    command.add_argument("--site", type=Path, default=ROOT / "site", metavar="目录", help="生成的网站")
    command.add_argument("--out", type=Path, default=ROOT / OFFLINE, metavar="文件")
    command.set_defaults(run=run_offline)
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
    built = make(arguments)
    missing = [name for name in arguments.only if name not in {o.file for o in built.outcomes}]
    if missing:
        return fail(f"raw/ 里没有这些文件：{'、'.join(missing)}。请写 raw/ 之下的文件名，不带 raw/。")
    print("\n".join([*lines(built.outcomes, built.withdrawn), *built.idle]))
    old = stale(built.docs, arguments.docs)
    if arguments.dry_run:
        print(
            "\n".join([*changes(built, arguments), *(f"docs/{path} 会被删除。" for path in old)])
            or "没有需要改动的文件。"
        )
        return status(built)
    recorded = write(built.registry, arguments.registry)  # first: an address is never published unrecorded
    changed = write(built.docs, arguments.docs)
    remove(old, arguments.docs)
    print(f"写入 {len(changed)} 个文件，删除 {len(old)} 个，登记更新 {len(recorded)} 份。")
    return status(built)


def run_site(arguments: argparse.Namespace) -> int:
    """Convert, run the generator strictly, and walk every page it made."""
    out, chosen = arguments.out.resolve(), publish.settings(ROOT / "mkdocs.yml", arguments.site_url)
    code = run_build(arguments)
    if code == FAILED:
        return code
    if not publish.generate(ROOT, arguments.docs, out, chosen):
        return fail("网站没有生成：上面是 MkDocs 的报错。请改正后再运行 make site。")
    faults = publish.finish(out, arguments.docs, arguments.registry, chosen)
    if faults:
        return fail("网站已生成，但检查没有通过：\n" + "\n".join(faults[:50]))
    if not chosen.site_url:
        print(publish.NO_ADDRESS)
    print(f"网站在 {out}。运行 make serve，用浏览器打开 http://127.0.0.1:8000/ 查看。")
    return code


def run_offline(arguments: argparse.Namespace) -> int:
    """Pack the built site for use without a server."""
    made = publish.make_offline(arguments.site.resolve(), arguments.out.resolve())
    print(f"离线版已写入 {made}。解压后打开里面的 index.html。")
    return OK


def run_check(arguments: argparse.Namespace) -> int:
    """Exit 1 where docs/ or registry/ is not what the inputs give, or a published anchor would die."""
    built = make(arguments)
    faults = changes(built, arguments) + strangers(built.docs, arguments.docs)
    for outcome in built.outcomes:
        faults += [f"{outcome.file}：{p.detail}" for p in outcome.problems if p.code == "anchor-gone"]
    faults += [f"网址会失效：{gone}" for gone in store.lost_anchors(arguments.docs, built.entries)]
    print("\n".join(faults) or f"一致：{len(built.docs)} 个生成文件与 raw/、rules/、registry/ 相符。")
    if faults:
        print("请运行 python scripts/convert.py build，看过改动后再提交。")
    return REVIEW if faults else OK


def run_explain(arguments: argparse.Namespace) -> int:
    """Say how one file was read."""
    if not arguments.file.is_file():
        return fail(f"没有这个文件：{arguments.file}。")
    outcome, text = explain(arguments.file, rules.load(arguments.rules))
    print("\n".join(text))
    return OK if outcome.status == "published" else REVIEW


def run_adopt(arguments: argparse.Namespace) -> int:
    """Make or refresh a golden case."""
    made = golden.adopt(arguments.file, ROOT / "tests" / "golden", rules.load(arguments.rules))
    print(f"金标准用例已写入 {made}。请逐行看过 notice.json 再提交。")
    return OK


def make(arguments: argparse.Namespace) -> Built:
    """The build in memory.  Raises Unreadable where raw/ is missing or empty."""
    if not arguments.raw.is_dir():
        raise Unreadable("no-raw", f"找不到目录 {arguments.raw}。请把通知放进 raw/，或用 --raw 指明目录。")
    if not any(arguments.raw.iterdir()):
        raise Unreadable("empty-raw", f"目录 {arguments.raw} 是空的，什么也没有做。请把通知放进去再运行。")
    jobs = arguments.jobs or os.cpu_count() or 1
    corrections = arguments.overrides or arguments.raw.resolve().parent / "overrides"
    folders = Folders(arguments.raw, arguments.docs, arguments.registry, arguments.rules, corrections)
    return build(folders, jobs, getattr(arguments, "only", ()))


def changes(built: Built, arguments: argparse.Namespace) -> list[str]:
    """What differs on disk from `built`."""
    return differences(built.docs, arguments.docs, "docs") + differences(built.registry, arguments.registry, "registry")


def status(built: Built) -> int:
    """0 where every notice is published without a question, else 1."""
    asks = any(outcome.status in ("review", "quarantined") for outcome in built.outcomes)
    return REVIEW if asks or built.withdrawn or built.idle else OK


def fail(message: str) -> int:
    """Say what is wrong on standard error; the exit status for it."""
    print(f"✘ {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())

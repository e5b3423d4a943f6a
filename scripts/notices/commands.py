"""What each command of convert.py does, from its arguments to its exit status."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from . import golden, publish, rules, store
from .build import build
from .explain import explain
from .fetch import contact, fetch
from .rebuild import FAILED, OK, REVIEW, alone, folders_of, jobs_of, rebuild, renders_far, unlike, work_of
from .running import intake
from .told.screen import say
from .writing.files import strangers

ROOT = Path(__file__).resolve().parent.parent.parent


def run_build(arguments: argparse.Namespace) -> int:
    """Convert and write; with --dry-run only say what would change."""
    with alone(arguments) as cache:
        return rebuild(arguments, cache)


def run_add(arguments: argparse.Namespace) -> int:
    """Put files into raw/ and build; the new files are told first.  With --dry-run all of it in a copy of raw/."""
    with alone(arguments) as cache, intake.trial(arguments.raw) if arguments.dry_run else nullcontext() as copy:
        paths = [*arguments.file, *(intake.named(arguments.paths) if arguments.paths else ())]
        given = intake.plan(paths, arguments.raw, arguments.name, arguments.url)
        arguments.overrides = arguments.overrides or arguments.raw.resolve().parent / "overrides"
        arguments.raw = copy or arguments.raw
        intake.put(given, arguments.raw)
        say(one.told(arguments.dry_run) for one in given)
        code = rebuild(arguments, cache, [one.name for one in given])
    if not arguments.dry_run:
        say(["下一步：运行 make site，网站上才看得到。"])
    return code


def run_fetch(arguments: argparse.Namespace) -> int:
    """Save web pages into raw/, one after another; 1 where some could not be had."""
    arguments.raw.mkdir(parents=True, exist_ok=True)
    failures = fetch(arguments.url, arguments.raw, print, rules.load(arguments.rules), contact(ROOT / "mkdocs.yml"))
    if failures < len(arguments.url):
        say(["下一步：运行 python scripts/convert.py build，看转换的结果。"])
    return REVIEW if failures else OK


def run_site(arguments: argparse.Namespace) -> int:
    """Convert, run the generator strictly, walk every page it made, and only then put the site in its place."""
    out, chosen = arguments.out.resolve(), publish.settings(ROOT / "mkdocs.yml", arguments.site_url)
    with alone(arguments) as cache:
        code = rebuild(arguments, cache)
        means = publish.Means(work_of(arguments) / "site", jobs_of(arguments), run=renders_far(arguments))
        told = publish.make(ROOT, arguments.docs, arguments.registry, out, chosen, means)
    print("\n".join(filter(None, (told, publish.NO_ADDRESS if not chosen.site_url else ""))))
    print(f"网站在 {out}。运行 make serve，用浏览器打开 http://127.0.0.1:8000/ 查看。")
    return code


def run_offline(arguments: argparse.Namespace) -> int:
    """Pack the built site for use without a server."""
    made = publish.make_offline(arguments.site.resolve(), arguments.out.resolve())
    print(f"离线版已写入 {made}。解压后打开里面的 index.html。")
    return OK


def run_check(arguments: argparse.Namespace) -> int:
    """Exit 1 where docs/ or registry/ is not what the inputs give, or a published anchor would die."""
    folders = folders_of(arguments)
    with TemporaryDirectory(prefix="yaodian-") as work:
        built = build(folders, Path(work), jobs_of(arguments))
        faults = unlike(built, folders) + strangers(built.docs, folders.docs)
        entries = store.after(folders.registry, built.registry)
    for outcome in built.outcomes:
        faults += [f"{outcome.file}：{p.detail}" for p in outcome.problems if p.code == "anchor-gone"]
    faults += [f"网址会失效：{gone}" for gone in store.lost_anchors(folders.docs, entries)]
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


def fail(message: str) -> int:
    """Say what is wrong on standard error; the exit status for it."""
    print(f"✘ {message}", file=sys.stderr)
    return FAILED

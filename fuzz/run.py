"""`make fuzz MINUTES=10`: run the target for so many minutes and say in words what was tried and what was found."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "fuzz"
SEEDS = ("raw", "tests/cases", "tests/formats", "tests/rejects", "tests/fuzz")
#: Share of the time, and the most bytes of an input: small inputs are tried fast, large ones show what takes too long.
PHASES = ((0.8, 8_000), (0.2, 32_000))
_STATUS = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+)")


def main() -> int:
    """Fuzz; 0 where nothing was found, 1 where something was, 2 where the target could not run."""
    parser = argparse.ArgumentParser(description="给转换程序喂各种坏输入，检查不变量。")
    parser.add_argument("--minutes", type=float, default=10, help="跑多少分钟")
    parser.add_argument("--seed", type=int, default=0, help="随机数的起点；0 为每次不同")
    arguments = parser.parse_args()
    found, corpus = HERE / "found", HERE / "corpus"
    for folder in (found, corpus):
        folder.mkdir(exist_ok=True)
    before = set(found.iterdir())
    executions = coverage = 0
    for share, most in PHASES:
        end = time.monotonic() + arguments.minutes * 60 * share
        stops = 0
        while (left := int(end - time.monotonic())) > 0 and stops < 50:
            tried, reached, code, said = _run(found, corpus, left, most, arguments.seed)
            executions, coverage = executions + tried, max(coverage, reached)
            if code and not tried:
                print(said[-3000:], file=sys.stderr)
                print("✘ 没有跑起来：上面是出错的信息。", file=sys.stderr)
                return 2
            stops += code != 0  # the target died: libFuzzer has kept the input that did it
    new = sorted(path for path in set(found.iterdir()) - before if path.suffix != ".txt")
    print(
        f"试了 {executions} 个输入，覆盖 {coverage} 处分支，{len(list(corpus.iterdir()))} 个有新意的输入留在 fuzz/corpus/。"
    )
    for path in new:
        told = path.with_name(f"{path.name}.txt")
        words = told.read_text("utf-8").strip().splitlines()[-2] if told.is_file() else "程序中止、超时或内存超限"
        print(f"△ {path.relative_to(ROOT)}  {path.stat().st_size} 字节  {words}")
    print(f"发现 {len(new)} 处问题。改好以后请把输入放进 tests/fuzz/，它就成了测试。" if new else "没有发现问题。")
    return 1 if new else 0


def _run(found: Path, corpus: Path, seconds: int, most: int, seed: int) -> tuple[int, int, int, str]:
    """One run of the target: inputs tried, branches covered, exit status, and all that it said."""
    limits = [f"-max_total_time={seconds}", f"-max_len={most}", "-timeout=30", "-rss_limit_mb=1500", f"-seed={seed}"]
    seeds = [str(ROOT / name) for name in SEEDS if (ROOT / name).is_dir()]
    command = [sys.executable, str(HERE / "target.py"), str(found), *limits, "-print_final_stats=1"]
    command += [f"-artifact_prefix={found}/", str(corpus), *seeds]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    status = [(int(m[1]), int(m[2])) for m in _STATUS.finditer(done.stderr)]
    tried = max((count for count, _ in status), default=0)
    return tried, max((reached for _, reached in status), default=0), done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())

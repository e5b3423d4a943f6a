"""Finds a Chromium for the tests in tests/browser/, and installs one where it can.  Never fails itself: the tests do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
ADVICE = (
    "没有找到 Chromium，浏览器测试不能运行。请任选一种办法，再运行 make test：\n"
    "  1. Debian、Ubuntu：sudo apt-get install chromium fonts-noto-cjk\n"
    "  2. 其他系统：安装 Chromium 或 Chrome，以及一种中文字体\n"
    "  3. 已经装在别处：设环境变量 CHROMIUM 为可执行文件的路径"
)


def find() -> str | None:
    """The path of a Chromium: the one that the variable CHROMIUM names, else the first on the search path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for found in map(shutil.which, NAMES) if found), None)


def install() -> None:
    """Ask apt-get for the packages, without ever asking a question; what goes wrong is left to `find`."""
    apt = shutil.which("apt-get")
    if apt is None:
        return
    rights: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None:
            return
        rights = [sudo, "-n"]
    environment = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", apt, "--quiet", "--yes"]
    for arguments in (["update"], ["install", "--no-install-recommends", *PACKAGES]):
        subprocess.run([*environment, *arguments], check=False, stdout=subprocess.DEVNULL)


def main() -> None:
    """Say which browser the tests will use, or what to do."""
    if find() is None:
        print("没有找到 Chromium，正在尝试用 apt-get 安装……", flush=True)
        install()
    found = find()
    print(f"浏览器测试使用 {found}。" if found else ADVICE, file=sys.stdout if found else sys.stderr)


if __name__ == "__main__":
    main()

"""LibreOffice, where it is installed, turns doc, wps, rtf and odt into docx; without it they are set aside.

Run headless in a folder and with a profile of its own, both removed afterwards; no macro runs at its highest
security level, no link is updated, and nothing is left of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ..errors import Unreadable
from .formats import MAX_BYTES, OFFICE, REFUSALS

SECONDS = 60  # for one file; LibreOffice needs 2 to 10
_BASE = "org.openoffice.Office"
#: Macro security "very high" with no trusted place, links never updated, nothing loaded from elsewhere.
_SETTINGS = (
    (f"/{_BASE}.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"/{_BASE}.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"/{_BASE}.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"/{_BASE}.Common/Security/Scripting", "DisableActiveContent", "true"),
    (f"/{_BASE}.Writer/Content/Update", "Link", "0"),
    (f"/{_BASE}.Common/Misc", "FirstRun", "false"),
)


def program() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_docx(data: bytes, kind: str) -> bytes:
    """`data`, a file of a kind in OFFICE, as the bytes of a docx.  Raises Unreadable."""
    binary = program()
    if binary is None:
        raise Unreadable("office", _reason(kind, "没有装 LibreOffice"))
    with tempfile.TemporaryDirectory(prefix="yaodian-office-") as name:
        folder = Path(name)
        source = folder / f"in.{OFFICE[kind]}"
        source.write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        command = [
            binary, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        _run(command, folder, kind)
        made = folder / "out" / "in.docx"
        if not made.is_file():
            raise Unreadable("office", _reason(kind, "LibreOffice 打不开它：可能已经损坏，或者设有密码"))
        if made.stat().st_size > MAX_BYTES:
            raise Unreadable("too-large", _reason(kind, f"LibreOffice 转换后超过 {MAX_BYTES // 1_000_000} MB 的上限"))
        return made.read_bytes()


def _run(command: list[str], folder: Path, kind: str) -> None:
    """Run LibreOffice; past the time the program and all that it started are ended."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LC_ALL", "LC_CTYPE")}
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, "HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Unreadable("office", _reason(kind, f"LibreOffice 转换超过 {SECONDS} 秒，没有等下去")) from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _settings() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}</oor:items>\n"
    )


def _reason(kind: str, what: str) -> str:
    name, advice = REFUSALS[kind]
    return f"这是{name}，{what}。{advice}"

"""The site behind a small web server, as it stands on a real one: under a path, compressed, with the headers it asks for."""

from __future__ import annotations

import gzip
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PREFIX = "/sub/path/"
TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".md": "text/plain", ".jsonl": "application/jsonl"}
COMPRESSED = (
    "text/",
    "application/json",
    "application/jsonl",
    "application/wasm",
    "image/svg",
    "application/xml",
    "application/atom",
)
_HEADER = re.compile(r"""^\s*add_header\s+([\w-]+)\s+(?:\$(\w+)|"([^"]*)")\s*(?:always)?\s*;""", re.M)
_SET = re.compile(r"""^(?:if \(\$uri ~ (\S+)\) \{\n\s*)?set \$(\w+) "?([^";]*(?:;[^"]*)*)"?;$""", re.M)


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address of `site` while it is being served on a free port; it ends in "/"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@lru_cache(maxsize=4096)
def headers_of(site: Path, path: str) -> list[tuple[str, str]]:
    """The headers that the site's own nginx snippet sets for this path."""
    snippet = site / "deploy" / "nginx-headers.conf"
    text = snippet.read_text("utf-8") if snippet.is_file() else ""
    values: dict[str, str] = {}
    for where, name, value in _SET.findall(text):  # a later `if` that holds for the path wins, as in nginx
        if not where or re.search(where, path):
            values[name] = value
    found = (((m[1], values.get(m[2], "") if m[2] else m[3])) for m in _HEADER.finditer(text))
    return [(name, value) for name, value in found if value]


def handler(site: Path) -> type[BaseHTTPRequestHandler]:
    """A handler for the files of `site` under PREFIX; anything else is answered with the site's 404 page."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = site / path.removeprefix(PREFIX) if path.startswith(PREFIX) else None
            if file and file.is_dir() and not path.endswith("/"):
                return self.moved(path + "/")
            if file and file.is_dir():
                file = file / "index.html"
            if file and file.is_file() and file.resolve().is_relative_to(site):
                return self.answer(200, file)
            return self.answer(404, site / "404.html")

        def moved(self, where: str) -> None:
            self.send_response(301)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def answer(self, status: int, file: Path) -> None:
            kind = type_of(file)
            zipped = kind.startswith(COMPRESSED) and "gzip" in self.headers.get("Accept-Encoding", "")
            body = packed(file, file.stat().st_mtime_ns) if zipped else file.read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            if zipped:
                self.send_header("Content-Encoding", "gzip")
            for name, value in headers_of(site, unquote(urlsplit(self.path).path)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what matters is what the browser saw."""

    return Handler


def type_of(file: Path) -> str:
    """The media type of a file by its name; what is unknown (Pagefind's own files) is bytes."""
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


@lru_cache(maxsize=512)
def packed(file: Path, changed: int) -> bytes:
    """The file gzipped at the level that web servers use; `changed` tells a new version from an old one."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)

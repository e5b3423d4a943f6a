"""A small web site on this machine, told what to answer, that writes down what it was asked and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from notices.fetch import Guard


class Asked(NamedTuple):
    """One request as the server saw it: seconds on the server's clock, path, headers by lower-case name."""

    at: float
    path: str
    headers: dict[str, str]


class Answer(NamedTuple):
    """What a path answers.  Content-Length is sent where `headers` does not name another."""

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8"}


#: An answer, answers one after the other (the last stays), or a function that writes what it likes to the handler.
Route = Answer | list[Answer] | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Website:
    """The site: `routes` by path, and the requests so far in `log`."""

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def guard(self) -> Guard:
        """Lets through this server alone: its address and its port."""
        return Guard(trusted=frozenset({("127.0.0.1", self.port)}))

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.log]


@contextmanager
def website(routes: Mapping[str, Route]) -> Iterator[Website]:
    """A site with these routes, served until the block ends; what has no route is a 404."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    made = Website(server.server_port, dict(routes))
    server.RequestHandlerClass = _handler(made)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(made: Website) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.log.append(Asked(time.monotonic(), self.path, headers))
            route = made.routes.get(self.path, Answer(b"none", 404))
            if isinstance(route, list):
                route = route.pop(0) if len(route) > 1 else route[0]
            if isinstance(route, Answer):
                send(self, route)
                return
            with suppress(OSError):  # the client hung up, as it should
                route(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the log is `made.log`."""

    return Handler


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write `answer` to the client."""
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if not any(name.lower() == "content-length" for name in answer.headers):
        handler.send_header("Content-Length", str(len(answer.content)))
    handler.end_headers()
    handler.wfile.write(answer.content)

"""A SPARQL server that behaves badly in every way that a test wants, on a real socket."""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

JSON = "application/sparql-results+json"
EMPTY = '{"head": {"vars": []}, "results": {"bindings": []}}'
SLOW = "slow"
"""A query with this word in it is not answered before the server is told to."""


@dataclass(frozen=True)
class Said:
    """What the server says to a query."""

    body: str
    status: int = 200
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def table(*columns: str, **row: str) -> Said:
    """Return a table with these columns and one row of texts."""
    cells = {name: {"type": "literal", "value": value} for name, value in row.items()}
    return Said(json.dumps({"head": {"vars": columns}, "results": {"bindings": [cells]}}))


def truth(value: bool) -> Said:
    """Return the answer to an ASK."""
    return Said(json.dumps({"head": {}, "boolean": value}))


class Behind:
    """A server, and what it saw."""

    def __init__(self, answer: Callable[[str], Said | None]) -> None:
        self.answer = answer
        """Tells what is said to a query; None: what an empty server says."""
        self.finish = threading.Event()
        self.begun = self.dropped = 0
        """How many slow queries began, and of how many the asker closed the connection."""
        self.lock = threading.Lock()
        self.url = ""

    @property
    def under_way(self) -> int:
        """How many slow queries were begun and not dropped."""
        return self.begun - self.dropped


def _handler(behind: Behind) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell(parse_qs(urlsplit(self.path).query)["query"][0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.tell(parse_qs(body)["query"][0])

        def tell(self, query: str) -> None:
            if SLOW in query and not self.is_awaited():
                return
            said = behind.answer(query) or (truth(False) if "ASK" in query else Said(EMPTY))
            content = said.body.encode()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", said.media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def is_awaited(self) -> bool:
            """Wait until the server is told to answer; tell whether anybody still waits for it."""
            with behind.lock:
                behind.begun += 1
            while not behind.finish.wait(0.02):
                ready, _, _ = select.select([self.connection], [], [], 0)
                if ready and not self.connection.recv(1, socket.MSG_PEEK):
                    with behind.lock:
                        behind.dropped += 1
                    return False
            return True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def behind(answer: Callable[[str], Said | None] = lambda _: None) -> Iterator[Behind]:
    """Run such a server until the block ends."""
    made = Behind(answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(made)) as server:
        server.daemon_threads = True
        made.url = f"http://127.0.0.1:{server.server_port}/hidden/sparql"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            made.finish.set()
            server.shutdown()

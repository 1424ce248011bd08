"""A SPARQL server that behaves badly in every way that a test wants, on a real socket."""

import json
import select
import socket
import socketserver
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
        self.connections = self.asked = 0
        self.last: dict[str, str] = {}
        """The headers and the form fields of the last request, by their names in small letters."""
        self.lock = threading.Lock()
        self.url = ""
        self.silent = False
        """Whether it reads what is sent, and never answers."""

    def is_awaited(self, connection: socket.socket) -> bool:
        """Wait until the server is told to answer; tell whether anybody still waits for it."""
        with self.lock:
            self.begun += 1
        while not self.finish.wait(0.02):
            ready, _, _ = select.select([connection], [], [], 0)
            if ready and not connection.recv(1, socket.MSG_PEEK):
                with self.lock:
                    self.dropped += 1
                return False
        return True


def _handler(behind: Behind) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            with behind.lock:
                behind.connections += 1

        def do_GET(self) -> None:
            self.tell(parse_qs(urlsplit(self.path).query)["query"][0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if not behind.url.endswith(urlsplit(self.path).path):
                self.send_error(404)
                return
            fields = parse_qs(body)
            with behind.lock:
                behind.asked += 1
                behind.last = {name.lower(): value for name, value in self.headers.items()}
                behind.last |= {f"field {name}": values[0] for name, values in fields.items()}
            self.tell(fields.get("query", [body])[0])

        def tell(self, query: str) -> None:
            if (SLOW in query or behind.silent) and not behind.is_awaited(self.connection):
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


@contextmanager
def speaking(answer: Callable[[bytes], str]) -> Iterator[str]:
    """Run a server that sends these very words to each request and closes the connection."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            request = b""
            while b"query=" not in request:
                request += self.request.recv(65536)
            self.request.sendall(answer(request).encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()

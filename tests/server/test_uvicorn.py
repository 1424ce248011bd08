"""What the service uses of uvicorn, which promises none of it to anybody, is there."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import tomllib
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, TypeGuard

import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from places import ROOT
from rallynov_graph.server import connections, request_cycle, worker

PARTS = {"cycle", "flow", "server_state"}
"""What belongs to a connection and is uvicorn's, too."""


def uses(module: ModuleType, name: str) -> Iterator[tuple[str, str]]:
    """Yield what a class of ours uses that it has not itself: of which part, and its name.

    The part is empty for the class itself.
    """
    tree = ast.parse(inspect.getsource(module))
    ours = next(it for it in tree.body if isinstance(it, ast.ClassDef) and it.name == name)
    own = {it.name for it in ours.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)}
    own |= {it.id for it in ast.walk(ours) if isinstance(it, ast.Name)}
    for it in ast.walk(ours):
        own |= {it.attr} if is_set(it) and it.attr.startswith("_") else set()
        begins = isinstance(it, ast.FunctionDef) and it.name == "__init__"
        own |= {at.attr for at in ast.walk(it) if begins and is_set(at)}
    for it in ast.walk(ours):
        if not isinstance(it, ast.Attribute):
            continue
        of = ast.unparse(it.value)
        if of == "super()" or (of == "self" and it.attr not in own):
            yield "", it.attr
        elif of.removeprefix("self.") in PARTS:
            yield of.removeprefix("self."), it.attr


def is_set(it: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(it, ast.Attribute) and isinstance(it.ctx, ast.Store)


def missing(whole: object, used: set[tuple[str, str]]) -> list[str]:
    """Return what is not there of what is used."""
    return sorted(
        f"{part}.{name}".strip(".")
        for part, name in used
        if not hasattr(getattr(whole, part) if part else whole, name)
    )


async def conversation() -> tuple[HttpToolsProtocol, RequestResponseCycle, uvicorn.Server]:
    """Return a connection of uvicorn's own that is asked something, its answer, and the server."""
    made: list[HttpToolsProtocol] = []
    found: list[tuple[HttpToolsProtocol, RequestResponseCycle, uvicorn.Server]] = []

    class Plain(HttpToolsProtocol):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            made.append(self)

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        found.append((made[0], made[0].cycle, server))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x"})

    config = uvicorn.Config(application, http=Plain, port=0, lifespan="off", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(STATUS_LINE[200])
        writer.close()
    finally:
        await server.shutdown()
    return found[0]


def test_uvicorn_has_what_the_service_uses() -> None:
    connection, cycle, server = asyncio.run(conversation())
    for name, module, whole in (
        ("Connection", connections, connection),
        ("Cycle", request_cycle, cycle),
        ("_Server", worker, server),
    ):
        used = set(uses(module, name))
        assert len(used) > 2
        gone = ", ".join(missing(whole, used))
        user = f"{module.__name__}.{name}"
        assert not gone, f"uvicorn {uvicorn.__version__} has no {gone}, which {user} uses"
    assert not hasattr(RequestResponseCycle, "__slots__"), "its class could not be ours"


def test_what_is_gone_is_noticed() -> None:
    used = set(uses(connections, "Connection"))
    wanted = {("", "pipeline"), ("cycle", "response_complete"), ("flow", "write_paused")}
    assert wanted <= used
    poor = SimpleNamespace(cycle=object(), flow=SimpleNamespace(write_paused=False))
    assert missing(poor, wanted) == ["cycle.response_complete", "pipeline"]


def test_a_newer_uvicorn_is_taken_only_on_purpose() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [wanted] = [it for it in project["project"]["dependencies"] if it.startswith("uvicorn")]
    assert re.fullmatch(r"uvicorn>=0\.(\d+),<0\.(\d+)", wanted), wanted

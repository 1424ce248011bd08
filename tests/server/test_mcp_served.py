"""``/mcp`` of a real server: the protocol's own client, the limits and fairness of the endpoint."""

import asyncio
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from rallynov_graph.release.release import Release
from servers import Server, serving
from waiting import eventually

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


@pytest.fixture(scope="module")
def asked(release: Release) -> Iterator[Server]:
    with serving("--mcp", "--workers", "1", "--release", str(release.path)) as running:
        yield running


async def told(client: ClientSession, name: str, /, **arguments: object) -> tuple[bool, str]:
    """Return whether a call failed, and its text."""
    result = await client.call_tool(name, arguments)
    return bool(result.is_error), getattr(result.content[0], "text", "")


def test_sessions_ask_side_by_side(asked: Server) -> None:
    async def hold() -> None:
        async with (
            streamable_http_client(f"{asked.address}/mcp") as streams,
            ClientSession(streams[0], streams[1]) as client,
        ):
            await client.initialize()
            claim = {"subject": "Étape de Vesoul", "relation": "lieu", "object": "Dole"}
            answers = await asyncio.gather(
                told(client, "check_claim", **claim),
                told(client, "sparql", query="ASK { ?s a rn:Stage }"),
                told(client, "ask", question="stages", language="en"),
            )
            found = [json.loads(text) for failed, text in answers if not failed]
            assert found[0]["verdict"] == "contradicted"
            assert found[0]["against"][0]["value"]["iri"] == "place/vesoul"
            assert found[1]["answer"] is True and found[2]["total"] == 9

    asyncio.run(hold())


def test_a_client_that_leaves_and_one_that_asks_too_much_hold_up_nobody(asked: Server) -> None:
    async def call(number: int, query: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(asked.address).port)
        params = {"name": "sparql", "arguments": {"query": query}}
        message = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}
        body = json.dumps(message).encode()
        head = (
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Accept: application/json, text/event-stream\r\nConnection: close\r\n"
            f"MCP-Protocol-Version: 2025-11-25\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        return reader, writer

    async def flood() -> list[bytes]:
        streams = [await call(number, ENDLESS) for number in range(40)]
        pending = {asyncio.ensure_future(reader.read()) for reader, _ in streams}
        answers: list[bytes] = []
        while len(answers) < 20:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            answers += [task.result() for task in done]
        for _, writer in streams:
            writer.close()
        await asyncio.gather(*pending)
        return answers

    answers = asyncio.run(flood())
    assert all("Trop d’appels" in it.decode() for it in answers), answers[:1]

    def running() -> int:
        text = asked.ask("GET", "/metrics").text
        lines = [it for it in text.splitlines() if it.startswith("rallynov_queries_running")]
        return sum(int(float(it.rpartition(" ")[2])) for it in lines)

    assert eventually(lambda: running() == 0)
    assert asked.ask("GET", "/healthz").status == 200

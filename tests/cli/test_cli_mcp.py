"""``rallynov mcp``: an assistant's session on standard streams, with the protocol's own client."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from conftest import Ran
from other_user import as_another_user
from rallynov_graph.release.release import Release
from waiting import eventually

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


@asynccontextmanager
async def session(release: Release, *options: str) -> AsyncIterator[ClientSession]:
    """Yield a session with a process of its own."""
    command = ["-m", "rallynov_graph", "mcp", "--release", str(release.path), *options]
    server = StdioServerParameters(command=sys.executable, args=command, env={**os.environ})
    async with stdio_client(server) as streams, ClientSession(*streams) as client:
        await client.initialize()
        yield client


async def told(client: ClientSession, name: str, /, **arguments: object) -> tuple[bool, Any]:
    """Return whether a call failed, and its answer, or the sentence that says why."""
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    text = getattr(content, "text", "")
    return bool(result.is_error), text if result.is_error else json.loads(text)


def test_a_session_finds_checks_and_survives_what_is_asked_of_it(release: Release) -> None:
    async def hold() -> None:
        async with session(release, "--query-timeout", "0.5") as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools][-1] == "sparql" and len(tools) == 7
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            _, found = await told(client, "find_thing", name="Legenni")
            subject = found["things"][0]["iri"]
            claim = {"subject": subject, "relation": "liée au thème", "object": "Gouvernance"}
            failed, checked = await told(client, "check_claim", **claim)
            assert not failed and checked["verdict"] == "holds"
            assert checked["evidence"][0]["passages"]

            failed, sentence = await told(client, "sparql", query=ENDLESS)
            assert failed and "duré plus que permis" in sentence
            failed, sentence = await told(
                client, "sparql", language="en", query="ASK { SERVICE <http://127.0.0.1:9/> {} }"
            )
            assert failed and "calls no other server" in sentence
            deep = "ASK " + "{" * 3000 + "}" * 3000
            failed, sentence = await told(client, "sparql", query=deep)
            assert failed and len(sentence) < 300

            calls = (told(client, "find_thing", name=" ") for _ in range(1000))
            answers = await asyncio.gather(*calls)
            assert len(answers) == 1000
            assert all(failed and "« name »" in sentence for failed, sentence in answers)
            _, found = await told(client, "find_thing", name="RIFC")
            assert found["things"][0]["iri"] == "organisation/rifc"

    asyncio.run(hold())


def test_it_ends_with_its_client_and_leaves_no_process(release: Release) -> None:
    command = [sys.executable, "-m", "rallynov_graph", "mcp", "--release", str(release.path)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdin and process.stdout
    asked = {"protocolVersion": "2025-06-18", "capabilities": {}}
    asked["clientInfo"] = {"name": "test", "version": "1"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": asked}
    process.stdin.write(f"no message\n{json.dumps(message)}\n")
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(1)]
    while "result" not in answers[-1]:
        answers.append(json.loads(process.stdout.readline()))
    assert answers[-1]["result"]["protocolVersion"] == "2025-06-18"
    reached = sockets(process.pid)
    assert any(map(is_answered, reached))
    assert not any(as_another_user(lambda name=name: is_answered(name)) for name in reached)
    endless = {"name": "sparql", "arguments": {"query": ENDLESS}}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": endless}
    process.stdin.write(json.dumps(call) + "\n")
    process.stdin.close()
    assert process.wait(60) == 0
    assert eventually(lambda: not group(process.pid), 20)


def group(leader: int) -> list[str]:
    """Return the processes of a session that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(path.parent.name)
    return found


def sockets(leader: int) -> list[str]:
    """Return the names of the local sockets of a session that listen."""
    held = {os.readlink(it) for pid in group(leader) for it in Path(f"/proc/{pid}/fd").iterdir()}
    table = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return [
        fields[7].replace("@", "\0", 1)
        for fields in table
        if f"socket:[{fields[6]}]" in held and len(fields) > 7
    ]


def is_answered(name: str) -> bool:
    """Return whether somebody at a socket answers, or at least waits for more."""
    with socket.socket(socket.AF_UNIX) as asker:
        asker.settimeout(1)
        try:
            asker.connect(name)
            asker.sendall(b"GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return asker.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False


def test_a_folder_that_is_none_is_one_sentence(rallynov: Callable[..., Ran]) -> None:
    ran = rallynov("mcp", "--release", "no")
    assert ran.status == 2 and ran.out == ""
    assert "no does not exist" in ran.err


@pytest.mark.parametrize("words", [("mcp",), ("serve", "--mcp", "--port", "0")])
def test_without_the_library_a_sentence_names_the_command(
    rallynov: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.lowlevel", None)
    ran = rallynov(*words)
    assert ran.status == 2 and ran.out == ""
    assert "pip install 'rallynov-graph[mcp]'" in ran.err

"""The protocol on standard streams, for a graph that is served on a Unix socket.

Messages of a client are read here; each call is passed on as a request to ``/mcp``, where it has
the limits of every visitor. Cancelling the call ends the request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from rallynov_graph.site.assistants.mcp_server import server
from rallynov_graph.site.assistants.tool_call import language_of, word
from rallynov_graph.site.assistants.tools import Called

if TYPE_CHECKING:
    import httpx2

AT_ONCE: Final = 8
"""So many calls are asked at a time; others wait here for their turn."""
MOST_WAITING: Final = 2000
"""How many calls may wait; one more is told to come back."""
_HEADERS: Final = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-11-25",
}


def run(address: str) -> None:
    """Answer on standard streams until the client has gone."""
    asyncio.run(_serve(address))


async def _serve(address: str) -> None:
    import httpx2
    from mcp.server.stdio import stdio_server

    transport = httpx2.AsyncHTTPTransport(uds=address)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://localhost", headers=_HEADERS, timeout=None
    ) as client:
        own = server(_Relay(client).tool)
        async with stdio_server() as (reads, writes):
            await own.run(reads, writes, own.create_initialization_options())


class _Relay:
    """Passes calls on, up to a number at once."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client, self._turns, self._waiting = client, asyncio.Semaphore(AT_ONCE), 0

    async def tool(self, name: str, arguments: Mapping[str, Any]) -> Called:
        """Return what a tool of the graph that is served answers."""
        answer = await self._asked("tools/call", {"name": name, "arguments": arguments})
        if "result" not in answer:
            error = answer["error"]
            told = word(language_of(arguments), "other", reason=error["message"])
            return Called(error.get("sentence") or told, True)
        result = answer["result"]
        return Called(result["content"][0]["text"], bool(result.get("isError")))

    async def _asked(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a message: its result, or its error."""
        if self._waiting >= MOST_WAITING:
            return {"error": {"message": word("en", "429")}}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self._waiting += 1
        try:
            async with self._turns:
                response = await self._client.post("/mcp", json=message)
        finally:
            self._waiting -= 1
        answer: dict[str, Any] = response.json()
        return answer if "error" in answer or "result" in answer else {"error": answer}

"""The SPARQL 1.1 Graph Store HTTP Protocol, read only: each graph of the data at an address."""

from typing import Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.http import responses
from rallynov_graph.http.negotiation import best
from rallynov_graph.http.protocol import Refused, graph_named
from rallynov_graph.http.query_jobs import Reply
from rallynov_graph.http.responses import Receive, Scope, Send
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server.endpoint import Endpoint, base, client, departure
from rallynov_graph.sparql.oxigraph.embedded import StoreQuery

PATH: Final = "/sparql/graphs"
METHODS: Final = "GET, HEAD, OPTIONS"
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ANY: Final = "ASK { ?s ?p ?o }"
_ABSOLUTE: Final = ("http:/", "https:/", "urn:")


class GraphStore:
    """Answers for graphs: ``?graph=`` and ``?default``, or the graph's own IRI as the address."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request below ``PATH``."""
        headers = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        try:
            if scope["method"] == "OPTIONS":
                await responses.respond(scope, send, 204, responses.preflight(METHODS))
            elif scope["method"] not in ("GET", "HEAD"):
                raise Refused(405, f"The graphs are read only: {METHODS}.")
            else:
                await self._send(scope, headers, accept, receive, send)
        except Refused as refused:
            await responses.refuse(scope, refused, accept, send, METHODS)

    async def _send(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        accept: str,
        receive: Receive,
        send: Send,
    ) -> None:
        form = best(accept, formats.GRAPHS)
        if form is None:
            listed = ", ".join(f.media_type for f in formats.GRAPHS)
            raise Refused(406, f"A graph is given as {listed}.")
        graph = await self._named(scope, receive)
        asked = StoreQuery(_ALL, default_graphs=None if graph is None else (graph,))
        tag = self._endpoint.tag(asked, form)
        if tag and tag in headers.get(b"if-none-match", b""):
            extra = [(b"etag", tag)]
            await responses.respond(scope, send, 304, extra)
            return
        reply = await self._ask(scope, receive, asked, None, form)
        if reply is not None:
            packed = await self._endpoint.packed(headers, reply, tag)
            timing = b"query;dur=%.2f" % (1000 * reply.seconds)
            await self._endpoint.deliver(scope, packed, timing, send)

    async def _named(self, scope: Scope, receive: Receive) -> str | None:
        """Return the IRI of the graph that is asked for, None for the default one."""
        rest = scope["path"].removeprefix(PATH).removeprefix("/")
        if rest:
            choices = _direct(scope, rest)
        else:
            iri = graph_named(scope["query_string"].decode("latin-1"))
            if iri is None:
                return None
            choices = (iri,)
        for iri in choices:
            if await self._is_there(scope, receive, iri):
                return iri
        raise Refused(404, f"There is no graph {choices[0][:300]}.")

    async def _is_there(self, scope: Scope, receive: Receive, iri: str) -> bool:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise Refused(400, "A graph is named by an absolute IRI.") from error
        asked = StoreQuery(_ANY, default_graphs=(iri,))
        reply = await self._ask(scope, receive, asked, formats.RESULTS_CSV, None)
        return reply is not None and b"true" in reply.content

    async def _ask(
        self,
        scope: Scope,
        receive: Receive,
        asked: StoreQuery,
        results: Format | None,
        graph: Format | None,
    ) -> Reply | None:
        return await self._endpoint.reply(
            asked, results, graph, client(scope), gone=lambda: departure(receive)
        )


def _direct(scope: Scope, rest: str) -> tuple[str, ...]:
    """Return the graphs that an address may mean by being its IRI.

    That is the address as it is; one of ours, which answers here under the path that it has at
    its own home; or an IRI that is written out whole.
    """
    own = f"{base(scope).removesuffix('/sparql')}{scope['path']}"
    whole = (unquote(rest),) if rest.startswith(_ABSOLUTE) else ()
    return (*whole, f"{BASE}{rest}", own)

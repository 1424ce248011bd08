"""The SPARQL 1.1 Graph Store HTTP Protocol, read only: each graph of the data at an address."""

import asyncio
from typing import Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.http import responses
from rallynov_graph.http.protocol import Refused, graph_named
from rallynov_graph.http.query_jobs import QueryJob
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server.endpoint import Endpoint, Exchange, Send, number_of
from rallynov_graph.server.query_pool.clients import Client
from rallynov_graph.sparql.embedded import StoreQuery

PATH: Final = "/sparql/graphs"
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ANY: Final = "ASK { ?s ?p ?o }"
_ABSOLUTE: Final = ("http:/", "https:/", "urn:")


class GraphStore:
    """Answers for graphs: ``?graph=`` and ``?default``, or the graph's own IRI as the address."""

    methods = "GET, HEAD, OPTIONS"
    longest_body = 0

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Send the answer to a request below ``PATH``, now or later."""
        exchange = Exchange(self._endpoint, request, client, send, methods=self.methods)
        exchange.take(self._begin, request, client, exchange)
        return True

    def _begin(self, request: HttpRequest, client: Client, exchange: Exchange) -> Response | None:
        """Return the answer where no graph is asked for; raise Refused."""
        if request.method == "OPTIONS":
            return responses.response(204, responses.preflight(self.methods))
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, f"The graphs are read only: {self.methods}.")
        form = request.head.graph
        if form is None:
            listed = ", ".join(f.media_type for f in formats.GRAPHS)
            raise Refused(406, f"A graph is given as {listed}.")
        finding = asyncio.ensure_future(self._named(request, client))
        finding.add_done_callback(
            lambda found: exchange.take(lambda: self._give(exchange, form, found.result()))
        )
        return None

    def _give(self, exchange: Exchange, form: Format, graph: str | None) -> Response | None:
        store_query = StoreQuery(_ALL, default_graphs=None if graph is None else (graph,))
        return exchange.run(store_query, None, form)

    async def _named(self, request: HttpRequest, client: Client) -> str | None:
        """Return the IRI of the graph that is asked for, None for the default one."""
        rest = request.path.removeprefix(PATH).removeprefix("/")
        if rest:
            choices = _direct(request, rest)
        else:
            iri = graph_named(request.query_string.decode("latin-1"))
            if iri is None:
                return None
            choices = (iri,)
        for iri in choices:
            if await self._is_there(request, client, iri):
                return iri
        raise Refused(404, f"There is no graph {choices[0][:300]}.")

    async def _is_there(self, request: HttpRequest, client: Client, iri: str) -> bool:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise Refused(400, "A graph is named by an absolute IRI.") from error
        store_query = StoreQuery(_ANY, default_graphs=(iri,))
        visit = QueryJob(store_query, formats.RESULTS_CSV, None, number_of(request))
        reply = await self._endpoint.reply(visit, client)
        return reply is not None and b"true" in reply.content


def _direct(request: HttpRequest, rest: str) -> tuple[str, ...]:
    """Return the graphs that an address may mean by being its IRI.

    That is the address as it is; one of ours, which answers here under the path that it has at
    its own home; or an IRI that is written out whole.
    """
    own = f"{request.site}{request.path}"
    whole = (unquote(rest),) if rest.startswith(_ABSOLUTE) else ()
    return (*whole, f"{BASE}{rest}", own)

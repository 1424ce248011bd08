"""A stand-in for the server's query pool: visitors' queries are asked of the store itself."""

from typing import Any

from flask import Flask

from rallynov_graph.base.errors import QueryError
from rallynov_graph.http.protocol import ASK, Refused
from rallynov_graph.http.queries import Outcome, Reply
from rallynov_graph.rdf.formats import Format
from rallynov_graph.sparql.embedded import EmbeddedStore, StoreQuery, serialized


def answering(app: Flask, store: EmbeddedStore) -> Flask:
    """Have an app's visitors answered; what they are told is in its ``ANSWERS``."""
    app.testing = True
    app.config["ANSWERS"] = []
    inner: Any = app.wsgi_app

    def ask(
        query: str,
        results: Format | None,
        graph: Format | None,
        of: tuple[str, ...] | None = None,
    ) -> Reply:
        if "SERVICE" in query:
            raise Refused(403, "SERVICE is refused.", line=1, column=7)
        form = graph if query.startswith("CONSTRUCT") else results
        assert form is not None
        try:
            content = serialized(store.answer(StoreQuery(query, default_graphs=of)), form)
        except QueryError as error:
            raise Refused(400, str(error), line=error.line, column=error.column) from error
        app.config["ANSWERS"].append(content)
        return Reply(Outcome.ANSWERED, content, form)

    app.wsgi_app = lambda environ, start: inner({**environ, ASK: ask}, start)  # type: ignore[method-assign]
    return app

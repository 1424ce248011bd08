"""A site on another's SPARQL server: opened when that is there, open or not from the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from rallynov_graph.base.errors import EndpointError, Failure, RallynovError
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.server.limits import Limits
from rallynov_graph.server.relay import Relay
from rallynov_graph.sparql.remote_errors import unexpected_answer
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

WSGI = Callable[..., Iterable[bytes]]


class RemoteSite:
    """A server, and what of it is known since it answered for the first time."""

    def __init__(
        self,
        server: Server,
        limits: Limits,
        texts: tuple[SourceFile, ...] = (),
        publication: Publication = UNPUBLISHED,
    ) -> None:
        self._server, self.limits, self._texts = server, limits, texts
        self._publication = publication
        self._store: RemoteStore | None = None
        self._pages: WSGI | None = None
        self._lock = RLock()

    def store(self) -> RemoteStore:
        """Return the store, asked of the graphs that a release has; raise EndpointError."""
        with self._alone():
            if self._store is None:
                self._store = RemoteStore(
                    self._server,
                    dataset=of_server(self._server, self.limits.seconds),
                    timeout=self.limits.seconds,
                    longest=self.limits.answer,
                )
            return self._store

    def relay(self) -> Relay:
        """Return who passes visitors' queries on; one for each process."""
        return Relay(self.store, self.limits)

    def open(self) -> None:
        """Make the pages, where that was not done; raise EndpointError, of a text SourceError."""
        from rallynov_graph.site.application import create_app

        with self._alone():
            if self._pages is not None:
                return
            store = self.store()
            try:
                texts = loaded(store, self._texts)
                self._pages = create_app(
                    store, of_server=True, texts=texts, publication=self._publication
                )
            except RallynovError:
                raise
            except Exception as error:
                raise unexpected_answer(self._server.url, error) from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Do what only one does at a time; raise EndpointError where another takes too long."""
        if not self._lock.acquire(timeout=self.limits.seconds):
            words = f"{self._server.url} has not answered in {self.limits.seconds:g} s."
            raise EndpointError(words, Failure.LATE)
        try:
            yield
        finally:
            self._lock.release()

    def pages(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer with a page, as a WSGI application; as long as there is none, tell why."""
        if self._pages is None:
            try:
                self.open()
            except EndpointError as error:
                return _telling(error)(environ, start_response)
        assert self._pages is not None
        return self._pages(environ, start_response)


def _telling(error: EndpointError) -> WSGI:
    """Return pages that all say what is wrong; they are dressed like those of an empty graph."""
    from rallynov_graph.site.application import create_app
    from rallynov_graph.sparql.embedded import EmbeddedStore

    app = create_app(EmbeddedStore.of_quads(()))

    def tell() -> None:
        raise error

    app.before_request(tell)
    return app

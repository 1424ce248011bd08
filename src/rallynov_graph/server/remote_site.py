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
from rallynov_graph.sparql.embedded import EmbeddedStore
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
        self._server, self._limits, self._texts = server, limits, texts
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
                    dataset=of_server(self._server, self._limits.seconds),
                    timeout=self._limits.seconds,
                    longest=self._limits.answer,
                )
            return self._store

    def relay(self) -> Relay:
        """Return who passes visitors' queries on; one for each process."""
        return Relay(self.store, self._limits)

    def open(self) -> WSGI:
        """Return the pages, made once; raise EndpointError, of a text SourceError."""
        from rallynov_graph.site.application import create_app

        with self._alone():
            if self._pages is None:
                store = self.store()
                try:
                    self._pages = create_app(
                        store,
                        of_server=True,
                        texts=loaded(store, self._texts),
                        publication=self._publication,
                    )
                except RallynovError:
                    raise
                except Exception as error:
                    raise unexpected_answer(self._server.url, error) from error
            return self._pages

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Do what only one does at a time; raise EndpointError where another takes too long."""
        if not self._lock.acquire(timeout=self._limits.seconds):
            words = f"{self._server.url} has not answered in {self._limits.seconds:g} s."
            raise EndpointError(words, Failure.LATE)
        try:
            yield
        finally:
            self._lock.release()

    def pages(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer with a page, as a WSGI application; as long as there is none, tell why.

        What tells it is dressed like the pages of an empty graph.
        """
        from rallynov_graph.site.application import create_app

        try:
            pages = self._pages or self.open()
        except EndpointError as error:
            failed = error

            def tell() -> None:
                raise failed

            empty = create_app(EmbeddedStore.of_quads(()))
            empty.before_request(tell)
            pages = empty
        return pages(environ, start_response)

"""A SPARQL endpoint as a store: our own server is one."""

import socket
import threading
from collections.abc import Iterator

import pytest

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.questions import catalogue
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_store import RemoteStore
from servers import Server

STAGE = "PREFIX rn: <https://w3id.org/rallynov/ontology#> "


@pytest.fixture(scope="module")
def remote(server: Server) -> RemoteStore:
    return RemoteStore(server.endpoint)


def test_it_answers_every_question_like_the_embedded_store(
    remote: RemoteStore, store: EmbeddedStore
) -> None:
    for question in catalogue.load().values():
        assert remote.select(question.bind()) == store.select(question.bind()), question.name


def test_it_answers_every_form(remote: RemoteStore, store: EmbeddedStore) -> None:
    graph = STAGE + "CONSTRUCT WHERE { ?s a rn:Stage }"
    assert set(remote.construct(graph)) == set(store.construct(graph))
    assert remote.ask(STAGE + "ASK { ?s a rn:Stage }")
    assert remote.serialize("ASK {}", "text/csv") == store.serialize("ASK {}", "text/csv")


def test_a_query_of_another_form_is_refused(remote: RemoteStore) -> None:
    for asked in (remote.ask, lambda query: list(remote.construct(query))):
        with pytest.raises(QueryError):
            asked("SELECT ?s { ?s ?p ?o } LIMIT 1")
    with pytest.raises(QueryError, match="not a SELECT"):
        remote.select("ASK {}")
    with pytest.raises(QueryError, match="triples"):
        remote.select("CONSTRUCT WHERE { ?s ?p ?o }")
    with pytest.raises(UnknownNameError):
        remote.serialize("ASK {}", "image/png")


def test_the_endpoint_s_own_words_are_repeated(remote: RemoteStore) -> None:
    with pytest.raises(QueryError, match=r"refuses the query: .*the prefix é: is not declared"):
        remote.ask("ASK { é:x ?p ?o }")


@pytest.fixture
def speaker(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that says one thing to everyone, or nothing."""
    said: bytes | None = request.param
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            client, _ = listener.accept()
            with client:
                asked = b""
                while b"query=" not in asked:
                    asked += client.recv(65536)
                if said is None:
                    while client.recv(65536):
                        pass
                else:
                    client.sendall(said)

        threading.Thread(target=speak, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


HTML = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Welcome"
BROKEN = b"HTTP/1.0 502 Bad Gateway\r\n\r\n"


@pytest.mark.parametrize(
    ("speaker", "words"),
    [
        (HTML, "did not answer with SPARQL results"),
        (BROKEN, "answers 502"),
        (None, "no answer in 1"),
    ],
    indirect=["speaker"],
)
def test_an_endpoint_that_fails_is_told(speaker: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        RemoteStore(speaker, timeout=1).select("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("speaker", [HTML], indirect=True)
def test_triples_that_are_none_are_told(speaker: str) -> None:
    with pytest.raises(QueryError, match="did not answer with triples"):
        RemoteStore(speaker, timeout=1).construct("CONSTRUCT WHERE { ?s ?p ?o }")

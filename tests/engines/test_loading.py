"""``load``: a release into another server, in parts, again after it broke off, and a newer one."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal

import standin
import two_letters
import virtuoso
from conftest import Ran
from copies import copied
from engines import oxigraph
from rallynov_graph.base.errors import EndpointError, Failure, ReleaseError
from rallynov_graph.base.namespaces import LOADED, MERGED, PREFIXES
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.datasets import of_server, records
from rallynov_graph.release import release as releases
from rallynov_graph.release.building import build
from rallynov_graph.release.loading import load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.graph_scope import GraphScope
from rallynov_graph.sparql.remote_server import DEFAULT_DATASET, Dataset, Server, Statement
from rallynov_graph.sparql.remote_store import RemoteStore

GRAPH = "<https://w3id.org/rallynov/id/graph/thesaurus>"


@pytest.fixture
def server() -> Iterator[Server]:
    """An Oxigraph server that has nothing."""
    with oxigraph() as running:
        yield running


def same(server: Server, store: EmbeddedStore) -> bool:
    """Whether a server has the default graph of a store, and as many triples in other graphs."""
    there = RemoteStore(server, dataset=of_server(server))
    everything = "CONSTRUCT WHERE { ?s ?p ?o }"
    described = """SELECT ?g (COUNT(*) AS ?n) { ?g a ?kind GRAPH ?g { ?s ?p ?o } }
    GROUP BY ?g ORDER BY ?g"""
    return set(there.construct(everything)) == set(store.construct(everything)) and there.select(
        described
    ) == store.select(described)


def test_what_no_longer_stands_is_loaded_beside_the_default_graph(
    server: Server, tmp_path: Path
) -> None:
    data = two_letters.beside_carnet(tmp_path / "data")
    letters = build(tmp_path / "out", data=data, checked=False)
    load(letters, server)
    store = EmbeddedStore.of_release(letters)
    assert same(server, store)
    there, question = RemoteStore(server, dataset=of_server(server)), catalogue.load()
    asked = question["what_was_said_before"].bind()
    assert there.select(asked) == store.select(asked)
    assert sum("sentier" in str(row["said_in"]) for row in store.select(asked)) == 18


class Updated(Server):
    """A server that takes updates alone."""

    def takes_quads(self, seconds: float = 30) -> bool:
        return False


class Breaking(Server):
    """A server that is lost after so many messages that write."""

    left = 0

    def add(self, statements: Iterable[Statement], *, seconds: float = 30) -> None:
        self.left -= 1
        if self.left < 0:
            raise EndpointError("gone", Failure.UNREACHABLE)
        super().add(statements, seconds=seconds)


class BreakingUpdated(Updated, Breaking):
    """The same, by updates alone."""


@pytest.mark.parametrize(
    ("kind", "messages"),
    [(BreakingUpdated, 1), (BreakingUpdated, 20), (Breaking, 2), (Breaking, 5)],
)
def test_it_goes_on_where_it_broke_off(
    server: Server, release: Release, store: EmbeddedStore, kind: type[Breaking], messages: int
) -> None:
    breaking = kind(server.url, update_url=server.update_url)
    breaking.left = messages
    with pytest.raises(EndpointError):
        load(release, breaking)
    begun = load(release, server)
    assert begun.sent <= begun.graphs == release.manifest.counts["graphs"] + 1
    assert messages < 3 or begun.sent < begun.graphs
    assert same(server, store)
    again = load(release, server)
    assert (again.sent, again.removed, again.triples) == (0, 0, begun.triples)


def test_what_a_server_has_lost_or_changed_is_found(
    server: Server, release: Release, store: EmbeddedStore
) -> None:
    """Where it changed a triple it has as many of each property, of the same length."""
    load(release, server)
    ours = "?place <http://www.w3.org/2000/01/rdf-schema#label> "
    for fault in (
        f'DELETE {{ {ours} "Vesoul" }} INSERT {{ {ours} "Vesoil" }} WHERE {{ {ours} "Vesoul" }}',
        f"CLEAR GRAPH {GRAPH}",
    ):
        server.update(fault)
        with pytest.raises(EndpointError, match="has not kept"):
            load(release, server)
        assert load(release, server).sent == 1
        assert same(server, store)


def changed(release: Release, folder: Path) -> Release:
    """A release with one graph more and one less."""
    copied(release, folder)
    lines = (folder / "data.nq").read_text().splitlines(keepends=True)
    kept = [line for line in lines if GRAPH not in line.rsplit(" ", 2)[1]]
    assert len(kept) < len(lines)
    kept.append('<urn:new> <urn:says> "more" <https://w3id.org/rallynov/id/graph/new> .\n')
    (folder / "data.nq").write_text("".join(sorted(kept)))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["id"], hashed = releases.identity(folder / "data.nq", folder / "ontology.nt")
    for file in manifest["files"]:
        if file["path"] == "data.nq":
            file.update(sha256=hashed.sha256, bytes=hashed.bytes)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return releases.load(folder)


def test_a_newer_release_takes_the_place_of_an_older_one(
    server: Server, release: Release, tmp_path: Path
) -> None:
    newer = changed(release, tmp_path / "newer")
    load(release, server)
    loaded = load(newer, server)
    assert (loaded.sent, loaded.removed) == (1, 1)
    assert same(server, EmbeddedStore.of_release(newer))
    assert load(release, server).sent == 1
    assert same(server, EmbeddedStore.of_release(release))


def test_others_data_are_not_lost_unless_that_is_said(server: Server, release: Release) -> None:
    server.update("INSERT DATA { <urn:theirs> <urn:is> 1 }")
    with pytest.raises(ReleaseError, match="--replace"):
        load(release, server)
    assert RemoteStore(server).ask("ASK { <urn:theirs> <urn:is> 1 }")
    assert records(RemoteStore(server)) == {}
    load(release, server, replace=True)
    assert not RemoteStore(server).ask("ASK { <urn:theirs> <urn:is> 1 }")


def test_a_union_of_all_graphs_gets_a_graph_that_stands_for_them(
    loaded_union: Server, loaded_virtuoso: Server, loaded_oxigraph: Server
) -> None:
    assert of_server(loaded_oxigraph) == DEFAULT_DATASET
    assert of_server(loaded_virtuoso) == Dataset((MERGED,))
    assert of_server(loaded_union) == Dataset(scope=GraphScope(MERGED, (MERGED, LOADED)))


def test_virtuoso_keeps_every_kind_of_text(virtuoso_address: str) -> None:
    filled, store = virtuoso.filled(virtuoso_address), RemoteStore(virtuoso.asked(virtuoso_address))
    assert filled.takes_quads()
    for text in ('é\n\t"\\ 𝄞 ’ <&> {}', "  ends with spaces \n", " ", "a\r\nb"):
        said = f"<urn:a> <urn:b> {Literal(text)}"
        filled.update("CLEAR SILENT GRAPH <urn:updated>")
        filled.update(f"INSERT DATA {{ GRAPH <urn:updated> {{ {said} }} }}")
        filled.update("CLEAR SILENT GRAPH <urn:sent>")
        filled.add([("urn:sent", f"{said} .")])
        for graph in ("updated", "sent"):
            query = f"SELECT ?o {{ GRAPH <urn:{graph}> {{ <urn:a> <urn:b> ?o }} }}"
            assert store.select(query).rows == ((Literal(text),),)


def test_virtuoso_as_debian_ships_it_is_filled(tmp_path: Path, virtuoso_address: str) -> None:
    """Its limit of estimated costs makes it write a time of an update in a way it cannot read."""
    sources = standin.make(tmp_path)
    with sources.stages.open("a") as file:
        xsd = PREFIXES["xsd"]
        file.write(f':said {{ :one <urn:opens> "18:00:00"^^<{xsd}time>, "09:30:00"^^<{xsd}time> }}')
    made = build(tmp_path / "out", data=sources.data, ontology=sources.ontology, checked=False)
    folder = tmp_path / "virtuoso"
    folder.mkdir()
    with virtuoso.running(folder, {}) as address:
        filled = virtuoso.filled(address)
        loaded = load(made, filled)
        assert (loaded.sent, load(made, filled).sent) == (loaded.graphs, 0)
        asked = virtuoso.asked(address)
        there = RemoteStore(asked, dataset=of_server(asked))
        times = "SELECT ?time { <https://example.org/one> <urn:opens> ?time } ORDER BY ?time"
        assert there.select(times) == EmbeddedStore.of_release(made).select(times)
        assert len(there.select(times).rows) == 2
        digests = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(20_000)]
        said = '<{0}#{1}> <{0}#graph> "https://example.org/graph/{1}" .'
        filled.add((LOADED, said.format(LOADED, it)) for it in digests)
        assert len(records(RemoteStore(filled))) == len(digests) + loaded.graphs + 1


def test_virtuoso_lets_nobody_write_without_the_secret(virtuoso_address: str) -> None:
    update = "INSERT DATA { GRAPH <urn:x> { <urn:a> <urn:b> 1 } }"
    with pytest.raises(EndpointError):
        virtuoso.asked(virtuoso_address).update(update)
    with pytest.raises(EndpointError) as denied:
        Server(f"{virtuoso_address}/sparql-auth").update(update)
    assert denied.value.failure is Failure.DENIED


def test_the_command_fills_a_server(
    server: Server, release: Release, store: EmbeddedStore, rallynov: Callable[..., Ran]
) -> None:
    ran = rallynov("load", "--endpoint", server.url, "--release", release.path)
    assert (ran.status, ran.err) == (0, "")
    assert f"Release {release.id[:16]} is at {server.url}" in ran.out
    assert same(server, store)
    updated = rallynov("load", "--endpoint", server.update_url, "--release", release.path)
    assert "0 were sent" in updated.out


def test_the_command_says_what_is_wrong(
    release: Release, rallynov: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--release", release.path)
    nobody = rallynov("load", "--endpoint", "http://127.0.0.1:9/query", *options)
    assert (nobody.status, "cannot be reached" in nobody.err) == (2, True)
    assert rallynov("load", "--endpoint", "file:///etc/passwd", *options).status == 2
    unset = rallynov("load", "--endpoint", "http://x/", "--auth-env", "RALLYNOV_NONE", *options)
    assert "RALLYNOV_NONE for the endpoint is not set" in unset.err
    monkeypatch.setenv("RALLYNOV_SECRET", "only-a-name")
    wrong = rallynov("load", "--endpoint", "http://x/", "--auth-env", "RALLYNOV_SECRET", *options)
    assert "neither NAME:PASSWORD nor Bearer" in wrong.err
    assert "only-a-name" not in wrong.err

"""Releases as RDF 1.2 and as nanopublications: valid, and the same when they are read back."""

import io
from collections.abc import Callable, Iterator

import pytest
import rdflib
from flask import Flask
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.standings import is_current
from rallynov_graph.exports import nanopublications, reifiers
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.site import Site

TYPE = NamedNode(f"{PREFIXES['rdf']}type")
SETS = {NamedNode(f"{RN}AssertionSet"), NamedNode(f"{RN}StandingGraph")}
NP = rdflib.Namespace("http://www.nanopub.org/nschema#")


@pytest.fixture(scope="module")
def otherwise(told_otherwise: Flask) -> Release:
    """A release with statements that are superseded, alternative, taken back."""
    site: Site = told_otherwise.extensions["site"]
    assert site.release is not None
    return site.release


@pytest.fixture(params=["release", "otherwise", "awkward"])
def one(request: pytest.FixtureRequest) -> Release:
    found: Release = request.getfixturevalue(request.param)
    return found


def written(write: Callable[..., None], release: Release) -> bytes:
    file = io.BytesIO()
    write(release, file)
    return file.getvalue()


def data(release: Release) -> set[Quad]:
    return {*parse(path=release.data, format=RdfFormat.N_QUADS, lenient=True)}


def test_reifiers_keep_every_quad_and_state_what_is_current(one: Release) -> None:
    content = written(reifiers.write, one)
    assert [*reifiers.quads(content)] and {*reifiers.quads(content)} == data(one)
    plain = {
        it.triple
        for it in parse(content, format=RdfFormat.N_TRIPLES, lenient=True)
        if not isinstance(it.object, Triple)
    }
    assert plain == {quad.triple for quad in data(one) if is_current(quad.graph_name)}
    assert written(reifiers.write, one) == content


def sets(release: Release) -> Iterator[Quad]:
    """Yield what the sets of a release state, and what it says of them."""
    quads = data(release)
    named = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object in SETS}
    stating = {quad.graph_name for quad in quads} & named
    return (quad for quad in quads if quad.graph_name in stating or quad.subject in stating)


def test_nanopublications_keep_every_set_and_what_is_said_of_it(one: Release) -> None:
    content = written(nanopublications.write, one)
    back = nanopublications.quads(parse(content, format=RdfFormat.TRIG, lenient=True))
    assert {*back} == {*sets(one)}


def test_each_nanopublication_has_the_four_graphs_that_it_needs(release: Release) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(nanopublications.write, release), format="trig")
    publications = {*dataset.subjects(rdflib.RDF.type, NP.Nanopublication)} or {
        s for s, _, _, _ in dataset.quads((None, rdflib.RDF.type, NP.Nanopublication, None))
    }
    assert len(publications) > 150
    for this in publications:
        parts = {
            name: next(dataset.quads((this, NP[name], None, None)))[2]
            for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
        }
        assert len({*parts.values()}) == 3
        assertion = parts["hasAssertion"]
        assert all(str(it).startswith(f"{this}/") for it in parts.values())
        assert len(dataset.graph(assertion)) > 0
        provenance = dataset.graph(parts["hasProvenance"])
        assert any(provenance.predicate_objects(assertion))
        info = dataset.graph(parts["hasPublicationInfo"])
        assert (this, rdflib.DCTERMS.created, None) in info
        assert (this, rdflib.DCTERMS.creator, rdflib.URIRef(f"{ID}agent/curateurs")) in info


def test_both_are_dumps_of_the_command_line(rallynov: Callable[..., object], release: Release):
    for name, beginning in (("rdf12", b"<https://"), ("nanopub", b"@prefix ")):
        ran = rallynov("export", "--format", name, "--release", release.path)
        assert ran.status == 0 and ran.out.encode().startswith(beginning)

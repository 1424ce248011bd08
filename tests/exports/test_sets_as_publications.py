"""Releases as RDF 1.2 and as nanopublications: valid, and the same when they are read back."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rdflib
from flask import Flask
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.namespaces import BASE, PREFIXES, RN
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.exports import nanopublications
from rallynov_graph.exports.rdf_dumps import write_reifiers
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.site import Site

TYPE = NamedNode(f"{PREFIXES['rdf']}type")
SETS = {NamedNode(f"{RN}AssertionSet"), NamedNode(f"{RN}StandingGraph")}
NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
PARTS = ("hasAssertion", "hasProvenance", "hasPublicationInfo")
HAS = [str(NP[part]) for part in PARTS]
SAME = NamedNode(f"{PREFIXES['owl']}sameAs")
PART_OF, HAS_PART = (NamedNode(f"{PREFIXES['dcterms']}{it}") for it in ("isPartOf", "hasPart"))


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
    content = written(write_reifiers, one)
    found = [*parse(content, format=RdfFormat.N_TRIPLES, lenient=True)]
    reified = [(it.object, it.subject) for it in found if isinstance(it.object, Triple)]
    assert reified and {Quad(*triple, graph) for triple, graph in reified} == data(one)
    plain = {it.triple for it in found if not isinstance(it.object, Triple)}
    assert plain == {quad.triple for quad in data(one) if is_current(quad.graph_name)}
    assert written(write_reifiers, one) == content


def sets(release: Release) -> Iterator[Quad]:
    """Yield what the sets of a release state, and what it says of them."""
    quads = data(release)
    named = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object in SETS}
    stating = {quad.graph_name for quad in quads} & named
    return (quad for quad in quads if quad.graph_name in stating or quad.subject in stating)


def test_nanopublications_keep_every_set_and_what_is_said_of_it(one: Release) -> None:
    content = written(nanopublications.write, one)
    assert read_back(content) == {*sets(one)}


def read_back(content: bytes) -> set[Quad]:
    """Return what a release has, of the nanopublications that were written of it."""
    graphs: dict[Any, list[Quad]] = {}
    for quad in parse(content, format=RdfFormat.TRIG, lenient=True):
        graphs.setdefault(quad.graph_name, []).append(quad)
    found: set[Quad] = set()
    for head in [*graphs.values()]:
        parts = {it.predicate.value: it.object for it in head if it.predicate.value in HAS}
        if not parts:
            continue
        assertion, provenance, info = (graphs[parts[name]] for name in HAS)
        (own,) = (it.object for it in provenance if it.predicate == SAME)
        found |= {Quad(*it.triple, own) for it in assertion}
        (main,) = (it.object for it in info if it.predicate == PART_OF)
        elsewhere: dict[Any, list[Any]] = {}
        for it in (it for it in info if it.predicate == HAS_PART):
            elsewhere.setdefault(it.object, []).append(it.subject)
        for it in (it for it in provenance if it.predicate != SAME):
            claim = NamedNode(f"{BASE}r/{id_of_claim(*it.triple)}")
            found |= {Quad(*it.triple, place) for place in elsewhere.get(claim, [main])}
    return found


@pytest.fixture(scope="module")
def published(release: Release) -> rdflib.Dataset:
    """All nanopublications of the shipped data."""
    dataset = rdflib.Dataset()
    return dataset.parse(data=written(nanopublications.write, release), format="trig")


def parts_of(this: rdflib.term.Node, dataset: rdflib.Dataset) -> dict[str, rdflib.URIRef]:
    found = {name: next(dataset.quads((this, NP[name], None, None)))[2] for name in PARTS}
    return {name: rdflib.URIRef(part) for name, part in found.items()}


def heads(dataset: rdflib.Dataset) -> list[tuple[rdflib.URIRef, rdflib.URIRef]]:
    """Return each nanopublication with the graph that is its head, by name."""
    found = dataset.quads((None, rdflib.RDF.type, NP.Nanopublication, None))
    return sorted((rdflib.URIRef(this), rdflib.URIRef(head)) for this, _, _, head in found)


@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
def test_the_library_of_nanopublications_finds_them_valid(published: rdflib.Dataset) -> None:
    """Each twentieth of those that the shipped data have; and it finds fault with half of one."""
    library = pytest.importorskip("nanopub", reason="it needs Python 3.12")
    valid = []
    for this, head in heads(published)[::20]:
        one = rdflib.Dataset()
        for name in (head, *parts_of(this, published).values()):
            one.graph(name).__iadd__(published.graph(name))
        valid.append(library.Nanopub(rdf=one, conf=library.NanopubConf()).is_valid)
        one.remove_graph(parts_of(this, published)["hasProvenance"])
    assert len(valid) > 10 and all(valid)
    with pytest.raises(Exception, match="provenance graph is empty"):
        assert library.Nanopub(rdf=one, conf=library.NanopubConf()).is_valid

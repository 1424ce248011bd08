"""The ontology, its shapes and its context: hygiene, one rule a query file, and outside terms."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, RDF, RDFS, SDO, SH, SKOS, DefinedNamespace

from places import TESTS
from rallynov_graph import claims
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.questions.catalogue import load

HYGIENE = sorted((TESTS / "hygiene").glob("*.rq"))
CLOSED: list[type[DefinedNamespace]] = [DCTERMS, FOAF, ORG, PROV, RDF, RDFS, SDO, SH, SKOS]


@pytest.fixture(scope="module")
def terms() -> Store:
    """The ontology with its shapes, in one graph."""
    store = Store()
    for file in ontology_dir().glob("*.ttl"):
        store.bulk_load(path=str(file), format=RdfFormat.TURTLE)
    return store


def iris(store: Store) -> set[str]:
    return {
        t.value
        for q in store
        for t in (q.subject, q.predicate, q.object)
        if isinstance(t, NamedNode)
    }


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    """The shipped data."""
    return [q for f in data_dir().rglob("*.trig") for q in parse(path=f, format=RdfFormat.TRIG)]


def test_each_hygiene_rule_finds_its_fault_and_none_in_the_ontology(terms: Store) -> None:
    faulty = Store()
    faulty.bulk_load(path=str(TESTS / "hygiene" / "faulty.ttl"), format=RdfFormat.TURTLE)
    for rule in HYGIENE:
        query = rule.read_text("utf-8")
        assert [str(row) for row in terms.query(query)] == [], rule.stem
        assert list(faulty.query(query)), f"{rule.stem} finds nothing in faulty.ttl"


def test_terms_of_closed_vocabularies_exist(terms: Store, quads: list[Quad]) -> None:
    used = iris(terms) | {q.predicate.value for q in quads}
    used |= {q.object.value for q in quads if isinstance(q.object, NamedNode)}
    unknown = [
        iri
        for iri in sorted(used)
        for vocabulary in CLOSED
        if iri.startswith(str(vocabulary))
        and iri != str(vocabulary)
        and URIRef(iri) not in vocabulary
    ]
    assert unknown == []


def test_each_term_used_in_the_data_is_defined_and_named(terms: Store, quads: list[Quad]) -> None:
    label = NamedNode(PREFIXES["rdfs"] + "label")
    kind = PREFIXES["rdf"] + "type"
    used = {q.predicate for q in quads} | {q.object for q in quads if q.predicate.value == kind}
    nameless = [
        str(term)
        for term in used
        for language in ("fr", "en")
        if not any(
            q.object.language == language for q in terms.quads_for_pattern(term, label, None)
        )
    ]
    assert sorted(nameless) == []


def test_each_term_serves_a_question(terms: Store) -> None:
    """A term that no question and no claim needs does not belong; three are schemes.

    A question that asks a property in one direction needs its name in the other, and one that asks
    a property of things of a single class needs that class.
    """
    of_claims = load(Path(claims.__file__).parent / "queries")
    asking = [*load().values(), *of_claims.values()]
    texts = "\n".join(question.text for question in asking)
    asked = set(re.findall(r"\brn:(\w+)", texts))
    for quad in terms.quads_for_pattern(None, NamedNode(f"{PREFIXES['owl']}inverseOf"), None):
        ends = {end.value.removeprefix(RN) for end in (quad.subject, quad.object)}
        asked |= ends if asked & ends else set()
    classes = defaultdict(set)
    domain = NamedNode(f"{PREFIXES['schema']}domainIncludes")
    for quad in terms.quads_for_pattern(None, domain, None):
        classes[quad.subject.value.removeprefix(RN)].add(quad.object.value.removeprefix(RN))
    asked |= {next(iter(classes[it])) for it in asked & classes.keys() if len(classes[it]) == 1}
    ours = {iri.removeprefix(RN) for iri in iris(terms) if iri.startswith(RN) and iri != RN}
    assert sorted(ours - asked - {"certainties", "standings", "identities"}) == []


def test_the_context_names_each_property(terms: Store) -> None:
    context = json.loads((ontology_dir() / "context.jsonld").read_text("utf-8"))["@context"]
    meant = {
        value["@id"] if isinstance(value, dict) else value
        for key, value in context.items()
        if key != "@version"
    }
    ours = {
        iri.replace(RN, "rn:")
        for iri in iris(terms)
        if iri.startswith(RN) and iri[len(RN) : len(RN) + 1].islower()
    }
    individuals = {"rn:explicit", "rn:inferred", "rn:tentative", "rn:certainties"}
    individuals |= {"rn:current", "rn:superseded", "rn:alternative", "rn:retracted", "rn:standings"}
    individuals |= {f"rn:{name}" for name in ("same", "different", "open", "split", "identities")}
    assert sorted(ours - individuals - meant) == []

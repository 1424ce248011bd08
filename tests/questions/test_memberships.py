"""Who belonged to what and when, asked of a made-up membership beside the carnet's offices."""

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from expected import expected, seen_through
from places import TESTS
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
MADE_UP = HEAD + (TESTS / "examples" / "kinds" / "memberships.trig").read_text("utf-8")


def test_a_membership_stands_beside_the_offices_with_its_period(release: Release) -> None:
    terms = sources.quads([release.ontology])
    ontology = (Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY)) for q in terms)
    made_up = parse(MADE_UP, format=RdfFormat.TRIG)
    data = sources.quads([release.data])
    store = EmbeddedStore.of_quads([*data, *ontology, *made_up]).pages()
    columns, offices = expected("who_was_what_when")
    answer = seen_through(store.select(load()["who_was_what_when"].bind()), columns)
    membership = ("person/ada-exemple", "ouvrière", "organisation/l-atelier-du-lac", "1973/..")
    assert answer - offices == {(*membership, "rn:explicit"): 1}
    assert offices <= answer

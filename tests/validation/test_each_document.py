"""Each document is held to upper bounds by itself, also where another took its place."""

from pyoxigraph import Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.validation import gate, graph_checks
from rallynov_graph.validation.quick import components
from rallynov_graph.validation.report import Finding

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
DOCUMENTS = """
GRAPH <graph/essai> {
    <document/un> a schema:PublicationIssue ; rdfs:label "carnet un"@fr, "carnet one"@en .
    <document/deux> a schema:PublicationIssue ; rdfs:label "carnet deux"@fr, "carnet two"@en .
    <extraction/un> dcterms:isFormatOf <document/un> .
    <extraction/deux> dcterms:isFormatOf <document/deux> .
    <passage/un> oa:hasSource <extraction/un> . <passage/deux> oa:hasSource <extraction/deux> .
    <assertion-set/annonce> a rn:AssertionSet ; rn:passage <passage/un> ; rn:voice <document/un> .
    <assertion-set/autre> a rn:AssertionSet ; rn:passage <passage/un> ; rn:voice <document/un> .
    <assertion-set/tenue> a rn:AssertionSet ; rn:passage <passage/deux> ; rn:voice <document/deux> .
    <standing/annonce-superseded> a rn:StandingGraph ; rn:standing rn:STANDING ;
        rn:standingOf <assertion-set/annonce> ; rn:replacedBy <assertion-set/tenue> .
}
GRAPH <assertion-set/tenue> { <stage/s> a rn:Stage ; dcterms:title "Tenue"@fr . }
"""


def found(trig: str, standing: str = "superseded") -> list[Finding]:
    quads: list[Quad] = list(
        parse(HEAD + DOCUMENTS.replace("STANDING", standing) + trig, format=RdfFormat.TRIG)
    )
    terms = building.ontology_of(ontology_dir())
    shapes = list(sources.quads([ontology_dir() / "shapes.ttl"]))
    store = graph_checks.filled([*quads, *terms], shapes)
    return list(gate.findings_by_document(store, components.read(shapes).shapes))


GAVE_WAY = "GRAPH <standing/annonce-superseded> {{ <stage/s> {} }}"
OTHER = 'GRAPH <assertion-set/autre> { <stage/s> dcterms:title "Deux"@fr }'


def test_a_document_that_gave_way_says_one_title_by_itself() -> None:
    (finding,) = found(GAVE_WAY.format('dcterms:title "Une"@fr, "Deux"@fr'))
    assert finding.severity == "Violation"
    assert finding.shape is not None
    assert finding.shape.endswith("StageShape-title")
    assert finding.messages["fr"].endswith("Dans : carnet un.")
    assert finding.messages["en"].endswith("In: carnet one.")


def test_a_value_that_gave_way_is_held_to_the_rules_on_values_beside_what_is_current() -> None:
    one = GAVE_WAY.format('dcterms:title "Une"@fr')
    assert [finding.focus.value for finding in found(one + OTHER)] == [f"{ID}stage/s"]
    assert found(GAVE_WAY.format('dcterms:title "Sans langue"'))
    assert found(GAVE_WAY.format('schema:startDate "mardi"'))
    assert found(one) == [], "what must be there is asked of what is current"
    assert found(one + OTHER, standing="alternative") == [], "a reading is no second statement"


def test_what_a_document_says_was_so_before_is_no_second_value() -> None:
    trig = """
    GRAPH <graph/essai> {
        <standing/autre-superseded> a rn:StandingGraph ; rn:standing rn:superseded ;
            rn:standingOf <assertion-set/autre> ; rn:replacedBy <assertion-set/annonce> .
    }
    GRAPH <standing/annonce-superseded> { <stage/s> dcterms:title "Une"@fr . }
    GRAPH <standing/autre-superseded> { <stage/s> dcterms:title "Deux"@fr . }
    """
    assert found(trig) == []

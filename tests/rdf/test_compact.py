"""JSON-LD that is short by the context says exactly what was to be said."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.rdf.compact import Context, written

XSD = PREFIXES["xsd"]
ME, YOU = NamedNode(f"{ID}stage/me"), NamedNode(f"{ID}stage/you")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
CONTEXT = Context.read((ontology_dir() / "context.jsonld").read_bytes())
VALUES = [
    NamedNode("https://example.org/a b".replace(" ", "%20")),
    NamedNode("urn:isbn:0"),
    NamedNode("mailto:someone@example.org"),
    NamedNode(PREFIXES["schema"]),
    NamedNode(PREFIXES["schema"] + "//x"),
    NamedNode(f"{RN}Stage"),
    BlankNode("b0"),
    Literal(""),
    Literal("https://example.org/"),
    Literal("rn:Stage"),
    Literal('"</script>\\\n\u2028é', language="fr"),
    Literal("x", language="en-GB"),
    Literal("007", datatype=NamedNode(XSD + "integer")),
    Literal("1e3", datatype=NamedNode(XSD + "double")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("not a date", datatype=NamedNode(XSD + "date")),
    Literal("x", datatype=NamedNode("https://example.org/type")),
]


def read(text: bytes) -> set[Triple]:
    return {q.triple for q in parse(text, format=RdfFormat.JSON_LD)}


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize(
    "prop",
    [
        f"{RN}carriedBy",
        f"{RN}number",
        f"{RN}reason",
        PREFIXES["rdfs"] + "comment",
        "https://example.org/property",
        TYPE.value,
    ],
)
def test_any_value_is_read_back_under_any_property(prop: str, value: object) -> None:
    said = {Triple(ME, NamedNode(prop), value), Triple(ME, NamedNode(prop), YOU)}  # type: ignore[arg-type]
    found = read(written(said, CONTEXT))
    if isinstance(value, BlankNode):
        assert len(found) == 2 and any(isinstance(t.object, BlankNode) for t in found)
    else:
        assert found == said


def test_every_name_of_the_context_is_used_as_it_is_defined() -> None:
    said = {Triple(ME, NamedNode(iri), YOU) for iri in CONTEXT.terms}
    text = written(said, CONTEXT)
    [node] = json.loads(text)["@graph"]
    assert {*node} == {"id", *(short.name for short in CONTEXT.terms.values())}
    assert read(text) == said


def test_the_same_triples_are_written_the_same_in_any_order() -> None:
    said = [Triple(ME, NamedNode(f"{RN}p{n}"), YOU) for n in range(20)]
    assert written(said, CONTEXT) == written(reversed(said), CONTEXT)
    assert json.loads(written([], CONTEXT))["@graph"] == []


def test_of_the_context_only_what_is_used_is_written() -> None:
    text = written([Triple(ME, NamedNode(f"{RN}carriedBy"), YOU)], CONTEXT)
    assert set(json.loads(text)["@context"]) == {"@version", "id", "type", "rn", "carriedBy"}


def test_an_iri_that_a_prefix_would_change_is_refused() -> None:
    with pytest.raises(UnwritableError, match="foaf:a"):
        written([Triple(ME, NamedNode(f"{RN}p"), NamedNode("foaf:a"))], CONTEXT)

"""A release whose names are what somebody might write to break a reader of an export."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

import standin
from places import ROOT
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release

LABEL = PREFIXES["rdfs"] + "label"
TYPE = PREFIXES["rdf"] + "type"
XSD = PREFIXES["xsd"]
WRITABLE = {
    "formula": "=HYPERLINK(A1)",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "signs": "-1+1\t+2",
    "lines": "one\r\ntwo\rthree\nfour\u2028five\x85six",
    "markup": "]]> <a href=\"'&amp;'\"> <!-- -->",
    "braces": "{one} \\two% $3$ #4_~^",
    "quotes": 'he said "no", and ""',
    "marks": "a|b;c¦d‖e,f",
    "spaces": "  before and after  ",
    "empty": "",
    "far": "𝄞 \ufeff \u202e é e\u0301 ﷽",
}
"""Labels that every format has a way to write."""
FORBIDDEN = {"control": "a\x01b\x1fc", "null": "a\x00b", "nobody": "a\ufffe\uffffb"}
"""Labels that XML has no way to write."""
UNNAMED = "https://example.org/p/1"
"""A property that XML has no name for."""


def thing(name: str) -> str:
    return f"{ID}organisation/{name}"


def quads(labels: dict[str, str]) -> list[Quad]:
    graph = NamedNode(ID + "assertion-set/awkward")

    def fact(subject: str, prop: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(prop), value, graph)

    found = [fact(thing(name), LABEL, Literal(label)) for name, label in labels.items()]
    found += [fact(thing(n), LABEL, Literal(text, language="fr")) for n, text in labels.items()]
    found += [fact(thing("several"), LABEL, Literal(text)) for text in labels.values()]
    for name in labels:
        found.append(fact(thing(name), TYPE, NamedNode(PREFIXES["org"] + "Organization")))
        found.append(fact(thing(name), RN + "atSameStageAs", NamedNode(thing("formula"))))
        found.append(fact(thing(name), RN + "number", Literal("007", datatype=_of("integer"))))
    found += [
        fact(thing("formula"), PREFIXES["skos"] + "note", NamedNode("https://e.org/?a=b&c='d';e")),
        fact(thing("formula"), PREFIXES["skos"] + "note", Literal("both a thing and a text")),
        fact(thing("formula"), RN + "Number", Literal("1.50", datatype=_of("decimal"))),
        fact(thing("formula"), "https://example.org/p#born", Literal("x", datatype=_of("date"))),
        fact(graph.value, TYPE, NamedNode(RN + "AssertionSet")),
        fact(graph.value, RN + "certainty", NamedNode(RN + "inferred")),
        fact(graph.value, RN + "passage", NamedNode(ID + "passage/one")),
        fact(graph.value, RN + "passage", NamedNode(ID + "passage/two;three")),
        fact("https://example.org/elsewhere", LABEL, Literal("not of our namespace")),
    ]
    return found


def _of(name: str) -> NamedNode:
    return NamedNode(XSD + name)


def release_of(folder: Path, statements: list[Quad]) -> Release:
    sources = standin.make(folder / "sources")
    text = serialize(statements, format=RdfFormat.TRIG)
    assert text is not None
    (sources.data / "awkward.trig").write_bytes(text)
    shipped = ROOT / "ontology" / "context.jsonld"
    (sources.ontology / "context.jsonld").write_bytes(shipped.read_bytes())
    return build(folder / "out", data=sources.data, ontology=sources.ontology, checked=False)


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Awkward names that every format can write."""
    return release_of(tmp_path_factory.mktemp("awkward"), quads(WRITABLE))


@pytest.fixture(scope="session")
def forbidden(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Awkward names and a property that XML cannot write."""
    statements = quads(WRITABLE | FORBIDDEN)
    graph = statements[0].graph_name
    unnamed = Quad(NamedNode(thing("formula")), NamedNode(UNNAMED), Literal("x"), graph)
    return release_of(tmp_path_factory.mktemp("forbidden"), [*statements, unnamed])

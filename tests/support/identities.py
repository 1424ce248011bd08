"""A small made-up data folder in which a person stands under several addresses."""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, short_iri
from rallynov_graph.identity.recording import DataFolder
from rallynov_graph.release import building

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
DATA = """\
<graph/a> {
  <graph/a> a rn:CurationGraph .
  <agent/curateurs> a prov:Agent ; rdfs:label "curateurs"@fr, "curators"@en .
  <person/ada-un> rdfs:label "Ada Un" ; dcterms:description "Juge."@fr, "A judge."@en .
  <person/a-un> rdfs:label "A. Un" ; dcterms:description "Une juge."@fr, "One judge."@en ;
    skos:altLabel "Ada U." .
  <person/ada> rdfs:label "Ada" .
  <organisation/o> rdfs:label "O" .
  <assertion-set/x> a rn:AssertionSet . <assertion-set/y> a rn:AssertionSet .
  <assertion-set/z> a rn:AssertionSet .
}
<assertion-set/x> { <person/ada-un> a foaf:Person ; rn:nameAsPrinted "Ada Un" . }
<assertion-set/y> { <person/a-un> a foaf:Person ; rn:nameAsPrinted "A. Un" .
  <participation/p> rn:participant <person/a-un> . }
<assertion-set/z> { <person/ada> a foaf:Person . <organisation/o> a org:Organization .
  <participation/q> rn:participant <person/ada>, <organisation/o> . }
"""


def made_up(folder: Path, text: str = DATA) -> Path:
    """Return a data folder with that one file."""
    data = folder / "data"
    data.mkdir()
    (data / "made-up.trig").write_text(HEAD + text, "utf-8")
    return data


def read(data: Path) -> DataFolder:
    """Return a data folder as commands read it."""
    return DataFolder(data, building.written(data))


def said(quads: Iterable[Quad], thing: str) -> set[tuple[str, str, str]]:
    """Return what quads say of a thing or of another by it: graph, property, other end."""
    node, found = NamedNode(ID + thing), set()
    for quad in quads:
        other = quad.object if quad.subject == node else quad.subject
        if node in (quad.subject, quad.object):
            value = short_iri(other.value)
            found.add((short_iri(quad.graph_name.value), short_iri(quad.predicate.value), value))
    return found


UNSHIPPED = """\
<graph/m> {
  <graph/m> a rn:CurationGraph ; rdfs:label "m" ; prov:wasAttributedTo <agent/curateurs> ;
    prov:generatedAtTime "2026-11-28T00:00:00Z"^^xsd:dateTime .
  <decision/m> a rn:IdentityDecision ; rdfs:label "m" ; rn:identity rn:same ;
    rn:kept <person/bruno-herry> ; rn:other <person/b-herry> ;
    rn:evidence <assertion-set/carnet-2-herry> ; rn:reason "Lu."@fr, "Read."@en .
  <decision/s> a rn:IdentityDecision ; rdfs:label "s" ; rn:identity rn:split ;
    rn:other <person/herry> ; rn:assigned <assignment/s-1> ;
    rn:evidence <assertion-set/carnet-2-herry> ; rn:reason "Lu."@fr, "Read."@en .
  <assignment/s-1> a rn:Assignment ; rdfs:label "s-1" ; rn:toThing <person/bruno-herry> ;
    rn:ofSet <assertion-set/carnet-2-herry> .
}
"""
"""Decisions as shapes ask for them: the shipped data have none."""

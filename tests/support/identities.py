"""A small made-up data folder in which a person stands under several addresses."""

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, short_iri
from rallynov_graph.base.resources import data_dir
from rallynov_graph.identity.recording import DataFolder, record
from rallynov_graph.identity.survey import graphs_about
from rallynov_graph.identity.writing import Grounds
from rallynov_graph.identity.written_decisions import Assignment, Decision
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


def _read_once(data: Path) -> DataFolder:
    """Return the same, with its statements kept: a decision goes through them several times."""
    return DataFolder(data, tuple(building.written(data)))


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


SECOND = """\
<graph/second> {
  <graph/second> a rn:CurationGraph ; rdfs:label "Autres noms"@fr, "Other names"@en ;
    prov:wasAttributedTo <agent/curateurs> ;
    prov:generatedAtTime "2026-11-27T00:00:00Z"^^xsd:dateTime .
  <person/b-herry> rdfs:label "B. Herry" .
  <participation/second-herry> rdfs:label "B. Herry, présent"@fr, "B. Herry, present"@en .
  <assertion-set/second-herry> a rn:AssertionSet ; rdfs:label "B. Herry"@fr ;
    rn:passage <passage/carnet-2-3176-3223> ; rn:certainty rn:explicit ;
    rn:voice <document/carnet-2> .
}
<assertion-set/second-herry> {
  <person/b-herry> a foaf:Person ; rn:nameAsPrinted "B. Herry" .
  <participation/second-herry> a rn:Participation ; rn:participant <person/b-herry> ;
    rn:role <role/assiste> .
}
"""
"""A second naming beside the shipped data: an abbreviated name in the same passage."""


def with_second_naming(folder: Path) -> Path:
    """Return a copy of the shipped data in which somebody has a second naming."""
    data = folder / "data"
    shutil.copytree(data_dir(), data)
    (data / "second.trig").write_text(HEAD + SECOND, "utf-8")
    return data


def decide(data: Path, kind: str, kept: str, other: str, **assigned: tuple[str, ...]) -> str:
    """Write a decision into a data folder and return its slug; splits are given by new slugs."""
    start = ID + other.partition("/")[0] + "/"
    things = tuple(
        Assignment(f"{start}{slug.replace('_', '-')}", graphs) for slug, graphs in assigned.items()
    )
    decision = Decision("", kind, ID + kept if kept else "", ID + other, things)
    reasons = {"fr": f"Raison de {kind}.", "en": f"Reason of {kind}."}
    evidence = (f"{ID}assertion-set/carnet-2-herry",)
    grounds = Grounds(reasons, evidence, f"{ID}agent/curateurs", date(2026, 11, 28))
    return record(_read_once(data), decision, grounds).file.stem


def graphs_of(data: Path, thing: str) -> list[str]:
    """Return the graphs that speak of a thing, sorted."""
    folder = _read_once(data)
    return sorted(graphs_about(ID + thing, folder.quads, folder.decided().decided))

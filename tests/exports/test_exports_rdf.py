"""The dump of a release in each format of RDF: the same facts, whatever they say."""

import io
import json
from collections.abc import Iterator

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

import awkward as awkward_data
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.standings import is_current
from rallynov_graph.exports import rdf_dumps, rdfxml, statement_rows, xml_writer
from rallynov_graph.rdf import canonical, compact, formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.release import Release

CARRYING = [form for form in formats.EXPORTS if form is not formats.RDF_XML]


def dumped(release: Release, form: Format) -> bytes:
    file = io.BytesIO()
    rdf_dumps.write(release, form, file)
    return file.getvalue()


def same_facts(release: Release, form: Format) -> None:
    told = list(parse(dumped(release, form), format=form.rdf))
    wanted = set(parse(path=release.data, format=RdfFormat.N_QUADS))
    if form.carries_graphs:
        assert set(told) == wanted and len(told) == len(wanted)
    else:
        triples = {quad.triple for quad in wanted if is_current(quad.graph_name)}
        assert {quad.triple for quad in told} == triples and len(told) == len(triples)


@pytest.mark.parametrize("form", formats.EXPORTS, ids=lambda f: f.name)
def test_every_format_says_the_same_of_the_shipped_data(release: Release, form: Format) -> None:
    same_facts(release, form)


@pytest.mark.parametrize("form", formats.EXPORTS, ids=lambda f: f.name)
def test_awkward_names_come_back_as_they_are(awkward: Release, form: Format) -> None:
    same_facts(awkward, form)


@pytest.mark.parametrize("form", CARRYING, ids=lambda f: f.name)
def test_what_xml_cannot_write_the_other_formats_do(forbidden: Release, form: Format) -> None:
    same_facts(forbidden, form)


def test_rdf_xml_says_what_it_cannot_write(forbidden: Release) -> None:
    with pytest.raises(UnwritableError, match="take another format"):
        dumped(forbidden, formats.RDF_XML)


@pytest.mark.parametrize("form", formats.EXPORTS, ids=lambda f: f.name)
def test_how_far_it_is_is_told_from_begin_to_end(release: Release, form: Format) -> None:
    told: list[tuple[int, int]] = []
    rdf_dumps.write(release, form, io.BytesIO(), lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1][0] == told[-1][1]
    assert len({total for _, total in told}) == 1


@pytest.mark.parametrize("form", [formats.RDF_XML, formats.JSON_LD], ids=lambda f: f.name)
def test_another_parser_reads_the_same(awkward: Release, form: Format) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=dumped(awkward, form), format=form.rdflib)
    read = {str(o) for o in dataset.objects(None, rdflib.RDFS.label)}
    assert {*awkward_data.WRITABLE.values()} <= read


@pytest.mark.parametrize("form", [formats.TRIG, formats.JSON_LD], ids=lambda f: f.name)
def test_what_is_sorted_on_disk_is_the_same(
    awkward: Release, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dumped(awkward, form)
    monkeypatch.setattr(statement_rows, "LINES_AT_ONCE", 7)
    monkeypatch.setattr(statement_rows, "_BYTES_AT_ONCE", 900)
    assert dumped(awkward, form) == whole


def test_json_ld_is_compact_and_holds_its_context(release: Release) -> None:
    told = json.loads(dumped(release, formats.JSON_LD))
    assert told["@context"] == json.loads(release.context.read_bytes())["@context"]
    nodes = [node for graph in told["graph"] for node in graph["graph"]]
    stage: dict[str, object] = {}
    for node in nodes:
        if node["id"].endswith("/stage/belfort"):
            stage |= node
    assert stage["type"] == "rn:Stage"
    assert stage["status"] == f"{ID}status/annoncee"
    assert stage["startDate"] == {"@value": "2013-09-26", "@type": "xsd:date"}
    assert not [key for node in nodes for key in node if "//" in key or key.startswith("@")]


def document(*objects: Literal | NamedNode, prop: str = "https://e.org/p") -> bytes:
    file = io.BytesIO()
    graph = NamedNode("https://e.org/g")
    subject = NamedNode("https://e.org/s")
    found = (Quad(subject, NamedNode(prop), value, graph) for value in objects)
    told = b'{"@context": {"e": "https://e.org/", "foaf": "http://f.org/"}}'
    compact.write(found, compact.Context.read(told), file)
    return file.getvalue()


def test_an_iri_that_a_prefix_would_change_is_refused() -> None:
    with pytest.raises(UnwritableError, match="foaf:a"):
        document(NamedNode("foaf:a"))
    assert b'{"@id": "e:a"}' in document(NamedNode("https://e.org/a"))
    assert b'"https://e.org/a/b"' in document(NamedNode("https://e.org/a/b"))


def test_a_text_in_the_place_of_a_class_is_kept() -> None:
    [said] = parse(document(Literal("x"), prop=PREFIXES["rdf"] + "type"), RdfFormat.JSON_LD)
    assert (said.predicate.value, said.object) == (PREFIXES["rdf"] + "type", Literal("x"))


@pytest.mark.parametrize(
    ("iri", "parts"),
    [
        ("https://e.org/p", ("https://e.org/", "p")),
        ("https://e.org/p#carriedBy", ("https://e.org/p#", "carriedBy")),
        ("https://e.org/2nd-name", ("https://e.org/2", "nd-name")),
        ("https://e.org/été", ("https://e.org/", "été")),
        ("urn:x", ("urn:", "x")),
        ("https://e.org/p/1", None),
        ("https://e.org/p/", None),
        ("https://e.org/(b)", None),
    ],
)
def test_a_property_is_cut_where_an_xml_name_begins(
    iri: str, parts: tuple[str, str] | None
) -> None:
    assert xml_writer.split_iri(iri) == parts


@pytest.mark.parametrize("name", ["li", "Description", "about"])
def test_names_that_rdf_xml_reads_otherwise_are_refused(name: str) -> None:
    prop = NamedNode(PREFIXES["rdf"] + name)
    triple = Triple(NamedNode("https://e.org/s"), prop, Literal("x"))
    with pytest.raises(UnwritableError, match=name):
        rdfxml.write([triple], PREFIXES, io.BytesIO())


class Slow:
    """A file that notes whether anything was written before the source was at its end."""

    def __init__(self) -> None:
        self.early = False
        self.left = True

    def write(self, piece: bytes) -> int:
        self.early |= self.left and bool(piece)
        return len(piece)

    def flush(self) -> None: ...

    def triples(self) -> Iterator[Triple]:
        for number in range(20_000):
            subject = NamedNode(f"https://e.org/{number}")
            yield Triple(subject, NamedNode("https://e.org/p"), Literal("x"))
        self.left = False


def test_turtle_is_written_while_it_comes() -> None:
    slow = Slow()
    canonical.write(slow.triples(), RdfFormat.TURTLE, {"e": "https://e.org/"}, slow)  # type: ignore[arg-type]
    assert slow.early


def test_prefixes_are_sorted_and_come_once() -> None:
    triple = Triple(NamedNode("https://e.org/a"), NamedNode("https://e.org/p"), Literal("@prefix "))
    many = {f"p{i}": f"https://e.org/{i}/" for i in range(40)}
    lines = canonical.written([triple], RdfFormat.TURTLE, many).decode().splitlines()
    heads = [line for line in lines if line.startswith("@prefix")]
    assert heads == sorted(heads) and len(heads) == 40 and lines[:40] == heads
    assert len(lines) == 41


def test_the_thesaurus_is_the_concepts_alone_with_their_licence(release: Release) -> None:
    file = io.BytesIO()
    rdf_dumps.write_thesaurus(release, file)
    told = {quad.triple for quad in parse(file.getvalue(), format=RdfFormat.TURTLE)}
    is_a = NamedNode(PREFIXES["rdf"] + "type")
    skos = [
        NamedNode(PREFIXES["skos"] + name) for name in ("Concept", "Collection", "ConceptScheme")
    ]
    every = {quad.triple for quad in parse(path=release.data, format=RdfFormat.N_QUADS)}
    concepts = {t.subject for t in every if t.predicate == is_a and t.object in skos}
    dataset = NamedNode("https://w3id.org/rallynov/dataset")
    assert concepts and told == {t for t in every if t.subject in {*concepts, dataset}}
    assert NamedNode(PREFIXES["dcterms"] + "license") in {t.predicate for t in told}

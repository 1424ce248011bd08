"""The dump of a release in each format of RDF: the same facts, whatever they say."""

import io
import json
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from skosify import skosify

import awkward as awkward_data
from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.exports import rdf_dumps
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.release import Release


def dumped(release: Release, form: Format) -> bytes:
    file = io.BytesIO()
    rdf_dumps.write(release, form, file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["release", "awkward", "forbidden"])
def test_every_format_says_the_same(name: str, request: pytest.FixtureRequest) -> None:
    release: Release = request.getfixturevalue(name)
    wanted = {*parse(path=release.data, format=RdfFormat.N_QUADS)}
    triples = {quad.triple for quad in wanted if is_current(quad.graph_name)}
    for form in formats.EXPORTS:
        if name == "forbidden" and form is formats.RDF_XML:
            continue
        told = [*parse(dumped(release, form), format=form.rdf)]
        if form.rdf and form.rdf.supports_datasets:
            assert {*told} == wanted and len(told) == len(wanted), form.name
        else:
            assert {quad.triple for quad in told} == triples, form.name
            assert len(told) == len(triples), form.name


def test_rdf_xml_says_what_it_cannot_write(forbidden: Release) -> None:
    with pytest.raises(UnwritableError, match="take another format"):
        dumped(forbidden, formats.RDF_XML)


def test_how_far_it_is_is_told_from_begin_to_end(release: Release) -> None:
    told: list[tuple[int, int]] = []
    for form in formats.EXPORTS:
        told.clear()
        rdf_dumps.write(release, form, io.BytesIO(), lambda *so_far: told.append(so_far))
        assert told == sorted(told) and told[-1][0] == told[-1][1]
        assert len({total for _, total in told}) == 1


def test_another_parser_reads_the_same(awkward: Release) -> None:
    for form in (formats.RDF_XML, formats.JSON_LD):
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=dumped(awkward, form), format=form.media_type)
        read = {str(o) for o in dataset.objects(None, rdflib.RDFS.label)}
        assert {*awkward_data.WRITABLE.values()} <= read


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


def test_names_that_rdf_xml_reads_otherwise_are_refused() -> None:
    for name in ("li", "Description", "about"):
        prop = NamedNode(PREFIXES["rdf"] + name)
        triple = Triple(NamedNode("https://e.org/s"), prop, Literal("x"))
        with pytest.raises(UnwritableError, match=name):
            rdf_dumps.write_rdf_xml([triple], PREFIXES, io.BytesIO())


def test_pyld_reads_the_same_from_json_ld(awkward: Release) -> None:
    options = {"format": "application/n-quads"}
    said = jsonld.to_rdf(json.loads(dumped(awkward, formats.JSON_LD)), options)
    read = rdflib.Dataset().parse(data=said, format="nquads")
    held = rdflib.Dataset().parse(data=awkward.data.read_bytes(), format="nquads")
    assert len(read) == len(held) > 5
    assert {*read.predicates()} == {*held.predicates()}


def test_the_thesaurus_is_the_concepts_alone_with_their_licence_and_skosify_finds_no_fault(
    release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
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
    added = [NamedNode(PREFIXES["skos"] + name) for name in ("hasTopConcept", "topConceptOf")]
    stated = {t for t in every if t.subject in {*concepts, dataset}}
    assert concepts and {t for t in told if t.predicate not in added} == {
        t for t in stated if t.predicate not in added
    }
    assert NamedNode(PREFIXES["dcterms"] + "license") in {t.predicate for t in told}
    schemes = {t.subject for t in told if t.predicate == is_a and t.object == skos[2]}
    assert {t.subject for t in told if t.predicate == added[0]} == schemes
    texts = [NamedNode(PREFIXES["skos"] + name) for name in ("definition", "scopeNote", "note")]
    said = {(t.subject, t.object.language) for t in told if t.predicate in texts}  # type: ignore[union-attr]
    of_class = {t.subject for t in told if t.predicate == is_a and t.object == skos[0]}
    assert {(it, tag) for it in of_class for tag in ("fr", "en")} <= said
    (tmp_path / "skos.ttl").write_bytes(file.getvalue())
    skosify(str(tmp_path / "skos.ttl"), label="Rally’nov")
    found = [it.message for it in caplog.records if it.levelname in ("WARNING", "ERROR")]
    # It rewrites for a service of one scheme; ours are several small ones.
    assert [it for it in found if not it.startswith("Multiple concept schemes found")] == []

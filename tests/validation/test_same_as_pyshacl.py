"""The quick validator finds what pySHACL finds.

``RALLYNOV_SHACL_CASES=2000`` takes so many random cases of each kind instead of a few.
"""

import os
import random
import runpy
from contextlib import suppress
from functools import cache

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, parse
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, Graph
from rdflib.term import Node

import shacl_cases
from places import ROOT
from rallynov_graph.base.errors import ShapesError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.validation import gate, quick, sparql_constraints
from rallynov_graph.validation.quick.components import COMPANIONS, READERS, read
from rallynov_graph.validation.quick.reading import NotCovered
from shacl_oracle import by_pyshacl, difference, quickly

CASES = int(os.environ.get("RALLYNOV_SHACL_CASES", "0"))
SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


@cache
def our_shapes() -> list[Quad]:
    return list(sources.quads([ontology_dir() / "shapes.ttl"]))


@cache
def shipped() -> shacl_cases.Parts:
    content = building.completed(building.read(data_dir(), ontology_dir()))
    return parts(content.data, content.ontology)


def query_shapes(text: str) -> list[Quad]:
    return list(parse(text, format=RdfFormat.TURTLE, base_iri=shacl_cases.EX))


def parts(data, ontology) -> shacl_cases.Parts:
    classes = [quad.triple for quad in ontology if quad.predicate.value == SUBCLASS]
    return shacl_cases.Parts(dict.fromkeys(quad.triple for quad in data), classes)


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> shacl_cases.Parts:
    folder = tmp_path_factory.mktemp("generated")
    runpy.run_path(str(ROOT / "bench" / "generate.py"))["write"](4000, folder, 1)
    return parts(
        sources.quads(sources.files_under(folder / "data")), building.ontology_of(ontology_dir())
    )


def test_every_shape_of_ours_is_done_by_the_quick_validator():
    assert read(our_shapes()).left == {}


@settings(max_examples=CASES or 8)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_damaged_parts_of_the_shipped_data(rng):
    assert difference(damaged(rng, shipped()), our_shapes()) == []


@settings(max_examples=CASES or 4)
@given(st.randoms(use_true_random=False))
def test_they_agree_on_damaged_parts_of_generated_data(generated, rng):
    assert difference(damaged(rng, generated), our_shapes()) == []


def damaged(rng, of):
    part, always = of.part(rng, 15)
    return [*shacl_cases.damaged(rng, part, rng.randrange(1, 12)), *always]


def test_they_agree_on_made_up_shapes_of_every_constraint():
    used, compared = set(), 0
    for seed in range(CASES or 90):
        rng = random.Random(seed)
        data, text = shacl_cases.made_up_data(rng), shacl_cases.made_up_shapes(rng)
        shapes = list(parse(text, format=RdfFormat.TURTLE))
        assert read(shapes).left == {}, text
        try:
            found = by_pyshacl(data, shapes)
        except ShapesError:  # pySHACL gives up where sh:lessThan meets a blank node
            assert "sh:lessThan" in text
            continue
        assert quickly(data, shapes) == found, f"seed {seed}: {text}"
        compared += 1
        used |= {quad.predicate.value.removeprefix(PREFIXES["sh"]) for quad in shapes}
    assert compared > 60
    assert {*READERS, *COMPANIONS} <= used


def test_the_quick_validator_is_called_as_pyshacl_is(tmp_path):
    for seed in range(12):
        rng = random.Random(seed)
        text = "".join(f"{it} .\n" for it in shacl_cases.made_up_data(rng))
        data, shapes = Graph().parse(data=text, format="nt"), Graph()
        shapes.parse(data=shacl_cases.made_up_shapes(rng), format="turtle")
        ours = quick.validate(data, shacl_graph=shapes)
        with suppress(ReportableRuntimeError):  # it gives up where sh:lessThan meets a blank node
            theirs = pyshacl.validate(data, shacl_graph=shapes)
            assert (ours[0], results(ours[1])) == (theirs[0], results(theirs[1])), seed
            assert f"Conforms: {ours[0]}" in ours[2]
        of_files = tmp_path / "data.nt", tmp_path / "shapes.ttl"
        for file, graph in zip(of_files, (data, shapes), strict=True):
            graph.serialize(file, format="nt", encoding="utf-8")
        again = quick.validate(of_files[0], shacl_graph=of_files[1])
        assert (again[0], again[2].count("Focus")) == (ours[0], ours[2].count("Focus")), seed


def test_the_quick_validator_lets_warnings_conform_where_they_are_allowed():
    data = Graph().parse(data=f"{shacl_cases.HEAD}:a :p 1 .", format="turtle")
    text = f"{shacl_cases.HEAD}:S sh:targetNode :a ; sh:nodeKind sh:Literal ; sh:severity "
    for severity, allowed in (
        ("sh:Violation", (0, 0)),
        ("sh:Warning", (0, 1)),
        ("sh:Info", (1, 1)),
    ):
        shapes = Graph().parse(data=f"{text}{severity} .", format="turtle")
        for validate in (quick.validate, pyshacl.validate):
            ways = ({"allow_infos": True}, {"allow_warnings": True})
            found = tuple(validate(data, shacl_graph=shapes, **way)[0] for way in ways)
            assert found == allowed, (validate, severity)


def test_the_quick_validator_reads_classes_of_an_ontology_and_shapes_in_the_data():
    text = f"{shacl_cases.HEAD}:S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] ."
    data = Graph().parse(data=f"{text} :a a :D .", format="turtle")
    terms = Graph().parse(data=f"{shacl_cases.HEAD}:D rdfs:subClassOf :C .", format="turtle")
    for validate in (quick.validate, pyshacl.validate):
        assert [validate(data)[0], validate(data, ont_graph=terms)[0]] == [True, False]


def test_the_quick_validator_says_what_it_does_not_cover():
    shapes = Graph().parse(
        data=f"{shacl_cases.HEAD}:S sh:targetNode :a ; sh:sparql [] .", format="turtle"
    )
    with pytest.raises(NotCovered, match=r"S: sh:sparql"):
        quick.validate(Graph(), shacl_graph=shapes)


def results(graph: Graph) -> set[tuple[Node | None, ...]]:
    """Return the results of a report; pySHACL's has those that no graph can tell apart, too."""
    parts = (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
    nodes = graph.objects(None, SH.result)
    return {tuple(graph.value(node, part) for part in parts) for node in nodes}


def test_they_agree_on_made_up_queries_that_the_engine_answers():
    compared, found, number = 0, 0, CASES or 60
    for seed in range(number):
        rng = random.Random(seed)
        data, text = shacl_cases.made_up_data(rng), shacl_cases.made_up_query(rng)
        shapes = query_shapes(text)
        if not read(shapes, sparql_constraints.READERS).left:
            theirs = by_pyshacl(data, shapes)
            assert quickly(data, shapes) == theirs, f"seed {seed}: {text}"
            compared, found = compared + 1, found + bool(theirs)
    assert compared > number / 3 and found > number / 10


LEFT = {
    "a SELECT within": "{ SELECT $this (COUNT(?p) AS ?n) { $this ?p ?o } GROUP BY $this }",
    "a filter that sees more than its group": "$this :p ?value . { FILTER (isIRI(?value)) }",
    "an OPTIONAL that joins otherwise from within": "$this :p ?v . { OPTIONAL { $this :q ?v } }",
    "?this bound anew": "BIND (:a AS ?this)",
    "a number of solutions": "$this :p ?value . } LIMIT 1 #",
    "no group at all": "$this :p ?value . } GROUP BY $this #",
    "a path without a step": "$this :p* ?value",
    "graphs": "GRAPH ?g { $this :p ?value }",
    "what SHACL forbids": "$this :p ?value . MINUS { $this :q ?value }",
    "a call": "SERVICE <http://127.0.0.1:9/> { $this :p ?value }",
    "a function of its own": "FILTER (:f($this))",
    "many groups": "{" * 3000 + "$this :p ?value" + "}" * 3000,
    "no SPARQL": "$this :p",
}


def test_a_query_that_one_query_for_all_would_answer_otherwise_is_left_to_pyshacl():
    for asked in LEFT.values():
        text = f'{shacl_cases.HEAD}:S sh:targetNode :a ; sh:sparql [ sh:select """PREFIX : <e:> '
        shapes = query_shapes(f'{text}SELECT $this {{ {asked} }}""" ] .')
        assert read(shapes, sparql_constraints.READERS).left


def test_a_query_sees_a_number_as_it_is_written():
    """The engine has one form of a value; where data have another one, pySHACL asks."""
    for number in ("1.50", "1.5"):
        data = query_shapes(f"{shacl_cases.HEAD}:a :p {number} .")
        shapes = query_shapes(
            f"{shacl_cases.HEAD}:S sh:targetNode :a ; sh:sparql [ "
            'sh:message "It is {?value}."@en ; '
            'sh:select """SELECT $this ?value { $this ?p ?value '
            'FILTER (STRLEN(STR(?value)) > 2) }""" ] .'
        )
        [finding] = gate.validate(data, shapes).results
        assert (finding.value.value, finding.message("en")) == (number, f"It is {number}.")
        assert finding.constraint is not None

"""The gate: data of any size, shapes and checks, one report that one can read."""

import json

import pytest
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.validation import gate, graph_checks, report

HEAD = """
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SIZED = ":S a sh:NodeShape ; sh:targetClass :Thing ; sh:property :P . :P sh:path :size ; "
MANY = " ".join(f":t{number:03} a :Thing ." for number in range(250))
CHECK = """\
#+ message_fr: {?focus} est une chose.
#+ message_en: {?focus} is a thing.
SELECT ?focus WHERE { ?focus a <https://example.org/Thing> }
"""


def turtle(text):
    return list(parse(HEAD + text, format=RdfFormat.TURTLE))


@pytest.fixture
def check(tmp_path):
    (tmp_path / "is_a_thing.rq").write_text(CHECK, "utf-8")
    return graph_checks.read(tmp_path.glob("*.rq"))


def test_a_report_of_many_faults_is_bounded_and_says_how_many_more_there_are(check):
    found = gate.validate(turtle(MANY), turtle(SIZED + "sh:minCount 1 ."), checks=check)
    assert len(found.results) == 200
    assert [(more.rule, more.number) for more in found.more] == [
        ("https://example.org/P", 150),
        ("https://w3id.org/rallynov/shapes#check-is_a_thing", 150),
    ]
    assert found.counts["Violation"] == 500
    assert "… and 150 more for this rule: https://example.org/P" in found.text()
    assert "… et 150 de plus pour cette règle : https://example.org/P" in found.text("fr")
    assert found.text().endswith("do not conform: 500 violations, 0 warnings, 0 infos.")
    assert report.from_json(found.json()) == found
    assert json.loads(found.json())["more"][0]["number"] == 150
    assert b"150 more results for this rule are not written" in found.turtle()


def test_a_report_in_json_says_what_each_finding_comes_from(check):
    shapes = SIZED + "sh:minCount 1 . :Thing2 sh:targetClass :Thing ; sh:property [ "
    shapes += "sh:path :size ; sh:minCount 1 ] ."
    found = gate.validate(turtle(":a a :Thing ."), turtle(shapes), checks=check)
    results = json.loads(found.json())["results"]
    told = {(one["shape"], one["sourceShape"], one["component"]) for one in results}
    sh, e = "http://www.w3.org/ns/shacl#", "https://example.org/"
    of_check = "https://w3id.org/rallynov/shapes#check-is_a_thing"
    assert told == {
        (f"{e}P", f"{e}P", f"{sh}MinCountConstraintComponent"),
        (f"{e}Thing2", None, f"{sh}MinCountConstraintComponent"),
        (of_check, of_check, f"{sh}SPARQLConstraintComponent"),
    }
    again = report.from_json(found.json()).results
    assert [f.component for f in again] == [f.component for f in found.results]


def test_a_shape_that_is_left_to_pyshacl_stands_in_the_same_report():
    shapes = turtle(
        SIZED + "sh:minCount 1 . :Q sh:targetClass :Thing ; "
        'sh:sparql [ sh:select "SELECT $this WHERE { $this a ?c } LIMIT 1" ; sh:message "No"@en ] .'
    )
    found = gate.validate(turtle(":a a :Thing ."), shapes)
    assert sorted(f.shape.rpartition("/")[2] for f in found.results) == ["P", "Q"]
    assert found.graph.query("ASK { ?r a <http://www.w3.org/ns/shacl#ValidationResult> }")


def test_what_only_pyshacl_does_is_said_where_the_data_are_too_many(monkeypatch):
    monkeypatch.setattr(gate, "MOST_FOR_PYSHACL", 100)
    shapes = turtle(
        ':Q sh:targetClass :Thing ; sh:sparql [ sh:select "SELECT $this {} LIMIT 1" ] .'
    )
    with pytest.raises(
        ShapesError, match=r"LIMIT in .* is done by pySHACL, .* 100 triples"
    ) as error:
        gate.validate(turtle(MANY), shapes)
    assert error.value.shape == "https://example.org/Q"


def test_ill_formed_shapes_never_pass():
    for shapes in (
        SIZED + 'sh:minCount "one" .',
        SIZED + "sh:in :a .",
        SIZED + "sh:class 'Thing' .",
        ":S sh:targetClass :Thing ; sh:property :gone .",
        ":S sh:targetClass :Thing ; sh:entailment :RDFS .",
    ):
        with pytest.raises(ShapesError):
            gate.validate(turtle(":a a :Thing ; :size 1 ."), turtle(shapes))


def test_a_shape_without_messages_gets_some_in_both_languages():
    (finding,) = gate.validate(
        turtle(':a a :Thing ; :size "x" .'), turtle(SIZED + "sh:datatype xsd:integer .")
    ).results
    assert finding.messages == {
        "fr": "La valeur n’est pas un littéral bien écrit de type xsd:integer.",
        "en": "The value is not a well-written literal of the datatype xsd:integer.",
    }

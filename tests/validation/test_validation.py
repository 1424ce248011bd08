"""Data held against shapes, and against the checks that concern graphs."""

import re
import socket
import tomllib
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import RDF, SH

from rallynov_graph.base.errors import (
    QueryError,
    RallynovError,
    ShapesError,
    SourceError,
    in_french,
)
from rallynov_graph.validation import gate, graph_checks, report, shacl
from rallynov_graph.validation.report import Finding
from rallynov_graph.validation.shacl import refuse_ill_formed, validate

HEAD = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAMED = ":Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property :Shape-size . :Shape-size "
SIZE = NAMED + (
    'sh:path :size ; sh:datatype xsd:integer ; sh:message "Un nombre."@fr, "A number."@en .'
)


def turtle(text):
    return list(parse(HEAD + text, format=RdfFormat.TURTLE))


def trig(text):
    return list(parse(HEAD + text, format=RdfFormat.TRIG))


def ex(name):
    return NamedNode(f"https://example.org/{name}")


def written_check(folder: Path, text: str, name: str = "no_size.rq") -> list[graph_checks.Check]:
    path = folder / name
    path.write_text(text, "utf-8")
    return graph_checks.read([path])


CHECK = """\
#+ severity: Warning
#+ message_fr: {?value} est dans {?graph}.
#+ message_en: {?value} is in {?graph}.
PREFIX : <https://example.org/>
SELECT ?focus ?path ?value ?graph WHERE {
    GRAPH ?graph { ?focus :size ?value } BIND(:size AS ?path)
}
"""


def test_a_finding_says_shape_focus_path_value_and_messages():
    (finding,) = validate(turtle(':a a :Thing ; :size "big"@en .'), turtle(SIZE)).results
    assert finding == Finding(
        severity="Violation",
        shape="https://example.org/Shape-size",
        focus=ex("a"),
        path="https://example.org/size",
        value=Literal("big", language="en"),
        messages={"en": "A number.", "fr": "Un nombre."},
    )


def test_only_violations_and_severities_of_the_users_own_fail():
    for severity, conforms in {"sh:Warning": True, "sh:Info": True, ":Grave": False}.items():
        shapes = turtle(SIZE.replace("sh:path", f"sh:severity {severity} ; sh:path"))
        found = validate(turtle(':a a :Thing ; :size "big" .'), shapes)
        assert found.conforms is conforms
        assert found.counts[severity.replace("sh:", "").replace(":", ex("").value)] == 1


def test_a_nameless_shape_is_called_by_the_named_one_around_it():
    shapes = turtle(
        ":Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property [ sh:path :size ; "
        "sh:minCount 1 ] ."
    )
    (finding,) = validate(turtle(":a a :Thing ."), shapes).results
    assert finding.shape == "https://example.org/Shape"


PATHS = [
    ("[ sh:inversePath :p ]", "^<https://example.org/p>"),
    ("( :p :q )", "<https://example.org/p>/<https://example.org/q>"),
    (
        "[ sh:alternativePath ( :p :q ) ]",
        "(<https://example.org/p>|<https://example.org/q>)",
    ),
    ("[ sh:zeroOrMorePath :p ]", "(<https://example.org/p>)*"),
    ("( :p [ sh:oneOrMorePath :q ] )", "<https://example.org/p>/(<https://example.org/q>)+"),
]


def test_a_long_path_is_written_as_sparql_writes_it():
    for path, written in PATHS:
        shapes = turtle(NAMED + f"sh:path {path} ; sh:minCount 2 .")
        (finding,) = validate(turtle(":a a :Thing ."), shapes).results
        assert finding.path == written


def test_triple_terms_are_said_not_to_be_read():
    data = turtle(":a :says <<( :b :c :d )>> .")
    with pytest.raises(RallynovError, match="triple terms"):
        validate(data, turtle(SIZE))


REFUSED = tomllib.loads(Path(__file__).with_name("refused_shapes.toml").read_text("utf-8"))


@pytest.fixture
def callers():
    """A server that closes every connection, and the list of those that it had."""
    found = []

    def answer():
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                found.append(connection.close())

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", found


def test_nothing_that_is_validated_calls_out(callers):
    address, found = callers
    for calling in REFUSED["calling"].values():
        asked = ":Shape sh:targetClass :Thing ; sh:nodeKind sh:IRI ."
        shapes = turtle(asked + calling.replace("ADDRESS", address))
        for held_to in (validate, gate.validate):
            with pytest.raises(ShapesError, match=r"take it out|is not a namespace") as error:
                held_to(turtle(":a a :Thing ."), shapes)
            assert error.value.shape
    assert not found


def test_what_shapes_ask_for_in_vain_is_not_passed_over(capfd):
    """What a shape means that leads to itself is left open by SHACL: pySHACL stops somewhere."""
    for refused in REFUSED["passed_over"]:
        for held_to in (validate, gate.validate):
            with pytest.raises(ShapesError, match=re.escape(refused["told"])) as error:
                held_to(turtle(":a a :Thing ; :p :a ."), turtle(refused["shapes"]))
            assert in_french(error.value.reason) != error.value.reason
    assert capfd.readouterr() == ("", "")


def test_an_ill_formed_shape_is_named_with_what_is_wrong_in_it(capfd):
    for refused in REFUSED["ill_formed"]:
        with pytest.raises(ShapesError) as error:
            refuse_ill_formed(turtle(refused["shapes"]))
        assert refused["told"] in str(error.value)
        assert error.value.shape == ex(refused["at_fault"]).value
        assert capfd.readouterr() == ("", "")


DEEP = {
    "shapes": "".join(f":S{n} sh:node :S{n + 1} . " for n in range(30))
    + ":S0 sh:targetClass :Thing . :Shape sh:nodeKind sh:IRI . :S15 sh:node :Shape .",
    "at_fault": "S15",
    "told": "let fewer shapes",
}


def test_a_shape_that_cannot_be_used_is_named_with_why_and_what_to_do():
    for refused in (*REFUSED["unusable"], DEEP):
        shapes = turtle(refused["shapes"])
        refuse_ill_formed(shapes)
        with pytest.raises(ShapesError) as error:
            validate(turtle(":a a :Thing ; :size 1 ; :p :a ."), shapes)
        assert refused["told"] in str(error.value)
        assert error.value.shape == ex(refused["at_fault"]).value


def test_a_shape_at_fault_is_placed_in_its_file(tmp_path):
    file = tmp_path / "shapes.ttl"
    file.write_text(
        HEAD + NAMED.replace(" . ", " .\n\n") + 'sh:path :p ; sh:pattern "(" .', "utf-8"
    )
    with pytest.raises(SourceError) as error, shacl.placed(file):
        validate(turtle(":a a :Thing ."), list(parse(path=file)))
    assert str(error.value).startswith(f"{file}, line 8: the shape https://example.org/Shape-size ")
    assert "la forme https://example.org/Shape-size ne peut pas servir : " in error.value.text("fr")


def test_nameless_shapes_are_said_with_their_file_alone(tmp_path):
    file = tmp_path / "shapes.ttl"
    file.write_text(HEAD + '[ sh:targetClass :Thing ; sh:property [ sh:path "x" ] ] .', "utf-8")
    with pytest.raises(SourceError) as error, shacl.placed(file):
        refuse_ill_formed(list(parse(path=file)))
    assert str(error.value).startswith(f"{file}: the shapes cannot be used: sh:path ")


def test_a_check_finds_what_shapes_do_not_see(tmp_path):
    checks = written_check(tmp_path, CHECK)
    found = validate(trig(":g { :a :size 1 }"), turtle(SIZE), checks=checks)
    (finding,) = found.results
    assert finding.severity == "Warning"
    assert finding.focus == ex("a")
    assert finding.path == "https://example.org/size"
    assert finding.messages["fr"] == "1 est dans https://example.org/g."
    assert finding.shape == "https://w3id.org/rallynov/shapes#check-no_size"


def test_a_check_that_cannot_be_run_is_named(tmp_path):
    for text, told in (
        (CHECK.replace("#+ message_en", "# message_en"), "message_en"),
        (CHECK.replace("Warning", "Terrible"), "severity"),
        (CHECK.replace("SELECT", "SELEKT"), "no_size"),
        (CHECK.replace("?focus", "?thing"), "no_size"),
    ):
        with pytest.raises(QueryError, match=told):
            graph_checks.run(written_check(tmp_path, text), trig(":g { :a :size 1 }"))


def test_what_a_check_found_stands_in_the_w3c_report(tmp_path):
    checks = written_check(tmp_path, CHECK)
    graph = validate(trig(":g { :a :size 1 }"), turtle(SIZE), checks=checks).graph
    (result,) = graph.subjects(RDF.type, SH.ValidationResult)
    assert str(graph.value(result, SH.focusNode)) == "https://example.org/a"
    whole = graph.value(predicate=SH.result, object=result)
    assert graph.value(whole, SH.conforms).toPython() is False


def test_the_text_of_a_finding_names_place_thing_message_and_value(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + '\n:a a :Thing ;\n  :size "big" .\n', "utf-8")
    found = validate(list(parse(path=path)), turtle(SIZE)).located([("data/a.ttl", path)])
    text = found.text()
    assert "Violation: data/a.ttl, line 8: <https://example.org/a>" in text
    assert "A number." in text
    assert 'value: "big"' in text
    assert text.endswith("The data do not conform: 1 violation, 0 warnings, 0 infos.")


def test_a_nameless_thing_is_placed_by_what_it_is_part_of(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + '\n:a :part [ :part [ a :Thing ; :size "big" ] ] .\n', "utf-8")
    found = validate(list(parse(path=path)), turtle(SIZE)).located([("a.ttl", path)])
    (finding,) = found.results
    assert (finding.within, finding.line) == ("https://example.org/a", 7)
    assert ", part of <https://example.org/a>" in finding.text()
    assert report.from_json(found.json()) == found


def test_the_text_is_in_french_too():
    found = validate(turtle(':a a :Thing ; :size "big" .'), turtle(SIZE))
    text = found.text("fr")
    assert text.startswith("Infraction : <https://example.org/a>\n    Un nombre.\n    propriété : ")
    assert text.endswith(
        "Les données ne sont pas conformes : 1 infraction, 0 avertissement, 0 remarque."
    )

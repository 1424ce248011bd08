"""``rallynov build`` and ``rallynov validate``."""

import json
import re
import shutil
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from rallynov_graph.release import release as releases

SHAPES = """\
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property :Shape-size .
:Shape-size a sh:PropertyShape ; sh:path :size ; sh:minCount 1 ;
    sh:message "Une taille."@fr, "A size."@en .
"""
THINGS = "@prefix : <https://example.org/> .\n:a a :Thing ; :size 1 .\n:b a :Thing .\n"


def test_for_a_document_that_there_is_not_nothing_is_built(rallynov, shipped):
    for option in ("--until", "--only"):
        ran = rallynov("build", "--out", "out", option, "carnet-2")
        assert (ran.status, ran.out) == (2, "")
        assert ran.err == "rallynov: No document is called 'carnet-2': there is none.\n"
        assert releases.latest(Path("out")) is None


def test_the_last_line_is_the_release_folder(rallynov, shipped):
    ran = rallynov("build", "--out", "out")
    assert (ran.status, ran.err) == (0, "")
    folder = Path(ran.out.splitlines()[-1])
    assert folder.parent == Path("out")
    assert releases.load(folder).path == folder
    assert Path(rallynov("build").out.splitlines()[-1]).parent == Path("releases")
    Path("file").write_text("", "utf-8")
    ran = rallynov("build", "--out", "file")
    assert (ran.status, "is a file" in ran.err) == (2, True)
    ran = rallynov("build", "missing", "--lang", "fr")
    assert (ran.status, ran.err.count("Il n’y a pas de dossier missing")) == (2, 1)


def test_one_document_alone_is_not_asked_with_what_was_known(rallynov, shipped):
    asked = ("build", "--out", "out", "--only", "carnet-2", "--until", "carnet-2")
    for language, told in (("en", "do not go together"), ("fr", "ne vont pas ensemble")):
        ran = rallynov(*asked, "--lang", language)
        assert (ran.status, ran.out) == (2, "")
        assert told in ran.err


def test_the_indexes_of_a_release_are_made_as_it_is_built(rallynov, shipped):
    folder = Path(rallynov("build").out.splitlines()[-1])
    made = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path.relative_to(folder).parts[0].partition("-")[0] for path in made} >= {
        "claims",
        "search",
    }
    again = rallynov("build")
    assert Path(again.out.splitlines()[-1]) == folder
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == made
    assert rallynov("check", folder).status == 0


def test_a_release_whose_indexes_cannot_be_made_is_built_and_good(rallynov, shipped, caplog):
    folder = Path(rallynov("build").out.splitlines()[-1])
    for made in (*folder.glob("claims-*"), *folder.glob("search-*")):
        shutil.rmtree(made)
    next(folder.glob(".lock")).unlink()
    (folder / ".lock").mkdir()
    ran = rallynov("build")
    assert (ran.status, Path(ran.out.splitlines()[-1])) == (0, folder)
    assert [it.levelname for it in caplog.records] == ["WARNING", "WARNING"]
    assert all(str(folder) in it.getMessage() for it in caplog.records)
    assert releases.load(folder).path == folder


def test_data_that_break_a_rule_end_with_1_and_say_where(rallynov, shipped):
    shipped.forget_a_name()
    ran = rallynov("build", "--out", "out")
    assert ran.status == 1
    assert "data/carnets/1/stages.trig, line 8" in ran.err
    assert "A stage has a name." in ran.err
    assert ran.out == ""
    french = rallynov("validate", "--lang", "fr").out
    ran = rallynov("build", "--out", "out", "--lang", "fr")
    assert ran.status == 1
    assert "Une étape a un nom." in ran.err
    assert ran.err.endswith("Rien n’a été publié.\n") and french.strip() in ran.err
    assert not Path("out").exists()


def test_who_asks_for_it_gets_data_that_nobody_checked_and_is_told(rallynov, shipped):
    shipped.forget_a_name()
    ran = rallynov("build", "--unchecked")
    assert ran.status == 0
    assert "they were not checked against the rules" in ran.out
    assert not releases.load(Path(ran.out.splitlines()[-1])).manifest.checked


def test_a_broken_source_ends_with_2_and_one_sentence(rallynov, shipped):
    shipped.stages.write_text("@prefix : <https://example.org/> .\n:a :b", "utf-8")
    ran = rallynov("build")
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "stages.trig, line 2" in ran.err


def test_the_shipped_data_are_validated_without_a_file(rallynov, shipped):
    ran = rallynov("validate")
    assert ran.status == 0
    assert ran.out == "The data conform: 0 violations, 0 warnings, 0 infos.\n"
    text = shipped.stages.read_text("utf-8")
    shipped.stages.write_text(text.replace("schema:areaServed :here", "schema:about :x"), "utf-8")
    ran = rallynov("validate")
    assert (ran.status, ran.out.count("Warning: ")) == (0, 2)
    assert "An event has a place." in ran.out
    shipped.forget_a_name()
    ran = rallynov("validate")
    assert ran.status == 1
    assert "data/carnets/1/stages.trig, line 8: <https://example.org/two>" in ran.out
    assert "rule: rns:StageShape-label" in ran.out


def test_files_of_the_user_are_held_to_shapes_of_the_user(rallynov):
    Path("shapes.ttl").write_text(SHAPES, "utf-8")
    Path("things.ttl").write_text(THINGS, "utf-8")
    asked = ("validate", "--shapes", "shapes.ttl", "things.ttl")
    ran = rallynov(*asked)
    assert ran.status == 1
    found = "Violation: things.ttl, line 3: <https://example.org/b>\n    A size.\n"
    assert ran.out.startswith(found)
    ran = rallynov(*asked, "--format", "json")
    report = json.loads(ran.out)
    assert (ran.status, report["conforms"]) == (1, False)
    (result,) = report["results"]
    assert (result["file"], result["line"]) == ("things.ttl", 3)
    assert result["messages"] == {"en": "A size.", "fr": "Une taille."}
    ran = rallynov(*asked, "--format", "turtle")
    assert ran.status == 1
    statements = [*parse(ran.out, format=RdfFormat.TURTLE)]
    focus = [s.object.value for s in statements if s.predicate.value.endswith("#focusNode")]
    assert focus == ["https://example.org/b"]
    warned = "sh:property [ sh:path :size ; sh:minCount 1 ; sh:severity sh:Warning ] .\n"
    Path("shapes.ttl").write_text(f"{SHAPES}:Warned sh:targetClass :Thing ; {warned}", "utf-8")
    assert "1 violation, 1 warning, 0 infos" in rallynov(*asked).out


def test_files_of_the_user_are_held_to_the_shipped_shapes(rallynov, shipped):
    Path("mine.ttl").write_text(
        "<https://example.org/x> a <https://w3id.org/rallynov/ontology#Stage> .", "utf-8"
    )
    ran = rallynov("validate", "mine.ttl")
    assert ran.status == 1
    assert "mine.ttl, line 1" in ran.out
    assert "What is said of this thing stands in no graph: nothing tells how" in ran.out
    assert "∅" not in ran.out + rallynov("validate", "--lang", "fr", "mine.ttl").out


UNUSABLE = [
    ("sh:in e:small", 4, "sh:in <https://example.org/small> is not as SHACL wants it"),
    ('sh:pattern "("', 4, "not a regular expression"),
    ('sh:sparql [ sh:select "SELEKT" ]', 4, "its SPARQL is not valid"),
]


def test_shapes_of_the_user_that_cannot_be_used_are_named_with_file_and_line(rallynov):
    for wrong, line, told in UNUSABLE:
        Path("shapes.ttl").write_text(
            "@prefix e: <https://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
            "e:S sh:targetClass e:Thing ; sh:property e:P .\n"
            f"e:P sh:path e:size ; {wrong} .\n",
            "utf-8",
        )
        Path("things.ttl").write_text(THINGS, "utf-8")
        ran = rallynov("validate", "--shapes", "shapes.ttl", "things.ttl")
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        at = f"rallynov: shapes.ttl, line {line}: the shape https://example.org/P cannot be used: "
        assert ran.err.startswith(at)
        assert told in ran.err


def test_what_a_changed_file_brings_is_told_and_what_it_heals(rallynov, shipped):
    text = shipped.stages.read_text("utf-8")
    shipped.forget_a_name()
    Path("draft.trig").write_text(text, "utf-8")
    ran = rallynov("validate", "--changed", "--lang", "fr", "draft.trig")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Le changement cause : 0.")
    assert "rns:StageShape-label" in ran.out.partition("corrige")[2]
    worse = shipped.stages.read_text("utf-8").replace(":meant {", ":mean {")
    Path("worse.trig").write_text(worse, "utf-8")
    shipped.stages.write_text(text, "utf-8")
    ran = rallynov("validate", "--changed", "--format", "json", "worse.trig")
    assert ran.status == 1
    told = json.loads(ran.out)
    assert {f["shape"].rpartition("#")[2] for f in told["brought"]} >= {"StageShape-label"}
    assert (told["brought"][0]["file"], told["healed"]) == ("worse.trig", [])
    assert any("Did you mean https://example.org/meant" in str(f) for f in told["brought"])


X2 = [(), ("--shapes", "s.ttl", "a.ttl"), ("--format", "turtle", "a.trig")]


def test_what_changed_files_cannot_be_asked_is_said(rallynov):
    Path("nowhere.ttl").write_text(THINGS, "utf-8")
    ran = rallynov("validate", "--changed", "nowhere.ttl")
    assert ran.status == 2
    assert "is in no graph, so nobody says it" in ran.err
    for arguments in X2:
        ran = rallynov("validate", "--changed", *arguments)
        assert ran.status == 2
        assert "--changed is about FILES beside the shipped data" in ran.err


def test_a_data_folder_is_told_whole_and_a_file_of_it_alone(rallynov, shipped):
    shutil.copytree(shipped.data, "mine/data")
    stages, other = Path("mine/data/carnets/1/stages.trig"), Path("mine/data/other.trig")
    other.write_text(
        "@prefix rn: <https://w3id.org/rallynov/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix : <https://example.org/> .\n"
        ':g { :g a rn:CurationGraph ; rdfs:label "g"@fr . :c a rn:Stage . }',
        "utf-8",
    )
    whole = {
        rallynov("validate", "--format", "json", folder).out for folder in ("mine", "mine/data")
    }
    (told,) = (json.loads(out)["results"] for out in whole)
    assert {"data/other.trig"} == {finding["file"] for finding in told}
    alone = rallynov("validate", "--lang", "fr", stages)
    assert (alone.status, alone.out) == (
        0,
        "Les données sont conformes : 0 infraction, 0 avertissement, 0 remarque.\n",
    )
    assert alone.err == (
        "Il y a des infractions ailleurs dans les données : rallynov validate DOSSIER les liste.\n"
    )
    assert rallynov("validate", other).status == 1


WRONG = [
    (("--source", "t.txt", "--shapes", "s.ttl", "a.ttl"), "--source is about our data"),
    (("--source", "t.txt", "--changed", "a.ttl"), "--source is about our data"),
    (("--source", "none.txt"), "none.txt: it cannot be read"),
    (("--source", "t.txt"), "no text of the data has that"),
    (("folder",), "it is a folder"),
]


def test_a_text_or_a_folder_that_is_none_is_said_in_one_sentence(rallynov, shipped):
    Path("t.txt").write_text("Un texte que personne ne connaît.", "utf-8")
    Path("folder").mkdir()
    for arguments, told in WRONG:
        ran = rallynov("validate", *arguments)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert told in ran.err


CONSTRAINTS = """\
minCount 3 ; maxCount 0 ; datatype xsd:date ; nodeKind sh:IRI ; class :K ; minInclusive 10 ;
minExclusive 10 ; maxInclusive 1 ; maxExclusive 1 ; minLength 9 ; maxLength 0 ; pattern "z" ;
languageIn ("fr") ; hasValue 7 ; in ( 8 ) ; equals :c ; disjoint :b ; lessThan :c ;
lessThanOrEquals :c ; node :N ; not :O ; and ( :N ) ; or ( :N ) ; xone ( :N )"""


def test_shapes_without_messages_are_told_of_in_both_languages(rallynov):
    data, constraints = ":a a :T ; :b 5 ; :c 4 .\n:d a :T .\n", CONSTRAINTS.split(" ;")
    shapes = ":N a sh:NodeShape ; sh:nodeKind sh:BlankNode .\n"
    shapes += ":O a sh:NodeShape ; sh:nodeKind sh:Literal .\n"
    for number, constraint in enumerate(constraints):
        data += f':a :p{number} 5 .\n:d :p{number} "y" .\n'
        shapes += f":S{number} a sh:NodeShape ; sh:targetClass :T ; sh:property :P{number} .\n"
        shapes += f":P{number} sh:path :p{number} ; sh:{constraint.strip()} .\n"
    Path("data.ttl").write_text(PREFIXES + data, "utf-8")
    Path("shapes.ttl").write_text(PREFIXES + shapes, "utf-8")
    french, english = (
        rallynov("validate", "--lang", lang, "--shapes", "shapes.ttl", "data.ttl").out
        for lang in ("fr", "en")
    )
    assert {int(it) for it in re.findall(r"/P(\d+)\n", english)} == {*range(len(constraints))}
    told = {line for line in english.splitlines() if re.match("    [A-Z]", line)}
    assert told.isdisjoint(french.splitlines())


PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
"""

"""Where a thing is described, and each statement about it: file and line."""

import gzip

from pyoxigraph import NamedNode, parse

from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.locations import locate, statement_lines
from rallynov_graph.rdf.sources import files_under

EXAMPLE = "https://example.org/"
TRIG = """\
@prefix : <https://example.org/> .
PREFIX e: <https://example.org/>
:said {
    # :commented :p :o .
    :one :p "a . :quoted :p :o" ; :q [ :r :inner ], ( :listed ) .
    e:t\\,wo :p 1.5 . :three :p :o.
}
GRAPH :meant {
    [ :p :o ] :q :r .
    <https://example.org/four> :p \"\"\"long
. :no :p "text" \"\"\" .
}
:said { :said :p :o . }
"""


def lines(path, *names):
    found = locate([path], [EXAMPLE + name for name in names])
    return {iri.removeprefix(EXAMPLE): place.line for iri, place in found.items()}


def test_a_subject_is_found_on_its_line_and_a_graph_where_it_is_described(tmp_path):
    path = tmp_path / "a.trig"
    path.write_text(TRIG, "utf-8")
    found = {"one": 5, "t,wo": 6, "three": 6, "four": 10, "said": 13}
    nowhere = ("commented", "quoted", "inner", "listed", "no", "o", "meant")
    assert lines(path, *found, *nowhere) == found


def test_a_relative_iri_is_found(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text(f"@base <{EXAMPLE}x/> .\n\n<y> a <z> .", "utf-8")
    assert lines(path, "x/y") == {"x/y": 3}


def test_a_subject_is_found_in_rdf_xml(tmp_path):
    path = tmp_path / "a.rdf"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
        f' xml:base="{EXAMPLE}doc">\n'
        '<rdf:Description rdf:ID="one"/>\n'
        f'<rdf:Description\n rdf:about="{EXAMPLE}two"/></rdf:RDF>',
        "utf-8",
    )
    assert lines(path, "doc#one", "two") == {"doc#one": 3, "two": 4}


def test_a_subject_is_found_in_n_quads_and_json_ld(tmp_path):
    (tmp_path / "a.nq").write_text(f"# c\n<{EXAMPLE}one> <{EXAMPLE}p> <{EXAMPLE}o> .\n", "utf-8")
    (tmp_path / "a.jsonld").write_text(f'[{{}},\n{{"@id": "{EXAMPLE}one"}}]', "utf-8")
    for name in ("a.nq", "a.jsonld"):
        assert lines(tmp_path / name, "one", "o") == {"one": 2}


def test_every_subject_of_the_shipped_files_is_found():
    ontology = [it for it in files_under(ontology_dir()) if formats.by_path(it) is formats.TURTLE]
    for path in (*files_under(data_dir()), *ontology):
        subjects = {q.subject.value for q in parse(path=path) if isinstance(q.subject, NamedNode)}
        assert {*locate([path], subjects)} == subjects, path


STATEMENTS = '''\
@prefix : <https://example.org/> .
PREFIX e: <https://example.org/>
:said {
    :one a :Thing ;  # ; . ,
        :label "un"@fr,
            "o\\"ne"@EN ;
        :size 1.5 ; :part [ :label "inner" ;
            :part ( :x :y ) ] ;
        :age "7"^^<https://example.org/years>,
            "8"^^:years .
    :two :label """long
. :one :label "not this" """ . e:one :last :two
}
[ :label "nobody" ] :of :one .
GRAPH :meant { :one :label 'two' }
'''


def found(path, *names):
    lines = statement_lines([path], {EXAMPLE + name for name in names})
    return [
        (
            line.line,
            line.graph.removeprefix(EXAMPLE),
            line.predicate.rpartition("/")[2],
            line.value[0],
        )
        for name in names
        for line in lines.get(EXAMPLE + name, ())
    ]


def test_each_statement_about_a_thing_is_found_on_the_line_of_its_object(tmp_path):
    for suffix in ("", ".gz"):
        path = tmp_path / f"a.trig{suffix}"
        path.write_bytes(gzip.compress(STATEMENTS.encode()) if suffix else STATEMENTS.encode())
        assert found(path, "one") == [
            (4, "said", "22-rdf-syntax-ns#type", f"{EXAMPLE}Thing"),
            (5, "said", "label", "un"),
            (6, "said", "label", 'o"ne'),
            (7, "said", "size", "1.5"),
            (9, "said", "age", "7"),
            (10, "said", "age", "8"),
            (12, "said", "last", f"{EXAMPLE}two"),
            (15, "meant", "label", "two"),
        ]
        assert found(path, "two", "nobody") == [(11, "said", "label", STATEMENTS.split('"""')[1])]


def test_two_languages_of_one_word_are_told_apart(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text(f'<{EXAMPLE}a> <{EXAMPLE}p> "menu"@FR ,\n "menu"@en , "menu" .', "utf-8")
    (lines,) = statement_lines([path], {f"{EXAMPLE}a"}).values()
    assert [(line.line, line.value[1]) for line in lines] == [(1, "fr"), (2, "en"), (2, "")]


def test_a_line_of_n_quads_is_a_statement(tmp_path):
    path = tmp_path / "a.nq"
    path.write_text(
        f'<{EXAMPLE}b> <{EXAMPLE}p> "x" .\n<{EXAMPLE}a> <{EXAMPLE}p> "é\\n"@fr <{EXAMPLE}g> .\n',
        "utf-8",
    )
    assert found(path, "a") == [(2, "g", "p", "é\n")]

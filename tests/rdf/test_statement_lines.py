"""On which line a statement stands."""

import gzip

from rallynov_graph.rdf.locations import statement_lines

E = "https://example.org/"
TRIG = '''\
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
    lines = statement_lines([path], {E + name for name in names})
    return [
        (line.line, line.graph.removeprefix(E), line.predicate.rpartition("/")[2], line.value[0])
        for name in names
        for line in lines.get(E + name, ())
    ]


def test_each_statement_about_a_thing_is_found_on_the_line_of_its_object(tmp_path):
    for suffix in ("", ".gz"):
        path = tmp_path / f"a.trig{suffix}"
        path.write_bytes(gzip.compress(TRIG.encode()) if suffix else TRIG.encode())
        assert found(path, "one") == [
            (4, "said", "22-rdf-syntax-ns#type", f"{E}Thing"),
            (5, "said", "label", "un"),
            (6, "said", "label", 'o"ne'),
            (7, "said", "size", "1.5"),
            (9, "said", "age", "7"),
            (10, "said", "age", "8"),
            (12, "said", "last", f"{E}two"),
            (15, "meant", "label", "two"),
        ]
        assert found(path, "two", "nobody") == [(11, "said", "label", TRIG.split('"""')[1])]


def test_two_languages_of_one_word_are_told_apart(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_text(f'<{E}a> <{E}p> "menu"@FR ,\n "menu"@en , "menu" .', "utf-8")
    (lines,) = statement_lines([path], {f"{E}a"}).values()
    assert [(line.line, line.value[1]) for line in lines] == [(1, "fr"), (2, "en"), (2, "")]


def test_a_line_of_n_quads_is_a_statement(tmp_path):
    path = tmp_path / "a.nq"
    path.write_text(f'<{E}b> <{E}p> "x" .\n<{E}a> <{E}p> "é\\n"@fr <{E}g> .\n', "utf-8")
    assert found(path, "a") == [(2, "g", "p", "é\n")]

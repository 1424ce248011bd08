"""What a rule may say, and how it is read."""

import pytest
from pyoxigraph import NamedNode, Triple

from made_up_rules import HEADER
from rallynov_graph.base.errors import RuleError
from rallynov_graph.rules import rulebook

A, B, C = (NamedNode(f"https://example.org/{name}") for name in "abc")


def rule(query: str, name: str = "a_rule") -> rulebook.Rule:
    return rulebook.parse(name, HEADER + query)


def test_a_rule_is_its_head_and_the_patterns_of_its_body() -> None:
    read = rule(
        "PREFIX : <https://example.org/>\n"
        "CONSTRUCT { ?x :p ?y } WHERE { ?x a :C ; :q ?z, :b . FILTER (?x != ?z) ?z <x:r> ?y }"
    )
    assert str(read.head.predicate) == "<https://example.org/p>"
    predicates = [str(pattern.predicate).rpartition("#")[2] for pattern in read.body]
    assert predicates == ["type>", *["<https://example.org/q>"] * 2, "<x:r>"]
    assert read.slug == "a-rule"
    assert read.needs == {str(it.predicate)[1:-1] for it in read.body}
    assert rule("CONSTRUCT { ?x <x:p> ?y } WHERE { ?x ?any ?y }").needs is None
    assert read.labels == {"fr": "a", "en": "b"}


def test_the_explaining_query_is_the_body_with_its_head_bound() -> None:
    read = rule("CONSTRUCT { ?x <x:p> <x:o> } WHERE { ?x <x:q> ?y . FILTER (?y != ?x) }")
    fits = Triple(A, NamedNode("x:p"), NamedNode("x:o"))
    other = Triple(B, NamedNode("x:p"), C)
    query = read.explaining([fits, other])
    assert f"VALUES (?x) {{ ({A}) }}" in query
    assert "FILTER (?y != ?x)" in query
    made = rule('CONSTRUCT { ?x <x:p> ?z } WHERE { ?x <x:q> ?y BIND (IRI("x:z") AS ?z) }')
    assert "VALUES (?x)" in made.explaining([Triple(A, NamedNode("x:p"), B)])


NOT_A_RULE = [
    ("SELECT * { ?s ?p ?o }", "CONSTRUCT is expected"),
    ("CONSTRUCT { ?x <x:p> ?y . ?y <x:p> ?x } WHERE { ?x <x:q> ?y }", "one triple"),
    ("CONSTRUCT { ?x ?p ?y } WHERE { ?x ?p ?y }", "names the property"),
    ("CONSTRUCT { ?x <x:p> ?z } WHERE { ?x <x:q> ?y }", r"never binds \?z"),
    ("CONSTRUCT { ?x <x:p> _:new } WHERE { ?x <x:q> ?y }", "no blank node"),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { GRAPH ?g { ?x <x:q> ?y } }", "GRAPH stands"),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { OPTIONAL { ?x <x:q> ?y } }", "OPTIONAL stands"),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q>/<x:r> ?y }", "/ stands"),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q> ?y MINUS { ?x a ?y } }", "MINUS stands"),
    (
        "CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q> ?y FILTER NOT EXISTS { ?y a ?x } }",
        "EXISTS",
    ),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q> ?y FILTER (?x", "ends too early"),
    ("CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q> ?y } LIMIT 5", "after its body stands LIMIT"),
    ("CONSTRUCT { <x:a> <x:p> <x:b> } WHERE { }", "no triple to conclude from"),
    ("CONSTRUCT { ?x no:such ?y } WHERE { ?x <x:q> ?y }", "no:such stands"),
]


def test_what_a_rule_may_not_say() -> None:
    for query, told in NOT_A_RULE:
        with pytest.raises(RuleError, match=told) as error:
            rule(query)
        assert "The rule a_rule cannot be used" in str(error.value)
    query = "CONSTRUCT { ?x <x:p> ?y } WHERE { ?x <x:q> ?y }"
    with pytest.raises(RuleError, match="about_en"):
        rulebook.parse("r", HEADER.replace("#+ about_en: d\n", "") + query)
    with pytest.raises(RuleError, match="small letters"):
        rule(query, "A-Rule")

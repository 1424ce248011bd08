"""The fixed point of the rules: certainty, order, end."""

import random
import subprocess
import sys

import pytest
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse

from made_up_rules import EXAMPLE, HEADER, PROLOGUE, rule
from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.resources import data_dir, ontology_dir
from rallynov_graph.release import building
from rallynov_graph.release.release import Release
from rallynov_graph.rules import inference, provenance, rulebook
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.standing.settling import settled

SETS = """
:d { :s a rn:AssertionSet ; rn:certainty rn:explicit . :d a rn:CurationGraph .
     :i a rn:AssertionSet ; rn:certainty rn:inferred . :t a rn:AssertionSet ;
     rn:certainty rn:tentative . :u a rn:AssertionSet . :o a rn:OutsideGraph . }
"""


STEP = rule("step", "?x :far ?y", "?x :near ?y")
FURTHER = rule("further", "?x :far ?z", "?x :near ?y . ?y :far ?z")
BACK = rule("back", "?y :far ?x", "?x :far ?y")
ENDLESS = rule("endless", "?y :next ?z", '?x :next ?y . BIND (IRI(CONCAT(STR(?y), "x")) AS ?z)')
DOUBLING = rule(
    "doubling",
    "?x :next ?z",
    "?x :next ?y . ?a :next ?b . BIND (IRI(CONCAT(STR(?y), STR(?b))) AS ?z)",
)


def derived(text: str, *rules: rulebook.Rule) -> dict[str, set[str]]:
    """What is concluded by graph, both in short."""
    asserted = Dataset(
        parse(f"{PROLOGUE}@prefix : <{EXAMPLE}> .{SETS}{text}", format=RdfFormat.TRIG)
    )
    found: dict[str, set[str]] = {}
    for quad in inference.derive(asserted, rules):
        if quad.graph_name != provenance.OF_RULES:
            graph = str(quad.graph_name)[1:-1].removeprefix(f"{ID}inference/")
            terms = (quad.subject, quad.predicate, quad.object)
            short = " ".join(str(term)[1:-1].removeprefix(EXAMPLE) for term in terms)
            found.setdefault(graph, set()).add(short)
    return found


CONCLUDED: list[tuple[str, tuple[rulebook.Rule, ...], dict[str, set[str]]]] = [
    (  # as sure as the weakest premise
        ":s { :a :near :b } :i { :b :near :c } :t { :c :near :e }",
        (STEP, FURTHER),
        {
            "step-explicit": {"a far b"},
            "step-inferred": {"b far c"},
            "step-tentative": {"c far e"},
            "further-inferred": {"a far c"},
            "further-tentative": {"b far e", "a far e"},
        },
    ),
    (  # curation and outside facts weaken nothing
        ":d { :a :near :b } :o { :b :near :c }",
        (STEP, FURTHER),
        {"step-explicit": {"a far b", "b far c"}, "further-explicit": {"a far c"}},
    ),
    # a set that does not say how sure it is counts as the weakest
    (":u { :a :near :b }", (STEP,), {"step-tentative": {"a far b"}}),
    # what is said and inferred is concluded once, as said
    (":s { :a :near :b } :i { :a :near :b }", (STEP,), {"step-explicit": {"a far b"}}),
    # what is asserted as surely is not concluded again
    (":i { :a :near :b . :a :far :b }", (STEP,), {}),
    (":s { :a :far :b } :i { :a :near :b }", (STEP,), {}),
    # what is asserted less surely is concluded
    (":s { :a :near :b } :t { :a :far :b }", (STEP,), {"step-explicit": {"a far b"}}),
    (  # what two rules conclude is in a graph of each
        ":s { :a :near :b . :b :near :c } :i { :a :near :c }",
        (STEP, FURTHER),
        {
            "step-explicit": {"a far b", "b far c"},
            "further-explicit": {"a far c"},
            "step-inferred": {"a far c"},
        },
    ),
    (  # a rule that names no property looks at all of them
        ":d { :near :means :like } :s { :a :near :b . :a :next :c }",
        (rule("like", "?x :like ?y", "?x ?any ?y . ?any :means :like"),),
        {"like-explicit": {"a like b"}},
    ),
    (  # rules look at one property with one value or with any
        ":s { :a :kind :second ; :next :b . :c :kind :first ; :next :d }",
        (
            rule("one", "?x :is :one", "?x :kind :first"),
            rule("any", "?x :is ?kind", "?x :kind ?kind ; :next :b"),
        ),
        {"one-explicit": {"c is one"}, "any-explicit": {"a is second"}},
    ),
]


def test_a_conclusion_is_as_sure_as_its_premises_and_is_drawn_once() -> None:
    for text, rules, concluded in CONCLUDED:
        assert derived(text, *rules) == concluded
    assert [*inference.derive(Dataset(), rulebook.load())] == []


def test_rules_go_on_until_there_is_nothing_new() -> None:
    chain = " . ".join(f":n{i} :near :n{i + 1}" for i in range(30))
    found = derived(f":s {{ {chain} }}", STEP, FURTHER, BACK)
    each_to_each_other, to_itself_over_the_next = 31 * 30, 30
    assert len(set().union(*found.values())) == each_to_each_other + to_itself_over_the_next


def test_the_order_of_rules_and_facts_does_not_matter() -> None:
    near = ((1, 2, "s"), (2, 3, "i"), (3, 1, "t"), (1, 3, "i"), (3, 4, "s"))
    facts = [f":{graph} {{ :n{i} :near :n{j} }}" for i, j, graph in near]
    rules = [STEP, FURTHER, BACK]
    first = derived(" ".join(facts), *rules)
    shuffled = random.Random(7)
    for _ in range(5):
        shuffled.shuffle(facts)
        shuffled.shuffle(rules)
        assert derived(" ".join(facts), *rules) == first


def test_a_rule_that_never_ends_or_is_refused_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = rule("bad", "?x :far ?y", "?x :near ?y . FILTER (?x NOT)")
    with pytest.raises(RuleError, match="rule bad"):
        derived(":s { :a :near :b }", bad)
    monkeypatch.setattr(inference, "PASSES", 100)
    with pytest.raises(RuleError, match=r"rule endless .* after 100 passes") as error:
        derived(":s { :a :next :b }", STEP, ENDLESS)
    assert error.value.rule == "endless"
    monkeypatch.setattr(inference, "MOST", 1_000)
    with pytest.raises(RuleError, match=r"rule doubling .* more than 1"):
        derived(":s { :a :next :b, :c }", DOUBLING)


BUSY = """
from pyoxigraph import Quad, NamedNode
from rallynov_graph.base.errors import RuleError
from rallynov_graph.rules import inference, rulebook
inference.SECONDS = 0.5
things = [NamedNode(f"urn:{n}") for n in range(300)]
near = NamedNode("urn:near")
join = " . ".join(f"?x{n} <urn:near> ?y{n}" for n in range(6))
rule = rulebook.parse("busy", HEADER + "CONSTRUCT { ?x <urn:far> ?y } WHERE { ?x <urn:near> ?y . "
    + join + " FILTER (STRLEN(CONCAT(STR(?y0), STR(?y1), STR(?y2), STR(?y3))) < 1) }")
try:
    inference.derive([Quad(thing, near, thing) for thing in things], [rule])
except RuleError as error:
    raise SystemExit(str(error))
"""


def test_a_rule_that_the_engine_goes_on_with_is_named() -> None:
    program = BUSY.replace("HEADER", repr(HEADER))
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 1, "the program ends, though the engine goes on"
    assert ran.stderr == "The rule busy cannot be used: it took longer than 0.5 seconds.\n"


def test_each_graph_says_what_it_is_and_to_which_rule_it_is_owed(store: EmbeddedStore) -> None:
    query = f"""
        PREFIX rn: <{RN}> PREFIX prov: <{PREFIXES["prov"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
        SELECT DISTINCT ?g WHERE {{
          GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{ID}inference/"))
          FILTER NOT EXISTS {{
            ?g a rn:Inference ; rn:certainty ?c ; prov:wasAttributedTo ?rule ;
               rdfs:label ?fr, ?en FILTER (LANG(?fr) = "fr" && LANG(?en) = "en")
            ?rule a rn:Rule .
          }}
        }}"""
    assert list(store.select(query)) == []


def test_a_graph_is_called_by_its_rule_and_how_sure_its_facts_are(store: EmbeddedStore) -> None:
    for graph, *endings in (
        ("theme-above-explicit", "calculé de faits sûrs", "derived from sure facts"),
        ("took-part-in-inferred", "dont un au moins est déduit", "one at least is inferred"),
        ("took-part-in-tentative", "dont un au moins est incertain", "one at least is uncertain"),
    ):
        query = f"""SELECT ?graph ?rule WHERE {{
            <{ID}inference/{graph}> <{PREFIXES["rdfs"]}label> ?graph .
            <{ID}rule/{graph.rpartition("-")[0]}> <{PREFIXES["rdfs"]}label> ?rule
            FILTER (LANG(?graph) = LANG(?rule)) }} ORDER BY DESC(LANG(?rule))"""
        called = [tuple(str(t.value) for t in row) for row in store.select(query).rows]  # type: ignore[union-attr]
        for (label, of_rule), words in zip(called, endings, strict=True):
            assert label.startswith(f"{of_rule} — ") and label.endswith(words)


def test_each_triple_of_a_release_is_in_a_graph_of_a_known_kind(store: EmbeddedStore) -> None:
    query = f"""
        PREFIX rn: <{RN}> SELECT DISTINCT ?g WHERE {{
          GRAPH ?g {{ ?s ?p ?o }} FILTER (?g != <{ONTOLOGY}>)
          FILTER NOT EXISTS {{
            VALUES ?kind {{
              rn:AssertionSet rn:CurationGraph rn:OutsideGraph rn:Inference rn:StandingGraph
            }}
            ?g a ?kind
          }}
        }}"""
    assert list(store.select(query)) == []


def kind_of(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value.removeprefix(ID).partition("/")[0]


def test_what_is_concluded_changes_nothing_that_is_asserted(release: Release) -> None:
    asserted = set(settled(building.read(data_dir(), ontology_dir()).data))
    whole = set(parse(path=release.data, format=RdfFormat.N_QUADS))
    assert asserted <= whole
    assert {kind_of(q) for q in whole - asserted} == {"inference", "graph"}

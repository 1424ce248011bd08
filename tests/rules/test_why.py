"""Why a fact holds: every chain, every premise, down to the passages of the carnet."""

from pyoxigraph import Dataset, Literal, NamedNode, RdfFormat, Triple, parse

from made_up_rules import EXAMPLE, PROLOGUE, rule
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.rules import explanation, inference, rulebook
from rallynov_graph.rules.explanation import ExplainedFact
from rallynov_graph.sparql.embedded import EmbeddedStore

TYPE = NamedNode(PREFIXES["rdf"] + "type")


def thing(name: str) -> NamedNode:
    return NamedNode(ID + name)


def rn(name: str) -> NamedNode:
    return NamedNode(RN + name)


def rules(fact: ExplainedFact) -> list[tuple[str, str]]:
    return [(chain.rule.removeprefix(f"{ID}rule/"), chain.certainty) for chain in fact.chains]


def test_each_independent_chain_is_shown_the_surest_first(store: EmbeddedStore) -> None:
    link = Triple(thing("organisation/legeni"), rn("linkedToTheme"), thing("theme/gouvernance"))
    fact = explanation.explain(store, link)
    assert rules(fact) == [
        ("theme-through-testimony", "explicit"),
        ("theme-through-innovation", "inferred"),
    ]
    assert fact.certainty == "explicit"
    assert fact.evidence == ()


def test_a_chain_leads_down_to_passages_voice_and_reason(store: EmbeddedStore) -> None:
    governance = thing("innovation/gouvernance-sans-chef-de-production")
    carrier = Triple(thing("organisation/legeni"), rn("carries"), governance)
    (chain,) = explanation.explain(store, carrier).chains
    (premise,) = chain.premises
    (held,) = premise.evidence
    assert premise.predicate == rn("carriedBy")
    assert (held.kind, held.certainty) == ("assertion set", "inferred")
    assert held.voices == (f"{ID}document/carnet-2",)
    places = [(p.start, p.end) for p in held.passages]
    assert places == [(945, 962), (1176, 1189), (1375, 1467), (1641, 1836)]
    assert {p.document for p in held.passages} == {f"{ID}document/carnet-2"}
    assert set(held.reasons) == {"fr", "en"}


def test_a_conclusion_from_a_conclusion_is_shown_to_the_end(store: EmbeddedStore) -> None:
    mfq, large = thing("organisation/mfq-franche-comte"), thing("theme/innovation-et-performance")
    (chain,) = explanation.explain(store, Triple(mfq, rn("linkedToLargerTheme"), large)).chains
    above = chain.premises[1]
    assert rules(above) == [("theme-further-under", "explicit")]
    assert [rules(premise) for premise in above.chains[0].premises] == [
        [],
        [("theme-under-group", "explicit")],
    ]
    assert chain.certainty == "inferred"


def test_what_is_asserted_has_its_graphs_and_no_chain(store: EmbeddedStore) -> None:
    foaf, schema, skos = (PREFIXES[it] for it in ("foaf", "schema", "skos"))
    besancon, doubs = thing("place/besancon"), thing("place/doubs")
    social, innovation = thing("theme/innovation-sociale"), thing("theme/innovation")
    label = NamedNode(PREFIXES["rdfs"] + "label")
    french = Literal("portée par", language="fr")
    for triple, kind, owed_to in (
        ((thing("person/thierry-beaune"), TYPE, NamedNode(f"{foaf}Person")), "assertion set", None),
        (
            (besancon, NamedNode(f"{schema}containedInPlace"), doubs),
            "outside",
            "https://github.com/etalab/decoupage-administratif",
        ),
        ((social, NamedNode(f"{skos}broader"), innovation), "curation", f"{ID}agent/curateurs"),
        ((rn("carriedBy"), label, french), "ontology", None),
    ):
        fact = explanation.explain(store, Triple(*triple))
        (held,) = fact.evidence
        assert (held.kind, fact.chains) == (kind, ())
        assert owed_to is None or (held.owed_to, fact.certainty) == ((owed_to,), None)
    link = Triple(thing("organisation/legeni"), rn("linkedToTheme"), thing("theme/mutualite"))
    fact = explanation.explain(store, link)
    assert (fact.holds, fact.evidence, fact.chains) == (False, (), ())


def test_each_conclusion_of_the_release_is_explained_as_surely_as_it_is_held(
    store: EmbeddedStore,
) -> None:
    """All of them: a chain that is as sure as the graph says, each premise held somewhere."""
    query = f"""
        SELECT ?s ?p ?o ?c ?rule WHERE {{ GRAPH ?g {{ ?s ?p ?o }} ?g a <{RN}Inference> ;
          <{RN}certainty> ?c ; <{PREFIXES["prov"]}wasAttributedTo> ?rule }}"""
    found = list(store.select(query))
    assert len(found) > 300
    for row in found:
        triple = Triple(row["s"], row["p"], row["o"])
        fact = explanation.explain(store, triple)
        certainty = str(row["c"])[1:-1].removeprefix(RN)
        own = [chain.certainty for chain in fact.chains if f"<{chain.rule}>" == str(row["rule"])]
        assert min(own, key=CERTAINTIES.index) == certainty, triple
        assert all(one.holds for one in fact.all())
        assert all(one.evidence for one in fact.all() if not one.chains)


def made(text: str, *made_by: rulebook.Rule) -> EmbeddedStore:
    """A store of facts and of what rules conclude from them."""
    asserted = Dataset(parse(f"{PROLOGUE}@prefix : <{EXAMPLE}> .\n{text}", format=RdfFormat.TRIG))
    return EmbeddedStore.of_quads([*asserted, *inference.derive(asserted, made_by)]).pages()


def example(subject: str, predicate: str, value: str) -> Triple:
    return Triple(*(NamedNode(EXAMPLE + name) for name in (subject, predicate, value)))


def test_a_chain_that_leads_back_to_its_own_fact_is_no_reason() -> None:
    back = rule("back", "?y :near ?x", "?x :near ?y")
    on = rule("on", "?x :near ?z", "?x :near ?y . ?y :near ?z")
    store = made(":g { :a :near :b . :b :near :c }", back, on)
    fact = explanation.explain(store, example("c", "near", "a"), [back, on])
    assert fact.chains
    for one in fact.all():
        below = [f for chain in one.chains for p in chain.premises for f in p.all()]
        assert all((f.subject, f.object) != (one.subject, one.object) for f in below)
        assert one.holds


def test_two_sets_that_say_the_same_are_both_shown() -> None:
    store = made(
        ":d { :s a rn:AssertionSet ; rn:certainty rn:tentative ."
        " :t a rn:AssertionSet ; rn:certainty rn:explicit }"
        " :s { :a :near :b } :t { :a :near :b }"
    )
    fact = explanation.explain(store, example("a", "near", "b"))
    assert [e.certainty for e in fact.evidence] == ["explicit", "tentative"]
    assert fact.certainty == "explicit"


def test_what_no_graph_or_rule_says_is_said_to_be_so() -> None:
    (held,) = explanation.explain(made(":a :near :b ."), example("a", "near", "b")).evidence
    assert (held.graph, held.kind) == ("", "graph")
    step = rule("step", "?x :far ?y", "?x :near ?y")
    fact = explanation.explain(made(":g { :a :near :b }", step), example("a", "far", "b"))
    (held,) = fact.evidence
    assert (held.kind, held.certainty) == ("inference", "explicit")
    assert held.owed_to == (f"{ID}rule/step",)


def test_a_conclusion_that_bind_made_is_explained() -> None:
    name = rule("name", "?x :called ?z", '?x :near ?y . BIND (IRI(CONCAT(STR(?y), "x")) AS ?z)')
    store = made(":g { :a :near :b, :c }", name)
    (chain,) = explanation.explain(store, example("a", "called", "bx"), [name]).chains
    assert [str(premise.object) for premise in chain.premises] == [f"<{EXAMPLE}b>"]

"""Who concluded a set that is not explicit: said once for a graph of curation, found set by set."""

from pyoxigraph import Dataset, Quad, RdfFormat, parse

from places import TESTS
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rules.provenance import INTERPRETATIONS, interpretations
from rallynov_graph.sparql.embedded import EmbeddedStore

HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
TWO_CURATORS = HEAD + (TESTS / "rules" / "two_curators.trig").read_text("utf-8")


def quads(text: str) -> Dataset:
    return Dataset(parse(text, format=RdfFormat.TRIG))


def in_short(found: list[Quad]) -> set[str]:
    terms = ([q.subject.value, q.predicate.value, q.object.value] for q in found)
    return {
        " ".join(t.removeprefix(ID + "assertion-set/").removeprefix(ID) for t in (s, p, o)).replace(
            PREFIXES["prov"], ""
        )
        for s, p, o in terms
        if s.startswith(ID + "assertion-set")
    }


def test_each_curator_answers_for_the_sets_of_their_own_graph() -> None:
    found = [*interpretations(quads(TWO_CURATORS))]
    assert in_short(found) == {
        "said wasDerivedFrom passage/1",
        "read wasDerivedFrom passage/1",
        "read wasDerivedFrom passage/2",
        "read wasAttributedTo agent/ada",
        "read generatedAtTime 2014-03-02T00:00:00Z",
        "guessed wasDerivedFrom passage/3",
        "guessed wasAttributedTo agent/bo",
        "guessed wasAttributedTo agent/cy",
        "guessed generatedAtTime 2014-04-01T00:00:00Z",
    }
    assert {quad.graph_name for quad in found} == {INTERPRETATIONS}
    assert [*interpretations(quads(f"{HEAD}<graph/a> {{ <graph/a> a rn:CurationGraph }}"))] == []


def test_who_knows_prov_only_asks_who_concluded_what(store: EmbeddedStore) -> None:
    """The set on LIP's dates, as the file of the BGE stage describes it."""
    answer = store.select(
        f"""PREFIX prov: <{PREFIXES["prov"]}>
        SELECT ?who ?when ?from WHERE {{
          <{ID}assertion-set/carnet-2-lip-dates> prov:wasAttributedTo ?who ;
            prov:generatedAtTime ?when ; prov:wasDerivedFrom ?from .
        }}"""
    )
    assert [[term.value.removeprefix(ID) for term in row] for row in answer.rows] == [
        ["agent/curateurs", "2026-11-25T00:00:00Z", "passage/carnet-2-1226-1233"]
    ]


def test_every_set_that_is_not_explicit_and_no_other_has_an_author(store: EmbeddedStore) -> None:
    answer = store.select(
        f"""PREFIX prov: <{PREFIXES["prov"]}> PREFIX rn: <{PREFIXES["rn"]}>
        SELECT ?set WHERE {{
          ?set a rn:AssertionSet ; rn:certainty ?how .
          BIND (EXISTS {{ ?set prov:wasAttributedTo ?who ; prov:generatedAtTime ?at }} AS ?known)
          FILTER (?known = (?how = rn:explicit))
        }}"""
    )
    assert answer.rows == ()
    assert "who_concluded" in load()

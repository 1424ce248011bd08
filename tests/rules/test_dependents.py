"""What hangs on facts: the conclusions that fall when they are taken away, and no others."""

from collections.abc import Collection, Iterable

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.rules import inference, provenance, rulebook
from rallynov_graph.rules import justifications as module
from rallynov_graph.rules.justifications import dependents
from rallynov_graph.sparql.embedded import EmbeddedStore

HERE = "https://example.org/"
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def asserted(release: Release) -> list[Quad]:
    """What the data and the ontology state without a rule."""
    rules = f"{ID}inference/"
    data = (q for q in sources.quads([release.data]) if not q.graph_name.value.startswith(rules))  # type: ignore[union-attr]
    terms = (
        Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
        for q in sources.quads([release.ontology])
    )
    return [*data, *terms]


def concluded(quads: Collection[Quad]) -> set[Triple]:
    """What the rules conclude from quads, without what these state themselves."""
    stated = {quad.triple for quad in quads}
    found = inference.derive(quads, rulebook.load())
    return {q.triple for q in found if q.graph_name != provenance.OF_RULES} - stated


def triple(subject: str, prop: str, value: str) -> Triple:
    return Triple(*(NamedNode(iri) for iri in (subject, prop, value)))


def carried(innovation: str, by: str) -> Triple:
    return triple(f"{ID}innovation/{innovation}", f"{RN}carriedBy", f"{ID}organisation/{by}")


GINSBOURGER = triple(
    f"{ID}testimony/carnet-2-ginsbourger",
    f"{RN}inEvent",
    f"{ID}stage/pole-des-microtechniques",
)


def test_what_falls_is_what_a_build_without_the_facts_does_not_conclude(
    release: Release, store: EmbeddedStore
) -> None:
    every = asserted(release)
    whole = concluded(every)
    passport, bus = (
        carried(it, "indibat") for it in ("passeport-professionnel", "bus-de-formation")
    )
    mamhique = carried("mamhique", "mutualite-francaise-franche-comte")
    for facts in ([mamhique], [passport], [bus, passport], [GINSBOURGER]):
        kept = [quad for quad in every if quad.triple not in facts]
        assert len(kept) < len(every)
        lost = whole - concluded(kept)
        assert lost
        assert dependents(store, facts).falling_without(facts) == lost
    assert dependents(store, []).falling_without([]) == frozenset()


def around(text: str, *facts: tuple[str, str, str]) -> tuple[set[Triple], set[Triple]]:
    """What rests on facts of a tiny graph, and what falls without them."""
    turtle = f"{PROLOGUE}@prefix : <{HERE}> . {text}"
    quads = [
        Quad(*it.triple, NamedNode(f"{HERE}set")) for it in parse(turtle, format=RdfFormat.TURTLE)
    ]
    made: Iterable[Quad] = [*inference.derive(quads, rulebook.load())]
    store = EmbeddedStore.of_quads([*quads, *made]).pages()
    gone = [triple(*fact) for fact in facts]
    found = dependents(store, gone)
    return {*found.resting_on(gone)}, {*found.falling_without(gone)}


def test_what_another_chain_leads_to_does_not_fall() -> None:
    text = """:a a rn:Innovation ; rn:carriedBy :org ; dcterms:subject :trust .
              :b a rn:Innovation ; rn:carriedBy :org ; dcterms:subject :trust, :care ."""
    gone = (f"{HERE}b", f"{RN}carriedBy", f"{HERE}org")
    resting, falling = around(text, gone)
    linked = {triple(f"{HERE}org", f"{RN}linkedToTheme", f"{HERE}{it}") for it in ("trust", "care")}
    assert linked <= resting
    assert linked & falling == {triple(f"{HERE}org", f"{RN}linkedToTheme", f"{HERE}care")}


def test_what_only_rests_on_itself_falls() -> None:
    """Two themes that are related conclude each other; neither stands by that alone."""
    _, falling = around(
        ":a skos:related :b .",
        (f"{HERE}a", f"{PREFIXES['skos']}related", f"{HERE}b"),
    )
    assert falling == {triple(f"{HERE}b", f"{PREFIXES['skos']}related", f"{HERE}a")}


def test_of_too_many_conclusions_none_is_told(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    facts = [carried("mamhique", "mutualite-francaise-franche-comte")]
    found = dependents(store, facts)
    assert not found.whole and not found.falling_without(facts)

"""The catalogue's answers on the shipped data, held against the expected ones."""

import random

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from expected import EXPECTED, SHIPPED, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions import thing_names as names
from rallynov_graph.questions.catalogue import Catalogue, Question, load
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

CATALOGUE: Catalogue = load()


def examples(question: Question) -> dict[str, Term | None]:
    """The things that the expected answer is about, where the question can be asked of all."""
    named = {p.name: names.as_iri(p.example) for p in question.parameters if p.example}
    return {name: thing for name, thing in named.items() if thing is not None}


@pytest.mark.parametrize("question", CATALOGUE.values(), ids=lambda q: q.name)
def test_the_answer_is_what_the_carnet_says(store: EmbeddedStore, question: Question) -> None:
    columns, rows = expected(question.name)
    answer = seen_through(store.select(question.bind(examples(question))), columns)
    assert (sorted((answer - rows).elements()), sorted((rows - answer).elements())) == ([], [])


CERTAIN = [q for q in CATALOGUE.values() if any(p.name == "certainty" for p in q.parameters)]


@pytest.mark.parametrize("least", ["explicit", "inferred"])
@pytest.mark.parametrize("question", CERTAIN, ids=lambda q: q.name)
def test_the_answer_is_as_certain_as_asked(
    store: EmbeddedStore, question: Question, least: str
) -> None:
    columns, rows = as_sure_as(question.name, least)
    bound = question.bind(examples(question) | {"certainty": NamedNode(RN + least)})
    answer = seen_through(store.select(bound), columns)
    assert (sorted((answer - rows).elements()), sorted((rows - answer).elements())) == ([], [])


def test_each_question_has_its_answer_and_each_answer_its_question() -> None:
    names = {p.name.partition(".")[0] for p in (EXPECTED / SHIPPED).iterdir()}
    assert names == set(CATALOGUE)


@pytest.mark.parametrize("question", CATALOGUE.values(), ids=lambda q: q.name)
def test_a_question_is_one_in_both_languages(question: Question) -> None:
    assert set(question.summary) == {"fr", "en"}
    assert set(question.about) in ({"fr", "en"}, set())
    assert all(text.endswith("?") for text in question.summary.values())
    assert question.group
    assert "ORDER BY" in question.text
    assert "SELECT *" not in question.text


SURE = [NamedNode(RN + how) for how in ("explicit", "inferred", "tentative")]


def again(release: Release, other: dict[NamedNode, NamedNode]) -> list[Quad]:
    """The data with each assertion set there twice, the second time as sure as ``other`` says."""
    quads = list(sources.quads([release.data]))
    kind, certainty = NamedNode(PREFIXES["rdf"] + "type"), NamedNode(RN + "certainty")
    sets = {
        q.subject
        for q in quads
        if q.predicate == kind and q.object == NamedNode(RN + "AssertionSet")
    }
    second = {s: NamedNode(f"{s.value}-again") for s in sets}
    more = [
        Quad(
            second.get(q.subject, q.subject),
            q.predicate,
            other[q.object] if q.predicate == certainty else q.object,
            second.get(q.graph_name, q.graph_name),
        )
        for q in quads
        if q.graph_name in sets or q.subject in sets
    ]
    ontology = [
        Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
        for q in sources.quads([release.ontology])
    ]
    return [*quads, *more, *ontology]


@pytest.fixture(scope="session")
def doubled(release: Release) -> EmbeddedStore:
    """The data with each assertion set there twice, as when two passages agree on everything."""
    as_sure = again(release, {how: how for how in SURE})
    return EmbeddedStore.of_quads(as_sure).pages()


COUNTS_SETS = {"coverage", "who_concluded"}
"""Questions about the sets themselves, of which there are then twice as many."""


@pytest.mark.parametrize(
    "question", [q for q in CATALOGUE.values() if q.name not in COUNTS_SETS], ids=lambda q: q.name
)
def test_evidence_said_twice_changes_no_answer(
    store: EmbeddedStore, doubled: EmbeddedStore, question: Question
) -> None:
    assert doubled.select(question.bind()) == store.select(question.bind())


@pytest.fixture(scope="module")
def rearranged(release: Release) -> list[EmbeddedStore]:
    """Every fact said twice, unequally surely, put into stores in three orders."""
    quads = again(release, dict(zip(SURE, [*SURE[1:], SURE[0]], strict=True)))
    mixed = random.Random(2013).sample(quads, len(quads))
    return [EmbeddedStore.of_quads(order).pages() for order in (quads, quads[::-1], mixed)]


@pytest.mark.parametrize("question", CATALOGUE.values(), ids=lambda q: q.name)
def test_the_order_is_total(rearranged: list[EmbeddedStore], question: Question) -> None:
    """Rows that the order cannot tell apart would come as they lie in the store."""
    answer, *others = (store.select(question.bind()).rows for store in rearranged)
    assert len(set(answer)) == len(answer)
    assert all(other == answer for other in others)


def test_each_label_shown_is_in_the_language_asked_for(store: EmbeddedStore) -> None:
    for question in CATALOGUE.values():
        if not any(p.name == "language" for p in question.parameters):
            continue
        answer = store.select(question.bind({"language": Literal("en")}))
        labels = [v for v in answer.variables if v.endswith("_label")]
        shown = {row[v].language for row in answer for v in labels if row[v] is not None}
        assert shown <= {None, "en"}, question.name


@pytest.mark.parametrize(
    ("name", "parameter", "broader", "narrower", "innovation"),
    [
        ("innovations_by_beneficiary", "beneficiary", "entreprises", "enfants", "mamhique"),
        ("innovations_by_means", "means", "passeport", "bus", "bus-de-formation"),
        ("innovations_by_need", "need", "se-deplacer", "former-sur-place", "bus-de-formation"),
        (
            *("innovations_by_setting", "setting", "entreprise", "ehpad"),
            "la-vie-a-pleine-dents-longtemps",
        ),
    ],
)
def test_a_narrower_concept_is_one_of_those_chosen(
    release: Release, name: str, parameter: str, broader: str, narrower: str, innovation: str
) -> None:
    above, below, above_all = (
        NamedNode(f"{ID}{parameter}/{slug}") for slug in (broader, narrower, "all")
    )
    is_below, label = NamedNode(PREFIXES["skos"] + "broader"), NamedNode(PREFIXES["rdfs"] + "label")
    ours = NamedNode(f"{ID}graph/test")
    concept = NamedNode(PREFIXES["skos"] + "Concept")
    more = [
        Quad(below, is_below, above, ours),
        Quad(above, is_below, above_all, ours),
        Quad(above_all, NamedNode(PREFIXES["rdf"] + "type"), concept, ours),
        Quad(above_all, label, Literal("tout", language="fr"), ours),
    ]
    terms = [
        Quad(q.subject, q.predicate, q.object, NamedNode(ONTOLOGY))
        for q in sources.quads([release.ontology])
    ]
    store = EmbeddedStore.of_quads([*sources.quads([release.data]), *terms, *more]).pages()
    for chosen in (above, above_all):
        rows = store.select(CATALOGUE[name].bind({parameter: chosen}))
        found = {(row["narrower"], row["innovation"]) for row in rows}
        assert (below, NamedNode(f"{ID}innovation/{innovation}")) in found
        assert all(row[parameter] == chosen for row in rows)

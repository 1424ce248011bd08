"""Each question of the catalogue, asked of the shipped data.

Its answer is what the carnet says, at each certainty. The other subtests hold of every question,
whatever the answer: `pytest tests/questions/test_catalogue.py -k NAME` asks them of one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cached_property

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Dataset

import rdflib_engine
from expected import EXPECTED, RANKS, SHIPPED, Rows, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import Catalogue, Question, load
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical_answer import sha256
from rallynov_graph.release.release import Release
from rallynov_graph.release.store_location import StoreKind, of_release
from rallynov_graph.sparql.embedded import EmbeddedStore

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

CATALOGUE: Catalogue = load()
CERTAINTIES = ("explicit", "inferred", "tentative")
SURE = [NamedNode(RN + name) for name in CERTAINTIES]
RANK = {RN + name.removeprefix("rn:"): rank for name, rank in RANKS.items()}

COUNTS_SETS = {"coverage", "who_concluded"}
"""Questions about the sets themselves, of which there are more when evidence is said twice."""
BY_CERTAINTY = "facts_by_certainty"
"""It counts the facts of each certainty: its rows have one, and are not as sure as it."""
COUNTS = {
    # They count, too, what is less sure than the row: the counts go with the certainty asked for.
    "testimonies_and_words": {"segments"},
    "lists_of_words": {"elsewhere"},
    "organisations_and_larger_themes": {"themes"},
    "printed_themes": {"occurrences"},
}
OF_SETS = {
    # Their rows are sets or conclusions with their certainties, not what is said with them.
    *("open_questions", "what_depends_on_question", "what_rules_conclude"),
    *("what_was_said_before", "who_concluded"),
    # What is first and last is so among all that is admitted: it is another with less.
    "first_and_last_mention",
}


class Stores:
    """The shipped data, told in other ways or answered by another engine; each made once."""

    def __init__(self, release: Release, store: EmbeddedStore) -> None:
        self.release, self.store = release, store

    @cached_property
    def quads(self) -> list[Quad]:
        return list(sources.quads([self.release.data]))

    def of(self, quads: list[Quad]) -> EmbeddedStore:
        """A store of quads beside the ontology."""
        graph = NamedNode(ONTOLOGY)
        terms = sources.quads([self.release.ontology])
        ours = [Quad(q.subject, q.predicate, q.object, graph) for q in terms]
        return EmbeddedStore.of_quads([*quads, *ours]).pages()

    @cached_property
    def sets(self) -> set[object]:
        return {q.subject for q in self.quads if q.object == NamedNode(f"{RN}AssertionSet")}

    def again(self, other: Mapping[NamedNode, NamedNode]) -> list[Quad]:
        """The data with each assertion set there twice, the second time as sure as told."""
        second = {it: NamedNode(f"{it.value}-again") for it in self.sets}  # type: ignore[attr-defined]
        return self.quads + [
            Quad(
                second.get(q.subject, q.subject),
                q.predicate,
                other[q.object] if q.predicate.value == f"{RN}certainty" else q.object,  # type: ignore[index]
                second.get(q.graph_name, q.graph_name),
            )
            for q in self.quads
            if q.graph_name in self.sets or q.subject in self.sets
        ]

    @cached_property
    def doubled(self) -> EmbeddedStore:
        """Each assertion set is there twice, as when two passages agree on everything."""
        return self.of(self.again({how: how for how in SURE}))

    @cached_property
    def rearranged(self) -> list[EmbeddedStore]:
        """Every fact said twice, unequally surely, put into stores in three orders."""
        quads = self.again(dict(zip(SURE, [*SURE[1:], SURE[0]], strict=True)))
        mixed = random.Random(2013).sample(quads, len(quads))
        return [self.of(order) for order in (quads, quads[::-1], mixed)]

    @cached_property
    def by_chance(self) -> list[dict[str, EmbeddedStore]]:
        """The data, and with each set as sure as chance has it: all, and what is sure enough."""
        return [
            {least: self._as_sure_as(quads, least) for least in CERTAINTIES}
            for quads in (
                self.quads,
                self._shuffled(2),
                self._shuffled(3),
                self.again(dict(zip(SURE, [*SURE[1:], SURE[0]], strict=True))),
            )
        ]

    def _shuffled(self, seed: int) -> list[Quad]:
        chance = random.Random(seed)
        return [
            Quad(q.subject, q.predicate, chance.choice(SURE), q.graph_name)
            if q.subject in self.sets and q.predicate.value == f"{RN}certainty"
            else q
            for q in self.quads
        ]

    def _as_sure_as(self, quads: list[Quad], least: str) -> EmbeddedStore:
        weak = {
            q.subject
            for q in quads
            if q.predicate.value == f"{RN}certainty" and rank(q.object) > RANKS[f"rn:{least}"]
        }
        return self.of([q for q in quads if q.graph_name not in weak])

    @cached_property
    def on_disk(self) -> EmbeddedStore:
        return of_release(self.release, StoreKind.DISK)

    @cached_property
    def rdflib(self) -> Dataset:
        return rdflib_engine.read(self.release)


@pytest.fixture(scope="module")
def stores(release: Release, store: EmbeddedStore) -> Iterator[Stores]:
    with rdflib_engine.quicker():
        yield Stores(release, store)


def rank(term: object) -> int:
    return RANK.get(getattr(term, "value", ""), 0)


def examples(question: Question) -> dict[str, Term | None]:
    """The things that the expected answer is about, where the question can be asked of all."""
    named = {p.name: thing_names.as_iri(p.example) for p in question.parameters if p.example}
    return {name: thing for name, thing in named.items() if thing is not None}


def compare(store: EmbeddedStore, query: str, answer: tuple[list[str], Rows]) -> None:
    """Hold an answer against the expected one: which rows are too many, which are missing."""
    columns, rows = answer
    found = seen_through(store.select(query), columns)
    assert (sorted((found - rows).elements()), sorted((rows - found).elements())) == ([], [])


def cells(row: tuple[object, ...], counts: list[int]) -> tuple[object, ...]:
    return tuple(None if place in counts else cell for place, cell in enumerate(row))


def surer_than_they_say(
    question: Question, stores: dict[str, EmbeddedStore], least: str
) -> list[str]:
    """Return the rows that are marked as sure as something, and go when what is less sure does."""
    query = question.bind({p.name: None for p in question.parameters if p.is_open})
    full, stays = stores["tentative"].select(query), stores[least].select(query)
    how = full.variables.index("how")
    counts = [full.variables.index(name) for name in COUNTS.get(question.name, ())]
    marked = [row for row in full.rows if rank(row[how]) <= RANKS[f"rn:{least}"]]
    return sorted(map(str, {cells(row, counts) for row in marked} - {
        cells(row, counts) for row in stays.rows
    }))  # fmt: skip


def less_sure_than_they_are(
    question: Question, stores: dict[str, EmbeddedStore], least: str
) -> list[str]:
    """Return the rows that are there twice, or that a surer path gives than they are marked by.

    A row with an empty cell says less than the one that has it: it is there where that is not.
    """
    query = question.bind({p.name: None for p in question.parameters if p.is_open})
    full, stays = stores["tentative"].select(query), stores[least].select(query)
    how = full.variables.index("how")
    counts = [full.variables.index(name) for name in COUNTS.get(question.name, ())]
    ranks: dict[tuple[object, ...], list[int]] = {}
    for row in full.rows:
        ranks.setdefault(cells(row, [*counts, how]), []).append(rank(row[how]))
    twice = [row for row, found in ranks.items() if len(found) > 1]
    surer = {
        found
        for row in stays.rows
        if None not in [cell for place, cell in enumerate(row) if place not in counts]
        if min(ranks.get(found := cells(row, [*counts, how]), [9])) > RANKS[f"rn:{least}"]
    }
    return sorted(map(str, (*twice, *surer)))


@pytest.mark.parametrize("question", CATALOGUE.values(), ids=lambda q: q.name)
def test_a_question(question: Question, stores: Stores, subtests: pytest.Subtests) -> None:
    store, names = stores.store, {p.name for p in question.parameters}
    at_rest, about = question.bind(), examples(question)
    answer = store.select(at_rest)
    with subtests.test("it says in both languages what it asks"):
        assert {*question.summary} == {"fr", "en"} and {*question.about} in ({"fr", "en"}, set())
        assert all(text.endswith("?") for text in question.summary.values()) and question.group
    with subtests.test("the answer is what the carnet says"):
        compare(store, question.bind(about), expected(question.name))
    for least in ("explicit", "inferred") if "certainty" in names else ():
        with subtests.test("the answer is as certain as asked", least=least):
            bound = question.bind(about | {"certainty": NamedNode(RN + least)})
            compare(store, bound, as_sure_as(question.name, least))
    if "language" in names:
        with subtests.test("each label is in the language asked for"):
            english = store.select(question.bind({"language": Literal("en")}))
            labels = [v for v in english.variables if v.endswith("_label")]
            shown = {row[v].language for row in english for v in labels if row[v] is not None}  # type: ignore[union-attr]
            assert shown <= {None, "en"}
    with subtests.test("the order is total"):
        # Rows that the order cannot tell apart would come as they lie in the store.
        rows, *others = (it.select(at_rest).rows for it in stores.rearranged)
        assert len({*rows}) == len(rows)
        assert all(other == rows for other in others)
    if question.name not in COUNTS_SETS:
        with subtests.test("evidence said twice changes nothing"):
            assert stores.doubled.select(at_rest) == answer
    if "how" in answer.variables and question.name != BY_CERTAINTY:
        for least in ("explicit", "inferred"):
            with subtests.test("no row is surer than the facts it prints or rests on", least=least):
                for told in stores.by_chance:
                    assert surer_than_they_say(question, told, least) == []
            if question.name in OF_SETS:
                continue
            with subtests.test("a row is as sure as its surest path", least=least):
                for told in stores.by_chance:
                    assert less_sure_than_they_are(question, told, least) == []
    with subtests.test("from disk it is the same"):
        assert stores.on_disk.select(at_rest) == answer
    if question.compares_documents:
        return  # rdflib's engine is asked where there are two documents, and fewer facts
    with subtests.test("by rdflib's engine it is the same"):
        theirs = rdflib_engine.select(stores.rdflib, at_rest)
        assert theirs.variables == answer.variables and len(theirs) == len(answer)
        assert sha256(at_rest, theirs) == sha256(at_rest, answer)


ASKED_OF = {
    "organisations_on_theme": {"large": "theme/emploi-et-competences"},
    "questions_about": {"thing": "stage/pole-des-microtechniques"},
    "carried_by_organisation": {"organisation": "organisation/mutualite-francaise-franche-comte"},
    "innovations_by_beneficiary": {"beneficiary": "beneficiary/salaries"},
    "events_of_person": {"person": "person/pierre-alixant"},
    "innovations_on_theme": {"theme": "theme/vie-au-travail"},
    "stages_on_theme": {"theme": "theme/innovation-et-performance"},
}
"""The things that the expected answers of former questions are about."""


@pytest.mark.parametrize("name", CATALOGUE.aliases)
def test_a_former_question_has_the_answer_that_it_had(
    name: str, stores: Stores, subtests: pytest.Subtests
) -> None:
    store, question, about = stores.store, CATALOGUE.question(name), ASKED_OF.get(name, {})
    things = {parameter: thing_names.as_iri(thing) for parameter, thing in about.items()}
    assert store.select(question.bind()).variables == CATALOGUE.aliases[name].columns
    knows = "how" in CATALOGUE.aliases[name].columns
    for least in CERTAINTIES:
        has_file = (EXPECTED / SHIPPED / f"{name}.{least}.csv").exists()
        if not knows and not has_file and least != "tentative":
            continue
        with subtests.test(least=least):
            bound = question.bind({**things, "certainty": NamedNode(RN + least)})
            answer = as_sure_as(name, least) if knows or has_file else expected(name)
            compare(store, bound, answer)
    with subtests.test("the order is total"):
        rows, *others = (it.select(question.bind()).rows for it in stores.rearranged)
        assert len({*rows}) == len(rows) and all(other == rows for other in others)
    with subtests.test("by rdflib's engine it is the same"):
        at_rest = question.bind()
        theirs, ours = rdflib_engine.select(stores.rdflib, at_rest), store.select(at_rest)
        assert sha256(at_rest, theirs) == sha256(at_rest, ours)


def test_the_themes_of_one_organisation_are_asked_without_a_theme(store: EmbeddedStore) -> None:
    legeni = {"organisation": NamedNode(f"{ID}organisation/legeni")}
    query = CATALOGUE["themes_of_organisation"].bind(legeni)
    compare(store, query, expected("themes_of_organisation.of_legeni"))


def test_each_question_has_its_answer_and_each_answer_its_question() -> None:
    answers = {p.name.partition(".")[0] for p in (EXPECTED / SHIPPED).iterdir()}
    assert answers == {*CATALOGUE, *CATALOGUE.aliases}


def test_all_triples_are_once_in_the_default_graph_on_disk_too(stores: Stores) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert stores.on_disk.select(count) == stores.store.select(count)
    assert len(stores.on_disk) == len(stores.store)


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
    stores: Stores, name: str, parameter: str, broader: str, narrower: str, innovation: str
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
    store = stores.of([*stores.quads, *more])
    for chosen in (above, above_all):
        rows = store.select(CATALOGUE.question(name).bind({parameter: chosen}))
        found = {(row["narrower"], row["innovation"]) for row in rows}
        assert (below, NamedNode(f"{ID}innovation/{innovation}")) in found
        assert all(row[parameter] == chosen for row in rows)

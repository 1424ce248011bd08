"""The catalogue's answers on another programme, alone and with the newsletter after it."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode

import rdflib_engine
import trial
from expected import EXPECTED, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import RN
from rallynov_graph.claims.row_evidence import with_documents
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.canonical_answer import sha256
from rallynov_graph.release import building
from rallynov_graph.release.finder import Finder, SearchIndexFile
from rallynov_graph.release.release import Release
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.search.asking import Phrases
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.asked import answer_meant, asked, settled
from rallynov_graph.site.model.layout import Layout
from rallynov_graph.site.model.nodes import Graph, GraphView
from rallynov_graph.sparql.embedded import EmbeddedStore

CATALOGUE = load()
MADE = {"c": trial.alone, "c-and-follow-up": trial.with_follow_up}
"""What makes the data that the answers of a folder are about."""
ALONE = "document/estran-7"
"""The document of the first folder, which the second one follows up."""
OF_WHOLE = {"addresses_that_gave_way", "identity_decisions"}
"""What curators decided of both documents belongs to each alone."""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Release]:
    """The release of each folder of answers, and of its first document alone."""
    found = {}
    for name, make in MADE.items():
        folder = tmp_path_factory.mktemp(name)
        make(folder / "data")
        found[name] = building.build(folder / "releases", data=folder / "data")
    only = ALONE.rpartition("/")[2]
    alone = building.build(folder / "alone", data=folder / "data", checked=False, only=only)
    return found | {ALONE: alone}


@pytest.fixture(scope="module")
def stores(releases: dict[str, Release]) -> dict[str, EmbeddedStore]:
    """The stores of these releases."""
    return {name: EmbeddedStore.of_release(release) for name, release in releases.items()}


def answers() -> Iterator[tuple[str, str, str]]:
    """Yield the folder, the question and the certainty of each expected answer."""
    for folder in MADE:
        for file in sorted((EXPECTED / folder).glob("*.csv")):
            if (name := file.stem) in {*CATALOGUE, *CATALOGUE.aliases}:
                question = CATALOGUE.question(name)
                has_certainty = any(p.name == "certainty" for p in question.parameters)
                sure = ("explicit", "inferred", "tentative") if has_certainty else ("tentative",)
                yield from ((folder, name, how) for how in sure)


def hold(store: EmbeddedStore, folder: str, name: str, how: str) -> None:
    """Hold the answer of a store against what the documents of a folder say."""
    question = CATALOGUE.question(name)
    has_certainty = any(p.name == "certainty" for p in question.parameters)
    sure = how != "tentative"
    columns, rows = as_sure_as(name, how, folder) if sure else expected(name, folder)
    query = question.bind({"certainty": NamedNode(RN + how)} if has_certainty else {})
    answer = seen_through(store.select(query), columns)
    assert (sorted((answer - rows).elements()), sorted((rows - answer).elements())) == ([], [])


def test_each_answer_is_what_the_documents_say(
    stores: dict[str, EmbeddedStore], subtests: pytest.Subtests
) -> None:
    for folder, name, how in answers():
        with subtests.test(name, folder=folder, how=how):
            hold(stores[folder], folder, name, how)


def test_beside_its_follow_up_a_document_alone_has_its_answers(
    stores: dict[str, EmbeddedStore], subtests: pytest.Subtests
) -> None:
    """A second document changes no answer of the first, asked of a release of it alone."""
    for folder, name, how in answers():
        if (
            folder == "c"
            and name not in OF_WHOLE
            and not CATALOGUE.question(name).compares_documents
        ):
            with subtests.test(name, how=how):
                hold(stores[ALONE], folder, name, how)


def test_by_rdflib_s_engine_documents_compare_the_same(
    releases: dict[str, Release], stores: dict[str, EmbeddedStore], subtests: pytest.Subtests
) -> None:
    folder = "c-and-follow-up"
    with rdflib_engine.quicker():
        theirs = rdflib_engine.read(releases[folder])
        for question in (it for it in CATALOGUE.values() if it.compares_documents):
            with subtests.test(question.name):
                at_rest = question.bind()
                answer = stores[folder].select(at_rest)
                found = rdflib_engine.select(theirs, at_rest)
                assert answer.rows and found.variables == answer.variables
                assert sha256(at_rest, found) == sha256(at_rest, answer)


OF_ALL = {
    # a row counts what several documents say, or is the curators' own
    *("addresses_that_gave_way", "counts", "large_themes", "organisations_alike", "printed_themes"),
    *("what_rules_conclude", "who_concluded"),
    # a row is of the ontology, or of another source
    *("graph_kinds", "meaning_of_term", "outside_facts"),
}


def test_every_row_that_comes_from_documents_names_one(stores: dict[str, EmbeddedStore]) -> None:
    """What was superseded, a length, an average and an open question have one, too."""
    queries = PageQueries(stores["c-and-follow-up"])
    lacking, asked = set(), set()
    for name, question in CATALOGUE.items():
        answer = CatalogueAnswer(question, {}, queries)
        if answer.is_table and answer.rows.rows:
            asked.add(name)
            if not all(row.get("documents") for row in with_documents(answer)):
                lacking.add(name)
    assert {"what_was_said_before", "direct_links", "figures_averaged", "open_questions"} <= asked
    assert lacking <= OF_ALL


def test_each_answer_has_its_question() -> None:
    names = {file.name.partition(".")[0] for name in MADE for file in (EXPECTED / name).iterdir()}
    assert names <= {*CATALOGUE, *CATALOGUE.aliases}


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        ("Qui finance Rivages à faire ?", ("Fonds Talarvoren",), ()),
        ("Où s’est tenu l’atelier Recoudre les voiles ?", ("Vannes",), ()),
        ("Qui organise l’atelier Manger à quai ?", ("Ti Kemeren",), ()),
        ("Qui a fondé Fun ha Skoulm ?", ("Yuna Kermorzhel", "fonde"), ("dirige",)),
        ("Quel est le prix du Goumon-Plak ?", ("18", "21"), ("trois hivers",)),
        ("Combien de repas sert La Cantine du canot ?", ("60", "80"), ()),
        ("Combien de repas sert Le filet consigné ?", (), ()),
        ("Combien de vélos compte Fun ha Skoulm ?", (), ()),
        ("Qui a vendu Fun ha Skoulm ?", (), ()),
    ],
)
def test_a_typed_question_is_answered_by_rows_that_have_its_words(
    releases: dict[str, Release], text: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    """Words that no phrase has are in the rows, or there is no answer."""
    release = releases["c-and-follow-up"]
    store = EmbeddedStore.of_release(release).pages()
    queries = PageQueries(store)
    labels = Labels(queries)
    finder = Finder.of(store, labels, SearchIndexFile(store, release))
    view = GraphView(Graph(queries, labels, Layout(), {}), Addresses())
    meant = asked(view, CATALOGUE, Phrases.of(CATALOGUE, queries), finder, text)
    answer = answer_meant(view, CATALOGUE, settled(view, CATALOGUE, meant))
    if not said:
        assert answer is None
    else:
        assert answer is not None
        told = {getattr(it, "value", "") for row in answer.rows.rows for it in row}
        assert told >= {*said} and told.isdisjoint(unsaid)

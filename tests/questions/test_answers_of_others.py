"""The catalogue's answers on another programme: one document, and that with its follow-up."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode

from expected import EXPECTED, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from trial_corpus import alone, with_follow_up

CATALOGUE = load()
MADE = {"c": alone, "c-and-follow-up": with_follow_up}
"""What makes the data that the answers of a folder are about."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmbeddedStore]:
    """The release of each folder of answers."""
    found = {}
    for name, make in MADE.items():
        folder = tmp_path_factory.mktemp(name)
        make(folder / "data")
        release = building.build(folder / "releases", data=folder / "data")
        found[name] = EmbeddedStore.of_release(release)
    return found


def answers() -> Iterator[tuple[str, str, str]]:
    """Yield the folder, the question and the certainty of each expected answer."""
    for folder in MADE:
        for file in sorted((EXPECTED / folder).glob("*.csv")):
            if (name := file.stem) in CATALOGUE:
                has_certainty = any(p.name == "certainty" for p in CATALOGUE[name].parameters)
                sure = ("explicit", "inferred", "tentative") if has_certainty else ("tentative",)
                yield from ((folder, name, how) for how in sure)


@pytest.mark.parametrize(("folder", "name", "how"), tuple(answers()))
def test_the_answer_is_what_the_documents_say(
    stores: dict[str, EmbeddedStore], folder: str, name: str, how: str
) -> None:
    question = CATALOGUE[name]
    has_certainty = any(p.name == "certainty" for p in question.parameters)
    sure = how != "tentative"
    columns, rows = as_sure_as(name, how, folder) if sure else expected(name, folder)
    query = question.bind({"certainty": NamedNode(RN + how)} if has_certainty else {})
    answer = seen_through(stores[folder].select(query), columns)
    assert (sorted((answer - rows).elements()), sorted((rows - answer).elements())) == ([], [])


def test_each_answer_has_its_question() -> None:
    names = {file.name.partition(".")[0] for name in MADE for file in (EXPECTED / name).iterdir()}
    assert names <= set(CATALOGUE)

"""The catalogue's answers on another programme, and on a second document beside carnet 2.

The answers on the second document are worked out from its list, which stays out of the repository.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from expected import EXPECTED, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.release.document_view import view_of
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from trial_corpus import address_in_carnet_2, alone, beside_carnet_2, with_follow_up
from trial_documents import Document
from trial_events import STATUSES

CATALOGUE = load()
MADE = {"c": alone, "c-and-follow-up": with_follow_up}
"""What makes the data that the answers of a folder are about."""
ALONE = "document/estran-7"
"""The document of the first folder, which the second one follows up."""
OF_WHOLE = {"addresses_that_gave_way", "identity_decisions"}
"""What curators decided of both documents belongs to the view of each."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmbeddedStore]:
    """The release of each folder of answers."""
    found = {}
    for name, make in MADE.items():
        folder = tmp_path_factory.mktemp(name)
        make(folder / "data")
        release = building.build(folder / "releases", data=folder / "data")
        found[name] = EmbeddedStore.of_release(release)
    view = view_of(release, f"{ID}{ALONE}", tmp_path_factory.mktemp("view"))
    return found | {ALONE: EmbeddedStore.of_release(view)}


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


@pytest.mark.parametrize(
    ("name", "how"),
    [
        (name, how)
        for folder, name, how in answers()
        if folder == "c" and name not in OF_WHOLE and not CATALOGUE[name].compares_documents
    ],
)
def test_beside_its_follow_up_a_document_alone_has_its_answer(
    stores: dict[str, EmbeddedStore], name: str, how: str
) -> None:
    """A second document changes no answer of the first, asked of its view."""
    test_the_answer_is_what_the_documents_say(stores | {"c": stores[ALONE]}, "c", name, how)


def test_each_answer_has_its_question() -> None:
    names = {file.name.partition(".")[0] for name in MADE for file in (EXPECTED / name).iterdir()}
    assert names <= set(CATALOGUE)


class Beside:
    """A second document beside carnet 2, with what its list says of things of carnet 2."""

    def __init__(self, folder: Path, lists: Path) -> None:
        self.document: Document = beside_carnet_2(folder / "data", lists)
        release = building.build(folder / "releases", data=folder / "data")
        self._store = EmbeddedStore.of_release(release)
        self.entries = self.document.entries
        identity = self.entries["identity"]
        self.same = {one["this"]: address_in_carnet_2(one["carnet2"]) for one in identity["same"]}

    def rows(self, name: str, *columns: str) -> set[tuple[str, ...]]:
        """Return the answer to a question, seen through some columns."""
        return {*seen_through(self._store.select(CATALOGUE[name].bind()), [*columns])}

    def at(self, identifier: str) -> str:
        """Return the address that an id of the list has after identity was decided."""
        return self.same.get(identifier) or self.document.addresses[identifier].strip("<>")

    def said(self, entry: dict[str, object]) -> tuple[str, str]:
        """Return the status and the day that the list gives an event."""
        date = entry["date"]
        assert isinstance(date, dict)
        status = STATUSES[str(entry.get("status", "announced"))][0]
        return f"status/{status}", str(date.get("inferred", date["value"]))


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Beside:
    lists = os.environ.get("RALLYNOV_TRIAL")
    if not lists:
        pytest.skip("RALLYNOV_TRIAL does not name the folder of the invented documents")
    return Beside(tmp_path_factory.mktemp("beside"), Path(lists))


SECOND, FIRST = "document/carnet-3", "document/carnet-2"


def test_each_announcement_of_carnet_2_became_what_the_second_document_says(beside: Beside) -> None:
    columns = ("event", "announced_in", "status", "later_document", "date")
    events = [*beside.entries["stages"], *beside.entries["events"]]
    became = {
        (beside.at(one["id"]), FIRST, beside.said(one)[0], SECOND, beside.said(one)[1])
        for one in events
    }
    announced = {
        (beside.at(one["id"]), SECOND, "", "", "")
        for one in events
        if beside.said(one)[0] == "status/annoncee"
    }
    assert beside.rows("announced_and_then", *columns) == became | announced


def test_what_is_new_is_what_the_list_says_of_nothing_in_carnet_2(beside: Beside) -> None:
    kinds = ("person/", "organisation/", "stage/", "innovation/")
    sections = ("persons", "organisations", "unnamed_organisations", "stages", "innovations")
    listed = (one["id"] for section in sections for one in beside.entries[section])
    new = {beside.at(name) for name in listed if name not in beside.same}
    rows = beside.rows("new_in_document", "document", "previous", "thing")
    assert {row[:2] for row in rows} == {(SECOND, FIRST)}
    assert {thing for *_, thing in rows if thing.startswith(kinds)} == {
        thing for thing in new if thing.startswith(kinds)
    }


def test_figures_contradict_each_other_where_the_list_says_so_and_not_where_time_went_on(
    beside: Beside,
) -> None:
    rows = beside.rows("contradictions_between_documents", "standing", "value", "other_value")
    told = (one["what"] for one in beside.entries["identity"]["contradictions"])
    pairs = {frozenset(re.findall(r"\d+", what)) for what in told}
    assert {frozenset(values) for standing, *values in rows if standing == "rn:current"} == pairs


def test_the_statuses_that_gave_way_are_told_with_what_took_their_place(beside: Beside) -> None:
    columns = ("thing", "property", "value", "standing", "other_value")
    rows = beside.rows("contradictions_between_documents", *columns)
    assert {row for row in rows if row[1] == "rn:status"} == {
        (beside.at(one["id"]), "rn:status", "status/annoncee", "rn:superseded", status)
        for one in beside.entries["stages"]
        if (status := beside.said(one)[0]) != "status/annoncee"
    }


def test_a_person_is_mentioned_first_where_the_list_knows_them_from(beside: Beside) -> None:
    rows = beside.rows("first_and_last_mention", "thing", "first_document", "last_document")
    people = [one["id"] for one in beside.entries["persons"]]
    known = {(beside.at(name), FIRST if name in beside.same else SECOND, SECOND) for name in people}
    assert known <= rows


def test_a_theme_that_the_second_document_prints_has_its_place_there(beside: Beside) -> None:
    rows = beside.rows("course_of_theme", "theme", "document", "occurrences")
    printed = {theme for theme, document, n in rows if document == SECOND and n != "0"}
    said = {
        value for s in beside.document.statements for _, p, value in s.facts if p == "rn:indicates"
    }
    assert {theme.strip("<>") for theme in said} <= printed

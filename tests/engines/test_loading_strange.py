"""``load`` into what does not behave: a sentence tells what is wrong, and nothing is guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest

import standin
from behind import EMPTY, Said, behind, table, truth
from conftest import Ran
from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.release.building import build
from rallynov_graph.release.loading import load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.remote_server import Server

UPDATES = ("INSERT", "DELETE", "CLEAR")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a few triples."""
    folder = tmp_path_factory.mktemp("small")
    made = standin.make(folder)
    return build(folder / "out", data=made.data, ontology=made.ontology, checked=False)


def is_update(query: str) -> bool:
    return query.lstrip().startswith(UPDATES)


def test_an_account_that_may_not_write_is_told_and_nothing_is_thought_to_be_there(
    small: Release, rallynov: Callable[..., Ran]
) -> None:
    for said, failure in (
        (Said("who?", 401, "text/plain", {"WWW-Authenticate": "Basic"}), Failure.DENIED),
        (Said("", 405, "text/plain"), Failure.BROKEN),
        (Said("read only", 403, "text/plain"), Failure.DENIED),
    ):
        with behind(lambda query, said=said: said if is_update(query) else None) as server:
            with pytest.raises(EndpointError) as told:
                load(small, Server(server.url))
            assert told.value.failure is failure
            assert server.asked < 10
            ran = rallynov("load", "--endpoint", server.url, "--release", Path(small.path))
            assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "name an account that may" in ran.err


def test_a_server_that_says_nothing_is_given_up_in_its_time(small: Release) -> None:
    with behind(lambda _: None) as server:
        server.silent = True
        with pytest.raises(EndpointError, match=r"gave no answer in 0\.5 s") as told:
            load(small, Server(server.url), seconds=0.5)
    assert told.value.failure is Failure.LATE


COUNTED = [
    ("1", Failure.BROKEN, "has not kept all that was put into"),
    ("many", Failure.STRANGE, "which is not a number"),
]


def test_counts_that_are_wrong_are_found_at_the_end(small: Release) -> None:
    """The server takes everything and says so, and then counts otherwise."""
    for counted, failure, words in COUNTED:

        def answer(query: str, counted: str = counted) -> Said:
            if is_update(query):
                return Said("")
            if "COUNT" not in query:
                return truth(False) if "ASK" in query else Said(EMPTY)
            return table("triples", triples=counted) if "?graph" not in query else Said(EMPTY)

        with behind(answer) as server, pytest.raises(EndpointError, match=words) as told:
            load(small, Server(server.url))
        assert told.value.failure is failure

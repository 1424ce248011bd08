"""A view of one document: its answers are those that it has alone, whatever stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

import trial
import two_letters
from expected import SHIPPED
from rallynov_graph.base.errors import AmbiguousNameError, ReleaseError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.exports import works
from rallynov_graph.release import building
from rallynov_graph.release.document_view import view_of
from rallynov_graph.release.named_documents import document_named, documents_of
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

CARNET = f"{ID}document/{SHIPPED}"
THIRD = two_letters.Letter(
    3,
    "juillet 2013",
    "2013-07",
    (
        two_letters.Line(
            "rang", "Le Gué fut la première étape.", "<stage/sentier-gue> rn:number 1 ."
        ),
    ),
)
"""A letter that does not say of what kind the thing is of which it speaks."""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("letters")
    made = (two_letters.FIRST, two_letters.SECOND, THIRD)
    data = two_letters.beside_carnet(folder / "data", made)
    return building.build(folder / "releases", data=data, checked=False)


def test_of_the_carnet_beside_another_programme_it_is_the_carnet_alone(
    release: Release, tmp_path: Path
) -> None:
    trial.beside_carnet_2(tmp_path / "data")
    whole = building.build(tmp_path / "releases", data=tmp_path / "data", checked=False)
    (tmp_path / "view").mkdir()
    view = view_of(whole, CARNET, tmp_path / "view")
    assert whole.id != release.id
    assert view.data.read_bytes() == release.data.read_bytes()
    assert (view.manifest.id, view.manifest.counts) == (release.id, release.manifest.counts)
    assert (view.id, view.whole, view.document) == (whole.id, whole, CARNET)
    assert view.manifest.title["en"] == f"{release.manifest.title['en']} — carnet de route no. 2"
    [reference, *_] = works.entries(view)
    assert (reference.title, reference.version) == (
        view.manifest.title["fr"],
        f"{whole.manifest.version}, {whole.id[:16]}",
    )


def titles(store: EmbeddedStore) -> set[str]:
    query = f"SELECT ?t {{ <{ID}stage/sentier-gue> <{PREFIXES['dcterms']}title> ?t }}"
    return {row[0].value for row in store.select(query).rows}  # type: ignore[union-attr]


def test_what_gave_way_to_a_later_document_stands_in_the_view_of_its_own(
    letters: Release, tmp_path: Path
) -> None:
    assert titles(EmbeddedStore.of_release(letters)) == {"Rapiécer"}
    view = view_of(letters, f"{ID}document/sentier-1", tmp_path)
    store = EmbeddedStore.of_release(view)
    assert titles(store) == {"Réparer ensemble"}
    assert not store.ask(f"ASK {{ ?g <{RN}standingOf> ?s }}")
    assert store.ask(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} ?g a <{RN}Inference> }}")
    assert not store.ask(f"ASK {{ ?s <{RN}voice> <{ID}document/sentier-2> }}")


def test_a_decision_and_a_reading_of_the_document_hold_in_its_view(
    letters: Release, tmp_path: Path
) -> None:
    store = EmbeddedStore.of_release(view_of(letters, f"{ID}document/sentier-2", tmp_path))
    standing = store.select(
        f"SELECT ?s {{ ?g a <{RN}StandingGraph> ; <{RN}standing> ?s }} ORDER BY ?s"
    ).rows
    assert [row[0].value for row in standing] == [f"{RN}alternative"] * 2  # type: ignore[union-attr]


def test_a_thing_has_the_class_that_another_document_alone_states_with_its_evidence(
    letters: Release, tmp_path: Path
) -> None:
    store = EmbeddedStore.of_release(view_of(letters, f"{ID}document/sentier-3", tmp_path))
    evidence = f"""PREFIX rn: <{RN}> PREFIX oa: <{PREFIXES["oa"]}> PREFIX id: <{ID}>
        ASK {{ GRAPH ?set {{ <{ID}stage/sentier-gue> a rn:Stage }}
               ?set rn:certainty rn:explicit ; rn:passage ?passage ; rn:voice ?voice .
               ?passage oa:hasSource ?text ; oa:hasSelector/oa:start ?start .
               <{ID}stage/sentier-gue> rn:number 1 }}"""
    assert store.ask(evidence)
    assert titles(store) == set()
    assert not store.ask(f"ASK {{ <{ID}stage/sentier-moulin> ?p ?o }}")


def test_a_document_is_named_by_its_address_its_number_or_its_name(letters: Release) -> None:
    documents = documents_of(letters.data)
    assert [it.slug for it in documents] == ["sentier-1", "sentier-2", "carnet-2", "sentier-3"]
    for text in (
        "sentier-3",
        "document/sentier-3",
        f"{ID}document/sentier-3",
        f"<{ID}document/sentier-3>",
        "3",
        "lettre du sentier n° 3",
    ):
        assert document_named(text, documents).slug == "sentier-3", text
    assert documents[0].name("en") == "Sentier letter no. 1"


def test_a_document_that_there_is_not_is_told_with_near_ones(letters: Release) -> None:
    documents = documents_of(letters.data)
    for text in ("sentier-11", "document/sentier-11", "letre du sentier n° 1"):
        with pytest.raises(UnknownNameError, match=r"did you mean .*sentier-1") as told:
            document_named(text, documents)
        assert "sentier-1" in told.value.near
    with pytest.raises(UnknownNameError, match="there are sentier-1, sentier-2, carnet-2"):
        document_named("xyzzy", documents)
    with pytest.raises(UnknownNameError, match="there is none"):
        document_named("carnet-2", ())


def test_a_number_that_two_documents_have_is_told_with_both(letters: Release) -> None:
    with pytest.raises(AmbiguousNameError, match="names 2 things") as told:
        document_named("2", documents_of(letters.data))
    assert {*told.value.bearers} == {"document/carnet-2", "document/sentier-2"}


def test_a_document_of_which_nothing_is_stated_has_no_view(
    letters: Release, tmp_path: Path
) -> None:
    with pytest.raises(UnknownNameError, match="Nothing is stated from document/sentier-9 alone"):
        view_of(letters, f"{ID}document/sentier-9", tmp_path)


def test_a_folder_that_cannot_be_written_is_told(letters: Release, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="the view cannot be written"):
        view_of(letters, CARNET, tmp_path / "missing")

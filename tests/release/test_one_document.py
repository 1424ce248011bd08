"""A release of one document alone: what it says, whatever stands beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import trial
import two_letters
from expected import SHIPPED
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release import building
from rallynov_graph.release.named_documents import document_named, documents_of
from rallynov_graph.release.release import Release, latest, load
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
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = (two_letters.FIRST, two_letters.SECOND, THIRD)
    return two_letters.beside_carnet(tmp_path_factory.mktemp("letters") / "data", made)


@pytest.fixture(scope="module")
def letters(data: Path) -> Release:
    return building.build(data.parent / "releases", data=data, checked=False)


def alone(data: Path, name: str, out: Path) -> EmbeddedStore:
    return EmbeddedStore.of_release(building.build(out, data=data, checked=False, only=name))


def test_of_the_carnet_beside_another_programme_it_is_the_carnet_alone(
    release: Release, tmp_path: Path
) -> None:
    trial.beside_carnet_2(tmp_path / "data")
    build = partial(building.build, tmp_path / "releases", data=tmp_path / "data")
    whole = build(checked=False)
    only = build(checked=False, only="carnet-2")
    assert whole.id != release.id
    assert (only.manifest.only, whole.manifest.only) == (CARNET, "")
    assert only.data.read_bytes() == release.data.read_bytes()
    assert (only.id, only.manifest.counts) == (release.id, release.manifest.counts)
    assert only.manifest.title["en"] == f"{release.manifest.title['en']} — carnet de route no. 2"
    assert load(only.path) == only
    assert load(tmp_path / "releases") == whole, "it is not the latest one"


def test_of_data_with_one_document_nothing_is_left_out(release: Release, tmp_path: Path) -> None:
    only = building.build(tmp_path, checked=False, only="carnet-2")
    assert (only.id, only.manifest.only) == (release.id, "")
    assert load(tmp_path) == only


def titles(store: EmbeddedStore) -> set[str]:
    query = f"SELECT ?t {{ <{ID}stage/sentier-gue> <{PREFIXES['dcterms']}title> ?t }}"
    return {row[0].value for row in store.select(query).rows}  # type: ignore[union-attr]


def test_what_gave_way_to_a_later_document_stands_in_the_release_of_its_own(
    letters: Release, data: Path, tmp_path: Path
) -> None:
    assert titles(EmbeddedStore.of_release(letters)) == {"Rapiécer"}
    store = alone(data, "sentier-1", tmp_path)
    assert titles(store) == {"Réparer ensemble"}
    assert not store.ask(f"ASK {{ ?g <{RN}standingOf> ?s }}")
    assert store.ask(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} ?g a <{RN}Inference> }}")
    assert not store.ask(f"ASK {{ ?s <{RN}voice> <{ID}document/sentier-2> }}")


def test_a_decision_on_a_thing_that_another_document_alone_names_is_left_out(
    tmp_path: Path,
) -> None:
    trial.with_follow_up(tmp_path / "data")
    store = alone(tmp_path / "data", trial.FOLLOW_UP, tmp_path / "out")
    assert store.ask(f"ASK {{ <{ID}person/herve-lostanvel-2> ?p ?o }}")
    assert not store.ask(f"ASK {{ ?d <{RN}kept> ?kept ; <{RN}other> ?other }}")


def test_a_decision_and_a_reading_of_the_document_hold_in_its_release(
    data: Path, tmp_path: Path
) -> None:
    store = alone(data, "sentier-2", tmp_path)
    standing = store.select(
        f"SELECT ?s {{ ?g a <{RN}StandingGraph> ; <{RN}standing> ?s }} ORDER BY ?s"
    ).rows
    assert [row[0].value for row in standing] == [f"{RN}alternative"] * 2  # type: ignore[union-attr]


def test_a_thing_has_the_class_that_another_document_alone_states_with_its_evidence(
    data: Path, tmp_path: Path
) -> None:
    store = alone(data, "sentier-3", tmp_path)
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


def test_what_is_no_document_or_states_nothing_is_told_and_nothing_is_built(
    data: Path, tmp_path: Path
) -> None:
    silent = data / "carnets" / "silent.trig"
    silent.write_text(
        f"""@prefix dcterms: <{PREFIXES["dcterms"]}> . @prefix oa: <{PREFIXES["oa"]}> .
<{ID}graph/silent> {{ <{ID}extraction/silent> dcterms:isFormatOf <{ID}document/silent> .
<{ID}passage/silent-1> oa:hasSource <{ID}extraction/silent> . }}"""
    )
    try:
        for name, why in (("sentier-11", "did you mean"), ("silent", "states|is stated")):
            with pytest.raises(UnknownNameError, match=why):
                alone(data, name, tmp_path)
    finally:
        silent.unlink()
    assert latest(tmp_path) is None

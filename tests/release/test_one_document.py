"""A release of one document alone, and one as it was known when a document had appeared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Triple

import trial
import two_letters
from expected import SHIPPED
from rallynov_graph.base.errors import AmbiguousNameError, UnknownNameError
from rallynov_graph.base.namespaces import ID, ONTOLOGY, PREFIXES, RN
from rallynov_graph.rdf import sources
from rallynov_graph.release import building, moments
from rallynov_graph.release.documents import document_named, documents_in
from rallynov_graph.release.moments import Moment, moments_of
from rallynov_graph.release.release import MANIFEST, Release, latest, load
from rallynov_graph.rules.explanation import explain_all, periods
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.standing.periods import Period, Timeline

CARNET = f"{ID}document/{SHIPPED}"
REPLACED = NamedNode(f"{PREFIXES['dcterms']}isReplacedBy")
KINDS = tuple(f"<{ID}{it}/" for it in ("assertion-set", "standing", "inference"))
APART = (DefaultGraph(), NamedNode(ONTOLOGY))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The carnet with three letters, of which the third appeared after it."""
    folder = tmp_path_factory.mktemp("letters") / "data"
    return two_letters.beside_carnet(folder, *two_letters.TWO, "lettre-3")


@pytest.fixture(scope="module")
def three(data: Path) -> Release:
    return building.build(data.parent / "releases", data=data, checked=False)


def alone(data: Path, name: str, out: Path) -> EmbeddedStore:
    return EmbeddedStore.of_release(building.build(out, data=data, checked=False, only=name))


def titles(store: EmbeddedStore) -> set[str]:
    query = f"SELECT ?t {{ <{ID}stage/sentier-gue> <{PREFIXES['dcterms']}title> ?t }}"
    return {row[0].value for row in store.select(query).rows}  # type: ignore[union-attr]


def test_what_was_known_is_the_release_that_was_built_before_later_documents_came(
    letters: Release, three: Release, data: Path
) -> None:
    build = partial(building.build, three.path.parent, data=data, checked=False)
    known = build(until="carnet-2")
    assert known.data.read_bytes() == letters.data.read_bytes()
    assert known.id == letters.id != three.id
    written = json.loads((known.path / MANIFEST).read_text("utf-8"))
    assert written["until"] == known.manifest.until == CARNET
    assert "until" not in json.loads((three.path / MANIFEST).read_text("utf-8"))
    assert latest(three.path.parent) == three.path
    assert building.up_to_date(known.path) is None
    again = build(until="sentier-3")
    assert (again.id, again.manifest.until) == (three.id, "")
    for wrong in ("sentier-33", "2"):
        with pytest.raises(UnknownNameError, match="sentier-"):
            build(until=wrong)


def facts_of(release: Release, *kinds: str) -> set[Triple]:
    quads = sources.quads([release.data])
    return {it.triple for it in quads if f"{it.graph_name}".startswith(tuple(kinds))}


def test_what_is_current_as_of_a_document_is_what_a_release_until_then_says(
    three: Release, data: Path, tmp_path: Path
) -> None:
    trial.with_follow_up(tmp_path / "data")
    two = building.build(tmp_path / "out", data=tmp_path / "data", checked=False)
    stated, former, concluded = (f"<{ID}{it}/" for it in ("assertion-set", "standing", "inference"))
    for whole, folder in ((three, data), (two, tmp_path / "data")):
        store = EmbeddedStore.of_release(whole)
        facts, links = facts_of(whole, stated, former), facts_of(whole, concluded)
        timeline = Timeline(store, facts)
        dated = {it: timeline.periods(timeline.current_at(it)) for it in facts}
        some = explain_all(store, sorted(links, key=str)[::20])
        of_links = {it: periods(store, fact) for it, fact in some.items() if not fact.basis}
        assert len(timeline.documents) == len(documents_in(whole.data))
        for document in documents_in(whole.data):
            until = building.build(
                whole.path.parent, data=folder, checked=False, until=document.iri
            )
            assert as_of(document.issued, dated) == facts_of(until, stated), document.iri
            known = facts_of(until, concluded, stated)
            assert as_of(document.issued, of_links) == known & of_links.keys(), document.iri


def as_of(day: str, dated: Mapping[Triple, Sequence[Period]]) -> set[Triple]:
    return {
        fact
        for fact, found in dated.items()
        if any(it.known_from <= day < (it.superseded_from or "9") for it in found)
    }


@pytest.mark.parametrize(("room", "is_kept"), [(moments.ROOM, True), (1, False)])
def test_moments_are_kept_within_a_bound_and_made_once(
    room: int, is_kept: bool, three: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "ROOM", room)
    store, documents = EmbeddedStore.of_release(three), documents_in(three.data)
    moments.offer(store)
    assert store.at is not None
    first, second = (it.documents(documents) for it in moments_of(documents)[:2])
    with ThreadPoolExecutor(2) as threads:
        at_once = [*threads.map(store.at, (first, first))]
    assert at_once[0] is at_once[1] is store.at(first)
    store.at(second)
    assert (store.at(first) is at_once[0]) is is_kept


def test_a_moment_is_the_release_of_its_documents_though_none_is_built(
    three: Release, data: Path, tmp_path: Path
) -> None:
    """Of each date between documents and of each document; names as the whole decides them."""
    trial.with_follow_up(tmp_path / "data")
    two = building.build(tmp_path / "out", data=tmp_path / "data", checked=False)
    for whole, folder in ((three, data), (two, tmp_path / "data")):
        build = partial(building.build, whole.path.parent, data=folder, checked=False)
        store, documents = EmbeddedStore.of_release(whole), documents_in(whole.data)
        kept = {it.subject: it.object for it in store.quads() if it.predicate == REPLACED}
        of_date = {it.issued: build(until=it.iri) for it in documents}
        alone = {it.iri: build(only=it.iri) for it in documents}
        for moment in moments_of(documents):
            built = of_date[moment.as_of] if moment.as_of else alone[moment.in_document]
            wanted = {
                Triple(
                    kept.get(it.subject, it.subject), it.predicate, kept.get(it.object, it.object)
                )
                for it in facts_of(built, *KINDS)
            }
            known = moment.store_of(store, documents)
            assert isinstance(known, EmbeddedStore)
            found = {it.triple for it in known.quads() if f"{it.graph_name}".startswith(KINDS)}
            assert found == wanted, moment
            if not kept:
                quads = {it for it in known.quads() if it.graph_name not in APART}
                assert quads == {*sources.quads([built.data])}, moment
    for day, known in (("2013-02", 0), ("2013-03", 1), ("2013-05-15", 2), ("2013", 4)):
        with nullcontext() if known else pytest.raises(UnknownNameError, match="2013-03"):
            assert len(Moment(day).documents(documents_in(three.data))) == known


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
    assert only.manifest.title["en"] == f"{release.manifest.title['en']} — logbook no. 2"
    assert load(only.path) == only
    assert load(tmp_path / "releases") == whole, "it is not the latest one"
    same = building.build(tmp_path / "one", checked=False, only="carnet-2")
    assert (same.id, same.manifest.only) == (release.id, ""), "of one document nothing is left out"
    assert load(tmp_path / "one") == same


def test_of_a_letter_it_has_what_that_one_says_and_decides_alone(
    letters: Release, data: Path, tmp_path: Path
) -> None:
    assert titles(EmbeddedStore.of_release(letters)) == {"Rapiécer"}
    first = alone(data, "sentier-1", tmp_path / "1")
    assert titles(first) == {"Réparer ensemble"}, "what gave way to a later document stands"
    assert not first.ask(f"ASK {{ ?g <{RN}standingOf> ?s }}")
    assert first.ask(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} ?g a <{RN}Inference> }}")
    assert not first.ask(f"ASK {{ ?s <{RN}voice> <{ID}document/sentier-2> }}")

    second = alone(data, "sentier-2", tmp_path / "2")
    standing = f"SELECT ?s {{ ?g a <{RN}StandingGraph> ; <{RN}standing> ?s }} ORDER BY ?s"
    told = [row[0].value for row in second.select(standing).rows]  # type: ignore[union-attr]
    assert told == [f"{RN}alternative"] * 2, "its own decision and its own reading hold"

    third = alone(data, "sentier-3", tmp_path / "3")
    evidence = f"""PREFIX rn: <{RN}> PREFIX oa: <{PREFIXES["oa"]}> PREFIX id: <{ID}>
        ASK {{ GRAPH ?set {{ <{ID}stage/sentier-gue> a rn:Stage }}
               ?set rn:certainty rn:explicit ; rn:passage ?passage ; rn:voice ?voice .
               ?passage oa:hasSource ?text ; oa:hasSelector/oa:start ?start .
               <{ID}stage/sentier-gue> rn:number 1 }}"""
    assert third.ask(evidence), "the class that another document alone states, with its evidence"
    assert titles(third) == set()
    assert not third.ask(f"ASK {{ <{ID}stage/sentier-moulin> ?p ?o }}")


def test_a_decision_on_a_thing_that_another_document_alone_names_is_left_out(
    tmp_path: Path,
) -> None:
    trial.with_follow_up(tmp_path / "data")
    store = alone(tmp_path / "data", trial.FOLLOW_UP, tmp_path / "out")
    assert store.ask(f"ASK {{ <{ID}person/herve-lostanvel-2> ?p ?o }}")
    assert not store.ask(f"ASK {{ ?d <{RN}kept> ?kept ; <{RN}other> ?other }}")


def test_a_document_is_named_by_its_address_its_number_or_its_name(three: Release) -> None:
    documents = documents_in(three.data)
    assert [it.slug for it in documents] == ["sentier-1", "sentier-2", "carnet-2", "sentier-3"]
    slug, iri = "sentier-3", f"{ID}document/sentier-3"
    for text in (slug, f"document/{slug}", iri, f"<{iri}>", "3", "lettre du sentier n° 3"):
        assert document_named(text, documents).slug == slug, text
    assert documents[0].name("en") == "Sentier letter no. 1"
    for text in ("sentier-11", "document/sentier-11", "letre du sentier n° 1"):
        with pytest.raises(UnknownNameError, match=r"did you mean .*sentier-1") as told:
            document_named(text, documents)
        assert "sentier-1" in told.value.near
    with pytest.raises(UnknownNameError, match="there are sentier-1, sentier-2, carnet-2"):
        document_named("xyzzy", documents)
    with pytest.raises(UnknownNameError, match="there is none"):
        document_named("carnet-2", ())
    with pytest.raises(AmbiguousNameError, match="names 2 things") as several:
        document_named("2", documents)
    assert {*several.value.bearers} == {"document/carnet-2", "document/sentier-2"}


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

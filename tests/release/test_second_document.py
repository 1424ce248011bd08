"""A second document beside the first, and one of another programme: nothing lost or invented."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, parse

from expected import SHIPPED, as_sure_as, expected, seen_through
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.release.document_view import view_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from trial_corpus import (
    TRIAL,
    address_in_carnet_2,
    alone,
    beside_carnet_2,
    is_a_relation,
    listed,
    with_follow_up,
)
from trial_documents import Document
from trial_trig import written


class Corpus:
    """A document with the release that it is in."""

    def __init__(self, document: Document, release: Release) -> None:
        self.document, self.release = document, release
        self.store = EmbeddedStore.of_release(release)
        self.graphs: dict[str, set[tuple[object, ...]]] = defaultdict(set)
        for quad in self.store.quads():
            if isinstance(quad.graph_name, NamedNode):
                fact = (quad.subject, quad.predicate, quad.object)
                self.graphs[quad.graph_name.value].add(fact)
        self.beside: dict[str, list[str]] = defaultdict(list)
        """The standing graphs of each set."""
        for row in self.store.rows(f"SELECT ?g ?s WHERE {{ ?g <{RN}standingOf> ?s }}"):
            self.beside[row["s"].value].append(row["g"].value)  # type: ignore[union-attr]
        rows = self.store.rows(
            f"SELECT ?a ?b WHERE {{ ?d a <{RN}IdentityDecision> ; <{RN}identity> <{RN}same> ;"
            f" <{RN}kept> ?a ; <{RN}other> ?b }}"
        )
        self.now = {row["b"]: row["a"] for row in rows}

    def said(self, named_set: str) -> set[tuple[object, ...]]:
        """Return all that a set states, current or not."""
        return set().union(*(self.graphs[g] for g in (named_set, *self.beside[named_set])))

    def at(self, identifier: str) -> str:
        """Return the address that an id of the list has now."""
        address = NamedNode(ID + self.document.addresses[identifier].strip("<>"))
        return f"<{self.now.get(address, address).value.removeprefix(ID)}>"  # type: ignore[union-attr]

    def filled(self, pattern: str) -> str:
        """Return a pattern with the addresses of the ids that it names in brackets."""
        return re.sub(r"\[([\w-]+)\]", lambda match: self.at(match[1]), pattern)

    def ask(self, pattern: str) -> bool:
        """Return whether the default graph has a pattern; addresses are written short."""
        prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items())
        return self.store.ask(f"BASE <{ID}>\n{prefixes}ASK {{ {pattern} }}")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    lists = os.environ.get("RALLYNOV_TRIAL")
    if not lists:
        pytest.skip("RALLYNOV_TRIAL does not name the folder of the invented documents")
    folder = tmp_path_factory.mktemp("second")
    document = beside_carnet_2(folder / "data", Path(lists))
    return Corpus(document, building.build(folder / "releases", data=folder / "data"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("other")
    document = alone(folder / "data")
    return Corpus(document, building.build(folder / "releases", data=folder / "data"))


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The other programme with its next newsletter, which is the document of this corpus."""
    folder = tmp_path_factory.mktemp("followed")
    _, document = with_follow_up(folder / "data")
    return Corpus(document, building.build(folder / "releases", data=folder / "data"))


@pytest.fixture(params=["second", "other", "followed"])
def corpus(request: pytest.FixtureRequest) -> Corpus:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Corpus)
    return found


def test_it_builds_without_a_violation(corpus: Corpus) -> None:
    assert corpus.release.manifest.checked
    assert corpus.release.manifest.findings["Violation"] == 0


def test_each_entry_of_its_list_is_stated_or_says_why_not(corpus: Corpus) -> None:
    doc = corpus.document
    stated = {s.entry for s in doc.statements} | {q.entry for q in doc.questions} | {*doc.left_out}
    missing = [
        name
        for name in listed(doc.entries)
        if not any(s == name or s.startswith((f"{name}/", f"{name}-")) for s in stated)
        and not is_a_relation(name, doc.entries)
    ]
    assert missing == []


def test_each_fact_of_its_list_is_in_the_release_with_its_passages_and_certainty(
    corpus: Corpus,
) -> None:
    quads = [*parse(written(corpus.document), format=RdfFormat.TRIG)]
    described = {q.graph_name for q in quads if q.predicate.value == f"{RN}certainty"}
    lost = []
    for quad in quads:
        subject = corpus.now.get(quad.subject, quad.subject)
        value = corpus.now.get(quad.object, quad.object)
        if quad.graph_name in described:
            if quad.predicate.value in (f"{RN}certainty", f"{RN}passage", f"{RN}voice"):
                found = corpus.graphs[quad.graph_name.value]  # type: ignore[union-attr]
            else:
                continue
        else:
            found = corpus.said(quad.graph_name.value)  # type: ignore[union-attr]
        if (subject, quad.predicate, value) not in found:
            lost.append(str(quad))
    assert lost == []


STATUSES = {
    "held": "tenue",
    "announced": "annoncee",
    "cancelled": "annulee",
    "postponed (announced for another date)": "reportee",
}


def announced_before(second: Corpus) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the stages that carnet 2 announced, with what the list says of them."""
    stages = {one["id"]: one for one in second.document.entries["stages"]}
    for same in second.document.entries["identity"]["same"]:
        if same["this"] in stages:
            yield second.at(same["this"]), stages[same["this"]]


def test_what_was_announced_and_is_not_so_any_more_is_still_said_to_have_been_announced(
    second: Corpus,
) -> None:
    for stage, entry in announced_before(second):
        status = STATUSES[entry["status"]]
        assert second.ask(f"{stage} rn:status <status/{status}>"), stage
        assert second.ask(f"{stage} rn:status ?other FILTER (?other != <status/{status}>)") is False
        before = f"GRAPH ?g {{ {stage} rn:status <status/annoncee> }} ?g rn:standing rn:superseded"
        assert second.ask(f"{before} ; rn:replacedBy ?by") == (status != "annoncee"), stage
        assert second.ask(f'{stage} schema:startDate "{day(entry)}"^^xsd:date'), stage
        if title := entry["title"]["value"]:
            shown = title.replace('"', "")
            assert second.ask(f'{stage} dcterms:title ?title FILTER (STR(?title) = "{shown}")')


def day(entry: Mapping[str, Any]) -> str:
    date: Mapping[str, Any] = entry["date"]
    return str(date.get("inferred", date["value"]))


def test_what_carnet_2_says_gave_way_only_where_the_second_document_says_otherwise(
    second: Corpus, release: Release
) -> None:
    """Every fact of carnet 2 is there; what moved is what an announced stage did not become."""
    first = EmbeddedStore.of_release(release)
    moved = set()
    for quad in first.quads():
        if not isinstance(quad.graph_name, NamedNode):
            continue
        graph, fact = quad.graph_name.value, (quad.subject, quad.predicate, quad.object)
        if graph.startswith(f"{ID}assertion-set/") and fact not in second.graphs[graph]:
            assert fact in second.said(graph), fact
            moved.add((str(quad.subject), quad.predicate.value))
    expected = set()
    for stage, entry in announced_before(second):
        address = f"<{ID}{stage.strip('<>')}>"
        ask = f"PREFIX s: <{PREFIXES['schema']}> ASK {{ {address} s:startDate ?d"
        if entry["status"] != "announced":
            expected.add((address, f"{RN}status"))
        if not first.ask(f'{ask} FILTER (STR(?d) = "{day(entry)}") }}'):
            expected.add((address, f"{PREFIXES['schema']}startDate"))
    assert expected <= moved
    assert {stage for stage, _ in moved} == {stage for stage, _ in expected}


def test_a_merged_address_leads_to_the_kept_one_and_a_namesake_stays_another(
    second: Corpus,
) -> None:
    client = create_app(second.store, second.release).test_client()
    for same in second.document.entries["identity"]["same"]:
        merged = second.document.addresses[same["this"]].strip("<>")
        if merged != second.at(same["this"]).strip("<>"):
            answer = client.get(f"/id/{merged}")
            kept = f"/id/{second.at(same['this']).strip('<>')}"
            assert (answer.status_code, answer.headers["Location"]) == (301, kept)
    for different in second.document.entries["identity"]["different"]:
        address = second.document.addresses[different["this"]].strip("<>")
        assert second.at(different["this"]) == f"<{address}>"
        assert address != address_in_carnet_2(different["carnet2"])
        assert client.get(f"/page/{address}").status_code == 200


NOT_STATED = tomllib.loads((TRIAL / "not_stated.toml").read_text("utf-8"))
"""What a hasty reader would conclude, by document and by the name that its list gives it."""


@pytest.mark.parametrize("name", NOT_STATED["A"])
def test_what_the_second_document_does_not_say_is_not_said(second: Corpus, name: str) -> None:
    assert any(one["id"] == name for one in second.document.entries["not_stated"])
    assert not second.ask(second.filled(NOT_STATED["A"][name]))


@pytest.mark.parametrize("name", NOT_STATED["C"])
def test_what_the_other_programme_does_not_say_is_not_said(other: Corpus, name: str) -> None:
    assert any(one["id"] == name for one in other.document.entries["not_stated"])
    assert not other.ask(other.filled(NOT_STATED["C"][name]))


@pytest.mark.parametrize("name", NOT_STATED["C2"])
def test_what_the_next_newsletter_does_not_say_is_not_said(followed: Corpus, name: str) -> None:
    assert any(one["id"] == name for one in followed.document.entries["not_stated"])
    assert not followed.ask(followed.filled(NOT_STATED["C2"][name]))


STANDS = {
    "stage-voiles": "[stage-voiles] rn:status <status/tenue> ; schema:location [pl-vannes]",
    "event-comite": "[event-comite] rn:status <status/annulee> ; schema:location [pl-quimperle]",
    "event-rencontre": "[event-rencontre] rn:status <status/reportee> ;"
    " schema:location [pl-concarneau] ; schema:startDate '2021-10-02'^^xsd:date",
}
"""What stands of each event that the first newsletter announced."""


@pytest.mark.parametrize("name", STANDS)
def test_what_a_newsletter_announced_is_as_the_next_one_says(followed: Corpus, name: str) -> None:
    assert followed.ask(followed.filled(STANDS[name]))
    announced = "GRAPH ?g {{ [{}] rn:status <status/annoncee> }} ?g rn:standing rn:superseded"
    assert followed.ask(followed.filled(announced.format(name)))
    assert not followed.ask(followed.filled(f"[{name}] rn:status <status/annoncee>"))


def test_what_was_to_be_fixed_is_not_any_more_once_it_is(followed: Corpus) -> None:
    fixed = "[event-rencontre] rn:toBeFixed schema:location"
    assert not followed.ask(followed.filled(fixed))
    before = f"GRAPH ?g {{ {fixed} }} ?g rn:standing rn:superseded ; rn:replacedBy ?by"
    assert followed.ask(followed.filled(before))


def test_of_two_reported_dates_the_one_that_was_kept_stands(followed: Corpus) -> None:
    assert followed.ask(followed.filled("[event-prix] schema:startDate '2020'^^xsd:gYear"))
    assert not followed.ask(followed.filled("[event-prix] schema:startDate '2019'^^xsd:gYear"))
    other = "GRAPH ?g { [event-prix] schema:startDate '2019'^^xsd:gYear }"
    assert followed.ask(followed.filled(f"{other} ?g rn:standing rn:alternative"))


@pytest.mark.parametrize("name", ["C", "C2"])
def test_each_span_of_a_list_has_its_words(name: str) -> None:
    text = (TRIAL / f"{name}.txt").read_bytes().decode("utf-8")
    entries = yaml.safe_load((TRIAL / f"{name}.yaml").read_text("utf-8"))
    assert entries["meta"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    found = [*spans_with_words(entries)]
    assert len(found) > 100
    assert [(a, b, words) for (a, b), words in found if text[a:b] != words] == []


def spans_with_words(entry: Any) -> Iterator[tuple[list[int], str]]:
    """Yield the spans of a list, each with the words that stand beside it."""
    if isinstance(entry, list):
        for one in entry:
            yield from spans_with_words(one)
        return
    if not isinstance(entry, dict):
        return
    for key, value in entry.items():
        beside = {"span": "quote", "spans": "quotes"}.get(key)
        beside = beside or f"{key}_{'quotes' if key.startswith('mentions') else 'quote'}"
        if beside in entry and isinstance(value[0], list):
            yield from zip(value, entry[beside], strict=True)
        elif beside in entry:
            yield value, entry[beside]
        else:
            yield from spans_with_words(value)


def test_each_printed_form_stands_in_the_words_of_its_passages(corpus: Corpus) -> None:
    text = corpus.document.text
    for statement in corpus.document.statements:
        words = " ".join(" ".join(text[a:b].split()) for a, b in statement.spans)
        for _, prop, value in statement.facts:
            if prop in ("rn:nameAsPrinted", "rn:dateAsPrinted", "rn:timeAsPrinted"):
                assert value.strip('"') in words, (statement.entry, value)


def lines(release: Release) -> set[bytes]:
    return {*release.data.read_bytes().splitlines()}


def answers_that_differ(store: EmbeddedStore) -> Iterator[tuple[str, str]]:
    """Yield the questions and certainties whose answer is another one than is expected of it."""
    for question in load().values():
        things = {p.name: thing_names.as_iri(p.example) for p in question.parameters if p.example}
        values: dict[str, Term | None] = {name: it for name, it in things.items() if it is not None}
        has_certainty = any(p.name == "certainty" for p in question.parameters)
        for how in ("explicit", "inferred", "tentative") if has_certainty else ("tentative",):
            columns, rows = (
                expected(question.name) if how == "tentative" else as_sure_as(question.name, how)
            )
            asked = {"certainty": NamedNode(RN + how)} if has_certainty else {}
            if seen_through(store.select(question.bind(values | asked)), columns) != rows:
                yield question.name, how


def test_what_carnet_2_says_alone_has_every_expected_answer(
    second: Corpus, release: Release, tmp_path: Path
) -> None:
    """A second document changes no answer of the first: its view has what it has by itself."""
    view = view_of(second.release, f"{ID}document/{SHIPPED}", tmp_path)
    assert lines(release) <= lines(view)
    added = lines(view) - lines(release)
    assert {line.rpartition(b" <")[2] for line in added} == {f"{ID}graph/identity> .".encode()}
    assert [*answers_that_differ(EmbeddedStore.of_release(view))] == []

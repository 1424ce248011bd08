"""A newsletter of another programme, and the one after it: nothing lost, nothing invented."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

import trial
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release import building
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

MADE = {trial.FIRST: trial.alone, trial.FOLLOW_UP: trial.with_follow_up}


class Corpus:
    """A newsletter with the release that it is in."""

    def __init__(self, slug: str, make: Callable[[Path], None], folder: Path) -> None:
        make(folder / "data")
        self.release = building.build(folder / "releases", data=folder / "data")
        self.document = trial.Document.read(slug, {trial.FOLLOW_UP: "C2.txt"}.get(slug, "C.txt"))
        self.store = EmbeddedStore.of_release(self.release)
        self.graphs: dict[object, set[tuple[object, ...]]] = defaultdict(set)
        for quad in self.store.quads():
            self.graphs[quad.graph_name].add((quad.subject, quad.predicate, quad.object))
        rows = self.store.rows(f"SELECT ?g ?s WHERE {{ ?g <{RN}standingOf> ?s }}")
        for row in rows:  # what a set states that is not current is said by the set, too
            self.graphs[row["s"]] |= self.graphs[row["g"]]
        rows = self.store.rows(
            f"SELECT ?a ?b WHERE {{ ?d a <{RN}IdentityDecision> ; <{RN}identity> <{RN}same> ;"
            f" <{RN}kept> ?a ; <{RN}other> ?b }}"
        )
        self.now = {row["b"]: row["a"] for row in rows}

    def has(self, quad: Quad) -> bool:
        subject, value = (self.now.get(it, it) for it in (quad.subject, quad.object))  # type: ignore[arg-type, call-overload]
        return (subject, quad.predicate, value) in self.graphs[quad.graph_name]

    def ask(self, pattern: str) -> bool:
        """Return whether the default graph has a pattern; addresses are written short."""
        prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items())
        return self.store.ask(f"BASE <{ID}>\n{prefixes}ASK {{ {pattern} }}")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus(trial.FOLLOW_UP, trial.with_follow_up, tmp_path_factory.mktemp("followed"))


@pytest.fixture(scope="module", params=MADE)
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    if request.param == trial.FOLLOW_UP:
        found: Corpus = request.getfixturevalue("followed")
        return found
    return Corpus(request.param, MADE[request.param], tmp_path_factory.mktemp("first"))


def test_it_builds_without_a_violation(corpus: Corpus) -> None:
    assert corpus.release.manifest.checked
    assert corpus.release.manifest.findings["Violation"] == 0


def test_each_fact_is_in_the_release_with_its_passages_and_certainty(corpus: Corpus) -> None:
    kept = {f"{RN}{name}" for name in ("certainty", "passage", "voice")}
    curated = NamedNode(f"{ID}graph/{corpus.document.slug}")
    quads = [
        quad
        for quad in corpus.document.quads
        if quad.graph_name != curated or quad.predicate.value in kept
    ]
    assert len(quads) > 500
    assert [str(quad) for quad in quads if not corpus.has(quad)] == []


NOT_STATED = tomllib.loads((trial.TRIAL / "not_stated.toml").read_text("utf-8"))
"""What a hasty reader would conclude, by document."""


def test_what_a_newsletter_does_not_say_is_not_said(corpus: Corpus) -> None:
    hasty = NOT_STATED[corpus.document.slug]
    assert [name for name, pattern in hasty.items() if corpus.ask(pattern)] == []


STANDS = {
    "<stage/redon>": "rn:status <status/tenue> ; schema:location <place/vannes>",
    "<event/comite-du-programme>": "rn:status <status/annulee> ; schema:location <place/quimperle>",
    "<event/rencontre-annuelle>": "rn:status <status/reportee> ;"
    " schema:location <place/concarneau> ; schema:startDate '2021-10-02'^^xsd:date",
}
"""What stands of each event that the first newsletter announced."""


@pytest.mark.parametrize("event", STANDS)
def test_what_a_newsletter_announced_is_as_the_next_one_says(followed: Corpus, event: str) -> None:
    assert followed.ask(f"{event} {STANDS[event]}")
    announced = f"{event} rn:status <status/annoncee>"
    assert followed.ask(f"GRAPH ?g {{ {announced} }} ?g rn:standing rn:superseded")
    assert not followed.ask(announced)


def test_what_was_to_be_fixed_is_not_any_more_once_it_is(followed: Corpus) -> None:
    fixed = "<event/rencontre-annuelle> rn:toBeFixed schema:location"
    assert not followed.ask(fixed)
    assert followed.ask(f"GRAPH ?g {{ {fixed} }} ?g rn:standing rn:superseded ; rn:replacedBy ?by")


def test_of_two_reported_dates_the_one_that_was_kept_stands(followed: Corpus) -> None:
    assert followed.ask("<event/prix-mor-nevez> schema:startDate '2020'^^xsd:gYear")
    other = "<event/prix-mor-nevez> schema:startDate '2019'^^xsd:gYear"
    assert not followed.ask(other)
    assert followed.ask(f"GRAPH ?g {{ {other} }} ?g rn:standing rn:alternative")


def test_each_printed_form_stands_in_the_words_of_its_passages(corpus: Corpus) -> None:
    document = corpus.document
    printed = {f"{RN}{name}AsPrinted" for name in ("name", "date", "time")}
    for statement in document.statements:
        words = " ".join(map(document.words, statement.spans))
        for fact in statement.facts:
            if fact.predicate.value in printed:
                assert fact.object.value in words, statement.entry  # type: ignore[union-attr]

"""What holds otherwise in a trial is what the rules conclude from the changed data, all anew."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from rallynov_graph.base.certainty import IRIS, is_current
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf import sources
from rallynov_graph.release.release import Release
from rallynov_graph.release.what_if import ReadingChange, queries_of, reading_changes, stated_by
from rallynov_graph.rules import changes as module
from rallynov_graph.rules import inference, rulebook
from rallynov_graph.rules.changes import RankChange, outcomes
from rallynov_graph.sparql.embedded import EmbeddedStore

RULES = rulebook.load()
READING = f"{ID}reading/carnet-2-"


@pytest.fixture(scope="module")
def quads(release: Release) -> list[Quad]:
    return [*sources.quads([release.data]), *sources.quads([release.ontology])]


@pytest.fixture(scope="module")
def queries(store: EmbeddedStore) -> PageQueries:
    return queries_of(store.pages())


@pytest.fixture(scope="module")
def changes(queries: PageQueries) -> dict[str, ReadingChange]:
    return reading_changes(queries)


def ranks_of(quads: Iterable[Quad], ranks: dict[object, int]) -> dict[Triple, int]:
    """How surely each fact holds that documents, curators or rules state."""
    found: dict[Triple, int] = {}
    for quad in quads:
        if is_current(quad.graph_name):
            rank = ranks.get(quad.graph_name, 0)
            found[quad.triple] = min(rank, found.get(quad.triple, rank))
    return found


def concluded_anew(quads: list[Quad]) -> dict[Triple, int]:
    rules = {NamedNode(r.graph(IRIS[i].removeprefix(RN))): i for r in RULES for i in range(3)}
    known: dict[object, int] = {
        q.subject: IRIS.index(q.object.value)
        for q in quads
        if q.predicate == NamedNode(f"{RN}certainty") and isinstance(q.object, NamedNode)
    } | dict(rules)
    told = [quad for quad in quads if quad.graph_name not in rules]
    return ranks_of([*told, *inference.derive(told, RULES)], known)


def test_each_reading_of_the_carnet_changes_what_a_new_build_would(
    queries: PageQueries, changes: dict[str, ReadingChange], quads: list[Quad]
) -> None:
    facts = {fact for change in changes.values() for _, fact in (*change.gone, *change.come)}
    stated = stated_by(queries, facts)
    found = outcomes(quads, RULES, [it.trial(stated) for it in changes.values()])
    assert found is not None
    before = concluded_anew(quads)
    changing = 0
    for (reading, change), outcome in zip(changes.items(), found, strict=True):
        if not (change.gone or change.come):
            assert outcome == {}, reading
            continue
        gone = {Quad(*f, NamedNode(s)) for s, f in change.gone}  # type: ignore[call-arg]
        come = [Quad(*f, NamedNode(s)) for s, f in change.come]  # type: ignore[call-arg]
        after = concluded_anew([*(quad for quad in quads if quad not in gone), *come])
        expected = {
            fact: RankChange(before.get(fact), after.get(fact))
            for fact in {*before, *after}
            if before.get(fact) != after.get(fact) and "description" not in str(fact.predicate)
        }
        told = {fact: replace(it, rests_on=frozenset()) for fact, it in outcome.items()}
        of_rules = tuple(f"<{ID}{it}/" for it in ("inference", "rule"))
        described = {f for f in expected if str(f.subject).startswith(of_rules)}
        assert {f: it for f, it in expected.items() if f not in described} == told, reading
        changing += bool(outcome)
    assert changing > 20


# Read from the carnet: what another reading takes from the sets that take the preferred one.
GONE = {
    "rang-bge-mfq-2": {("bge-numero", "number"), ("mfq-etape", "number")},
    "conseil-regional-2": {("conseil-regional-region", "areaServed")},
    "passeport-de-qui-2": {("passeport-porteur", "carriedBy")},
    "originale-gouvernance-2": {("bge-titre", "title"), ("bge-theme", "subject")},
    "temoins-du-pole-2": set(),
    "mots-en-gras-2": set(),
    "etape-lip-2": {("lip-etape", "superEvent"), ("lip-etape", "inEvent")},
    "porteurs-des-etapes-2": {
        *((f"{stage}-etape", "carriedBy") for stage in ("mfq", "pole", "mutualite")),
        ("bge-portee", "carriedBy"),
    },
}


def test_a_reading_takes_away_what_the_other_one_says(changes: dict[str, ReadingChange]) -> None:
    """Of a set that readings of several questions take, only what this one leaves unsettled."""
    for reading, gone in GONE.items():
        assert gone == {
            (
                graph.removeprefix(f"{ID}assertion-set/carnet-2-"),
                fact.predicate.value.replace("#", "/").rpartition("/")[2],
            )
            for graph, fact in changes[READING + reading].gone
        }
    # Without a stage of its own, nothing was at the stage of the Pôle.
    stage = NamedNode(f"{ID}stage/pole-des-microtechniques")
    facts = {fact for _, fact in changes[f"{READING}troisieme-etape-2"].gone}
    said = {fact.predicate.value.removeprefix(RN) for fact in facts if stage in fact}
    assert {"inEvent", "presentedAt", "figureOf", "edtfDate", "number", "status"} <= said
    taken = changes[f"{READING}troisieme-etape-1"]
    assert taken.is_taken and not taken.gone and not taken.come


def test_what_comes_says_on_which_facts_of_the_reading_it_rests(
    queries: PageQueries, changes: dict[str, ReadingChange], quads: list[Quad]
) -> None:
    change = changes[f"{READING}teletravail-ou-1"]
    stated = stated_by(queries, {fact for _, fact in change.come})
    (found,) = outcomes(quads, RULES, [change.trial(stated)]) or ()
    ((_, fact),) = change.come
    carries = Triple(fact.object, NamedNode(f"{RN}carries"), fact.subject)  # type: ignore[arg-type]
    assert found[carries] == RankChange(None, 2, frozenset({fact}))


def test_too_many_conclusions_are_not_followed(
    queries: PageQueries,
    changes: dict[str, ReadingChange],
    quads: list[Quad],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_IN_TRIALS", 3)
    change = changes[f"{READING}eps-adomis-2"]
    stated = stated_by(queries, {fact for _, fact in (*change.gone, *change.come)})
    assert outcomes(quads, RULES, [change.trial(stated)]) is None

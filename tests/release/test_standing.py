"""A release of which not all is current: the default graph of every store, rules, questions."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import two_letters
from conftest import Ran
from expected import seen_through
from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building, diffing
from rallynov_graph.release.checking import check, intact
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import compared
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

GUE = NamedNode(f"{ID}stage/sentier-gue")
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"
TITLES = f"SELECT ?title {{ <{GUE.value}> <http://purl.org/dc/terms/title> ?title }}"
SECOND = Path("carnets") / "sentier" / "lettre-2.trig"


@pytest.fixture(scope="module")
def of_letters(letters: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(letters)


def test_the_stage_is_held_and_the_graph_still_says_that_it_was_announced(
    of_letters: EmbeddedStore,
) -> None:
    [[title]] = of_letters.select(TITLES).rows
    assert title == Literal("Rapiécer", language="fr")
    before = f"SELECT ?title {{ GRAPH ?g {TITLES.partition('title ')[2]} }} ORDER BY ?title"
    assert [row[0].value for row in of_letters.select(before).rows] == [  # type: ignore[union-attr]
        "Rapiécer",
        "Réparer ensemble",
    ]
    rows = of_letters.select(f"SELECT ?d {{ <{GUE.value}> <{RN}inDepartement> ?d }}").rows
    concluded = [row[0] for row in rows]
    assert concluded == [NamedNode(f"{ID}place/doubs")], "from what is current only"


def in_a_graph(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode)


def test_every_store_has_the_same_default_graph(
    letters: Release, of_letters: EmbeddedStore, tmp_path: Path
) -> None:
    assert check(intact(letters.path)).conforms
    EmbeddedStore.write(letters, tmp_path / "disk")
    stores = [
        EmbeddedStore.on_disk(tmp_path / "disk"),
        EmbeddedStore.of_quads(of_letters.quads()).pages(),
        EmbeddedStore.of_quads(filter(in_a_graph, of_letters.quads())).pages(),
    ]
    everything = set(of_letters.select(EVERYTHING).rows)
    for store in stores:
        assert set(store.select(EVERYTHING).rows) == everything
    terms = set(EmbeddedStore.of_files([letters.ontology]).select(EVERYTHING).rows)
    assert letters.manifest.counts["triples"] == len(everything - terms)


def test_a_question_asks_what_was_said_before(of_letters: EmbeddedStore) -> None:
    question = load()["what_was_said_before"]
    table = (two_letters.LETTERS / "what_was_said_before.csv").read_text("utf-8")
    columns, *rows = map(tuple, csv.reader(table.splitlines()))

    def answered(**values: NamedNode) -> set[tuple[str, ...]]:
        found = seen_through(of_letters.select(question.bind(values)), [*columns])
        assert set(found.values()) <= {1}
        return {row for row in found if row[4].startswith("assertion-set/sentier-")}

    assert answered() == {*rows}
    assert answered(thing=GUE) == {row for row in rows if row[0] == "stage/sentier-gue"}
    sure = answered(certainty=NamedNode(f"{RN}explicit"))
    assert sure == {row for row in rows if row[-1] == "rn:explicit"}


def test_a_question_asks_what_curators_decided_and_what_other_readings_say(
    of_letters: EmbeddedStore,
) -> None:
    [decision] = of_letters.select(load()["decisions_on_standing"].bind())
    names = ("decision", "set", "standing", "subject", "property", "in_favour_of", "reason")
    assert next(iter(seen_through([decision], list(names)))) == (  # type: ignore[arg-type]
        "decision/sentier-lieu-du-bac",
        "assertion-set/sentier-2-lieu-bac",
        *("rn:alternative", "", "schema:location", ""),
        "La lettre ne fait que le supposer.",
    )
    told = seen_through(
        of_letters.select(load().question("readings_not_taken").bind()),
        ["question", "reading", "set", "thing", "property", "value", "how"],
    )
    [reading] = [row for row in told if row[0].startswith("question/sentier-")]
    assert reading == (
        "question/sentier-rang-du-lavoir",
        "reading/sentier-rang-3",
        "assertion-set/sentier-2-autre-rang-lavoir",
        *("stage/sentier-lavoir", "rn:number", "3", "rn:tentative"),
    )


def test_what_cannot_be_decided_is_told_with_its_line_and_nothing_is_built(tmp_path: Path) -> None:
    data = two_letters.beside_carnet(tmp_path / "data")
    text = (data / SECOND).read_text("utf-8")
    wrong = text.replace("rn:ofSet <assertion-set/sentier-2-", "rn:ofSet <assertion-set/no-")
    (data / SECOND).write_text(wrong, "utf-8")
    with pytest.raises(SourceError, match=r"lettre-2.trig, line \d+: decision/sentier-lieu-du-bac"):
        building.build(tmp_path / "out", data=data)
    assert not [*(tmp_path / "out").glob("[!.]*")]
    (data / SECOND).write_text(text, "utf-8")
    (data / "own.nq").write_text(f"<{ID}a> <{ID}b> <{ID}c> <{ID}standing/a-superseded> .\n")
    with pytest.raises(SourceError, match="a graph that only a build makes"):
        building.completed(building.read(data, ontology_dir()))


def test_the_command_says_from_when_to_when_something_was_current(
    letters: Release, rallynov: Callable[..., Ran]
) -> None:
    fact = ("stage/sentier-gue", "dcterms:title", "Réparer ensemble", "--release", letters.path)
    for language, dated in (
        (
            "fr",
            "connu : mars 2013 (Lettre du Sentier n° 1) ; "
            "n’est plus retenu : mai 2013 (Lettre du Sentier n° 2)",
        ),
        (
            "en",
            "known: March 2013 (Sentier letter no. 1); "
            "no longer current: May 2013 (Sentier letter no. 2)",
        ),
    ):
        ran = rallynov("why", *fact, "--lang", language)
        assert (ran.status, ran.out.splitlines()[-1]) == (1, f"   {dated}")
    (period,) = json.loads(rallynov("why", *fact, "--format", "json").out)["periods"]
    assert period == {
        "known_from": "2013-03",
        "known_by": f"{ID}document/sentier-1",
        "superseded_from": "2013-05",
        "superseded_by": f"{ID}document/sentier-2",
    }


def test_a_difference_tells_a_change_of_standing_as_such(
    letters: Release, tmp_path: Path, rallynov: Callable[..., Ran]
) -> None:
    first = two_letters.beside_carnet(tmp_path / "data", "lettre-1")
    before = building.build(tmp_path / "out", data=first, checked=False)
    difference = diffing.between(before, letters)
    title = Literal("Réparer ensemble", language="fr")
    [change] = (it for it in difference.changed if it.object == title)
    assert change.standings == (("current",), ("superseded",))
    assert change.after[0].certainty == change.before[0].certainty == f"{RN}explicit"
    assert change.after[0].passages == change.before[0].passages != ()
    told = rallynov("diff", before.path, letters.path).out
    assert "16 with another standing" in told.splitlines()[2]
    assert "    standing: current -> superseded\n    before: explicit, " in told
    assert "    after:  superseded, explicit, standing/sentier-1-annonce-gue-superseded-by" in told
    store, earlier = EmbeddedStore.of_release(letters), compared(letters, [before.path])
    client = create_app(store, letters, earlier=earlier).test_client()
    page = client.get("/changes?what=standing").text
    for words in ("Validité changée", "Réparer ensemble", "remplacé par"):
        assert words in page
    assert "explicit,explicit (superseded)" in client.get("/changes.csv").text

"""A release of which not all is current: the default graph of every store, rules, questions."""

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
from rallynov_graph.rdf import sources
from rallynov_graph.release import building, diffing
from rallynov_graph.release.checking import check, intact
from rallynov_graph.release.earlier import compared
from rallynov_graph.release.held_content import HeldContent
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

pytestmark = pytest.mark.usefixtures("uncounted")

GUE = NamedNode(f"{ID}stage/sentier-gue")
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"
TITLES = f"SELECT ?title {{ <{GUE.value}> <http://purl.org/dc/terms/title> ?title }}"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the carnet with two letters beside it."""
    folder = tmp_path_factory.mktemp("letters")
    return building.build(folder / "out", data=two_letters.beside_carnet(folder / "data"))


@pytest.fixture(scope="module")
def of_letters(letters: Release) -> EmbeddedStore:
    return EmbeddedStore.of_release(letters)


def test_the_stage_is_held_and_the_graph_still_says_that_it_was_announced(
    of_letters: EmbeddedStore,
) -> None:
    [[title]] = of_letters.select(TITLES).rows
    assert title == Literal("Rapiécer", language="fr")
    before = f"SELECT ?title {{ GRAPH ?g {TITLES.partition('title ')[2]} }} ORDER BY ?title"
    assert [row[0].value for row in of_letters.select(before).rows] == [
        "Rapiécer",
        "Réparer ensemble",
    ]  # type: ignore[union-attr]


def in_a_graph(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode)


def test_every_store_has_the_same_default_graph(
    letters: Release, of_letters: EmbeddedStore, tmp_path: Path
) -> None:
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


def test_rules_conclude_from_what_is_current_only(of_letters: EmbeddedStore) -> None:
    rows = of_letters.select(f"SELECT ?d {{ <{GUE.value}> <{RN}inDepartement> ?d }}").rows
    assert [row[0] for row in rows] == [NamedNode(f"{ID}place/doubs")]


def test_the_release_conforms_and_so_does_what_is_held(letters: Release) -> None:
    assert check(intact(letters.path)).conforms
    data = letters.path.parent.parent / "data"
    assert HeldContent(data, ontology_dir()).report().counts == letters_report(data)


def letters_report(data: Path) -> object:
    content = building.completed(building.read(data, ontology_dir()))
    return building.check(content.files, content.data, content.ontology, ontology_dir()).counts


SAID_BEFORE = """\
stage/sentier-bac,schema:location,place/dole,rn:alternative,2-lieu-bac,,decision/sentier-lieu-du-bac,rn:tentative
stage/sentier-bac,rn:status,status/annoncee,rn:superseded,1-annonce-bac,2-bac,,rn:explicit
stage/sentier-gue,dcterms:title,Réparer ensemble,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,schema:location,place/dole,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,schema:startDate,2013-04-10,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,rn:dateAsPrinted,10/04/2013,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,rn:startTime,14:00:00,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,rn:endTime,17:00:00,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,rn:timeAsPrinted,14 h / 17 h,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-gue,rn:status,status/annoncee,rn:superseded,1-annonce-gue,2-gue,,rn:explicit
stage/sentier-lavoir,rn:number,3,rn:alternative,2-autre-rang-lavoir,,reading/sentier-rang-3,rn:tentative
stage/sentier-lavoir,rn:status,status/annoncee,rn:superseded,1-annonce-lavoir,2-lavoir,,rn:explicit
stage/sentier-moulin,schema:startDate,2013-05-15,rn:superseded,1-annonce-moulin,2-moulin,,rn:explicit
stage/sentier-moulin,rn:dateAsPrinted,15/05/2013,rn:superseded,1-annonce-moulin,2-moulin,,rn:explicit
stage/sentier-moulin,rn:startTime,10:00:00,rn:superseded,1-annonce-moulin,2-moulin,,rn:explicit
stage/sentier-moulin,rn:endTime,12:00:00,rn:superseded,1-annonce-moulin,2-moulin,,rn:explicit
stage/sentier-moulin,rn:timeAsPrinted,10 h / 12 h,rn:superseded,1-annonce-moulin,2-moulin,,\
rn:explicit
stage/sentier-pont,rn:status,status/annoncee,rn:superseded,1-annonce-pont,2-pont,,rn:explicit
"""
COLUMNS = ["thing", "property", "value", "standing", "said_in", "replaced_by", "decided_by", "how"]


def test_a_question_asks_what_was_said_before(of_letters: EmbeddedStore) -> None:
    question = load()["what_was_said_before"]

    def answered(**values: NamedNode) -> set[str]:
        rows = seen_through(of_letters.select(question.bind(values)), COLUMNS)
        assert set(rows.values()) <= {1}
        letters = [row for row in rows if row[4].startswith("assertion-set/sentier-")]
        return {",".join(row).replace("assertion-set/sentier-", "") for row in letters}

    expected = set(SAID_BEFORE.splitlines())
    assert answered() == expected
    assert answered(thing=GUE) == {row for row in expected if "sentier-gue" in row}
    sure = answered(certainty=NamedNode(f"{RN}explicit"))
    assert sure == {row for row in expected if row.endswith("explicit")}


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
        of_letters.select(load()["readings_not_taken"].bind()),
        ["question", "reading", "set", "thing", "property", "value", "how"],
    )
    [reading] = [row for row in told if row[0].startswith("question/sentier-")]
    assert reading == (
        "question/sentier-rang-du-lavoir",
        "reading/sentier-rang-3",
        "assertion-set/sentier-2-autre-rang-lavoir",
        *("stage/sentier-lavoir", "rn:number", "3", "rn:tentative"),
    )


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """The data with a decision on a set that says nothing."""
    data = two_letters.beside_carnet(tmp_path / "data")
    file = data / "carnets" / "sentier" / "lettre-2.trig"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("rn:ofSet <assertion-set/sentier-2-", "rn:ofSet <assertion-set/no-")
    )
    return data


def test_what_cannot_be_decided_leaves_everything_as_it_was(bad: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"lettre-2.trig, line \d+: decision/sentier-lieu-du-bac"):
        building.build(tmp_path / "out", data=bad)
    assert not [*(tmp_path / "out").glob("[!.]*")]


def test_a_graph_that_only_a_build_makes_is_refused_in_data(tmp_path: Path) -> None:
    data = two_letters.beside_carnet(tmp_path / "data", ())
    (data / "own.nq").write_text(f"<{ID}a> <{ID}b> <{ID}c> <{ID}standing/a-superseded> .\n")
    with pytest.raises(SourceError, match="a graph that only a build makes"):
        building.completed(building.read(data, ontology_dir()))


def test_a_change_of_what_is_held_moves_statements_and_is_taken_back(tmp_path: Path) -> None:
    data = two_letters.beside_carnet(tmp_path / "data")
    held = HeldContent(data, ontology_dir())
    before = held.report()
    sets = [
        q
        for q in building.read(data, ontology_dir()).data
        if "/sentier-2-gue>" in str(q.graph_name)
    ]
    assert not held.change(sets, ()).brought, "what was announced is current again"
    assert held.report().conforms
    held.change((), sets)
    assert held.report() == before


def test_a_difference_tells_a_change_of_standing_as_such(
    letters: Release, tmp_path: Path, rallynov: Callable[..., Ran]
) -> None:
    first = two_letters.beside_carnet(tmp_path / "data", [two_letters.FIRST])
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
    site = create_app(
        EmbeddedStore.of_release(letters), letters, earlier=compared(letters, [before.path])
    )
    page = site.test_client().get("/changes?what=standing").get_data(as_text=True)
    assert "Validité changée" in page
    assert "Réparer ensemble" in page
    assert "remplacé par" in page
    table = site.test_client().get("/changes.csv").get_data(as_text=True)
    assert "explicit,explicit (superseded)" in table


def test_a_changed_file_with_a_decision_that_cannot_be_followed_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    data = two_letters.beside_carnet(tmp_path / "data")
    held = HeldContent(data, ontology_dir())
    before = held.report()
    changed = tmp_path / "changed.trig"
    text = (data / "carnets" / "sentier" / "lettre-2.trig").read_text("utf-8")
    changed.write_text(
        text.replace("rn:standing rn:alternative", "rn:standing rn:retracted"), "utf-8"
    )
    with pytest.raises(SourceError, match=r"changed.trig, line \d+: .*rn:inFavourOf is missing"):
        held.replace_graphs(sources.quads([changed], relative_iris=False), [changed])
    assert held.report() == before

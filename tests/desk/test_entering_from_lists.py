"""Documents A and C entered from their lists, as tables: every fact, in few characters."""

import os
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from decided import lines_of, rallynov, size, trig_size
from decided_trial import Entered, alone, beside_carnet_2
from rallynov_graph.base.namespaces import RN
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from trial_trig import written

pytestmark = pytest.mark.usefixtures("uncounted")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    return alone(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    lists = os.environ.get("RALLYNOV_TRIAL")
    if not lists:
        pytest.skip("RALLYNOV_TRIAL does not name the folder of the invented documents")
    return beside_carnet_2(tmp_path_factory.mktemp("second"), Path(lists))


@pytest.fixture(params=["other", "second"])
def entered(request: pytest.FixtureRequest) -> Entered:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Entered)
    return found


def test_it_builds_without_a_fault(entered: Entered, tmp_path: Path) -> None:
    release = building.build(tmp_path, data=entered.root / "data")
    assert release.manifest.findings["Violation"] == 0


def facts(quads: list[Quad]) -> set[tuple[str, str, str]]:
    """Return what the sets state, whichever set it is."""
    certain = {quad.subject for quad in quads if quad.predicate.value == f"{RN}certainty"}
    return {
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in quads
        if quad.graph_name in certain
    }


def test_each_fact_of_its_list_is_stated_and_no_other(entered: Entered) -> None:
    path = entered.folder.trig_file(entered.document.slug)
    wanted = facts([*parse(written(entered.document).encode(), format=RdfFormat.TRIG)])
    found = facts([*sources.quads([path], relative_iris=False)])
    assert wanted - found == set()
    more = found - wanted
    assert {prop for _, prop, _ in more} <= {f"<{RN}nameAsPrinted>"}, "only printed names"


def test_the_decisions_are_a_quarter_of_the_files_at_most(entered: Entered) -> None:
    lines = lines_of(entered.folder, "lecteur")
    assert size(lines) <= trig_size(entered.folder) / 4


def test_the_decisions_have_no_words_of_the_text_but_names(entered: Entered) -> None:
    """Nine words in a row would be a sentence of the document's."""
    text = " ".join(entered.document.text.split())
    for line in lines_of(entered.folder, "lecteur"):
        words = " ".join(line.split()).split(" ")
        runs = (" ".join(words[at : at + 9]) for at in range(len(words) - 8))
        assert not any(run in text for run in runs), line


def test_a_table_taken_in_twice_brings_nothing_new(entered: Entered) -> None:
    before = lines_of(entered.folder, "lecteur")
    options = ("--source", entered.text, "--document", entered.document.slug)
    table = entered.root / "facts.csv"
    said = rallynov("import", entered.root, table, *options, "--reader", "agent/lecteur")
    assert said.status == 0, said
    assert lines_of(entered.folder, "lecteur") == before

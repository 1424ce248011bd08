"""The invented newsletter entered as a table: every fact, in few characters."""

from pathlib import Path

import pytest

from decided import lines_of, rallynov, size, trig_size
from decided_trial import READER, TABLE, Entered, alone
from rallynov_graph.base.namespaces import RN
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from trial import facts_of

pytestmark = pytest.mark.usefixtures("uncounted")


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    return alone(tmp_path_factory.mktemp("entered"))


def test_it_builds_without_a_fault(entered: Entered, tmp_path: Path) -> None:
    release = building.build(tmp_path, data=entered.root / "data")
    assert release.manifest.findings["Violation"] == 0


def test_each_fact_of_its_list_is_stated_and_no_other(entered: Entered) -> None:
    path = entered.folder.trig_file(entered.document.slug)
    wanted = facts_of(entered.document.quads)
    found = facts_of(sources.quads([path], relative_iris=False))
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
    said = rallynov("import", entered.root, TABLE, *options, "--reader", READER)
    assert said.status == 0, said
    assert lines_of(entered.folder, "lecteur") == before

"""The invented newsletter entered as a table: every fact, in few characters."""

from pathlib import Path

import pytest

import trial
from decided import Said, lines_of, rallynov
from decided_trial import READER, TABLE, Entered, to_enter_alone
from rallynov_graph.base.namespaces import RN
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from trial import facts_of


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    it = to_enter_alone(tmp_path_factory.mktemp("entered"))
    assert taken_in(it).status == 0
    assert rallynov("write", it.root).status == 0
    return it


def taken_in(it: Entered) -> Said:
    """Return what the import of the table of facts says."""
    options = ("--source", it.text, "--document", it.slug, "--reader", READER)
    return rallynov("import", it.root, TABLE, *options)


def test_it_builds_without_a_fault(entered: Entered, tmp_path: Path) -> None:
    release = building.build(tmp_path, data=entered.root / "data")
    assert release.manifest.findings["Violation"] == 0


def test_each_fact_of_its_list_is_stated_and_no_other(entered: Entered) -> None:
    wanted = facts_of(sources.quads([trial.TRIAL / f"{entered.slug}.trig"], relative_iris=False))
    path = entered.folder.trig_file(entered.slug)
    found = facts_of(sources.quads([path], relative_iris=False))
    assert wanted - found == set()
    more = found - wanted
    assert {prop for _, prop, _ in more} <= {f"<{RN}nameAsPrinted>"}, "only printed names"


def test_the_decisions_are_short_have_no_words_of_the_text_but_names_and_stay_as_they_are(
    entered: Entered,
) -> None:
    """Nine words in a row would be a sentence of the document's."""
    lines = lines_of(entered.folder, "lecteur")
    written = entered.folder.trig_file(entered.slug).read_text("utf-8")
    assert len("\n".join(lines)) <= len(written) / 4
    text = " ".join(entered.text.read_text("utf-8").split())
    for line in lines:
        words = " ".join(line.split()).split(" ")
        runs = (" ".join(words[at : at + 9]) for at in range(len(words) - 8))
        assert not any(run in text for run in runs), line
    assert taken_in(entered).status == 0
    assert lines_of(entered.folder, "lecteur") == lines, "taken in twice, it brings nothing new"

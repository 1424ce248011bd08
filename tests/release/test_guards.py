"""What keeps a release, and the data that it is made from, from being something else."""

from pathlib import Path

import pytest

from rallynov_graph.base.errors import SourceError
from rallynov_graph.release import release as releases
from rallynov_graph.release import withdrawals, withdrawing

DATA = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://example.org/> .
:graph {
    :one rdfs:label "Ace" ; :knows :two .
    :two rdfs:label "a place" ; :knows :one .
    :three rdfs:label "the palace of One" ; :knows :two .
}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a file of data that its group may read, and may not write."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "all.trig").write_text(DATA, "utf-8")
    (tmp_path / "data" / "all.trig").chmod(0o640)
    return tmp_path / "data"


def test_what_was_withdrawn_before_stays_so(data: Path) -> None:
    marks = {
        withdrawing.withdraw(f"https://example.org/{one}", data).hash for one in ("one", "two")
    }
    assert len(marks) == 2
    assert withdrawals.read(data / withdrawals.FILE) == marks


def test_who_may_read_a_file_still_may_when_a_thing_has_gone(data: Path) -> None:
    withdrawing.withdraw("https://example.org/one", data)
    assert (data / "all.trig").stat().st_mode & 0o777 == 0o640


def test_a_name_that_stands_in_many_words_is_no_trace(data: Path) -> None:
    """« Ace » is in « place » and in « palace », « One » is in « none »."""
    assert withdrawing.withdraw("https://example.org/one", data).traces == ()


@pytest.mark.parametrize("spelling", [r"<https://example.org/\u006fne>", r":o\-ne"])
def test_a_thing_that_is_spelt_in_another_way_does_not_stay_unseen(
    data: Path, spelling: str
) -> None:
    file = data / "all.trig"
    file.write_text(file.read_text("utf-8") + f":other {{ :four :knows {spelling} . }}\n", "utf-8")
    before = file.read_bytes()
    name = "https://example.org/o-ne" if "-" in spelling else "https://example.org/one"
    try:
        withdrawing.withdraw(name, data)
    except SourceError:
        assert file.read_bytes() == before
    else:
        assert b"four" not in file.read_bytes()


def test_a_statement_that_moves_between_data_and_ontology_makes_another_release(
    tmp_path: Path,
) -> None:
    def identified(data: str, ontology: str) -> str:
        (tmp_path / "data").write_text(data)
        (tmp_path / "ontology").write_text(ontology)
        return releases.identity(tmp_path / "data", tmp_path / "ontology")[0]

    assert identified("a\nb\n", "c\n") != identified("a\n", "b\nc\n")


def test_the_latest_release_lies_in_its_folder(tmp_path: Path) -> None:
    for folder in ("elsewhere", "out/within/deep"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / releases.MANIFEST).write_text("{}")
    for name in ("../elsewhere", str(tmp_path / "elsewhere"), "within/deep"):
        (tmp_path / "out" / releases.LATEST).write_text(name)
        assert releases.latest(tmp_path / "out") is None

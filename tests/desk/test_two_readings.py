"""Two readings of one document: what they differ in, how far they agree, and what is written."""

import re
import shutil
from pathlib import Path

import pytest

from decided import Said, lines_of, rallynov
from rallynov_graph.desk.reading_comparison import kappa
from small_programme import SmallProgramme, fact

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
STAGE = "ouvre l'étape de Nantua le 3 avril 2014"
SHARED = (
    fact("L'Atelier du Lac", "", "", WORKSHOP, subject_type="organisation"),
    fact("Prêt d’outils@fr", "carriedBy", "L'Atelier du Lac", WORKSHOP, subject_type="Innovation"),
)
ANNES = (
    fact("Étape de Nantua@fr", "schema:startDate", "2014-04-03", STAGE, subject_type="étape"),
    fact("Luc Essart", "", "", "Luc Essart", subject_type="personne"),
)
LUCS = (
    fact(
        "stage/a-nantua",
        "schema:startDate",
        "2014-04-03",
        STAGE,
        subject_type="étape",
        certainty="inferred",
        reason="L’année est celle de la lettre.@fr",
    ),
    {"subject": "stage/a-nantua", "property": "rdfs:label", "object": "étape de Nantua@fr"},
    fact("Anne Orvault", "", "", "Anne Orvault", subject_type="personne"),
)


@pytest.fixture
def twice_read(two_readings: SmallProgramme, tmp_path: Path) -> SmallProgramme:
    """A document that two people read, in a folder of its own."""
    shutil.copytree(two_readings.root, tmp_path, dirs_exist_ok=True)
    return SmallProgramme(tmp_path, tmp_path / two_readings.text.name)


@pytest.fixture(scope="module")
def two_readings(tmp_path_factory: pytest.TempPathFactory) -> SmallProgramme:
    small = SmallProgramme.made(tmp_path_factory.mktemp("two"))
    for reader, rows in (("anne", ANNES), ("luc", LUCS)):
        said = small.take_in(small.table(*SHARED, *rows), "--reader", f"agent/{reader}")
        assert said.status == 0, said
    return small


def compared(small: SmallProgramme, *options: str) -> Said:
    return rallynov("compare-readings", small.root, small.slug, *options)


def differences(said: Said) -> dict[str, str]:
    """The ids of the differences by the thing that they are about."""
    found = re.findall(r"^  ([0-9a-f]{6})  (\S+), (.*)$", said.out, re.MULTILINE)
    return {f"{thing} {name.rpartition('(')[2].rstrip(')')}": it for it, thing, name in found}


def test_the_second_reader_has_a_file_and_things_of_one_name_are_one(
    twice_read: SmallProgramme,
) -> None:
    assert lines_of(twice_read.folder, "anne") != lines_of(twice_read.folder, "luc")
    said = compared(twice_read)
    assert said.status == 1
    assert {*differences(said)} == {
        "stage/etape-de-nantua schema:startDate",
        "stage/etape-de-nantua rdf:type",
        "person/luc-essart rdf:type",
        "person/luc-essart rn:nameAsPrinted",
        "person/anne-orvault rdf:type",
        "person/anne-orvault rn:nameAsPrinted",
    }
    assert "carriedBy" not in "".join(differences(said)), "both say it alike"
    french = compared(twice_read, "--lang", "fr").out
    assert re.search(r"\(rn:carriedBy\) +1 +0 +0 +–", said.out)
    assert re.search(r"certainty of what both state \(same, other\) +\d", said.out)
    assert "type de fait" in french and "différence(s) à départager" in french
    assert re.search(r"anne\u00a0: “2014-04-03” \(explicit, caractères \d+–\d+\)", french)


def test_nothing_is_written_before_all_is_settled(twice_read: SmallProgramme) -> None:
    said = rallynov("write", twice_read.root)
    assert said.status == 2
    assert "6 differences between anne and luc are not resolved" in said.err
    assert "rallynov compare-readings" in said.err
    one = differences(compared(twice_read))["stage/etape-de-nantua schema:startDate"]
    assert compared(twice_read, "--take", f"{one}=anne").status == 1
    said = rallynov("write", twice_read.root)
    assert (said.status, "5 differences between anne and luc are not resolved" in said.err) == (
        2,
        True,
    )


def test_what_is_settled_is_written_and_the_readings_stay(twice_read: SmallProgramme) -> None:
    before = [lines_of(twice_read.folder, reader) for reader in ("anne", "luc")]
    found = differences(compared(twice_read))
    taken = {
        "stage/etape-de-nantua schema:startDate": "luc",
        "stage/etape-de-nantua rdf:type": "luc",
        "person/luc-essart rdf:type": "luc",
        "person/luc-essart rn:nameAsPrinted": "luc",
        "person/anne-orvault rdf:type": "both",
        "person/anne-orvault rn:nameAsPrinted": "luc",
    }
    options = [it for name, who in taken.items() for it in ("--take", f"{found[name]}={who}")]
    said = compared(twice_read, *options)
    assert said.status == 0, said
    assert "No difference to resolve; 6 resolved" in said.out
    text = twice_read.written()
    assert "rn:certainty rn:inferred" in text
    assert 'rn:reason "L’année est celle de la lettre."@fr' in text
    assert "stage:etape-de-nantua a rn:Stage" in text
    assert "stage:a-nantua" not in text, "it has the address of the first reading"
    assert "GRAPH" in text and "person:luc-essart a" not in text
    assert "person:anne-orvault a foaf:Person" in text
    assert 'person:anne-orvault rdfs:label "Anne Orvault"' in text
    assert text.count("rn:carriedBy organisation:l-atelier-du-lac") == 1
    assert [lines_of(twice_read.folder, reader) for reader in ("anne", "luc")] == before


def test_a_change_after_settling_goes_on_top_of_it_or_is_settled_again(
    twice_read: SmallProgramme,
) -> None:
    found = differences(compared(twice_read))
    options = [it for one in found.values() for it in ("--take", f"{one}=anne")]
    assert compared(twice_read, *options).status == 0
    text = twice_read.written()
    file = twice_read.folder.trig_file(twice_read.slug)
    file.write_text(text.replace('"Prêt d’outils"@fr', '"Le prêt"@fr'), "utf-8")
    before = [lines_of(twice_read.folder, reader) for reader in ("anne", "luc")]
    assert rallynov("write", twice_read.root).status == 2
    assert rallynov("import", twice_read.root, file).status == 0
    assert '"Le prêt"@fr' in twice_read.written()
    assert [lines_of(twice_read.folder, reader) for reader in ("anne", "luc")] == before
    row = fact("L'Atelier du Lac", "org:classification", "organisation-kind/reseau", WORKSHOP)
    assert twice_read.take_in(twice_read.table(row), "--reader", "agent/luc").status == 0
    assert compared(twice_read).status == 1
    told = rallynov("write", twice_read.root).err
    assert "1 difference between anne and luc is not resolved" in told


def test_what_cannot_be_compared_is_a_sentence(twice_read: SmallProgramme) -> None:
    for arguments, reason in (
        (["--take", "ffffff=anne"], "No difference is called ffffff"),
        (["--take", "ffffff"], "write a difference, = and a reader"),
        (["anne", "lucie"], "Nobody called lucie read lettre-1: did you mean luc?"),
        (["anne"], "a comparison needs two readings"),
    ):
        said = compared(twice_read, *arguments)
        assert (said.status, reason in said.err) == (2, True), said.err


def test_who_reads_the_same_after_the_first_was_written_agrees_in_everything(
    tmp_path: Path,
) -> None:
    small = SmallProgramme.made(tmp_path)
    assert small.take_in(small.table(*SHARED), "--reader", "agent/anne").status == 0
    alone = compared(small)
    assert (alone.status, "a comparison needs two readings" in alone.err) == (2, True)
    small.written()
    assert small.take_in(small.table(*SHARED), "--reader", "agent/luc").status == 0
    said = compared(small)
    assert (said.status, "No difference to resolve" in said.out) == (0, True), said
    assert small.written().count("rn:carriedBy") == 1


def test_kappa_is_cohens() -> None:
    """The third case is the usual example: 0.7 observed, 0.5 by chance."""
    for counts, wanted in (
        ({"aa": 1, "bb": 1}, 1.0),
        ({"aa": 1, "ab": 1, "ba": 1, "bb": 1}, 0.0),
        ({"yy": 20, "yn": 5, "ny": 10, "nn": 15}, 0.4),
        ({"aa": 2}, None),
        ({}, None),
    ):
        found = kappa([(one, other) for (one, other), n in counts.items() for _ in range(n)])
        assert found == (wanted if wanted is None else pytest.approx(wanted))

"""Statements entry by entry: the same as a reading comes to, whatever came before."""

from pathlib import Path

from pyoxigraph import Quad

from decided import rallynov
from rallynov_graph.desk.document_folder import current_reading
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.implied import LABEL
from rallynov_graph.desk.quads_to_reading import quads_of
from rallynov_graph.desk.session.entry_quads import EntryQuads
from small_programme import SmallProgramme, fact

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
ANNE = "Anne Orvault, de l'Atelier du Lac, ouvre l'étape de Nantua le 3 avril 2014"


def without_implied_names(quads: set[Quad]) -> set[Quad]:
    kinds = {"passage", "assertion-set"}
    return {
        it
        for it in quads
        if it.predicate.value != LABEL or not kinds & {*str(it.subject).split("/")}
    }


def test_statements_follow_a_reading_entry_by_entry(tmp_path: Path) -> None:
    small = SmallProgramme.made(tmp_path)
    small.take_in(
        small.table(
            fact("L'Atelier du Lac", "", "", WORKSHOP, subject_type="organisation"),
            fact("Prêt@fr", "carriedBy", "l'atelier du lac", WORKSHOP, subject_type="innovation"),
            fact("Prêt", "nature", "nature/pratique", WORKSHOP, certainty="inferred", reason="x"),
            fact("Anne Orvault", "", "", ANNE, subject_type="personne"),
        )
    )
    assert rallynov("write", small.root).status == 0
    current = current_reading(small.folder)
    assert current is not None
    reading: DocumentReading = current.reading
    quads = EntryQuads(reading)
    said = {*quads_of(reading)}
    assert without_implied_names({*quads.quads}) == without_implied_names(said)
    entries = dict(reading.entries)
    for key in [it for it in entries if "assertion-set" in it[1]]:
        fewer = DocumentReading(
            reading.text,
            reading.reader,
            {k: v for k, v in entries.items() if k != key},
            main_graph=reading.main_graph,
        )
        gone, come = quads.follow(fewer)
        assert gone and not come
        assert {*quads.quads} == {*EntryQuads(fewer).quads}
        assert quads.follow(reading) == (come, gone)

"""A table of facts: what has its place is taken in, what has none is told with line and reason."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from decided import lines_of, rallynov
from small_programme import TELEPHONE, TEXT, SmallProgramme, fact

WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
ANNE = "Anne Orvault, de l'Atelier du Lac, ouvre l'étape de Nantua le 3 avril 2014"
NEW = {"subject_type": "organisation"}


@pytest.fixture
def small(tmp_path: Path) -> SmallProgramme:
    return SmallProgramme.made(tmp_path)


def test_names_and_quotations_become_things_and_passages(small: SmallProgramme) -> None:
    table = small.table(
        fact("L'Atelier du Lac", "", "", WORKSHOP, **NEW),
        fact(
            "Prêt d’outils@fr",
            "carriedBy",
            "l'atelier du lac",
            WORKSHOP,
            subject_type="rn:Innovation",
        ),
        fact("Étape de Nantua@fr", "schema:startDate", "2014-04-03", ANNE, subject_type="étape"),
        fact(
            "Prêt d’outils",
            "thème",
            "theme/mutualisation",
            WORKSHOP,
            certainty="inferred",
            reason="Prêter est lu comme une mutualisation.@fr",
        ),
        {"subject": "Prêt d’outils", "property": "dcterms:description", "object": "Un prêt.@fr"},
    )
    said = small.take_in(table)
    assert (said.status, "could not" in said.out) == (0, False), said
    text = small.written()
    start = TEXT.index(WORKSHOP)
    assert f"passage:lettre-1-{start}-{start + len(WORKSHOP)} a rn:Passage" in text
    assert "innovation:pret-d-outils a rn:Innovation ;" in text
    assert "rn:carriedBy organisation:l-atelier-du-lac" in text
    assert 'rn:nameAsPrinted "L\'Atelier du Lac"' in text, "it stands in the words"
    assert 'schema:startDate "2014-04-03"^^xsd:date' in text
    assert "dcterms:subject theme:mutualisation" in text
    assert 'rn:reason "Prêter est lu comme une mutualisation."@fr' in text
    assert 'dcterms:description "Un prêt."@fr' in text
    assert "xsd:date" not in lines_of(small.folder)[-1]


def test_a_row_without_a_place_is_told_and_the_others_are_taken_in(small: SmallProgramme) -> None:
    file = (Path(__file__).parent / "rows_without_a_place.toml").read_text("utf-8")
    refused = tomllib.loads(file.replace("{anne}", ANNE).replace("{telephone}", TELEPHONE))["row"]
    empty = dict.fromkeys(("subject", "property", "object", "quotation"), "")
    rows = [{**empty, **NEW, **it["cells"]} for it in refused]
    good = fact("Luc Essart", "", "", "Luc Essart tient un stand", subject_type="personne")
    for language in ("french", "english"):
        said = small.take_in(small.table(*rows, good), "--lang", language[:2])
        assert said.status == 1
        for line, it in enumerate(refused, 2):
            told = re.search(rf"(?:ligne|line) {line} ?: (.*)", said.out)
            assert told and it[language] in told[1], it
    assert "person:luc-essart a foaf:Person" in small.written()
    assert TELEPHONE not in "".join(lines_of(small.folder))


def test_a_term_of_an_ontology_is_described_and_read_again(small: SmallProgramme) -> None:
    row = {"subject": "org:Organization", "property": "rdfs:label", "object": "Structure@fr"}
    assert small.take_in(small.table(row)).status == 0
    assert 'org:Organization rdfs:label "Structure"@fr' in small.written()


def test_quotations_are_found_by_occurrence_and_in_pieces(small: SmallProgramme) -> None:
    rows = (
        fact("L'Atelier du Lac", "", "", "Atelier du Lac", occurrence="2", **NEW),
        fact("Luc Essart", "", "", "Nantua […] Luc Essart", subject_type="personne"),
    )
    table = small.table(*rows)
    text = table.read_text("utf-8").replace(",", ";")
    table.write_bytes(b"\xef\xbb\xbf" + text.encode())  # as a spreadsheet writes it
    assert small.take_in(table).status == 0
    start, at, written = TEXT.rindex("Atelier du Lac"), TEXT.index, small.written()
    assert f"passage:lettre-1-{start}-{start + 14}" in written
    assert (
        f"rn:passage passage:lettre-1-{at('Nantua')}-{at('Nantua') + 6}, "
        f"passage:lettre-1-{at('Luc')}-{at('Luc') + 10}"
    ) in written


NO_TABLES = (
    (b"", "it is empty"),
    (b"subject,property\n", "line 1: the column object is missing"),
    (b"subject,property,objet\n", "did you mean object?"),
    (b"subject,property,object,object\n", "two columns are called object"),
    ("subject,property,object\né,a,b\n".encode("latin-1"), "line 2: it is not encoded in UTF-8"),
    (b'subject,property,object\n"a,b,c\n', "it is not a table"),
    (b"subject,property,object\n" + b"a" * 200_000 + b",b,c\n", "it is not a table"),
)


def test_what_is_no_table_is_refused_whole(small: SmallProgramme) -> None:
    table = small.root / "faits.csv"
    for content, reason in NO_TABLES:
        table.write_bytes(content)
        said = small.take_in(table)
        assert (said.status, said.err.count("\n")) == (2, 1)
        assert reason in said.err
    table.write_text("subject,property\n", "utf-8")
    french = small.take_in(table, "--lang", "fr")
    assert (french.status, "ligne 1 : la colonne object manque" in french.err) == (2, True)
    for name in ("faits.csv", "annotations.json"):
        path = small.root / name
        path.touch()
        os.truncate(path, (50 << 20) + 1)
        said = small.take_in(path, "--lang", "fr")
        large = f"rallynov: {path} : il dépasse 50 Mio : découpez-le\n"
        assert (said.status, said.err) == (2, large)
    assert not small.folder.path.exists(), "nothing was written down"
    table.write_text("subject,property,object\na,b,c,d\n", "utf-8")
    (small.root / "data" / "documents").write_text("no folder")
    said = small.take_in(table)
    assert (said.status, "it cannot be written" in said.err) == (2, True), said
    (small.root / "data" / "documents").unlink()
    said = small.take_in(table)
    assert (said.status, "“d” is to the right of the last column" in said.out) == (1, True)


def test_another_text_than_the_one_decided_about_is_refused_with_the_way_on(
    small: SmallProgramme,
) -> None:
    table = small.table(fact("Luc Essart", "", "", "Luc Essart", subject_type="personne"))
    assert small.take_in(table).status == 0
    before = lines_of(small.folder)
    small.text.write_text(TEXT.replace("mars", "avril"), "utf-8")
    said = small.take_in(table)
    assert said.status == 2
    assert "it is not the text of document/lettre-1" in said.err and "rallynov reanchor" in said.err
    assert lines_of(small.folder) == before


def test_a_document_has_the_text_that_is_given_or_that_is_called_so(small: SmallProgramme) -> None:
    table = small.table(fact("Luc Essart", "", "", "Luc Essart", subject_type="personne"))
    said = rallynov("import", small.root, table, "--document", "lettre-1")
    assert (said.status, "--source" in said.err) == (2, True)
    for options in (("--document", ".."), ("--document", "a b"), ("--reader", "agent/settled")):
        said = small.take_in(table, *options)
        assert (said.status, "is not the name of a document" in said.err) == (2, True), said
    (small.root / "texts").mkdir()
    small.text.rename(small.root / "texts" / "lettre-9.txt")
    said = rallynov("import", small.root, table, "--document", "lettre-7")
    assert (said.status, "give only the text of lettre-7" in said.err) == (2, True), said
    assert not (small.root / "data" / "documents").exists()
    assert rallynov("import", small.root, table).status == 0, "it names the document"


def test_a_name_of_several_things_is_told_with_their_addresses(small: SmallProgramme) -> None:
    rows = [
        {"subject": f"person/luc-{number}", "property": "rdfs:label", "object": "Luc Essart"}
        for number in (1, 2)
    ]
    doubtful = fact("Luc Essart", "a", "foaf:Person", "Luc Essart")
    said = small.take_in(small.table(*rows, doubtful))
    assert said.status == 1
    assert "“Luc Essart” names 2 things" in said.out
    assert "person/luc-1, person/luc-2" in said.out


def test_hostile_cells_stay_texts(small: SmallProgramme) -> None:
    name = 'x" . } GRAPH <urn:a> { <urn:b> <urn:c> "\\u0022'
    rows = [
        {"subject": "person/luc", "property": "rdfs:label", "object": name},
        fact("person/luc", "a", "foaf:Person", "Luc Essart", reason=f"{name}@fr"),
    ]
    assert small.take_in(small.table(*rows)).status == 0
    assert "GRAPH <urn:a>" not in [line.strip()[:13] for line in small.written().splitlines()]
    assert rallynov("write", small.root).status == 0


def test_one_set_has_one_certainty(small: SmallProgramme) -> None:
    shared = {"subject_type": "personne", "set": "luc"}
    rows = [
        fact("Luc Essart", "", "", "Luc Essart", **shared),
        fact("Luc Essart", "schema:jobTitle", "x@fr", "Luc Essart", certainty="inferred", **shared),
    ]
    said = small.take_in(small.table(*rows))
    assert (said.status, "line 3: the set “luc” has other words" in said.out) == (1, True)


def test_a_better_text_is_carried_over_taken_in_and_gone_on_with(small: SmallProgramme) -> None:
    row = fact("Luc Essart", "", "", "Luc Essart", subject_type="personne")
    assert small.take_in(small.table(row)).status == 0
    small.written()
    better = small.root / "better.txt"
    better.write_text(f"En tête\n{TEXT}", "utf-8")
    options = ("--data", small.root / "data", "--method", "transcription", "--write")
    assert rallynov("reanchor", small.text, better, *options).status == 0
    assert rallynov("import", small.root, small.folder.path).status == 0
    another = fact("Anne Orvault", "", "", "Anne Orvault", subject_type="personne")
    table = small.table(another)
    said = rallynov("import", small.root, table, "--source", better, "--document", "lettre-1")
    assert said.status == 0, said
    text = small.written()
    start, old = f"En tête\n{TEXT}".index("Luc Essart"), TEXT.index("Luc Essart")
    assert f"passage:lettre-1-{old}-{old + 10} a rn:Passage" in text, "its address stays"
    assert f"oa:start {start} ; oa:end {start + 10}" in text
    assert "person:anne-orvault a foaf:Person" in text


def test_texts_in_several_languages_stand_in_one_cell(small: SmallProgramme) -> None:
    rows = [
        fact("Four@fr | Oven@en", "", "", WORKSHOP, subject_type="innovation"),
        fact(
            "Four",
            "dcterms:description",
            '"Un four, à tous."@fr, "An oven for all."@en',
            "",
        ),
        fact("Douze", "rdf:value", "12", WORKSHOP, subject_type="figure"),
    ]
    assert small.take_in(small.table(*rows)).status == 0
    text = small.written()
    assert 'innovation:four rdfs:label "Four"@fr, "Oven"@en' in text
    assert 'dcterms:description "Un four, à tous."@fr, "An oven for all."@en' in text
    assert "figure:lettre-1-douze a rn:ReportedFigure ;\n        rdf:value 12 ." in text

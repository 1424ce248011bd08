"""``rallynov new``, and the commands on the folder of another programme."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from programmes import rallynov_in
from rallynov_graph.base import programme
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.programme import SETTING
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import release as releases
from rallynov_graph.release.new_programme import NewProgramme, make

BASE = "https://example.org/lac/"
WANTED = NewProgramme(BASE, 'Les "lettres" du Lac', ("fr",), date(2026, 11, 28))


@pytest.fixture(scope="module")
def lac(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programmes") / "lac"
    make(folder, WANTED)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    make(tmp_path / "own", WANTED)
    return tmp_path / "own"


def kept(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_builds_without_a_violation_and_every_command_opens_its_release(
    lac: Path,
) -> None:
    built = rallynov_in(lac.parent, "build", "lac")
    assert built.returncode == 0, built.stderr
    assert "findings: 0 violations" in built.stdout
    folder = lac.parent / built.stdout.splitlines()[-1]
    assert folder.parent == lac / "releases"
    data = (folder / releases.DATA).read_text("utf-8")
    assert f"<{BASE}id/innovation/pret-d-outils>" in data
    assert "w3id.org/rallynov/id/" not in data
    assert not [
        file for file in (lac / "data").rglob("*") if file.is_file() and b"@en" in file.read_bytes()
    ]
    assert "theme/" not in data
    checked = rallynov_in(lac.parent, "check", "lac/releases")
    assert checked.returncode == 0, checked.stderr
    asked = rallynov_in(
        lac.parent, "--programme", "lac", "query", "names_of_organisations", "--format", "csv",
    )  # fmt: skip
    assert f"{BASE}id/organisation/l-atelier-du-lac" in asked.stdout, asked.stderr


def test_its_passages_are_carried_to_a_better_text(own: Path) -> None:
    text = (own / "texts" / "exemple.txt").read_text("utf-8")
    (own / "better.txt").write_text(f"\n{text}", "utf-8")
    texts = ("own/texts/exemple.txt", "own/better.txt")
    options = ("--data", "own/data", "--method", "transcription", "--write")
    ran = rallynov_in(own.parent, "reanchor", *texts, *options)
    assert ran.returncode == 0, ran.stderr
    ran = rallynov_in(own.parent, "validate", "own", "--source", "own/better.txt")
    assert "The data conform: 0 violations" in ran.stdout, ran.stdout


FAULTS = [
    ("format = 2\n", "line 1: a newer version of rallynov made this programme"),
    ("base = 1\n", "format is the number of its form: write format = 1"),
    ("format = 1\n\nbasis = 'x'\n", "line 3: basis is not one of format, base, kinds"),
    ("format = \n", "it is not TOML"),
    ("format = 1\n", "base is missing"),
    ("format = 1\nbase = 'http://example.org/'\n", "line 2: the base 'http://example.org/'"),
]


def test_a_folder_that_is_no_programme_of_this_version_is_told(tmp_path: Path) -> None:
    for content, told in FAULTS:
        (tmp_path / programme.FILE).write_text(content, "utf-8")
        with pytest.raises(RallynovError) as error:
            programme.read(tmp_path)
        assert told in str(error.value)
        assert str(tmp_path / programme.FILE) in str(error.value)


NOT_OWN = [
    "",
    "http://example.org/x/",
    "https://w3id.org/rallynov/",
    "https://w3id.org/rallynov/id/",
    "https://localhost/x/",
    "https://127.0.0.1/x/",
    "https://[::1]/x/",
    "https://intranet/x/",
    "https://example.org",
    "https://example.org/x",
    "https://example.org/x/?a/",
    "https://me@example.org/x/",
    "example.org/",
]


def test_a_base_that_is_not_ones_own_is_refused_and_nothing_written(tmp_path: Path) -> None:
    for base in NOT_OWN:
        with pytest.raises(RallynovError) as error:
            make(tmp_path / "new", NewProgramme(base, "Titre"))
        assert str(error.value).count("\n") == 0
        assert kept(tmp_path) == {}


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    before = kept(tmp_path)
    for folder in (tmp_path, tmp_path / "mine.txt", tmp_path / "mine.txt" / "below"):
        with pytest.raises(RallynovError) as error:
            make(folder, WANTED)
        assert str(folder) in str(error.value)
    assert kept(tmp_path) == before


def test_a_place_that_is_no_programme_is_one_sentence(tmp_path: Path, lac: Path) -> None:
    for command, setting in (("build", {}), ("serve", {}), ("check", {SETTING: "nowhere"})):
        ran = rallynov_in(tmp_path, command, "nowhere", **setting)
        assert ran.returncode == 2
        assert ran.stderr.startswith("rallynov: There is no folder nowhere")
        assert ran.stderr.count("\n") == 1
    told = rallynov_in(tmp_path, "build", "nowhere", "--lang", "fr")
    assert told.stderr.startswith("rallynov: Il n’y a pas de dossier nowhere")
    assert kept(tmp_path) == {}


def test_what_is_built_in_a_data_folder_lies_beside_it(tmp_path: Path) -> None:
    """It would be read as data with the next build otherwise."""
    other = tmp_path / "other"
    shutil.copytree(data_dir(), other / "data")
    ran = rallynov_in(other / "data", "build", ".")
    assert ran.returncode == 0, ran.stderr
    assert Path(ran.stdout.splitlines()[-1]).parent == other / "releases"


EXTENSION = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix : <https://example.org/lac/ontology#> .

"""


CONTRADICTING = {
    'rn:Stage rdfs:label "autre chose"@fr .\n': "rn:Stage is a term of the program",
    ":A rdfs:subClassOf :B .\n:B rdfs:subClassOf rn:Stage, :A .\n": "would be narrower than itself",
}


def test_an_extension_that_contradicts_the_ontology_is_refused_with_its_line(own: Path) -> None:
    for content, told in CONTRADICTING.items():
        (own / "ontology" / "extension.ttl").write_text(EXTENSION + content, "utf-8")
        before = {f: c for f, c in kept(own).items() if f.name != ".lock"}
        ran = rallynov_in(own.parent, "build", "own")
        assert ran.returncode == 2
        assert "extension.ttl, line 5: " in ran.stderr and told in ran.stderr
        assert {f: c for f, c in kept(own).items() if f.name != ".lock"} == before


def test_terms_and_shapes_of_its_own_are_held(own: Path) -> None:
    term = ':Market a <http://www.w3.org/2002/07/owl#Class> ; rdfs:label "marché"@fr .\n'
    (own / "ontology" / "extension.ttl").write_text(EXTENSION + term, "utf-8")
    shape = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        ":InnovationShape a sh:NodeShape ; sh:targetClass rn:Innovation ; "
        "sh:property :InnovationShape-beneficiary .\n"
        ":InnovationShape-beneficiary a sh:PropertyShape ; sh:path rn:beneficiary ; sh:minCount 1 ;"
        ' sh:message "Pour qui ?"@fr, "For whom?"@en .\n'
    )
    (own / "ontology" / "my-shapes.ttl").write_text(EXTENSION + shape, "utf-8")
    ran = rallynov_in(own.parent, "validate", "own", "--lang", "fr")
    assert ran.returncode == 1, ran.stderr
    assert "Pour qui ?" in ran.stdout
    calling = ':InnovationShape sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> {} }" ] .'
    (own / "ontology" / "my-shapes.ttl").write_text(EXTENSION + shape + calling, "utf-8")
    ran = rallynov_in(own.parent, "build", "own", "--lang", "fr")
    assert ran.returncode == 2
    assert "my-shapes.ttl, ligne 6 : la forme" in ran.stderr and "(SERVICE)" in ran.stderr


def test_a_kind_that_there_is_not_is_told(own: Path) -> None:
    file = own / programme.FILE
    text = file.read_text("utf-8").replace('"stage"', '"étape"')
    file.write_text(text, "utf-8")
    ran = rallynov_in(own.parent, "build", "own")
    assert ran.returncode == 2
    assert "'étape' is not a kind that can be shown" in ran.stderr

"""What is written follows decisions, and no change that a person made is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from decided import lines_of, rallynov
from rallynov_graph.desk.document_folder import DocumentFolder
from small_programme import TELEPHONE

FILE = "exemple"


@pytest.fixture
def letter(tmp_path: Path) -> DocumentFolder:
    """The example of a new programme, decided and written."""
    made = rallynov("new", tmp_path / "l", "--base", "https://example.org/l/", "--title", "L")
    assert made.status == 0, made.err
    # The things lie under the base of the process: the folder is a data folder of ours.
    for path in (tmp_path / "l" / "data").rglob("*.trig"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("https://example.org/l/", "https://w3id.org/rallynov/"))
    (tmp_path / "l" / "programme.toml").unlink()
    folder = DocumentFolder(tmp_path / "l" / "data" / "documents" / FILE)
    assert rallynov("import", tmp_path / "l", folder.path).status == 0
    assert rallynov("write", tmp_path / "l").status == 0
    return folder


def programme(letter: DocumentFolder) -> Path:
    return letter.path.parents[2]


def edit(letter: DocumentFolder, old: str, new: str) -> Path:
    file = letter.trig_file(FILE)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return file


def test_a_file_changed_by_hand_is_not_written_until_it_was_taken_in(
    letter: DocumentFolder,
) -> None:
    file = edit(letter, "nature:pratique", "nature:projet")
    changed = file.read_bytes()
    refused = rallynov("write", programme(letter))
    assert refused.status == 2
    assert "edited by hand since it was written" in refused.err and str(file) in refused.err
    french = rallynov("write", programme(letter), "--lang", "fr")
    assert french.status == 2 and french.err.startswith(f"rallynov: {file} : il a été modifié à la")
    assert french.out == "0 documents selon les décisions.\n"
    assert file.read_bytes() == changed
    before = len(lines_of(letter))
    assert rallynov("import", programme(letter), file).status == 0
    assert len(lines_of(letter)) == before + 2, "one act, and the files as they are known"
    assert rallynov("write", programme(letter)).status == 0
    assert file.read_bytes() == changed


def test_validation_tells_what_is_newer(letter: DocumentFolder) -> None:
    def told() -> str:
        return rallynov("validate", programme(letter) / "data").out

    rules = ("decisions_are_written", "changes_are_decided")
    assert not any(rule in told() for rule in rules)
    file = edit(letter, "nature:pratique", "nature:projet")
    assert rules[1] in told()
    rallynov("import", programme(letter), file)
    edit(letter, "nature:projet", "nature:pratique")
    before = letter.trig_file(FILE)
    rallynov("import", programme(letter), before)
    with letter.file_of("agent/curateurs").open("a", encoding="utf-8") as decisions:
        decisions.write('{"thing":"place/ici","label":"Ici"}\n')
    assert rules[0] in told()
    assert rallynov("validate", programme(letter) / "data", "--lang", "fr").out.count("récentes")
    with letter.file_of("agent/curateurs").open("a", encoding="utf-8") as decisions:
        decisions.write('{"thing":"nowhere"}\n')
    french = rallynov("validate", programme(letter) / "data", "--lang", "fr").out
    assert "jsonl, ligne " in french and "'nowhere' n’est pas une adresse" in french


def test_a_remark_inside_of_a_file_is_told_and_not_lost(letter: DocumentFolder) -> None:
    file = edit(letter, "\nGRAPH", "\n# why it is so\nGRAPH")
    told = rallynov("import", programme(letter), file, "--lang", "fr")
    assert told.status == 1
    assert "ligne" in told.out and "# why it is so" in told.out
    assert rallynov("write", programme(letter)).status == 2
    assert "# why it is so" in file.read_text("utf-8")


NOT_READ_BY_A_BUILD = (
    ('<urn:a> <urn:b> "c" .', "is in no graph"),
    ('GRAPH <urn:g> { _:x <urn:b> "d" }', "a blank node is in"),
    ("GRAPH <urn:g> {", "is the file complete"),
)
NOT_IN_THE_TEXT = (
    ("oa:end 23 ", "oa:end 22 ", "begins or ends inside a word"),
    ("oa:end 72 ", "oa:end 73 ", "ends at character 73, but the text only has 72"),
    ('"L\'Atelier du Lac" .', '"L\'Atelier du Parc" .', "is not in the passages of this set"),
    ('"mars 2014" ;', f'"mars 2014, {TELEPHONE}" ;', "telephone number or e-mail address"),
)


def test_what_no_build_would_read_or_the_text_does_not_have_is_refused_whole(
    letter: DocumentFolder,
) -> None:
    file, before = letter.trig_file(FILE), lines_of(letter)
    text = file.read_text("utf-8")
    for statement, reason in NOT_READ_BY_A_BUILD:
        file.write_text(f"{text}{statement}\n", "utf-8")
        said = rallynov("import", programme(letter), file)
        assert (said.status, reason in said.err) == (2, True), said
    for old, new, reason in NOT_IN_THE_TEXT:
        file.write_text(text, "utf-8")
        edit(letter, old, new)
        said = rallynov("import", programme(letter), file)
        assert (said.status, reason in said.err) == (2, True), said
        assert f"{file}, line " in said.err and "Nothing is imported from the files" in said.err
    french = rallynov("import", programme(letter), file, "--lang", "fr")
    assert "Rien n’est importé des fichiers" in french.err
    assert lines_of(letter) == before


def test_what_is_dropped_or_undone_goes_from_the_files_and_may_come_back(
    letter: DocumentFolder,
) -> None:
    decisions = letter.file_of("agent/curateurs")

    def written_after(line: str) -> str:
        with decisions.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        rallynov("write", programme(letter))
        return letter.trig_file(FILE).read_text("utf-8")

    number = len(lines_of(letter)) + 1
    assert "place:ici" in written_after('{"thing":"place/ici","label":"Ici"}')
    undone = len(lines_of(letter)) + 1
    assert "place:ici" not in written_after(f'{{"undo":{number}}}')
    assert "place:ici" in written_after(f'{{"undo":{undone}}}')
    assert "place:ici" not in written_after('{"drop":"place/ici"}')


def test_what_is_no_programme_or_document_is_told_with_near_ones(
    letter: DocumentFolder, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    said = rallynov("write", tmp_path / "empty")
    assert (said.status, "rallynov new" in said.err) == (2, True)
    said = rallynov("write", programme(letter), "--document", "exampel")
    assert (said.status, "did you mean exemple?" in said.err) == (2, True)
    said = rallynov("write", programme(letter), "--document", "exampel", "--lang", "fr")
    assert said.err.endswith("sur un document exampel : serait-ce exemple ?\n")


def test_on_a_full_disk_the_files_and_decisions_stay_as_they_were(letter: DocumentFolder) -> None:
    """A limit on the size of files ends a write as a full disk does: in the middle."""
    decisions = letter.file_of("agent/curateurs")
    with decisions.open("a", encoding="utf-8") as file:
        file.write('{"place":"Ici"}\n')
    before = letter.trig_file(FILE).read_bytes(), decisions.read_bytes()
    script = (
        "import resource, signal, sys\n"
        "from rallynov_graph.cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "main(sys.argv[1:])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "write", str(programme(letter)), "--lang", "fr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "écriture impossible : " in ran.stderr) == (2, True), ran
    assert "faites de la place" in ran.stderr
    assert (letter.trig_file(FILE).read_bytes(), decisions.read_bytes()) == before
    assert [path.name for path in letter.path.iterdir() if path.suffix not in (".trig", "")] == []


def test_half_a_line_is_told_by_who_goes_on(letter: DocumentFolder) -> None:
    decisions = letter.file_of("agent/curateurs")
    with decisions.open("a", encoding="utf-8") as file:
        file.write('{"place":"Ic')
    said = rallynov("write", programme(letter))
    assert (said.status, "it is incomplete" in said.err) == (0, True)
    file_with_change = edit(letter, "nature:pratique", "nature:projet")
    said = rallynov("import", programme(letter), file_with_change, "--lang", "fr")
    assert (said.status, "elle est incomplète" in said.err) == (0, True)
    assert (decisions.parent / f"{decisions.name}.torn").read_text("utf-8") == '{"place":"Ic\n'

"""``rallynov query``: questions, files, formats, and every way of asking wrongly."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from rallynov_graph.cli.main import main
from rallynov_graph.http.protocol import NO_CALL
from rallynov_graph.questions import catalogue
from rallynov_graph.release.release import Release
from servers import DATA, Server

COMMAND = [sys.executable, "-m", "rallynov_graph", "query"]


Query = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def query(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Query:
    """Run the command in this process, as a pipe would."""

    def run(*options: str, stdin: str | bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(content), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main(["query", *options])
        sys.stdout.flush()
        return subprocess.CompletedProcess(
            options, int(ended.value.code or 0), *capfdbinary.readouterr()
        )

    return run


@pytest.fixture
def data(tmp_path: Path) -> str:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    return str(file)


def test_the_list_has_a_title_and_its_name_a_line(query: Query) -> None:
    for language in ("fr", "en"):
        lines = query("--list", "--lang", language).stdout.decode().splitlines()
        assert [tuple(it.split("\t")) for it in lines] == [
            (one.summary[language], name) for name, one in catalogue.load().items()
        ]


def test_a_former_question_is_answered_with_the_columns_it_had(
    query: Query, release: Release
) -> None:
    asked = ("innovations_by_need", "--param", "need=se déplacer", "--format", "csv")
    done = query(*asked, "--release", str(release.path))
    assert done.stdout.decode().startswith("need,need_label,narrower,narrower_label,innovation,")
    wrong = query("innovations_by_need", "--param", "means=bus", "--release", str(release.path))
    assert b"No parameter of the question innovations_by_need" in wrong.stderr


def test_a_question_is_answered_as_an_aligned_table(query: Query, release: Release) -> None:
    done = query("stages", "--release", str(release.path))
    head, *rows = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert len(rows) >= 9
    place = head.index("stage")
    assert all(row[place:].startswith("stage/") for row in rows)


def test_a_parameter_is_a_name_or_an_iri(query: Query, release: Release) -> None:
    asked = ("innovations_on_theme", "--release", str(release.path), "--format", "csv")
    for theme in ("Solidarité et santé", "theme/solidarite-et-sante"):
        found = query(*asked, "--param", f"theme={theme}", "--param", "certainty=explicit")
        assert b"innovation/mamhique" in found.stdout


def test_a_parameter_that_names_two_things_says_which_they_are(
    query: Query, release: Release
) -> None:
    name = "thing=Passeport professionnel"
    done = query("questions_about", "--param", name, "--release", str(release.path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"innovation/passeport-professionnel (Passeport professionnel)" in done.stderr
    assert b"means/passeport (passeport professionnel)" in done.stderr


def test_a_file_may_have_parameters_of_its_own(query: Query, tmp_path: Path, data: str) -> None:
    file = tmp_path / "own.rq"
    file.write_text("#+ param: n integer\nSELECT ?s ?n { VALUES ?n { 7 } ?s ?p ?n }", "utf-8")
    found = query(str(file), "--data", data, "--param", "n=1", "--format", "csv")
    assert found.stdout == b"s,n\r\nhttps://example.org/a,1\r\n"
    assert query(str(file), "--data", data, "--format", "csv").stdout == b"s,n\r\n"


def test_on_a_terminal_the_table_is_drawn(data: str, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT ?o { ?s ?p ?o FILTER(LANG(?o) = 'de') }", "utf-8")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, str(file), "--data", data], stdout=theirs, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    assert process.wait() == 0
    assert "Stuhl" in shown.decode()
    assert "1 row" in shown.decode()


def test_an_endpoint_is_asked_the_same_way(query: Query, server: Server, release: Release) -> None:
    for options in (
        ("stages", "--format", "csv"),
        ("innovations_on_theme", "--param", "theme=vie au travail", "--param", "language=en"),
    ):
        there = query(*options, "--endpoint", server.endpoint)
        here = query(*options, "--release", str(release.path))
        assert (there.returncode, there.stdout) == (0, here.stdout)


GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def test_an_answer_is_written_in_every_format(query: Query, data: str) -> None:
    for form in ("json", "csv", "tsv", "xml", "table"):
        done = query("-", "--data", data, "--format", form, stdin="SELECT ?o { ?s ?p ?o }")
        assert done.returncode == 0 and b"Stuhl" in done.stdout, form
    whole = "CONSTRUCT WHERE { ?s ?p ?o }"
    for form, rdf in GRAPHS.items():
        done = query("-", "--data", data, "--format", form, stdin=whole)
        assert len([*parse(done.stdout, format=rdf)]) == 4, form
    assert len([*parse(query("-", "--data", data, stdin=whole).stdout, RdfFormat.TURTLE)]) == 4
    truth = query("-", "--data", data, stdin='ASK { ?insert ?service "DELETE SERVICE" }')
    assert truth.stdout == b"false\n"
    (Path(data).parent / "more.nt").write_text('<urn:c> <urn:n> "more" .\n', "utf-8")
    both = ("--data", data, "--data", str(Path(data).with_name("more.nt")), "--format", "csv")
    count = query("-", *both, stdin="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert count.stdout == b"n\r\n5\r\n"


NO_UPDATE = "Only queries are run (SELECT, ASK, CONSTRUCT, DESCRIBE): this is an update"
WRONG = {
    "": "it is empty",
    "SELECT ?s {\n ?s ex:p ?o }": "line 2, column 5: the prefix ex: is not declared",
    "SELECT ?s {\n ?s ?p <http://a b> }": "line 2, column 9: the prefix http: is not declared, or",
    "INSRT DATA {}": "not valid SPARQL",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }": NO_UPDATE,
    "PREFIX x: <urn:x>\n# SELECT\ndelete where { ?s ?p ?o }": NO_UPDATE,
    "\\u0049NSERT DATA { <urn:a> <urn:b> <urn:c> }": NO_UPDATE,
    "SELECT * { SERVICE SILENT <http://127.0.0.1:9/sparql> { ?s ?p ?o } }": NO_CALL,
}


def test_a_wrong_query_is_one_clear_sentence(
    query: Query, data: str, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "mine.rq"
    for text, told in WRONG.items():
        file.write_text(text, "utf-8")
        done = query(str(file), "--data", data)
        assert (done.returncode, done.stdout) == (2, b""), text
        assert done.stderr.decode().startswith("rallynov: ")
        assert told in done.stderr.decode()
        asked = query("-", "--endpoint", server.endpoint, stdin=text)
        assert (asked.returncode, asked.stdout) == (2, b""), text
        assert b"Traceback" not in done.stderr + asked.stderr
    assert NO_UPDATE in query("-", "--endpoint", server.endpoint, stdin="CLEAR ALL").stderr.decode()
    refused = query("-", "--endpoint", server.endpoint, stdin="SELECT ?s {")
    assert b"unexpected end of the query" in refused.stderr
    file.write_text("SELECT ?s {", "utf-8")
    assert f"{file} : La requête" in query(str(file), "--lang", "fr").stderr.decode()
    file.write_bytes(b"ASK { ?s ?p '\xe9' }")
    assert b"line 1: it is not UTF-8" in query(str(file), "--data", data).stderr
    folder = query(str(tmp_path), "--data", data)
    assert folder.returncode == 2

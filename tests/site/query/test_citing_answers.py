"""The citation of an answer: as the page gives it, and as ``rallynov cite verify`` reads it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from datacite import schema45
from flask import Flask
from flask.testing import FlaskClient

from asking import answering
from rallynov_graph.base.errors import SourceError
from rallynov_graph.exports import cited_answer_files
from rallynov_graph.exports.citations import ANSWER_SUFFIXES, SENTENCES
from rallynov_graph.exports.rocrate import METADATA
from rallynov_graph.http.permalinks import permalink
from rallynov_graph.questions import catalogue
from rallynov_graph.rdf.canonical_answer import CanonicalFormFailure, sha256
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import read

STAGES = catalogue.load()["stages"].text
GRAPH = "CONSTRUCT { ?s a ?o ; <urn:n> [] } { ?s a ?o FILTER (STRENDS(STR(?o), '#Stage')) }"
TITLE = "50 % & {co} : “x” \\ #1_a"


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    return answering(create_app(store, release), store)


def cited(client: FlaskClient, query: str, title: str = "", lang: str = "fr") -> dict[str, Any]:
    asked = {"query": query, "title": title}
    answer = client.post(f"/sparql/cite?lang={lang}", data=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    assert {*told["files"]} == {*ANSWER_SUFFIXES}
    return told


@pytest.fixture
def verify(
    rallynov: Callable[..., Any], release: Release, tmp_path: Path
) -> Callable[[str, str], Any]:
    def run(name: str, text: str) -> Any:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return rallynov("cite", "verify", file, "--release", release.path)

    return run


def test_an_answer_is_cited_with_all_that_is_needed_to_ask_again(
    client: FlaskClient, store: EmbeddedStore, release: Release
) -> None:
    query = "SELECT ?s { ?s a <https://w3id.org/rallynov/ontology#Stage> } # Étapes"
    told = cited(client, query, TITLE, "en")
    digest = sha256(query, store.select(query))
    today = datetime.now(UTC).date()
    text, bib, ris, csl = (told["files"][form] for form in ("txt", "bib", "ris", "json"))
    for written in (text, bib, ris, csl):
        assert f"SHA-256 of the canonical answer: {digest}." in written
        assert release.id[:16] in written
        assert "/sparql?release=" + release.id[:8] + "&lang=en&query=SELECT+%3Fs+" in written
    assert f"Accessed {today.day} {today:%B %Y}" in text and query in text and TITLE in text
    assert f"urldate = {{{today}}}" in bib and f"Y2  - {today:%Y/%m/%d}/\r\n" in ris
    (item,) = json.loads(csl)
    assert item["accessed"] == {"date-parts": [[today.year, today.month, today.day]]}
    assert (item["title"], item["abstract"], told["title"]) == (TITLE, query, TITLE)


def test_what_is_cited_is_read_back_from_each_form_and_verified(
    client: FlaskClient, verify: Callable[[str, str], Any], release: Release
) -> None:
    for form, query in zip(
        ANSWER_SUFFIXES, (STAGES, GRAPH, "ASK { ?s ?p 'é' }", STAGES), strict=True
    ):
        files = cited(client, query, TITLE)["files"]
        for written in ANSWER_SUFFIXES:
            (one,) = cited_answer_files.read(written, files[written])
            assert (one.query, one.title) == (query, TITLE)
        ran = verify(f"a.{form}", files[form])
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.startswith(f"same: {TITLE}\n")
        assert ran.out.count(f", of release {release.id[:16]}\n") == 2


def test_several_citations_are_read_among_others(client: FlaskClient) -> None:
    one, other = (cited(client, query)["files"] for query in ("ASK {}", STAGES))
    page = client.get("/cite/page/stage/vesoul-agglomeration.bib").text
    bib = f"% mine\n@string{{x = {{y}}}}\n{page}{one['bib']}\n{other['bib']}"
    ris = one["ris"] + other["ris"]
    csl = json.dumps([{"id": "x"}, *json.loads(one["json"]), *json.loads(other["json"])])
    for text in (bib, ris, csl):
        assert [it.query for it in cited_answer_files.read("x", text)] == ["ASK {}", STAGES]


def test_the_title_is_what_the_query_says_of_itself(client: FlaskClient) -> None:
    summary = catalogue.load()["stages"].summary
    assert cited(client, STAGES)["title"] == summary["fr"]
    assert cited(client, STAGES, " \n", "en")["title"] == summary["en"]
    assert cited(client, "# Tout\nASK {}")["title"] == "Tout"
    assert cited(client, "ASK {}", lang="en")["title"] == SENTENCES["en"]["untitled"]


def test_why_there_is_no_sha_256_is_said(client: FlaskClient) -> None:
    files = cited(client, "SELECT ?s { BIND (BNODE() AS ?s) }")["files"]
    for form, text in files.items():
        assert SENTENCES["fr"][CanonicalFormFailure.NAMELESS] in text
        with pytest.raises(SourceError, match="says why"):
            cited_answer_files.read(form, text)


def test_a_citation_is_a_file_too_and_the_pages_offer_it(client: FlaskClient) -> None:
    for page in ("/sparql?query=ASK+{}&lang=en", "/questions/stages?certainty=explicit"):
        links = [
            link["href"]
            for link in read(client, page).all("a", rel="nofollow")
            if link["href"].startswith("/sparql/cite.")
        ]
        assert [re.split(r"[.?]", link)[1] for link in links] == [*ANSWER_SUFFIXES, "zip"]
    answer = client.get(links[1])
    assert answer.mimetype == "application/x-bibtex" and "SHA-256" in answer.text
    (found,) = cited_answer_files.read("x", answer.text)
    assert found.title == catalogue.load()["stages"].summary["fr"]
    assert "explicit" in found.query


def test_an_answer_is_a_deposit_that_is_verified_as_it_is(
    client: FlaskClient,
    release: Release,
    rallynov: Callable[..., Any],
    tmp_path: Path,
) -> None:
    asked = {"query": STAGES, "lang": "en"}
    answer = client.get("/sparql/cite.zip", query_string=asked)
    assert answer.mimetype == "application/zip"
    (tmp_path / "deposit.zip").write_bytes(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        told = {it["@id"]: it for it in json.loads(archive.read(METADATA))["@graph"]}
        names = {"query.rq", "answer.csv", "evidence.csv", "citation.bib", "datacite.json"}
        names |= {"ask-again.html", "licences.txt"}
        assert {*archive.namelist()} == {METADATA, *names}
        assert {it["@id"] for it in told["./"]["hasPart"]} == names
        assert told["#release"]["value"] == release.id
        rows = [*csv.DictReader(io.StringIO(archive.read("answer.csv").decode()))]
        evidence = [*csv.DictReader(io.StringIO(archive.read("evidence.csv").decode()))]
        metadata = json.loads(archive.read("datacite.json"))
    assert len(rows) == len(evidence) == 9
    assert all(it["passages"].startswith("passage/carnet-2-") for it in evidence)
    assert metadata["titles"][0]["title"] == catalogue.load()["stages"].summary["en"]
    assert metadata["version"] == release.id
    assert [
        f"{it.json_path}: {it.message}" for it in schema45.validator.iter_errors(metadata)
    ] == []
    ran = rallynov("cite", "verify", tmp_path / "deposit.zip", "--release", release.path)
    assert ran.status == 0 and ran.out.startswith("same: ")
    (tmp_path / "changed.zip").write_bytes(_changed(answer.data, "answer.csv"))
    ran = rallynov("cite", "verify", tmp_path / "changed.zip", "--release", release.path)
    assert ran.status == 2 and "answer.csv is not the file" in ran.err
    triples = client.get("/sparql/cite.zip", query_string={"query": GRAPH}).data
    with zipfile.ZipFile(io.BytesIO(triples)) as archive:
        assert b"#Stage>" in archive.read("answer.nt")
    for wrong in (b"PK no archive", _zip_of(b"")):
        (tmp_path / "wrong.zip").write_bytes(wrong)
        ran = rallynov("cite", "verify", tmp_path / "wrong.zip", "--release", release.path)
        assert ran.status == 2 and "without citation.bib" in ran.err


def _changed(deposit: bytes, name: str) -> bytes:
    """Return a deposit with another content of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deposit)) as before, zipfile.ZipFile(file, "w") as archive:
        for it in before.namelist():
            archive.writestr(it, before.read(it) + (b"\n" if it == name else b""))
    return file.getvalue()


def _zip_of(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("other.txt", content)
    return file.getvalue()


def test_what_cannot_be_asked_is_not_cited(
    client: FlaskClient, store: EmbeddedStore, release: Release
) -> None:
    def status(query: str, at: str = "/sparql/cite") -> int:
        return client.post(at, data={"query": query}).status_code

    assert [status(query) for query in ("", "SELECT", "SERVICE <urn:a> {}")] == [404, 400, 403]
    assert client.get("/sparql/cite.docx?query=ASK{}").status_code == 404
    assert client.get("/sparql/cite.bib?query=SELECT").status_code == 400
    bare = create_app(store, release).test_client()
    assert bare.post("/sparql/cite", data={"query": "ASK {}"}).status_code == 404
    assert "/sparql/cite" not in bare.get("/questions/stages").text


def test_another_answer_is_told(client: FlaskClient, verify: Callable[[str, str], Any]) -> None:
    text = cited(client, STAGES)["files"]["txt"]
    other = re.sub(r"(canonique\s:\s)\w{4}", r"\1dead", text)
    ran = verify("a", other)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("different: ") and "cited:   dead" in ran.out
    assert "ORDER BY leaves equal" in ran.out
    same = cited(client, "ASK { ?s ?p ?o }")["files"]["bib"]
    wrong = same.replace(re.search(r"\b(\w{64})\b", same)[1], "0" * 64)  # type: ignore[index]
    ran = verify("a.bib", same + wrong)
    assert (ran.status, [line[:4] for line in ran.out.splitlines()[::3]]) == (1, ["same", "diff"])
    assert "ORDER BY" not in ran.out


URL = "https://example.org/sparql?query=ASK+%7B%7D"
HASH = "SHA-256 of the canonical answer: " + "a" * 64


DAMAGED = [
    ("", "it is not a citation"),
    ("nothing", "it is not a citation"),
    ("@misc{x", "it is not a citation"),
    ("@misc{x, url = {https://x", "line 1: it is not BibTeX: a value is not closed"),
    ("@misc{x,\n url = {https://x}\n", "line 2: it is not BibTeX: an entry does not end"),
    ("@misc{x, url = {https://x} }", "no citation in it gives the SHA-256"),
    (f"@misc{{x, note = {{{HASH}}} }}", "has no address"),
    (f'@misc{{x, note = "{HASH}", url = "https://x" }}', "contains no query"),
    ("TY  - ELEC\nUR  - https://x\n", "it is not complete RIS"),
    ("UR  - https://x\nER  - \n", "UR comes before TY"),
    ('[{"URL": "https://x"', "it is not CSL-JSON"),
    ("[" * 100_000, "nested too deeply"),
    ("[7]", "an item is not an object"),
    ("[]", "it is not a citation"),
    (json.dumps({"URL": 7, "note": HASH, "title": "T"}), "the citation “T”: The address '7'"),
    (f"{URL}\n{HASH[:-1]}", "damaged SHA-256"),
    (f"{URL}\n{HASH}a", "damaged SHA-256"),
    (f"{URL}\n{HASH[:-1]}z", "damaged SHA-256"),
    (f"{URL[:-6]}%ff\n{HASH}", "contains no complete query"),
    (f"{URL.split('?', maxsplit=1)[0]}#q=AAAA\n{HASH}", "contains no complete query"),
]
"""Files that are no citation, and what is said of them."""


def test_what_is_damaged_is_said(subtests: pytest.Subtests) -> None:
    for text, said in DAMAGED:
        with subtests.test(said), pytest.raises(SourceError, match=re.escape(said)):
            cited_answer_files.read("file", text)


def test_what_the_command_cannot_do_is_one_sentence(
    rallynov: Callable[..., Any], verify: Callable[[str, str], Any], tmp_path: Path
) -> None:
    (tmp_path / "latin").write_bytes("é".encode("latin-1"))
    (tmp_path / "long").write_bytes(b" " * ((16 << 20) + 1))
    asked = {
        "nowhere": "cannot be read",
        "latin": "not UTF-8",
        "long": "longer than 16 MiB",
    }
    for name, said in asked.items():
        ran = rallynov("cite", "verify", tmp_path / name)
        assert ran.status == 2 and said in ran.err and ran.err.count("\n") == 1
    for query, said in {
        "DROP ALL": "not a query",
        "ASK { SERVICE <http://127.0.0.1:9/> {} }": "SERVICE is refused",
        "SELECT ?s {": "not valid SPARQL",
        "SELECT ?s { BIND (BNODE() AS ?s) }": "blank nodes",
    }.items():
        ran = verify("a", f"{permalink('https://example.org/sparql', query)}\n{HASH}")
        assert ran.status == 2 and said in ran.err and not ran.out, query[:40]

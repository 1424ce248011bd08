"""The research package: an RO-Crate whose every file is what its description says."""

import hashlib
import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.exports import rocrate
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def crate(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crate") / "crate.zip"
    with path.open("wb") as file:
        rocrate.write(release, file)
    return path


def test_it_is_read_as_an_ro_crate(crate: Path, release: Release) -> None:
    from rocrate.rocrate import ROCrate

    read = ROCrate(str(crate))
    assert read.version == "1.2"
    root = read.root_dataset
    assert root["identifier"]["value"] == release.id
    assert root["datePublished"] == release.manifest.issued
    assert root["license"].id == release.manifest.licence
    action = read.dereference("#build")
    assert action.type == "CreateAction"
    assert action["instrument"]["version"] == release.manifest.software
    assert [it.id for it in action["result"]] == ["data.nq", "ontology.nt"]


@pytest.fixture
def context_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The JSON-LD context of RO-Crate comes from the package rocrate, not from the network."""
    from requests import PreparedRequest, Response, Session
    from rocrate_validator.utils.http import HttpRequester

    def send(_: Session, request: PreparedRequest, **__: object) -> Response:
        assert request.url == "https://w3id.org/ro/crate/1.2/context"
        answer = Response()
        answer.status_code = 200
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
        return answer

    monkeypatch.setattr(Session, "send", send)
    monkeypatch.setattr(HttpRequester, "_instance", None)


NO_FAULT = {
    "ro-crate-1.2_86.2": "the curators are no organisation that has a page,",
    "ro-crate-1.2_89.0": "nor an identifier in the register of research organisations (ROR),",
    "ro-crate-1.2_90.1": "and give no address to write to,",
    "ro-crate-1.2_93.0": "as authors or as publishers",
}
"""What the validator recommends and the package does not have, and why."""


@pytest.mark.usefixtures("context_at_hand")
def test_roc_validator_finds_no_fault(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rocrate_validator.models import Severity
    from rocrate_validator.services import ValidationSettings, validate

    few = Catalogue({name: load()[name] for name in ("stages", "counts")})
    monkeypatch.setattr(rocrate, "load", lambda: few)
    with (tmp_path / "crate.zip").open("wb") as file:
        rocrate.write(release, file)
    with zipfile.ZipFile(tmp_path / "crate.zip") as archive:
        archive.extractall(tmp_path / "crate")
    asked = ValidationSettings(
        rocrate_uri=tmp_path / "crate",
        profile_identifier="ro-crate-1.2",
        requirement_severity=Severity.RECOMMENDED,
        skip_availability_check=True,
        no_cache=True,
    )
    found = {it.check.identifier: it.message for it in validate(asked).get_issues()}
    assert found.keys() == NO_FAULT.keys(), found


def test_every_file_is_described_and_is_what_is_said(crate: Path) -> None:
    with zipfile.ZipFile(crate) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read(rocrate.METADATA))["@graph"]
        parts = {part["@id"]: part for part in told if part["@type"] == "File"}
        assert {*archive.namelist()} == {rocrate.METADATA, *parts}
        for name, part in parts.items():
            held = archive.read(name)
            assert part["contentSize"] == str(len(held)), name
            assert part["sha256"] == hashlib.sha256(held).hexdigest(), name
    listed = next(it for it in told if it["@id"] == "./")["hasPart"]
    assert [it["@id"] for it in listed] == [*parts]
    known = {it["@id"] for it in told}
    assert not [it for it in _references(told) if it not in known and not it.startswith("https:")]


def test_it_holds_the_release_and_every_question_with_its_answer(
    crate: Path, release: Release, store: EmbeddedStore
) -> None:
    catalogue = load()
    with zipfile.ZipFile(crate) as archive:
        names = {*archive.namelist()}
        assert {f"questions/{name}.rq" for name in catalogue} <= names
        assert {f"answers/{name}.csv" for name in catalogue} <= names
        for path in (release.data, release.ontology, release.shapes, release.report_json):
            assert archive.read(path.name) == path.read_bytes()
        asked = store.serialize(catalogue["stages"].text, "text/csv")
        assert archive.read("answers/stages.csv") == asked
        text = b"".join(archive.read(name) for name in names)
    assert b"doi.org" not in text.lower()


def _references(node: object) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["@id"]] if [*node] == ["@id"] else []
    return own + [found for value in node.values() for found in _references(value)]


def test_a_question_that_takes_too_long_is_left_out_and_said_so(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = "#+ summary_fr: Quoi ?\n#+ summary_en: What?\n"
    asked = {
        "endless": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?n",
        "failing": "SELECT ?a WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } } ORDER BY ?a",
        "stages": "SELECT ?a WHERE { ?a a <https://w3id.org/rallynov/ontology#Stage> } ORDER BY ?a",
    }
    for name, text in asked.items():
        (tmp_path / f"{name}.rq").write_text(heads + text, "utf-8")
    monkeypatch.setattr(rocrate, "load", lambda: load(tmp_path))
    monkeypatch.setattr(rocrate, "FEW", 1)
    monkeypatch.setenv(rocrate.SECONDS, "1")
    with (tmp_path / "crate.zip").open("wb") as file:
        rocrate.write(release, file)
    with zipfile.ZipFile(tmp_path / "crate.zip") as archive:
        told = {it["@id"]: it for it in json.loads(archive.read(rocrate.METADATA))["@graph"]}
        there = {name for name in archive.namelist() if name.startswith("answers/")}
        assert there == {"answers/stages.csv"}
        assert archive.read("answers/stages.csv").count(b"\n") == 10
    assert there <= {*told} and "answers/endless.csv" not in told
    assert "more than 1 s" in told["questions/endless.rq"]["description"]
    assert "could not answer" in told["questions/failing.rq"]["description"]
    assert (
        told["questions/stages.rq"]["description"]
        == "La question, en SPARQL | The question, in SPARQL"
    )
    for wrong in ("0", "-1", "soon", "١"):
        monkeypatch.setenv(rocrate.SECONDS, wrong)
        with pytest.raises(RallynovError, match="is a number of seconds from 1 on"):
            rocrate.write(release, io.BytesIO())

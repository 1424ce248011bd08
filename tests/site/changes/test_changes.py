"""The page of what changed since an earlier release, its files, and the option that gives one."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import diffing, release_set
from rallynov_graph.release.building import build
from rallynov_graph.release.release import LATEST, MANIFEST, Release
from rallynov_graph.release.withdrawals import withdraw
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, read
from servers import fork, serving


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """An earlier state of the shipped data: another name, a surer fact, one organisation more."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(data_dir(), folder / "data")
    shutil.copytree(data_dir().parent / "ontology", folder / "ontology")
    path = folder / "data" / "carnets/carnet-2/etape-bge.trig"
    text = path.read_text("utf-8")
    text = text.replace('rdfs:label "Conseil régional"', 'rdfs:label "La Région"')
    begin = text.index("set:carnet-2-bge a rn:AssertionSet")
    described = text[begin : text.index(" .\n", begin)]
    text = text.replace(described, described.replace("rn:explicit", "rn:tentative"))
    gone = (
        "\nGRAPH set:carnet-2-bge {\n    organisation:feue a org:Organization ;"
        ' rdfs:label "Feue la coopérative" .\n'
        '    place:feu a schema:Place ; rdfs:label "Feu le pont" .\n}\n'
    )
    path.write_text(text + gone, "utf-8")
    with (folder / "ontology" / "alignments.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n<{RN}Stage> <https://example.org/like> <https://example.org/Leg> .\n")
    return build(folder / "out", data=folder / "data", ontology=folder / "ontology", checked=False)


@pytest.fixture(scope="module")
def client(store: EmbeddedStore, release: Release, older: Release) -> FlaskClient:
    compared = release_set.compared(release, [older.path])
    app = create_app(store.pages(), release, earlier=compared)
    app.testing = True
    return app.test_client()


def shown(client: FlaskClient, address: str, language: str = "fr") -> Page:
    page = read(client, address)
    assert faults(page, language) == []
    return page


def row(page: Page, begin: str) -> str:
    return next(r.text for r in page.all("tr") if r.text.startswith(begin))


def test_facts_that_are_new_gone_or_surer_are_named_with_who_says_so(client: FlaskClient) -> None:
    added = row(shown(client, "/changes?what=added&kind=organisation"), "Conseil régional")
    assert "nom Conseil régional" in added and "curateurs" in added
    english = shown(client, "/changes?what=removed&kind=organisation&lang=en", "en")
    assert "name La Région" in row(english, "Conseil régional")
    removed = shown(client, "/changes?what=removed&kind=organisation")
    assert "incertain passage" in row(removed, "Feue la coopérative")
    assert not [a for a in removed.all("a") if "feue" in a["href"]], "it has no page"
    changed = shown(client, "/changes?what=changed&kind=organisation")
    before, _, after = row(changed, "BGE Franche-Comté nom imprimé").partition("explicite")
    assert "incertain" in before and "passage" in after
    of_places = shown(client, "/changes?what=removed&kind=place")
    assert row(of_places, "Feu le pont") and "Feu le pont" not in removed.text
    assert "Feue la coopérative" not in of_places.text
    asked = "/changes?what=removed&kind=organisation"
    sure = shown(client, f"{asked}&certainty=explicit&lang=en", "en")
    assert "Feue la coopérative" not in sure.text
    assert row(sure, "Conseil régional"), "what the curators say has no certainty"
    assert f"{asked}&lang=en" in {a["href"] for a in sure.all("a")}


def test_numbers_patch_and_json_are_those_of_the_command_page_by_page(
    client: FlaskClient, release: Release, older: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = diffing.between(older, release)
    page = shown(client, "/changes")
    counts = [len(told.added), len(told.removed), len(told.changed), 0]
    assert row(page, "Tout").split()[1:] == [str(n) for n in counts]
    assert row(page, "Ontologie").split() == ["Ontologie", "0", "1", "—", "—"]
    assert "étape like" in shown(client, "/changes?what=ontology_removed").text
    patch = client.get("/changes.rdfp")
    assert patch.mimetype == "application/rdf-patch"
    assert patch.data == b"".join(diffing.patch(older, release))
    assert json.loads(client.get("/changes.json").data)["before"]["id"] == older.id
    monkeypatch.setattr("rallynov_graph.site.changes.views.SIZE", 1)
    (following,) = [a["href"] for a in shown(client, "/changes?what=changed").all("a", rel="next")]
    assert following == "/changes?what=changed&page=2"
    assert shown(client, following).all("a", rel="prev")


def test_what_cannot_be_compared_is_met_with_what_can(
    client: FlaskClient, older: Release, store: EmbeddedStore, release: Release
) -> None:
    alone = create_app(store, release).test_client()
    for language, nothing, words in (
        ("fr", "rien à comparer", "Les valeurs possibles sont"),
        ("en", "nothing to compare", "possible values"),
    ):
        page = shown(alone, f"/changes?lang={language}", language)
        assert nothing in page.text and "--" not in page.text
        for name, right in (("kind", "organisation"), ("from", older.id[:16])):
            page = read(client, f"/changes?{name}=planet&lang={language}", 404)
            assert page.all("code")[0].text == name
            assert words in page.text and right in page.text
            assert faults(page, language) == []
    assert alone.get("/changes.rdfp").status_code == 404


def test_what_changed_comes_as_rows_and_is_cited(client: FlaskClient) -> None:
    page = shown(client, "/changes?certainty=explicit&what=removed")
    (rows,) = [a["href"] for a in page.all("a") if a.text == "CSV (tableur)"]
    assert rows == "/changes.csv?certainty=explicit"
    for certainty, there in (("explicit", False), ("tentative", True)):
        told = [*csv.DictReader(StringIO(client.get(f"/changes.csv?certainty={certainty}").text))]
        gone = [row for row in told if "Feue la coopérative" in row["object"]]
        assert bool(gone) == there
        assert {row["before"] for row in gone} <= {"tentative"}
    cite = page.one("section", **{"class": "cite"})
    assert "/changes?certainty=explicit&what=removed" in cite.text
    assert "Une requête au graphe ne peut pas comparer" in page.text


def test_a_folder_of_two_releases_is_compared_with_the_one_before(
    release: Release, older: Release, tmp_path: Path
) -> None:
    out = tmp_path / "releases"
    for it in (older, release):
        shutil.copytree(it.path, out / it.path.name)
    (out / "0123456789abcdef").mkdir()  # a damaged one
    (out / LATEST).write_text(release.path.name, "ascii")
    with serving("--release", str(out)) as site:
        assert older.id[:16] in site.ask("GET", "/changes").text
    assert release_set.before_latest(release.path) == release_set.before_latest(tmp_path) == ()
    assert release_set.before_latest(out) == (out / older.path.name,)
    partial = replace(older.manifest, only=f"{ID}document/carnet-2")
    (out / older.path.name / MANIFEST).write_text(partial.json(), "utf-8")
    assert release_set.before_latest(out) == (), "one document alone is no earlier state"


def test_what_names_a_withdrawn_thing_is_not_told(
    release: Release, store: EmbeddedStore, tmp_path: Path
) -> None:
    shutil.copytree(data_dir(), tmp_path / "data")
    iri = f"{ID}person/bruno-herry"
    withdraw(iri, tmp_path / "data")
    after = build(tmp_path / "out", data=tmp_path / "data", checked=False)
    (found,) = release_set.compared(after, [release.path])
    assert found.hidden > 0
    assert iri not in b"".join(found.patch()).decode()
    assert iri not in found.difference.json()
    app = create_app(EmbeddedStore.of_release(after).pages(), after, earlier=[found])
    page = read(app.test_client(), "/changes?what=removed")
    assert "Bruno Herry" not in page.text and "un élément retiré" in page.text


def test_an_earlier_release_that_is_of_no_use_is_one_clear_sentence(
    release: Release, older: Release, tmp_path: Path
) -> None:
    damaged, absent, same = tmp_path / "damaged", tmp_path / "absent", ("--release", release.path)
    shutil.copytree(older.path, damaged)
    with (damaged / "data.nq").open("ab") as file:
        file.write(b"<urn:a> <urn:b> <urn:c> .\n")
    tried = [
        (fork("--port", "0", *map(str, served), "--earlier", str(folder)), words)
        for served, folder, words in (
            (same, release.path, "is the release that is served"),
            (same, damaged, "data.nq is not what the manifest says"),
            (same, absent, "does not exist"),
            (("--data", "x.ttl"), absent, "exclude each other"),
        )
    ]
    for process, words in tried:
        said, complained = process.communicate(timeout=60)
        assert (process.returncode, said) == (2, "")
        assert words in complained and "Traceback" not in complained

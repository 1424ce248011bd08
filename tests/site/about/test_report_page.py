"""The page of the validation report: what was found, and what was looked for."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, SHAPES
from rallynov_graph.base.resources import checks_dir, ontology_dir
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.shapes import read as shapes_in
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation import graph_checks, report
from reading_pages import Page, faults, read

CHECKS = graph_checks.read(checks_dir().glob("*.rq"))


def shape(page: Page, name: str) -> str:
    """What the page says of a shape, as text."""
    found = [e.text for e in page.all("li") if re.search(rf"rns:{name}\b", e.text)]
    return found[0]


def test_every_shape_and_check_says_what_it_demands(client: FlaskClient) -> None:
    shapes = (ontology_dir() / "shapes.ttl").read_text("utf-8")
    names = re.findall(r"^(rns:\w+Shape) a sh:N", shapes, re.M)
    for language in ("fr", "en"):
        page = read(client, f"/report?lang={language}")
        assert faults(page, language) == []
        assert [name for name in names if name not in page.text] == []
        rows = {r["id"]: r.text for r in page.all("tr") if r["id"]}
        for check in CHECKS:
            begin = check.messages[language].partition("{")[0]
            assert " ".join(begin.split()[:2]) in rows[f"check-{check.name}"]
            assert "{?" not in rows[f"check-{check.name}"]
    figures = {e.text for e in page.all("li")}
    assert f"{len(shapes_in(shapes.encode()))} shapes of classes" in figures
    assert f"{len(CHECKS)} checks of the graph" in figures


def test_it_counts_the_things_that_a_shape_looked_at(
    client: FlaskClient,
) -> None:
    page = read(client, "/report")
    assert "9 éléments examinés, 3 résultats" in shape(page, "StageShape"), (
        "four held, five announced; of three the date is not given"
    )
    assert "1 élément examiné" in shape(page, "ClosingEventShape")
    assert "1 élément examiné" in shape(page, "DocumentShape")
    assert "raison" in shape(page, "ReasonShape")


def test_what_only_tells_is_shown_and_the_data_are_right(client: FlaskClient) -> None:
    for language, titles, severity in (
        ("fr", ["Avertissements", "Remarques"], "avertissement : à regarder"),
        ("en", ["Warnings", "Remarks"], "warning: worth a look"),
    ):
        page = read(client, f"/report?lang={language}")
        assert [h.text for h in page.all("h2")][:2] == titles
        assert [e for e in page.all("p") if "good" in (e["class"] or "")]
        row = next(r.text for r in page.all("tr") if "Maucler" in r.text)
        assert "person_has_a_role" in row and "carnets/carnet-2/rallye.trig" in row
        told = {r["id"]: r.text for r in page.all("tr") if r["id"]}
        assert severity in told["check-theme_is_used"]


def finding(name: str, severity: str, thing: str = "stage/vesoul") -> report.Finding:
    return report.Finding(
        severity=severity,
        shape=f"{SHAPES}{name}",
        focus=NamedNode(f"{ID}{thing}"),
        messages={"fr": f"{name} : faute.", "en": f"{name}: fault."},
        source_file="carnets/a.trig",
        line=7,
    )


def test_each_finding_leads_to_its_thing_and_to_its_rule(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        finding("StageShape-superEvent", "Warning"),
        finding("OrganisationShape-label", "Warning"),
        finding("check-match_is_of_one_kind", "Info"),
        finding("ReasonShape", "Violation"),
    ]
    monkeypatch.setattr(report, "from_json", lambda _: report.of(found))
    page = read(client, "/report")
    hrefs = {a["href"] for a in page.all("a")}
    organisation = quote(f"{PREFIXES['org']}Organization", safe="")
    assert {
        "/page/stage/vesoul",
        "/ontology/Stage#StageShape-superEvent",
        f"/ontology/term?iri={organisation}#OrganisationShape-label",
        "#check-match_is_of_one_kind",
        "/ontology/AssertionSet#ReasonShape",
    } <= hrefs
    (row,) = [row.text for row in page.all("tr") if "StageShape-superEvent" in row.text]
    assert "StageShape-superEvent : faute." in row and "carnets/a.trig, ligne 7" in row
    assert "1 résultat" in shape(page, "StageShape")
    headings = [h.text for h in page.all("h2")]
    assert headings[:3] == ["Infractions", "Avertissements", "Remarques"]
    told = read(client, "/ontology/Stage")
    assert "StageShape-superEvent" in {e["id"] for e in told.elements}


def test_more_findings_than_a_page_holds_are_cut_and_said_to_be(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [finding("StageShape-label", "Warning", f"stage/s{n}") for n in range(600)]
    monkeypatch.setattr(report, "from_json", lambda _: report.of(many))
    page = read(client, "/report")
    assert sum("StageShape-label" in r.text for r in page.all("tr")) == 500
    assert "Seuls les 500 premiers résultats sont montrés" in page.text
    assert "600 résultats" in shape(page, "StageShape")


def test_a_release_that_was_not_checked_says_so(tmp_path: Path) -> None:
    made = build(tmp_path, checked=False)
    there = create_app(EmbeddedStore.of_release(made).pages(), made).test_client()
    page = read(there, "/report?lang=en")
    assert "This release was built without a check." in page.text
    assert "things checked" not in page.text
    assert faults(page, "en") == []
    assert "données non vérifiées" in there.get("/").text
    assert not made.manifest.checked
    assert there.get("/report.json").status_code == 404

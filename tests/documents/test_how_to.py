"""The how-to pages, tried as they stand as far as their tools can be had."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import networkx
import pytest
import rispy
from flask.testing import FlaskClient
from pybtex.database import parse_string
from pyoxigraph import RdfFormat, parse

from conftest import Ran
from places import ROOT
from rallynov_graph.base.authorities import AUTHORITIES
from rallynov_graph.release.release import Release

HOW_TO = ROOT / "docs" / "how-to"
BOTH = pytest.mark.parametrize("language", ["en", "fr"])


def text(name: str, language: str) -> str:
    return (HOW_TO / f"{name}{'.fr' * (language == 'fr')}.md").read_text("utf-8")


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def rows(page: str) -> list[list[str]]:
    """Return the cells of the tables of a page, without their heads' lines."""
    lines = re.findall(r"^\| (.+) \|$", page, re.MULTILINE)
    return [[cell.strip("`") for cell in line.split(" | ")] for line in lines if "---" not in line]


def test_the_network_opens_with_the_attributes_that_are_told(
    rallynov: Callable[..., Ran], release: Release
) -> None:
    [command] = blocks(text("gephi", "en"), "sh")
    ran = rallynov(*shlex.split(command)[1:], "--release", release.path)
    assert ran.status == 0
    network = networkx.read_gexf("network.gexf")
    assert network.is_directed() and len(network) > 50
    told = {(it[0], it[1]) for it in rows(text("gephi", "en"))[1:]}
    nodes = {name for _, data in network.nodes(data=True) for name in data}
    links = {name for *_, data in network.edges(data=True) for name in data}
    assert {name for of, name in told if of == "a node"} <= nodes
    assert {name for of, name in told if of == "an edge"} <= links
    kinds = {data["kind"] for _, data in network.nodes(data=True)}
    assert all(f"`{kind}`" in text("gephi", "fr") for kind in kinds)
    sure = {data.get("certainty") for *_, data in network.edges(data=True)}
    assert sure == {"explicit", "inferred", "tentative", None}


@BOTH
def test_the_names_of_the_table_are_reconciled_as_is_told(
    client: FlaskClient, language: str
) -> None:
    page = text("openrefine", language)
    names = blocks(page, "csv")[0].splitlines()[1:]
    asked = {str(n): {"query": name, "type": "organisation"} for n, name in enumerate(names)}
    answer = client.post(f"/reconcile?lang={language}", data={"queries": json.dumps(asked)}).json
    assert answer is not None
    told = {row[0]: row[1:] for row in rows(page)}
    for number, name in enumerate(names):
        sure = [it["id"] for it in answer[str(number)]["result"] if it["match"]]
        assert sure == [told[name][0]] * (told[name][1] in ("yes", "oui")), name
    wanted = {"ids": ["organisation/legeni"], "properties": [{"id": "rn:linkedToTheme"}]}
    more = client.post(f"/reconcile?lang={language}", data={"extend": json.dumps(wanted)}).json
    assert more is not None and more["rows"]["organisation/legeni"]["rn:linkedToTheme"]
    assert more["meta"][0]["name"] in page


def test_what_zotero_gets_is_read_as_references(
    client: FlaskClient, rallynov: Callable[..., Ran], release: Release
) -> None:
    page = text("zotero", "en")
    for address in blocks(page, "text")[0].split():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert titles(answer.get_data(as_text=True), address.partition("?")[0]) != [""]
    for command in blocks(page, "sh")[0].splitlines():
        words = shlex.split(command)[1:]
        assert rallynov(*words, "--release", release.path).status == 0, command
        found = titles(Path(words[-1]).read_text("utf-8"), words[-1])
        assert "carnet de route n° 2" in found and len(found) == 2


def titles(content: str, name: str) -> list[str]:
    """Return the titles of what a file of references has, read by the libraries of others."""
    if name.endswith(".ris"):
        return [it.get("title") or it["primary_title"] for it in rispy.loads(content)]
    if name.endswith(".json"):
        found = json.loads(content)
        return [it["title"] for it in (found if isinstance(found, list) else [found])]
    entries = parse_string(content, "bibtex").entries.values()
    return [it.fields["title"].strip("{}") for it in entries]


def test_a_spreadsheet_gets_accents_and_columns(client: FlaskClient, tmp_path: Path) -> None:
    page = text("spreadsheet", "fr")
    for address in blocks(page, "text")[0].split():
        answer = client.get(address)
        assert answer.status_code == 200 and answer.content_type == "text/csv; charset=utf-8"
        (tmp_path / "stages.csv").write_bytes(answer.data)
        ran = subprocess.run(
            ["bash", "-ec", blocks(page, "sh")[0].replace("python3", shlex.quote(sys.executable))],
            cwd=tmp_path, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        copy = (tmp_path / "stages-excel.csv").read_bytes()
        assert copy.startswith(b"\xef\xbb\xbf")
        ours = list(csv.reader(io.StringIO(answer.get_data(as_text=True), newline="")))
        theirs = csv.reader(io.StringIO(copy.decode("utf-8-sig"), newline=""), delimiter=";")
        assert list(theirs) == ours and len(ours) > 3
        assert re.search("[éèàÉ]", answer.get_data(as_text=True))


def test_links_to_authorities_are_those_of_the_data_in_the_forms_that_are_asked_for(
    client: FlaskClient,
) -> None:
    page = text("authorities", "fr")
    shipped = (ROOT / "data" / "outside" / "wikidata.trig").read_text("utf-8")
    prefixes = "\n".join(re.findall(r"^@prefix .*$", shipped, re.MULTILINE))
    told = {*parse(f"{prefixes}\n{blocks(page, 'trig')[0]}", format=RdfFormat.TRIG)}
    assert told and told <= {*parse(shipped, format=RdfFormat.TRIG)}
    forms = {it.name: it for it in AUTHORITIES}
    for name, form in rows(page)[1:]:
        pattern = re.escape(forms[name].iri).replace(r"\{\}", forms[name].identifier)
        assert re.fullmatch(pattern, form), name
    asked = {"queries": json.dumps({"q": {"query": "wikidata:Q37776"}})}
    answer = client.post("/reconcile", data=asked).json
    assert answer is not None and answer["q"]["result"][0]["id"] == "place/besancon"


def test_the_steps_to_a_site_are_those_of_the_walk_that_is_tried() -> None:
    walk = (ROOT / "deploy" / "README.md").read_text("utf-8")
    known = {line for block in blocks(walk, "sh") for line in block.splitlines()}
    for name in ("site", "upgrade"):
        lines = [line for block in blocks(text(name, "en"), "sh") for line in block.splitlines()]
        ours = [line for line in lines if "opt/rallynov" in line or "var/lib" in line]
        assert len(ours) >= 3 and {*ours} <= known, name


def test_a_backup_that_is_damaged_is_told(rallynov: Callable[..., Ran], release: Release) -> None:
    *_, backing_up = blocks(text("upgrade", "en"), "sh")
    copying, checking = backing_up.splitlines()
    assert copying == "cp -a releases backup"
    shutil.copytree(release.path.parent, "backup", symlinks=True)
    with (Path("backup") / release.path.name / "data.nq").open("ab") as file:
        file.write(b"\n")
    ran = rallynov(*shlex.split(checking)[1:])
    assert ran.status == 2 and "data.nq" in ran.err + ran.out

"""The kinds of things: what ``kinds.toml`` declares is true of the data, and holds everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from places import ROOT
from rallynov_graph.base.kinds import (
    CLASSES,
    DRAWN,
    FIRST_KINDS,
    KINDS,
    LISTED,
    NAVIGATION,
    KindsError,
    ValuePath,
    read,
)
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import kinds_file
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

LABORATORY = """
[laboratory]
plural = { fr = "Laboratoires", en = "Laboratories" }
class = "rn:Laboratory"
first = true
navigation = true
drawn = { sign = "circle", place = 6, members = ["rn:Laboratory"] }
[laboratory.facets]
theme = "rn:linkedToTheme"
[laboratory.columns]
carries = "^rn:carriedBy"
"""
ASKED = """
import json, sys
from pathlib import Path
from rallynov_graph.release.release import load
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

release = load(Path(sys.argv[1]))
client = create_app(EmbeddedStore.of_release(release).pages(), release).test_client()
print(json.dumps({path: client.get(path).get_data(as_text=True) for path in sys.argv[2:]}))
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "kinds.toml"
    file.write_text(text, "utf-8")
    return file


def test_every_thing_of_the_data_is_of_a_kind_that_is_declared(store: EmbeddedStore) -> None:
    of_all = "SELECT DISTINCT ?thing { { ?thing ?p ?o } UNION { GRAPH ?g { ?thing ?q ?r } } }"
    iris = [thing.value for (thing,) in store.select(of_all).rows if isinstance(thing, NamedNode)]
    kinds = {iri.removeprefix(ID).partition("/")[0] for iri in iris if iri.startswith(ID)}
    assert len(kinds) > 20
    assert kinds <= {*KINDS}


def test_the_things_of_a_kind_are_of_its_class_or_drawn_as_if(store: EmbeddedStore) -> None:
    rows = store.select("SELECT DISTINCT ?thing ?class { ?thing a ?class }").rows
    classes: dict[str, set[str]] = {}
    for thing, of in rows:
        assert isinstance(thing, NamedNode) and isinstance(of, NamedNode)
        classes.setdefault(thing.value, set()).add(of.value)
    for iri, of_it in classes.items():
        kind = iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""
        drawn = DRAWN[kind].members if kind in DRAWN else ()
        if kind in CLASSES:
            assert of_it & {CLASSES[kind], *drawn}, iri


def test_facets_and_columns_lead_somewhere(store: EmbeddedStore) -> None:
    """Each property of a path is said of something in the shipped data."""
    everywhere = "SELECT DISTINCT ?p { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    said = {p.value for (p,) in store.select(everywhere).rows if isinstance(p, NamedNode)}
    for kind in KINDS.values():
        for entry in (*kind.facets, *kind.columns, *kind.sorts):
            assert {entry.path.property, entry.path.last()} <= said, (kind.name, entry.name)


def test_every_kind_with_a_list_is_called_something_in_each_language() -> None:
    for words in load().values():
        assert [key for key in words if key.startswith("kind.")] == [f"kind.{it}" for it in LISTED]


def test_lists_that_readers_ask_for_first_are_those_of_the_navigation_and_more() -> None:
    assert {*NAVIGATION} < {*FIRST_KINDS} < {*LISTED}
    assert {*DRAWN} == {*NAVIGATION}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("rn:status", ValuePath("direct", f"{RN}status")),
        ("^rn:carriedBy", ValuePath("back", f"{RN}carriedBy")),
        ("^rn:participant/rn:role", ValuePath("through", f"{RN}participant", f"{RN}role")),
        ("rn:indicates/rn:under?", ValuePath("within", f"{RN}indicates", f"{RN}under")),
    ],
)
def test_a_path_says_how_values_are_reached(tmp_path: Path, text: str, path: ValuePath) -> None:
    [kind] = read(written(tmp_path, f'[stage.facets]\none = "{text}"\n')).values()
    assert [facet.path for facet in kind.facets] == [path]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("clas = 'rn:Stage'", "clas is none of class, plural, broad_class"),
        ("plural = { fr = 'Étapes' }", "plural is not a text in each of fr, en"),
        ("class = 'Stage'", "class is no name with one of our prefixes: 'Stage'"),
        ("class = 'nothing:Stage'", "class is no name with one of our prefixes"),
        ("first = 'yes'", "first is neither true nor false"),
        ("first = true", "a list that readers ask for first needs a plural"),
        ("search = 'first'", "search is none of later, last, never"),
        ("drawn = { sign = 'star', place = 1, members = ['rn:A'] }", "the sign is none of circle"),
        ("drawn = { sign = 'circle', place = 0, members = ['rn:A'] }", "the place is no number"),
        ("drawn = { sign = 'circle', place = 1, members = [] }", "members names no class"),
        ("colours = { light = '#0f5b4a' }", "colours are not a light and a dark one"),
        ("colours = { light = 'green', dark = '#7fd1b9' }", "colours are not a light"),
        ("drawn = { sign = 'circle' }", "drawn has not a sign, a place and members alone"),
        ("facets = 'theme'", "facets is no table"),
        ("facets = { theme = 'rn:a/rn:b' }", "facets.theme is no path: 'rn:a/rn:b'"),
        ("columns = { a = 3 }", "columns.a is no path: 3"),
        ("narrows = { list = 'stage' }", "narrows has not a list and a facet alone"),
        ("narrows = { list = 'stage', facet = 'x' }", "narrows names no facet of a list"),
    ],
)
def test_a_kind_that_is_declared_wrongly_is_named_with_its_fault(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(KindsError) as raised:
        read(written(tmp_path, f"[stage]\n{text}\n"))
    assert str(raised.value).startswith(f"kinds.toml, [stage]: {fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("class = 'rn:Stage'", "stage has the same class"),
        ("drawn = { sign = 'circle', place = 1, members = ['rn:A'] }", "stage has the same place"),
    ],
)
def test_two_kinds_share_neither_class_nor_place(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(KindsError, match=rf"\[step\]: {fault}"):
        read(written(tmp_path, f"[stage]\n{text}\n[step]\n{text}\n"))


def test_a_kind_that_is_added_is_in_the_navigation_and_the_network(
    release: Release, tmp_path: Path
) -> None:
    """One table more, in a copy: no other file says which kinds there are."""
    package = tmp_path / "src/rallynov_graph"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src/rallynov_graph", package, ignore=ignored)
    for folder in ("web", "ontology", "data"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    with (package / kinds_file().relative_to(ROOT / "src/rallynov_graph")).open("a") as file:
        file.write(LABORATORY)
    paths = ["/network", "/list/stage", "/about?lang=en", "/sitemap.xml"]
    told = subprocess.run(
        [sys.executable, "-c", ASKED, release.path, *paths],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(package.parent)},
        timeout=120,
    )
    pages = json.loads(told.stdout)
    assert '<li><a href="/list/laboratory">' in pages["/list/stage"]
    assert 'value="laboratory" checked> <span><span class="shape shape-lab' in pages["/network"]
    assert ">Innovations</a>" in pages["/about?lang=en"], "the list of lists"
    for page in ("/about?lang=en", "/sitemap.xml"):
        assert "/list/laboratory" not in pages[page], "nothing in the data is a laboratory"

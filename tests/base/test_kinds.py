"""The kinds of things: what ``kinds.toml`` declares is true of the data, and holds everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import (
    CLASSES,
    DRAWN,
    KINDS,
    KindsError,
    read,
)
from rallynov_graph.base.namespaces import ID
from rallynov_graph.rules.rulebook import shipped
from rallynov_graph.sparql.embedded import EmbeddedStore


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
    """Each property of a path is said of something in the shipped data, or concluded by a rule."""
    everywhere = "SELECT DISTINCT ?p { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    said = {p.value for (p,) in store.select(everywhere).rows if isinstance(p, NamedNode)}
    said |= {str(rule.head.predicate).strip("<>") for rule in shipped()}
    for kind in KINDS.values():
        for entry in (*kind.facets, *kind.columns, *kind.sorts):
            assert {entry.path.property, entry.path.last()} <= said, (kind.name, entry.name)


FAULTS = [
    ("clas = 'rn:Stage'", "clas is not one of class, plural, broad_class"),
    ("plural = { fr = 'Étapes' }", "plural is not a text in each of fr, en"),
    ("class = 'Stage'", "class is not a name with one of our prefixes: 'Stage'"),
    ("class = 'nothing:Stage'", "class is not a name with one of our prefixes"),
    ("first = 'yes'", "first is neither true nor false"),
    ("first = true", "a list that readers ask for first needs a plural"),
    ("search = 'first'", "search is not one of later, last, never"),
    ("drawn = { sign = 'star', place = 1, members = ['rn:A'] }", "the sign is not one of circle"),
    ("drawn = { sign = 'circle', place = 0, members = ['rn:A'] }", "the place is not a number"),
    ("drawn = { sign = 'circle', place = 1, members = [] }", "members names no class"),
    ("colours = { light = '#0f5b4a' }", "colours are not a light and a dark one"),
    ("colours = { light = 'green', dark = '#7fd1b9' }", "colours are not a light"),
    ("drawn = { sign = 'circle' }", "drawn has not a sign, a place and members alone"),
    ("facets = 'theme'", "facets is not a table"),
    ("facets = { theme = 'rn:a/rn:b' }", "facets.theme is not a path: 'rn:a/rn:b'"),
    ("columns = { a = 3 }", "columns.a is not a path: 3"),
    ("narrows = { list = 'stage' }", "narrows has not a list and a facet alone"),
    ("narrows = { list = 'stage', facet = 'x' }", "narrows names no facet of a list"),
]


def test_a_kind_that_is_declared_wrongly_is_named_with_its_fault(tmp_path: Path) -> None:
    for text, fault in FAULTS:
        with pytest.raises(KindsError) as raised:
            read(written(tmp_path, f"[stage]\n{text}\n"))
        assert str(raised.value).startswith(f"kinds.toml, [stage]: {fault}")


SHARED = [
    ("class = 'rn:Stage'", "stage has the same class"),
    ("drawn = { sign = 'circle', place = 1, members = ['rn:A'] }", "stage has the same place"),
]


def test_two_kinds_share_neither_class_nor_place(tmp_path: Path) -> None:
    for text, fault in SHARED:
        with pytest.raises(KindsError, match=rf"\[step\]: {fault}"):
            read(written(tmp_path, f"[stage]\n{text}\n[step]\n{text}\n"))

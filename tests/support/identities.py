"""Data of ``tests/identity``: a made-up folder, a second naming of somebody, decisions on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from places import TESTS
from rallynov_graph.base.namespaces import ID, PREFIXES, short_iri
from rallynov_graph.base.resources import data_dir

DATA: Final = TESTS / "identity" / "data"
HEAD = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())


def made_up(folder: Path, text: str = "") -> Path:
    """Return a data folder with that one file, in which a person stands under several addresses."""
    (folder / "data").mkdir()
    text = text or (DATA / "made-up.trig").read_text("utf-8")
    (folder / "data" / "made-up.trig").write_text(text, "utf-8")
    return folder / "data"


def with_second_naming(folder: Path, *decisions: str) -> Path:
    """Return a copy of the shipped data in which somebody has a second naming, and decisions."""
    data = shutil.copytree(data_dir(), folder / "data")
    for name in ("second-naming", *decisions):
        shutil.copy(DATA / f"{name}.trig", data)
    return data


def said(quads: Iterable[Quad], thing: str) -> set[tuple[str, str, str]]:
    """Return what quads say of a thing or of another by it: graph, property, other end."""
    node, found = NamedNode(ID + thing), set()
    for quad in quads:
        other = quad.object if quad.subject == node else quad.subject
        if node in (quad.subject, quad.object):
            value = short_iri(other.value)
            found.add((short_iri(quad.graph_name.value), short_iri(quad.predicate.value), value))
    return found

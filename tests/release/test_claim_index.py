"""Claims are found by ids that follow from their words alone; an index is kept beside a release."""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from rallynov_graph.base.claim_ids import bytes_of, id_of
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import claim_index
from rallynov_graph.release.building import build
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.release import Release, load

AWKWARD = 'a tab\t, a line\nend, "quotes", a \\, a bell \x07, é, 𝄞'


def test_an_id_is_what_its_documents_say() -> None:
    ends = NamedNode(f"{ID}rally/rallynov"), NamedNode(f"{RN}partner"), NamedNode(f"{ID}x/y")
    line = f"<{ID}rally/rallynov> <{RN}partner> <{ID}x/y> ."
    whole = base64.b32encode(hashlib.sha256(line.encode()).digest()).decode()
    assert id_of(*ends) == whole.lower()[:16]


def test_a_literal_is_written_as_canonical_n_triples() -> None:
    claim = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(AWKWARD, language="fr"))
    written = serialize([claim], format=RdfFormat.N_TRIPLES)
    assert written is not None
    digest = hashlib.sha256(written.removesuffix(b"\n")).digest()
    assert base64.b32decode(id_of(*claim).upper()) == digest[:10]


@pytest.mark.parametrize("text", ["", "a" * 15, "a" * 17, "A" * 16, "a" * 15 + "1", "a" * 15 + "é"])
def test_what_is_no_id_holds_nothing(text: str) -> None:
    assert bytes_of(text) is None


def test_every_claim_of_a_release_is_found(release: Release) -> None:
    index = ClaimIndex(release)
    quads = [*parse(release.data.read_bytes(), format=RdfFormat.N_QUADS)]
    assert len(quads) > 5000
    for quad in quads:
        assert index.find(id_of(quad.subject, quad.predicate, quad.object)) == quad.triple
    assert index.find("a" * 16) is None and index.find("no id") is None


@pytest.fixture
def own(release: Release, tmp_path: Path) -> Release:
    """The release in a folder of its own."""
    return load(shutil.copytree(release.path, tmp_path / release.path.name))


def kept(release: Release) -> list[Path]:
    return [*release.path.glob("claims-*")]


def test_it_is_made_and_made_again_where_it_is_damaged(own: Release) -> None:
    for path in kept(own):
        path.unlink()
    ClaimIndex(own).prepare()
    (path,) = kept(own)
    made = path.read_bytes()
    assert made[:32] == hashlib.sha256(made[32:]).digest()
    path.write_bytes(made[:-1] + b"\0")
    ClaimIndex(own).prepare()
    assert path.read_bytes() == made
    assert load(own.path).id == own.id, "nothing that is hashed changes"


def test_a_large_release_has_short_addresses_once_the_index_is_there(
    own: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_index, "SMALL", 10)
    for path in kept(own):
        path.unlink()
    assert not ClaimIndex(own).is_ready
    assert ClaimIndex(own).find("a" * 16) is None and not kept(own)
    ClaimIndex(own).keep()
    assert ClaimIndex(own).is_ready


def test_a_release_in_a_folder_that_nobody_writes_to_is_read_without_an_index(
    own: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in kept(own):
        path.unlink()
    monkeypatch.setattr("os.access", lambda *_: False)
    quad = next(iter(parse(own.data.read_bytes(), format=RdfFormat.N_QUADS)))
    assert ClaimIndex(own).find(id_of(*quad.triple)) == quad.triple
    assert not kept(own)


def test_sorting_on_disk_gives_the_same(own: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    ClaimIndex(own).keep()
    (path,) = kept(own)
    made = path.read_bytes()
    path.unlink()
    monkeypatch.setattr(claim_index, "AT_ONCE", 1000)
    ClaimIndex(own).keep()
    assert path.read_bytes() == made


MERGED = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
<{ID}curation/fusions> {{
    <{ID}organisation/le-geni> dcterms:isReplacedBy <{ID}organisation/legeni-2> .
    <{ID}organisation/legeni-2> dcterms:isReplacedBy <{ID}organisation/legeni> .
    <{ID}organisation/a> dcterms:isReplacedBy <{ID}organisation/b> .
    <{ID}organisation/b> dcterms:isReplacedBy <{ID}organisation/a> .
}}
"""


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose data say that two things were found to be one."""
    folder = tmp_path_factory.mktemp("merged")
    data = shutil.copytree(data_dir(), folder / "data")
    (data / "curation" / "fusions.trig").write_text(MERGED, "utf-8")
    return build(folder / "releases", data=data, checked=False)


@pytest.mark.parametrize("before", ["le-geni", "legeni-2", "legeni"])
def test_a_claim_of_a_thing_that_another_replaced_is_what_it_became(
    merged: Release, before: str
) -> None:
    linked, theme = NamedNode(f"{RN}linkedToTheme"), NamedNode(f"{ID}theme/gouvernance")
    old = id_of(NamedNode(f"{ID}organisation/{before}"), linked, theme)
    now = Triple(NamedNode(f"{ID}organisation/legeni"), linked, theme)
    assert ClaimIndex(merged).find(old) == now


def test_what_says_that_a_thing_was_replaced_stays_what_it_is(merged: Release) -> None:
    replaced = NamedNode(f"{PREFIXES['dcterms']}isReplacedBy")
    for one, other in (("le-geni", "legeni-2"), ("a", "b")):
        claim = (NamedNode(f"{ID}organisation/{name}") for name in (one, other))
        subject, value = claim
        assert ClaimIndex(merged).find(id_of(subject, replaced, value)) is not None

"""Claims are found by ids that follow from their words alone; an index is kept beside a release."""

from __future__ import annotations

import base64
import hashlib
import shutil
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.base.terms import bytes_of_claim_id, id_of_claim
from rallynov_graph.release.building import build
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.release import Release, load

AWKWARD = 'a tab\t, a line\nend, "quotes", a \\, a bell \x07, é, 𝄞'


def test_an_id_is_what_its_documents_say() -> None:
    """The first 80 bits of the SHA-256 of the claim in canonical N-Triples, in base 32."""
    ends = NamedNode(f"{ID}rally/rallynov"), NamedNode(f"{RN}partner"), NamedNode(f"{ID}x/y")
    line = f"<{ID}rally/rallynov> <{RN}partner> <{ID}x/y> ."
    whole = base64.b32encode(hashlib.sha256(line.encode()).digest()).decode()
    assert id_of_claim(*ends) == whole.lower()[:16]
    claim = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(AWKWARD, language="fr"))
    written = serialize([claim], format=RdfFormat.N_TRIPLES)
    assert written is not None
    digest = hashlib.sha256(written.removesuffix(b"\n")).digest()
    assert base64.b32decode(id_of_claim(*claim).upper()) == digest[:10]
    for text in ("", "a" * 15, "a" * 17, "A" * 16, "a" * 15 + "1", "a" * 15 + "é"):
        assert bytes_of_claim_id(text) is None


def test_every_claim_of_a_release_is_found(release: Release) -> None:
    index = ClaimIndex(release)
    quads = [*parse(release.data.read_bytes(), format=RdfFormat.N_QUADS)]
    assert len(quads) > 5000
    for quad in quads:
        assert index.find(id_of_claim(quad.subject, quad.predicate, quad.object)) == quad.triple
    assert index.find("a" * 16) is None and index.find("no id") is None


def test_claims_are_found_where_no_index_can_be_written(release: Release, tmp_path: Path) -> None:
    own = load(shutil.copytree(release.path, tmp_path / release.path.name))
    for made in own.path.glob("claims-*"):
        shutil.rmtree(made)
    (own.path / ".lock").unlink(missing_ok=True)
    (own.path / ".lock").mkdir()
    quad = next(iter(parse(own.data.read_bytes(), format=RdfFormat.N_QUADS)))
    assert ClaimIndex(own).find(id_of_claim(*quad.triple)) == quad.triple
    assert not [*own.path.glob("claims-*")]


MERGED = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
<{ID}curation/fusions> {{
    <{ID}organisation/le-geni> dcterms:isReplacedBy <{ID}organisation/legeni-2> .
    <{ID}organisation/legeni-2> dcterms:isReplacedBy <{ID}organisation/legeni> .
    <{ID}organisation/a> dcterms:isReplacedBy <{ID}organisation/b> .
    <{ID}organisation/b> dcterms:isReplacedBy <{ID}organisation/a> .
}}
"""


def test_a_claim_of_a_thing_that_another_replaced_is_what_it_became(tmp_path: Path) -> None:
    data = shutil.copytree(data_dir(), tmp_path / "data")
    (data / "curation" / "fusions.trig").write_text(MERGED, "utf-8")
    index = ClaimIndex(build(tmp_path / "releases", data=data, checked=False))
    organisation = f"{ID}organisation/"
    linked, theme = NamedNode(f"{RN}linkedToTheme"), NamedNode(f"{ID}theme/gouvernance")
    now = Triple(NamedNode(f"{organisation}legeni"), linked, theme)
    for before in ("le-geni", "legeni-2", "legeni"):
        assert index.find(id_of_claim(NamedNode(organisation + before), linked, theme)) == now
    replaced = NamedNode(f"{PREFIXES['dcterms']}isReplacedBy")
    for one, other in (("le-geni", "legeni-2"), ("a", "b")):
        ends = NamedNode(organisation + one), NamedNode(organisation + other)
        assert index.find(id_of_claim(ends[0], replaced, ends[1])) is not None

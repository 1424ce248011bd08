"""The assertion sets of a release as nanopublications: what each states, and by whom.

The assertion of a nanopublication is the set itself; its provenance is everything that the data
state about the set; its publication info names the release and the graphs of this provenance: one
graph, except for claims that others have, listed by address. So a release's sets can be restored
exactly. Statements that are not current are in nanopublications of their own, whose provenance has
their standing. None is signed or has a trusty address: whoever publishes them adds these.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from rallynov_graph.base.namespaces import BASE, PREFIXES, RN
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.exports.rdf_dumps import prefixes
from rallynov_graph.exports.statement_rows import quads as quads_of
from rallynov_graph.exports.statement_rows import quads_by_graph
from rallynov_graph.rdf import canonical
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

_NP: Final = "http://www.nanopub.org/nschema#"
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_CREATED: Final = NamedNode(f"{PREFIXES['dcterms']}created")
_CREATOR: Final = NamedNode(f"{PREFIXES['dcterms']}creator")
_LICENCE: Final = NamedNode(f"{PREFIXES['dcterms']}license")
_VERSION: Final = NamedNode(f"{PREFIXES['dcterms']}hasVersion")
_PART_OF: Final = NamedNode(f"{PREFIXES['dcterms']}isPartOf")
_SAME: Final = NamedNode(f"{PREFIXES['owl']}sameAs")
_HAS_PART: Final = NamedNode(f"{PREFIXES['dcterms']}hasPart")
_DATE: Final = NamedNode(f"{PREFIXES['xsd']}date")
_SETS: Final = frozenset({NamedNode(f"{RN}AssertionSet"), NamedNode(f"{RN}StandingGraph")})
_HAS: Final = {
    name: NamedNode(f"{_NP}has{name}") for name in ("Assertion", "Provenance", "PublicationInfo")
}


def write(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the nanopublications of a release as TriG, sorted by the names of their sets."""
    known = {f"{prefix}": iri for prefix, iri in prefixes(release).items()}
    found = _nanopublications(release, progress)
    canonical.write(found, RdfFormat.TRIG, {**known, "np": _NP}, file)


def _in(quad: Quad, graph: NamedNode) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _claim(quad: Quad) -> NamedNode:
    return NamedNode(f"{BASE}r/{id_of_claim(quad.subject, quad.predicate, quad.object)}")


def _nanopublications(release: Release, progress: Progress | None) -> Iterator[Quad]:
    sets = {
        quad.subject
        for quad in quads_of(release)
        if quad.predicate == _TYPE and quad.object in _SETS
    }
    described: dict[object, list[Quad]] = {}
    creators: set[NamedNode] = set()
    for quad in quads_of(release):
        if quad.subject in sets:
            described.setdefault(quad.subject, []).append(quad)
        elif quad.predicate == _CREATOR and isinstance(quad.object, NamedNode):
            creators.add(quad.object)
    published = [*_published(release), *((_CREATOR, it) for it in sorted(creators, key=str))]
    for graph, own in groupby(quads_by_graph(release, progress), key=lambda quad: quad.graph_name):
        if graph in sets:
            assert isinstance(graph, NamedNode)
            yield from (_in(quad, _named(graph, "assertion")) for quad in own)
            yield from _around(graph, described.get(graph, []), published)


def _published(release: Release) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Yield the statements about every nanopublication of a release, except its creators."""
    manifest = release.manifest
    if manifest.licence:
        yield _LICENCE, NamedNode(manifest.licence)
    if manifest.issued:
        yield _CREATED, Literal(manifest.issued, datatype=_DATE)
    yield _VERSION, Literal(release.id)


def _named(own: NamedNode, part: str = "") -> NamedNode:
    """Return the name of a set's nanopublication, or of a part: all begin alike."""
    return NamedNode(f"{own.value}/nanopub{part and '/'}{part}")


def _around(
    own: NamedNode,
    description: Iterable[Quad],
    published: Iterable[tuple[NamedNode, NamedNode | Literal]],
) -> Iterator[Quad]:
    """Yield head, provenance and publication info of the nanopublication of a set."""
    this, assertion = _named(own), _named(own, "assertion")
    head, provenance, info = (_named(own, it) for it in ("head", "provenance", "pubinfo"))
    yield Quad(this, _TYPE, NamedNode(f"{_NP}Nanopublication"), head)
    for part, graph in zip(_HAS.values(), (assertion, provenance, info), strict=True):
        yield Quad(this, part, graph, head)
    places: dict[Quad, set[NamedNode]] = {}
    counts: Counter[NamedNode] = Counter()
    for quad in description:
        assert isinstance(quad.graph_name, NamedNode)
        said = _in(quad, provenance)
        places.setdefault(said, set()).add(quad.graph_name)
        counts[quad.graph_name] += 1
    yield Quad(assertion, _SAME, own, provenance)
    yield from places
    main = min(counts, key=lambda it: (-counts[it], it.value))
    yield Quad(this, _PART_OF, main, info)
    for said, where in places.items():
        if where != {main}:
            yield from (Quad(place, _HAS_PART, _claim(said), info) for place in where)
    for prop, value in published:
        yield Quad(this, prop, value, info)

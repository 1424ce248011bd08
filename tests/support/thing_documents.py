"""What the release says of each thing, and whether a document says the same."""

from __future__ import annotations

from pyoxigraph import Dataset, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import is_current
from rallynov_graph.rdf.formats import N_QUADS, TRIG, Format
from rallynov_graph.release.release import Release

HOST = "localhost"
DOCUMENT = f"http://{HOST}/data"
WITH_GRAPHS = (TRIG, N_QUADS)


def quads(content: bytes, form: Format) -> Dataset:
    assert form.rdf is not None
    return Dataset(parse(content, format=form.rdf))


def iris(release: Release, start: str) -> list[str]:
    """Every IRI of what is current in a release that begins like this, wherever it stands."""
    found = set()
    for path in (release.data, release.ontology):
        for quad in parse(path=str(path), format=RdfFormat.N_QUADS):
            if not is_current(quad.graph_name):
                continue
            terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
            found |= {t.value for t in terms if isinstance(t, NamedNode)}
    return sorted(iri for iri in found if iri.startswith(start))


def facts(release: Release, *, current: bool = False) -> dict[str, set[Triple]]:
    """What the release says of each thing, both ways; what is current alone, where asked so."""
    found: dict[str, set[Triple]] = {}
    for path in (release.data, release.ontology):
        for quad in parse(path=str(path), format=RdfFormat.N_QUADS):
            if current and not is_current(quad.graph_name):
                continue
            for term in (quad.subject, quad.object):
                if isinstance(term, NamedNode):
                    found.setdefault(term.value, set()).add(quad.triple)
    return found


def of_document(triples: set[Triple]) -> set[Triple]:
    return {t for t in triples if getattr(t.subject, "value", "").startswith(DOCUMENT)}


def is_wrong(content: bytes, form: Format, expected: set[Triple], topic: str) -> str:
    """Why a document is not what is said of a thing and of the document itself; else nothing."""
    assert form.rdf is not None
    told = {quad.triple for quad in parse(content, format=form.rdf)}
    own = of_document(told)
    described = {t.object.value for t in own if t.predicate.value.endswith("primaryTopic")}
    if described != {topic}:
        return f"{topic} in {form.name}: the document is about {described}"
    if form in WITH_GRAPHS:
        about = {t for t in told if NamedNode(topic) in (t.subject, t.object)} - own
        return (
            "" if about == expected else f"{topic} in {form.name}: {len(about ^ expected)} differ"
        )
    wrong = (told - own) ^ expected
    return f"{topic} in {form.name}: {len(wrong)} differ, {sorted(map(str, wrong))[:2]}" * bool(
        wrong
    )

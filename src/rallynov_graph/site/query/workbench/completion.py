"""The terms that a query can be written with: their names, meaning, and how often they serve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.nodes import GraphView

CLASS: Final = "class"
PROPERTY: Final = "property"
CACHE_NAME: Final = "terms"
"""What all terms are among what is kept beside a release."""
CACHE_NAME_OF_CLASS: Final = "used"
"""What the properties of the things of a class are among it."""
_OWL_CLASS: Final = PREFIXES["owl"] + "Class"
_MEANINGS: Final = tuple(
    NamedNode(iri)
    for iri in (
        PREFIXES["skos"] + "definition",
        PREFIXES["rdfs"] + "comment",
        PREFIXES["dcterms"] + "description",
    )
)


@dataclass(frozen=True)
class EditorTerm:
    """A class or property as an editor proposes it."""

    iri: str
    name: str
    """With one of our prefixes, else its address."""
    kind: str
    labels: tuple[Text, ...]
    """That of the reader's language first."""
    definition: Text | None
    uses: int


def usable_terms(view: GraphView) -> tuple[EditorTerm, ...]:
    """Return the classes and properties of the graph and its ontology, the most used first."""
    classes, properties = _classes(view), _counted(_all(view, "properties_counted"))
    for term, kind, _ in _all(view, "terms").rows:
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode):
            (classes if kind.value == _OWL_CLASS else properties).setdefault(term.value, 0)
    return (*_usable(view, classes, CLASS), *_usable(view, properties, PROPERTY))


def usable_with(view: GraphView, classes: Sequence[str]) -> tuple[EditorTerm, ...]:
    """Return the properties that the things of some classes really have, the most had first."""
    wanted = [NamedNode(iri) for iri in sorted({*classes})]
    if not wanted:
        return ()
    text = view.queries.text("properties_counted_with", **{"class": wanted})
    is_kept = len(wanted) == 1 and wanted[0].value in _classes(view)
    found = view.queries.saved(CACHE_NAME_OF_CLASS, text) if is_kept else view.queries.cached(text)
    return tuple(_usable(view, _counted(found), PROPERTY))


def _classes(view: GraphView) -> dict[str, int]:
    return _counted(_all(view, "classes"))


def _all(view: GraphView, name: str) -> Solutions:
    """Return what a query about the whole graph finds: kept beside the release."""
    return view.queries.saved(CACHE_NAME, view.queries.text(name))


def _counted(found: Solutions) -> dict[str, int]:
    return {
        term.value: int(count.value)
        for term, count in found.rows
        if isinstance(term, NamedNode) and isinstance(count, Literal)
    }


def _usable(view: GraphView, counted: dict[str, int], kind: str) -> Iterable[EditorTerm]:
    described = view.described(counted)
    meanings: dict[str, list[Text]] = {}
    rows = view.queries.rows("values", thing=map(NamedNode, counted), property=_MEANINGS).rows
    for term, _, value in rows:
        if isinstance(term, NamedNode) and isinstance(value, Literal):
            text = Text(value.value, value.language or "")
            meanings.setdefault(term.value, []).append(text)
    for iri, uses in sorted(counted.items(), key=lambda name: (-name[1], name[0])):
        names = sorted(described[iri].names, key=lambda name: name.language != view.language)
        meaning = view.best(meanings.get(iri, ()))
        labels = tuple(view.text(name) for name in names)
        yield EditorTerm(iri, in_prefixes(iri), kind, labels, meaning, uses)

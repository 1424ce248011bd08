"""The terms that a query can be written with: their names, meaning, and how often they serve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.nodes import Lens

CLASS: Final = "class"
PROPERTY: Final = "property"
SORT: Final = "terms"
"""What all terms are among what is kept beside a release."""
OF_CLASS: Final = "used"
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
class Usable:
    """A class or property as an editor proposes it."""

    iri: str
    name: str
    """With one of our prefixes, else its address."""
    kind: str
    labels: tuple[Text, ...]
    """That of the reader's language first."""
    definition: Text | None
    uses: int


def usable_terms(lens: Lens) -> tuple[Usable, ...]:
    """Return the classes and properties of the graph and its ontology, the most used first."""
    classes, properties = _classes(lens), _counted(_all(lens, "properties_counted"))
    for term, kind, _ in _all(lens, "terms").rows:
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode):
            (classes if kind.value == _OWL_CLASS else properties).setdefault(term.value, 0)
    return (*_usable(lens, classes, CLASS), *_usable(lens, properties, PROPERTY))


def usable_with(lens: Lens, classes: Sequence[str]) -> tuple[Usable, ...]:
    """Return the properties that the things of some classes really have, the most had first."""
    wanted = [NamedNode(iri) for iri in sorted({*classes})]
    if not wanted:
        return ()
    text = lens.queries.text("properties_counted_with", **{"class": wanted})
    lasts = len(wanted) == 1 and wanted[0].value in _classes(lens)
    found = lens.queries.lasting(OF_CLASS, text) if lasts else lens.queries.kept(text)
    return tuple(_usable(lens, _counted(found), PROPERTY))


def prepare(lens: Lens) -> None:
    """Have kept beside the release what an editor proposes, anywhere and after a typed subject."""
    usable_terms(lens)
    for iri in _classes(lens):
        usable_with(lens, [iri])


def _classes(lens: Lens) -> dict[str, int]:
    return _counted(_all(lens, "classes"))


def _all(lens: Lens, name: str) -> Solutions:
    """Return what a query about the whole graph finds: kept beside the release."""
    return lens.queries.lasting(SORT, lens.queries.text(name))


def _counted(found: Solutions) -> dict[str, int]:
    return {
        term.value: int(count.value)
        for term, count in found.rows
        if isinstance(term, NamedNode) and isinstance(count, Literal)
    }


def _usable(lens: Lens, counted: dict[str, int], kind: str) -> Iterable[Usable]:
    described = lens.described(counted)
    meanings: dict[str, list[Text]] = {}
    rows = lens.queries.rows("values", thing=map(NamedNode, counted), property=_MEANINGS).rows
    for term, _, value in rows:
        if isinstance(term, NamedNode) and isinstance(value, Literal):
            text = Text(value.value, value.language or "")
            meanings.setdefault(term.value, []).append(text)
    for iri, uses in sorted(counted.items(), key=lambda it: (-it[1], it[0])):
        names = sorted(described[iri].names, key=lambda it: it.language != lens.language)
        meaning = lens.best(meanings.get(iri, ()))
        labels = tuple(lens.text(name) for name in names)
        yield Usable(iri, in_prefixes(iri), kind, labels, meaning, uses)
